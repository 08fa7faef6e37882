"""What is said about a rule on events of services, whole."""

from __future__ import annotations

import pytest

from eventmock.aws_events.rule_advice import about_pattern, about_rule
from eventmock.pattern import compile as compile_pattern

STATE_CHANGE = "EC2 Instance State-change Notification"
ELSEWHERE = (
    "AWS services send their events to the default bus, so none of aws.s3 comes here; "
    "put a rule on the default bus whose target is this bus"
)
NOT_SEEN = (
    "a rule in state ENABLED does not see DescribeInstances, which only reads; "
    "put the rule with State=ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
)


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ({"source": ["aws.s3"]}, []),
        ({"source": ["shop"], "detail": {"instance_id": ["i-1"]}}, []),
        ({"source": [{"prefix": "aws."}], "detail-type": ["Nothing"]}, []),
        ({"source": ["aws.s3", "shop"], "detail-type": ["Object created"]}, []),
        ({"source": ["aws.partner/example.com/x"], "detail-type": ["Nothing"]}, []),
        ({"detail-type": ["Object created"]}, []),
        ({"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"reason": ["PutObject"]}}, []),
        ({"source": ["aws.s3"], "detail-type": [{"prefix": "Object"}]}, []),
        ({"source": ["aws.s3"], "detail-type": ["Async Copy Completion"], "detail": {"x": [1]}}, []),
        (
            {"source": ["aws.s3"], "detail-type": ["Object created"]},
            ["eventmock knows no detail-type 'Object created' of aws.s3; did you mean 'Object Created'?"],
        ),
        ({"source": ["aws.ec2", "aws.s3"], "detail-type": ["Object Created", STATE_CHANGE]}, []),
        (
            {"source": ["aws.dynamodbb"], "detail-type": ["Nothing"]},
            ["eventmock knows no AWS service with the source 'aws.dynamodbb'; did you mean 'aws.dynamodb'?"],
        ),
        (
            {"source": ["aws.ec2"], "detail-type": [STATE_CHANGE], "detail": {"instance_id": ["i-1"]}},
            [f"no {STATE_CHANGE} of aws.ec2 has detail.instance_id; did you mean detail.instance-id?"],
        ),
        (
            {
                "source": ["aws.ec2"],
                "detail-type": [STATE_CHANGE],
                "detail": {"state": {"name": ["running"]}},
            },
            [f"no {STATE_CHANGE} of aws.ec2 has detail.state.name"],
        ),
        (
            {
                "source": ["aws.s3"],
                "detail-type": ["Object Created", "Object Deleted"],
                "detail": {"bucketName": ["in"]},
            },
            [
                "no Object Created of aws.s3, Object Deleted of aws.s3 has detail.bucketName; "
                "did you mean detail.bucket.name?"
            ],
        ),
        (
            {
                "source": ["aws.s3"],
                "detail-type": ["Object Created", "Object Deleted"],
                "detail": {"deletion-type": ["Permanently Deleted"]},
            },
            [],
        ),
        (
            {"source": ["aws.ec2"], "detail-type": [STATE_CHANGE], "detail": {"error": [{"exists": False}]}},
            [],
        ),
        (
            {
                "source": ["aws.ec2"],
                "detail-type": [STATE_CHANGE],
                "detail": {"$or": [{"state": ["running"]}, {"colour": ["red"]}]},
            },
            [f"no {STATE_CHANGE} of aws.ec2 has detail.colour"],
        ),
        (
            {
                "source": ["aws.ec2"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "resources": ["arn"],
                "detail": {"eventSource": ["s3.amazonaws.com"], "requestParameters": {"anything": ["x"]}},
            },
            [
                "events that CloudTrail sends have no resources",
                "no event of aws.ec2 has the eventSource s3.amazonaws.com",
            ],
        ),
        (
            {"source": ["aws.s3"], "detail": {"object": {"key": ["a%20b", "a b", "c+d"]}}},
            [
                "detail.object.key has the key as it is; if 'a%20b' is URL-encoded, decode it",
                "detail.object.key has the key as it is; if 'c+d' is URL-encoded, decode it",
            ],
        ),
        ({"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "a+"}]}}}, []),
    ],
)
def test_what_no_event_has_is_named(pattern, advice):
    compiled = compile_pattern(pattern)
    assert about_pattern(compiled) == advice
    assert (
        about_rule(compiled, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", gets_service_events=True)
        == advice
    )


def test_a_bus_that_no_service_sends_to_is_named():
    pattern = compile_pattern({"source": ["aws.s3"]})
    assert about_rule(pattern, "ENABLED", gets_service_events=False) == [ELSEWHERE]
    assert about_rule(pattern, "ENABLED", gets_service_events=True) == []
    other = compile_pattern({"source": ["shop"]})
    assert about_rule(other, "ENABLED", gets_service_events=False) == []


@pytest.mark.parametrize(
    ("state", "names", "advice"),
    [
        ("ENABLED", ["DescribeInstances"], [NOT_SEEN]),
        ("ENABLED", ["DescribeInstances", "RunInstances"], []),
        ("DISABLED", ["DescribeInstances"], []),
        ("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", ["DescribeInstances"], []),
        ("ENABLED", [{"prefix": "Describe"}], []),
    ],
)
def test_calls_that_a_rule_does_not_see_are_named(state, names, advice):
    pattern = compile_pattern(
        {
            "source": ["aws.ec2"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventName": names},
        }
    )
    assert about_rule(pattern, state, gets_service_events=True) == advice
