"""The public strategies keep their promises, for patterns of all kinds."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st
from hypothesis.errors import Unsatisfiable

from eventmock import pattern
from eventmock.aws_events.advice import advice_about
from eventmock.strategies import (
    events,
    matching_events,
    nearly_matching_events,
    patterns,
    service_events,
)

SOME_PATTERNS = [
    {"source": ["shop"]},
    {"detail": {"state": ["PAID", {"prefix": "RE"}], "total": [{"numeric": [">", 0, "<=", 10]}]}},
    {"detail": {"items": {"sku": [{"suffix": "-1"}], "count": [1]}}},
    {"detail": {"name": [{"equals-ignore-case": "Straße"}]}},
    {
        "detail": {
            "name": [{"prefix": {"equals-ignore-case": "a"}}],
            "x": [{"suffix": {"equals-ignore-case": "b"}}],
        }
    },
    {"detail": {"file": [{"wildcard": "dir/*.png"}]}},
    {"detail": {"ip": [{"cidr": "10.0.0.0/24"}, {"cidr": "2001:db8::/32"}]}},
    {"detail": {"a": [{"exists": False}], "b": [{"anything-but": ["x", "y"]}]}},
    {"detail": {"$or": [{"a": [1]}, {"b": [None, True]}]}},
    {"detail": {"a": [{"numeric": ["=", 5]}, {"anything-but": {"wildcard": "*"}}]}},
]

quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@settings(max_examples=60, deadline=None)
@given(patterns())
def test_patterns_are_valid_json(drawn):
    assert json.loads(json.dumps(drawn)) == drawn
    pattern.compile(drawn)


@settings(max_examples=30, deadline=None)
@given(events())
def test_events_have_a_whole_envelope(event):
    assert event.keys() >= {"version", "id", "detail-type", "source", "account", "time", "region", "detail"}
    pattern.read_event(json.dumps(event))


@given(events(detail=st.just({"state": "PAID"})))
@settings(max_examples=5)
def test_the_detail_may_be_given(event):
    assert event["detail"] == {"state": "PAID"}


@pytest.mark.parametrize("wanted", SOME_PATTERNS, ids=json.dumps)
def test_matching_events_match(wanted):
    @quick
    @given(matching_events(wanted))
    def check(event):
        assert pattern.compile(wanted).matches(event)
        assert pattern.compile(wanted).matches(json.dumps(event))

    check()


@pytest.mark.parametrize("wanted", SOME_PATTERNS, ids=json.dumps)
def test_nearly_matching_events_do_not(wanted):
    @quick
    @given(nearly_matching_events(wanted))
    def check(event):
        assert not pattern.compile(wanted).matches(event)

    check()


ORDERS = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "state": st.sampled_from(["NEW", "PAID"]),
        "lines": st.lists(st.fixed_dictionaries({"sku": st.text(max_size=3)}), max_size=2),
    }
)


@quick
@given(matching_events({"source": ["shop"], "detail": {"state": ["PAID"]}}, detail=ORDERS))
def test_a_matching_event_keeps_to_the_given_detail(event):
    assert event["source"] == "shop"
    assert event["detail"].keys() == {"id", "state", "lines"}
    assert event["detail"]["state"] == "PAID"


@quick
@given(matching_events({"detail": {"id": [{"exists": True}]}}, detail=st.just({"id": "1"})))
def test_what_satisfies_the_pattern_is_kept(event):
    assert event["detail"] == {"id": "1"}


def test_a_drawn_detail_is_not_changed():
    mine = {"state": "NEW"}

    @quick
    @given(matching_events({"detail": {"state": ["PAID"]}}, detail=st.just(mine)))
    def check(event):
        assert event["detail"] == {"state": "PAID"}

    check()
    assert mine == {"state": "NEW"}


@quick
@given(nearly_matching_events({"source": ["shop"], "detail": {"state": ["PAID"]}}, detail=ORDERS))
def test_a_nearly_matching_event_has_such_a_detail_too(event):
    assert not pattern.compile({"source": ["shop"], "detail": {"state": ["PAID"]}}).matches(event)
    details = event["detail"] if isinstance(event["detail"], list) else [event["detail"]]
    assert any(part.get("id") for part in details)


def test_what_can_match_nothing_has_no_examples():
    @quick
    @given(matching_events({"": {"": [1]}}))
    def check(event):
        raise AssertionError(event)

    with pytest.raises(Unsatisfiable):
        check()


@pytest.mark.parametrize(
    ("source", "detail_type"),
    [
        ("aws.s3", "Object Created"),
        ("aws.guardduty", "GuardDuty Finding"),
        ("aws.tag", "Tag Change on Resource"),
        ("aws.iam", "AWS API Call via CloudTrail"),
        ("aws.events", "Scheduled Event"),
    ],
)
def test_events_of_services_have_what_the_schema_has(source, detail_type):
    @quick
    @given(service_events(source, detail_type))
    def check(event):
        pattern.read_event(json.dumps(event))
        assert (event["source"], event["detail-type"]) == (source, detail_type)
        advice = advice_about(source, detail_type, event["region"], event["detail"])
        assert [note for note in advice if "eventSource" not in note] == []

    check()


@quick
@given(service_events("aws.s3", "Object Created"))
def test_resources_of_an_event_are_those_of_its_detail(event):
    name = event["detail"]["bucket"]["name"] or "amzn-s3-demo-bucket"
    assert event["resources"] == [f"arn:aws:s3:::{name}"]


@pytest.mark.parametrize(
    "wanted",
    [
        lambda detail: detail["reason"] not in ("PutObject", ""),
        lambda detail: "source-ip-address" not in detail,
        lambda detail: detail["object"]["size"] > 1024,
        lambda detail: detail["object"]["key"] == "incoming/report.csv" and "version-id" in detail["object"],
    ],
)
def test_events_of_services_vary(wanted):
    generated = settings(max_examples=500, phases=[Phase.generate], derandomize=True)
    find(
        service_events("aws.s3", "Object Created"),
        lambda event: wanted(event["detail"]),
        settings=generated,
    )


@pytest.mark.parametrize(
    ("detail_type", "message"),
    [
        (
            "Object created",
            "service_events(): eventmock knows no detail-type 'Object created' of aws.s3; did you mean "
            "'Object Created'?",
        ),
        (
            "Async Copy Completion",
            "service_events(): eventmock knows no members of 'Async Copy Completion' of aws.s3",
        ),
    ],
)
def test_events_that_no_service_sends_are_refused(detail_type, message):
    with pytest.raises(ValueError, match=r"^service_events") as caught:
        service_events("aws.s3", detail_type)
    assert str(caught.value) == message
