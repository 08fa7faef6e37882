"""Terms that are merged are satisfied exactly when one of them is."""

import json

from hypothesis import given, reject, settings, strategies as st

from eventmock.pattern import InvalidPattern, compile as compile_pattern, read_event
from eventmock.pattern.merged_terms import merged

CASES = ["", "a", "A", "ab", "AB", "aab", "ba", "\u00df", "SS", "ss", "\u0131", "I", "i", "\u0130", "i\u0307"]
ODD = ["K", "\u212a", "\u01f0", "J\u030c", "\U0001f600", "??", "a\u00df", "\u00dfa"]
ADDRESSES = ["10.0.0.1", "010.0.0.1", "a00::1", "::ffff:a00:1", "16.0.0.1", "::1", "10000001"]
TEXTS = st.sampled_from(CASES + ODD + ADDRESSES)
NUMBERS = st.sampled_from(
    [
        0,
        -0.0,
        1,
        1.0,
        -1,
        2,
        1.5,
        5,
        15,
        10,
        10000001,
        3e2,
        1e-7,
        1e22,
        2**53,
        2**53 + 1,
        5e-324,
        -1e308,
        16**8,
        -16,
    ]
)
COMPARABLE = NUMBERS.filter(lambda number: number not in (2**53 + 1, 5e-324))
LITERALS = st.booleans() | st.none()
WILDCARDS = st.sampled_from(["*", "", "a*", "*a", "a*b", "*ß"])
CIDRS = st.sampled_from(
    [
        "10.0.0.0/8",
        "0.0.0.0/0",
        "16.0.0.0/4",
        "10.0.0.0/31",
        "::/0",
        "::/1",
        "a00::/16",
        "a00::/7",
        "::1/127",
        "9.0.0.0/5",
    ]
)


def lists(members):
    return members | st.lists(members, min_size=1, max_size=4)


def of(name, operands):
    return operands.map(lambda operand: {name: operand})


RANGES = st.tuples(st.sampled_from(["=", "<", "<=", ">", ">="]), COMPARABLE) | st.tuples(
    st.sampled_from([">", ">="]), COMPARABLE, st.sampled_from(["<", "<="]), COMPARABLE
).filter(lambda given: given[1] < given[3])
TERMS = st.one_of(
    TEXTS,
    NUMBERS,
    LITERALS,
    *(of(name, TEXTS | of("equals-ignore-case", TEXTS)) for name in ("prefix", "suffix")),
    *(of(name, TEXTS) for name in ("exactly", "equals-ignore-case")),
    of("wildcard", WILDCARDS),
    of("numeric", RANGES.map(list)),
    of("cidr", CIDRS),
    of("anything-but", lists(TEXTS) | lists(COMPARABLE)),
    of("anything-but", of("wildcard", lists(WILDCARDS))),
    *(
        of("anything-but", of(name, lists(TEXTS.filter(bool))))
        for name in ("prefix", "suffix", "equals-ignore-case")
    ),
)
LEAVES = TEXTS | NUMBERS | LITERALS | st.text("aAbßsSiI.:10", max_size=6) | st.integers(-20, 2**33)


@settings(max_examples=1500, deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=8), st.lists(LEAVES, min_size=1, max_size=6))
def test_a_leaf_satisfies_what_is_merged_as_it_satisfies_one_of_the_terms(terms, values):
    try:
        pattern = compile_pattern({"v": terms})
    except InvalidPattern as error:
        if "too complex" not in str(error):
            raise
        reject()
    made = pattern.alternatives[0].written[0].terms
    few = merged(made)
    for leaf in read_event(json.dumps({"v": values})).leaves["v"]:
        assert any(term.matches(leaf) for term in few) is any(term.matches(leaf) for term in made), leaf


def test_there_is_one_term_for_all_of_a_kind():
    texts = [{"prefix": text} for text in "abc"] + [{"suffix": text} for text in "abc"]
    ranges = [{"numeric": [">", low, "<", low + 2]} for low in range(9)]
    made = compile_pattern({"v": texts + ranges}).alternatives[0].written[0].terms
    assert len(merged(made)) == 3
