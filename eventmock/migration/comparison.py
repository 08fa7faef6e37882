"""`Comparison`: the same events through the rules of a Classic bus and through the proposed subscribers.

A difference is announced if a note of the plan says that something of its kind may differ. An event is lost if its
target got it from the rule and does not get it from the subscriber.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import OptionError
from eventmock.migration.calls import taken_apart
from eventmock.migration.given_events import given_event
from eventmock.migration.invocations import BUSES
from eventmock.migration.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.event.event import Event
    from eventmock.history.delivery import Delivery
    from eventmock.migration.plan import Migration
    from eventmock.migration.proposal import Aspect, Proposal
    from eventmock.migration.trial import Ran

_MOST_SHOWN: Final = 3
_LONGEST: Final = 400
_JITTER: Final = 0.1
"""The part by which the attempts of two deliveries with the same policy differ."""
_FEW: Final = 20
"""The most attempts that do not differ by the jitter."""
_TRANSIENT: Final = "THROTTLING"
_PERMANENT: Final = "NO_PERMISSIONS"


class Difference(NamedTuple):
    """What differs for one event and one target.

    Attributes:
        aspect: What it is about, as in a note of the plan.
        text: What differs, in words.
        classic: What the target gets from the rule; empty if the words say all.
        subscriber: What it gets from the subscriber; empty if the words say all.
        is_announced: Whether a note of the plan says so.
        is_loss: Whether the target got the event from the rule, and does not get it from the subscriber.
    """

    aspect: Aspect
    text: str
    classic: str = ""
    subscriber: str = ""
    is_announced: bool = False
    is_loss: bool = False


class Outcome(NamedTuple):
    """What one event is for one target.

    Attributes:
        event: The event in words, such as ``event 2, Order Paid from shop``.
        proposal: The rule and the target, with what is proposed.
        is_delivered: Whether the target got it from the rule.
        differences: What differs; empty if the target gets the same.
    """

    event: str
    proposal: Proposal
    is_delivered: bool
    differences: Sequence[Difference]


class Failing(NamedTuple):
    """What becomes of an event whose target fails.

    Attributes:
        proposal: The rule and the target, with what is proposed.
        attempts: The attempts of the rule and of the subscriber if the target is throttled.
        attempts_if_refused: The attempts of both if the target refuses the call, which Classic does not try again.
        dead_letters: How many messages the dead-letter queue got of the rule and of the subscriber.
    """

    proposal: Proposal
    attempts: tuple[int, int]
    attempts_if_refused: tuple[int, int]
    dead_letters: tuple[int, int]


@dataclass(frozen=True, repr=False)
class Comparison:
    """What differs between the rules of a Classic bus and the proposed subscribers, for some events.

    ``str()`` of it is a report.

    Attributes:
        migration: The migration.
        outcomes: What each event is for each target, in the order of the events.
        refused: AWS's refusals of proposed subscribers, by their name.
    """

    migration: Migration
    outcomes: Sequence[Outcome]
    refused: Mapping[str, str]
    _tried: Sequence[tuple[Proposal, Event]]

    @classmethod
    def of(
        cls, migration: Migration, events: Sequence[Mapping[str, Any] | str], titles: Sequence[str] = ()
    ) -> Comparison:
        """Run events through both; see `Migration.compare`."""
        __tracebackhide__ = True
        if not events:
            raise OptionError(
                "migration.compare(): there is no event: wanted entries of PutEvents, or events"
            )
        trial = Trial(migration)
        titles = titles or [f"event {number}" for number in range(1, len(events) + 1)]
        read = [given_event(trial.state, one, title) for one, title in zip(events, titles, strict=True)]
        outcomes: list[Outcome] = []
        first: dict[str, tuple[Proposal, int]] = {}
        for number, (name, event) in enumerate(zip(titles, read, strict=True)):
            title = f"{name}, {event.detail_type} from {event.source}"
            ran = trial.run(event)
            for proposal in migration.proposals:
                outcome = _outcome(title, proposal, ran, trial.refused)
                if outcome is None:
                    continue
                outcomes.append(outcome)
                if outcome.is_delivered and not any(one.is_loss for one in outcome.differences):
                    first.setdefault(proposal.name, (proposal, number))
        tried = [(proposal, read[place]) for proposal, place in first.values()]
        return cls(migration, tuple(outcomes), trial.refused, tried)

    @cached_property
    def failing(self) -> Sequence[Failing]:
        """What becomes of an event whose target fails, for each target that gets one on both sides.

        It is found out when it is first asked for: the events run again, with targets that fail for a day.
        """
        return _failing(self.migration, self._tried)

    @property
    def lost(self) -> list[Outcome]:
        """The outcomes in which the target got the event from the rule, and does not get it from a subscriber."""
        return [one for one in self.outcomes if any(each.is_loss for each in one.differences)]

    @property
    def unannounced(self) -> list[Outcome]:
        """The outcomes with a difference of which no note of the plan speaks."""
        return [one for one in self.outcomes if any(not each.is_announced for each in one.differences)]

    @property
    def differing(self) -> list[Outcome]:
        """The outcomes with a difference, announced or not."""
        return [one for one in self.outcomes if one.differences]

    @property
    def is_safe(self) -> bool:
        """Whether no event is lost, no difference is unannounced, and AWS takes all proposed subscribers."""
        return not self.lost and not self.unannounced and not self.refused

    @property
    def verdict(self) -> str:
        """How many targets get the same from the rules and from the subscribers, in words."""
        return _Report(self).verdict()

    def assert_safe(self) -> None:
        """Check that no event is lost, that the plan announces all differences, and that AWS takes its subscribers.

        Raises:
            AssertionError: An event is lost, a difference is not announced, or AWS refuses a subscriber; the text is
                the report.
        """
        __tracebackhide__ = True
        if not self.is_safe:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        return "\n".join(_Report(self).lines())

    def __repr__(self) -> str:
        return f"<Comparison: {self.verdict}>"


def _outcome(title: str, proposal: Proposal, ran: Ran, refused: Mapping[str, str]) -> Outcome | None:
    """Return what an event is for a target; None for a proposal about a rule without targets."""
    if proposal.target_id is None:
        return None
    classic = ran.classic.get((proposal.rule_name, proposal.target_id))
    name = "" if proposal.request is None else proposal.request["Name"]
    custom = ran.custom.get(name)
    why_not, why_not_custom = _failure(classic), _failure(custom)
    is_delivered = classic is not None and why_not is None
    found: list[Difference] = []
    if is_delivered and custom is None:
        why = refused.get(name)
        if why is not None:
            found.append(_lost(proposal, "nothing", f"AWS refuses the subscriber: {why}"))
        elif proposal.request is None:
            found.append(_lost(proposal, "nothing", "no subscriber takes the place of the target"))
        else:
            found.append(
                _lost(proposal, "matching", "the rule matches, and the filters of the subscriber do not")
            )
    elif is_delivered and why_not_custom is not None:
        found.append(_lost(proposal, "body", f"the subscriber delivers nothing: {why_not_custom}"))
    elif custom is not None and classic is None:
        found.append(
            _other(proposal, "matching", "the filters of the subscriber match, and the rule does not")
        )
    elif custom is not None and not is_delivered and why_not_custom is None:
        text = f"Classic delivers nothing, and the subscriber delivers: {why_not}"
        found.append(_other(proposal, "body", text, "(nothing)", custom.body))
    elif classic is not None and custom is not None and why_not is None:
        found += _differences(proposal, classic, custom)
    return Outcome(title, proposal, is_delivered, tuple(found))


def _failure(delivery: Delivery | None) -> str | None:
    """Return why a delivery does not reach its target; None if it does. Buses that are targets always take it."""
    if delivery is None:
        return None
    if delivery.input_error is not None:
        return delivery.input_error
    kind = delivery.target.kind
    if not delivery.attempts or (kind is not None and kind.name in BUSES):
        return None
    return delivery.attempts[-1].error


def _lost(proposal: Proposal, aspect: Aspect, text: str) -> Difference:
    return Difference(aspect, text, is_announced=proposal.announces(aspect), is_loss=True)


def _other(
    proposal: Proposal, aspect: Aspect, text: str, classic: str = "", subscriber: str = ""
) -> Difference:
    return Difference(aspect, text, classic, subscriber, is_announced=proposal.announces(aspect))


def _differences(proposal: Proposal, classic: Delivery, custom: Delivery) -> Iterator[Difference]:
    """Yield what differs between what a target gets of both."""
    ours, theirs = taken_apart(_last_request(classic)), taken_apart(_last_request(custom))
    one = classic.body if ours.body is None else ours.body
    other = custom.body if theirs.body is None else theirs.body
    is_body = ours.body is not None or not ours.parts
    if is_body and one != other:
        a, b = _value(one), _value(other)
        if a is _NO_JSON or b is _NO_JSON:
            yield _other(proposal, "body", "the target gets another text", one, other)
        else:
            for path, left, right in list(_differing(a, b))[:_MOST_SHOWN]:
                yield _other(proposal, "body", f"{path or 'the whole'} is another value", left, right)
    for name in sorted({*ours.parts, *theirs.parts}):
        rule, subscriber = ours.parts.get(name), theirs.parts.get(name)
        if rule != subscriber:
            text = f"the call has another {name}"
            yield _other(proposal, "call", text, _shown(rule), _shown(subscriber))


def _last_request(delivery: Delivery) -> Any:
    return delivery.attempts[-1].request if delivery.attempts else None


_NO_JSON: Final = object()


class _Written(str):
    """A number as it is written."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and (
            str.__eq__(self, other) or json.loads(self) == json.loads(other)
        )

    def __hash__(self) -> int:
        return hash(json.loads(self))


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_Written, parse_float=_Written)
    except (ValueError, RecursionError):
        return _NO_JSON


def _differing(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the paths at which two JSON values differ, with both values as texts."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            deeper = f"{path}.{name}" if path else name
            if name not in one or name not in other:
                a, b = (_json(each[name]) if name in each else "(nothing)" for each in (one, other))
                yield deeper, a, b
            else:
                yield from _differing(one[name], other[name], deeper)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _differing(a, b, f"{path}[{number}]")
    elif type(one) is not type(other) or one != other:
        yield path, _json(one), _json(other)


def _json(value: Any) -> str:
    if isinstance(value, _Written):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_json(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _shown(value: Any) -> str:
    if value is None:
        return "(nothing)"
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _failing(migration: Migration, tried: Sequence[tuple[Proposal, Event]]) -> Sequence[Failing]:
    """Return what becomes of events whose targets fail, by running each again."""
    if not tried:
        return ()
    counts: list[list[tuple[int, int]]] = []
    letters: list[tuple[int, int]] = []
    for code in (_TRANSIENT, _PERMANENT):
        trial = Trial(migration, is_shaped=False)
        trial.let_fail(code, [proposal for proposal, _ in tried])
        ran = {id(event): trial.run(event) for event in dict.fromkeys(event for _, event in tried)}
        trial.wait()
        pairs = []
        for proposal, event in tried:
            assert proposal.request is not None
            assert proposal.target_id is not None
            both = (
                ran[id(event)].classic[proposal.rule_name, proposal.target_id],
                ran[id(event)].custom[proposal.request["Name"]],
            )
            pairs.append((len(both[0].attempts), len(both[1].attempts)))
            letters.append((int(both[0].dead_letter is not None), int(both[1].dead_letter is not None)))
        counts.append(pairs)
    return tuple(
        Failing(proposal, counts[0][place], counts[1][place], letters[place])
        for place, (proposal, _) in enumerate(tried)
    )


class _Report:
    """The report of a comparison.

    Args:
        comparison: The comparison.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._proposals = [one for one in comparison.migration.proposals if one.target_id is not None]
        self._by_target: dict[int, list[Outcome]] = {id(one): [] for one in self._proposals}
        for outcome in comparison.outcomes:
            self._by_target[id(outcome.proposal)].append(outcome)

    def _has(self, proposal: Proposal, what: str) -> bool:
        outcomes = self._by_target[id(proposal)]
        if what == "tried":
            return any(one.is_delivered or one.differences for one in outcomes)
        return any(
            each.is_loss if what == "lost" else not each.is_loss
            for one in outcomes
            for each in one.differences
        )

    def verdict(self) -> str:
        """Return the first line."""
        count = len(self._proposals)
        lost = [one for one in self._proposals if self._has(one, "lost")]
        differing = [one for one in self._proposals if self._has(one, "other") and one not in lost]
        untried = [one for one in self._proposals if not self._has(one, "tried")]
        same = count - len(lost) - len(differing) - len(untried)
        parts = [f"{same} of {_counted(count, 'target')} {'gets' if same == 1 else 'get'} the same"]
        parts += [f"{len(lost)} would lose events"] if lost else []
        parts += [f"{len(differing)} {'differs' if len(differing) == 1 else 'differ'}"] if differing else []
        parts += [f"{len(untried)} {'was' if len(untried) == 1 else 'were'} not tried"] if untried else []
        return "; ".join(parts)

    def lines(self) -> Iterator[str]:
        """Yield the lines: the verdict, what is lost, what differs, what fails otherwise, what is to do."""
        comparison = self._comparison
        events = len({one.event for one in comparison.outcomes})
        yield f"{self.verdict()} ({_counted(events, 'event')})"
        for proposal in sorted(self._proposals, key=lambda one: not self._has(one, "lost")):
            if self._has(proposal, "lost") or self._has(proposal, "other"):
                yield ""
                yield from self._about(proposal)
        untried = [one for one in self._proposals if not self._has(one, "tried")]
        if untried:
            yield ""
            yield "not tried, since none of the events came to the target:"
            yield from (f"  {one.name}" for one in untried)
        if comparison.failing:
            yield ""
            yield "if a target fails:"
            yield from self._about_failures()
        to_do = self._to_do()
        if to_do:
            yield ""
            yield "to do:"
            for text, names in to_do.items():
                yield f"  {text}"
                if names:
                    yield f"    {', '.join(names)}"

    def _to_do(self) -> dict[str, list[str]]:
        """Return what is to do, each with the targets for which it is to do; without any if it is for the bus."""
        migration = self._comparison.migration
        found: dict[str, list[str]] = {note.text: [] for note in migration.notes if note.aspect == "do"}
        for proposal in migration.proposals:
            for note in proposal.notes:
                if note.aspect == "do" or (note.aspect == "nothing" and proposal.target_id is None):
                    found.setdefault(note.text, []).append(proposal.name)
        return found

    def _about(self, proposal: Proposal) -> Iterator[str]:
        outcomes = [one for one in self._by_target[id(proposal)] if one.differences]
        yield f"{proposal.name}: {'loses events' if self._has(proposal, 'lost') else 'differs'}"
        for note in proposal.notes:
            if note.aspect == "nothing":
                yield f"  {note}"
        grouped: dict[tuple[str, bool], list[tuple[Outcome, Difference]]] = {}
        for outcome in outcomes:
            for one in outcome.differences:
                grouped.setdefault((one.text, one.is_announced), []).append((outcome, one))
        for (text, is_announced), found in grouped.items():
            outcome, difference = found[0]
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield f"  {outcome.event}{more}: {text}{'' if is_announced else '; the plan does not say so'}"
            if difference.classic or difference.subscriber:
                yield f"    rule:       {_cut(difference.classic)}"
                yield f"    subscriber: {_cut(difference.subscriber)}"

    def _about_failures(self) -> Iterator[str]:
        """Yield lines about each way in which targets fail, below the targets of which they are true."""
        said: dict[tuple[str, ...], list[str]] = {}
        for one in self._comparison.failing:
            text = (
                f"throttled: {_both(*one.attempts)}",
                f"refused: {_both(*one.attempts_if_refused)}",
                "given up: the dead-letter queue gets the event from the rule, and its id only from the subscriber"
                if all(one.dead_letters)
                else "given up: the event is gone",
            )
            said.setdefault(text, []).append(one.proposal.name)
        for lines, names in said.items():
            yield f"  {', '.join(names)}"
            yield from (f"    {line}" for line in lines)


def _both(rule: int, subscriber: int) -> str:
    """Return the attempts of both in words. They vary a little from event to event, since a back-off has a jitter."""
    if abs(rule - subscriber) <= max(rule, subscriber) * _JITTER:
        return f"{_about(max(rule, subscriber))} on both sides"
    return f"{_about(rule)} of the rule, {_about(subscriber).rpartition(' ')[0]} of the subscriber"


def _about(attempts: int) -> str:
    if attempts <= _FEW:
        return _counted(attempts, "attempt")
    return f"about {round(attempts, -1)} attempts"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _cut(text: str) -> str:
    """Return a text in one line, not longer than reports show it."""
    text = text.replace("\n", "\\n")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
