"""The rules that did not match an event, the nearest first; fast also for many events and many rules.

For each event, a few rules get an explanation in words. For the others only the satisfied fields are counted. Which
fields of a path are satisfied is computed once for each value that events have at the path. Events with equal values at
all paths of the rules of a bus share their verdicts. Calls that only read do not share those of other events, because
some rules do not see them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.pattern.hints import about_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.traced_rule import TracedRule
    from eventmock.history.verdict import Verdict
    from eventmock.pattern import ReadEvent
    from eventmock.pattern.leaves import Element, Key, Leaf
    from eventmock.pattern.matching import Field

MOST_MISSED: Final = 10
"""The most rules without a match that are named for an event; the others are counted."""


MOST_JUDGED: Final = 50
"""The most subscribers that are judged to find those that came nearest to taking an event."""


class Judged(NamedTuple):
    """A rule and its verdict for an event."""

    rule: TracedRule
    verdict: Verdict


class Misses:
    """The verdicts of rules for the events of one report, in a cache."""

    def __init__(self) -> None:
        self._values: dict[object, int] = {}
        self._rules: dict[tuple[tuple[TracedRule, ...], bool], _Rules] = {}

    def judge(self, event: ReceivedEvent) -> tuple[list[Judged], list[Judged]]:
        """Return the verdicts of the rules of an event's bus.

        Args:
            event: An event that was not refused.

        Returns:
            The rules that matched, in order. Then at most 10 of the other rules, in order of their names: the nearest
            if no user-made rule matched, else the first.
        """
        if event.noun == "subscriber":
            return _of_subscribers(event)
        assert event.envelope is not None
        standing, read = tuple(event.rules), event.envelope.for_patterns
        known = standing, event.envelope.is_read_call
        rules = self._rules.get(known)
        if rules is None:
            rules = self._rules[known] = _Rules(standing)
        elements: dict[Element, tuple[int, int]] = {}
        values = tuple(self._value_at(place, read, elements) for place in rules.places)
        return (
            [rules.judged(rule, read, values) for rule in event.matching],
            [rules.judged(rule, read, values) for rule in rules.missed(event.matching, read, values)],
        )

    def _value_at(self, place: _Place, read: ReadEvent, elements: dict[Element, tuple[int, int]]) -> int:
        """Return a number for the values of an event at a place, or for the advice about a missing value.

        Equal values have equal numbers.

        Args:
            place: The place.
            read: The event.
            elements: The elements of arrays around leaves, each with its array and its number in the order of first
                use. Two events have different objects for equal elements, but the same arrays and numbers.
        """
        leaves: list[object] = [
            (type(leaf.value), repr(leaf.value), tuple(_around(leaf, elements)))
            for leaf in place.leaves_of(read)
        ]
        return self._values.setdefault(tuple(leaves) or about_name(place.path, read), len(self._values))


def _of_subscribers(event: ReceivedEvent) -> tuple[list[Judged], list[Judged]]:
    """Return the verdicts of the subscribers of a custom event bus, as `Misses.judge` does of rules."""
    judge, matching = event.judge(), event.matching
    arns = {one.arn for one in matching}
    others = (one for one in event.rules if one.arn not in arns)
    judged = (Judged(one, judge(one)) for one in islice(others, MOST_MISSED if matching else MOST_JUDGED))
    missed = list(judged) if matching else nsmallest(MOST_MISSED, judged, key=_distance)
    missed.sort(key=lambda one: one.rule.name)
    return [Judged(one, judge(one)) for one in matching], missed


def _distance(judged: Judged) -> float:
    return judged.verdict.distance


def _around(leaf: Leaf, elements: dict[Element, tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the array and the number of each array element around a leaf, the innermost first."""
    element = leaf.element
    while element is not None:
        yield elements.setdefault(element, (element.array, len(elements)))
        element = element.around


class _Place(NamedTuple):
    """A place at which patterns compare: a path, in an event read with or without the members below empty names."""

    path: str
    is_below_empty_names: bool

    def leaves_of(self, read: ReadEvent) -> Sequence[Leaf]:
        """Return the leaves of an event at the place."""
        reached = read.start(into_empty_names=self.is_below_empty_names).at(self.path)
        return () if reached is None else reached.held


class _Rules:
    """The rules of a bus at some moment.

    Attributes:
        places: The places at which their patterns compare.
    """

    def __init__(self, rules: tuple[TracedRule, ...]) -> None:
        self._alternatives: list[tuple[TracedRule, int]] = []
        self._fields: defaultdict[_Place, _Fields] = defaultdict(_Fields)
        self._standing = rules
        self._without_pattern = [rule for rule in rules if rule.pattern is None]
        for rule in rules:
            pattern = rule.pattern
            for alternative in () if pattern is None else pattern.alternatives:
                for field in alternative.written:
                    place = _Place(field.path, pattern is not None and pattern.looks_below_empty_names)
                    self._fields[place].add(field, len(self._alternatives))
                self._alternatives.append((rule, len(alternative.written)))
        self.places = tuple(self._fields)
        self._numbers = {place: number for number, place in enumerate(self.places)}
        self._looked_at: dict[TracedRule, tuple[int, ...]] = {}
        self._verdicts: dict[tuple[TracedRule, tuple[int, ...]], Verdict] = {}
        self._missed: dict[tuple[tuple[TracedRule, ...], tuple[int, ...]], list[TracedRule]] = {}

    def judged(self, rule: TracedRule, read: ReadEvent, values: tuple[int, ...]) -> Judged:
        """Return a rule with its verdict.

        Args:
            rule: The rule.
            read: The event.
            values: The numbers for the values of the event, by place.
        """
        looked_at = self._looked_at.get(rule)
        if looked_at is None:
            looked_at = self._looked_at[rule] = tuple(self._numbers_of(rule))
        known = rule, tuple([values[number] for number in looked_at])
        verdict = self._verdicts.get(known)
        if verdict is None:
            verdict = self._verdicts[known] = rule.verdict(read)
        return Judged(rule, verdict)

    def missed(
        self, matching: tuple[TracedRule, ...], read: ReadEvent, values: tuple[int, ...]
    ) -> list[TracedRule]:
        """Return the rules without a match that are named in the report, in order of their names.

        Args:
            matching: The rules that matched.
            read: The event.
            values: The numbers for the values of the event, by place.
        """
        known = matching, values
        found = self._missed.get(known)
        if found is None:
            arns = {rule.arn for rule in matching}
            others = (rule for rule in self._standing if rule.arn not in arns)
            few = len(self._standing) - len(arns) <= MOST_MISSED
            if few or any(rule.is_users_own for rule in matching):
                found = list(islice(others, MOST_MISSED))
            else:
                distances = self._distances(read, values)
                found = nsmallest(MOST_MISSED, others, key=distances.__getitem__)
                found.sort(key=lambda rule: rule.name)
            self._missed[known] = found
        return found

    def _distances(self, read: ReadEvent, values: tuple[int, ...]) -> dict[TracedRule, float]:
        """Return the `Verdict.distance` of each rule."""
        holding = [0] * len(self._alternatives)
        for place, value in zip(self.places, values, strict=True):
            for number in self._fields[place].holding(place, read, value):
                holding[number] += 1
        distances: dict[TracedRule, float] = {}
        best: dict[TracedRule, int] = {}
        for (rule, count), held in zip(self._alternatives, holding, strict=True):
            if held == count:
                distances[rule] = self.judged(rule, read, values).verdict.distance
                best[rule] = count
            elif held > best.get(rule, -1):
                distances[rule], best[rule] = count - held, held
        distances.update((rule, math.inf) for rule in self._without_pattern)
        return distances

    def _numbers_of(self, rule: TracedRule) -> set[int]:
        pattern = rule.pattern
        if pattern is None:
            return set()
        below = pattern.looks_below_empty_names
        return {
            self._numbers[_Place(path, below)]
            for alternative in pattern.alternatives
            for path in alternative.paths
        }


class _Fields:
    """The fields of all alternatives at a place."""

    def __init__(self) -> None:
        self._by_key: defaultdict[Key, list[int]] = defaultdict(list)
        self._others: list[tuple[Field, int]] = []
        self._holding: dict[int, list[int]] = {}

    def add(self, field: Field, alternative: int) -> None:
        """Add the field of an alternative."""
        if field.others or field.may_be_absent:
            self._others.append((field, alternative))
        else:
            for key in field.keys:
                self._by_key[key].append(alternative)

    def holding(self, place: _Place, read: ReadEvent, value: int) -> list[int]:
        """Return the alternatives whose field at the place is satisfied.

        Args:
            place: The place.
            read: The event.
            value: The number for the values of the event at the place.
        """
        found = self._holding.get(value)
        if found is None:
            keys = {leaf.key for leaf in place.leaves_of(read)}
            exact = {number for key in keys for number in self._by_key.get(key, ())}
            leaves = {place.path: place.leaves_of(read)} if keys else {}
            found = [number for field, number in self._others if field.may_hold(leaves)]
            found += exact
            self._holding[value] = found
        return found
