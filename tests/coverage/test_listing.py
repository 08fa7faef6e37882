from __future__ import annotations

import json

from eventmock.coverage.data import CoverageData, read_text
from eventmock.coverage.listing import listing_of


def test_it_has_the_totals_and_each_rule(three_gaps):
    listing = listing_of(three_gaps)
    [rule] = listing.pop("rules")
    assert listing == {
        "format": 1,
        "totals": {"rules": 1, "total": 13, "tried": 9, "missed": 4, "percent": 69.23},
    }
    pattern = rule.pop("pattern")
    assert json.loads(pattern)["source"] == ["shop"]
    assert json.loads(rule.pop("event"))["detail"] == {"state": "PAID", "total": 3}
    points, targets = rule.pop("points"), rule.pop("targets")
    assert rule == {
        "label": "default/ship",
        "kind": "rule",
        "account": "123456789012",
        "region": "us-east-1",
        "place": "default",
        "names": ["ship"],
        "template": None,
        "logical_id": None,
        "line": None,
        "schedule": None,
        "timezone": None,
        "state": "ENABLED",
        "total": 13,
        "tried": 9,
        "missed": 4,
        "percent": 69.23,
        "missing": [
            'never tried: detail.state "REFUNDED"',
            "never taken: $or branch 2 (detail.free)",
            "never failed: sqs parcels",
        ],
        "counts": {"matched": 1, "refused": 4, "fired": 0},
        "tests": ["tests/test_shop.py::test_it"],
    }
    assert points[0] == {"kind": "value", "text": 'source "shop"', "where": ["source", 0], "tried": True}
    assert len(points) == 11
    assert targets == [
        {
            "arn": "arn:aws:sqs:us-east-1:123456789012:parcels",
            "name": "sqs parcels",
            "counts": {"delivered": 1, "retried": 0, "dead-lettered": 0, "dropped": 0},
            "points": [
                {"kind": "delivery", "text": "sqs parcels gets events", "tried": True},
                {"kind": "failure", "text": "sqs parcels fails", "tried": False},
            ],
        }
    ]


def test_it_is_the_same_after_the_data_was_a_file(three_gaps):
    again = read_text(three_gaps.text(), "coverage.json")
    assert json.dumps(listing_of(again)) == json.dumps(listing_of(three_gaps))


def test_without_rules_it_has_none():
    assert listing_of(CoverageData()) == {
        "format": 1,
        "totals": {"rules": 0, "total": 0, "tried": 0, "missed": 0, "percent": 0.0},
        "rules": [],
    }
