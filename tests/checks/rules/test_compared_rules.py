from __future__ import annotations

import json

import pytest

from eventmock.pattern import compile as compile_pattern

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"


@pytest.fixture
def compared(found):
    """A function that checks rules, given as properties, and returns who is told of by whom."""

    def run(rule, *given, **more):
        resources = {
            f"R{number}": {
                "Type": "AWS::Events::Rule",
                "Properties": {"Targets": [{"Id": "q", "Arn": QUEUE}], **properties},
            }
            for number, properties in enumerate(given)
        }
        text = json.dumps({"Resources": {**resources, **more}})
        return [
            (one.logical_id, f"{one.what} | {one.production} | {one.instead}") for one in found(rule, text)
        ]

    return run


def matching(pattern, **properties):
    return {"EventPattern": pattern, **properties}


SHOP = matching({"source": ["shop"]})
PAID = matching({"source": ["shop"], "detail": {"state": ["PAID"]}})
LARGE = matching({"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}})


class TestDeliveredTwice:
    def test_two_rules_with_the_same_events(self, compared):
        [(who, text)] = compared("delivered-twice", SHOP, matching({"source": [{"exactly": "shop"}, "shop"]}))
        assert who == "R1"
        assert 'target "q" is a target of R0 too, and R0 matches the same events' in text
        assert text.endswith('such as {"source": "shop"} | one of the two rules')

    @pytest.mark.parametrize(
        ("rules", "narrower", "wider"), [((SHOP, PAID), "R1", "R0"), ((PAID, SHOP), "R0", "R1")]
    )
    def test_it_is_told_at_the_rule_that_matches_less(self, compared, rules, narrower, wider):
        [(who, text)] = compared("delivered-twice", *rules)
        assert who == narrower
        assert f"is a target of {wider} too, and {wider} matches all events of this rule" in text
        event = text.partition("such as ")[2].partition(" | ")[0]
        assert all(compile_pattern(one["EventPattern"]).matches(event) for one in rules)
        assert compared("sometimes-delivered-twice", *rules) == []

    def test_a_rule_is_told_of_once(self, compared):
        assert [who for who, _ in compared("delivered-twice", SHOP, SHOP, SHOP, PAID)] == ["R1", "R2", "R3"]

    def test_two_targets_of_one_rule(self, compared):
        targets = [{"Id": "q", "Arn": QUEUE}, {"Id": "again", "Arn": QUEUE}, {"Id": "x", "Arn": f"{QUEUE}2"}]
        [(who, text)] = compared("delivered-twice", {**SHOP, "Targets": targets})
        assert (who, text.partition(" | ")[0]) == ("R0", 'target "again" is the same as target "q"')
        assert text.endswith("| one of the two targets")

    @pytest.mark.parametrize(
        "other",
        [
            matching({"source": ["shop"]}, Targets=[{"Id": "q", "Arn": f"{QUEUE}2"}]),
            matching({"source": ["shop"]}, Targets=[{"Id": "q", "Arn": QUEUE, "InputPath": "$.detail"}]),
            matching({"source": ["shop"]}, State="DISABLED"),
            matching({"source": ["shop"]}, EventBusName={"Ref": "Bus"}),
            matching({"source": ["till"]}),
            {"ScheduleExpression": "rate(1 day)"},
        ],
    )
    def test_another_target_input_bus_or_event_is_in_order(self, compared, other):
        bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}
        assert compared("delivered-twice", SHOP, other, Bus=bus) == []
        assert compared("sometimes-delivered-twice", SHOP, other, Bus=bus) == []

    def test_what_does_not_change_the_request_makes_no_other_target(self, compared):
        dead = {"Id": "other", "Arn": QUEUE, "DeadLetterConfig": {"Arn": f"{QUEUE}-dead"}}
        assert len(compared("delivered-twice", SHOP, matching({"source": ["shop"]}, Targets=[dead]))) == 1

    def test_targets_and_patterns_from_outside_are_compared_as_they_are_written(self, found):
        text = """
            Parameters:
              One: {Type: String}
              Other: {Type: String}
              Source: {Type: String, Default: shop}
            Resources:
              R0:
                Type: AWS::Events::Rule
                Properties: {EventPattern: {source: [shop]}, Targets: [{Id: a, Arn: !Ref One}]}
              R1:
                Type: AWS::Events::Rule
                Properties: {EventPattern: {source: [shop]}, Targets: [{Id: a, Arn: !Ref Other}]}
        """
        assert found("delivered-twice", text) == []
        assert len(found("delivered-twice", text.replace("!Ref Other", "!Ref One"))) == 1
        from_outside = text.replace("!Ref Other", "!Ref One").replace("[shop]", "[!Ref Source]")
        assert found("delivered-twice", from_outside) == []

    def test_two_events_of_a_sam_function_are_compared(self, found):
        text = """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Ship:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: app.main
                  Runtime: python3.13
                  InlineCode: "pass"
                  Events:
                    All: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}
                    Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop], detail: {state: [PAID]}}}}
        """
        pytest.importorskip("samtranslator")
        assert [one.logical_id for one in found("delivered-twice", text)] == ["ShipPaid"]


class TestSometimesDeliveredTwice:
    def test_it_is_told_once_with_such_an_event(self, compared):
        [(who, text)] = compared("sometimes-delivered-twice", PAID, LARGE)
        assert who == "R1"
        event = text.partition("such as ")[2].partition(" | ")[0]
        assert all(compile_pattern(one["EventPattern"]).matches(event) for one in (PAID, LARGE))

    def test_an_event_that_needs_an_array_is_no_reason(self, compared):
        new = matching({"source": ["shop"], "detail": {"state": ["NEW"]}})
        assert compared("sometimes-delivered-twice", PAID, new) == []


def test_a_template_with_many_rules_is_compared_in_part(compared, monkeypatch):
    monkeypatch.setattr("eventmock.checks.rules.compared_rules._MOST_PAIRS", 3)
    apart = [matching({"detail": {"state": [f"S{number}"]}}) for number in range(4)]
    assert compared("delivered-twice", *apart, apart[3]) == []
    assert len(compared("delivered-twice", *apart[:2], apart[1])) == 1
