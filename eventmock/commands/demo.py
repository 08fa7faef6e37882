"""The demo: a real boto3 client's events, routed, retried, dead-lettered, failed over and explained on the terminal.

It is written like a test: the code under test does not know that there is a mock.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import EndpointConnectionError

from eventmock.mock.mock_events import mock_events

if TYPE_CHECKING:
    from eventmock.backend.events_backend import EventsBackend

_SHIP = {"source": ["shop"], "detail": {"state": ["PAID"], "total": [{"numeric": [">", 0]}]}}
_AUDIT = {"source": [{"prefix": "sh"}]}
_QUEUES = "arn:aws:sqs:us-east-1:123456789012"


def set_up() -> None:
    """Make the infrastructure under test: two rules on the default bus."""
    events = boto3.client("events")
    events.put_rule(Name="ship", EventPattern=json.dumps(_SHIP))
    events.put_rule(Name="audit", EventPattern=json.dumps(_AUDIT))
    log, dead_letters = f"{_QUEUES}:audit-log", f"{_QUEUES}:dead-letters"
    events.put_targets(
        Rule="audit", Targets=[{"Id": "log", "Arn": log, "DeadLetterConfig": {"Arn": dead_letters}}]
    )


def take_order(state: str, total: int, bus: str = "default") -> dict[str, Any]:
    """Put the event of an order: the code under test."""
    detail = json.dumps({"state": state, "total": total})
    entry = {"Source": "shop", "DetailType": "order", "Detail": detail, "EventBusName": bus}
    answer = dict(boto3.client("events").put_events(Entries=[entry]))  # type: ignore[list-item]  # a plain dict
    del answer["ResponseMetadata"]
    return answer


def set_up_two_regions() -> str:
    """Make the infrastructure under test: a global endpoint, and a rule on its bus, which is missing in one region."""
    buses = []
    for region in ("us-east-1", "us-west-2"):
        events = boto3.client("events", region_name=region)
        buses.append({"EventBusArn": events.create_event_bus(Name="orders")["EventBusArn"]})
        events.put_rule(Name="ship", EventBusName="orders", EventPattern=json.dumps(_SHIP))
        ship = f"arn:aws:sqs:{region}:123456789012:ship"
        events.put_targets(Rule="ship", EventBusName="orders", Targets=[{"Id": "queue", "Arn": ship}])
    events = boto3.client("events")
    events.put_rule(Name="refund", EventBusName="orders", EventPattern=json.dumps(_AUDIT))
    events.create_endpoint(
        Name="orders",
        EventBuses=buses,  # type: ignore[arg-type]  # plain dicts
        RoutingConfig={
            "FailoverConfig": {
                "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/orders"},
                "Secondary": {"Route": "us-west-2"},
            }
        },
        RoleArn="arn:aws:iam::123456789012:role/replication",
    )
    return events.describe_endpoint(Name="orders")["EndpointId"]


def take_order_anywhere(endpoint_id: str) -> None:
    """Put the event of an order through the global endpoint: the code under test."""
    detail = json.dumps({"state": "PAID", "total": 30})
    entry = {"Source": "shop", "DetailType": "order", "Detail": detail, "EventBusName": "orders"}
    boto3.client("events").put_events(EndpointId=endpoint_id, Entries=[entry])  # type: ignore[list-item]  # a plain dict


def run() -> None:
    """Run the demo."""
    with mock_events(start_time="2026-11-21T12:00:00Z", region="us-east-1") as backend:
        route_and_retry(backend)
    with mock_events(start_time="2026-11-21T12:00:00Z", region="us-east-1") as backend:
        fail_over(backend)


def fail_over(backend: EventsBackend) -> None:
    """Show what happens when a region goes out of service."""
    endpoint_id = set_up_two_regions()
    _say("us-east-1 goes out of service for 20 minutes. The code under test puts an order each 6 minutes:")
    backend.region("us-east-1").outage(starting=timedelta(minutes=1), lasting=timedelta(minutes=20))
    for _ in range(5):
        with suppress(EndpointConnectionError):
            take_order_anywhere(endpoint_id)
        backend.clock.advance(minutes=6)
    for line in str(backend.trace).split("\n"):
        if "did not match" not in line and "matched" not in line:
            _show(line)

    _say("Which region served when, and what the next failover would find missing:")
    endpoint = backend.endpoint("orders")
    for time, region in endpoint.history:
        _show(f"{time:%H:%M:%S}  {region}")
    for found in endpoint.drift():
        _show(str(found))


def route_and_retry(backend: EventsBackend) -> None:
    """Show how orders are routed, and what happens when a queue fails."""
    set_up()
    shipped = []
    backend.target("ship", lambda event: shipped.append(event["detail"]))

    _say("Rules on the default bus, put by a real boto3 client, with no credentials and no network:")
    for rule in boto3.client("events").list_rules()["Rules"]:
        _show(f"{rule['Name']:<6} {rule['EventPattern']}")

    _say("The code under test puts three orders. AWS answers success to all of them:")
    for state, total, bus in (("PAID", 30, "default"), ("NEW", 30, "default"), ("PAID", 30, "ordres")):
        _show(f"{state:<5} on {bus!r:<10} {json.dumps(take_order(state, total, bus))}")

    _say("One was shipped:")
    _show(str(shipped))

    _say("eventmock tells where each went, and why not:")
    for line in backend.report().split("\n"):
        _show(line)

    _say("What AWS called for the audit queue, to the byte:")
    for delivery in backend.deliveries.where(rule="audit"):
        call = delivery.request
        assert call is not None
        _show(f"{call.service} {call.operation}: {delivery.body}")

    _say("The audit queue breaks down, the next order is put, and 24 hours pass on the clock of the mock:")
    told = len(backend.trace)
    backend.faults.inject("ThrottlingException", target=f"{_QUEUES}:audit-log")
    take_order("PAID", 70)
    backend.clock.advance(hours=24)
    for line in str(backend.trace[told:]).split("\n"):
        _show(line)

    _say("The dead letter, as its queue received it:")
    for letter in backend.dead_letters:
        for name, value in letter.attributes.items():
            _show(f"{name:<27} {value}")


def _say(text: str) -> None:
    print(f"\n{text}")  # noqa: T201 - the demo talks to the terminal


def _show(text: str) -> None:
    print(f"    {text}")  # noqa: T201 - the demo talks to the terminal
