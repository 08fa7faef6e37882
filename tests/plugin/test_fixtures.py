"""The fixtures, as a test suite meets them."""

from __future__ import annotations

import pytest


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

    def test_it_comes_before_other_fixtures_of_the_test_and_after_wider_ones(self, run):
        run("""
from eventmock import mock_events

@pytest.fixture(scope="module")
@mock_events
def of_the_module():
    rule("of-the-module")
    yield

@pytest.fixture
def of_the_test():
    rule("of-the-test")

@pytest.mark.parametrize("number", [1, 2])
def test_it(of_the_test, of_the_module, number, events_client):
    names = [one["Name"] for one in events_client.list_rules()["Rules"]]
    assert names == ["of-the-module", "of-the-test"]
""").assert_outcomes(passed=2)

    def test_a_wider_fixture_that_makes_something_in_it_is_told_that_it_would_be_lost(self, run):
        result = run("""
@pytest.fixture(scope="module")
def deployed():
    rule("of-the-module")

@pytest.mark.eventmock
@pytest.mark.parametrize("number", [1, 2])
def test_it(deployed, number):
    pass
""")
        result.assert_outcomes(errors=2)
        result.stdout.fnmatch_lines(
            [
                "the fixture deployed (module scope) called EventBridge inside the mock of one test, "
                "which takes along what it made when it ends.",
                "Let it have eventmock_session_backend, or decorate it by @mock_events; or give it function scope.",
            ]
        )

    def test_a_wider_fixture_with_a_mock_of_its_own_lets_it_last(self, run):
        run("""
from eventmock import mock_events

@pytest.fixture(scope="module")
@mock_events
def deployed():
    rule("of-the-module")
    yield

@pytest.mark.eventmock
@pytest.mark.parametrize("number", [1, 2])
def test_it(deployed, number):
    assert [one["Name"] for one in boto3.client("events").list_rules()["Rules"]] == ["of-the-module"]
""").assert_outcomes(passed=2)

    def test_a_wider_fixture_may_make_a_client_in_it(self, run):
        run("""
@pytest.fixture(scope="module")
def client():
    return boto3.client("events")

@pytest.mark.eventmock
@pytest.mark.parametrize("number", [1, 2])
def test_it(client, number):
    assert client.list_rules()["Rules"] == []
""").assert_outcomes(passed=2)

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


class TestClient:
    def test_it_is_a_client_of_the_backend(self, run):
        run("""
@pytest.mark.eventmock(region="eu-west-1", account="111122223333")
def test_it(events_client, events_backend):
    arn = events_client.describe_event_bus()["Arn"]
    assert arn == "arn:aws:events:eu-west-1:111122223333:event-bus/default"
    rule()
    assert [one["Name"] for one in events_client.list_rules()["Rules"]] == ["ship"]
""").assert_outcomes(passed=1)


class TestSessionBackend:
    SET_UP = """
def rules():
    return [one["Name"] for one in boto3.client("events").list_rules()["Rules"]]

@pytest.fixture(scope="session")
def infrastructure(eventmock_session_backend):
    rule("of-the-session")
    return eventmock_session_backend
"""

    def test_what_wide_fixtures_make_stays_and_what_a_test_makes_is_undone(self, run):
        run(
            self.SET_UP
            + """
@pytest.fixture(scope="module", autouse=True)
def of_the_module(infrastructure):
    rule("of-the-module")

@pytest.fixture
def of_the_test():
    rule("of-the-test")

@pytest.mark.parametrize("number", [1, 2])
def test_it(infrastructure, of_the_test, number):
    assert rules() == ["of-the-module", "of-the-session", "of-the-test"]
    put()
    assert [len(infrastructure.events), infrastructure.events[0].unmatched[0].rule_name] == [1, "of-the-module"]

def test_without_any_fixture_of_its_own():
    assert rules() == ["of-the-module", "of-the-session"]
    rule("of-the-call")

def test_after_it():
    assert rules() == ["of-the-module", "of-the-session"]
"""
        ).assert_outcomes(passed=4)

    def test_the_clock_comes_back(self, run):
        run(
            self.SET_UP
            + """
@pytest.mark.parametrize("number", [1, 2])
def test_it(infrastructure, number):
    before = infrastructure.clock.now()
    infrastructure.clock.advance(days=400)
    assert before.year < 2027, "the days of the other test"
"""
        ).assert_outcomes(passed=2)

    def test_a_marker_moves_its_clock_for_one_test_back_and_forth(self, run):
        run(
            self.SET_UP
            + """
from datetime import UTC, datetime

@pytest.mark.eventmock(start_time="2020-01-01T12:00:00Z")
def test_a(infrastructure):
    assert infrastructure.clock.now() == infrastructure.clock.now() == datetime(2020, 1, 1, 12, tzinfo=UTC)
    infrastructure.clock.advance(hours=1)
    put()
    assert infrastructure.events[0].time == datetime(2020, 1, 1, 13, tzinfo=UTC)

@pytest.mark.eventmock(start_time="2120-01-01")
def test_b(infrastructure, events_backend):
    assert events_backend is infrastructure
    assert infrastructure.clock.now() == datetime(2120, 1, 1, tzinfo=UTC)

def test_c(infrastructure):
    assert abs((infrastructure.clock.now() - datetime.now(UTC)).total_seconds()) < 60
    assert rules() == ["of-the-session"]
"""
        ).assert_outcomes(passed=3)

    def test_what_falls_due_on_the_way_is_done(self, run):
        run(
            self.SET_UP
            + """
@pytest.fixture(scope="module")
def daily(infrastructure):
    infrastructure.client().put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    infrastructure.target("daily")

@pytest.mark.eventmock(start_time="2026-01-03T00:00:00Z")
def test_a(infrastructure, daily):
    assert [event.time.day for event in infrastructure.events] == [2, 3]

def test_b(infrastructure, daily):
    assert list(infrastructure.events) == []
""",
            ini="[pytest]\neventmock_start_time = 2026-01-01\n",
        ).assert_outcomes(passed=2)

    def test_its_clock_does_not_go_back_before_work_that_waits(self, run):
        result = run(
            self.SET_UP
            + """
@pytest.fixture(scope="module")
def daily(infrastructure):
    infrastructure.client().put_rule(Name="daily", ScheduleExpression="rate(1 day)")

@pytest.mark.eventmock(start_time="2025-01-01")
def test_a(infrastructure, daily):
    pass

def test_b(infrastructure, daily):
    assert infrastructure.clock.now().year == 2026
""",
            ini="[pytest]\neventmock_start_time = 2026-01-01\n",
        )
        result.assert_outcomes(errors=1, passed=1)
        result.stdout.fnmatch_lines(
            [
                "@pytest.mark.eventmock(start_time=...) of a test with eventmock_session_backend: the clock cannot go "
                "back from 2026-01-01 00:00:00 to 2025-01-01 00:00:00, because work waits for its moment: 2026-01-02 "
                "00:00:00 rule 'daily' of 123456789012, us-east-1 fires: rate(1 day).",
                "Set eventmock_start_time in the ini file to an earlier moment, or give the test a backend of its own: "
                "isolated=True.",
            ]
        )
        assert "Traceback" not in result.stdout.str()

    def test_the_fixture_of_a_test_joins_it(self, run):
        run(
            self.SET_UP
            + """
def test_it(infrastructure, events_backend, events_client):
    assert events_backend is infrastructure
    assert rules() == ["of-the-session"]
"""
        ).assert_outcomes(passed=1)

    def test_who_does_not_ask_for_it_has_an_own_backend(self, run):
        run(
            self.SET_UP
            + """
def test_a(infrastructure):
    pass

def test_b(events_client):
    assert rules() == []

@pytest.mark.eventmock(region="eu-west-1", strict=True)
def test_c():
    assert (boto3.client("events").meta.region_name, rules()) == ("eu-west-1", [])
"""
        ).assert_outcomes(passed=3)

    def test_a_marked_test_does_not_give_it_options(self, run):
        result = run(
            self.SET_UP
            + """
@pytest.mark.eventmock(region="eu-west-1")
def test_a(infrastructure):
    pass

@pytest.mark.eventmock(region="eu-west-1", isolated=True)
def test_b(infrastructure, events_backend):
    assert (events_backend.default_region, infrastructure.default_region) == ("eu-west-1", "us-east-1")

def test_c(infrastructure):
    assert infrastructure.default_region == "us-east-1"
"""
        )
        result.assert_outcomes(passed=2, errors=1)
        result.stdout.re_match_lines(
            [
                r"mock_events\(region='eu-west-1'\) at \S+\.py:\d+ \(by the fixture events_backend\) is inside a mock "
                r"with region='us-east-1', started at \S+\.py:\d+ \(by the fixture eventmock_session_backend\), and .*"
            ]
        )

    def test_inside_another_mock_it_is_refused(self, run):
        result = run("""
def test_it(request, events_backend):
    request.getfixturevalue("eventmock_session_backend")
""")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [
                "*eventmock_session_backend is asked for inside another mock, which was started at *.",
                "*It outlives all others: let the test have it as an argument, and not by getfixturevalue.",
            ]
        )

    def test_what_a_test_does_after_it_asked_by_name_is_undone(self, run):
        run(
            self.SET_UP
            + """
def test_a(request):
    request.getfixturevalue("eventmock_session_backend")
    rule("x")

def test_b(infrastructure):
    assert rules() == ["of-the-session"]
"""
        ).assert_outcomes(passed=2)

    def test_undone_is_what_the_test_did_and_not_what_wider_fixtures_tear_down(self, run):
        run(
            self.SET_UP
            + """
@pytest.fixture(scope="class")
def bus(eventmock_session_backend):
    boto3.client("events").create_event_bus(Name="orders")
    yield
    boto3.client("events").delete_event_bus(Name="orders")

class TestA:
    def test_it(self, bus):
        pass

class TestB:
    def test_it(self, bus):
        pass
"""
        ).assert_outcomes(passed=2)

    def test_its_options_come_from_the_ini_file(self, run):
        run(
            "def test_it(eventmock_session_backend):\n"
            "    assert eventmock_session_backend.default_region == 'eu-west-1'",
            ini="[pytest]\neventmock_region = eu-west-1\n",
        ).assert_outcomes(passed=1)

    def test_a_test_that_does_not_ask_for_it_is_checked_by_itself(self, run):
        result = run(
            self.SET_UP
            + """
def test_a(infrastructure):
    pass

def test_b():
    put()

def test_c():
    pass
""",
            ini="[pytest]\neventmock_strict = true\n",
        )
        result.assert_outcomes(passed=3, errors=1)
        result.stdout.fnmatch_lines(["E *StrictFailure: strict=True, and", "ERROR *::test_b - *"])

    def test_a_failing_test_tells_what_happened_in_it(self, run, section_of):
        result = run(
            self.SET_UP
            + """
def test_it(infrastructure):
    put()
    assert False
"""
        )
        assert 'of-the-session  no match   detail.state held "NEW"' in section_of(result)

    def test_it_ends_with_the_session(self, run):
        from eventmock.mock.active_mocks import activations

        before = activations()
        run(self.SET_UP + "def test_it(infrastructure): pass").assert_outcomes(passed=1)
        assert activations() == before
