"""The record of the target of a subscriber.

Source: custom-event-bus sections 4.2, 8.3, 8.7 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus.kinds import KINDS, SubscriberKind, kind_of_target
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.delivery.retry_policy import RetryPolicy
    from eventmock.target_kinds import TargetKind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubscriberTarget:
    """The target of a subscriber.

    Attributes:
        arn: The ARN of the target.
        role_arn: The ARN of the role by which EventBridge calls the target.
        retry_policy: The number of retries, and the highest age of an event.
        dead_letter_queue: The ARN of the queue of ``OnFailureConfiguration``; None if there is none.
        parameters: The parameter block, as a dictionary of its name and its members; empty if there is none. It is that
            of the present filters; `eventmock.services.custom_event_bus.subscriber.FilterVersion` has each.
    """

    arn: str
    role_arn: str
    retry_policy: RetryPolicy
    dead_letter_queue: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """The id of the target: empty, since the only target of a subscriber has none."""
        return ""

    @property
    def parsed(self) -> Arn:
        """The parts of the ARN."""
        return _read(self.arn)[0]

    @property
    def kind(self) -> TargetKind:
        """The kind of target."""
        return _read(self.arn)[1]

    @property
    def how(self) -> SubscriberKind:
        """How subscribers deliver to the target."""
        return _read(self.arn)[2]

    @property
    def can_fail(self) -> bool:
        """Whether AWS may be unable to make the call: expressions may fail."""
        return True

    @property
    def members(self) -> dict[str, Any]:
        """The ``InvokeConfiguration``, as DescribeSubscriber shows it. The dictionary is a copy."""
        return {"TargetArn": self.arn, "RoleArn": self.role_arn, **self.parameters}


@lru_cache(maxsize=1024)
def _read(arn: str) -> tuple[Arn, TargetKind, SubscriberKind]:
    """Return the parts of the ARN of a target, its kind, and how subscribers deliver to the kind."""
    parsed = Arn.of(arn)
    kind = kind_of_target(parsed)
    assert kind is not None
    return parsed, kind, KINDS[kind.name]
