from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
DELETED = {"ActionAfterCompletion": "DELETE"}


def flexible(minutes):
    return {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": minutes}}


@pytest.fixture
def times(backend):
    """A function that gives the moments at which schedules fired, as days and times in UTC."""
    return lambda: [f"{delivery.time:%d %H:%M:%S}" for delivery in backend.deliveries]


@pytest.fixture
def update(client, members):
    """A function that changes the schedule."""
    return lambda *given, **more: client.update_schedule(**members(*given, **more))


class TestOneTime:
    """``at(...)`` fires once."""

    def test_it_fires_at_its_moment(self, backend, create, times):
        create(expression="at(2027-01-01T10:15:30)")
        backend.clock.advance(days=2)
        assert times() == ["01 10:15:30"]

    @pytest.mark.parametrize("moment", ["2027-01-01T00:00:00", "2026-12-31T23:59:59", "2000-01-01T00:00:00"])
    def test_a_moment_that_is_past_never_comes(self, backend, create, times, moment):
        create(expression=f"at({moment})")
        backend.clock.advance(days=2)
        assert times() == []

    def test_a_moment_that_is_past_may_fire_at_once(self, backend, create, times):
        backend.scheduler.fires_past_at = True
        create(expression="at(2000-01-01T00:00:00)")
        assert times() == ["01 00:00:00"]
        assert backend.deliveries[0].scheduled_time == datetime(2000, 1, 1, tzinfo=UTC)

    def test_a_change_that_leaves_the_moment_does_not_fire_again(self, backend, create, update, times):
        create(expression="at(2027-01-01T01:00:00)")
        backend.clock.advance(hours=2)
        update(expression="at(2027-01-01T01:00:00)", Description="changed")
        update(expression="at(2027-01-01T01:00:00)", State="DISABLED")
        update(expression="at(2027-01-01T01:00:00)", State="ENABLED")
        backend.clock.advance(days=2)
        assert times() == ["01 01:00:00"]

    def test_with_a_later_moment_it_fires_again(self, backend, create, update, times):
        create(expression="at(2027-01-01T01:00:00)")
        backend.clock.advance(hours=2)
        update(expression="at(2027-01-01T05:00:00)")
        backend.clock.advance(days=2)
        assert times() == ["01 01:00:00", "01 05:00:00"]

    def test_what_it_missed_while_it_was_disabled_it_makes_up_for_once(self, backend, create, update, times):
        create(expression="at(2027-01-01T01:00:00)", State="DISABLED")
        backend.clock.advance(hours=2)
        assert times() == []
        update(expression="at(2027-01-01T01:00:00)")
        update(expression="at(2027-01-01T01:00:00)", State="DISABLED")
        update(expression="at(2027-01-01T01:00:00)")
        backend.clock.advance(days=2)
        assert times() == ["01 02:00:00"]
        assert backend.deliveries[0].scheduled_time == datetime(2027, 1, 1, 1, tzinfo=UTC)

    def test_it_makes_up_for_it_whatever_its_start_date_is_now(self, backend, create, update, times):
        start = datetime(2027, 1, 1, tzinfo=UTC)
        create(expression="at(2027-01-01T01:00:00)", State="DISABLED", StartDate=start)
        backend.clock.advance(hours=2)
        update(expression="at(2027-01-01T01:00:00)")
        assert times() == ["01 02:00:00"]

    def test_start_and_end_do_not_count(self, backend, create, times):
        end = datetime(2027, 1, 1, 1, tzinfo=UTC)
        create(expression="at(2027-01-01T02:00:00)", EndDate=end)
        backend.clock.advance(days=2)
        assert times() == ["01 02:00:00"]


class TestRate:
    """``rate(...)`` fires at the creation, and then each period."""

    def test_it_fires_within_the_request_that_makes_it(self, backend, create):
        seen = []
        backend.target(QUEUE, seen.append)
        create(expression="rate(5 minutes)")
        assert seen == [{}]

    def test_its_grid_stays_over_a_change_of_something_else(self, backend, create, update, times):
        create(expression="rate(10 minutes)")
        backend.clock.advance(minutes=15)
        update(expression="rate(10 minutes)", ScheduleExpressionTimezone="Asia/Tokyo")
        backend.clock.advance(minutes=10)
        assert times() == ["01 00:00:00", "01 00:10:00", "01 00:20:00"]

    def test_it_counts_anew_with_another_period(self, backend, create, update, times):
        create(expression="rate(10 minutes)")
        backend.clock.advance(minutes=15)
        update(expression="rate(1 hour)")
        backend.clock.advance(hours=1)
        assert times() == ["01 00:00:00", "01 00:10:00", "01 00:15:00", "01 01:15:00"]

    def test_a_change_at_the_moment_of_the_creation_does_not_fire_twice(self, create, update, times):
        create(expression="rate(10 minutes)")
        update(expression="rate(10 minutes)", Description="changed")
        assert times() == ["01 00:00:00"]

    def test_a_pause_loses_what_falls_into_it(self, backend, create, update, times):
        create(expression="rate(10 minutes)")
        backend.clock.advance(minutes=5)
        update(expression="rate(10 minutes)", State="DISABLED")
        backend.clock.advance(minutes=20)
        update(expression="rate(10 minutes)")
        backend.clock.advance(minutes=10)
        assert times() == ["01 00:00:00", "01 00:30:00"]


class TestCron:
    """``cron(...)`` fires after the creation, or from its StartDate on."""

    def test_at_the_creation_it_fires_only_if_its_start_date_is_that_moment(self, backend, create, times):
        create("without", "cron(0 0 * * ? *)")
        assert times() == []
        create("with", "cron(0 0 * * ? *)", StartDate=datetime(2027, 1, 1, tzinfo=UTC))
        assert times() == ["01 00:00:00"]
        backend.clock.advance(days=1)
        assert times() == ["01 00:00:00", "02 00:00:00", "02 00:00:00"]


class TestFlexibleWindow:
    """In a flexible time window it fires at some moment, which the seed decides."""

    WINDOW = flexible(60)

    def fired(self, **options):
        """The seconds after each hour at which a schedule fires that has a window of an hour."""
        with mock_events(start_time="2027-01-01T00:30:00Z", region="us-east-1", **options) as backend:
            backend.client("scheduler").create_schedule(
                Name="s",
                ScheduleExpression="cron(0 * * * ? *)",
                Target={"Arn": QUEUE, "RoleArn": ROLE, "Input": "<aws.scheduler.scheduled-time>"},
                **self.WINDOW,
            )
            backend.clock.advance(days=2)
            return sorted(
                (one.scheduled_time, (one.time - one.scheduled_time).total_seconds(), one.body)
                for one in backend.deliveries
            )

    def test_it_fires_in_each_window_once(self):
        fired = self.fired()
        moments = [moment for moment, _, _ in fired]
        first = datetime(2027, 1, 1, 1, tzinfo=UTC)
        assert moments[:47] == [first + timedelta(hours=number) for number in range(47)]
        assert len(moments) == len(set(moments))
        assert all(0 <= late < 3600 and late == int(late) for _, late, _ in fired)
        assert len({late for _, late, _ in fired}) > 40

    def test_equal_seeds_give_equal_moments(self):
        assert self.fired(seed=7) == self.fired(seed=7)
        assert self.fired(seed=7) != self.fired(seed=8)

    def test_the_input_has_the_nominal_moment(self):
        assert all(body == f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment, _, body in self.fired())

    def test_a_change_before_the_drawn_moment_drops_the_firing(self, backend, create, update, times):
        create(expression="at(2027-01-01T01:00:00)", **flexible(1440))
        backend.clock.move_to("2027-01-01T01:00:01Z")
        assert times() == []
        update(expression="at(2027-01-01T01:00:00)", Description="changed", **flexible(1440))
        backend.clock.advance(days=3)
        assert times() == []


class TestCompletion:
    """With ActionAfterCompletion DELETE a schedule is deleted after its last invocation."""

    def test_a_target_still_finds_the_schedule(self, backend, client, create, names):
        found = []
        backend.target(QUEUE, lambda _: found.append(client.get_schedule(Name="s")["Name"]))
        create(expression="at(2027-01-01T01:00:00)", **DELETED)
        backend.clock.advance(hours=1)
        assert found == ["s"]
        assert names() == []

    def test_retries_go_on(self, backend, create, names):
        backend.faults.inject("ThrottlingException", target=QUEUE, times=2)
        create(expression="at(2027-01-01T01:00:00)", **DELETED)
        backend.clock.advance(hours=1)
        assert names() == []
        backend.clock.advance(hours=1)
        assert [one.status for one in backend.deliveries] == ["delivered"]

    def test_a_late_draw_of_an_earlier_occurrence_is_not_lost(self, backend, create, names):
        end = datetime(2027, 1, 1, 3, tzinfo=UTC)
        create(expression="rate(10 minutes)", EndDate=end, **flexible(240), **DELETED)
        backend.clock.advance(days=1)
        assert len(backend.deliveries) == 19
        assert names() == []

    @pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
    def test_what_never_fired_stays(self, backend, create, names, state):
        moment = "2026-01-01T00:00:00" if state == "ENABLED" else "2027-01-01T01:00:00"
        create(expression=f"at({moment})", State=state, **DELETED)
        backend.clock.advance(days=1)
        assert names() == ["default/s"]


class TestDeletion:
    """After DeleteSchedule nothing fires, and nothing is tried again."""

    TARGET: ClassVar = {"Arn": QUEUE, "RoleArn": ROLE, "Input": "{}", "DeadLetterConfig": {"Arn": DEAD}}

    def test_nothing_fires_any_more(self, backend, client, create, times):
        create(expression="rate(1 hour)")
        client.delete_schedule(Name="s")
        backend.clock.advance(days=1)
        assert times() == ["01 00:00:00"]

    def test_a_retry_is_dropped_without_a_dead_letter(self, backend, client, create):
        backend.faults.inject("ThrottlingException", target=QUEUE)
        create(expression="rate(1 day)", Target=self.TARGET)
        client.delete_schedule(Name="s")
        backend.clock.advance(days=2)
        [delivery] = backend.deliveries
        assert (delivery.status, delivery.reason) == ("dropped", "the schedule was deleted")
        assert len(delivery.attempts) == 1
        assert backend.dead_letters == []

    def test_a_schedule_that_is_made_again_is_another_one(self, backend, client, create):
        fault = backend.faults.inject("ThrottlingException", target=QUEUE)
        create(expression="rate(1 day)", Target=self.TARGET)
        client.delete_schedule(Name="s")
        create(expression="rate(1 day)", Target=self.TARGET)
        fault.stop()
        backend.clock.advance(hours=1)
        assert [one.status for one in backend.deliveries] == ["dropped", "delivered"]

    def test_a_restored_schedule_is_tried_again(self, backend, client, create):
        fault = backend.faults.inject("ThrottlingException", target=QUEUE)
        create(expression="rate(1 day)", Target=self.TARGET)
        before = backend.snapshot()
        client.delete_schedule(Name="s")
        backend.restore(before)
        fault.stop()
        backend.clock.advance(hours=1)
        assert [one.status for one in backend.deliveries] == ["delivered"]


def test_an_occurrence_after_a_snapshot_fires_again_after_it_is_restored(backend, create, times):
    create(expression="at(2027-01-01T01:00:00)")
    before = backend.snapshot()
    backend.clock.advance(hours=2)
    assert times() == ["01 01:00:00"]
    backend.restore(before)
    assert times() == []
    backend.clock.advance(hours=2)
    assert times() == ["01 01:00:00"]


def test_in_a_region_that_is_out_the_invocation_waits(backend, create, times):
    create(expression="at(2027-01-01T01:00:00)")
    with backend.region("us-east-1").outage():
        backend.clock.advance(hours=2)
        assert [one.status for one in backend.deliveries] == ["pending"]
    assert [one.status for one in backend.deliveries] == ["delivered"]


def test_what_is_to_come_is_told(backend, create):
    create(expression="at(2027-01-01T01:00:00)", GroupName="default")
    assert [str(due) for due in backend.clock.pending] == [
        "2027-01-01 01:00:00 schedule default/s of 123456789012, us-east-1 fires: at(2027-01-01T01:00:00)"
    ]


# No occurrence is lost or doubled

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
STARTS = [
    datetime(2027, 3, 13, 22, 7, 30, tzinfo=UTC),
    datetime(2027, 3, 27, 23, 0, tzinfo=UTC),
    datetime(2027, 4, 3, 12, 30, tzinfo=UTC),
    datetime(2027, 10, 30, 22, 59, 59, tzinfo=UTC),
]


def naive_occurrences(text, zone, since, after, until):
    """The occurrences in an interval, found by a look at each minute, or at each multiple of a period."""
    kind, _, inner = text.rstrip(")").partition("(")
    if kind == "rate":
        period = timedelta(minutes=int(inner.split()[0]))
        moments = (since + number * period for number in range((until - since) // period + 1))
        return [moment for moment in moments if after < moment <= until]
    if kind == "at":
        moment = datetime.fromisoformat(inner).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        return [moment] if moment > since and after < moment <= until else []
    minutes, hours = (
        None if field == "*" else {int(number) for number in field.split(",")} for field in inner.split()[:2]
    )
    found = []
    moment = after.replace(second=0)
    while moment <= until:
        local = moment.astimezone(ZoneInfo(zone))
        is_chosen = (minutes is None or local.minute in minutes) and (hours is None or local.hour in hours)
        if moment > after and is_chosen and not local.fold:
            found.append(moment)
        moment += timedelta(minutes=1)
    return found


class Model:
    """What a schedule has to do, in the words of the guide."""

    def __init__(self):
        self.now = self.text = self.zone = self.since = None
        self.state = "DISABLED"
        self.has_fired = False
        self.fired = []

    def change(self, text, zone, state):
        was = self.state
        is_same = text == self.text and (zone == self.zone or text.startswith("rate"))
        if not is_same:
            self.since, self.has_fired = self.now, False
        self.text, self.zone, self.state = text, zone, state
        if state == "DISABLED":
            return
        if text.startswith("rate") and not is_same:
            self.fired.append(self.now)
        if text.startswith("at") and is_same and was == "DISABLED" and not self.has_fired:
            missed = naive_occurrences(text, zone, self.since, self.since, self.now)
            self.has_fired = bool(missed)
            self.fired += [self.now for _ in missed]

    def advance(self, step):
        before, self.now = self.now, self.now + step
        if self.state == "ENABLED":
            moments = naive_occurrences(self.text, self.zone, self.since, before, self.now)
            self.has_fired = self.has_fired or (self.text.startswith("at") and bool(moments))
            self.fired += moments


@st.composite
def expressions(draw, start):
    kind = draw(st.sampled_from(["rate", "cron", "at"]))
    if kind == "rate":
        return f"rate({draw(st.integers(1, 200))} minutes)"
    if kind == "at":
        moment = start + timedelta(minutes=draw(st.integers(-200, 3000)))
        return f"at({moment:%Y-%m-%dT%H:%M:%S})"
    minutes = draw(st.sampled_from(["0", "30", "0,15,30,45", "*", "59"]))
    hours = draw(st.sampled_from(["*", "1", "2", "3", "1,2", "0,23"]))
    return f"cron({minutes} {hours} * * ? *)"


@st.composite
def lives(draw):
    """The beginning of the clock, and what is done to one schedule."""
    start = draw(st.sampled_from(STARTS))
    first = (
        draw(expressions(start)),
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from(["ENABLED", "DISABLED"])),
    )
    steps = draw(
        st.lists(
            st.one_of(
                st.integers(0, 600).map(lambda minutes: ("advance", timedelta(minutes=minutes))),
                st.integers(0, 90).map(lambda seconds: ("advance", timedelta(seconds=seconds))),
                st.tuples(st.just("state"), st.sampled_from(["ENABLED", "DISABLED"])),
                expressions(start).map(lambda text: ("expression", text)),
                expressions(start).map(lambda text: ("expression", text)),
                st.tuples(st.just("zone"), st.sampled_from(ZONES)),
                st.tuples(st.just("input"), st.text(min_size=1, max_size=3)),
            ),
            min_size=3,
            max_size=15,
        )
    )
    return start, first, steps


@settings(max_examples=200)
@given(lives())
def test_no_occurrence_is_lost_or_doubled_over_changes_pauses_and_steps_of_the_clock(life):
    start, (text, zone, state), steps = life
    model = Model()
    model.now = start
    with mock_events(start_time=start, region="us-east-1") as backend:
        client = backend.client("scheduler")
        members = {
            "Name": "s",
            "ScheduleExpression": text,
            "ScheduleExpressionTimezone": zone,
            "State": state,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": QUEUE, "RoleArn": ROLE, "Input": "{}"},
        }
        client.create_schedule(**members)
        model.change(text, zone, state)
        for what, value in [*steps, ("advance", timedelta(hours=9))]:
            if what == "advance":
                backend.clock.advance(value)
                model.advance(value)
                continue
            if what == "input":
                members["Target"] = {**members["Target"], "Input": value}
            else:
                name = {
                    "expression": "ScheduleExpression",
                    "zone": "ScheduleExpressionTimezone",
                    "state": "State",
                }[what]
                members[name] = value
            client.update_schedule(**members)
            model.change(
                members["ScheduleExpression"], members["ScheduleExpressionTimezone"], members["State"]
            )
        assert [one.time for one in backend.deliveries] == model.fired
