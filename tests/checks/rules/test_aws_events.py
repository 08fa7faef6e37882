from __future__ import annotations

import pytest


class TestEventsOfAws:
    def test_the_line_is_that_of_the_field(self, of_pattern):
        pattern = "source: [aws.s3]\ndetail-type: [Object Created]\ndetail:\n  bucketName: [b]"
        [(line, text)] = of_pattern("no-such-aws-event", pattern)
        assert line == 4
        assert text.endswith("| detail.bucket.name")

    def test_a_misspelt_source_is_found(self, of_pattern):
        [(line, text)] = of_pattern("no-such-aws-event", "source: [aws.ec22]")
        assert (line, "aws.ec2" in text) == (1, True)

    @pytest.mark.parametrize(
        "pattern", ["source: [aws.brandnewservice]", "source: [aws.ec2]\ndetail-type: [Something New]"]
    )
    def test_what_aws_may_have_added_is_left(self, of_pattern, pattern):
        assert of_pattern("no-such-aws-event", pattern) == []

    @pytest.mark.parametrize(
        ("detail", "number"),
        [
            ("object: {size: ['10']}", 1),
            ("object: {size: [{numeric: ['>', 1]}]}", 0),
            ("object: {key: [10]}", 1),
            ("object: {key: [a, 10]}", 0),
            ("object: {size: [{prefix: '1'}, '2']}", 1),
            ("object: {size: [{prefix: '1'}, 2]}", 0),
            ("object: {key: [{prefix: '1'}]}", 0),
            ("object: {size: [{anything-but: '1'}]}", 0),
        ],
    )
    def test_a_kind_of_value_that_the_event_does_not_have_is_found(self, of_pattern, detail, number):
        pattern = f"source: [aws.s3]\ndetail-type: [Object Created]\ndetail: {{{detail}}}"
        assert len(of_pattern("wrong-kind-of-value", pattern)) == number


class TestFieldsOfDifferentEvents:
    BOTH = "source: [aws.s3]\ndetail-type: [Object Created, Object Deleted]\ndetail:\n  "

    def test_fields_that_no_event_has_together_are_found(self, of_pattern):
        pattern = self.BOTH + "deletion-type: [Permanently Deleted]\n  object: {size: [{numeric: ['>', 1]}]}"
        [(line, text)] = of_pattern("no-such-aws-event", pattern)
        assert line == 3
        assert text.startswith(
            'no "Object Created" has detail.deletion-type; no "Object Deleted" has detail.object.size | '
        )

    @pytest.mark.parametrize(
        "detail",
        [
            "deletion-type: [x]",
            "deletion-type: [x]\n  object: {key: [k]}",
            "deletion-type: [{exists: false}]\n  object: {size: [1]}",
            "$or: [{deletion-type: [x]}, {object: {size: [1]}}]",
            "deletion-type: [x, {exists: false}]\n  object: {size: [1]}",
            "deletion-type: [x]\n  object: {size: [{exists: false}]}",
        ],
    )
    def test_fields_that_one_event_has_are_in_order(self, of_pattern, detail):
        assert of_pattern("no-such-aws-event", self.BOTH + detail) == []

    def test_an_event_that_is_not_known_as_a_whole_may_have_them(self, of_pattern):
        pattern = self.BOTH.replace("Object Deleted", "AWS API Call via CloudTrail")
        assert of_pattern("no-such-aws-event", pattern + "eventName: [x]\n  object: {size: [1]}") == []


ON_A_BUS = """
Resources:
  Orders: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}
  R:
    Type: AWS::Events::Rule
    Properties: {EventBusName: orders, EventPattern: {source: [aws.ec2]}}
"""


@pytest.mark.parametrize(
    "more",
    [
        "AWS::Events::EventBusPolicy', Properties: {EventBusName: orders, StatementId: s, Principal: '*'}}",
        "AWS::Events::Rule', Properties: {EventPattern: {source: [aws.ec2]}, "
        "Targets: [{Id: b, Arn: !GetAtt Orders.Arn, RoleArn: 'arn:aws:iam::123456789012:role/r'}]}}",
    ],
)
def test_a_bus_that_may_get_copies_may_get_events_of_aws(found, more):
    assert len(found("aws-event-on-custom-bus", ON_A_BUS)) == 1
    assert found("aws-event-on-custom-bus", f"{ON_A_BUS}  More: {{Type: '{more}") == []
