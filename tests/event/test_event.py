from __future__ import annotations

import json

from hypothesis import given, strategies as st

from eventmock.event.event import compact

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.sampled_from([None, 1, "\t", " \r\n"]), st.booleans())
def test_compact_text_is_the_same_value_without_blanks(value, indent, ensure_ascii):
    text = json.dumps(value, indent=indent, ensure_ascii=ensure_ascii)
    assert compact(text) == json.dumps(value, separators=(",", ":"), ensure_ascii=ensure_ascii)


def test_what_is_within_strings_stays():
    assert compact('{ "a \\" b" :\t"c  d\\\\" }') == '{"a \\" b":"c  d\\\\"}'
