"""The texts of a failed `LambdaFunction.assert_invoked`."""

from __future__ import annotations

import json

import pytest

from eventmock import OptionError, mock_events

PLACE = "arn:aws:lambda:us-east-1:123456789012:function"
SHIP = f"{PLACE}:ship"


@pytest.fixture
def backend():
    with mock_events(start_time="2026-01-01") as backend:
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        backend.client().put_targets(Rule="r", Targets=[{"Id": "1", "Arn": SHIP}])
        yield backend


def put(backend, source="shop", **detail):
    entry = {"Source": source, "DetailType": "order", "Detail": json.dumps(detail)}
    backend.client().put_events(Entries=[entry])


def succeed(_event, _context):
    return None


def failure(function, *arguments, **wanted):
    with pytest.raises(AssertionError) as failed:
        function.assert_invoked(*arguments, **wanted)
    return str(failed.value).splitlines()


class TestOfAnotherEvent:
    def test_a_whole_event_is_told_by_its_detail(self, backend):
        ship = backend.lambda_function("ship", succeed)
        put(backend, n=1)
        assert failure(ship, 2) == [
            "lambda function:ship was invoked once, wanted 2 times",
            '  2026-01-01 00:00:00  order from shop: detail {"n": 1}',
            "      succeeded",
        ]

    def test_too_many_are_listed(self, backend):
        ship = backend.lambda_function("ship", succeed)
        for n in range(7):
            put(backend, n=n)
        lines = failure(ship, 1, matching={"detail": {"n": [{"numeric": [">", 0]}]}})
        assert lines[0] == (
            'lambda function:ship was invoked 6 times matching {"detail": {"n": [{"numeric": [">", 0]}]}}, wanted once'
        )
        assert lines[1] == '  2026-01-01 00:00:00  order from shop: detail {"n": 1}'
        assert lines[-1] == "  and 1 more"

    def test_a_pattern_says_which_value_it_met_the_nearest_first(self, backend):
        ship = backend.lambda_function("ship", succeed)
        put(backend, n=1)
        assert failure(ship, matching={"detail": {"n": [2]}}) == [
            'lambda function:ship was invoked once, never matching {"detail": {"n": [2]}}, wanted at least once',
            '  2026-01-01 00:00:00  order from shop: detail {"n": 1}',
            "      detail.n held 1, wanted one of [2]",
            "      succeeded",
        ]

    def test_a_pattern_never_matches_what_is_no_object(self, backend):
        ship = backend.lambda_function("ship", succeed)
        target = {"Id": "1", "Arn": SHIP, "InputPath": "$.detail.n"}
        backend.client().put_targets(Rule="r", Targets=[target])
        put(backend, n=1)
        assert failure(ship, matching={"detail": {"n": [2]}})[1:] == [
            "  2026-01-01 00:00:00  1",
            "      event held 1; a pattern matches an object",
            "      succeeded",
        ]

    def test_the_differences_of_the_event_are_told_and_the_nearest_comes_first(self, backend):
        ship = backend.lambda_function("ship", succeed)
        target = {"Id": "1", "Arn": SHIP, "InputPath": "$.detail"}
        backend.client().put_targets(Rule="r", Targets=[target])
        put(backend, n=1, at="y")
        put(backend, n=1, at="x")
        assert failure(ship, 1, event={"n": 2, "at": "x"}) == [
            'lambda function:ship was invoked 2 times, never with event {"n": 2, "at": "x"}, wanted once',
            '  2026-01-01 00:00:00  {"n":1,"at":"x"}',
            "      event.n held 1, wanted 2",
            "      succeeded",
            '  2026-01-01 00:00:00  {"n":1,"at":"y"}',
            "      event.n held 1, wanted 2",
            '      event.at held "y", wanted "x"',
            "      succeeded",
        ]

    def test_a_part_of_the_event_is_pointed_to_matching(self, backend):
        ship = backend.lambda_function("ship", succeed)
        put(backend, n=1)
        lines = failure(ship, event={"source": "shop"})
        assert lines[2] == "      it holds what is wanted, and more; to ask for a part of it, say matching="
        assert lines[-2:] == ["      and 4 more", "      succeeded"]

    @pytest.mark.parametrize("wanted", [{"n": 1}, {"n": 2}, {}])
    def test_a_detail_in_place_of_the_whole_event_is_told(self, backend, wanted):
        ship = backend.lambda_function("ship", succeed)
        put(backend, n=1)
        assert failure(ship, event=wanted)[2:] == [
            "      the handler got the whole event: what PutEvents takes as Detail stands in event['detail']",
            "      succeeded",
        ]

    def test_json_text_in_place_of_the_value_is_told(self, backend):
        ship = backend.lambda_function("ship", succeed)
        target = {"Id": "1", "Arn": SHIP, "InputPath": "$.detail"}
        backend.client().put_targets(Rule="r", Targets=[target])
        put(backend, n=1)
        assert failure(ship, event='{"n": 1}')[2:] == [
            '      event held {"n": 1}, wanted "{\\"n\\": 1}"',
            "      event is compared as JSON: give the value, not its text",
            "      succeeded",
        ]


class TestNeverInvoked:
    def test_before_any_event(self, backend):
        assert failure(backend.lambda_function("ship", succeed)) == [
            "lambda function:ship was never invoked, wanted at least once",
            "  no event was put",
        ]

    def test_an_event_that_no_rule_brought_says_why(self, backend):
        ship = backend.lambda_function("ship", succeed)
        put(backend, source="ship", n=1)
        assert failure(ship, 1) == [
            "lambda function:ship was never invoked, wanted once",
            '  00:00:00  order from ship on "default"',
            '      rule r did not match: source held "ship", wanted one of ["shop"]',
        ]

    def test_a_schedule_that_has_not_fired_is_named(self, backend):
        night = backend.lambda_function("night", succeed)
        backend.client().put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
        backend.client().put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": f"{PLACE}:night"}])
        put(backend, n=1)
        assert failure(night, 1)[:2] == [
            "lambda function:night was never invoked, wanted once",
            "  rule nightly waits for its schedule, rate(1 day): next 2026-01-02 00:00:00; "
            "the clock stands at 2026-01-01 00:00:00",
        ]
        backend.clock.advance(days=1)
        night.assert_invoked(1)

    @pytest.mark.parametrize(
        ("name", "hint"),
        [("shpi", "did you mean 'ship'?"), ("audit", "there are ship"), ("ship2", "did you mean 'ship'?")],
    )
    def test_a_function_that_is_no_target_is_told(self, backend, name, hint):
        put(backend, n=1)
        assert failure(backend.lambda_function(name, succeed)) == [
            f"lambda function:{name} was never invoked, wanted at least once",
            f"  no rule has it as a target: {hint}",
        ]

    def test_so_it_is_if_no_rule_has_a_function(self):
        with mock_events() as backend:
            assert failure(backend.lambda_function("ship", succeed)) == [
                "lambda function:ship was never invoked, wanted at least once",
                "  no rule has it as a target: no rule has a Lambda function",
            ]

    def test_a_function_of_the_same_name_in_another_place_is_named(self, backend):
        ship = backend.lambda_function("ship", succeed, region="eu-west-1")
        assert failure(ship) == [
            "lambda function:ship was never invoked, wanted at least once",
            f"  rules deliver to {SHIP}, which is another function: "
            "this one is arn:aws:lambda:eu-west-1:123456789012:function:ship",
        ]

    def test_another_qualifier_is_named(self, backend):
        assert failure(backend.lambda_function("ship:3", succeed)) == [
            "lambda function:ship:3 was never invoked, wanted at least once",
            f"  rules deliver to {SHIP}, which is another function: this one is {SHIP}:3",
        ]

    def test_a_failed_delivery_is_shown(self, backend):
        ship = backend.lambda_function("ship", succeed)
        ship.delete()
        put(backend, n=1)
        lines = failure(ship)
        assert lines[1] == '  00:00:00  order from shop on "default": rule r -> lambda function:ship'
        assert lines[2].startswith("      dropped: NO_RESOURCE: Function not found: ")


def test_a_condition_that_does_not_exist_is_refused(backend):
    with pytest.raises(OptionError) as refused:
        backend.lambda_function("ship", succeed).assert_invoked(condition="Sucess")
    assert str(refused.value) == "assert_invoked(condition='Sucess'): did you mean 'Success'?"


class TestSchedules:
    @staticmethod
    def make(backend, arn, expression="rate(1 hour)", **target):
        backend.client("scheduler").create_schedule(
            Name="nightly",
            ScheduleExpression=expression,
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": "arn:aws:iam::123456789012:role/scheduler", **target},
        )

    def test_one_that_waits(self, backend):
        night = backend.lambda_function("night", succeed)
        self.make(backend, night.arn, "cron(0 3 * * ? *)")
        first, line, to_do = failure(night)
        assert first == "lambda function:night was never invoked, wanted at least once"
        assert line.startswith(
            "  schedule nightly waits for its time, cron(0 3 * * ? *): next Thu 2026-01-01 03:00:00 UTC"
        )
        assert to_do == '  to have it fire: backend.clock.move_to("2026-01-01T03:00:00Z")'

    def test_one_without_input(self, backend):
        night = backend.lambda_function("night", succeed)
        self.make(backend, night.arn)
        assert failure(night, event={"job": "night"}) == [
            'lambda function:night was invoked once, never with event {"job": "night"}, wanted at least once',
            '  2026-01-01 00:00:00  Scheduled Event from aws.scheduler: detail "{}"',
            "      the Target of the schedule has no Input, so it gets the notification of EventBridge Scheduler",
            "      succeeded",
        ]

    def test_one_with_another_function(self, backend):
        night = backend.lambda_function("night", succeed)
        self.make(backend, f"{PLACE}:nights")
        assert failure(night) == [
            "lambda function:night was never invoked, wanted at least once",
            "  no rule or schedule has it as a target: did you mean 'nights'?",
        ]
