"""Pseudo parameters that follow from an account and a region."""

from __future__ import annotations

from typing import Any, Final

from eventmock.values.arn import partition_of

_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}


def pseudo_parameters(account: str, region: str) -> dict[str, Any]:
    """Return the values of the pseudo parameters that do not depend on a stack, but for ``AWS::NoValue``."""
    partition = partition_of(region)
    return {
        "AWS::AccountId": account,
        "AWS::NotificationARNs": [],
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::URLSuffix": _SUFFIXES.get(partition, "amazonaws.com"),
    }
