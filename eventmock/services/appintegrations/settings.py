"""The settings of AppIntegrations that a test may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from eventmock.parts.part import Settings
from eventmock.values.moments import check_span


@dataclass(slots=True, kw_only=True)
class AppIntegrationsSettings(Settings):
    """The settings of AppIntegrations.

    Attributes:
        checks_event_buses: Whether CreateEventIntegration is refused if the event bus that it names does not exist in
            the mocked EventBridge, or if the event source is a partner's and does not exist; AWS requires neither.
        execution_time: The duration of the on-demand job of a data integration association on the mock's clock.
    """

    said_as: ClassVar[str] = "appintegrations"

    checks_event_buses: bool = False
    execution_time: timedelta = timedelta(seconds=10)

    def check(self, name: str, value: Any) -> None:
        """Check a setting.

        Raises:
            OptionError: The value is not a timedelta, or is negative.
        """
        __tracebackhide__ = True
        if name == "execution_time":
            check_span(f"appintegrations.{name} = {value!r}", value)
