"""Verdicts: whether each rule, or each subscriber, of a bus matches an event, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TYPE_CHECKING, Final, Self

from eventmock.exceptions import OptionError
from eventmock.history.records import Records
from eventmock.history.wording import in_words, printable
from eventmock.options import check_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from eventmock.pattern import Explanation

MOST_FIELDS: Final = 10
"""The most fields of a rule in the text of a failed assertion."""
MOST_REASONS: Final = 3
"""The most rules of which the text of a failed assertion has the reason for not matching."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of one rule, or of one subscriber of a custom event bus, for an event.

    Attributes:
        rule_name: The name of the rule or subscriber.
        rule_arn: The ARN of the rule or subscriber.
        matched: Whether the rule matches the event.
        why: The first reason for which the rule does not match, in one line; ``matches`` if it matches.
        explanation: The wanted and the actual value of each field of the pattern, also if the rule is disabled. None
            for a rule without a pattern.
        managed_by: The principal of the AWS service that manages the rule; None for a rule of the user's own. A managed
            rule is not a consumer of the event.
        archive: The name of the archive that the rule feeds; None if it is not the rule of an archive.
        noun: ``rule`` or ``subscriber``.
    """

    rule_name: str
    rule_arn: str
    matched: bool
    why: str
    explanation: Explanation | None = field(default=None, repr=False)
    managed_by: str | None = None
    archive: str | None = None
    noun: str = field(default="rule", repr=False)

    @property
    def subscriber_name(self) -> str | None:
        """The name of the subscriber; None for a rule."""
        return self.rule_name if self.noun == "subscriber" else None

    @property
    def subscriber_arn(self) -> str | None:
        """The ARN of the subscriber; None for a rule."""
        return self.rule_arn if self.noun == "subscriber" else None

    @property
    def distance(self) -> float:
        """The number of fields of the pattern that the event does not satisfy; infinite if there is no pattern."""
        if self.explanation is None:
            return math.inf
        unmet = sum(not explained.satisfied for explained in self.explanation.fields)
        return unmet or not self.explanation.matched

    @property
    def owner(self) -> str | None:
        """The owner of a managed rule, in words, such as ``rule of archive orders``; None for a rule of the user's."""
        if self.archive is not None:
            return f"rule of archive {self.archive}"
        return None if self.managed_by is None else f"managed by {self.managed_by}"

    def __str__(self) -> str:
        owner = "" if self.owner is None else f" ({self.owner})"
        return f"{self.rule_name}{owner}: {self.why}"


class Verdicts(Records[Verdict]):
    """The verdicts of all rules, or subscribers, of a bus, in order of their names. As text, each has a line.

    What the methods say of rules holds for the subscribers of a custom event bus, too.

    Args:
        verdicts: The verdicts.
        event: The event in words, such as ``order from shop``.
        bus: The name of the bus.
        elsewhere: Returns words for the other buses that have a rule of a name; empty if there are none. None if no
            other buses are known.
        noun: What the verdicts are of: ``rule`` or ``subscriber``.
    """

    def __init__(
        self,
        verdicts: Iterable[Verdict],
        *,
        event: str = "the event",
        bus: str = "default",
        elsewhere: Callable[[str], str] | None = None,
        noun: str = "rule",
    ) -> None:
        super().__init__(verdicts)
        self._event = event
        self._bus = bus
        self._elsewhere = elsewhere
        self._noun = noun

    @property
    def consumers(self) -> Verdicts:
        """The verdicts of the rules that match and that a user made. An archive's rule is not a consumer."""
        return self._like(verdict for verdict in self if verdict.matched and verdict.managed_by is None)

    def assert_matches(self, *rules: str) -> None:
        """Check that rules match the event.

        Args:
            *rules: Names or ARNs of rules that all have to match; without any, at least one rule that a user made has
                to match.

        Raises:
            AssertionError: A rule does not match; the error's text has the reasons.
            OptionError: The bus has no rule of a given name.
        """
        __tracebackhide__ = True
        missing = [verdict for verdict in self._named("assert_matches", rules) if not verdict.matched]
        if missing:
            raise AssertionError(self._not_matched(missing))
        if not rules and not self.consumers:
            raise AssertionError(self._without_a_consumer())

    def assert_matches_only(self, *rules: str) -> None:
        """Check that rules match the event, and no other rule that a user made.

        Args:
            *rules: Names or ARNs of the rules.

        Raises:
            AssertionError: A rule does not match, or another rule does; the error's text has the rules.
            OptionError: No rule is given, or the bus has no rule of a given name.
        """
        __tracebackhide__ = True
        if not rules:
            raise OptionError(
                f"assert_matches_only(): wanted a {self._noun}; for none say assert_matches_nothing()"
            )
        named = self._named("assert_matches_only", rules)
        missing = [verdict for verdict in named if not verdict.matched]
        if missing:
            raise AssertionError(self._not_matched(missing))
        others = [verdict.rule_name for verdict in self.consumers if verdict not in named]
        if others:
            wanted = in_words([verdict.rule_name for verdict in named])
            raise AssertionError(
                printable(f"{self._subject} also matches {in_words(others)}, wanted only {wanted}")
            )

    def assert_matches_nothing(self) -> None:
        """Check that no rule that a user made matches the event. The rules of archives may match.

        Raises:
            AssertionError: A rule matches; the error's text has its name.
        """
        __tracebackhide__ = True
        found = [verdict.rule_name for verdict in self.consumers]
        if found:
            raise AssertionError(
                printable(f"{self._subject} matches {in_words(found)}, wanted no {self._noun}")
            )

    @property
    def _subject(self) -> str:
        return f'{self._event} on "{self._bus}"'

    def _named(self, call: str, rules: Sequence[str]) -> list[Verdict]:
        """Return the verdicts of rules that a test names.

        Raises:
            OptionError: The bus has no such rule.
        """
        __tracebackhide__ = True
        for name in rules:
            known = [
                verdict.rule_arn if str(name).startswith("arn:") else verdict.rule_name for verdict in self
            ]
            what = f'{call}({name!r}): there is no such {self._noun} on "{self._bus}"'
            other = "" if name in known or self._elsewhere is None else self._elsewhere(name)
            if other:
                raise OptionError(f"{what}. {other}")
            if not known:
                raise OptionError(f"{what}: it has no {self._noun}s")
            check_known(what, name, known)
        return [verdict for verdict in self if not {verdict.rule_name, verdict.rule_arn}.isdisjoint(rules)]

    def _not_matched(self, missing: Sequence[Verdict]) -> str:
        names = in_words([verdict.rule_name for verdict in missing])
        matched = in_words([verdict.rule_name for verdict in self.consumers])
        also = f"; it matches {matched}" if matched else ""
        lines = [f"{self._subject} does not match {names}{also}"]
        for verdict in missing:
            fields = () if verdict.explanation is None else verdict.explanation.fields
            unmet = [str(field) for field in fields if not field.satisfied][1:MOST_FIELDS]
            lines += [f"  {verdict}", *(f"    {reason}" for reason in unmet)]
        return "\n".join(map(printable, lines))

    def _without_a_consumer(self) -> str:
        own = [verdict for verdict in self if verdict.managed_by is None]
        kept = in_words([verdict.archive for verdict in self if verdict.matched and verdict.archive])
        lines = [f"{self._subject} matches no {self._noun}" + (f"; archive {kept} keeps it" if kept else "")]
        lines += [f"  {verdict}" for verdict in nsmallest(MOST_REASONS, own, key=lambda one: one.distance)]
        if not own:
            lines.append(
                f'  there are no {self._noun}s on "{self._bus}"' + (" but managed ones" if self else "")
            )
        elif len(own) > MOST_REASONS:
            lines.append(f"  and {len(own) - MOST_REASONS} more")
        return "\n".join(map(printable, lines))

    def _like(self, records: Iterable[Verdict]) -> Self:
        return type(self)(
            records, event=self._event, bus=self._bus, elsewhere=self._elsewhere, noun=self._noun
        )

    def __str__(self) -> str:
        width = max((len(verdict.rule_name) for verdict in self), default=0)
        return (
            "\n".join(
                f"{verdict.rule_name:<{width}}  {'; '.join(filter(None, (verdict.owner, verdict.why)))}"
                for verdict in self
            )
            or f'there are no {self._noun}s on "{self._bus}"'
        )
