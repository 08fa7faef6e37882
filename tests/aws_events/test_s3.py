"""The events that S3 sends about objects: which, and with which members."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from eventmock.aws_events.advice import advice_about
from eventmock.aws_events.s3 import DELETED, SOURCE, ObjectEvent, detail_of, is_known, of_one_request

COMPLETED = "ObjectRestore:Completed"
NAMES = [
    "ObjectCreated:Put",
    "ObjectCreated:Post",
    "ObjectCreated:Copy",
    "ObjectCreated:CompleteMultipartUpload",
    DELETED,
    "ObjectRemoved:DeleteMarkerCreated",
    "ObjectTagging:Put",
    "ObjectTagging:Delete",
    "ObjectAcl:Put",
    "ObjectRestore:Post",
    COMPLETED,
]


def event(name="ObjectCreated:Put", key="k", version_id=None, **others):
    return ObjectEvent(name, "123456789012", "us-east-1", "orders", key, version_id=version_id, **others)


def sent(events, *, was_refused=False):
    return [each.name for each in of_one_request(events, was_refused=was_refused)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version_id", [None, "v1"])
def test_the_detail_has_the_members_of_the_schema_and_no_others(name, version_id):
    until = datetime(2026, 1, 2, tzinfo=UTC)
    about = event(name, version_id=version_id, restored_until=until, storage_class="GLACIER")
    assert is_known(name)
    detail_type, detail = detail_of(about, request_id="R", requester="123456789012", sequencer=lambda: "1f")
    assert advice_about(SOURCE, detail_type, "us-east-1", detail) == []
    assert ("version-id" in detail["object"]) is (version_id is not None)


def test_a_restored_copy_has_a_moment_of_expiry():
    until = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    _, detail = detail_of(
        event(COMPLETED, restored_until=until), request_id="R", requester="1", sequencer=lambda: "1f"
    )
    assert detail["restore-expiry-time"] == "2026-01-02T03:04:05Z"


def test_a_name_that_is_not_known():
    assert not is_known("Replication:OperationFailedReplication")


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        (["ObjectCreated:Put", "ObjectTagging:Put"], ["ObjectCreated:Put"]),
        (["ObjectCreated:Put", "ObjectTagging:Put", "ObjectAcl:Put"], ["ObjectCreated:Put"]),
        (
            ["ObjectCreated:Put", "ObjectTagging:Put", "ObjectCreated:CompleteMultipartUpload"],
            ["ObjectCreated:CompleteMultipartUpload"],
        ),
        (["ObjectCreated:Copy", "ObjectTagging:Put"], ["ObjectCreated:Copy"]),
        (["ObjectTagging:Put"], ["ObjectTagging:Put"]),
        ([], []),
    ],
)
def test_a_created_object_is_one_event(happened, told):
    assert sent([event(name) for name in happened]) == told


def test_objects_of_one_request_are_events_of_their_own():
    events = [event(key="a"), event("ObjectTagging:Put", key="b"), event(key="c", version_id="1")]
    assert of_one_request(events, was_refused=False) == events


def test_of_a_refused_request_only_what_s3_did_itself_is_sent():
    events = [event(), event(COMPLETED, key="cold")]
    assert sent(events, was_refused=True) == [COMPLETED]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("abc")), max_size=12))
def test_each_object_is_created_once_at_most_and_nothing_is_made_up(happened):
    events = [event(name, key) for name, key in happened]
    told = of_one_request(events, was_refused=False)
    created = [each.key for each in told if each.name.startswith("ObjectCreated:")]
    assert len(created) == len(set(created))
    assert all(each.name.startswith("ObjectCreated:") for each in told if each.key in created)
    assert {each.key for each in told} == {key for _, key in happened}
    rest = iter(events)
    assert all(any(each is other for other in rest) for each in told)  # in order
