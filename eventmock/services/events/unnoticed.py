"""The mistakes in patterns of rules that no event in a mock has shown.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.pattern import compile as compile_pattern
from eventmock.services.events.coverage import RuleCoverage
from eventmock.services.mutants import mutated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from eventmock.event.event import Event
    from eventmock.services.coverage import Subject
    from eventmock.services.mutants import Mutant, Mutated
    from eventmock.state import State

    MutantsOf = Callable[[Mutated], Iterable[Mutant]]


def unnoticed(state: State, mutants: MutantsOf) -> Iterator[tuple[Subject, Mutant]]:
    """Yield the mistakes that no event has shown, each with its rule.

    Args:
        state: The state of the mock.
        mutants: A function that returns the mistakes in a rule.
    """
    seen = set()
    for subject in RuleCoverage().subjects(state):
        key = (subject.account, subject.region, subject.place, subject.name, subject.identity)
        if key not in seen:
            seen.add(key)
            yield from (
                (subject, mutant) for mutant in _of_rule(subject, list(_events(state, subject)), mutants)
            )


def _of_rule(subject: Subject, events: Iterable[Event], mutants: MutantsOf) -> Iterator[Mutant]:
    text = subject.definition.get("EventPattern")
    if text is None:
        return
    pattern = compile_pattern(text)
    read = [(event.for_patterns, event) for event in events]
    matched = [pattern.matches(one) for one, _ in read]
    taken = [event.text for (_, event), is_taken in zip(read, matched, strict=True) if is_taken]
    for mutant in mutants(mutated(subject, min(taken, key=len, default=None))):
        if mutant.member != "EventPattern" or mutant.equivalent is not None:
            continue
        mistaken = compile_pattern(mutant.change["EventPattern"])
        if [mistaken.matches(one) for one, _ in read] == matched:
            yield mutant


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
