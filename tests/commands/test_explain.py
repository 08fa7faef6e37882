from __future__ import annotations

import json

import pytest

EVENT = '{"source": "shop", "detail": {"state": "NEW"}}'


def rule(name, pattern=None, **members):
    given = {"Name": name, "State": "ENABLED"} | members
    return given if pattern is None else given | {"EventPattern": json.dumps(pattern)}


RULES = [
    rule("far", {"source": ["bank"], "detail": {"state": ["PAID"]}}),
    rule("nightly", ScheduleExpression="rate(1 day)"),
    rule("near", {"source": ["shop"], "detail": {"state": ["PAID"]}}),
    rule("off", {"source": ["shop"]}, State="DISABLED"),
    rule("far off", {"source": ["bank"]}, State="DISABLED"),
    rule("ship", {"source": ["shop"]}),
]


def test_matches_come_first_and_then_the_nearest(command):
    assert command("explain", json.dumps({"Rules": RULES}), EVENT) == (
        0,
        "ship     match\n"
        "off      no match   the rule is DISABLED; its pattern matches\n"
        'near     no match   detail.state held "NEW", wanted one of ["PAID"]\n'
        'far off  no match   the rule is DISABLED; source held "shop", wanted one of ["bank"]\n'
        'far      no match   source held "shop", wanted one of ["bank"]\n'
        "nightly  no match   the rule has no pattern, only the schedule rate(1 day)\n"
        "rules that match: 1 of 6\n",
        "",
    )


def test_if_none_matches_it_is_1(command):
    code, out, _ = command("explain", json.dumps(RULES[:4]), EVENT)
    assert code == 1
    assert out.endswith("rules that match: 0 of 4\n")
    assert command("explain", "[]", EVENT) == (1, "there are no rules\n", "")


def test_fields_at_odds_count_as_one_that_is_not_met(command):
    rules = [
        rule("absent", {"a": {"b": [1]}, "x": [1]}),
        rule("odds", {"a": {"b": [1], "c": [1]}}),
        rule("off", {"a": {"b": [1]}}, State="DISABLED"),
    ]
    out = command("explain", json.dumps(rules), '{"source": "s", "a": [{"b": 1}, {"c": 1}]}')[1]
    assert [line.split()[0] for line in out.splitlines()] == ["off", "absent", "odds", "rules"]


def test_a_rule_for_schedules_and_patterns_is_one_with_a_pattern(command):
    rules = [rule("both", {"source": ["shop"]}, ScheduleExpression="rate(1 day)")]
    assert command("explain", json.dumps(rules), EVENT)[1].startswith("both  match\n")


@pytest.mark.parametrize("state", [None, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"])
def test_every_state_but_disabled_is_enabled(command, state):
    one = rule("ship", {"source": ["shop"]}, State=state)
    if state is None:
        del one["State"]
    assert command("explain", json.dumps([one]), EVENT)[0] == 0


def test_of_a_managed_rule_it_is_said_whose_it_is(command):
    rules = [
        rule(
            "Events-Archive-all",
            {"replay-name": [{"exists": False}]},
            ManagedBy="prod.vhs.events.aws.internal",
        ),
        rule("StepFunctions", {"source": ["aws.states"]}, ManagedBy="states.amazonaws.com"),
    ]
    assert command("explain", json.dumps(rules), EVENT)[:2] == (
        1,
        "Events-Archive-all  match      rule of archive all\n"
        "StepFunctions       no match   managed by states.amazonaws.com; "
        'source held "shop", wanted one of ["aws.states"]\n'
        "rules that match: 0 of 0; and 1 that an AWS service manages, which is not counted\n",
    )


def test_a_rule_on_another_bus_than_the_entry_names_does_not_see_it(command):
    rules = [rule("ship", {"source": ["shop"]}, EventBusName="default"), rule("any", {"source": ["shop"]})]
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    on_default, arn = (
        command("explain", json.dumps(rules), json.dumps(entry)),
        "arn:aws:events:us-east-1:123456789012",
    )
    assert on_default[1].startswith("ship  match\n")
    assert command(
        "explain", json.dumps(rules), json.dumps(entry | {"EventBusName": f"{arn}:event-bus/orders"})
    ) == (
        0,
        "any   match\n"
        'ship  no match   the rule is on "default", the entry goes to "orders"\n'
        "rules that match: 1 of 2\n",
        "",
    )


def test_patterns_that_aws_would_refuse_are_told_by_name(command):
    rules = [
        rule("broken", {"source": "shop"}),
        rule("cut", ScheduleExpression="rate(1 day)") | {"EventPattern": '{"a"'},
        rule("engine", {"a": [{"anything-but": {"prefix": []}}]}),
        rule("ship", {"source": ["shop"]}),
    ]
    code, out, err = command("explain", json.dumps(rules), EVENT)
    assert out.split("\n") == [
        "ship    match",
        'broken  invalid    "source" must be an object or an array '
        '(wanted values stand in a list: "source": ["..."])',
        "cut     invalid    Unexpected end-of-input within/between Object entries",
        "engine  invalid    InternalFailure: the engine of EventBridge fails on this pattern",
        "rules that match: 1 of 4",
        "",
    ]
    assert (code, err) == (2, "")


def test_the_event_may_be_an_entry(command):
    entry = '{"Source": "shop", "DetailType": "order", "Detail": "{}"}'
    assert command("explain", json.dumps(RULES), entry)[0] == 0


def test_it_is_asked_whether_rules_and_event_are_swapped(command):
    code, _, err = command("explain", EVENT, json.dumps(RULES))
    assert (code, err) == (
        2,
        'error: RULES holds no list of rules, wanted what "aws events list-rules --output json" prints\n'
        "  EVENT has a list of rules: are the two swapped?\n",
    )
    assert "swapped" not in command("explain", EVENT, EVENT)[2]


def test_rules_that_were_cut_short_are_told(command):
    rules = json.dumps({"Rules": RULES[:1], "NextToken": "x"}).encode()
    code, out, err = command("explain", "-", EVENT, standard_input=rules)
    assert (code, err) == (
        1,
        "RULES (standard input) has a NextToken: the bus has more rules than these\n",
    )
    assert out.endswith("rules that match: 0 of 1\n")


class TestJson:
    def test_the_verdicts_are_data(self, command):
        rules = {"Rules": [*RULES[1:3], rule("bad", {})], "NextToken": "x"}
        code, out, _ = command("explain", json.dumps(rules), EVENT, "--json")
        assert json.loads(out) == {
            "matched": False,
            "rules": [
                {
                    "name": "near",
                    "state": "ENABLED",
                    "managed_by": None,
                    "archive": None,
                    "matched": False,
                    "why": 'detail.state held "NEW", wanted one of ["PAID"]',
                    "fields": [
                        {"path": "source", "held": ["shop"], "wanted": ['"shop"'], "satisfied": True},
                        {"path": "detail.state", "held": ["NEW"], "wanted": ['"PAID"'], "satisfied": False},
                    ],
                },
                {
                    "name": "nightly",
                    "state": "ENABLED",
                    "managed_by": None,
                    "archive": None,
                    "matched": False,
                    "why": "the rule has no pattern, only the schedule rate(1 day)",
                    "fields": None,
                },
            ],
            "refused": [
                {
                    "name": "bad",
                    "why": "Empty objects are not allowed "
                    '(wanted at least one field, such as "source": [{"prefix": ""}])',
                }
            ],
            "all": False,
        }
        assert code == 2

    @pytest.mark.parametrize(("managed_by", "code"), [(None, 0), ("aws", 1)])
    def test_a_match_of_a_users_own_rule_is_0(self, command, managed_by, code):
        one = rule("ship", {"source": ["shop"]}) | ({"ManagedBy": managed_by} if managed_by else {})
        answered, out, _ = command("explain", json.dumps([one]), EVENT, "--json")
        told = json.loads(out)
        assert (answered, told["matched"], told["all"]) == (code, not code, True)
        assert (told["rules"][0]["managed_by"], told["rules"][0]["matched"]) == (managed_by, True)


def test_a_call_that_a_rule_does_not_see_is_no_match(command):
    rules = [
        {"Name": name, "State": state, "EventPattern": '{"source": ["aws.ec2"]}'}
        for name, state in {
            "all": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            "some": "ENABLED",
        }.items()
    ]
    call = {"source": "aws.ec2", "detail-type": "AWS API Call via CloudTrail", "detail": {"readOnly": True}}
    assert command("explain", json.dumps(rules), json.dumps(call)) == (
        0,
        "all   match\n"
        "some  no match   not shown to a rule in state ENABLED: read-only management event; its pattern matches; "
        "put the rule with State=ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS\n"
        "rules that match: 1 of 2\n",
        "",
    )
