from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from eventmock.exceptions import OptionError
from eventmock.options import Options


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"regoin": "x"}, "mock_events() has no option 'regoin'; did you mean 'region'?"),
        (
            {"qqq": 1},
            "mock_events() has no option 'qqq'; "
            "there are region, account, start_time, seed, strict, passthrough, isolated, enforce_policies, "
            "require_awscrt, patched_send",
        ),
        ({"region": 1}, "mock_events(): region=1: wanted a region such as 'us-east-1'"),
        ({"region": "moon"}, "mock_events(): region='moon': wanted a region such as 'us-east-1'"),
        (
            {"account": 123},
            "mock_events(): account=123: wanted an account id, text of 12 digits such as '123456789012'",
        ),
        (
            {"start_time": 5},
            "mock_events(): start_time=5: wanted a datetime, or ISO 8601 text such as "
            "'2026-01-31T12:00:00Z', in the years 1 to 9999 of UTC",
        ),
        (
            {"start_time": "noon"},
            "mock_events(): start_time='noon': wanted a datetime, or ISO 8601 text such as "
            "'2026-01-31T12:00:00Z', in the years 1 to 9999 of UTC",
        ),
        ({"seed": "a"}, "mock_events(): seed='a': wanted a whole number"),
        ({"seed": True}, "mock_events(): seed=True: wanted a whole number"),
        (
            {"strict": "dropped"},
            "mock_events(): strict='dropped': wanted True, False, or parts such as {'dropped', 'nobody'}",
        ),
        (
            {"strict": 1},
            "mock_events(): strict=1: wanted True, False, or parts such as {'dropped', 'nobody'}",
        ),
        ({"strict": ["droped"]}, "mock_events(): strict=['droped']: 'droped': did you mean 'dropped'?"),
        (
            {"strict": ["permissions"]},
            "mock_events(): strict=['permissions']: 'permissions': "
            "there are awscrt, dropped, handlers, nobody, refused, unmatched",
        ),
        (
            {"passthrough": "localhost"},
            "mock_events(): passthrough='localhost': "
            "wanted a list of hosts such as ['localhost:4566', '*.internal']",
        ),
        (
            {"passthrough": ["http://localhost"]},
            "mock_events(): passthrough=['http://localhost']: "
            "wanted a list of hosts such as ['localhost:4566', '*.internal']",
        ),
    ],
)
def test_a_wrong_option_is_one_clear_line(given, message):
    with pytest.raises(OptionError) as caught:
        Options.read(given, "mock_events()")
    assert str(caught.value) == message


def test_hosts_are_kept_as_they_are_written():
    hosts = ["[::1]", "::1", "[::1]:4566", "*.internal", "LOCALHOST"]
    assert Options.read({"passthrough": hosts}, "").passthrough == tuple(hosts)


def test_a_naive_start_time_is_utc():
    assert Options.read({"start_time": datetime(2026, 1, 1)}, "").start_time == datetime(
        2026, 1, 1, tzinfo=UTC
    )


def test_a_start_time_of_another_zone_is_converted():
    given = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert Options.read({"start_time": given}, "").start_time.isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_start_time_may_be_text():
    assert Options.read({"start_time": "2026-01-01T00:00:00Z"}, "").start_time == datetime(
        2026, 1, 1, tzinfo=UTC
    )


def test_an_option_of_none_says_nothing():
    assert Options.read({"region": None}, "").given() == {}


def test_options_over_others_win_where_they_say_something():
    ours = Options.read({"region": "eu-west-1", "strict": False}, "")
    theirs = Options.read({"region": "us-west-2", "strict": True, "seed": 3}, "")
    assert ours.over(theirs).given() == {"region": "eu-west-1", "strict": False, "seed": 3}
