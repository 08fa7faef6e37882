from __future__ import annotations

import json

import pytest

EVENT = {
    "id": "1",
    "detail-type": "t",
    "source": "shop",
    "account": "123456789012",
    "time": "2022-07-13T13:48:01Z",
    "region": "us-east-1",
}


@pytest.fixture
def judge(events):
    def judge(pattern='{"source": ["shop"]}', **changes):
        event = {name: value for name, value in (EVENT | changes).items() if value is not None}
        return events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]

    return judge


def test_verdicts(judge):
    assert judge() is True
    assert judge('{"source": ["other"]}') is False


@pytest.mark.parametrize("member", list(EVENT))
def test_an_event_needs_its_members(judge, error_of, member):
    assert error_of(judge, **{member: None}) == ("ValidationException", "Parameter Event is not valid.")


@pytest.mark.parametrize("event", ["text", "[]", '"text"', "{", "{} x"])
def test_an_event_is_a_json_object(events, error_of, event):
    assert error_of(events.test_event_pattern, EventPattern='{"a": [1]}', Event=event) == (
        "ValidationException",
        "Parameter Event is not valid.",
    )


@pytest.mark.parametrize(
    "time",
    ["noon", 5, "2022-07-13", "2022-13-13T13:48:01Z", "2022-07-13T13:48:01", "\u0662022-07-13T13:48:01Z"],
)
def test_a_time_is_an_instant(judge, error_of, time):
    assert error_of(judge, time=time) == (
        "ValidationException",
        "Parameter Event is not valid. Reason: Invalid time.",
    )


@pytest.mark.parametrize(
    "time", ["2022-07-13T13:48:01.123Z", "2022-07-13T13:48:01+02:00", "2022-07-13T13:48Z"]
)
def test_other_forms_of_instants(judge, time):
    assert judge(time=time) is True


def test_a_bad_pattern(judge, error_of):
    code, message = error_of(judge, pattern="{}")
    assert (code, message.split("\n")[0]) == (
        "InvalidEventPatternException",
        "Event pattern is not valid. Reason: Empty objects are not allowed",
    )
