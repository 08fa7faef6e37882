"""time-machine and freezegun, begun and ended in any order with the mock; the clock's own view is in test_clock.py."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import boto3
import pytest
import time_machine
from freezegun import freeze_time

from eventmock import mock_events

THEN = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)


def travel():
    return time_machine.travel(THEN, tick=False)


@contextlib.contextmanager
def freeze():
    with freeze_time(THEN):
        yield


@pytest.fixture(params=[travel, freeze])
def frozen(request):
    """A frozen moment, to be begun."""
    return request.param()


def put(order):
    """Put an event by a client of its own, with keys by which botocore would sign."""
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    answer = boto3.client("events", region_name="us-east-1", **keys).put_events(Entries=[order])
    assert answer["FailedEntryCount"] == 0


def test_an_event_has_the_frozen_moment_mock_inside(frozen, order):
    with frozen, mock_events() as backend:
        put(order)
        assert backend.events[0].event["time"] == "2031-02-03T04:05:06Z"


def test_an_event_has_the_frozen_moment_mock_outside(frozen, order):
    with mock_events() as backend, frozen:
        put(order)
        assert backend.events[0].event["time"] == "2031-02-03T04:05:06Z"


@pytest.mark.parametrize("first", ["mock", "frozen"])
@pytest.mark.parametrize("first_out", ["mock", "frozen"])
def test_they_may_end_in_any_order(frozen, order, first, first_out):
    parts = {"mock": mock_events(), "frozen": frozen}
    second = next(name for name in parts if name != first)
    with contextlib.ExitStack() as mock, contextlib.ExitStack() as moment:
        stacks = {"mock": mock, "frozen": moment}
        for name in (first, second):
            stacks[name].enter_context(parts[name])
        put(order)
        stacks[first_out].close()
    assert datetime.now(UTC) != THEN
    with pytest.raises(Exception, match="tried to reach"):
        put(order)


def test_what_is_left_is_still_there_when_the_other_has_ended(frozen, order):
    with mock_events() as backend:
        with frozen:
            put(order)
        put(order)
        assert [received.event["time"][:4] == "2031" for received in backend.events] == [True, False]
