"""What EventBridge adds to coverage: the rules, with their patterns, targets, inputs and schedules.

Rules that belong to an AWS service, such as those of archives, are left out.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from eventmock.history.event_delivery import EventDelivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.pattern.points import PointsOfPatterns, Refusal
from eventmock.services.coverage import Point, Subject
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.former import Former
from eventmock.services.tally import Tally
from eventmock.services.target_points import points_of_target, target_key, tried_by
from eventmock.transform.json_path import MISSING
from eventmock.transform.json_text import JsonText
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence

    from eventmock.event.event import Event
    from eventmock.history.ledger import Entry
    from eventmock.history.progress import Progress
    from eventmock.pattern.points import PatternPoints, Reading
    from eventmock.services.coverage import Tried
    from eventmock.services.events.rule import Rule
    from eventmock.services.events.target import Target
    from eventmock.state import State
    from eventmock.transform.json_path import JsonPath

_MOST_BUSES: Final = 100
"""How many buses are kept in mind, each as long as its rules do not change."""
_FIRES: Final = Point("firing", "fires", "fires")


class RuleCoverage:
    """What tests try of rules. It keeps the points of each pattern, and the subject of each rule that it has seen."""

    def __init__(self) -> None:
        self._patterns = PointsOfPatterns()
        self._subjects: dict[object, Subject] = {}
        self._buses: dict[int, _Bus] = {}

    def subjects(self, state: State) -> Iterator[Subject]:
        """Yield the rules that users have made, also those that were deleted since."""
        for account in state.accounts.all:
            for bus in buses_of(account).values():
                yield from self._bus(bus.rules_now, account.id, account.region, bus.name).subjects
        for former in state.part(Former).rules:
            if former.rule.is_users_own:
                yield self._subject(former.rule, former.account, former.region, former.bus)

    def tried(
        self,
        state: State,  # noqa: ARG002 - of the protocol
        entries: Sequence[Entry],
        known: Callable[[Subject], Container[str]],
    ) -> Iterable[Tried]:
        """Return what entries of the journal show: rules that matched or refused, deliveries, failures, firings."""
        tally = _Tally()
        buses: dict[int, _Bus] = {}
        for record, progress in entries:
            if isinstance(record, ReceivedEvent):
                event = record.envelope
                if event is not None and record.dropped is None:
                    bus = buses.get(id(record.rules))
                    if bus is None:
                        bus = self._bus(record.rules, record.account, record.region, record.bus)
                        buses[id(record.rules)] = bus
                        self._watch(bus, known)
                    self._match(record, event, bus, tally)
                    self._look_at_inputs(record, event, tally)
            elif isinstance(record, EventDelivery) and record.rule.is_users_own:
                self._deliver(record, cast("Progress", progress), tally)
        for bus in buses.values():
            bus.count_refusals(tally)
        for refusal in tally.refusals:
            self._patterns.stop_looking(refusal)
        return tally.tried()

    def _bus(self, rules: Any, account: str, region: str, name: str) -> _Bus:
        """Return what is known of the rules of a bus, which are a tuple that does not change."""
        found = self._buses.get(id(rules))
        if found is None:
            if len(self._buses) >= _MOST_BUSES:
                self._buses.clear()
            own = [rule for rule in rules if rule.is_users_own]
            subjects = [self._subject(rule, account, region, name) for rule in own]
            found = self._buses[id(rules)] = _Bus(rules, own, subjects)
        return found

    def _watch(self, bus: _Bus, known: Callable[[Subject], Container[str]]) -> None:
        """Look for what no event has tried yet of the rules of a bus."""
        if not bus.is_watched:
            bus.is_watched = True
            for rule, subject in zip(bus.own, bus.subjects, strict=True):
                pattern = rule.event_pattern
                points = None if rule.live_pattern is None or pattern is None else self._patterns.of(pattern)
                tried = known(subject)
                bus.add(_WatchedRule(rule, subject, points, tried))
                if points is not None and pattern is not None:
                    bus.refusals.update(Refusal(pattern, key) for key in points.refusals if key not in tried)
        for refusal in bus.refusals:
            self._patterns.look_for(refusal)

    def _match(self, received: ReceivedEvent, event: Event, bus: _Bus, tally: _Tally) -> None:
        """Note which rules took an event, and which would have without one of their lists."""
        bus.events += 1
        fired = received.matching[0] if received.origin == "schedule" else None
        taking = {id(rule): watched for rule in received.matching if (watched := bus.rules.get(id(rule)))}
        readings: dict[bool, Reading] = {}
        for watched in taking.values():
            watched.skipped += 1
            tally.keep(watched.subject, event)
            if watched.rule is fired:
                tally.add(watched.subject, "fired", [_FIRES.key])
            else:
                tally.add(watched.subject, "matched", self._taken(watched, event, readings))
        blind = bus.blind_rules if event.is_read_call else {}
        for identity in blind.keys() - taking.keys():  # whether their patterns match is not known here
            blind[identity].skipped += 1
            tally.add(blind[identity].subject, "refused", ())
        for refusal in self._patterns.nearly_matching(event.to_match()):
            for watched in bus.by_pattern.get(refusal.pattern, ()):
                if id(watched.rule) not in taking and id(watched.rule) not in blind:
                    tally.add(watched.subject, None, [refusal.key])
                    tally.refusals.add(refusal)
                    bus.refusals.discard(refusal)

    def _taken(self, watched: _WatchedRule, event: Event, readings: dict[bool, Reading]) -> Collection[str]:
        """Return the keys of the values and branches by which a rule took an event, if some were never tried."""
        if watched.points is None or not watched.open:
            return ()
        into = watched.points.looks_below_empty_names
        if into not in readings:
            readings[into] = self._patterns.read(event.to_match(), into_empty_names=into)
        keys = watched.points.taken_by(readings[into], watched.open)
        watched.open -= keys
        return keys

    def _look_at_inputs(self, received: ReceivedEvent, event: Event, tally: Tally) -> None:
        text = None
        for delivery in received.deliveries:
            assert isinstance(delivery, EventDelivery)
            if delivery.target.input_shape.is_given and delivery.rule.is_users_own:
                text = text or JsonText.parse(event.text)
                found = [
                    target_key("input", delivery.target_arn, name)
                    for name, path in _paths(delivery.target)
                    if (value := path.find(text)) is not MISSING and not value.is_null
                ]
                tally.add(self._subject_of(delivery), None, found)

    def _deliver(self, delivery: EventDelivery, progress: Progress, tally: Tally) -> None:
        what, points = tried_by(delivery.target_arn, progress)
        tally.add(self._subject_of(delivery), what, points)

    def _subject_of(self, delivery: EventDelivery) -> Subject:
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
            yield from (Point(*point) for point in self._patterns.of(rule.event_pattern).points)
        if rule.schedule_expression is not None:
            yield _FIRES
        for target in rule.targets.values():
            yield from points_of_target(target.arn, "gets events", target.dead_letter_queue)
            for variable, path in _paths(target):
                text = f"{arn_name(target.arn)}: {variable} {path.text} has a value"
                yield Point("input", target_key("input", target.arn, variable), text)


COVERAGE: Final = RuleCoverage


class _WatchedRule:
    """A rule of a bus.

    Attributes:
        rule: The rule.
        subject: The subject that it is.
        points: The points of its pattern; None if the rule matches no event.
        open: The keys of the values and branches that no event has tried yet.
        skipped: The number of events that it has not refused.
    """

    __slots__ = ("open", "points", "rule", "skipped", "subject")

    def __init__(
        self, rule: Rule, subject: Subject, points: PatternPoints | None, known: Container[str]
    ) -> None:
        self.rule = rule
        self.subject = subject
        self.points = points
        self.open = set() if points is None else {key for key in points.taken if key not in known}
        self.skipped = 0


class _Bus:
    """The rules of a bus, while they do not change.

    Attributes:
        rules: The rules that users have made and that are watched, by identity of their records.
        own: The rules that users have made.
        subjects: The subjects that these are.
        is_watched: Whether the rules are watched.
        by_pattern: The rules that match events, by the text of their patterns.
        refusals: The refusals of their patterns that no event has tried yet.
        events: The number of events that came since refusals were counted.
    """

    def __init__(self, record: object, own: Sequence[Rule], subjects: Sequence[Subject]) -> None:
        self._record = record  # as long as it is kept, no other tuple has its identity
        self.rules: dict[int, _WatchedRule] = {}
        self.own = own
        self.subjects = subjects
        self.is_watched = False
        self.by_pattern: dict[str, list[_WatchedRule]] = {}
        self.refusals: set[Refusal] = set()
        self.events = 0

    def add(self, watched: _WatchedRule) -> None:
        """Add a rule that is watched."""
        self.rules[id(watched.rule)] = watched
        if watched.points is not None and watched.rule.event_pattern is not None:
            self.by_pattern.setdefault(watched.rule.event_pattern, []).append(watched)

    @property
    def blind_rules(self) -> dict[int, _WatchedRule]:
        """The rules that match events, but do not see those of calls that only read."""
        return {
            identity: watched
            for identity, watched in self.rules.items()
            if watched.points is not None and not watched.rule.sees_read_calls
        }

    def count_refusals(self, tally: Tally) -> None:
        """Count the events that each rule has refused since the last call."""
        for watched in self.rules.values():
            refused = self.events - watched.skipped
            watched.skipped = 0
            if watched.points is not None and refused:
                tally.add(watched.subject, "refused", watched.points.alone, refused)
        self.events = 0


class _Tally(Tally):
    """What was tried of each rule, in one go.

    Attributes:
        refusals: The refusals that were tried.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refusals: set[Refusal] = set()


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
