from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from eventmock.commands.instants import instant_of, text_of


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T13:30:00.9+01:30", datetime(2026, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_iso_8601_names_an_instant_in_utc(text, instant):
    found = instant_of(text)
    assert found == instant
    assert found.utcoffset() == timedelta(0)


def test_the_time_zone_of_the_machine_does_not_matter(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert instant_of("2026-01-31T12:00:00") == datetime(2026, 1, 31, 12, tzinfo=UTC)
    time.tzset()


@pytest.mark.parametrize("text", ["", "noon", "12:00"])
def test_other_text_names_none(text):
    with pytest.raises(ValueError, match=f"Invalid isoformat string: '{text}'"):
        instant_of(text)


def test_an_offset_may_lead_beyond_the_years():
    with pytest.raises(ValueError, match="0001-01-01T00:00:00\\+01:00 is beyond the years 1 to 9999"):
        instant_of("0001-01-01T00:00:00+01:00")


def test_an_instant_is_written_with_four_digits_of_year():
    assert text_of(datetime(26, 1, 31, 12, tzinfo=UTC)) == "0026-01-31T12:00:00Z"
