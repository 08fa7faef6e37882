"""What records need of a target.

The targets themselves belong to a service, which stands above what is recorded. So a record holds a target by this
protocol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.delivery.retry_policy import RetryPolicy
    from eventmock.target_kinds import TargetKind
    from eventmock.transform import InputShape
    from eventmock.values.arn import Arn


class TracedTarget(Protocol):
    """A target, as records need it."""

    @property
    def id(self) -> str:
        """The target's id, unique on its rule."""

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
    def members(self) -> Mapping[str, Any]:
        """The target as ListTargetsByRule shows it: a copy."""

    @property
    def input_shape(self) -> InputShape:
        """How the target wants its input."""

    @property
    def retry_policy(self) -> RetryPolicy:
        """How often and how long the target is tried."""

    @property
    def dead_letter_queue(self) -> str | None:
        """The ARN of the queue that gets what the target does not take; None if there is no such queue."""
