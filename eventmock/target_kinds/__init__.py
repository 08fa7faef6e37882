"""The kinds of targets, a file for each kind. A new kind needs a file with a `KIND`, and its name in the table.

The file of a kind is imported when an ARN of its service is first looked at.

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

from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from eventmock.target_kinds.kind import NAME, ApiCall, InvalidRequest, Invocation, InvokedTarget, TargetKind

if TYPE_CHECKING:
    from eventmock.values.arn import Arn

__all__ = [
    "NAME",
    "SERVICES_OF_TARGETS",
    "ApiCall",
    "InvalidRequest",
    "Invocation",
    "InvokedTarget",
    "TargetKind",
    "all_kinds",
    "is_service_itself",
    "kind_of",
    "kinds_of",
    "parameter_blocks",
    "why_no_target",
]


_FILES: Final = {
    "appsync": ("appsync_api",),
    "batch": ("batch_job_queue",),
    "codebuild": ("codebuild_project",),
    "codepipeline": ("codepipeline_pipeline",),
    "ecs": ("ecs_task",),
    "events": ("api_destination", "custom_event_bus", "ec2_builtin", "event_bus"),
    "execute-api": ("api_gateway",),
    "firehose": ("firehose_stream",),
    "glue": ("glue_workflow",),
    "imagebuilder": ("image_builder_pipeline",),
    "inspector": ("inspector_template",),
    "kinesis": ("kinesis_stream",),
    "lambda": ("lambda_function",),
    "logs": ("log_group",),
    "redshift": ("redshift_cluster",),
    "redshift-serverless": ("redshift_serverless_workgroup",),
    "sagemaker": ("sagemaker_pipeline",),
    "sns": ("sns_topic",),
    "sqs": ("sqs_fifo_queue", "sqs_queue"),
    "ssm": ("ssm_automation", "ssm_ops_item", "ssm_run_command"),
    "ssm-incidents": ("incident_response_plan",),
    "states": ("state_machine",),
}
"""The files of the kinds, by the service in the ARNs of their targets."""

_FILES_OF_SCHEDULES: Final = ("universal_target",)
"""The files of the kinds that only schedules of EventBridge Scheduler can have as targets."""

_FILES_OF_SUBSCRIBERS: Final = ("msk_cluster",)
"""The files of the kinds that only subscribers of custom event buses can have as targets."""

SERVICES_OF_TARGETS: Final = frozenset(_FILES)
"""The services that have targets of rules, as ARNs spell them."""

_SERVICES_OF_MANAGED_RULES: Final = frozenset({"autoscaling"})
"""The services that only rules managed by AWS can have as targets."""


@cache
def kinds_of(service: str) -> tuple[TargetKind, ...]:
    """Return the kinds of rules' targets of a service, in the order of their files; none if it has no targets.

    Args:
        service: The service as ARNs spell it.
    """
    return tuple(map(_read, _FILES.get(service, ())))


def _read(file: str) -> TargetKind:
    kind: TargetKind = import_module(f"{__name__}.{file}").KIND
    return kind


def all_kinds() -> tuple[TargetKind, ...]:
    """Return all kinds, in the order of their services and files. An ARN belongs to one kind at most."""
    of_rules = (kind for service in _FILES for kind in kinds_of(service))
    return (*of_rules, *map(_read, (*_FILES_OF_SCHEDULES, *_FILES_OF_SUBSCRIBERS)))


@cache
def parameter_blocks() -> tuple[str, ...]:
    """Return the names of the parameter blocks of targets. Each belongs to certain kinds."""
    return tuple(dict.fromkeys(kind.parameters for kind in all_kinds() if kind.parameters is not None))


@lru_cache(maxsize=1024)
def kind_of(arn: Arn) -> TargetKind | None:
    """Return the kind of a rule's target to which an ARN belongs; None if it belongs to none."""
    return next((kind for kind in kinds_of(arn.service) if kind.has(arn)), None)


def is_service_itself(arn: Arn) -> bool:
    """Return whether an ARN is that of a service, such as ``arn:aws:states:us-east-1:::``, for a managed rule."""
    return not arn.account and arn.resource == ":"


def why_no_target(arn: Arn) -> str:
    """Return PutTargets' error text for an ARN that belongs to no kind of target.

    Recorded: the texts for S3 and for Auto Scaling. Observed: the text for another resource of a service that has
    targets (AppSync APIs, Glue jobs). Inferred: other services have the text of S3.
    """
    if arn.service in SERVICES_OF_TARGETS:
        return f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
    if arn.service in _SERVICES_OF_MANAGED_RULES:
        return (
            f"Parameter {arn} is not valid. Reason: Service as target config for ARN: {arn} not found. "
            "The API call hasn't been recognized as managed rules call"
        )
    return f"{arn.service} is not a supported service for a target."
