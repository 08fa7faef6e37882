from __future__ import annotations

import json

import pytest


def test_a_sample_is_printed_as_json(command):
    code, out, err = command("sample", "aws.s3", "Object Created")
    assert (code, err) == (0, "")
    event = json.loads(out)
    assert (event["source"], event["detail-type"], event["account"], event["region"]) == (
        "aws.s3",
        "Object Created",
        "123456789012",
        "us-east-1",
    )
    assert event["detail"]["reason"] == "PutObject"


def test_the_account_and_the_region_may_be_given(command):
    _, out, _ = command(
        "sample", "s3", "Object Created", "--account", "111122223333", "--region", "cn-north-1"
    )
    event = json.loads(out)
    assert (event["account"], event["region"]) == ("111122223333", "cn-north-1")
    assert event["resources"] == ["arn:aws-cn:s3:::amzn-s3-demo-bucket"]


def test_without_a_detail_type_those_of_the_source_are_listed(command):
    assert command("sample", "aws.athena") == (
        0,
        "Athena Query State Change\n"
        "AWS API Call via CloudTrail\n"
        "AWS Service Event via CloudTrail\n"
        "AWS Console Sign In via CloudTrail\n"
        "AWS Console Signin via CloudTrail\n"
        "AWS Console Action via CloudTrail\n"
        "AWS Insight via CloudTrail\n"
        "AWS Network Activity Event via CloudTrail\n",
        "",
    )


def test_without_a_source_all_are_listed(command):
    code, out, err = command("sample")
    assert (code, err) == (0, "")
    assert {"aws.ec2", "aws.s3"} <= set(out.splitlines())
    assert len(out.splitlines()) == 139


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["aws.dynamodbb"],
            "SOURCE: eventmock knows no AWS service with the source 'aws.dynamodbb'; did you mean 'aws.dynamodb'?",
        ),
        (
            ["aws.s3", "object created"],
            "DETAIL-TYPE: eventmock knows no detail-type 'object created' of aws.s3; did you mean 'Object Created'?",
        ),
        (
            ["aws.s3", "Async Copy Completion"],
            "DETAIL-TYPE: eventmock knows no members of 'Async Copy Completion' of aws.s3",
        ),
        (
            ["aws.s3", "Object Created", "--account", "1"],
            "sample: account='1': wanted an account id, text of 12 digits such as '123456789012'",
        ),
    ],
)
def test_what_is_wrong_is_said(command, arguments, error):
    assert command("sample", *arguments) == (2, "", f"error: {error}\n")
