from __future__ import annotations

import copy

import pytest
from botocore.hooks import _PrefixTrie
from hypothesis import given, settings, strategies as st

from eventmock.mock.patch.handler_tree import HandlerTree

KEYS = ["a", "a.b", "a.b.c", "a.*", "a.*.c", "b", "b.c"]
SECTIONS = [0, 1, 2]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("copy"), st.integers(0, 5)),
        st.tuples(st.just("add"), st.integers(0, 5), st.sampled_from(KEYS), st.sampled_from(SECTIONS)),
        st.tuples(st.just("remove"), st.integers(0, 5), st.sampled_from(KEYS), st.integers(0, 30)),
    ),
    max_size=40,
)


def attempt(call, *arguments, **keywords):
    """What the call raises, as a word; None if nothing."""
    try:
        call(*arguments, **keywords)
    except (ValueError, AttributeError) as error:
        return type(error)
    return None


@given(steps)
@settings(derandomize=True, deadline=None)
def test_trees_and_their_copies_hold_what_botocore_s_own_hold(steps):
    ours, theirs = [HandlerTree(_PrefixTrie()._root)], [_PrefixTrie()]
    for number, (kind, which, *rest) in enumerate(steps):
        one, other = ours[which % len(ours)], theirs[which % len(theirs)]
        if kind == "copy":
            ours.append(copy.copy(one))
            theirs.append(copy.copy(other))
        elif kind == "add":
            key, section = rest
            one.append_item(key, number, section=section)
            other.append_item(key, number, section=section)
        else:
            assert attempt(one.remove_item, *rest) == attempt(other.remove_item, *rest)
        for mine, its in zip(ours, theirs, strict=True):
            for key in (*KEYS, "a.b.c.d", "z"):
                assert list(mine.prefix_search(key)) == list(its.prefix_search(key))


def test_a_key_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="key is not in trie"):
        HandlerTree(_PrefixTrie()._root).remove_item("a.b", 1)
