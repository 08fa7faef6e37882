"""What EventBridge adds to coverage: the rules, with their patterns, targets, inputs and schedules.

Rules that belong to an AWS service, such as those of archives, are left out.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.history.delivery import Delivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.pattern.points import PatternPoints
from eventmock.services.coverage import Point, Subject, Tried
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.former import Former
from eventmock.transform.json_path import MISSING
from eventmock.transform.json_text import JsonText
from eventmock.values.arn import arn_name, arn_without_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventmock.history.ledger import Entry
    from eventmock.history.progress import Progress
    from eventmock.services.events.rule import Rule
    from eventmock.services.events.target import Target
    from eventmock.state import State
    from eventmock.transform.json_path import JsonPath

_FIRES: Final = Point("firing", "fires", "fires")


class RuleCoverage:
    """What tests try of rules. It keeps the points of each pattern, and the subject of each rule that it has seen."""

    def __init__(self) -> None:
        self._points: dict[str, PatternPoints] = {}
        self._subjects: dict[object, Subject] = {}

    def subjects(self, state: State) -> Iterator[Subject]:
        """Yield the rules that users have made, also those that were deleted since."""
        for account in state.accounts.all:
            for bus in buses_of(account).values():
                for rule in bus.rules.values():
                    if rule.is_users_own:
                        yield self._subject(rule, account.id, account.region, bus.name)
        for former in state.part(Former).rules:
            if former.rule.is_users_own:
                yield self._subject(former.rule, former.account, former.region, former.bus)

    def tried(self, state: State, entries: Sequence[Entry]) -> Iterator[Tried]:  # noqa: ARG002 - of the protocol
        """Yield what entries of the journal show: rules that matched or refused, deliveries, failures, firings."""
        for record, progress in entries:
            if isinstance(record, ReceivedEvent):
                yield from self._tried_by_event(record)
            elif isinstance(record, Delivery) and record.rule.is_users_own:
                yield self._tried_by_delivery(record, progress)  # type: ignore[arg-type]  # a delivery has a Progress

    def _tried_by_event(self, received: ReceivedEvent) -> Iterator[Tried]:
        event = received.envelope
        if event is None or received.dropped is not None:
            return
        fired = received.matching[0] if received.origin == "schedule" else None
        rules: Iterable[Any] = received.rules
        read = None
        for rule in rules:
            if not rule.is_users_own or (rule.live_pattern is None and rule is not fired):
                continue
            subject = self._subject(rule, received.account, received.region, received.bus)
            if rule is fired:
                yield Tried(subject, {"fired": 1}, [_FIRES.key], event.text)
                continue
            if read is None:
                read = event.for_patterns
            matches, points = self._points_of(rule.event_pattern).tried(read)
            is_taken = rule in received.matching
            if is_taken:
                yield Tried(subject, {"matched": 1}, points, event.text)
            else:
                yield Tried(subject, {"refused": 1}, () if matches else points)
        inputs = [
            one for one in received.deliveries if one.target.input_shape.is_given and one.rule.is_users_own
        ]
        if inputs:
            text = JsonText.parse(event.text)
            for delivery in inputs:
                found = [
                    _key("input", delivery.target_arn, name)
                    for name, path in _paths(delivery.target)
                    if path.find(text) is not MISSING
                ]
                yield Tried(self._subject_of(delivery), {}, found)

    def _tried_by_delivery(self, delivery: Delivery, progress: Progress) -> Tried:
        arn = delivery.target_arn
        if progress.status == "delivered":
            what, points = "delivered", [_key("delivery", arn)]
        elif progress.status == "pending":
            what, points = "retried", [_key("failure", arn)]
        elif progress.dead_letter is not None:
            what, points = "dead-lettered", [_key("failure", arn), _key("dead letter", arn)]
        else:
            what, points = "dropped", [_key("failure", arn)]
        return Tried(self._subject_of(delivery), {_key(what, arn): 1}, points)

    def _subject_of(self, delivery: Delivery) -> Subject:
        rule: Any = delivery.rule
        return self._subject(rule, delivery.account, delivery.region, delivery.bus)

    def _subject(self, rule: Rule, account: str, region: str, bus: str) -> Subject:
        targets = tuple(
            (one.id, one.arn, one.dead_letter_queue, one.input_shape) for one in rule.targets.values()
        )
        known = (rule.arn, rule.event_pattern, rule.schedule_expression, rule.state, targets)
        found = self._subjects.get(known)
        if found is None:
            found = self._subjects[known] = Subject(
                kind="rule",
                account=account,
                region=region,
                place=bus,
                name=rule.name,
                arn=rule.arn,
                identity=rule.identity,
                definition=_definition(rule, bus),
                points=tuple(self._points_of_rule(rule)),
            )
        return found

    def _points_of_rule(self, rule: Rule) -> Iterator[Point]:
        if rule.event_pattern is not None:
            yield from (Point(*point) for point in self._points_of(rule.event_pattern).points)
        if rule.schedule_expression is not None:
            yield _FIRES
        for target in rule.targets.values():
            name = arn_name(target.arn)
            yield Point("delivery", _key("delivery", target.arn), f"{name} gets events")
            yield Point("failure", _key("failure", target.arn), f"{name} fails")
            if target.dead_letter_queue is not None:
                queue = arn_name(target.dead_letter_queue)
                yield Point("dead letter", _key("dead letter", target.arn), f"{name} fails for good: {queue}")
            for variable, path in _paths(target):
                text = f"{name}: {variable} {path.text} has a value"
                yield Point("input", _key("input", target.arn, variable), text)

    def _points_of(self, pattern: str) -> PatternPoints:
        found = self._points.get(pattern)
        if found is None:
            found = self._points[pattern] = PatternPoints(pattern)
        return found


COVERAGE: Final = RuleCoverage


def _definition(rule: Rule, bus: str) -> Mapping[str, Any]:
    """Return the members by which a rule is defined, as PutRule and PutTargets name them."""
    members = {
        "EventBusName": bus,
        "EventPattern": rule.event_pattern,
        "ScheduleExpression": rule.schedule_expression,
        "State": rule.state,
        "Targets": [target.members for target in rule.targets.values()],
    }
    return {name: value for name, value in members.items() if value is not None}


def _paths(target: Target | Any) -> list[tuple[str, JsonPath]]:
    """Return the paths by which a target's input is made, each with its name in the target."""
    shape = target.input_shape
    if shape.template is not None:
        return [(f"<{name}>", path) for name, path in shape.template.paths.items()]
    return [] if shape.path is None else [("InputPath", shape.path)]


def _key(kind: str, target: str, *words: str) -> str:
    """Return the key of a point of a target, which is given by its ARN."""
    return " ".join((kind, arn_without_id(target), *words))
