"""PutPartnerEvents: a partner's events come to the partner buses of its customers.

The event of an entry is put on the bus of every account in which its event source is active. Source: partner-events
section 1.5. Documented: the limits; a request without one complete entry fails as a whole (service model; the model
states the same of PutEvents, which was recorded to answer entry by entry); an event for a source that is not active is
accepted and dropped (FAQ of the partner onboarding guide). Inferred: the codes and texts; an event has the customer's
account and one id in all accounts; bus policies and trace headers have no effect here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.event.entry import REQUIRED_MEMBERS, EntryRefused, event_of, source_refused
from eventmock.history.received_event import Outcome, ReceivedEvent
from eventmock.services.entry_faults import refuse_by_fault
from eventmock.services.events import errors
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.ingestion import arrive, ingest
from eventmock.services.events.partner_event_sources import check_partner, offers_of
from eventmock.services.events.put_events import answer_of, check_size
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import PutPartnerEventsRequestTypeDef

    from eventmock.event.event import Event
    from eventmock.faults import Fault
    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.event_sources import EventSource

LONGEST_DETAIL_TYPE: Final = 128


@operation
def put_partner_events(call: Call, request: PutPartnerEventsRequestTypeDef) -> dict[str, Any]:
    """Put events on the buses of all customers in whose accounts their source is active."""
    account, entries = call.account, request["Entries"]
    check_partner(account)
    check_size(account.state, entries)
    if not any(all(map(entry.get, REQUIRED_MEMBERS)) for entry in entries):
        raise errors.parameters_missing("Source, DetailType and Detail")
    now = account.state.clock.now()
    faults = call.faults_of(entries)
    return answer_of([_put(account, entry, now, fault) for entry, fault in zip(entries, faults, strict=True)])


def _put(account: Account, entry: Mapping[str, Any], now: datetime, fault: Fault | None) -> dict[str, str]:
    offers = offers_of(account, entry.get("Source", ""))
    try:
        refuse_by_fault(fault)
        event = _event_of(account, entry, now, is_offered=bool(offers))
    except EntryRefused as refusal:
        received = _arrival(account, entry.get("DetailType", ""), entry.get("Source", ""), now)
        received.settle(Outcome(refused=str(refusal), hint=refusal.hint))
        return refusal.result
    for customer, source in offers:
        _put_on_bus(customer, source, event.copied(account=customer.id), now)
    return {"EventId": event.id}


def _event_of(account: Account, entry: Mapping[str, Any], now: datetime, *, is_offered: bool) -> Event:
    """Return the event of an entry.

    Raises:
        EntryRefused: The entry is invalid, or its source is not offered to any account.
    """
    event = event_of(
        entry,
        event_id=account.state.identifiers.uuid(),
        account=account.id,
        region=account.region,
        now=now,
        owns_source=True,
    )
    if len(event.detail_type) > LONGEST_DETAIL_TYPE:
        reason = f"DetailType is longer than {LONGEST_DETAIL_TYPE} characters."
        raise EntryRefused("InvalidArgument", f"Parameter DetailType is not valid. Reason: {reason}")
    if not is_offered:
        raise source_refused()
    return event


def _put_on_bus(customer: Account, source: EventSource, event: Event, now: datetime) -> None:
    """Put an event on the customer's bus, or drop the event if its source is not active."""
    received = _arrival(customer, event.detail_type, source.name, now)
    if source.state == "ACTIVE":
        ingest(customer.state, received, event, buses_of(customer)[source.name])
    else:
        why = f"the event source is {source.state} in {customer.id}, {customer.region}"
        received.settle(Outcome(envelope=event, dropped=why))
    if customer.state.contract is not None:
        customer.state.contract.judge(received, event)


def _arrival(account: Account, detail_type: str, name: str, now: datetime) -> ReceivedEvent:
    """Record the arrival of an event at the bus of a source, and return the record."""
    return arrive(
        account.state,
        detail_type=detail_type,
        source=name,
        bus=name,
        account=account.id,
        region=account.region,
        origin="PutPartnerEvents",
        time=now,
    )
