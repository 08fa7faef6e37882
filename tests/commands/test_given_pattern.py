from __future__ import annotations

import pytest

from eventmock import pattern
from eventmock.commands.documents import Document, WrongInput
from eventmock.commands.given_pattern import compile_pattern
from eventmock.pattern.hints import OPERATORS

OPERANDS = {"numeric": '["=", 1]', "exists": "true", "cidr": '"10.0.0.0/8"'}


def wrong(text):
    with pytest.raises(WrongInput) as caught:
        compile_pattern(Document("PATTERN", text))
    return str(caught.value)


def test_a_pattern_is_compiled():
    assert compile_pattern(Document("PATTERN", '{"a": [1]}')).matches({"a": 1})


def test_a_refusal_has_aws_s_words_the_place_and_ours():
    assert wrong('{"source": ["a"],\n  "state": "PAID"}') == (
        "PATTERN: InvalidEventPatternException: Event pattern is not valid. "
        'Reason: "state" must be an object or an array\n'
        ' at [Source: (String)"{"source": ["a"],\n'
        '  "state": "PAID"}"; line: 2, column: 13]\n'
        '    "state": "PAID"}\n'
        "              ^\n"
        '  wanted values stand in a list: "state": ["..."]'
    )


def test_a_refusal_may_have_no_place():
    many = ", ".join(f'{{"{number}": [1]}}' for number in range(1001))
    assert wrong('{"$or": [' + many + "]}") == (
        "PATTERN: InvalidEventPatternException: Event pattern is not valid. "
        "Reason: Or operator is producing over 1000 rule combinations"
    )


def test_broken_json_needs_no_hint():
    assert wrong('{"a" [1]}').split("\n")[1:] == [
        ' at [Source: (String)"{"a" [1]}"; line: 1, column: 6]',
        '  {"a" [1]}',
        "       ^",
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{"a": [{"prefx": "b"}]}', "did you mean 'prefix'?"),
        ('{"a": [{"q": "b"}]}', f"there are {', '.join(OPERATORS)}; fields are nested without lists"),
        ('{"a": {"prefix": "b"}}', 'an operator stands in a list: [{"prefix": ...}]'),
        ('{"a": []}', 'an empty list matches nothing; for any value say [{"exists": true}]'),
        ("{}", 'wanted at least one field, such as "source": [{"prefix": ""}]'),
        ("[]", 'wanted an object, such as {"source": ["shop"]}'),
        ('{"a": [["b"]]}', "inside a list stand values and operators; fields are nested without lists"),
        ('{"{x}": 1}', 'wanted values stand in a list: "{x}": ["..."]'),
    ],
)
def test_common_mistakes_have_a_hint(text, hint):
    assert wrong(text).split("\n")[-1] == f"  {hint}"


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_operators_it_names_are_operators(operator):
    operand = OPERANDS.get(operator, '"b"')
    pattern.compile(f'{{"a": [{{"{operator}": {operand}}}]}}')


def test_aws_s_engine_may_fail():
    assert wrong('{"a": [{"anything-but": {"prefix": []}}]}') == (
        "PATTERN: InternalFailure: the engine of EventBridge fails on this pattern"
    )
