"""Rules about names, states and keys that a template writes twice or wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.checks.finding import Found
from eventmock.checks.subject import ARCHIVE, BUS, DEFAULT_BUS, RULE, SCHEDULE
from eventmock.checks.table import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource

_STATES: Final = ("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_NAMES: Final = {
    RULE: "Name",
    BUS: "Name",
    ARCHIVE: "ArchiveName",
    "AWS::Events::Connection": "Name",
    "AWS::Events::ApiDestination": "Name",
    "AWS::Events::Endpoint": "Name",
    SCHEDULE: "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Pipes::Pipe": "Name",
}
"""The property that has the name, by type."""
_AROUND: Final = {RULE: "EventBusName", SCHEDULE: "GroupName"}
"""The property that has what names must differ in, by type; the names of other types differ in the whole account."""


@rule(
    "repeated-name", "error", "Two rules of one name on one bus, or two buses or other resources of one name."
)
def repeated_name(subject: Subject) -> Iterator[Found]:
    """Yield the resources that have the name of one before."""
    seen: dict[tuple[str, str, str], StackResource] = {}
    for resource in subject.of_type(*_NAMES):
        name = resource.properties.get(_NAMES[resource.type])
        if not isinstance(name, str) or subject.is_made_up(resource, _NAMES[resource.type]):
            continue
        around = str(resource.properties.get(_AROUND.get(resource.type, ""), DEFAULT_BUS))
        bus = next((one for one in subject.of_type(BUS) if around in (one.arn, one.ref)), None)
        first = seen.setdefault((resource.type, around if bus is None else bus.name, name), resource)
        if first is not resource:
            kind = resource.type.rpartition("::")[2]
            yield subject.found(
                resource,
                _NAMES[resource.type],
                what=f"{first.logical_id}, of the type {kind}, has the name {name} too",
                production=f"the deployment fails: {name} already exists",
                instead="another name, or none: CloudFormation makes one up",
            )


@rule("unknown-state", "error", "A state that there is not, such as `enabled` in lower case.")
def unknown_state(subject: Subject) -> Iterator[Found]:
    """Yield the states of rules and schedules that do not exist."""
    for resource in subject.of_type(RULE, SCHEDULE):
        known = _STATES if resource.type == RULE else _STATES[:2]
        state = resource.properties.get("State")
        if state is not None and state not in known and not subject.is_made_up(resource, "State"):
            meant = next((one for one in known if one.lower() == str(state).lower()), None)
            yield subject.found(
                resource,
                "State",
                what=f"the State is {state!r}"
                if isinstance(state, str)
                else f"the State is {str(state).lower()}",
                production=f"the deployment fails: Member must satisfy enum value set: [{', '.join(known)}]",
                instead=meant or " or ".join(known[:2]),
            )


@rule("repeated-key", "warning", "A key that stands twice in one mapping of the template.")
def repeated_key(subject: Subject) -> Iterator[Found]:
    """Yield the keys that stand twice."""
    source = subject.template.source
    for path in source.repeated_keys:
        logical_id = str(path[1]) if path[0] == "Resources" and len(path) > 1 else None
        yield Found(
            source.place(path),
            logical_id,
            f"the key {path[-1]} stands twice",
            "only the last one counts; what stands under the first is gone",
            "one key with both parts, or two different keys",
        )
