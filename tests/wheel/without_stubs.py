"""Checked by mypy and pyright, never run: a typed test suite where nobody has installed boto3's stubs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_type

from eventmock import Deliveries, EventsBackend, HttpCall, current_backend, mock_events


@mock_events(region="eu-west-1")
def decorated(number: int) -> str:
    return str(number)


@mock_events
def fixture() -> Iterator[EventsBackend]:
    yield current_backend()


def test_shop(events_backend: EventsBackend) -> None:
    assert_type(decorated(1), str)
    events = events_backend.client()
    assert_type(events, Any)
    events.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    assert_type(events_backend.client("appintegrations"), Any)
    assert_type(events_backend.client("sqs"), Any)
    assert_type(events_backend.target("ship").deliveries, Deliveries)

    @events_backend.http("https://api.example.com/*")
    def answer(call: HttpCall) -> int:
        return 200 if call.method == "POST" else 405

    decorated("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
