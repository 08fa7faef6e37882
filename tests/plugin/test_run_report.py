"""The report of a run, as a test suite meets it."""

from __future__ import annotations

import json
import re

import pytest

TESTS = """
def test_without_a_mock():
    pass

def test_without_events(events_backend):
    pass

def test_passes(events_backend):
    rule("passing", "NEW")
    put()

def test_fails(events_backend):
    rule("failing", "NEW")
    put()
    assert False

def test_fails_in_its_tear_down(events_backend, request):
    put()
    request.addfinalizer(lambda: 1 / 0)
"""


@pytest.fixture
def report_of(run, pytester):
    """Runs tests with the flag; gives what was run, the data of the page and the text of the diagrams."""

    def report_of(source, *arguments):
        result = run(source, "--eventmock-report=out/here", *arguments)
        directory = pytester.path / "out" / "here"
        page = (directory / "eventmock.html").read_text(encoding="utf-8")
        data = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
        diagrams = (directory / "eventmock-failed.md").read_text(encoding="utf-8")
        return result, json.loads(data[1]), diagrams

    return report_of


def told(sections):
    return {
        section["name"].partition("::")[2]: (
            section["outcome"],
            [[event["detail_type"] for event in flow["events"]] for flow in section["flows"]],
        )
        for section in sections
    }


@pytest.mark.parametrize("arguments", [(), ("-n2",)], ids=["one process", "xdist"])
def test_every_test_in_which_something_happened_is_in_it(report_of, arguments):
    if arguments:
        pytest.importorskip("xdist")
    result, sections, diagrams = report_of(TESTS, *arguments)
    result.assert_outcomes(passed=4, failed=1, errors=1)
    assert told(sections) == {
        "test_passes": ("passed", [["order"]]),
        "test_fails": ("failed", [["order"]]),
        "test_fails_in_its_tear_down": ("failed", [["order"]]),
    }
    assert re.findall(r"^### `[^`]*::(\w+)`", diagrams, re.MULTILINE) == (
        ["test_fails", "test_fails_in_its_tear_down"]
    )
    assert diagrams.count("```mermaid\nsequenceDiagram\n") == 2
    result.stdout.fnmatch_lines(["eventmock: what happened in 3 tests is in out/here/eventmock.html"])


def test_mocks_that_a_test_made_itself_are_each_in_it(report_of):
    result, sections, _ = report_of("""
from eventmock import mock_events

def test_it():
    for number in range(2):
        with mock_events():
            put(DetailType=str(number))
""")
    assert told(sections) == {"test_it": ("passed", [["0"], ["1"]])}
    result.stdout.fnmatch_lines(["eventmock: what happened in 1 test is in *"])


def test_without_failures_there_are_no_diagrams(report_of):
    _, sections, diagrams = report_of("def test_it(): pass")
    assert (sections, diagrams) == ([], "No test has failed.\n")


def test_it_is_in_the_header(run):
    result = run("def test_it(): pass", "--eventmock-report=out")
    result.stdout.fnmatch_lines(["eventmock: --eventmock-report=out"])


def test_without_the_flag_nothing_is_written(run, pytester):
    run("def test_it(events_backend): put()").assert_outcomes(passed=1)
    assert list(pytester.path.glob("**/*.html")) == []


def test_a_directory_that_is_a_file_is_refused_at_once(run, pytester):
    pytester.makefile(".txt", out="")
    result = run("def test_it(): pass", "--eventmock-report=out.txt")
    result.stderr.fnmatch_lines(["ERROR: --eventmock-report=out.txt: wanted a directory, and that is a file"])


def test_collecting_writes_nothing(run, pytester):
    run("def test_it(events_backend): put()", "--eventmock-report=out", "--collect-only")
    assert not (pytester.path / "out").exists()


def test_the_last_test_of_a_session_s_and_of_a_class_s_mock_are_in_it(report_of):
    _, sections, _ = report_of("""
from eventmock import mock_events

@mock_events
class TestIt:
    def test_a(self):
        put(DetailType="a")

    def test_b(self):
        put(DetailType="b")

def test_c(eventmock_session_backend):
    put(DetailType="c")

def test_d(eventmock_session_backend):
    pass
""")
    assert told(sections) == {
        "TestIt::test_a": ("passed", [["a"]]),
        "TestIt::test_b": ("passed", [["b"]]),
        "test_c": ("passed", [["c"]]),
    }


def test_what_no_other_format_carries_comes_from_a_worker(report_of):
    pytest.importorskip("xdist")
    _, sections, _ = report_of("def test_it(events_backend): put(Source='a\\ud800')", "-n1")
    assert told(sections) == {"test_it": ("passed", [["order"]])}


def test_why_a_test_failed_is_in_it(report_of):
    _, sections, _ = report_of(TESTS.replace("assert False", "assert 1 == 2, 'no'"))
    assert {section["name"].partition("::")[2]: section["why"] for section in sections} == {
        "test_passes": None,
        "test_fails": "AssertionError: no\nassert 1 == 2",
        "test_fails_in_its_tear_down": "ZeroDivisionError: division by zero",
    }


def test_a_test_in_which_only_a_schedule_fired_is_in_it(report_of):
    _, sections, _ = report_of("""
def test_it(events_backend):
    boto3.client("scheduler").create_schedule(
        Name="often",
        ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r"},
    )
""")
    [[flow]] = [section["flows"] for section in sections]
    assert [firing["schedule"] for firing in flow["firings"]] == ["often"]
