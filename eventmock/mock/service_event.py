"""`service_event`: a sample of an event of an AWS service, for a test that hands it to its own code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.backend.service_events import sample_of
from eventmock.mock.active_mocks import innermost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


def service_event(  # noqa: PLR0913 - the members of an event
    source: str,
    detail_type: str,
    detail: Mapping[str, Any] | None = None,
    /,
    *,
    resources: Sequence[str] | None = None,
    account: str | None = None,
    region: str | None = None,
    time: datetime | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return a sample of an event of an AWS service, as a target receives it. Nothing is put on a bus.

    In a mock, the event has the mock's account, region and present, and an id of its own. Without a mock, it has the
    account 123456789012, the region us-east-1, a fixed moment and a fixed id.

    Args:
        source: The source of the service, such as ``aws.s3``.
        detail_type: The ``detail-type``, such as ``Object Created``.
        detail: The members of the detail to change, by name or dotted path, as `EventsBackend.emit_sample` takes them.
        resources: The ARNs of the resources; by default those of the sample, or that follow from the detail.
        account: The id of the account in which the event happens.
        region: The region in which the event happens.
        time: The moment of the event, an aware datetime.
        **changes: More members of the detail to change, whose names Python can spell.

    Raises:
        OptionError: There is no sample of that name, the sample has no such member but one of nearly the same name, or
            an argument is not valid.
    """
    __tracebackhide__ = True
    active = innermost()
    state = None if active is None else active.backend.state
    event = sample_of(
        state,
        "service_event()",
        source,
        detail_type,
        {**(detail or {}), **changes},
        resources=resources,
        account=account,
        region=region,
        time=time,
    )
    if state is not None:
        with state.lock:
            event["id"] = state.identifiers.uuid()
    return event
