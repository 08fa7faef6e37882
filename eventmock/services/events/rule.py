"""The record of a rule of an event bus. The operations are in `rules`."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from eventmock.event.event import API_CALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.history.verdict import Verdict
    from eventmock.pattern import Pattern, ReadEvent
    from eventmock.services.events.target import Target
    from eventmock.services.events.timer import Timer


CLOUDTRAIL_STATE: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
"""The state of a rule that also sees the calls that only read, of which CloudTrail sends events."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A rule of an event bus.

    A record is immutable. A change of the rule replaces its record by a new one.

    Attributes:
        name: The name of the rule, unique on its bus.
        arn: The ARN of the rule, which contains the name of the bus, except for the default bus.
        event_bus_name: The name of the bus.
        created_by: The id of the account that put the rule.
        state: ``ENABLED``, ``DISABLED`` or ``ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS``.
        event_pattern: The text of the pattern; None if the rule has no pattern.
        pattern: The compiled pattern; None if the rule has no pattern.
        schedule_expression: The text of the schedule; None if the rule has no schedule.
        description: The description; None if there is none.
        role_arn: The ARN of the role; None if there is none.
        managed_by: The principal of the AWS service that manages the rule; None for a user's rule.
        archive_name: The name of the archive, if the rule is an archive's managed rule; else None.
        feeds: The name of the archive that the rule sends events to. It differs from ``archive_name`` after the rule's
            target was removed by force; then it is None.
        replicates: The ARN of the global endpoint, if the rule is an endpoint's managed rule; else None.
        event_source: The ARN of the event source of a custom event bus, if the rule is its managed rule; else None.
        timer: The timer of the schedule; None if the rule is disabled or has no schedule.
        is_in_effect: Whether the rule has taken effect, see `Delays.propagation`.
        under_way: A description of the change of the rule that is not in effect yet; None if there is none.
        targets: The targets by id.
        tags: The values of the tags, by key.
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
    event_source: str | None = None
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
        """The ARN, by its name in the answer of PutRule."""
        return self.arn

    @property
    def identity(self) -> str:
        """What coverage and mutants know a rule by: its pattern and schedule. Many tests make the name up."""
        return " ".join(filter(None, (self.event_pattern, self.schedule_expression)))

    @property
    def is_users_own(self) -> bool:
        """Whether a user made the rule. Managed rules, such as those of archives, belong to an AWS service."""
        return self.managed_by is None

    @property
    def live_pattern(self) -> Pattern | None:
        """The pattern that events are matched against; None if the rule is disabled or has no pattern."""
        return None if self.state == "DISABLED" else self.pattern

    @property
    def sees_read_calls(self) -> bool:
        """Whether the rule sees the events of management calls that only read, which CloudTrail sends."""
        return self.state == CLOUDTRAIL_STATE

    def verdict(self, event: ReadEvent) -> Verdict:
        """Return whether the rule matches an event, and why."""
        if not self.is_in_effect:
            why = f"did not see it: {self.under_way}"
            return self._verdict(matched=False, why=why)
        if self.pattern is None:
            explanation = None
            why = (
                f"the rule has no pattern, only the schedule {self.schedule_expression}{self._about_schedule}"
            )
        else:
            explanation = self.pattern.explain(event)
            why = "matches" if explanation.matched else str(explanation)
        if self.state == "DISABLED":
            fits = explanation is not None and explanation.matched
            why = f"the rule is DISABLED; {'its pattern ' * fits}{why}"
        is_matched = self.state != "DISABLED" and explanation is not None and explanation.matched
        if is_matched and not self.sees_read_calls and event.members.get("detail-type") == API_CALL:
            from eventmock.aws_events.cloudtrail import NOT_SHOWN, is_read_call

            if is_read_call(event.members):
                is_matched = False
                why = f"{NOT_SHOWN}; its pattern matches; put the rule with State={CLOUDTRAIL_STATE}"
        if self.under_way is not None:
            why = f"{why}; {self.under_way}"
        return self._verdict(
            matched=is_matched,
            why=why,
            explanation=explanation,
        )

    @property
    def _about_schedule(self) -> str:
        """What the tester should know of a cron expression: its first firing with the weekday, and advice."""
        if self.schedule_expression is None or not self.schedule_expression.startswith("cron("):
            return ""
        from eventmock.schedule.advice import advice_on

        first = None if self.timer is None else self.timer.first
        fires = "" if first is None else f", first on {first:%a %Y-%m-%d %H:%M}"
        advice = advice_on(self.schedule_expression)
        return fires + (f" ({advice})" if advice else "")

    def _verdict(self, **members: Any) -> Verdict:
        from eventmock.history.verdict import Verdict

        return Verdict(
            rule_name=self.name,
            rule_arn=self.arn,
            managed_by=self.managed_by,
            archive=self.feeds,
            **members,
        )
