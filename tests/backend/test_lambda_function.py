"""`LambdaFunction`: what a test holds of a function, and its assertions."""

from __future__ import annotations

import json
from unittest.mock import ANY

import pytest

from eventmock import MockStateError, OptionError, mock_events

SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"


@pytest.fixture
def backend():
    with mock_events(start_time="2026-01-01") as backend:
        backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        backend.client().put_targets(Rule="r", Targets=[{"Id": "1", "Arn": SHIP}])
        yield backend


def put(backend, **detail):
    entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps(detail)}
    backend.client().put_events(Entries=[entry])


def fail(_event, _context):
    raise ValueError("no stock")


class TestNames:
    @pytest.mark.parametrize(
        ("name", "settings", "arn"),
        [
            ("ship", {}, SHIP),
            (SHIP, {}, SHIP),
            ("ship:live", {}, f"{SHIP}:live"),
            ("ship", {"region": "eu-west-1"}, "arn:aws:lambda:eu-west-1:123456789012:function:ship"),
            ("ship", {"account": "222222222222"}, "arn:aws:lambda:us-east-1:222222222222:function:ship"),
            ("ship", {"region": "cn-north-1"}, "arn:aws-cn:lambda:cn-north-1:123456789012:function:ship"),
        ],
    )
    def test_a_name_stands_for_the_default_account_and_region(self, backend, name, settings, arn):
        assert backend.lambda_function(name, fail, **settings).arn == arn

    @pytest.mark.parametrize(
        "name", ["", "a b", "arn:aws:lambda", "arn:aws:sqs:us-east-1:123456789012:q", "a:b:c", 3]
    )
    def test_what_is_no_function_is_refused(self, backend, name):
        with pytest.raises(OptionError, match="wanted the name"):
            backend.lambda_function(name, fail)

    def test_an_arn_and_a_region_are_refused(self, backend):
        with pytest.raises(OptionError, match="the ARN names the region and the account"):
            backend.lambda_function(SHIP, fail, region="eu-west-1")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"timeout": 0}, "timeout=0: wanted a timedelta, or a number of seconds, from 1 to 900 seconds"),
        ({"timeout": 901}, "timeout=901: wanted a timedelta, or a number of seconds, from 1 to 900 seconds"),
        (
            {"max_event_age": 59},
            "max_event_age=59: wanted a timedelta, or a number of seconds, from 60 to 21,600 seconds",
        ),
        ({"memory": "128"}, "memory='128': wanted a whole number from 128 to 10,240"),
        ({"retries": 3}, "retries=3: wanted a whole number from 0 to 2"),
        ({"retries": True}, "retries=True: wanted a whole number from 0 to 2"),
        ({"reserved_concurrency": -1}, "reserved_concurrency=-1: wanted a whole number from 0 to 1,000,000"),
        (
            {"environment": {"A": 1}},
            "environment={'A': 1}: wanted a mapping of texts to texts, or None to leave the environment alone",
        ),
        ({"version": "live"}, "version='live': wanted the number of a version as text, such as '3'"),
        ({"aliases": {"3": "4"}}, "alias '3': wanted a name that is not a number, such as 'live'"),
        ({"aliases": {"live": 3}}, "alias 'live': version 3: wanted a text such as '3' or '$LATEST'"),
        ({"retrys": 1}, "retrys=...: did you mean 'retries'?"),
    ],
)
def test_a_setting_that_is_not_valid_is_refused(backend, settings, why):
    with pytest.raises(OptionError) as refused:
        backend.lambda_function("ship", fail, **settings)
    assert str(refused.value) == f"backend.lambda_function('ship'): {why}"


def test_an_alias_of_a_qualifier_is_refused(backend):
    with pytest.raises(OptionError, match="only a whole function has aliases, not 'live' alone"):
        backend.lambda_function("ship:live", fail, aliases={"next": "4"})


def test_the_assertions_of_targets_are_about_eventbridges_deliveries(backend):
    ship = backend.lambda_function("ship", fail)
    put(backend, n=1)
    assert ship.assert_delivered_once(detail={"n": 1}).taken_by == "Lambda function"
    assert ship.deliveries == backend.deliveries
    assert repr(ship) == "<lambda function:ship: 1 invocation>"


class TestAssertInvoked:
    def test_it_gives_the_invocations(self, backend):
        ship = backend.lambda_function("ship", lambda _event, _context: None)
        for n in range(3):
            put(backend, n=n)
        assert len(ship.assert_invoked()) == 3
        assert len(ship.assert_invoked(3)) == 3
        assert len(ship.assert_invoked(1, matching={"detail": {"n": [2]}})) == 1
        assert len(ship.assert_invoked(2, matching='{"detail": {"n": [{"numeric": ["<", 2]}]}}')) == 2
        ship.assert_invoked(0, matching={"detail": {"n": [3]}})
        ship.assert_invoked(3, condition="Success")
        ship.assert_invoked(0, condition="RetriesExhausted")

    def test_the_event_may_contain_wildcards_of_the_test(self, backend):
        ship = backend.lambda_function("ship", lambda _event, _context: None)
        backend.client().put_targets(Rule="r", Targets=[{"Id": "1", "Arn": SHIP, "InputPath": "$.detail"}])
        put(backend, n=1, at="now")
        ship.assert_invoked(1, event={"n": 1, "at": ANY})
        ship.assert_invoked(0, event={"n": 2, "at": ANY})

    def test_its_failure_shows_what_happened_and_has_the_exception_of_the_handler_as_its_cause(self, backend):
        ship = backend.lambda_function("ship", fail, retries=1)
        backend.client().put_targets(Rule="r", Targets=[{"Id": "1", "Arn": SHIP, "InputPath": "$.detail"}])
        put(backend, n=1)
        backend.clock.advance(hours=1)
        with pytest.raises(AssertionError) as failed:
            ship.assert_invoked(condition="Success")
        lines = str(failed.value).splitlines()
        assert (
            lines[0]
            == "lambda function:ship was invoked once, never with condition Success, wanted at least once"
        )
        assert lines[1:3] == [
            '  2026-01-01 00:00:00  {"n":1}',
            "      attempt 1 of 2 failed: ValueError: no stock",
        ]
        assert lines[3].startswith("        at ")
        assert lines[3].endswith('in fail: raise ValueError("no stock")')
        assert lines[4:] == [
            "      attempt 2 of 2 failed: ValueError: no stock",
            "      gave up, RetriesExhausted after 2 attempts; the event went nowhere",
        ]
        assert isinstance(failed.value.__cause__, ValueError)

    def test_what_is_pending_says_how_to_have_it_tried(self, backend):
        ship = backend.lambda_function("ship", fail)
        put(backend, n=1)
        with pytest.raises(AssertionError) as failed:
            ship.assert_invoked(2)
        lines = str(failed.value).splitlines()
        assert lines[0] == "lambda function:ship was invoked once, wanted 2 times"
        assert lines[-1] == "      to have it tried: backend.clock.advance(seconds=60)"

    @pytest.mark.parametrize(
        "asked", [{"times": -1}, {"times": "1"}, {"matching": {"a": 1}}, {"condition": "Sucess"}]
    )
    def test_arguments_are_checked(self, backend, asked):
        with pytest.raises(OptionError):
            backend.lambda_function("ship", fail).assert_invoked(**asked)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("assert_invoked_once", "function.assert_invoked_once: did you mean 'assert_invoked'?"),
        ("invocation", "function.invocation: did you mean 'invocations'?"),
    ],
)
def test_an_attribute_that_does_not_exist_is_told(backend, name, said):
    ship = backend.lambda_function("ship", fail)
    with pytest.raises(AttributeError) as refused:
        getattr(ship, name)
    assert str(refused.value) == said
    assert not hasattr(ship, "_nothing")


class TestInvoke:
    def test_it_calls_the_handler_and_gives_its_result(self, backend):
        ship = backend.lambda_function("ship", lambda event, context: (event["n"], context.function_version))
        assert ship.invoke({"n": 1}) == [1, "$LATEST"]
        assert ship.invocations == []

    def test_it_raises_what_the_handler_raises(self, backend):
        with pytest.raises(ValueError, match="no stock"):
            backend.lambda_function("ship", fail).invoke({})

    def test_a_qualifier_may_be_given(self, backend):
        ship = backend.lambda_function(
            "ship", lambda _event, context: context.invoked_function_arn, aliases={"live": "3"}
        )
        assert ship.invoke({}, qualifier="live") == f"{SHIP}:live"
        with pytest.raises(OptionError, match=r"qualifier='lvie': did you mean 'live'\?"):
            ship.invoke({}, qualifier="lvie")

    def test_what_json_cannot_express_is_refused(self, backend):
        ship = backend.lambda_function("ship", lambda _event, _context: object())
        with pytest.raises(OptionError, match="event: JSON cannot express"):
            ship.invoke(object())
        with pytest.raises(OptionError, match="the result: JSON cannot express"):
            ship.invoke({})

    def test_a_deleted_function_is_refused(self, backend):
        ship = backend.lambda_function("ship", fail)
        ship.delete()
        with pytest.raises(OptionError, match="the function was deleted"):
            ship.invoke({})

    def test_after_the_mock_it_is_refused(self):
        with mock_events() as backend:
            ship = backend.lambda_function("ship", fail)
        with pytest.raises(MockStateError):
            ship.invoke({})

    def test_events_that_the_handler_puts_are_delivered(self, backend):
        got = backend.target("r")
        backend.lambda_function("source", lambda _event, _context: put(backend, n=1)).invoke({})
        got.assert_delivered_once(detail={"n": 1})


@pytest.mark.parametrize("times", [0, -1, "1", True])
def test_a_number_of_time_outs_is_checked(backend, times):
    with pytest.raises(OptionError, match="wanted a whole number from 1"):
        backend.lambda_function("ship", fail).time_out(times)


def test_throttling_ends_with_its_block_also_after_an_error(backend):
    ship = backend.lambda_function("ship", lambda _event, _context: None)
    with pytest.raises(RuntimeError), ship.throttled(), ship.throttled():
        raise RuntimeError
    put(backend)
    assert ship.invocations[0].condition == "Success"


def test_invocations_can_be_selected(backend):
    ship = backend.lambda_function("ship", fail, retries=0)
    put(backend, n=1)
    put(backend, n=2)
    [second] = ship.invocations.where(request_id=ship.invocations[1].request_id)
    assert second.event["detail"] == {"n": 2}
    assert len(ship.invocations.where(condition="RetriesExhausted")) == 2
    assert backend.invocations == ship.invocations
    for function in ("ship", SHIP):
        assert backend.invocations.where(function=function) == ship.invocations
    assert backend.invocations.where(function="other") == []
    with pytest.raises(OptionError, match=r"did you mean 'RetriesExhausted'\?"):
        ship.invocations.where(condition="RetriesExausted")
