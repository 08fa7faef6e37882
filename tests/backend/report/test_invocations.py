"""Invocations of Lambda functions of the test, in text, data and diagram."""

from __future__ import annotations

import pytest

from eventmock import mock_events

SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"


def fail(_event, _context):
    raise ValueError("no stock")


@pytest.fixture
def backend():
    with mock_events(start_time="2026-01-01T12:00:00Z") as backend:
        events = backend.client()
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": SHIP}])
        yield backend


@pytest.fixture
def put(backend, order):
    """A function that puts an event."""
    return lambda: backend.client().put_events(Entries=[order])


def notes_of(backend):
    """The lines of the report below the line of the delivery."""
    return [line.strip() for line in backend.report().splitlines()[2:]]


class TestText:
    def test_a_success_at_the_first_attempt_needs_no_line(self, backend, put):
        backend.lambda_function("ship", lambda _event, _context: None)
        put()
        assert backend.report().splitlines()[1:] == [
            "            r  match      -> lambda function:ship   delivered; the function succeeded"
        ]

    def test_what_is_pending_says_what_comes_next(self, backend, put):
        backend.lambda_function("ship", fail)
        put()
        first, place, pending = notes_of(backend)
        assert first == "attempt 1 of 3 failed: ValueError: no stock"
        assert place.startswith("at ")
        assert place.endswith('in fail: raise ValueError("no stock")')
        assert pending == "pending after 1 attempt, next 2026-01-01 12:01:00"

    def test_the_end_says_where_it_went_and_the_same_exception_is_shown_once(self, backend, put):
        backend.lambda_function("ship", fail, on_failure=DEAD)
        put()
        backend.clock.advance(hours=1)
        notes = notes_of(backend)
        assert [note for note in notes if not note.startswith("at ")] == [
            "attempt 1 of 3 failed: ValueError: no stock",
            "attempt 2 of 3 failed: ValueError: no stock",
            "attempt 3 of 3 failed: ValueError: no stock",
            "gave up, RetriesExhausted after 3 attempts; record on failure sent to sqs dead (recorded)",
        ]
        assert len(notes) == 5

    def test_what_another_function_does_with_the_record_names_that_function(self, backend, put):
        backend.lambda_function("ship", lambda _event, _context: None, on_success=f"{SHIP}ped")
        backend.lambda_function("shipped", lambda _event, _context: None)
        put()
        assert backend.report().splitlines()[1] == (
            "            r  match      -> lambda function:ship   delivered; the function succeeded; "
            "record on success sent to lambda function:shipped"
        )
        assert notes_of(backend) == ["lambda function:shipped: succeeded"]


class TestFlow:
    def test_an_invocation_belongs_to_its_delivery(self, backend, put):
        backend.lambda_function("ship", fail, retries=0, dead_letter=DEAD)
        put()
        flow = backend.flow()
        [delivery] = flow["events"][0]["deliveries"]
        [invocation] = delivery["invocations"]
        [attempt] = invocation.pop("attempts")
        [sent] = invocation.pop("sent")
        [recorded] = backend.invocations
        assert invocation == {
            "number": 1,
            "function": "lambda function:ship",
            "arn": SHIP,
            "request_id": recorded.request_id,
            "caused_by": None,
            "time": "2026-01-01T12:00:00.000Z",
            "body": recorded.body,
            "outcome": "gave up, RetriesExhausted after 1 attempt: ValueError: no stock; "
            "dead letter sent to sqs dead (recorded)",
            "condition": "RetriesExhausted",
            "next_attempt": None,
            "ended": "2026-01-01T12:00:00.000Z",
        }
        assert (attempt["number"], attempt["error"], len(attempt["details"])) == (
            1,
            "ValueError: no stock",
            1,
        )
        assert sent == {
            "outlet": "dead-letter",
            "arn": DEAD,
            "to": "sqs dead",
            "time": "2026-01-01T12:00:00.000Z",
            "body": recorded.body,
            "attributes": recorded.sent[0].attributes,
            "taken_by": "nobody",
            "error": None,
        }
        assert [(step["what"], step["number"]) for step in flow["steps"]] == [
            ("event", 1),
            ("end", 1),
            ("invocation", 1),
        ]

    def test_a_record_for_another_function_names_what_caused_it(self, backend, put):
        backend.lambda_function("ship", lambda _event, _context: None, on_success=f"{SHIP}ped")
        backend.lambda_function("shipped", fail)
        put()
        first, second = backend.flow()["events"][0]["deliveries"][0]["invocations"]
        assert (first["caused_by"], second["caused_by"]) == (None, first["request_id"])
        assert second["next_attempt"] == "2026-01-01T12:01:00.000Z"


def test_the_diagram_has_the_end_and_what_was_sent(backend, put):
    backend.lambda_function("ship", fail, on_failure=DEAD, dead_letter=f"{DEAD}-2")
    put()
    backend.clock.advance(hours=1)
    lines = [line.strip() for line in backend.report("mermaid").splitlines()]
    start = lines.index("p2->>p3: r - delivered")
    assert lines[start + 1 :] == [
        "Note over p1,p5: 3 min later, 2026-01-01 12#58;03#58;00",
        "Note over p3: gave up, RetriesExhausted after 3 attempts#58; ValueError#58; no stock",
        "p3->>p4: dead letter (recorded)",
        "p3->>p5: record on failure (recorded)",
    ]


def test_a_report_does_not_change_any_more(backend, put):
    backend.lambda_function("ship", fail)
    put()
    report = backend.report_until_now()
    backend.clock.advance(hours=1)
    assert "pending after 1 attempt" in report.text(None)
    assert "gave up" not in report.text(None)
