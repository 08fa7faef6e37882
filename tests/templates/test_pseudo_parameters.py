from __future__ import annotations

import pytest

from eventmock.templates.pseudo_parameters import pseudo_parameters


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_partition_and_suffix_are_those_of_the_region(region, partition, suffix):
    assert pseudo_parameters("111122223333", region) == {
        "AWS::AccountId": "111122223333",
        "AWS::NotificationARNs": [],
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::URLSuffix": suffix,
    }
