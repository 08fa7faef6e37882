"""A rule of an event bus, and the timer of its schedule: the records. The operations are in `rules`."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from eventmock.history.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.pattern import Pattern, ReadEvent
    from eventmock.schedule import Cron, Rate
    from eventmock.services.events.target import Target


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timer:
    """A schedule that runs for one rule of a default bus; another timer, another run.

    Attributes:
        account_id: Whose rule it is.
        region: Where.
        rule_name: The rule.
        schedule: The schedule.
        first: Its first firing, aware, from which a rate counts; None if it never fires.
    """

    account_id: str
    region: str
    rule_name: str
    schedule: Rate | Cron
    first: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A rule as it stands; a change makes a new one.

    Attributes:
        name: Its name, unique on its bus.
        arn: Its ARN, which holds the bus's name unless that is the default bus.
        event_bus_name: The bus it is on.
        created_by: The account that put it.
        event_pattern: The pattern's text as it was given.
        pattern: The same, compiled.
        targets: By id.
        tags: Key to value.
        managed_by: The AWS service that it belongs to, if any.
        archive_name: The archive whose own rule it is, if it is one.
        feeds: The same, unless the rule's target was removed by force.
        replicates: The ARN of the global endpoint whose events it replicates, if it is an endpoint's own rule.
        timer: Lets it fire by its schedule; None while it is disabled.
        is_in_effect: Whether it has taken effect, see `Delays.propagation`.
        under_way: The change of it that is not in effect yet, in words; None if there is none.
    """

    name: str
    arn: str
    event_bus_name: str
    created_by: str
    state: str = "ENABLED"
    event_pattern: str | None = None
    pattern: Pattern | None = None
    schedule_expression: str | None = None
    description: str | None = None
    role_arn: str | None = None
    managed_by: str | None = None
    archive_name: str | None = None
    feeds: str | None = None
    replicates: str | None = None
    timer: Timer | None = None
    is_in_effect: bool = True
    under_way: str | None = None
    targets: Mapping[str, Target] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", MappingProxyType(dict(self.targets)))
        object.__setattr__(self, "tags", MappingProxyType(dict(self.tags)))

    @property
    def rule_arn(self) -> str:
        """What PutRule calls the ARN."""
        return self.arn

    @property
    def is_users_own(self) -> bool:
        """Whether a user made it, and no archive, global endpoint or other AWS service."""
        return self.managed_by is None

    @property
    def live_pattern(self) -> Pattern | None:
        """The pattern that events are matched against: none while the rule is disabled."""
        return None if self.state == "DISABLED" else self.pattern

    def verdict(self, event: ReadEvent) -> Verdict:
        """What becomes of an event at the rule, and why."""
        if not self.is_in_effect:
            why = f"did not see it: {self.under_way}"
            return Verdict(rule_name=self.name, rule_arn=self.arn, matched=False, why=why)
        if self.pattern is None:
            explanation = None
            why = f"the rule has no pattern, only the schedule {self.schedule_expression}"
        else:
            explanation = self.pattern.explain(event)
            why = "matches" if explanation.matched else str(explanation)
        if self.state == "DISABLED":
            fits = explanation is not None and explanation.matched
            why = f"the rule is DISABLED; {'its pattern ' * fits}{why}"
        if self.under_way is not None:
            why = f"{why}; {self.under_way}"
        return Verdict(
            rule_name=self.name,
            rule_arn=self.arn,
            matched=self.state != "DISABLED" and explanation is not None and explanation.matched,
            why=why,
            explanation=explanation,
        )
