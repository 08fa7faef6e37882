"""Tests are run with mistakes that a made-up service knows, each run of pytest in processes of its own."""

from __future__ import annotations

import json
import os

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no forks")

TWO = ("--kinds", "disabled,takes_all")


def test_a_mistake_is_noticed_if_a_test_fails_with_it(mutate):
    done = mutate(
        """
        def test_delivery(events_backend):
            rule()
            shipped = events_backend.target("ship")
            put()
            shipped.assert_delivered_once()
        """,
        *TWO,
    )
    assert done.code == 0
    assert done.verdicts == {("ship", "disabled"): "noticed", ("ship", "takes_all"): "unnoticed"}
    noticed = next(one for one in done.data["mutants"] if one["verdict"] == "noticed")
    assert noticed["by"] == "test_it.py::test_delivery"
    assert noticed["why"] == "AssertionError: rule ship delivered nothing"
    assert done.text.startswith(".  ")  # pytest's own output, of the run without a mistake
    assert done.text.count("passed") == 2  # pytest's, and that of the report


def test_whatever_ends_the_tests_has_noticed_it(mutate):
    done = mutate(
        """
        def test_rule(events_backend):
            rule()
        """,
        "--timeout=5",
    )
    assert done.verdicts == {
        ("ship", "disabled"): "unnoticed",
        ("ship", "takes_all"): "unnoticed",
        ("ship", "hangs"): "timed out",
        ("ship", "dies"): "crashed",
        ("ship", "crashes"): "crashed",
        ("ship", "raises"): "crashed",
        ("ship", "proven"): "equivalent",
    }
    why = {one["kind"]: one["why"] for one in done.data["mutants"]}
    assert why["hangs"] == "after 5 seconds"
    assert why["dies"] == "the process ended: exit code 3"
    assert why["crashes"] == "the process ended: by signal SIGKILL"
    assert why["raises"] == "a bug of eventmock: RuntimeError('a bug')"
    assert why["proven"] == "nothing differs"
    assert "hangs: it hangs\n    timed out: after 5 seconds" in done.text
    counts = {"noticed": 0, "timed_out": 1, "crashed": 3, "unnoticed": 2, "equivalent": 1}
    assert done.data["counts"] == counts


def test_only_the_tests_that_had_the_rule_run_with_it(mutate):
    done = mutate(
        """
        def test_ship(events_backend):
            rule()

        def test_bill(events_backend):
            rule("bill", "bank")
            put("bank")

        def test_without_a_rule():
            pass
        """,
        *TWO,
    )
    assert {(one["rule"]["names"][0], one["tests"]) for one in done.data["mutants"]} == {
        ("ship", 1),
        ("bill", 1),
    }
    assert (done.data["tests"], done.data["rules"]) == (3, 2)


def test_a_test_in_which_the_mistake_shows_is_named(mutate):
    done = mutate(
        """
        def test_looks_at_nothing(events_backend):
            rule()
            put("bank")

        def test_shows_nothing(events_backend):
            rule()
            put()
        """,
        "--kinds=takes_all",
    )
    [mutant] = done.data["mutants"]
    assert mutant["shown_by"] == ["test_it.py::test_looks_at_nothing"]
    assert "the mistake shows already in test_it.py::test_looks_at_nothing" in done.text


def test_fixtures_of_any_scope_are_set_up_with_the_mistake_and_torn_down(mutate, pytester):
    done = mutate(
        """
        import os
        from pathlib import Path

        from eventmock import mock_events

        @pytest.fixture(scope="session", autouse=True)
        def session():
            yield
            with Path("torn_down").open("a") as file:
                file.write("session ")

        @pytest.fixture(scope="module")
        def backend(session):
            with mock_events() as backend:
                rule()
                yield backend
                with Path("torn_down").open("a") as file:
                    file.write("module ")

        def test_first(backend):
            put()
            assert matched(backend) == 0

        def test_second(backend):
            backend.target("ship")
            put()
            assert matched(backend) == 1
        """,
        "--kinds=disabled",
        "--jobs=1",
    )
    assert set(done.verdicts.values()) == {"noticed"}
    runs = ["without a mistake", "the control", "the mutant"]
    assert (pytester.path / "torn_down").read_text().split() == ["module", "session"] * len(runs)


def test_what_tests_do_to_their_process_stays_in_it(mutate):
    done = mutate(
        """
        import os

        seen = []

        @pytest.mark.parametrize("number", [1, 2])
        def test_once(events_backend, number):
            assert (number in seen, os.environ.get(f"SEEN_{number}")) == (False, None)
            seen.append(number)
            os.environ[f"SEEN_{number}"] = "yes"
            rule()
            put()
        """,
        *TWO,
    )
    assert done.data["left_out"] == {}
    assert set(done.verdicts.values()) == {"unnoticed"}


def test_a_test_that_fails_without_the_others_is_left_out(mutate):
    done = mutate(
        """
        seen = []

        def test_first():
            seen.append(1)

        def test_needs_the_first(events_backend):
            rule()
            put()
            assert seen

        def test_second(events_backend):
            rule()
            put()
        """,
        *TWO,
    )
    assert done.data["left_out"] == {"test_it.py::test_needs_the_first": "assert []"}
    assert set(done.verdicts.values()) == {"unnoticed"}
    assert {one["tests"] for one in done.data["mutants"]} == {1}
    assert "  test_it.py::test_needs_the_first: assert []" in done.text


def test_a_test_that_fails_without_a_mistake_ends_the_search(mutate):
    done = mutate("def test_it(events_backend):\n    assert not rule()\n    put()\n    assert 1 == 2\n")
    assert (done.code, done.data) == (2, None)
    assert "1 failed" in done.text
    assert done.errors.splitlines()[-1] == (
        "error: the tests must pass before mistakes are made in rules, and test_it.py::test_it failed; "
        "see above what pytest says"
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "has found no tests"),
        ("raise RuntimeError", "pytest's exit code is 2"),
        ("import os\n\ndef test_it():\n    os._exit(7)\n", "ended with exit code 7 and ran no tests"),
    ],
)
def test_tests_that_do_not_run_end_the_search(mutate, source, said):
    done = mutate(source)
    assert done.code == 2
    assert said in done.errors.splitlines()[-1]


def test_nothing_of_mutants_is_printed_and_tests_know_nothing_of_it(mutate):
    done = mutate(
        """
        import os
        import warnings

        def test_it(events_backend, capfd):
            assert not {"EVENTMOCK_MUTATE", "PYTEST_PLUGINS"} & os.environ.keys()
            rule()
            put()
            print("printed")
            os.write(1, b"written")
            os.system("echo by another process")
            with capfd.disabled():
                print("beside pytest")
            warnings.warn("warned", UserWarning)
        """,
        *TWO,
        pytest_options=("-s",),
    )
    assert set(done.verdicts.values()) == {"unnoticed"}
    assert done.text.count("beside pytest") == 1
    assert done.text.count("UserWarning: warned") == 1


@pytest.mark.parametrize(
    "options",
    [
        ("-p", "xdist", "-n", "2", "-x", "--pdb", "--basetemp=temporary", "-W", "error"),
        (
            "-p",
            "cacheprovider",
            "--lf",
            "--capture=sys",
            "--eventmock-report=report",
            "--eventmock-coverage",
            "--strict-markers",
        ),
    ],
    ids=["workers", "files"],
)
def test_other_options_of_pytest_do_no_harm(mutate, pytester, options):
    done = mutate(
        """
        import threading

        stopped = threading.Event()
        threading.Thread(target=stopped.wait, daemon=True).start()

        def test_it(events_backend, tmp_path):
            (tmp_path / "file").write_text("text")
            rule()
            shipped = events_backend.target("ship")
            put()
            shipped.assert_delivered_once()
        """,
        *TWO,
        pytest_options=(*options, "--junitxml=junit.xml", "--log-file=log.txt"),
    )
    assert done.verdicts == {("ship", "disabled"): "noticed", ("ship", "takes_all"): "unnoticed"}
    assert not (pytester.path / ".eventmock-coverage").exists()
    assert 'tests="1"' in (pytester.path / "junit.xml").read_text("utf-8")
    assert 'failures="0"' in (pytester.path / "junit.xml").read_text("utf-8")


def test_a_search_among_some_rules_and_kinds(mutate):
    done = mutate(
        """
        def test_it(events_backend):
            rule("ship-tea")
            rule("ship-pots", "pottery")
            rule("bill", "bank")
        """,
        "--rule=ship-*",
        "--kinds=dis*",
    )
    assert set(done.verdicts) == {("ship-tea", "disabled"), ("ship-pots", "disabled")}


def test_without_forks_the_verdicts_are_the_same(mutate):
    source = """
        def test_delivery(events_backend, tmp_path):
            rule()
            shipped = events_backend.target("ship")
            put()
            shipped.assert_delivered_once()

        def test_another():
            pass
        """
    options = ("--kinds", "rule disabled,target removed")
    forked = mutate(source, *options, own_mistakes=False)
    started = mutate(source, *options, "--no-fork", own_mistakes=False)
    assert (
        started.verdicts
        == forked.verdicts
        == {
            ("ship", "rule disabled"): "noticed",
            ("ship", "target removed"): "noticed",
        }
    )
    assert started.data["mutants"][0]["by"] == forked.data["mutants"][0]["by"] == "test_it.py::test_delivery"


def test_a_rule_of_a_template_in_the_session_s_mock(mutate, pytester):
    rule = {
        "EventPattern": {"source": ["shop"]},
        "Targets": [{"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:123456789012:queue"}],
    }
    template = {"Resources": {"Ship": {"Type": "AWS::Events::Rule", "Properties": rule}}}
    (pytester.path / "template.json").write_text(json.dumps(template, indent=1), encoding="utf-8")
    done = mutate(
        """
        @pytest.fixture(scope="session")
        def stack(eventmock_session_backend):
            eventmock_session_backend.deploy("template.json")
            return eventmock_session_backend

        def test_delivery(stack):
            put()
            assert matched(stack) == 1

        def test_no_delivery(stack):
            put("bank")
            assert matched(stack) == 0
        """,
        "--rule=Ship",
        own_mistakes=False,
    )
    assert {one["rule"]["label"] for one in done.data["mutants"]} == {"template.json:Ship (line 3)"}
    unnoticed = {one["kind"] for one in done.data["mutants"] if one["verdict"] == "unnoticed"}
    assert unnoticed == {"prefix for equality"}
