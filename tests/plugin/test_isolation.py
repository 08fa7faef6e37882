"""What a test leaves behind."""

from __future__ import annotations

import re

import pytest


class TestStrict:
    def test_each_test_of_a_class_is_checked(self, run, section_of):
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

    def test_its_error_has_a_section(self, run, section_of):
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
            ["*order from shop on 'default': matched nothing: there are no rules on 'default'*"]
        )

    def test_a_test_that_failed_is_not_failed_twice(self, run):
        run("""
@pytest.mark.eventmock(strict=True)
def test_it():
    put()
    assert False
""").assert_outcomes(failed=1)


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


class TestForgottenMocks:
    def test_the_test_that_started_it_fails_and_the_next_is_not_answered_by_it(self, run):
        result = run("""
from eventmock import mock_events
from eventmock.mock.active_mocks import active_backends

def test_a():
    mock_events().start()

def test_b():
    assert active_backends() == []
""")
        result.assert_outcomes(passed=2, errors=1)
        result.stdout.re_match_lines(
            [
                r"this test started a mock and never stopped it, at .*/test_\w+\.py:19\.",
                r"eventmock has stopped it now: it would have answered the tests that come after\.",
                r"Use the fixture events_backend, `with mock_events\(\):`, or stop it in the tear-down\.",
            ]
        )

    def test_a_test_that_failed_already_is_not_failed_twice(self, run):
        run("""
from eventmock import mock_events
from eventmock.mock.active_mocks import active_backends

def test_a():
    mock_events().start()
    assert False

def test_b():
    assert active_backends() == []
""").assert_outcomes(failed=1, passed=1)

    def test_a_mock_that_the_tear_down_stops_is_none(self, run):
        run("""
import unittest
from eventmock import mock_events

class Test:
    def setup_method(self):
        self.mock = mock_events()
        self.mock.start()

    def teardown_method(self):
        self.mock.stop()

    def test_it(self):
        put()

class CaseTest(unittest.TestCase):
    def setUp(self):
        mock = mock_events()
        mock.start()
        self.addCleanup(mock.stop)

    def test_it(self):
        put()
""").assert_outcomes(passed=2)

    def test_mocks_of_wider_fixtures_are_none(self, run):
        run("""
import unittest
from eventmock import mock_events

@pytest.fixture(scope="module")
@mock_events
def wide():
    rule("of-the-module")
    yield

def setup_module(module):
    module.mock = mock_events()
    module.mock.start()

def teardown_module(module):
    module.mock.stop()

class CaseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mock = mock_events()
        cls.mock.start()

    @classmethod
    def tearDownClass(cls):
        cls.mock.stop()

    def test_it(self):
        put()

    def test_more(self):
        put()

def test_it(request):
    request.getfixturevalue("wide")

def test_after_it(wide):
    assert [one["Name"] for one in boto3.client("events").list_rules()["Rules"]] == ["of-the-module"]
""").assert_outcomes(passed=4)

    def test_it_is_stopped_also_where_the_tear_down_fails(self, run):
        run("""
from eventmock import mock_events
from eventmock.mock.active_mocks import active_backends

@pytest.fixture
def broken():
    mock = mock_events()
    mock.start()
    yield
    1 / 0
    mock.stop()

def test_a(broken):
    pass

def test_b():
    assert active_backends() == []
""").assert_outcomes(passed=2, errors=1)

    def test_a_wider_fixture_that_breaks_off_leaves_none(self, run):
        run("""
from eventmock import mock_events
from eventmock.mock.active_mocks import active_backends

@pytest.fixture(scope="module")
def broken():
    mock_events().start()
    1 / 0

def test_a(broken):
    pass

def test_b():
    assert active_backends() == []
""").assert_outcomes(passed=1, errors=1)

    def test_a_wider_fixture_that_never_stops_its_own_is_named(self, run):
        result = run("""
from eventmock import mock_events
from eventmock.mock.active_mocks import active_backends

@pytest.fixture(scope="class")
def wide():
    mock_events().start()

class TestA:
    def test_a(self, wide):
        pass

def test_b():
    assert active_backends() == []
""")
        result.assert_outcomes(passed=2, errors=1)
        result.stdout.re_match_lines(
            [r"the fixture wide started a mock and never stopped it, at .*/test_\w+\.py:20\."]
        )

    def test_the_place_is_that_of_the_tester(self, run):
        result = run("""
from contextlib import ExitStack
from eventmock import mock_events

def test_a():
    ExitStack().enter_context(mock_events())
""")
        result.stdout.re_match_lines([r"this test started .*, at .*/test_\w+\.py:19\."])


class TestCheckOnlyOfWhatPassed:
    @pytest.mark.parametrize(
        ("test", "outcome"),
        [
            ("def test_it(): put(); pytest.skip()", {"skipped": 1}),
            ("@pytest.mark.xfail\ndef test_it(): put(); assert False", {"xfailed": 1}),
            ("def test_it(request): put(); request.getfixturevalue('nope')", {"failed": 1}),
        ],
    )
    def test_functions(self, run, test, outcome):
        run(f"pytestmark = pytest.mark.eventmock(strict=True)\n{test}\n").assert_outcomes(**outcome)

    def test_cases(self, run):
        run("""
import unittest
from eventmock import mock_events

@mock_events(strict=True)
class CaseTest(unittest.TestCase):
    @unittest.expectedFailure
    def test_a(self):
        put()
        self.fail()

    def test_b(self):
        put()
        self.skipTest("enough")
""").assert_outcomes(xfailed=1, skipped=1)

    def test_only_what_came_since_the_test_began_counts(self, run):
        run(
            """
@pytest.fixture(scope="session")
def infrastructure(eventmock_session_backend):
    put()

def test_a(infrastructure):
    pass
""",
            ini="[pytest]\neventmock_strict = true\n",
        ).assert_outcomes(passed=1)

    def test_a_copy_that_the_other_bus_has_no_use_for_is_no_fault(self, run):
        run("""
@pytest.mark.eventmock(strict=True)
def test_it(events_backend, events_client):
    bus = events_client.create_event_bus(Name="audit")["EventBusArn"]
    rule("expensive", "DEAR", EventBusName="audit")
    rule("to-audit", "NEW")
    role = "arn:aws:iam::123456789012:role/r"
    events_client.put_targets(Rule="to-audit", Targets=[{"Id": "bus", "Arn": bus, "RoleArn": role}])
    put()
    assert [event.bus for event in events_backend.events] == ["default", "audit"]
""").assert_outcomes(passed=1)


def test_a_failing_strict_test_shows_the_reason_and_none_of_our_lines(run):
    result = run("""
@pytest.mark.eventmock(strict=True)
def test_it():
    put()
""")
    text = result.stdout.str()
    assert "eventmock/mock/mock_events.py" not in text
    assert "_stop" not in text


@pytest.fixture
def run_apart(pytester):
    """Run a test file in a process of its own."""

    def run_apart(source):
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess(
            "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function"
        )

    return run_apart


def test_no_backend_outlives_its_test(run_apart):
    run_apart("""
import gc
import weakref

seen = []

def test_a(events_backend):
    seen.append(weakref.ref(events_backend))

def test_b():
    gc.collect()
    assert [one() for one in seen] == [None]
""").assert_outcomes(passed=2)


def test_a_test_that_is_interrupted_is_not_checked(run_apart):
    result = run_apart("""
import boto3
import pytest

pytestmark = pytest.mark.eventmock(strict=True)

def put():
    boto3.client("events").put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}])

def test_a():
    put()
    assert False

def test_b():
    put()
    raise KeyboardInterrupt
""")
    assert "StrictFailure" not in result.stdout.str() + result.stderr.str()
    result.stdout.fnmatch_lines(["*1 failed in *"])
