"""What a pattern means, and what is said of one that breaks a rule. (Texts by the thousand: tests/conformance.)"""

import json

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.pattern import InvalidPattern, compile as compile_pattern
from eventmock.pattern.syntax import alternatives


def told(text):
    with pytest.raises(InvalidPattern) as refused:
        compile_pattern(text)
    return refused.value.reason, refused.value.column


def meaning(text):
    return [
        {path: [str(term) for term in terms] for path, terms in one.items()} for one in alternatives(text)
    ]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('{"a":[1],"a":[2]}', '{"a":[2]}'),
        ('{"a":{"x":[1]},"a":{"y":[2]}}', '{"a":{"x":[1],"y":[2]}}'),
        ('{"a.b":[1],"a":{"b":[2]}}', '{"a":{"b":[2]}}'),
        ('{"":{"v":[1]}}', '{"v":[1]}'),
        ('{"a":[1]} junk', '{"a":[1]}'),
        ('{"a":[1]}}', '{"a":[1]}'),
        (r'{"\u0024or":[{"a":[1]},{"b":[2]}]}', '{"$or":[{"a":[1]},{"b":[2]}]}'),
    ],
)
def test_patterns_that_mean_the_same(text, same):
    assert meaning(text) == meaning(same)


def test_an_or_beside_fields_is_expanded_in_document_order():
    assert meaning('{"a":[0],"$or":[{"a":[1]},{"b":[2]}]}') == [{"a": ["1"]}, {"a": ["0"], "b": ["2"]}]
    assert meaning('{"$or":[{"a":[1]},{"b":[2]}],"a":[0]}') == [{"a": ["0"]}, {"b": ["2"], "a": ["0"]}]


def test_ors_multiply_and_nest():
    text = '{"x":{"$or":[{"a":[1]},{"$or":[{"b":[2]},{"c":[3]}]}]},"$or":[{"d":[4]},{"e":[5]}]}'
    assert [sorted(one) for one in meaning(text)] == [
        ["d", "x.a"],
        ["d", "x.b"],
        ["d", "x.c"],
        ["e", "x.a"],
        ["e", "x.b"],
        ["e", "x.c"],
    ]


def test_a_thousand_alternatives_are_accepted_and_no_more():
    choice = {"$or": [{"x": [number]} for number in range(10)]}
    assert len(alternatives(json.dumps({"f": choice, "g": choice, "h": choice}))) == 1000
    assert told(json.dumps({"f": choice, "g": choice, "h": choice, "$or": [{"a": [1]}, {"b": [1]}]})) == (
        "Or operator is producing over 1000 rule combinations",
        None,
    )


def test_a_thousand_levels_are_read():
    compile_pattern('{"a":' * 999 + "[1]" + "}" * 999)
    assert told('{"a":' * 1000 + "[1]" + "}" * 1000)[0].startswith("Document nesting depth (1001)")


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("", "Filter is not an object", 1),
        ('"a"', "Filter is not an object", 2),
        ("{}", "Empty objects are not allowed", 3),
        ('{"a":"xyz"}', '"a" must be an object or an array', 7),
        ('{"a": 12 }', '"a" must be an object or an array', 9),
        ('{"a":null,"a":[1]}', '"a" must be an object or an array', 10),
        ('{"a":[[1]]}', "Match value must be String, number, true, false, or null", 8),
        ('{"a":[{"foo": 12 }]}', "Unrecognized match type foo", 17),
        ('{"a":[{"prefix":"x","y":1}]}', "Only one key allowed in match expression", 26),
        (
            '{"a":[{"prefix":{"equals-ignore-case":"x","y":1}}]}',
            "Only one key allowed in match expression",
            48,
        ),
        ('{"a":[{"prefix":{"x":1}}]}', "Unsupported prefix pattern: x", 23),
        ('{"a":[{"suffix":{}}]}', "Suffix expression name not found", 19),
        ('{"a":[{"numeric":[">", 12, "<", 11] }]}', "Bottom must be less than top", 36),
        ('{"a":[{"numeric":["==","x"]}]}', "Value of == must be numeric", 25),
        ('{"a":[{"numeric":["==",1]}]}', "Unrecognized numeric range operator: ==", 25),
        ('{"a":[{"numeric":[true]}]}', "Invalid member in numeric match: true", 23),
        ('{"a":[{"numeric":["=",1e309]}]}', "Cannot compare number : 1e309", 29),
        ('{"a":[{"numeric":["=",1],"b":1}]}', "Too many elements in numeric expression", 31),
        ('{"a":[{"anything-but":[1,"abc"]}]}', "Inside anything but list, either all values are number", 32),
        ('{"a":[{"anything-but":1e309}]}', "Cannot compare number : 1e309", None),
        ('{"a":[{"anything-but":[1e309]}]}', "Cannot compare number : 1e309", 29),
        ('{"a":[{"numeric":5}]}', "Value of numeric must be an array.", 19),
        ('{"a":[{"numeric":[">",0,5]}]}', "Bad value in numeric range: 5", 26),
        ('{"a":[{"numeric":[">",0,">",5]}]}', "Bad numeric range operator: >", 28),
        ('{"a":[{"numeric":[">",0,"<",5,6]}]}', "Too many terms in numeric range expression", 32),
        ('{"a":[{"numeric":["<",5,">",1]}]}', "Too many elements in numeric expression", 26),
        ('{"a":[{"anything-but":null}]}', "Value of anything-but must be an array", 27),
        ('{"a":[{"anything-but":{}}]}', "Anything-But expression name not found", 25),
        ('{"a":[{"anything-but":{"x":1}}]}', "Unsupported anything-but pattern: x", 29),
        ('{"a":[{"anything-but":{"prefix":null}}]}', "Value of anything-but must be an array", 37),
        ('{"a":[{"anything-but":{"prefix":1}}]}', "prefix/suffix match pattern must be a string", 34),
        ('{"a":[{"anything-but":{"suffix":""}}]}', "Null prefix/suffix not allowed", 35),
        ('{"a":[{"anything-but":{"wildcard":["a**"]}}]}', "Consecutive wildcard characters at pos 2", 42),
        ('{"a":[{"anything-but":[null]}]}', "Inside anything but list, start|null|boolean", 28),
        ('{"$or":{}}', "It must be an Array followed with $or.", 9),
        ('{"$or":["x"]}', "Only JSON object is allowed in array of $or relationship.", 10),
        ('{"a":[{}]}', "Match expression name not found", 9),
        ('{"a":[{"prefix":1}]}', "prefix match pattern must be a string", 18),
        ('{"a":[{"cidr":"x"}]}', "Malformed CIDR, one '/' required", None),
        ('{"a":[{"wildcard":"a**b"}]}', "Consecutive wildcard characters at pos 2", 25),
        (r'{"a":[{"wildcard":"é\\q"}]}', "Invalid escape character at pos 3", 25),
        ('{"a":[{"exists":"x"}]}', "exists match pattern must be either true or false.", 18),
        ('{"$or":[{"a":[1]},{"prefix": 12 }]}', "prefix is Ruler reserved fieldName", 32),
        ('{"$or":[{"a":[1]},{"b":{"exists":[1]}}]}', "exists is Ruler reserved fieldName", 35),
        ('{"$or":[{"a":[1]}]}', "There must have at least 2 Objects in $or relationship.", 19),
    ],
)
def test_the_first_fault_in_reading_order_is_told_with_its_place(text, reason, column):
    fault, place = told(text)
    assert fault.startswith(reason)
    assert place == column


def test_a_fault_inside_an_anything_but_list_has_its_place_twice():
    with pytest.raises(InvalidPattern) as refused:
        compile_pattern('{"a":[{"anything-but":["x",,]}]}')
    assert [place.column for place in refused.value.places] == [28, 29]


OPERATORS = st.sampled_from(
    [
        "prefix",
        "suffix",
        "wildcard",
        "equals-ignore-case",
        "exists",
        "cidr",
        "numeric",
        "anything-but",
        "exactly",
    ]
)
OPERANDS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["*", "a*b", "\\*", "10.0.0.0/8", "::/0", ">", "<=", "="]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(OPERATORS | st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=6,
)
NEAR_PATTERNS = st.recursive(
    st.lists(OPERANDS | st.dictionaries(OPERATORS, OPERANDS, min_size=1, max_size=2), max_size=3) | OPERANDS,
    lambda inner: (
        st.dictionaries(st.text(max_size=2) | st.just("$or"), inner, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(["a", "b", "$or"]), inner, max_size=2), max_size=3)
    ),
    max_leaves=8,
)


def only_refused(text):
    try:
        compiled = compile_pattern(text)
    except InvalidPattern:
        return
    compiled.matches({"a": ["x", 1, None, {"b": 2.5}], "": "10.0.0.1"})
    str(compiled.explain({"a": ["x", 1, None, {"b": 2.5}], "": "10.0.0.1"}))


@given(st.text() | st.text(alphabet='{}[]":,0123456789.eE+-\\untrfalsNI $or'))
def test_random_texts_raise_nothing_but_invalid_pattern(text):
    only_refused(text)


@settings(max_examples=300)
@given(st.dictionaries(st.text(max_size=2) | st.just("$or"), NEAR_PATTERNS, max_size=3), st.data())
def test_near_valid_patterns_raise_nothing_but_invalid_pattern(near, data):
    text = json.dumps(near)
    only_refused(text)
    cut = data.draw(st.integers(0, len(text)))
    only_refused(text[:cut])
    only_refused(text[:cut] + data.draw(st.text(max_size=2)) + text[cut:])
