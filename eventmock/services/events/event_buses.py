"""Event buses: CreateEventBus, DescribeEventBus, ListEventBuses, UpdateEventBus, DeleteEventBus.

Source: aws-recorded-behaviour sections 2 and 3 (recorded); UpdateEventBus, the bus options and a bus that still has
rules follow schedules-archives-permissions section 4 (documented or inferred, marked below), and so do the times of
the default bus (recorded). Inferred: RemovePermission, and PutPermission with a policy, change LastModifiedTime too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.pattern import PatternSet
from eventmock.services.events import errors
from eventmock.services.events.dead_letter_queues import queue_of
from eventmock.services.events.event_sources import match_with_bus, part_from_bus
from eventmock.services.events.propagation import Propagation, differs
from eventmock.services.events.quotas import check_room
from eventmock.services.events.tag_values import with_tags
from eventmock.wire import Call, operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import (
        CreateEventBusRequestTypeDef,
        DeleteEventBusRequestTypeDef,
        DescribeEventBusRequestTypeDef,
        ListEventBusesRequestTypeDef,
        UpdateEventBusRequestTypeDef,
    )

    from eventmock.event.event import Event
    from eventmock.services.events.account import Account, Accounts
    from eventmock.services.events.rules import Rule

DEFAULT_BUS: Final = "default"


@dataclass(slots=True, kw_only=True, eq=False)
class EventBus:
    """An event bus with its rules.

    Attributes:
        account_id: Whose it is.
        creation_time: None for the default bus until it is first changed.
        last_modified_time: When PutPermission, RemovePermission or UpdateEventBus last changed it.
        policy_document: The bus policy; None while it has no statement.
        rules: By name, as they were put.
        tags: Key to value.
    """

    name: str
    arn: str
    account_id: str
    _shared: Accounts = field(repr=False)
    creation_time: datetime | None = None
    last_modified_time: datetime | None = None
    description: str | None = None
    kms_key_identifier: str | None = None
    dead_letter_config: dict[str, Any] | None = None
    log_config: dict[str, Any] | None = None
    policy_document: dict[str, Any] | None = None
    rules: dict[str, Rule] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    _rules_now: tuple[Rule, ...] | None = None
    _patterns: PatternSet | None = None
    _propagation: Propagation | None = None

    @property
    def event_bus_arn(self) -> str:
        """What CreateEventBus calls the ARN."""
        return self.arn

    @property
    def policy(self) -> str | None:
        """The bus policy as JSON text; None while it has no statement."""
        return (
            None if self.policy_document is None else json.dumps(self.policy_document, separators=(",", ":"))
        )

    @property
    def rules_now(self) -> tuple[Rule, ...]:
        """The rules as they stand, in name order; a later change makes another tuple.

        While changes are under way, those are among them that are not in effect yet.
        """
        self._settle()
        if self._propagation is not None:
            return tuple(self._propagation.rules(self._shared.clock.now()))
        if self._rules_now is None:
            self._rules_now = tuple(rule for _, rule in sorted(self.rules.items()))
        return self._rules_now

    def copied(self) -> EventBus:
        """An independent copy; it shares the rules, which never change."""
        propagation = None if self._propagation is None else self._propagation.copied()
        return replace(self, rules=dict(self.rules), _patterns=None, _propagation=propagation)

    def modified(self, now: datetime) -> None:
        """Note that it was changed; a default bus shows no times before that."""
        self.last_modified_time = now
        if self.creation_time is None:
            self.creation_time = now

    def rules_matching(self, event: Event) -> list[Rule]:
        """The rules that are in effect, enabled and match, in name order."""
        self._settle()
        in_effect = self._in_effect
        if self._patterns is None:
            self._patterns = PatternSet()
            for rule in in_effect.values():
                if rule.live_pattern is not None:
                    self._patterns.add(rule.name, rule.live_pattern)
        if not len(self._patterns):
            return []
        if self._propagation is not None:
            in_effect = {rule.name: rule for rule in self.rules_now}
        return [in_effect[name] for name in self._patterns.matching(event.to_match())]

    def rule_in_effect(self, name: str) -> Rule | None:
        """The rule of that name by which events are matched; None if no such rule is in effect."""
        self._settle()
        return self._in_effect.get(name)

    def put_rule(self, rule: Rule) -> None:
        """Add a rule, or replace the one of its name; it takes effect after `Delays.propagation`."""
        old = self.rules.get(rule.name)
        self.rules[rule.name] = rule
        self._change(rule.name, old, rule)

    def remove_rule(self, name: str) -> None:
        """Take a rule off the bus, which takes effect after `Delays.propagation`."""
        old = self.rules.pop(name)
        self._change(name, old, None)

    @property
    def _in_effect(self) -> dict[str, Rule]:
        return self.rules if self._propagation is None else self._propagation.in_effect

    def _change(self, name: str, old: Rule | None, new: Rule | None) -> None:
        """Let a change take effect, or get under way."""
        self._rules_now = None
        delay = self._shared.delays.propagation
        if self._propagation is None and not (delay and differs(old, new)):
            self._follow(name, old, new)
            return
        if self._propagation is None:
            before = {rule.name: rule for rule in self.rules.values() if rule.name != name}
            self._propagation = Propagation(before if old is None else {**before, name: old})
        if new is None or differs(old, new):
            self._propagation.add(name, new, self._shared.clock.now(), delay)
        else:
            self._propagation.amend(new)
        self._settle()

    def _settle(self) -> None:
        """Let the changes take effect whose time has come."""
        if self._propagation is None:
            return
        for name, before, after in self._propagation.settle(self._shared.clock.now()):
            self._follow(name, before, after)
        if self._propagation.is_over:
            self._propagation = None

    def _follow(self, name: str, old: Rule | None, new: Rule | None) -> None:
        """Let the patterns that are matched together follow a change of one rule."""
        before = None if old is None else old.live_pattern
        now = None if new is None else new.live_pattern
        if self._patterns is None or now is before:
            return
        if now is None:
            self._patterns.remove(name)
        else:
            self._patterns.add(name, now)


@operation
def create_event_bus(call: Call[Account], request: CreateEventBusRequestTypeDef) -> EventBus:
    """Make a bus, for a partner's event source if one is named; AWS answers with its ARN and what was given."""
    account, name, source = call.account, request["Name"], request.get("EventSourceName")
    _check_name(account, name, source)
    if name in account.event_buses:
        raise errors.already_exists(f"Event bus {name}")
    queue_of(request)
    quotas = account.shared.quotas
    tags = with_tags({}, request.get("Tags", ()), quotas.tags_per_resource)
    check_room(account.event_buses, quotas.event_buses)
    if source is not None:
        match_with_bus(account, source)
    now = account.shared.clock.now()
    bus = account.event_buses[name] = EventBus(
        name=name,
        arn=account.arn(f"event-bus/{name}"),
        account_id=account.id,
        _shared=account.shared,
        creation_time=now,
        last_modified_time=now,
        tags=tags,
        **_options(request),
    )
    return bus


@operation
def describe_event_bus(call: Call[Account], request: DescribeEventBusRequestTypeDef) -> EventBus:
    """Show one bus; the default one unless named."""
    return call.account.event_bus(request.get("Name"))


@operation(ordered_by="name")
def list_event_buses(call: Call[Account], request: ListEventBusesRequestTypeDef) -> list[EventBus]:
    """Show the buses whose name begins as asked."""
    prefix = request.get("NamePrefix", "")
    return [bus for name, bus in call.account.event_buses.items() if name.startswith(prefix)]


@operation
def update_event_bus(call: Call[Account], request: UpdateEventBusRequestTypeDef) -> EventBus:
    """Change a bus's options; what is left out is reset (documented for the key, inferred for the rest)."""
    bus = call.account.event_bus(request.get("Name"))
    queue_of(request)
    for name, value in _options(request).items():
        setattr(bus, name, value)
    bus.modified(call.account.shared.clock.now())
    return bus


@operation
def delete_event_bus(call: Call[Account], request: DeleteEventBusRequestTypeDef) -> None:
    """Remove a bus; it is no error if there is no such bus (recorded)."""
    name = request["Name"]
    if name == DEFAULT_BUS:
        raise errors.invalid(f"Cannot delete event bus {DEFAULT_BUS}.")
    bus = call.account.event_buses.get(name)
    if bus is None:
        return
    if bus.rules:
        raise errors.invalid("EventBus can't be deleted since it has rules.")  # reported by users of AWS
    del call.account.event_buses[name]
    part_from_bus(call.account, name)


def _check_name(account: Account, name: str, source: str | None) -> None:
    """Check that a bus may have that name, given the event source that it is for."""
    if source is not None and name != source:
        raise errors.invalid("Event bus name must match event source name.")
    if name.startswith("aws.") and name not in account.event_sources:
        raise errors.invalid("EventBus name starting with 'aws.' is not valid.")
    if "/" in name and source is None:
        raise errors.invalid("Event bus name must not contain '/'.")


def _options(request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": request.get("Description"),
        "kms_key_identifier": request.get("KmsKeyIdentifier"),
        "dead_letter_config": request.get("DeadLetterConfig"),
        "log_config": request.get("LogConfig"),
    }
