"""Leaves are chosen from the same elements of arrays, as trying every choice finds them, in time that grows evenly."""

import json

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.pattern import compile as compile_pattern, read_event
from eventmock.pattern.array_agreement import ArrayTree

# The oracle: every choice of leaves, one after the other, in the order of the paths


def elements_around(leaf):
    around, element = {}, leaf.element
    while element is not None:
        around[element.array] = element
        element = element.around
    return around


def some_choice_agrees(fields, leaves, chosen):
    if not fields:
        return True
    field, *later = fields
    consistent = []
    for leaf in leaves.get(field.path, ()):
        around = elements_around(leaf)
        if all(chosen.get(array, element) is element for array, element in around.items()):
            consistent.append((leaf, {**chosen, **around}))
    if field.may_be_absent and not consistent and some_choice_agrees(later, leaves, chosen):
        return True
    return any(field.wants(leaf) and some_choice_agrees(later, leaves, after) for leaf, after in consistent)


def first_conflict(fields, leaves):
    prefixes = (
        place for place in range(len(fields)) if not some_choice_agrees(fields[: place + 1], leaves, {})
    )
    return next(prefixes, None)


# Events as texts, in which names repeat and hold dots; names that sort between a name and what is below it

NAMES = st.sampled_from(["a", "a.b", "a!", "b", "c"])
VALUES = st.sampled_from(["x", "y"])


def object_text(members):
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in members) + "}"


def objects(values, most=3):
    return st.lists(st.tuples(NAMES, values), max_size=most).map(object_text)


def arrays(values, most=3):
    return st.lists(values, max_size=most).map(lambda items: f"[{','.join(items)}]")


DOCUMENTS = st.recursive(
    VALUES.map(json.dumps),
    lambda inner: arrays(inner) | objects(inner) | arrays(objects(inner)),
    max_leaves=14,
)
PATHS = st.sampled_from(
    ["a", "b", "c", "a.b", "a.c", "a.b.c", "a!", "a!.b", "b.a", "b.b", "b.c", "c.a.b", "a.a!"]
)
TERMS = st.sampled_from(
    [["x"], ["y"], ["x", "y"], [{"exists": False}], [{"exists": False}, "x"], [{"exists": True}]]
)
PATTERNS = st.dictionaries(PATHS, TERMS, min_size=1, max_size=5)


@settings(max_examples=500, deadline=None)
@given(objects(DOCUMENTS | arrays(objects(DOCUMENTS), most=4), most=4), PATTERNS)
def test_the_verdict_and_the_first_conflict_are_those_of_trying_every_choice(event, pattern):
    compiled = compile_pattern(pattern)
    leaves = read_event(event).leaves
    fields = compiled.alternatives[0].fields
    tree = ArrayTree(fields, leaves)
    assert tree.agrees() is some_choice_agrees(fields, leaves, {})
    assert tree.first_conflict() == first_conflict(fields, leaves)
    assert compiled.matches(event) is tree.agrees()


@settings(max_examples=500, deadline=None)
@given(
    objects(DOCUMENTS | arrays(objects(DOCUMENTS), most=4), most=4),
    st.lists(PATTERNS, min_size=2, max_size=3),
)
def test_alternatives_that_are_judged_together_are_judged_as_each_alone(event, patterns):
    assert compile_pattern({"$or": patterns}).matches(event) is any(
        compile_pattern(pattern).matches(event) for pattern in patterns
    )


# Cost


def names_that_interleave(count):
    return ["P" + "!" * number for number in range(count)]


def one_of_each(names, length):
    """Arrays in which every element holds another value, the same index of each array never fits."""
    return {
        name: [{"a": str(index), "b": str((index + 1) % length)} for index in range(length)] for name in names
    }


SHAPES = {
    "four arrays whose names interleave": (
        {name: {"a": ["1"], "b": ["1"]} for name in names_that_interleave(4)},
        lambda size: one_of_each(names_that_interleave(4), size // 4),
    ),
    "absences": (
        {
            name: {"a": ["1"], "b": [{"exists": False}], "c": [{"exists": False}]}
            for name in names_that_interleave(4)
        },
        lambda size: one_of_each(names_that_interleave(4), size // 4),
    ),
    "arrays in arrays": (
        {"v": {"a": ["1"], "w": {"a": ["2"], "x": {"a": ["3"], "b": ["4"]}}}},
        lambda size: {
            "v": [
                {"a": "1", "w": [{"a": "2", "x": [{"a": "3"}, {"b": "4"}]} for _ in range(size // 100)]}
                for _ in range(25)
            ]
        },
    ),
    "elements that differ in what they hold": (
        {"v": {f"k{number}": ["1"] for number in range(40)}},
        lambda size: {
            "v": [
                {f"k{number}": "1" for number in range(40) if number != index % 40}
                for index in range(size // 40)
            ]
        },
    ),
    "nested lists": (
        {"v": ["1"], "w": ["1"], "x": [{"exists": False}]},
        lambda size: {name: [[[str(index)], ["2"]] for index in range(size // 8)] for name in "vwx"},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_cost_grows_in_proportion_to_the_event(grows_evenly, shape):
    fields, made = SHAPES[shape]
    pattern = compile_pattern({"detail": fields})
    small, large = (read_event(json.dumps({"detail": made(size)})) for size in (1000, 8000))
    assert not pattern.matches(small)
    assert not pattern.matches(large)

    def judge(event):
        pattern.explain(event)
        pattern.matches(event)

    grows_evenly(judge, small, large)


def test_a_field_of_two_arrays_beside_each_other_costs_what_differs_in_them(seconds):
    array = json.dumps([{"a": "1"}, {"b": "1"}, {"c": "1"}, {"d": "1"}] * 1000)
    pattern = compile_pattern({"v": {name: ["1"] for name in "abcd"}})
    for times, expected in ((3, False), (4, True)):
        event = read_event(f"{{{','.join([f'{chr(34)}v{chr(34)}:{array}'] * times)}}}")
        assert pattern.matches(event) is expected
    assert seconds(pattern.matches, event, enough=0.2) <= 0.2


@pytest.mark.parametrize("b", [["y"], ["y", {"exists": False}]])
def test_arrays_beside_each_other_that_hold_the_same_are_counted_only_so_far(seconds, b):
    arrays = ",".join(['"v":[{"a":"x","b":"z"},{"b":"y"}]'] * 5000)
    event = read_event(f"{{{arrays}}}")
    pattern = compile_pattern({"v": {"a": ["x"], "b": b}})
    assert pattern.matches(event)
    assert seconds(pattern.matches, event, enough=0.2) <= 0.2
