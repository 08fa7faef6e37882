"""How long finding the next firing of a schedule takes, a year of minutely ones, and 100,000 one-time schedules.

    python benchmarks/schedule.py

Random valid expressions, and those that are hardest to search for (a firing is decades away, or never comes again), are
asked from random instants of 1970-2199. Each call is timed alone and counts as the best of several turns, because
machines are noisy. The target is under 1 ms for the worst call of each row.

Then a year of a minutely rule goes by on the clock of a mock, each firing delivered to a target and recorded. The
target is under 60 s. A year of a minutely schedule of EventBridge Scheduler, in a time zone that shifts its clocks, has
the same target.

Last, 100,000 one-time schedules are made in one group and fire; before and after that, a quarter of them is made
against a constant answer. The target is at most twice the CPU time of that, and less than 300 MB of memory. A process
of its own runs it, so that its peak is its own.
"""

from __future__ import annotations

import gc
import io
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from eventmock import mock_events
from eventmock.schedule import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.schedule import Cron, Rate

TARGET: Final = 1e-3
YEAR_TARGET: Final = 60
QUEUE: Final = "arn:aws:sqs:us-east-1:123456789012:q"
ROLE: Final = "arn:aws:iam::123456789012:role/scheduler"
ONE_TIME: Final = 100_000
MOST_CPU: Final = 2
MOST_MEGABYTES: Final = 300
TURNS: Final = 5
EXPRESSIONS: Final = 20_000
STARTS: Final = 5
STARTS_OF_HARD_ONES: Final = 5_000
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
SPAN: Final = datetime(2200, 1, 1, tzinfo=UTC) - FIRST

HARD: Final = (
    "cron(0 0 29 2 ? *)",
    "cron(0 0 29W FEB ? 1972/28)",
    "cron(0 0 ? 2 2#5 *)",
    "cron(0 0 ? 2 1#5 2000/100)",
    "cron(59 23 LW 12 ? 1970/229)",
    "cron(0 0 1 1 ? 1970,2199)",
    "cron(0 0 1 1 ? 9999)",
    "cron(0 0 30 2 ? *)",
    "cron(0 0 31 4,6,9,11 ? *)",
    "cron(0 0 29 2 ? 2001/2)",
    "cron(0 0 29 2 ? 2100)",
    "cron(15 10 ? * 6L 2002-2005)",
    "cron(* * * * ? 1970)",
    "cron(* * * * ? *)",
    f"cron(0 0 {','.join(f'{day}W' for day in range(1, 32))} * ? *)",
    f"cron(59 23 ? 12 L {','.join(f'{year}' for year in range(1970, 2200, 6))})",
)

Call = tuple["Cron | Rate", datetime]


def main() -> None:
    made = Made()
    label = f"{'next firing, microseconds a call':<50}"
    print(f"{label}{'calls':>9}{'median':>9}{'99.9 %':>9}{'worst':>9}   worst under {TARGET * 1e3:.0f} ms")
    row("random cron expressions", [call for _ in range(EXPRESSIONS) for call in made.calls(made.cron())])
    row("random rate expressions", [call for _ in range(EXPRESSIONS) for call in made.calls(made.rate())])
    for expression in HARD:
        row(expression, made.calls(expression, STARTS_OF_HARD_ONES))
    year_of_rule()
    year_of_schedule()
    subprocess.run([sys.executable, __file__, "one-time"], check=True)  # noqa: S603 - this file itself


def year_of_rule() -> None:
    """Let a year of a minutely rule go by."""
    with mock_events(start_time="2026-01-01T00:00:00Z") as backend:
        events = backend.client()
        events.put_rule(Name="minutely", ScheduleExpression="rate(1 minute)")
        events.put_targets(Rule="minutely", Targets=[{"Id": "t", "Arn": QUEUE}])
        year("rule, rate(1 minute)", backend, 525_600)


def year_of_schedule() -> None:
    """Let a year of a minutely schedule go by. It does not fire in the hour that comes for the second time."""
    with mock_events(start_time="2026-01-01T00:00:00Z") as backend:
        client = backend.client("scheduler")
        client.create_schedule(
            **members("minutely", "cron(* * * * ? *)"), ScheduleExpressionTimezone="Europe/Berlin"
        )
        year("schedule, cron(* * * * ? *) in Europe/Berlin", backend, 525_600 - 60)


def year(what: str, backend: Any, wanted: int) -> None:
    """Let a year go by, and print how long it took."""
    begun = time.perf_counter()
    backend.clock.advance(days=365)
    took = time.perf_counter() - begun
    fired = len(backend.deliveries)
    verdict = "met" if took < YEAR_TARGET and fired == wanted else "NOT MET"
    print(
        f"a year of a {what}: {fired:,} deliveries in {took:.1f} s, under {YEAR_TARGET} s: {verdict}",
        flush=True,
    )


def one_time() -> None:
    """Make one-time schedules and let them fire; before and after that, make them against a constant answer."""
    floor = [seconds_for_constant_answers(ONE_TIME // 4)]
    with mock_events(start_time="2026-01-01T00:00:00Z") as backend:
        client = new_client()
        client.create_schedule_group(Name="reminders")
        made = seconds_for_reminders(client, ONE_TIME)
        begun = time.process_time()
        backend.clock.advance(days=2)
        firing = time.process_time() - begun
        fired = len(backend.deliveries.where(status="delivered"))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    floor.append(seconds_for_constant_answers(ONE_TIME // 4))
    constant = sum(floor) * 2
    ratio = (made + firing) / constant
    is_met = ratio <= MOST_CPU and megabytes < MOST_MEGABYTES and fired == ONE_TIME
    print(
        f"{ONE_TIME:,} one-time schedules: {fired:,} fired; CPU: made in {made:.1f} s, fired in {firing:.1f} s, "
        f"with a constant answer made in {constant:.1f} s: {ratio:.2f} times, at most {MOST_CPU}; {megabytes:.0f} MB, "
        f"under {MOST_MEGABYTES}: {'met' if is_met else 'NOT MET'}"
    )


def seconds_for_reminders(client: Any, count: int) -> float:
    """Make one-time schedules, and return the seconds of a CPU."""
    begun = time.process_time()
    for number in range(count):
        client.create_schedule(**reminder(number))
    return time.process_time() - begun


def new_client() -> Any:
    return boto3.client("scheduler", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


def seconds_for_constant_answers(count: int) -> float:
    """Make one-time schedules with botocore's send replaced by a constant answer, and all above it as ever."""
    answer = b'{"ScheduleArn":"arn:aws:scheduler:us-east-1:123456789012:schedule/reminders/reminder-0"}'

    class Body(io.BytesIO):
        def stream(self, **_options: object) -> Iterator[bytes]:
            yield self.read()

    def send(_session: URLLib3Session, request: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {"Content-Type": "application/json"}, Body(answer))

    original, URLLib3Session.send = URLLib3Session.send, send
    try:
        return seconds_for_reminders(new_client(), count)
    finally:
        URLLib3Session.send = original


def members(name: str, expression: str) -> dict[str, Any]:
    return {
        "Name": name,
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": QUEUE, "RoleArn": ROLE, "Input": '{"remind": true}'},
    }


def reminder(number: int) -> dict[str, Any]:
    moment = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=number % 80_000)
    return {**members(f"reminder-{number}", f"at({moment:%Y-%m-%dT%H:%M:%S})"), "GroupName": "reminders"}


def row(label: str, calls: Sequence[Call]) -> None:
    gc.freeze()
    times = sorted(best_times(calls))
    median, rare, worst = times[len(times) // 2], times[len(times) * 999 // 1000], times[-1]
    figures = "".join(f"{seconds * 1e6:>9.1f}" for seconds in (median, rare, worst))
    short = label if len(label) < 50 else f"{label[:46]}..."
    print(f"{short:<50}{len(calls):>9,}{figures}   {'met' if worst < TARGET else 'NOT MET'}", flush=True)


def best_times(calls: Sequence[Call]) -> list[float]:
    """Seconds of each call, the best of several turns."""
    best = [float("inf")] * len(calls)
    for _ in range(TURNS):
        for place, (schedule, instant) in enumerate(calls):
            begun = time.perf_counter()
            schedule.next_after(instant)
            best[place] = min(best[place], time.perf_counter() - begun)
    return best


class Made:
    """Expressions and instants, the same in every run."""

    def __init__(self) -> None:
        self.random = random.Random(1)  # noqa: S311 - not for secrets

    def calls(self, expression: str, starts: int = STARTS) -> list[Call]:
        schedule = parse(expression)
        return [(schedule, self.instant()) for _ in range(starts)]

    def instant(self) -> datetime:
        return FIRST + timedelta(seconds=self.random.random() * SPAN.total_seconds())

    def rate(self) -> str:
        value = self.random.choice([self.random.randint(2, 1_000), self.random.randint(2, 2**31 - 1)])
        return f"rate({value} {self.random.choice(['minutes', 'hours', 'days'])})"

    def cron(self) -> str:
        time_of_day = f"{self.numbers(0, 59)} {self.numbers(0, 23)}"
        month = self.random.choice(["*", self.numbers(1, 12), "FEB"])
        days = self.random.choice([f"{self.days_of_month()} {month} ?", f"? {month} {self.days_of_week()}"])
        return f"cron({time_of_day} {days} {self.random.choice(['*', self.years()])})"

    def numbers(self, low: int, high: int) -> str:
        return ",".join(self.item(low, high) for _ in range(self.random.randint(1, 4)))

    def item(self, low: int, high: int) -> str:
        first, last = self.random.randint(low, high), self.random.randint(low, high)
        step = self.random.randint(0, high)
        forms = ["*", f"{first}", f"{first}-{last}", f"{first}-{last}/{step}", f"{first}/{step}", f"*/{step}"]
        return self.random.choice(forms)

    def days_of_month(self) -> str:
        day = self.random.randint(1, 31)
        return self.random.choice([self.numbers(1, 31), f"{day}", f"{day}W", "L", "LW", f"L-{day - 1}"])

    def days_of_week(self) -> str:
        day, nth = self.random.randint(1, 7), self.random.randint(1, 5)
        return self.random.choice([self.numbers(1, 7), f"{day}L", "L", f"{day}#{nth}", "MON-FRI"])

    def years(self) -> str:
        first = self.random.randint(1970, 2199)
        last = self.random.randint(first, 2199)
        step = self.random.randint(0, 230)
        return self.random.choice(
            [f"{first}", f"{first}-{last}", f"{first}-{last}/{step}", f"{first}/{step}"]
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["one-time"]:
        one_time()
    else:
        main()
