"""PutEvents: each entry of a request becomes an event on a bus, and gets an answer of its own.

`eventmock.event.entry` makes the event of an entry, or its error. Source: aws-recorded-behaviour section 8 (recorded),
targets-and-delivery section 8 for the size of an entry (documented).
"""

from __future__ import annotations

from contextlib import suppress
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from eventmock.event.entry import EntryRefused, event_of, size_of
from eventmock.exceptions import PolicyNotUnderstood
from eventmock.history.received_event import Outcome
from eventmock.history.wording import listed
from eventmock.services.entry_faults import refuse_by_fault
from eventmock.services.events import errors
from eventmock.services.events.event_bus import DEFAULT_BUS, advice_about_bus, bus_of_arn, buses_of
from eventmock.services.events.ingestion import arrive, ingest
from eventmock.services.events.quotas import Quotas
from eventmock.services.naive_times import advice_about_time
from eventmock.values.arn import Arn, resource_name
from eventmock.values.moments import NAIVE_MOMENTS
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from mypy_boto3_events.type_defs import PutEventsRequestTypeDef

    from eventmock.event.event import Event
    from eventmock.faults import Fault
    from eventmock.history.delivery import Delivery
    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.endpoint import Endpoint
    from eventmock.services.events.event_bus import EventBus
    from eventmock.state import State

TRACE_HEADER: Final = "x-amzn-trace-id"


@operation
def put_events(call: Call, request: PutEventsRequestTypeDef) -> dict[str, Any]:
    """Put events on event buses. The answer does not say what happens to an accepted event."""
    account, entries = call.account, request["Entries"]
    state, endpoint = account.state, None
    if "EndpointId" in request:
        from eventmock.services.events.endpoint_routing import check_signature, serving_route

        route = serving_route(call, request["EndpointId"])
        endpoint = route.through
        check_signature(state, call.headers, route.region)
        account = state.accounts.get(account.id, route.region)
    check_size(state, entries)
    if state.enforces_policies and endpoint is None:
        _check_denials(account, entries)
    header = call.headers.get(TRACE_HEADER)
    now = state.clock.now()
    faults = call.faults_of(entries)
    naive = NAIVE_MOMENTS.take()
    results = [
        _put(account, entry, now, header, endpoint, fault, naive, call.delivery)
        for entry, fault in zip(entries, faults, strict=True)
    ]
    return answer_of(results)


def answer_of(results: list[dict[str, str]]) -> dict[str, Any]:
    """Return the answer to a request from the answers to its entries."""
    return {"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results}


def check_size(state: State, entries: Iterable[Mapping[str, Any]]) -> None:
    """Check the total size of the entries of a request.

    Raises:
        AwsError: The total size exceeds the quota.
    """
    size, most = sum(map(size_of, entries)), state.settings(Quotas).put_events_bytes
    if size > most:
        raise errors.invalid(
            "Total size of the entries in the request is over the limit.",
            hint=f"they have {size:,} bytes, and {most:,} is the most; see backend.quotas.put_events_bytes",
        )


def _put(  # noqa: PLR0913, PLR0917 - what comes with a request, and with its entry
    account: Account,
    given: Mapping[str, Any],
    now: datetime,
    header: str | None,
    endpoint: Endpoint | None,
    fault: Fault | None,
    naive: Mapping[datetime, timedelta],
    arrived_by: Delivery | None,
) -> dict[str, str]:
    state, entry = account.state, given
    not_its_bus: EntryRefused | None = None
    if endpoint is not None:
        from eventmock.services.events.endpoint_routing import NotItsBus, entry_for

        try:
            entry = entry_for(endpoint, given, account.region)
        except NotItsBus as reason:
            not_its_bus = EntryRefused(
                "InvalidArgument", f"Parameter EventBusName is not valid. Reason: {reason}"
            )
    name = entry.get("EventBusName", DEFAULT_BUS)
    bus = _find_bus(account, name)
    received = arrive(
        state,
        detail_type=intern(entry.get("DetailType", "")),
        source=intern(entry.get("Source", "")),
        bus=resource_name(name) if bus is None else bus.name,
        account=_account_of(name, account) if bus is None else bus.account_id,
        region=account.region,
        origin="PutEvents",
        time=now,
        arrived_by=arrived_by,
        endpoint=None if endpoint is None else endpoint.arn,
        time_hint=advice_about_time(state, given.get("Time"), naive) if naive else None,
    )
    try:
        if not_its_bus is not None:
            raise not_its_bus  # noqa: TRY301 - a reason among others
        refuse_by_fault(fault)
        event = event_of(
            entry,
            event_id=state.identifiers.uuid(),
            account=account.id,
            region=account.region,
            now=now,
            trace_header=header,
        )
        if bus is not None and state.enforces_policies:
            _check_policy(state, bus, event)
    except EntryRefused as refusal:
        received.settle(Outcome(refused=str(refusal), hint=refusal.hint))
        return refusal.result
    except Exception as error:
        received.settle(Outcome(refused=f"the call broke off: {type(error).__name__}: {error}"))
        raise
    if bus is None:
        received.settle(Outcome(envelope=event, dropped=_why_no_bus(account, name)))
    else:
        ingest(state, received, event, bus)
    if state.contract is not None:
        state.contract.judge(received, event)
    return {"EventId": event.id}


def _check_denials(account: Account, entries: Iterable[Mapping[str, Any]]) -> None:
    """Check that no policy of a bus denies an entry (recorded: a denial refuses the whole request).

    A bus whose policy does not allow an entry refuses that entry only (documented: AccessDeniedException is an error of
    entries). Inferred: so does a denial of an entry through a global endpoint.

    Raises:
        AwsError: The policy of a bus denies an entry.
    """
    from eventmock.services.events.policy_evaluation import caller_of_entry, refusal
    from eventmock.wire import AwsError

    for entry in entries:
        bus = _find_bus(account, entry.get("EventBusName", DEFAULT_BUS))
        if bus is not None:
            caller = caller_of_entry(account.state, account.id, entry)
            with suppress(PolicyNotUnderstood):  # the entry is written down before it is raised again
                why = refusal(bus.policy_document, bus.arn, caller)
                if why is not None and why.is_denied:
                    raise AwsError("AccessDeniedException", why.message, hint=why.hint)


def _account_of(bus: str, caller: Account) -> str:
    """Return the id of the account of a bus that does not exist: that of its ARN, or the caller's if it has no ARN."""
    arn = Arn.parse(bus)
    return caller.id if arn is None else arn.account


def _check_policy(state: State, bus: EventBus, event: Event) -> None:
    """Check that the policy of the bus allows the event's account to put the event.

    Raises:
        EntryRefused: The policy does not allow it.
    """
    from eventmock.services.events.policy_evaluation import caller_of, refusal

    why = refusal(bus.policy_document, bus.arn, caller_of(state, event.account, event))
    if why is not None:
        raise EntryRefused("AccessDeniedException", why.message, why.hint)


def _find_bus(account: Account, name: str) -> EventBus | None:
    """Return the bus of any account in the region that an entry names; None if it does not exist."""
    bus = buses_of(account).get(name)
    arn = None if bus is not None else Arn.parse(name)
    return bus_of_arn(account.state, name) if arn is not None and arn.region == account.region else bus


def _why_no_bus(account: Account, name: str) -> str:
    """Return the reason why the bus of an entry was not found, for the trace. The answer of PutEvents has no reason."""
    arn = Arn.parse(name)
    if arn is None:
        advice = advice_about_bus(account, name)
        more = f". {advice[0].upper()}{advice[1:]}" if advice else ""
        known = listed(sorted(buses_of(account)))
        return f"there is no event bus {name!r} in {account.id}, {account.region}; there are {known}{more}"
    if arn.region != account.region:
        return f"{name} is not in {account.region}, where PutEvents was called"
    return f"there is no event bus {name}"
