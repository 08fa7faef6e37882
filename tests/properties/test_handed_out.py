"""Nothing that a backend handed out, or was given, can be changed so that the backend answers something else.

What the tester is meant to change stays out: quotas, delays, organizations, partners, account_for_key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, MutableMapping, MutableSequence, MutableSet
from datetime import datetime, timedelta
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

import pytest

from eventmock import DeliveryFailed, HttpAnswer, NoSuchRequest, mock_events
from eventmock.clock import Clock

HERE, THERE = "us-east-1", "us-west-2"
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
QUEUE = f"arn:aws:sqs:{HERE}:{ACCOUNT}:q"
DEAD = f"arn:aws:sqs:{HERE}:{ACCOUNT}:dead"
CHECK = "arn:aws:route53:::healthcheck/7f42"
PLAIN = (str, bytes, int, float, complex, bool, type(None), datetime, timedelta, type, Enum)
CODE = (FunctionType, BuiltinFunctionType, MethodType, ModuleType, Clock)
DEEPEST = 14
ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")


def public(value):
    """Everything that can be reached from an object by its public attributes, its items and its members."""
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, (str, bytes)):
        return []
    found = list(value) if hasattr(value, "__iter__") and hasattr(value, "__len__") else []
    for name in dir(type(value)):
        if not name.startswith("_"):
            try:
                found.append(getattr(value, name))
            except (ValueError, AssertionError, AttributeError, NoSuchRequest):  # no JSON, no ARN
                continue
    found += (
        [held for name, held in vars(value).items() if name[0] != "_"] if hasattr(value, "__dict__") else []
    )
    return found


def reachable(root):
    """All that is reachable, each object once."""
    seen, waiting = {}, [(root, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, (*PLAIN, *CODE)) or id(value) in seen or depth > DEEPEST:
            continue
        seen[id(value)] = value
        waiting += [(held, depth + 1) for held in public(value)]
    return list(seen.values())


def spoil(value):
    """Change an object in every way that it allows from outside."""
    if isinstance(value, MutableMapping):
        for name in list(value):
            value[name] = "spoiled"
        value["spoiled"] = "spoiled"
    elif isinstance(value, MutableSequence):
        value[:] = ["spoiled"]
    elif isinstance(value, MutableSet):
        value.clear()
    elif type(value).__module__.startswith(
        ("eventmock.history.", "eventmock.event.event", "eventmock.trace")
    ):
        for name in dir(type(value)):
            if not name.startswith("_") and not callable(getattr(type(value), name)):
                try:
                    setattr(value, name, "spoiled")
                except (AttributeError, TypeError):
                    continue


@pytest.fixture
def given():
    """What the test gives the backend, and keeps."""
    return {
        "targets": [{"Id": "m", "Arn": QUEUE, "DeadLetterConfig": {"Arn": DEAD}}],
        "answer": {"taken": [1]},
        "headers": {"Retry-After": "5"},
        "metadata": {"k": "v"},
        "event": {"source": "shop", "detail-type": "order", "detail": {"state": "PAID"}},
        "seen": [],
    }


@pytest.fixture
def backend(given):
    """A backend with something of everything that is recorded."""
    with mock_events(isolated=True, start_time="2026-11-21T12:00:00Z", seed=1) as backend:
        events, there = backend.client(), backend.client(region=THERE)
        for client in (events, there):
            client.create_event_bus(Name="orders", Tags=[{"Key": "k", "Value": "v"}])
        pattern = json.dumps({"source": ["shop"]})
        for bus in ("default", "orders"):
            events.put_rule(Name="r", EventBusName=bus, EventPattern=pattern)
        events.put_rule(Name="missed", EventPattern='{"source": ["none"], "detail": {"state": ["NEW"]}}')
        connection = events.create_connection(
            Name="c",
            AuthorizationType="API_KEY",
            AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}},
        )["ConnectionArn"]
        destination = events.create_api_destination(
            Name="d",
            ConnectionArn=connection,
            InvocationEndpoint="https://api.example.com/orders",
            HttpMethod="POST",
        )["ApiDestinationArn"]
        transformer = {"InputPathsMap": {"s": "$.detail.state"}, "InputTemplate": '{"state": "<s>"}'}
        events.put_targets(
            Rule="r",
            Targets=[
                {"Id": "q", "Arn": QUEUE, "DeadLetterConfig": {"Arn": DEAD}, "InputTransformer": transformer},
                {
                    "Id": "d",
                    "Arn": destination,
                    "RoleArn": ROLE,
                    "HttpParameters": {"HeaderParameters": {"X": "1"}},
                },
                {
                    "Id": "ecs",
                    "Arn": f"arn:aws:ecs:{HERE}:{ACCOUNT}:cluster/c",
                    "RoleArn": ROLE,
                    "EcsParameters": {
                        "TaskDefinitionArn": f"arn:aws:ecs:{HERE}:{ACCOUNT}:task-definition/t:1",
                        "Tags": [{"Key": "k", "Value": "v"}],
                    },
                },
            ],
        )
        backend.add_managed_rule(
            "managed", managed_by="x.amazonaws.com", event_pattern=pattern, targets=given["targets"]
        )
        seen = given["seen"]

        def answer(call):
            assert call.headers["X-Key"] == "secret"
            seen.append(call)
            spoil(call.headers)
            return HttpAnswer(status=200, headers=given["headers"], body=json.dumps(given["answer"]).encode())

        backend.http("https://api.example.com/*", answer)

        def take(event):
            seen.append(event)
            spoil(event["detail"])
            spoil(event)

        backend.target("r", take, bus="orders")

        def refuse(delivery):
            seen.extend(reachable(delivery))
            for value in reachable(delivery):
                spoil(value)
            return delivery.target_id == "q"

        backend.faults.inject("NO_PERMISSIONS", delivery=refuse, times=1)
        backend.faults.inject("ThrottlingException", operation="PutRule", request=spoil)
        backend.faults.inject("InternalFailure", entry=spoil)
        events.create_archive(
            ArchiveName="a", EventSourceArn=f"arn:aws:events:{HERE}:{ACCOUNT}:event-bus/default"
        )
        backend.health_check(CHECK).plan((timedelta(hours=1), "Unhealthy"))
        order = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID"}', "Resources": ["a"]}
        events.put_events(
            Entries=[
                order,
                order | {"EventBusName": "orders"},
                order | {"Source": "else"},
                order | {"Detail": "["},
            ]
        )
        yield backend


def answers(backend):
    """What the backend answers, as text."""
    events = backend.client()
    shown = [
        events.list_rules()["Rules"],
        [events.list_targets_by_rule(Rule=rule)["Targets"] for rule in ("r", "managed")],
        events.list_event_buses()["EventBuses"],
        events.describe_archive(ArchiveName="a")["EventCount"],
        events.describe_connection(Name="c")["AuthParameters"],
        backend.report(),
        backend.flow(),
        str(backend.trace),
        [
            (repr(one), one.body, one.event, one.request, one.attempts, one.outcome)
            for one in backend.deliveries
        ],
        [(one.body, one.attributes) for one in backend.dead_letters],
        [
            (repr(one), one.event, one.matched, one.archived, list(map(str, one.unmatched)))
            for one in backend.events
        ],
        backend.deliveries.details,
        list(map(str, backend.clock.pending)),
        backend.health_check(CHECK).changes,
    ]
    return ID.sub("an id", repr(shown))


def of_another_event(backend):
    """What becomes of one more event, as text."""
    snapshot = backend.snapshot()
    order = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "NEW"}'}
    backend.client().put_events(Entries=[order])
    backend.clock.advance(hours=2)
    told = answers(backend)
    backend.restore(snapshot)
    return told


HANDED_OUT = {
    "deliveries": lambda backend: backend.deliveries,
    "dead letters": lambda backend: backend.dead_letters,
    "events": lambda backend: backend.events,
    "the story": lambda backend: backend.trace,
    "the flow": lambda backend: backend.flow(),
    "the report": lambda backend: backend.report_until_now(),
    "verdicts": lambda backend: backend.explain({"source": "shop", "detail": {"state": "X"}}),
    "what is to come": lambda backend: backend.clock.pending,
    "faults that hit nothing": lambda backend: [repr(fault) for fault in backend.faults.idle],
    "the options": lambda backend: backend.options,
    "a health check's changes": lambda backend: backend.health_check(CHECK).changes,
    "answers": lambda backend: [
        backend.client().list_targets_by_rule(Rule="r"),
        backend.client().list_rules(),
        backend.client().describe_connection(Name="c"),
    ],
}


@pytest.mark.parametrize("hand_out", HANDED_OUT.values(), ids=HANDED_OUT)
def test_what_was_handed_out_may_be_spoiled(backend, hand_out):
    assert len(backend.dead_letters) == 1
    before, then = answers(backend), of_another_event(backend)
    for value in reachable(hand_out(backend)):
        spoil(value)
    assert answers(backend) == before
    assert of_another_event(backend) == then


def test_what_functions_got_may_be_spoiled(backend, given):
    before, then = answers(backend), of_another_event(backend)
    assert len(given["seen"]) > 5
    for value in reachable(given["seen"]):
        spoil(value)
    assert answers(backend) == before
    assert of_another_event(backend) == then


def test_what_was_given_may_be_spoiled(backend, given):
    kept = {name: value for name, value in given.items() if name != "seen"}
    backend.explain(kept["event"])
    before, then = answers(backend), of_another_event(backend)
    del kept["answer"], kept["headers"]  # each answer is read when it is given
    for value in reachable(kept):
        spoil(value)
    assert answers(backend) == before
    assert of_another_event(backend) == then


def test_a_snapshot_has_nothing_to_spoil(backend):
    snapshot = backend.snapshot()
    before = answers(backend)
    for value in reachable(snapshot):
        spoil(value)
    backend.reset()
    backend.restore(snapshot)
    assert answers(backend) == before


def test_two_looks_are_two_objects(backend):
    first, second = backend.deliveries[0], backend.deliveries[0]
    assert first.event == second.event
    assert first.event is not second.event
    assert backend.deliveries.details[0] is not backend.deliveries.details[0]


def test_a_failure_s_wait_may_be_changed_afterwards(backend):
    failure = DeliveryFailed("THROTTLING", retry_after=timedelta(minutes=5))
    target = backend.target("r", bus="orders")
    backend.faults.inject(failure, target=target.arn)
    order = {"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": "orders"}
    backend.client().put_events(Entries=[order])
    failure.retry_after = "soon"
    backend.clock.advance(minutes=6)
    assert len(target.deliveries[0].attempts) > 1
