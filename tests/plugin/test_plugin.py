"""The plugin as a test suite meets it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

TEST_FILE = """
import boto3
import pytest

ORDER = {"Source": "shop", "DetailType": "order", "Detail": '{"state": "NEW"}'}


def put(**more):
    return boto3.client("events").put_events(Entries=[ORDER | more])


def rule(name="ship", state="PAID", **more):
    boto3.client("events").put_rule(Name=name, EventPattern='{"detail": {"state": ["%s"]}}' % state, **more)

"""


@pytest.fixture
def run(pytester):
    """Run a test file in a pytest of its own."""

    def run(source, *arguments, **files):
        for name, text in files.items():
            pytester.makefile(f".{name}", pytest=text)
        pytester.makepyfile(TEST_FILE + source)
        return pytester.runpytest_inprocess(
            "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function", *arguments
        )

    return run


def section_of(result, region="us-east-1"):
    """The report section of the one failing test, with the times masked."""
    text = result.stdout.str()
    found = re.search(rf"-+ eventmock \({region}\) -+\n(.*?)\n(?:=|-----|_____)", text, re.DOTALL)
    assert found, text
    return re.sub(r"\d\d:\d\d:\d\d", "12:00:00", found[1])


def test_loading_the_plugin_imports_no_botocore():
    code = (
        "import sys, eventmock.plugin\n"
        "heavy = {'botocore', 'boto3', 'wrapt', 'hypothesis'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


class TestFixture:
    def test_it_gives_the_active_backend(self, run):
        run("""
def test_it(events_backend):
    import eventmock
    assert eventmock.current_backend() is events_backend
    rule()
    ship = events_backend.target("ship")
    put()
    assert ship.deliveries == []
""").assert_outcomes(passed=1)

    def test_each_test_has_its_own(self, run):
        run("""
@pytest.mark.parametrize("number", [1, 2])
def test_it(events_backend, number):
    client = boto3.client("events")
    assert client.list_rules()["Rules"] == []
    rule()
""").assert_outcomes(passed=2)

    def test_it_joins_a_decorated_class(self, run):
        run("""
import eventmock

@eventmock.mock_events
class TestIt:
    @classmethod
    def setup_class(cls):
        rule("of-the-class")

    def test_it(self, events_backend):
        assert [r["Name"] for r in boto3.client("events").list_rules()["Rules"]] == ["of-the-class"]
""").assert_outcomes(passed=1)


class TestMarker:
    def test_alone_it_mocks_before_other_fixtures(self, run):
        run("""
@pytest.fixture
def client():
    return boto3.client("events")

@pytest.mark.eventmock(region="eu-west-1")
def test_it(client):
    assert ":eu-west-1:" in client.describe_event_bus()["Arn"]
""").assert_outcomes(passed=1)

    def test_function_over_class_over_module(self, run):
        run("""
pytestmark = pytest.mark.eventmock(region="eu-west-1", account="111111111111", seed=1)

@pytest.mark.eventmock(region="eu-west-2", account="222222222222")
class TestIt:
    @pytest.mark.eventmock(region="eu-west-3")
    def test_it(self, events_backend):
        assert events_backend.options.said() == {"region": "eu-west-3", "account": "222222222222", "seed": 1}
""").assert_outcomes(passed=1)

    def test_a_wrong_option_is_one_clear_line(self, run):
        result = run("""
@pytest.mark.eventmock(regoin="eu-west-1")
def test_it():
    pass
""")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["@pytest.mark.eventmock has no option 'regoin'; did you mean 'region'?"])
        assert "Traceback" not in result.stdout.str()

    def test_an_option_by_position_is_refused(self, run):
        result = run("""
@pytest.mark.eventmock("eu-west-1")
def test_it():
    pass
""")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["@pytest.mark.eventmock('eu-west-1',): options are given by name*"])

    def test_a_marker_on_one_parameter_mocks_that_one(self, run):
        run("""
from eventmock.mock import active_backends

@pytest.mark.parametrize("number", [1, pytest.param(2, marks=pytest.mark.eventmock(region="eu-west-1"))])
def test_it(number):
    assert len(active_backends()) == number - 1
""").assert_outcomes(passed=2)


class TestIni:
    INI = "[pytest]\neventmock_region = eu-west-1\neventmock_account = 111122223333\neventmock_seed = -3\n"

    def test_options_are_taken_and_shown_in_the_header(self, run):
        result = run(
            """
def test_it(events_backend):
    assert events_backend.options.said() == {"region": "eu-west-1", "account": "111122223333", "seed": -3}
""",
            ini=self.INI,
        )
        result.assert_outcomes(passed=1)
        result.stdout.fnmatch_lines(["eventmock: region='eu-west-1', account='111122223333', seed=-3"])

    def test_the_marker_is_over_the_ini_file(self, run):
        run(
            """
@pytest.mark.eventmock(region="us-west-2")
def test_it(events_backend):
    assert events_backend.default_region == "us-west-2"
""",
            ini=self.INI,
        ).assert_outcomes(passed=1)

    def test_every_option_has_an_ini_option(self, run):
        run(
            """
from datetime import UTC, datetime

def test_it(events_backend):
    assert events_backend.options.said() == {
        "start_time": datetime(2026, 1, 1, tzinfo=UTC), "strict": True, "passthrough": ("localhost", "*.internal"),
    }
""",
            ini="[pytest]\neventmock_start_time = 2026-01-01\neventmock_strict = true\n"
            "eventmock_passthrough =\n  localhost\n  *.internal\n",
        ).assert_outcomes(passed=1)

    def test_a_wrong_one_is_one_clear_line(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_region = moon\n")
        result.stderr.fnmatch_lines(
            ["ERROR: ini file, eventmock_[*]: region='moon': wanted a region such as 'us-east-1'"]
        )

    def test_without_options_there_is_no_header(self, run):
        assert "eventmock:" not in run("def test_it(): pass").stdout.str()


class TestReport:
    def test_a_rule_that_did_not_match_is_explained(self, run):
        result = run("""
def test_it(events_backend):
    rule()
    ship = events_backend.target("ship")
    put()
    assert len(ship.deliveries) == 1
""")
        assert section_of(result) == (
            '12:00:00  PutEvents  order from shop on "default"   1 rule\n'
            '            ship  no match   detail.state held "NEW", wanted one of ["PAID"]\n'
            "            nothing was delivered; PutEvents still reported success, as AWS does"
        )

    def test_every_kind_of_outcome_is_told(self, run):
        result = run("""
def fail(event):
    raise ValueError("no stock")

def test_it(events_backend):
    client = boto3.client("events")
    rule("ship", "NEW")
    events_backend.target("ship", fail)
    rule("log", "NEW")
    client.put_targets(Rule="log", Targets=[{"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:log"}])
    rule("bare", "NEW")
    rule("off", "NEW")
    client.disable_rule(Name="off")
    rule("transformed", "NEW")
    client.put_targets(Rule="transformed", Targets=[{"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:t",
        "InputTransformer": {"InputPathsMap": {"d": "$.detail"}, "InputTemplate": '{"x": "<d>"}'}}])
    put()
    put(EventBusName="nope")
    put(Detail="NEW")
    try:
        boto3.client("sqs").list_queues()
    finally:
        assert False
""")
        section = section_of(result)
        assert section.split("\n")[:2] == [
            '12:00:00  PutEvents  order from shop on "default"   5 rules',
            "            bare         match      but the rule has no targets",
        ]
        assert "            log          match      -> sqs log   delivered" in section
        assert (
            "            ship         match      -> lambda function:ship-function-1   "
            "pending after 1 attempt: ValueError: no stock, next " in section
        )
        assert "            transformed  match      -> sqs t   dropped: INVALID_JSON: " in section
        assert "            off          no match   the rule is DISABLED" in section
        assert section.split("\n")[6:] == [
            '12:00:00  PutEvents  order from shop on "nope"',
            "            dropped: there is no event bus 'nope' in 123456789012, us-east-1; there are default",
            "            PutEvents still reported success, as AWS does",
            '12:00:00  PutEvents  order from shop on "default"',
            "            refused: MalformedDetail: Detail is malformed.",
            "            refused to let out POST https://sqs.us-east-1.amazonaws.com/ (service 'sqs')",
        ]

    def test_a_mock_that_the_test_made_itself_is_reported_on(self, run):
        result = run("""
from eventmock import mock_events

@mock_events(region="eu-west-1")
def test_it():
    put(EventBusName="nope")
    assert False
""")
        assert "there is no event bus 'nope' in 123456789012, eu-west-1" in section_of(result, "eu-west-1")

    def test_a_failing_set_up_is_reported_on(self, run):
        result = run("""
@pytest.fixture
def broken(events_backend):
    put(EventBusName="nope")
    assert False

def test_it(broken):
    pass
""")
        assert "there is no event bus 'nope'" in section_of(result)

    def test_a_passing_test_has_no_section(self, run):
        result = run("def test_it(events_backend): put()", "-rA")
        result.assert_outcomes(passed=1)
        assert "PutEvents" not in result.stdout.str()

    def test_a_failing_test_without_a_backend_has_no_section(self, run):
        assert "- eventmock (" not in run("def test_it(): assert False").stdout.str()

    def test_it_is_at_most_forty_lines(self, run):
        result = run("""
def test_it(events_backend):
    for _ in range(50):
        put()
    assert False
""")
        lines = section_of(result).split("\n")
        assert len(lines) == 40
        assert lines[0] == "... 61 earlier lines: print(events_backend.report())"

    def test_with_xdist_it_comes_from_the_worker(self, run):
        pytest.importorskip("xdist")
        result = run(
            """
def test_it(events_backend):
    put(EventBusName="nope")
    assert False
""",
            "-n1",
        )
        result.assert_outcomes(failed=1)
        assert "there is no event bus 'nope'" in section_of(result)


class TestStrict:
    def test_each_test_of_a_class_is_checked(self, run):
        result = run("""
from eventmock import mock_events

@mock_events(strict=True)
class TestIt:
    def test_a(self):
        put()

    def test_b(self):
        pass

    def test_c(self):
        put()
        assert False
""")
        result.assert_outcomes(passed=2, failed=1, errors=1)
        assert "nothing was delivered" in section_of(result)
        result.stdout.fnmatch_lines(["ERROR *::TestIt::test_a - eventmock*"])

    def test_its_error_has_a_section(self, run):
        result = run("""
@pytest.mark.eventmock(strict=True)
def test_it():
    put()
""")
        assert "nothing was delivered" in section_of(result)

    def test_what_went_unsaid_fails_the_test(self, run):
        result = run("""
@pytest.mark.eventmock(strict=True)
def test_it():
    put()
""")
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(
            ["*order from shop on 'default': matched none of the 0 rules on 'default'*"]
        )

    def test_a_test_that_failed_is_not_failed_twice(self, run):
        run("""
@pytest.mark.eventmock(strict=True)
def test_it():
    put()
    assert False
""").assert_outcomes(failed=1)


def test_an_async_fixture_keeps_the_mock(run):
    pytest.importorskip("pytest_asyncio")
    run("""
import pytest_asyncio
from eventmock import mock_events

@pytest_asyncio.fixture
@mock_events
async def client():
    yield boto3.client("events")

@pytest.mark.asyncio
async def test_it(client):
    assert client.list_rules()["Rules"] == []
""").assert_outcomes(passed=1)


def test_unittest_cases_are_mocked_and_reported_on(run):
    result = run("""
import unittest
from eventmock import mock_events

@mock_events
class CaseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        rule("of-the-class")

    def test_it(self):
        rule("of-the-test")
        self.assertEqual(len(boto3.client("events").list_rules()["Rules"]), 2)

    def test_more(self):
        self.assertEqual(len(boto3.client("events").list_rules()["Rules"]), 1)
        put()
        self.fail()
""")
    result.assert_outcomes(passed=1, failed=1)
    assert 'of-the-class  no match   detail.state held "NEW", wanted one of ["PAID"]' in section_of(result)


def test_a_strict_unittest_case_that_failed_is_not_failed_twice(run):
    result = run("""
import unittest
from eventmock import mock_events

@mock_events(strict=True)
class CaseTest(unittest.TestCase):
    def test_a(self):
        put()

    def test_b(self):
        put()
        self.fail("by itself")
""")
    result.assert_outcomes(failed=2)
    assert (
        len(re.findall(r"^E +eventmock\.exceptions\.StrictFailure", result.stdout.str(), re.MULTILINE)) == 1
    )


def test_without_pytest_unittest_is_mocked(tmp_path):
    (tmp_path / "test_it.py").write_text("""
import sys, unittest, boto3
from eventmock import mock_events

@mock_events
class CaseTest(unittest.TestCase):
    def test_it(self):
        self.assertEqual(boto3.client("events").list_rules()["Rules"], [])
        self.assertNotIn("pytest", sys.modules)
""")
    run = subprocess.run(
        [sys.executable, "-m", "unittest", "test_it"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
