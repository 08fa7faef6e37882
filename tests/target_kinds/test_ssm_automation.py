from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

AUTOMATION = "arn:aws:ssm:us-east-1:123456789012:automation-definition/ship"


def test_nothing_of_the_event_goes_along(request_of):
    assert request_of(f"{AUTOMATION}:$DEFAULT") == ApiCall(
        service="ssm",
        operation="StartAutomationExecution",
        parameters={"DocumentName": "ship", "DocumentVersion": "$DEFAULT"},
        region="us-east-1",
        account="123456789012",
    )


def test_input_is_the_parameters(request_of):
    assert request_of(AUTOMATION, body='{"InstanceId":"i-1"}').parameters == {
        "DocumentName": "ship",
        "Parameters": {"InstanceId": ["i-1"]},
    }


def test_other_input_fails(request_of):
    with pytest.raises(InvalidRequest, match="wanted a JSON object"):
        request_of(AUTOMATION, body="1")
