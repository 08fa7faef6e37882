"""What is read along used paths equals what a whole reading finds there."""

import pytest

from eventmock.pattern.leaves import read_event
from eventmock.pattern.used_paths import UsedPaths

EVENT = {
    "a": {"b": [1, {"c": "x"}, [{"c": "é"}, None]], "b.c": True, "": {"c": 1.5}, "d": {"e": 0}},
    "a.b": ({"c": "z"},),
    "unused": {"b": "y"},
}


def depth_of(element):
    return 0 if element is None else element.depth


def used(*paths, into_empty_names=False):
    names = UsedPaths(into_empty_names=into_empty_names)
    for path in paths:
        names.add(path)
    return names


@pytest.mark.parametrize(
    "paths", [["a.b"], ["a.b.c"], ["a.b", "a.b.c"], ["a.d"], ["a.d.e", "none"], ["a..c"]]
)
@pytest.mark.parametrize("into_empty_names", [False, True])
def test_it_reads_what_a_whole_reading_finds_on_the_paths(paths, into_empty_names):
    leaves, positioned = used(*paths, into_empty_names=into_empty_names).read(EVENT)
    whole = read_event(EVENT)
    everything, in_arrays = whole.leaves_on(paths, into_empty_names=into_empty_names)
    for path in paths:
        found = sorted(
            (leaf.value is None, repr(leaf.key), depth_of(leaf.element)) for leaf in leaves.get(path, ())
        )
        wanted = sorted(
            (leaf.value is None, repr(leaf.key), depth_of(leaf.element)) for leaf in everything.get(path, ())
        )
        assert found == wanted
    assert positioned == in_arrays
    assert used(*paths, into_empty_names=into_empty_names).read(whole) == (everything, in_arrays)
    assert set(leaves) <= set(paths)


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
