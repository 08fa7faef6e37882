"""The record of a target of a rule. The operations are in `targets`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventmock.delivery.retry_policy import RetryPolicy
from eventmock.target_kinds import kind_of
from eventmock.transform.input_shape import InputShape
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.target_kinds import TargetKind

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A target of a rule.

    Attributes:
        id: The id of the target, unique in its rule.
        arn: The ARN of the target.
        parsed: The parts of the ARN; None if the ARN of a managed rule's target has another form.
        kind: The kind of target; None for targets that only rules managed by AWS can have.
        can_fail: Whether AWS may be unable to make its call for some events.
        input_shape: The input that the target gets: the event, or what Input, InputPath or InputTransformer make of it.
        retry_policy: The number of retries, and the highest age of an event.
        dead_letter_queue: The ARN of the dead-letter queue; None if there is none.
    """

    id: str
    arn: str
    parsed: Arn | None
    kind: TargetKind | None
    can_fail: bool
    input_shape: InputShape
    retry_policy: RetryPolicy
    dead_letter_queue: str | None
    _members: Members = field(repr=False)

    @property
    def members(self) -> Members:
        """The members of the target for the answer of ListTargetsByRule. The dictionary is a copy."""
        return {  # texts are not copied, to be fast: each delivery reads the members
            name: value if isinstance(value, str) else deepcopy(value)
            for name, value in self._members.items()
        }

    @classmethod
    def of(cls, members: Members) -> Target:
        """Return the target of an item of PutTargets' ``Targets``.

        Raises:
            InvalidInput: Input, InputPath or InputTransformer of the target is invalid.
        """
        arn = Arn.parse(members["Arn"])
        kind = None if arn is None else kind_of(arn)
        return cls(
            id=members["Id"],
            arn=members["Arn"],
            parsed=arn,
            kind=kind,
            can_fail=kind is not None and kind.can_fail(members),
            _members=_with_defaults(members),
            input_shape=InputShape.from_target(members),
            retry_policy=RetryPolicy.from_target(members),
            dead_letter_queue=members.get("DeadLetterConfig", {}).get("Arn"),
        )


def _with_defaults(members: Members) -> Members:
    """Return the members of a target with the defaults of ECS parameters, as ListTargetsByRule shows them."""
    if "EcsParameters" not in members:
        return members
    defaults = {"TaskCount": 1, "EnableECSManagedTags": False, "EnableExecuteCommand": False}
    return members | {"EcsParameters": defaults | members["EcsParameters"]}
