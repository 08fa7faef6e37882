"""What a time zone costs a schedule of EventBridge Scheduler.

    python benchmarks/time_zones.py

A year of a minutely cron is walked, firing by firing: as that of a rule, and as that of a schedule in UTC and in time
zones, each beside the rule's in one run. The target is at most three times the CPU time.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from eventmock.schedule import Occurrences, parse, time_zone

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET: Final = 3
TURNS: Final = 3
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
END: Final = datetime(2027, 1, 1, tzinfo=UTC)


def main() -> None:
    cron = parse("cron(* * * * ? *)")
    for name in ("UTC", "Europe/Berlin", "America/New_York"):
        schedule = Occurrences(timing=cron, zone=time_zone(name), since=BEGIN - timedelta(minutes=1))
        ratios = sorted(walked(schedule.next_after) / walked(cron.next_after) for _ in range(TURNS))
        verdict = "met" if ratios[TURNS // 2] <= TARGET else "NOT MET"
        print(
            f"a year of cron(* * * * ? *) in {name:<17}{ratios[TURNS // 2]:.2f} times the CPU of a rule's "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f}), at most {TARGET}: {verdict}",
            flush=True,
        )


def walked(following: Callable[[datetime], datetime | None]) -> float:
    """CPU seconds of a walk through the firings of a year."""
    begun, firing = time.process_time(), following(BEGIN)
    while firing is not None and firing < END:
        firing = following(firing)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
