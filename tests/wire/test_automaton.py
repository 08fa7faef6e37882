from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.wire import automaton
from eventmock.wire.automaton import LinearPattern, NotRegular, has_one_way

CHARACTERS = "ab_ \n"
SINGLE = st.sampled_from(
    ["a", "b", "_", " ", "[ab]", "[^a]", r"[^\w\n]", ".", r"\s", r"\S", r"\w", r"\W", r"\d", r"\D"]
)
ANCHORS = st.sampled_from(["^", "$", r"\A", r"\Z", r"\b"])
COUNTS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,3}?", "{2,}"])


def longer(inner):
    parts = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        parts.map("".join),
        parts.map(lambda ways: f"(?:{'|'.join(ways)})"),
        st.builds("(?:{}){}".format, inner, COUNTS),
        st.builds("({})".format, inner),
        st.builds("(?={})".format, inner),
        st.builds("(?!{})".format, inner),
        st.builds("(?{}{})".format, st.sampled_from(["<=", "<!"]), SINGLE),
    )


EXPRESSIONS = st.recursive(SINGLE | ANCHORS | st.just(""), longer, max_leaves=7)


@settings(max_examples=500, deadline=None)
@given(EXPRESSIONS, st.lists(st.text(CHARACTERS, max_size=7), min_size=1, max_size=8))
def test_it_says_what_re_says(expression, texts):
    linear = LinearPattern(expression)
    expected = re.compile(expression, re.ASCII)
    for text in texts:
        assert linear.fullmatch(text) == bool(expected.fullmatch(text)), text


@settings(max_examples=300, deadline=None)
@given(
    EXPRESSIONS.filter(has_one_way),
    st.text(CHARACTERS, min_size=1, max_size=4),
    st.sampled_from(["", "\n", "é"]),
)
def test_where_there_is_one_way_re_itself_is_quick(expression, one, ending):
    """Forty rounds would take years where there are two ways for each; a few steps back are allowed for each round."""
    assert bool(re.fullmatch(expression, one * 40 + ending, re.ASCII)) == LinearPattern(expression).fullmatch(
        one * 40 + ending
    )


@pytest.mark.parametrize(
    "expression",
    [
        "a*b",
        "[a-c]+:[a-c]+",
        "(a|b)*c",
        "(?:ab{1,3}){2,5}",
        "^a?b$",
        r"arn:aws([a-z]|\-)*:([0-9]{12})?:.+",
        "[^a]*a",
    ],
)
def test_one_way(expression):
    assert has_one_way(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "(a*)*",
        "(a|a)*",
        "(a|[ab]b)*",
        "(a?|b?)c",
        ".+/.+",
        "a{2,3}a",
        "(?!a)b",
        r"(a)\1",
        r"[\p{L}a]*b",
        "(?i)a",
    ],
)
def test_more_ways(expression):
    assert not has_one_way(expression)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (r"(a)\1", "GROUPREF"),
        ("a++", "POSSESSIVE_REPEAT"),
        ("(?>a)", "ATOMIC_GROUP"),
        (r"\Ba", "AT"),
        ("(?i)a", "flags"),
        ("(?i:a)", "SUBPATTERN"),
        ("((a{1,200}){1,200}){1,200}", "repeats too much"),
    ],
)
def test_what_no_automaton_can_match_is_refused(expression, reason):
    with pytest.raises(NotRegular, match=reason):
        LinearPattern(expression)


def test_categories_of_unicode_are_those_of_the_installed_python():
    for category in ("L", "N", "Lu", "Zs", "C"):
        inside, outside = LinearPattern(rf"\p{{{category}}}"), LinearPattern(rf"[^\P{{{category}}}\n]")
        for character in map(chr, range(0, 0x11_0000, 997)):
            expected = unicodedata.category(character).startswith(category)
            assert inside.fullmatch(character) == outside.fullmatch(character) == expected


def test_a_category_may_stand_anywhere_in_a_class():
    assert LinearPattern(r"[^\p{Lu}]\P{N}[^\p{L}\p{N}]*").fullmatch("éA \N{BULLET}")
    assert not LinearPattern(r"[^\p{Lu}]+").fullmatch("aÉ")
    assert LinearPattern(r"\\p{2}").fullmatch(r"\pp")


def test_an_unknown_category_is_no_expression():
    with pytest.raises(re.error, match="bad escape"):
        LinearPattern(r"\p{Xy}")


def test_no_text_fills_the_memory(monkeypatch):
    monkeypatch.setattr(automaton, "STEPS_KEPT", 20)
    linear = LinearPattern(r"(?:.{3}x|y.)*(?=z|$)z?")
    expected = re.compile(r"(?:.{3}x|y.)*(?=z|$)z?", re.ASCII)
    for start in range(0, 3000, 100):
        varied = "".join(f"y{chr(code)}abcx" for code in range(start + 32, start + 132))
        for text in (varied, varied + "z", varied + "yzq"):
            assert linear.fullmatch(text) == bool(expected.fullmatch(text))
    kept = sum(map(len, linear._automaton._states.values()))
    assert kept <= 40


def test_threads_may_share_one():
    import threading

    linear = LinearPattern(r"(a|b)*abb")
    found = []

    def read():
        found.extend(linear.fullmatch("ab" * number + "abb") for number in range(50))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 200
