from __future__ import annotations

import json

import pytest

from eventmock.checks.check import Around, check_all
from eventmock.pattern import compile as compile_pattern

ROLE = "arn:aws:iam::123456789012:role/forward"
EVERY = {"source": [{"prefix": ""}]}


def bus_arn(name, region="us-east-1", account="123456789012"):
    return f"arn:aws:events:{region}:{account}:event-bus/{name}"


def forward(bus, to, pattern=EVERY, **properties):
    """A rule on a bus whose target is another bus, by its ARN or the name of one in us-east-1."""
    target = {"Id": "on", "Arn": to if to.startswith("arn:") else bus_arn(to), "RoleArn": ROLE}
    return {
        "Type": "AWS::Events::Rule",
        "Properties": {"EventBusName": bus, "EventPattern": pattern, "Targets": [target], **properties},
    }


def template(*buses, **rules):
    """A template with buses and rules. The rules are made after the buses."""
    made = {
        f"Bus{name}": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}}
        for name in buses
        if name != "default"
    }
    return json.dumps({"Resources": {**made, **rules}})


@pytest.fixture
def hops(found):
    """A function that checks buses and rules, and returns what second hops are found."""

    def run(*buses, **rules):
        return [
            (one.logical_id, f"{one.what} | {one.production}")
            for one in found("second-hop", template(*buses, **rules))
        ]

    return run


def test_a_third_bus_is_told_with_the_way_and_an_event(hops):
    some, more = {"source": ["shop"]}, {"source": [{"anything-but": "x"}], "detail": {"a": [1]}}
    [(who, text)] = hops("a", "b", "c", First=forward("a", "b", some), Second=forward("b", "c", more))
    assert who == "Second"
    assert 'target "on" is bus c, and the rule matches what First sends from a' in text
    assert "THIRD_ACCOUNT_HOP_DETECTED" in text
    event = text.partition("such as ")[2]
    assert all(compile_pattern(one).matches(event) for one in (some, more))


def test_a_circle_is_told_at_each_rule_of_it(hops):
    found = sorted(hops("a", "b", There=forward("a", "b"), Back=forward("b", "a")))
    assert [who for who, _ in found] == ["Back", "There"]
    assert "events go in a circle, a -> b -> a, by There and this rule" in found[0][1]
    assert "events go in a circle, b -> a -> b, by Back and this rule" in found[1][1]


def test_a_circle_by_the_default_bus_is_found(hops):
    found = hops("default", "b", There=forward("default", "b"), Back=forward("b", "default"))
    assert sorted(who for who, _ in found) == ["Back", "There"]


@pytest.mark.parametrize(
    "second",
    [
        forward("b", "c", {"source": ["till"]}),
        forward("b", "c", {"source": ["shop"], "detail": {"a": [{"exists": False}]}}),
        forward("b", "c", {"source": ["shop"], "detail": {"a": [2]}}),
        forward("b", "c", State="DISABLED"),
        forward("a", "c"),
    ],
)
def test_a_rule_that_matches_nothing_of_what_came_is_in_order(hops, second):
    first = forward("a", "b", {"source": ["shop"], "detail": {"a": [1]}})
    assert hops("a", "b", "c", First=first, Second=second) == []


def test_a_bus_that_is_not_known_is_left(found):
    text = """
        Parameters:
          To: {Type: String}
        Resources:
          Bus: {Type: AWS::Events::EventBus, Properties: {Name: b}}
          First:
            Type: AWS::Events::Rule
            Properties:
              EventPattern: {source: [shop]}
              Targets: [{Id: b, Arn: !GetAtt Bus.Arn, RoleArn: "arn:aws:iam::123456789012:role/r"}]
          Second:
            Type: AWS::Events::Rule
            Properties:
              EventBusName: !Ref Bus
              EventPattern: {source: [shop]}
              Targets:
                - Id: b
                  Arn: !Sub arn:aws:events:us-east-1:123456789012:event-bus/${To}
                  RoleArn: arn:aws:iam::123456789012:role/r
    """
    assert found("second-hop", text) == []
    assert len(found("second-hop", text, parameters={"To": "c"})) == 1


@pytest.fixture
def app(tmp_path):
    """A function that checks a CDK app of stacks, each a region and a template, and returns what is found in which."""

    def run(**stacks):
        artifacts = {}
        for name, (region, text) in stacks.items():
            (tmp_path / f"{name}.json").write_text(text, "utf-8")
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://123456789012/{region}",
                "properties": {"templateFile": f"{name}.json"},
            }
        manifest = {"version": "38.0.0", "artifacts": artifacts}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        return [
            (one.found.logical_id, one.text)
            for checked in check_all([str(tmp_path)], Around())
            for one in checked.findings
            if one.rule == "second-hop"
        ]

    return run


def test_in_another_region_an_event_goes_on_to_one_bus(app):
    west = {name: bus_arn(name, "us-west-2") for name in "bcd"}
    stacks = {
        "east": ("us-east-1", template("a", Across=forward("a", west["b"]))),
        "west": ("us-west-2", template("b", "c", On=forward("b", west["c"]))),
    }
    assert app(**stacks) == []
    further = template("d", Further=forward("c", west["d"]))
    found = app(**stacks, further=("us-west-2", further))
    assert [who for who, _ in found] == ["Further"]
    assert "what On sends from b" in found[0][1]


def test_an_event_goes_to_one_other_region(app):
    """The rules are in templates of three regions; the finding is at the second of the two."""
    stacks = {
        "east": ("us-east-1", template("a", Across=forward("a", bus_arn("b", "us-west-2")))),
        "west": ("us-west-2", template("b", Again=forward("b", bus_arn("c", "eu-west-1")))),
        "north": ("eu-west-1", template("c")),
    }
    [(who, text)] = app(**stacks)
    assert who == "Again"
    assert "what Across sends from arn:aws:events:us-east-1:123456789012:event-bus/a" in text
    assert "THIRD_REGION_HOP_DETECTED" in text
