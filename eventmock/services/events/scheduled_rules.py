"""Rules that fire by a schedule: the timers, and the event of each firing.

Source: aws-recorded-behaviour section 7 (the event, recorded; one event for all targets of a firing) and
schedules-archives-permissions sections 1.1 and 1.3. When a rate begins anew (the rule is enabled, or its expression
changes), and that the event is also matched against the other rules of the default bus, is inferred or was captured by
another emulator. The firings of a disabled rule are lost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from eventmock.event.event import Event
from eventmock.schedule import Rate
from eventmock.services.events.event_bus import DEFAULT_BUS, buses_of
from eventmock.services.events.ingestion import arrive, ingest
from eventmock.services.events.timer import Timer
from eventmock.values.moments import later

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.schedule import Cron
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.state import State

DETAIL_TYPE: Final = "Scheduled Event"
SOURCE: Final = "aws.events"


def begin_timer(state: State, account_id: str, region: str, rule_name: str, schedule: Rate | Cron) -> Timer:
    """Start a schedule for a rule of the default bus of an account, and return its timer."""
    now, early = state.clock.now(), state.delays.rate_first_firing
    first = schedule.next_after(now) if early is None or not isinstance(schedule, Rate) else later(now, early)
    timer = Timer(account_id=account_id, region=region, rule_name=rule_name, schedule=schedule, first=first)
    _wait(state, timer, first)
    return timer


def _wait(state: State, timer: Timer, moment: datetime | None) -> None:
    """Put a firing of a timer on the clock. If the moment is None, the schedule has no more firings: do nothing."""
    if moment is not None:
        place = f"{timer.account_id}, {timer.region}"
        what = f"rule {timer.rule_name!r} of {place} fires: {timer.schedule.expression}"
        state.clock.call_at(moment, what, partial(_fire, state, timer, moment), partial(_runs, state, timer))


def _runs(state: State, timer: Timer) -> bool:
    """Return whether a timer still belongs to its rule, either as it was put last or as it is in effect."""
    bus = _bus_of(state, timer)
    rules = bus.rules.get(timer.rule_name), bus.rule_in_effect(timer.rule_name)
    return any(rule is not None and rule.timer is timer for rule in rules)


def _bus_of(state: State, timer: Timer) -> EventBus:
    return buses_of(state.accounts.get(timer.account_id, timer.region))[DEFAULT_BUS]


def _fire(state: State, timer: Timer, moment: datetime) -> None:
    bus = _bus_of(state, timer)
    rule = bus.rule_in_effect(timer.rule_name)
    if rule is not None and rule.timer is timer:
        _send(state, timer, bus, rule, moment)
    _wait(state, timer, timer.schedule.next_after(moment, start=timer.first))


def _send(state: State, timer: Timer, bus: EventBus, rule: Rule, moment: datetime) -> None:
    event = Event(
        id=state.identifiers.uuid(),
        detail_type=DETAIL_TYPE,
        source=SOURCE,
        account=timer.account_id,
        time=moment.replace(microsecond=0),
        region=timer.region,
        resources=(rule.arn,),
        detail="{}",
        detail_size=2,
        _detail_value={},
    )
    received = arrive(
        state,
        detail_type=DETAIL_TYPE,
        source=SOURCE,
        bus=DEFAULT_BUS,
        account=timer.account_id,
        region=timer.region,
        origin="schedule",
    )
    ingest(state, received, event, bus, fired=rule)
