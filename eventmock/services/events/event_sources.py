"""Partner event sources, as the customer sees them: offered by a partner, matched with an event bus.

DescribeEventSource, ListEventSources, ActivateEventSource, DeactivateEventSource; CreateEventBus and DeleteEventBus
call in here. A source is one thing for both sides: an offer in the customer's account, which `partner_event_sources`
makes, shows to the partner and takes back.

Source: partner-events part 1, sections 1.2 to 1.4. Observed on AWS: ``CreatedBy``; no bus may have a name that begins
with ``aws.`` unless a source of that name is offered; what ActivateEventSource answers for a source that does not
exist. Documented: the states; a source that is PENDING for more than two weeks is deleted (service model); deleting
the bus makes its source PENDING (FAQ of the partner onboarding guide). Inferred: ActivateEventSource answers the same
if the bus does not exist; which state makes which call fail; the texts; an active source has no expiration time;
deleting the bus of a source that is PENDING already gives it no more time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventmock.services.events import errors
from eventmock.services.events.event_bus import event_buses
from eventmock.values.arn import Arn, partition_of
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_events.type_defs import (
        ActivateEventSourceRequestTypeDef,
        DeactivateEventSourceRequestTypeDef,
        DescribeEventSourceRequestTypeDef,
        ListEventSourcesRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call

PENDING_FOR: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventSource:
    """A source that an account was offered; a change makes a new one.

    Attributes:
        partner: The id of the partner's account.
        created_by: The partner, by the first two parts of the name.
        state: ``PENDING``, ``ACTIVE`` or ``DELETED``.
        expiration_time: When it is removed, unless it becomes active.
    """

    name: str
    arn: str
    partner: str
    created_by: str
    creation_time: datetime
    state: str
    expiration_time: datetime | None


@operation
def describe_event_source(call: Call, request: DescribeEventSourceRequestTypeDef) -> EventSource:
    """Show one source that the caller was offered."""
    return find_event_source(call.account, request["Name"])


@operation(ordered_by="name")
def list_event_sources(call: Call, request: ListEventSourcesRequestTypeDef) -> list[EventSource]:
    """Show the sources the caller was offered whose name begins as asked."""
    prefix = request.get("NamePrefix", "")
    return [source for name, source in call.account.table(EventSource).items() if name.startswith(prefix)]


@operation
def activate_event_source(call: Call, request: ActivateEventSourceRequestTypeDef) -> None:
    """Let events of a source reach its bus, which must be there."""
    name = request["Name"]
    if name not in call.account.table(EventSource) or name not in event_buses(call.account):
        raise errors.not_found(f"Event source {name} or event bus {name}")
    source = call.account.table(EventSource)[name]
    if source.state != "PENDING":
        raise _invalid_state(source)
    call.account.table(EventSource)[source.name] = _activated(source)


@operation
def deactivate_event_source(call: Call, request: DeactivateEventSourceRequestTypeDef) -> None:
    """Keep events of a source from its bus."""
    source = find_event_source(call.account, request["Name"])
    if source.state != "ACTIVE":
        raise _invalid_state(source)
    _await_activation(call.account, source)


def offer(account: Account, name: str, partner: str) -> EventSource:
    """Give an account a partner's source, to be matched with a bus."""
    arn = Arn(partition_of(account.region), "events", account.region, "", f"event-source/{name}")
    source = EventSource(
        name=name,
        arn=str(arn),
        partner=partner,
        created_by="/".join(name.split("/")[:2]),
        creation_time=account.state.clock.now(),
        state="PENDING",
        expiration_time=None,
    )
    _await_activation(account, source)
    return source


def withdraw(account: Account, name: str) -> None:
    """Delete a source that an account was offered; where it has a bus, it stays to be seen as deleted."""
    source = account.table(EventSource).pop(name)
    if name in event_buses(account):
        account.table(EventSource)[name] = replace(source, state="DELETED", expiration_time=None)


def match_with_bus(account: Account, name: str) -> None:
    """A bus is being made for a source, which becomes active: one that has no bus yet is always PENDING.

    Raises:
        AwsError: There is no such source.
    """
    account.table(EventSource)[name] = _activated(find_event_source(account, name))


def part_from_bus(account: Account, bus_name: str) -> None:
    """A bus is deleted: its source waits for another, or goes if it was deleted already."""
    source = account.table(EventSource).get(bus_name)
    if source is None:
        return
    if source.state == "DELETED":
        del account.table(EventSource)[bus_name]
    elif source.state == "ACTIVE":
        _await_activation(account, source)


def find_event_source(account: Account, name: str) -> EventSource:
    """The source of that name that the account was offered.

    Raises:
        AwsError: There is none.
    """
    source = account.table(EventSource).get(name)
    if source is None:
        raise errors.not_found(f"Event source {name}")
    return source


def _activated(source: EventSource) -> EventSource:
    return replace(source, state="ACTIVE", expiration_time=None)


def _await_activation(account: Account, source: EventSource) -> None:
    """Have a source wait until it is activated, or expires."""
    expiry = account.state.clock.later(PENDING_FOR)
    account.table(EventSource)[source.name] = replace(source, state="PENDING", expiration_time=expiry)
    account.later(EventSource, source.name, "expires", PENDING_FOR, _expire)


def _expire(account: Account, source: EventSource) -> None:
    withdraw(account, source.name)


def _invalid_state(source: EventSource) -> AwsError:
    text = f"Event source {source.name} is not in a valid state for this operation."
    return AwsError("InvalidStateException", text)
