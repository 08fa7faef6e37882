from __future__ import annotations

import pytest

from eventmock.aws_events.resources import resources_of

GROUP = (
    "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:a1b2c3d4-5678-90ab-cdef-111122223333:"
    "autoScalingGroupName/shop"
)
INSTANCE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"


@pytest.mark.parametrize(
    ("source", "detail_type", "detail", "resources"),
    [
        ("aws.s3", "Object Created", {"bucket": {"name": "in"}}, ["arn:aws:s3:::in"]),
        ("aws.s3", "Object Created", {"bucket": "in"}, []),
        ("aws.s3", "Object Created", {"bucket": {"name": 7}}, []),
        ("aws.s3", "AWS API Call via CloudTrail", {"bucket": {"name": "in"}}, []),
        ("aws.ec2", "EC2 Instance State-change Notification", {"instance-id": "i-1"}, [INSTANCE]),
        ("aws.ecs", "ECS Task State Change", {"taskArn": "t", "containerInstanceArn": "c"}, ["t"]),
        ("aws.ecs", "ECS Container Instance State Change", {"containerInstanceArn": "c"}, ["c"]),
        (
            "aws.autoscaling",
            "EC2 Instance Launch Successful",
            {"AutoScalingGroupName": "shop", "EC2InstanceId": "i-1"},
            [GROUP, INSTANCE],
        ),
        (
            "aws.autoscaling",
            "EC2 Instance-launch Lifecycle Action",
            {"AutoScalingGroupName": "shop", "EC2InstanceId": "i-1"},
            [GROUP],
        ),
        ("aws.states", "Step Functions Execution Status Change", {"executionArn": "e"}, ["e"]),
        ("aws.glue", "Glue Job State Change", {"jobName": "j"}, []),
    ],
)
def test_resources_follow_from_the_detail(source, detail_type, detail, resources):
    assert resources_of(source, detail_type, detail, account="111122223333", region="eu-west-1") == resources


def test_they_have_the_partition_of_the_region():
    detail = {"bucket": {"name": "in"}}
    arns = resources_of("aws.s3", "Object Created", detail, account="111122223333", region="cn-north-1")
    assert arns == ["arn:aws-cn:s3:::in"]
