"""Rules about targets that get the same events twice: from two rules on one bus, or from one rule.

Targets are the same if AWS gets the same request for both: the same ARN, with the same input. Two rules with the same
events and different targets are in order, as a rule has five targets at most.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.common_events import common_event, may_meet, shown_event
from eventmock.checks.table import rule
from eventmock.pattern import implies
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject, Target
    from eventmock.pattern import Pattern

_MOST_PAIRS: Final = 2000
"""How many pairs of rules of a template are compared."""
_BESIDE_THE_REQUEST: Final = frozenset({"Id", "RoleArn", "DeadLetterConfig", "RetryPolicy"})
"""The members of a target that do not change what is sent to it."""


@rule(
    "delivered-twice",
    "warning",
    "A target that gets each event of its rule twice, by another rule on the bus or by the rule itself.",
)
def delivered_twice(subject: Subject) -> Iterator[Found]:
    """Yield the targets that get each event of their rule twice."""
    for one in _twice(subject):
        if not one.is_each:
            continue
        name = one.other.rule.resource.logical_id
        if one.other.rule is one.target.rule:
            what, instead = f"{one.target.id} is the same as {one.other.id}", "one of the two targets"
        elif one.is_mutual:
            what = f"{one.target.id} is a target of {name} too, and {name} matches the same events"
            instead = "one of the two rules"
        else:
            what = f"{one.target.id} is a target of {name} too, and {name} matches all events of this rule"
            instead = f"no such target here, or a pattern of {name} that leaves these events out"
        yield subject.found_at(
            one.target,
            what=what,
            production=f"each event of this rule is delivered twice, such as {shown_event(one.event)}",
            instead=instead,
        )


@rule(
    "sometimes-delivered-twice",
    "note",
    "Two rules on one bus that send some events to the same target, so that these arrive twice.",
)
def sometimes_delivered_twice(subject: Subject) -> Iterator[Found]:
    """Yield the targets that get some events of a rule from another rule too."""
    for one in _twice(subject):
        if one.is_each:
            continue
        name = one.other.rule.resource.logical_id
        yield subject.found_at(
            one.target,
            what=f"{one.target.id} is a target of {name} too, which matches some events of this rule",
            production=f"an event that both match is delivered twice, such as {shown_event(one.event)}",
            instead="nothing if there are no such events; else one rule with both patterns in $or",
        )


class _Sent(NamedTuple):
    """A target, and the events that its rule sends to it.

    Attributes:
        target: The target.
        pattern: The pattern of its rule.
        event: An event that matches the pattern.
    """

    target: Target
    pattern: Pattern
    event: dict[str, Any]

    def is_part_of(self, other: _Sent) -> bool:
        """Return whether another target certainly gets all these events. One event shows most that does not."""
        return other.pattern.matches(self.event) and bool(implies(self.pattern, other.pattern, on_a_bus=True))


class _Twice(NamedTuple):
    """A target that gets events of its rule twice.

    Attributes:
        target: The target.
        other: Another mention of this target, in another rule or in the same one.
        event: Such an event.
        is_each: Whether it gets each event of its rule twice.
        is_mutual: Whether the other rule matches the same events.
    """

    target: Target
    other: Target
    event: dict[str, Any]
    is_each: bool
    is_mutual: bool


@lru_cache(maxsize=1)
def _twice(subject: Subject) -> list[_Twice]:
    """Return the targets that get events of their rules twice, each with one other target."""
    each: dict[int, _Twice] = {}
    some: dict[int, _Twice] = {}
    pairs = (pair for group in _groups(subject) for pair in combinations(group, 2))
    tried = (pair for pair in pairs if may_meet(pair[0].pattern, pair[1].pattern))
    for first, second in islice(tried, _MOST_PAIRS):
        places = id(first.target.members), id(second.target.members)
        if not each.keys().isdisjoint(places):
            continue
        back, there = second.is_part_of(first), first.is_part_of(second)
        if back:
            each[places[1]] = _Twice(second.target, first.target, second.event, True, is_mutual=there)
        elif there:
            each[places[0]] = _Twice(first.target, second.target, first.event, True, is_mutual=False)
        elif places[1] not in some:
            event = common_event([first.pattern, second.pattern])
            if event is not None:
                some[places[1]] = _Twice(second.target, first.target, event, False, is_mutual=False)
    return list({**some, **each}.values())


def _groups(subject: Subject) -> Iterable[Sequence[_Sent]]:
    """Return the targets of rules on one bus to which the same is sent, as far as it is known."""
    groups: dict[str, list[_Sent]] = defaultdict(list)
    for one in subject.rules:
        if one.pattern is None or not one.is_enabled or subject.is_given(one.resource, "EventPattern"):
            continue
        event = common_event([one.pattern])
        if event is not None:
            for target in one.targets:
                groups[_request(subject, target)].append(_Sent(target, one.pattern, event))
    return groups.values()


def _request(subject: Subject, target: Target) -> str:
    """Return the bus of a target and what is sent to it, as text. What comes from outside counts as it is written."""
    resource = target.rule.resource
    members = {
        name: subject.raw(resource, *target.keys, name)
        if subject.is_given(resource, *target.keys, name)
        else value
        for name, value in target.members.items()
        if name not in _BESIDE_THE_REQUEST
    }
    is_given = subject.is_given(resource, "EventBusName")
    return dumps(
        [
            subject.raw(resource, "EventBusName") if is_given else target.rule.bus,
            dict(sorted(members.items())),
        ]
    )
