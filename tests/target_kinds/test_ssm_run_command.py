from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

DOCUMENT = "arn:aws:ssm:us-east-1:123456789012:document/ship"
TARGETS = [{"Key": "InstanceIds", "Values": ["i-1234567890abcdef0"]}]
BLOCK = {"RunCommandTargets": TARGETS}


def test_nothing_of_the_event_goes_along(request_of):
    assert request_of(DOCUMENT, RunCommandParameters=BLOCK) == ApiCall(
        service="ssm",
        operation="SendCommand",
        parameters={"DocumentName": "ship", "Targets": TARGETS},
        region="us-east-1",
        account="123456789012",
    )


def test_a_document_of_aws_runs_in_the_account_of_the_rule(request_of):
    assert request_of("arn:aws:ssm:us-east-1::document/AWS-RunShellScript") == ApiCall(
        service="ssm",
        operation="SendCommand",
        parameters={"DocumentName": "AWS-RunShellScript"},
        region="us-east-1",
        account="123456789012",
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"commands":["halt"],"n":[1,true],"s":{"a":"b"}}',
        '{"Parameters":{"commands":"halt","n":[1,true],"s":{"a":"b"}}}',
    ],
)
def test_input_is_the_parameters(request_of, body):
    assert request_of(DOCUMENT, body=body, RunCommandParameters=BLOCK).parameters == {
        "DocumentName": "ship",
        "Targets": TARGETS,
        "Parameters": {"commands": ["halt"], "n": ["1", "true"], "s": ['{"a":"b"}']},
    }


def test_input_may_name_a_document(request_of):
    call = request_of(DOCUMENT, body='{"DocumentName":"other","DocumentVersion":"2"}')
    assert call.parameters == {"DocumentName": "other", "DocumentVersion": "2"}


@pytest.mark.parametrize(
    ("body", "problem"),
    [("[]", "wanted a JSON object"), ('{"Parameters":[]}', "wanted an object of parameters")],
)
def test_other_input_fails(request_of, body, problem):
    with pytest.raises(InvalidRequest, match=problem):
        request_of(DOCUMENT, body=body)
