"""Each table finds what a leaf hits, and forgets what is dropped."""

import pytest

from eventmock.pattern.leaves import leaf_of
from eventmock.pattern.probe_tables import (
    BeginningTable,
    EndTable,
    PartTable,
    TextTable,
    address_bits_of,
    folded_text_of,
    text_of,
)


def found(table, value):
    stored = []
    table.find(leaf_of(value, ()), stored)
    return sorted(stored)


def filled(table, *operands):
    for operand in operands:
        table.put(operand, operand)
    return table


@pytest.mark.parametrize(
    ("table", "value", "expected"),
    [
        (TextTable(text_of), "ab", ["ab"]),
        (BeginningTable(text_of), "abc", ["", "a", "ab"]),
        (EndTable(text_of), "cab", ["", "ab", "b"]),
        (EndTable(text_of), "b", ["", "b"]),
        (PartTable(text_of), "xabx", ["", "a", "ab", "b"]),
        (BeginningTable(folded_text_of), "ABC", ["", "a", "ab"]),
        (TextTable(folded_text_of), 1, []),
        (BeginningTable(text_of), None, []),
        (PartTable(text_of), 1.5, []),
        (EndTable(text_of), True, []),
    ],
)
def test_operands_that_are_hit_are_found_each_once(table, value, expected):
    assert found(filled(table, "", "a", "ab", "b"), value) == expected


def test_dropped_operands_are_not_found():
    table = filled(BeginningTable(text_of), "a", "b", "ab")
    table.drop("a")
    table.drop("ab")
    assert found(table, "abc") == []
    assert found(table, "bc") == ["b"]
    assert (len(table), table.get("b"), table.get("a")) == (1, "b", None)


@pytest.mark.parametrize(
    ("value", "bits"),
    [("128.0.0.1", "1" + "0" * 30 + "1"), (15, "00010101"), (1.5, "0001"), ("x", ""), (None, ""), (-1, "")],
)
def test_the_bits_of_what_address_terms_read(value, bits):
    assert address_bits_of(leaf_of(value, ())) == bits
