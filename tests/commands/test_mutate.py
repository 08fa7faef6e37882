from __future__ import annotations

import json
import sys

import pytest

from eventmock.commands import mutate
from eventmock.mutants.command import Searched
from eventmock.mutants.outcome import Outcome
from eventmock.mutants.search import Found
from eventmock.mutants.settings import CAN_FORK, usable_cpus
from eventmock.mutants.trials import Rule
from eventmock.services.mutants import Mutant

RULE = Rule("rule", "shop/ship", "shop", "123456789012", "us-east-1", ("ship",), None, None, None, (), True)
MUTANT = Mutant(
    "wrong bus", "silence", "the bus is wrong", "EventBusName", "shop", "default", {}, {"source": "s"}
)
WANTED = "wanted -- and then the command that runs the tests, such as: python -m eventmock mutate -- pytest tests\n"


@pytest.fixture
def searches(monkeypatch):
    """What was searched for; the tests are not run. Three of four mistakes are noticed."""
    searches = []
    outcomes = [Outcome(RULE, MUTANT, verdict) for verdict in ("noticed", "noticed", "noticed", "unnoticed")]

    def run_command(words, settings, *, to_stderr=False):
        searches.append((list(words), settings, to_stderr))
        return Searched(Found(outcomes, {}), tests=3, seconds=2.0)

    monkeypatch.setattr(mutate, "run_command", run_command)
    return searches


def test_what_stands_after_the_dashes_is_the_command(command, searches):
    code, out, err = command("mutate", "--jobs", "3", "--", "pytest", "-x", "--jobs=1", "--", "tests")
    assert (code, err) == (0, "")
    [(words, settings, to_stderr)] = searches
    assert words == ["pytest", "-x", "--jobs=1", "--", "tests"]
    assert (settings.jobs, settings.rules, settings.kinds, settings.timeout) == (3, (), (), None)
    assert (settings.forks, to_stderr) == (CAN_FORK, False)
    assert out.startswith("\nshop/ship\n  wrong bus: the bus is wrong\n")
    assert out.endswith("score 75.0 %, 3 tests, 2.0 seconds\n")


def test_the_search_is_as_the_options_say(command, searches):
    command(
        "mutate",
        "--rule",
        "a*",
        "--rule=b",
        "--kinds",
        "wrong bus, off*",
        "--timeout=2.5",
        "--no-fork",
        "--",
        "x",
    )
    [(_, settings, _)] = searches
    assert (settings.rules, settings.kinds) == (("a*", "b"), ("wrong bus", "off*"))
    assert (settings.timeout, settings.forks, settings.jobs) == (2.5, False, usable_cpus())


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--fail-on-unnoticed"], 1),
        (["--min-score", "75"], 0),
        (["--min-score", "75.1"], 1),
        (["--min-score=0", "--fail-on-unnoticed"], 1),
    ],
)
def test_it_fails_if_less_was_noticed_than_is_wanted(command, searches, options, code):
    assert command("mutate", *options, "--", "pytest")[0] == code


def test_the_result_may_be_json(command, searches, tmp_path):
    _, out, _ = command("mutate", "--json", "--", "pytest")
    assert json.loads(out)["score"] == 75.0
    assert searches[-1][2]  # so pytest's output goes to standard error
    _, out, _ = command("mutate", "--json", "out.json", "--", "pytest")
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["score"] == 75.0
    assert out.startswith("\nshop/ship\n")
    code, _, err = command("mutate", "--json", "none/out.json", "--", "pytest")
    assert code == 2
    assert err.startswith("error: --json none/out.json: No such file or directory; wanted")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], f"error: the command that runs the tests is missing; {WANTED}"),
        (["--"], f"error: the command that runs the tests is missing; {WANTED}"),
        (["pytest", "tests"], f"error: unrecognized arguments: pytest tests; {WANTED}"),
        (["--jbos", "2", "--", "pytest"], "error: unrecognized arguments: --jbos 2\n"),
        (["--jobs", "0", "--", "pytest"], "argument --jobs: '0': wanted a whole number from 1 on\n"),
        (["--timeout", "-1", "--", "x"], "argument --timeout: '-1': wanted a number of seconds above 0\n"),
        (["--timeout", "inf", "--", "x"], "argument --timeout: 'inf': wanted a number of seconds above 0\n"),
        (
            ["--min-score", "x", "--", "x"],
            "--min-score=x: wanted a percentage from 0 to 100, such as 90 or 87.5\n",
        ),
        (
            ["--min-score", "101", "--", "x"],
            "--min-score=101: wanted a percentage from 0 to 100, such as 90 or 87.5\n",
        ),
    ],
)
def test_wrong_arguments_are_told(command, searches, arguments, said):
    code, out, err = command("mutate", *arguments)
    assert (code, out, searches) == (2, "", [])
    assert err.endswith(said)


def test_a_program_that_does_not_exist_is_told(command):
    code, _, err = command("mutate", "--", "pytset")
    assert code == 2
    assert err == (
        "error: pytset cannot be started: No such file or directory; wanted a command that runs pytest, such as: "
        "python -m eventmock mutate -- python -m pytest\n"
    )


def test_a_program_that_runs_no_pytest_is_told(command):
    code, _, err = command("mutate", "--", sys.executable, "-c", "pass")
    assert code == 2
    assert err.endswith(
        "ended with exit code 0 and ran no tests with eventmock; see above what it says; wanted a command that "
        "runs pytest where eventmock is installed\n"
    )
