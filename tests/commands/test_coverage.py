from __future__ import annotations

import json

import pytest

from eventmock import mock_events
from eventmock.coverage.collector import Collector
from eventmock.coverage.data import read_file
from eventmock.coverage.output import write

TABLE = """\
Rule       Points  Miss  Cover  Missing
--------------------------------------------------------------------------------
shop/ship       4     1    75%  never tried: source "office"
--------------------------------------------------------------------------------
TOTAL           4     1    75%
"""


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def run(command, tmp_path):
    """A function that writes the coverage of a run in which events of some sources are put."""

    def run(name, *sources, test="test_it"):
        collector = Collector(tmp_path)
        collector.test = test
        with mock_events(
            start_time="2026-11-21T12:00:00Z", region="us-east-1", seed=1, isolated=True
        ) as backend:
            collector.watch(backend)
            events = backend.client()
            events.create_event_bus(Name="shop")
            pattern = json.dumps({"source": ["web", "office", "till"]})
            events.put_rule(Name="ship", EventBusName="shop", EventPattern=pattern)
            for source in sources:
                entry = {"Source": source, "DetailType": "order", "EventBusName": "shop", "Detail": "{}"}
                events.put_events(Entries=[entry])
            collector.read()
        write(collector.data, tmp_path / name)
        return name

    return run


def test_two_runs_combined_are_as_one_run(command, run, tmp_path):
    halves = [run("a", "web", test="test_a"), run("b", "till", "mars", test="test_b")]
    code, out, err = command("coverage", "combine", *halves)
    assert (code, err) == (0, "")
    assert out == (
        TABLE
        + "\n2 runs combined; each rule, with what the tests tried of it, is in .eventmock-coverage/index.html\n"
    )
    [rule] = read_file(tmp_path / ".eventmock-coverage" / "coverage.json")
    assert rule.counts == {"matched": 2, "refused": 1}
    assert rule.tests == {"test_a", "test_b"}


def test_the_order_of_the_runs_makes_no_difference(command, run, tmp_path):
    run("a", "web")
    run("b", "till", "mars")
    command("coverage", "combine", "a", "b", "--dir", "ab")
    command("coverage", "combine", "b", "a", "--dir", "ba")
    for name in ("coverage.json", "index.html"):
        assert (tmp_path / "ab" / name).read_text("utf-8") == (tmp_path / "ba" / name).read_text("utf-8")


def test_the_same_data_counts_once(command, run, tmp_path):
    run("a", "web")
    _, out, _ = command("coverage", "combine", "a", "a/coverage.json", "--dir", "out")
    assert out.splitlines()[0] == "a/coverage.json is left out: its data is that of a/coverage.json"
    assert (tmp_path / "out" / "coverage.json").read_text("utf-8") == (
        tmp_path / "a/coverage.json"
    ).read_text("utf-8")


def test_a_directory_can_be_combined_with_itself(command, run, tmp_path):
    run("a", "web")
    before = (tmp_path / "a" / "coverage.json").read_text("utf-8")
    assert command("coverage", "combine", "a", "--dir", "a")[0] == 0
    assert (tmp_path / "a" / "coverage.json").read_text("utf-8") == before


@pytest.mark.parametrize(("least", "code"), [("75", 0), ("75.1", 1), ("90%", 1)])
@pytest.mark.parametrize(
    "arguments", [("combine", "a", "--dir", "b"), ("report", "a")], ids=lambda words: words[0]
)
def test_the_exit_code_is_1_if_too_little_was_tried(command, run, arguments, least, code):
    run("a", "web", "till", "mars")
    found, _, err = command("coverage", *arguments, "--fail-under", least)
    assert found == code
    said = f"75% of the points were tried, and --fail-under wants {least.removesuffix('%')}%\n"
    assert err == (said if code else "")


def test_report_reads_what_pytest_has_written(command, run):
    run(".eventmock-coverage", "web", "till", "mars")
    assert command("coverage", "report") == (0, TABLE, "")


def test_rules_and_kinds_of_points_may_be_left_out(command, run):
    run("a", "web", "till", "mars")
    assert command("coverage", "report", "a", "--omit", "shop/*")[1] == (
        "there is nothing to cover: no test made a rule, a schedule or a subscriber that counts\n"
    )
    assert command("coverage", "report", "a", "--points", "refusal")[1].splitlines()[-1] == (
        "1 rule is covered fully, and not listed."
    )
    assert "100%" in command("coverage", "report", "a", "--points", "refusal", "--all")[1].splitlines()[2]


def test_json_is_for_tools(command, run):
    run("a", "web", "till", "mars")
    code, out, _ = command("coverage", "report", "a", "--format", "json")
    assert code == 0
    assert json.loads(out)["totals"] == {"rules": 1, "total": 4, "tried": 3, "missed": 1, "percent": 75.0}


def test_markdown_is_for_the_summary_of_a_job(command, run):
    run("a", "web", "till", "mars")
    _, out, _ = command("coverage", "report", "a", "--format", "markdown")
    assert out.splitlines()[2] == '| shop/ship | 4 | 1 | 75% | never tried: source "office" |'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("combine", "a", "nope"),
            "nope: No such file or directory; wanted a file that --eventmock-coverage has written",
        ),
        (
            ("report",),
            ".eventmock-coverage: No such file or directory; wanted a file that --eventmock-coverage has written",
        ),
        (
            ("report", "a/index.html"),
            "a/index.html is not data of eventmock's coverage, wanted what --eventmock-coverage writes",
        ),
        (
            ("combine", "a", "--dir", "a/index.html"),
            "--dir=a/index.html: cannot be written: Not a directory",
        ),
        (
            ("report", "a", "--fail-under", "lots"),
            "--fail-under=lots: wanted a percentage from 0 to 100, such as 90 or 87.5",
        ),
        (
            ("report", "a", "--points", "fial"),
            "--points: there is no kind of points 'fial': there are value, branch, refusal, delivery, failure, "
            "dead-letter, input, firing, end, batch, order, replay",
        ),
    ],
)
def test_what_is_wrong_is_one_line(command, run, arguments, said):
    run("a", "web")
    assert command("coverage", *arguments) == (2, "", f"error: {said}\n")


def test_without_a_command_the_usage_is_shown(command):
    code, _, err = command("coverage")
    assert code == 2
    assert err.endswith("coverage: error: the following arguments are required: COMMAND\n")
