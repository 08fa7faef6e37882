"""Batch job queues: SubmitJob, with BatchParameters and members of the target's input.

Source: "Event bus targets" of the user guide. Documented: ``Parameters`` of the input are passed, and of
``ContainerOverrides`` and ``DependsOn`` the members below. The names of these begin with a capital letter, by an answer
of AWS; here a small letter is accepted too. Inferred: input that is not an object fails the delivery.
"""

from __future__ import annotations

from typing import Any, Final

from eventmock.target_kinds.camel_case import camel_case
from eventmock.target_kinds.kind import (
    NAME,
    ApiCall,
    InvalidRequest,
    Invocation,
    Need,
    Permission,
    TargetKind,
)

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
    """Return the members of an object that are passed to Batch."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InvalidRequest("wanted an object for each of ContainerOverrides and DependsOn")
    return {name: member for name, member in camel_case(value).items() if name in names}


def _needs(invocation: Invocation) -> list[Need]:
    """Return the action on the queue and on the job definition, which the target may name by its name."""
    arn, given = invocation.arn, invocation.target["BatchParameters"]["JobDefinition"]
    definition = given if given.startswith("arn:") else str(arn._replace(resource=f"job-definition/{given}"))
    return [Need("batch:SubmitJob", one) for one in (str(arn), definition)]


KIND = TargetKind(
    name="Batch job queue",
    service="batch",
    resource=f"job-queue/{NAME}",
    parameters="BatchParameters",
    required="BatchParameters",
    request=_submit_job,
    permission=Permission("batch:SubmitJob", "AWSBatch", status=403, needs=_needs),
)
