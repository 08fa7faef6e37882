from __future__ import annotations

import pytest

RULE = """
Parameters:
  Given: {{Type: String, Default: shared}}
Conditions:
  Never: !Equals [a, b]
Resources:
  R: {{Type: 'AWS::Events::Rule', Properties: {{EventBusName: {bus}, EventPattern: {{source: [shop]}}}}}}
{more}
"""


@pytest.fixture
def unknown(found):
    """A function that gives what is advised about a rule on a bus that is not known."""

    def run(bus, more=""):
        return [one.instead for one in found("unknown-bus", RULE.format(bus=bus, more=more))]

    return run


@pytest.mark.parametrize(
    "bus",
    [
        "default",
        "!Ref Given",
        "!Sub '${Given}-bus'",
        "!ImportValue bus",
        "'{{resolve:ssm:/bus}}'",
        "aws.partner/shop.example/orders",
        "arn:aws:events:us-east-1:210987654321:event-bus/orders",
        "arn:aws:events:eu-west-1:123456789012:event-bus/orders",
        "!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/default'",
    ],
)
def test_a_bus_that_is_or_may_be_there(unknown, bus):
    assert unknown(bus) == []


@pytest.mark.parametrize(
    ("bus", "more", "instead"),
    [
        ("orders", "", "!Ref of the bus"),
        ("!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/orders'", "", "!Ref of the bus"),
        ("ordres", "  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}", "!Ref Bus"),
    ],
)
def test_a_bus_that_nothing_makes(unknown, bus, more, instead):
    [found] = unknown(bus, more)
    assert found.startswith(instead)


def test_a_bus_that_the_template_makes_or_may_make(unknown):
    bus = "  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}"
    assert unknown("orders", bus) == []
    assert unknown("!Ref Bus", bus) == []
    assert unknown("orders", bus.replace("Properties", "Condition: Never, Properties")) == []


@pytest.mark.parametrize("first", [True, False])
def test_a_bus_by_name_is_made_before_its_users_so_that_the_rest_is_checked(checked, first):
    bus = "  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}\n"
    rule = (
        "  R: {Type: 'AWS::Events::Rule', Properties: {EventBusName: orders, EventPattern: {source: [shop]}, "
        "Targets: [{Id: a b, Arn: 'arn:aws:sqs:us-east-1:123456789012:q'}]}}\n"
    )
    findings = checked("Resources:\n" + (bus + rule if first else rule + bus)).findings
    assert sorted(one.rule for one in findings if one.severity != "note") == ["bus-by-name", "refused"]


def test_depends_on_says_what_a_name_does_not(found):
    text = RULE.format(
        bus="orders", more="  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: orders}}"
    )
    assert len(found("bus-by-name", text)) == 1
    assert found("bus-by-name", text.replace("R: {", "R: {DependsOn: Bus, ")) == []
    archive = "  A: {Type: 'AWS::Events::Archive', Properties: {SourceArn: %s}}"
    arn = archive % "!Sub 'arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/orders'"
    assert len(found("bus-by-name", f"{text}{arn}")) == 2
    assert len(found("bus-by-name", text + archive % "!GetAtt Bus.Arn")) == 1
