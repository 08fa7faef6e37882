from __future__ import annotations

import json

from hypothesis import given, strategies as st

from eventmock.mutants.difference import difference

PATTERN = {"source": ["shop"], "detail-type": ["order"], "detail": {"state": ["PAID", {"prefix": "NEW"}]}}


def shown(before, after, member="EventPattern"):
    return "\n".join(difference(member, before, after))


def test_only_the_lines_around_the_change_are_shown():
    assert shown({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, {"a": 1, "b": 2, "c": 3, "d": 0, "e": 5}) == (
        '    "b": 2,\n    "c": 3,\n-   "d": 4,\n+   "d": 0,\n    "e": 5,\n  }'
    )


def test_a_member_that_is_missing_changes_no_other_line():
    after = {name: value for name, value in PATTERN.items() if name != "detail"}
    assert shown(PATTERN, after) == (
        '    "source": ["shop"],\n    "detail-type": ["order"],\n-   "detail": {\n'
        '-     "state": ["PAID", {"prefix": "NEW"}],\n-   },\n  }'
    )


def test_a_pattern_may_be_a_text():
    after = PATTERN | {"source": ["shops"]}
    assert shown(json.dumps(PATTERN), json.dumps(after)) == shown(PATTERN, after)


def test_a_text_that_is_no_object_is_shown_as_it_is():
    assert shown("ENABLED", "DISABLED", "State") == '- "State": "ENABLED"\n+ "State": "DISABLED"'
    assert (
        shown("{<a>}", "{<b>}", "InputTemplate") == '- "InputTemplate": "{<a>}"\n+ "InputTemplate": "{<b>}"'
    )


def test_a_member_may_be_absent_before_or_after():
    assert shown(None, "$.detail", "InputPath") == '+ "InputPath": "$.detail"'
    assert shown(["queue"], None, "Targets") == '- "Targets": ["queue"]'


def test_a_long_list_has_a_line_for_each_value():
    long = [f"value-{number}" for number in range(20)]
    lines = difference("EventPattern", {"a": long}, {"a": [*long[:10], *long[11:]]})
    assert [line for line in lines if line.startswith(("-", "+"))] == ['-     "value-10",']


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, VALUES)
def test_different_values_differ_in_a_line_and_equal_ones_in_none(before, after):
    changed = [line for line in difference("M", before, after) if line[0] in "+-"]
    assert bool(changed) is (json.dumps(before) != json.dumps(after) and not _same_text(before, after))
    assert difference("M", before, before) == []


def _same_text(before, after):
    """Whether two values are shown alike, as a text of JSON and its value are."""
    return difference("M", before, None)[:] == difference("M", after, None)[:]
