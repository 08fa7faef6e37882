from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from eventmock import mock_events
from eventmock.backend.report.flow import flow_of
from eventmock.commands import demo
from eventmock.services.events.rules import Rule

pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z", region="us-east-1")

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
START = "2026-11-21T12:00:00.000Z"
PATTERN = '{"source": ["shop"]}'
BASIC = {"BasicAuthParameters": {"Username": "jo", "Password": "s3cret"}}
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret"}}
OAUTH = {
    "OAuthParameters": {
        "ClientParameters": {"ClientID": "me", "ClientSecret": "s3cret"},
        "AuthorizationEndpoint": "https://auth.example.com/token",
        "HttpMethod": "POST",
    }
}
FROM_AWS = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
    "Content-Length": "***",
    "Host": "api.example.com",
}


@pytest.fixture
def flow(events_backend):
    """A function that gives the flow, and sees that it is plain JSON."""

    def flow(**more):
        backend = events_backend
        made = flow_of(
            backend.state.ledger, account=backend.default_account, region=backend.default_region, **more
        )
        assert json.loads(json.dumps(made)) == made
        return made

    return flow


@pytest.fixture
def rule(events):
    """A function that makes a rule with one target."""

    def rule(name, arn=QUEUE, pattern=PATTERN, **target):
        events.put_rule(Name=name, EventPattern=pattern)
        events.put_targets(Rule=name, Targets=[{"Id": "t", "Arn": arn, **target}])

    return rule


@pytest.fixture
def api(events, rule):
    """A function that makes an API destination the target of a rule."""

    def api(kind, parameters, url="https://api.example.com/orders", **target):
        connection = events.create_connection(Name="c", AuthorizationType=kind, AuthParameters=parameters)
        destination = events.create_api_destination(
            Name="d", ConnectionArn=connection["ConnectionArn"], HttpMethod="POST", InvocationEndpoint=url
        )
        target = target or {"InputPath": "$.detail"}
        rule("call", destination["ApiDestinationArn"], RoleArn=ROLE, **target)

    return api


def test_nothing_happened(flow):
    assert flow() == {
        "region": "us-east-1",
        "account": ACCOUNT,
        "events": [],
        "firings": [],
        "incidents": [],
        "steps": [],
        "refused_requests": [],
    }


def test_an_event_its_rules_and_its_delivery(events, rule, order, flow):
    rule("ship", pattern='{"detail": {"state": ["PAID", {"prefix": "PRE"}]}}', InputPath="$.detail")
    rule(
        "refund",
        pattern='{"source": ["shop"], "detail": {"state": ["RETURNED"], "total": [{"exists": true}]}}',
    )
    event_id = events.put_events(Entries=[order])["Entries"][0]["EventId"]
    rules = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/"
    state = {"path": "detail.state", "held": ['"PAID"']}
    [event] = flow()["events"]
    assert json.loads(event.pop("content"))["detail"] == {"state": "PAID"}
    assert event == {
        "number": 1,
        "time": START,
        "bus": "default",
        "region": "us-east-1",
        "account": ACCOUNT,
        "origin": "PutEvents",
        "source": "shop",
        "detail_type": "order",
        "id": event_id,
        "refused": None,
        "dropped": None,
        "problem": None,
        "notes": [],
        "endpoint": None,
        "arrived_by": None,
        "replica_of": None,
        "archives": [],
        "rules": [
            {
                "name": "ship",
                "arn": f"{rules}ship",
                "matched": True,
                "why": "matches",
                "fields": [state | {"wanted": ['"PAID"', 'prefix "PRE"'], "satisfied": True}],
                "alternatives": 1,
                "archive": None,
                "replicates": None,
                "is_users_own": True,
            },
            {
                "name": "refund",
                "arn": f"{rules}refund",
                "matched": False,
                "why": 'detail.state held "PAID", wanted one of ["RETURNED"]',
                "fields": [
                    {"path": "source", "held": ['"shop"'], "wanted": ['"shop"'], "satisfied": True},
                    state | {"wanted": ['"RETURNED"'], "satisfied": False},
                    {"path": "detail.total", "held": [], "wanted": ["exists: true"], "satisfied": False},
                ],
                "alternatives": 1,
                "archive": None,
                "replicates": None,
                "is_users_own": True,
            },
        ],
        "more_rules": 0,
        "deliveries": [
            {
                "number": 1,
                "rule": "ship",
                "rule_arn": f"{rules}ship",
                "target_id": "t",
                "target_arn": QUEUE,
                "target": "sqs q",
                "kind": "SQS queue",
                "status": "delivered",
                "outcome": "delivered (recorded: nobody stands at the other end)",
                "taken_by": "nobody",
                "body": '{"state":"PAID"}',
                "attempts": [{"number": 1, "time": START, "error": None, "details": []}],
                "next_attempt": None,
                "ended": START,
                "reason": None,
                "waits_for": None,
                "replicates": None,
                "notes": [],
                "missing_permissions": [],
                "invocations": [],
                "dead_letter": None,
                "request": {
                    "service": "sqs",
                    "operation": "SendMessage",
                    "region": "us-east-1",
                    "account": ACCOUNT,
                    "parameters": {
                        "QueueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q",
                        "MessageBody": '{"state":"PAID"}',
                    },
                },
            }
        ],
    }


def test_a_dead_letter(events, events_backend, rule, order, flow):
    rule("ship", DeadLetterConfig={"Arn": DEAD}, RetryPolicy={"MaximumRetryAttempts": 1})
    events_backend.faults.inject(503, target=QUEUE)
    events.put_events(Entries=[order])
    events_backend.clock.advance(minutes=1)
    made = flow()
    [event] = made["events"]
    [delivery] = event["deliveries"]
    second = delivery["ended"]
    assert START < second < "2026-11-21T12:01"
    error = "HTTP status 503"
    assert delivery["attempts"] == [
        {"number": 1, "time": START, "error": error, "details": []},
        {"number": 2, "time": second, "error": error, "details": []},
    ]
    assert (delivery["status"], delivery["taken_by"], delivery["next_attempt"]) == (
        "dead-lettered",
        None,
        None,
    )
    assert delivery["reason"] == f"{error}; MaximumRetryAttempts reached after 1 retry"
    assert delivery["dead_letter"] == {
        "queue_arn": DEAD,
        "queue": "sqs dead",
        "time": second,
        "body": event["content"],
        "attributes": events_backend.dead_letters[0].attributes,
        "taken_by": "nobody",
    }
    assert made["steps"] == [
        {"time": START, "what": "event", "number": 1},
        {"time": second, "what": "end", "number": 1},
    ]


def test_what_waits(events, events_backend, rule, order, flow):
    rule("ship")
    events_backend.faults.inject(503, target=QUEUE)
    events.put_events(Entries=[order])
    with events_backend.region("us-east-1").outage():
        events_backend.clock.advance(minutes=1)
        [delivery] = flow()["events"][0]["deliveries"]
        assert (delivery["status"], delivery["waits_for"]) == ("pending", "us-east-1")
    [delivery] = flow()["events"][0]["deliveries"]
    assert (delivery["ended"], delivery["waits_for"], delivery["request"]["operation"]) == (
        None,
        None,
        "SendMessage",
    )
    assert delivery["next_attempt"] > "2026-11-21T12:01"


def test_before_the_first_attempt_nothing_is_called(events, events_backend, rule, order, flow):
    rule("ship")
    rule("report")
    seen = []
    events_backend.target(
        where=lambda delivery: delivery.rule_name == "report", function=lambda _: seen.append(flow())
    )
    events.put_events(Entries=[order])
    waiting = seen[0]["events"][0]["deliveries"][1]
    assert (waiting["rule"], waiting["attempts"], waiting["request"]) == ("ship", [], None)


def test_what_was_lost_or_refused(events, order, flow):
    refused = {"Source": "shop", "DetailType": "order", "Detail": "no JSON"}
    events.put_events(Entries=[order | {"EventBusName": "nope"}, refused])
    lost, refused = flow(elsewhere=lambda event: [f"a note on {event.bus}"])["events"]
    assert lost["dropped"] == f"there is no event bus 'nope' in {ACCOUNT}, us-east-1; there are default"
    assert lost["problem"] == f"went nowhere: {lost['dropped']}"
    assert (lost["rules"], lost["more_rules"], lost["notes"]) == ([], 0, ["a note on nope"])
    assert (refused["id"], refused["content"], refused["rules"]) == (None, None, [])
    assert refused["refused"] == "MalformedDetail: Detail is malformed."
    assert refused["notes"][0].startswith("a Detail must be JSON")
    assert refused["notes"][1:] == ["a note on default"]


def test_a_schedule_makes_an_event_and_an_archive_keeps_one(events, events_backend, order, flow):
    bus = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
    events.create_archive(ArchiveName="all", EventSourceArn=bus, EventPattern=PATTERN)
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 hour)")
    events.put_events(Entries=[order])
    events_backend.clock.advance(hours=1)
    kept, fired = flow()["events"]
    assert kept["archives"] == ["all"]
    assert [(rule["name"], rule["matched"], rule["archive"]) for rule in kept["rules"]] == [
        ("Events-Archive-all", True, "all"),
        ("nightly", False, None),
    ]
    assert fired["origin"] == "schedule"
    nightly = fired["rules"][0]
    assert (nightly["name"], nightly["matched"], nightly["why"]) == (
        "nightly",
        True,
        "its schedule made the event",
    )
    assert (nightly["fields"], nightly["alternatives"]) == ([], 0)


def test_a_disabled_rule_says_so(events, order, flow):
    events.put_rule(
        Name="ship", EventPattern='{"$or": [{"source": ["shop"]}, {"account": ["1"]}]}', State="DISABLED"
    )
    events.put_events(Entries=[order])
    [rule] = flow()["events"][0]["rules"]
    assert (rule["matched"], rule["alternatives"]) == (False, 2)
    assert rule["why"].startswith("the rule is DISABLED")


class TestManyRules:
    """25 rules that want what no event has: r00 to r19 besides lack another field, so r20 to r24 are nearer."""

    @pytest.fixture(autouse=True)
    def many_rules(self, events):
        far = '{"source": ["bank"], "detail": {"state": ["LOST"]}}'
        near = '{"source": ["shop"], "detail": {"state": ["LOST"]}}'
        events.put_rule(Name="r-nightly", ScheduleExpression="rate(1 day)")
        for number in range(25):
            events.put_rule(Name=f"r{number:02}", EventPattern=far if number < 20 else near)

    def test_the_nearest_10_of_an_event_that_matched_nothing_are_told(self, events, order, flow):
        events.put_events(Entries=[order])
        [event] = flow()["events"]
        near, far = range(20, 25), range(5)
        assert [rule["name"] for rule in event["rules"]] == [f"r{number:02}" for number in (*far, *near)]
        assert {len(rule["fields"]) for rule in event["rules"]} == {2}
        assert event["more_rules"] == 16

    def test_the_first_10_of_one_that_matched_are_told_and_no_more_are_explained(
        self, events, rule, order, flow, monkeypatch
    ):
        rule("ship")
        events.put_events(Entries=[order])
        judged = []
        verdict = Rule.verdict
        monkeypatch.setattr(Rule, "verdict", lambda rule, event: judged.append(rule) or verdict(rule, event))
        [event] = flow()["events"]
        told = ["ship", "r-nightly", *(f"r{number:02}" for number in range(9))]
        assert [rule["name"] for rule in event["rules"]] == told
        assert [rule.name for rule in judged] == told
        assert event["more_rules"] == 16

    def test_a_rule_that_is_not_the_user_s_does_not_make_it_one_that_matched(self, events, order, flow):
        bus = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
        events.create_archive(ArchiveName="all", EventSourceArn=bus)
        events.put_events(Entries=[order])
        [event] = flow()["events"]
        names = [rule["name"] for rule in event["rules"]]
        assert (names[0], names[-1], len(names)) == ("Events-Archive-all", "r24", 11)


def test_failover_and_replication(events_backend, flow):
    endpoint_id = demo.set_up_two_regions()
    events_backend.region("us-east-1").outage(starting=timedelta(minutes=1), lasting=timedelta(minutes=20))
    for _ in range(2):
        with suppress(EndpointConnectionError):
            demo.take_order_anywhere(endpoint_id)
        events_backend.clock.advance(minutes=3)
    made = flow()
    put, copy = made["events"]
    replication, ship = put["deliveries"]
    assert (
        put["endpoint"] == replication["replicates"] == f"arn:aws:events:us-east-1:{ACCOUNT}:endpoint/orders"
    )
    assert (copy["arrived_by"], copy["replica_of"], copy["origin"]) == (replication["number"], 1, "bus")
    assert (copy["region"], copy["endpoint"], ship["replicates"]) == ("us-west-2", None, None)
    assert [delivery["number"] for event in made["events"] for delivery in event["deliveries"]] == [1, 2, 3]
    assert made["incidents"][0] == {
        "number": 1,
        "time": "2026-11-21T12:01:00.000Z",
        "kind": "outage",
        "region": "us-east-1",
        "text": "us-east-1 is out of service",
    }
    assert made["incidents"][1]["kind"] == "request failed"
    assert [(step["what"], step["number"]) for step in made["steps"]][:6] == [
        ("event", 1),
        ("event", 2),
        ("end", 1),
        ("end", 2),
        ("end", 3),
        ("incident", 1),
    ]


def test_requests_that_were_refused_to_leave(events_backend, flow):
    from eventmock import NetworkBlocked

    with suppress(NetworkBlocked):
        boto3.client("s3").list_buckets()
    assert flow()["refused_requests"] == events_backend.state.ledger.refused_requests != []


def story():
    with mock_events(start_time="2026-11-21T12:00:00Z", seed=7, isolated=True) as backend:
        events = boto3.client("events")
        events.put_rule(Name="ship", EventPattern=PATTERN)
        events.put_targets(Rule="ship", Targets=[{"Id": "t", "Arn": QUEUE}])
        backend.faults.inject(503, target=QUEUE, times=2)
        demo.take_order("PAID", 1)
        backend.clock.advance(hours=1)
        return flow_of(backend.state.ledger, account=backend.default_account, region=backend.default_region)


def test_equal_stories_give_equal_data():
    assert story() == story()


def test_texts_and_numbers_keep_their_spelling(events, rule, order, flow):
    rule("ship", pattern='{"detail": {"x": [1], "y": [1]}}')
    rule("copy", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f")
    detail = '{"x":"\ud800é\\u0007","y":123456789012345678901234567890.10}'
    events.put_events(Entries=[order | {"Detail": detail}])
    made = flow()
    [event] = made["events"]
    assert event["content"].endswith(f'"detail":{detail}}}')
    held = [field["held"] for rule in event["rules"] for field in rule["fields"] if "detail" in field["path"]]
    assert held[0] == ['"\ud800é\\u0007"']
    assert json.dumps(made).isascii()


def test_what_json_has_no_numbers_for_is_text(events, rule, order, flow):
    rule(
        "run",
        f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/c",
        Input='{"cpu": "1", "containerOverrides": [{"cpu": 1e999, "memory": 0.5}]}',
        RoleArn=ROLE,
        EcsParameters={"TaskDefinitionArn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/t"},
    )
    events.put_events(Entries=[order])
    request = flow()["events"][0]["deliveries"][0]["request"]
    overrides = {"cpu": "1", "containerOverrides": [{"cpu": "inf", "memory": 0.5}]}
    assert request["parameters"]["overrides"] == overrides


def test_bytes_are_text(events, rule, order, flow):
    rule("run", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f", Input='{"name": "é"}')
    events.put_events(Entries=[order])
    request = flow()["events"][0]["deliveries"][0]["request"]
    assert request["parameters"]["Payload"] == '{"name": "é"}'


@pytest.mark.parametrize(
    ("kind", "parameters", "headers"),
    [
        ("BASIC", BASIC, {"Authorization": "***"}),
        ("API_KEY", API_KEY, {"X-Key": "***"}),
        ("OAUTH_CLIENT_CREDENTIALS", OAUTH, {"Authorization": "***"}),
    ],
)
def test_authorization_is_masked(events, events_backend, api, order, flow, kind, parameters, headers):
    events_backend.http("https://auth.example.com/token", lambda _call: {"access_token": "s3cret"})
    api(kind, parameters)
    events_backend.clock.advance(minutes=1)
    events.put_events(Entries=[order])
    made = flow()
    [delivery] = made["events"][0]["deliveries"]
    assert delivery["request"] == {
        "service": "https",
        "operation": "POST https://api.example.com/orders",
        "region": "us-east-1",
        "account": ACCOUNT,
        "parameters": {"query": {}, "headers": FROM_AWS | headers, "body": '{"state":"PAID"}'},
    }
    assert "s3cret" not in json.dumps(made)
    assert "czNjcmV0" not in json.dumps(made)


@pytest.mark.parametrize("is_secret", [True, False])
@pytest.mark.parametrize(
    ("kind", "parameters"), [("BASIC", BASIC), ("API_KEY", API_KEY), ("OAUTH_CLIENT_CREDENTIALS", OAUTH)]
)
def test_what_a_connection_adds_is_masked(
    events, api, events_backend, order, flow, kind, parameters, is_secret
):
    def given(*names):
        return [{"Key": name, "Value": f"s3cret {name}", "IsValueSecret": is_secret} for name in names]

    common = {
        "HeaderParameters": given("X-Tenant", "User-Agent", "X-Amz-Source-Account"),
        "QueryStringParameters": given("sig"),
        "BodyParameters": given("tenant", "state"),
    }
    api(
        kind,
        parameters | {"InvocationHttpParameters": common},
        url="https://jo:s3cret@api.example.com/orders?own=s3cret",
        InputPath="$.detail",
        HttpParameters={"HeaderParameters": {"X-Own": "s3cret"}, "QueryStringParameters": {"page": "s3cret"}},
    )
    events_backend.clock.advance(minutes=1)
    detail = '{"number":1.0,"state":"PAID","lines":[1, 2]}'
    events.put_events(Entries=[order | {"Detail": detail}])
    made = flow()
    request = made["events"][0]["deliveries"][0]["request"]
    assert request["operation"] == "POST https://***@api.example.com/orders"
    assert request["parameters"]["query"] == {"own": "***", "page": "***", "sig": "***"}
    masked = {name for name, value in request["parameters"]["headers"].items() if value == "***"}
    assert masked - {"Authorization", "X-Key"} == {
        "X-Own",
        "X-Tenant",
        "X-Amz-Source-Account",
        "Content-Length",
    }
    assert request["parameters"]["headers"]["User-Agent"] == FROM_AWS["User-Agent"]
    body = '{"number":1.0,"state":"***","lines":[1,2],"tenant":"***"}'
    assert request["parameters"]["body"] == body
    assert "s3cret" not in json.dumps(made)


@pytest.mark.parametrize(("template", "body"), [('"a text"', '"a text"'), ('"a"\n"b"', '"a"\n"b"')])
def test_a_body_that_is_no_object_is_shown(events, api, order, flow, template, body):
    api("API_KEY", API_KEY, InputTransformer={"InputTemplate": template})
    events.put_events(Entries=[order])
    assert flow()["events"][0]["deliveries"][0]["request"]["parameters"]["body"] == body


def test_headers_and_query_of_any_http_request_are_masked(events, rule, order, flow):
    rule(
        "post",
        f"arn:aws:execute-api:us-east-1:{ACCOUNT}:abc/test/POST/orders",
        HttpParameters={
            "HeaderParameters": {"x-api-key": "s3cret"},
            "QueryStringParameters": {"q": "s3cret"},
        },
    )
    events.put_events(Entries=[order | {"TraceHeader": "Root=1-5"}])
    event = flow()["events"][0]
    assert event["deliveries"][0]["request"]["parameters"] == {
        "query": {"q": "***"},
        "headers": {
            "Content-Type": "application/json",
            "x-api-key": "***",
            "X-Amz-Source-Account": ACCOUNT,
            "X-Amz-Source-Arn": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/post",
            "X-Amzn-Trace-Id": "Root=1-5",
        },
        "body": event["content"],
    }


class TestFirings:
    """Firings of schedules of EventBridge Scheduler."""

    def test_a_firing_its_executions_and_its_delivery(self, schedule, events_backend, flow):
        schedule(
            "nightly",
            "cron(30 9 * * ? *)",
            {"Input": '{"at": "<aws.scheduler.scheduled-time>"}'},
            ScheduleExpressionTimezone="America/New_York",
        )
        events_backend.clock.advance(hours=24)
        made = flow()
        [firing] = made["firings"]
        time = "2026-11-21T14:30:00.000Z"
        request = {
            "service": "sqs",
            "operation": "SendMessage",
            "region": "us-east-1",
            "account": ACCOUNT,
            "parameters": {
                "QueueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q",
                "MessageBody": '{"at": "2026-11-21T14:30:00Z"}',
            },
        }
        [execution] = firing["executions"]
        assert execution == {"attempt": 1, "id": execution["id"], "request": request}
        assert firing == {
            "number": 1,
            "time": time,
            "scheduled_time": time,
            "local_time": "2026-11-21T09:30:00-05:00",
            "schedule": "nightly",
            "schedule_arn": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/default/nightly",
            "group": "default",
            "region": "us-east-1",
            "account": ACCOUNT,
            "expression": "cron(30 9 * * ? *)",
            "timezone": "America/New_York",
            "window": None,
            "like": 1,
            "times": 1,
            "until": time,
            "executions": [execution],
            "delivery": {
                "number": 1,
                "target_arn": QUEUE,
                "target": "sqs q",
                "kind": "SQS queue",
                "status": "delivered",
                "outcome": "delivered (recorded: nobody stands at the other end)",
                "taken_by": "nobody",
                "body": '{"at": "2026-11-21T14:30:00Z"}',
                "attempts": [{"number": 1, "time": time, "error": None, "details": []}],
                "next_attempt": None,
                "ended": time,
                "reason": None,
                "waits_for": None,
                "notes": [],
                "missing_permissions": [],
                "dead_letter": None,
                "request": request,
                "invocations": [],
            },
        }
        assert made["steps"] == [
            {"time": time, "what": "firing", "number": 1},
            {"time": time, "what": "end", "number": 1},
        ]

    def test_each_attempt_has_its_execution_id_and_its_request(self, schedule, events_backend, flow):
        events_backend.faults.inject(503, target=QUEUE)
        schedule(
            "nightly",
            "rate(1 day)",
            {
                "Input": "<aws.scheduler.execution-id> <aws.scheduler.attempt-number>",
                "RetryPolicy": {"MaximumRetryAttempts": 2},
                "DeadLetterConfig": {"Arn": DEAD},
            },
        )
        events_backend.clock.advance(hours=1)
        [firing] = flow()["firings"]
        executions = firing["executions"]
        assert [one["request"]["parameters"]["MessageBody"] for one in executions] == [
            f"{one['id']} {number}" for number, one in enumerate(executions, 1)
        ]
        assert len({one["id"] for one in executions}) == len(firing["delivery"]["attempts"]) == 3
        letter = firing["delivery"]["dead_letter"]
        assert letter["attributes"]["EXECUTION_ID"] == executions[-1]["id"]
        assert letter["body"] == firing["delivery"]["body"] == f"{executions[-1]['id']} 3"

    def test_a_request_that_is_the_same_as_before_is_told_once(self, schedule, events_backend, flow):
        events_backend.faults.inject(503, target=QUEUE, times=2)
        schedule("nightly", "rate(1 day)", {"Input": "{}"})
        events_backend.clock.advance(hours=1)
        [firing] = flow()["firings"]
        assert [one["request"] is None for one in firing["executions"]] == [False, True, True]
        assert firing["executions"][0]["request"] == firing["delivery"]["request"]

    def test_in_a_flexible_time_window_a_schedule_fires_later(self, schedule, flow, events_backend):
        window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
        schedule("nightly", "at(2026-11-21T13:00:00)", FlexibleTimeWindow=window)
        events_backend.clock.advance(hours=2)
        [firing] = flow()["firings"]
        assert firing["scheduled_time"] == "2026-11-21T13:00:00.000Z"
        assert "2026-11-21T13:00:01" < firing["time"] < "2026-11-21T13:30:00"
        assert (firing["window"], firing["until"]) == (30, firing["time"])

    def test_an_event_that_a_schedule_put_names_the_delivery_that_brought_it(
        self, schedule, events, events_backend, rule, flow
    ):
        rule("ship", pattern='{"source": ["clock"]}')
        bus = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
        parameters = {"DetailType": "tick", "Source": "clock"}
        schedule("tick", "rate(1 hour)", {"Arn": bus, "EventBridgeParameters": parameters, "Input": "{}"})
        events.create_event_bus(Name="other")
        events.put_rule(Name="there", EventBusName="other", EventPattern='{"source": ["clock"]}')
        made = flow(elsewhere=lambda _event: ["a note"])
        [event], [firing] = made["events"], made["firings"]
        assert event["arrived_by"] == firing["delivery"]["number"] == 2
        assert (event["origin"], event["notes"]) == ("PutEvents", ["a note"])
        assert [(step["what"], step["number"]) for step in made["steps"]] == [
            ("firing", 1),
            ("event", 1),
            ("end", 2),
            ("end", 1),
        ]

    def test_what_lambda_did_belongs_to_the_delivery(self, schedule, events_backend, flow):
        function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:clean"
        events_backend.lambda_function("clean", lambda _event, _context: "done")
        schedule("nightly", "rate(1 day)", {"Arn": function})
        made = flow()
        [invocation] = made["firings"][0]["delivery"]["invocations"]
        assert (invocation["function"], invocation["condition"]) == ("lambda function:clean", "Success")
        assert [step["what"] for step in made["steps"]] == ["firing", "end", "invocation"]

    def test_of_many_firings_those_in_the_middle_are_one(self, schedule, events_backend, flow):
        function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:clean"
        events_backend.lambda_function("clean", lambda _event, _context: None)
        schedule("often", "rate(1 minute)", {"Arn": function})
        events_backend.clock.advance(days=1)
        made = flow()
        firings = made["firings"]
        assert [one["times"] for one in firings] == [1] * 50 + [1341] + [1] * 50
        assert [one["number"] for one in firings] == [*range(1, 52), *range(1392, 1442)]
        assert {one["like"] for one in firings} == {1}
        assert (firings[50]["time"], firings[50]["until"]) == (
            "2026-11-21T12:50:00.000Z",
            "2026-11-22T11:10:00.000Z",
        )
        assert len(made["steps"]) == 3 * 101
        assert {step["number"] for step in made["steps"] if step["what"] == "end"} == set(range(1, 102))
