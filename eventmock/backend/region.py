"""Regions, which a test can put out of service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventmock.services.events.outages import UNTIL_FAILOVER, Outages

if TYPE_CHECKING:
    from datetime import timedelta

    from eventmock.services.events.outages import Outage
    from eventmock.state import State


@dataclass(frozen=True, slots=True)
class Region:
    """A region.

    Attributes:
        name: The name of the region, such as ``us-east-1``.
    """

    name: str
    _state: State = field(repr=False)

    @property
    def is_out(self) -> bool:
        """Whether the region is out of service now."""
        self._state.clock.run_due()
        return self.name in self._state.regions_out

    def outage(
        self,
        *,
        starting: timedelta | None = None,
        lasting: timedelta | None = None,
        failover_after: timedelta = UNTIL_FAILOVER,
    ) -> Outage:
        """Put the region out of service.

        Its clients get connection errors. Its deliveries, and copies to it, wait until it is in service again. After a
        time the health checks of global endpoints whose home region it is become unhealthy.

        Args:
            starting: The time from now until the outage, on the backend's clock; by default it begins at once.
            lasting: The duration of the outage; by default it ends with `Outage.end` or the ``with`` block.
            failover_after: The time from the beginning of the outage until health checks are unhealthy; by default 360
                seconds, as AWS promises with the alarm that it prescribes.

        Raises:
            OptionError: An argument is not a timedelta, or is negative.
        """
        __tracebackhide__ = True
        return self._state.part(Outages).plan(
            self.name, starting=starting, lasting=lasting, failover_after=failover_after
        )
