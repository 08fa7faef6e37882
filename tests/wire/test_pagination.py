from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, strategies as st

from eventmock.wire import WireModel
from eventmock.wire.pagination import InvalidToken, Pager
from eventmock.wire.service_model import Corrections

MODEL = WireModel("events", Corrections())
LIST_RULES = MODEL.operation("ListRules")


class Clock:
    now = 0.0


def pager(clock=Clock, seal=b"seal"):
    return Pager(seal, lambda: clock.now)


PAGER = pager()


def page(items, scope="a", pager=PAGER, operation=LIST_RULES, **request):
    return pager.page(operation, request, items, str, scope)


def test_items_come_in_order():
    assert page(["b", "a", "c"]) == (["a", "b", "c"], None)


def test_no_items_are_one_empty_page():
    assert page([]) == ([], None)


def test_a_page_holds_a_hundred_unless_said():
    shown, token = page([f"{number:03}" for number in range(101)])
    assert len(shown) == 100
    assert token is not None


def test_the_last_page_has_no_token_even_if_it_is_full():
    first, token = page("abcd", Limit=2)
    assert (first, page("abcd", Limit=2, NextToken=token)) == (["a", "b"], (["c", "d"], None))


def test_the_next_call_may_change_the_limit():
    _, token = page("abcdef", Limit=3)
    assert page("abcdef", Limit=5, NextToken=token) == (["d", "e", "f"], None)
    assert page("abcdef", NextToken=token) == (["d", "e", "f"], None)


def test_removing_what_was_shown_moves_no_page():
    _, token = page("abcdef", Limit=3)
    assert page("def", NextToken=token)[0] == ["d", "e", "f"]


@pytest.mark.parametrize(
    "other",
    [
        {"scope": "b"},
        {"NamePrefix": "x"},
        {"operation": MODEL.operation("ListEventBuses")},
        {"pager": pager(seal=b"other")},
    ],
    ids=["scope", "filter", "operation", "seal"],
)
def test_a_token_is_bound(other):
    _, token = page("abc", Limit=1)
    with pytest.raises(InvalidToken):
        page("abc", **other, NextToken=token)


def test_a_token_lasts_a_day():
    clock = Clock()
    patient = pager(clock)
    _, token = page("abc", Limit=1, pager=patient)
    clock.now = 24 * 60 * 60
    assert page("abc", NextToken=token, pager=patient)[0] == ["b", "c"]
    clock.now += 1
    with pytest.raises(InvalidToken):
        page("abc", NextToken=token, pager=patient)


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_a_forged_token_is_refused(token):
    with pytest.raises(InvalidToken):
        page("abc", NextToken=token)


@given(st.sets(st.text(max_size=3)), st.integers(1, 5))
def test_pages_put_together_are_everything_once(items, limit):
    seen, token = [], None
    while True:
        request = {"Limit": limit} | ({"NextToken": token} if token else {})
        shown, token = page(items, **request)
        seen += shown
        if token is None:
            break
    assert seen == sorted(items)


def test_who_reads_all_pages_has_the_items_ordered_once():
    items, asked, token = [f"{number:03}" for number in range(200, 0, -1)], [], None
    reader, seen = pager(), []
    while True:
        request = {"Limit": 1} | ({"NextToken": token} if token else {})
        shown, token = reader.page(
            LIST_RULES, request, list(items), lambda item: asked.append(item) or item, "a"
        )
        seen += shown
        if token is None:
            break
    assert seen == sorted(items)
    assert len(asked) < 15 * len(items)


def test_an_item_that_is_added_between_two_pages_is_ordered_with_the_others():
    _, token = page("ac", Limit=1)
    assert page("acb", NextToken=token)[0] == ["b", "c"]
