"""``AWS::Scheduler::Schedule``: CreateSchedule, UpdateSchedule.

Source: templates section 7. Properties have the names of the API, but for the first letter of some names within
``EcsParameters``. StartDate and EndDate are texts; without an offset they are in UTC (documented). Seen on AWS
(aws/aws-cdk issue 34216): a schedule cannot be moved to another group; CloudFormation says that it was not found.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.resource_properties import members_of, pointer, spelled_as
from eventmock.services.resource_type import Caller, InvalidProperty, Made, ResourceType
from eventmock.services.scheduler.schedule import DEFAULT_GROUP
from eventmock.templates.scalars import OFF_IN_YAML, text_of
from eventmock.values.moments import read_moment
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MOMENTS: Final = ("StartDate", "EndDate")
_API_ONLY: Final = {
    (): ("ActionAfterCompletion", "ClientToken"),
    ("Target",): ("EventBridgePutEventsV2Parameters", "EventBridgePutRawEventsParameters"),
}
"""The members of the API that are no properties of the type (templates section 7), by what they are a part of."""


class ScheduleType(ResourceType):
    """Schedules."""

    name = "AWS::Scheduler::Schedule"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"ConflictException": "Name"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        shape = caller.input_of("CreateSchedule")
        _check_properties(properties)
        members = members_of(shape, spelled_as(shape, properties))
        return members | {name: _moment(name, members[name]) for name in _MOMENTS if name in members}

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        arn = _call(caller, "CreateSchedule", {**properties, "Name": name})["ScheduleArn"]
        return Made(name, name, arn, {"Arn": arn})

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        if _group(old) != _group(new):
            raise AwsError(
                "NotFound",
                f"Resource of type '{self.name}' with identifier '{made.name}' was not found.",
                hint=f"CloudFormation cannot move a schedule from group {_group(old)} to {_group(new)}: "
                "give it another Name, too",
            )
        _call(caller, "UpdateSchedule", {**new, "Name": made.name})
        return made

    def restorer(  # noqa: D102 - inherited
        self,
        caller: Caller,
        made: Made,
        old: Mapping[str, Any],
        new: Mapping[str, Any],  # noqa: ARG002 - as the base has it
    ) -> Callable[[], object]:
        return partial(caller.call, "UpdateSchedule", {**old, "Name": made.name})

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: D102 - inherited
        caller.remove("DeleteSchedule", {"Name": made.name, "GroupName": _group(properties)})


def _call(caller: Caller, operation: str, members: Mapping[str, Any]) -> Any:
    """Call an operation that makes or changes a schedule.

    Raises:
        AwsError: AWS would refuse the call.
    """
    try:
        return caller.call(operation, members)
    except AwsError as refusal:
        if members["FlexibleTimeWindow"].get("Mode") == text_of(False):
            refusal.hint = f"{OFF_IN_YAML}: write Mode: 'OFF'"
        raise


def _group(properties: Mapping[str, Any]) -> str:
    name: str = properties.get("GroupName", DEFAULT_GROUP)
    return name


def _check_properties(properties: Mapping[str, Any]) -> None:
    """Check that no property is one that only the API has.

    Raises:
        InvalidProperty: A property is.
    """
    for path, names in _API_ONLY.items():
        given: Any = properties.get(path[0], {}) if path else properties
        for name in names:
            if isinstance(given, dict) and name in given:
                text = f"{pointer(path)}: extraneous key [{name}] is not permitted; only the API has it"
                raise InvalidProperty((*path, name), text)


def _moment(name: str, text: str) -> float:
    """Return the seconds since 1970-01-01 00:00 UTC of a moment in ISO 8601.

    Raises:
        InvalidProperty: The text is of another form.
    """
    moment = read_moment(text)
    if moment is None:
        path = (name,)
        raise InvalidProperty(
            path, f"{pointer(path)}: [{text}] is not a valid date-time; wanted such as 2030-01-01T00:00:00Z"
        )
    return moment.timestamp()


TYPE: Final = ScheduleType()
