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


def why_not_assumed(call: Call, request: Mapping[str, Any]) -> str | None:
    """Return why Scheduler cannot assume the role of a schedule; None if it can, or if that is not judged.

    Called without the state's lock, because moto is asked.

    Args:
        call: The call.
        request: The members of CreateSchedule or UpdateSchedule.

    Raises:
        PolicyNotUnderstood: AWS would refuse the trust policy, or it has an element that is not evaluated here.
    """
    account = call.account
    if account.state.options.judgement != "enforce":
        return None
    from eventmock.delivery.permissions import senders
    from eventmock.delivery.permissions.contexts import Contexts
    from eventmock.services import assumed_roles
    from eventmock.values.arn import Arn

    role = request["Target"]["RoleArn"]
    group = request.get("GroupName", DEFAULT_GROUP)
    sender = senders.schedule(account.arn("scheduler", f"schedule/{group}/{request['Name']}"))
    context = Contexts(account.state).by_service(sender, Arn.parse(role))
    return assumed_roles.why_not_assumed(account, role, senders.SCHEDULER, context)


def not_assumable(why: str) -> AwsError:
    """Return the error for a role that Scheduler cannot assume.

    Args:
        why: Why it cannot.
    """
    return errors.invalid(
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.", why
    )
