"""The protocol of a target in a record.

The classes of targets belong to a service, and this package must not import services. So the type of a target in a
record is this protocol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.delivery.retry_policy import RetryPolicy
    from eventmock.target_kinds import TargetKind
    from eventmock.transform.input_shape import InputShape
    from eventmock.values.arn import Arn


class TracedTarget(Protocol):
    """A target, as records need it."""

    @property
    def id(self) -> str:
        """The target's id, unique on its rule; empty for the target of a schedule."""

    @property
    def arn(self) -> str:
        """The target's ARN."""

    @property
    def parsed(self) -> Arn | None:
        """The ARN in its parts; None if it cannot be parsed."""

    @property
    def kind(self) -> TargetKind | None:
        """The kind of target; None for targets that only rules managed by AWS can have."""

    @property
    def can_fail(self) -> bool:
        """Whether AWS may be unable to make the target's call for some events."""

    @property
    def members(self) -> Mapping[str, Any]:
        """A copy of the target's members, as ListTargetsByRule or GetSchedule returns them."""

    @property
    def retry_policy(self) -> RetryPolicy:
        """The limits of attempts and age up to which the target is tried."""

    @property
    def dead_letter_queue(self) -> str | None:
        """The ARN of the queue that gets the events that the target does not take; None if there is no such queue."""


class TracedRuleTarget(TracedTarget, Protocol):
    """A target of a rule, as records need it."""

    @property
    def input_shape(self) -> InputShape:
        """The rule by which the target's input is made of an event."""
