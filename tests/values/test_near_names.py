from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from eventmock.values.near_names import nearest_name


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("ThrotlingExeption", ["ThrottlingException", "InternalFailure"], "ThrottlingException"),
        ("detail_type", ["detail", "detail-type"], "detail-type"),
        ("DetailType", ["detail", "detail-type"], "detail-type"),
        ("orderID", ["orderId", "order"], "orderId"),
        ("sorce", ["source"], "source"),
        ("srouce", ["source"], "source"),
        ("shipp", ["ship", "shop"], "ship"),
        ("a", ["b"], None),
        ("ab", ["abc"], None),
        ("state", ["total"], None),
        ("paid", ["paid"], None),
        ("paid", ["PAID", "paid"], "PAID"),
        ("", ["a"], None),
    ],
)
def test_a_name_is_near_by_case_or_by_two_letters(name, known, near):
    assert nearest_name(name, known) == near


@given(st.text("abcdef", min_size=9, max_size=12), st.integers(0, 8), st.sampled_from("xyz"))
def test_one_letter_more_less_or_another_is_near(name, place, letter):
    for other in (name[:place] + letter + name[place:], name[:place] + name[place + 1 :]):
        assert nearest_name(other, [name]) == name
