"""What EventBridge Scheduler refuses of a schedule beyond the constraints of the service model.

Source: scheduler section 5. Recorded: the expression is checked before the target. All else of the order is inferred:
`check_schedule` is the order, a line for each check.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.schedule import (
    At,
    Cron,
    InvalidSchedule,
    InvalidTimeZone,
    Occurrences,
    parse_for_schedule,
    time_zone,
)
from eventmock.services.scheduler import errors
from eventmock.services.scheduler.target_checks import check_target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from eventmock.parts.accounts import Account
    from eventmock.schedule import Rate
    from eventmock.services.scheduler.schedule import Schedule

UTC_NAME: Final = "UTC"
_OLDEST_START: Final = timedelta(minutes=5)


def check_schedule(
    account: Account, request: Mapping[str, Any], before: Schedule | None
) -> tuple[At | Rate | Cron, tzinfo]:
    """Check the members of a request to make or change a schedule.

    Args:
        account: The account of the request.
        request: The members of the request.
        before: The schedule before the change; None for a new one, or if it does not exist.

    Returns:
        The expression and the time zone.

    Raises:
        AwsError: AWS would refuse the request (``ValidationException``).
    """
    now, start, end = account.state.clock.now(), request.get("StartDate"), request.get("EndDate")
    timing = _read_expression(request["ScheduleExpression"])
    zone = _find_zone(request.get("ScheduleExpressionTimezone", UTC_NAME))
    _check_window(request["FlexibleTimeWindow"])
    _check_order(start, end)
    _check_start(timing, start, now, None if before is None else before.start_date)
    _check_fires(timing, zone, start, now)
    check_target(request["Target"], account.region)
    return timing, zone


def _read_expression(text: str) -> At | Rate | Cron:
    try:
        return parse_for_schedule(text)
    except InvalidSchedule as refusal:
        raise errors.invalid(str(refusal), refusal.why) from None


def _find_zone(name: str) -> tzinfo:
    try:
        return time_zone(name)
    except InvalidTimeZone as refusal:
        raise errors.invalid(str(refusal), refusal.why) from None


def _check_window(window: Mapping[str, Any]) -> None:
    """Check that a flexible time window has a length, and no other one has."""
    is_flexible, has_length = window["Mode"] == "FLEXIBLE", "MaximumWindowInMinutes" in window
    if is_flexible != has_length:
        wanted = "must" if is_flexible else "must not"
        raise errors.invalid(
            f"MaximumWindowInMinutes {wanted} be provided when FlexibleTimeWindowMode is set to {window['Mode']}."
        )


def _check_order(start: datetime | None, end: datetime | None) -> None:
    if start is not None and end is not None and start >= end:
        raise errors.invalid("The StartDate you specify must come before the EndDate.")


def _check_start(
    timing: At | Rate | Cron, start: datetime | None, now: datetime, kept: datetime | None
) -> None:
    """Check that a StartDate is not of the past. ``at(...)`` ignores it; a change may keep it (inferred).

    Args:
        timing: The expression.
        start: The StartDate; None if there is none.
        now: The present.
        kept: The StartDate before the change; None if there is none.
    """
    if start is None or start == kept or isinstance(timing, At):
        return
    if start < now - _OLDEST_START:
        raise errors.invalid(
            "The StartDate you specify cannot be earlier than 5 minutes ago.",
            f"the backend's clock is at {now:%Y-%m-%d %H:%M:%S} UTC",
        )


def _check_fires(timing: At | Rate | Cron, zone: tzinfo, start: datetime | None, now: datetime) -> None:
    """Check that a cron has an occurrence from StartDate on, whatever EndDate is. The text is inferred."""
    if isinstance(timing, Cron):
        occurrences = Occurrences(timing=timing, zone=zone, since=now, start=start)
        if occurrences.first() is None:
            since = max(now, start or now)
            raise errors.invalid(
                f"Invalid Schedule Expression {timing.expression}.",
                f"it selects no moment after {since:%Y-%m-%d %H:%M:%S} UTC",
            )
