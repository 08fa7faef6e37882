"""Outages of whole regions.

While a region is out of service, it answers no request and sends nothing: the clients of the region get connection
errors, and its deliveries wait, and so do copies for it. No accepted event is lost (documented: events are processed
when the region is available again).

Source: "Making applications Regional-fault tolerant" of the user guide: failover takes 360 seconds with the alarm that
AWS prescribes; without replication, the alarm has no data in a region that gets no events, so the health check stays
unhealthy until the user sets it. Inferred: a health check is healthy again as soon as the outage ends, and a health
check that was unhealthy before the outage stays unhealthy.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from eventmock.exceptions import MockStateError
from eventmock.services.events.endpoint import Endpoint
from eventmock.services.events.health_checks import HEALTHY, UNHEALTHY, HealthChecks
from eventmock.values.moments import check_span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import TracebackType

    from eventmock.parts.part import Restore
    from eventmock.state import State

UNTIL_FAILOVER: Final = timedelta(seconds=360)


class Outage:
    """An outage of a region. It ends after its duration, by `end`, or at the end of a ``with`` block.

    Attributes:
        region: The name of the region.
        failover_after: The timedelta from the beginning until the health checks of the region's endpoints notice.
    """

    def __init__(self, region: str, failover_after: timedelta, state: State) -> None:
        self.region = region
        self.failover_after = failover_after
        self._state = state

    @property
    def is_on(self) -> bool:
        """Whether the outage has begun and has not ended."""
        self._state.clock.run_due()
        return self in self._state.part(Outages).on

    def end(self) -> None:
        """End the outage, and make the deliveries that wait for the region. If the outage has not begun, cancel it.

        Raises:
            MockStateError: The mock has stopped.
        """
        __tracebackhide__ = True
        self._state.perform(partial(self._state.part(Outages).end, self))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with suppress(MockStateError):
            self.end()

    def __repr__(self) -> str:
        return f"<outage of {self.region}, {'on' if self.is_on else 'not on'}>"


class Outages:
    """The outages of a mock. A part of the state.

    Args:
        state: The state of the mock.

    Attributes:
        on: The outages that have begun and have not ended.
        to_come: The outages that begin later.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.on: tuple[Outage, ...] = ()
        self.to_come: tuple[Outage, ...] = ()
        self._noticed: frozenset[str] = frozenset()
        self._since: dict[str, datetime] = {}

    def plan(
        self,
        region: str,
        *,
        starting: timedelta | None,
        lasting: timedelta | None,
        failover_after: timedelta,
    ) -> Outage:
        """Begin an outage, now or on the clock, and return it.

        Args:
            region: The name of the region.
            starting: The timedelta from now until the outage begins; None for at once.
            lasting: The timedelta from the beginning until the outage ends; None if only `Outage.end` ends it.
            failover_after: The timedelta from the beginning until health checks notice.

        Raises:
            OptionError: An argument is not a timedelta, or is negative.
        """
        __tracebackhide__ = True
        spans: dict[str, Any] = {"starting": starting, "lasting": lasting, "failover_after": failover_after}
        for name, span in spans.items():
            if span is not None or name == "failover_after":
                check_span(f"outage({name}={span!r})", span)
        outage = Outage(region, failover_after, self._state)
        begin = partial(self._begin, outage, lasting)
        if starting is None:
            self._state.perform(begin)
        else:
            with self._state.lock:
                self.to_come = (*self.to_come, outage)
                what = f"outage of {region} begins"
                self._state.clock.call_later(starting, what, begin, lambda: outage in self.to_come)
        return outage

    def end(self, outage: Outage) -> None:
        """End an outage that has begun, or cancel an outage that begins later."""
        self.to_come = _without(outage, self.to_come)
        if outage not in self.on:
            return
        self._set_on(_without(outage, self.on))
        if outage.region in self._state.regions_out:
            return
        self._note(outage.region, "is back")
        endpoints = list(self._endpoints_at_home_in(outage.region))
        for endpoint in endpoints:
            if endpoint.is_replicated and endpoint.health_check in self._noticed:
                self._state.part(HealthChecks).get(endpoint.health_check).report(HEALTHY)
        self._noticed -= {endpoint.health_check for endpoint in endpoints}
        self._state.release(outage.region)
        from eventmock.services.events.service_events import Unsent

        self._state.part(Unsent).send(outage.region)

    def _begin(self, outage: Outage, lasting: timedelta | None) -> None:
        self.to_come = _without(outage, self.to_come)
        clock, region = self._state.clock, outage.region
        if region not in self._state.regions_out:
            self._note(region, "is out of service")
            self._since[region] = clock.now()
        self._set_on((*self.on, outage))
        if outage.failover_after:
            what, since = f"health checks notice the outage of {region}", self._since[region]
            clock.call_later(
                outage.failover_after,
                what,
                partial(self._notice, region),
                lambda: region in self._state.regions_out and self._since[region] == since,
            )
        else:
            self._notice(region)
        if lasting is not None:
            what = f"outage of {region} ends"
            clock.call_later(lasting, what, partial(self.end, outage), lambda: outage in self.on)

    def _set_on(self, on: tuple[Outage, ...]) -> None:
        """Set the outages that have begun and not ended, and the regions that are out of service because of them."""
        self.on = on
        regions = {outage.region for outage in on}
        self._state.regions_out.intersection_update(regions)
        self._state.regions_out.update(regions)

    def _note(self, region: str, what: str) -> None:
        self._state.note("outage", f"{region} {what}", region)

    def _notice(self, region: str) -> None:
        for endpoint in self._endpoints_at_home_in(region):
            check = self._state.part(HealthChecks).get(endpoint.health_check)
            if check.reported == HEALTHY:
                check.report(UNHEALTHY)
                self._noticed |= {check.arn}

    def _endpoints_at_home_in(self, region: str) -> Iterator[Endpoint]:
        for account in self._state.accounts.in_region(region):
            yield from account.table(Endpoint).values()

    def clear(self) -> None:
        """End all outages and cancel those that begin later, without a record of that."""
        self._restore((), (), frozenset(), {})

    def save(self) -> Restore:
        """Return a function that restores the present outages and those that begin later."""
        return partial(self._restore, self.on, self.to_come, self._noticed, dict(self._since))

    def _restore(
        self,
        on: tuple[Outage, ...],
        to_come: tuple[Outage, ...],
        noticed: frozenset[str],
        since: dict[str, datetime],
    ) -> None:
        self._set_on(on)
        self.to_come, self._noticed, self._since = to_come, noticed, dict(since)


def _without(outage: Outage, outages: tuple[Outage, ...]) -> tuple[Outage, ...]:
    return tuple(other for other in outages if other is not outage)
