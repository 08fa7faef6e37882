"""A naive ``Time`` is taken as botocore takes it, and the report says so once where the local time is not UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import boto3
import pytest
from botocore import utils

from eventmock import mock_events

NAIVE = datetime(2026, 1, 1, 21)
TOLD = (
    "its Time was a naive datetime, and botocore takes that as UTC: 2026-01-01 21:00:00Z. As local time it would be "
    "2026-01-01 12:00:00Z; datetime.now(UTC) says which is meant"
)


@pytest.fixture
def in_tokyo(monkeypatch):
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def put(when, client=None):
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}", "Time": when}
    (client or boto3.client("events", region_name="us-east-1")).put_events(Entries=[entry])


@pytest.mark.usefixtures("in_tokyo")
def test_it_is_utc_and_the_report_says_so_once(events_backend):
    put(NAIVE)
    put(NAIVE)
    assert [event.event["time"] for event in events_backend.events] == ["2026-01-01T21:00:00Z"] * 2
    assert [event.hint for event in events_backend.events] == [TOLD, None]
    assert [line.strip() for line in events_backend.report().splitlines() if "naive" in line] == [TOLD]
    assert str(events_backend.trace).count("naive") == 1
    events_backend.reset()
    put(NAIVE)
    assert events_backend.events[0].hint == TOLD


@pytest.mark.usefixtures("in_tokyo")
@pytest.mark.parametrize("when", [NAIVE.replace(tzinfo=UTC), "2026-01-01T21:00:00", 1767301200])
def test_what_has_a_zone_or_is_no_datetime_is_no_mistake(events_backend, when):
    put(when)
    assert events_backend.events[0].hint is None


@pytest.mark.usefixtures("in_tokyo")
def test_after_a_failed_attempt_it_is_still_known(events_backend):
    events_backend.faults.inject("ThrottlingException", operation="PutEvents", times=1)
    put(NAIVE)
    assert [event.hint for event in events_backend.events] == [TOLD]


@pytest.mark.usefixtures("in_tokyo")
def test_with_a_fraction_of_a_second(events_backend):
    put(NAIVE.replace(microsecond=500_000))
    assert events_backend.events[0].hint == TOLD


def test_in_utc_it_is_the_same_moment(events_backend, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    put(NAIVE)
    assert events_backend.events[0].hint is None


@pytest.mark.usefixtures("in_tokyo")
def test_at_an_end_of_the_calendar_nothing_is_said():
    with mock_events() as backend:
        put(datetime(1, 1, 1))
        assert backend.events[0].hint is None


def test_outside_a_mock_it_is_botocore_s_own_function():
    with mock_events():
        pass
    assert utils.parse_to_aware_datetime(NAIVE) == NAIVE.replace(tzinfo=UTC)
    assert utils.parse_to_aware_datetime.__kwdefaults__ is None


@pytest.mark.usefixtures("in_tokyo")
@pytest.mark.parametrize("zone", [None, UTC])
def test_the_window_of_a_replay(events_backend, zone):
    events = boto3.client("events", region_name="us-east-1")
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    archive = events.create_archive(ArchiveName="a", EventSourceArn=bus)["ArchiveArn"]
    events.start_replay(
        ReplayName="r",
        EventSourceArn=archive,
        EventStartTime=datetime(2026, 1, 1, tzinfo=zone),
        EventEndTime=datetime(2026, 1, 2, tzinfo=zone),
        Destination={"Arn": bus},
    )
    told = "; the window was given in naive datetimes, which botocore takes as UTC"
    assert str(events_backend.trace).endswith(told) is (zone is None)
