"""CodeBuild projects: StartBuild, or StartBuildBatch if the input contains ``"buildType": "BATCH"``.

Source: "Event bus targets" of the user guide: input with the shape of the operation's request is passed unchanged
(documented). Inferred: without input, no part of the event is passed; input cannot change the project.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_build(invocation: Invocation) -> ApiCall:
    parameters = invocation.json_object if invocation.is_shaped else {}
    operation = "StartBuildBatch" if parameters.pop("buildType", None) == "BATCH" else "StartBuild"
    return invocation.call("codebuild", operation, {**parameters, "projectName": invocation.name})


KIND = TargetKind(
    name="CodeBuild project",
    service="codebuild",
    resource=f"project/{NAME}",
    request=_start_build,
    permission=Permission("codebuild:StartBuild", "AWSCodeBuild"),
)
