import json

import pytest
from hypothesis import given, strategies as st

from eventmock.transform.json_text import JsonText, NotJson, check_json, check_json_lines

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_parsing_only_takes_the_whitespace_between_tokens_away(value, indent, ascii_only):
    written = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only)
    assert JsonText.parse(written).text == compact


@given(st.text(alphabet='{}[],:"\\ \n\t01-.eEtrufalsn\x00x/u', max_size=12))
def test_it_agrees_with_pythons_strict_parser_on_what_is_json(text):
    try:
        json.loads(text, parse_constant=lambda name: json.loads(f"not {name}"))
    except ValueError:
        with pytest.raises(NotJson):
            JsonText.parse(text)
        with pytest.raises(NotJson):
            check_json(text)
    else:
        assert JsonText.parse(text) == JsonText.parse(f"\n{text}")
        check_json(text)


@pytest.mark.parametrize(
    "text", ["1.0", "1E5", "-0", "1e-400", "123456789012345678901234567890", '"\\u00e9\\/"']
)
def test_spellings_survive(text):
    assert JsonText.parse(f' {{"a": [ {text} ]}} ').text == f'{{"a":[{text}]}}'


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "[NaN]", "[Infinity ]"])
def test_pythons_constants_are_not_json(text):
    with pytest.raises(NotJson):
        JsonText.parse(text)
    with pytest.raises(NotJson):
        check_json(text)


def test_a_number_longer_than_python_converts_is_json():
    assert JsonText.parse("1" * 5000).text == "1" * 5000


def test_nesting_deeper_than_pythons_stack_is_read():
    text = "[" * 5000 + "]" * 5000
    assert JsonText.parse(text).text == text
    check_json(text)
    assert JsonText(text).items() == [JsonText(text[1:-1])]


def test_members_come_in_order_with_their_names_decoded():
    members = JsonText.parse(r'{"b": 1, "\u0061,": {"c": [1, 2]}, "d": "}\","}').members()
    assert members == {"b": JsonText("1"), "a,": JsonText('{"c":[1,2]}'), "d": JsonText(r'"}\","')}
    assert list(members) == ["b", "a,", "d"]


def test_of_two_equal_names_the_last_wins():
    assert JsonText('{"a":1,"a":2}').members() == {"a": JsonText("2")}


def test_items_and_members_of_the_wrong_kind_are_none():
    assert JsonText("[1]").members() == {}
    assert JsonText("{}").items() == []
    assert JsonText("[]").items() == []
    assert JsonText("{}").members() == {}


def test_characters_resolve_escapes_of_strings_only():
    assert JsonText(r'"a\n\u00e9"').characters() == "a\né"
    assert JsonText("1.50").characters() == "1.50"


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert JsonText(r'"\ud83d\ude00 \ud83d"').characters() == "\U0001f600 ?"


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("not-json", 1, 1, "'not-json' stands where a JSON value should"),
        ("", 1, 1, "the end of the text stands where a JSON value should"),
        ('{"a": 1,\n "b": x}', 2, 7, "'x}' stands where a JSON value should"),
        ('{"a" 1}', 1, 6, "'1}' stands where ':' should"),
        ('{"a": 1 "b"}', 1, 9, "'\"b\"}' stands where ',' or '}' should"),
        ("{1}", 1, 2, "'1}' stands where a quoted name or '}' should"),
        ('{"a":1,}', 1, 8, "'}' stands where a quoted name should"),
        ("[1\r\n2]", 2, 1, "'2]' stands where ',' or ']' should"),
        ("[", 1, 2, "the end of the text stands where a JSON value or ']' should"),
        ('["a', 1, 2, "a string that is not closed, or holds a raw control character or an unknown escape,"),
        ('["\U0001f600" x]', 1, 7, "'x]' stands where ',' or ']' should"),
        ("1 2", 1, 3, "'2' follows the end of the value"),
        ("[" + "abc" * 20, 1, 2, "'abcabcabcabcabcabcab...' stands where a JSON value or ']' should"),
    ],
)
def test_what_is_not_json_is_reported_by_place_and_problem(text, line, column, problem):
    with pytest.raises(NotJson) as caught:
        JsonText.parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert problem in caught.value.problem
    assert str(caught.value) == f"not JSON at line {line}, column {column}: {caught.value.problem}"


@pytest.mark.parametrize("text", ['"a"', '"a"\n"b"', '"a"\r\n\n {"b":\n1}\n', "1"])
def test_values_on_lines_of_their_own_are_json_lines(text):
    check_json_lines(text)


@pytest.mark.parametrize("text", ["", '"a" "b"', '"a""b"', '"a"\nb', '"a\nb"'])
def test_anything_else_is_not_json_lines(text):
    with pytest.raises(NotJson):
        check_json_lines(text)
