"""What docs/rule-coverage.md shows is what its example prints, and its options and commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from eventmock.__main__ import main
from eventmock.coverage.selection import KINDS

PAGE = (Path(__file__).parents[1] / "docs" / "rule-coverage.md").read_text("utf-8")


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs an example of the page; the first one unless another is asked for."""
    monkeypatch.setenv("COLUMNS", "80")
    options = ("-o", "asyncio_default_fixture_loop_scope=function", "-p", "no:cacheprovider")

    def run(*arguments, ini=None, example=0):
        pytester.makepyfile(test_orders=blocks("python")[example])
        if ini is not None:
            pytester.makefile(".ini", pytest=ini)
        return pytester.runpytest_inprocess(*options, *arguments)

    return run


def test_the_example_prints_what_the_page_shows(run):
    result = run("--eventmock-coverage")
    result.assert_outcomes(passed=2)
    assert blocks("text")[0] in f"{result.stdout.str()}\n"


def test_the_example_of_a_schedule_prints_what_the_page_shows(run):
    result = run("--eventmock-coverage", example=1)
    result.assert_outcomes(passed=1)
    assert blocks("text")[1] in f"{result.stdout.str()}\n"


def test_the_ini_file_of_the_page_is_right(run):
    [ini] = blocks("ini")
    result = run(ini=ini)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "eventmock_coverage_fail_under wants 87.5%" in result.stdout.str()


def test_the_figures_for_tools_are_those_of_the_example(run, capsys, monkeypatch, pytester):
    monkeypatch.chdir(pytester.path)
    run("--eventmock-coverage")
    capsys.readouterr()
    assert main(["coverage", "report", "--format", "json"]) == 0
    listing = json.loads(capsys.readouterr().out)
    shown = json.loads(blocks("text")[-1].replace("[...]", "[]"))
    assert shown == listing | {"rules": []}
    described = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^(`\w+`.*)\n: ", PAGE, re.MULTILINE))))
    assert described == set(listing["rules"][0])


def test_the_page_describes_each_kind_of_points():
    rows = re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE)
    assert [row.replace("-", " ") for row in rows] == list(KINDS)


def test_the_command_for_several_machines_is_right(run, capsys, monkeypatch, pytester):
    monkeypatch.chdir(pytester.path)
    [commands] = blocks("yaml")
    run("--eventmock-coverage-dir=shards/rule-coverage-1", "-k", "paid")
    run("--eventmock-coverage-dir=shards/rule-coverage-2", "-k", "new")
    combine, report = re.findall(r"python -m eventmock (coverage .*?)(?: >> .*)?$", commands, re.MULTILINE)
    shards = [str(path) for path in sorted(Path("shards").iterdir())]
    words = [word for part in combine.split() for word in (shards if part == "shards/*" else [part])]
    capsys.readouterr()
    assert main(words) == 1
    assert capsys.readouterr().err == "42.85% of the points were tried, and --fail-under wants 85%\n"
    assert main(report.split()) == 0
    assert "| **TOTAL** | 14 | 8 | **42%** |  |" in capsys.readouterr().out
