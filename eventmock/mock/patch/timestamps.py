"""Naive datetimes in requests, which botocore takes as UTC, are noted for advice in the report."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore import utils

from eventmock.values.moments import NAIVE_MOMENTS

if TYPE_CHECKING:
    from eventmock.mock.gate import CurrentGate
    from eventmock.mock.patch.attributes import WrappedAttributes


def wrap(attributes: WrappedAttributes, current: CurrentGate) -> None:
    """Wrap the function by which botocore reads the timestamps of a request. Its result stays the same."""

    def parse_to_aware_datetime(
        wrapped: Any, _module: None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        moment = wrapped(*args, **kwargs)
        value = args[0] if args else kwargs.get("value")
        if isinstance(value, datetime) and value.tzinfo is None and current() is not None:
            NAIVE_MOMENTS.note(value, moment)
        return moment

    attributes.wrap(utils, "parse_to_aware_datetime", parse_to_aware_datetime)
