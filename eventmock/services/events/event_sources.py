"""Partner event sources, as the customer sees them: offered by a partner, matched with an event bus.

DescribeEventSource, ListEventSources, ActivateEventSource, DeactivateEventSource; CreateEventBus and DeleteEventBus
call functions of this file. A source has one record, in the customer's account. `partner_event_sources` makes that
record, shows it to the partner and removes it.

Source: partner-events part 1, sections 1.2 to 1.4. Observed on AWS: ``CreatedBy``; no bus may have a name that begins
with ``aws.`` unless a source of that name is offered; what ActivateEventSource answers for a source that does not
exist. Documented: the states; a source that is PENDING for more than two weeks is deleted (service model); deleting
the bus makes its source PENDING (FAQ of the partner onboarding guide). Inferred: ActivateEventSource answers the same
if the bus does not exist; which state makes which call fail; the texts; an active source has no expiration time;
deleting the bus of a source that is PENDING already does not change the time at which the source expires.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from eventmock.services.events import errors
from eventmock.services.events.event_bus import buses_of
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
    """A partner's event source in the account of a customer.

    A record is immutable. A change of the source replaces its record by a new one.

    Attributes:
        name: The name of the source, such as ``aws.partner/auth0.com/tenant/logs``.
        arn: The ARN of the source.
        partner: The id of the partner's account.
        created_by: The first two parts of the name, which identify the partner.
        creation_time: The moment of CreatePartnerEventSource, an aware datetime in UTC.
        state: ``PENDING``, ``ACTIVE`` or ``DELETED``.
        expiration_time: The moment at which a pending source is deleted, an aware datetime in UTC; None if the source
            is not pending.
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
    """Return one event source that the caller was offered."""
    return find_event_source(call.account, request["Name"])


@operation(ordered_by="name")
def list_event_sources(call: Call, request: ListEventSourcesRequestTypeDef) -> list[EventSource]:
    """List the event sources that the caller was offered, filtered by the prefix of the name."""
    prefix = request.get("NamePrefix", "")
    return [source for name, source in call.account.table(EventSource).items() if name.startswith(prefix)]


@operation
def activate_event_source(call: Call, request: ActivateEventSourceRequestTypeDef) -> None:
    """Let the events of a source reach its event bus, which must exist."""
    name = request["Name"]
    if name not in call.account.table(EventSource) or name not in buses_of(call.account):
        raise errors.not_found(f"Event source {name} or event bus {name}")
    source = call.account.table(EventSource)[name]
    if source.state != "PENDING":
        raise _invalid_state(source)
    call.account.table(EventSource)[source.name] = _activated(source)


@operation
def deactivate_event_source(call: Call, request: DeactivateEventSourceRequestTypeDef) -> None:
    """Stop the events of a source from reaching its event bus."""
    source = find_event_source(call.account, request["Name"])
    if source.state != "ACTIVE":
        raise _invalid_state(source)
    _await_activation(call.account, source)


def offer(account: Account, name: str, partner: str) -> EventSource:
    """Offer a partner's source to an account: make its record, in the state ``PENDING``.

    Args:
        account: The customer's account.
        name: The name of the source.
        partner: The id of the partner's account.
    """
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
    """Delete a source that an account was offered. If the source has a bus, its record stays, as ``DELETED``."""
    source = account.table(EventSource).pop(name)
    if name in buses_of(account):
        account.table(EventSource)[name] = replace(source, state="DELETED", expiration_time=None)


def match_with_bus(account: Account, name: str) -> None:
    """Make a source active, because its bus is being made. A source without a bus is always ``PENDING`` before.

    Raises:
        AwsError: The account was offered no source of that name.
    """
    account.table(EventSource)[name] = _activated(find_event_source(account, name))


def part_from_bus(account: Account, bus_name: str) -> None:
    """Update the source of a bus that is deleted: it becomes ``PENDING``, or is removed if it is ``DELETED``."""
    source = account.table(EventSource).get(bus_name)
    if source is None:
        return
    if source.state == "DELETED":
        del account.table(EventSource)[bus_name]
    elif source.state == "ACTIVE":
        _await_activation(account, source)


def find_event_source(account: Account, name: str) -> EventSource:
    """Return the source of that name that the account was offered.

    Raises:
        AwsError: The account was offered no source of that name.
    """
    source = account.table(EventSource).get(name)
    if source is None:
        raise errors.not_found(f"Event source {name}")
    return source


def _activated(source: EventSource) -> EventSource:
    return replace(source, state="ACTIVE", expiration_time=None)


def _await_activation(account: Account, source: EventSource) -> None:
    """Make a source ``PENDING``, and put its expiration on the clock."""
    expiry = account.state.clock.later(PENDING_FOR)
    account.table(EventSource)[source.name] = replace(source, state="PENDING", expiration_time=expiry)
    account.later(EventSource, source.name, "expires", PENDING_FOR, _expire)


def _expire(account: Account, source: EventSource) -> None:
    withdraw(account, source.name)


def _invalid_state(source: EventSource) -> AwsError:
    text = f"Event source {source.name} is not in a valid state for this operation."
    return AwsError("InvalidStateException", text)
