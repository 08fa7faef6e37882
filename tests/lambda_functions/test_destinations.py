"""What Lambda sends when an invocation ends. The numbers are those of the cases in lambda-and-handlers section 8."""

from __future__ import annotations

import json

import pytest

from eventmock import OptionError

DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:results"
TOPIC = "arn:aws:sns:us-east-1:123456789012:results"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
BUCKET = "arn:aws:s3:::results"
AUDIT = "arn:aws:lambda:us-east-1:123456789012:function:audit"
SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"


def fail(_event, _context):
    raise ValueError("no stock")


def run(shop, handler=fail, **settings):
    """Put an event, let all retries pass, and return the invocation."""
    ship = shop.backend.lambda_function("ship", handler, **settings)
    shop.put(n=1)
    shop.backend.clock.advance(hours=7)
    return ship.invocations[0]


def test_7_a_queue_gets_the_record_of_a_failure(shop):
    got = []
    shop.backend.target(QUEUE, got.append)
    invocation = run(shop, on_failure=QUEUE)
    [record] = got
    trace = record["responsePayload"].pop("stackTrace")
    assert record == {
        "version": "1.0",
        "timestamp": "2026-01-01T00:03:00.000Z",
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": f"{SHIP}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": shop.backend.deliveries[0].event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {
            "errorMessage": "no stock",
            "errorType": "ValueError",
            "requestId": invocation.request_id,
        },
    }
    [line] = trace
    assert line.startswith(f'  File "{__file__}", line ')
    assert 'in fail\n    raise ValueError("no stock")' in line


@pytest.mark.parametrize("result", [None, {"shipped": True}, "text", [1, 2.5], 0])
def test_a_queue_gets_the_record_of_a_success_with_the_result(shop, result):
    got = []
    shop.backend.target(QUEUE, got.append)
    run(shop, lambda _event, _context: result, on_success=QUEUE)
    [record] = got
    assert record["responsePayload"] == result
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 1


def test_the_record_names_the_alias_that_was_invoked_and_the_version_that_ran(shop):
    shop.route(f"{SHIP}:live")
    invocation = run(shop, lambda _event, _context: None, aliases={"live": "3"}, on_success=QUEUE)
    record = invocation.sent[0].json
    assert record["requestContext"]["functionArn"] == f"{SHIP}:live"
    assert record["responseContext"]["executedVersion"] == "3"


@pytest.mark.parametrize(
    ("handler", "word", "setting"),
    [(fail, "Failure", "on_failure"), (lambda _event, _context: 1, "Success", "on_success")],
)
def test_8_a_bus_gets_an_event_of_lambda(shop, handler, word, setting):
    shop.events.put_rule(Name="results", EventPattern='{"source": ["lambda"]}')
    got = shop.backend.target("results")
    invocation = run(shop, handler, **{setting: BUS})
    event = got.assert_delivered_once().event
    assert event["detail-type"] == f"Lambda Function Invocation Result - {word}"
    assert event["resources"] == [BUS, f"{SHIP}:$LATEST"]
    assert event["account"] == "123456789012"
    assert event["detail"] == invocation.sent[0].json
    assert invocation.sent[0].taken_by == "event bus"


def test_a_record_that_is_too_large_for_a_bus_is_lost(shop):
    invocation = run(shop, lambda _event, _context: "x" * 1_100_000, on_success=BUS)
    [sent] = invocation.sent
    assert sent.error == "ValidationException: Total size of the entries in the request is over the limit."
    assert sent.taken_by is None
    assert str(sent) == (
        "record on success sent to events event-bus/default, which did not take it: "
        "ValidationException: Total size of the entries in the request is over the limit."
    )


def test_9_the_dead_letter_queue_of_the_function_gets_the_event_itself(shop):
    invocation = run(shop, dead_letter=QUEUE)
    [letter] = invocation.sent
    assert (letter.outlet, letter.arn) == ("dead-letter", QUEUE)
    assert letter.body == shop.backend.deliveries[0].body
    assert letter.attributes == {
        "RequestID": invocation.request_id,
        "ErrorCode": "200",
        "ErrorMessage": "no stock",
    }


def test_9_white_space_of_the_event_is_kept(shop):
    shop.route(Input='{ "a" : 1 }')
    assert run(shop, dead_letter=QUEUE).sent[0].body == '{ "a" : 1 }'


def test_9_a_long_error_message_is_cut_at_1_kb(shop):
    def fail_at_length(_event, _context):
        raise ValueError("é" * 2_000)

    invocation = run(shop, fail_at_length, dead_letter=QUEUE)
    assert invocation.sent[0].attributes["ErrorMessage"] == "é" * 512
    assert invocation.attempts[0].error_message == "é" * 2_000


def test_10_both_a_dead_letter_queue_and_a_destination_get_what_failed(shop):
    invocation = run(shop, dead_letter=DEAD, on_failure=QUEUE)
    assert [(one.outlet, one.arn) for one in invocation.sent] == [
        ("dead-letter", DEAD),
        ("on failure", QUEUE),
    ]


def test_a_success_goes_to_neither_the_dead_letter_queue_nor_the_failure_destination(shop):
    invocation = run(shop, lambda _event, _context: None, dead_letter=DEAD, on_failure=QUEUE)
    assert invocation.sent == []


def test_a_topic_gets_the_record(shop):
    got = []
    shop.backend.target(TOPIC, got.append)
    invocation = run(shop, on_failure=TOPIC)
    assert got == [invocation.sent[0].json]


def test_another_function_gets_the_record(shop):
    contexts, records = [], []

    def note(record, context):
        records.append(record)
        contexts.append(context)

    audit = shop.backend.lambda_function("audit", note)
    invocation = run(shop, on_failure=f"{AUDIT}:$LATEST")
    [cause] = audit.invocations
    assert records == [invocation.sent[0].json]
    assert cause.cause is invocation
    assert cause.request_id != invocation.request_id
    assert contexts[0].invoked_function_arn == f"{AUDIT}:$LATEST"


def test_a_function_that_was_deleted_gets_no_record(shop):
    audit = shop.backend.lambda_function("audit", fail)
    audit.delete()
    [sent] = run(shop, on_failure=AUDIT).sent
    assert sent.error == f"ResourceNotFoundException: Function not found: {AUDIT}"


def test_a_bucket_gets_an_object(shop):
    got = []
    shop.backend.target(BUCKET, got.append)
    invocation = run(shop, on_failure=BUCKET)
    assert got == [invocation.sent[0].json]


def test_a_destination_that_nobody_stands_for_is_recorded(shop):
    [sent] = run(shop, on_failure=QUEUE).sent
    assert (sent.taken_by, sent.error) == ("nobody", None)


def test_a_destination_that_fails_is_told_and_not_tried_again(shop):
    calls = []

    def refuse(record):
        calls.append(record)
        raise OSError("down")

    shop.backend.target(QUEUE, refuse)
    invocation = run(shop, on_failure=QUEUE)
    assert len(calls) == 1
    assert invocation.sent[0].error == "OSError: down"
    assert invocation.outcome.endswith("sent to sqs results, which did not take it: OSError: down")
    assert invocation.lines()[-1].endswith('in refuse: raise OSError("down")')


def test_a_failed_assertion_about_a_record_fails_the_test(shop):
    def check(record):
        assert record["version"] == "2.0"

    shop.backend.target(QUEUE, check)
    run(shop, on_failure=QUEUE)
    with pytest.raises(AssertionError):
        shop.backend.check()


@pytest.mark.parametrize(
    ("setting", "value", "wanted"),
    [
        ("dead_letter", "dead", "an SQS queue or an SNS topic"),
        ("dead_letter", AUDIT, "an SQS queue or an SNS topic"),
        ("on_success", BUCKET, "an SQS queue or an SNS topic or a function or an event bus"),
        ("on_failure", "arn:aws:kinesis:us-east-1:123456789012:stream/s", None),
    ],
)
def test_an_arn_that_lambda_cannot_send_to_is_refused(shop, setting, value, wanted):
    with pytest.raises(OptionError) as refused:
        shop.backend.lambda_function("ship", fail, **{setting: value})
    wanted = wanted or "an SQS queue or an SNS topic or a function or an event bus or a bucket"
    assert (
        str(refused.value)
        == f"backend.lambda_function('ship'): {setting}={value!r}: wanted the ARN of {wanted}"
    )


def test_fifo_queues_are_refused(shop):
    with pytest.raises(OptionError, match=r"standard queues and topics only, not to FIFO ones"):
        shop.backend.lambda_function("ship", fail, on_failure=f"{QUEUE}.fifo")


def test_the_trace_tells_the_story(shop):
    run(shop, dead_letter=DEAD, on_failure=QUEUE)
    story = [line.partition("#1 ")[2] for line in str(shop.backend.trace).splitlines()]
    assert story[2:] == [
        "rule r -> lambda function:ship: delivered, accepted by Lambda",
        "lambda function:ship: attempt 1 of 3 failed: ValueError: no stock",
        "lambda function:ship: attempt 2 of 3 failed: ValueError: no stock",
        "lambda function:ship: attempt 3 of 3 failed: ValueError: no stock",
        "lambda function:ship: gave up, RetriesExhausted after 3 attempts: ValueError: no stock; "
        "dead letter sent to sqs dead; record on failure sent to sqs results",
    ]


def test_each_fact_of_an_invocation_has_its_cause(shop):
    run(shop, on_failure=QUEUE)
    facts = list(shop.backend.trace)
    finished = facts[-1]
    chain = []
    while finished is not None:
        chain.append(type(finished).__name__)
        finished = finished.cause
    assert chain == [
        "Finished",
        "Invoked",
        "Invoked",
        "Invoked",
        "Delivered",
        "Attempted",
        "Matched",
        "Received",
    ]


def test_a_record_is_json_without_white_space(shop):
    [sent] = run(shop, on_failure=QUEUE).sent
    assert sent.body == json.dumps(sent.json, separators=(",", ":"))
