"""SageMaker pipelines: StartPipelineExecution with the parameters of SageMakerPipelineParameters.

Source: the model's text on them; that they may be paths into the event is documented. The request token, which the
operation wants, is ours. That nothing else of the event goes along is inferred.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import ApiCall, Invocation, TargetKind


def _start_pipeline_execution(invocation: Invocation) -> ApiCall:
    parameters = {
        "PipelineName": invocation.name,
        "PipelineParameters": invocation.block("SageMakerPipelineParameters").get("PipelineParameterList"),
        "ClientRequestToken": invocation.token,
    }
    return invocation.call("sagemaker", "StartPipelineExecution", parameters)


KIND = TargetKind(
    name="SageMaker pipeline",
    service="sagemaker",
    resource="pipeline/.+",
    parameters="SageMakerPipelineParameters",
    request=_start_pipeline_execution,
)
