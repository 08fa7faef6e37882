"""The kinds of targets: which service an ARN belongs to, and what PutTargets wants of it.

Source: targets-and-delivery sections 1 and 2. Roles and parameter blocks were measured on AWS in 2026-09; where an
ARN belongs to no kind, nothing more is asked of it (inferred).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from eventmock.arn import Arn


@dataclass(frozen=True, slots=True)
class TargetKind:
    """A kind of target.

    Attributes:
        name: What a person calls it.
        service: The service in its ARN.
        resource: A pattern for the resource in its ARN.
        role: Whether PutTargets wants a ``RoleArn``.
        required: The parameter block it cannot do without.
        parameters: The parameter block that belongs to it.
    """

    name: str
    service: str
    resource: str = ".+"
    role: Literal["required", "optional", "refused"] = "required"
    required: str | None = None
    parameters: str | None = None


KINDS: Final = (
    TargetKind("Lambda function", "lambda", "function:.+", "optional"),
    TargetKind("SQS FIFO queue", "sqs", r".+\.fifo", "optional", required="SqsParameters"),
    TargetKind("SQS queue", "sqs", role="optional"),
    TargetKind("SNS topic", "sns", role="optional"),
    TargetKind("Kinesis stream", "kinesis", "stream/.+", parameters="KinesisParameters"),
    TargetKind("Firehose stream", "firehose", "deliverystream/.+"),
    TargetKind("Step Functions state machine", "states", "stateMachine:.+"),
    TargetKind("ECS task", "ecs", "cluster/.+", required="EcsParameters", parameters="EcsParameters"),
    TargetKind(
        "Batch job queue", "batch", "job-queue/.+", required="BatchParameters", parameters="BatchParameters"
    ),
    TargetKind("CloudWatch log group", "logs", "log-group:.+", "refused"),
    TargetKind("CodeBuild project", "codebuild", "project/.+"),
    TargetKind("CodePipeline pipeline", "codepipeline"),
    TargetKind("SSM Run Command", "ssm", "document/.+", parameters="RunCommandParameters"),
    TargetKind("SSM Automation", "ssm", "automation-definition/.+"),
    TargetKind("SSM OpsItem", "ssm", "opsitem"),
    TargetKind("Incident Manager response plan", "ssm-incidents", "response-plan/.+"),
    TargetKind("Inspector assessment template", "inspector"),
    TargetKind("Glue workflow", "glue", "workflow/.+"),
    TargetKind(
        "Redshift cluster",
        "redshift",
        "cluster:.+",
        required="RedshiftDataParameters",
        parameters="RedshiftDataParameters",
    ),
    TargetKind(
        "Redshift Serverless workgroup",
        "redshift-serverless",
        "workgroup/.+",
        required="RedshiftDataParameters",
        parameters="RedshiftDataParameters",
    ),
    TargetKind("SageMaker pipeline", "sagemaker", "pipeline/.+", parameters="SageMakerPipelineParameters"),
    TargetKind("API Gateway API", "execute-api", role="optional", parameters="HttpParameters"),
    TargetKind("API destination", "events", "api-destination/.+", parameters="HttpParameters"),
    TargetKind("AppSync API", "appsync", "endpoints/graphql-api/.+", parameters="AppSyncParameters"),
    TargetKind("event bus", "events", "event-bus/.+"),
    TargetKind("EC2 built-in", "events", "target/.+"),
    TargetKind("Image Builder pipeline", "imagebuilder", "image-pipeline/.+"),
)

PARAMETER_BLOCKS: Final = tuple(
    dict.fromkeys(kind.parameters for kind in KINDS if kind.parameters is not None)
)


def kind_of(arn: Arn) -> TargetKind | None:
    """The kind of target that an ARN is, if it is one."""
    return next(
        (kind for kind in KINDS if kind.service == arn.service and re.fullmatch(kind.resource, arn.resource)),
        None,
    )
