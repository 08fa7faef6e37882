"""What a tester asks of a global endpoint: which region serves, which served when, and whether its buses are alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class Drift:
    """What exists on the bus in one region and not, or not so, in the other.

    Attributes:
        rule_name: The rule, if it is about one.
        target_id: The target, if it is about one.
        what: What it is, in one line.
    """

    rule_name: str | None
    target_id: str | None
    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class GlobalEndpoint:
    """A global endpoint, as the tester sees it.

    Attributes:
        record: The endpoint as it stood when it was asked for.
    """

    record: Endpoint
    _state: State = field(repr=False)

    @property
    def endpoint_id(self) -> str:
        """What a producer gives PutEvents."""
        return self.record.endpoint_id

    @property
    def health_check(self) -> HealthCheck:
        """The health check by which it fails over."""
        return self._state.part(HealthChecks).get(self.record.health_check)

    @property
    def serving_region(self) -> str:
        """The region that serves at the moment."""
        self._state.clock.run_due()
        self.health_check.refresh()
        return serving_region(self._state, self.record)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """What was put through it, in order; each knows its region. Copies are not among them."""
        self._state.clock.run_due()
        received = self._state.ledger.received
        return Records(one for one in received if one.endpoint == self.record.arn)

    @property
    def copies(self) -> Records[ReceivedEvent]:
        """The copies that replication made, in order; `ReceivedEvent.replica_of` leads to the original."""
        self._state.clock.run_due()
        return Records(
            one
            for one in self._state.ledger.received
            if one.arrived_by is not None and one.arrived_by.replicates == self.record.arn
        )

    @property
    def history(self) -> list[tuple[datetime, str]]:
        """Which region began to serve when, from the moment at which the endpoint was made."""
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
        """What a failover would find otherwise.

        Rules and targets that one region's bus has and the other's has not, and what differs in them: patterns,
        schedules, states, and every member of a target; then the policies of the buses, and their archives. ARNs that
        differ in nothing but the region are alike. Rules that belong to an AWS service are left out.
        """
        regions = (self.record.primary, self.record.secondary)
        buses = [bus_of_arn(self._state, self.record.bus_arns[region]) for region in regions]
        rules: list[Mapping[str, Rule]] = [{} if bus is None else bus.rules for bus in buses]
        names = sorted({name for held in rules for name, rule in held.items() if rule.is_users_own})
        found = [one for name in names for one in _drift_of(name, rules, regions)]
        policies = [None if bus is None else bus.policy_document for bus in buses]
        found += _difference(None, None, "the bus", "policy", policies, regions)
        return [*found, *self._archive_drift(regions)]

    def _archive_drift(self, regions: tuple[str, str]) -> Iterator[Drift]:
        held = [
            {
                archive.archive_name
                for archive in self._state.accounts.get(self.record.account, region).table(Archive).values()
                if archive.event_source_arn == self.record.bus_arns[region]
            }
            for region in regions
        ]
        for name in sorted(held[0] ^ held[1]):
            here, there = regions if name in held[0] else regions[::-1]
            yield Drift(None, None, f"archive {name} is in {here} and not in {there}")


def _drift_of(name: str, rules: list[Mapping[str, Rule]], regions: tuple[str, str]) -> Iterator[Drift]:
    one, other = (held.get(name) for held in rules)
    if one is None or other is None:
        here, there = regions if other is None else regions[::-1]
        yield Drift(name, None, f"rule {name} is in {here} and not in {there}")
        return
    for what, values in (
        ("pattern", [_read(rule.event_pattern) for rule in (one, other)]),
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
    """What differs in two values but for the region."""
    texts = [json.dumps(value, sort_keys=True) for value in values]
    if texts[0].replace(regions[0], "REGION") != texts[1].replace(regions[1], "REGION"):
        here, there = (f"{text} in {region}" for text, region in zip(texts, regions, strict=True))
        yield Drift(rule_name, target_id, f"{owner}: its {what} is {here} and {there}")


def _read(pattern: str | None) -> Any:
    """A pattern, so that one that is only spelled otherwise is the same."""
    return None if pattern is None else json.loads(pattern)
