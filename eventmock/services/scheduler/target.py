"""The record of the target of a schedule, and what an attempt sends to it.

Source: scheduler sections 3.1, 10 and 14.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventmock.delivery.retry_policy import RetryPolicy
from eventmock.target_kinds import kind_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.parts.accounts import Account
    from eventmock.target_kinds import TargetKind

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScheduleTarget:
    """The target of a schedule.

    Attributes:
        arn: The ARN of the target.
        parsed: The parts of the ARN; None if it has another form.
        kind: The kind of target.
        input: The text that the target gets, with its attributes; None if none was given.
        retry_policy: The number of retries, and the highest age of an invocation.
        dead_letter_queue: The ARN of the dead-letter queue; None if there is none.
    """

    arn: str
    parsed: Arn | None
    kind: TargetKind | None
    input: str | None
    retry_policy: RetryPolicy
    dead_letter_queue: str | None
    _members: Members = field(repr=False)

    @property
    def id(self) -> str:
        """The id of the target: empty, since the only target of a schedule has none."""
        return ""

    @property
    def members(self) -> Members:
        """The members of the target as GetSchedule shows them. The dictionary is a copy."""
        return deepcopy(self._members)


def target_of(members: Mapping[str, Any], account: Account) -> ScheduleTarget:  # noqa: ARG001 - the checks need the account
    """Return the target of a request, with the defaults that GetSchedule shows filled in."""
    policy = RetryPolicy.from_target(members)
    shown = {
        "MaximumEventAgeInSeconds": int(policy.maximum_event_age.total_seconds()),
        "MaximumRetryAttempts": policy.maximum_retry_attempts,
    }
    arn = Arn.parse(members["Arn"])
    return ScheduleTarget(
        arn=members["Arn"],
        parsed=arn,
        kind=None if arn is None else kind_of(arn),
        input=members.get("Input"),
        retry_policy=policy,
        dead_letter_queue=members.get("DeadLetterConfig", {}).get("Arn"),
        _members={**members, "RetryPolicy": shown},
    )
