"""A schedule of EventBridge Scheduler in a template: ``AWS::Scheduler::Schedule``, or what SAM makes of ScheduleV2."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.commands.instants import WANTED, instant_of

if TYPE_CHECKING:
    from eventmock.deployment.stack import StackResource
    from eventmock.exceptions import TemplateError
    from eventmock.schedule import Occurrences
    from eventmock.templates.source import Place


class TemplateSchedule(NamedTuple):
    """A schedule of a template.

    Attributes:
        logical_id: The logical ID.
        place: The place in the template.
        name: The name.
        expression: The ScheduleExpression; empty if the template does not say it.
        timezone: The name of the time zone.
        start: StartDate, an aware datetime; None if there is none, or if AWS would refuse it.
        end: EndDate, an aware datetime; None if there is none, or if AWS would refuse it.
        state: ``ENABLED`` or ``DISABLED``.
        refused: The reason why AWS would refuse the schedule; None if it would not.
    """

    logical_id: str
    place: Place
    name: str
    expression: str
    timezone: str
    start: datetime | None
    end: datetime | None
    state: str
    refused: str | None

    @property
    def origin(self) -> dict[str, Any]:
        """The logical ID and the place, as values that JSON can express."""
        return {"logical_id": self.logical_id, "file": self.place.file, "line": self.place.line}

    def occurrences(self, since: datetime) -> Occurrences:
        """Return the occurrences, as if the schedule were made at a moment.

        Args:
            since: The moment, an aware datetime.

        Raises:
            InvalidSchedule: AWS would refuse the expression.
            InvalidTimeZone: AWS does not know the time zone.
        """
        from eventmock.schedule import Occurrences, parse_for_schedule, time_zone

        timing, zone = parse_for_schedule(self.expression), time_zone(self.timezone)
        return Occurrences(timing=timing, zone=zone, since=since, start=self.start, end=self.end)


def schedule_of(resource: StackResource, place: Place, failure: TemplateError | None) -> TemplateSchedule:
    """Return the schedule of a resource.

    Args:
        resource: The resource.
        place: The place in the template.
        failure: The error of the deployment; None if there was none. It counts only if there is no expression: what
            else is wrong, such as the target, does not change when the schedule would fire.
    """
    properties = resource.properties
    expression = str(properties.get("ScheduleExpression") or "")
    timezone = str(properties.get("ScheduleExpressionTimezone") or "UTC")
    start, end = (_date(properties.get(name)) for name in ("StartDate", "EndDate"))
    reasons = (
        None if expression or failure is None else failure.message,
        _why(expression, timezone),
        f"StartDate: {start}" if isinstance(start, str) else None,
        f"EndDate: {end}" if isinstance(end, str) else None,
    )
    return TemplateSchedule(
        resource.logical_id,
        place,
        resource.name,
        expression,
        timezone,
        start if isinstance(start, datetime) else None,
        end if isinstance(end, datetime) else None,
        "DISABLED" if properties.get("State") == "DISABLED" else "ENABLED",
        next(filter(None, reasons), None),
    )


def _date(value: object) -> datetime | str | None:
    """Return the moment of StartDate or EndDate, or text about a wrong value; None if the template has no value."""
    if value is None:
        return None
    try:
        return instant_of(str(value))
    except ValueError:
        return f"{value!r}: {WANTED}"


def _why(expression: str, timezone: str) -> str | None:
    """Return the reason why AWS would refuse an expression or a time zone; None if it would not."""
    from eventmock.schedule import InvalidSchedule, InvalidTimeZone, parse_for_schedule, time_zone

    try:
        parse_for_schedule(expression)
        time_zone(timezone)
    except (InvalidSchedule, InvalidTimeZone) as refusal:
        return f"{refusal} ({refusal.why})"
    return None
