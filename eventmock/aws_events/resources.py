"""The ``resources`` of an event of an AWS service, as far as they follow from its detail.

Source: service-events section 6 (samples and documentation of the services).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from eventmock.aws_events.sources import BY_CLOUDTRAIL
from eventmock.values.arn import partition_of

_OWN_ARN: Final = "{value}"
_GROUP_ARN: Final = (
    "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:"
    "a1b2c3d4-5678-90ab-cdef-111122223333:autoScalingGroupName/{value}"
)
"""The ARN of a group has an id, which is not in the detail."""
_ARNS: Final[dict[str, tuple[tuple[tuple[str, str], ...], ...]]] = {
    "aws.autoscaling": (
        (
            (
                "AutoScalingGroupName",
                _GROUP_ARN,
            ),
        ),
        (("EC2InstanceId", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),),
    ),
    "aws.backup": ((("backupVaultName", "arn:{partition}:backup:{region}:{account}:backup-vault:{value}"),),),
    "aws.batch": ((("jobId", "arn:{partition}:batch:{region}:{account}:job/{value}"),),),
    "aws.cloudformation": ((("stack-id", _OWN_ARN),),),
    "aws.cloudwatch": ((("alarmName", "arn:{partition}:cloudwatch:{region}:{account}:alarm:{value}"),),),
    "aws.codebuild": ((("build-id", _OWN_ARN),),),
    "aws.codecommit": ((("repositoryName", "arn:{partition}:codecommit:{region}:{account}:{value}"),),),
    "aws.codepipeline": ((("pipeline", "arn:{partition}:codepipeline:{region}:{account}:{value}"),),),
    "aws.ec2": ((("instance-id", "arn:{partition}:ec2:{region}:{account}:instance/{value}"),),),
    "aws.ecs": ((("taskArn", _OWN_ARN), ("containerInstanceArn", _OWN_ARN)),),
    "aws.kms": ((("key-id", "arn:{partition}:kms:{region}:{account}:key/{value}"),),),
    "aws.rds": ((("SourceArn", _OWN_ARN),),),
    "aws.s3": ((("bucket.name", "arn:{partition}:s3:::{value}"),),),
    "aws.states": ((("executionArn", _OWN_ARN),),),
    "aws.transfer": ((("server-id", "arn:{partition}:transfer:{region}:{account}:server/{value}"),),),
}
"""For each source its resources, and for each of them the members that it follows from; the first that exists counts.

A hook of Auto Scaling is about the group only.
"""
_OF_THE_GROUP_ONLY: Final = " Lifecycle Action"


def resources_of(
    source: str, detail_type: str, detail: Mapping[str, Any], *, account: str, region: str
) -> list[str]:
    """Return the resources of an event as far as they follow from its detail.

    Args:
        source: The source of the event.
        detail_type: The ``detail-type`` of the event.
        detail: The detail of the event.
        account: The id of the account in which the event happens.
        region: The region in which the event happens.
    """
    if detail_type.endswith(BY_CLOUDTRAIL):
        return []
    resources = _ARNS.get(source, ())
    if detail_type.endswith(_OF_THE_GROUP_ONLY):
        resources = resources[:1]
    place = {"partition": partition_of(region), "region": region, "account": account}
    found = []
    for ways in resources:
        values = ((template, _value_at(detail, path)) for path, template in ways)
        arn = next((template.format(value=value, **place) for template, value in values if value), None)
        found += [arn] if arn else []
    return found


def _value_at(detail: object, path: str) -> str | None:
    for name in path.split("."):
        detail = detail.get(name) if isinstance(detail, Mapping) else None
    return detail if isinstance(detail, str) else None
