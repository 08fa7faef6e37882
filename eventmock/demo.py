"""The demo: a real boto3 client's events, routed, retried, dead-lettered and explained on the terminal.

It is written as a test would be: the code under test knows nothing of a mock.
"""

from __future__ import annotations

import json
from typing import Any

import boto3

from eventmock.mock import mock_events

_SHIP = {"source": ["shop"], "detail": {"state": ["PAID"], "total": [{"numeric": [">", 0]}]}}
_AUDIT = {"source": [{"prefix": "sh"}]}
_QUEUES = "arn:aws:sqs:us-east-1:123456789012"


def set_up() -> None:
    """The infrastructure under test: two rules on the default bus."""
    events = boto3.client("events")
    events.put_rule(Name="ship", EventPattern=json.dumps(_SHIP))
    events.put_rule(Name="audit", EventPattern=json.dumps(_AUDIT))
    log, dead_letters = f"{_QUEUES}:audit-log", f"{_QUEUES}:dead-letters"
    events.put_targets(
        Rule="audit", Targets=[{"Id": "log", "Arn": log, "DeadLetterConfig": {"Arn": dead_letters}}]
    )


def take_order(state: str, total: int, bus: str = "default") -> dict[str, Any]:
    """The code under test: tell everybody about an order."""
    detail = json.dumps({"state": state, "total": total})
    entry = {"Source": "shop", "DetailType": "order", "Detail": detail, "EventBusName": bus}
    answer = dict(boto3.client("events").put_events(Entries=[entry]))  # type: ignore[list-item]  # a plain dict
    del answer["ResponseMetadata"]
    return answer


def run() -> None:
    """Run the demo."""
    with mock_events(start_time="2026-11-21T12:00:00Z", region="us-east-1") as backend:
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

        _say(
            "The audit queue breaks down, the next order is put, and 24 hours pass on the clock of the mock:"
        )
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
