"""Events that a test sends as an AWS service, with the checks of what the test gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from eventmock.aws_events.sources import PARTNER_PREFIX, PREFIX, is_service
from eventmock.event.detail import MalformedDetail, read_detail
from eventmock.exceptions import OptionError, repr_of
from eventmock.options import Options
from eventmock.services.events.service_events import detail_text, emit as put
from eventmock.values.moments import read_moment

if TYPE_CHECKING:
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.state import State


def emit(  # noqa: PLR0913 - the members of an event
    state: State,
    source: str,
    detail_type: str,
    detail: Mapping[str, Any] | str | None,
    *,
    resources: Sequence[str] | None,
    account: str | None,
    region: str | None,
    time: datetime | None,
    bus: None,
) -> ReceivedEvent:
    """Put an event of an AWS service on the default bus; see `EventsBackend.emit`."""
    __tracebackhide__ = True
    call = "backend.emit()"
    check_source(call, source)
    check_detail_type(call, detail_type)
    if bus is not None:
        raise OptionError(
            f"{call}: bus={repr_of(bus)}: AWS services send their events to the default bus only; "
            "for another bus, put a rule on the default bus whose target is that bus"
        )
    text = read_json(call, detail)
    given = Options.read({"region": region, "account": account}, call)
    check_resources(call, resources)
    moment = read_time(call, time)
    state.clock.run_due()
    return put(
        state,
        source,
        detail_type,
        text,
        resources=() if resources is None else resources,
        account=given.account,
        region=given.region,
        time=moment,
    )


def check_source(call: str, source: object) -> None:
    """Check that a source is that of an AWS service.

    Args:
        call: The call of the test, for the error's text.
        source: The source.

    Raises:
        OptionError: The source is not that of an AWS service.
    """
    __tracebackhide__ = True
    if not isinstance(source, str) or not source or source == PREFIX:
        raise OptionError(
            f"{call}: source={repr_of(source)}: wanted the source of an AWS service, as 'aws.s3'"
        )
    if source.startswith(PARTNER_PREFIX):
        raise OptionError(
            f"{call}: source={source!r}: that is a SaaS partner's, whose events come to a bus of their own; "
            f"say backend.partner_event_source({source!r}).put(...)"
        )
    if not is_service(source):
        raise OptionError(
            f"{call}: source={source!r}: AWS services have sources that begin with 'aws.'; for the event of a "
            f"program call PutEvents, as in backend.client().put_events(Entries=[{{'Source': {source!r}, ...}}])"
        )


def check_detail_type(call: str, detail_type: object) -> None:
    """Check that a detail-type is a text.

    Args:
        call: The call of the test, for the error's text.
        detail_type: The detail-type.

    Raises:
        OptionError: The detail-type is not a text, or is empty.
    """
    __tracebackhide__ = True
    if not isinstance(detail_type, str) or not detail_type:
        raise OptionError(
            f"{call}: detail_type={repr_of(detail_type)}: wanted a text such as 'Object Created'"
        )


def check_resources(call: str, resources: object) -> None:
    """Check that resources are a list of texts.

    Args:
        call: The call of the test, for the error's text.
        resources: The resources; None if the test gives none.

    Raises:
        OptionError: The value is not a list of texts.
    """
    __tracebackhide__ = True
    is_list = isinstance(resources, Sequence) and not isinstance(resources, str | bytes)
    if resources is not None and not (is_list and all(isinstance(arn, str) for arn in resources)):  # type: ignore[attr-defined]  # it is a sequence then
        raise OptionError(f"{call}: resources={repr_of(resources)}: wanted a list of ARNs, or None")


def read_json(call: str, detail: object) -> str:
    """Return a detail as JSON text.

    Args:
        call: The call of the test, for the error's text.
        detail: The detail; None for an empty one.

    Raises:
        OptionError: The detail is not an object, or an object as JSON text that an event can have.
    """
    __tracebackhide__ = True
    if not isinstance(detail, Mapping | str | None):
        raise OptionError(f"{call}: detail={repr_of(detail)}: wanted an object, or an object as JSON text")
    try:
        text = detail if isinstance(detail, str) else detail_text(dict(detail or {}))
        read_detail(text)
    except (MalformedDetail, TypeError, ValueError) as error:
        raise OptionError(f"{call}: detail={repr_of(detail)}: {error}") from None
    return text


def read_time(call: str, time: object) -> datetime | None:
    """Return a time in UTC.

    Args:
        call: The call of the test, for the error's text.
        time: The time; None for the present.

    Raises:
        OptionError: The time is not a datetime, or is naive.
    """
    __tracebackhide__ = True
    if time is None:
        return None
    moment = read_moment(time) if isinstance(time, datetime) and time.utcoffset() is not None else None
    if moment is None:
        raise OptionError(
            f"{call}: time={repr_of(time)}: wanted a datetime with a time zone, as in "
            "datetime(2026, 1, 31, 12, tzinfo=UTC), or None for the present"
        )
    return moment
