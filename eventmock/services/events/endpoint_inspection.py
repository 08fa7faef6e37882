"""`GlobalEndpoint`: the serving region of a global endpoint, its history, its events, and the drift of its buses."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.history.records import Records
from eventmock.services.events.archive import Archive
from eventmock.services.events.endpoint_routing import serving_region
from eventmock.services.events.event_bus import bus_of_arn
from eventmock.services.events.health_checks import HEALTHY, HealthChecks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from eventmock.history.received_event import ReceivedEvent
    from eventmock.services.events.endpoint import Endpoint
    from eventmock.services.events.health_checks import HealthCheck
    from eventmock.services.events.rule import Rule
    from eventmock.state import State

_REGION: Final = "{region}"
"""The text that stands for the region of each rule, where patterns are compared."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A difference between the event buses of a global endpoint in its two regions.

    Attributes:
        rule_name: The name of the rule that differs; None if the difference is not about a rule.
        target_id: The id of the target that differs; None if the difference is not about a target.
        what: A description of the difference in one line.
    """

    rule_name: str | None
    target_id: str | None
    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class GlobalEndpoint:
    """A global endpoint, for the test to read.

    Attributes:
        record: The record of the endpoint at the moment at which the test asked for it.
    """

    record: Endpoint
    _state: State = field(repr=False)

    @property
    def endpoint_id(self) -> str:
        """The ``EndpointId`` that a producer passes to PutEvents."""
        return self.record.endpoint_id

    @property
    def health_check(self) -> HealthCheck:
        """The health check that decides which region serves."""
        return self._state.part(HealthChecks).get(self.record.health_check)

    @property
    def serving_region(self) -> str:
        """The region that serves at the moment."""
        self._state.clock.run_due()
        self.health_check.refresh()
        return serving_region(self._state, self.record)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """The events that were put through the endpoint, in order, without the copies of replication."""
        self._state.clock.run_due()
        received = self._state.ledger.received
        return Records(one for one in received if one.endpoint == self.record.arn)

    @property
    def copies(self) -> Records[ReceivedEvent]:
        """The copies that replication made, in order. `ReceivedEvent.replica_of` is the original."""
        self._state.clock.run_due()
        return Records(
            one
            for one in self._state.ledger.received
            if one.arrived_by is not None and one.arrived_by.replicates == self.record.arn
        )

    @property
    def history(self) -> list[tuple[datetime, str]]:
        """The regions that served, in order, each with the moment from which it did, an aware datetime in UTC.

        The first moment is that of CreateEndpoint.
        """
        self._state.clock.run_due()
        self.health_check.refresh()
        start, region = self.record.creation_time, self.record.primary
        begun: list[tuple[datetime, str]] = []
        for time, status in self.health_check.changes:
            if time >= start and not begun:
                begun.append((start, region))
            region = self.record.primary if status == HEALTHY else self.record.secondary
            if begun and region != begun[-1][1]:
                begun.append((time, region))
        return begun or [(start, region)]

    def drift(self) -> list[Drift]:
        """Return the differences between the event buses of the two regions.

        Compared are the rules (pattern, schedule and state), every member of their targets, the policies of the buses,
        and which archives exist. ARNs that differ only in the region are equal, and so are patterns that match the same
        events. Rules that belong to an AWS service are left out.
        """
        regions = (self.record.primary, self.record.secondary)
        buses = [bus_of_arn(self._state, self.record.bus_arns[region]) for region in regions]
        rules: list[Mapping[str, Rule]] = [{} if bus is None else bus.rules for bus in buses]
        names = sorted({name for by_name in rules for name, rule in by_name.items() if rule.is_users_own})
        found = [one for name in names for one in _drift_of(name, rules, regions)]
        policies = [None if bus is None else bus.policy_document for bus in buses]
        found += _difference(None, None, "the bus", "policy", policies, regions)
        return [*found, *self._archive_drift(regions)]

    def _archive_drift(self, regions: tuple[str, str]) -> Iterator[Drift]:
        archives = [
            {
                archive.archive_name
                for archive in self._state.accounts.get(self.record.account, region).table(Archive).values()
                if archive.event_source_arn == self.record.bus_arns[region]
            }
            for region in regions
        ]
        for name in sorted(archives[0] ^ archives[1]):
            here, there = regions if name in archives[0] else regions[::-1]
            yield Drift(None, None, f"archive {name} is in {here} and not in {there}")


def _drift_of(name: str, rules: list[Mapping[str, Rule]], regions: tuple[str, str]) -> Iterator[Drift]:
    one, other = (by_name.get(name) for by_name in rules)
    if one is None or other is None:
        here, there = regions if other is None else regions[::-1]
        yield Drift(name, None, f"rule {name} is in {here} and not in {there}")
        return
    yield from _pattern_drift(name, [one.event_pattern, other.event_pattern], regions)
    for what, values in (
        ("schedule", [one.schedule_expression, other.schedule_expression]),
        ("state", [one.state, other.state]),
    ):
        yield from _difference(name, None, f"rule {name}", what, values, regions)
    for target_id in sorted({*one.targets, *other.targets}):
        if target_id not in one.targets or target_id not in other.targets:
            here, there = regions if target_id in one.targets else regions[::-1]
            text = f"target {target_id} of rule {name} is in {here} and not in {there}"
            yield Drift(name, target_id, text)
            continue
        targets = [rule.targets[target_id].members for rule in (one, other)]
        for member in sorted({*targets[0], *targets[1]}):
            values = [target.get(member) for target in targets]
            yield from _difference(
                name, target_id, f"target {target_id} of rule {name}", member, values, regions
            )


def _difference(  # noqa: PLR0913, PLR0917 - what is compared, and where
    rule_name: str | None,
    target_id: str | None,
    owner: str,
    what: str,
    values: list[Any],
    regions: tuple[str, str],
) -> Iterator[Drift]:
    """Yield the difference of two values, unless they differ only in the region."""
    texts = [json.dumps(value, sort_keys=True) for value in values]
    if texts[0].replace(regions[0], "REGION") != texts[1].replace(regions[1], "REGION"):
        here, there = (f"{text} in {region}" for text, region in zip(texts, regions, strict=True))
        yield Drift(rule_name, target_id, f"{owner}: its {what} is {here} and {there}")


def _pattern_drift(name: str, patterns: list[str | None], regions: tuple[str, str]) -> Iterator[Drift]:
    """Yield the difference of two patterns, with events that only one matches, unless they match the same events."""
    values = [None if pattern is None else json.loads(pattern) for pattern in patterns]
    for found in _difference(name, None, f"rule {name}", "pattern", values, regions):
        first, second = patterns
        if first is None or second is None:
            yield found
            continue
        more = _taken_only(first, second, regions), _taken_only(second, first, regions[::-1])
        only = [
            f"{event} matches only in {region}" for region, event in zip(regions, more, strict=True) if event
        ]
        if only:
            less = [region for region, event in zip(regions[::-1], more, strict=True) if event and "" in more]
            takes = f"the rule in {less[0]} takes less: " if less else ""
            yield replace(found, what=f"{found.what}; {takes}{', '.join(only)}")
        elif None in more:
            yield replace(found, what=f"{found.what}; whether they match the same events is not known")


def _taken_only(pattern: str, other: str, regions: tuple[str, str]) -> str | None:
    """Return an event that a pattern matches and another one does not, as JSON text.

    Args:
        pattern: The pattern.
        other: The other pattern.
        regions: The regions of the two rules. In the other one, an event names its region.

    Returns:
        The event; empty if there is certainly none, None if that is not known.
    """
    from eventmock.pattern import compile as compile_pattern, implies

    here, there = regions
    answer = implies(pattern.replace(here, _REGION), other.replace(there, _REGION), on_a_bus=True)
    if answer.witness is None:
        return "" if answer else None
    event = json.dumps(answer.witness)
    matched = event.replace(_REGION, here)
    is_shown = compile_pattern(pattern).matches(matched) and not compile_pattern(other).matches(
        event.replace(_REGION, there)
    )
    return matched if is_shown else None
