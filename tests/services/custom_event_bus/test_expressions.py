"""JSONata expressions: values, the functions of AWS, the limits, and the extra that is not installed."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.exceptions import OptionError
from eventmock.parts.identifiers import Identifiers
from eventmock.services.custom_event_bus import expression_engine
from eventmock.services.custom_event_bus.expression_engine import ExpressionFailed, json_of, value_of
from eventmock.services.custom_event_bus.expressions import Sources, check, evaluate, is_expression

EVENT = '{"Data":{"a":null,"list":[null,1],"big":12345678901234567890123,"price":1.10,"t":"x"}}'


def sources(seed=0):
    return Sources(datetime(2027, 1, 1, 12, tzinfo=UTC), Identifiers(seed))


def result(expression, event=EVENT, seed=0):
    """The result of an expression without its delimiters."""
    return evaluate(f"{{%{expression}%}}", value_of(event), sources(seed))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("{% 1 %}", True),
        ("{%1%}", True),
        ("{%\n1\n%}", True),
        ("{%%}", False),
        ("x{% 1 %}", False),
        ("{% 1 %} ", False),
        ("", False),
    ],
)
def test_only_a_whole_text_is_an_expression(text, is_one):
    assert is_expression(text) is is_one


@pytest.mark.parametrize(
    "text", ["{% $events. %}", "{% a( %} {% b %}", "{% %}", "{% $x[ %}", "{% aws:EventId %}"]
)
def test_a_broken_expression_is_found_before_it_is_evaluated(text):
    assert check(text)


@pytest.mark.parametrize(
    "text", ["{% $events.Data %}", "a longer {% a( %} text", "plain", "{% detail-type %}"]
)
def test_other_texts_are_fine(text):
    assert check(text) is None


@pytest.mark.parametrize(
    ("expression", "payload"),
    [
        ("$events.Data.t", "x"),
        ("$events.Data.big", "12345678901234567890123"),
        ("$events.Data.price", "1.10"),
        ("{'a': $events.Data.a, 'b': $events.Data.none}", '{"a":null}'),
        ("$events.Data.list", "[null,1]"),
        ("$map($events.Data.list, function($v) {$v})", "[null,1]"),
        ("$events.Data.t = 'x'", "true"),
        ("1.5 * 2", "3"),
        ("'é'", "é"),
        ("1.5e-6 / 10", "1.5e-7"),
        ("1.5 / 100000", "0.000015"),
        ("0 * -1.5", "0"),
        ("$parse('\"\\ud83d\"')", "?"),
        ("$events.Data ~> |$|{'z': 1}, ['list', 'big']|", '{"a":null,"price":1.1,"t":"x","z":1}'),
    ],
)
def test_the_payload_of_a_result(expression, payload):
    assert result(expression).payload == payload


@pytest.mark.parametrize("expression", ["null", "$events.Data.a", "$events.Data.none", "Data.t", "$", "$$"])
def test_null_and_nothing_are_nothing_and_the_root_is_nothing(expression):
    assert result(expression).is_nothing


def test_an_empty_text_is_a_result():
    assert not result("''").is_nothing
    assert result("''").payload == ""


@pytest.mark.parametrize(
    ("expression", "payload"),
    [
        ("$hash('x', 'MD5')", "9dd4e461268c8034f5c8564e155c67a6"),
        ("$hash('x', 'SHA-1')", "11f6ad8ec52a2984abaafd7c3b516503785c2072"),
        ("$length($hash('x', 'SHA-256'))", "64"),
        ("$length($hash('x', 'SHA-384'))", "96"),
        ("$length($hash({'a': 1}, 'SHA-512'))", "128"),
        ("$parse('{\"a\": [1.50, null]}').a", "[1.50,null]"),
        ("$partition([1,2,3], 2)", "[[1,2],[3]]"),
        ("$range(1, 9, 3)", "[1,4,7]"),
        ("$range(1, 7, 3)", "[1,4,7]"),
        ("$range(9, 1, -4)", "[9,5,1]"),
        ("$now()", "2027-01-01T12:00:00.000Z"),
        ("$now('[Y0001]')", "2027"),
        ("$millis()", "1798804800000"),
        ("$random(7) = $random(7)", "true"),
        ("$random() != $random()", "true"),
        ("$count($shuffle([1..5]))", "5"),
    ],
)
def test_the_functions_of_aws_and_of_the_clock(expression, payload):
    assert result(expression).payload == payload


@pytest.mark.parametrize("expression", ["$uuid()", "$random()", "$shuffle([1..50])"])
def test_equal_seeds_give_equal_chance(expression):
    assert result(expression, seed=1) == result(expression, seed=1)
    assert result(expression, seed=1) != result(expression, seed=2)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("$hash('x', 'sha')", "MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
        ("$parse('{')", "JSON"),
        ("$parse(1)", "text"),
        ("$partition([1], 0)", "above 0"),
        ("$range(1, 9)", "three whole numbers"),
        ("$range(1, 9, 0)", "not 0"),
        ("$range(1, 10000002, 1)", "10000000"),
        ("$eval('1')", "not available"),
        ("$error('boom')", "boom"),
        ("$number('x')", '^Unable to cast value to a number: "x"$'),
        ('$number("it\'s")', '^Unable to cast value to a number: "it\'s"$'),
        ("$toMillis('x')", 'must be an ISO 8601 formatted timestamp. Given "x"$'),
        ("1 / 0", "division"),
        ("$sum", "function"),
        ("[function($x) {$x}]", "function"),
        ("$pad('x', 11000000)", "10 MiB"),
        ("($f := function($n) {$n = 0 ? 0 : 1 + $f($n - 1)}; $f(200))", "deeper than 100"),
    ],
)
def test_an_expression_that_fails_says_why(expression, why):
    with pytest.raises(ExpressionFailed, match=why):
        result(expression)


def test_an_endless_expression_ends(monkeypatch):
    monkeypatch.setattr("eventmock.services.custom_event_bus.expressions.MOST_SECONDS", 0.05)
    with pytest.raises(ExpressionFailed, match="longer than"):
        result("($f := function($n) {$f($n + 1)}; $f(1))")


def test_an_expression_of_a_deep_caller_has_room_and_the_limit_of_python_stays():
    limit = sys.getrecursionlimit()

    def deep(levels):
        if levels:
            return deep(levels - 1)
        return result("($f := function($n) {$n = 0 ? 0 : 1 + $f($n - 1)}; $f(25))").payload

    assert deep(limit - 300) == "25"
    assert sys.getrecursionlimit() == limit


def test_one_expression_serves_several_threads():
    def run(number):
        return result("$sum($map([1..20], function($n) {$n * $events.n}))", f'{{"n":{number}}}').payload

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(run, range(40))) == [str(210 * number) for number in range(40)]


@pytest.mark.parametrize("module", [None, object()], ids=["absent", "another"])
def test_without_the_package_the_tester_is_told_what_to_install(monkeypatch, module):
    expression_engine.engine.cache_clear()
    monkeypatch.setitem(sys.modules, "jsonata", module)
    try:
        with pytest.raises(OptionError, match=r'pip install "eventmock\[jsonata\]"'):
            check("{% 'not compiled before' %}")
    finally:
        expression_engine.engine.cache_clear()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
@settings(deadline=None, max_examples=60)
def test_a_value_that_is_passed_on_is_the_same_text(value):
    text = json_of(value)
    assert json_of(value_of(text)) == text


@pytest.mark.parametrize(
    "expression", ["$uuid(1)", "$millis(1)", "$hash('a', 'MD5', 1)", "$toMillis('x')", "5 % 0"]
)
def test_an_error_has_no_words_of_python(expression):
    with pytest.raises(ExpressionFailed) as failed:
        result(expression)
    assert not any(word in str(failed.value) for word in ("Error", "positional", "lambda", "Identifiers"))
