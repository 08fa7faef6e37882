from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from eventmock import mock_events
from eventmock.exceptions import ClockError, EndlessLoop, StrictFailure

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
MINUTELY = "rate(1 minute)"


@pytest.fixture
def clock(events_backend):
    return events_backend.clock


@pytest.fixture
def schedule(events, events_backend):
    """A function that puts a rule with a schedule, and gives a target of it."""

    def schedule(expression, name="r", **more):
        events.put_rule(Name=name, ScheduleExpression=expression, **more)
        return events_backend.target(name)

    return schedule


@pytest.fixture
def put_queue(events):
    """A function that lets a queue be a rule's target; what is None is left out."""

    def put_queue(name="r", **more):
        events.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": QUEUE, **more}])

    return put_queue


def times(deliveries):
    return [delivery.event["time"] for delivery in deliveries]


def after(**span):
    return f"{NOW + timedelta(**span):%Y-%m-%dT%H:%M:%SZ}"


class TestEvent:
    @pytest.mark.parametrize(
        ("expression", "time"), [(MINUTELY, "03:05:05"), ("cron(5 3 * * ? *)", "03:05:00")]
    )
    def test_a_target_gets_the_envelope(self, clock, schedule, expression, time):
        target = schedule(expression)
        clock.advance(minutes=1)
        [body] = target.deliveries.bodies
        found = re.fullmatch(
            r'\{"version":"0","id":"(.*)","detail-type":"Scheduled Event","source":"aws\.events",'
            rf'"account":"123456789012","time":"2026-01-02T{time}Z","region":"us-east-1",'
            r'"resources":\["arn:aws:events:us-east-1:123456789012:rule/r"\],"detail":\{\}\}',
            body,
        )
        assert found, body
        assert re.fullmatch(UUID, found[1])

    def test_all_targets_of_a_firing_get_one_event(self, clock, events_backend, schedule):
        schedule(MINUTELY)
        for _ in range(4):
            events_backend.target("r")
        clock.advance(minutes=2)
        bodies = events_backend.deliveries.bodies
        assert [len(set(bodies[:5])), len(set(bodies[5:])), len(bodies)] == [1, 1, 10]

    def test_each_firing_has_an_id_of_its_own(self, clock, schedule):
        target = schedule(MINUTELY)
        schedule(MINUTELY, "other")
        clock.advance(minutes=5)
        assert len({delivery.event["id"] for delivery in target.deliveries}) == 5

    def test_no_two_rules_share_an_event(self, clock, events_backend, schedule):
        for name in "ab":
            schedule(MINUTELY, name)
        clock.advance(minutes=3)
        assert len({delivery.event["id"] for delivery in events_backend.deliveries}) == 6
        assert {tuple(delivery.event["resources"]) for delivery in events_backend.deliveries} == {
            ("arn:aws:events:us-east-1:123456789012:rule/a",),
            ("arn:aws:events:us-east-1:123456789012:rule/b",),
        }

    def test_its_time_is_the_nominal_one_in_whole_seconds(self, clock, schedule):
        clock.advance(seconds=0.75)
        target = schedule(MINUTELY)
        clock.advance(hours=1)
        [first, *_] = target.deliveries
        assert first.event["time"] == after(minutes=1)
        assert first.time == first.attempts[0].time == NOW + timedelta(minutes=1, seconds=0.75)

    def test_input_is_all_that_a_target_gets(self, clock, events_backend, schedule, put_queue):
        schedule(MINUTELY)
        put_queue(Input='{"job":  "nightly"}')
        clock.advance(minutes=1)
        assert events_backend.deliveries.where(target="q").bodies == ['{"job":  "nightly"}']

    def test_an_input_path_picks_from_the_event(self, clock, events_backend, schedule, put_queue):
        schedule(MINUTELY)
        put_queue(InputPath="$.resources")
        clock.advance(minutes=1)
        assert events_backend.deliveries.where(target="q").bodies == [
            '["arn:aws:events:us-east-1:123456789012:rule/r"]'
        ]

    def test_an_input_transformer_sees_the_event_and_the_firing(
        self, clock, events_backend, schedule, put_queue
    ):
        schedule(MINUTELY)
        template = '{"at": <at>, "rule": <aws.events.rule-name>, "came": <aws.events.event.ingestion-time>}'
        put_queue(InputTransformer={"InputPathsMap": {"at": "$.time"}, "InputTemplate": template})
        clock.advance(minutes=1)
        [delivery] = events_backend.deliveries.where(target="q")
        assert delivery.json == {"at": after(minutes=1), "rule": "r", "came": "2026-01-02T03:05:05.000Z"}

    def test_an_input_transformer_may_take_it_whole(self, clock, events_backend, schedule, put_queue):
        target = schedule(MINUTELY)
        put_queue(InputTransformer={"InputTemplate": '{"event": <aws.events.event.json>}'})
        clock.advance(minutes=1)
        [delivery] = events_backend.deliveries.where(target="q")
        assert delivery.body == f'{{"event":{target.deliveries.bodies[0]}}}'


class TestFirings:
    @pytest.mark.parametrize(
        ("expression", "span", "expected"),
        [
            ("rate(1 minute)", {"minutes": 3}, [after(minutes=minute) for minute in (1, 2, 3)]),
            ("rate(5 minutes)", {"minutes": 14}, [after(minutes=5), after(minutes=10)]),
            ("rate(1 hour)", {"hours": 2}, [after(hours=1), after(hours=2)]),
            ("rate(2 days)", {"days": 5}, [after(days=2), after(days=4)]),
            ("cron(0/15 * * * ? *)", {"minutes": 30}, [f"2026-01-02T03:{at}:00Z" for at in (15, 30)]),
            ("cron(4 3 * * ? *)", {"days": 1}, ["2026-01-03T03:04:00Z"]),
            ("cron(0 12 ? * MON-FRI *)", {"days": 4}, [f"2026-01-0{day}T12:00:00Z" for day in (2, 5)]),
            ("cron(0 0 L * ? *)", {"days": 60}, ["2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"]),
            ("cron(0 0 29 2 ? *)", {"days": 900}, ["2028-02-29T00:00:00Z"]),
            ("cron(0 0 1 1 ? 2025)", {"days": 900}, []),
        ],
    )  # fmt: skip
    def test_it_fires_at_its_times(self, clock, schedule, expression, span, expected):
        target = schedule(expression)
        clock.advance(**span)
        assert times(target.deliveries) == expected

    @pytest.mark.parametrize("expression", [MINUTELY, "cron(* * * * ? *)"])
    def test_it_does_not_fire_when_it_is_put(self, clock, schedule, expression):
        clock.move_to("2026-01-02T03:05:00Z")
        target = schedule(expression)
        clock.advance()
        assert target.deliveries == []

    @pytest.mark.parametrize("steps", [1, 7, 60, 3600])
    def test_a_jump_over_many_periods_fires_as_often_as_small_steps(self, clock, schedule, steps):
        target = schedule(MINUTELY)
        for _ in range(steps):
            clock.advance(timedelta(hours=1) / steps)
        assert times(target.deliveries)[:59] == [after(minutes=minute) for minute in range(1, 60)]
        clock.move_to(NOW + timedelta(hours=1))
        assert times(target.deliveries) == [after(minutes=minute) for minute in range(1, 61)]

    def test_rules_fire_in_order_of_time(self, clock, events_backend, schedule):
        for name, expression in (("c", "rate(3 minutes)"), ("b", "rate(2 minutes)"), ("a", MINUTELY)):
            schedule(expression, name)
        clock.advance(minutes=4)
        fired = [(delivery.event["time"], delivery.rule_name) for delivery in events_backend.deliveries]
        assert [name for _, name in fired] == ["a", "b", "a", "c", "a", "b", "a"]
        assert [time for time, _ in fired] == sorted(time for time, _ in fired)

    def test_at_one_moment_the_rule_that_has_waited_longest_is_first(self, clock, events_backend, schedule):
        for name in ("b", "c", "a"):
            schedule(MINUTELY, name)
        clock.advance(minutes=2)
        assert [delivery.rule_name for delivery in events_backend.deliveries] == ["b", "c", "a"] * 2

    def test_a_month_of_a_nightly_job(self, clock, events_backend, schedule):
        schedule("cron(30 2 * * ? *)", "nightly")
        moments = []
        events_backend.target("nightly", lambda _: moments.append(clock.now()))
        clock.advance(days=31)
        assert moments == [datetime(2026, 1, 3, 2, 30, tzinfo=UTC) + timedelta(days=day) for day in range(31)]

    def test_what_a_rule_without_targets_fires_is_recorded(self, clock, events, events_backend):
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        clock.advance(minutes=2)
        assert [(event.matched, event.origin) for event in events_backend.events] == [
            (["r"], "schedule"),
            (["r"], "schedule"),
        ]
        assert events_backend.deliveries == []

    def test_a_target_that_comes_later_gets_what_fires_later(self, clock, events, events_backend):
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        clock.advance(minutes=2)
        target = events_backend.target("r")
        clock.advance(minutes=1)
        assert times(target.deliveries) == [after(minutes=3)]

    def test_a_period_beyond_the_calendar_never_comes(self, clock, schedule):
        target = schedule("rate(2147483647 days)")
        assert clock.pending == []
        clock.advance(days=365 * 100)
        assert target.deliveries == []

    @pytest.mark.parametrize(
        ("early", "expected"),
        [
            (timedelta(0), [after(), after(minutes=1), after(minutes=2)]),
            (timedelta(seconds=10), [after(seconds=10), after(seconds=70)]),
        ],
    )
    def test_the_first_firing_of_a_rate_may_come_earlier(
        self, clock, events_backend, schedule, early, expected
    ):
        events_backend.delays.rate_first_firing = early
        events_backend.client().put_rule(Name="r", ScheduleExpression=MINUTELY)
        target = events_backend.target("r")
        cron = schedule("cron(* * * * ? *)", "cron")
        clock.advance(minutes=2)
        assert times(target.deliveries) == expected
        assert times(cron.deliveries) == ["2026-01-02T03:05:00Z", "2026-01-02T03:06:00Z"]

    def test_a_schedule_is_for_the_default_bus(self, clock, events, events_backend, error_of):
        events.create_event_bus(Name="orders")
        refused = error_of(events.put_rule, Name="r", EventBusName="orders", ScheduleExpression=MINUTELY)
        assert refused == (
            "ValidationException",
            "ScheduleExpression is supported only on the default event bus.",
        )
        assert clock.pending == []

    def test_it_fires_on_the_default_bus_by_whatever_name(self, clock, events, events_backend):
        for number, bus in enumerate(("default", "arn:aws:events:us-east-1:123456789012:event-bus/default")):
            events.put_rule(Name=f"r{number}", EventBusName=bus, ScheduleExpression=MINUTELY)
            events_backend.target(f"r{number}")
        clock.advance(minutes=1)
        assert [(delivery.rule_name, delivery.bus) for delivery in events_backend.deliveries] == [
            ("r0", "default"),
            ("r1", "default"),
        ]

    def test_accounts_and_regions_stand_side_by_side(self, clock, events_backend):
        places = [
            {"region": region, "account": account}
            for region in ("us-east-1", "eu-west-1")
            for account in ("111111111111", "222222222222")
        ]
        for minutes, place in enumerate(places, start=2):
            events_backend.client(**place).put_rule(Name="r", ScheduleExpression=f"rate({minutes} minutes)")
            events_backend.target("r", **place)
        clock.advance(minutes=5)
        assert [
            (delivery.event["time"], delivery.event["region"], delivery.event["account"])
            for delivery in events_backend.deliveries
        ] == [
            (after(minutes=2), "us-east-1", "111111111111"),
            (after(minutes=3), "us-east-1", "222222222222"),
            (after(minutes=4), "eu-west-1", "111111111111"),
            (after(minutes=4), "us-east-1", "111111111111"),
            (after(minutes=5), "eu-west-1", "222222222222"),
        ]
        for delivery in events_backend.deliveries:
            place = f"{delivery.event['region']}:{delivery.event['account']}"
            assert (delivery.region, delivery.account) == tuple(place.split(":"))
            assert delivery.event["resources"] == [f"arn:aws:events:{place}:rule/r"]

    def test_a_service_s_own_rule_fires(self, clock, events_backend):
        events_backend.add_managed_rule("m", managed_by="states.amazonaws.com", schedule_expression=MINUTELY)
        events_backend.target(QUEUE)
        clock.advance(minutes=2)
        assert [event.matched for event in events_backend.events] == [["m"], ["m"]]


class TestChanges:
    def test_a_disabled_rule_misses_its_firings_for_good(self, clock, events, schedule):
        target = schedule("cron(* * * * ? *)")
        clock.advance(minutes=1)
        events.disable_rule(Name="r")
        clock.advance(minutes=10)
        assert len(target.deliveries) == 1
        events.enable_rule(Name="r")
        assert len(target.deliveries) == 1
        clock.advance(minutes=1)
        assert times(target.deliveries) == ["2026-01-02T03:05:00Z", "2026-01-02T03:16:00Z"]

    def test_a_rule_that_is_put_disabled_does_not_fire(self, clock, events, schedule):
        target = schedule(MINUTELY, State="DISABLED")
        clock.advance(minutes=10)
        assert (target.deliveries, clock.pending) == ([], [])
        events.enable_rule(Name="r")
        clock.advance(minutes=1)
        assert times(target.deliveries) == [after(minutes=11)]

    @pytest.mark.parametrize("way", ["calls", "PutRule"])
    def test_enabling_lets_a_rate_begin_anew(self, clock, events, schedule, way):
        target = schedule("rate(10 minutes)")
        clock.advance(minutes=3)
        if way == "calls":
            events.disable_rule(Name="r")
            clock.advance(minutes=1)
            events.enable_rule(Name="r")
        else:
            events.put_rule(Name="r", ScheduleExpression="rate(10 minutes)", State="DISABLED")
            clock.advance(minutes=1)
            events.put_rule(Name="r", ScheduleExpression="rate(10 minutes)", State="ENABLED")
        clock.advance(minutes=20)
        assert times(target.deliveries) == [after(minutes=14), after(minutes=24)]

    def test_enabling_what_is_enabled_changes_nothing(self, clock, events, schedule):
        target = schedule("rate(10 minutes)")
        for _ in range(3):
            clock.advance(minutes=3)
            events.enable_rule(Name="r")
        clock.advance(minutes=1)
        assert times(target.deliveries) == [after(minutes=10)]

    @pytest.mark.parametrize("more", [{}, {"Description": "d"}, {"EventPattern": '{"source": ["x"]}'}])
    def test_put_again_with_its_schedule_it_keeps_its_phase(self, clock, events, schedule, more):
        target = schedule("rate(10 minutes)")
        clock.advance(minutes=4)
        for _ in range(3):
            events.put_rule(Name="r", ScheduleExpression="rate(10 minutes)", **more)
        clock.advance(minutes=16)
        assert times(target.deliveries) == [after(minutes=10), after(minutes=20)]

    def test_put_with_another_schedule_it_begins_anew(self, clock, events, schedule):
        target = schedule("rate(10 minutes)")
        clock.advance(minutes=4)
        events.put_rule(Name="r", ScheduleExpression="rate(7 minutes)")
        clock.advance(minutes=14)
        assert times(target.deliveries) == [after(minutes=11), after(minutes=18)]

    def test_changed_and_changed_back_it_begins_anew(self, clock, events, schedule):
        target = schedule("rate(10 minutes)")
        clock.advance(minutes=4)
        for expression in ("rate(7 minutes)", "rate(10 minutes)"):
            events.put_rule(Name="r", ScheduleExpression=expression)
        clock.advance(minutes=20)
        assert times(target.deliveries) == [after(minutes=14), after(minutes=24)]

    def test_put_without_its_schedule_it_does_not_fire(self, clock, events, schedule):
        target = schedule(MINUTELY)
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        clock.advance(minutes=10)
        assert target.deliveries == []

    def test_a_schedule_may_come_later(self, clock, events, events_backend):
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        target = events_backend.target("r")
        clock.advance(minutes=1)
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        clock.advance(minutes=1)
        assert times(target.deliveries) == [after(minutes=2)]

    def test_a_refused_change_changes_nothing(self, clock, events, schedule, error_of):
        target = schedule(MINUTELY)
        other = {"Name": "r", "ScheduleExpression": "rate(5 minutes)"}
        for refused, code in (
            ({"ScheduleExpression": "rate(1 minutes)"}, "ValidationException"),
            ({"EventPattern": "{"}, "InvalidEventPatternException"),
        ):
            assert error_of(events.put_rule, **other | refused)[0] == code
        clock.advance(minutes=2)
        assert times(target.deliveries) == [after(minutes=1), after(minutes=2)]

    def test_deleted_it_does_not_fire(self, clock, events, events_backend):
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        events.delete_rule(Name="r")
        clock.advance(minutes=10)
        assert events_backend.events == []

    def test_made_anew_it_has_one_timer(self, clock, events, events_backend):
        for expression in ("rate(10 minutes)", "rate(10 minutes)", "rate(5 minutes)", "rate(10 minutes)"):
            events.put_rule(Name="r", ScheduleExpression=expression)
            clock.advance(minutes=2)
            events.delete_rule(Name="r")
        events.put_rule(Name="r", ScheduleExpression="rate(10 minutes)")
        clock.advance(minutes=40)
        assert [event.event["time"] for event in events_backend.events] == [
            after(minutes=minutes) for minutes in (18, 28, 38, 48)
        ]

    @pytest.mark.parametrize("expression", ["rate(1 minute)", "cron(* * * * ? *)"])
    def test_many_changes_at_one_moment_make_one_firing(self, clock, events, events_backend, expression):
        clock.move_to("2026-01-02T03:05:00Z")
        for _ in range(3):
            events.put_rule(Name="r", ScheduleExpression=expression)
            events.put_rule(Name="r", ScheduleExpression="rate(1 hour)")
            events.put_rule(Name="r", ScheduleExpression=expression)
            events.disable_rule(Name="r")
            events.enable_rule(Name="r")
            events.delete_rule(Name="r")
        events.put_rule(Name="r", ScheduleExpression=expression)
        clock.advance(minutes=2)
        assert [event.event["time"] for event in events_backend.events] == [
            "2026-01-02T03:06:00Z",
            "2026-01-02T03:07:00Z",
        ]

    def test_changes_at_the_moment_of_a_firing_do_not_repeat_it(self, clock, events, schedule):
        target = schedule("cron(* * * * ? *)")
        clock.move_to("2026-01-02T03:05:00Z")
        events.disable_rule(Name="r")
        events.enable_rule(Name="r")
        events.put_rule(Name="r", ScheduleExpression="cron(0/1 * * * ? *)")
        clock.advance()
        assert times(target.deliveries) == ["2026-01-02T03:05:00Z"]
        clock.advance(minutes=1)
        assert times(target.deliveries) == ["2026-01-02T03:05:00Z", "2026-01-02T03:06:00Z"]

    def test_a_target_may_change_its_own_rule(self, clock, events, events_backend):
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        seen = []

        def stop_at_the_second(event):
            seen.append(event["time"])
            if len(seen) == 2:
                events.disable_rule(Name="r")

        events_backend.target("r", stop_at_the_second)
        clock.advance(minutes=10)
        assert seen == [after(minutes=1), after(minutes=2)]
        assert events.describe_rule(Name="r")["State"] == "DISABLED"

    def test_a_target_may_change_the_schedule_of_its_own_rule(self, clock, events, events_backend):
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        seen = []

        def slow_down(event):
            seen.append(event["time"])
            events.put_rule(Name="r", ScheduleExpression="rate(5 minutes)")

        events_backend.target("r", slow_down)
        clock.advance(minutes=12)
        assert seen == [after(minutes=minutes) for minutes in (1, 6, 11)]


class TestOnTheBus:
    def test_put_events_does_not_trigger_a_rule_that_has_only_a_schedule(self, events, schedule, order):
        target = schedule(MINUTELY)
        events.put_events(Entries=[order])
        assert target.deliveries == []

    def test_a_rule_may_have_a_pattern_too(self, clock, events, schedule, order):
        target = schedule(MINUTELY, EventPattern='{"source": ["shop"]}')
        events.put_events(Entries=[order])
        clock.advance(minutes=1)
        events.put_events(Entries=[order | {"Source": "other"}])
        assert [delivery.event["source"] for delivery in target.deliveries] == ["shop", "aws.events"]

    def test_a_rule_whose_pattern_matches_its_own_firing_gets_it_once(self, clock, schedule):
        target = schedule(MINUTELY, EventPattern='{"source": ["aws.events"]}')
        clock.advance(minutes=2)
        assert times(target.deliveries) == [after(minutes=1), after(minutes=2)]

    def test_a_disabled_rule_s_pattern_sees_nothing(self, clock, events, events_backend, schedule):
        schedule(MINUTELY)
        target = schedule(MINUTELY, "off", EventPattern='{"source": ["aws.events"]}', State="DISABLED")
        clock.advance(minutes=2)
        assert target.deliveries == []

    def test_patterns_of_the_default_bus_see_what_fires(self, clock, events, events_backend, schedule):
        schedule(MINUTELY)
        patterns = {
            "source": {"source": ["aws.events"]},
            "type": {"detail-type": ["Scheduled Event"]},
            "resource": {"resources": [{"suffix": ":rule/r"}]},
            "other": {"resources": [{"suffix": ":rule/s"}]},
            "detail": {"detail": {"a": ["b"]}},
        }
        for name, pattern in patterns.items():
            events.put_rule(Name=name, EventPattern=json.dumps(pattern))
            events_backend.target(name)
        clock.advance(minutes=1)
        assert [delivery.rule_name for delivery in events_backend.deliveries] == [
            "r",
            "resource",
            "source",
            "type",
        ]
        assert len({delivery.body for delivery in events_backend.deliveries}) == 1

    def test_another_bus_does_not_see_it(self, clock, events, events_backend, schedule):
        events.create_event_bus(Name="orders")
        events.put_rule(Name="all", EventBusName="orders", EventPattern='{"source": ["aws.events"]}')
        target = events_backend.target("all", bus="orders")
        schedule(MINUTELY)
        clock.advance(minutes=1)
        assert target.deliveries == []

    def test_an_archive_of_the_default_bus_keeps_it(self, clock, events, events_backend, schedule):
        bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        events.create_archive(ArchiveName="a", EventSourceArn=bus)
        schedule(MINUTELY)
        clock.advance(minutes=3)
        assert events.describe_archive(ArchiveName="a")["EventCount"] == 3
        assert events_backend.events[0].archived == ["a"]

    def test_it_is_forwarded_to_a_bus_that_is_the_target(self, clock, events, events_backend, schedule):
        arn = events.create_event_bus(Name="jobs")["EventBusArn"]
        schedule(MINUTELY)
        role = "arn:aws:iam::123456789012:role/r"
        events.put_targets(Rule="r", Targets=[{"Id": "bus", "Arn": arn, "RoleArn": role}])
        events.put_rule(Name="there", EventBusName="jobs", EventPattern='{"source": ["aws.events"]}')
        target = events_backend.target("there", bus="jobs")
        clock.advance(minutes=2)
        assert times(target.deliveries) == [after(minutes=1), after(minutes=2)]
        assert [event.origin for event in events_backend.events] == ["schedule", "bus"] * 2


class TestTargetsThatFail:
    def test_what_a_target_raises_is_a_failed_attempt_and_the_rule_goes_on(
        self, clock, events_backend, schedule
    ):
        schedule(MINUTELY)
        seen = []

        def fail_first(event):
            seen.append(event["time"])
            if len(seen) == 1:
                raise OSError("no connection")

        target = events_backend.target("r", fail_first)
        clock.advance(minutes=2)
        assert [(delivery.status, delivery.attempts[0].error) for delivery in target.deliveries] == [
            ("delivered", "OSError: no connection"),
            ("delivered", None),
        ]
        assert clock.now() == NOW + timedelta(minutes=2)

    def test_an_assertion_in_a_target_fails_the_test_when_the_mock_ends(self):
        def check(event):
            assert event["detail"] == {"not": "this"}

        mock = mock_events(isolated=True, start_time=NOW)
        backend = mock.start()
        backend.client().put_rule(Name="r", ScheduleExpression=MINUTELY)
        target = backend.target("r", check)
        backend.clock.advance(minutes=1)
        statuses = [delivery.status for delivery in target.deliveries]
        with pytest.raises(AssertionError, match="not"):
            mock.stop()
        assert statuses == ["dropped"]

    def test_what_breaks_off_the_process_breaks_off_the_move(self, clock, events_backend, schedule):
        schedule(MINUTELY)

        def interrupt(_):
            raise KeyboardInterrupt

        target = events_backend.target("r", interrupt)
        with pytest.raises(KeyboardInterrupt):
            clock.advance(minutes=5)
        assert clock.now() == NOW + timedelta(minutes=1)
        assert [delivery.status for delivery in target.deliveries] == ["dropped"]
        assert [due.time for due in clock.pending] == [NOW + timedelta(minutes=2)]

    def test_a_loop_that_a_firing_begins_is_stopped(self, clock, events, events_backend, schedule, order):
        schedule(MINUTELY)
        events.put_rule(Name="loop", EventPattern='{"source": ["shop"]}')
        for name in ("r", "loop"):
            events_backend.target(name, lambda _: events.put_events(Entries=[order]))
        with pytest.raises(EndlessLoop):
            clock.advance(minutes=1)


class TestWallClock:
    @pytest.fixture
    def seen(self):
        """The times of the firings that the target of `passed` has got."""
        return []

    @pytest.fixture
    def passed(self, seen):
        """A backend whose rule fires each minute, when the wall clock has passed three firings."""
        with time_machine.travel(NOW, tick=False) as traveller, mock_events(isolated=True) as backend:
            backend.client().put_rule(Name="r", ScheduleExpression=MINUTELY)
            backend.target("r", lambda event: seen.append(event["time"]))
            traveller.shift(timedelta(minutes=3, seconds=30))
            assert seen == []
            yield backend

    @pytest.mark.parametrize(
        "look",
        [
            lambda backend: backend.client().list_event_buses(),
            lambda backend: backend.client().put_events(
                Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}]
            ),
            lambda backend: backend.deliveries,
            lambda backend: backend.events,
            lambda backend: backend.clock.advance(),
        ],
        ids=["a call", "PutEvents", "deliveries", "events", "advance"],
    )
    def test_what_it_has_passed_is_noticed_by_a_look(self, passed, seen, look):
        look(passed)
        assert seen == [after(minutes=1), after(minutes=2), after(minutes=3)]

    def test_a_report_tells_what_happened_and_makes_nothing_happen(self, passed, seen):
        assert passed.report() == "no event was put"
        assert seen == []

    def test_a_target_that_looks_is_not_called_again(self, passed, seen):
        passed.target("r", lambda _: seen.append(len(passed.deliveries)))
        assert len(passed.deliveries) == 6
        assert seen == [after(minutes=1), 2, after(minutes=2), 4, after(minutes=3), 6]

    def test_a_call_that_deletes_the_rule_comes_too_late_for_what_has_passed(self, passed, seen):
        client = passed.client()
        client.remove_targets(Rule="r", Ids=["function-1"])
        client.delete_rule(Name="r")
        assert seen == [after(minutes=1), after(minutes=2), after(minutes=3)]
        passed.clock.advance(hours=1)
        assert len(seen) == 3

    def test_a_rate_counts_from_its_start_and_not_from_the_look(self, passed):
        assert len(passed.deliveries) == 3
        passed.clock.advance(seconds=30)
        assert times(passed.deliveries)[3:] == [after(minutes=4)]


class TestReport:
    def test_a_firing_is_told(self, clock, events, events_backend, schedule):
        schedule(MINUTELY)
        events.put_rule(Name="other", EventPattern='{"source": ["shop"]}')
        schedule("rate(1 day)", "daily")
        clock.advance(minutes=1)
        assert events_backend.report() == (
            '03:05:05  fired      Scheduled Event from aws.events on "default"   3 rules\n'
            "            r      match      -> lambda function:r-function-1   delivered\n"
            "            daily  no match   the rule has no pattern, only the schedule rate(1 day)\n"
            '            other  no match   source held "aws.events", wanted one of ["shop"]'
        )

    def test_a_firing_that_no_target_gets_is_told(self, clock, events, events_backend):
        events.put_rule(Name="r", ScheduleExpression=MINUTELY)
        clock.advance(minutes=1)
        assert events_backend.report() == (
            '03:05:05  fired      Scheduled Event from aws.events on "default"   1 rule\n'
            "            r  match      but the rule has no targets"
        )


class TestStrict:
    def test_a_firing_that_is_delivered_is_no_failure(self):
        with mock_events(strict=True, isolated=True, start_time=NOW) as backend:
            backend.client().put_rule(Name="r", ScheduleExpression=MINUTELY)
            backend.target("r")
            backend.clock.advance(hours=1)

    def test_a_firing_that_no_target_gets_is_one(self):
        mock = mock_events(strict=True, isolated=True, start_time=NOW)
        backend = mock.start()
        backend.client().put_rule(Name="r", ScheduleExpression=MINUTELY)
        backend.clock.advance(minutes=1)
        with pytest.raises(StrictFailure, match=r"Scheduled Event from aws\.events.*there are no targets"):
            mock.stop()

    def test_a_firing_that_a_target_does_not_take_is_one(self):
        mock = mock_events(strict=True, isolated=True, start_time=NOW)
        backend = mock.start()
        backend.client().put_rule(Name="r", ScheduleExpression=MINUTELY)
        backend.target("r", lambda _: 1 / 0)
        backend.clock.advance(minutes=1)
        with pytest.raises(StrictFailure, match="ZeroDivisionError"):
            mock.stop()


def test_a_target_of_an_ordinary_delivery_cannot_move_the_clock(events, events_backend, order):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    target = events_backend.target("r", lambda _: events_backend.clock.advance(minutes=1))
    events.put_events(Entries=[order])
    assert "ClockError: the clock is moved by a target" in target.deliveries[0].error
    with pytest.raises(ClockError):
        events_backend.check()

    def test_a_firing_of_cron_has_its_weekday(self, clock, events, events_backend):
        weekdays = "day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday"
        events.put_rule(Name="r", ScheduleExpression="cron(0 18 ? * 1-5 *)")
        expression = "the schedule cron(0 18 ? * 1-5 *), first on Sun 2026-01-04 18:00"
        entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
        assert (
            str(events_backend.explain(entry))
            == f"r  the rule has no pattern, only {expression} ({weekdays})"
        )
        clock.advance(days=3)
        assert events_backend.report() == (
            '18:00:00  fired      Scheduled Event from aws.events on "default", a Sunday   1 rule\n'
            "            r  match      but the rule has no targets\n"
            f"            {weekdays}"
        )
        assert str(events_backend.trace).split("\n")[0] == (
            "18:00:00  #1 Scheduled Event from aws.events fired by a schedule on "
            f'"default" of 123456789012 in us-east-1, on a Sunday; {weekdays}'
        )
