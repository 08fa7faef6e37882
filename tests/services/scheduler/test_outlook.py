"""What the tester reads about the next firing of a schedule, or about why there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock import mock_events
from eventmock.services.scheduler.outlook import outlook, why_it_does_not_fire
from eventmock.services.scheduler.schedule import schedules_of

TARGET = {
    "Arn": "arn:aws:sqs:us-east-1:123456789012:ship",
    "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
}
OFF = {"Mode": "OFF"}
BEGIN = datetime(2027, 3, 27, 12, tzinfo=UTC)
WINDOW = {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}}


@pytest.fixture
def backend():
    with mock_events(start_time="2027-03-27T12:00:00Z", isolated=True) as backend:
        yield backend


@pytest.fixture
def told(backend):
    """A function that makes a schedule, lets something happen, and returns the lines about the schedule."""

    def told(
        expression="rate(1 hour)", zone="UTC", *, region="us-east-1", then=lambda _scheduler: None, **members
    ):
        account, scheduler = (
            backend.state.accounts.get("123456789012", region),
            backend.client("scheduler", region=region),
        )
        asked = {"Name": "nightly", "Target": TARGET, "FlexibleTimeWindow": OFF, **members}
        arn = asked["Target"]["Arn"].replace("us-east-1", region)
        asked["Target"] = {**asked["Target"], "Arn": arn}
        scheduler.create_schedule(ScheduleExpression=expression, ScheduleExpressionTimezone=zone, **asked)
        [schedule] = schedules_of(account).values()
        then(scheduler)
        return list(outlook(account, schedule))

    return told


def test_the_next_firing_and_how_to_reach_it(told):
    assert told() == [
        "schedule nightly waits for its time, rate(1 hour): next 2027-03-27 13:00:00 UTC; "
        "the clock stands at 2027-03-27 12:00:00 UTC",
        'to have it fire: backend.clock.move_to("2027-03-27T13:00:00Z")',
    ]


def test_times_are_those_of_the_zone_and_of_utc(told):
    assert told("cron(0 7 * * ? *)", "Asia/Tokyo")[0] == (
        "schedule nightly waits for its time, cron(0 7 * * ? *): next Sun 2027-03-28 07:00:00 Asia/Tokyo "
        "(2027-03-27 22:00:00 UTC); the clock stands at 2027-03-27 21:00:00 Asia/Tokyo (12:00:00 UTC)"
    )


def test_the_group_the_region_and_the_account_are_told_if_they_are_not_the_default(backend, told):
    backend.client("scheduler", region="eu-west-1").create_schedule_group(Name="team")
    first, _ = told(region="eu-west-1", GroupName="team")
    assert first.startswith("schedule nightly of group team in eu-west-1 waits for its time")


class TestWindow:
    def test_the_moment_that_is_drawn_is_told(self, backend, told):
        line, to_do = told("cron(0 13 * * ? *)", **WINDOW)
        assert (
            "next Sat 2027-03-27 13:00:00 UTC, in its flexible time window of 15 minutes: at 2027-03-27 13:"
            in line
        )
        backend.clock.move_to(to_do.rpartition('move_to("')[2].removesuffix('")'))
        [delivery] = backend.deliveries
        assert f"at {delivery.time:%Y-%m-%d %H:%M:%S} UTC" in line

    def test_an_occurrence_whose_moment_is_still_to_come_is_the_next(self, backend, told):
        line, _ = told("rate(1 day)", **WINDOW)
        assert "next 2027-03-27 12:00:00 UTC, in its flexible time window" in line
        assert backend.deliveries == []

    def test_an_occurrence_before_a_change_does_not_fire_any_more(self, backend, told):
        def change(scheduler):
            backend.clock.advance(seconds=1)
            assert backend.deliveries == []
            asked = {"Name": "nightly", "Target": TARGET, "ScheduleExpression": "rate(1 day)", **WINDOW}
            scheduler.update_schedule(**asked)

        line, _ = told("rate(1 day)", then=change, **WINDOW)
        assert "next 2027-03-28 12:00:00 UTC" in line
        backend.clock.advance(minutes=20)
        assert backend.deliveries == []


class TestSurprises:
    def test_a_local_time_that_clocks_skip_before_the_next_firing(self, told):
        line, _ = told("cron(30 2 * * ? *)", "Europe/Berlin")
        assert "next Mon 2027-03-29 02:30:00 Europe/Berlin" in line
        assert line.endswith("02:30 does not exist on 2027-03-28 in Europe/Berlin: no invocation on that day")

    def test_a_local_time_that_clocks_skipped_today(self, backend, told):
        line, _ = told(
            "cron(30 2 * * ? *)", "Europe/Berlin", then=lambda _scheduler: backend.clock.advance(hours=24)
        )
        assert line.endswith("02:30 does not exist on 2027-03-28 in Europe/Berlin: no invocation on that day")

    def test_shifts_that_are_far_away_are_not_told(self, told):
        line, _ = told("cron(30 2 * * ? *)", "America/New_York")
        assert line.endswith("UTC)")

    def test_a_start_date_that_is_still_to_come(self, told):
        line, _ = told("rate(1 day)", "Europe/Berlin", StartDate="2027-05-01T00:00:00Z")
        assert line.endswith("; its StartDate is 2027-05-01 02:00:00 Europe/Berlin (00:00:00 UTC)")

    def test_numbers_of_weekdays_also_of_five_fields(self, told):
        line, _ = told("cron(0 9 ? * 2)")
        assert line.endswith("day-of-week 2 is MON: AWS counts from 1, Sunday")


class TestNever:
    def test_it_is_disabled(self, told):
        assert told(State="DISABLED") == ["schedule nightly: it does not fire, because it is DISABLED"]

    def test_its_moment_was_past(self, backend, told):
        assert told(
            "at(2027-03-27T13:00:00)", "Europe/Berlin", then=lambda _: backend.clock.advance(hours=1)
        ) == [
            "schedule nightly: it never fires: "
            "its moment, 2027-03-27 13:00:00 Europe/Berlin (12:00:00 UTC), was past "
            "when it was made, at 2027-03-27 13:00:00 Europe/Berlin (12:00:00 UTC); "
            "backend.scheduler.fires_past_at = True lets such a schedule fire at once; "
            "the clock stands at 2027-03-27 14:00:00 Europe/Berlin (13:00:00 UTC)"
        ]

    def test_its_moment_was_past_when_it_was_changed(self, backend, told):
        def change(scheduler):
            backend.clock.advance(minutes=1)
            members = {"FlexibleTimeWindow": OFF, "Target": TARGET}
            scheduler.update_schedule(Name="nightly", ScheduleExpression="at(2027-03-27T11:00:00)", **members)

        assert told("at(2027-04-01T13:00:00)", then=change)[0].startswith(
            "schedule nightly: it never fires: its moment, 2027-03-27 11:00:00 UTC, was past when it was changed, "
            "at 2027-03-27 12:01:00 UTC; "
        )

    def test_its_end_comes_before_its_first_firing(self, backend, told):
        assert told(
            "cron(0 9 * * ? *)",
            EndDate="2027-03-27T12:30:00Z",
            then=lambda _: backend.clock.advance(hours=1),
        ) == [
            "schedule nightly: it never fires: EndDate is before the first firing; "
            "its EndDate is 2027-03-27 12:30:00 UTC; the clock stands at 2027-03-27 13:00:00 UTC"
        ]

    def test_it_has_fired(self, backend, told):
        assert told("at(2027-03-27T13:00:00)", then=lambda _: backend.clock.advance(hours=1)) == [
            "schedule nightly: it does not fire any more, because it has fired: at(...) fires once; "
            "the clock stands at 2027-03-27 13:00:00 UTC"
        ]

    def test_it_was_changed_in_its_flexible_time_window(self, backend, told):
        def change(scheduler):
            backend.clock.advance(hours=1, seconds=1)
            members = {"Description": "changed", "Target": TARGET, **WINDOW}
            scheduler.update_schedule(Name="nightly", ScheduleExpression="at(2027-03-27T13:00:00)", **members)
            backend.clock.advance(hours=1)

        [line] = told("at(2027-03-27T13:00:00)", then=change, **WINDOW)
        assert (
            "it does not fire any more: it was changed in its flexible time window, before it fired" in line
        )
        assert not backend.deliveries

    def test_it_was_changed_after_it_had_fired(self, backend, told):
        def change(scheduler):
            backend.clock.advance(hours=2)
            scheduler.update_schedule(
                Name="nightly", ScheduleExpression="at(2027-03-27T13:00:00)", Target=TARGET, **WINDOW
            )

        assert "because it has fired: at(...) fires once" in told("at(2027-03-27T13:00:00)", then=change)[0]

    def test_its_group_is_deleting(self, backend):
        client = backend.client("scheduler")
        client.create_schedule_group(Name="jobs")
        client.create_schedule(
            Name="s",
            GroupName="jobs",
            ScheduleExpression="cron(0 9 * * ? *)",
            Target=TARGET,
            FlexibleTimeWindow=OFF,
        )
        client.delete_schedule_group(Name="jobs")
        account = backend.state.accounts.get("123456789012", "us-east-1")
        [schedule] = schedules_of(account).values()
        assert list(outlook(account, schedule)) == [
            "schedule s of group jobs: it does not fire any more: its group is DELETING, and it is deleted with it, "
            "at 2027-03-27 12:00:10 UTC; the clock stands at 2027-03-27 12:00:00 UTC"
        ]

    def test_its_end_date_is_past(self, backend, told):
        assert told(EndDate="2027-03-27T12:30:00Z", then=lambda _: backend.clock.advance(hours=1)) == [
            "schedule nightly: it does not fire any more: EndDate is past; its EndDate is 2027-03-27 12:30:00 UTC; "
            "the clock stands at 2027-03-27 13:00:00 UTC"
        ]

    def test_its_years_are_past(self, backend, told):
        assert told("cron(0 9 1 4 ? 2027)", then=lambda _: backend.clock.advance(days=300)) == [
            "schedule nightly: it does not fire any more: all firings of year 2027 are past; "
            "the clock stands at 2028-01-21 12:00:00 UTC"
        ]

    def test_there_is_no_reason_if_it_fires(self, backend, told):
        told()
        account = backend.state.accounts.get("123456789012", "us-east-1")
        [schedule] = schedules_of(account).values()
        assert why_it_does_not_fire(account, schedule) == ""


class TestDeleted:
    def test_by_a_request(self, told):
        assert told(then=lambda scheduler: scheduler.delete_schedule(Name="nightly")) == [
            "schedule nightly was deleted, at 2027-03-27 12:00:00 UTC"
        ]

    def test_after_its_completion(self, backend, told):
        assert told(
            "at(2027-03-27T13:00:00)",
            ActionAfterCompletion="DELETE",
            then=lambda _: backend.clock.advance(hours=2),
        ) == [
            "schedule nightly had completed and was deleted, as ActionAfterCompletion asks, at 2027-03-27 13:00:00 UTC"
        ]

    def test_with_its_group(self, backend, told):
        def delete(scheduler):
            scheduler.delete_schedule_group(Name="team")
            backend.clock.advance(minutes=1)

        backend.client("scheduler").create_schedule_group(Name="team")
        [line] = told("rate(1 day)", GroupName="team", then=delete)
        assert line.startswith("schedule nightly of group team was deleted, at 2027-03-27 12:00:1")

    def test_one_that_was_made_again_waits(self, told):
        def make_again(scheduler):
            scheduler.delete_schedule(Name="nightly")
            asked = {"Name": "nightly", "Target": TARGET, "ScheduleExpression": "rate(2 hours)"}
            scheduler.create_schedule(FlexibleTimeWindow=OFF, **asked)

        line, _ = told(then=make_again)
        assert line.startswith("schedule nightly waits for its time, rate(2 hours): next 2027-03-27 14:00:00")


EXPRESSIONS = st.one_of(
    st.builds("rate({} {})".format, st.integers(1, 90), st.sampled_from(["minutes", "hours", "days"])),
    st.builds(
        "cron({} {} {} * ? *)".format,
        st.integers(0, 59),
        st.integers(0, 4) | st.just("*"),
        st.sampled_from(["*", "1", "L"]),
    ),
    st.datetimes(datetime(2027, 3, 26), datetime(2027, 4, 2)).map(
        lambda time: f"at({time:%Y-%m-%dT%H:%M:%S})"
    ),
)


class TestWhatIsToldHolds:
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        expression=EXPRESSIONS,
        zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
        window=st.none() | st.integers(1, 1440),
        state=st.sampled_from(["ENABLED", "ENABLED", "DISABLED"]),
        hours=st.integers(0, 48),
        days=st.none() | st.integers(1, 5),
    )
    def test_it_fires_at_the_moment_that_is_told_and_not_before(
        self, backend, told, expression, zone, window, state, hours, days
    ):
        flexible = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": window}
        end = None if days is None else BEGIN + timedelta(days=days)
        try:
            *_, last = told(
                expression,
                zone,
                State=state,
                FlexibleTimeWindow=OFF if window is None else flexible,
                then=lambda _scheduler: backend.clock.advance(hours=hours),
                **({} if end is None else {"EndDate": end}),
            )
            fired = len(backend.deliveries)
            if last.startswith("to have it fire"):
                moment = datetime.fromisoformat(last.partition('move_to("')[2].removesuffix('")'))
                backend.clock.move_to(moment - timedelta(seconds=1))
                assert len(backend.deliveries) == fired
                backend.clock.move_to(moment)
                assert len(backend.deliveries) > fired
            else:
                assert "fire" in last
                backend.clock.advance(days=40)
                assert len(backend.deliveries) == fired
        finally:
            backend.reset()
