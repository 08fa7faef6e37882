"""What Lambda does with an event after it has accepted it: attempts, retries, and ends.

The numbers are those of the cases in lambda-and-handlers section 8.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta
from decimal import Decimal

import pytest

from eventmock import EndlessLoop

DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"


def fail(_event, _context):
    raise ValueError("no stock")


def test_1_a_handler_that_returns_has_succeeded_at_the_first_attempt(shop):
    ship = shop.backend.lambda_function("ship", lambda event, _context: {"shipped": event["detail"]["n"]})
    shop.put(n=7)
    [delivery] = shop.backend.deliveries
    assert (delivery.status, delivery.taken_by, len(delivery.attempts)) == ("delivered", "Lambda function", 1)
    [invocation] = ship.invocations
    assert (invocation.condition, len(invocation.attempts)) == ("Success", 1)
    assert invocation.result == {"shipped": 7}
    assert ship.results == [{"shipped": 7}]
    assert invocation.ended == invocation.time


def test_2_a_handler_that_always_raises_is_tried_after_one_and_two_more_minutes(shop):
    ship = shop.backend.lambda_function("ship", fail)
    shop.put()
    [delivery] = shop.backend.deliveries
    assert delivery.status == "delivered"
    [invocation] = ship.invocations
    assert invocation.outcome == "pending after 1 attempt: ValueError: no stock, next 2026-01-01 00:01:00"
    shop.backend.clock.advance(hours=24)
    assert shop.minutes(invocation) == [0, 1, 3]
    assert (invocation.condition, len(ship.errors)) == ("RetriesExhausted", 3)
    assert invocation.outcome == (
        "gave up, RetriesExhausted after 3 attempts: ValueError: no stock; the event went nowhere"
    )
    assert delivery.status == "delivered"


def test_3_a_handler_that_raises_once_succeeds_a_minute_later_with_the_same_request_id(shop):
    seen = []

    def ship_at_last(_event, context):
        seen.append(context.aws_request_id)
        if len(seen) == 1:
            raise ValueError("no stock")

    ship = shop.backend.lambda_function("ship", ship_at_last, on_success=DEAD)
    shop.put()
    shop.backend.clock.advance(minutes=1)
    [invocation] = ship.invocations
    assert seen == [invocation.request_id] * 2
    assert invocation.outcome == "succeeded at attempt 2; record on success sent to sqs dead"
    assert invocation.sent[0].json["requestContext"]["approximateInvokeCount"] == 2


@pytest.mark.parametrize(("retries", "count"), [(0, 1), (1, 2), (2, 3)])
def test_4_the_number_of_retries_is_a_setting(shop, retries, count):
    ship = shop.backend.lambda_function("ship", fail, retries=retries)
    shop.put()
    shop.backend.clock.advance(hours=1)
    [invocation] = ship.invocations
    assert (invocation.condition, len(invocation.attempts)) == ("RetriesExhausted", count)


@pytest.mark.parametrize(("age", "count", "minute"), [(60, 1, 1), (61, 2, 61 / 60), (180, 2, 3), (181, 3, 3)])
def test_5_an_event_that_would_be_too_old_at_its_next_attempt_is_given_up_at_that_age(
    shop, age, count, minute
):
    ship = shop.backend.lambda_function("ship", fail, max_event_age=age, on_failure=DEAD)
    shop.put()
    shop.backend.clock.advance(hours=1)
    [invocation] = ship.invocations
    condition = "EventAgeExceeded" if count < 3 else "RetriesExhausted"
    assert (invocation.condition, len(invocation.attempts)) == (condition, count)
    assert invocation.ended == invocation.time + timedelta(minutes=minute)
    [sent] = invocation.sent
    assert sent.json["responseContext"]["functionError"] == "Unhandled"


def test_5_before_it_is_given_up_the_invocation_says_so(shop):
    ship = shop.backend.lambda_function("ship", fail, max_event_age=60)
    shop.put()
    [invocation] = ship.invocations
    assert invocation.outcome == (
        "pending after 1 attempt: ValueError: no stock, given up at 2026-01-01 00:01:00: then it is too old"
    )


def test_6_a_reserved_concurrency_of_0_gives_each_event_up_at_once(shop):
    ship = shop.backend.lambda_function(
        "ship", fail, reserved_concurrency=0, on_failure=DEAD, dead_letter=DEAD
    )
    shop.put()
    [invocation] = ship.invocations
    assert shop.backend.deliveries[0].status == "delivered"
    assert (invocation.condition, invocation.attempts) == ("ZeroReservedConcurrency", [])
    letter, record = invocation.sent
    assert "responseContext" not in record.json
    assert "responsePayload" not in record.json
    assert record.json["requestContext"]["approximateInvokeCount"] == 0
    assert letter.attributes["ErrorCode"] == "429"


def test_11_the_rules_own_dead_letter_queue_stays_empty(shop):
    shop.backend.lambda_function("ship", fail)
    shop.put()
    shop.backend.clock.advance(hours=24)
    assert shop.backend.dead_letters == []


def test_12_a_function_that_nobody_made_is_delivered_to_nobody(shop):
    shop.backend.lambda_function("another", fail)
    shop.put()
    assert shop.backend.deliveries[0].taken_by == "nobody"


class TestQualifiers:
    def test_13_an_alias_runs_the_version_that_it_stands_for(self, shop):
        seen = []
        shop.backend.lambda_function(
            "ship", lambda _event, context: seen.append(context), aliases={"live": "3"}
        )
        shop.route(f"{SHIP}:live")
        shop.put()
        [context] = seen
        assert (context.invoked_function_arn, context.function_version) == (f"{SHIP}:live", "3")
        assert context.log_stream_name.startswith("2026/01/01/[3]")

    @pytest.mark.parametrize("qualifier", ["3", "4", "$LATEST", "live", "next"])
    def test_versions_and_aliases_that_a_function_has(self, shop, qualifier):
        ship = shop.backend.lambda_function(
            "ship", lambda _event, _context: None, version="4", aliases={"live": "3", "next": "4"}
        )
        shop.route(f"{SHIP}:{qualifier}")
        shop.put()
        assert ship.invocations[0].qualifier == qualifier
        assert ship.invocations[0].condition == "Success"

    def test_a_qualifier_that_the_function_does_not_have_is_eventbridges_failure(self, shop):
        shop.backend.lambda_function("ship", lambda _event, _context: None, aliases={"live": "3"})
        shop.route(f"{SHIP}:prod")
        shop.put()
        [letter] = shop.backend.dead_letters
        assert letter.attributes["ERROR_CODE"] == "NO_RESOURCE"
        assert "EXHAUSTED_RETRY_CONDITION" not in letter.attributes
        assert shop.backend.deliveries[0].reason == (
            f"NO_RESOURCE: Function not found: {SHIP}:prod (Service: AWSLambdaInternal; Status Code: 404; Error Code: "
            "ResourceNotFoundException; Proxy: null) (function ship has $LATEST, 3, live, and no prod)"
        )

    def test_an_arn_with_a_qualifier_makes_that_qualifier_only(self, shop):
        live = shop.backend.lambda_function(f"{SHIP}:live", lambda _event, _context: None, version="3")
        shop.route(f"{SHIP}:live")
        shop.route(SHIP, target="2")
        shop.put()
        assert [one.taken_by for one in shop.backend.deliveries] == ["Lambda function", "nobody"]
        assert live.invocations[0].attempts[0].version == "3"
        assert live.arn == f"{SHIP}:live"

    def test_a_version_may_have_its_own_handler(self, shop):
        shop.backend.lambda_function("ship", lambda _event, _context: "new", aliases={"live": "3"})
        third = shop.backend.lambda_function("ship:3", lambda _event, _context: "old")
        shop.route(f"{SHIP}:live")
        shop.put()
        assert shop.backend.state.ledger.invocations[0].result == "old"
        assert third.invocations == []  # what was invoked is the alias

    def test_a_retry_runs_the_version_that_the_alias_stands_for_then(self, shop):
        versions = []

        def note(_event, context):
            versions.append((context.function_version, context.aws_request_id))
            raise ValueError("no stock")

        ship = shop.backend.lambda_function("ship", note, aliases={"live": "3"})
        shop.route(f"{SHIP}:live")
        shop.put()
        ship.move_alias("live", "4")
        shop.backend.clock.advance(minutes=1)
        request_id = ship.invocations[0].request_id
        assert versions == [("3", request_id), ("4", request_id)]


class TestDeleted:
    def test_before_the_event_it_is_eventbridges_failure(self, shop):
        ship = shop.backend.lambda_function("ship", fail)
        ship.delete()
        shop.put()
        [letter] = shop.backend.dead_letters
        assert letter.attributes["ERROR_CODE"] == "NO_RESOURCE"
        assert shop.backend.deliveries[0].reason.endswith("(function ship was deleted)")

    def test_16_between_acceptance_and_retry_it_is_lambdas_failure(self, shop):
        ship = shop.backend.lambda_function("ship", fail, on_failure=DEAD, dead_letter=DEAD)
        shop.put()
        ship.delete()
        shop.backend.clock.advance(hours=1)
        [invocation] = ship.invocations
        assert (invocation.condition, len(invocation.attempts)) == ("RetriesExhausted", 3)
        letter, record = invocation.sent
        assert record.json["responseContext"] == {"statusCode": 404}
        assert "responsePayload" not in record.json
        assert letter.attributes == {
            "RequestID": invocation.request_id,
            "ErrorCode": "404",
            "ErrorMessage": f"Function not found: {SHIP}:$LATEST",
        }
        assert shop.backend.dead_letters == []

    def test_an_alias_of_a_version_that_is_gone_counts_as_deleted(self, shop):
        ship = shop.backend.lambda_function("ship:live", fail)
        shop.route(f"{SHIP}:live")
        shop.put()
        ship.delete()
        shop.backend.clock.advance(hours=1)
        assert ship.invocations[0].attempts[-1].error == (
            f"ResourceNotFoundException: Function not found: {SHIP}:live"
        )


class TestThrottled:
    def test_events_wait_in_lambdas_queue_until_the_throttling_ends(self, shop):
        ship = shop.backend.lambda_function("ship", lambda _event, _context: None)
        with ship.throttled():
            shop.put()
            [invocation] = ship.invocations
            assert shop.backend.deliveries[0].status == "delivered"
            assert invocation.outcome == "pending: throttled, next 2026-01-01 00:00:01"
            shop.backend.clock.advance(minutes=10)
        assert invocation.attempts == []
        shop.backend.clock.advance(minutes=5)
        assert (invocation.condition, len(invocation.attempts)) == ("Success", 1)

    def test_after_the_age_that_is_allowed_they_are_given_up(self, shop):
        ship = shop.backend.lambda_function("ship", fail, max_event_age=60, on_failure=DEAD, dead_letter=DEAD)
        with ship.throttled():
            shop.put()
            shop.backend.clock.advance(minutes=1)
        [invocation] = ship.invocations
        assert (invocation.condition, invocation.attempts) == ("EventAgeExceeded", [])
        letter, record = invocation.sent
        assert record.json["responseContext"] == {"statusCode": 429}
        assert "responsePayload" not in record.json
        assert (letter.attributes["ErrorCode"], letter.attributes["ErrorMessage"]) == (
            "429",
            "Rate Exceeded.",
        )

    def test_the_waits_double_up_to_five_minutes(self, shop):
        ship = shop.backend.lambda_function("ship", fail)
        waits, before = [], None
        with ship.throttled():
            shop.put()
            for _ in range(11):
                moment = ship.invocations[0].next_attempt
                waits.append((moment - (before or ship.invocations[0].time)).total_seconds())
                before = moment
                shop.backend.clock.move_to(moment)
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]

    def test_an_outage_of_the_region_is_waited_for_in_the_same_way(self, shop):
        ship = shop.backend.lambda_function("ship", fail, on_failure=DEAD)
        shop.put()
        shop.backend.region("us-east-1").outage(lasting=timedelta(minutes=10))
        shop.backend.clock.advance(minutes=9)
        [invocation] = ship.invocations
        assert "us-east-1 is out of service" in repr(invocation.progress)
        assert len(invocation.attempts) == 1
        shop.backend.clock.advance(minutes=20)
        assert invocation.condition == "RetriesExhausted"


def test_14_text_from_an_input_transformer_reaches_the_handler_as_text(shop):
    seen = []
    shop.backend.lambda_function("ship", lambda event, _context: seen.append(event))
    shop.route(InputTransformer={"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '"order <n>"'})
    shop.put(n=7)
    assert seen == ["order 7"]


@pytest.mark.parametrize(("given", "event"), [('"text"', "text"), ("[1]", [1]), ("null", None), ("3.5", 3.5)])
def test_the_event_is_whatever_value_input_shaping_makes(shop, given, event):
    seen = []
    shop.backend.lambda_function("ship", lambda event, _context: seen.append(event))
    shop.route(Input=given)
    shop.put()
    assert seen == [event]


def test_each_attempt_gets_a_copy_of_the_event(shop):
    def change(event, _context):
        assert event["detail"] == {"n": 1}
        event["detail"].clear()
        raise ValueError("no stock")

    ship = shop.backend.lambda_function("ship", change)
    shop.put(n=1)
    shop.backend.clock.advance(hours=1)
    assert len(ship.invocations[0].attempts) == 3
    assert ship.events[0]["detail"] == {"n": 1}


class TestErrors:
    def test_17_a_result_that_json_cannot_express_is_an_error_of_the_function(self, shop):
        ship = shop.backend.lambda_function("ship", lambda _event, _context: object(), retries=0)
        shop.put()
        assert ship.invocations[0].attempts[0].error == (
            "Runtime.MarshalError: Unable to marshal response: Object of type object is not JSON serializable"
        )

    def test_the_part_of_a_result_that_json_cannot_express_is_named(self, shop):
        price = {"items": [{"price": 1}, {"price": Decimal(9)}]}
        ship = shop.backend.lambda_function("ship", lambda _event, _context: price, retries=0)
        shop.put()
        [attempt] = ship.invocations[0].attempts
        name, *notes = attempt.details
        assert name == "TypeError: Object of type Decimal is not JSON serializable"
        if sys.version_info < (3, 14):  # Python says it itself since then, in other words
            assert notes == ["  note: the handler returned it at ['items'][1]['price']"]

    def test_an_exit_is_an_error_of_the_function(self, shop):
        def leave(_event, _context):
            raise SystemExit(3)

        ship = shop.backend.lambda_function("ship", leave, retries=0)
        shop.put()
        [invocation] = ship.invocations
        assert invocation.attempts[0].error == (
            f"Runtime.ExitError: RequestId: {invocation.request_id} Error: Runtime exited with error: exit status 3"
        )

    def test_the_next_attempts_may_time_out(self, shop):
        calls = []
        ship = shop.backend.lambda_function(
            "ship", lambda _event, _context: calls.append(1), timeout=5, on_success=DEAD
        )
        ship.time_out(2)
        shop.put()
        shop.backend.clock.advance(minutes=3)
        [invocation] = ship.invocations
        first = f"Sandbox.Timedout: 2026-01-01T00:00:00.000Z {invocation.request_id} Task timed out after 5.00 seconds"
        assert invocation.attempts[0].error == first
        assert invocation.outcome == "succeeded at attempt 3; record on success sent to sqs dead"
        assert len(calls) == 3

    def test_a_handler_that_runs_beyond_its_timeout_has_timed_out(self, shop):
        moved = threading.Event()

        def wait(_event, context):
            assert context.get_remaining_time_in_millis() == 3_000
            shop.backend.clock._ahead += timedelta(seconds=4)  # what another thread's move of the clock does
            assert context.get_remaining_time_in_millis() == 0
            moved.set()

        ship = shop.backend.lambda_function("ship", wait, retries=0)
        shop.put()
        assert moved.is_set()
        assert ship.invocations[0].attempts[0].error_type == "Sandbox.Timedout"

    def test_20_a_failed_assertion_fails_the_test_in_the_end_and_is_not_tried_again(self, shop):
        def check(event, _context):
            assert event["detail"]["n"] == 2, "wrong number"

        ship = shop.backend.lambda_function("ship", check)
        shop.put(n=1)
        shop.backend.clock.advance(hours=1)
        [invocation] = ship.invocations
        assert len(invocation.attempts) == 1
        assert invocation.outcome == "broke off after 1 attempt: the test's own error; not tried again"
        with pytest.raises(AssertionError, match="wrong number"):
            shop.backend.check()

    def test_an_exception_that_ends_the_test_comes_through(self, shop):
        def stop(_event, _context):
            raise KeyboardInterrupt

        ship = shop.backend.lambda_function("ship", stop)
        with pytest.raises(KeyboardInterrupt):
            shop.put()
        assert ship.invocations[0].ended is not None

    def test_the_exception_is_kept_with_its_lines(self, shop):
        ship = shop.backend.lambda_function("ship", fail, retries=0)
        shop.put()
        [attempt] = ship.invocations[0].attempts
        assert isinstance(attempt.exception, ValueError)
        assert attempt.raised.lines()[-1].endswith('in fail: raise ValueError("no stock")')


class TestWhatAHandlerCauses:
    def test_19_events_that_it_puts_are_routed_in_order(self, shop):
        shop.events.put_rule(Name="shipped", EventPattern='{"source": ["warehouse"]}')
        got = shop.backend.target("shipped")

        def ship(event, _context):
            for number in (1, 2):
                detail = json.dumps({"order": event["detail"]["n"], "parcel": number})
                shop.events.put_events(
                    Entries=[{"Source": "warehouse", "DetailType": "shipped", "Detail": detail}]
                )

        shop.backend.lambda_function("ship", ship)
        shop.put(n=1)
        assert got.deliveries.details == [{"order": 1, "parcel": 1}, {"order": 1, "parcel": 2}]

    def test_21_two_rules_invoke_a_function_twice_with_two_request_ids(self, shop):
        shop.events.put_rule(Name="other", EventPattern='{"source": ["shop"]}')
        shop.route(rule="other")
        ship = shop.backend.lambda_function("ship", lambda _event, _context: None)
        event_id = shop.put()
        ids = [one.request_id for one in ship.invocations]
        assert len({*ids, event_id}) == 3

    def test_a_loop_of_events_is_ended(self, shop):
        shop.backend.lambda_function("ship", lambda _event, _context: shop.put())
        with pytest.raises(EndlessLoop, match=r"100 deliveries caused one another"):
            shop.put()

    def test_a_loop_of_destinations_is_ended(self, shop):
        shop.backend.lambda_function("ship", lambda _event, _context: None, on_success=SHIP)
        with pytest.raises(EndlessLoop, match=r"deliveries caused one another"):
            shop.put()


class TestSnapshots:
    def test_what_is_pending_then_is_pending_again(self, shop):
        calls = []

        def ship(_event, _context):
            calls.append(1)
            raise ValueError("no stock")

        function = shop.backend.lambda_function("ship", ship)
        shop.put()
        snapshot = shop.backend.snapshot()
        for _ in range(2):
            shop.backend.clock.advance(hours=1)
            [invocation] = function.invocations
            assert (invocation.condition, len(invocation.attempts)) == ("RetriesExhausted", 3)
            shop.backend.restore(snapshot)
            [invocation] = function.invocations
            assert (invocation.condition, len(invocation.attempts)) == (None, 1)
        assert len(calls) == 5

    def test_functions_and_their_condition_are_restored(self, shop):
        ship = shop.backend.lambda_function("ship", fail)
        snapshot = shop.backend.snapshot()
        ship.delete()
        shop.backend.lambda_function("ship", lambda _event, _context: None)
        shop.backend.restore(snapshot)
        shop.put()
        assert ship.invocations[0].attempts[0].error == "ValueError: no stock"

    def test_a_reset_forgets_functions_and_invocations(self, shop):
        ship = shop.backend.lambda_function("ship", fail)
        shop.put()
        shop.backend.reset()
        assert ship.invocations == []
        assert shop.backend.clock.pending == []

    def test_a_reset_inside_the_handler_forgets_the_invocation(self, shop):
        ship = shop.backend.lambda_function("ship", lambda _event, _context: shop.backend.reset())
        shop.put()
        assert ship.invocations == []
        shop.backend.clock.advance(hours=1)
        assert shop.backend.events == []

    def test_a_snapshot_inside_the_handler_may_be_restored(self, shop):
        snapshots = []
        ship = shop.backend.lambda_function(
            "ship", lambda _event, _context: snapshots.append(shop.backend.snapshot())
        )
        shop.put()
        shop.backend.restore(snapshots[0])
        assert shop.backend.state.ledger.invocations[0].condition is None
        assert ship.invocations[0].condition == "Success"  # it was due at once
        assert len(snapshots) == 2


def test_threads_may_put_events_at_the_same_time(shop):
    seen = []
    ship = shop.backend.lambda_function("ship", lambda event, _context: seen.append(event["detail"]["n"]))
    threads = [threading.Thread(target=lambda n=n: [shop.put(n=n) for _ in range(20)]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted([*range(4)] * 20)
    assert {one.condition for one in ship.invocations} == {"Success"}


def test_a_function_target_of_the_same_arn_comes_first(shop):
    ship = shop.backend.lambda_function("ship", fail)
    got = shop.backend.target(SHIP)
    shop.put()
    assert (len(got.deliveries), ship.invocations) == (1, [])


def test_the_function_comes_before_functions_for_all_lambda_functions(shop):
    ship = shop.backend.lambda_function("ship", lambda _event, _context: None)
    every = []
    shop.backend.target(kind="Lambda function", function=every.append)
    shop.put()
    assert (len(ship.invocations), every) == (1, [])


def test_a_fault_makes_eventbridges_call_fail(shop):
    ship = shop.backend.lambda_function("ship", lambda _event, _context: None)
    shop.backend.faults.inject("THROTTLING", target=SHIP, times=1)
    shop.put()
    assert ship.invocations == []
    shop.backend.clock.advance(minutes=1)
    assert len(ship.invocations) == 1
    assert len(shop.backend.deliveries[0].attempts) == 2
