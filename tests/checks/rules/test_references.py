from __future__ import annotations

import pytest

from eventmock.checks.check import Around, check_all

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


SCHEDULE = """
Parameters:
  Given: {{Type: String, Default: shared}}
Conditions:
  Never: !Equals [a, b]
Resources:
  S:
    Type: AWS::Scheduler::Schedule
    Properties:
      GroupName: {group}
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      Target: {{Arn: 'arn:aws:sqs:us-east-1:123456789012:q', RoleArn: 'arn:aws:iam::123456789012:role/r'}}
{more}
"""
GROUP = "  G: {Type: 'AWS::Scheduler::ScheduleGroup', Properties: {Name: reports}}"


class TestScheduleGroups:
    @pytest.fixture
    def errors(self, checked):
        """A function that checks a schedule in a group, and returns rules and advice, but of notes."""

        def run(group, more=""):
            findings = checked(SCHEDULE.format(group=group, more=more)).findings
            return [(one.rule, one.found.instead) for one in findings if one.severity != "note"]

        return run

    @pytest.mark.parametrize("group", ["default", "!Ref Given", "!ImportValue group", "!Sub '${Given}-x'"])
    def test_a_group_that_is_or_may_be_there(self, errors, group):
        assert errors(group) == []

    def test_a_group_of_the_template(self, errors):
        assert errors("!Ref G", GROUP) == []
        assert errors("reports", GROUP.replace("Properties", "Condition: Never, Properties")) == []

    def test_a_group_that_nothing_makes(self, errors):
        [(rule, instead)] = errors("report")
        assert (rule, instead.partition(",")[0]) == ("unknown-schedule-group", "!Ref of the group")
        assert errors("report", GROUP) == [("unknown-schedule-group", "!Ref G")]

    def test_a_group_by_name(self, errors):
        assert errors("reports", GROUP) == [("schedule-group-by-name", "!Ref G")]

    def test_a_group_of_another_template_is_known(self, tmp_path):
        schedule, group = tmp_path / "schedule.yaml", tmp_path / "group.yaml"
        schedule.write_text(SCHEDULE.format(group="reports", more=""), "utf-8")
        group.write_text(f"Resources:\n{GROUP}\n", "utf-8")
        [report, _] = check_all([str(schedule), str(group)], Around())
        assert [one.rule for one in report.findings] == ["missing-dead-letter-queue"]

    def test_a_group_that_nothing_makes_does_not_hide_the_rest(self, checked):
        text = SCHEDULE.format(group="report", more="").replace("'OFF'", "'ON'")
        assert [one.rule for one in checked(text).findings] == [
            "unknown-schedule-group",
            "refused",
            "missing-dead-letter-queue",
        ]
