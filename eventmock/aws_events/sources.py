"""How AWS services send their events: how surely, and from which region.

Source: service-events sections 2 and 3 and the pages of AWS's Events Reference (documented). A service whose page was
not read is taken for one that sends by best effort.
"""

from __future__ import annotations

from typing import Final

from eventmock.values.arn import partition_of

PREFIX: Final = "aws."
"""The beginning of the source of each AWS service."""
PARTNER_PREFIX: Final = "aws.partner/"
"""The beginning of the source of each SaaS partner, which is not an AWS service."""
GLOBAL_REGION: Final = "us-east-1"
"""The region in which global services send their events."""
BY_CLOUDTRAIL: Final = " via CloudTrail"
"""The end of the ``detail-type`` of each event that CloudTrail sends for a service."""

_DURABLE: Final = frozenset(
    {
        "aws.airflow-serverless",
        "aws.artifact",
        "aws.batch",
        "aws.braket",
        "aws.cloudformation",
        "aws.cloudwatch",
        "aws.codeartifact",
        "aws.ecs",
        "aws.geo",
        "aws.guardduty",
        "aws.health",
        "aws.iotanalytics",
        "aws.mediaconvert",
        "aws.redshift",
        "aws.s3",
        "aws.securityhub",
        "aws.translate",
    }
)
_GLOBAL: Final = frozenset({"aws.cloudfront", "aws.iam", "aws.organizations", "aws.route53"})


def is_service(source: str) -> bool:
    """Return whether a source is that of an AWS service."""
    return source.startswith(PREFIX) and not source.startswith(PARTNER_PREFIX)


def is_durable(source: str, detail_type: str) -> bool:
    """Return whether the service sends the event until EventBridge takes it, for up to 24 hours.

    Other services send by best effort: an event that EventBridge does not take at once is lost. CloudTrail always sends
    by best effort.
    """
    return source in _DURABLE and not detail_type.endswith(BY_CLOUDTRAIL)


def is_from_elsewhere(source: str, region: str) -> bool:
    """Return whether a source is a global service, which sends no event in a region of the partition ``aws`` but one.

    The other partitions have regions of their own for global services, about which nothing is known here.
    """
    return source in _GLOBAL and region != GLOBAL_REGION and partition_of(region) == "aws"
