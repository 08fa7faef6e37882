"""Partner event sources, as the customer sees them: offered by a partner, matched with an event bus.

DescribeEventSource, ListEventSources, ActivateEventSource, DeactivateEventSource; CreateEventBus and DeleteEventBus
call in here. Source: partner-events part 1, sections 1.3 and 1.4 (the service model and its documentation); which
state makes which call fail, and the texts, are inferred. Sources that stay PENDING do not expire yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from eventmock.events import errors
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        ActivateEventSourceRequestTypeDef,
        DeactivateEventSourceRequestTypeDef,
        DescribeEventSourceRequestTypeDef,
        ListEventSourcesRequestTypeDef,
    )

    from eventmock.events.account import Account

PENDING_FOR: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventSource:
    """A source that an account was offered; a change makes a new one.

    Attributes:
        created_by: The partner, the second part of the name.
        state: ``PENDING``, ``ACTIVE`` or ``DELETED``.
        expiration_time: When it goes unless it becomes active.
    """

    name: str
    arn: str
    created_by: str
    creation_time: datetime
    state: str
    expiration_time: datetime | None


@operation
def describe_event_source(call: Call[Account], request: DescribeEventSourceRequestTypeDef) -> EventSource:
    """Show one source that the caller was offered."""
    return find_event_source(call.account, request["Name"])


@operation(ordered_by="name")
def list_event_sources(call: Call[Account], request: ListEventSourcesRequestTypeDef) -> list[EventSource]:
    """Show the sources the caller was offered whose name begins as asked."""
    prefix = request.get("NamePrefix", "")
    return [source for name, source in call.account.event_sources.items() if name.startswith(prefix)]


@operation
def activate_event_source(call: Call[Account], request: ActivateEventSourceRequestTypeDef) -> None:
    """Let events of a source reach its bus, which must be there."""
    source = find_event_source(call.account, request["Name"])
    if source.state != "PENDING" or source.name not in call.account.event_buses:
        raise _invalid_state(source)
    call.account.event_sources[source.name] = _activated(source)


@operation
def deactivate_event_source(call: Call[Account], request: DeactivateEventSourceRequestTypeDef) -> None:
    """Keep events of a source from its bus."""
    source = find_event_source(call.account, request["Name"])
    if source.state != "ACTIVE":
        raise _invalid_state(source)
    call.account.event_sources[source.name] = _pending(source, call.account.shared.clock.now())


def offer(account: Account, name: str, arn: str) -> None:
    """Give an account a source, to be matched with a bus."""
    now = account.shared.clock.now()
    account.event_sources[name] = EventSource(
        name=name,
        arn=arn,
        created_by=name.split("/")[1],
        creation_time=now,
        state="PENDING",
        expiration_time=now + PENDING_FOR,
    )


def withdraw(account: Account, name: str) -> None:
    """Take a source away from an account; where it has a bus already, the source stays to be seen as deleted."""
    source = account.event_sources.pop(name)
    if name in account.event_buses:
        account.event_sources[name] = replace(source, state="DELETED", expiration_time=None)


def match_with_bus(account: Account, name: str, bus_name: str) -> None:
    """A bus is being made for a source, which becomes active: one that has no bus yet is always PENDING.

    Raises:
        AwsError: There is no such source, or the bus is named otherwise.
    """
    if bus_name != name:
        raise errors.invalid("Event bus name must match event source name.")
    account.event_sources[name] = _activated(find_event_source(account, name))


def part_from_bus(account: Account, bus_name: str) -> None:
    """A bus is deleted: its source waits for another, or goes if it was deleted already."""
    source = account.event_sources.get(bus_name)
    if source is None:
        return
    if source.state == "DELETED":
        del account.event_sources[bus_name]
    else:
        account.event_sources[bus_name] = _pending(source, account.shared.clock.now())


def find_event_source(account: Account, name: str) -> EventSource:
    """The source of that name that the account was offered.

    Raises:
        AwsError: There is none.
    """
    source = account.event_sources.get(name)
    if source is None:
        raise errors.not_found(f"Event source {name}")
    return source


def _activated(source: EventSource) -> EventSource:
    return replace(source, state="ACTIVE", expiration_time=None)


def _pending(source: EventSource, now: datetime) -> EventSource:
    return replace(source, state="PENDING", expiration_time=now + PENDING_FOR)


def _invalid_state(source: EventSource) -> AwsError:
    text = f"Event source {source.name} is not in a valid state for this operation."
    return AwsError("InvalidStateException", text)
