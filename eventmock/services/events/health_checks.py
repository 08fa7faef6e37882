"""Route 53 health checks, as far as global endpoints use them.

Source: "Making applications Regional-fault tolerant with global endpoints and event replication" of the user guide,
and "Values that you specify when you create or update health checks" of Route 53's developer guide (inverted,
disabled, missing data; a disabled one counts as healthy before it is inverted). Inferred: a health check is healthy
until the test or its alarm changes its status; if both do, the later change counts.

moto is asked when a request or the test reads a status, without the state's lock. Work on the clock does not ask moto;
it uses moto's last answer.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal
from xml.etree import ElementTree as ET

from eventmock.delivery.moto import NotThere
from eventmock.exceptions import NoSuchHealthCheck, OptionError
from eventmock.options import DEFAULT_ACCOUNT
from eventmock.services.events.endpoint import Endpoint
from eventmock.target_kinds import ApiCall

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.parts.part import Restore
    from eventmock.state import State

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
        name: The name of the alarm.
        region: The region of the alarm.
    """

    name: str
    region: str


@dataclass(slots=True, eq=False)
class HealthCheck:
    """A health check, for the test to read and change.

    Attributes:
        arn: The ARN of the health check.
        reported: The status that the checkers report, ``Healthy`` or ``Unhealthy``, before inversion.
        is_inverted: Whether the status is inverted: reported healthy, it is unhealthy, and the other way round.
        alarm: The alarm in moto's CloudWatch that the health check follows; None if it follows none.
        without_data: The status while that alarm has no data: ``Healthy``, ``Unhealthy`` or ``LastKnownStatus``.
    """

    arn: str
    _state: State = field(repr=False)
    reported: Status = HEALTHY
    is_inverted: bool = False
    alarm: Alarm | None = field(default=None, repr=False)
    without_data: WithoutData = field(default=LAST_KNOWN, repr=False)
    _changes: list[tuple[datetime, Status]] = field(default_factory=list, repr=False)
    _is_known: bool = field(default=False, repr=False)
    _alarm_state: str = field(default=_OK, repr=False)
    _is_inverted_in_moto: bool = field(default=False, repr=False)
    _is_disabled_in_moto: bool = field(default=False, repr=False)
    _accounts: list[str] = field(default_factory=lambda: [DEFAULT_ACCOUNT], repr=False)

    @property
    def status(self) -> Status:
        """The status of the health check: ``Healthy`` or ``Unhealthy``.

        If moto's Route 53 has the health check, its ``Inverted`` and ``Disabled`` count too, and a health check of type
        ``CLOUDWATCH_METRIC`` follows its alarm in moto's CloudWatch. Its ARN does not name its account. So moto is
        asked in the accounts of the endpoints that use it, and in moto's default account.

        Raises:
            NoSuchHealthCheck: moto has no such health check, no endpoint uses it, and the test has not set its status.
        """
        __tracebackhide__ = True
        self._state.clock.run_due()
        self.refresh()
        named = named_by_endpoints(self._state)
        if not (self._is_known or self.arn in named or self._config_in_moto()):
            raise NoSuchHealthCheck(
                f"health check {self.arn}: moto's Route 53 does not hold it, and no endpoint fails over by it; "
                f"endpoints fail over by {', '.join(sorted(named)) or 'none'}"
            )
        return self.last_status

    @property
    def last_status(self) -> Status:
        """The last known status. moto is not asked."""
        return self._changes[-1][1] if self._changes else HEALTHY

    def refresh(self) -> None:
        """Update the status from moto. Called without the state's lock, after the work that is due on the clock."""
        self._ask_moto()
        self.report(self.reported)

    def report(self, status: Status) -> None:
        """Set the status that the checkers report, and record a change of the resulting status. moto is not asked."""
        with self._state.lock:
            self._is_known = self._is_known or status != self.reported
            self.reported = status
            is_well = self._is_disabled_in_moto or status == HEALTHY
            is_healthy = is_well != (self.is_inverted != self._is_inverted_in_moto)
            counts_as: Status = HEALTHY if is_healthy else UNHEALTHY
            if counts_as == self.last_status:
                return
            self._changes.append((self._state.clock.now(), counts_as))
            is_used = self.arn in named_by_endpoints(self._state)
            besides = "" if is_used else ", but no endpoint fails over by it"
            self._state.note("health check", f"health check {self.id} is {counts_as}{besides}", None)

    @property
    def id(self) -> str:
        """The id of the health check, which is the end of its ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def changes(self) -> list[tuple[datetime, Status]]:
        """The known changes of the status, in order: for each, its moment, an aware datetime in UTC, and the status.

        The list is a copy.
        """
        return list(self._changes)

    def set_healthy(self) -> None:
        """Let the checkers report ``Healthy``."""
        self._set_reported(HEALTHY)

    def set_unhealthy(self) -> None:
        """Let the checkers report ``Unhealthy``."""
        self._set_reported(UNHEALTHY)

    def invert(self) -> None:
        """Invert the status: reported healthy, it is unhealthy, and the other way round. A second call undoes this."""
        self.is_inverted = not self.is_inverted
        self._set_reported(self.reported)

    def follow_alarm(self, name: str, *, region: str, without_data: WithoutData = LAST_KNOWN) -> None:
        """Let the health check follow an alarm in moto's CloudWatch, if eventmock cannot know its alarm.

        eventmock knows the alarm if CreateHealthCheck is called while the mock is active. It does not know the alarm
        of a health check that was made earlier or by CloudFormation, because moto does not store alarms of health
        checks.

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
        self._set_reported(self.reported)

    def lose_data(self, treated_as: WithoutData = LAST_KNOWN) -> None:
        """Let the alarm of the health check have no data.

        Args:
            treated_as: The health check's ``InsufficientDataHealthStatus``.

        Raises:
            OptionError: ``treated_as`` is not ``Healthy``, ``Unhealthy`` or ``LastKnownStatus``.
        """
        __tracebackhide__ = True
        is_kept = treated_as == LAST_KNOWN
        self._set_reported(self.reported if is_kept else _checked(treated_as, "lose_data()", LAST_KNOWN))

    def plan(self, *changes: tuple[timedelta, Status]) -> None:
        """Plan changes of the reported status on the backend's clock.

        Args:
            changes: For each change, a timedelta from now and the new status: ``Healthy`` or ``Unhealthy``.

        Raises:
            OptionError: A change is not a pair of a timedelta that is not negative and a status.
        """
        __tracebackhide__ = True
        planned = [_checked_change(change) for change in changes]
        with self._state.lock:
            self._is_known = True
            for after, status in planned:
                what = f"health check {self.arn} is {status}"
                self._state.clock.call_later(after, what, partial(self.report, status))

    def _set_reported(self, status: Status) -> None:
        """Set the reported status for the test. moto's changes until now come first, so that the test's counts."""
        self._is_known = True
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
        """Return the state of an alarm in moto's CloudWatch; None if moto has no alarm of that name."""
        asked = {"AlarmNames": [alarm.name]}
        answer = self._answer_of_moto("cloudwatch", "DescribeAlarms", asked, alarm.region)
        alarms = answer.get("MetricAlarms", ())
        return alarms[0]["StateValue"] if alarms else None

    def _answer_of_moto(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str
    ) -> Mapping[str, Any]:
        """Return moto's answer in the first account that has the health check or the alarm; empty if no account has."""
        for account in self._accounts:
            call = ApiCall(
                service=service, operation=operation, parameters=parameters, region=region, account=account
            )
            with suppress(NotThere):
                answer = self._state.moto.call(call)
                if answer.get("HealthCheck") or answer.get("MetricAlarms"):
                    return answer
        return {}

    def look_in(self, account: str) -> None:
        """Add an account in which moto is asked: the ARN of a health check does not name its account."""
        if account not in self._accounts:
            self._accounts.insert(0, account)

    def clear(self) -> None:
        """Make the health check healthy again, and forget its changes. The alarm that it follows stays the same."""
        self._restore(HEALTHY, _OK, [], is_inverted=False, is_known=False)

    def save(self) -> Restore:
        """Return a function that restores the present status and its history. moto's data are not part of it."""
        return partial(
            self._restore,
            self.reported,
            self._alarm_state,
            self.changes,
            is_inverted=self.is_inverted,
            is_known=self._is_known,
        )

    def _restore(
        self,
        reported: Status,
        alarm_state: str,
        changes: list[tuple[datetime, Status]],
        *,
        is_inverted: bool,
        is_known: bool,
    ) -> None:
        self.reported, self._alarm_state = reported, alarm_state
        self.is_inverted, self._is_known = is_inverted, is_known
        self._changes = list(changes)


class HealthChecks:
    """The health checks of a mock, each made at its first use. A part of the state.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._checks: dict[str, HealthCheck] = {}

    def get(self, arn_or_id: str) -> HealthCheck:
        """Return the health check of that ARN or id.

        Raises:
            OptionError: The argument is neither the ARN nor the id of a health check.
        """
        __tracebackhide__ = True
        given = str(arn_or_id)
        arn = given if given.startswith("arn:") else f"arn:aws:route53:::healthcheck/{given}"
        if not _ARN.fullmatch(arn):
            raise OptionError(
                f"backend.health_check({arn_or_id!r}): wanted an ARN such as {EXAMPLE}, or the id at its end"
            )
        found = self._checks.get(arn)
        if found is None:
            found = self._checks.setdefault(arn, HealthCheck(arn, self._state))
        return found

    def exists(self, account: str, arn: str) -> bool:
        """Return whether a health check exists; True if moto's Route 53 is not active or has no health checks.

        Args:
            account: The id of the account in which moto is asked.
            arn: The ARN of the health check.
        """
        call = ApiCall(
            service="route53",
            operation="ListHealthChecks",
            parameters={},
            region="us-east-1",
            account=account,
        )
        try:
            existing = self._state.moto.call(call)["HealthChecks"]
        except NotThere:
            return True
        return not existing or any(one["Id"] == arn.rpartition("/")[2] for one in existing)

    def learn(self, account: str, request: bytes, answer: bytes) -> None:
        """Store a health check's account and alarm from a request to moto, which does not store the alarm.

        Args:
            account: The id of the caller's account.
            request: The body of a request of CreateHealthCheck or UpdateHealthCheck.
            answer: The body of the answer. If it is that of an error, nothing is stored.
        """
        check_id = ET.fromstring(answer).findtext("{*}HealthCheck/{*}Id")  # noqa: S314 - moto's
        if check_id is None:
            return
        asked, check = ET.fromstring(request), self.get(check_id)  # noqa: S314 - botocore's
        check.look_in(account)
        name = asked.findtext(".//{*}AlarmIdentifier/{*}Name")
        if name is not None:
            check.alarm = Alarm(name, asked.findtext(".//{*}AlarmIdentifier/{*}Region") or "us-east-1")
        without_data: Any = asked.findtext(".//{*}InsufficientDataHealthStatus")
        check.without_data = without_data or check.without_data

    def clear(self) -> None:
        """Make all health checks healthy again, and forget their changes. The alarms that they follow stay the same."""
        for check in list(self._checks.values()):
            check.clear()

    def save(self) -> Restore:
        """Return a function that restores the health checks in place, so that the test's references stay valid."""
        saved = {check: check.save() for check in list(self._checks.values())}

        def restore() -> None:
            for check in list(self._checks.values()):
                saved.get(check, check.clear)()

        return restore


def named_by_endpoints(state: State) -> set[str]:
    """Return the ARNs of the health checks that global endpoints use."""
    return {
        endpoint.health_check
        for account in state.accounts.all
        for endpoint in list(account.table(Endpoint).values())
    }


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
