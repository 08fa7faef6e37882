"""The public face: compiling, the exceptions, and what one event and one pattern answer."""

import json
import time

import pytest

from eventmock import pattern


def test_a_pattern_may_be_given_as_text_or_as_an_object():
    wanted = {"detail": {"state": ["PAID"]}}
    assert pattern.compile(wanted).text == pattern.compile(json.dumps(wanted)).text == json.dumps(wanted)


def test_an_event_may_be_given_as_text_or_as_an_object_or_read_before():
    compiled = pattern.compile({"detail": {"state": ["PAID"]}})
    event = {"detail": {"state": "PAID"}}
    assert compiled.matches(event)
    assert compiled.matches(json.dumps(event))
    assert compiled.matches(pattern.read_event(event))


def test_a_refusal_has_reason_line_and_column():
    with pytest.raises(pattern.InvalidPattern) as refused:
        pattern.compile('{\n"a":[]}')
    assert refused.value.reason == "Empty arrays are not allowed"
    assert (refused.value.line, refused.value.column) == (2, 7)
    assert str(refused.value) == (
        "Event pattern is not valid. Reason: Empty arrays are not allowed\n"
        ' at [Source: (String)"{\n"a":[]}"; line: 2, column: 7]'
    )


def test_a_refusal_without_place_has_no_line():
    with pytest.raises(pattern.InvalidPattern) as refused:
        pattern.compile('{"a":[{"cidr":"10.0.0.0"}]}')
    assert (refused.value.line, refused.value.column) == (None, None)
    assert str(refused.value) == "Event pattern is not valid. Reason: Malformed CIDR, one '/' required"


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[{"anything-but":{"prefix":[]}}]}',
        '{"a":[{"numeric":[">",1.7976931348623157e308]}]}',
        '{"a":[{"numeric":["<=",-1.7976931348623157e308]}]}',
    ],
)
def test_a_pattern_the_engine_breaks_on_has_no_message(text):
    with pytest.raises(pattern.EngineFailure) as failed:
        pattern.compile(text)
    assert str(failed.value) == ""


def test_an_empty_exclusion_behind_another_term_is_accepted_and_matches_nothing():
    compiled = pattern.compile('{"a":["x",{"anything-but":{"prefix":[]}}]}')
    assert compiled.matches({"a": "x"})
    assert not compiled.matches({"a": "y"})


def test_complexity_is_told_before_an_engine_failure():
    text = '{"a":[{"anything-but":{"prefix":[]}}],"b":[{"wildcard":"*a*a*a*a*a*a"}]}'
    with pytest.raises(pattern.InvalidPattern, match="Rule is too complex"):
        pattern.compile(text)


def test_the_representation_shows_the_text():
    assert repr(pattern.compile('{"a":[1]}')) == """Pattern('{"a":[1]}')"""


def test_everything_public_is_there():
    assert all(hasattr(pattern, name) for name in pattern.__all__)
    assert set(pattern.__all__) <= set(dir(pattern))


def test_many_ors_are_refused_without_being_written_out():
    choice = {"$or": [{"x": [number]} for number in range(10)]}
    text = json.dumps({f"f{number}": choice for number in range(40)})
    begun = time.perf_counter()
    with pytest.raises(pattern.InvalidPattern, match="over 1000 rule combinations"):
        pattern.compile(text)
    assert time.perf_counter() - begun < 5


def test_a_fault_behind_too_many_alternatives_is_the_one_told():
    choice = {"$or": [{"x": [number]} for number in range(11)]}
    text = json.dumps({"f": choice, "g": choice, "h": choice, "i": []})
    with pytest.raises(pattern.InvalidPattern, match="Empty arrays"):
        pattern.compile(text)


class TestAssertions:
    PAID = pattern.compile(
        {"source": ["shop"], "detail": {"state": ["PAID"], "total": [{"numeric": [">", 0]}]}}
    )

    def test_an_event_that_matches(self):
        event = {"source": "shop", "detail": {"state": "PAID", "total": 1}}
        self.PAID.assert_matches(event)
        self.PAID.assert_matches(json.dumps(event))
        with pytest.raises(AssertionError) as caught:
            self.PAID.assert_does_not_match(event)
        assert str(caught.value) == (
            'the event matches {"source": ["shop"], "detail": {"state": ["PAID"], "total": [{"numeric": [">", 0]}]}}, '
            "wanted that it does not\n"
            '  source held "shop"\n'
            '  detail.state held "PAID"\n'
            "  detail.total held 1"
        )

    def test_an_event_that_does_not(self):
        event = {"source": "shop", "detail": {"state": "NEW", "total": "1"}}
        self.PAID.assert_does_not_match(event)
        with pytest.raises(AssertionError) as caught:
            self.PAID.assert_matches(event)
        assert str(caught.value) == (
            'the event does not match {"source": ["shop"], "detail": {"state": ["PAID"], "total": '
            '[{"numeric": [">", 0]}]}}\n'
            '  detail.state held "NEW", wanted one of ["PAID"]\n'
            '  detail.total held "1", wanted numeric > 0 (the event has the text "1", and numeric compares numbers)'
        )

    def test_a_field_that_is_wanted_absent(self):
        with pytest.raises(AssertionError) as caught:
            pattern.compile({"a": [{"exists": False}]}).assert_does_not_match({})
        assert str(caught.value) == (
            'the event matches {"a": [{"exists": false}]}, wanted that it does not\n  a is absent'
        )

    def test_the_text_stays_short(self):
        many = pattern.compile({"a" * 60: {f"b{number}": ["x" * 300] for number in range(200)}})
        with pytest.raises(AssertionError) as caught:
            many.assert_matches({})
        assert len(str(caught.value)) < 2_500
