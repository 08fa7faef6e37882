"""Outages of whole regions, and what comes back when they end.

While a region is out, nothing in it is answered and nothing leaves it: its own clients get connection errors, its
deliveries wait, and so do copies for it. Nothing that it had accepted is lost (documented: events are processed when
the region is available again).

Source: "Making applications Regional-fault tolerant" of the user guide: failover takes 360 seconds with the alarm that
AWS prescribes; without replication, the alarm has no data in a region that gets no events, so the health check stays
unhealthy until somebody sets it. Inferred: a region is healthy again as soon as its outage ends, and what was
unhealthy before the outage stays so.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from eventmock.exceptions import MockStateError
from eventmock.history.incident import Incident
from eventmock.services.events.health_checks import HEALTHY, UNHEALTHY
from eventmock.values.moments import check_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from types import TracebackType

    from eventmock.services.events.account import Accounts
    from eventmock.services.events.endpoints import Endpoint

    Perform = Callable[[Callable[[], None]], None]

UNTIL_FAILOVER: Final = timedelta(seconds=360)


class Outage:
    """A region's outage. It ends by itself, by `end`, or with the ``with`` block that it heads.

    Attributes:
        region: The region.
        failover_after: How long it takes until the health checks of its endpoints notice.
    """

    def __init__(self, region: str, failover_after: timedelta, outages: Outages, perform: Perform) -> None:
        self.region = region
        self.failover_after = failover_after
        self._outages = outages
        self._perform = perform

    @property
    def is_on(self) -> bool:
        """Whether it goes on."""
        self._outages.catch_up()
        return self in self._outages.on

    def end(self) -> None:
        """Have the region back: what waits for it is delivered. An outage that is to come does not.

        Raises:
            MockStateError: The mock has stopped.
        """
        __tracebackhide__ = True
        self._perform(partial(self._outages.end, self))

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
    """The outages of a backend.

    Args:
        shared: What all accounts share.

    Attributes:
        on: Those that go on at the moment.
        to_come: Those that begin later.
    """

    def __init__(self, shared: Accounts) -> None:
        self._shared = shared
        self.on: tuple[Outage, ...] = ()
        self.to_come: tuple[Outage, ...] = ()
        self._noticed: frozenset[str] = frozenset()
        self._since: dict[str, datetime] = {}

    def catch_up(self) -> None:
        """Do what the clock has passed."""
        self._shared.clock.run_due()

    def is_out(self, region: str) -> bool:
        """Whether a region is out."""
        return bool(self.on) and any(outage.region == region for outage in self.on)

    def plan(
        self,
        region: str,
        perform: Perform,
        *,
        starting: timedelta | None,
        lasting: timedelta | None,
        failover_after: timedelta,
    ) -> Outage:
        """Begin an outage, now or on the clock.

        Args:
            region: The region.
            perform: Does a piece of work and what must go with it.
            starting: A timedelta from now until it begins; None for at once.
            lasting: How long it lasts, a timedelta; None: until somebody ends it.
            failover_after: From its beginning until health checks notice.

        Raises:
            OptionError: One of the three is not a timedelta, or is negative.
        """
        __tracebackhide__ = True
        spans: dict[str, Any] = {"starting": starting, "lasting": lasting, "failover_after": failover_after}
        for name, span in spans.items():
            if span is not None or name == "failover_after":
                check_span(f"outage({name}={span!r})", span)
        outage = Outage(region, failover_after, self, perform)
        begin = partial(self._begin, outage, lasting)
        if starting is None:
            perform(begin)
        else:
            self.to_come = (*self.to_come, outage)
            what = f"outage of {region} begins"
            self._shared.clock.call_later(starting, what, begin, lambda: outage in self.to_come)
        return outage

    def end(self, outage: Outage) -> None:
        """End an outage, if it is on; one that is to come does not come."""
        self.to_come = _without(outage, self.to_come)
        if outage not in self.on:
            return
        self.on = _without(outage, self.on)
        if self.is_out(outage.region):
            return
        self._note(outage.region, "is back")
        endpoints = list(self._endpoints_at_home_in(outage.region))
        for endpoint in endpoints:
            if endpoint.is_replicated and endpoint.health_check in self._noticed:
                self._shared.health_checks.get(endpoint.health_check).report(HEALTHY)
        self._noticed -= {endpoint.health_check for endpoint in endpoints}
        self._shared.courier.release(outage.region)

    def _begin(self, outage: Outage, lasting: timedelta | None) -> None:
        self.to_come = _without(outage, self.to_come)
        clock, region = self._shared.clock, outage.region
        if not self.is_out(region):
            self._note(region, "is out of service")
            self._since[region] = clock.now()
        self.on = (*self.on, outage)
        if outage.failover_after:
            what, since = f"health checks notice the outage of {region}", self._since[region]
            clock.call_later(
                outage.failover_after,
                what,
                partial(self._notice, region),
                lambda: self.is_out(region) and self._since[region] == since,
            )
        else:
            self._notice(region)
        if lasting is not None:
            what = f"outage of {region} ends"
            clock.call_later(lasting, what, partial(self.end, outage), lambda: outage in self.on)

    def _note(self, region: str, what: str) -> None:
        shared = self._shared
        text = f"{region} {what}"
        shared.ledger.note(Incident(time=shared.clock.now(), kind="outage", region=region, text=text))

    def _notice(self, region: str) -> None:
        for endpoint in self._endpoints_at_home_in(region):
            check = self._shared.health_checks.get(endpoint.health_check)
            if check.reported == HEALTHY:
                check.report(UNHEALTHY)
                self._noticed |= {check.arn}

    def _endpoints_at_home_in(self, region: str) -> Iterator[Endpoint]:
        for account in self._shared.in_region(region):
            yield from account.endpoints.values()

    def snapshot(self) -> Any:
        """Those that are on and to come, to come back to."""
        return self.on, self.to_come, self._noticed, dict(self._since)

    def restore(self, snapshot: Any) -> None:
        """Bring a snapshot of the outages back; an empty one has none."""
        self.on, self.to_come, self._noticed, since = snapshot or ((), (), frozenset(), {})
        self._since = dict(since)


def _without(outage: Outage, outages: tuple[Outage, ...]) -> tuple[Outage, ...]:
    return tuple(other for other in outages if other is not outage)
