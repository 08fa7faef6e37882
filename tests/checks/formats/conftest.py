from __future__ import annotations

import pytest

from eventmock.checks.finding import Finding, Found
from eventmock.checks.report import Checked
from eventmock.templates.source import Place


@pytest.fixture
def reports():
    """Two templates: one with a finding of each severity, and one with none."""
    schedule = Found(
        Place("stacks/shop.yaml", 7),
        "Nightly",
        "cron(71 * * * ? *): minutes: 71 is outside 0-59",
        "the deployment fails: Parameter ScheduleExpression is not valid.",
        "cron(0 9 ? * MON-FRI *)",
    )
    key = Found(
        Place("stacks/shop.yaml", 9), None, "the key A, twice", "only the last counts\n100%", "one key"
    )
    target = Found(
        Place("stacks/shop.yaml", None), "Ship", "no DeadLetterConfig", "events are lost", "a queue"
    )
    findings = [
        Finding("refused-schedule", "error", schedule),
        Finding("repeated-key", "warning", key),
        Finding("missing-dead-letter-queue", "note", target),
    ]
    return [Checked("stacks/shop.yaml", findings, ["parameter Stage"]), Checked("stacks/pay.yaml", [])]
