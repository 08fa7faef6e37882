"""Properties of templates as parameters, by botocore's shapes."""

from __future__ import annotations

import json

import pytest
from botocore.model import ServiceModel
from hypothesis import given, strategies as st

from eventmock.deployment.moto_resources.shapes import as_text, fit, is_true


@pytest.fixture(scope="module")
def shape_of():
    """A function that gives the shape of a structure with one member, ``It``."""

    def shape_of(of_member):
        shapes = {
            "Whole": {"type": "structure", "members": {"It": {"shape": "Member"}}},
            "Member": of_member,
            "Text": {"type": "string"},
            "Number": {"type": "integer"},
            "Tag": {"type": "structure", "members": {"Key": {"shape": "Text"}, "Value": {"shape": "Text"}}},
            "KeyTag": {
                "type": "structure",
                "members": {"TagKey": {"shape": "Text"}, "TagValue": {"shape": "Text"}},
            },
            "Inner": {"type": "structure", "members": {"maxSize": {"shape": "Number"}}},
        }
        return ServiceModel({"metadata": {}, "shapes": shapes}).shape_for("Whole")

    return shape_of


@pytest.mark.parametrize(
    ("shape", "value", "fitted"),
    [
        ({"type": "string"}, 5, "5"),
        ({"type": "string"}, True, "true"),
        ({"type": "string"}, {"a": ["é"]}, '{"a":["é"]}'),
        ({"type": "integer"}, "5", 5),
        ({"type": "integer"}, "five", "five"),
        ({"type": "long"}, 5, 5),
        ({"type": "double"}, "0.5", 0.5),
        ({"type": "boolean"}, "True", True),
        ({"type": "boolean"}, False, False),
        ({"type": "boolean"}, "maybe", "maybe"),
        ({"type": "blob"}, "a", b"a"),
        ({"type": "timestamp"}, "2026-01-01", "2026-01-01"),
        ({"type": "list", "member": {"shape": "Text"}}, "a", ["a"]),
        ({"type": "list", "member": {"shape": "Tag"}}, {"a": "b"}, [{"Key": "a", "Value": "b"}]),
        (
            {"type": "list", "member": {"shape": "KeyTag"}},
            [{"Key": "a", "Value": 1}],
            [{"TagKey": "a", "TagValue": "1"}],
        ),
        (
            {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            [{"Key": "a", "Value": "b"}, {"Key": "c"}],
            {"a": "b", "c": ""},
        ),
        ({"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Number"}}, {"a": "1"}, {"a": 1}),
    ],
)
def test_a_value_becomes_what_the_shape_wants(shape_of, shape, value, fitted):
    assert fit(shape_of(shape), {"It": value}) == ({"It": fitted}, [])


@pytest.mark.parametrize("name", ["It", "it", "IT"])
def test_the_case_of_letters_does_not_matter(shape_of, name):
    assert fit(shape_of({"type": "string"}), {name: "a"}) == ({"It": "a"}, [])


def test_what_the_shape_lacks_is_left_out_and_named(shape_of):
    shape = shape_of({"type": "list", "member": {"shape": "Inner"}})
    given_value = {"It": [{"MaxSize": "1", "Colour": 1}, {"Colour": 2, "Size": None}], "Other": 1}
    assert fit(shape, given_value) == ({"It": [{"maxSize": 1}, {}]}, ["It.Colour", "Other"])


def test_nothing_is_given_for_no_value(shape_of):
    assert fit(shape_of({"type": "string"}), {"It": None, "Other": None}) == ({}, [])


def test_what_is_no_object_stays_for_botocore_to_refuse(shape_of):
    shape = shape_of({"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}})
    assert fit(shape, "text") == ("text", [])
    assert fit(shape, {"It": "text"}) == ({"It": "text"}, [])


@given(st.recursive(st.booleans() | st.integers() | st.text(), lambda one: st.lists(one, min_size=1)))
def test_the_text_of_a_value_can_be_read_again(value):
    text = as_text(value)
    assert text == value or json.loads(text) == value


@pytest.mark.parametrize("value", [True, "true", "True"])
def test_a_boolean_may_be_text(value):
    assert is_true(value)
    assert not is_true("false")
    assert not is_true(None)
