"""The record of an event bus and its rules, and the search for both. The operations are in `event_buses`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.parts.accounts import Account, Changing
from eventmock.services.events import errors
from eventmock.services.events.rule_index import RuleIndex
from eventmock.values.arn import Arn, resource_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from eventmock.event.event import Event
    from eventmock.pattern import Pattern
    from eventmock.services.events.propagation import Propagation
    from eventmock.services.events.rule import Rule
    from eventmock.state import State

DEFAULT_BUS: Final = "default"
_MOST_PLACES: Final = 3


@dataclass(slots=True, kw_only=True, eq=False)
class EventBus(Changing):
    """An event bus and its rules.

    Attributes:
        name: The name of the bus, unique in its account and region.
        arn: The ARN of the bus.
        account_id: The id of the account of the bus.
        creation_time: The moment of CreateEventBus; for the default bus that of its first change, and None before it.
        last_modified_time: The moment of the last change by PutPermission, RemovePermission or UpdateEventBus; of
            another bus than the default bus, at first the moment of CreateEventBus.
        description: The description; None if there is none.
        kms_key_identifier: The identifier of the customer's KMS key; None if there is none. Nothing is encrypted.
        dead_letter_config: The ``DeadLetterConfig``; None if there is none.
        log_config: The ``LogConfig``; None if there is none.
        policy_document: The bus policy; None if it has no statement.
        rules: The rules by name, as Describe and List operations show them. Some may not be in effect yet.
        tags: The values of the tags, by key.
        managed_by: The principal of the AWS service that manages the bus; None for a user's bus.
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
    managed_by: str | None = None
    _rules_now: tuple[Rule, ...] | None = None
    _live_patterns: dict[str, Pattern] | None = field(default=None, repr=False)
    _index: RuleIndex = field(default_factory=RuleIndex, repr=False)
    _propagation: Propagation | None = None

    @property
    def event_bus_arn(self) -> str:
        """The ARN, by its name in the answer of CreateEventBus."""
        return self.arn

    @property
    def policy(self) -> str | None:
        """The bus policy as JSON text; None if it has no statement."""
        return (
            None if self.policy_document is None else json.dumps(self.policy_document, separators=(",", ":"))
        )

    @property
    def rules_now(self) -> tuple[Rule, ...]:
        """The present rules, in the order of their names. The tuple never changes; a change of a rule makes a new one.

        While `Delays.propagation` is set, rules that are not in effect yet are among them.
        """
        self._settle()
        if self._propagation is not None:
            return tuple(self._propagation.rules(self._state.clock.now()))
        if self._rules_now is None:
            self._rules_now = tuple(rule for _, rule in sorted(self.rules.items()))
        return self._rules_now

    def copied(self) -> EventBus:
        """Return an independent copy. It has the same rules, which are immutable, and shares the index of them."""
        propagation = None if self._propagation is None else self._propagation.copied()
        return replace(self, rules=dict(self.rules), _propagation=propagation)

    def detached(self) -> EventBus:
        """Return a copy with an index of its own, which may be used without the lock of the state."""
        return replace(self.copied(), _index=RuleIndex())

    def modified(self, now: datetime) -> None:
        """Set the time of the last change. The default bus has no creation time before its first change."""
        self.last_modified_time = now
        if self.creation_time is None:
            self.creation_time = now

    def rules_matching(self, event: Event) -> list[Rule]:
        """Return the rules that are in effect, see the event and match it, in the order of their names."""
        self._settle()
        in_effect = self._in_effect
        if self._live_patterns is None:
            self._live_patterns = {
                name: live for name, rule in in_effect.items() if (live := rule.live_pattern) is not None
            }
        matching = self._index.matching(self._live_patterns, event)
        if matching and self._propagation is not None:
            in_effect = {rule.name: rule for rule in self.rules_now}
        found = [in_effect[name] for name in matching]
        return [rule for rule in found if rule.sees_read_calls] if found and event.is_read_call else found

    def rule_in_effect(self, name: str) -> Rule | None:
        """Return the rule of that name that is in effect; None if there is none."""
        self._settle()
        return self._in_effect.get(name)

    def put_rule(self, rule: Rule) -> None:
        """Add a rule, or replace the rule of its name. The change takes effect after `Delays.propagation`."""
        rule = self._state.altered(rule)
        old = self.rules.get(rule.name)
        self.rules[rule.name] = rule
        self._change(rule.name, old, rule)

    def remove_rule(self, name: str) -> None:
        """Remove a rule from the bus. The change takes effect after `Delays.propagation`."""
        old = self.rules.pop(name)
        self._change(name, old, None)

    @property
    def _account(self) -> Account:
        """The account and the region of the bus. It leads to the state, so tests do not get it."""
        return self._state.accounts.get(self.account_id, self.arn.split(":")[3])

    @property
    def _in_effect(self) -> dict[str, Rule]:
        return self.rules if self._propagation is None else self._propagation.in_effect

    def _change(self, name: str, old: Rule | None, new: Rule | None) -> None:
        """Let a change of a rule take effect now, or after `Delays.propagation`.

        Args:
            name: The name of the rule.
            old: The rule before the change; None if it is a new rule.
            new: The rule after the change; None if the rule was removed.
        """
        self._rules_now = None
        if old is not None and (new is None or not old.targets.keys() <= new.targets.keys()):
            from eventmock.services.events.former import remember_rule

            remember_rule(self._state, self, self.arn.split(":")[3], old)
        delay = self._state.delays.propagation
        if self._propagation is None and not delay:
            self._forget_patterns(old, new)
            return
        from eventmock.services.events.propagation import Propagation, differs

        if self._propagation is None and not differs(old, new):
            self._forget_patterns(old, new)
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
        """Let the changes take effect that are due."""
        if self._propagation is None:
            return
        for before, after in self._propagation.settle(self._state.clock.now()):
            self._forget_patterns(before, after)
        if self._propagation.is_over:
            self._propagation = None

    def _forget_patterns(self, old: Rule | None, new: Rule | None) -> None:
        """Forget the live patterns if a change of one rule changes them."""
        before = None if old is None else old.live_pattern
        now = None if new is None else new.live_pattern
        if now is not before:
            self._live_patterns = None


def buses_of(account: Account) -> dict[str, EventBus]:
    """Return the event buses of an account, by name. Every account has a default bus."""
    return account.table(EventBus, _default)


def find_event_bus(account: Account, name_or_arn: str | None) -> EventBus:
    """Return the event bus of that name or ARN.

    Args:
        account: The account and the region of the caller.
        name_or_arn: The name of a bus of the account, or the ARN of a bus of any account in the region; None for the
            default bus.

    Raises:
        AwsError: There is no such bus.
    """
    buses = buses_of(account)
    if name_or_arn is None:
        return buses[DEFAULT_BUS]
    bus = buses.get(name_or_arn)
    arn = Arn.parse(name_or_arn)
    if bus is None and arn is not None and arn.region == account.region:
        bus = bus_of_arn(account.state, name_or_arn)
    if bus is None:
        name = resource_name(name_or_arn)
        if arn is None or arn.region == account.region:
            hint = advice_about_bus(account, name)
        else:
            hint = f"the ARN is of a bus in {arn.region}, and the call was made in {account.region}"
        raise errors.event_bus_not_found(name, hint)
    return bus


def bus_of_arn(state: State, arn: str) -> EventBus | None:
    """Return the event bus of that ARN, of any account and region; None if there is none."""
    parsed = Arn.parse(arn)
    if parsed is None:
        return None
    name = resource_name(arn)
    if state.accounts.find(parsed.account, parsed.region) is None and name != DEFAULT_BUS:
        return None
    bus = buses_of(state.accounts.get(parsed.account, parsed.region)).get(name)
    return bus if bus is not None and bus.arn == arn else None


def find_rule(bus: EventBus, name: str) -> Rule:
    """Return the rule of that name.

    Raises:
        AwsError: The bus has no rule of that name.
    """
    rule = bus.rules.get(name)
    if rule is None:
        raise errors.rule_not_found(name, bus.name, _advice_about_rule(bus, name))
    return rule


def advice_about_bus(account: Account, name: str) -> str:
    """Return advice for the tester about a bus that was not found; empty if there is none.

    Args:
        account: The account and the region of the caller.
        name: The name of the bus.
    """
    places = [
        f"in {other.region} of {other.id}" for other in account.state.accounts.all if name in buses_of(other)
    ]
    return _advice(f"bus {name!r}", places, name, buses_of(account))


def _advice_about_rule(bus: EventBus, name: str) -> str:
    """Return advice for the tester about a rule that is not on a bus; empty if there is none."""
    here = bus._account  # noqa: SLF001 - of the same file
    places = [f'on "{other.name}"' for other in buses_of(here).values() if name in other.rules]
    if places:
        return f"{_advice(f'rule {name!r}', places)}: EventBusName is left out, or is that of another bus"
    places = [
        f'on "{other.name}" in {account.region} of {account.id}'
        for account in here.state.accounts.all
        for other in buses_of(account).values()
        if name in other.rules
    ]
    return _advice(f"rule {name!r}", places, name, bus.rules)


def _advice(what: str, places: Sequence[str], name: str = "", known: Iterable[str] = ()) -> str:
    """Return a text with the places where a thing is; if there is none, with the known name that is most similar."""
    from eventmock.history.wording import in_words
    from eventmock.values.near_names import nearest_name

    if places:
        return f"there is a {what} {in_words(places, _MOST_PLACES)}"
    near = nearest_name(name, known)
    return "" if near is None else f"did you mean {near!r}?"


def rule_arn(bus: EventBus, name: str) -> str:
    """Return the ARN of a rule of that name on a bus. The ARN contains the bus's name, except for the default bus."""
    on_bus = "" if bus.name == DEFAULT_BUS else f"{bus.name}/"
    return bus.arn.replace(f":event-bus/{bus.name}", f":rule/{on_bus}{name}")


def _default(account: Account) -> dict[str, EventBus]:
    arn = account.arn("events", f"event-bus/{DEFAULT_BUS}")
    return {DEFAULT_BUS: EventBus(name=DEFAULT_BUS, arn=arn, account_id=account.id, _state=account.state)}
