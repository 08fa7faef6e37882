"""Ini options, flags and the marker, as a test suite meets them."""

from __future__ import annotations

import subprocess
import sys


def test_loading_the_plugin_imports_no_botocore():
    code = (
        "import sys\n"
        "from eventmock.plugin import fixtures, isolation, run_report, sections, settings\n"
        "heavy = {'botocore', 'boto3', 'wrapt', 'hypothesis'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


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
        assert events_backend.options.given() == {"region": "eu-west-3", "account": "222222222222", "seed": 1}
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

    def test_it_mocks_before_other_fixtures_also_where_the_test_has_the_fixture(self, run):
        run("""
@pytest.fixture
def deployed():
    rule("deployed")

@pytest.mark.eventmock
def test_it(deployed, events_client):
    assert [one["Name"] for one in events_client.list_rules()["Rules"]] == ["deployed"]
""").assert_outcomes(passed=1)

    def test_a_marker_on_one_parameter_mocks_that_one(self, run):
        run("""
from eventmock.mock.active_mocks import active_backends

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
    assert events_backend.options.given() == {"region": "eu-west-1", "account": "111122223333", "seed": -3}
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
    assert events_backend.options.given() == {
        "start_time": datetime(2026, 1, 1, tzinfo=UTC), "strict": True, "passthrough": ("localhost", "*.internal"),
        "require_awscrt": True, "patched_send": True,
    }
""",
            ini="[pytest]\neventmock_start_time = 2026-01-01\neventmock_strict = true\n"
            "eventmock_passthrough =\n  localhost\n  *.internal\n"
            "eventmock_require_awscrt = true\neventmock_patched_send = true\n",
        ).assert_outcomes(passed=1)

    def test_a_wrong_one_is_one_clear_line(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_region = moon\n")
        result.stderr.fnmatch_lines(
            ["ERROR: ini file, eventmock_[*]: region='moon': wanted a region such as 'us-east-1'"]
        )

    def test_without_options_there_is_no_header(self, run):
        assert "eventmock:" not in run("def test_it(): pass").stdout.str()

    def test_a_seed_is_a_whole_number(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_seed = --1\n")
        result.stderr.fnmatch_lines(["ERROR: ini file, eventmock_[*]: seed='--1': wanted a whole number"])

    def test_a_start_time_is_shown_as_it_is_written(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_start_time = 2026-01-01\n")
        result.stdout.fnmatch_lines(["eventmock: start_time='2026-01-01T00:00:00+00:00'"])
