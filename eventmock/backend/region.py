"""A region, in the tester's hands."""

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
        name: Such as ``us-east-1``.
    """

    name: str
    _state: State = field(repr=False)

    @property
    def is_out(self) -> bool:
        """Whether it is out of service at the moment."""
        self._state.clock.run_due()
        return self.name in self._state.regions_out

    def outage(
        self,
        *,
        starting: timedelta | None = None,
        lasting: timedelta | None = None,
        failover_after: timedelta = UNTIL_FAILOVER,
    ) -> Outage:
        """Have the region go out of service.

        Its clients get connection errors, its deliveries and copies for it wait until it is back, and after a while
        the health checks of the endpoints that are at home in it notice.

        Args:
            starting: A timedelta from now on the backend's clock; at once unless given.
            lasting: A timedelta; until `Outage.end`, or the end of a ``with`` block, unless given.
            failover_after: From the beginning until health checks notice: 360 seconds, as AWS promises with the alarm
                that it prescribes, unless said.

        Raises:
            OptionError: One of the three is not a timedelta, or is negative.
        """
        __tracebackhide__ = True
        return self._state.part(Outages).plan(
            self.name, starting=starting, lasting=lasting, failover_after=failover_after
        )
