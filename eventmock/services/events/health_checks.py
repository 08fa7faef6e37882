"""Route 53 health checks, as far as global endpoints look at them.

Source: "Making applications Regional-fault tolerant with global endpoints and event replication" of the user guide,
and "Values that you specify when you create or update health checks" of Route 53's developer guide (inverted,
disabled, missing data; a disabled one counts as healthy before it is inverted). Inferred: a health check that the test
has said nothing of is healthy; if both the test and its alarm have said something, the later one counts.

moto is asked when somebody looks, without the backend's lock; what is due on the clock goes by what it said last.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal
from xml.etree import ElementTree as ET

from eventmock.delivery.moto import NotThere
from eventmock.exceptions import NoSuchHealthCheck, OptionError
from eventmock.history.incident import Incident
from eventmock.options import DEFAULT_ACCOUNT
from eventmock.target_kinds import ApiCall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.delivery.moto import Moto
    from eventmock.history.ledger import Ledger

Status = Literal["Healthy", "Unhealthy"]
WithoutData = Literal["Healthy", "Unhealthy", "LastKnownStatus"]
HEALTHY: Final = "Healthy"
UNHEALTHY: Final = "Unhealthy"
LAST_KNOWN: Final = "LastKnownStatus"
EXAMPLE: Final = "arn:aws:route53:::healthcheck/7f42c1d0-0000-4000-8000-000000000000"
_ARN: Final = re.compile(r"arn:aws[a-z-]*:route53:::healthcheck/[-a-z0-9]+")


_OK: Final = "OK"
_STATUS_OF_ALARM: Final[dict[str, Status]] = {_OK: HEALTHY, "ALARM": UNHEALTHY}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A CloudWatch alarm that a health check follows.

    Attributes:
        name: Its name.
        region: Where it is.
    """

    name: str
    region: str


@dataclass(slots=True, eq=False)
class HealthCheck:
    """A health check, in the tester's hands.

    Attributes:
        arn: Its ARN.
        reported: What its checkers say, ``Healthy`` or ``Unhealthy``, before it is inverted.
        is_inverted: Whether healthy counts as unhealthy, and the other way round.
        alarm: The alarm in moto's CloudWatch that it follows; None if it follows none.
        without_data: Its status while that alarm has no data: ``Healthy``, ``Unhealthy`` or
            ``LastKnownStatus``.
    """

    arn: str
    _clock: Clock = field(repr=False)
    _moto: Moto = field(repr=False)
    _ledger: Ledger = field(repr=False)
    _named: Callable[[], set[str]] = field(repr=False)
    _lock: threading.Lock = field(repr=False)
    reported: Status = HEALTHY
    is_inverted: bool = False
    alarm: Alarm | None = field(default=None, repr=False)
    without_data: WithoutData = field(default=LAST_KNOWN, repr=False)
    _changes: list[tuple[datetime, Status]] = field(default_factory=list, repr=False)
    _is_spoken_of: bool = field(default=False, repr=False)
    _alarm_state: str = field(default=_OK, repr=False)
    _is_inverted_in_moto: bool = field(default=False, repr=False)
    _is_disabled_in_moto: bool = field(default=False, repr=False)
    _accounts: list[str] = field(default_factory=lambda: [DEFAULT_ACCOUNT], repr=False)

    @property
    def status(self) -> Status:
        """Its status: ``Healthy`` or ``Unhealthy``.

        If moto's Route 53 holds the health check, its ``Inverted`` and ``Disabled`` count too, and one of type
        ``CLOUDWATCH_METRIC`` follows its alarm in moto's CloudWatch. Its ARN does not say whose it is: it is looked for
        in the accounts whose endpoints fail over by it, and in moto's own.

        Raises:
            NoSuchHealthCheck: Nobody made it, no endpoint fails over by it, and the test has said nothing of it.
        """
        __tracebackhide__ = True
        self._clock.run_due()
        status, named = self.look(), self._named()
        if not (self._is_spoken_of or self.arn in named or self._config_in_moto()):
            raise NoSuchHealthCheck(
                f"health check {self.arn}: moto's Route 53 does not hold it, and no endpoint fails over by it; "
                f"endpoints fail over by {', '.join(sorted(named)) or 'none'}"
            )
        return status

    @property
    def last_status(self) -> Status:
        """Its status when somebody last looked; moto is not asked."""
        return self._changes[-1][1] if self._changes else HEALTHY

    def look(self) -> Status:
        """Its status; called without the backend's lock, after the work that was due on the clock."""
        self._ask_moto()
        self.report(self.reported)
        return self.last_status

    def report(self, status: Status) -> None:
        """Take what its checkers say, and write a change of its status down. moto is not asked."""
        with self._lock:
            self._is_spoken_of = self._is_spoken_of or status != self.reported
            self.reported = status
            is_well = self._is_disabled_in_moto or status == HEALTHY
            is_healthy = is_well != (self.is_inverted != self._is_inverted_in_moto)
            counts_as: Status = HEALTHY if is_healthy else UNHEALTHY
            if counts_as == self.last_status:
                return
            now = self._clock.now()
            self._changes.append((now, counts_as))
            nobody_s = "" if self.arn in self._named() else ", but no endpoint fails over by it"
            text = f"health check {self.id} is {counts_as}{nobody_s}"
            self._ledger.note(Incident(time=now, kind="health check", region=None, text=text))

    @property
    def id(self) -> str:
        """Its id, which is the end of its ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def changes(self) -> list[tuple[datetime, Status]]:
        """When its status changed and to what, as far as somebody looked: a copy."""
        return list(self._changes)

    def set_healthy(self) -> None:
        """Have its checkers say that all is well."""
        self._say(HEALTHY)

    def set_unhealthy(self) -> None:
        """Have its checkers say that it is not."""
        self._say(UNHEALTHY)

    def invert(self) -> None:
        """Have healthy count as unhealthy and the other way round; again, to have it as before."""
        self.is_inverted = not self.is_inverted
        self._say(self.reported)

    def follow_alarm(self, name: str, *, region: str, without_data: WithoutData = LAST_KNOWN) -> None:
        """Have it follow an alarm in moto's CloudWatch, where eventmock cannot know which one.

        The alarm is known if CreateHealthCheck is called while the mock is active. moto does not keep the alarm of a
        health check that was made earlier or by CloudFormation.

        Args:
            name: The alarm's name.
            region: The alarm's region.
            without_data: The health check's ``InsufficientDataHealthStatus``.

        Raises:
            OptionError: ``without_data`` is not ``Healthy``, ``Unhealthy`` or ``LastKnownStatus``.
        """
        __tracebackhide__ = True
        if without_data != LAST_KNOWN:
            _checked(without_data, "follow_alarm()", LAST_KNOWN)
        self.alarm, self.without_data = Alarm(name, region), without_data
        self._say(self.reported)

    def lose_data(self, treated_as: WithoutData = LAST_KNOWN) -> None:
        """Have its alarm run out of data.

        Args:
            treated_as: The health check's ``InsufficientDataHealthStatus``.

        Raises:
            OptionError: It is none of the three.
        """
        __tracebackhide__ = True
        is_kept = treated_as == LAST_KNOWN
        self._say(self.reported if is_kept else _checked(treated_as, "lose_data()", LAST_KNOWN))

    def plan(self, *changes: tuple[timedelta, Status]) -> None:
        """Have its status change on the backend's clock.

        Args:
            changes: How long from now, and the status then: ``Healthy`` or ``Unhealthy``.

        Raises:
            OptionError: A change is none.
        """
        __tracebackhide__ = True
        planned = [_checked_change(change) for change in changes]
        self._is_spoken_of = True
        for after, status in planned:
            what = f"health check {self.arn} is {status}"
            self._clock.call_later(after, what, partial(self.report, status))

    def _say(self, status: Status) -> None:
        """Take what the tester says, after what moto has said until now."""
        self._is_spoken_of = True
        self._ask_moto()
        self.report(status)

    def _ask_moto(self) -> None:
        config = self._config_in_moto()
        self._is_inverted_in_moto = bool(config.get("Inverted"))
        self._is_disabled_in_moto = bool(config.get("Disabled"))
        state = None if self.alarm is None else self._state_of(self.alarm)
        if state is not None and state != self._alarm_state:
            self._alarm_state = state
            status = _STATUS_OF_ALARM.get(state, self.without_data)
            if status != LAST_KNOWN:
                self.reported = status

    def _config_in_moto(self) -> Mapping[str, Any]:
        asked = {"HealthCheckId": self.id}
        answer = self._answer_of_moto("route53", "GetHealthCheck", asked, "us-east-1")
        found: Mapping[str, Any] = answer.get("HealthCheck", {}).get("HealthCheckConfig", {})
        return found

    def _state_of(self, alarm: Alarm) -> str | None:
        """The state of an alarm in moto's CloudWatch; None if it has none of that name."""
        asked = {"AlarmNames": [alarm.name]}
        answer = self._answer_of_moto("cloudwatch", "DescribeAlarms", asked, alarm.region)
        alarms = answer.get("MetricAlarms", ())
        return alarms[0]["StateValue"] if alarms else None

    def _answer_of_moto(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str
    ) -> Mapping[str, Any]:
        """What moto answers in the first account in which there is such a thing; nothing if there is in none."""
        for account in self._accounts:
            call = ApiCall(
                service=service, operation=operation, parameters=parameters, region=region, account=account
            )
            with suppress(NotThere):
                answer = self._moto.call(call)
                if answer.get("HealthCheck") or answer.get("MetricAlarms"):
                    return answer
        return {}

    def used_by(self, account: str) -> None:
        """Have it looked for in one more account."""
        if account not in self._accounts:
            self._accounts.insert(0, account)

    def snapshot(self) -> Any:
        """Its state, for `restore`; what moto holds is not part of it."""
        return self.reported, self.is_inverted, self._alarm_state, self._is_spoken_of, self.changes

    def restore(self, snapshot: Any) -> None:
        """Come back to how it was."""
        self.reported, self.is_inverted, self._alarm_state, self._is_spoken_of, changes = snapshot
        self._changes = list(changes)


class HealthChecks:
    """The health checks of a backend, made when they are first asked for.

    Args:
        clock: Where planned changes wait.
        moto: Calls moto.
        ledger: Where changes are written down.
        named: Gives the ARNs of the health checks by which endpoints fail over.

    Attributes:
        lock: Held while one of them is changed.
    """

    def __init__(self, clock: Clock, moto: Moto, ledger: Ledger, named: Callable[[], set[str]]) -> None:
        self._clock = clock
        self._moto = moto
        self._ledger = ledger
        self._named = named
        self.lock: Final = threading.Lock()
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
            found = self._held[arn] = HealthCheck(
                arn, self._clock, self._moto, self._ledger, self._named, self.lock
            )
        return found

    def used_by(self, account: str, arn: str) -> HealthCheck:
        """The health check of that ARN, by which an endpoint of that account fails over."""
        check = self.get(arn)
        check.used_by(account)
        return check

    def exists(self, account: str, arn: str) -> bool:
        """Whether a health check exists; True if moto's Route 53 is not active or holds none at all.

        Args:
            account: The id of the account in which it is looked for.
            arn: Its ARN.
        """
        call = ApiCall(
            service="route53",
            operation="ListHealthChecks",
            parameters={},
            region="us-east-1",
            account=account,
        )
        try:
            held = self._moto.call(call)["HealthChecks"]
        except NotThere:
            return True
        return not held or any(one["Id"] == arn.rpartition("/")[2] for one in held)

    def overhear(self, account: str, request: bytes, answer: bytes) -> None:
        """Learn a health check's account and alarm from a request to moto, which does not keep the alarm.

        Args:
            account: Who called.
            request: The body of a request of CreateHealthCheck or UpdateHealthCheck.
            answer: The body of the answer; that of an error tells nothing.
        """
        check_id = ET.fromstring(answer).findtext("{*}HealthCheck/{*}Id")  # noqa: S314 - moto's
        if check_id is None:
            return
        told, check = ET.fromstring(request), self.get(check_id)  # noqa: S314 - botocore's
        check.used_by(account)
        name = told.findtext(".//{*}AlarmIdentifier/{*}Name")
        if name is not None:
            check.alarm = Alarm(name, told.findtext(".//{*}AlarmIdentifier/{*}Region") or "us-east-1")
        without_data: Any = told.findtext(".//{*}InsufficientDataHealthStatus")
        check.without_data = without_data or check.without_data

    def snapshot(self) -> Any:
        """All of them, to come back to."""
        return [(check, check.snapshot()) for check in self._held.values()]

    def restore(self, snapshot: Any) -> None:
        """Come back to them; those that the tester holds stay the ones that count."""
        self.clear()
        for check, saved in snapshot:
            check.restore(saved)

    def clear(self) -> None:
        """Have all be healthy again, as if nobody had said anything."""
        for check in self._held.values():
            check.restore((HEALTHY, False, _OK, False, []))


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
