from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/orders"


def test_the_event_is_a_message_at_its_time_in_a_stream_of_its_own(request_of, invocation, event_text):
    assert request_of(GROUP) == ApiCall(
        service="logs",
        operation="PutLogEvents",
        parameters={
            "logGroupName": "/aws/events/orders",
            "logStreamName": invocation(GROUP).token,
            "logEvents": [{"timestamp": 1_795_262_400_000, "message": event_text}],
        },
        region="us-east-1",
        account="123456789012",
    )


def test_nothing_arrives_where_the_arn_ends_as_that_of_streams(request_of):
    with pytest.raises(InvalidRequest) as caught:
        request_of(f"{GROUP}:*")
    assert str(caught.value) == (
        "nothing ever arrives at a log group whose ARN ends in ':*': "
        f"give the target the ARN without it, {GROUP}"
    )


@pytest.mark.parametrize(
    ("timestamp", "milliseconds"),
    [
        ("5", 5),
        ('"5"', 5),
        ('"2026-11-21T12:00:00Z"', 1_795_262_400_000),
        ('"2026-11-21T14:00:00.5+02:00"', 1_795_262_400_500),
        ('"2026-11-21T12:00:00"', 1_795_262_400_000),
        ('"2026-11-21"', 1_795_219_200_000),
    ],
)
def test_a_timestamp_is_milliseconds_or_a_moment(request_of, timestamp, milliseconds):
    call = request_of(GROUP, body=f'{{"timestamp":{timestamp},"message":"m"}}')
    assert call.parameters["logEvents"] == [{"timestamp": milliseconds, "message": "m"}]


@pytest.mark.parametrize(
    "timestamp",
    [
        '"soon"',
        '""',
        '"2026-13-01T00:00:00Z"',
        "true",
        "null",
        "{}",
        "[5]",
        "1.5",
        "-1",
        "9" * 5000,
        f'"{"9" * 5000}"',
    ],
)
def test_what_is_no_moment_means_the_time_of_the_event(request_of, timestamp):
    call = request_of(GROUP, body=f'{{"timestamp":{timestamp},"message":"m"}}')
    assert call.parameters["logEvents"] == [{"timestamp": 1_795_262_400_000, "message": "m"}]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ('"m"', "m"),
        ('"a\\n\\"b"', 'a\n"b'),
        ('{ "a" : 1.0 }', '{"a":1.0}'),
        ("[]", "[]"),
        ("7", "7"),
        ("null", "null"),
        ("[" * 2000 + "]" * 2000, "[" * 2000 + "]" * 2000),
    ],
)
def test_a_message_that_is_no_text_is_logged_as_json(request_of, message, text):
    call = request_of(GROUP, body=f'{{"timestamp":5,"message":{message}}}')
    assert call.parameters["logEvents"] == [{"timestamp": 5, "message": text}]


@pytest.mark.parametrize("body", ['{"message":"m"}', '{"timestamp":5}', '"text"', "text", "[]"])
def test_input_that_lacks_either_fails(request_of, body):
    with pytest.raises(InvalidRequest) as caught:
        request_of(GROUP, body=body)
    assert str(caught.value) == f'wanted {{"timestamp": <milliseconds>, "message": "<text>"}}, got {body}'
