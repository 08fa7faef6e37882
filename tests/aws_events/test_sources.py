from __future__ import annotations

import pytest

from eventmock.aws_events.sources import is_durable, is_from_elsewhere, is_service


@pytest.mark.parametrize(
    ("source", "answer"),
    [("aws.s3", True), ("aws.partner/example.com/x", False), ("shop", False), ("awsx", False)],
)
def test_the_source_of_a_service_begins_with_aws(source, answer):
    assert is_service(source) is answer


@pytest.mark.parametrize(
    ("source", "detail_type", "answer"),
    [
        ("aws.s3", "Object Created", True),
        ("aws.s3", "AWS API Call via CloudTrail", False),
        ("aws.ec2", "EC2 Instance State-change Notification", False),
        ("aws.events", "Scheduled Event", False),
        ("aws.nothing", "Thing", False),
    ],
)
def test_some_services_send_durably_and_cloudtrail_never(source, detail_type, answer):
    assert is_durable(source, detail_type) is answer


@pytest.mark.parametrize(
    ("source", "region", "answer"),
    [
        ("aws.iam", "eu-west-1", True),
        ("aws.iam", "us-east-1", False),
        ("aws.iam", "cn-north-1", False),
        ("aws.iam", "us-gov-west-1", False),
        ("aws.s3", "eu-west-1", False),
        ("aws.sts", "eu-west-1", False),
    ],
)
def test_a_global_service_sends_in_one_region_of_its_partition(source, region, answer):
    assert is_from_elsewhere(source, region) is answer
