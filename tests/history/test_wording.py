from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from eventmock.history import wording
from eventmock.history.received_event import Origin
from eventmock.history.taken_by import TakenBy

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("a plain line, \xe4", "a plain line, \xe4"),
        ("a\nb\x1b[31m", r"a\nb\x1b[31m"),
        ("\ud800", r"\ud800"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}", r"\u202e"),
    ],
)
def test_a_printable_line_breaks_nothing(line, shown):
    assert wording.printable(line) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("", ""), ("123456", "123456"), ("1234567", "123..."), ("1" * 1000, "111...")]
)
def test_dots_count_where_a_text_is_cut(text, shown):
    assert wording.cut(text, 6) == shown


@pytest.mark.parametrize(("text", "shown"), [("123456", "123456"), ("1234567", "...567")])
def test_a_text_may_be_cut_at_the_front(text, shown):
    assert wording.cut_at_the_front(text, 6) == shown


@pytest.mark.parametrize(("text", "shown"), [("123456", "123456"), ("1234567", "123456...")])
def test_a_beginning_is_as_long_as_is_said(text, shown):
    assert wording.beginning(text, 6) == shown


def test_numbers():
    assert [wording.counted(number, "rule") for number in (0, 1, 2)] == ["no rules", "1 rule", "2 rules"]
    assert [wording.how_often(number) for number in (1, 2)] == ["once", "2 times"]
    assert wording.which_attempts(3, 3) == "attempt 3"
    assert wording.which_attempts(2, 4) == "attempts 2 to 4"
    assert [wording.delivered(attempts) for attempts in (1, 2)] == ["delivered", "delivered at attempt 2"]


def test_times_have_a_date_where_there_are_several():
    evening, next_day = NOON.replace(hour=23), NOON.replace(day=2)
    assert f"{NOON:{wording.time_format([])}}" == "12:00:00"
    assert f"{NOON:{wording.time_format([NOON, evening])}}" == "12:00:00"
    assert f"{NOON:{wording.time_format([NOON, next_day])}}" == "2026-01-01 12:00:00"


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), ""),
        (timedelta(milliseconds=999), ""),
        (timedelta(seconds=-5), ""),
        (timedelta(seconds=61.9), "1 min 1 s"),
        (timedelta(hours=1, seconds=5), "1 h 5 s"),
        (timedelta(hours=47, minutes=59, seconds=59), "47 h 59 min"),
        (timedelta(hours=49, seconds=1), "2 d 1 h"),
    ],
)
def test_a_duration_has_its_two_largest_units(duration, words):
    assert wording.lasting(duration) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "2026-01-01 12:00:00 UTC"),
        ("Europe/Berlin", "2026-01-01 13:00:00 Europe/Berlin (12:00:00 UTC)"),
        ("Pacific/Auckland", "2026-01-02 01:00:00 Pacific/Auckland (2026-01-01 12:00:00 UTC)"),
    ],
)
def test_a_moment_in_a_zone_is_told_in_utc_too(zone, words):
    assert wording.in_zone(NOON.astimezone(ZoneInfo(zone)), zone) == words


@pytest.mark.parametrize(
    ("late", "zone", "window", "words"),
    [
        (0, "UTC", None, ""),
        (0, "UTC", 10, ""),
        (0, "Europe/Berlin", None, ", scheduled for 2026-01-01 13:00:00 Europe/Berlin (12:00:00 UTC)"),
        (65, "UTC", None, ", scheduled for 2026-01-01 12:00:00 UTC, 1 min 5 s later"),
        (
            65,
            "UTC",
            10,
            ", scheduled for 2026-01-01 12:00:00 UTC, 1 min 5 s later in its flexible time window",
        ),
    ],
)
def test_when_a_schedule_had_to_fire_is_told_if_it_does_not_go_without_saying(late, zone, window, words):
    local, fired = NOON.astimezone(ZoneInfo(zone)), NOON + timedelta(seconds=late)
    assert wording.scheduled_for(local, zone, fired, window) == words


@pytest.mark.parametrize(
    ("region", "account", "where"),
    [
        ("us-east-1", "111111111111", ""),
        ("eu-west-1", "111111111111", " in eu-west-1"),
        ("us-east-1", "222222222222", " of 222222222222"),
        ("eu-west-1", "222222222222", " in eu-west-1 of 222222222222"),
        ("", "", ""),
    ],
)
def test_a_place_is_told_as_far_as_it_is_not_the_default(region, account, where):
    defaults = {"default_region": "us-east-1", "default_account": "111111111111"}
    assert wording.where_outside(region, account, **defaults) == where


@pytest.mark.parametrize("origin", get_args(Origin))
def test_every_origin_has_words(origin):
    words = wording.arrival(origin, is_copy=False)
    assert words.sentence
    assert words.action
    assert words.sender


def test_a_copy_has_words_of_its_own():
    usual, copy = (wording.arrival("bus", is_copy=is_copy) for is_copy in (False, True))
    assert (usual.sentence, copy.sentence) == ("came from another bus to", "copied by replication to")
    assert (usual.remark, copy.remark) == (", from another bus", ", copied by replication")


@pytest.mark.parametrize("taken_by", get_args(TakenBy))
def test_every_taker_has_words(taken_by):
    known, unknown = (wording.taken(taken_by, call_is_known=is_known) for is_known in (True, False))
    assert (known == unknown) is (taken_by != "nobody")


def test_sentences():
    assert wording.route("rule ship", "arn:aws:sqs:us-east-1:1:orders") == "rule ship -> sqs orders"
    assert wording.lost("no queue") == "LOST: no queue"
    assert wording.not_let_out("GET http://h/") == "refused to let out GET http://h/"
