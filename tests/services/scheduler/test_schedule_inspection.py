from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmock import NoSuchSchedule, OptionError, mock_events

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"


@pytest.fixture
def inspected(backend, create):
    """A function that makes a schedule and gives it for inspection."""

    def inspected(expression="rate(1 day)", **more):
        create("s", expression, **more)
        return backend.scheduler.schedule("s")

    return inspected


def test_it_shows_the_schedule_as_it_is_now(client, members, inspected):
    schedule = inspected(ScheduleExpressionTimezone="Europe/Berlin")
    assert (schedule.expression, schedule.timezone, schedule.state) == (
        "rate(1 day)",
        "Europe/Berlin",
        "ENABLED",
    )
    assert schedule.target_arn == QUEUE
    client.update_schedule(**members("s", "rate(2 days)", State="DISABLED"))
    assert (schedule.expression, schedule.timezone, schedule.state) == ("rate(2 days)", "UTC", "DISABLED")


class TestNextFirings:
    def test_they_are_in_utc_and_in_local_time(self, inspected):
        first, second = inspected(
            "cron(30 2 * * ? *)", ScheduleExpressionTimezone="America/New_York"
        ).next_firings(2)
        assert first.scheduled == datetime(2027, 1, 1, 7, 30, tzinfo=UTC)
        assert first.local.isoformat() == "2027-01-01T02:30:00-05:00"
        assert first.fires == first.scheduled
        assert second.scheduled == first.scheduled + timedelta(days=1)

    def test_they_are_what_the_mock_does(self, backend, inspected):
        schedule = inspected(
            "rate(10 minutes)", FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 25}
        )
        foretold = [(one.scheduled, one.fires) for one in schedule.next_firings(40)]
        backend.clock.advance(minutes=200)
        made = {one.scheduled_time: one.time for one in backend.deliveries}
        for scheduled, fires in foretold:
            if fires <= backend.clock.now():
                assert made[scheduled] == fires
            else:
                assert scheduled not in made

    def test_one_whose_window_is_open_is_still_to_come(self, backend, inspected):
        schedule = inspected(
            "at(2027-01-01T01:00:00)", FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 600}
        )
        backend.clock.advance(hours=1)
        [firing] = schedule.next_firings()
        assert firing.scheduled == BEGIN + timedelta(hours=1) < firing.fires
        backend.clock.move_to(firing.fires)
        assert schedule.next_firings() == []
        assert [one.time for one in backend.deliveries] == [firing.fires]

    @pytest.mark.parametrize("count", [0, -1, 1.5, True, "2"])
    def test_the_count_is_a_number(self, inspected, count):
        with pytest.raises(OptionError, match=r"next_firings\(.*\): wanted a whole number from 1"):
            inspected().next_firings(count)


class TestExplain:
    def test_it_has_the_next_five_firings(self, inspected):
        text = inspected("cron(0 9 ? * MON *)", ScheduleExpressionTimezone="Europe/Berlin").explain()
        assert text.splitlines()[:6] == [
            "schedule default/s is ENABLED",
            "  expression: cron(0 9 ? * MON *), time zone Europe/Berlin",
            f"  target: {QUEUE}",
            "  now: 2027-01-01T00:00:00Z",
            "  next firings, in UTC and in local time:",
            "    2027-01-04T08:00:00Z  Mon 2027-01-04 09:00:00 +0100",
        ]
        assert text.count("Mon 2027") == 5

    def test_it_says_what_a_shift_of_clocks_does(self, inspected):
        text = inspected("cron(30 2 * * ? *)", ScheduleExpressionTimezone="Europe/Berlin").explain()
        assert "02:30 does not exist on 2027-03-28 in Europe/Berlin" in text

    def test_it_says_when_the_firings_end(self, inspected):
        text = inspected(EndDate=BEGIN + timedelta(days=2), ActionAfterCompletion="DELETE").explain()
        assert "  EndDate: 2027-01-03T00:00:00Z" in text
        assert "    and never again: then it is deleted" in text

    def test_it_has_the_window(self, inspected):
        window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
        text = inspected(FlexibleTimeWindow=window).explain()
        assert "flexible time window: 15 minutes" in text
        assert "in its window at 00:" in text

    def test_a_disabled_one_does_not_fire(self, inspected):
        schedule = inspected(State="DISABLED")
        assert schedule.next_firings() == []
        assert "it does not fire, because it is DISABLED" in schedule.explain()

    def test_an_at_of_the_past_never_fires(self, inspected):
        text = inspected("at(2020-01-01T00:00:00)").explain()
        assert "was past when it was made, at 2027-01-01 00:00:00 UTC" in text
        assert "backend.scheduler.fires_past_at = True" in text

    def test_an_at_that_has_fired_does_not_fire_again(self, backend, inspected):
        schedule = inspected("at(2027-01-01T00:01:00)")
        backend.clock.advance(minutes=1)
        assert "because it has fired: at(...) fires once" in schedule.explain()

    def test_an_at_in_its_flexible_time_window_is_to_come(self, backend, inspected):
        window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1440}
        schedule = inspected("at(2027-01-01T00:01:00)", FlexibleTimeWindow=window)
        backend.clock.advance(minutes=2)
        text = schedule.explain()
        assert "in its window at" in text
        assert "is past" not in text

    def test_one_that_has_ended_does_not_fire_any_more(self, backend, inspected):
        schedule = inspected(EndDate=BEGIN + timedelta(hours=1))
        backend.clock.advance(hours=2)
        assert "it does not fire any more: EndDate is past" in schedule.explain()

    def test_one_whose_group_is_deleting_fires_until_the_group_is_gone(self, backend, client, create):
        backend.delays.schedule_group_deletion = timedelta(minutes=2)
        client.create_schedule_group(Name="jobs")
        create("s", "rate(1 minute)", GroupName="jobs")
        client.delete_schedule_group(Name="jobs")
        [firing] = backend.scheduler.schedule("s", group="jobs").next_firings()
        backend.clock.advance(hours=1)
        assert [one.time for one in backend.deliveries] == [BEGIN, firing.fires]

    def test_one_whose_group_is_deleting_is_deleted_with_it(self, backend, client, create):
        client.create_schedule_group(Name="jobs")
        create("s", GroupName="jobs")
        schedule = backend.scheduler.schedule("s", group="jobs")
        client.delete_schedule_group(Name="jobs")
        assert schedule.next_firings() == []
        assert schedule.explain().endswith(
            "  schedule group jobs is DELETING: the schedule is deleted with it, at 2027-01-01T00:00:10Z"
        )
        backend.clock.advance(seconds=10)
        with pytest.raises(
            NoSuchSchedule,
            match="<schedule jobs/s of 123456789012, us-east-1> does not exist any more: it was deleted, at 2027-01-01",
        ):
            schedule.explain()


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("mode", [{"Mode": "OFF"}, {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1440}])
@pytest.mark.parametrize("expression", ["rate(1 hour)", "at(0001-01-01T00:00:00)", "at(9999-12-31T23:59:59)"])
def test_the_ends_of_the_years_are_told_like_all_others(members, start, zone, mode, expression):
    given = members("s", expression, ScheduleExpressionTimezone=zone, FlexibleTimeWindow=mode)
    with mock_events(start_time=start, region="us-east-1", isolated=True) as backend:
        backend.client("scheduler").create_schedule(**given, ActionAfterCompletion="DELETE")
        for schedule in backend.scheduler.schedules:
            assert schedule.explain().startswith("schedule default/s is ENABLED")
        with pytest.raises(AssertionError, match="schedule s delivered"):
            backend.assert_delivered(schedule="s", times=99)
        backend.clock.advance(hours=23)
        assert "schedule s" in str(backend.report())
