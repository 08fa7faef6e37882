"""PutEvents: entries in, events on buses, one answer an entry.

What an entry becomes, or which error it is, is said in `eventmock.event.entry`. Source: aws-recorded-behaviour
section 8 (recorded), targets-and-delivery section 8 for the size of an entry (documented).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.ends import Postponed
from eventmock.delivery.failures import DeliveryFailed
from eventmock.event.entry import EntryRefused, bytes_of, event_of
from eventmock.history.received_event import Outcome, ReceivedEvent
from eventmock.services.events import errors
from eventmock.services.events.endpoint_routing import (
    NotItsBus,
    check_signature,
    endpoint_of,
    entry_for,
    serving_region,
)
from eventmock.services.events.event_buses import DEFAULT_BUS
from eventmock.services.events.ingestion import ingest
from eventmock.services.events.policy_evaluation import Caller, refusal
from eventmock.values.arn import Arn, resource_name
from eventmock.values.moments import later
from eventmock.wire import Call, operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import PutEventsRequestTypeDef

    from eventmock.event.event import Event
    from eventmock.faults import Fault
    from eventmock.history.delivery import Delivery
    from eventmock.services.events.account import Account, Accounts
    from eventmock.services.events.endpoints import Endpoint
    from eventmock.services.events.event_buses import EventBus

SIZE_OF_TIME: Final = 14
TRACE_HEADER: Final = "x-amzn-trace-id"


@operation
def put_events(call: Call[Account], request: PutEventsRequestTypeDef) -> dict[str, Any]:
    """Put events on buses; what becomes of them shows nowhere in the answer."""
    account, entries = call.account, request["Entries"]
    shared, endpoint = account.shared, None
    if "EndpointId" in request:
        endpoint = endpoint_of(shared, request["EndpointId"])
        serving = serving_region(shared, endpoint)
        check_signature(shared, call.headers, serving)
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
        bytes_of(entry.get("Source", ""))
        + bytes_of(entry.get("DetailType", ""))
        + bytes_of(entry.get("Detail", ""))
    )
    for resource in entry.get("Resources", ()):
        size += bytes_of(resource)
    return size + SIZE_OF_TIME if "Time" in entry else size


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
        event = event_of(
            entry,
            event_id=shared.identifiers.uuid(),
            account=account.id,
            region=account.region,
            now=now,
            trace_header=header,
        )
        if bus is not None and shared.enforces_policies:
            _check_policy(shared, bus, event)
    except EntryRefused as refusal:
        received.settle(Outcome(refused=str(refusal), hint=refusal.hint))
        return refusal.result
    except Exception as error:
        received.settle(Outcome(refused=f"the call broke off: {type(error).__name__}: {error}"))
        raise
    if bus is None:
        received.settle(Outcome(envelope=event, dropped=_why_no_bus(account, name)))
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
    new one. Recorded are also the codes and the texts with which a second hop within a region is refused, and what
    the bus's policy does not allow, within an account too. The text for a second hop between regions is ours. The
    new time in another region was captured by another emulator.

    Raises:
        DeliveryFailed: The bus cannot be reached that way, or its policy does not let it be.
        Postponed: It is a copy that takes a while.
    """
    arn = Arn.parse(delivery.target_arn)
    assert arn is not None
    name = resource_name(delivery.target_arn)
    now = shared.clock.now()
    copied = later(delivery.time, shared.delays.replication)
    if delivery.replicates is not None and now < copied:
        raise Postponed(copied, "replication takes a while")
    bus = shared.find_bus(delivery.target_arn)
    if bus is not None and shared.enforces_policies:
        caller = _caller(shared, delivery.account, event, delivery.rule_arn)
        why = refusal(bus.policy_document, bus.arn, caller)
        if why is not None:
            raise DeliveryFailed(
                "NO_PERMISSIONS", "Lack of permissions to invoke cross account target.", hint=why.message
            )
    if arn.region == delivery.region:
        if event.hops_in_region:
            raise DeliveryFailed(
                "THIRD_ACCOUNT_HOP_DETECTED",
                f"Event ingestion rejected for event {event.id} because an event can be sent to an event bus "
                "target only once. This event was previously delivered to an event bus target.",
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
        arrived_by=delivery,
        origin="bus",
    )
    shared.ledger.receive(received)
    if bus is None:
        missing = f"there is no event bus {name!r} in {arn.account}, {arn.region}"
        received.settle(Outcome(envelope=copy, dropped=missing))
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
