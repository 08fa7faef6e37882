"""From an event on a bus to the deliveries it causes: one for each target of each rule that matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from eventmock.history.delivery import Delivery
from eventmock.history.received_event import Outcome
from eventmock.history.traced_rule import TracedRule
from eventmock.transform import InvalidJson

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.traced_target import TracedTarget


class RoutedRule(TracedRule, Protocol):
    """What routing needs of a rule."""

    @property
    def targets(self) -> Mapping[str, TracedTarget]:
        """Its targets by id."""


class RoutedBus(Protocol):
    """What routing needs of an event bus."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def rules_now(self) -> tuple[RoutedRule, ...]:
        """All its rules as they stand, in name order."""

    def rules_matching(self, event: Event) -> Sequence[RoutedRule]:
        """Its rules that are in effect, enabled and match, in name order."""


def route(
    received: ReceivedEvent,
    event: Event,
    bus: RoutedBus,
    *,
    fired: RoutedRule | None = None,
    only: Container[str] | None = None,
) -> tuple[Delivery, ...]:
    """Match an event against the rules of the bus it is on.

    Args:
        received: The record of its arrival; gets the rules, the matches, the archives and the deliveries.
        event: The event.
        bus: The bus.
        fired: The rule whose schedule made the event; it matches without a pattern.
        only: ARNs of the rules that see the event; None for all.

    Returns:
        The deliveries to carry out. Those whose input AWS cannot make have an ``input_error``.
    """
    rules, matching = bus.rules_now, bus.rules_matching(event)
    if fired is not None:
        matching = [fired, *(rule for rule in matching if rule.arn != fired.arn)]
    if only is not None:
        rules = tuple(rule for rule in rules if rule.arn in only)
        matching = [rule for rule in matching if rule.arn in only]
    deliveries = tuple(
        _delivery(received, event, bus.name, rule, target)
        for rule in matching
        if rule.feeds is None
        for target in rule.targets.values()
    )
    received.settle(Outcome(envelope=event, deliveries=deliveries, rules=rules, matching=tuple(matching)))
    return deliveries


def _delivery(
    received: ReceivedEvent, event: Event, bus: str, rule: RoutedRule, target: TracedTarget
) -> Delivery:
    error = None
    try:
        body = target.input_shape.render(
            event.text, rule_arn=rule.arn, rule_name=rule.name, ingestion_time=received.time
        )
    except InvalidJson as refusal:
        body, error = refusal.body, refusal.reason
    return Delivery(
        envelope=event,
        cause=received,
        bus=bus,
        rule_name=rule.name,
        rule_arn=rule.arn,
        target=target,
        body=body,
        time=received.time,
        account=received.account,
        region=received.region,
        input_error=error,
        replicates=rule.replicates,
    )
