"""An application with eight rules, whose tests are good for some rules and bad for others.

Each mistake that the command has tried is planted once more, by hand: into the definition from which the application
makes the rule. Then the tests are called as functions. So what the command says is compared with what is true.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eventmock import mock_events

HERE = Path(__file__).parent / "application"
KINDS = {
    "field dropped",
    "value dropped",
    "matcher flipped",
    "another value",
    "prefix for equality",
    "anything-but for a value",
    "wrong bus",
    "rule disabled",
    "off by one",
    "another day",
    "InputPath for transformer",
    "target removed",
    "dead-letter queue removed",
}
"""The kinds of mistakes that are asked for; there are more."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the command says of each mistake."""
    folder = tmp_path_factory.mktemp("mutants") / "application"
    shutil.copytree(HERE, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the plugins of others take long to load
        done = subprocess.run(
            [
                *(sys.executable, "-m", "eventmock", "mutate", "--json", "out.json", "--"),
                *("python", "-m", "pytest", "-p", "eventmock.plugin", "-p", "no:cacheprovider"),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return json.loads((folder / "out.json").read_text("utf-8"))


def lines_of(found, verdict):
    return {
        f"{one['rule']['names'][0]}: {one['text']}" for one in found["mutants"] if one["verdict"] == verdict
    }


def test_it_lists_exactly_the_mistakes_that_no_test_notices(found):
    wanted = (HERE / "unnoticed.txt").read_text("utf-8").splitlines()
    assert sorted(lines_of(found, "unnoticed")) == wanted
    assert found["counts"]["unnoticed"] == len(wanted)


def test_it_tries_all_kinds_of_mistakes(found):
    assert {one["kind"] for one in found["mutants"]} >= KINDS
    assert found["counts"]["noticed"] + found["counts"]["unnoticed"] >= 60
    assert (found["counts"]["timed_out"], found["counts"]["crashed"], found["left_out"]) == (0, 0, {})


def test_mistakes_that_change_nothing_are_proven_and_left_out(found):
    assert lines_of(found, "equivalent") == {
        'stock: detail.article: "tea" is missing',
        'stock: detail.article: prefix "tea" instead of "tea"',
    }


def test_planted_by_hand_each_mistake_is_noticed_by_the_same_tests(found):
    application = _application()
    for one in found["mutants"]:
        notice = _notices(application, _planted(application.RULES, one), one["rule"]["names"][0])
        assert notice is (one["verdict"] == "noticed"), one


def test_only_the_tests_of_a_rule_run_with_its_mistakes(found):
    for one in found["mutants"]:
        assert (one["by"] is None) is (one["verdict"] != "noticed")
        if one["verdict"] != "equivalent":
            assert one["tests"] == {"ship": 3, "thank": 2, "report": 2}.get(one["rule"]["names"][0], 1)


def _application():
    spec = importlib.util.spec_from_file_location("application_of_mutants", HERE / "test_application.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _planted(rules, mutant):
    """The rules of the application with a mistake."""
    rules = copy.deepcopy(rules)
    [rule] = [one for one in rules if one["Name"] == mutant["rule"]["names"][0]]
    if mutant["member"] == "Targets":
        target_id, after = mutant["before"]["Id"], mutant["after"]
        rule["Targets"] = [
            after if one["Id"] == target_id else one
            for one in rule["Targets"]
            if one["Id"] != target_id or after is not None
        ]
    else:
        rule[mutant["member"]] = mutant["after"]
    return rules


class _OfAnotherRule(Exception):  # noqa: N818 - it is no error
    """A test is about another rule."""


def _notices(application, rules, name):
    """Whether a test of a rule fails with these rules."""
    for test in (value for key, value in vars(application).items() if key.startswith("test_")):
        with mock_events(start_time=application.START) as backend:

            def deploy(*names, backend=backend):
                if name not in names:
                    raise _OfAnotherRule
                return application.Application(backend, [rule for rule in rules if rule["Name"] in names])

            try:
                test(deploy)
            except _OfAnotherRule:
                continue
            except Exception:  # noqa: BLE001 - any exception is a test that fails
                return True
    return False
