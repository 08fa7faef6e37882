"""A target of a rule: the record. The operations are in `targets`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventmock.delivery.retry_policy import RetryPolicy
from eventmock.target_kinds import kind_of
from eventmock.transform import InputShape
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.target_kinds import TargetKind

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A target of a rule.

    Attributes:
        id: Its id, unique on the rule.
        arn: What it is.
        parsed: The same in its parts.
        kind: The kind of target; None for targets that only rules managed by AWS can have.
        input_shape: How it wants its input.
        retry_policy: How often and how long it is tried.
        dead_letter_queue: The ARN of the queue that gets what it does not take.
    """

    id: str
    arn: str
    parsed: Arn | None
    kind: TargetKind | None
    input_shape: InputShape
    retry_policy: RetryPolicy
    dead_letter_queue: str | None
    _members: Members = field(repr=False)

    @property
    def members(self) -> Members:
        """What was put, as ListTargetsByRule shows it: a copy."""
        return {  # texts are not copied: each delivery asks for the members
            name: value if isinstance(value, str) else deepcopy(value)
            for name, value in self._members.items()
        }

    @classmethod
    def of(cls, members: Members) -> Target:
        """The target that a member of PutTargets' ``Targets`` is.

        Raises:
            InvalidInput: Its input cannot be shaped as it says.
        """
        arn = Arn.parse(members["Arn"])
        kind = None if arn is None else kind_of(arn)
        return cls(
            id=members["Id"],
            arn=members["Arn"],
            parsed=arn,
            kind=kind,
            _members=_with_defaults(members),
            input_shape=InputShape.from_target(members),
            retry_policy=RetryPolicy.from_target(members),
            dead_letter_queue=members.get("DeadLetterConfig", {}).get("Arn"),
        )


def _with_defaults(members: Members) -> Members:
    """What ListTargetsByRule shows: ECS parameters get their defaults, the rest is as it was put."""
    if "EcsParameters" not in members:
        return members
    defaults = {"TaskCount": 1, "EnableECSManagedTags": False, "EnableExecuteCommand": False}
    return members | {"EcsParameters": defaults | members["EcsParameters"]}
