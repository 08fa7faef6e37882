from __future__ import annotations

from eventmock.target_kinds import ApiCall

PIPELINE = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/ship"


def test_an_execution_is_started(request_of, invocation):
    assert request_of(PIPELINE) == ApiCall(
        service="sagemaker",
        operation="StartPipelineExecution",
        parameters={"PipelineName": "ship", "ClientRequestToken": invocation(PIPELINE).token},
        region="us-east-1",
        account="123456789012",
    )


def test_parameters_may_be_paths_into_the_event(request_of):
    given = [{"Name": "fixed", "Value": "v"}, {"Name": "read", "Value": "$.detail.name"}]
    call = request_of(PIPELINE, SageMakerPipelineParameters={"PipelineParameterList": given})
    assert call.parameters["PipelineParameters"] == [
        {"Name": "fixed", "Value": "v"},
        {"Name": "read", "Value": "box"},
    ]


def test_a_path_that_leads_nowhere_gives_an_empty_value(request_of):
    given = [{"Name": "read", "Value": "$.detail.nothing"}]
    call = request_of(PIPELINE, SageMakerPipelineParameters={"PipelineParameterList": given})
    assert call.parameters["PipelineParameters"] == [{"Name": "read", "Value": ""}]
