"""Events that a test sends as an AWS service, with the checks of what the test gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from eventmock.aws_events.advice import about_names
from eventmock.aws_events.catalogue import find, sources
from eventmock.aws_events.cloudtrail import API_CALL, call_detail, source_of
from eventmock.aws_events.resources import resources_of
from eventmock.aws_events.samples import ACCOUNT, MOMENT, REGION, sample_event
from eventmock.aws_events.sources import (
    GLOBAL_REGION,
    PARTNER_PREFIX,
    PREFIX,
    is_from_elsewhere,
    is_service,
)
from eventmock.event.detail import MalformedDetail, read_detail
from eventmock.exceptions import OptionError, repr_of
from eventmock.options import Options
from eventmock.services.events.service_events import detail_text, emit as put
from eventmock.values.deep_json import loads
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
    account, region = given.account or state.default_account, given.region or state.default_region
    if resources is None:
        resources = resources_of(source, detail_type, loads(text), account=account, region=region)
    return put(
        state, source, detail_type, text, resources=resources, account=account, region=region, time=moment
    )


def emit_sample(  # noqa: PLR0913 - the members of an event
    state: State,
    source: str,
    detail_type: str,
    changes: Mapping[str, Any],
    *,
    resources: Sequence[str] | None,
    account: str | None,
    region: str | None,
    time: datetime | None,
) -> ReceivedEvent:
    """Put a sample on the default bus; see `EventsBackend.emit_sample`."""
    __tracebackhide__ = True
    sample = sample_of(
        state,
        "backend.emit_sample()",
        source,
        detail_type,
        changes,
        resources=resources,
        account=account,
        region=region,
        time=time,
    )
    return put(
        state,
        source,
        detail_type,
        detail_text(sample["detail"]),
        resources=sample["resources"],
        account=sample["account"],
        region=sample["region"],
        time=read_time("backend.emit_sample()", time),
    )


def sample_of(  # noqa: PLR0913 - the members of an event
    state: State | None,
    call: str,
    source: str,
    detail_type: str,
    changes: Mapping[str, Any],
    *,
    resources: Sequence[str] | None,
    account: str | None,
    region: str | None,
    time: datetime | None,
) -> dict[str, Any]:
    """Return a sample of an event, with the id ``EVENT_ID`` of `eventmock.aws_events.samples`.

    Args:
        state: The state of the mock, whose defaults and clock are taken; None for those of the catalogue.
        call: The call of the test, for the errors' texts.
        source: The source of the event.
        detail_type: The ``detail-type`` of the event.
        changes: The changes of the detail, by name or dotted path.
        resources: The resources; None for those of the sample.
        account: The account; None for the default.
        region: The region; None for the default.
        time: The moment of the event; None for the present.

    Raises:
        OptionError: There is no such sample, a change is not possible, or an argument is not valid.
    """
    __tracebackhide__ = True
    check_source(call, source)
    check_detail_type(call, detail_type)
    given = Options.read({"region": region, "account": account}, call)
    check_resources(call, resources)
    moment = read_time(call, time)
    kind = find(source, detail_type)
    if kind is None:
        raise OptionError(f"{call}: {about_names(source, detail_type)}")
    if kind.members is None:
        raise OptionError(
            f"{call}: eventmock knows no members of {detail_type!r} of {source}; give them: "
            f"backend.emit({source!r}, {detail_type!r}, {{...}})"
        )
    if state is not None:
        state.clock.run_due()
    try:
        sample = sample_event(
            kind,
            changes,
            account=given.account or (ACCOUNT if state is None else state.default_account),
            region=given.region or (REGION if state is None else state.default_region),
            time=moment or (MOMENT if state is None else state.clock.now()),
        )
        read_detail(detail_text(sample["detail"]))
    except (MalformedDetail, TypeError, ValueError) as error:
        raise OptionError(f"{call}: {error}") from None
    return sample if resources is None else {**sample, "resources": list(resources)}


def emit_api_call(  # noqa: PLR0913 - when and where a call is made
    state: State,
    service: str,
    operation: str,
    members: Mapping[str, Any],
    *,
    account: str | None,
    region: str | None,
    time: datetime | None,
    changes: Mapping[str, Any],
) -> ReceivedEvent:
    """Put the event of a call on the default bus; see `EventsBackend.emit_api_call`."""
    __tracebackhide__ = True
    call = "backend.emit_api_call()"
    _check_call(call, service, operation, members)
    given = Options.read({"region": region, "account": account}, call)
    moment = read_time(call, time)
    state.clock.run_due()
    source = source_of(service)
    account, region = given.account or state.default_account, given.region or state.default_region
    if given.region is None and is_from_elsewhere(source, region):
        region = GLOBAL_REGION
    detail = call_detail(
        service,
        operation,
        account=account,
        region=region,
        time=moment or state.clock.now(),
        ids=state.identifiers.uuid,
        **members,
    )
    text = read_json(call, {**detail, **changes})
    return put(state, source, API_CALL, text, account=account, region=region, time=moment)


def _check_call(call: str, service: object, operation: object, members: Mapping[str, Any]) -> None:
    """Check the arguments of an API call.

    Raises:
        OptionError: An argument has a type or form that it must not have.
    """
    __tracebackhide__ = True
    if (
        not isinstance(service, str)
        or not re.fullmatch(r"[a-z][a-z0-9.-]*", service)
        or service.startswith("aws.")
    ):
        own = f"; say {service[4:]!r}" if isinstance(service, str) and service.startswith("aws.") else ""
        raise OptionError(
            f"{call}: service={repr_of(service)}: wanted the name of its endpoint, as 'ec2' or 'ec2.amazonaws.com'{own}"
        )
    if not isinstance(operation, str) or not operation:
        raise OptionError(
            f"{call}: operation={repr_of(operation)}: wanted the name of an operation, as 'RunInstances'"
        )
    for name, (kind, wanted) in _CALL_MEMBERS.items():
        value = members[name]
        if value is not None and not isinstance(value, kind):
            raise OptionError(f"{call}: {name}={repr_of(value)}: wanted {wanted}")


_CALL_MEMBERS: Final[dict[str, tuple[type, str]]] = {
    "request_parameters": (Mapping, "an object, or None"),
    "response_elements": (Mapping, "an object, or None"),
    "read_only": (bool, "True, False or None"),
    "error_code": (str, "a text such as 'AccessDenied', or None"),
    "error_message": (str, "a text, or None"),
    "user_identity": (Mapping, "an object, or None"),
    "management": (bool, "True or False"),
}


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
        if f"{PREFIX}{source}" in sources():
            raise OptionError(f"{call}: source={source!r}: did you mean {PREFIX + source!r}?")
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
