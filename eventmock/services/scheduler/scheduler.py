"""`Scheduler`: EventBridge Scheduler of all accounts and regions, for the test to read and to set."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from eventmock.exceptions import NoSuchSchedule, OptionError
from eventmock.options import KnownAttributes, Options
from eventmock.services.scheduler.quotas import SchedulerQuotas
from eventmock.services.scheduler.schedule import DEFAULT_GROUP, schedules_of, table_name
from eventmock.services.scheduler.schedule_inspection import ScheduleInspection
from eventmock.services.scheduler.schedules import find_schedule
from eventmock.services.scheduler.settings import SchedulerSettings
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account
    from eventmock.state import State


class Scheduler(KnownAttributes):
    """EventBridge Scheduler of all accounts and regions, for the test to read and to set.

    Args:
        state: The state of the mock.
    """

    __slots__ = ("_state",)
    said_as: ClassVar[str] = "scheduler"

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def fires_past_at(self) -> bool:
        """Whether an ``at(...)`` whose moment is past when the schedule is made fires at once; may be set.

        What AWS does is not recorded. By default such a schedule never fires.

        Raises:
            OptionError: The new value is not a bool.
        """
        return self._state.settings(SchedulerSettings).fires_past_at

    @fires_past_at.setter
    def fires_past_at(self, fires: bool) -> None:
        __tracebackhide__ = True
        self._state.settings(SchedulerSettings).fires_past_at = fires

    @property
    def quotas(self) -> SchedulerQuotas:
        """The quotas of an account: AWS's defaults. Set an attribute to change a quota."""
        return self._state.settings(SchedulerQuotas)

    @property
    def schedules(self) -> list[ScheduleInspection]:
        """The schedules of all accounts and regions, by account, region, group and name."""
        self._state.clock.run_due()
        with self._state.lock:
            found = [one for account in self._state.accounts.all for one in schedules_of(account).values()]
        places = sorted((one.account, one.region, one.group, one.name) for one in found)
        return [
            ScheduleInspection(name, group, account, region, self._state)
            for account, region, group, name in places
        ]

    def schedule(
        self,
        name: str,
        *,
        group: str = DEFAULT_GROUP,
        region: str | None = None,
        account: str | None = None,
    ) -> ScheduleInspection:
        """Return a schedule, for inspection: when it fires next, or why it does not.

        Args:
            name: The name of the schedule.
            group: The name of its schedule group.
            region: The region of the schedule; None for the default region.
            account: The id of the account of the schedule; None for the default account.

        Raises:
            NoSuchSchedule: The account has no schedule of that name in the group and region.
            OptionError: Name or group is not a text; the account is not an account id, or the region is not the name
                of a region.
        """
        __tracebackhide__ = True
        state = self._state
        call = f"backend.scheduler.schedule({name!r})"
        for word, text in (("name", name), ("group", group)):
            if not isinstance(text, str):
                raise OptionError(f"{call}: {word}={text!r}: wanted a text")
        given = Options.read({"region": region, "account": account}, call)
        state.clock.run_due()
        with state.lock:
            holder = state.accounts.get(
                given.account or state.default_account, given.region or state.default_region
            )
            try:
                find_schedule(holder, group, name, argument="group")
            except AwsError as error:
                told = _advice_on(holder, name) or error.hint
                hint = f" ({told})" if told else ""
                raise NoSuchSchedule(f"in {holder.id}, {holder.region}: {error.message}{hint}") from None
        return ScheduleInspection(name, group, holder.id, holder.region, state)


def _advice_on(account: Account, given: str) -> str:
    """Return advice about a group and a name, or an ARN, in place of the name of a schedule; empty if it is neither."""
    group, _, name = given.removeprefix(account.arn("scheduler", "schedule/")).rpartition("/")
    is_there = bool(group) and table_name(group, name) in schedules_of(account)
    return f"did you mean schedule({name!r}, group={group!r})?" if is_there else ""
