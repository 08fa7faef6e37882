from __future__ import annotations

import json

import pytest

from eventmock.__main__ import main
from eventmock.wire import is_installed

pytestmark = pytest.mark.skipif(not is_installed("eventbridgev2"), reason="botocore has no eventbridgev2")

ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": '{"n": 1}'}
ENVELOPE = {"source": "shop", "detail-type": "Order", "detail": {"n": 1}}


@pytest.fixture
def match(capsys):
    """A function that runs ``match`` with a scope, and gives the exit code and all that was written."""

    def run(pattern, event, scope, *more):
        code = main(["match", json.dumps(pattern), json.dumps(event), "--scope", scope, *more])
        written = capsys.readouterr()
        return code, written.out + written.err

    return run


@pytest.mark.parametrize(
    ("scope", "pattern", "event"),
    [
        ("DATA", {"detail": {"n": [1]}}, ENTRY),
        ("DATA", {"detail": {"n": [1]}}, ENVELOPE),
        ("DATA", {"n": [1]}, {"n": 1}),
        ("DATA", {"n": [1]}, {"Data": {"n": 1}, "Metadata": {}}),
        ("DATA", [1], [2, 1]),
        ("METADATA", {"region": ["eu"]}, {"region": "eu"}),
        ("METADATA", {"region": ["eu"]}, {"Data": {}, "Metadata": {"region": "eu"}}),
        ("SYSTEM_METADATA", {"aws:DeliveryType": ["REPLAY"]}, {"aws:DeliveryType": "REPLAY"}),
    ],
    ids=str,
)
def test_an_event_matches(match, scope, pattern, event):
    assert match(pattern, event, scope) == (0, "match\n")


@pytest.mark.parametrize(
    ("scope", "pattern", "event", "reason"),
    [
        ("DATA", {"detail": {"n": [2]}}, ENTRY, "DATA: detail.n held 1, wanted one of [2]"),
        ("DATA", {"n": [1]}, ENTRY, "the data of an event of PutEvents are an envelope"),
        ("DATA", {"detail": {"n": [1]}}, {"n": 1}, "the data of an event of PutRawEvents have no envelope"),
        (
            "METADATA",
            {"region": ["eu"]},
            {"region": "us"},
            'METADATA: region held "us", wanted one of ["eu"]',
        ),
    ],
    ids=str,
)
def test_what_does_not_match_is_told_with_the_scope(match, scope, pattern, event, reason):
    code, text = match(pattern, event, scope)
    assert code == 1
    assert text.startswith("no match\n  ")
    assert reason in text


@pytest.mark.parametrize(
    ("scope", "pattern", "reason"),
    [
        ("DATA", {"n": [{"wildcard": "a*"}]}, "must not contain wildcard matchers"),
        (
            "SYSTEM_METADATA",
            {"n": [{"anything-but": {"wildcard": "a*"}}]},
            "must not contain wildcard matchers",
        ),
        ("METADATA", {"n": [{"prefix": "a"}]}, "arrays of exact values only"),
        ("METADATA", ["a"], "scope METADATA is not valid"),
        ("DATA", {"n": 1}, "InvalidInputException"),
    ],
    ids=str,
)
def test_a_pattern_that_the_scope_does_not_take_is_refused(match, scope, pattern, reason):
    code, text = match(pattern, {"n": "a"}, scope)
    assert code == 2
    assert reason in text


@pytest.mark.parametrize(
    ("scope", "event", "reason"),
    [
        ("METADATA", {"n": 1}, "wanted a map of texts"),
        ("SYSTEM_METADATA", ["a"], "wanted a map of texts"),
        ("DATA", {"Source": "shop"}, "DetailType held None, wanted text"),
        ("DATA", {"Source": "aws.s3", "DetailType": "t"}, "PutEvents would refuse this entry"),
    ],
    ids=str,
)
def test_an_event_that_the_scope_cannot_have_is_refused(match, scope, event, reason):
    code, text = match({"n": ["a"]}, event, scope)
    assert code == 2
    assert reason in text


def test_the_answer_as_json_has_the_scope(match):
    code, text = match({"region": ["eu"]}, {"region": "us"}, "METADATA", "--json")
    answer = json.loads(text)
    assert (code, answer["scope"], answer["matched"]) == (1, "METADATA", False)
    assert answer["fields"][0]["path"] == "region"
