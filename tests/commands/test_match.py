from __future__ import annotations

import json
import subprocess
import sys

import pytest

from eventmock.pattern.hints import FIELDS

PATTERN = '{"source": ["shop"], "detail": {"state": ["PAID"], "total": [{"numeric": [">", 0]}]}}'


def event(**detail):
    return json.dumps({"source": "shop", "detail": detail})


def test_an_event_that_matches_is_0(command):
    assert command("match", PATTERN, event(state="PAID", total=1)) == (0, "match\n", "")


def test_an_event_that_does_not_is_1_and_every_field_that_keeps_it_from_it_is_told(command):
    code, out, err = command("match", PATTERN, event(state="NEW"))
    assert out.split("\n") == [
        "no match",
        '  detail.state held "NEW", wanted one of ["PAID"]',
        "  detail.total is absent, wanted numeric > 0",
        "",
    ]
    assert (code, err) == (1, "")


def test_one_field_is_told(command):
    assert command("match", PATTERN, event(state="PAID", total=0))[:2] == (
        1,
        "no match\n  detail.total held 0, wanted numeric > 0\n",
    )


def test_an_entry_is_put_first(command):
    entry = json.dumps({"Source": "shop", "DetailType": "order", "Detail": '{"state": "PAID", "total": 1}'})
    assert command("match", PATTERN, entry) == (0, "match\n", "")


class TestFieldsThatNoEventHas:
    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("sorce", "did you mean 'source'?"),
            ("Source", "did you mean 'source'?"),
            ("DetailType", "did you mean 'detail-type'?"),
            ("state", "what PutEvents takes as Detail stands in 'detail'"),
        ],
    )
    def test_they_are_told_in_the_answer(self, command, name, hint):
        told = (
            f'no match\n  {name} is absent, wanted one of ["shop"] (no event has a field {name!r}: {hint})\n'
        )
        assert command("match", json.dumps({name: ["shop"]}), event()) == (1, told, "")

    def test_one_that_is_wanted_absent_is_told_of_a_match(self, command):
        code, _, err = command("match", '{"$or": [{"sorce": [{"exists": false}]}, {"id": ["1"]}]}', event())
        assert (code, err) == (
            0,
            "warning: PATTERN: no event has a field 'sorce': did you mean 'source'?\n",
        )

    def test_what_every_event_has_and_what_this_one_has_is_no_mistake(self, command):
        names = [*FIELDS, "own"]
        pattern = json.dumps({name: {"a": [1]} for name in names})
        assert command("match", pattern, '{"source": "shop", "own": 1}')[::2] == (1, "")


class TestSwapped:
    def test_it_is_asked_whether_they_are(self, command):
        code, out, err = command("match", event(state="PAID"), PATTERN)
        assert (code, out) == (2, "")
        assert err.startswith("error: PATTERN: InvalidEventPatternException: ")
        assert err.endswith("  EVENT is a pattern: are the two swapped?\n")

    def test_of_a_pattern_that_is_only_wrong_it_is_not_asked(self, command):
        code, _, err = command("match", '{"source": "shop"}', event(state="PAID"))
        assert (code, "swapped" in err) == (2, False)


class TestAlternatives:
    PATTERN = '{"x": [9], "$or": [{"a": [1], "b": [1]}, {"c": [1], "d": [1], "e": [1]}]}'

    def hint(self, name):
        return f"(no event has a field {name!r}: what PutEvents takes as Detail stands in 'detail')"

    def test_of_several_the_nearest_is_told(self, command):
        assert command("match", self.PATTERN, '{"source": "s", "d": 1, "e": 1}')[1] == (
            "no match\n"
            "  nearest of 2 alternatives:\n"
            f"  x is absent, wanted one of [9] {self.hint('x')}\n"
            f"  c is absent, wanted one of [1] {self.hint('c')}\n"
        )

    def test_if_one_field_keeps_it_from_it_that_is_one_line(self, command):
        assert command("match", self.PATTERN, '{"source": "s", "x": 9, "d": 1, "e": 1}')[1] == (
            f"no match\n  nearest of 2 alternatives: c is absent, wanted one of [1] {self.hint('c')}\n"
        )


class TestArrays:
    def test_fields_at_odds_are_told(self, command):
        pattern = '{"a": {"b": [1], "c": [1]}}'
        assert command("match", pattern, '{"source": "s", "a": [{"b": 1}, {"c": 1}]}')[:2] == (
            1,
            "no match\n  a.b and a.c each match, but only in different array elements\n",
        )

    def test_a_field_that_is_to_be_absent_beside_another_is_told(self, command):
        pattern = '{"a": {"b": [1], "c": [{"exists": false}]}}'
        assert command("match", pattern, '{"source": "s", "a": [{"b": 1, "c": 2}]}')[:2] == (
            1,
            "no match\n  a.c held 2, wanted it absent\n",
        )


def test_a_field_below_an_empty_name_is_seen(command):
    pattern = '{"x": {"": {"a": [1], "b": [1]}}}'
    assert command("match", pattern, '{"source": "s", "x": {"": {"a": 2, "b": 3}}}')[1] == (
        "no match\n  x..a held 2, wanted one of [1]\n  x..b held 3, wanted one of [1]\n"
    )


def test_all_values_of_a_name_that_is_repeated_count(command):
    assert command("match", '{"a": [2]}', '{"source": "s", "a": 2, "a": 3}')[0] == 0
    assert command("match", '{"a": [4]}', '{"source": "s", "a": 2, "a": 3}')[1] == (
        "no match\n  a held 2, 3, wanted one of [4]\n"
    )


def test_numbers_are_read_as_aws_reads_them(command):
    number = "100000000000000000000"
    assert command("match", f'{{"a": [{number}]}}', f'{{"source": "s", "a": {number}}}')[0] == 0


class TestJson:
    def test_the_verdict_is_data(self, command):
        code, out, err = command("match", PATTERN, event(state="NEW", total=1), "--json")
        assert json.loads(out) == {
            "matched": False,
            "why": 'detail.state held "NEW", wanted one of ["PAID"]',
            "alternatives": 1,
            "fields": [
                {"path": "source", "held": ["shop"], "wanted": ['"shop"'], "satisfied": True},
                {"path": "detail.state", "held": ["NEW"], "wanted": ['"PAID"'], "satisfied": False},
                {"path": "detail.total", "held": [1], "wanted": ["numeric > 0"], "satisfied": True},
            ],
        }
        assert (code, err) == (1, "")

    def test_a_match_is_0(self, command):
        code, out, _ = command("match", '{"a": [1]}', '{"source": "s", "a": 1}', "--json")
        told = json.loads(out)
        assert (code, told["matched"], told["why"]) == (0, True, "the event matches")

    @pytest.mark.parametrize(
        ("value", "held"),
        [("null", None), ("true", True), ("1.5", 1.5), ("1e999", "Infinity"), ("-1e999", "-Infinity")],
    )
    def test_values_are_as_the_event_held_them(self, command, value, held):
        out = command("match", '{"a": [1]}', f'{{"source": "s", "a": {value}}}', "--json")[1]
        assert json.loads(out)["fields"][0]["held"] == [held]


@pytest.mark.parametrize(
    "arguments",
    [
        ["match", '{"a": [1]}', '{"source": "s", "a": 1}'],
        ["match", '{"a": [1]}', '{"source": "s", "a": 2}', "--json"],
        ["match", '{"source": ["a"]}', '{"Source": "a", "DetailType": "b", "Detail": "{}"}'],
        ["schedule", "rate(5 minutes)"],
        ["schedule", "cron(0 18 ? * MON-FRI *)", "--json"],
    ],
)
def test_neither_botocore_nor_boto3_is_imported(arguments):
    code = (
        "import sys\n"
        "from eventmock.__main__ import main\n"
        f"main({arguments!r})\n"
        "print(sorted({'botocore', 'boto3', 'wrapt', 'hypothesis'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_a_pattern_on_what_no_service_sends_is_warned_of(command):
    pattern = {
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        "detail": {"instance_id": ["i-1"]},
    }
    event = {
        "source": "aws.ec2",
        "detail-type": "EC2 Instance State-change Notification",
        "detail": {"instance-id": "i-1", "state": "running"},
    }
    code, _, err = command("match", json.dumps(pattern), json.dumps(event))
    assert (code, err) == (
        1,
        "warning: PATTERN: no EC2 Instance State-change Notification of aws.ec2 has detail.instance_id; "
        "did you mean detail.instance-id?\n",
    )
