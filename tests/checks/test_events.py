from __future__ import annotations

import json

import pytest

from eventmock.checks.check import Around, check_all
from eventmock.checks.subject import Sample
from eventmock.pattern import read_event

TEMPLATE = """
Resources:
  Ship:
    Type: AWS::Events::Rule
    Properties:
      State: {state}
      EventPattern: {{source: [shop], detail: {{state: [PAID]}}}}
"""


def sample(event, bus=None):
    return Sample("events/order.json", "order.json", read_event(json.dumps(event)), bus)


@pytest.fixture
def notes(tmp_path):
    """A function that gives the texts about events that no rule matches."""

    def run(*samples, state="ENABLED"):
        file = tmp_path / "template.yaml"
        file.write_text(TEMPLATE.format(state=state))
        reports = check_all([str(file)], Around("123456789012", "us-east-1", samples=samples))
        return [(report.file, finding.found.what) for report in reports[1:] for finding in report.findings]

    return run


def test_an_event_that_a_rule_matches_is_not_named(notes):
    assert notes(sample({"source": "shop", "detail": {"state": "PAID"}})) == []


def test_an_event_that_no_rule_matches_has_the_nearest_rule(notes):
    why = 'no rule matches order.json; the nearest, Ship: detail.state held "NEW", wanted one of ["PAID"]'
    assert notes(sample({"source": "shop", "detail": {"state": "NEW"}})) == [("events/order.json", why)]


def test_a_disabled_rule_and_one_on_another_bus_do_not_count(notes):
    paid = {"source": "shop", "detail": {"state": "PAID"}}
    alone = [("events/order.json", "no rule matches order.json")]
    assert notes(sample(paid), state="DISABLED") == alone
    assert notes(sample(paid, "orders")) == alone
    assert notes(sample(paid, "default")) == []
