"""``AWS::Events::Archive``."""

from __future__ import annotations

import json

import pytest

PATTERN = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 5]}]}}


@pytest.fixture
def source(arn):
    """The properties that an archive needs."""
    return {"SourceArn": arn("events", "event-bus/default")}


def test_ref_and_the_attributes_are_what_the_mock_made(events_backend, events, refs_of, source):
    found = refs_of(events_backend, "Archive", {**source, "ArchiveName": "kept"}, "Arn", "ArchiveName")
    made = events.describe_archive(ArchiveName="kept")
    assert found == {"Ref": "kept", "Arn": made["ArchiveArn"], "ArchiveName": "kept"}


def test_a_name_is_made_that_fits_into_48_characters(events_backend, deploy, events, source):
    short = deploy("Archive", source)["X"].name
    assert short.startswith("shop-X-")
    template = {"Resources": {"L" * 200: {"Type": "AWS::Events::Archive", "Properties": source}}}
    [name] = (one.name for one in events_backend.deploy(template, stack="S" * 128).resources.values())
    assert len(name) == 48
    assert {one["ArchiveName"] for one in events.list_archives()["Archives"]} == {short, name}


@pytest.mark.parametrize("written", [dict, json.dumps, lambda value: json.dumps(value, indent=2)])
@pytest.mark.parametrize("days", [3, "3"])
def test_each_property_reaches_the_archive(deploy, events, source, written, days):
    deploy(
        "Archive",
        {
            **source,
            "ArchiveName": "kept",
            "Description": "orders",
            "EventPattern": written(PATTERN),
            "RetentionDays": days,
        },
    )
    made = events.describe_archive(ArchiveName="kept")
    assert made["EventSourceArn"] == source["SourceArn"]
    assert json.loads(made["EventPattern"]) == PATTERN
    assert (made["Description"], made["RetentionDays"]) == ("orders", 3)


def test_retention_days_of_zero_keep_for_ever(deploy, events, source):
    deploy("Archive", {**source, "ArchiveName": "kept", "RetentionDays": 0})
    assert events.describe_archive(ArchiveName="kept")["RetentionDays"] == 0


def test_an_update_changes_what_is_given_and_resets_what_is_left_out(deploy, events, source):
    name = {**source, "ArchiveName": "kept"}
    deploy("Archive", {**name, "Description": "orders", "RetentionDays": 3, "EventPattern": PATTERN})
    created = events.describe_archive(ArchiveName="kept")["CreationTime"]
    deploy("Archive", name)
    made = events.describe_archive(ArchiveName="kept")
    assert (made["RetentionDays"], made.get("Description", "")) == (0, "")
    assert made["CreationTime"] == created
    pattern = made["EventPattern"]
    event = {"id": "1", "detail-type": "x", "source": "till", "account": "1", "time": "2026-01-01T00:00:00Z"}
    event |= {"region": "us-east-1", "resources": [], "detail": {}}
    assert events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]


def test_another_source_replaces_an_archive_with_a_made_name(deploy, events, source, arn):
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}
    before = deploy("Archive", source, Bus=bus)["X"].name
    after = deploy("Archive", {"SourceArn": arn("events", "event-bus/orders")}, Bus=bus)["X"].name
    assert before != after
    assert [one["ArchiveName"] for one in events.list_archives()["Archives"]] == [after]


def test_an_archive_that_exists_is_not_made(refusal, events, source):
    events.create_archive(ArchiveName="kept", EventSourceArn=source["SourceArn"])
    assert "Archive kept already exists" in refusal("Archive", {**source, "ArchiveName": "kept"})


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"SourceArn": None}, "#/SourceArn: expected type: String, found: Null"),
        ({"RetentionDays": "three"}, "#/RetentionDays: expected type: Integer, found: String"),
        ({"RetentionDays": 1.5}, "#/RetentionDays: expected type: Integer, found: Number"),
        ({"EventPattern": 5}, "#/EventPattern: expected type: JSONObject, found: Integer"),
        ({"Name": "kept"}, "#: extraneous key [Name] is not permitted"),
    ],
)
def test_a_wrong_property_is_refused_in_the_words_of_cloudformation(refusal, source, properties, text):
    assert refusal("Archive", {**source, **properties}).endswith(text)


def test_an_archive_needs_a_source(refusal):
    assert refusal("Archive", {"ArchiveName": "kept"}).endswith("#: required key [SourceArn] not found")


def test_what_the_api_calls_the_source_is_not_a_property(refusal, source):
    text = refusal("Archive", {**source, "EventSourceArn": source["SourceArn"]})
    assert text.endswith("#: extraneous key [EventSourceArn] is not permitted")
