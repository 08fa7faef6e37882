"""The check whether EventBridge Scheduler can assume the execution role of a schedule.

Source: scheduler sections 5 and 17. Recorded: the text. Seen on AWS by others: conditions count, and ``aws:SourceArn``
is the ARN of the schedule group. Inferred: the check comes after all others of the members. The role is judged with
``target_permissions="enforce"`` only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.scheduler import errors
from eventmock.services.scheduler.schedule import DEFAULT_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.call import Call
    from eventmock.wire import AwsError


def cannot_be_assumed(call: Call, request: Mapping[str, Any]) -> bool:
    """Return whether Scheduler cannot assume the role of a schedule, as far as that is judged.

    Called without the state's lock, because moto is asked.

    Args:
        call: The call.
        request: The members of CreateSchedule or UpdateSchedule.

    Raises:
        PolicyNotUnderstood: AWS would refuse the trust policy, or it has an element that is not evaluated here.
    """
    account = call.account
    if account.state.options.judgement != "enforce":
        return False
    from eventmock.delivery.permissions import senders
    from eventmock.delivery.permissions.contexts import Contexts
    from eventmock.services.assumed_roles import can_be_assumed
    from eventmock.values.arn import Arn

    role = request["Target"]["RoleArn"]
    group = request.get("GroupName", DEFAULT_GROUP)
    sender = senders.schedule(account.arn("scheduler", f"schedule/{group}/{request['Name']}"))
    context = Contexts(account.state).by_service(sender, Arn.parse(role))
    return not can_be_assumed(account, role, senders.SCHEDULER, context)


def not_assumable(role_arn: str) -> AwsError:
    """Return the error for a role that Scheduler cannot assume."""
    return errors.invalid(
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        f"there is no role {role_arn}, or its trust policy does not let scheduler.amazonaws.com assume it; a condition "
        "on aws:SourceArn has to name the schedule group",
    )
