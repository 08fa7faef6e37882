from __future__ import annotations

import pytest


class TestPatternsThatNeverMatch:
    @pytest.mark.parametrize(
        ("pattern", "line", "instead"),
        [
            ("source: [shop]\naccount: [{exists: false}]", 2, "a text: each event has one as its account"),
            ("source: [shop]\ndetail: [order]", 2, "fields in detail, which is an object in each event"),
            (
                "source: [shop]\ndetail:\n  n: [{numeric: ['>', 1, '<', 1.0000000000000002]}]",
                3,
                "`eventmock match` tries one",
            ),
        ],
    )
    def test_the_field_at_fault_is_named(self, of_pattern, pattern, line, instead):
        [(found, text)] = of_pattern("pattern-never-matches", pattern)
        assert found == line
        assert "which no event on a bus has | it deploys, and no event ever matches it" in text
        assert text.endswith(instead)

    def test_all_alternatives_may_be_at_fault(self, of_pattern):
        pattern = "$or:\n  - source: [{exists: false}]\n  - detail: [order]\n"
        assert len(of_pattern("pattern-never-matches", pattern)) == 1
        assert of_pattern("part-never-matches", pattern) == []

    def test_what_another_rule_explains_is_left_to_it(self, of_pattern):
        pattern = "source: [shop]\naccount: [123456789012]"
        assert len(of_pattern("value-no-event-has", pattern)) == 1
        assert of_pattern("pattern-never-matches", pattern) == []
        assert of_pattern("part-never-matches", pattern + "\ndetail-type: [x, {exists: false}]") == []

    def test_an_archive_is_looked_at_too(self, found):
        text = """
            Resources:
              Kept:
                Type: AWS::Events::Archive
                Properties:
                  SourceArn: !Sub arn:aws:events:us-east-1:${AWS::AccountId}:event-bus/default
                  EventPattern: {source: [{exists: false}]}
        """
        assert [one.logical_id for one in found("pattern-never-matches", text)] == ["Kept"]

    @pytest.mark.parametrize(
        "pattern",
        [
            "source: [{anything-but: shop}]",
            "detail: {n: [{exists: false}]}",
            "detail: {a: [1], 'a.b': [2]}",
            "replay-name: [{exists: false}]",
            "detail: {'': [1], a: [2]}",
        ],
    )
    def test_a_pattern_that_may_match_is_in_order(self, of_pattern, pattern):
        assert of_pattern("part-never-matches", pattern) == []
        if "''" not in pattern:
            assert of_pattern("pattern-never-matches", pattern) == []


class TestPartsThatNeverMatch:
    def test_a_value_is_found(self, of_pattern):
        [(line, text)] = of_pattern("part-never-matches", "detail-type: [order]\nsource: [shop, 5]")
        assert (line, text.partition(" |")[0]) == (2, "source: 5 matches no event on a bus")

    def test_an_alternative_is_found(self, of_pattern):
        narrow = "{numeric: ['>', 1, '<', 1.0000000000000002]}"
        pattern = f"detail:\n  $or:\n    - a: [1]\n    - $or: [{{b: [1]}}, {{c: [2]}}]\n    - d: [{narrow}]"
        [(line, text)] = of_pattern("part-never-matches", pattern)
        assert line == 5
        assert text.startswith('alternative 3 of $or {"d": ')


class TestSuperfluousParts:
    @pytest.mark.parametrize(
        ("pattern", "line", "says"),
        [
            ("source:\n  - abc\n  - prefix: a", 2, 'source: "abc" adds no event: {"prefix": "a"} matches'),
            ("detail:\n  n:\n    - 1\n    - 1.0", 4, "detail.n: 1.0 adds no event: 1 matches"),
            ("source:\n  - shop\n  - till\n  - shop", 4, 'source: "shop" adds no event: "shop" matches'),
            (
                "detail:\n  n:\n    - numeric: ['>=', 0]\n    - 5\n    - numeric: ['<', 0]\n    - numeric: ['=', 7]",
                6,
                'detail.n: {"numeric": ["=", 7]} adds no event: {"numeric": [">=", 0]} matches',
            ),
            (
                "detail:\n  n:\n    - numeric: ['<', 5]\n    - numeric: ['>=', 5]\n    - numeric: ['>', 1, '<', 9]",
                5,
                "adds no event: the rest matches",
            ),
            (
                "$or:\n  - {source: [shop], detail: {n: [1]}}\n  - source: [shop, till]",
                2,
                'alternative 1 of $or {"source": ["shop"], "detail": {"n": [1]}} adds no event: alternative 2 matches',
            ),
            (
                "source: [shop]\n$or:\n  - detail: {$or: [{a: [1]}, {b: [1]}]}\n  - detail: {b: [1]}\n",
                4,
                'alternative 2 of $or {"detail": {"b": [1]}} adds no event: alternative 1 matches',
            ),
        ],
    )
    def test_it_is_told_with_what_includes_it(self, of_pattern, pattern, line, says):
        found = of_pattern("superfluous-part", pattern)
        assert (line, True) in [(at, says in text) for at, text in found], found

    @pytest.mark.parametrize(
        "pattern",
        [
            "source: [shop, till, {prefix: aws.}]",
            "detail: {n: [{exists: false}, {numeric: ['>', 1]}, 1]}",
            "detail: {n: [{anything-but: [a]}, {exists: false}]}",
            "$or: [{detail: {a: [1], b: [2]}}, {detail: {a: [1], c: [2]}}]",
            "$or: [{detail: {a: [1]}}, {detail: {a: [{exists: false}], b: [1]}}]",
            "detail: {p: [{cidr: 10.0.0.0/24}, {cidr: 10.0.1.0/24}]}",
            "detail: {k: [{suffix: .png}, {suffix: {equals-ignore-case: .jpg}}]}",
            "detail: {k: [1, '1', true, 'true']}",
        ],
    )
    def test_parts_that_all_add_events_are_in_order(self, of_pattern, pattern):
        assert of_pattern("superfluous-part", pattern) == []

    def test_a_pattern_as_text_has_the_line_of_the_whole(self, of_pattern):
        [(line, text)] = of_pattern("superfluous-part", '\'{"source": ["ab", {"wildcard": "a*"}]}\'')
        assert (line, 'source: "ab" adds no event: {"wildcard": "a*"}' in text) == (0, True)

    @pytest.mark.parametrize(
        "text", ['{"source": ["a", "a"]} and more', '{"source": ["a", "a"], "detail": {"n": [4.9e-324]}}']
    )
    def test_a_text_that_only_aws_reads_is_left(self, of_pattern, text):
        for rule in ("pattern-never-matches", "part-never-matches", "superfluous-part", "refused-pattern"):
            assert of_pattern(rule, f"'{text}'") == []

    def test_values_from_outside_may_differ_elsewhere(self, found):
        text = """
            Parameters:
              One: {Type: String, Default: shop}
              Other: {Type: String, Default: shop}
            Resources:
              Ship:
                Type: AWS::Events::Rule
                Properties: {EventPattern: {source: [!Ref One, !Ref Other]}}
        """
        assert found("superfluous-part", text) == []
        assert len(found("superfluous-part", text.replace("!Ref One, !Ref Other", "shop, shop"))) == 1
