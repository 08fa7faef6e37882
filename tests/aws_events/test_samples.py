"""A sample has the account, region and moment that are asked for, and the changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from eventmock.aws_events import catalogue
from eventmock.aws_events.catalogue import find
from eventmock.aws_events.samples import MOMENT, changed, sample_event

TASK = find("aws.ecs", "ECS Task State Change")
KNOWN = [
    kind
    for source in catalogue.sources()
    for name in catalogue.detail_types(source)
    if (kind := find(source, name)).members is not None
]


@pytest.mark.parametrize("kind", KNOWN, ids=lambda kind: f"{kind.source}, {kind.detail_type}")
def test_nothing_of_the_catalogues_place_and_moment_is_left(kind):
    event = sample_event(
        kind,
        {},
        account="111122223333",
        region="cn-north-1",
        time=datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC),
    )
    text = json.dumps(event)
    for own in ("123456789012", "us-east-1", "arn:aws:", "2026-01-1", "Jan 2026", "17684"):
        assert own not in text, own
    assert (event["account"], event["region"], event["time"]) == (
        "111122223333",
        "cn-north-1",
        "2031-05-06T07:08:09Z",
    )


def test_moments_of_a_sample_keep_their_distance():
    kind = find("aws.states", "Step Functions Execution Status Change")
    later = datetime(2026, 3, 1, 12, tzinfo=UTC)
    detail = sample_event(kind, {}, time=later)["detail"]
    assert detail["stopDate"] == later.timestamp() * 1000
    assert detail["stopDate"] - detail["startDate"] == 120_000


def test_the_end_of_the_calendar_is_no_error():
    sample_event(TASK, {}, time=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    sample_event(find("aws.ssm", "Calendar State Change"), {}, time=datetime(9999, 12, 31, 23, tzinfo=UTC))


def test_a_sample_is_the_same_each_time():
    assert sample_event(TASK, {}) == sample_event(TASK, {}, time=MOMENT)


DETAIL = {"object": {"key": "a", "size": 1}, "tags": [{"k": 1}, {"k": 2}], "state": "NEW", "a.b": 1}


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"state": "PAID"}, {"state": "PAID"}),
        ({"object.key": "b"}, {"object": {"key": "b", "size": 1}}),
        ({"object": {"key": "b"}}, {"object": {"key": "b", "size": 1}}),
        ({"object": {"key": ...}}, {"object": {"size": 1}}),
        ({"object.size": ...}, {"object": {"key": "a"}}),
        ({"object": "none"}, {"object": "none"}),
        ({"tags.1.k": 3}, {"tags": [{"k": 1}, {"k": 3}]}),
        ({"tags.0": ...}, {"tags": [{"k": 2}]}),
        ({"tags.0": 5}, {"tags": [5, {"k": 2}]}),
        ({"tags": []}, {"tags": []}),
        ({"a.b": 2}, {"a.b": 2}),
        ({"new.deep": 1}, {"new": {"deep": 1}}),
        ({"state.x": 1}, {"state": {"x": 1}}),
        ({"nothing": ...}, {}),
    ],
)
def test_changes_are_merged(changes, result):
    assert changed(DETAIL, changes) == {**DETAIL, **result}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"states": 1}, "the sample has no 'states'; did you mean 'state'?"),
        ({"object.keys": 1}, "the sample has no 'object.keys'; did you mean 'key'?"),
        ({"object": {"Key": 1}}, "the sample has no 'object.Key'; did you mean 'key'?"),
        ({"objects.key": 1}, "the sample has no 'objects.key'; did you mean 'object'?"),
        ({"tags.2.k": 1}, "'tags.2.k': '2' is not the number of an element: the list has 2"),
        ({"tags.first": 1}, "'tags.first': 'first' is not the number of an element: the list has 2"),
    ],
)
def test_a_change_of_what_is_not_there_is_refused_if_something_near_is(changes, message):
    with pytest.raises(ValueError, match=r".") as caught:
        changed(DETAIL, changes)
    assert str(caught.value) == message


@given(st.dictionaries(st.sampled_from(["object.key", "state", "new", "tags.0.k"]), st.integers()))
def test_the_detail_itself_is_not_changed(changes):
    before = json.dumps(DETAIL)
    changed(DETAIL, changes)
    assert json.dumps(DETAIL) == before
