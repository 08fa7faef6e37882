"""Route 53 health checks, as far as global endpoints look at them.

Source: "Making applications Regional-fault tolerant with global endpoints and event replication" of the user guide, and
"Values that you specify when you create or update health checks" of Route 53's (inverted, disabled, what becomes of
missing data). A health check that nobody said anything about is healthy (inferred).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from eventmock.exceptions import OptionError
from eventmock.moto import NotThere
from eventmock.options import DEFAULT_ACCOUNT
from eventmock.records import Incident
from eventmock.target_kinds import ApiCall

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.ledger import Ledger
    from eventmock.moto import Moto

Status = Literal["Healthy", "Unhealthy"]
HEALTHY: Final = "Healthy"
UNHEALTHY: Final = "Unhealthy"
LAST_KNOWN: Final = "LastKnownStatus"
EXAMPLE: Final = "arn:aws:route53:::healthcheck/7f42c1d0-0000-4000-8000-000000000000"
_ARN: Final = re.compile(r"arn:aws[a-z-]*:route53:::healthcheck/[-a-z0-9]+")


@dataclass(slots=True, eq=False)
class HealthCheck:
    """A health check, in the tester's hands.

    Attributes:
        arn: Its ARN.
        reported: What its checkers say, before it is inverted.
        is_inverted: Whether healthy counts as unhealthy, and the other way round.
    """

    arn: str
    _clock: Clock = field(repr=False)
    _moto: Moto = field(repr=False)
    _ledger: Ledger = field(repr=False)
    reported: Status = HEALTHY
    is_inverted: bool = False
    _changes: list[tuple[datetime, Status]] = field(default_factory=list, repr=False)
    _accounts: list[str] = field(default_factory=lambda: [DEFAULT_ACCOUNT], repr=False)

    @property
    def status(self) -> Status:
        """What it counts as: ``Healthy`` or ``Unhealthy``.

        If moto's Route 53 holds the health check, its ``Inverted`` and ``Disabled`` count too. Its ARN does not say
        whose it is: it is looked for in the accounts whose endpoints fail over by it, and in moto's own.
        """
        self._clock.run_due()
        return self.look()

    def look(self) -> Status:
        """What it counts as; what the clock has passed is done already."""
        config = self._config_in_moto()
        is_inverted = self.is_inverted != bool(config.get("Inverted"))
        is_healthy = bool(config.get("Disabled")) or (self.reported == HEALTHY) != is_inverted
        status: Status = HEALTHY if is_healthy else UNHEALTHY
        if status != (self._changes[-1][1] if self._changes else HEALTHY):
            now = self._clock.now()
            self._changes.append((now, status))
            text = f"health check {self.arn.rpartition('/')[2]} is {status}"
            self._ledger.note(Incident(time=now, kind="health check", region=None, text=text))
        return status

    @property
    def changes(self) -> list[tuple[datetime, Status]]:
        """When it came to count as what, as far as somebody looked: a copy."""
        return list(self._changes)

    def set_healthy(self) -> None:
        """Have its checkers say that all is well."""
        self._report(HEALTHY)

    def set_unhealthy(self) -> None:
        """Have its checkers say that it is not."""
        self._report(UNHEALTHY)

    def invert(self) -> None:
        """Have healthy count as unhealthy and the other way round; again, to have it as before."""
        self.is_inverted = not self.is_inverted
        self._report(self.reported)

    def lose_data(self, treated_as: Literal["Healthy", "Unhealthy", "LastKnownStatus"] = LAST_KNOWN) -> None:
        """Have its alarm run out of data.

        Args:
            treated_as: The health check's ``InsufficientDataHealthStatus``.

        Raises:
            OptionError: It is none of the three.
        """
        __tracebackhide__ = True
        if treated_as != LAST_KNOWN:
            self._report(_checked(treated_as, "lose_data()", LAST_KNOWN))

    def plan(self, *changes: tuple[timedelta, Status]) -> None:
        """Have its status change on the backend's clock.

        Args:
            changes: How long from now, and the status then: ``Healthy`` or ``Unhealthy``.

        Raises:
            OptionError: A change is none.
        """
        __tracebackhide__ = True
        for after, status in [_checked_change(change) for change in changes]:
            what = f"health check {self.arn} is {status}"
            self._clock.call_later(after, what, partial(self._report, status))

    def _report(self, status: Status) -> None:
        """Take what its checkers say, and look what it counts as now."""
        self.reported = status
        self.look()

    def _config_in_moto(self) -> Any:
        for account in self._accounts:
            call = ApiCall(
                service="route53",
                operation="GetHealthCheck",
                parameters={"HealthCheckId": self.arn.rpartition("/")[2]},
                region="us-east-1",
                account=account,
            )
            with suppress(NotThere):
                return self._moto.call(call)["HealthCheck"]["HealthCheckConfig"]
        return {}

    def used_by(self, account: str) -> None:
        """Have it looked for in one more account."""
        if account not in self._accounts:
            self._accounts.insert(0, account)

    def restore(self, reported: Status, is_inverted: bool, changes: list[tuple[datetime, Status]]) -> None:
        """Come back to how it was."""
        self.reported, self.is_inverted, self._changes = reported, is_inverted, list(changes)


class HealthChecks:
    """The health checks of a backend, made when they are first asked for.

    Args:
        clock: Where planned changes wait.
        moto: Calls moto.
        ledger: Where changes are written down.
    """

    def __init__(self, clock: Clock, moto: Moto, ledger: Ledger) -> None:
        self._clock = clock
        self._moto = moto
        self._ledger = ledger
        self._held: dict[str, HealthCheck] = {}

    def get(self, arn_or_id: str) -> HealthCheck:
        """The health check of that ARN or id.

        Raises:
            OptionError: It is neither.
        """
        __tracebackhide__ = True
        given = str(arn_or_id)
        arn = given if given.startswith("arn:") else f"arn:aws:route53:::healthcheck/{given}"
        if not _ARN.fullmatch(arn):
            raise OptionError(
                f"backend.health_check({arn_or_id!r}): wanted an ARN such as {EXAMPLE}, or the id at its end"
            )
        found = self._held.get(arn)
        if found is None:
            found = self._held[arn] = HealthCheck(arn, self._clock, self._moto, self._ledger)
        return found

    def used_by(self, account: str, arn: str) -> HealthCheck:
        """The health check of that ARN, by which an endpoint of that account fails over."""
        check = self.get(arn)
        check.used_by(account)
        return check

    def snapshot(self) -> Any:
        """All of them, to come back to."""
        return [(check, check.reported, check.is_inverted, check.changes) for check in self._held.values()]

    def restore(self, snapshot: Any) -> None:
        """Come back to them; those that the tester holds stay the ones that count."""
        self.clear()
        for check, *saved in snapshot:
            check.restore(*saved)

    def clear(self) -> None:
        """Have all be healthy again, as if nobody had said anything."""
        for check in self._held.values():
            check.restore(HEALTHY, is_inverted=False, changes=[])


def _checked_change(change: Any) -> tuple[timedelta, Status]:
    __tracebackhide__ = True
    match change:
        case (timedelta() as after, status) if after >= timedelta(0):
            return after, _checked(status, "plan()")
    raise OptionError(f"plan({change!r}): wanted pairs such as (timedelta(minutes=5), 'Unhealthy')")


def _checked(status: Any, where: str, *others: str) -> Status:
    __tracebackhide__ = True
    if status not in (HEALTHY, UNHEALTHY):
        wanted = " or ".join(map(repr, (HEALTHY, UNHEALTHY, *others)))
        raise OptionError(f"{where}: {status!r}: wanted {wanted}")
    known: Status = status
    return known
