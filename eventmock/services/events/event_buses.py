"""Event buses: CreateEventBus, DescribeEventBus, ListEventBuses, UpdateEventBus, DeleteEventBus.

Source: aws-recorded-behaviour sections 2 and 3 (recorded); UpdateEventBus, the bus options and a bus that still has
rules follow schedules-archives-permissions section 4 (documented or inferred, marked below), and so do the times of
the default bus (recorded). Inferred: RemovePermission, and PutPermission with a policy, change LastModifiedTime too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.events import errors
from eventmock.services.events.dead_letter_queues import queue_of
from eventmock.services.events.event_bus import DEFAULT_BUS, EventBus, buses_of, find_event_bus
from eventmock.services.events.event_sources import EventSource, match_with_bus, part_from_bus
from eventmock.services.events.former import remember_bus
from eventmock.services.events.quotas import Quotas, check_room
from eventmock.services.events.tag_values import with_tags
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_events.type_defs import (
        CreateEventBusRequestTypeDef,
        DeleteEventBusRequestTypeDef,
        DescribeEventBusRequestTypeDef,
        ListEventBusesRequestTypeDef,
        UpdateEventBusRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


@operation
def create_event_bus(call: Call, request: CreateEventBusRequestTypeDef) -> EventBus:
    """Make an event bus, or the bus of a partner's event source. The answer has its ARN and the given options."""
    account, name, source = call.account, request["Name"], request.get("EventSourceName")
    _check_name(account, name, source)
    if name in buses_of(account):
        raise errors.already_exists(f"Event bus {name}")
    queue_of(request)
    quotas = account.state.settings(Quotas)
    tags = with_tags({}, request.get("Tags", ()), quotas.tags_per_resource)
    check_room(account, buses_of(account), "event_buses")
    if source is not None:
        match_with_bus(account, source)
    now = account.state.clock.now()
    bus = buses_of(account)[name] = EventBus(
        name=name,
        arn=account.arn("events", f"event-bus/{name}"),
        account_id=account.id,
        _state=account.state,
        creation_time=now,
        last_modified_time=now,
        tags=tags,
        **_options(request),
    )
    return bus


@operation
def describe_event_bus(call: Call, request: DescribeEventBusRequestTypeDef) -> EventBus:
    """Return one event bus: the named one, or the default bus."""
    return find_event_bus(call.account, request.get("Name"))


@operation(ordered_by="name")
def list_event_buses(call: Call, request: ListEventBusesRequestTypeDef) -> list[EventBus]:
    """List the event buses, filtered by the prefix of the name."""
    prefix = request.get("NamePrefix", "")
    return [bus for name, bus in buses_of(call.account).items() if name.startswith(prefix)]


@operation
def update_event_bus(call: Call, request: UpdateEventBusRequestTypeDef) -> EventBus:
    """Change the options of an event bus. Omitted options are reset (documented for the key, inferred for the rest)."""
    bus = find_event_bus(call.account, request.get("Name"))
    if bus.managed_by is not None:
        raise errors.managed_bus(bus.name)
    queue_of(request)
    for name, value in _options(request).items():
        setattr(bus, name, value)
    bus.modified(call.account.state.clock.now())
    return bus


@operation
def delete_event_bus(call: Call, request: DeleteEventBusRequestTypeDef) -> None:
    """Remove an event bus. If there is no such bus, do nothing (recorded)."""
    name = request["Name"]
    if name == DEFAULT_BUS:
        raise errors.invalid(f"Cannot delete event bus {DEFAULT_BUS}.")
    bus = buses_of(call.account).get(name)
    if bus is None:
        return
    if bus.rules and bus.managed_by is None:
        raise errors.invalid("EventBus can't be deleted since it has rules.")  # reported by users of AWS
    del buses_of(call.account)[name]
    remember_bus(call.account.state, name)
    part_from_bus(call.account, name)


def _check_name(account: Account, name: str, source: str | None) -> None:
    """Check that a new bus may have that name.

    Args:
        account: The account of the bus.
        name: The name of the bus.
        source: The name of the partner's event source that the bus is for; None if it is for none.

    Raises:
        AwsError: The bus may not have that name.
    """
    if source is not None and name != source:
        raise errors.invalid("Event bus name must match event source name.")
    if name.startswith("aws.") and name not in account.table(EventSource):
        hint = _advice_about_partner(account, name) if name.startswith("aws.partner/") else ""
        raise errors.invalid("EventBus name starting with 'aws.' is not valid.", hint=hint)
    if "/" in name and source is None:
        hint = f"the bus of a partner's event source needs EventSourceName={name!r}"
        is_offered = name in account.table(EventSource)
        raise errors.invalid("Event bus name must not contain '/'.", hint=hint * is_offered)


def _advice_about_partner(account: Account, name: str) -> str:
    """Return advice for the tester about the bus of a partner's event source that is not offered to an account."""
    if offered := sorted(account.table(EventSource)):
        from eventmock.history.wording import in_words
        from eventmock.values.near_names import nearest_name

        near = nearest_name(name, offered)
        what_is = f"offered: {in_words(offered)}" if near is None else f"did you mean {near!r}?"
        return (
            f"no partner offers an event source of that name to {account.id} in {account.region}; {what_is}"
        )
    return (
        "the bus of a partner's event source needs EventSourceName, and the source must be offered first: "
        f"backend.partner_event_source({name!r}, accepted=False)"
    )


def _options(request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": request.get("Description"),
        "kms_key_identifier": request.get("KmsKeyIdentifier"),
        "dead_letter_config": request.get("DeadLetterConfig"),
        "log_config": request.get("LogConfig"),
    }
