from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from eventmock.clock import Clock


def test_the_clock_follows_the_wall_clock():
    before = datetime.now(UTC)
    assert before <= Clock().now() <= datetime.now(UTC)


def test_a_clock_with_a_start_time_stands_there():
    start = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    clock = Clock(start)
    assert clock.now() == clock.now() == start
    assert clock.now().tzinfo is UTC
    assert clock.timestamp() == start.timestamp()
