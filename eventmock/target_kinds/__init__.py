"""The kinds of targets, a file for each kind. A new kind needs a file with a `KIND`, and the name in the table.

A kind defines which ARNs belong to it, which members PutTargets requires of a target, and the exact call that AWS makes
to deliver to the target. `why_no_target` has AWS's texts for ARNs that belong to no kind. This package makes
no calls and does not depend on rules and buses.

    kind.py            TargetKind, and Invocation, from which a call is made; start here
    http_call.py       the request for kinds that are reached by HTTP
    sqs_queue.py       ... and so on: one file for each kind

Source: targets-and-delivery sections 1 and 3; each file states what is recorded, documented or inferred. Roles and
parameter blocks were measured on AWS in 2026-09. Inferred: an ARN names an account of 12 digits, and has no more parts
than the pattern of its kind.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from eventmock.target_kinds.http_call import Headers, HttpAnswer, HttpCall
from eventmock.target_kinds.kind import NAME, ApiCall, InvalidRequest, Invocation, TargetKind

if TYPE_CHECKING:
    from eventmock.values.arn import Arn

__all__ = [
    "KINDS",
    "NAME",
    "PARAMETER_BLOCKS",
    "ApiCall",
    "Headers",
    "HttpAnswer",
    "HttpCall",
    "InvalidRequest",
    "Invocation",
    "TargetKind",
    "is_service_itself",
    "kind_of",
    "why_no_target",
]


_FILES: Final = (
    "api_destination",
    "api_gateway",
    "appsync_api",
    "batch_job_queue",
    "codebuild_project",
    "codepipeline_pipeline",
    "custom_event_bus",
    "ec2_builtin",
    "ecs_task",
    "event_bus",
    "firehose_stream",
    "glue_workflow",
    "image_builder_pipeline",
    "incident_response_plan",
    "inspector_template",
    "kinesis_stream",
    "lambda_function",
    "log_group",
    "redshift_cluster",
    "redshift_serverless_workgroup",
    "sagemaker_pipeline",
    "sns_topic",
    "sqs_fifo_queue",
    "sqs_queue",
    "ssm_automation",
    "ssm_ops_item",
    "ssm_run_command",
    "state_machine",
)
"""The file of each kind, in alphabetical order."""

KINDS: Final[tuple[TargetKind, ...]] = tuple(import_module(f"{__name__}.{name}").KIND for name in _FILES)
"""All kinds, in the order of their files. An ARN belongs to one kind at most."""

PARAMETER_BLOCKS: Final = tuple(
    dict.fromkeys(kind.parameters for kind in KINDS if kind.parameters is not None)
)
"""The parameter blocks of targets. Each belongs to certain kinds."""


@lru_cache(maxsize=1024)
def kind_of(arn: Arn) -> TargetKind | None:
    """Return the kind of target to which an ARN belongs; None if it belongs to none."""
    return next((kind for kind in KINDS if kind.has(arn)), None)


def is_service_itself(arn: Arn) -> bool:
    """Return whether an ARN is that of a service, such as ``arn:aws:states:us-east-1:::``, for a managed rule."""
    return not arn.account and arn.resource == ":"


_SERVICES: Final = frozenset(kind.service for kind in KINDS)
_SERVICES_OF_MANAGED_RULES: Final = frozenset({"autoscaling"})
"""The services that only rules managed by AWS can have as targets."""


def why_no_target(arn: Arn) -> str:
    """Return PutTargets' error text for an ARN that belongs to no kind of target.

    Recorded: the texts for S3 and for Auto Scaling. Observed: the text for another resource of a service that has
    targets (AppSync APIs, Glue jobs). Inferred: other services have the text of S3.
    """
    if arn.service in _SERVICES:
        return f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
    if arn.service in _SERVICES_OF_MANAGED_RULES:
        return (
            f"Parameter {arn} is not valid. Reason: Service as target config for ARN: {arn} not found. "
            "The API call hasn't been recognized as managed rules call"
        )
    return f"{arn.service} is not a supported service for a target."
