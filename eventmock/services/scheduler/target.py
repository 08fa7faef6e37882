"""The record of the target of a schedule, and what an attempt sends to it.

Source: scheduler sections 3.1, 10, 11 and 14. Recorded: the dead letter for CodePipeline has the request, with names
that begin with a capital. Documented: that for a universal target has the Input. Inferred: so has that for a templated
target; if a target that gets no notification has no Input, the dead letter has the request.
"""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.retry_policy import RetryPolicy
from eventmock.services.scheduler.attributes import notification, with_attributes
from eventmock.services.scheduler.templated_targets import TEMPLATED, ScheduledInvocation
from eventmock.target_kinds import kind_of
from eventmock.target_kinds.universal_target import KIND as UNIVERSAL
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.history.schedule_delivery import Execution
    from eventmock.target_kinds import ApiCall, TargetKind

Members = dict[str, Any]

_SHARED: Final = frozenset({"Arn", "RoleArn"})
"""The members whose texts are the same for very many schedules, so that one copy of each text is kept."""


@lru_cache(maxsize=1024)
def kind_of_target(arn: Arn) -> TargetKind | None:
    """Return the kind of target that a schedule invokes at an ARN; None if schedules have no such target."""
    if arn.service == UNIVERSAL.service:
        return UNIVERSAL if UNIVERSAL.has(arn) and not arn.account else None
    kind = kind_of(arn)
    return kind if kind is not None and kind.name in TEMPLATED else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScheduleTarget:
    """The target of a schedule.

    There may be a hundred thousand of them, so that a record keeps the members of the request and little else.

    Attributes:
        retry_policy: The number of retries, and the highest age of an invocation.
    """

    retry_policy: RetryPolicy
    _members: Members = field(repr=False)

    @property
    def id(self) -> str:
        """The id of the target: empty, since the only target of a schedule has none."""
        return ""

    @property
    def arn(self) -> str:
        """The ARN of the target."""
        arn: str = self._members["Arn"]
        return arn

    @property
    def parsed(self) -> Arn:
        """The parts of the ARN."""
        return Arn.of(self.arn)

    @property
    def kind(self) -> TargetKind | None:
        """The kind of target."""
        return kind_of_target(self.parsed)

    @property
    def input(self) -> str | None:
        """The Input as it was given, with its attributes; None if there is none."""
        return self._members.get("Input")

    @property
    def dead_letter_queue(self) -> str | None:
        """The ARN of the dead-letter queue; None if there is none."""
        queue: str | None = self._members.get("DeadLetterConfig", {}).get("Arn")
        return queue

    @property
    def members(self) -> Members:
        """The members of the target as GetSchedule shows them. The dictionary is a copy."""
        policy = {
            "MaximumEventAgeInSeconds": int(self.retry_policy.maximum_event_age.total_seconds()),
            "MaximumRetryAttempts": self.retry_policy.maximum_retry_attempts,
        }
        return deepcopy(self._members) | {"RetryPolicy": policy}

    @property
    def can_fail(self) -> bool:
        """Whether Scheduler may be unable to make the call: the Input of a universal target may not fit."""
        return self.kind is UNIVERSAL

    def body_of(self, execution: Execution) -> str:
        """Return the text that the target gets in an attempt; it is the body of the dead letter, too."""
        kind = self.kind
        templated = None if kind is None else TEMPLATED.get(kind.name)
        text = self._input_of(execution)
        if templated is None or (text is not None and not templated.ignores_input):
            return text or ""
        if templated.gets_notification:
            return notification(execution)
        return json.dumps(_capitalized(self.request_of(execution).parameters), separators=(",", ":"))

    def request_of(self, execution: Execution) -> ApiCall:
        """Return the call of an attempt.

        Raises:
            InvalidRequest: The Input of a universal target does not fit its operation.
        """
        kind, text = self.kind, self._input_of(execution)
        assert kind is not None
        invocation = ScheduledInvocation(
            arn=self.parsed,
            target=self._members,
            body=notification(execution) if text is None else text,
            has_input=text is not None,
            account=execution.account,
            region=execution.region,
            execution=execution,
        )
        if kind is UNIVERSAL:
            from eventmock.services.scheduler.universal_targets import call_of

            return call_of(invocation)
        return TEMPLATED[kind.name].call(invocation)

    def check_answer(self, answer: Mapping[str, Any]) -> None:
        """Check the answer to the call of an attempt. That to a universal target is not looked at (documented).

        Raises:
            DeliveryFailed: An entry, or a task, has failed.
        """
        kind = self.kind
        templated = None if kind is None else TEMPLATED.get(kind.name)
        if templated is None or templated.failures is None:
            return
        member, code, text = templated.failures
        for item in answer.get(member, ()):
            if item.get(code):
                from eventmock.delivery.failures import DeliveryFailed

                raise DeliveryFailed(item[code], item.get(text, ""))

    def _input_of(self, execution: Execution) -> str | None:
        """Return the Input of an attempt, with its attributes replaced; None if there is none."""
        return None if self.input is None else with_attributes(self.input, execution)


def target_of(members: Members) -> ScheduleTarget:
    """Return the target of a schedule that `eventmock.services.scheduler.target_checks` has checked.

    Args:
        members: The members of the target, as in CreateSchedule.
    """
    kept = {
        name: sys.intern(value) if name in _SHARED else value
        for name, value in members.items()
        if name != "RetryPolicy"
    }
    return ScheduleTarget(retry_policy=RetryPolicy.from_target(members), _members=kept)


def _capitalized(value: Any) -> Any:
    """Return a value in which the names of all members begin with a capital, as AWS's SDK for Java names them."""
    if isinstance(value, dict):
        return {f"{name[:1].upper()}{name[1:]}": _capitalized(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_capitalized(item) for item in value]
    return value
