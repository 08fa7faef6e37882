"""The protocol of a rule in a record.

The classes of rules belong to a service, and this package must not import services. So the type of a rule in a record
is this protocol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from eventmock.history.verdict import Verdict
    from eventmock.pattern import Pattern, ReadEvent


class TracedRule(Protocol):
    """A rule, as records need it."""

    @property
    def name(self) -> str:
        """The rule's name."""

    @property
    def arn(self) -> str:
        """The rule's ARN."""

    @property
    def feeds(self) -> str | None:
        """The name of the archive that gets the rule's events; None if it is not the rule of an archive."""

    @property
    def replicates(self) -> str | None:
        """The global endpoint whose events the rule replicates; None if it is not the rule of an endpoint."""

    @property
    def pattern(self) -> Pattern | None:
        """The rule's pattern; None for a rule that has only a schedule."""

    @property
    def schedule_expression(self) -> str | None:
        """The text of the rule's schedule; None for a rule that has no schedule."""

    @property
    def is_users_own(self) -> bool:
        """Whether a user made the rule, not an archive, a global endpoint or another AWS service."""

    @property
    def under_way(self) -> str | None:
        """The change of the rule that is not in effect yet, in words; None if there is none."""

    def verdict(self, event: ReadEvent) -> Verdict:
        """Return whether the rule matches an event, and why."""
