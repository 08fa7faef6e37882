"""Values that stand for all values."""

from __future__ import annotations

import ipaddress

from hypothesis import given, strategies as st

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.value_classes import examples_of

NUMBERS = st.sampled_from([0, 1, 1.5, 2, 10, -3, 1e22, 9007199254740993, 0.1, 300, 15])
BLOCKS = st.sampled_from(
    ["10.0.0.0/8", "10.0.0.0/31", "16.0.0.0/4", "0.0.0.0/0", "::/0", "a00::/16", "::/127"]
)
ADDRESSES = st.sampled_from(["10.0.0.1", "16.0.0.1", "::1", "a00::1"])
NUMERIC = st.one_of(
    NUMBERS,
    st.builds(
        lambda operator, number: {"numeric": [operator, number]},
        st.sampled_from(["<", "<=", "=", ">", ">="]),
        NUMBERS.filter(lambda number: number != 9007199254740993),
    ),
)
OF_ADDRESSES = ADDRESSES | BLOCKS.map(lambda block: {"cidr": block})
ANY_NUMBER = st.one_of(
    NUMBERS, st.integers(-20, 20), st.integers(10**6, 10**9), st.floats(allow_nan=False, allow_infinity=False)
)
ANY_ADDRESS = st.ip_addresses().map(str) | st.integers(0, 2**28).map(
    lambda number: str(ipaddress.ip_address(number))
)


def terms_of(written):
    [alternative] = compile_pattern({"v": written}).alternatives
    return alternative.fields[0].terms


def kind(terms, value):
    leaf = leaf_of(value, None)
    return tuple(term.matches(leaf) for term in terms)


def test_the_values_a_person_would_write_come_first():
    assert examples_of(terms_of(["PAID"])).values[:2] == ("PAID", "other")
    assert examples_of(terms_of([{"numeric": [">", 0, "<=", 10]}])).values[:5] == (0, 10, -1, 1, 11)
    assert examples_of(terms_of([{"cidr": "10.0.0.0/8"}])).values[:3] == ("0.0.0.0", "10.0.0.0", "11.0.0.0")  # noqa: S104 - an example


def test_other_types_are_always_there():
    values = examples_of(terms_of(["PAID"])).values
    assert {type(value) for value in values} == {str, int, bool, type(None)}


@given(st.lists(NUMERIC, min_size=1, max_size=4), st.lists(ANY_NUMBER, max_size=20))
def test_every_number_satisfies_the_same_terms_as_an_example(written, numbers):
    terms = terms_of(written)
    found = examples_of(terms)
    assert found.are_all
    assert not found.pairs
    kinds = {kind(terms, value) for value in found.values}
    assert {kind(terms, number) for number in numbers} <= kinds


@given(st.lists(OF_ADDRESSES, min_size=1, max_size=4), st.lists(ANY_ADDRESS | ANY_NUMBER, max_size=20))
def test_every_address_and_number_satisfies_the_same_terms_of_addresses_as_an_example(written, values):
    terms = terms_of(written)
    found = examples_of(terms)
    assert found.are_all
    kinds = {kind(terms, value) for value in found.values}
    assert {kind(terms, value) for value in values} <= kinds


@given(
    st.lists(OF_ADDRESSES, min_size=1, max_size=3),
    st.lists(
        NUMERIC | st.sampled_from(["10.0", "1", ":"]).map(lambda text: {"prefix": text}),
        min_size=1,
        max_size=3,
    ),
    st.lists(ANY_ADDRESS | ANY_NUMBER, max_size=20),
)
def test_every_value_satisfies_mixed_terms_like_an_example_or_a_pair(of_addresses, others, values):
    addresses, rest = terms_of(of_addresses), terms_of(others)
    found = examples_of([*addresses, *rest])
    kinds = {kind([*addresses, *rest], value) for value in found.values}
    kinds |= {kind(addresses, one) + kind(rest, other) for one, other in found.pairs}
    assert {kind([*addresses, *rest], value) for value in values} <= kinds
