"""Image Builder pipelines: StartImagePipelineExecution, without any part of the event.

Source: targets-and-delivery section 1. The operation requires a client token, which eventmock makes up.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_image_pipeline_execution(invocation: Invocation) -> ApiCall:
    parameters = {"imagePipelineArn": str(invocation.arn), "clientToken": invocation.token}
    return invocation.call("imagebuilder", "StartImagePipelineExecution", parameters)


KIND = TargetKind(
    name="Image Builder pipeline",
    service="imagebuilder",
    resource=f"image-pipeline/{NAME}",
    request=_start_image_pipeline_execution,
    permission=Permission("imagebuilder:StartImagePipelineExecution", "AWSimagebuilder", status=403),
)
