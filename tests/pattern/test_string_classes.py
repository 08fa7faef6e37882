"""Strings that stand for all strings."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, strategies as st

from eventmock.pattern import InvalidPattern, compile as compile_pattern
from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.string_classes import examples, is_one_string, shapes_of

TEXTS = st.text("aAbß*", max_size=4)
TERMS = st.one_of(
    TEXTS.map(lambda text: {"exactly": text}),
    *(TEXTS.map(lambda text, name=name: {name: text}) for name in ("prefix", "suffix", "equals-ignore-case")),
    *(
        TEXTS.map(lambda text, name=name: {name: {"equals-ignore-case": text}})
        for name in ("prefix", "suffix")
    ),
    st.sampled_from(["*", "a*", "*a", "*a*", "*aa*b", "a*a", "", "*ab*ab*"]).map(
        lambda text: {"wildcard": text}
    ),
)


def terms_of(*written):
    [alternative] = compile_pattern({"v": list(written)}).alternatives
    return alternative.fields[0].terms


def found_for(*written):
    terms = terms_of(*written)
    found, are_all = examples([shape for term in terms for shape in shapes_of(term)])
    assert are_all
    return {one.text for one in found}


def test_a_text_that_is_given_is_known_from_all_others():
    assert found_for({"exactly": "ab"}) == {"", "x", "ab"}


def test_the_shortest_strings_are_found():
    assert found_for({"prefix": "ab"}) == {"", "x", "ab"}
    assert found_for({"prefix": "a"}, {"suffix": "b"}) == {"", "x", "a", "b", "ab"}
    assert found_for({"prefix": "ab"}, {"suffix": "bc"}) >= {"abc"}


def test_a_character_stands_for_all_that_no_text_contains():
    assert found_for({"exactly": "x"}) == {"", "y", "x"}


def test_strings_of_an_alphabet_are_separate():
    [shape] = shapes_of(terms_of({"suffix": "1"})[0])
    found, _ = examples([shape], "0123456789.")
    assert {(one.text, one.inside) for one in found} >= {
        ("1", True),
        ("", True),
        ("x", False),
        ("x1", False),
    }


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"exactly": "a"}, True),
        ({"wildcard": "a\\*"}, True),
        ({"equals-ignore-case": "1"}, True),
        ({"equals-ignore-case": "a"}, False),
        ({"prefix": "a"}, False),
        ({"wildcard": "*"}, False),
    ],
)
def test_some_shapes_are_of_one_string(term, expected):
    assert [is_one_string(shape) for shape in shapes_of(terms_of(term)[0])] == [expected]


def test_a_search_is_given_up_when_there_are_too_many_combinations():
    shapes = [
        shape
        for letter in "abcdefghijklmnop"
        for shape in shapes_of(terms_of({"wildcard": f"*{letter}*"})[0])
    ]
    found, are_all = examples(shapes)
    assert not are_all
    assert found


@given(st.lists(TERMS, min_size=1, max_size=4))
def test_every_short_string_satisfies_the_same_terms_as_an_example(written):
    try:
        terms = terms_of(*written)
    except InvalidPattern:  # the wildcards are too complex
        assume(False)

    def kind(text):
        leaf = leaf_of(text, None)
        return tuple(term.matches(leaf) for term in terms)

    kinds = {kind(text) for text in found_for(*written)}
    assert {kind("".join(text)) for length in range(5) for text in product("aAbßSx", repeat=length)} <= kinds
