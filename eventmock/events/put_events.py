"""PutEvents: entries in, events on buses, one answer an entry.

Source: aws-recorded-behaviour section 8 (recorded), targets-and-delivery section 8 for the size of an entry
(documented). That an empty ``Source`` or ``Detail`` counts as missing like an empty ``DetailType`` is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.arn import Arn, resource_name
from eventmock.delivery.ends import Postponed
from eventmock.delivery.failures import DeliveryFailed
from eventmock.event import Event, compact
from eventmock.events import errors
from eventmock.events.endpoint_routing import (
    NotItsBus,
    check_signature,
    endpoint_of,
    entry_for,
    serving_region,
)
from eventmock.events.event_buses import DEFAULT_BUS
from eventmock.events.event_detail import MalformedDetail, read_detail
from eventmock.events.ingestion import ingest
from eventmock.events.policy_evaluation import Caller, refusal
from eventmock.records import ReceivedEvent
from eventmock.wire import Call, operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import PutEventsRequestTypeDef

    from eventmock.events.account import Account, Accounts
    from eventmock.events.endpoints import Endpoint
    from eventmock.events.event_buses import EventBus
    from eventmock.faults import Fault
    from eventmock.records import Delivery

REQUIRED_MEMBERS: Final = ("Source", "DetailType", "Detail")
ENTRY_MEMBERS: Final = frozenset({"Source", "DetailType", "Detail", "EventBusName"})
SIZE_OF_TIME: Final = 14
TRACE_HEADER: Final = "x-amzn-trace-id"


class EntryRefused(Exception):  # noqa: N818 - it says what happened
    """An entry's own error, which fails no other entry."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint

    @property
    def result(self) -> dict[str, str]:
        """What the answer holds for the entry."""
        return {"ErrorCode": self.code, "ErrorMessage": self.message}


@operation
def put_events(call: Call[Account], request: PutEventsRequestTypeDef) -> dict[str, Any]:
    """Put events on buses; what becomes of them shows nowhere in the answer."""
    account, entries = call.account, request["Entries"]
    shared, endpoint = account.shared, None
    if "EndpointId" in request:
        endpoint = endpoint_of(shared, request["EndpointId"])
        serving = serving_region(shared, endpoint)
        check_signature(shared, call.headers.get("authorization", ""), serving)
        account = shared.get(account.id, serving)
    check_size(shared, entries)
    header = call.headers.get(TRACE_HEADER)
    now = shared.clock.now()
    faults = shared.faults.decided_for(entries)
    results = [
        _put(account, entry, now, header, endpoint, fault)
        for entry, fault in zip(entries, faults, strict=True)
    ]
    return answer_of(results)


def answer_of(results: list[dict[str, str]]) -> dict[str, Any]:
    """The answer of which these are the entries."""
    return {"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results}


def check_size(shared: Accounts, entries: Iterable[Mapping[str, Any]]) -> None:
    """See that the entries of a request are not too large together.

    Raises:
        AwsError: They are.
    """
    size, most = sum(map(size_of, entries)), shared.quotas.put_events_bytes
    if size > most:
        raise errors.invalid(
            "Total size of the entries in the request is over the limit.",
            hint=f"they have {size:,} bytes, and {most:,} is the most",
        )


def size_of(entry: Mapping[str, Any]) -> int:
    """The size of an entry in bytes, as AWS counts it."""
    size = (
        _bytes_of(entry.get("Source", ""))
        + _bytes_of(entry.get("DetailType", ""))
        + _bytes_of(entry.get("Detail", ""))
    )
    for resource in entry.get("Resources", ()):
        size += _bytes_of(resource)
    return size + SIZE_OF_TIME if "Time" in entry else size


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _put(  # noqa: PLR0913, PLR0917 - what comes with a request, and with its entry
    account: Account,
    given: Mapping[str, Any],
    now: datetime,
    header: str | None,
    endpoint: Endpoint | None,
    fault: Fault | None,
) -> dict[str, str]:
    shared, entry = account.shared, given
    not_its_bus: EntryRefused | None = None
    if endpoint is not None:
        try:
            entry = entry_for(endpoint, given, account.region)
        except NotItsBus as reason:
            not_its_bus = EntryRefused(
                "InvalidArgument", f"Parameter EventBusName is not valid. Reason: {reason}"
            )
    name = entry.get("EventBusName", DEFAULT_BUS)
    bus = _find_bus(account, name)
    received = ReceivedEvent(
        detail_type=entry.get("DetailType", ""),
        source=entry.get("Source", ""),
        bus=resource_name(name) if bus is None else bus.name,
        time=now,
        account=_account_of(name, account) if bus is None else bus.account_id,
        region=account.region,
        endpoint=None if endpoint is None else endpoint.arn,
    )
    shared.ledger.receive(received)
    try:
        if not_its_bus is not None:
            raise not_its_bus  # noqa: TRY301 - a reason among others
        refuse_by_fault(fault)
        event = event_of(account, entry, shared.identifiers.uuid(), now, header)
        if bus is not None and shared.enforces_policies:
            _check_policy(shared, bus, event)
        received.received = event
    except EntryRefused as refusal:
        received.refused, received.hint = str(refusal), refusal.hint
        return refusal.result
    except Exception as error:
        received.refused = f"the call broke off: {type(error).__name__}: {error}"
        raise
    if bus is None:
        received.dropped = _why_no_bus(account, name)
    else:
        ingest(shared, received, event, bus)
    return {"EventId": event.id}


def _account_of(bus: str, caller: Account) -> str:
    """The account of a bus that is not there: the one that its ARN names, else the caller's."""
    arn = Arn.parse(bus)
    return caller.id if arn is None else arn.account


def _check_policy(shared: Accounts, bus: EventBus, event: Event) -> None:
    """See that the bus's policy lets the event's account put it.

    Raises:
        EntryRefused: It does not.
    """
    why = refusal(bus.policy_document, bus.arn, _caller(shared, event.account, event))
    if why is not None:
        raise EntryRefused("AccessDeniedException", why.message, why.hint)


def _caller(shared: Accounts, account: str, event: Event, rule_arn: str | None = None) -> Caller:
    return Caller(
        account=account,
        organization=shared.organizations.get(account),
        source=event.source,
        detail_type=event.detail_type,
        rule_arn=rule_arn,
    )


def refuse_by_fault(fault: Fault | None) -> None:
    """Refuse an entry that a test makes fail.

    Raises:
        EntryRefused: There is a fault.
    """
    if fault is not None:
        raise EntryRefused(str(fault.failure), fault.message)


def forward(shared: Accounts, delivery: Delivery, event: Event) -> None:
    """Hand an event to the event bus that is the target of a delivery.

    Recorded: the copy keeps its account and region, and its id within the region; in another region it gets a
    new one. A second hop within a region and a second one between regions are refused; the codes were captured
    by another emulator, as was the new time in another region.

    Raises:
        DeliveryFailed: The bus cannot be reached that way, or its policy does not let it be.
        Postponed: It is a copy that takes a while.
    """
    arn = Arn.parse(delivery.target_arn)
    assert arn is not None
    name = resource_name(delivery.target_arn)
    now = shared.clock.now()
    if delivery.replicates is not None and now < delivery.time + shared.delays.replication:
        raise Postponed(delivery.time + shared.delays.replication, "replication takes a while")
    bus = shared.find_bus(delivery.target_arn)
    if bus is not None and shared.enforces_policies:
        caller = _caller(shared, delivery.account, event, delivery.rule_arn)
        why = refusal(bus.policy_document, bus.arn, caller)
        if why is not None:
            raise DeliveryFailed("NO_PERMISSIONS", why.message)
    if arn.region == delivery.region:
        if event.hops_in_region:
            raise DeliveryFailed(
                "THIRD_ACCOUNT_HOP_DETECTED",
                "Events received from another event bus cannot be forwarded to this event bus.",
            )
        copy = event.copied(hops_in_region=1)
    else:
        if event.hops_across_regions:
            raise DeliveryFailed(
                "THIRD_REGION_HOP_DETECTED", "the event has come from another region already"
            )
        copy = event.copied(id=shared.identifiers.uuid(), time=now, hops_in_region=0, hops_across_regions=1)
    received = ReceivedEvent(
        detail_type=event.detail_type,
        source=event.source,
        bus=name,
        time=now,
        account=arn.account,
        region=arn.region,
        received=copy,
        arrived_by=delivery,
        origin="bus",
    )
    shared.ledger.receive(received)
    if bus is None:
        received.dropped = f"there is no event bus {name!r} in {arn.account}, {arn.region}"
    else:
        ingest(shared, received, copy, bus)


def _find_bus(account: Account, name: str) -> EventBus | None:
    """The bus that an entry names, which may be another account's but no other region's."""
    bus = account.event_buses.get(name)
    arn = None if bus is not None else Arn.parse(name)
    return account.shared.find_bus(name) if arn is not None and arn.region == account.region else bus


def _why_no_bus(account: Account, name: str) -> str:
    """Why an entry's bus was not found: PutEvents does not tell, so the trace does."""
    arn = Arn.parse(name)
    if arn is None:
        known = ", ".join(sorted(account.event_buses))
        return f"there is no event bus {name!r} in {account.id}, {account.region}; there are {known}"
    if arn.region != account.region:
        return f"{name} is not in {account.region}, where PutEvents was called"
    return f"there is no event bus {name}"


def event_of(
    account: Account, entry: Mapping[str, Any], event_id: str, now: datetime, header: str | None = None
) -> Event:
    """The event that an entry of PutEvents becomes, whose source is nobody's that AWS knows.

    Args: As `read_entry` takes them.

    Raises:
        EntryRefused: The entry is not accepted.
    """
    event = read_entry(account, entry, event_id, now, header)
    if event.source.startswith("aws."):
        raise source_refused()
    return event


def source_refused() -> EntryRefused:
    """The refusal of an entry whose source is somebody else's."""
    return EntryRefused("NotAuthorizedForSourceException", "Not authorized for the source.")


def read_entry(
    account: Account, entry: Mapping[str, Any], event_id: str, now: datetime, header: str | None = None
) -> Event:
    """The event that an entry becomes, whoever may send it.

    Args:
        account: Who puts it, and in which region.
        entry: An entry of PutEvents or PutPartnerEvents.
        event_id: The event's id.
        now: Its time, if the entry has none.
        header: The trace header of the request.

    Raises:
        EntryRefused: The entry is not accepted.
    """
    for member in REQUIRED_MEMBERS:
        if not entry.get(member):
            text = f"Parameter {member} is not valid. Reason: {member} is a required argument."
            raise EntryRefused("InvalidArgument", text)
    detail: str = entry["Detail"]
    try:
        detail_value = read_detail(detail)
    except MalformedDetail as error:
        raise EntryRefused("MalformedDetail", "Detail is malformed.", str(error)) from None
    return Event(
        id=event_id,
        detail_type=_text(entry["DetailType"]),
        source=_text(entry["Source"]),
        account=account.id,
        time=entry.get("Time", now).replace(microsecond=0),
        region=account.region,
        resources=tuple(map(_text, entry.get("Resources", ()))),
        detail=compact(detail),
        detail_size=_bytes_of(detail),
        detail_value=detail_value,
        trace_header=entry.get("TraceHeader", header),
    )


def _text(given: str) -> str:
    """The text as UTF-8 can hold it: half a surrogate pair becomes ``?``, as in Java."""
    return given if given.isascii() else given.encode("utf-8", "replace").decode("utf-8")
