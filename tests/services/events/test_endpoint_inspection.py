"""What a tester asks of an endpoint: global-endpoints section 7, which is all [inf]."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from eventmock import pattern
from eventmock.exceptions import NoSuchEndpoint

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE, THERE = "us-east-1", "us-west-2"
ARN = "arn:aws:route53:::healthcheck/7f42"
PATTERN = '{"source": ["shop"]}'

pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z")


@pytest.fixture
def there(events_backend):
    return events_backend.client(region=THERE)


@pytest.fixture
def both(events, there):
    return events, there


@pytest.fixture
def make(events, events_backend, both):
    """A function that makes the endpoint, and its buses if they are not there."""

    def make():
        if len(events.list_event_buses()["EventBuses"]) == 1:
            for client in both:
                client.create_event_bus(Name="orders")
        events.create_endpoint(
            Name="ep",
            RoutingConfig={
                "FailoverConfig": {"Primary": {"HealthCheck": ARN}, "Secondary": {"Route": THERE}}
            },
            EventBuses=[
                {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/orders"}
                for region in (HERE, THERE)
            ],
            RoleArn="arn:aws:iam::123456789012:role/r",
        )
        return events_backend.endpoint("ep")

    return make


@pytest.fixture
def ep(make):
    return make()


@pytest.fixture
def drift(events_backend, ep):
    """A function that tells the drift, a line each."""
    return lambda: list(map(str, ep.drift()))


def put(client, ep, order):
    return client.put_events(EndpointId=ep.endpoint_id, Entries=[order | {"EventBusName": "orders"}])


def test_it_is_found_by_name_region_and_account(events_backend, ep, events):
    shown = events.describe_endpoint(Name="ep")
    assert (ep.endpoint_id, ep.record.name, ep.record.arn) == (
        shown["EndpointId"],
        "ep",
        shown["Arn"],
    )
    assert ep.health_check is events_backend.health_check(ARN)
    assert events_backend.endpoint("ep", region=HERE, account="123456789012").record is ep.record


@pytest.mark.parametrize(
    ("name", "where", "text"),
    [
        ("eq", {}, "there is no endpoint 'eq' in 123456789012, us-east-1; endpoints there: ep"),
        (
            "ep",
            {"region": THERE},
            "there is no endpoint 'ep' in 123456789012, us-west-2; endpoints there: none. "
            "There is one with region='us-east-1', account='123456789012'",
        ),
        (
            "ep",
            {"account": "222222222222"},
            "there is no endpoint 'ep' in 222222222222, us-east-1; endpoints there: none. "
            "There is one with region='us-east-1', account='123456789012'",
        ),
    ],
)
def test_one_that_is_not_there(events_backend, ep, name, where, text):
    with pytest.raises(NoSuchEndpoint) as caught:
        events_backend.endpoint(name, **where)
    assert str(caught.value) == text


def test_the_region_that_serves_follows_the_health_check(ep):
    assert ep.serving_region == HERE
    ep.health_check.set_unhealthy()
    assert ep.serving_region == THERE


class TestHistory:
    def test_it_begins_with_the_endpoint(self, ep, pass_time):
        pass_time(minutes=1)
        assert ep.history == [(NOW, HERE)]

    def test_it_tells_every_change(self, ep, pass_time):
        one = pass_time(minutes=1)
        ep.health_check.set_unhealthy()
        pass_time(minutes=1)
        ep.health_check.set_unhealthy()
        two = pass_time(minutes=1)
        ep.health_check.set_healthy()
        assert ep.history == [(NOW, HERE), (one, THERE), (two, HERE)]

    def test_what_was_before_the_endpoint_counts_for_its_beginning(self, events_backend, make, pass_time):
        check = events_backend.health_check(ARN)
        check.set_unhealthy()
        made = pass_time(minutes=1)
        ep = make()
        assert ep.history == [(made, THERE)]
        back = pass_time(minutes=1)
        check.set_healthy()
        assert ep.history == [(made, THERE), (back, HERE)]

    def test_a_change_there_and_back_before_it_does_not_show(self, events_backend, make, pass_time):
        check = events_backend.health_check(ARN)
        check.plan((timedelta(minutes=1), "Unhealthy"), (timedelta(minutes=2), "Healthy"))
        made = pass_time(minutes=3)
        assert make().history == [(made, HERE)]

    def test_it_shows_what_an_outage_did(self, events_backend, ep, pass_time):
        with events_backend.region(HERE).outage():
            out = pass_time(minutes=6)
            back = pass_time(minutes=1)
        assert ep.history == [(NOW, HERE), (out, THERE), (back, HERE)]


class TestEvents:
    def test_events_are_what_was_put_through_it(self, events, events_backend, ep, order):
        put(events, ep, order)
        events.put_events(Entries=[order | {"EventBusName": "orders"}])
        ep.health_check.set_unhealthy()
        put(events, ep, order)
        assert [event.region for event in ep.events] == [HERE, THERE]
        assert {event.endpoint for event in ep.events} == {ep.record.arn}
        assert len(events_backend.events) == 5

    def test_copies_are_what_replication_made_of_them(self, events, ep, order):
        put(events, ep, order)
        ep.health_check.set_unhealthy()
        put(events, ep, order)
        assert [copy.region for copy in ep.copies] == [THERE, HERE]
        assert [copy.replica_of for copy in ep.copies] == list(ep.events)

    def test_a_managed_rule_is_no_rule_that_a_tester_misses(self, events, ep, order):
        put(events, ep, order)
        assert ep.events[0].problem == "matched nothing: there are no rules on 'orders' but managed ones"


class TestDrift:
    @pytest.fixture(autouse=True)
    def _rules(self, ep, both):
        for client in both:
            client.put_rule(Name="ship", EventBusName="orders", EventPattern=PATTERN)

    @pytest.fixture
    def put_rule(self):
        return lambda client, **members: client.put_rule(
            **{"Name": "ship", "EventBusName": "orders", "EventPattern": PATTERN} | members
        )

    def test_alike_there_is_none(self, drift):
        """The managed rules differ in their region, and are left out."""
        assert drift() == []

    def test_a_rule_that_is_missing(self, both, put_rule, drift):
        put_rule(both[0], Name="one")
        put_rule(both[1], Name="other")
        assert drift() == [
            f"rule one is in {HERE} and not in {THERE}",
            f"rule other is in {THERE} and not in {HERE}",
        ]

    def test_another_pattern(self, both, put_rule, drift):
        put_rule(both[1], EventPattern='{"source": ["web"]}')
        assert drift() == [
            f'rule ship: its pattern is {{"source": ["shop"]}} in {HERE} and {{"source": ["web"]}} in {THERE}; '
            f'{{"source": "shop"}} matches only in {HERE}, {{"source": "web"}} matches only in {THERE}'
        ]

    def test_a_pattern_that_takes_less_is_told_with_an_event(self, both, put_rule, drift):
        put_rule(both[1], EventPattern='{"source": [{"prefix": "shop"}]}')
        [found] = drift()
        assert found.startswith('rule ship: its pattern is {"source": ["shop"]} in ')
        [taken] = re.findall(rf"; the rule in {HERE} takes less: (.*) matches only in {THERE}$", found)
        assert pattern.compile({"source": [{"prefix": "shop"}]}).matches(taken)
        assert not pattern.compile(PATTERN).matches(taken)
        put_rule(both[0], EventPattern='{"source": [{"prefix": "sho"}]}')
        assert f"; the rule in {THERE} takes less: " in drift()[0]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"source": ["a", "b"]}, {"source": ["b", "a", "b"]}),
            ({"source": [{"prefix": "a"}]}, {"source": [{"wildcard": "a*"}, "ab"]}),
            ({"source": ["a", "b"], "detail": {"n": [1]}}, {"$or": [
                {"source": ["b"], "detail": {"n": [1.0]}}, {"source": ["a"], "detail": {"n": [1]}}]}),
            ({"region": [HERE], "detail": {"n": [1]}}, {"detail": {"n": [{"numeric": ["=", 1]}]}, "region": [THERE]}),
            ({"region": [{"prefix": "us-"}]}, {"region": [{"prefix": "us-"}, {"prefix": "us-w"}]}),
        ],
    )  # fmt: skip
    def test_patterns_that_match_the_same_events_are_no_drift(self, both, put_rule, drift, one, other):
        for client, given in zip(both, (one, other), strict=True):
            put_rule(client, EventPattern=json.dumps(given))
        assert drift() == []

    def test_a_pattern_that_names_the_region_of_the_other_rule_is_drift(self, both, put_rule, drift):
        for client in both:
            put_rule(client, EventPattern=json.dumps({"region": [HERE]}))
        [found] = drift()
        assert f'; {{"region": "{HERE}"}} matches only in {HERE}' in found

    def test_patterns_whose_difference_is_not_known_are_drift(self, both, put_rule, drift):
        below_empty_name = {"detail": {"a": {"": {"b": [1]}}, "n": [1]}}
        put_rule(both[0], EventPattern='{"detail": {"n": [1]}}')
        put_rule(both[1], EventPattern=json.dumps({"$or": [{"detail": {"n": [1]}}, below_empty_name]}))
        assert drift()[0].endswith("; whether they match the same events is not known")

    def test_a_pattern_that_is_only_spelled_otherwise_is_the_same(self, both, put_rule, drift):
        put_rule(both[1], EventPattern='{ "source":["\\u0073hop"] }')
        assert drift() == []

    def test_another_state(self, both, put_rule, drift):
        put_rule(both[0], State="DISABLED")
        assert drift() == [f'rule ship: its state is "DISABLED" in {HERE} and "ENABLED" in {THERE}']

    def test_a_target_that_is_missing(self, events_backend, ep, drift):
        events_backend.target("ship", bus="orders", region=THERE)
        [one] = ep.drift()
        assert (one.rule_name, one.target_id) == ("ship", "function-1")
        assert str(one) == one.what == f"target function-1 of rule ship is in {THERE} and not in {HERE}"
        events_backend.target("ship", bus="orders")
        events_backend.target("ship", bus="orders")
        assert drift() == [f"target function-2 of rule ship is in {HERE} and not in {THERE}"]

    def test_an_archive_that_is_missing(self, both, drift):
        """Its own rule is not told of as well."""
        source = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
        both[0].create_archive(ArchiveName="all", EventSourceArn=source)
        assert drift() == [f"archive all is in {HERE} and not in {THERE}"]
        both[1].create_archive(ArchiveName="all", EventSourceArn=source.replace(HERE, THERE))
        both[1].create_archive(ArchiveName="more", EventSourceArn=source.replace(HERE, THERE))
        assert drift() == [f"archive more is in {THERE} and not in {HERE}"]

    def test_members_of_targets_that_differ_in_more_than_the_region(self, both, drift):
        queues = "arn:aws:sqs:{}:123456789012:{}"
        for client, region, name in ((both[0], HERE, "ship"), (both[1], THERE, "shipp")):
            target = {"Id": "q", "Arn": queues.format(region, name)}
            target["DeadLetterConfig"] = {"Arn": queues.format(region, "dead")}
            client.put_targets(Rule="ship", EventBusName="orders", Targets=[target])
        text = 'target q of rule ship: its Arn is "{}" in {} and "{}" in {}'
        arns = queues.format(HERE, "ship"), queues.format(THERE, "shipp")
        assert drift() == [text.format(arns[0], HERE, arns[1], THERE)]
        both[1].put_targets(
            Rule="ship",
            EventBusName="orders",
            Targets=[{"Id": "q", "Arn": queues.format(THERE, "ship"), "InputPath": "$.detail"}],
        )
        dead = f'{{"Arn": "{queues.format(HERE, "dead")}"}}'
        assert drift() == [
            f"target q of rule ship: its DeadLetterConfig is {dead} in {HERE} and null in {THERE}",
            f'target q of rule ship: its InputPath is null in {HERE} and "$.detail" in {THERE}',
        ]

    def test_policies_that_differ_in_more_than_the_region(self, both, drift):
        permission = {"Action": "events:PutEvents", "Principal": "222222222222", "StatementId": "x"}
        both[0].put_permission(EventBusName="orders", **permission)
        [found] = drift()
        assert found.startswith("the bus: its policy is {")
        assert found.endswith(f"in {HERE} and null in {THERE}")
        both[1].put_permission(EventBusName="orders", **permission)
        assert drift() == []

    def test_a_bus_that_is_gone_has_no_rules(self, events, there, drift):
        events.update_endpoint(Name="ep", ReplicationConfig={"State": "DISABLED"})
        there.delete_rule(Name="ship", EventBusName="orders")
        there.delete_event_bus(Name="orders")
        assert drift() == [f"rule ship is in {HERE} and not in {THERE}"]


def test_another_schedule_is_drift(events_backend, both):
    for client, minutes in zip(both, (5, 6), strict=True):
        client.put_rule(Name="tick", ScheduleExpression=f"rate({minutes} minutes)")
    both[0].create_endpoint(
        Name="ep",
        RoutingConfig={"FailoverConfig": {"Primary": {"HealthCheck": ARN}, "Secondary": {"Route": THERE}}},
        ReplicationConfig={"State": "DISABLED"},
        EventBuses=[
            {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/default"}
            for region in (HERE, THERE)
        ],
    )
    assert list(map(str, events_backend.endpoint("ep").drift())) == [
        f'rule tick: its schedule is "rate(5 minutes)" in {HERE} and "rate(6 minutes)" in {THERE}'
    ]
