from __future__ import annotations

import pytest

BUS = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
RULES = {
    "default": "arn:aws:events:us-east-1:123456789012:rule/r",
    "orders": "arn:aws:events:us-east-1:123456789012:rule/orders/r",
}


def tags(events, arn):
    return {tag["Key"]: tag["Value"] for tag in events.list_tags_for_resource(ResourceARN=arn)["Tags"]}


@pytest.fixture(autouse=True)
def _resources(events):
    events.create_event_bus(Name="orders")
    for bus in RULES:
        events.put_rule(Name="r", EventBusName=bus, EventPattern='{"source": ["x"]}')


@pytest.mark.parametrize("arn", [BUS, BUS.replace("orders", "default"), *RULES.values()])
def test_tags_are_added_changed_and_removed(events, arn):
    assert tags(events, arn) == {}
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "3"}])
    assert tags(events, arn) == {"a": "1", "b": "3"}
    events.untag_resource(ResourceARN=arn, TagKeys=["a", "unknown"])
    assert tags(events, arn) == {"b": "3"}


def test_tags_are_given_with_the_resource(events):
    given = [{"Key": "a", "Value": "1"}]
    events.put_rule(Name="tagged", EventPattern='{"source": ["x"]}', Tags=given)
    events.create_event_bus(Name="tagged", Tags=given)
    assert tags(events, RULES["default"].replace("/r", "/tagged")) == {"a": "1"}
    assert tags(events, BUS.replace("orders", "tagged")) == {"a": "1"}


def test_a_rule_made_anew_has_none(events):
    events.tag_resource(ResourceARN=RULES["default"], Tags=[{"Key": "a", "Value": "1"}])
    events.delete_rule(Name="r")
    events.put_rule(Name="r", EventPattern='{"source": ["x"]}')
    assert tags(events, RULES["default"]) == {}


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (BUS.replace("orders", "nope"), "Event bus nope does not exist."),
        (BUS.replace("123456789012", "222222222222"), "Event bus orders does not exist."),
        (RULES["default"] + "x", "Rule rx does not exist on EventBus default."),
        (RULES["orders"] + "x", "Rule rx does not exist on EventBus orders."),
        (RULES["orders"].replace("orders", "nope"), "Rule r does not exist on EventBus nope."),
    ],
)
def test_what_is_not_there_is_not_found(events, error_of, arn, message):
    for call, more in (
        (events.tag_resource, {"Tags": [{"Key": "a", "Value": "1"}]}),
        (events.untag_resource, {"TagKeys": ["a"]}),
        (events.list_tags_for_resource, {}),
    ):
        assert error_of(call, ResourceARN=arn, **more) == ("ResourceNotFoundException", message)


@pytest.mark.parametrize("arn", ["text", "arn:aws:sqs:us-east-1:1:q", "arn:aws:events:us-east-1:1:archive/a"])
def test_nothing_else_has_tags(events, error_of, arn):
    assert error_of(events.list_tags_for_resource, ResourceARN=arn)[0] == "ValidationException"


@pytest.mark.parametrize("kind", ["archive", "connection", "api-destination", "endpoint", "replay"])
def test_what_else_there_is_has_no_tags_to_add_or_remove(events, error_of, kind):
    arn = BUS.replace("event-bus", kind)
    error = (
        "ValidationException",
        "Parameter ResourceArn is not valid. Reason: Provided Arn is not in correct format.",
    )
    assert error_of(events.tag_resource, ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}]) == error
    assert error_of(events.untag_resource, ResourceARN=arn, TagKeys=["k"]) == error


def test_the_answers_are_empty(events, answer_of):
    assert answer_of(events.tag_resource, ResourceARN=BUS, Tags=[{"Key": "k", "Value": "v"}]) == {}
    assert answer_of(events.untag_resource, ResourceARN=BUS, TagKeys=["k"]) == {}
    assert answer_of(events.list_tags_for_resource, ResourceARN=BUS) == {"Tags": []}


class TestManagedRule:
    @pytest.fixture
    def arn(self, events_backend):
        return events_backend.add_managed_rule(
            "m", managed_by="states.amazonaws.com", event_pattern='{"source": ["x"]}'
        )

    def test_it_is_neither_tagged_nor_untagged(self, events, arn, error_of):
        error = "ManagedRuleException", "m is a managed rule."
        assert error_of(events.tag_resource, ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}]) == error
        assert error_of(events.untag_resource, ResourceARN=arn, TagKeys=["k"]) == error
        assert tags(events, arn) == {}

    def test_its_bus_is_tagged_as_ever(self, events, arn):
        events.tag_resource(ResourceARN=BUS.replace("orders", "default"), Tags=[{"Key": "k", "Value": "v"}])
        assert tags(events, BUS.replace("orders", "default")) == {"k": "v"}


def test_tags_of_a_rule_that_is_put_again_are_ignored(events):
    events.tag_resource(ResourceARN=RULES["default"], Tags=[{"Key": "a", "Value": "1"}])
    events.put_rule(Name="r", EventPattern='{"source": ["x"]}', Tags=[{"Key": "b", "Value": "2"}])
    assert tags(events, RULES["default"]) == {"a": "1"}
