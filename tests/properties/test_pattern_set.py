"""A set of patterns answers what its patterns answer one by one, whatever they are and however it came to be."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eventmock import pattern
from eventmock.strategies import events, matching_events, nearly_matching_events, patterns

# Few names and values, odd ones among them, so that patterns meet one another and the event

NAMES = st.sampled_from(["a", "b", "c", "a.b", "", "a.", ".", "é"])
TEXTS = st.sampled_from(
    [
        *(
            "",
            "a",
            "A",
            "ab",
            "AB",
            "aab",
            "b",
            "ba",
            "1",
            "ß",
            "SS",
            "ss",
            "\u0131",
            "I",
            "i",
            "İ",
            "K",
            "\u212a",
        ),
        *(
            "\u017f",
            "😀",
            "??",
            "\ud800",
            "10.0.0.1",
            "010.0.0.1",
            "a00::1",
            "::ffff:a00:1",
            "16.0.0.1",
            "::1",
        ),
        "10000001",
    ]
)
NUMBERS = st.sampled_from(
    [0, -0.0, 1, 1.0, -1, 2, 1.5, 5, 15, 10, 10000001, 300, 3e2, 1e-7, 1e22, 2**53, 2**53 + 1, 5e-324, -1e308]
)
SCALARS = TEXTS | NUMBERS | st.booleans() | st.none()
WILDCARDS = st.sampled_from(
    ["*", "", "a*", "*a", "a*b", "*a*", "*ab*", "a*a*b", "\\*", "*1*0*", "*ß", "1*.*"]
)


def one_or_more(members):
    return members | st.lists(members, min_size=1, max_size=3)


def of(name, operands):
    return operands.map(lambda operand: {name: operand})


RANGES = st.tuples(st.sampled_from(["=", "<", "<=", ">", ">="]), NUMBERS) | st.tuples(
    st.sampled_from([">", ">="]), NUMBERS, st.sampled_from(["<", "<="]), NUMBERS
)
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
TERMS = st.one_of(
    SCALARS,
    *(of(name, TEXTS | of("equals-ignore-case", TEXTS)) for name in ("prefix", "suffix")),
    of("equals-ignore-case", TEXTS),
    of("exactly", TEXTS),
    of("wildcard", WILDCARDS),
    of("numeric", RANGES.map(list)),
    of("cidr", CIDRS),
    of("exists", st.booleans()),
    of("anything-but", one_or_more(TEXTS) | one_or_more(NUMBERS)),
    of("anything-but", of("wildcard", one_or_more(WILDCARDS))),
    *(
        of("anything-but", of(name, one_or_more(TEXTS)))
        for name in ("prefix", "suffix", "equals-ignore-case")
    ),
)
LISTS = st.lists(TERMS, min_size=1, max_size=3)
ODD_PATTERNS = st.recursive(
    st.dictionaries(NAMES, LISTS, min_size=1, max_size=3),
    lambda inner: (
        st.dictionaries(NAMES, LISTS | inner, min_size=1, max_size=3)
        | st.builds(
            lambda around, either: {**around, "$or": either}, inner, st.lists(inner, min_size=2, max_size=3)
        )
    ),
    max_leaves=4,
)
ODD_EVENTS = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def is_valid(text):
    try:
        pattern.compile(text)
    except pattern.InvalidPattern:
        return False
    return True


def written_twice(members):
    """Objects as text, in which a name may repeat."""
    return st.lists(members, min_size=1, max_size=2).map(
        lambda objects: "{" + ",".join(inner for one in objects if (inner := json.dumps(one)[1:-1])) + "}"
    )


PATTERN_TEXTS = written_twice(ODD_PATTERNS).filter(is_valid)
EVENTS = ODD_EVENTS | written_twice(ODD_EVENTS) | ODD_EVENTS.map(pattern.read_event)


def one_by_one(rules, event):
    return sorted(name for name, text in rules.items() if pattern.compile(text).matches(event))


def set_of(rules):
    patterns_together = pattern.PatternSet()
    for name, text in rules.items():
        patterns_together.add(name, text)
    return patterns_together


slow_to_draw = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@slow_to_draw
@given(st.lists(PATTERN_TEXTS, min_size=1, max_size=15), st.lists(EVENTS, min_size=1, max_size=5))
def test_together_as_one_by_one(texts, given_events):
    rules = {str(number): text for number, text in enumerate(texts)}
    together = set_of(rules)
    for event in given_events:
        assert together.matching(event) == one_by_one(rules, event)


@slow_to_draw
@given(st.lists(TERMS, min_size=1, max_size=60), st.lists(SCALARS, min_size=1, max_size=8))
def test_many_terms_on_one_path(terms, values):
    rules = {
        str(number): text for number, term in enumerate(terms) if is_valid(text := json.dumps({"a": [term]}))
    }
    together = set_of(rules)
    for event in [{"a": value} for value in values] + [{"a": values}, {}]:
        assert together.matching(event) == one_by_one(rules, event)


@slow_to_draw
@given(st.data())
def test_events_made_for_a_pattern_are_told_from_those_that_nearly_match(data):
    wanted = data.draw(st.lists(patterns(), min_size=1, max_size=5))
    rules = {str(number): one for number, one in enumerate(wanted)}
    together = set_of(rules)
    name = data.draw(st.sampled_from(sorted(rules)))
    event = data.draw(matching_events(rules[name]) | nearly_matching_events(rules[name]) | events())
    assert together.matching(event) == one_by_one(rules, event)


class AddsReplacesRemoves(RuleBasedStateMachine):
    """A set that changes, beside a dictionary of its patterns."""

    def __init__(self):
        super().__init__()
        self.together = pattern.PatternSet()
        self.rules = {}

    @rule(name=st.sampled_from("abcdefghijklmnopqrst"), text=PATTERN_TEXTS)
    def add_or_replace(self, name, text):
        self.together.add(name, text)
        self.rules[name] = text

    @rule(added=st.lists(TERMS, min_size=5, max_size=20))
    def add_many_alike(self, added):
        for number, term in enumerate(added):
            if is_valid(text := json.dumps({"a": ["a"], "b": [term]})):
                self.together.add(f"alike-{number}", text)
                self.rules[f"alike-{number}"] = text

    @rule(data=st.data())
    def remove(self, data):
        if self.rules:
            name = data.draw(st.sampled_from(sorted(self.rules)))
            self.together.remove(name)
            del self.rules[name]

    @rule()
    def remove_all(self):
        for name in self.rules:
            self.together.remove(name)
        self.rules = {}

    @rule(event=EVENTS | st.builds(lambda value: {"a": "a", "b": value}, SCALARS))
    def ask(self, event):
        assert self.together.matching(event) == one_by_one(self.rules, event)

    @invariant()
    def names_are_those_added(self):
        assert set(self.together) == self.rules.keys()
        assert len(self.together) == len(self.rules)


TestAddsReplacesRemoves = AddsReplacesRemoves.TestCase
TestAddsReplacesRemoves.settings = settings(
    deadline=None,
    max_examples=15,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
