from __future__ import annotations

import pytest

PLACE = "arn:aws:events:us-east-1:123456789012"
BUS = f"{PLACE}:event-bus/orders"
RULE = f"{PLACE}:rule/r"
PATTERN = '{"source": ["shop"]}'
LIMIT = "LimitExceededException", "The requested resource exceeds the maximum number allowed."
RESERVED = (
    "ValidationException",
    "Parameter Tags is not valid. Reason: Tag keys that begin with aws: are reserved for system use.",
)


def tag_bus(events, tags):
    if "orders" not in [bus["Name"] for bus in events.list_event_buses()["EventBuses"]]:
        events.create_event_bus(Name="orders")
    events.tag_resource(ResourceARN=BUS, Tags=tags)


def tag_rule(events, tags):
    if not events.list_rules()["Rules"]:
        events.put_rule(Name="r", EventPattern=PATTERN)
    events.tag_resource(ResourceARN=RULE, Tags=tags)


def create_bus(events, tags):
    events.create_event_bus(Name="orders", Tags=tags)


def create_rule(events, tags):
    events.put_rule(Name="r", EventPattern=PATTERN, Tags=tags)


WAYS = {tag_bus: BUS, tag_rule: RULE, create_bus: BUS, create_rule: RULE}


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def put(request, events):
    """A function that tags something, or makes it with tags."""

    def put(tags):
        request.param(events, [{"Key": key, "Value": value} for key, value in tags.items()])

    put.arn = WAYS[request.param]
    return put


def shown(events, arn):
    return events.list_tags_for_resource(ResourceARN=arn)["Tags"]


def test_tags_are_shown_in_the_order_in_which_they_were_given(events, put):
    put({"b": "1", "a": ""})
    assert shown(events, put.arn) == [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": ""}]


def test_keys_differ_by_their_case(events, put):
    put({"k": "1", "K": "2"})
    assert len(shown(events, put.arn)) == 2


def test_there_may_be_fifty(events, put):
    put({f"k{number}": "v" for number in range(50)})
    assert len(shown(events, put.arn)) == 50


def test_there_may_not_be_one_more(events, put, error_of):
    assert error_of(lambda: put({f"k{number}": "v" for number in range(51)})) == LIMIT


@pytest.mark.parametrize("key", ["aws:", "aws:k", "AWS:k", "Aws:cloudformation:stack-name"])
def test_no_key_is_aws_s(put, error_of, key):
    assert error_of(lambda: put({"good": "v", key: "v"})) == RESERVED


@pytest.mark.parametrize("key", ["aws", "awsk", "my-aws:k", " aws:k"])
def test_a_key_that_only_resembles_aws_s_is_taken(events, put, key):
    put({key: "v"})
    assert shown(events, put.arn) == [{"Key": key, "Value": "v"}]


@pytest.mark.parametrize("make", [create_bus, create_rule])
@pytest.mark.parametrize(
    ("keys", "error"), [([f"k{number}" for number in range(51)], LIMIT), (["aws:k"], RESERVED)]
)
def test_nothing_is_made_with_tags_that_are_refused(events, error_of, make, keys, error):
    tags = [{"Key": key, "Value": "v"} for key in keys]
    assert error_of(lambda: make(events, tags)) == error
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default"]
    assert events.list_rules()["Rules"] == []


@pytest.mark.parametrize("way", [tag_bus, tag_rule])
class TestAdding:
    def test_tags_that_are_there_count(self, events, error_of, way):
        way(events, [{"Key": f"k{number}", "Value": "v"} for number in range(49)])
        before = shown(events, WAYS[way])
        more = [{"Key": key, "Value": "v"} for key in ("new-1", "new-2")]
        assert error_of(lambda: way(events, more)) == LIMIT
        assert shown(events, WAYS[way]) == before
        way(events, [*more[:1], {"Key": "k0", "Value": "changed"}])
        assert len(shown(events, WAYS[way])) == 50

    def test_a_refused_one_adds_none(self, events, error_of, way):
        way(events, [{"Key": "k", "Value": "old"}])
        tags = [{"Key": "k", "Value": "new"}, {"Key": "aws:k", "Value": "v"}]
        assert error_of(lambda: way(events, tags)) == RESERVED
        assert shown(events, WAYS[way]) == [{"Key": "k", "Value": "old"}]


@pytest.mark.parametrize(
    ("tag", "where", "constraint"),
    [
        ({"Key": "", "Value": "v"}, "'' at 'tags.1.member.key'", "have length greater than or equal to 1"),
        (
            {"Key": "k" * 129, "Value": "v"},
            f"'{'k' * 129}' at 'tags.1.member.key'",
            "have length less than or equal to 128",
        ),
        (
            {"Key": "k", "Value": "v" * 257},
            f"'{'v' * 257}' at 'tags.1.member.value'",
            "have length less than or equal to 256",
        ),
        ({"Key": "k"}, "null at 'tags.1.member.value'", "not be null"),
        ({"Value": "v"}, "null at 'tags.1.member.key'", "not be null"),
    ],
    ids=range(5),
)
def test_constraints(unchecked, violation_of, tag, where, constraint):
    for make in (create_bus, create_rule):
        assert violation_of(lambda make=make: make(unchecked, [tag])) == (where, constraint)
    assert violation_of(unchecked.tag_resource, ResourceARN=BUS, Tags=[tag]) == (where, constraint)
