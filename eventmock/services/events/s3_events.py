"""The events of S3 about the objects in buckets of moto, on the default bus.

Source: service-events sections 5 and 10. Inferred: the first sequencer comes of the mock's seed, and each is the last
one plus one. AWS documents that they are hexadecimal texts, of which the greater is the later.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from eventmock.aws_events.s3 import SOURCE, detail_of
from eventmock.services.events.service_events import emit
from eventmock.values.arn import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.aws_events.s3 import ObjectEvent
    from eventmock.parts.part import Restore
    from eventmock.state import State


def send(state: State, events: Iterable[ObjectEvent], requester: str) -> None:
    """Put the events of one request on the default bus, and make the deliveries that they cause.

    The caller must not hold the lock of the state.

    Args:
        state: The state of the mock.
        events: What S3 sends events about.
        requester: The id of the account that made the request.
    """
    __tracebackhide__ = True
    with state.lock:
        request_id = state.identifiers.text(16).upper()
    for event in events:
        with state.lock:
            detail_type, detail = detail_of(
                event, request_id=request_id, requester=requester, sequencer=state.part(Sequencers).next
            )
        arn = f"arn:{partition_of(event.region)}:s3:::{event.bucket}"
        emit(
            state,
            SOURCE,
            detail_type,
            detail,
            resources=(arn,),
            account=event.account,
            region=event.region,
        )


class Sequencers:
    """The sequencers of S3's events. A part of the state.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._identifiers = state.identifiers
        self._last: int | None = None

    def next(self) -> str:
        """Return a sequencer that is greater than all before."""
        before = int.from_bytes(self._identifiers.random_bytes(7)) if self._last is None else self._last
        self._last = before + 1
        return f"{self._last:016x}"

    def clear(self) -> None:
        """Begin again."""
        self._last = None

    def save(self) -> Restore:
        """Return a function after which the sequencers from now on come again."""
        return partial(setattr, self, "_last", self._last)
