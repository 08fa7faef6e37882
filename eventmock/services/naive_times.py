"""Advice about the ``Time`` of entries that was a naive datetime. It is for the tester; AWS does not know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.values.moments import offset_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from eventmock.state import State


def advice_about_time(state: State, time: datetime | None, naive: Mapping[datetime, timedelta]) -> str | None:
    """Return advice about the ``Time`` of an entry, if it was a naive datetime; None for all but the first event.

    Args:
        state: The state of the mock.
        time: The ``Time`` as it was sent; None if the entry has none.
        naive: The moments that botocore has made of naive datetimes, each with the offset of the local time.
    """
    offset = None if time is None else offset_of(time, naive)
    if time is None or offset is None or any(event.time_hint for event in state.ledger.received):
        return None
    return (
        f"its Time was a naive datetime, and botocore takes that as UTC: {time:%Y-%m-%d %H:%M:%S}Z. As local time "
        f"it would be {time - offset:%Y-%m-%d %H:%M:%S}Z; datetime.now(UTC) says which is meant"
    )
