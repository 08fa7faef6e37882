import json
from datetime import UTC, datetime

import pytest

from eventmock.transform.input_shape import InputShape
from eventmock.transform.json_path import JsonPath
from eventmock.transform.json_text import NotJson
from eventmock.transform.refusals import InvalidInput, InvalidJson

EVENT_TEXT = '{"id":"i","detail":{"n":1.50,"s":"\\u00e9","none":null,"items":[{"name":"a"},{"name":"b"}]}}'


def render(target, event_text=EVENT_TEXT):
    return InputShape.from_target(target).render(
        event_text, rule_arn="arn:rule", rule_name="r", ingestion_time=datetime(2026, 1, 2, tzinfo=UTC)
    )


def refusal(target):
    with pytest.raises(InvalidInput) as caught:
        InputShape.from_target(target)
    return caught.value.message_for("t1")


@pytest.mark.parametrize(
    "target", [{}, {"Id": "t1", "Input": None, "InputPath": None, "InputTransformer": None}]
)
def test_without_shaping_the_event_goes_through_untouched(target):
    assert render(target, "not even JSON") == "not even JSON"
    assert not InputShape.from_target(target).is_given


@pytest.mark.parametrize("text", ['{ "a" :  1.0 }', '"text"', "17", "null", "[]", '\n{"a": "\\u00e9"} '])
def test_input_is_delivered_byte_for_byte(text):
    assert render({"Input": text}, "not even JSON") == text


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_input_is_accepted_and_delivers_nothing(text):
    shape = InputShape.from_target({"Input": text})
    assert shape.is_given
    with pytest.raises(
        InvalidJson, match="Input is empty: AWS accepts it and then delivers nothing"
    ) as caught:
        render({"Input": text})
    assert caught.value.body == text


def test_input_that_is_not_json_is_refused():
    assert refusal({"Input": "not-json"}) == (
        'JSON syntax error in input for target t1: [Source: (String)"not-json"; line: 1, column: 1]'
    )
    assert refusal({"Input": '{"a":1}\n x'}).endswith("; line: 2, column: 2]")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$", EVENT_TEXT),
        ("$.id", '"i"'),
        ("$.detail.n", "1.50"),
        ("$.detail.s", '"\\u00e9"'),
        ("$.detail.items[*].name", '["a","b"]'),
        ("$.detail.items[1]", '{"name":"b"}'),
        ("$.detail.none", "{}"),
        ("$.detail.absent", "{}"),
    ],
)
def test_an_input_path_delivers_the_json_it_leads_to(path, text):
    assert render({"InputPath": path}) == text


@pytest.mark.parametrize("path", ["", "detail", "$.detail['n']", "$.detail.*"])
def test_an_input_path_outside_the_subset_is_refused(path):
    assert refusal({"InputPath": path}) == "InputPath for target t1 is invalid."


def test_an_input_transformer_is_rendered():
    template = {
        "InputTemplate": '{"n": <n>, "r": "<aws.events.rule-name>"}',
        "InputPathsMap": {"n": "$.detail.n"},
    }
    assert render({"InputTransformer": template}) == '{"n":1.50,"r":"r"}'


@pytest.mark.parametrize("paths", [{}, {"InputPathsMap": {}}, {"InputPathsMap": None}])
def test_an_input_transformer_needs_no_paths(paths):
    assert render({"InputTransformer": {"InputTemplate": '"<aws.events.rule-arn>"', **paths}}) == '"arn:rule"'


def test_an_input_transformer_with_a_bad_path_is_refused():
    transformer = {"InputTemplate": '"a"', "InputPathsMap": {"a": "a"}}
    assert refusal({"InputTransformer": transformer}) == "InputPath for target t1 is invalid."


@pytest.mark.parametrize(
    "names",
    [["Input", "InputPath"], ["InputPath", "InputTransformer"], ["Input", "InputPath", "InputTransformer"]],
)
def test_only_one_member_may_be_given(names):
    members = {"Input": "", "InputPath": "$", "InputTransformer": {"InputTemplate": '"a"'}}
    assert refusal({name: members[name] for name in names}) == (
        "Only one of Input, InputPath, or InputTransformer must be provided for target t1."
    )


def test_an_event_that_is_not_json_is_reported_as_such():
    with pytest.raises(NotJson):
        render({"InputPath": "$"}, "not-json")


def test_a_shape_is_a_value():
    assert InputShape.from_target({"InputPath": "$.a"}) == InputShape(path=JsonPath.parse("$.a"))
    assert hash(InputShape.from_target({"InputTransformer": {"InputTemplate": '"a"'}}))


def test_whitespace_between_the_tokens_of_the_event_goes_when_it_is_shaped():
    spaced = json.dumps(json.loads(EVENT_TEXT), indent=1)
    assert render({"InputPath": "$.detail.items"}, spaced) == '[{"name":"a"},{"name":"b"}]'


class TestDeadEnds:
    EVENT = '{"detail":{"n":null,"s":"x"}}'

    def dead_ends(self, **target):
        return InputShape.from_target(target).dead_ends(self.EVENT)

    def test_what_asks_for_no_path_has_none(self):
        assert self.dead_ends() == self.dead_ends(Input='"x"') == []

    def test_null_is_something(self):
        assert self.dead_ends(InputPath="$.detail.n") == []

    def test_a_path_that_finds_nothing(self):
        assert self.dead_ends(InputPath="$.detial") == ["InputPath $.detial"]

    def test_the_placeholders_that_find_nothing(self):
        paths = {"a": "$.detail.s", "b": "$.b", "c": "$.c[0]", "unused": "$.d"}
        template = '{"a": <a>, "b": <b>, "c": "<c>", "rule": <aws.events.rule-name>}'
        assert self.dead_ends(InputTransformer={"InputPathsMap": paths, "InputTemplate": template}) == [
            "<b>, $.b",
            "<c>, $.c[0]",
        ]
