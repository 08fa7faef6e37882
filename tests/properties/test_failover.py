"""Whatever goes out and fails over: an event is processed by just the regions that the documents say, once by each."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from itertools import count

import boto3
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from hypothesis import example, given, settings, strategies as st

from eventmock import mock_events

HERE, THERE = "us-east-1", "us-west-2"
REGIONS = (HERE, THERE)
HEALTH_CHECK = "arn:aws:route53:::healthcheck/7f42"
MINUTE = 60

minutes = st.integers(0, 12)
puts = st.tuples(st.just("put"), st.integers(0, 4))
healths = st.tuples(st.just("health"), st.booleans())
outages = st.tuples(
    st.just("outage"),
    st.tuples(st.sampled_from(REGIONS), minutes, minutes, st.none() | minutes),
)


class Model:
    """What the documents say, told from a list of what happened, in seconds since the start.

    The test acts at whole minutes. Outages begin 10 seconds after one, are noticed 5 later, or at once, and end 20
    after one, so that no two things happen at a moment whose order would matter.
    """

    def __init__(self, is_replicated, lag):
        self.is_replicated = is_replicated
        self.lag = lag
        self.outages = []
        self.said = []
        self.puts = []

    def plan(self, now, region, starting, lasting, failover):
        """Plan an outage; gives its three spans."""
        spans = (
            starting * MINUTE + 10,
            lasting * MINUTE + 10,
            0 if failover is None else failover * MINUTE + 5,
        )
        begin = now + spans[0]
        self.outages.append((region, begin, begin + spans[1], begin + spans[2]))
        return spans

    def is_out(self, region, moment):
        return any(place == region and begin <= moment < end for place, begin, end, _ in self.outages)

    def stays_out(self, region, begin, moment):
        """Whether a region is out without a break from one moment to another."""
        reached = begin
        while reached <= moment:
            ends = [
                end for place, start, end, _ in self.outages if place == region and start <= reached < end
            ]
            if not ends:
                return False
            reached = max(ends)
        return True

    def health(self, now, step):
        """Whether the health check is healthy at a step."""
        story = [(time, order, "said", healthy) for time, order, healthy in self.said if order < step]
        for place, begin, end, noticed in self.outages:
            if place == HERE:
                story += [(noticed, 0, "noticed", None)] * self.stays_out(HERE, begin, noticed)
                story += [(end, 0, "back", None)] * (not self.is_out(HERE, end))
        healthy, is_noticed = True, False
        for _, _, what, value in sorted((one for one in story if one[0] <= now), key=lambda one: one[:2]):
            if what == "said":
                healthy = value
            elif what == "noticed" and healthy:
                healthy, is_noticed = False, True
            elif what == "back":
                healthy = healthy or (is_noticed and self.is_replicated)
                is_noticed = False
        return healthy

    def serves(self, now, step):
        """The region that serves at a step; None if it is out, so that nothing is accepted."""
        region = HERE if self.health(now, step) else THERE
        return None if self.is_out(region, now) else region

    def copied_at(self, put):
        """The first moment after the lag at which no region is out."""
        due = put + self.lag
        moments = [due, *(end for _, _, end, _ in self.outages if end >= due)]
        return min(one for one in moments if not any(self.is_out(region, one) for region in REGIONS))

    def processed(self, now):
        """How often each region has processed each event by now."""
        came = {region: Counter() for region in REGIONS}
        for number, moment, region in self.puts:
            came[region][number] += 1
            if self.is_replicated and self.copied_at(moment) <= now:
                other = THERE if region == HERE else HERE
                came[other][number] += 1
        return came


class Run:
    """The mock, with an endpoint and a function in each region."""

    def __init__(self, backend, is_replicated, lag):
        self.backend = backend
        self.model = Model(is_replicated, lag)
        self.now, self.numbers, self.steps = 0, count(), count(1)
        self.came = {region: Counter() for region in REGIONS}
        backend.delays.replication = timedelta(seconds=lag)
        for region, came in self.came.items():
            backend.client(region=region).put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
            backend.target("ship", lambda event, to=came: to.update([event["detail"]["n"]]), region=region)
        self.client = boto3.client("events", HERE, config=Config(retries={"total_max_attempts": 1}))
        self.client.create_endpoint(
            Name="ep",
            RoutingConfig={
                "FailoverConfig": {"Primary": {"HealthCheck": HEALTH_CHECK}, "Secondary": {"Route": THERE}}
            },
            ReplicationConfig={"State": "ENABLED" if is_replicated else "DISABLED"},
            EventBuses=[
                {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/default"}
                for region in REGIONS
            ],
            RoleArn="arn:aws:iam::123456789012:role/r",
        )
        self.endpoint = backend.endpoint("ep")

    def do(self, what, value):
        step = next(self.steps)
        if what == "put":
            self.advance(value)
            self.put(step)
        elif what == "health":
            self.model.said.append((self.now, step, value))
            check = self.endpoint.health_check
            check.set_healthy() if value else check.set_unhealthy()
        else:
            starting, lasting, failover = (
                timedelta(seconds=span) for span in self.model.plan(self.now, *value)
            )
            region = self.backend.region(value[0])
            region.outage(starting=starting, lasting=lasting, failover_after=failover)

    def advance(self, many):
        self.now += many * MINUTE
        self.backend.clock.advance(minutes=many)

    def put(self, step):
        """Put an event, and give up if that fails."""
        number, region = next(self.numbers), self.model.serves(self.now, step)
        entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"n": number})}
        try:
            answer = self.client.put_events(EndpointId=self.endpoint.endpoint_id, Entries=[entry])
        except EndpointConnectionError:
            assert region is None
        else:
            assert answer["Entries"][0]["EventId"] == self.endpoint.events[-1].event_id
            assert self.endpoint.events[-1].region == region
            self.model.puts.append((number, self.now, region))

    def check(self):
        assert self.came == self.model.processed(self.now)
        assert all(
            self.backend.region(region).is_out == self.model.is_out(region, self.now) for region in REGIONS
        )


@example(
    is_replicated=False,
    lag=0,
    first=[("outage", (HERE, 0, 7, None)), ("outage", (HERE, 0, 0, 7))],
    steps=[("put", 3), ("put", 4), ("health", True), ("put", 1)],
)
@settings(max_examples=100, deadline=None)
@given(
    st.booleans(),
    st.sampled_from([0, 1, 90, 400]),
    st.lists(outages, min_size=1, max_size=3),
    st.lists(st.one_of(puts, puts, puts, puts, healths, outages), min_size=15, max_size=30),
)
def test_an_accepted_event_is_processed_by_just_the_regions_that_should(is_replicated, lag, first, steps):
    with mock_events(start_time="2026-11-21T12:00:00Z", isolated=True) as backend:
        run = Run(backend, is_replicated, lag)
        for step in first + steps:
            run.do(*step)
            run.check()
        run.advance(120)
        run.check()
        regions = 2 if is_replicated else 1
        assert sum(run.came.values(), Counter()) == {number: regions for number, _, _ in run.model.puts}
        copies = [(copy.replica_of.event["detail"]["n"], copy.region) for copy in run.endpoint.copies]
        assert len(copies) == len(set(copies)) == len(run.model.puts) * (regions - 1)
        assert backend.deliveries.where(status="delivered") == backend.deliveries
