from __future__ import annotations

import json

import pytest

from eventmock.checks.subject import Sample
from eventmock.pattern import read_event

TEMPLATE = """
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {pattern}
      Targets:
        - Id: it
          Arn: {arn}
          {given}
"""
QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:g"


@pytest.fixture
def about(found):
    """A function that checks a target with an input, and gives what a rule finds in it."""

    def run(rule, given, *, arn=QUEUE, pattern="{source: [shop]}", events=()):
        text = TEMPLATE.format(given=given, arn=arn, pattern=pattern)
        samples = [
            Sample("e.json", f"e.json, event {n}", read_event(json.dumps(event)))
            for n, event in enumerate(events, 1)
        ]
        return [f"{one.what} | {one.instead}" for one in found(rule, text, samples=samples)]

    return run


def shaped(template, **paths):
    listed = "".join(f", {name}: {path}" for name, path in paths.items()).removeprefix(", ")
    return f"InputTransformer: {{InputTemplate: '{template}', InputPathsMap: {{{listed}}}}}"


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "number"),
        [
            ("Input: '{}'", 0),
            ("Input: '\"text\"'", 0),
            ("Input: text", 1),
            ("Input: {a: 1}", 1),
            ("InputPath: $.detail", 0),
            ("InputPath: detail", 1),
            ("InputPath: \"$['detail']\"", 1),
            (shaped('{"a": <b>}', b="$.detail.b"), 0),
            (shaped('{"a": <b>}', c="$.detail.b"), 1),
            (shaped('{"a": <b>}', b="detail.b"), 1),
            (shaped('{"a": <aws.events.rule-name>}'), 0),
            (shaped('"<aws.events.event.json>"'), 1),
        ],
    )
    def test_what_put_targets_refuses(self, about, given, number):
        assert len(about("refused-input", given)) == number

    def test_the_placeholder_that_is_meant_is_named(self, about):
        [found] = about("refused-input", shaped('{"a": <custmer>}', customer="$.detail.c"))
        assert found.endswith("| <customer>")

    @pytest.mark.parametrize("given", ["Input: !ImportValue x", "Input: !Sub '{\"a\": ${AWS::AccountId}}'"])
    def test_what_comes_from_outside_is_not_judged(self, about, given):
        assert about("refused-input", given) == []


class TestUndeliverable:
    @pytest.mark.parametrize(
        ("template", "number"),
        [
            ('{"a": <b>}', 0),
            ('{"a": "is <b>"}', 0),
            ('"<b> is paid"', 0),
            ('"one <b>"\n"two <b>"', 0),
            ("<b> is paid", 1),
            ("order <b> is paid", 1),
            ('{"a": is <b>}', 1),
            ('{"a": <b>', 1),
            ("[<b>]", 0),
        ],
    )
    def test_a_template_whose_result_is_never_json(self, about, template, number):
        given = (
            f"InputTransformer: {{InputTemplate: {json.dumps(template)}, InputPathsMap: {{b: $.detail.b}}}}"
        )
        assert len(about("undeliverable-input", given)) == number

    @pytest.mark.parametrize(
        ("template", "number"),
        [
            ('{"timestamp": <b>, "message": "x"}', 0),
            ('{"timestamp": <b>, "text": "x"}', 1),
            ('"<b>"', 1),
        ],
    )
    def test_a_log_group_takes_timestamp_and_message(self, about, template, number):
        assert len(about("undeliverable-input", shaped(template, b="$.time"), arn=GROUP)) == number
        assert about("undeliverable-input", shaped(template, b="$.time")) == []

    def test_an_empty_input_is_never_delivered(self, about):
        assert len(about("undeliverable-input", "Input: ' '")) == 1


class TestPaths:
    @pytest.mark.parametrize(
        ("path", "instead"),
        [
            ("$.Detail.id", "$.detail.id"),
            ("$.detailType", "$.detail-type"),
            ("$.orderId", "$.detail.orderId, if the detail has it"),
        ],
    )
    def test_a_path_that_no_event_has(self, about, path, instead):
        [found] = about("path-leads-nowhere", f"InputPath: {path}")
        assert found.endswith(f"any event | {instead}")

    @pytest.mark.parametrize("path", ["$", "$.detail", "$.detail.anything", "$.resources[0]", "$.time"])
    def test_a_path_that_an_event_may_have(self, about, path):
        assert about("path-leads-nowhere", f"InputPath: {path}") == []

    def test_the_given_events_are_those_that_the_rule_matches(self, about):
        events = [{"source": "shop", "detail": {"order_id": 1}}, {"source": "bank", "detail": {"orderId": 1}}]
        [found] = about("path-leads-nowhere", "InputPath: $.detail.orderId", events=events)
        assert found == '$.detail.orderId of target "it" leads nowhere in e.json, event 1 | $.detail.order_id'
        events += [{"source": "shop", "detail": {"orderId": 1}}]
        assert about("path-leads-nowhere", "InputPath: $.detail.orderId", events=events) == []

    def test_placeholders_and_parameters_are_paths_too(self, about):
        events = [{"source": "shop", "detail": {"id": 1}}]
        given = shaped('{"a": <b>}', b="$.detail.order")
        assert len(about("path-leads-nowhere", given, events=events)) == 1
        given = "SqsParameters: {MessageGroupId: $.detail.order}"
        [found] = about("path-leads-nowhere", given, arn=f"{QUEUE}.fifo", events=events)
        assert found.startswith("$.detail.order of target")

    @pytest.mark.parametrize(
        ("path", "number"),
        [
            ("$.detail.object.key", 0),
            ("$.detail.object.sizes", 1),
            ("$.detail.bucketName", 1),
            ("$.detail.requestParameters.bucketName", 1),
        ],
    )
    def test_events_of_aws_services_are_known(self, about, path, number):
        pattern = "{source: [aws.s3], detail-type: [Object Created]}"
        assert len(about("path-leads-nowhere", f"InputPath: {path}", pattern=pattern)) == number

    @pytest.mark.parametrize(
        "pattern",
        [
            "{source: [aws.s3]}",
            "{source: [aws.s3, shop], detail-type: [Object Created]}",
            "{source: [aws.s3], detail-type: [{prefix: Object}]}",
            "{source: [aws.s3], detail-type: [AWS API Call via CloudTrail]}",
        ],
    )
    def test_a_rule_that_matches_other_events_too_is_not_judged(self, about, pattern):
        assert about("path-leads-nowhere", "InputPath: $.detail.nothing", pattern=pattern) == []
