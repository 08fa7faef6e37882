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


def test_the_arn_may_end_as_that_of_streams(request_of):
    assert request_of(f"{GROUP}:*").parameters["logGroupName"] == "/aws/events/orders"


def test_input_has_a_timestamp_and_a_message(request_of):
    call = request_of(GROUP, body='{"timestamp":5,"message":"m"}')
    assert call.parameters["logEvents"] == [{"timestamp": 5, "message": "m"}]


@pytest.mark.parametrize(
    "body",
    [
        '{"message":"m"}',
        '{"timestamp":5}',
        '{"timestamp":"5","message":"m"}',
        '{"timestamp":true,"message":"m"}',
        '{"timestamp":5,"message":{}}',
    ],
)
def test_other_input_fails(request_of, body):
    with pytest.raises(InvalidRequest) as caught:
        request_of(GROUP, body=body)
    assert str(caught.value) == f'wanted {{"timestamp": <milliseconds>, "message": "<text>"}}, got {body}'


def test_input_that_is_no_object_fails(request_of):
    with pytest.raises(InvalidRequest, match="wanted a JSON object"):
        request_of(GROUP, body="text")
