"""SageMaker pipelines: StartPipelineExecution with the parameters of SageMakerPipelineParameters.

Source: the model's text on these parameters. Documented: they may be paths into the event. The operation requires a
request token, which eventmock makes up. Inferred: no other part of the event is passed.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_pipeline_execution(invocation: Invocation) -> ApiCall:
    given = invocation.block("SageMakerPipelineParameters", may_be_empty=True)
    parameters = {
        "PipelineName": invocation.name,
        "PipelineParameters": given.get("PipelineParameterList"),
        "ClientRequestToken": invocation.token,
    }
    return invocation.call("sagemaker", "StartPipelineExecution", parameters)


KIND = TargetKind(
    name="SageMaker pipeline",
    service="sagemaker",
    resource=f"pipeline/{NAME}",
    parameters="SageMakerPipelineParameters",
    request=_start_pipeline_execution,
    permission=Permission("sagemaker:StartPipelineExecution", "AmazonSageMaker"),
)
