"""ECS tasks: RunTask on the cluster, with EcsParameters.

Source: "Event bus targets" of the user guide. Documented: no part of the event is passed to the task; input of the
shape of TaskOverride becomes the overrides; strings of EcsParameters may be paths into the event. Recorded: members of
the input that TaskOverride does not have are ignored (lambda-and-handlers section 5). Inferred: input that is not an
object is ignored too, and the text of ``startedBy``.
"""

from __future__ import annotations

from typing import Any, Final

from eventmock.target_kinds.camel_case import camel_case
from eventmock.target_kinds.kind import (
    NAME,
    ApiCall,
    InvalidRequest,
    Invocation,
    InvokedTarget,
    Need,
    Permission,
    TargetKind,
)

_OVERRIDES: Final = {
    "containerOverrides",
    "cpu",
    "ephemeralStorage",
    "executionRoleArn",
    "inferenceAcceleratorOverrides",
    "memory",
    "taskRoleArn",
}
"""The members of TaskOverride."""


def _run_task(invocation: Invocation) -> ApiCall:
    given = camel_case(invocation.block("EcsParameters"))
    parameters = {
        "cluster": str(invocation.arn),
        "taskDefinition": given.pop("taskDefinitionArn"),
        "count": given.pop("taskCount", 1),
        "startedBy": f"events-rule/{invocation.rule_name}"[:36],
        "overrides": overrides_of(invocation) if invocation.is_shaped else None,
        **given,
    }
    return invocation.call("ecs", "RunTask", parameters)


def overrides_of(invoked: InvokedTarget) -> dict[str, Any]:
    """Return the members of the input that TaskOverride has; none if the input is not an object."""
    try:
        given = invoked.json_object
    except InvalidRequest:
        return {}
    return {name: value for name, value in given.items() if name in _OVERRIDES}


def _needs(invocation: Invocation) -> list[Need]:
    """Return the action on the task definition. Its roles must be passed, too, which is the judge's to find out."""
    definition = invocation.block("EcsParameters")["TaskDefinitionArn"]
    return [Need("ecs:RunTask", definition, {"ecs:cluster": str(invocation.arn)})]


KIND = TargetKind(
    name="ECS task",
    service="ecs",
    resource=f"cluster/{NAME}",
    parameters="EcsParameters",
    required="EcsParameters",
    request=_run_task,
    permission=Permission("ecs:RunTask", "AmazonECS", needs=_needs),
)
