from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from eventmock.services.custom_event_bus.filter_checks import filters_of
from eventmock.wire import AwsError

INVALID = "InvalidInputException"
SCOPES = ("DATA", "METADATA", "SYSTEM_METADATA")
WILDCARDS = "Filter pattern must not contain wildcard matchers (wildcard, anything-but wildcard)"


def one(pattern, scope="DATA"):
    """A FilterConfiguration of one filter."""
    text = pattern if isinstance(pattern, str) else json.dumps(pattern)
    return {"Filters": [{"Scope": scope, "Pattern": text}]}


@pytest.fixture
def refusal(subscribe, error_of):
    """A function that gives the text by which a FilterConfiguration is refused."""

    def refusal(configuration):
        code, message = error_of(subscribe, FilterConfiguration=configuration)
        assert code == INVALID
        return message

    return refusal


@pytest.mark.parametrize("configuration", [{}, {"Language": "EVENT_BRIDGE_PATTERN"}])
def test_there_is_a_filter(refusal, configuration):
    assert refusal(configuration) == "FilterConfiguration must contain at least one Filter"


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_has_one_filter(refusal, scope):
    twice = {"Filters": one({"a": ["b"]}, scope)["Filters"] * 2}
    assert refusal(twice) == f"Duplicate filter scope: {scope}"


def test_each_scope_may_have_a_filter(subscribe, shown):
    three = {"Filters": [{"Scope": scope, "Pattern": '{"a":["b"]}'} for scope in SCOPES]}
    assert shown(subscribe(FilterConfiguration=three))["FilterConfiguration"] == three


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    "matcher",
    [{"wildcard": "a*"}, {"anything-but": {"wildcard": "a*"}}, {"anything-but": {"wildcard": ["a*", "b"]}}],
    ids=json.dumps,
)
def test_wildcards_are_refused_in_every_scope(refusal, scope, matcher):
    assert refusal(one({"a": ["b"], "c": [matcher]}, scope)) == WILDCARDS


@pytest.mark.parametrize("wildcard", ["*a*a*a*a*a*a*a*a*a*a*a*a*a*a", "a**", "a\\b", "", 5], ids=repr)
def test_wildcards_are_refused_as_such_also_if_they_are_broken(refusal, wildcard):
    assert refusal(one({"a": [{"wildcard": wildcard}]})) == WILDCARDS
    assert refusal(one({"a": [{"anything-but": {"wildcard": wildcard}}]})) == WILDCARDS


def test_a_field_may_be_called_wildcard(subscribe):
    subscribe(FilterConfiguration=one({"wildcard": ["a*"], "c": {"wildcard": [1]}}))


@pytest.mark.parametrize("scope", ["DATA", "SYSTEM_METADATA"])
@pytest.mark.parametrize(
    "matcher",
    [
        {"prefix": "a"},
        {"suffix": "a"},
        {"anything-but": {"prefix": "a"}},
        {"equals-ignore-case": "a"},
        {"exists": False},
        {"numeric": [">", 0]},
        {"cidr": "10.0.0.0/8"},
        None,
        7,
    ],
    ids=json.dumps,
)
def test_all_other_matchers_are_taken(subscribe, scope, matcher):
    subscribe(FilterConfiguration=one({"a": [matcher]}, scope))


@pytest.mark.parametrize("scope", ["DATA", "SYSTEM_METADATA"])
def test_or_is_taken(subscribe, scope):
    subscribe(FilterConfiguration=one({"$or": [{"a": ["b"]}, {"c": ["d"]}]}, scope))


class TestMetadata:
    def test_exact_values_are_taken(self, subscribe):
        subscribe(FilterConfiguration=one({"region": ["EU", "US"], "n": [1, True, None]}, "METADATA"))

    @pytest.mark.parametrize(
        "pattern",
        [
            {"a": [{"prefix": "b"}]},
            {"a": [{"exists": True}]},
            {"a": ["b", {"anything-but": "c"}]},
            {"$or": [{"a": ["b"]}, {"c": ["d"]}]},
            {"a": {"b": ["c"]}},
            '{"a":["b"]} c',
        ],
        ids=str,
    )
    def test_anything_else_is_refused(self, refusal, pattern):
        text = "Filter pattern of scope METADATA must have non-empty arrays of exact values only"
        assert refusal(one(pattern, "METADATA")) == text


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("text", ["", " ", "\n"], ids=repr)
def test_an_empty_pattern_is_refused(refusal, scope, text):
    assert refusal(one(text, scope)) == "Filter pattern must not be empty"


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{", "Unexpected end-of-input"),
        ("{}", "Empty objects are not allowed"),
        ('{"a": []}', "Empty arrays are not allowed"),
        ('{"a": "b"}', '"a" must be an object or an array'),
        ('"text"', "Filter is not an object"),
    ],
)
def test_what_the_language_refuses_is_refused_with_its_reason(refusal, scope, pattern, reason):
    assert refusal(one(pattern, scope)).startswith(
        f"Filter pattern of scope {scope} is not valid. Reason: {reason}"
    )


@pytest.mark.parametrize("scope", ["METADATA", "SYSTEM_METADATA"])
def test_only_a_filter_of_the_data_may_be_an_array(subscribe, refusal, scope):
    assert "Filter is not an object" in refusal(one(["a"], scope))
    subscribe(FilterConfiguration=one(["a"]))


def test_no_text_has_the_pattern(refusal):
    assert "secret" not in refusal(one('{"secret": ["secret", {"prefix": 7}]}'))


def test_the_patterns_have_4096_bytes_together(subscribe, refusal):
    def filters(size):
        rest = '{"ab":["b"]}'
        long = json.dumps({"a": ["é" * ((size - len(rest) - 10) // 2)]}, ensure_ascii=False).replace(" ", "")
        return {
            "Filters": [{"Scope": "DATA", "Pattern": rest}, {"Scope": "SYSTEM_METADATA", "Pattern": long}]
        }

    assert sum(len(part["Pattern"].encode()) for part in filters(4096)["Filters"]) == 4096
    subscribe(FilterConfiguration=filters(4096))
    assert refusal(filters(4098)) == "The patterns of all filters must not exceed 4096 bytes together"


def test_or_makes_1000_combinations_at_most(subscribe, refusal):
    def pattern(*sizes):
        return {
            f"f{number}": {"$or": [{f"a{place}": [1]} for place in range(size)]}
            for number, size in enumerate(sizes)
        }

    subscribe(FilterConfiguration=one(pattern(10, 10, 10)))
    assert "Or operator is producing over 1000 rule combinations" in refusal(one(pattern(10, 10, 11)))


def test_another_language_is_refused_by_the_model(refusal):
    text = refusal({**one({"a": [1]}), "Language": "EventBridgePattern"})
    assert text.startswith("1 validation error detected")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(SCOPES), st.text('{}[]":,a1 ', max_size=20)), max_size=4))
def test_any_texts_make_filters_or_a_refusal(filters):
    configuration = {"Filters": [{"Scope": scope, "Pattern": text} for scope, text in filters]}
    try:
        scopes = [scope for scope, _ in filters_of(configuration).scopes]
    except AwsError as refused:
        assert (refused.code, bool(refused.message)) == (INVALID, True)  # noqa: PT017 - either may happen
    else:
        assert scopes == [scope for scope in SCOPES if scope in dict(filters)]
