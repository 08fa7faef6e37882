from __future__ import annotations

import json

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

QUEUE = "arn:aws:batch:us-east-1:123456789012:job-queue/main"
JOB = {"JobDefinition": "ship", "JobName": "ship-it"}
SUBMITTED = {"jobName": "ship-it", "jobQueue": QUEUE, "jobDefinition": "ship"}


def test_a_job_is_submitted(request_of):
    assert request_of(QUEUE, BatchParameters=JOB) == ApiCall(
        service="batch",
        operation="SubmitJob",
        parameters=SUBMITTED,
        region="us-east-1",
        account="123456789012",
    )


def test_arrays_and_attempts(request_of):
    given = {**JOB, "ArrayProperties": {"Size": 2}, "RetryStrategy": {"Attempts": 3}}
    assert request_of(QUEUE, BatchParameters=given).parameters == {
        **SUBMITTED,
        "arrayProperties": {"size": 2},
        "retryStrategy": {"attempts": 3},
    }


@pytest.mark.parametrize(
    "overrides",
    [
        {"Command": ["run"], "Environment": [{"Name": "N", "Value": "V"}], "Memory": 8, "Vcpus": 1},
        {"command": ["run"], "environment": [{"name": "N", "value": "V"}], "memory": 8, "vcpus": 1},
        {"Command": ["run"], "Environment": [{"Name": "N", "Value": "V"}], "Memory": 8, "Vcpus": 1, "X": 1},
    ],
)
def test_input_may_hold_overrides_dependencies_and_parameters(request_of, overrides):
    body = {
        "ContainerOverrides": overrides,
        "DependsOn": [{"JobId": "j", "Type": "SEQUENTIAL"}],
        "Parameters": {"Key": "Value"},
        "other": 1,
    }
    assert request_of(QUEUE, body=json.dumps(body), BatchParameters=JOB).parameters == {
        **SUBMITTED,
        "containerOverrides": {
            "command": ["run"],
            "environment": [{"name": "N", "value": "V"}],
            "memory": 8,
            "vcpus": 1,
        },
        "dependsOn": [{"jobId": "j"}],
        "parameters": {"Key": "Value"},
    }


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("text", "wanted a JSON object, got text"),
        ('{"ContainerOverrides":1}', "wanted an object for each of ContainerOverrides and DependsOn"),
        ('{"DependsOn":{}}', "wanted an array of objects for DependsOn"),
        ('{"DependsOn":["j"]}', "wanted an object for each of ContainerOverrides and DependsOn"),
    ],
)
def test_other_input_fails(request_of, body, problem):
    with pytest.raises(InvalidRequest) as caught:
        request_of(QUEUE, body=body, BatchParameters=JOB)
    assert str(caught.value) == problem
