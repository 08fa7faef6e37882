"""Instants at the door of a schedule."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from eventmock.schedule import parse


@pytest.mark.parametrize("expression", ["rate(5 minutes)", "cron(0 12 * * ? *)"])
def test_naive_datetimes_are_refused_everywhere(expression):
    schedule = parse(expression)
    naive = datetime(2026, 1, 1)
    aware = datetime(2026, 1, 1, tzinfo=UTC)
    message = re.escape(
        "schedules need aware datetimes, but datetime.datetime(2026, 1, 1, 0, 0) has no time zone; "
        "give it one: tzinfo=datetime.UTC"
    )
    for call in (
        lambda: schedule.next_after(naive),
        lambda: schedule.next_after(aware, start=naive),
        lambda: schedule.between(naive, aware),
        lambda: schedule.between(aware, naive),
        lambda: schedule.between(aware, aware, start=naive),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("expression", ["rate(5 minutes)", "cron(0 12 * * ? *)"])
def test_other_time_zones_are_read_and_utc_is_answered(expression):
    schedule = parse(expression)
    instant = datetime(2026, 1, 1, 3, 4, 5, tzinfo=UTC)
    elsewhere = instant.astimezone(timezone(timedelta(hours=-9)))
    assert schedule.next_after(elsewhere) == schedule.next_after(instant)
    assert schedule.next_after(elsewhere).tzinfo is UTC
