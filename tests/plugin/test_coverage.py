"""Coverage of rules over a run, as a test suite meets it."""

from __future__ import annotations

import json
import re

import pytest

from eventmock.__main__ import main

RULE = """
PATTERN = {
    "source": ["shop"],
    "detail": {"state": ["PAID", "REFUNDED"], "$or": [{"total": [{"numeric": [">", 0]}]}, {"free": [True]}]},
}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:parcels"

def ship(client=None, name="ship"):
    import json
    client = client or boto3.client("events")
    client.put_rule(Name=name, EventPattern=json.dumps(PATTERN))
    client.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": QUEUE}])

def detail(**members):
    import json
    return json.dumps(members)
"""
TESTS = (
    RULE
    + """
pytestmark = pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z", region="us-east-1")

def test_paid():
    ship()
    put(Detail=detail(state="PAID", total=3))

def test_no_money():
    ship()
    put(Detail=detail(state="PAID", total=0))

def test_no_gift():
    ship(name="send")
    put(Detail=detail(state="PAID", free=False))

def test_no_order():
    ship()
    put(Source="office", Detail=detail(state="PAID", total=3))
    put(Detail=detail(state="NEW", total=3))
"""
)
GAPS = [
    'never tried: detail.state "REFUNDED"',
    "never taken: $or branch 2 (detail.free)",
    "never failed: sqs parcels",
]


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def read(pytester):
    """Returns the data of a run, and that of its page."""

    def read(directory=".eventmock-coverage"):
        path = pytester.path / directory
        page = (path / "index.html").read_text(encoding="utf-8")
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
        return json.loads((path / "coverage.json").read_text(encoding="utf-8")), json.loads(data)

    return read


def subjects(data):
    """The name and the counts of the rules of a run."""
    return [(one["names"], one["counts"]) for one in data[0]["subjects"]]


def test_a_value_a_branch_and_a_failure_that_were_never_tried_are_shown(run, read):
    result = run(TESTS, "--eventmock-coverage")
    result.assert_outcomes(passed=4)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*= eventmock coverage =*",
            "Rule                     Points  Miss  Cover  Missing",
            "-----*",
            f"default/send and 1 more      13     4    69%  {GAPS[0]}",
            f"{' ' * 46}{GAPS[1]}",
            f"{' ' * 46}{GAPS[2]}",
            "-----*",
            "TOTAL                        13     4    69%",
            "",
            "eventmock coverage: each rule, with what the tests tried of it, is in .eventmock-coverage/index.html",
            "*= 4 passed in *",
        ],
        consecutive=True,
    )
    _, page = read()
    [rule] = page["rules"]
    assert rule["missing"] == GAPS
    assert [text for text, mark in rule["pieces"] if mark == "missed"] == ['"REFUNDED"', "{", "true"]


def test_the_tests_that_had_a_rule_are_in_the_data(run, read):
    run(
        """
def test_a(events_backend): rule("a", "A")
def test_b(events_backend): rule("b", "B")
def test_c(events_backend): pass
""",
        "--eventmock-coverage",
    )
    data, _ = read()
    assert [test.partition("::")[2] for test in data["tests"]] == ["test_a", "test_b"]
    assert [(one["names"], one["tests"]) for one in data["subjects"]] == [(["a"], [0]), (["b"], [1])]


@pytest.mark.parametrize("split", [("test_paid or test_no_order", "test_no_money or test_no_gift")])
def test_two_halves_combined_are_as_one_run(run, read, split, pytester, monkeypatch, capsys):
    monkeypatch.chdir(pytester.path)
    run(TESTS, "--eventmock-coverage")
    for number, half in enumerate(split):
        run(TESTS, f"--eventmock-coverage-dir=half-{number}", "-k", half)
    assert main(["coverage", "combine", "half-0", "half-1", "--dir", "both"]) == 0
    assert read("both") == read()
    assert read("half-0") != read()
    capsys.readouterr()


def test_the_data_of_workers_is_as_that_of_one_process(run, read):
    pytest.importorskip("xdist")
    run(TESTS, "--eventmock-coverage")
    alone = read()
    result = run(TESTS, "--eventmock-coverage", "-n2")
    result.assert_outcomes(passed=4)
    assert read() == alone
    assert "missing, because" not in result.stdout.str()


def test_a_worker_that_crashes_is_named_and_the_others_count(run, read):
    pytest.importorskip("xdist")
    result = run(
        TESTS + "\ndef test_crash(): __import__('os')._exit(1)\n",
        *("--eventmock-coverage", "--eventmock-coverage-fail-under=10", "-n1", "--dist=load"),
    )
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(
        [
            "eventmock coverage: what the tests of worker gw0 tried is missing, because it crashed or was stopped: the "
            "figures are too low"
        ]
    )
    assert read()[0]["subjects"] == []


class TestFailUnder:
    def test_too_little_fails_the_run(self, run):
        result = run(TESTS, "--eventmock-coverage", "--eventmock-coverage-fail-under=69.5")
        result.assert_outcomes(passed=4)
        assert result.ret == 1
        result.stdout.fnmatch_lines(
            [
                "eventmock coverage: 69.23% of the points were tried, and --eventmock-coverage-fail-under wants 69.5%"
            ]
        )

    def test_enough_does_not(self, run):
        result = run(TESTS, "--eventmock-coverage-fail-under=69.2")
        assert result.ret == 0
        assert "wants" not in result.stdout.str()

    def test_too_little_fails_a_run_with_workers(self, run):
        pytest.importorskip("xdist")
        assert run(TESTS, "--eventmock-coverage-fail-under=90", "-n2").ret == 1

    def test_the_flag_counts_before_the_ini_option(self, run):
        ini = "[pytest]\neventmock_coverage = true\neventmock_coverage_fail_under = 90"
        assert run(TESTS, ini=ini).ret == 1
        assert run(TESTS, "--eventmock-coverage-fail-under=50", ini=ini).ret == 0

    @pytest.mark.parametrize(
        ("source", "code"),
        [
            ("def test_it(events_backend): rule('a', 'A'); assert False", 1),
            ("", pytest.ExitCode.NO_TESTS_COLLECTED),
            ("def test_it(): pytest.skip()", 0),
        ],
        ids=["failed", "no tests", "skipped"],
    )
    def test_a_run_that_failed_or_had_no_test_is_not_judged(self, run, source, code):
        result = run(source, "--eventmock-coverage-fail-under=90")
        assert result.ret == code
        assert "wants" not in result.stdout.str()

    def test_a_run_that_made_no_rule_has_not_enough(self, run):
        result = run("def test_it(): pass", "--eventmock-coverage-fail-under=90")
        assert result.ret == 1
        result.stdout.fnmatch_lines(
            [
                "eventmock coverage: no rule, schedule or subscriber was measured, and "
                "--eventmock-coverage-fail-under wants 90%"
            ]
        )


def test_a_run_without_a_mock_says_that_there_is_nothing(run, read):
    result = run("def test_it(): pass", "--eventmock-coverage")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["there is nothing to cover: no test made a rule, a schedule or a subscriber that counts"]
    )
    assert read()[0]["subjects"] == []


def test_rules_may_be_left_out(run, read):
    run(
        "def test_it(events_backend): rule('legacy-a', 'A'); rule('b', 'B'); rule('c', 'C')",
        ini="[pytest]\neventmock_coverage = true\neventmock_coverage_omit =\n    default/legacy-*\n    default/c",
    )
    assert subjects(read()) == [(["b"], {})]


def test_rules_may_be_left_out_by_flags(run, read):
    source = "def test_it(events_backend): rule('legacy-a', 'A'); rule('b', 'B'); rule('c', 'C')"
    run(source, "--eventmock-coverage-omit=default/legacy-*", "--eventmock-coverage-omit=default/c")
    assert subjects(read()) == [(["b"], {})]


@pytest.mark.parametrize(
    ("arguments", "ini"),
    [
        (("--eventmock-coverage-points=value,branch",), ""),
        (("--eventmock-coverage",), "[pytest]\neventmock_coverage_points = value branch"),
        (("--eventmock-coverage",), "[pytest]\neventmock_coverage_points =\n    value\n    branch"),
    ],
)
def test_kinds_of_points_may_be_chosen(run, read, arguments, ini):
    run(TESTS, *arguments, ini=ini)
    [subject] = read()[0]["subjects"]
    assert {kind for kind, *_ in subject["points"]} == {"value", "branch"}


class TestMocks:
    def test_a_mock_of_the_session_is_measured_in_each_test(self, run, read):
        run(
            RULE
            + """
@pytest.fixture(scope="session")
def infrastructure(eventmock_session_backend):
    ship(eventmock_session_backend.client())

@pytest.mark.parametrize("total", [1, 2, 0])
def test_it(infrastructure, total):
    put(Detail=detail(state="PAID", total=total))
""",
            "--eventmock-coverage",
        )
        arn = "arn:aws:sqs:us-east-1:123456789012:parcels"
        assert subjects(read()) == [(["ship"], {f"delivered {arn}": 2, "matched": 2, "refused": 1})]
        assert len(read()[0]["subjects"][0]["tests"]) == 3

    def test_mocks_by_decorators_and_with_are_measured(self, run, read):
        run(
            """
from eventmock import mock_events

@mock_events
def test_function(): rule("function", "NEW"); put()

@mock_events
class TestIt:
    def setup_method(self): rule("class", "NEW")
    def test_a(self): put()
    def test_b(self): put()

def test_many():
    for _ in range(5):
        with mock_events():
            rule("with", "NEW")
            put()
""",
            "--eventmock-coverage",
        )
        assert subjects(read()) == [(["class", "function", "with"], {"matched": 8})]

    def test_rules_of_templates_are_named_by_the_template(self, run, read, pytester):
        resource = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}}
        text = json.dumps({"Resources": {"ShipRule": resource}}, indent=1)
        (pytester.path / "template.json").write_text(text, encoding="utf-8")
        result = run(
            """
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_it(events_backend, region):
    events_backend.deploy("template.json", region=region)
    boto3.client("events", region).put_events(Entries=[ORDER])
""",
            "--eventmock-coverage",
        )
        result.stdout.fnmatch_lines(
            ["template.json:ShipRule (line 3) *2     1    50%  never refused only by: source"]
        )
        [(_, counts)] = subjects(read())
        assert counts == {"matched": 2}

    def test_what_a_failing_test_tried_counts(self, run, read):
        run("def test_it(events_backend): rule('a', 'NEW'); put(); assert False", "--eventmock-coverage")
        assert subjects(read()) == [(["a"], {"matched": 1})]


class TestOptions:
    def test_without_it_nothing_is_written_or_printed(self, run, pytester):
        result = run(TESTS)
        assert "coverage" not in result.stdout.str()
        assert not (pytester.path / ".eventmock-coverage").exists()

    def test_collecting_writes_nothing(self, run, pytester):
        run(TESTS, "--eventmock-coverage", "--collect-only")
        assert not (pytester.path / ".eventmock-coverage").exists()

    def test_they_are_in_the_header(self, run):
        result = run(
            "def test_it(): pass",
            "--eventmock-coverage-dir=out",
            ini="[pytest]\neventmock_coverage_omit = a/* b/*",
        )
        result.stdout.fnmatch_lines(
            ["eventmock: coverage=True, coverage_omit=*'a/[*]', 'b/[*]'*, coverage_dir='out'"]
        )

    def test_the_directory_of_the_ini_file_is_below_the_root(self, run, pytester, monkeypatch):
        (pytester.path / "below").mkdir()
        run("", ini="[pytest]\neventmock_coverage = true\neventmock_coverage_dir = out")
        monkeypatch.chdir(pytester.path / "below")
        pytester.runpytest_inprocess("-o", "asyncio_default_fixture_loop_scope=function", "..")
        assert (pytester.path / "out" / "coverage.json").exists()
        assert not (pytester.path / "below" / "out").exists()

    @pytest.mark.parametrize(
        ("argument", "said"),
        [
            (
                "--eventmock-coverage-fail-under=lots",
                "--eventmock-coverage-fail-under=lots: wanted a percentage from 0 to 100, such as 90 or 87.5",
            ),
            (
                "--eventmock-coverage-points=valeu",
                "--eventmock-coverage-points: there is no kind of points 'valeu': did you mean 'value'?",
            ),
            (
                "--eventmock-coverage-dir=pytest.ini",
                "--eventmock-coverage-dir=pytest.ini: wanted a directory, and that is a file",
            ),
        ],
    )
    def test_a_wrong_one_is_one_line(self, run, argument, said):
        result = run("def test_it(): pass", argument, ini="[pytest]")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: {said}"])

    def test_a_misspelt_one_in_the_ini_file_is_refused(self, run):
        result = run("def test_it(): pass", ini="[pytest]\neventmock_coverage_failunder = 90")
        result.stderr.fnmatch_lines(["*eventmock_coverage_failunder*did you mean 'coverage_fail_under'?"])


class TestErrors:
    def test_an_error_of_coverage_does_not_break_the_run(self, run):
        result = run(
            """
@pytest.fixture(autouse=True)
def broken(monkeypatch):
    from eventmock.services.events.coverage import RuleCoverage
    def subjects(self, state):
        raise RuntimeError("no subjects")
    monkeypatch.setattr(RuleCoverage, "subjects", subjects)
    yield
    from eventmock.mock.mock_events import current_backend
    current_backend().reset()

def test_a(events_backend): rule("a", "NEW")
def test_b(events_backend): rule("a", "NEW")
""",
            "--eventmock-coverage",
        )
        result.assert_outcomes(passed=2)
        assert result.ret == 0
        result.stdout.fnmatch_lines(
            [
                "eventmock coverage: the figures may be too low, which is a bug of eventmock: *::test_a: "
                "RuntimeError('no subjects') and 1 other error"
            ]
        )

    def test_a_directory_that_cannot_be_written_is_named(self, run, pytester):
        result = run(
            "def test_it(events_backend): open('out', 'w').close(); rule('a', 'A')",
            "--eventmock-coverage-dir=out",
        )
        assert result.ret == 0
        result.stdout.fnmatch_lines(["eventmock coverage: */out cannot be written: *"])
        result.stdout.fnmatch_lines(["default/a*got no event"])
