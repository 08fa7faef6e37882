"""The events of AWS services about what moto has done, on the default bus.

Source: service-events sections 5, 7 and 10. Inferred: the first sequencer of S3 comes of the mock's seed, and each is
the last one plus one. AWS documents that sequencers are hexadecimal texts, of which the greater is the later.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from eventmock.aws_events.cloudtrail import API_CALL, call_detail, source_of
from eventmock.aws_events.s3 import SOURCE, detail_of
from eventmock.event.detail import MalformedDetail
from eventmock.parts.part import KeptSet
from eventmock.services.events.service_events import emit
from eventmock.services.events.silent_buckets import Bucket, SilentBuckets
from eventmock.values.arn import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.aws_events.logged_calls import LoggedCall
    from eventmock.aws_events.s3 import ObjectEvent
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.parts.part import Restore
    from eventmock.state import State


class IdsOfMoto(KeptSet[str]):
    """The ids of the events about what moto has done. A part of the state.

    A bucket sends all its events, and CloudTrail those of all calls, so a rule need not match each.
    """


class Sequencers:
    """The sequencers of S3's events. A part of the state.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._identifiers = state.identifiers
        self._last: int | None = None

    def next(self) -> str:
        """Return a sequencer that is greater than all before. The caller holds the lock of the state."""
        before = int.from_bytes(self._identifiers.random_bytes(7)) if self._last is None else self._last
        self._last = before + 1
        return f"{self._last:016x}"

    def clear(self) -> None:
        """Begin again."""
        self._last = None

    def save(self) -> Restore:
        """Return a function after which the sequencers from now on come again."""
        return partial(setattr, self, "_last", self._last)


def send_s3_events(state: State, events: Iterable[ObjectEvent], requester: str) -> None:
    """Put the events of one request to S3 on the default bus, and make the deliveries that they cause.

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
            state.settings(SilentBuckets).discard(Bucket(event.bucket, event.account, event.region))
            detail_type, detail = detail_of(
                event, request_id=request_id, requester=requester, sequencer=state.part(Sequencers).next
            )
        arn = f"arn:{partition_of(event.region)}:s3:::{event.bucket}"
        received = emit(
            state, SOURCE, detail_type, detail, resources=(arn,), account=event.account, region=event.region
        )
        _note_id(state, received)


def send_api_call(state: State, call: LoggedCall, *, account: str, region: str) -> None:
    """Put the event of CloudTrail about a call on the default bus, and make the deliveries that it causes.

    The caller must not hold the lock of the state.

    Args:
        state: The state of the mock.
        call: The call, as CloudTrail logs it.
        account: The id of the account that made the call.
        region: The region of the call.
    """
    __tracebackhide__ = True
    with state.lock:
        detail = call_detail(
            call.service,
            call.event_name,
            account=account,
            region=region,
            time=state.clock.now(),
            ids=state.identifiers.uuid,
            read_only=call.is_read,
            error_code=call.error_code,
            error_message=call.error_message,
            management=call.is_management,
        )
    detail |= {
        "userAgent": call.user_agent,
        "requestParameters": call.request_parameters,
        "responseElements": call.response_elements,
    }
    try:
        received = emit(state, source_of(call.service), API_CALL, detail, account=account, region=region)
    except (MalformedDetail, TypeError, ValueError) as error:
        text = f"no event of CloudTrail about {call.event_name} of {call.service}: its parameters or answer: {error}"
        state.note("service event", text, region)
    else:
        _note_id(state, received)


def _note_id(state: State, received: ReceivedEvent) -> None:
    with state.lock:
        state.settings(IdsOfMoto).add(str(received.event_id))
