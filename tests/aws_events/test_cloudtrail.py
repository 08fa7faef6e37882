"""The detail of a call, and which calls only read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventmock.aws_events.cloudtrail import (
    API_CALL,
    CONSOLE_ACTION,
    DETAIL_TYPES,
    INSIGHT,
    NETWORK_ACTIVITY,
    SERVICE_EVENT,
    SIGN_IN,
    call_detail,
    event_source,
    is_read_by_name,
    is_read_call,
    sample_detail,
    source_of,
)
from eventmock.event import event as events

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def detail(operation="RunInstances", region="us-east-1", **members):
    ids = iter(["request", "event"])
    return call_detail(
        "ec2",
        operation,
        account="111122223333",
        region=region,
        time=NOON,
        ids=lambda: next(ids),
        **members,
    )


def test_the_detail_of_a_call_has_the_members_of_a_record():
    assert detail() == {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROACKCEVSQ6C2EXAMPLE:session",
            "arn": "arn:aws:sts::111122223333:assumed-role/Deployer/session",
            "accountId": "111122223333",
            "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROACKCEVSQ6C2EXAMPLE",
                    "arn": "arn:aws:iam::111122223333:role/Deployer",
                    "accountId": "111122223333",
                    "userName": "Deployer",
                },
                "attributes": {"creationDate": "2026-03-05T12:00:00Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": "2026-03-05T12:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "RunInstances",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": None,
        "responseElements": None,
        "requestID": "request",
        "eventID": "event",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
    }


def test_parameters_and_answers_are_named_as_in_the_log():
    made = detail(
        request_parameters={"InstanceType": "t3.micro", "Tags": [{"Key": "a"}, ["B"]]},
        response_elements={"InstancesSet": {"Items": ()}},
    )
    assert made["requestParameters"] == {"instanceType": "t3.micro", "tags": [{"key": "a"}, ["B"]]}
    assert made["responseElements"] == {"instancesSet": {"items": []}}


def test_what_is_named_as_in_the_log_is_kept():
    made = detail(request_parameters={"resource": "arn", "tags": {"Team": "shop"}})
    assert made["requestParameters"] == {"resource": "arn", "tags": {"Team": "shop"}}


def test_a_call_that_failed_has_an_error():
    made = detail(error_code="AccessDenied", error_message="no")
    assert (made["errorCode"], made["errorMessage"]) == ("AccessDenied", "no")


def test_a_call_for_data_does_not_manage():
    made = detail("GetObject", management=False)
    assert (made["managementEvent"], made["eventCategory"], made["readOnly"]) == (False, "Data", True)


def test_who_called_may_be_given():
    assert detail(user_identity={"type": "Root"})["userIdentity"] == {"type": "Root"}
    assert detail(region="cn-north-1")["userIdentity"]["arn"].startswith("arn:aws-cn:sts::")


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("DescribeInstances", True),
        ("GetObject", True),
        ("ListBuckets", True),
        ("HeadObject", True),
        ("LookupEvents", True),
        ("SearchTables", True),
        ("BatchGetItem", True),
        ("RunInstances", False),
        ("PutObject", False),
    ],
)
def test_a_name_says_whether_a_call_reads(operation, answer):
    assert is_read_by_name(operation) is answer
    assert detail(operation)["readOnly"] is answer
    assert detail(operation, read_only=not answer)["readOnly"] is not answer


@pytest.mark.parametrize(("given", "whole"), [("ec2", "ec2.amazonaws.com"), ("s3.amazonaws.com",) * 2])
def test_a_service_has_the_name_of_its_endpoint(given, whole):
    assert event_source(given) == whole
    assert source_of(whole) == f"aws.{whole.partition('.')[0]}"


CALL = {
    "detail-type": API_CALL,
    "source": "aws.ec2",
    "detail": {"readOnly": True, "managementEvent": True, "eventCategory": "Management"},
}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, True),
        ({"detail": [("readOnly", False), ("readOnly", True)]}, True),
        ({"detail": {"readOnly": "true"}}, False),
        ({"detail": {"readOnly": 1}}, False),
        ({"detail": None}, False),
        ({"source": "shop"}, False),
        ({"source": None}, False),
        ({"detail-type": SIGN_IN}, False),
        ({"detail": {"readOnly": True, "managementEvent": False}}, False),
        ({"detail": {"readOnly": True, "eventCategory": "Data"}}, False),
    ],
)
def test_a_read_call_is_an_api_call_that_manages_and_only_reads(change, answer):
    assert is_read_call(CALL | change) is answer


def test_the_event_knows_the_type_by_the_same_name():
    assert events.API_CALL == API_CALL


@pytest.mark.parametrize(
    ("detail_type", "kind"),
    [
        (API_CALL, "AwsApiCall"),
        (SERVICE_EVENT, "AwsServiceEvent"),
        (SIGN_IN, "AwsConsoleSignIn"),
        (CONSOLE_ACTION, "AwsConsoleAction"),
        (INSIGHT, "AwsCloudTrailInsight"),
        (NETWORK_ACTIVITY, "AwsVpceEvent"),
    ],
)
def test_there_is_a_sample_of_each_type(detail_type, kind):
    assert sample_detail("aws.kms", detail_type)["eventType"] == kind


def test_both_spellings_of_a_sign_in_are_known():
    assert [name for name in DETAIL_TYPES if "Sign" in name] == [
        "AWS Console Sign In via CloudTrail",
        "AWS Console Signin via CloudTrail",
    ]
