"""Batch job queues: SubmitJob, as BatchParameters and what the target receives say.

Source: "Event bus targets" of the user guide: of what the target receives, ``Parameters`` go along, and of
``ContainerOverrides`` and ``DependsOn`` the members below (documented). Their own members begin with a capital, by an
answer of AWS; here a small letter does as well. That input which is no object fails the delivery is inferred.
"""

from __future__ import annotations

from typing import Any, Final

from eventmock.target_kinds.camel_case import camel_case
from eventmock.target_kinds.kind import NAME, ApiCall, InvalidRequest, Invocation, TargetKind

_OVERRIDES: Final = ("command", "environment", "memory", "vcpus")


def _submit_job(invocation: Invocation) -> ApiCall:
    given = invocation.target["BatchParameters"]
    body = invocation.json_object
    parameters = {
        "jobName": given["JobName"],
        "jobQueue": str(invocation.arn),
        "jobDefinition": given["JobDefinition"],
        "arrayProperties": camel_case(given.get("ArrayProperties")),
        "retryStrategy": camel_case(given.get("RetryStrategy")),
        "containerOverrides": _picked(body.get("ContainerOverrides"), _OVERRIDES),
        "dependsOn": _dependencies(body.get("DependsOn")),
        "parameters": body.get("Parameters"),
    }
    return invocation.call("batch", "SubmitJob", parameters)


def _dependencies(value: Any) -> list[Any] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise InvalidRequest("wanted an array of objects for DependsOn")
    return [_picked(item, ("jobId",)) for item in value]


def _picked(value: Any, names: tuple[str, ...]) -> dict[str, Any] | None:
    """The members of an object that go along."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InvalidRequest("wanted an object for each of ContainerOverrides and DependsOn")
    return {name: held for name, held in camel_case(value).items() if name in names}


KIND = TargetKind(
    name="Batch job queue",
    service="batch",
    resource=f"job-queue/{NAME}",
    parameters="BatchParameters",
    required="BatchParameters",
    request=_submit_job,
)
