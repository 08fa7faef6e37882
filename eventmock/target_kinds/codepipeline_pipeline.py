"""CodePipeline pipelines: StartPipelineExecution.

Source: targets-and-delivery section 1. Inferred: input may contain ``variables`` and ``sourceRevisions``, as the
operation takes them, or as an object in place of a list with one object; other members of the input are ignored.
"""

from __future__ import annotations

from typing import Any

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_pipeline_execution(invocation: Invocation) -> ApiCall:
    given = invocation.json_object if invocation.is_shaped else {}
    parameters = {
        "name": invocation.arn.resource,
        "variables": _as_list(given.get("variables")),
        "sourceRevisions": _as_list(given.get("sourceRevisions")),
    }
    return invocation.call("codepipeline", "StartPipelineExecution", parameters)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


KIND = TargetKind(
    name="CodePipeline pipeline",
    service="codepipeline",
    resource=NAME,
    request=_start_pipeline_execution,
    permission=Permission("codepipeline:StartPipelineExecution", "AWSCodePipeline"),
)
