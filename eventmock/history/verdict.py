"""Verdicts: whether each rule of a bus matches an event, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventmock.history.records import Records

if TYPE_CHECKING:
    from eventmock.pattern import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of one rule for an event.

    Attributes:
        rule_name: The name of the rule.
        rule_arn: The ARN of the rule.
        matched: Whether the rule matches the event.
        why: The first reason for which the rule does not match, in one line; ``matches`` if it matches.
        explanation: The wanted and the actual value of each field of the pattern, also if the rule is disabled. None
            for a rule without a pattern.
    """

    rule_name: str
    rule_arn: str
    matched: bool
    why: str
    explanation: Explanation | None = field(default=None, repr=False)

    @property
    def distance(self) -> float:
        """The number of fields of the pattern that the event does not satisfy; infinite if there is no pattern."""
        if self.explanation is None:
            return math.inf
        unmet = sum(not explained.satisfied for explained in self.explanation.fields)
        return unmet or not self.explanation.matched

    def __str__(self) -> str:
        return f"{self.rule_name}: {self.why}"


class Verdicts(Records[Verdict]):
    """The verdicts of all rules of a bus, in order of their names. As text, each has a line."""

    def __str__(self) -> str:
        width = max((len(verdict.rule_name) for verdict in self), default=0)
        return (
            "\n".join(f"{verdict.rule_name:<{width}}  {verdict.why}" for verdict in self)
            or "there are no rules"
        )
