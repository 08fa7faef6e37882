from __future__ import annotations

import pytest

TEMPLATE = """
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
"""


class TestRefused:
    @pytest.mark.parametrize(
        ("pattern", "line"),
        [
            ("source: [shop]\ndetail:\n  state: PAID", 3),
            ("source: [shop]\ndetail:\n  state:\n    - PAID\n    - {prefx: x}", 5),
            ("source: [shop]\ndetail: {}", 2),
            ("$or:\n  - source: [a]\n  - source: b", 3),
            ("source:\n  - ü\n  - {prefx: x}", 3),
        ],
    )
    def test_the_line_is_that_of_the_part_where_aws_stops_reading(self, of_pattern, pattern, line):
        [(found, _)] = of_pattern("refused-pattern", pattern)
        assert found == line

    def test_a_pattern_as_text_has_the_line_of_the_property(self, found):
        text = TEMPLATE.rstrip("\n") + """ '{"source": "shop"}'"""
        [one] = found("refused-pattern", text)
        assert one.place.line == 5
        assert one.instead == 'wanted values stand in a list: "source": ["..."]'

    def test_the_pattern_of_an_archive_counts_too(self, found):
        text = """
            Resources:
              Kept:
                Type: AWS::Events::Archive
                Properties:
                  SourceArn: arn:aws:events:us-east-1:123456789012:event-bus/default
                  EventPattern: {source: shop}
        """
        assert [one.logical_id for one in found("refused-pattern", text)] == ["Kept"]


class TestFieldsAndValues:
    def test_a_field_that_is_only_wanted_absent_excludes_nothing(self, of_pattern):
        [(_, text)] = of_pattern("field-no-event-has", "source: [shop]\nfoo: [{exists: false}]")
        assert "excludes nothing" in text

    def test_of_alternatives_only_those_with_the_field_never_match(self, of_pattern):
        [(line, text)] = of_pattern("field-no-event-has", "$or:\n  - source: [shop]\n  - sorce: [shop]")
        assert line == 3
        assert "1 of the 2 alternatives of $or never match" in text

    @pytest.mark.parametrize(
        "pattern",
        [
            "account: [1]",
            "version: [0]",
            "region: [true]",
            "resources: [{numeric: ['>', 1]}]",
            "source:\n  prefix: [shop]",
            "detail-type:\n  exists: [true]",
        ],
    )
    def test_the_fields_of_the_envelope_are_text(self, of_pattern, pattern):
        assert len(of_pattern("value-no-event-has", pattern)) == 1

    @pytest.mark.parametrize(
        "pattern",
        [
            "account: ['1']",
            "account: [1, '1']",
            "source: [{exists: true}]",
            "time: [{prefix: '2026'}]",
            "detail: {a: [1]}",
        ],
    )
    def test_other_values_may_be_there(self, of_pattern, pattern):
        assert of_pattern("value-no-event-has", pattern) == []

    @pytest.mark.parametrize(
        ("pattern", "number"),
        [
            ("detail: {a: {numeric: ['>', 1]}}", 1),
            ("detail: {a: {anything-but: [x]}}", 1),
            ("detail: {a: {equals-ignore-case: [x]}}", 1),
            ("detail: {object: {prefix: [x]}}", 0),
            ("detail: {numeric: [1]}", 0),
            ("detail: {a: [{numeric: ['>', 1]}]}", 0),
        ],
    )
    def test_an_operator_outside_a_list_is_a_field(self, of_pattern, pattern, number):
        assert len(of_pattern("operator-outside-its-list", pattern)) == number

    @pytest.mark.parametrize(
        ("text", "instead"),
        [
            (">= 100", '[{"numeric": [">=", 100]}]'),
            ("<0.5", '[{"numeric": ["<", 0.5]}]'),
            ("=1", '[{"numeric": ["=", 1]}]'),
        ],
    )
    def test_a_comparison_as_text_is_found(self, of_pattern, text, instead):
        [(_, found)] = of_pattern("comparison-in-quotes", f"detail: {{total: ['{text}']}}")
        assert found.endswith(instead)

    @pytest.mark.parametrize("text", ["> all", "100", "=", "a>1", "<b>"])
    def test_another_text_is_no_comparison(self, of_pattern, text):
        assert of_pattern("comparison-in-quotes", f"detail: {{total: ['{text}']}}") == []

    @pytest.mark.parametrize(
        ("pattern", "instead"),
        [
            ("source: ['shop.*']", '[{"prefix": "shop."}]'),
            ("source: ['*.shop']", '[{"suffix": ".shop"}]'),
            ("source: ['a*b']", '[{"wildcard": "a*b"}]'),
            ("source: ['*']", 'no such field at all, or [{"exists": true}]'),
            ("detail: {key: ['*.jpg']}", '[{"suffix": ".jpg"}]'),
        ],
    )
    def test_a_star_has_no_meaning_in_a_plain_text(self, of_pattern, pattern, instead):
        [(_, found)] = of_pattern("star-in-plain-text", pattern)
        assert found.endswith(instead)

    @pytest.mark.parametrize(
        "pattern", ["detail: {action: ['*']}", "detail: {note: ['**bold**']}", "source: [{wildcard: 's*'}]"]
    )
    def test_a_star_that_may_be_meant_is_left(self, of_pattern, pattern):
        assert of_pattern("star-in-plain-text", pattern) == []
