"""A leaf that satisfies a field hits a probe of each of its handles."""

import math
import sys

from eventmock.pattern import compile as compile_pattern
from eventmock.pattern.handles import handles_of
from eventmock.pattern.letter_case import case_forms, folded


def handles(*terms):
    (alternative,) = compile_pattern({"a": list(terms)}).alternatives
    return handles_of(alternative.fields[0])


def test_all_forms_a_letter_may_take_fold_to_the_same():
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000:
            assert len({folded(form) for form in case_forms(chr(code))}) == 1, hex(code)


def test_exact_terms_are_looked_up_by_key():
    assert handles("a", 1, True) == [(("exact", "a"), ("exact", 1.0), ("exact", b"true"))]
    assert handles({"numeric": ["=", 1]}) == [(("exact", 1.0),)]
    assert handles({"wildcard": "a\\*"}) == [(("exact", "a*"),)]


def test_a_range_has_two_ends():
    assert handles({"numeric": [">", 1, "<=", 2]}) == [(("range", (math.nextafter(1, 2), 2.0)),)]
    assert handles({"numeric": ["<", 2]}) == [(("range", (-math.inf, math.nextafter(2, 1))),)]


def test_a_wildcard_alone_may_be_found_by_any_of_its_pieces():
    assert handles({"wildcard": "ab*cdefg*h*i"}) == [
        (("prefix", "ab"),),
        (("suffix", "i"),),
        (("part", "cdef"),),
        (("part", "defg"),),
        (("part", "h"),),
    ]
    assert handles({"wildcard": "*"}) == [(("prefix", ""),)]
    assert handles({"wildcard": "*b"}, "x") == [(("suffix", "b"), ("exact", "x"))]


def test_addresses_are_found_by_the_bits_they_have_in_common():
    assert handles({"cidr": "128.0.0.0/2"}) == [(("bits", "10"),)]
    assert handles("255.0.0.1") == [(("bits", "1" * 8 + "0" * 23 + "1"),)]


def test_what_nearly_every_leaf_satisfies_is_found_by_its_presence():
    assert handles({"anything-but": "a"}) == handles("x", {"exists": True}) == [(("present", None),)]


def test_what_may_be_absent_cannot_be_looked_for():
    assert handles({"exists": False}, "x") == []
