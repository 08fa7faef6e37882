"""What happened, as text: one line a fact, AWS's names, the value found before the value wanted.

The text is the same in every run but for the times, so a test may compare it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from eventmock.backend.report.misses import Misses
from eventmock.history.incident import Incident
from eventmock.history.received_event import ReceivedEvent
from eventmock.history.wording import printable
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.backend.report.report import Report
    from eventmock.history.delivery import Delivery
    from eventmock.history.traced_rule import TracedRule

NEAREST: Final = 2
"""Where there is no room for all, so many rules that did not match are shown."""

_INDENT: Final = " " * 12
_REST: Final = "... for what came before: print(events_backend.report()), or pytest --eventmock-trace=all"
_LONGEST_LINE: Final = 1_000
_ACTIONS: Final = {
    "PutEvents": "PutEvents",
    "PutPartnerEvents": "PutPartnerEvents",
    "bus": "forwarded",
    "schedule": "fired",
    "replay": "replayed",
}
_CALLS: Final = {
    name: f"{name} still reported success, as AWS does" for name in ("PutEvents", "PutPartnerEvents")
}


@dataclass(frozen=True, slots=True)
class TextView:
    """A report as text.

    Attributes:
        report: Of which.
    """

    report: Report
    _misses: Misses = field(default_factory=Misses)

    def text(self, max_lines: int | None = None) -> str:
        """All of it, or as much as there is room for.

        Args:
            max_lines: The most lines: of rules that did not match the nearest are kept then, of all the last, and it
                is said that there are more; None for all.
        """
        told, moment = self._told(), self._moment()
        if max_lines is None or sum(map(_least, told)) <= max_lines:
            lines = [line for one in told for line in self._paragraph(one, moment).lines()]
            if max_lines is None or len(lines) <= max_lines:
                return "\n".join(map(printable, lines))
        kept: list[str] = []
        for one in reversed(told):
            kept[:0] = self._paragraph(one, moment).lines(NEAREST)
            if len(kept) > max_lines:
                kept = [_REST, *kept[-max_lines + 1 :]]
                break
        return "\n".join(_cut(printable(line)) for line in kept)

    def _told(self) -> list[ReceivedEvent | Incident | str]:
        """What is told of, in order: events, incidents, and lines."""
        told: list[ReceivedEvent | Incident | str] = (
            [] if self.report.ledger.received else ["no event was put"]
        )
        told += [one for one, _ in self.report.ledger.journal if isinstance(one, (ReceivedEvent, Incident))]
        told += [f"{_INDENT}refused to let out {request}" for request in self.report.ledger.refused_requests]
        told += [f"{_INDENT}hit nothing: {fault}" for fault in self.report.idle_faults]
        if self.report.forks:
            told.append(
                f"{_INDENT}processes forked inside the mock: {self.report.forks}; what they put stays in them"
            )
        return told

    def _moment(self) -> str:
        """How times are told: with the day if there are several."""
        told = (one for one, _ in self.report.ledger.journal if isinstance(one, (ReceivedEvent, Incident)))
        return "%H:%M:%S" if len({one.time.date() for one in told}) < 2 else "%Y-%m-%d %H:%M:%S"

    def _paragraph(self, one: ReceivedEvent | Incident | str, moment: str) -> _Paragraph:
        if isinstance(one, ReceivedEvent):
            return self._of_event(one, moment)
        return _Paragraph(one if isinstance(one, str) else f"{one.time:{moment}}  {one}")

    def _of_event(self, event: ReceivedEvent, moment: str) -> _Paragraph:
        place = "" if event.region == self.report.region else f" in {event.region}"
        if event.account != self.report.account:
            place += f" of {event.account}"
        count = len(event.rules)
        rules = (
            "" if event.envelope is None or event.dropped else f"   {count} rule{'' if count == 1 else 's'}"
        )
        action = _ACTIONS[event.origin]
        paragraph = _Paragraph(f'{event.time:{moment}}  {action:<9}  {event} on "{event.bus}"{place}{rules}')
        if event.refused is not None:
            hint = [] if event.hint is None else [event.hint]
            paragraph.after = [f"refused: {event.refused}", *hint]
            return paragraph
        if event.hint is not None:
            paragraph.after.append(event.hint)
        width = max((len(rule.name) for rule in event.rules), default=0)
        paragraph.matches = [
            line for rule in event.matching for line in _of_match(rule, event, f"{rule.name:<{width}}")
        ]
        if event.envelope is not None:
            _, missed = self._misses.judge(event)
            paragraph.misses = [
                (f"{rule.name:<{width}}  no match   {verdict.why}", verdict.distance)
                for rule, verdict in missed
            ]
            paragraph.more_misses = len(event.rules) - len(event.matching) - len(missed)
        if event.dropped is not None:
            paragraph.after.append(f"dropped: {event.dropped}")
        paragraph.after += self.report.elsewhere.lines(event)
        if not event.deliveries and event.origin in _CALLS:
            nothing = "nothing was delivered; " if event.dropped is None else ""
            paragraph.after.append(nothing + _CALLS[event.origin])
        return paragraph


def _least(one: ReceivedEvent | Incident | str) -> int:
    """How many lines there are at least, where there is room for all."""
    return 1 + len(one.rules) if isinstance(one, ReceivedEvent) else 1


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}... ({len(line):,} characters)"


@dataclass(slots=True)
class _Paragraph:
    """What is told of one thing that happened.

    Attributes:
        head: The first line.
        matches: Of rules that matched.
        misses: Of rules that did not, and how far they were from it.
        more_misses: How many more rules did not.
        after: What follows.
    """

    head: str
    matches: list[str] = field(default_factory=list)
    misses: list[tuple[str, float]] = field(default_factory=list)
    more_misses: int = 0
    after: list[str] = field(default_factory=list)

    def lines(self, nearest: int | None = None) -> list[str]:
        """The lines. Of the rules that did not match, all that have a line, or only so many of the nearest."""
        kept = sorted(range(len(self.misses)), key=lambda place: self.misses[place][1])[:nearest]
        misses = [self.misses[place][0] for place in sorted(kept)]
        left_out = len(self.misses) - len(misses) + self.more_misses
        if left_out:
            misses.append(f"... and {left_out} more rule{'s' * (left_out > 1)} did not match")
        return [self.head, *(_INDENT + line for line in [*self.matches, *misses, *self.after])]


def _of_match(rule: TracedRule, event: ReceivedEvent, name: str) -> Iterator[str]:
    deliveries = [delivery for delivery in event.deliveries if delivery.rule_arn == rule.arn]
    for delivery in deliveries:
        yield f"{name}  match      -> {arn_name(delivery.target_arn)}   {delivery.outcome}"
        nowhere = delivery.target.input_shape.dead_ends(delivery.envelope.text)
        nowhere += [] if delivery.target.parsed is None else delivery.invocation.dead_ends()
        notes = [f"{one} leads nowhere in the event" for one in nowhere]
        if delivery.input_error is not None:
            notes.append(f"rendered: {_shortened(delivery)}")
        yield from (f"{' ' * len(name)}             {note}" for note in notes)
    if not deliveries:
        under_way = f"; {rule.under_way}" if rule.under_way else ""
        where = (
            f"but the rule has no targets{under_way}" if rule.feeds is None else f"-> archive {rule.feeds}"
        )
        yield f"{name}  match      {where}"


def _shortened(delivery: Delivery) -> str:
    return delivery.body if len(delivery.body) <= 100 else f"{delivery.body[:100]}..."
