from __future__ import annotations

import re

import pytest

PATTERN = '{"source": ["shop"]}'
ROLE = "arn:aws:iam::123456789012:role/r"


def lines(backend, **options):
    return [re.sub(r"^\d\d:\d\d:\d\d", "12:00:00", line) for line in backend.report(**options).split("\n")]


def test_without_events_it_says_so(events_backend):
    assert lines(events_backend) == ["no event was put"]


def test_another_region_and_account_are_named(events_backend, order):
    events_backend.client(region="eu-west-1", account="222222222222").put_events(Entries=[order])
    assert lines(events_backend)[0] == (
        '12:00:00  PutEvents  order from shop on "default" in eu-west-1 of 222222222222   no rules'
    )


def test_an_event_that_came_from_another_bus(events, events_backend, order):
    events.create_event_bus(Name="other")
    events.put_rule(Name="forward", EventPattern=PATTERN)
    arn = "arn:aws:events:us-east-1:123456789012:event-bus/"
    for name in ("other", "gone"):
        events.put_targets(Rule="forward", Targets=[{"Id": name, "Arn": arn + name, "RoleArn": ROLE}])
    events.put_events(Entries=[order])
    assert lines(events_backend) == [
        '12:00:00  PutEvents  order from shop on "default"   1 rule',
        "            forward  match      -> events event-bus/other   delivered",
        "            forward  match      -> events event-bus/gone   delivered",
        '12:00:00  forwarded  order from shop on "other"   no rules',
        '12:00:00  forwarded  order from shop on "gone"',
        "            dropped: there is no event bus 'gone' in 123456789012, us-east-1",
    ]


def test_a_parameter_of_the_target_that_leads_nowhere_is_told(events, events_backend, order):
    events.put_rule(Name="r", EventPattern=PATTERN)
    arn = "arn:aws:execute-api:us-east-1:123456789012:abc/test/POST/ship"
    headers = {"X-Kind": "$.detail.nope", "X-Source": "$.source", "X-Fixed": "nope"}
    target = {"Id": "t", "Arn": arn, "HttpParameters": {"HeaderParameters": headers}}
    events.put_targets(Rule="r", Targets=[target])
    events.put_events(Entries=[order])
    assert lines(events_backend)[1:] == [
        "            r  match      -> execute-api abc/test/POST/ship   "
        "delivered (recorded: nobody stands at the other end)",
        "                          HttpParameters $.detail.nope leads nowhere in the event",
    ]


@pytest.mark.eventmock(start_time="2026-01-01T12:00:00Z")
def test_a_request_that_is_refused_again_at_once_is_told_once(events, events_backend, order, error_of):
    for name in ("r", "r", "s"):
        error_of(events.describe_rule, Name=name)
    events.put_events(Entries=[order])
    error_of(events.describe_rule, Name="s")
    events_backend.clock.advance(seconds=1)
    error_of(events.describe_rule, Name="s")
    refused = "DescribeRule of 123456789012 in us-east-1 was refused: ResourceNotFoundException: Rule"
    assert [line for line in lines(events_backend) if refused in line] == [
        f"12:00:00  {refused} r does not exist on EventBus default. (2 times)",
        f"12:00:00  {refused} s does not exist on EventBus default.",
        f"12:00:00  {refused} s does not exist on EventBus default.",
        f"12:00:00  {refused} s does not exist on EventBus default.",
    ]


def test_what_is_too_long_is_cut_and_says_so(events, events_backend, order):
    events.put_events(Entries=[order] * 3)
    assert len(lines(events_backend)) == 6
    assert lines(events_backend, max_lines=6) == lines(events_backend)
    assert lines(events_backend, max_lines=5)[:2] == [
        "... for what came before: print(events_backend.report()), or pytest --eventmock-trace=all",
        '12:00:00  PutEvents  order from shop on "default"   no rules',
    ]


def test_what_would_break_a_line_is_escaped(events, events_backend, order):
    events.put_events(Entries=[order | {"Source": "a\ud800\nb\x07"}])
    assert (
        lines(events_backend)[0] == r'12:00:00  PutEvents  order from a\ud800\nb\x07 on "default"   no rules'
    )


@pytest.mark.eventmock(start_time="2026-01-01T00:00:00Z")
def test_days_are_told_apart_where_there_are_several(events_backend):
    events_backend.client().put_rule(Name="nightly", ScheduleExpression="cron(0 2 * * ? *)")
    events_backend.clock.advance(days=1)
    assert events_backend.report().startswith("02:00:00  fired ")
    events_backend.clock.advance(days=1)
    lines = [line for line in events_backend.report().splitlines() if "fired" in line]
    assert [line[:19] for line in lines] == ["2026-01-01 02:00:00", "2026-01-02 02:00:00"]


class TestElsewhere:
    @pytest.fixture(autouse=True)
    def _buses(self, events, events_backend):
        for name in ("a", "b"):
            events.create_event_bus(Name=name)
        for number in range(7):
            events.put_rule(Name=f"r{number}", EventBusName="b", EventPattern=PATTERN)
        events.put_rule(Name="off", EventBusName="b", EventPattern=PATTERN, State="DISABLED")

    @pytest.fixture
    def hints(self, events_backend, order):
        def hints(**more):
            events_backend.client().put_events(Entries=[order | more])
            return [line.strip() for line in lines(events_backend) if "it would match" in line]

        return hints

    def test_the_first_rules_that_would_match_are_named(self, hints):
        assert hints() == ['on "b" it would match r0, r1, r2, r3, r4 and 2 more']

    def test_an_archive_s_rule_is_none_of_them(self, events, hints):
        arn = "arn:aws:events:us-east-1:123456789012:event-bus/"
        for name in ("default", "a"):
            events.create_archive(ArchiveName=name, EventSourceArn=arn + name)
        assert hints() == ['on "b" it would match r0, r1, r2, r3, r4 and 2 more']

    def test_nor_is_a_rule_of_any_other_owner_than_a_user(self, events, events_backend, hints):
        events_backend.add_managed_rule("theirs", managed_by="states.amazonaws.com", event_pattern=PATTERN)
        events_backend.add_managed_rule("t", managed_by="x.amazonaws.com", event_pattern=PATTERN, bus="a")
        assert hints() == ['on "b" it would match r0, r1, r2, r3, r4 and 2 more']

    def test_an_event_that_only_an_endpoint_replicated_is_asked_about(self, events, events_backend, order):
        there = "us-west-2"
        for client in (events, events_backend.client(region=there)):
            client.create_event_bus(Name="orders")
        for name in ("default", "orders"):
            events_backend.client(region=there).put_rule(Name="r", EventBusName=name, EventPattern=PATTERN)
        check = "arn:aws:route53:::healthcheck/7f42"
        events.create_endpoint(
            Name="ep",
            RoutingConfig={
                "FailoverConfig": {"Primary": {"HealthCheck": check}, "Secondary": {"Route": there}}
            },
            EventBuses=[
                {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/orders"}
                for region in ("us-east-1", there)
            ],
            RoleArn="arn:aws:iam::123456789012:role/r",
        )
        events.put_events(
            EndpointId=events_backend.endpoint("ep").endpoint_id,
            Entries=[order | {"EventBusName": "orders"}],
        )
        told = [line.strip() for line in lines(events_backend) if "it would match" in line]
        assert told == [
            'on "b" it would match r0, r1, r2, r3, r4 and 2 more',
            'on "default" of 123456789012 in us-west-2 it would match r',
        ]
        [event, copy] = events_backend.events
        assert (event.problem, copy.matched) == (
            "matched nothing: there are no rules on 'orders' but managed ones",
            ["r"],
        )

    def test_an_event_that_matched_a_rule_is_not_asked_about(self, events, hints):
        events.put_rule(Name="here", EventPattern=PATTERN)
        assert hints() == []

    def test_an_event_that_was_refused_is_not_asked_about(self, hints):
        assert hints(Detail="no") == []

    def test_an_event_that_would_match_nowhere_is_told_nothing(self, hints):
        assert hints(Source="bank") == []


def test_a_line_that_is_very_long_is_cut(events, events_backend, order):
    events.put_events(Entries=[order | {"Source": "s" * 5_000}] * 10)
    for text in (events_backend.report(), events_backend.report(max_lines=5)):
        *_, long, _ = text.split("\n")
        assert long.endswith("s... (5,056 characters)")
        assert len(long) == 1_000 + len("... (5,056 characters)")


def test_a_rule_with_only_a_schedule_is_the_farthest(events, events_backend, order):
    for number in range(3):
        events.put_rule(Name=f"nightly-{number}", ScheduleExpression="rate(1 day)")
    events.put_rule(Name="near", EventPattern='{"source": ["bank"]}')
    events.put_rule(Name="off", EventPattern='{"source": ["bank"]}', State="DISABLED")
    events.put_events(Entries=[order])
    assert [line.split()[0] for line in lines(events_backend, max_lines=5)[1:4]] == ["near", "off", "..."]


@pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z", region="us-east-1")
class TestFirings:
    """Firings of schedules of EventBridge Scheduler."""

    def test_a_schedule_that_fired_is_told_with_its_delivery(self, schedule, events_backend):
        schedule("nightly", "rate(1 day)")
        assert events_backend.report().splitlines() == [
            '12:00:00  fired      schedule nightly of group "default"',
            "            -> sqs q   delivered (recorded: nobody stands at the other end)",
        ]

    def test_a_schedule_that_waits_for_its_time_is_told_last(self, schedule, events_backend):
        schedule("nightly", "rate(1 day)", StartDate="2026-11-22T12:00:00Z")
        assert events_backend.report().splitlines() == [
            "no event was put",
            "            schedule nightly waits for its time, rate(1 day): next 2026-11-22 12:00:00 UTC; "
            "the clock stands at 2026-11-21 12:00:00 UTC; its StartDate is 2026-11-22 12:00:00 UTC",
            '            to have it fire: backend.clock.move_to("2026-11-22T12:00:00Z")',
        ]

    def test_times_in_another_zone_are_told_in_both(self, schedule, events_backend):
        schedule("nightly", "cron(30 3 * * ? *)", ScheduleExpressionTimezone="Europe/Berlin")
        schedule("tokyo", "cron(30 3 * * ? *)", ScheduleExpressionTimezone="Asia/Tokyo")
        events_backend.clock.advance(hours=15)
        assert [line for line in events_backend.report().splitlines() if "fired" in line] == [
            '2026-11-21 18:30:00  fired      schedule tokyo of group "default", '
            "scheduled for 2026-11-22 03:30:00 Asia/Tokyo (2026-11-21 18:30:00 UTC)",
            '2026-11-22 02:30:00  fired      schedule nightly of group "default", '
            "scheduled for 2026-11-22 03:30:00 Europe/Berlin (02:30:00 UTC)",
        ]

    def test_a_time_in_a_flexible_time_window_is_told_with_the_time_that_was_scheduled(
        self, schedule, events_backend
    ):
        window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
        schedule("nightly", "at(2026-11-21T13:00:00)", FlexibleTimeWindow=window)
        events_backend.clock.advance(hours=2)
        fired, _ = events_backend.report().splitlines()
        assert re.fullmatch(
            r'13:\d\d:\d\d  fired      schedule nightly of group "default", '
            r"scheduled for 2026-11-21 13:00:00 UTC, \d+ min( \d+ s)? later in its flexible time window",
            fired,
        )

    def test_a_schedule_that_is_enabled_too_late_fires_later(self, schedule, events_backend):
        schedule("nightly", "at(2026-11-21T13:00:00)", State="DISABLED")
        events_backend.clock.advance(hours=2)
        client = events_backend.client("scheduler")
        shown = client.get_schedule(Name="nightly")
        wanted = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        client.update_schedule(**{name: shown[name] for name in wanted})
        assert events_backend.report().splitlines()[0] == (
            '14:00:00  fired      schedule nightly of group "default", '
            "scheduled for 2026-11-21 13:00:00 UTC, 1 h later"
        )

    def test_firings_that_went_alike_are_one(self, schedule, events_backend):
        schedule("often", "rate(1 minute)")
        events_backend.clock.advance(days=1)
        assert events_backend.report().splitlines() == [
            '2026-11-21 12:00:00  fired      schedule often of group "default", '
            "and 1,440 times more until 2026-11-22 12:00:00",
            "            -> sqs q   delivered (recorded: nobody stands at the other end)",
        ]

    def test_a_group_a_region_and_an_account_are_named(self, events_backend):
        client = events_backend.client("scheduler", region="eu-west-1", account="222222222222")
        client.create_schedule_group(Name="billing")
        client.create_schedule(
            Name="nightly",
            GroupName="billing",
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": "arn:aws:sqs:eu-west-1:222222222222:q",
                "RoleArn": "arn:aws:iam::222222222222:role/r",
            },
        )
        assert events_backend.report().splitlines()[0] == (
            '12:00:00  fired      schedule nightly of group "billing" in eu-west-1 of 222222222222'
        )

    def test_why_attempts_failed_and_what_became_of_it_are_told(self, schedule, events_backend):
        queue = "arn:aws:sqs:us-east-1:123456789012:"
        events_backend.faults.inject(503, target=f"{queue}q", times=2)
        events_backend.faults.inject(400, target=f"{queue}broken")
        schedule("nightly", "rate(1 day)")
        more = {"Arn": f"{queue}broken", "DeadLetterConfig": {"Arn": f"{queue}dead"}}
        schedule("weekly", "rate(7 days)", more)
        events_backend.clock.advance(minutes=1)
        assert events_backend.report().splitlines() == [
            '12:00:00  fired      schedule nightly of group "default"',
            "            -> sqs q   delivered at attempt 3 (recorded: nobody stands at the other end)",
            "            attempts 1 to 2 failed: HTTP status 503",
            '12:00:00  fired      schedule weekly of group "default"',
            "            -> sqs broken   dead-lettered to sqs dead: HTTP status 400",
        ]

    def test_what_lambda_did_is_told(self, schedule, events_backend):
        function = "arn:aws:lambda:us-east-1:123456789012:function:clean"
        events_backend.lambda_function("clean", lambda _event, _context: None)
        schedule("nightly", "rate(1 day)", {"Arn": function})
        assert events_backend.report().splitlines()[1:] == [
            "            -> lambda function:clean   delivered; the function succeeded"
        ]

    def test_an_event_that_a_schedule_put_says_so(self, schedule, events, events_backend):
        bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        parameters = {"DetailType": "tick", "Source": "clock"}
        schedule("tick", "rate(1 hour)", {"Arn": bus, "EventBridgeParameters": parameters, "Input": "{}"})
        assert events_backend.report().splitlines() == [
            '12:00:00  fired      schedule tick of group "default"',
            "            -> events event-bus/default   delivered",
            '12:00:00  PutEvents  tick from clock on "default" by schedule tick   no rules',
            "            nothing was delivered; PutEvents still reported success, as AWS does",
        ]

    def test_the_last_firings_are_kept_if_the_lines_are_limited(
        self, schedule, events, events_backend, order
    ):
        schedule("hourly", "rate(1 hour)")
        for _ in range(10):
            events.put_events(Entries=[order])
            events_backend.clock.advance(hours=1)
        text = events_backend.report(max_lines=5).splitlines()
        assert len(text) == 5
        assert text[-2] == '22:00:00  fired      schedule hourly of group "default"'
