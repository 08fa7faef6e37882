from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

PROJECT = "arn:aws:codebuild:us-east-1:123456789012:project/ship"


def test_a_build_is_started(request_of):
    assert request_of(PROJECT) == ApiCall(
        service="codebuild",
        operation="StartBuild",
        parameters={"projectName": "ship"},
        region="us-east-1",
        account="123456789012",
    )


def test_input_is_passed_as_it_stands(request_of):
    call = request_of(PROJECT, body='{"sourceVersion":"v1","projectName":"other"}')
    assert call.parameters == {"projectName": "ship", "sourceVersion": "v1"}


def test_input_may_ask_for_a_batch(request_of):
    call = request_of(PROJECT, body='{"buildType":"BATCH","sourceVersion":"v1"}')
    assert call.operation == "StartBuildBatch"
    assert call.parameters == {"projectName": "ship", "sourceVersion": "v1"}


@pytest.mark.parametrize("body", ["[]", "text", "[" * 100_000])
def test_other_input_fails(request_of, body):
    with pytest.raises(InvalidRequest, match="wanted a JSON object"):
        request_of(PROJECT, body=body)
