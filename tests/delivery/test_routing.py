from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
ROLE = "arn:aws:iam::123456789012:role/r"


def make_rule(client, name, bus="default", pattern='{"source": ["shop"]}', target=None, **members):
    client.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    if target is not None:
        client.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "t", "Arn": target, **members}])


def test_every_target_of_every_rule_that_matches_gets_the_event(events, events_backend, order):
    make_rule(events, "a", target=QUEUE)
    events.put_targets(Rule="a", Targets=[{"Id": "u", "Arn": QUEUE}])
    make_rule(events, "b", target=QUEUE)
    make_rule(events, "c", pattern='{"source": ["other"]}', target=QUEUE)
    events.put_events(Entries=[order])
    assert [(delivery.rule_name, delivery.target_id) for delivery in events_backend.deliveries] == [
        ("a", "t"),
        ("a", "u"),
        ("b", "t"),
    ]
    assert len({delivery.event["id"] for delivery in events_backend.deliveries}) == 1


def test_a_delivery_tells_everything(events, events_backend, order):
    make_rule(events, "r", target=QUEUE)
    events.put_events(Entries=[order])
    [delivery] = events_backend.deliveries
    assert delivery.rule_arn == "arn:aws:events:us-east-1:123456789012:rule/r"
    assert (delivery.bus, delivery.target_arn) == ("default", QUEUE)
    assert (delivery.account, delivery.region) == ("123456789012", "us-east-1")
    assert delivery.json == delivery.event == events_backend.events[0].event


def test_a_disabled_rule_delivers_nothing(events, events_backend, order):
    make_rule(events, "r", target=QUEUE)
    events.disable_rule(Name="r")
    events.put_events(Entries=[order])
    assert events_backend.deliveries == []
    assert [str(verdict) for verdict in events_backend.events[0].unmatched] == [
        "r: the rule is DISABLED; its pattern matches"
    ]


def test_a_rule_with_only_a_schedule_is_not_set_off(events, events_backend, order):
    events.put_rule(Name="r", ScheduleExpression="rate(1 minute)")
    events.put_events(Entries=[order])
    assert (
        events_backend.events[0].unmatched[0].why
        == "the rule has no pattern, only the schedule rate(1 minute)"
    )


def test_what_cannot_be_shaped_is_dropped_before_it_leaves(events, events_backend, order):
    transformer = {"InputPathsMap": {"d": "$.detail"}, "InputTemplate": '{"x": "<d>"}'}
    make_rule(events, "r", target=QUEUE, InputTransformer=transformer)
    events.put_events(Entries=[order])
    assert events_backend.deliveries == []
    [dropped] = events_backend.events[0].deliveries
    assert (dropped.status, dropped.attempts, dropped.request) == ("dropped", [], None)
    assert dropped.reason.startswith("INVALID_JSON: ")
    assert dropped.reason.endswith("; there is no dead-letter queue, so the event is lost")


class TestBusToBus:
    @pytest.fixture
    def chain(self, events_backend):
        """A function that makes a rule on one bus that forwards to another, and one there that delivers."""

        def arn(bus, region="us-east-1", account="123456789012"):
            return f"arn:aws:events:{region}:{account}:event-bus/{bus}"

        def chain(*buses):
            for bus in buses:
                client = events_backend.client(region=bus.get("region"), account=bus.get("account"))
                client.create_event_bus(Name=bus["bus"])
            for one, other in zip(buses, [*buses[1:], None], strict=True):
                client = events_backend.client(region=one.get("region"), account=one.get("account"))
                if other is None:
                    make_rule(client, "end", one["bus"], target=QUEUE)
                else:
                    make_rule(client, "forward", one["bus"], target=arn(**other), RoleArn=ROLE)
            return [arn(**bus) for bus in buses]

        return chain

    def test_within_a_region_the_id_is_kept(self, events, events_backend, chain, order):
        chain({"bus": "one"}, {"bus": "two"})
        answer = events.put_events(Entries=[order | {"EventBusName": "one"}])
        forwarded, delivered = events_backend.deliveries
        assert forwarded.status == delivered.status == "delivered"
        assert delivered.event == forwarded.event
        assert delivered.event["id"] == answer["Entries"][0]["EventId"]
        assert events_backend.events[1].arrived_by is forwarded

    def test_in_another_region_it_is_new_and_the_origin_kept(self, events, events_backend, chain, order):
        chain({"bus": "one"}, {"bus": "two", "region": "eu-west-1"})
        events.put_events(Entries=[order | {"EventBusName": "one"}])
        origin, copy = (delivery.event for delivery in events_backend.deliveries)
        assert copy["id"] != origin["id"]
        assert (copy["account"], copy["region"]) == ("123456789012", "us-east-1")
        assert events_backend.deliveries[1].region == "eu-west-1"

    def test_in_another_account_the_origin_is_kept(self, events, events_backend, chain, order):
        chain({"bus": "one"}, {"bus": "two", "account": "222222222222"})
        events.put_events(Entries=[order | {"EventBusName": "one"}])
        delivered = events_backend.deliveries[1]
        assert (delivered.account, delivered.event["account"]) == ("222222222222", "123456789012")
        assert delivered.event == events_backend.deliveries[0].event

    def test_a_third_bus_in_a_region_is_not_reached(self, events, events_backend, chain, order):
        chain({"bus": "one"}, {"bus": "two"}, {"bus": "three"})
        events.put_events(Entries=[order | {"EventBusName": "one"}])
        assert [delivery.status for delivery in events_backend.deliveries] == ["delivered", "dropped"]
        assert events_backend.deliveries[1].error == (
            f"THIRD_ACCOUNT_HOP_DETECTED: Event ingestion rejected for event {events_backend.events[0].event_id} "
            "because an event can be sent to an event bus target only once. "
            "This event was previously delivered to an event bus target."
        )

    def test_a_third_region_is_not_reached(self, events, events_backend, chain, order):
        chain({"bus": "one"}, {"bus": "two", "region": "eu-west-1"}, {"bus": "three", "region": "us-west-2"})
        events.put_events(Entries=[order | {"EventBusName": "one"}])
        assert events_backend.deliveries[1].error.startswith("THIRD_REGION_HOP_DETECTED: ")

    def test_after_a_region_one_more_hop_is_allowed(self, events, events_backend, chain, order):
        chain({"bus": "one"}, {"bus": "two", "region": "eu-west-1"}, {"bus": "three", "region": "eu-west-1"})
        events.put_events(Entries=[order | {"EventBusName": "one"}])
        assert [delivery.status for delivery in events_backend.deliveries] == ["delivered"] * 3

    def test_two_buses_that_forward_to_each_other_stop(self, events, events_backend, order):
        for one, other in (("a", "b"), ("b", "a")):
            events.create_event_bus(Name=one)
            make_rule(
                events,
                "forward",
                one,
                target=f"arn:aws:events:us-east-1:123456789012:event-bus/{other}",
                RoleArn=ROLE,
            )
        events.put_events(Entries=[order | {"EventBusName": "a"}])
        assert [delivery.status for delivery in events_backend.deliveries] == ["delivered", "dropped"]

    def test_a_bus_that_is_gone_swallows_the_event(self, events, events_backend, order):
        make_rule(events, "r", target="arn:aws:events:us-east-1:123456789012:event-bus/gone", RoleArn=ROLE)
        events.put_events(Entries=[order])
        assert events_backend.events[1].dropped == "there is no event bus 'gone' in 123456789012, us-east-1"
