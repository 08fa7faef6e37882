"""The same events run through the rules and through the proposed subscribers, and what differs is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from eventmock.exceptions import InvalidEntry, OptionError

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/rules"


def arn(service, resource):
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


QUEUE, DEAD = arn("sqs", "parcels"), arn("sqs", "dead")


def transformer(template, **paths):
    return {"InputTransformer": {"InputTemplate": template, "InputPathsMap": paths}}


class TestTheSame:
    @pytest.mark.parametrize(
        "target",
        [
            {"Arn": QUEUE},
            {"Arn": QUEUE, "InputPath": "$.detail.id"},
            {"Arn": arn("sqs", "q.fifo"), "SqsParameters": {"MessageGroupId": "$.detail.id"}},
            {"Arn": arn("sns", "topic"), **transformer('"Order <id>"', id="$.detail.id")},
            {"Arn": arn("lambda", "function:f"), **transformer('{"id": <id>}', id="$.detail.id")},
            {
                "Arn": arn("kinesis", "stream/s"),
                "RoleArn": ROLE,
                "KinesisParameters": {"PartitionKeyPath": "$.detail.id"},
            },
            {"Arn": arn("firehose", "deliverystream/d"), "RoleArn": ROLE},
            {"Arn": arn("states", "stateMachine:m"), "RoleArn": ROLE, "Input": '{"a": 1}'},
            {"Arn": arn("events", "event-bus/other"), "RoleArn": ROLE},
            {
                "Arn": arn("ecs", "cluster/c"),
                "RoleArn": ROLE,
                "EcsParameters": {"TaskDefinitionArn": arn("ecs", "task-definition/t:1")},
            },
            {
                "Arn": arn("execute-api", "abcdefghij/prod/POST/orders/*"),
                "RoleArn": ROLE,
                "HttpParameters": {
                    "PathParameterValues": ["$.detail.id"],
                    "QueryStringParameters": {"q": "$.source"},
                },
            },
        ],
        ids=lambda target: target["Arn"].split(":")[2],
    )
    def test_each_kind_of_target_gets_the_same(self, backend, rule, order, target):
        rule("ship", target)
        compared = backend.migration("orders").compare([order(id="o-1"), order(id="o-2")])
        assert compared.differing == []
        assert [one.is_delivered for one in compared.outcomes] == [True, True]
        compared.assert_safe()
        assert compared.verdict == "1 of 1 target gets the same"

    def test_an_api_destination_gets_the_same(self, backend, rule, order):
        client = backend.client("events")
        connection = client.create_connection(
            Name="shop",
            AuthorizationType="API_KEY",
            AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}},
        )["ConnectionArn"]
        destination = client.create_api_destination(
            Name="shop",
            ConnectionArn=connection,
            InvocationEndpoint="https://shop.example/orders/*",
            HttpMethod="POST",
        )["ApiDestinationArn"]
        http = {"PathParameterValues": ["$.detail.id"], "HeaderParameters": {"X-Id": "$.detail.id"}}
        rule("ship", {"Arn": destination, "RoleArn": ROLE, "HttpParameters": http})
        assert backend.migration("orders").compare([order(id="o-1")]).differing == []

    def test_no_function_of_the_test_is_called(self, backend, rule, order):
        rule("ship", {"Arn": QUEUE})
        got = []
        backend.target(QUEUE, got.append)
        backend.migration("orders").compare([order(id="1")])
        assert got == []
        assert len(backend.events) == 0

    def test_events_may_be_events_or_entries_or_texts(self, backend, rule, order):
        rule("ship", {"Arn": QUEUE})
        event = {"source": "shop", "detail-type": "t", "detail": {"a": 1}, "time": "2026-01-01T00:00:00Z"}
        given = [
            {**order(a=1), "Time": datetime(2026, 1, 1, tzinfo=UTC), "Resources": ["r"]},
            event,
            json.dumps(event),
            json.dumps({**order(), "Time": "2026-01-01T00:00:00", "Resources": ["r"]}),
            {"source": "aws.s3", "detail-type": "t", "detail": {}},
        ]
        compared = backend.migration("orders").compare(given)
        assert [one.is_delivered for one in compared.outcomes] == [True, True, True, True, False]
        assert compared.is_safe


class TestWhatDiffers:
    def test_a_difference_that_the_plan_announces_is_safe(self, backend, rule):
        rule("mail", {"Arn": QUEUE, **transformer('{"text": "costs <total>"}', total="$.detail.total")})
        event = '{"source": "shop", "detail-type": "Order", "detail": {"total": 1.50}}'
        compared = backend.migration("orders").compare([event])
        [difference] = compared.outcomes[0].differences
        assert (difference.classic, difference.subscriber) == ('"costs 1.50"', '"costs 1.5"')
        assert difference.is_announced
        assert compared.is_safe
        assert str(compared).splitlines()[:5] == [
            "0 of 1 target get the same; 1 differs (1 event)",
            "",
            "mail -> sqs parcels: differs",
            "  event 1, Order from shop: text is another value",
            '    rule:       "costs 1.50"',
        ]

    def test_a_target_without_a_subscriber_loses_events(self, backend, rule, order):
        rule("audit", {"Arn": arn("logs", "log-group:audit")})
        compared = backend.migration("orders").compare([order()])
        assert [one.event for one in compared.lost] == ["event 1, Order from shop"]
        with pytest.raises(AssertionError, match="audit -> logs log-group:audit: loses events"):
            compared.assert_safe()

    def test_what_the_subscriber_delivers_and_classic_does_not_is_told(self, backend, rule, order):
        rule("mail", {"Arn": QUEUE, **transformer('"for <name>"', name="$.detail.name")})
        compared = backend.migration("orders").compare([order(name='a "b"')])
        [difference] = compared.outcomes[0].differences
        assert "Classic delivers nothing, and the subscriber delivers" in difference.text
        assert difference.is_announced

    def test_an_event_that_neither_delivers_is_no_difference(self, backend, rule, order):
        rule("ship", {"Arn": arn("sqs", "q.fifo"), "SqsParameters": {"MessageGroupId": "$.detail.id"}})
        compared = backend.migration("orders").compare([order()])
        assert compared.differing == []
        assert not compared.outcomes[0].is_delivered

    def test_a_subscriber_that_aws_refuses_loses_events(self, backend, rule, order, monkeypatch):
        from eventmock.migration import plan

        rule("ship", {"Arn": QUEUE})
        monkeypatch.setattr(plan, "made_up_role", lambda _: "arn:aws:iam::111122223333:role/r")
        compared = backend.migration("orders").compare([order()])
        assert list(compared.refused) == ["ship"]
        assert not compared.is_safe
        assert "AWS refuses the subscriber: AccessDeniedException" in str(compared)

    def test_a_target_that_no_event_came_to_is_told(self, backend, rule, order):
        rule("ship", {"Arn": QUEUE}, pattern={"detail": {"state": ["PAID"]}})
        compared = backend.migration("orders").compare([order(state="NEW")])
        assert compared.verdict == "0 of 1 target get the same; 1 was not tried"
        assert "  ship -> sqs parcels" in str(compared).splitlines()


class TestATargetThatFails:
    def test_is_tried_as_often_and_leaves_another_dead_letter(self, backend, rule, order):
        policy = {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 86400}
        rule("ship", {"Arn": QUEUE, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": DEAD}})
        compared = backend.migration("orders").compare([order(id="1")])
        [failing] = compared.failing
        assert failing.attempts == (4, 4)
        assert failing.attempts_if_refused == (1, 4)
        assert failing.dead_letters == (1, 1)
        assert str(compared).splitlines()[2:7] == [
            "if a target fails:",
            "  ship -> sqs parcels",
            "    throttled: 4 attempts on both sides",
            "    refused: 1 attempt of the rule, 4 of the subscriber",
            "    given up: the dead-letter queue gets the event from the rule, and its id only from the subscriber",
        ]


class TestWhatIsWrong:
    def test_there_is_no_event(self, backend):
        with pytest.raises(OptionError, match="there is no event"):
            backend.migration("orders").compare([])

    @pytest.mark.parametrize(
        ("event", "said"),
        [
            (
                {"a": 1},
                "event 1: wanted an entry of PutEvents, or an event as rules see it: it has no source",
            ),
            ("[1]", "it has no source"),
            ("{", "not JSON"),
            ({"Source": "aws.x", "DetailType": "t", "Detail": "{}"}, "PutEvents would refuse this entry"),
            ({"Source": "x", "DetailType": "t", "Detail": {"a": 1}}, "wanted JSON text"),
        ],
    )
    def test_an_event_is_none(self, backend, event, said):
        with pytest.raises(InvalidEntry, match=said.replace("[", r"\[")):
            backend.migration("orders").compare([event])
