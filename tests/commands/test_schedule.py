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
    assert plain[0] == 0
    assert command("schedule", "cron(0/5, 9-18, ?, *, MON-FRI, *)", "--after", NOON) == plain


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
            "at(2026-03-05T12:00:00)",
            "at(...) is EventBridge Scheduler's; rules take rate(value unit) and cron(six fields)",
        ),
        ("rate(5 minute)", "unit: 5 minute does not agree; wanted 5 minutes"),
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


def scheduled(expression, **properties):
    return {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": expression, **properties}}


class TestATemplate:
    RESOURCES: ClassVar = {
        "Nightly": scheduled("cron(0 18 ? * 1-5 *)", Name="nightly"),
        "Ship": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}},
        "Past": scheduled("cron(0 0 1 1 ? 2020)"),
        "Off": scheduled("rate(1 day)", State="DISABLED"),
    }
    LATER: ClassVar = {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"ScheduleExpression": "rate(1 day)"},
    }

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

    def test_schedules_of_eventbridge_scheduler_are_named(self, command, template):
        name = template(Nightly=self.RESOURCES["Nightly"], Later=self.LATER)
        said = (
            "warning: template.json:1: Later is a schedule of EventBridge Scheduler, "
            "which eventmock does not serve yet\n"
        )
        code, out, err = command("schedule", name)
        assert (code, err) == (0, said)
        assert "Later" not in out
        assert command("schedule", name, "--rule", "Nightly")[2] == ""
        _, out, err = command("schedule", name, "--json", "--count", "1")
        assert err == said
        assert json.loads(out)["not_served"] == [{"logical_id": "Later", "file": "template.json", "line": 1}]

    def test_as_json_there_is_a_rule_each(self, command, template):
        code, out, _ = command("schedule", template(**self.RESOURCES), "--after", NOON, "--json")
        told = json.loads(out)
        assert [one["logical_id"] for one in told["rules"]] == ["Nightly", "Past", "Off"]
        assert told["rules"][2]["state"] == "DISABLED"
        assert (code, told["refused"], told["not_served"]) == (0, [], [])

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
