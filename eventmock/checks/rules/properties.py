"""Rules about properties that are not checked when a template is deployed: those of EventBridge Scheduler and Pipes.

The API of Scheduler has members that CloudFormation does not have; no service of the mock has pipes. Source: templates
section 7; CloudFormation's resource schemas of October 2026, in which schedules have no ActionAfterCompletion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.subject import SCHEDULE
from eventmock.checks.table import rule
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject

UNKNOWN: Final = "unknown-property"
_KNOWN: Final = {
    (SCHEDULE,): (
        *(
            "Name",
            "Description",
            "GroupName",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
        ),
        *("EndDate", "FlexibleTimeWindow", "KmsKeyArn", "State", "Target"),
    ),
    (SCHEDULE, "FlexibleTimeWindow"): ("Mode", "MaximumWindowInMinutes"),
    (SCHEDULE, "Target"): (
        *(
            "Arn",
            "RoleArn",
            "Input",
            "DeadLetterConfig",
            "RetryPolicy",
            "EcsParameters",
            "EventBridgeParameters",
        ),
        *("KinesisParameters", "SageMakerPipelineParameters", "SqsParameters"),
    ),
    ("AWS::Scheduler::ScheduleGroup",): ("Name", "Tags"),
    ("AWS::Pipes::Pipe",): (
        *("Name", "Description", "DesiredState", "Source", "SourceParameters", "Enrichment"),
        *(
            "EnrichmentParameters",
            "Target",
            "TargetParameters",
            "RoleArn",
            "LogConfiguration",
            "KmsKeyIdentifier",
        ),
        "Tags",
    ),
}
"""The properties of a type, or of one of its properties."""


@rule(UNKNOWN, "error", "A property that the type of the resource does not have.")
def unknown_property(subject: Subject) -> Iterator[Found]:
    """Yield the properties of schedules, their groups and pipes that do not exist."""
    for (kind, *keys), known in _KNOWN.items():
        for resource in subject.of_type(kind):
            value: Any = resource.properties
            for key in keys:
                value = value.get(key)
            for name in value if isinstance(value, Mapping) else ():
                if name not in known:
                    yield subject.found(
                        resource,
                        *keys,
                        name,
                        what=f"there is no property {name}{f' in {keys[0]}' if keys else ''}",
                        production=f"the deployment fails: {'/'.join(['#', *keys])}: extraneous key [{name}] is not "
                        "permitted",
                        instead=nearest_name(name, known) or f"one of {', '.join(known)}, or none",
                    )
