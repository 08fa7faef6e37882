"""Ini options, flags and the marker, as a test suite meets them."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from eventmock import mock_events


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
        text = result.stdout.str()
        assert "Traceback" not in text
        assert text.count("\n@pytest.mark.eventmock has no option") == 1
        assert "another exception occurred" not in text

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
        "service_events": {"cloudtrail"}, "target_permissions": "warn", "require_awscrt": True, "patched_send": True,
    }
""",
            ini="[pytest]\neventmock_start_time = 2026-01-01\neventmock_strict = true\n"
            "eventmock_passthrough =\n  localhost\n  *.internal\n"
            "eventmock_service_events = cloudtrail\neventmock_target_permissions = warn\n"
            "eventmock_require_awscrt = true\neventmock_patched_send = true\n",
        ).assert_outcomes(passed=1)

    @pytest.mark.parametrize(
        ("said", "parts"),
        [
            ("dropped nobody", {"dropped", "nobody"}),
            ("handlers, awscrt", {"handlers", "awscrt"}),
            ("yes", True),
            ("1", True),
            ("false", False),
        ],
    )
    def test_strict_takes_parts(self, run, said, parts):
        run(
            f"""
def test_it(events_backend):
    assert events_backend.options.strict == {parts!r}
""",
            ini=f"[pytest]\neventmock_strict = {said}\n",
        ).assert_outcomes(passed=1)

    def test_parts_are_shown_in_the_header_in_their_order(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_strict = nobody dropped\n")
        result.stdout.fnmatch_lines(["eventmock: strict={'dropped', 'nobody'}"])

    @pytest.mark.parametrize(
        ("said", "names"),
        [("s3 cloudtrail", {"s3", "cloudtrail"}), ("s3, cloudtrail", {"s3", "cloudtrail"}), ("", set())],
    )
    def test_service_events_takes_names(self, run, said, names):
        run(
            f"""
def test_it(events_backend):
    assert events_backend.options.service_events == {names!r}

@pytest.mark.eventmock(service_events={{"cloudtrail"}})
def test_the_mark(events_backend):
    assert events_backend.options.service_events == {{"cloudtrail"}}
""",
            ini=f"[pytest]\neventmock_service_events = {said}\n",
        ).assert_outcomes(passed=2)

    def test_schemas_are_a_folder_beside_the_ini_file(self, run, pytester, monkeypatch):
        pytester.makefile(
            ".json", **{"contracts/shop@order": '{"properties": {"state": {"type": "number"}}}'}
        )
        result = run(
            """
def test_it(events_backend):
    put()

@pytest.mark.eventmock(schemas={})
def test_the_mark(events_backend):
    put()
""",
            "-o",
            "eventmock_strict=false",
            ini="[pytest]\neventmock_schemas = contracts\n",
        )
        result.assert_outcomes(passed=2, errors=1)
        result.stdout.fnmatch_lines(
            [
                "E   *ContractFailure: 1 event is not valid by the schema; PutEvents succeeds, as on AWS",
                '*not valid by contracts/shop@order.json: detail.state held "NEW", wanted a number',
            ]
        )

    def test_schemas_may_be_empty(self, run):
        run("def test_it(events_backend): put()", ini="[pytest]\neventmock_schemas =\n").assert_outcomes(
            passed=1
        )

    def test_a_folder_of_schemas_that_does_not_exist_is_one_clear_line(self, run, pytester):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_schemas = nope\n")
        folder = pytester.path / "nope"
        result.stderr.fnmatch_lines(
            [f"ERROR: ini file, *: schemas='{folder}': there is no such folder; the *"]
        )

    def test_a_folder_with_a_wrong_schema_is_one_clear_line_for_each_test(self, run, pytester):
        pytester.makefile(".json", **{"contracts/shop@order": '{"type": "thing"}'})
        result = run("def test_it(events_backend): pass", ini="[pytest]\neventmock_schemas = contracts\n")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["contracts/shop@order.json: it is not valid JSON Schema: *"])

    def test_a_part_that_does_not_exist_is_one_clear_line(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_strict = dropped nobdy\n")
        result.stderr.fnmatch_lines(
            [
                "ERROR: ini file, eventmock_[*]: strict=[[]'dropped', 'nobdy'[]]: 'nobdy': did you mean 'nobody'?"
            ]
        )

    def test_a_wrong_one_is_one_clear_line(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_region = moon\n")
        result.stderr.fnmatch_lines(
            ["ERROR: ini file, eventmock_[*]: region='moon': wanted a region such as 'us-east-1'"]
        )

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("gaurd", "did you mean 'guard'?"),
            ("Strict", "did you mean 'strict'?"),
            ("isolated", "there are region, account, start_time, *"),
        ],
    )
    def test_an_option_that_does_not_exist_is_one_clear_line(self, run, name, hint):
        line = f"ERROR: ini file: there is no option eventmock_{name}: {hint}"
        result = run("def test_it(): pass", ini=f"[pytest]\neventmock_{name} = true\n")
        result.stderr.fnmatch_lines([line])
        run("def test_it(): pass", "-o", f"eventmock_{name}=true").stderr.fnmatch_lines([line])

    def test_options_of_others_are_left_to_pytest(self, run):
        result = run("def test_it(): pass", "-W", "ignore", ini="[pytest]\neventmocks_guard = true\n")
        result.assert_outcomes(passed=1)

    def test_without_options_there_is_no_header(self, run):
        assert "eventmock:" not in run("def test_it(): pass").stdout.str()

    def test_a_seed_is_a_whole_number(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_seed = --1\n")
        result.stderr.fnmatch_lines(["ERROR: ini file, eventmock_[*]: seed='--1': wanted a whole number"])

    def test_a_start_time_is_shown_as_it_is_written(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_start_time = 2026-01-01\n")
        result.stdout.fnmatch_lines(["eventmock: start_time='2026-01-01T00:00:00+00:00'"])


class TestIniOfEveryMock:
    """The ini options are the defaults of all mocks that start while pytest runs."""

    INI = "[pytest]\neventmock_region = eu-west-1\neventmock_strict = unmatched\n"

    def test_decorators_classes_and_context_managers_have_them(self, run):
        run(
            """
import unittest
from eventmock import current_backend, mock_events

def is_of_the_ini(backend):
    return backend.options.given() == {"region": "eu-west-1", "strict": {"unmatched"}}

@mock_events
def decorated():
    return current_backend()

started = mock_events()

def test_it():
    assert is_of_the_ini(decorated())
    with mock_events() as backend:
        assert is_of_the_ini(backend)
    assert is_of_the_ini(started.start())
    started.stop()

@mock_events
class TestPlain:
    def test_it(self):
        assert is_of_the_ini(current_backend())

@mock_events
class Case(unittest.TestCase):
    def test_it(self):
        self.assertTrue(is_of_the_ini(current_backend()))
""",
            ini=self.INI,
        ).assert_outcomes(passed=3)

    def test_a_mock_that_was_made_before_pytest_has_read_them_takes_them_when_it_starts(self, pytester, run):
        pytester.makeconftest("""
from eventmock import current_backend, mock_events

@mock_events
def region():
    return current_backend().default_region
""")
        run(
            """
import conftest

def test_it():
    assert conftest.region() == "eu-west-1"
""",
            ini=self.INI,
        ).assert_outcomes(passed=1)

    def test_an_explicit_argument_wins(self, run):
        run(
            """
from eventmock import current_backend, mock_events

@mock_events(region="us-west-2", strict=False)
def test_it():
    put()
    assert current_backend().default_region == "us-west-2"

def test_inside(events_backend):
    with mock_events(region="us-west-2", isolated=True, strict=False) as backend:
        assert (backend.default_region, backend.options.strict) == ("us-west-2", False)
""",
            ini=self.INI,
        ).assert_outcomes(passed=2)

    def test_an_option_of_the_ini_is_no_conflict_inside_another_mock(self, run):
        run(
            """
from eventmock import mock_events

@pytest.mark.eventmock(region="us-west-2")
def test_it(events_backend):
    with mock_events() as joined:
        assert joined is events_backend

@mock_events(region="us-west-2")
class TestClass:
    def test_it(self, events_backend):
        assert events_backend.default_region == "us-west-2"
""",
            ini=self.INI,
        ).assert_outcomes(passed=2)

    def test_they_end_with_pytest(self, run):
        run("def test_it(events_backend): pass", ini=self.INI).assert_outcomes(passed=1)
        with mock_events() as backend:
            assert backend.options.given() == {}


class TestConflict:
    """The text of a conflict names lines of the test, not of pytest or another library."""

    @pytest.fixture
    def place_of(self, pytester):
        """A function that returns the place of a line of the test file, as a pattern."""

        def place_of(text):
            [file] = pytester.path.glob("test_*.py")
            return re.escape(f"{file}:{file.read_text(encoding='utf-8').splitlines().index(text) + 1}")

        return place_of

    def test_of_the_mark_and_of_a_decorated_class(self, run, place_of):
        result = run("""
from eventmock import mock_events

@mock_events(region="us-west-2")
class TestClass:
    @pytest.mark.eventmock(region="eu-west-1")
    def test_it(self):
        pass
""")
        result.assert_outcomes(errors=1)
        outer = place_of('    @pytest.mark.eventmock(region="eu-west-1")')
        inner = place_of('@mock_events(region="us-west-2")')
        result.stdout.re_match_lines(
            [
                rf"E .*OptionError: mock_events\(region='us-west-2'\) at {inner} is inside a mock with "
                rf"region='eu-west-1', started at {outer} \(by the fixture events_backend\), and would join it: give "
                r"the outer one region, or use isolated=True for a backend of its own"
            ]
        )

    def test_of_a_context_manager_in_the_fixture(self, run, place_of):
        result = run("""
from eventmock import mock_events

def test_it(events_backend):
    with mock_events(seed=3):
        pass
""")
        result.assert_outcomes(failed=1)
        inner, outer = place_of("    with mock_events(seed=3):"), place_of("def test_it(events_backend):")
        result.stdout.re_match_lines(
            [
                rf"E .*OptionError: mock_events\(seed=3\) at {inner} is inside a mock with seed=0, started at {outer} "
                r"\(by the fixture events_backend\), and would join it: .*"
            ]
        )
