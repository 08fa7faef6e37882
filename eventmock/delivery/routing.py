"""Routing: the deliveries that an event on a bus causes, one for each target of each rule that matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from eventmock.history.event_delivery import EventDelivery
from eventmock.history.received_event import Outcome
from eventmock.history.traced_rule import TracedRule
from eventmock.transform.refusals import InvalidJson

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.traced_target import TracedRuleTarget


class RoutedRule(TracedRule, Protocol):
    """A rule, as routing needs it."""

    @property
    def targets(self) -> Mapping[str, TracedRuleTarget]:
        """The targets of the rule, by id."""


class RoutedBus(Protocol):
    """An event bus, as routing needs it."""

    @property
    def name(self) -> str:
        """The name of the bus."""

    @property
    def rules_now(self) -> tuple[RoutedRule, ...]:
        """All present rules of the bus, in order of their names."""

    def rules_matching(self, event: Event) -> Sequence[RoutedRule]:
        """Return the rules of the bus that are in effect, enabled, and match an event, in order of their names."""


def route(
    received: ReceivedEvent,
    event: Event,
    bus: RoutedBus,
    *,
    fired: RoutedRule | None = None,
    only: Container[str] | None = None,
) -> tuple[EventDelivery, ...]:
    """Match an event against the rules of the bus it is on.

    Args:
        received: The record of the event's arrival, which gets the rules, the matches and the deliveries.
        event: The event.
        bus: The bus.
        fired: The rule whose schedule made the event; it matches without a pattern.
        only: The ARNs of the rules that see the event; None if all rules do.

    Returns:
        The deliveries to carry out. If AWS cannot make the input of a delivery, it has an ``input_error``.
    """
    rules, matching = bus.rules_now, bus.rules_matching(event)
    if fired is not None:
        matching = [fired, *(rule for rule in matching if rule.arn != fired.arn)]
    if only is not None:
        rules = tuple(rule for rule in rules if rule.arn in only)
        matching = [rule for rule in matching if rule.arn in only]
    deliveries = tuple(
        _delivery(received, event, rule, target)
        for rule in matching
        if rule.feeds is None
        for target in rule.targets.values()
    )
    received.settle(Outcome(envelope=event, deliveries=deliveries, rules=rules, matching=tuple(matching)))
    return deliveries


def _delivery(
    received: ReceivedEvent, event: Event, rule: RoutedRule, target: TracedRuleTarget
) -> EventDelivery:
    error = None
    try:
        body = target.input_shape.render(
            event.text, rule_arn=rule.arn, rule_name=rule.name, ingestion_time=received.time
        )
    except InvalidJson as refusal:
        body, error = refusal.body, refusal.reason
    return EventDelivery(cause=received, rule=rule, target=target, body=body, input_error=error)
