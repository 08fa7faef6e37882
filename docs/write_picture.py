"""Writes docs/images/run-light.png and run-dark.png: the report of a test as a browser shows it.

python docs/write_picture.py

It needs the dependency group ``browser`` and a ``chromium`` on the PATH. Run it again when the report looks different.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3

from eventmock import EventsBackend, mock_events

IMAGES = Path(__file__).with_name("images")
WIDTH = 820
"""The width of the picture in pixels: that of the page's text, so that it is not scaled on a wide screen."""

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
LABELS = "arn:aws:firehose:us-east-1:123456789012:deliverystream/labels"
DEAD = "arn:aws:sqs:us-east-1:123456789012:labels-dead"
ROLE = "arn:aws:iam::123456789012:role/deliver"


def run() -> EventsBackend:
    """Return the backend of a mock in which an event had each fate."""
    with mock_events(start_time="2026-01-01T12:00:00Z", region="us-east-1", isolated=True) as backend:
        events = boto3.client("events")
        events.put_rule(Name="ship", EventPattern='{"detail": {"state": ["PAID"]}}')
        labels = {"Id": "labels", "Arn": LABELS, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": DEAD}}
        labels |= {"RetryPolicy": {"MaximumRetryAttempts": 2}}
        events.put_targets(Rule="ship", Targets=[{"Id": "queue", "Arn": QUEUE}, labels])

        _order("PAID")
        backend.clock.advance(minutes=5)
        backend.faults.inject("ThrottlingException", target=QUEUE, times=2)
        backend.faults.inject(503, target=LABELS)
        _order("PAID")
        backend.clock.advance(minutes=5)
        _order("NEW")
        _order("PAID", bus="ordres")
    return backend


def _order(state: str, bus: str = "default") -> None:
    entry = {
        "Source": "shop",
        "DetailType": "order",
        "Detail": f'{{"state": "{state}"}}',
        "EventBusName": bus,
    }
    boto3.client("events").put_events(Entries=[entry])


def write() -> None:
    """Write the pictures."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the test of the page has no need of it

    page = run().report("html")
    with TemporaryDirectory() as directory, sync_playwright() as playwright:
        file = Path(directory, "run.html")
        file.write_text(page, encoding="utf-8")
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            tab = chromium.new_page(viewport={"width": WIDTH, "height": 400}, color_scheme=scheme)
            tab.goto(file.as_uri())
            tab.locator("main").screenshot(path=IMAGES / f"run-{scheme}.png")
        chromium.close()


if __name__ == "__main__":
    write()
