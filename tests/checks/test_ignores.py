from __future__ import annotations

import json

import pytest

STAR = "star-in-plain-text"
TEMPLATE = """
Resources:
  Ship:{resource}
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [shop.*]{line}
      Targets:
        - Id: parcel
          Arn: arn:aws:sqs:us-east-1:123456789012:parcel
"""


def rules_in(report):
    return [(finding.rule, finding.line) for finding in report.findings]


def template(resource="", line=""):
    return TEMPLATE.format(resource=resource, line=line)


def test_without_an_ignore_there_are_findings(checked):
    assert rules_in(checked(template())) == [(STAR, 6), ("missing-dead-letter-queue", 8)]


@pytest.mark.parametrize(
    "ignore", [f"ignore[{STAR}]", f"ignore[ {STAR} ]", "ignore", "ignore[]", "ignore: we know"]
)
def test_an_ignore_counts_for_its_line(checked, ignore):
    assert rules_in(checked(template(line=f"  # eventmock: {ignore}"))) == [("missing-dead-letter-queue", 8)]


def test_on_the_line_of_the_logical_id_it_counts_for_the_resource(checked):
    assert rules_in(checked(template(f"  # eventmock: ignore[{STAR}, missing-dead-letter-queue]"))) == []
    assert rules_in(checked(template("  # ours, eventmock: ignore"))) == rules_in(checked(template()))
    assert rules_in(checked(template("  # eventmock: ignore"))) == []


def test_an_ignore_of_another_rule_ignores_nothing_and_is_a_note(checked):
    found = checked(template(line="  # eventmock: ignore[missing-role]")).findings
    assert rules_in(checked(template(line="  # eventmock: ignore[missing-role]"))) == [
        (STAR, 6),
        ("unused-ignore", 6),
        ("missing-dead-letter-queue", 8),
    ]
    assert "nothing here is a finding of missing-role" in found[1].text


def test_an_unknown_rule_is_a_note_with_the_rule_that_is_near(checked):
    found = checked(template(line="  # eventmock: ignore[star-in-plain-txt]")).findings
    assert [one.found.instead for one in found if one.rule == "unknown-ignore"] == [STAR]
    assert STAR in [one.rule for one in found]


def test_in_json_the_metadata_of_the_resource_has_the_ignores(checked):
    rule = {
        "Type": "AWS::Events::Rule",
        "Metadata": {"eventmock": {"ignore": [STAR]}},
        "Properties": {
            "EventPattern": {"source": ["shop.*"]},
            "Targets": [{"Id": "parcel", "Arn": "arn:aws:sqs:us-east-1:123456789012:parcel"}],
        },
    }
    text = json.dumps({"Resources": {"Ship": rule}}, indent=2)
    assert rules_in(checked(text, "template.json")) == [("missing-dead-letter-queue", 19)]
    unknown = text.replace(STAR, "unknown")
    assert ("unknown-ignore", 7) in rules_in(checked(unknown, "template.json"))
