"""Whatever fails, however long: each event, rule and target comes to exactly one end."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings, strategies as st

from eventmock import mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"
START = "2026-11-21T12:00:00Z"
TARGETS = [f"{QUEUE}{name}" for name in "abcd"]
RETRIED = ["ThrottlingException", 503, TimeoutError, ConnectionError]
PERMANENT = ["AccessDeniedException", "ResourceNotFoundException", 404, "INVALID_PARAMETER"]

policies = st.fixed_dictionaries(
    {},
    optional={
        "RetryPolicy": st.fixed_dictionaries(
            {},
            optional={
                "MaximumRetryAttempts": st.integers(0, 6),
                "MaximumEventAgeInSeconds": st.sampled_from([60, 61, 100, 3600, 86_400]),
            },
        ),
        "DeadLetterConfig": st.just({"Arn": f"{QUEUE}dead"}),
    },
)
puts = st.tuples(st.just("put"), st.integers(1, 3))
advances = st.tuples(st.just("advance"), st.sampled_from([0.5, 1, 2, 30, 59, 61, 3600, 40_000]))
faults = st.tuples(
    st.just("fault"),
    st.fixed_dictionaries(
        {
            "failure": st.sampled_from(RETRIED + PERMANENT),
            "target": st.sampled_from([*TARGETS, f"{QUEUE}dead"]),
        },
        optional={
            "times": st.integers(1, 9),
            "lasting": st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=2)]),
        },
    ),
)
stops = st.tuples(st.just("stop"), st.none())
restores = st.tuples(st.just("restore"), st.none())


class Story:
    """A run of steps, with what reached the functions at the other end."""

    def __init__(self, backend, targets):
        self.backend = backend
        self.client = backend.client()
        self.taken = Counter()
        self.dead = Counter()
        self.put = 0
        self.faults = []
        self.saved = None
        for rule, members in (("one", targets[:2]), ("two", targets[2:])):
            self.client.put_rule(Name=rule, EventPattern='{"source": ["shop"]}')
            named = [{"Id": arn[-1], "Arn": arn, **more} for arn, more in members]
            if named:
                self.client.put_targets(Rule=rule, Targets=named)
        for arn, _ in targets:
            backend.target(arn, lambda event, arn=arn: self.taken.update([(event["detail"]["number"], arn)]))
        backend.target(f"{QUEUE}dead", lambda event: self.dead.update([event["detail"]["number"]]))

    def do(self, name, value):
        if name == "put":
            details = [json.dumps({"number": self.put + number}) for number in range(value)]
            self.put += value
            entry = {"Source": "shop", "DetailType": "order"}
            self.client.put_events(Entries=[entry | {"Detail": detail} for detail in details])
        elif name == "advance":
            self.backend.clock.advance(seconds=value)
        elif name == "fault":
            self.faults.append(self.backend.faults.inject(**value))
        elif name == "stop":
            for fault in self.faults:
                fault.stop()
        elif self.saved is None:
            self.saved = self.backend.snapshot(), self.taken.copy(), self.dead.copy(), self.put
        else:
            snapshot, taken, dead, self.put = self.saved
            self.backend.restore(snapshot)
            self.taken, self.dead = taken.copy(), dead.copy()

    def check(self, targets):
        now = self.backend.clock.now()
        deliveries = self.backend.deliveries
        ways = Counter((one.event["detail"]["number"], one.target_arn) for one in deliveries)
        assert ways == Counter((number, arn) for number in range(self.put) for arn, _ in targets)
        ended = {
            status: deliveries.where(status=status) for status in ("delivered", "dead-lettered", "dropped")
        }
        pending = deliveries.where(status="pending")
        assert sum(map(len, ended.values())) + len(pending) == len(deliveries)
        assert self.taken == Counter(
            (one.event["detail"]["number"], one.target_arn) for one in ended["delivered"]
        )
        assert self.dead == Counter(one.event["detail"]["number"] for one in ended["dead-lettered"])
        assert [one.dead_letter for one in deliveries if one.dead_letter is not None] == [
            one.dead_letter for one in ended["dead-lettered"]
        ]
        due = [str(due) for due in self.backend.clock.pending]
        assert len(due) == len(pending)
        for one in deliveries:
            policy, tries = one.target.retry_policy, one.attempts
            times = [attempt.time for attempt in tries]
            assert times == sorted(times)
            assert [attempt.number for attempt in tries] == list(range(1, len(tries) + 1))
            assert 1 <= len(tries) <= policy.maximum_retry_attempts + 1
            assert times[-1] - one.time <= policy.maximum_event_age
            assert all(attempt.error is not None for attempt in tries[:-1])
            assert (tries[-1].error is None) == (one.status == "delivered")
            assert (one.reason is not None) == (one.status in ("dead-lettered", "dropped"))
            assert (one.ended is None) == (one.status == "pending")
            assert one.next_attempt is None or (one.status == "pending" and one.next_attempt > now)
        told = [fact.time for fact in self.backend.trace]
        assert told == sorted(told)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(policies, min_size=1, max_size=4),
    st.lists(puts | advances | faults | stops | restores, max_size=14),
)
def test_every_delivery_comes_to_one_end(given_policies, steps):
    targets = list(zip(TARGETS, given_policies, strict=False))
    with mock_events(start_time=START, isolated=True) as backend:
        story = Story(backend, targets)
        for step in steps:
            story.do(*step)
            story.check(targets)
        backend.clock.advance(hours=24)
        story.check(targets)
        assert backend.deliveries.where(status="pending") == []


def test_fifty_threads_lose_nothing():
    with mock_events(start_time=START, isolated=True) as backend:
        client = backend.client()
        client.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
        seen = Counter()
        lock = threading.Lock()

        def take(event):
            with lock:
                seen[event["detail"]["number"]] += 1

        backend.target("all", take)
        entry = {"Source": "shop", "DetailType": "order"}

        def put(thread):
            for call in range(20):
                numbers = [thread * 200 + call * 10 + place for place in range(10)]
                answer = client.put_events(
                    Entries=[entry | {"Detail": json.dumps({"number": number})} for number in numbers]
                )
                assert answer["FailedEntryCount"] == 0

        threads = [threading.Thread(target=put, args=[number]) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == Counter(range(10_000))
        assert len(backend.deliveries.where(status="delivered")) == len(backend.events) == 10_000
