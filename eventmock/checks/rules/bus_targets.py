"""Rules about event buses as targets: AWS sends an event to one bus, and from there to no other bus.

So a circle of buses is not endless: its last delivery fails. Recorded: the copy of an event keeps all fields that a
pattern can name but `id` and `time`. A second hop in a region is refused, and so is a second one to another region. In
the other region, one more hop is allowed. AWS's page "Sending events between event buses" documents the first.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.checks.common_events import common_event, may_meet, shown_event
from eventmock.checks.made_up import mentions
from eventmock.checks.table import rule
from eventmock.values.arn import Arn, resource_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject, Target
    from eventmock.pattern import Pattern

_MOST_WAYS: Final = 2000
"""How many ways over buses of a template are looked at."""


@rule(
    "second-hop",
    "warning",
    "A target that is a bus, of a rule that matches what came from another bus: AWS sends an event to a bus only once.",
)
def second_hop(subject: Subject) -> Iterator[Found]:
    """Yield the buses to which AWS does not send the events that came from another bus."""
    for way in _refused_ways(subject):
        last = way.hops[-1]
        before = " and ".join(hop.target.rule.resource.logical_id for hop in way.hops[:-1])
        buses = [_bus(subject, one) for one in (way.hops[0].bus, *(hop.to for hop in way.hops))]
        example = f"such as {shown_event(way.event)}"
        if last.to in [hop.bus for hop in way.hops]:
            what = f"events go in a circle, {' -> '.join(buses)}, by {before} and this rule"
            production = f"AWS ends it here ({last.refusal}), so each of these deliveries fails; {example}"
            instead = f"a pattern that leaves out what {before} sends"
        else:
            what = f"{last.target.id} is bus {buses[-1]}, and the rule matches what {before} sends from {buses[0]}"
            production = (
                f"AWS sends it no further ({last.refusal}), so it never comes to {buses[-1]}; {example}"
            )
            instead = (
                f"a rule on {buses[0]} that sends it to {buses[-1]}, and a pattern here that leaves it out"
            )
        yield subject.found_at(last.target, "Arn", what=what, production=production, instead=instead)


class _Hop(NamedTuple):
    """What a rule sends to a bus.

    Attributes:
        target: The target.
        pattern: The pattern of its rule.
        bus: The ARN of the bus of the rule.
        to: The ARN of the bus that is the target.
    """

    target: Target
    pattern: Pattern
    bus: str
    to: str

    @property
    def is_in_region(self) -> bool:
        """Whether both buses are in one region."""
        return Arn.of(self.bus).region == Arn.of(self.to).region

    @property
    def refusal(self) -> str:
        """The code with which AWS refuses it, if the event has made such a hop before."""
        return "THIRD_ACCOUNT_HOP_DETECTED" if self.is_in_region else "THIRD_REGION_HOP_DETECTED"


class _Way(NamedTuple):
    """Hops of an event, of which AWS refuses the last.

    Attributes:
        hops: The hops.
        event: An event that the rules of all hops match.
    """

    hops: Sequence[_Hop]
    event: dict[str, Any]


def _refused_ways(subject: Subject) -> Iterator[_Way]:
    """Yield for each target of the template the first way on which AWS refuses it."""
    hops = list(_hops(subject))
    from_bus: Mapping[str, list[_Hop]] = defaultdict(list)
    for hop in hops:
        from_bus[hop.bus].append(hop)
    told: set[int] = set()
    waiting: list[list[_Hop]] = [[hop] for hop in hops]
    tried = 0
    for way in waiting:  # the loop appends to the list
        for hop in from_bus.get(way[-1].to, ()):
            is_refused = _is_refused(way, hop)
            if id(hop) in told or not all(may_meet(one.pattern, hop.pattern) for one in way):
                continue
            if is_refused and hop.target.rule not in subject.rules:
                continue  # the check of that template tells it
            tried += 1
            event = common_event([one.pattern for one in (*way, hop)]) if tried <= _MOST_WAYS else None
            if event is None:
                continue
            if is_refused:
                told.add(id(hop))
                yield _Way([*way, hop], event)
            else:
                waiting.append([*way, hop])


def _hops(subject: Subject) -> Iterator[_Hop]:
    """Yield what rules of this template and others send to buses, as far as it is known."""
    for one in (*subject.rules, *subject.rules_elsewhere):
        for target in one.targets if one.is_enabled else ():
            arn = target.arn
            if arn is None or arn.service != "events" or not arn.resource.startswith("event-bus/"):
                continue
            if one.bus_arn is None or one.pattern is None:
                continue
            if not mentions(f"{arn} {one.bus_arn} {one.pattern.text}", ()):
                yield _Hop(target, one.pattern, one.bus_arn, str(arn))


def _is_refused(way: Sequence[_Hop], hop: _Hop) -> bool:
    """Return whether AWS refuses a hop of an event that has made some before. In another region they begin anew."""
    in_region, across = 0, 0
    for one in way:
        in_region, across = (in_region + 1, across) if one.is_in_region else (0, across + 1)
    return bool(in_region if hop.is_in_region else across)


def _bus(subject: Subject, arn: str) -> str:
    """Return the name of a bus; its ARN if it is in another account or region than the stack."""
    parsed = Arn.of(arn)
    is_near = (parsed.account, parsed.region) == (subject.account, subject.region)
    return resource_name(arn) if is_near else arn
