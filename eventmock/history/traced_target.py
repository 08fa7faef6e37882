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
    """What a record tells of a target."""

    @property
    def id(self) -> str:
        """Its id on the rule."""

    @property
    def arn(self) -> str:
        """Its ARN."""

    @property
    def parsed(self) -> Arn | None:
        """Its ARN in its parts."""

    @property
    def kind(self) -> TargetKind | None:
        """The kind of target that it is, if it is one that is known."""

    @property
    def members(self) -> Mapping[str, Any]:
        """What was put, as ListTargetsByRule shows it."""

    @property
    def input_shape(self) -> InputShape:
        """How it wants its input."""

    @property
    def retry_policy(self) -> RetryPolicy:
        """How often and how long it is tried."""

    @property
    def dead_letter_queue(self) -> str | None:
        """The ARN of the queue that gets what it does not take."""
