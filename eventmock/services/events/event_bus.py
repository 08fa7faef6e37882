"""An event bus with its rules: the record, and how it is found. The operations are in `event_buses`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.parts.accounts import Account, Changing
from eventmock.pattern import PatternSet
from eventmock.services.events import errors
from eventmock.services.events.propagation import Propagation, differs
from eventmock.values.arn import Arn, resource_name

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.event.event import Event
    from eventmock.services.events.rule import Rule
    from eventmock.state import State

DEFAULT_BUS: Final = "default"


@dataclass(slots=True, kw_only=True, eq=False)
class EventBus(Changing):
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
    _state: State = field(repr=False)
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
            return tuple(self._propagation.rules(self._state.clock.now()))
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
        delay = self._state.delays.propagation
        if self._propagation is None and not (delay and differs(old, new)):
            self._follow(name, old, new)
            return
        if self._propagation is None:
            before = {rule.name: rule for rule in self.rules.values() if rule.name != name}
            self._propagation = Propagation(before if old is None else {**before, name: old})
        if new is None or differs(old, new):
            self._propagation.add(name, new, self._state.clock.now(), delay)
        else:
            self._propagation.amend(new)
        self._settle()

    def _settle(self) -> None:
        """Let the changes take effect whose time has come."""
        if self._propagation is None:
            return
        for name, before, after in self._propagation.settle(self._state.clock.now()):
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


def event_buses(account: Account) -> dict[str, EventBus]:
    """The event buses of an account by name; every account has a default one."""
    return account.table(EventBus, _default)


def find_event_bus(account: Account, name_or_arn: str | None) -> EventBus:
    """The event bus of that name or ARN; None is the default bus.

    An ARN may name another account's bus, but no other region's.

    Raises:
        AwsError: There is no such bus.
    """
    buses = event_buses(account)
    if name_or_arn is None:
        return buses[DEFAULT_BUS]
    bus = buses.get(name_or_arn)
    arn = Arn.parse(name_or_arn)
    if bus is None and arn is not None and arn.region == account.region:
        bus = bus_of_arn(account.state, name_or_arn)
    if bus is None:
        raise errors.event_bus_not_found(resource_name(name_or_arn))
    return bus


def bus_of_arn(state: State, arn: str) -> EventBus | None:
    """The event bus of that ARN, in whichever account and region; None if there is none."""
    parsed = Arn.parse(arn)
    if parsed is None:
        return None
    name = resource_name(arn)
    if state.accounts.find(parsed.account, parsed.region) is None and name != DEFAULT_BUS:
        return None
    bus = event_buses(state.accounts.get(parsed.account, parsed.region)).get(name)
    return bus if bus is not None and bus.arn == arn else None


def find_rule(bus: EventBus, name: str) -> Rule:
    """The rule of that name.

    Raises:
        AwsError: There is none.
    """
    rule = bus.rules.get(name)
    if rule is None:
        raise errors.rule_not_found(name, bus.name)
    return rule


def rule_arn(bus: EventBus, name: str) -> str:
    """The ARN of a rule of that name on a bus; it holds the bus's name unless that is the default bus."""
    on_bus = "" if bus.name == DEFAULT_BUS else f"{bus.name}/"
    return bus.arn.replace(f":event-bus/{bus.name}", f":rule/{on_bus}{name}")


def _default(account: Account) -> dict[str, EventBus]:
    arn = account.arn("events", f"event-bus/{DEFAULT_BUS}")
    return {DEFAULT_BUS: EventBus(name=DEFAULT_BUS, arn=arn, account_id=account.id, _state=account.state)}
