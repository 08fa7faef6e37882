"""Settings of AppIntegrations that a test may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from eventmock.parts.part import Settings
from eventmock.values.moments import check_span


@dataclass(slots=True, kw_only=True)
class AppIntegrationsSettings(Settings):
    """Settings of AppIntegrations.

    Attributes:
        checks_event_buses: Whether CreateEventIntegration is refused unless the event bus that it names exists in the
            mocked EventBridge, and so does the event source if it is a partner's; AWS wants neither.
        execution_time: How long the on-demand job of a data integration association takes on the clock, a timedelta.
    """

    checks_event_buses: bool = False
    execution_time: timedelta = timedelta(seconds=10)

    def __setattr__(self, name: str, value: Any) -> None:
        __tracebackhide__ = True
        if name == "execution_time":
            check_span(f"appintegrations.{name} = {value!r}", value)
        object.__setattr__(self, name, value)
