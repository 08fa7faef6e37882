"""Reading token by token: faults and their places."""

import pytest

from eventmock.pattern.json_reader import JsonReader, Token
from eventmock.pattern.refusals import InvalidPattern


def read_through(reader):
    while reader.advance() is not Token.END:
        pass


def fault(text):
    with pytest.raises(InvalidPattern) as refused:
        read_through(JsonReader(text))
    return refused.value.reason, refused.value.column


def test_tokens_come_in_order():
    reader = JsonReader(' {"a":[1,"x",true,false,null,{}]} ')
    tokens = []
    while (token := reader.advance()) is not Token.END:
        tokens.append(token)
    assert [token.value for token in tokens] == [
        *("{", "name", "[", "number", "string", "true", "false", "null", "{", "}", "]", "}")
    ]


def test_a_name_is_read_with_the_first_token_of_its_value():
    reader = JsonReader('{"a": 12 }')
    reader.advance()
    assert (reader.advance(), reader.name, reader.place().column) == (Token.NAME, "a", 9)


def test_a_string_is_read_only_when_its_text_is_needed():
    reader = JsonReader('["xyz"]')
    reader.advance()
    assert (reader.advance(), reader.place().column) == (Token.STRING, 3)
    assert (reader.text(), reader.text(), reader.place().column) == ("xyz", "xyz", 7)


def test_escapes_are_decoded_in_names_and_strings():
    reader = JsonReader(r'{"\u0061\n":"\"\\\/\b\f\r\t\ud83d\ude00\ud83d"}')
    reader.advance()
    reader.advance()
    reader.advance()
    assert (reader.name, reader.text()) == ("a\n", '"\\/\b\f\r\t😀?')


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("}", "Unexpected close marker '}': expected ']' (for root starting at ", 1),
        ("]", "Unexpected close marker ']': expected '}' (for root starting at ", 1),
        ("[}", "Unexpected close marker '}': expected ']' (for Array starting at ", 2),
        ("[", "Unexpected end-of-input: expected close marker for Array (start marker at ", 2),
        ("[1,", "Unexpected end-of-input within/between Array entries", 4),
        ('{"a"', "Unexpected end-of-input within/between Object entries", 5),
        ('{"a', "Unexpected end-of-input in field name", 4),
        ('["a', "Unexpected end-of-input: was expecting closing quote for a string value", 4),
        ('["\\', "Unexpected end-of-input in character escape sequence", 4),
        ('["\\u12', "Unexpected end-of-input in character escape sequence", 7),
        ('["\\u1g', "Unexpected character ('g' (code 103)): expected a hex-digit", 6),
        ('["\\x', "Unrecognized character escape 'x' (code 120)", 4),
        ('["\n', "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped", 3),
        ("[\x01", "Illegal character ((CTRL-CHAR, code 1)): only regular white space (\\r, \\n, \\t)", 3),
        ("[/", "Unexpected character ('/' (code 47)): maybe a (non-standard) comment?", 2),
        ("[1 2", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 4),
        ('{"a":}', "Unexpected character ('}' (code 125)): expected a value", 6),
        ('{"a" 1', "Unexpected character ('1' (code 49)): was expecting a colon", 6),
        ("{a", "Unexpected character ('a' (code 97)): was expecting double-quote", 2),
        ("[Σ]", "Unrecognized token 'Σ': was expecting (JSON String,", 3),
        ("[\u2211]", "Unexpected character ('\u2211' (code 8721 / 0x2211)): expected a valid value", 2),
        ("[nul]", "Unrecognized token 'nul'", 5),
        ("[true1]", "Unrecognized token 'true1'", 7),
        ("[true$]", "Unexpected character ('$' (code 36)): was expecting comma", 6),
        (f"[{'x' * 300}]", f"Unrecognized token '{'x' * 256}...'", 258),
        ("[NaN]", "Non-standard token 'NaN'", 5),
        ("[-INF]", "Non-standard token '-INF'", 6),
        ("[+Infinity]", "Non-standard token '+Infinity'", 11),
        ("[-Ix", "Unexpected character ('x' (code 120)) in numeric value: expected digit (0-9) to follow", 4),
        ("[-I", "Unexpected end-of-input in a Number value", 4),
        ("[-", "Unexpected end-of-inputNo digit following sign", 3),
        ("[+", "Unexpected end-of-input in a Number value", 3),
        ("[+1", "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow", 3),
        ("[01", "Invalid numeric value: Leading zeroes not allowed", 3),
        ("[12.x", "Unexpected character ('x' (code 120)) in numeric value: Decimal point not followed", 4),
        ("[0.x", "Unexpected character ('x' (code 120)) in numeric value: Decimal point not followed", 4),
        ("[12.", "Unexpected character ('.' (code 46)) in numeric value: Decimal point not followed", 4),
        ("[1.5ex", "Unexpected character ('x' (code 120)) in numeric value: Exponent indicator", 3),
        ("[1e+", "Unexpected end-of-inputexpected a digit for number exponent", 5),
        ("1x", "Unexpected character ('x' (code 120)): Expected space separating root-level values", 2),
    ],
)
def test_a_fault_has_jacksons_words_and_place(text, reason, column):
    told, place = fault(text)
    assert told.startswith(reason)
    assert place == column


def test_nesting_and_digits_have_limits():
    reason = (
        "Document nesting depth (1001) exceeds the maximum allowed "
        "(1000, from `StreamReadConstraints.getMaxNestingDepth()`)"
    )
    assert fault("[" * 1001) == (reason, None)
    assert fault(f"[{'1' * 1001}]")[0].startswith(
        "Number value length (1001) exceeds the maximum allowed (1000,"
    )


@pytest.mark.parametrize("text", ["1 ", "1\r\n", "1"])
def test_a_number_alone_is_followed_by_space_or_nothing(text):
    reader = JsonReader(text)
    assert (reader.advance(), reader.advance()) == (Token.NUMBER, Token.END)
