from __future__ import annotations

import pytest

RESERVED = "InvalidInputException", "Tag keys that begin with aws: are reserved for system use."
EMOJI = "InvalidInputException", "Tags must have characters of the Basic Multilingual Plane only."
OVER = "LimitExceededException", "The request would exceed a service quota."


@pytest.fixture
def tags(client):
    """A function that gives the tags of an event bus."""
    return lambda arn: client.list_tags_for_resource(ResourceArn=arn)["Tags"]


def test_they_are_added_replaced_and_removed(client, create, tags, answer_of):
    arn = create(Tags={"project": "p"})
    assert tags(arn) == {"project": "p"}
    assert answer_of(client.tag_resource, ResourceArn=arn, Tags={"stage": "t", "project": "q"}) == {}
    assert tags(arn) == {"project": "q", "stage": "t"}
    assert answer_of(client.untag_resource, ResourceArn=arn, TagKeys=["project", "absent"]) == {}
    assert tags(arn) == {"stage": "t"}


def test_a_bus_without_tags_has_an_empty_map(create, client, answer_of):
    assert answer_of(client.list_tags_for_resource, ResourceArn=create()) == {"Tags": {}}


@pytest.mark.parametrize("key", ["aws:x", "AWS:x", "aws:"])
def test_a_reserved_key_is_refused_on_every_write(client, create, tags, error_of, key):
    assert error_of(client.create_event_bus, Name="orders", Tags={key: "v"}) == RESERVED
    arn = create(Tags={"k": "v"})
    assert error_of(client.tag_resource, ResourceArn=arn, Tags={key: "v"}) == RESERVED
    assert error_of(client.untag_resource, ResourceArn=arn, TagKeys=["k", key]) == RESERVED
    assert tags(arn) == {"k": "v"}


@pytest.mark.parametrize("given", [{"k": "🎉"}, {"🎉": "v"}])
def test_emoji_are_refused(client, create, error_of, given):
    assert error_of(client.tag_resource, ResourceArn=create(), Tags=given) == EMOJI


def test_accents_and_chinese_are_taken(client, create, tags):
    given = {"é": "订单", "\uffdc": ""}
    assert tags(create(Tags=given)) == given


@pytest.mark.parametrize("given", [{" k": "v"}, {"k": "v "}, {"k\n": "v"}])
def test_white_space_at_an_end_is_refused(client, create, error_of, given):
    assert error_of(client.tag_resource, ResourceArn=create(), Tags=given)[0] == "InvalidInputException"


def test_the_number_is_limited_for_a_resource_and_not_for_a_call(backend, client, create, error_of):
    backend.custom_buses.quotas.tags_per_resource = 2
    arn = create(Tags={"a": "", "b": ""})
    client.tag_resource(ResourceArn=arn, Tags={"b": "v"})
    assert error_of(client.tag_resource, ResourceArn=arn, Tags={"c": ""}) == OVER


def test_a_resource_that_does_not_exist(client, error_of):
    arn = "arn:aws:events:us-east-1:123456789012:{}/a/" + "a" * 25
    for kind in ("event-busv2", "subscriber"):
        code, _ = error_of(client.list_tags_for_resource, ResourceArn=arn.format(kind))
        assert code == "ResourceNotFoundException"


def test_tags_of_a_new_bus_stay_when_it_becomes_active(backend, client, tags):
    arn = client.create_event_bus(Name="orders", Tags={"k": "v"})["EventBusArn"]
    assert tags(arn) == {"k": "v"}
    assert client.describe_event_bus(EventBusArn=arn)["State"] == "ACTIVE"
    assert tags(arn) == {"k": "v"}


class TestOfSubscribers:
    def test_each_resource_has_its_own(self, client, bus, subscribe, tags):
        arn = subscribe(Tags={"k": "v"})
        client.tag_resource(ResourceArn=bus, Tags={"b": "w"})
        client.tag_resource(ResourceArn=arn, Tags={"l": "x"})
        client.untag_resource(ResourceArn=arn, TagKeys=["k", "b"])
        assert (tags(arn), tags(bus)) == ({"l": "x"}, {"b": "w"})

    def test_they_are_checked_as_those_of_buses(self, client, subscribe, error_of):
        assert error_of(subscribe, Tags={"aws:k": "v"}) == RESERVED
        arn = subscribe()
        assert error_of(client.tag_resource, ResourceArn=arn, Tags={"k": "🎉"}) == EMOJI
        assert error_of(client.untag_resource, ResourceArn=arn, TagKeys=["aws:k"]) == RESERVED

    def test_their_number_is_limited(self, backend, client, subscribe, error_of):
        backend.custom_buses.quotas.tags_per_resource = 1
        arn = subscribe(Tags={"a": ""})
        assert error_of(client.tag_resource, ResourceArn=arn, Tags={"b": ""}) == OVER

    def test_an_update_keeps_them_and_they_keep_the_rest(self, client, subscribe, shown, tags):
        arn = subscribe(Tags={"k": "v"}, Description="d")
        client.update_subscriber(SubscriberArn=arn, State="STOPPED")
        client.tag_resource(ResourceArn=arn, Tags={"l": "w"})
        assert tags(arn) == {"k": "v", "l": "w"}
        assert (shown(arn)["State"], shown(arn)["Description"]) == ("STOPPED", "d")

    def test_those_of_another_account_are_denied(self, backend, subscribe, error_of):
        client = backend.client("eventbridgev2", account="222222222222")
        code, _ = error_of(client.list_tags_for_resource, ResourceArn=subscribe())
        assert code == "AccessDeniedException"
