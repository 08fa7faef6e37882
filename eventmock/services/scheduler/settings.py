"""The settings of EventBridge Scheduler that a test may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from eventmock.exceptions import OptionError
from eventmock.parts.part import Settings


@dataclass(slots=True, kw_only=True)
class SchedulerSettings(Settings):
    """The settings of EventBridge Scheduler.

    Attributes:
        fires_past_at: Whether an ``at(...)`` of which the moment is past when the schedule is made fires at once. What
            AWS does is not recorded; it takes the schedule. By default it never fires (inferred).
    """

    said_as: ClassVar[str] = "scheduler"

    fires_past_at: bool = False

    def check(self, name: str, value: Any) -> None:
        """Check a setting.

        Raises:
            OptionError: The value is not a bool.
        """
        __tracebackhide__ = True
        if not isinstance(value, bool):
            raise OptionError(f"scheduler.{name} = {value!r}: wanted True or False")
