from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest
import time_machine

from eventmock.schedule import Rate

NOON = "2026-03-05T12:00:00Z"


def test_the_next_five_firings_of_a_cron_are_told(command):
    assert command("schedule", "cron(0 18 ? * MON-FRI *)", "--after", NOON) == (
        0,
        "after 2026-03-05T12:00:00Z:\n"
        "  2026-03-05T18:00:00Z  Thu\n"
        "  2026-03-06T18:00:00Z  Fri\n"
        "  2026-03-09T18:00:00Z  Mon\n"
        "  2026-03-10T18:00:00Z  Tue\n"
        "  2026-03-11T18:00:00Z  Wed\n",
        "",
    )


def test_an_expression_is_read_as_a_rule_reads_it(command):
    plain = command("schedule", "cron(0/5 9-18 ? * MON-FRI *)", "--after", NOON)
    code, out, err = command("schedule", "cron(0/5, 9-18, ?, *, MON-FRI, *)", "--after", NOON)
    assert (code, out.splitlines()[:-1], err) == (0, plain[1].splitlines(), "")
    assert out.splitlines()[-1] == (
        "  EventBridge Scheduler would refuse it: minutes: an item of the list is empty; wanted 0-59: "
        "did you mean cron(0/5 9-18 ? * MON-FRI *)?"
    )


def test_a_rate_counts_from_its_rule(command):
    assert command("schedule", "rate(90 minutes)", "--after", "2026-03-05T12:00:07", "--count", "2") == (
        0,
        "for a rule made at 2026-03-05T12:00:07Z, from when a rate counts:\n"
        "  2026-03-05T13:30:07Z  Thu\n"
        "  2026-03-05T15:00:07Z  Thu\n",
        "",
    )


def test_a_firing_at_that_very_moment_is_none_after_it(command):
    out = command("schedule", "cron(0 12 * * ? *)", "--after", NOON, "--count", "1")[1]
    assert out.split("\n")[1] == "  2026-03-06T12:00:00Z  Fri"


@time_machine.travel("2026-03-05T12:34:56.789Z", tick=False)
def test_without_a_moment_it_is_now(command):
    assert command("schedule", "rate(1 hour)", "--count", "1")[1] == (
        "for a rule made at 2026-03-05T12:34:56Z, from when a rate counts:\n  2026-03-05T13:34:56Z  Thu\n"
    )


def test_the_last_firing_is_the_last(command):
    assert command("schedule", "cron(0 0 1 1 ? 2027-2028)", "--after", NOON) == (
        0,
        "after 2026-03-05T12:00:00Z:\n"
        "  2027-01-01T00:00:00Z  Fri\n"
        "  2028-01-01T00:00:00Z  Sat\n"
        "  and never again\n",
        "",
    )


def test_as_many_as_asked_for_are_not_called_the_last(command):
    out = command("schedule", "cron(0 0 1 1 ? 2027-2028)", "--after", NOON, "--count", "2")[1]
    assert out.split("\n")[-2] == "  2028-01-01T00:00:00Z  Sat"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("cron(0 12 31 2 ? *)", "  there is no day 31 in month 2\n"),
        ("cron(0 0 1 1 ? 2020)", "  all firings of year 2020 are past\n"),
        ("rate(2147483647 days)", ""),
    ],
)
def test_one_that_never_fires_is_1(command, expression, why):
    assert command("schedule", expression, "--after", NOON) == (
        1,
        f"{expression} never fires after 2026-03-05T12:00:00Z\n{why}",
        "",
    )


def test_numbers_for_weekdays_are_named(command):
    assert command("schedule", "cron(0 18 ? * 1-5 *)", "--after", NOON, "--count", "3") == (
        0,
        "after 2026-03-05T12:00:00Z:\n"
        "  2026-03-05T18:00:00Z  Thu\n"
        "  2026-03-08T18:00:00Z  Sun\n"
        "  2026-03-09T18:00:00Z  Mon\n"
        "  day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday\n",
        "",
    )


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("cron(71 * * * ? *)", "minutes: 71 is outside 0-59"),
        (
            "every day",
            "expression: 'every day' is neither rate(value unit) nor cron(six fields), "
            "in lower case with no blanks around it",
        ),
        ("rate(5 seconds)", "unit: 'seconds' is not minute(s), hour(s) or day(s), in lower case"),
    ],
)
def test_one_that_aws_refuses_is_2(command, expression, why):
    assert command("schedule", expression) == (
        2,
        "",
        f"error: EXPRESSION: ValidationException: Parameter ScheduleExpression is not valid.\n  {why}\n",
    )


def test_each_line_is_told_as_soon_as_it_is_known(command, monkeypatch):
    def told_once(self, after, **_):
        if after == datetime(2026, 3, 5, 12, tzinfo=UTC):
            return first
        raise KeyboardInterrupt

    first = datetime(2026, 3, 5, 13, tzinfo=UTC)
    monkeypatch.setattr(Rate, "next_after", told_once)
    code, out, _ = command("schedule", "rate(1 hour)", "--after", NOON)
    assert (code, out.split("\n")[1:]) == (130, ["  2026-03-05T13:00:00Z  Thu", ""])


def test_json_is_data(command):
    code, out, err = command("schedule", "rate(1 day)", "--after", NOON, "--count", "2", "--json")
    assert json.loads(out) == {
        "expression": "rate(1 day)",
        "after": "2026-03-05T12:00:00Z",
        "firings": ["2026-03-06T12:00:00Z", "2026-03-07T12:00:00Z"],
        "advice": None,
    }
    assert (code, err) == (0, "")
    code, out, _ = command("schedule", "cron(0 0 1 1 ? 2020)", "--after", NOON, "--json")
    assert (code, json.loads(out)["firings"]) == (1, [])


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--count", "0"], "argument --count: '0': wanted a whole number from 1 on\n"),
        (["--count", "-1"], "argument --count: '-1': wanted a whole number from 1 on\n"),
        (["--count", "1000001"], "argument --count: '1000001': wanted at most 1,000,000\n"),
        (["--count", "9" * 20], f"argument --count: '{'9' * 20}': wanted at most 1,000,000\n"),
        (["--count", "9" * 5000], f"argument --count: '{'9' * 5000}': wanted at most 1,000,000\n"),
        (["--count", "few"], "argument --count: 'few': wanted a whole number from 1 on\n"),
        (["--after", "noon"], "argument --after: 'noon': wanted ISO 8601 such as 2026-01-31T12:00:00Z\n"),
    ],
)
def test_an_option_is_wrong(command, option, said):
    code, out, err = command("schedule", "rate(1 day)", *option)
    assert (code, out) == (2, "")
    assert err.endswith(f"python -m eventmock schedule: error: {said}")


class TestASchedule:
    """An expression of EventBridge Scheduler."""

    def test_its_firings_are_told_in_utc_and_in_its_time_zone(self, command):
        options = ("--timezone", "Europe/Berlin", "--after", "2026-10-24", "--count", "3")
        assert command("schedule", "cron(30 2 * * ? *)", *options) == (
            0,
            "after 2026-10-24T00:00:00Z, in Europe/Berlin:\n"
            "  2026-10-24T00:30:00Z  Sat 2026-10-24 02:30:00 +02:00\n"
            "  2026-10-25T00:30:00Z  Sun 2026-10-25 02:30:00\n"
            "  2026-10-26T01:30:00Z  Mon 2026-10-26 02:30:00 +01:00\n"
            "  02:30 comes twice on 2026-10-25 in Europe/Berlin: the first counts\n"
            "  02:30 does not exist on 2027-03-28 in Europe/Berlin: no invocation on that day\n",
            "",
        )

    def test_the_weekday_is_that_of_the_time_zone(self, command):
        _, out, _ = command(
            *(
                "schedule",
                "cron(0 8 ? * MON *)",
                "--timezone",
                "Pacific/Auckland",
                "--after",
                NOON,
                "--count",
                "1",
            )
        )
        assert out.splitlines()[1] == "  2026-03-08T19:00:00Z  Mon 2026-03-09 08:00:00 +13:00"

    @pytest.mark.parametrize(
        ("expression", "why"),
        [
            (
                "at(2026-03-06T12:00:00)",
                "at(...) is EventBridge Scheduler's; rules take rate(value unit) and cron(six fields)",
            ),
            (
                "RATE(1 day)",
                "expression: 'RATE(1 day)' is neither rate(value unit) nor cron(six fields), "
                "in lower case with no blanks around it",
            ),
            ("rate(1 days)", "unit: 1 days does not agree; wanted 1 day"),
            (
                "cron(0 12 * * ?)",
                "cron: '0 12 * * ?' has 5 fields; wanted six, one space apart: "
                "the sixth is the year, and one of the two for days is ?",
            ),
        ],
    )
    def test_what_only_scheduler_takes_needs_no_option_and_is_told(self, command, expression, why):
        code, out, err = command("schedule", expression, "--after", NOON, "--count", "1")
        assert (code, err) == (0, "")
        assert out.splitlines()[-1] == f"  a rule would refuse it: {why}"
        assert command("schedule", expression, "--for", "rule") == (
            2,
            "",
            f"error: EXPRESSION: ValidationException: Parameter ScheduleExpression is not valid.\n  {why}\n",
        )

    def test_one_that_fires_once_is_not_said_to_end(self, command):
        assert command("schedule", "at(2026-03-06T12:00:00)", "--after", NOON)[1] == (
            "after 2026-03-05T12:00:00Z:\n"
            "  2026-03-06T12:00:00Z  Fri\n"
            "  a rule would refuse it: "
            "at(...) is EventBridge Scheduler's; rules take rate(value unit) and cron(six fields)\n"
        )

    def test_one_of_the_past_is_1(self, command):
        code, out, err = command("schedule", "at(2026-03-05T12:00:00)", "--after", NOON)
        assert (code, err) == (1, "")
        assert out.splitlines()[:2] == [
            "at(2026-03-05T12:00:00) never fires after 2026-03-05T12:00:00Z",
            "  2026-03-05T12:00:00 in UTC is past",
        ]

    def test_a_rate_fires_when_it_is_made_or_at_the_start_date(self, command):
        options = ("--after", NOON, "--count", "2")
        assert command("schedule", "rate(1 day)", "--for", "schedule", *options)[1] == (
            "for a schedule made at 2026-03-05T12:00:00Z:\n"
            "  2026-03-05T12:00:00Z  Thu\n"
            "  2026-03-06T12:00:00Z  Fri\n"
        )
        _, out, _ = command("schedule", "rate(1 day)", "--start-date", "2026-03-07T09:00", *options)
        assert out.splitlines()[1] == "  2026-03-07T09:00:00Z  Sat"

    def test_it_ends_with_the_end_date(self, command):
        code, out, _ = command(
            "schedule", "cron(0 12 * * ? *)", "--end-date", "2026-03-06T12:00:00Z", "--after", NOON
        )
        assert (code, out.splitlines()[1:]) == (0, ["  2026-03-06T12:00:00Z  Fri", "  and never again"])
        code, out, _ = command("schedule", "cron(0 12 * * ? *)", "--end-date", "2026-03-05", "--after", NOON)
        assert (code, out.splitlines()[1:]) == (1, ["  EndDate is past"])

    def test_json_has_both_times(self, command):
        options = ("--timezone", "Asia/Tokyo", "--start-date", "2026-04-01", "--after", NOON, "--count", "1")
        code, out, err = command("schedule", "cron(0 9 * * ?)", *options, "--json")
        assert (code, err) == (0, "")
        assert json.loads(out) == {
            "expression": "cron(0 9 * * ?)",
            "timezone": "Asia/Tokyo",
            "start_date": "2026-04-01T00:00:00Z",
            "end_date": None,
            "after": "2026-03-05T12:00:00Z",
            "firings": ["2026-04-01T00:00:00Z"],
            "local": ["2026-04-01T09:00:00+09:00"],
            "advice": "a rule would refuse it: cron: '0 9 * * ?' has 5 fields; wanted six, one space apart: "
            "the sixth is the year, and one of the two for days is ?",
        }
        code, out, _ = command("schedule", "at(2020-01-01T00:00)", "--json")
        assert (code, json.loads(out)["firings"], json.loads(out)["timezone"]) == (1, [], "UTC")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (
                ["rate(1 day)", "--timezone", "Europe/Berln"],
                "--timezone: ValidationException: Invalid timezone Europe/Berln.\n"
                "  Europe/Berln: did you mean Europe/Berlin?",
            ),
            (
                ["rate(1 day)", "--for", "rule", "--timezone", "UTC"],
                "--timezone is for schedules of EventBridge Scheduler; rules are in UTC",
            ),
            (
                ["rate(1 day)", "--for", "rule", "--end-date", "2026-01-01"],
                "--end-date is for schedules of EventBridge Scheduler; rules are in UTC",
            ),
            (
                ["rate(1 day)", "--start-date", "2026-01-01", "--end-date", "2026-01-01"],
                "--start-date, --end-date: ValidationException: "
                "The StartDate you specify must come before the EndDate.",
            ),
            (
                ["at(2027-03-14)"],
                "EXPRESSION: ValidationException: Invalid Schedule Expression at(2027-03-14).\n"
                "  at: '2027-03-14' is not yyyy-mm-ddThh:mm:ss: did you mean at(2027-03-14T00:00:00)?",
            ),
            (
                ["rate(5 seconds)", "--for", "schedule"],
                "EXPRESSION: ValidationException: Invalid Schedule Expression rate(5 seconds).\n"
                "  unit: 'seconds' is not minute(s), hour(s) or day(s), in lower case",
            ),
        ],
    )
    def test_what_aws_refuses_or_does_not_go_together_is_2(self, command, arguments, said):
        assert command("schedule", *arguments) == (2, "", f"error: {said}\n")


def scheduled(expression, **properties):
    return {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": expression, **properties}}


def schedule(**properties):
    target = {
        "Arn": "arn:aws:sqs:us-east-1:123456789012:q",
        "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
    }
    window = {"Mode": "OFF"}
    return {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"FlexibleTimeWindow": window, "Target": target, **properties},
    }


class TestATemplate:
    RESOURCES: ClassVar = {
        "Nightly": scheduled("cron(0 18 ? * 1-5 *)", Name="nightly"),
        "Ship": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}},
        "Past": scheduled("cron(0 0 1 1 ? 2020)"),
        "Off": scheduled("rate(1 day)", State="DISABLED"),
    }
    LATER: ClassVar = schedule(
        Name="later",
        ScheduleExpression="cron(30 2 * * ?)",
        ScheduleExpressionTimezone="Europe/Berlin",
        StartDate="2026-04-01T00:00:00Z",
        EndDate="2026-10-30T00:00:00Z",
    )
    OFF: ClassVar = schedule(ScheduleExpression="at(2026-03-06T12:00:00)", State="DISABLED")

    def test_the_firings_of_each_rule_are_told(self, command, template):
        assert command("schedule", template(**self.RESOURCES), "--after", NOON, "--count", "2") == (
            0,
            "Nightly  template.json:1  cron(0 18 ? * 1-5 *)\n"
            "  after 2026-03-05T12:00:00Z:\n"
            "    2026-03-05T18:00:00Z  Thu\n"
            "    2026-03-08T18:00:00Z  Sun\n"
            "    day-of-week 1-5 is SUN-THU: AWS counts from 1, Sunday\n"
            "Past  template.json:1  cron(0 0 1 1 ? 2020)\n"
            "  cron(0 0 1 1 ? 2020) never fires after 2026-03-05T12:00:00Z\n"
            "    all firings of year 2020 are past\n"
            "Off  template.json:1  rate(1 day)  the rule is DISABLED\n"
            "  for a rule made at 2026-03-05T12:00:00Z, from when a rate counts:\n"
            "    2026-03-06T12:00:00Z  Fri\n"
            "    2026-03-07T12:00:00Z  Sat\n",
            "",
        )

    def test_if_none_fires_it_is_1(self, command, template):
        rules = {name: self.RESOURCES[name] for name in ("Past", "Off")}
        for more in ((), ("--json",)):
            assert command("schedule", template(**rules), "--after", NOON, *more)[0] == 1
        assert command("schedule", template(Ship=self.RESOURCES["Ship"])) == (
            1,
            "there are no rules with a schedule\n",
            "",
        )

    def test_one_that_aws_refuses_is_2_and_the_others_are_told(self, command, template):
        name = template(Broken=scheduled("rate(5 minute)"), Nightly=self.RESOURCES["Nightly"])
        code, out, err = command("schedule", name, "--after", NOON, "--count", "1")
        assert (code, out.splitlines()[0], err) == (2, "Nightly  template.json:1  cron(0 18 ? * 1-5 *)", "")
        why = "Parameter ScheduleExpression is not valid. (unit: 5 minute does not agree; wanted 5 minutes)"
        assert out.splitlines()[-1] == f"Broken  template.json:1  invalid  {why}"
        assert command("schedule", name, "--rule", "Broken") == (
            2,
            "",
            f"error: template.json:1: Broken is not valid: {why}\n",
        )
        code, out, _ = command("schedule", name, "--json")
        [refused] = json.loads(out)["refused"]
        assert (code, refused["logical_id"], refused["why"]) == (2, "Broken", why)

    def test_the_answer_for_one_rule_is_that_of_its_expression(self, command, template):
        name = template(**self.RESOURCES)
        options = ("--after", NOON, "--count", "2")
        alone = command("schedule", "cron(0 18 ? * 1-5 *)", *options)
        assert command("schedule", name, "--rule", "Nightly", *options) == alone
        alone = command("schedule", "cron(0 18 ? * 1-5 *)", *options, "--json")
        code, out, _ = command("schedule", name, "--rule", "Nightly", *options, "--json")
        about = {"logical_id": "Nightly", "file": "template.json", "line": 1}
        assert json.loads(out) == about | {"name": "nightly", "state": "ENABLED"} | json.loads(alone[1])
        assert code == alone[0]
        code, out, _ = command("schedule", name, "--rule", "Off", *options)
        assert (code, out.splitlines()[-1]) == (1, "  the rule is DISABLED")
        assert command("schedule", name, "--rule", "Off", *options, "--json")[0] == 1
        assert command("schedule", name, "--rule", "Ship") == (
            2,
            "",
            "error: template.json:1: Ship has no schedule, only a pattern\n",
        )

    def test_schedules_of_eventbridge_scheduler_are_told_after_the_rules(self, command, template):
        name = template(Later=self.LATER, Nightly=self.RESOURCES["Nightly"], Off=self.OFF)
        code, out, err = command("schedule", name, "--after", NOON, "--count", "1")
        assert (code, err) == (0, "")
        assert out.split("Later", 1)[1] == (
            "  template.json:1  cron(30 2 * * ?)\n"
            "  after 2026-03-05T12:00:00Z, in Europe/Berlin:\n"
            "    2026-04-01T00:30:00Z  Wed 2026-04-01 02:30:00 +02:00\n"
            "    02:30 comes twice on 2026-10-25 in Europe/Berlin: the first counts\n"
            "Off  template.json:1  at(2026-03-06T12:00:00)  the schedule is DISABLED\n"
            "  after 2026-03-05T12:00:00Z:\n"
            "    2026-03-06T12:00:00Z  Fri\n"
        )
        alone = command("schedule", name, "--rule", "Later", "--after", NOON, "--count", "1")
        assert alone[:2] == (0, out.split("cron(30 2 * * ?)\n")[1].split("Off")[0].replace("\n  ", "\n")[2:])
        code, out, _ = command("schedule", name, "--rule", "Off", "--after", NOON)
        assert (code, out.splitlines()[-1]) == (1, "  the schedule is DISABLED")
        assert command("schedule", template(Off=self.OFF), "--after", NOON)[0] == 1

    def test_schedules_are_data_too(self, command, template):
        name = template(Later=self.LATER, Nightly=self.RESOURCES["Nightly"])
        _, out, _ = command("schedule", name, "--json", "--count", "1", "--after", NOON)
        told = json.loads(out)
        assert [one["logical_id"] for one in told["rules"]] == ["Nightly"]
        [later] = told["schedules"]
        alone = command("schedule", name, "--rule", "Later", "--json", "--count", "1", "--after", NOON)
        assert later == json.loads(alone[1])
        assert {
            key: later[key] for key in ("logical_id", "name", "state", "timezone", "end_date", "firings")
        } == {
            "logical_id": "Later",
            "name": "later",
            "state": "ENABLED",
            "timezone": "Europe/Berlin",
            "end_date": "2026-10-30T00:00:00Z",
            "firings": ["2026-04-01T00:30:00Z"],
        }

    @pytest.mark.parametrize(
        ("properties", "why"),
        [
            (
                {"ScheduleExpression": "at(2027-01-01)"},
                "Invalid Schedule Expression at(2027-01-01). (at: '2027-01-01' is not yyyy-mm-ddThh:mm:ss: "
                "did you mean at(2027-01-01T00:00:00)?)",
            ),
            (
                {"ScheduleExpression": "rate(1 day)", "ScheduleExpressionTimezone": "berlin"},
                "Invalid timezone berlin. (berlin: did you mean Europe/Berlin?)",
            ),
            (
                {"ScheduleExpression": "rate(1 day)", "StartDate": "soon"},
                "StartDate: 'soon': wanted ISO 8601 such as 2026-01-31T12:00:00Z",
            ),
        ],
    )
    def test_a_schedule_that_aws_refuses_is_2(self, command, template, properties, why):
        name = template(Broken=schedule(**properties), Later=self.LATER)
        code, out, _ = command("schedule", name, "--after", NOON, "--count", "1")
        assert (code, out.splitlines()[-1]) == (2, f"Broken  template.json:1  invalid  {why}")
        assert out.startswith("Later  ")
        assert command("schedule", name, "--rule", "Broken")[2].endswith(
            f"template.json:1: Broken is not valid: {why}\n"
        )
        assert json.loads(command("schedule", name, "--json")[1])["refused"][0]["why"] == why

    def test_a_start_date_that_is_past_does_not_make_it_invalid(self, command, template):
        """AWS would refuse to create it so late, but it may have been there for long."""
        name = template(Later=self.LATER)
        code, out, _ = command("schedule", name, "--after", "2026-06-01", "--count", "1")
        assert (code, out.splitlines()[2]) == (0, "    2026-06-01T00:30:00Z  Mon 2026-06-01 02:30:00 +02:00")

    def test_an_unknown_logical_id_is_told_that_of_a_schedule(self, command, template):
        said = "error: EXPRESSION (template.json) has no rule or schedule 'Latr': did you mean 'Later'?\n"
        assert command("schedule", template(Later=self.LATER), "--rule", "Latr") == (2, "", said)

    @pytest.mark.parametrize(
        "options", [("--timezone", "UTC"), ("--start-date", "2026-01-01"), ("--for", "rule")]
    )
    def test_options_of_an_expression_are_not_for_a_template(self, command, template, options):
        said = "is for an expression, but EXPRESSION (template.json) is a template, which says it"
        answer = command("schedule", template(Later=self.LATER), *options)
        assert answer == (2, "", f"error: {options[0]} {said}\n")

    def test_the_schedules_of_sam_are_told(self, command, yaml):
        pytest.importorskip("samtranslator")
        name = yaml("""
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Job:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: python3.13
                  Handler: app.handler
                  InlineCode: "def handler(event, context): pass"
                  Events:
                    Nightly:
                      Type: ScheduleV2
                      Properties:
                        ScheduleExpression: cron(0 4 * * ? *)
                        ScheduleExpressionTimezone: Asia/Tokyo
        """)
        code, out, err = command("schedule", name, "--after", NOON, "--count", "1")
        assert (code, err) == (0, "")
        assert out == (
            "JobNightly  template.yaml:11  cron(0 4 * * ? *)\n"
            "  after 2026-03-05T12:00:00Z, in Asia/Tokyo:\n"
            "    2026-03-05T19:00:00Z  Fri 2026-03-06 04:00:00 +09:00\n"
        )

    def test_as_json_there_is_a_rule_each(self, command, template):
        code, out, _ = command("schedule", template(**self.RESOURCES), "--after", NOON, "--json")
        told = json.loads(out)
        assert [one["logical_id"] for one in told["rules"]] == ["Nightly", "Past", "Off"]
        assert told["rules"][2]["state"] == "DISABLED"
        assert (code, told["refused"], told["schedules"]) == (0, [], [])

    @pytest.mark.parametrize("name", ["template.json", "-"])
    def test_a_file_that_is_none(self, command, tmp_path, name):
        (tmp_path / "template.json").write_text('{"source": ["shop"]}', encoding="utf-8")
        code, out, err = command("schedule", name, standard_input=b'{"source": ["shop"]}')
        assert (code, out) == (2, "")
        assert err.endswith(") is neither a schedule expression nor a template\n")

    def test_an_expression_is_one_also_if_a_file_has_its_name(self, command, tmp_path):
        (tmp_path / "rate(1 day)").write_text('{"Resources": {}}', encoding="utf-8")
        assert command("schedule", "rate(1 day)", "--count", "1")[0] == 0
        assert command("schedule", "x" * 5000)[2].startswith("error: EXPRESSION: ValidationException: ")
