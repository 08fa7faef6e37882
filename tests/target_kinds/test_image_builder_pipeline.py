from __future__ import annotations

from eventmock.target_kinds import ApiCall

PIPELINE = "arn:aws:imagebuilder:us-east-1:123456789012:image-pipeline/ship"


def test_an_execution_is_started(request_of, invocation):
    assert request_of(PIPELINE) == ApiCall(
        service="imagebuilder",
        operation="StartImagePipelineExecution",
        parameters={"imagePipelineArn": PIPELINE, "clientToken": invocation(PIPELINE).token},
        region="us-east-1",
        account="123456789012",
    )
