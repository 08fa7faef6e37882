"""The mistakes in patterns of rules that no event of a test has shown, without running the test again.

`python -m eventmock mutate` runs the tests with each mistake, so it also finds what tests see and do not check.
Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from eventmock.pattern import compile as compile_pattern
from eventmock.services.events.coverage import RuleCoverage
from eventmock.services.events.mutants import MUTANTS
from eventmock.services.mutants import Harm, Mutant, Mutated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventmock.event.event import Event
    from eventmock.services.coverage import Subject
    from eventmock.state import State


class UnnoticedMutant(NamedTuple):
    """A mistake in the pattern of a rule that no event has shown.

    Attributes:
        rule: The name of the rule.
        bus: The name of its event bus.
        account: The account of the bus, 12 digits.
        region: The region of the bus.
        mutant: The mistake, with the event that would show it.
    """

    rule: str
    bus: str
    account: str
    region: str
    mutant: Mutant

    def __str__(self) -> str:
        return f"rule {self.rule} on {self.bus}: {self.mutant.text} ({self.mutant.harm})"


def unnoticed_mutants(state: State) -> list[UnnoticedMutant]:
    """Return the mistakes that no event has shown, the worst first; see `EventsBackend.unnoticed_mutants`."""
    found: dict[tuple[str, ...], list[UnnoticedMutant]] = {}
    for subject in RuleCoverage().subjects(state):
        key = (subject.account, subject.region, subject.place, subject.name, subject.identity)
        if key not in found:
            found[key] = list(_of_rule(subject, list(_events(state, subject))))
    order = get_args(Harm)
    every = [mutant for mutants in found.values() for mutant in mutants]
    return sorted(every, key=lambda one: order.index(one.mutant.harm))


def _of_rule(subject: Subject, events: Iterable[Event]) -> Iterator[UnnoticedMutant]:
    text = subject.definition.get("EventPattern")
    if text is None:
        return
    pattern = compile_pattern(text)
    read = [(event.for_patterns, event) for event in events]
    matched = [pattern.matches(one) for one, _ in read]
    taken = [event.text for (_, event), is_taken in zip(read, matched, strict=True) if is_taken]
    for mutant in MUTANTS.mutants(_mutated(subject, min(taken, key=len, default=None))):
        if mutant.member != "EventPattern" or mutant.equivalent is not None:
            continue
        mistaken = compile_pattern(mutant.change["EventPattern"])
        if [mistaken.matches(one) for one, _ in read] == matched:
            yield UnnoticedMutant(subject.name, subject.place, subject.account, subject.region, mutant)


def _mutated(subject: Subject, event: str | None) -> Mutated:
    definition = dict(subject.definition)
    targets = definition.pop("Targets", ())
    return Mutated(
        kind=subject.kind,
        account=subject.account,
        region=subject.region,
        place=subject.place,
        places=(subject.place,),
        names=(subject.name,),
        identity=subject.identity,
        definition=definition,
        targets=tuple(targets),
        event=event,
    )


def _events(state: State, subject: Subject) -> Iterator[Event]:
    """Yield the events that came to the bus of a rule while it had the rule, and the rule was enabled."""
    place = (subject.account, subject.region, subject.place)
    for received in state.ledger.received:
        event = received.envelope
        if event is not None and (received.account, received.region, received.bus) == place:
            rules: Iterable[Any] = received.rules
            if any(
                rule.name == subject.name
                and rule.identity == subject.identity
                and rule.live_pattern is not None
                for rule in rules
            ):
                yield event
