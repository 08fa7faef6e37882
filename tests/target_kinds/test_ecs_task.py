from __future__ import annotations

from dataclasses import replace

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest, kind_of

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
TASK = "arn:aws:ecs:us-east-1:123456789012:task-definition/ship:1"


def test_nothing_of_the_event_goes_to_the_task(request_of):
    assert request_of(CLUSTER, EcsParameters={"TaskDefinitionArn": TASK}) == ApiCall(
        service="ecs",
        operation="RunTask",
        parameters={
            "cluster": CLUSTER,
            "taskDefinition": TASK,
            "count": 1,
            "startedBy": "events-rule/ship",
        },
        region="us-east-1",
        account="123456789012",
    )


def test_every_parameter_has_its_place(request_of):
    given = {
        "TaskDefinitionArn": TASK,
        "TaskCount": 2,
        "LaunchType": "FARGATE",
        "NetworkConfiguration": {
            "awsvpcConfiguration": {
                "Subnets": ["subnet-1"],
                "SecurityGroups": ["sg-1"],
                "AssignPublicIp": "ENABLED",
            }
        },
        "PlatformVersion": "1.4.0",
        "Group": "g",
        "CapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}],
        "EnableECSManagedTags": True,
        "EnableExecuteCommand": False,
        "PlacementConstraints": [{"type": "memberOf", "expression": "e"}],
        "PlacementStrategy": [{"type": "spread", "field": "host"}],
        "PropagateTags": "TASK_DEFINITION",
        "ReferenceId": "r",
        "Tags": [{"Key": "team", "Value": "Blue"}],
    }
    assert request_of(CLUSTER, EcsParameters=given).parameters == {
        "cluster": CLUSTER,
        "taskDefinition": TASK,
        "count": 2,
        "startedBy": "events-rule/ship",
        "launchType": "FARGATE",
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-1"],
                "securityGroups": ["sg-1"],
                "assignPublicIp": "ENABLED",
            }
        },
        "platformVersion": "1.4.0",
        "group": "g",
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}],
        "enableECSManagedTags": True,
        "enableExecuteCommand": False,
        "placementConstraints": [{"type": "memberOf", "expression": "e"}],
        "placementStrategy": [{"type": "spread", "field": "host"}],
        "propagateTags": "TASK_DEFINITION",
        "referenceId": "r",
        "tags": [{"key": "team", "value": "Blue"}],
    }


def test_strings_may_be_paths_into_the_event(request_of):
    given = {
        "TaskDefinitionArn": "$.detail.name",
        "Tags": [{"Key": "id", "Value": "$.detail.id"}],
    }
    parameters = request_of(CLUSTER, EcsParameters=given).parameters
    assert parameters["taskDefinition"] == "box"
    assert parameters["tags"] == [{"key": "id", "value": "7"}]


def test_a_path_that_leads_nowhere_fails(request_of):
    with pytest.raises(InvalidRequest, match="leads to nothing"):
        request_of(CLUSTER, EcsParameters={"TaskDefinitionArn": TASK, "Group": "$.detail.none"})


def test_input_of_the_right_shape_is_the_overrides(request_of):
    call = request_of(
        CLUSTER,
        body='{"containerOverrides":[{"name":"app","command":["run"]}]}',
        EcsParameters={"TaskDefinitionArn": TASK},
    )
    assert call.parameters["overrides"] == {"containerOverrides": [{"name": "app", "command": ["run"]}]}


@pytest.mark.parametrize(
    ("body", "overrides"),
    [
        ("{}", {}),
        ('{"detail":1}', {}),
        ('{"detail":1,"cpu":"256"}', {"cpu": "256"}),
        ('"text"', {}),
        ("text", {}),
    ],
)
def test_members_that_overrides_do_not_have_are_ignored(request_of, body, overrides):
    call = request_of(CLUSTER, body=body, EcsParameters={"TaskDefinitionArn": TASK})
    assert call.parameters["overrides"] == overrides


def test_without_input_there_are_no_overrides(request_of):
    assert "overrides" not in request_of(CLUSTER, EcsParameters={"TaskDefinitionArn": TASK}).parameters


def test_the_name_of_a_long_rule_is_cut(invocation):
    made = replace(
        invocation(CLUSTER, EcsParameters={"TaskDefinitionArn": TASK}),
        rule_name="a-rule-of-a-rather-long-name",
    )
    kind = kind_of(made.arn)
    assert kind.request(made).parameters["startedBy"] == "events-rule/a-rule-of-a-rather-long-"
