"""What records need of a rule.

The rules themselves belong to a service, which stands above what is recorded. So a record holds a rule by this
protocol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from eventmock.history.verdict import Verdict
    from eventmock.pattern import Pattern, ReadEvent


class TracedRule(Protocol):
    """What a record tells of a rule."""

    @property
    def name(self) -> str:
        """The rule's name."""

    @property
    def arn(self) -> str:
        """The rule's ARN."""

    @property
    def feeds(self) -> str | None:
        """The archive that it feeds, if it is an archive's own rule."""

    @property
    def replicates(self) -> str | None:
        """The global endpoint whose events it replicates, if it is an endpoint's own rule."""

    @property
    def pattern(self) -> Pattern | None:
        """Its pattern; None for a rule that has only a schedule."""

    @property
    def is_users_own(self) -> bool:
        """Whether a user made it, and no archive, global endpoint or other AWS service."""

    @property
    def under_way(self) -> str | None:
        """The change of it that is not in effect yet, in words; None if there is none."""

    def verdict(self, event: ReadEvent) -> Verdict:
        """What becomes of an event at the rule, and why."""
