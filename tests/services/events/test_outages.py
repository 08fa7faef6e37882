"""Regions that are out of service: global-endpoints sections 6 and 7.

[doc] AWS promises to fail over within 360 seconds, and that what was accepted is processed when the region is back;
without replication the health check stays unhealthy until somebody sets it. The rest is [inf].
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from eventmock import mock_events
from eventmock.exceptions import OptionError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE, THERE = "us-east-1", "us-west-2"
ACCOUNT = "123456789012"
ARN = "arn:aws:route53:::healthcheck/7f42"
QUEUE = f"arn:aws:sqs:{HERE}:{ACCOUNT}:dead"
PATTERN = '{"source": ["shop"]}'
MINUTE = timedelta(minutes=1)
WAITS = f"pending: {HERE} is out"

pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z")


@pytest.fixture
def region(events_backend):
    return events_backend.region(HERE)


@pytest.fixture
def check(events_backend):
    return events_backend.health_check(ARN)


@pytest.fixture
def came(events_backend):
    """What came to a function of each region's default bus: the number of each order."""
    came = {HERE: [], THERE: []}
    for place, numbers in came.items():
        events_backend.client(region=place).put_rule(Name="ship", EventPattern=PATTERN)
        events_backend.target("ship", lambda event, to=numbers: to.append(event["detail"]["n"]), region=place)
    return came


def entry(number):
    return {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"n": number})}


@pytest.fixture
def make(events_backend):
    """A function that makes an endpoint of the default buses, at home in us-east-1 unless said, and gives its id."""

    def make(name="ep", state="ENABLED", home=HERE, away=THERE, health_check=ARN):
        client = events_backend.client(region=home)
        client.create_endpoint(
            Name=name,
            RoutingConfig={
                "FailoverConfig": {"Primary": {"HealthCheck": health_check}, "Secondary": {"Route": away}}
            },
            ReplicationConfig={"State": state},
            EventBuses=[
                {"EventBusArn": f"arn:aws:events:{place}:{ACCOUNT}:event-bus/default"}
                for place in (home, away)
            ],
            RoleArn="arn:aws:iam::123456789012:role/r",
        )
        return client.describe_endpoint(Name=name)["EndpointId"]

    return make


@pytest.fixture
def put(events):
    """A function that puts an order of that number, through an endpoint if one is named."""

    def put(number, endpoint_id=None, client=None):
        through = {} if endpoint_id is None else {"EndpointId": endpoint_id}
        return (client or events).put_events(Entries=[entry(number)], **through)["Entries"][0]

    return put


@pytest.fixture
def fails(put):
    """A function that says whether a put fails to connect."""

    def fails(*arguments):
        try:
            put(*arguments)
        except EndpointConnectionError:
            return True
        return False

    return fails


class TestSpan:
    def test_it_lasts_as_long_as_its_block(self, region):
        with region.outage() as outage:
            assert (region.is_out, outage.is_on) == (True, True)
            assert repr(outage) == "<outage of us-east-1, on>"
        assert (region.is_out, outage.is_on) == (False, False)
        assert repr(outage) == "<outage of us-east-1, not on>"

    def test_a_block_that_breaks_ends_it(self, region):
        with pytest.raises(ZeroDivisionError), region.outage():
            _ = 1 / 0
        assert not region.is_out

    def test_it_lasts_until_somebody_ends_it(self, region, pass_time):
        outage = region.outage()
        pass_time(weeks=1)
        assert region.is_out
        outage.end()
        outage.end()
        assert not region.is_out

    def test_it_begins_and_ends_by_the_clock(self, events_backend, region, pass_time):
        outage = region.outage(starting=MINUTE, lasting=2 * MINUTE, failover_after=timedelta(hours=1))
        seen = [outage.is_on]
        for _ in range(4):
            pass_time(minutes=1)
            seen.append(outage.is_on)
        assert seen == [False, True, True, False, False]
        assert events_backend.clock.pending == []

    def test_the_clock_tells_what_is_to_come(self, events_backend, region, pass_time):
        region.outage(starting=MINUTE, lasting=10 * MINUTE)
        assert [str(due) for due in events_backend.clock.pending] == [
            "2026-11-21 12:01:00 outage of us-east-1 begins"
        ]
        pass_time(minutes=1)
        assert [str(due) for due in events_backend.clock.pending] == [
            "2026-11-21 12:07:00 health checks notice the outage of us-east-1",
            "2026-11-21 12:11:00 outage of us-east-1 ends",
        ]

    def test_one_that_is_ended_before_it_begins_does_not_come(self, events_backend, region, pass_time):
        with region.outage(starting=MINUTE) as outage:
            pass_time(seconds=59)
        pass_time(minutes=1)
        assert (region.is_out, outage.is_on, events_backend.clock.pending) == (False, False, [])
        assert list(events_backend.trace) == []

    def test_it_may_begin_in_its_block(self, region, pass_time):
        with region.outage(starting=MINUTE):
            pass_time(minutes=1)
            assert region.is_out
        assert not region.is_out

    def test_overlapping_ones_are_one(self, events_backend, region, pass_time):
        one = region.outage(lasting=3 * MINUTE)
        pass_time(minutes=1)
        region.outage(lasting=4 * MINUTE)
        pass_time(minutes=2)
        assert (one.is_on, region.is_out) == (False, True)
        pass_time(minutes=1)
        assert region.is_out
        pass_time(minutes=1)
        assert not region.is_out
        assert [str(fact) for fact in events_backend.trace] == [
            "us-east-1 is out of service",
            "us-east-1 is back",
        ]

    @pytest.mark.parametrize("name", ["starting", "lasting", "failover_after"])
    @pytest.mark.parametrize("span", [5, "1h", timedelta(-1)])
    def test_a_time_that_is_none_is_refused(self, region, name, span):
        with pytest.raises(OptionError) as caught:
            region.outage(**{name: span})
        assert str(caught.value) == f"outage({name}={span!r}): wanted a timedelta that is not negative"
        assert not region.is_out

    def test_a_region_that_can_be_none_is_refused(self, events_backend):
        with pytest.raises(OptionError, match=r"backend.region\(\)"):
            events_backend.region("mars")

    def test_a_clock_that_was_passed_counts(self):
        with time_machine.travel(NOW, tick=False) as traveller, mock_events(isolated=True) as backend:
            outage = backend.region(HERE).outage(starting=MINUTE, lasting=MINUTE)
            traveller.shift(MINUTE)
            assert outage.is_on
            traveller.shift(MINUTE)
            assert not outage.is_on


class TestClients:
    def test_the_region_s_own_fail_to_connect(self, events_backend, region, fails):
        other = events_backend.client(region=THERE)
        with region.outage():
            assert fails(1)
            assert not fails(1, None, other)
            with pytest.raises(EndpointConnectionError, match=r"https://events\.us-east-1\.amazonaws\.com/"):
                events_backend.client().list_rules()
            assert other.list_rules()["Rules"] == []
        assert not fails(1)

    def test_every_account_s(self, events_backend, region, fails):
        with region.outage():
            assert fails(1, None, events_backend.client(account="222222222222"))

    def test_botocore_tries_again_by_its_own_rules(self, events_backend, region, fails):
        """[run] three attempts in standard mode; its back-off takes no time."""
        config = Config(retries={"mode": "standard", "total_max_attempts": 3})
        client = boto3.client("events", HERE, config=config)
        with region.outage():
            assert fails(1, None, client)
        facts = [str(fact) for fact in events_backend.trace]
        failed = "PutEvents of 123456789012 in us-east-1 failed: us-east-1 is out of service"
        assert facts == ["us-east-1 is out of service", failed, failed, failed, "us-east-1 is back"]

    def test_a_retry_after_the_outage_succeeds(self, region, put, came):
        config = Config(retries={"mode": "standard", "total_max_attempts": 3})
        client, outage, attempts = boto3.client("events", HERE, config=config), region.outage(), []

        def end_after_the_second(**_):
            attempts.append(1)
            if len(attempts) == 2:
                outage.end()

        client.meta.events.register("before-send.eventbridge.PutEvents", end_after_the_second)
        assert "EventId" in put(1, None, client)
        assert (len(attempts), came[HERE]) == (2, [1])


class TestFailover:
    def test_it_takes_360_seconds(self, region, make, put, fails, came, pass_time):
        """[doc] until then the endpoint's clients fail to connect: a producer has to try again."""
        ep = make()
        with region.outage():
            assert fails(1, ep)
            pass_time(seconds=359)
            assert fails(1, ep)
            pass_time(seconds=1)
            assert "EventId" in put(1, ep)
            assert came == {HERE: [], THERE: [1]}
        assert came == {HERE: [1], THERE: [1]}

    def test_it_may_take_no_time(self, events_backend, region, make, put, came):
        ep = make()
        with region.outage(failover_after=timedelta(0)):
            put(1, ep)
            assert events_backend.endpoint("ep").serving_region == THERE
        assert came == {HERE: [1], THERE: [1]}

    def test_it_may_take_another_time(self, region, make, check, pass_time):
        """[doc] at most 420 seconds."""
        make()
        with region.outage(failover_after=timedelta(seconds=420)):
            pass_time(seconds=419)
            assert check.status == "Healthy"
            pass_time(seconds=1)
            assert check.status == "Unhealthy"

    def test_an_outage_that_is_over_by_then_goes_unnoticed(self, region, make, check, pass_time):
        make()
        region.outage(lasting=5 * MINUTE)
        pass_time(minutes=6)
        assert check.changes == []

    def test_only_endpoints_at_home_there_fail_over(self, events_backend, region, make, pass_time):
        make()
        make(name="back", home=THERE, away=HERE, health_check=ARN + "-2")
        with region.outage():
            pass_time(minutes=6)
            assert events_backend.endpoint("ep").serving_region == THERE
            assert events_backend.endpoint("back", region=THERE).serving_region == THERE

    def test_with_replication_it_is_healthy_when_the_region_is_back(self, region, make, check, pass_time):
        """[inf] at once."""
        make()
        with region.outage():
            pass_time(minutes=6)
        assert check.status == "Healthy"

    def test_without_replication_somebody_has_to_set_it(self, events_backend, region, make, put, check, came):
        """[doc] nobody sends to the region, so the alarm has no data."""
        ep = make(state="DISABLED")
        with region.outage(failover_after=timedelta(0)):
            put(1, ep)
        put(2, ep)
        assert (check.status, came) == ("Unhealthy", {HERE: [], THERE: [1, 2]})
        check.set_healthy()
        put(3, ep)
        assert came == {HERE: [3], THERE: [1, 2]}
        assert events_backend.endpoint("ep").serving_region == HERE

    def test_what_was_unhealthy_before_stays_so(self, region, make, check, pass_time):
        """[inf]."""
        make()
        check.set_unhealthy()
        with region.outage():
            pass_time(minutes=6)
        assert check.status == "Unhealthy"

    def test_what_nobody_noticed_heals_nothing(self, region, make, check, pass_time):
        """[inf]."""
        make()
        with region.outage():
            pass_time(minutes=1)
            check.set_unhealthy()
        assert check.status == "Unhealthy"

    def test_overlapping_outages_heal_when_the_last_is_over(self, region, make, check, pass_time):
        make()
        region.outage(lasting=8 * MINUTE)
        pass_time(minutes=6)
        region.outage(lasting=5 * MINUTE)
        pass_time(minutes=4)
        assert (region.is_out, check.status) == (True, "Unhealthy")
        pass_time(minutes=1)
        assert (region.is_out, check.status) == (False, "Healthy")

    def test_another_region_that_is_back_heals_nothing(self, events_backend, region, make, check, pass_time):
        make()
        make(name="back", home=THERE, away=HERE, health_check=ARN + "-2")
        region.outage()
        with events_backend.region(THERE).outage():
            pass_time(minutes=6)
        assert (check.status, events_backend.health_check(ARN + "-2").status) == ("Unhealthy", "Healthy")

    def test_with_both_regions_out_nothing_is_accepted(
        self, events_backend, region, make, fails, came, pass_time
    ):
        ep = make()
        with region.outage():
            pass_time(minutes=6)
            with events_backend.region(THERE).outage():
                assert fails(1, ep)
            assert not fails(2, ep)
        assert came == {HERE: [2], THERE: [2]}


class TestDeliveries:
    def test_what_was_accepted_waits_and_comes_in_order(
        self, events_backend, events, region, put, came, pass_time
    ):
        """[doc] processed when the region is back."""
        calls = []

        def begin(event):
            calls.append(event["detail"]["n"])
            if len(calls) == 1:
                calls.append(region.outage())

        events.put_rule(Name="begin", EventPattern=PATTERN)
        events_backend.target("begin", begin)
        events.put_events(Entries=[entry(number) for number in range(3)])
        waiting = events_backend.deliveries.where(status="pending")
        assert len(waiting) == 5
        assert {(one.outcome, one.waits_for, one.next_attempt) for one in waiting} == {(WAITS, HERE, None)}
        back = pass_time(hours=1)
        calls[1].end()
        assert calls[2:] == [1, 2]
        assert came[HERE] == [0, 1, 2]
        assert {(one.waits_for, one.ended) for one in waiting} == {(None, back)}

    def test_a_retry_that_falls_due_waits(self, events_backend, events, region, put, pass_time):
        times = []

        def fail_once(_event):
            times.append(events_backend.clock.now())
            if len(times) == 1:
                raise RuntimeError

        events.put_rule(Name="r", EventPattern=PATTERN)
        events_backend.target("r", fail_once)
        put(1)
        [delivery] = events_backend.deliveries
        with region.outage():
            assert delivery.next_attempt - NOW < timedelta(seconds=2)
            back = pass_time(hours=1)
            assert (delivery.outcome, len(delivery.attempts)) == (WAITS, 1)
        assert (delivery.status, times) == ("delivered", [NOW, back])

    def test_what_is_too_old_by_then_goes_to_its_queue_when_the_region_is_back(
        self, events_backend, events, region, put, pass_time
    ):
        def fail(_event):
            raise RuntimeError("no")

        events.put_rule(Name="r", EventPattern=PATTERN)
        policy = {"MaximumEventAgeInSeconds": 60}
        events_backend.target("r", fail, RetryPolicy=policy, DeadLetterConfig={"Arn": QUEUE})
        put(1)
        with region.outage():
            pass_time(minutes=5)
            assert events_backend.deliveries[0].outcome == WAITS
            assert list(events_backend.dead_letters) == []
        [letter] = events_backend.dead_letters
        assert letter.attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"

    def test_what_fails_for_good_goes_to_its_queue_when_the_region_is_back(
        self, events_backend, events, region, pass_time
    ):
        events_backend.faults.inject("NO_PERMISSIONS", target=QUEUE.replace("dead", "q"))
        events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
        target = {"Id": "1", "Arn": QUEUE.replace("dead", "q"), "DeadLetterConfig": {"Arn": QUEUE}}
        events.put_targets(Rule="tick", Targets=[target])
        with region.outage():
            pass_time(minutes=1)
            assert list(events_backend.dead_letters) == []
        assert [letter.attributes["ERROR_CODE"] for letter in events_backend.dead_letters] == [
            "NO_PERMISSIONS"
        ]

    def test_schedules_fire_when_the_region_is_back(self, events_backend, events, region, pass_time):
        """[inf] late, none is lost, and each event has the time of its firing."""
        events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
        seen = []
        events_backend.target("tick", lambda event: seen.append(event["time"]))
        with region.outage():
            pass_time(minutes=3)
            assert seen == []
        assert seen == [f"2026-11-21T12:0{minute}:00Z" for minute in (1, 2, 3)]

    def test_an_api_destination_waits_as_well(self, events_backend, events, region, pass_time):
        calls = []
        events_backend.http("https://api.example.com/*", lambda call: calls.append(call.method))
        connection = events.create_connection(
            Name="c",
            AuthorizationType="API_KEY",
            AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
        )
        destination = events.create_api_destination(
            Name="d",
            ConnectionArn=connection["ConnectionArn"],
            InvocationEndpoint="https://api.example.com/x",
            HttpMethod="POST",
        )
        events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
        role = "arn:aws:iam::123456789012:role/r"
        target = {"Id": "1", "Arn": destination["ApiDestinationArn"], "RoleArn": role}
        events.put_targets(Rule="tick", Targets=[target])
        with region.outage():
            pass_time(minutes=1)
            assert calls == []
        assert calls == ["POST"]

    def test_deliveries_of_other_regions_do_not_wait(self, events_backend, region, put, came):
        with region.outage():
            put(1, None, events_backend.client(region=THERE))
            assert came == {HERE: [], THERE: [1]}


class TestTargetsElsewhere:
    def test_a_bus_in_a_region_that_is_out_is_tried_again(self, events_backend, events, put, came, pass_time):
        bus = f"arn:aws:events:{THERE}:{ACCOUNT}:event-bus/default"
        events.put_rule(Name="forward", EventPattern=PATTERN)
        role = "arn:aws:iam::123456789012:role/r"
        events.put_targets(Rule="forward", Targets=[{"Id": "bus", "Arn": bus, "RoleArn": role}])
        with events_backend.region(THERE).outage():
            put(1)
            [delivery] = events_backend.deliveries.where(rule="forward")
            assert (delivery.status, delivery.error) == ("pending", f"{THERE} is out of service")
            pass_time(minutes=1)
            assert came == {HERE: [1], THERE: []}
        pass_time(hours=1)
        assert (delivery.status, came[THERE]) == ("delivered", [1])

    def test_a_queue_in_a_region_that_is_out_is_given_up_in_the_end(
        self, events_backend, events, put, pass_time
    ):
        queue = {"Id": "q", "Arn": f"arn:aws:sqs:{THERE}:{ACCOUNT}:q", "DeadLetterConfig": {"Arn": QUEUE}}
        events.put_rule(Name="ship", EventPattern=PATTERN)
        events.put_targets(Rule="ship", Targets=[queue])
        with events_backend.region(THERE).outage():
            put(1)
            pass_time(hours=24)
        [letter] = events_backend.dead_letters
        assert letter.attributes["ERROR_MESSAGE"] == f"{THERE} is out of service"

    def test_what_fails_after_its_age_was_up_ends_at_once(
        self, events_backend, events, region, put, pass_time
    ):
        queue = f"arn:aws:sqs:{HERE}:{ACCOUNT}:q"
        events.put_rule(Name="ship", EventPattern=PATTERN)
        policy = {"MaximumEventAgeInSeconds": 60}
        events.put_targets(Rule="ship", Targets=[{"Id": "q", "Arn": queue, "RetryPolicy": policy}])
        events_backend.faults.inject(503, target=queue)
        put(0)
        with region.outage(starting=timedelta(0)):
            pass_time(seconds=1)
            put_at = events_backend.events[0].time
            pass_time(minutes=2)
        pass_time(seconds=0)
        [delivery] = events_backend.deliveries
        times = [attempt.time for attempt in delivery.attempts]
        assert (delivery.status, times[0]) == ("dropped", put_at)
        assert times == sorted(times)
        assert delivery.ended >= times[-1]


class TestCopies:
    def test_a_copy_waits_for_the_region_that_it_is_for(self, events_backend, make, put, came):
        """[doc] processed when it is available."""
        ep = make()
        with events_backend.region(THERE).outage():
            put(1, ep)
            [copy] = events_backend.deliveries.where(status="pending")
            assert (copy.waits_for, copy.outcome) == (THERE, f"pending: {THERE} is out")
            assert came == {HERE: [1], THERE: []}
        assert came == {HERE: [1], THERE: [1]}

    def test_a_copy_waits_for_the_region_that_it_comes_from(
        self, events_backend, region, make, put, came, pass_time
    ):
        """[doc] an event that is stuck in the primary is not lost."""
        events_backend.delays.replication = MINUTE
        ep = make()
        put(1, ep)
        with region.outage():
            pass_time(minutes=2)
            [copy] = events_backend.deliveries.where(status="pending")
            assert copy.outcome == WAITS
            assert came == {HERE: [1], THERE: []}
        assert came == {HERE: [1], THERE: [1]}

    def test_a_copy_waits_for_both(self, events_backend, region, make, put, came, pass_time):
        events_backend.delays.replication = MINUTE
        ep = make()
        put(1, ep)
        there = events_backend.region(THERE).outage()
        here = region.outage()
        pass_time(minutes=2)
        here.end()
        assert came[THERE] == []
        [copy] = events_backend.deliveries.where(status="pending")
        assert copy.waits_for == THERE
        there.end()
        assert came[THERE] == [1]

    def test_a_copy_s_deliveries_wait_as_well(self, events_backend, make, put, came):
        ep, outages = make(), []
        events_backend.client(region=THERE).put_rule(Name="a", EventPattern=PATTERN)
        begin = events_backend.region(THERE).outage
        events_backend.target("a", lambda _event: outages.append(begin()), region=THERE)
        put(1, ep)
        assert came == {HERE: [1], THERE: []}
        outages[0].end()
        assert came == {HERE: [1], THERE: [1]}


class TestRecord:
    def test_the_trace_tells_the_story(self, events_backend, region, make, put, fails, pass_time):
        ep = make()
        with region.outage():
            fails(1, ep)
            pass_time(minutes=6)
            put(1, ep)
        kinds = Counter(fact.incident.kind for fact in events_backend.trace if hasattr(fact, "incident"))
        assert (kinds["outage"], kinds["health check"]) == (2, 2)
        assert kinds["request failed"] >= 1
        told = [str(fact) for fact in events_backend.trace]
        assert [line for line in dict.fromkeys(told) if line.startswith(("us-", "health", "PutEvents"))] == [
            "us-east-1 is out of service",
            "PutEvents of 123456789012 in us-east-1 failed: us-east-1 is out of service",
            "health check 7f42 is Unhealthy",
            "us-east-1 is back",
            "health check 7f42 is Healthy",
        ]

    def test_the_report_tells_it_too(self, events_backend, region, make, put, pass_time):
        ep = make()
        with region.outage():
            pass_time(minutes=6)
            put(1, ep)
        lines = events_backend.report().splitlines()
        assert lines[0] == "12:00:00  us-east-1 is out of service"
        assert lines[1] == "12:06:00  health check 7f42 is Unhealthy"
        assert lines[2].startswith('12:06:00  PutEvents  order from shop on "default" in us-west-2')
        assert "12:06:00  us-east-1 is back" in lines

    def test_an_incident_knows_its_region(self, events_backend, region, make):
        make()
        with region.outage(failover_after=timedelta(0)):
            pass
        assert [(fact.incident.kind, fact.incident.region, fact.time) for fact in events_backend.trace] == [
            ("outage", HERE, NOW),
            ("health check", None, NOW),
            ("outage", HERE, NOW),
            ("health check", None, NOW),
        ]


class TestSnapshot:
    def test_it_is_on_again_with_what_waits(
        self, events_backend, events, region, make, came, check, pass_time
    ):
        make()
        events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
        ticks = []
        events_backend.target("tick", lambda event: ticks.append(event["time"][14:16]))
        outage = region.outage()
        pass_time(minutes=1)
        snapshot = events_backend.snapshot()
        for _ in range(2):
            assert (ticks, outage.is_on, check.status) == ([], True, "Healthy")
            pass_time(minutes=5)
            assert check.status == "Unhealthy"
            outage.end()
            assert ticks == ["01", "02", "03", "04", "05", "06"]
            assert check.status == "Healthy"
            events_backend.restore(snapshot)
            ticks.clear()
        assert [one.outcome for one in events_backend.deliveries] == [WAITS]

    def test_one_that_began_later_is_off_again(self, events_backend, region):
        snapshot = events_backend.snapshot()
        outage = region.outage()
        events_backend.restore(snapshot)
        assert (region.is_out, outage.is_on) == (False, False)

    def test_one_that_is_to_come_still_comes(self, events_backend, region, pass_time):
        outage = region.outage(starting=MINUTE)
        snapshot = events_backend.snapshot()
        outage.end()
        events_backend.restore(snapshot)
        pass_time(minutes=1)
        assert outage.is_on

    def test_what_it_healed_it_heals_again(self, events_backend, region, make, check, pass_time):
        make()
        outage = region.outage()
        pass_time(minutes=6)
        snapshot = events_backend.snapshot()
        outage.end()
        events_backend.restore(snapshot)
        assert check.status == "Unhealthy"
        outage.end()
        assert check.status == "Healthy"

    def test_reset_ends_it_and_forgets_what_waits(self, events_backend, events, region, pass_time):
        events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
        ticks = []
        events_backend.target("tick", ticks.append)
        outage, later = region.outage(), region.outage(starting=timedelta(hours=1))
        pass_time(minutes=1)
        events_backend.reset()
        assert (region.is_out, outage.is_on) == (False, False)
        outage.end()
        pass_time(hours=2)
        assert (ticks, later.is_on, list(events_backend.trace)) == ([], False, [])


def test_overlapping_outages_are_noticed_when_the_region_has_been_out_long_enough(
    events_backend, region, make, check, pass_time
):
    make()
    region.outage(lasting=timedelta(seconds=100))
    pass_time(seconds=50)
    region.outage()
    pass_time(seconds=309)
    assert check.status == "Healthy"
    pass_time(seconds=1)
    assert check.status == "Unhealthy"
