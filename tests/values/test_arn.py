from __future__ import annotations

import pytest

from eventmock.values.arn import (
    Arn,
    arn_name,
    arn_resource,
    arn_without_id,
    partition_of,
    resource_arn,
    resource_name,
)


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_has_its_partition(region, partition):
    assert partition_of(region) == partition


def test_an_arn_is_what_it_was_parsed_from():
    text = "arn:aws:events:us-east-1:123456789012:rule/bus/name:with:colons"
    arn = Arn.parse(text)
    assert (arn.service, arn.region, arn.account) == ("events", "us-east-1", "123456789012")
    assert arn.resource == "rule/bus/name:with:colons"
    assert str(arn) == text


@pytest.mark.parametrize(
    "text", ["", "x", "arn:aws:sqs", "arn::sqs:r:a:q", "arn:aws::r:a:q", "arn:aws:sqs:r:a:"]
)
def test_what_is_no_arn_parses_to_none(text):
    assert Arn.parse(text) is None


def test_a_resource_name_is_what_follows_the_first_slash():
    assert resource_name("arn:aws:events:r:a:event-bus/aws.partner/x/y") == "aws.partner/x/y"
    assert resource_name("plain") == "plain"


def test_a_resource_is_all_that_follows_the_account():
    assert arn_resource("arn:aws:sqs:us-east-1:123456789012:orders") == "orders"
    assert arn_resource("arn:aws:lambda:r:a:function:x:1") == "function:x:1"
    assert arn_resource("plain") == "plain"


def test_the_arn_of_a_resource_has_its_region_s_partition():
    assert resource_arn("events", "cn-north-1", "1", "rule/r") == "arn:aws-cn:events:cn-north-1:1:rule/r"


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("event-busv2/orders/6yfjf3x6kbnmeebj112dpxahu", "events event-busv2/orders"),
        ("subscriber/ship/6yfjf3x6kbnmeebj112dpxahu", "events subscriber/ship"),
        ("event-sourcev2/aws.partner/crm/6yfjf3x6kbnmeebj112dpxahu", "events event-sourcev2/aws.partner/crm"),
        ("event-bus/6yfjf3x6kbnmeebj112dpxahu", "events event-bus/6yfjf3x6kbnmeebj112dpxahu"),
    ],
)
def test_the_name_of_a_custom_event_bus_has_no_id(resource, name):
    arn = f"arn:aws:events:us-east-1:123456789012:{resource}"
    assert arn_name(arn) == name
    assert arn_without_id(arn).endswith(name.removeprefix("events "))
