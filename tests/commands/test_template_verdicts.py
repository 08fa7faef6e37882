"""The rules of a template as `match` and `explain` show them."""

from __future__ import annotations

import json

import pytest

from eventmock.wire import is_installed

EVENT = '{"source": "shop", "detail": {"state": "NEW"}}'
BUS = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}


def rule(pattern=None, bus=None, **properties):
    given = {} if pattern is None else {"EventPattern": pattern}
    given |= {} if bus is None else {"EventBusName": bus}
    return {"Type": "AWS::Events::Rule", "Properties": given | properties}


def entry(bus=None):
    put = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "NEW"}'}
    return json.dumps(put if bus is None else put | {"EventBusName": bus})


RESOURCES = {
    "Far": rule({"source": ["bank"], "detail": {"state": ["PAID"]}}),
    "Nightly": rule(ScheduleExpression="rate(1 day)"),
    "Broken": rule({"source": "shop"}),
    "Near": rule({"source": ["shop"], "detail": {"state": ["PAID"]}}),
    "Audit": rule({"source": ["shop"]}, Name="audit"),
    "Orders": BUS,
    "Ship": rule({"source": ["shop"]}, {"Ref": "Orders"}),
}


def test_explain_shows_the_rules_by_bus_those_that_match_first(command, template):
    assert command("explain", template(**RESOURCES), EVENT) == (
        2,
        'on "default":\n'
        "  Audit    template.json:1  match\n"
        '  Near     template.json:1  no match   detail.state held "NEW", wanted one of ["PAID"]\n'
        '  Far      template.json:1  no match   source held "shop", wanted one of ["bank"]\n'
        "  Nightly  template.json:1  no match   the rule has no pattern, only the schedule rate(1 day)\n"
        '  Broken   template.json:1  invalid    "source" must be an object or an array '
        '(wanted values stand in a list: "source": ["..."])\n'
        'on "orders":\n'
        "  Ship     template.json:1  match\n"
        "rules that match: 2 of 6; the event names no bus: all are shown\n",
        "",
    )


def test_match_leaves_out_what_has_no_pattern(command, template):
    explained = command("explain", template(**RESOURCES), EVENT)[1].splitlines()
    matched = command("match", template(**RESOURCES), EVENT)[1].splitlines()
    names = [line.split()[0] for line in matched if line.startswith("  ")]
    assert names == ["Audit", "Near", "Far", "Broken", "Ship"]
    assert len(explained) == len(matched) + 1
    assert matched[-1] == "rules that match: 2 of 5; the event names no bus: all are shown"


@pytest.mark.parametrize("asked", ["match", "explain"])
@pytest.mark.parametrize("bus", ["orders", "arn:aws:events:us-east-1:123456789012:event-bus/orders"])
def test_of_an_entry_that_names_its_bus_only_the_rules_there_are_shown(command, template, asked, bus):
    name = template(Orders=BUS, Ship=rule({"source": ["shop"]}, bus), Audit=rule({"source": ["shop"]}))
    assert command(asked, name, entry("orders"))[:2] == (
        0,
        'on "orders":\n'
        "  Ship  template.json:1  match\n"
        "rules that match: 1 of 1; not shown, on buses that the entry does not go to: 1\n",
    )
    assert command(asked, name, entry("returns")) == (
        1,
        "rules that match: 0 of 0; not shown, on buses that the entry does not go to: 2\n",
        "",
    )
    assert command(asked, name, entry())[1].endswith("of 2; the event names no bus: all are shown\n")


def test_a_bus_that_is_refused_keeps_its_name(command, template):
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "aws.orders"}}
    name = template(Bus=bus, Ship=rule({"source": ["shop"]}, {"Fn::GetAtt": ["Bus", "Arn"]}))
    assert command("match", name, entry("aws.orders"))[1].startswith('on "aws.orders":\n  Ship ')


@pytest.mark.parametrize("asked", ["match", "explain"])
def test_if_none_matches_it_is_1(command, template, asked):
    code, out, err = command(asked, template(Far=RESOURCES["Far"]), EVENT)
    assert (code, out.splitlines()[-1], err) == (1, "rules that match: 0 of 1", "")
    assert command(asked, template(Orders=BUS), EVENT) == (1, "there are no rules\n", "")


class TestOneRule:
    def test_the_answer_is_that_of_its_pattern(self, command, template):
        name = template(**RESOURCES)
        assert command("match", name, EVENT, "--rule", "Audit") == (0, "match\n", "")
        pattern = json.dumps(RESOURCES["Far"]["Properties"]["EventPattern"])
        alone = command("match", pattern, EVENT)
        assert alone[0] == 1
        assert command("match", name, EVENT, "--rule", "Far") == alone

    def test_it_has_only_a_schedule(self, command, template):
        assert command("match", template(**RESOURCES), EVENT, "--rule", "Nightly") == (
            2,
            "",
            "error: template.json:1: Nightly has no pattern, only the schedule rate(1 day)\n",
        )

    def test_it_is_on_another_bus_than_the_entry_names(self, command, template):
        assert command("match", template(**RESOURCES), entry("default"), "--rule", "Ship") == (
            1,
            'no match\n  the rule is on "orders", the entry goes to "default"\n',
            "",
        )

    def test_it_is_disabled(self, command, template):
        name = template(Ship=rule({"source": ["shop"]}, State="DISABLED"))
        assert command("match", name, EVENT, "--rule", "Ship") == (
            1,
            "no match\n  the rule is DISABLED; its pattern matches\n",
            "",
        )

    def test_a_warning_names_the_rule_and_its_place(self, command, template):
        name = template(Ship=rule({"$or": [{"sorce": [{"exists": False}]}, {"id": ["1"]}]}))
        assert command("match", name, EVENT, "--rule", "Ship") == (
            0,
            "match\n",
            "warning: template.json:1: Ship: no event has a field 'sorce': did you mean 'source'?\n",
        )

    def test_as_json(self, command, template):
        name = template(Ship=rule({"source": ["shop"]}, State="DISABLED"))
        code, out, _ = command("match", name, EVENT, "--rule", "Ship", "--json")
        assert json.loads(out) == {
            "logical_id": "Ship",
            "file": "template.json",
            "line": 1,
            "matched": False,
            "why": "the rule is DISABLED; its pattern matches",
            "alternatives": 1,
            "fields": [{"path": "source", "held": ["shop"], "wanted": ['"shop"'], "satisfied": True}],
        }
        assert code == 1


def test_as_json_there_are_the_same_facts(command, template):
    names = ("Audit", "Nightly", "Broken", "Ship", "Orders")
    name = template(**{one: RESOURCES[one] for one in names})
    code, out, _ = command("explain", name, entry("default"), "--json")
    told = json.loads(out)
    nightly = told["rules"][1]
    assert nightly.pop("name").startswith("template-Nightly-")
    assert told["refused"][0].pop("name").startswith("template-Broken-")
    place = {"file": "template.json", "line": 1}
    assert told == {
        "matched": True,
        "bus": "default",
        "rules": [
            {
                "logical_id": "Audit",
                **place,
                "name": "audit",
                "bus": "default",
                "state": "ENABLED",
                "matched": True,
                "why": "matches",
                "fields": [{"path": "source", "held": ["shop"], "wanted": ['"shop"'], "satisfied": True}],
            },
            {
                "logical_id": "Nightly",
                **place,
                "bus": "default",
                "state": "ENABLED",
                "matched": False,
                "why": "the rule has no pattern, only the schedule rate(1 day)",
                "fields": None,
            },
        ],
        "refused": [
            {
                "logical_id": "Broken",
                **place,
                "bus": "default",
                "why": '"source" must be an object or an array '
                '(wanted values stand in a list: "source": ["..."])',
            }
        ],
    }
    assert code == 2
    assert json.loads(command("match", name, EVENT, "--json")[1])["bus"] is None


def test_the_line_is_that_of_the_rule(command, yaml):
    name = yaml(
        """\
        Conditions:
          Never: !Equals [a, b]
        Resources:
          Ship:
            Type: AWS::Events::Rule
            Properties:
              EventPattern:
                source: [shop]

          Left:
            Type: AWS::Events::Rule
            Condition: Never
            Properties:
              EventPattern: {source: [shop]}
          Audit:
            Type: AWS::Events::Rule
            Properties:
              EventPattern: '{"source": ["shop"]}'
        """
    )
    assert command("match", name, EVENT)[1].splitlines() == [
        'on "default":',
        "  Ship   template.yaml:4   match",
        "  Audit  template.yaml:15  match",
        "rules that match: 2 of 2",
    ]


@pytest.mark.skipif(not is_installed("eventbridgev2"), reason="botocore has no eventbridgev2")
def test_explain_says_which_subscribers_it_does_not_show(command, template):
    invoke = {
        "TargetArn": "arn:aws:sqs:us-east-1:123456789012:ship",
        "RoleArn": "arn:aws:iam::123456789012:role/deliver",
    }
    bus = {"Fn::GetAtt": ["Bus", "EventBusArn"]}
    resources = {
        "Bus": {"Type": "AWS::EventsV2::EventBus", "Properties": {"Name": "orders"}},
        "Ship": {
            "Type": "AWS::EventsV2::Subscriber",
            "Properties": {"Name": "ship", "EventBusArn": bus, "InvokeConfiguration": invoke},
        },
    }
    code, said, _ = command("explain", template(**resources), EVENT)
    assert code == 1
    assert said.startswith("there are no rules\nnot shown: subscriber ship; match PATTERN EVENT --scope DATA")
