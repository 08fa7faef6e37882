"""Rules about what a template refers to: buses and groups that it does not make, and ARNs where names are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.checks.subject import (
    ARCHIVE,
    BUS,
    BUS_POLICY,
    DEFAULT_BUS,
    RULE,
    SCHEDULE,
    SCHEDULE_GROUP,
)
from eventmock.checks.table import rule
from eventmock.services.scheduler.schedule import DEFAULT_GROUP
from eventmock.values.arn import Arn, resource_name
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject


@rule(
    "unknown-bus",
    "error",
    "A rule on a bus that no given template makes, other than the default bus, an import or a parameter.",
)
def unknown_bus(subject: Subject) -> Iterator[Found]:
    """Yield the rules on buses that no given template makes."""
    made = {one.name for one in subject.of_type(BUS)} | subject.buses_elsewhere | {DEFAULT_BUS}
    for one in subject.rules:
        given = one.resource.properties.get("EventBusName")
        arn = Arn.parse(given)
        is_elsewhere = arn is not None and (arn.account, arn.region) != (subject.account, subject.region)
        if one.bus in made or is_elsewhere or subject.is_given(one.resource, "EventBusName"):
            continue
        if one.bus.startswith("aws.partner/") or subject.leaves_out(BUS):
            continue
        near = nearest_name(one.bus, made - {DEFAULT_BUS})
        bus = next((bus for bus in subject.of_type(BUS) if bus.name == near), None)
        yield subject.found(
            one.resource,
            "EventBusName",
            what=f'the rule is on bus "{one.bus}", which no given template makes',
            production=f"the deployment fails unless the bus exists: Event bus {one.bus} does not exist.",
            instead=f"!Ref {bus.logical_id}"
            if bus is not None
            else "!Ref of the bus, an !ImportValue or a parameter; or give its template to `check` too",
        )


@rule(
    "unknown-schedule-group",
    "error",
    "A schedule in a group that no given template makes, other than the default group, an import or a parameter.",
)
def unknown_schedule_group(subject: Subject) -> Iterator[Found]:
    """Yield the schedules in groups that no given template makes."""
    made = {one.name for one in subject.of_type(SCHEDULE_GROUP)} | subject.groups_elsewhere | {DEFAULT_GROUP}
    for one in subject.schedules:
        is_known = one.group in made or subject.is_given(one.resource, "GroupName")
        if is_known or subject.leaves_out(SCHEDULE_GROUP):
            continue
        near = nearest_name(one.group, made - {DEFAULT_GROUP})
        group = next((group for group in subject.of_type(SCHEDULE_GROUP) if group.name == near), None)
        yield subject.found(
            one.resource,
            "GroupName",
            what=f'the schedule is in group "{one.group}", which no given template makes',
            production="the deployment fails unless the group exists: "
            f"Schedule group {one.group} does not exist.",
            instead=f"!Ref {group.logical_id}"
            if group is not None
            else "!Ref of the group, an !ImportValue or a parameter; or give its template to `check` too",
        )


@rule(
    "schedule-group-by-name",
    "warning",
    "A schedule that names a group of the template without a reference to it.",
)
def schedule_group_by_name(subject: Subject) -> Iterator[Found]:
    """Yield the schedules that may be made before their group."""
    groups = {str(one.properties.get("Name")): one for one in subject.of_type(SCHEDULE_GROUP)}
    for resource in subject.of_type(SCHEDULE):
        group = groups.get(str(resource.properties.get("GroupName")))
        if group is not None and not _needs(subject, resource.logical_id, group.logical_id):
            yield subject.found(
                resource,
                "GroupName",
                what=f"the GroupName is {group.name}, and nothing says that it is {group.logical_id}",
                production="CloudFormation may make it before its group, and then the deployment fails: "
                f"Schedule group {group.name} does not exist.",
                instead=f"!Ref {group.logical_id}",
            )


@rule(
    "bus-by-name",
    "warning",
    "A rule, policy or archive that names a bus of the template without a reference to it.",
)
def bus_by_name(subject: Subject) -> Iterator[Found]:
    """Yield what may be made before its bus, since CloudFormation does not know that it needs the bus."""
    buses = {str(one.properties.get("Name")): one for one in subject.of_type(BUS)}
    for resource in subject.of_type(RULE, BUS_POLICY, ARCHIVE):
        name = "SourceArn" if resource.type == ARCHIVE else "EventBusName"
        given = resource.properties.get(name)
        bus = buses.get(resource_name(given)) if isinstance(given, str) else None
        if bus is not None and not _needs(subject, resource.logical_id, bus.logical_id):
            yield subject.found(
                resource,
                name,
                what=f"the {name} is {given}, and nothing says that it is {bus.logical_id}",
                production="CloudFormation may make it before its bus, and then the deployment fails: "
                f"Event bus {bus.name} does not exist.",
                instead=f"!GetAtt {bus.logical_id}.Arn"
                if resource.type == ARCHIVE
                else f"!Ref {bus.logical_id}",
            )


def _needs(subject: Subject, logical_id: str, other: str) -> bool:
    """Return whether a resource refers to another one, or depends on it, perhaps by way of others."""
    reached, waiting = {logical_id}, [logical_id]
    while waiting:
        declared = subject.template.resources.get(waiting.pop())
        if declared is not None:
            names = subject.outside.names_in(declared.properties) | set(declared.depends_on)
            waiting += names - reached
            reached |= names
    return other in reached


@rule("bus-policy-by-arn", "error", "An `AWS::Events::EventBusPolicy` whose `EventBusName` is an ARN.")
def bus_policy_by_arn(subject: Subject) -> Iterator[Found]:
    """Yield the policies that name their bus by its ARN, which only rules may."""
    for resource in subject.of_type(BUS_POLICY):
        given = resource.properties.get("EventBusName")
        if Arn.parse(given) is not None:
            bus = next((one for one in subject.of_type(BUS) if one.arn == given), None)
            yield subject.found(
                resource,
                "EventBusName",
                what=f"the EventBusName is {given}",
                production="the deployment fails: EventBusName must satisfy the pattern [\\.\\-_A-Za-z0-9]+",
                instead="the name of the bus" if bus is None else f"!Ref {bus.logical_id}",
            )


@rule(
    "archive-of-another-bus", "error", "An archive whose `SourceArn` is the ARN of a bus that does not exist."
)
def archive_of_another_bus(subject: Subject) -> Iterator[Found]:
    """Yield the archives of buses that no given template makes."""
    made = {one.name for one in subject.of_type(BUS)} | subject.buses_elsewhere | {DEFAULT_BUS}
    for resource in subject.of_type(ARCHIVE):
        arn = Arn.parse(resource.properties.get("SourceArn"))
        if arn is None or subject.is_given(resource, "SourceArn") or subject.leaves_out(BUS):
            continue
        name = arn.resource.removeprefix("event-bus/")
        if name not in made:
            yield subject.found(
                resource,
                "SourceArn",
                what=f'the archive is of bus "{name}", which no given template makes',
                production=f"the deployment fails unless the bus exists: Event bus {name} does not exist.",
                instead="!GetAtt of the bus, such as !GetAtt Orders.Arn",
            )
