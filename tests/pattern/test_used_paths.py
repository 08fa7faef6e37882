"""What is read along used paths equals what a whole reading finds there."""

import json

from hypothesis import example, given, strategies as st

from eventmock.pattern.leaves import read_event
from eventmock.pattern.used_paths import UsedPaths

EVENT = {
    "a": {"b": [1, {"c": "x"}, [{"c": "é"}, None]], "b.c": True, "": {"c": 1.5}, "d": {"e": 0}},
    "a.b": ({"c": "z"},),
    "unused": {"b": "y"},
}

NAMES = st.text("ab.", max_size=3)
VALUES = st.recursive(
    st.sampled_from(["x", "é", 1, 2.5, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def structure_of(leaves):
    """The leaves of an event as values that are equal for equal leaves in equal elements of arrays."""
    arrays, elements = {}, {}

    def around(element):
        while element is not None:
            yield arrays.setdefault(element.array, len(arrays)), elements.setdefault(element, len(elements))
            element = element.around

    return {
        path: [(repr(leaf.value), repr(leaf.key), *around(leaf.element)) for leaf in held]
        for path, held in sorted(leaves.items())
    }


def used(*paths, into_empty_names=False):
    names = UsedPaths(into_empty_names=into_empty_names)
    for path in paths:
        names.add(path)
    return names


@given(
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.sets(st.text("ab.", max_size=5), max_size=4),
    st.booleans(),
)
@example(EVENT, {"a.b", "a.b.c"}, False)
@example(EVENT, {"a.b.c", "a..c", "none"}, True)
@example({"a": [[[1]], [2]], "a.": 3}, {"a", "a."}, True)
@example({"a": {"b": "x"}, "a.b": 1}, {"a.b"}, False)
def test_it_reads_what_a_whole_reading_finds_on_the_paths(event, paths, into_empty_names):
    whole = read_event(event)
    start = whole.start(into_empty_names=into_empty_names)
    places = {path: place for path in paths if (place := start.at(path)) is not None and place.held}
    wanted = structure_of({path: place.held for path, place in places.items()})
    for given_as in (event, whole, read_event(json.dumps(event))):
        leaves, positioned = used(*paths, into_empty_names=into_empty_names).read(given_as)
        assert structure_of(leaves) == wanted
        assert positioned == {path for path, place in places.items() if place.in_arrays}


def test_leaves_of_one_element_share_its_position_and_arrays_are_told_apart():
    leaves, _ = used("v.a", "v.b", "w.a").read({"v": [{"a": 1, "b": 2}, {"a": 3}], "w": [{"a": 4}]})
    (first, second), (beside,), (elsewhere,) = leaves["v.a"], leaves["v.b"], leaves["w.a"]
    assert first.element is beside.element is not second.element
    assert elsewhere.element.array != first.element.array == second.element.array


def test_uses_are_counted():
    names = used("a.b", "a.b", "a.b.c")
    names.remove("a.b")
    assert names.read({"a": {"b": 1}})[0].keys() == {"a.b"}
    names.remove("a.b")
    assert names.read({"a": {"b": [1, {"c": 2}]}})[0].keys() == {"a.b.c"}
    names.remove("a.b.c")
    assert names.read({"a": {"b": object()}}) == ({}, set())
