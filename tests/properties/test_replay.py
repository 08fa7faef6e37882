"""A replay delivers the events of its window to the rules that match, each once, whatever else happens meanwhile.

And an archive lets go of exactly what it has kept for longer than its retention. The oracles are lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from random import Random
from typing import Any

from hypothesis import HealthCheck, event, given, settings, strategies as st

from eventmock import mock_events

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
DAY = datetime(2026, 1, 1, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PLACE = "arn:aws:events:us-east-1:123456789012"
BUS, ARCHIVE = f"{PLACE}:event-bus/orders", f"{PLACE}:archive/a"
RULES = {
    "all": ({"source": ["shop"]}, {0, 1, 2}),
    "even": ({"detail": {"kind": [0, 2]}}, {0, 2}),
    "one": ({"detail": {"kind": [1]}, "replay-name": ["r"]}, {1}),
    "live": ({"source": ["shop"], "replay-name": [{"exists": False}]}, set()),
    "off": ({"source": ["shop"]}, set()),
    "elsewhere": ({"source": ["other"]}, set()),
}
"""The rules of the bus: each one's pattern, and the kinds of replayed events that it takes."""
RULE_ARNS = {f"{PLACE}:rule/orders/{name}": name for name in RULES}

PROFILE = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@dataclass(frozen=True, kw_only=True)
class Archived:
    """An event as it was put: its number, its kind and how many milliseconds of the day it is old."""

    number: int
    kind: int
    milliseconds: int

    @property
    def time(self):
        return DAY + timedelta(milliseconds=self.milliseconds)

    @property
    def whole_time(self):
        return self.time.replace(microsecond=0)

    @property
    def entry(self):
        detail = json.dumps({"number": self.number, "kind": self.kind})
        named = {"Source": "shop", "DetailType": "order", "Detail": detail}
        return named | {"EventBusName": "orders", "Time": self.time}


def archive(backend, client, archived):
    """Make the archive and the rules, each with a target, and put the events."""
    client.create_event_bus(Name="orders")
    client.create_archive(ArchiveName="a", EventSourceArn=BUS)
    for start in range(0, len(archived), 10):
        entries = [each.entry for each in archived[start : start + 10]]
        assert client.put_events(Entries=entries)["FailedEntryCount"] == 0
    for name, (pattern, _) in RULES.items():
        state = "DISABLED" if name == "off" else "ENABLED"
        client.put_rule(Name=name, EventBusName="orders", EventPattern=json.dumps(pattern), State=state)
        backend.target(name, bus="orders")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A replay: its window in milliseconds of the day, whom it is for and how long it takes."""

    since: int
    until: int
    filters: list[str] | None
    before: timedelta
    per_minute: timedelta

    @property
    def members(self) -> dict[str, Any]:
        destination = {"Arn": BUS} if self.filters is None else {"Arn": BUS, "FilterArns": self.filters}
        return {
            "EventSourceArn": ARCHIVE,
            "Destination": destination,
            "EventStartTime": DAY + timedelta(milliseconds=self.since),
            "EventEndTime": DAY + timedelta(milliseconds=self.until),
        }

    def expected(self, archived, started):
        """What is to be delivered, by rule: the number of each event and the moment, in order."""
        first, last = self.since // 1000, self.until // 1000
        window = [each for each in archived if first <= each.milliseconds // 1000 < last]
        window.sort(key=lambda each: each.milliseconds // 1000)
        begin = started + self.before
        moments = [
            (each, begin + (each.milliseconds // 60_000 - self.since // 60_000) * self.per_minute)
            for each in window
        ]
        seen = set(RULES) if not self.filters else {RULE_ARNS.get(arn) for arn in self.filters}
        return {
            name: [(each.number, moment) for each, moment in moments if name in seen and each.kind in kinds]
            for name, (_, kinds) in RULES.items()
        }


def replayed(backend):
    """What the replay has delivered by now, by rule: the number of each event and the moment, in order."""
    found = {name: [] for name in RULES}
    for delivery in backend.deliveries:
        if delivery.event.get("replay-name") == "r":
            number = delivery.event["detail"]["number"]
            found[delivery.rule_name].append((number, delivery.attempts[0].time))
    return found


def by_then(expected, moment):
    return {name: [item for item in items if item[1] <= moment] for name, items in expected.items()}


def first_difference(found, expected):
    """The rule, and what it got and was to get at the first place where they differ; None if they don't."""
    for name, items in expected.items():
        for got, wanted in zip_longest(found[name], items):
            if got != wanted:
                return name, got, wanted
    return None


TEN_MINUTES = 600_000
ARCHIVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, TEN_MINUTES)), max_size=40).map(
    lambda drawn: [
        Archived(number=number, kind=kind, milliseconds=milliseconds)
        for number, (kind, milliseconds) in enumerate(drawn)
    ]
)
WINDOWS = st.tuples(st.integers(0, TEN_MINUTES), st.integers(1000, TEN_MINUTES)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)
FILTERS = st.none() | st.lists(st.sampled_from([*RULE_ARNS, f"{PLACE}:rule/orders/nope"]), unique=True)
SPANS = st.sampled_from(
    [timedelta(0), timedelta(milliseconds=1), 0.25 * SECOND, SECOND, 7.3 * SECOND, MINUTE, timedelta(hours=1)]
)
PLANS = st.builds(
    lambda window, **more: Plan(since=window[0], until=window[1], **more),
    window=WINDOWS,
    filters=FILTERS,
    before=SPANS,
    per_minute=SPANS,
)


def put_more(_, client):
    """Put an event that no window holds."""
    later = Archived(number=-1, kind=0, milliseconds=10**9)
    client.put_events(Entries=[later.entry])


def replay_beside(_, client):
    """Start another replay of the archive, unless there are ten."""
    number = len(client.list_replays()["Replays"])
    if number < 10:
        plan = Plan(since=0, until=TEN_MINUTES, filters=None, before=SECOND, per_minute=SECOND)
        client.start_replay(ReplayName=f"beside-{number}", **plan.members)


CALLS = {
    "describe": lambda _, client: client.describe_replay(ReplayName="r"),
    "list": lambda _, client: client.list_archives(),
    "look": lambda backend, _: backend.events,
    "snapshot": lambda backend, _: backend.restore(backend.snapshot()),
    "put": put_more,
    "replay": replay_beside,
    "cancel": lambda _, client: [
        client.cancel_replay(ReplayName=replay["ReplayName"])
        for replay in client.list_replays(NamePrefix="beside")["Replays"]
        if replay["State"] in {"STARTING", "RUNNING"}
    ],
}
STEPS = st.lists(st.sampled_from(list(CALLS)) | SPANS | st.timedeltas(timedelta(0), 10 * MINUTE), max_size=12)


@PROFILE
@given(archived=ARCHIVES, plan=PLANS, steps=STEPS)
def test_a_replay_delivers_each_event_once_in_its_time(quick_client, archived, plan, steps):
    with mock_events(start_time=NOW) as backend:
        client = quick_client(backend.client())
        archive(backend, client, archived)
        backend.delays.replay, backend.delays.replay_minute = plan.before, plan.per_minute
        client.start_replay(ReplayName="r", **plan.members)
        expected = plan.expected(archived, NOW)
        for step in steps:
            if isinstance(step, timedelta):
                backend.clock.advance(step)
            else:
                CALLS[step](backend, client)
            assert first_difference(replayed(backend), by_then(expected, backend.clock.now())) is None
        backend.clock.advance(days=365)
        assert first_difference(replayed(backend), expected) is None
        ids = [given.event_id for given in backend.events]
        assert len(set(ids)) == len(ids)
        assert client.describe_replay(ReplayName="r")["State"] == "COMPLETED"
        event(f"some were replayed: {bool(expected['all'])}")


def test_a_replay_of_ten_thousand_events_loses_none(quick_client):
    random = Random(20260102)  # noqa: S311 - the same events in each run
    archived = [
        Archived(number=number, kind=random.randrange(3), milliseconds=random.randrange(86_400_000))
        for number in range(10_000)
    ]
    filters = [arn for arn, name in RULE_ARNS.items() if name != "all"]
    plan = Plan(since=1_800_500, until=84_600_500, filters=filters, before=SECOND, per_minute=0.25 * SECOND)
    with mock_events(start_time=NOW) as backend:
        client = quick_client(backend.client())
        archive(backend, client, archived)
        assert client.describe_archive(ArchiveName="a")["EventCount"] == 10_000
        backend.delays.replay, backend.delays.replay_minute = plan.before, plan.per_minute
        client.start_replay(ReplayName="r", **plan.members)
        expected = plan.expected(archived, NOW)
        for _ in range(8):
            backend.clock.advance(seconds=random.randrange(60))
            assert first_difference(replayed(backend), by_then(expected, backend.clock.now())) is None
        backend.clock.advance(days=1)
        assert first_difference(replayed(backend), expected) is None
        assert (len(expected["all"]), len(expected["even"]) > 6000) == (0, True)


HOURS = st.integers(0, 30)
RETENTION_STEPS = st.lists(
    st.tuples(st.just("advance"), HOURS)
    | st.tuples(st.just("put"), st.integers(-1000, 1000))
    | st.tuples(st.just("retain"), st.integers(0, 3))
    | st.tuples(st.just("look"), st.booleans()),
    max_size=40,
)


class Kept:
    """What an archive is to keep: when each event came, and its size. It forgets at once."""

    def __init__(self):
        self.days = 0
        self.events = []

    def forget(self, now):
        if self.days:
            self.events = [kept for kept in self.events if now - kept[0] < timedelta(days=self.days)]

    @property
    def count_and_size(self):
        return len(self.events), sum(size for _, size in self.events)


@PROFILE
@given(steps=RETENTION_STEPS)
def test_an_archive_lets_go_of_exactly_what_is_too_old(quick_client, steps):
    kept = Kept()
    with mock_events(start_time=NOW) as backend:
        client = quick_client(backend.client())
        archive(backend, client, [])
        for what, value in [*steps, ("look", True)]:
            if what == "advance":
                backend.clock.advance(hours=value)
                kept.forget(backend.clock.now())
            elif what == "put":
                put = Archived(number=value, kind=0, milliseconds=0)
                client.put_events(Entries=[put.entry | {"Time": NOW + timedelta(hours=value)}])
                size = len("shop") + len("order") + len(put.entry["Detail"]) + len("2026-01-02T03:04:05Z")
                kept.events.append((backend.clock.now(), size))
            elif what == "retain":
                client.update_archive(ArchiveName="a", RetentionDays=value)
                kept.days = value
                kept.forget(backend.clock.now())
            else:
                shown = client.describe_archive(ArchiveName="a")
                if value:
                    [shown] = client.list_archives()["Archives"]
                assert (shown["EventCount"], shown["SizeBytes"]) == kept.count_and_size
