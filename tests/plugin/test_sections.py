"""The report section of a failing test."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from eventmock import EventsBackend
from eventmock.backend.report import flow, text


class TestSection:
    def test_a_rule_that_did_not_match_is_explained(self, run, section_of):
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

    def test_every_kind_of_outcome_is_told(self, run, section_of):
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
        assert 'in fail: raise ValueError("no stock")' in section
        assert section.split("\n")[8:] == [
            '12:00:00  PutEvents  order from shop on "nope"',
            "            dropped: there is no event bus 'nope' in 123456789012, us-east-1; there are default",
            '            on "default" it would match bare, log, ship, transformed',
            "            PutEvents still reported success, as AWS does",
            '12:00:00  PutEvents  order from shop on "default"',
            "            refused: MalformedDetail: Detail is malformed.",
            "            a Detail must be JSON: Expecting value: line 1 column 1 (char 0)",
            "            refused to let out POST https://sqs.us-east-1.amazonaws.com/ (service 'sqs')",
        ]

    def test_schedules_that_fired_and_that_did_not_are_told(self, run, section_of):
        result = run("""
@pytest.mark.eventmock(start_time="2026-11-21T12:00:00Z")
def test_it(events_backend):
    for name, expression in (("often", "rate(1 minute)"), ("later", "at(2026-11-22T12:00:00)")):
        boto3.client("scheduler").create_schedule(
            Name=name,
            ScheduleExpression=expression,
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r"
            },
        )
    events_backend.clock.advance(minutes=90)
    assert False
""")
        assert section_of(result).split("\n") == [
            '12:00:00  fired      schedule often of group "default", and 90 times more until 12:00:00',
            "            -> sqs q   delivered (recorded: nobody stands at the other end)",
            "            schedule later waits for its time, at(2026-11-22T12:00:00): "
            "next 2026-11-22 12:00:00 UTC; the clock stands at 2026-11-21 12:00:00 UTC",
            '            to have it fire: backend.clock.move_to("2026-11-22T12:00:00Z")',
        ]

    def test_a_mock_that_the_test_made_itself_is_reported_on(self, run, section_of):
        result = run("""
from eventmock import mock_events

@mock_events(region="eu-west-1")
def test_it():
    put(EventBusName="nope")
    assert False
""")
        assert "there is no event bus 'nope' in 123456789012, eu-west-1" in section_of(result, "eu-west-1")

    def test_a_failing_set_up_is_reported_on(self, run, section_of):
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

    def test_it_is_at_most_forty_lines(self, run, section_of):
        result = run("""
def test_it(events_backend):
    for _ in range(50):
        put()
    assert False
""")
        lines = section_of(result).split("\n")
        assert len(lines) == 40
        assert (
            lines[0]
            == "... for what came before: print(events_backend.report()), or pytest --eventmock-trace=all"
        )

    def test_with_xdist_it_comes_from_the_worker(self, run, section_of):
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


def test_unittest_cases_are_mocked_and_reported_on(run, section_of):
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


class TestTraceFlag:
    TESTS = """
def test_passes(events_backend):
    for _ in range(50):
        put()

def test_fails(events_backend):
    for _ in range(50):
        put()
    assert False
"""

    def test_all_tells_all_of_every_test(self, run):
        result = run(self.TESTS, "--eventmock-trace=all")
        result.assert_outcomes(passed=1, failed=1)
        text = result.stdout.str()
        assert text.count('PutEvents  order from shop on "default"   no rules') == 100
        assert "what came before" not in text
        result.stdout.re_match_lines(
            [r"-+ eventmock \(us-east-1\) -+", r"-+ test_passes: eventmock \(us-east-1\) -+"]
        )

    def test_all_leaves_what_passed_to_pytest_where_it_shows_it(self, run):
        text = run(self.TESTS, "--eventmock-trace=all", "-rP").stdout.str()
        assert text.count('PutEvents  order from shop on "default"   no rules') == 100

    def test_fail_is_the_default(self, run):
        told = [run(self.TESTS, *flags).stdout.str() for flags in ((), ("--eventmock-trace=fail",))]
        assert [text.count("... for what came before: ") for text in told] == [1, 1]

    def test_none_tells_nothing(self, run):
        assert "PutEvents" not in run(self.TESTS, "--eventmock-trace=none").stdout.str()

    def test_a_word_that_is_none_of_them_is_refused(self, run):
        result = run(self.TESTS, "--eventmock-trace=some")
        result.stderr.fnmatch_lines(
            ["*--eventmock-trace: invalid choice: 'some' (choose from *fail*all*none*)"]
        )

    def test_it_is_in_the_header_when_it_is_set(self, run):
        run(self.TESTS, "--eventmock-trace=none").stdout.fnmatch_lines(["eventmock: --eventmock-trace=none"])


def test_a_report_that_cannot_be_made_does_not_end_the_run(run, monkeypatch):
    monkeypatch.setattr(EventsBackend, "report_until_now", Mock(side_effect=RuntimeError("a bug")))
    result = run("def test_it(events_backend): assert False", "--eventmock-report=out")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"-+ eventmock \(report\) -+",
            r"eventmock could not tell what happened, which is a bug of eventmock: RuntimeError\('a bug'\)",
        ]
    )


def test_a_bug_of_ours_does_not_end_the_run(run, monkeypatch):
    for module, name in ((text, "TextView"), (flow, "flow_of")):
        monkeypatch.setattr(module, name, Mock(side_effect=RuntimeError("a bug")))
    result = run(
        """
def test_it(events_backend):
    put()
    assert False

def test_more():
    pass
""",
        "--eventmock-report=out",
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.re_match_lines(
        [
            r"-+ eventmock \(us-east-1\) -+",
            r"eventmock could not tell what happened, which is a bug of eventmock: RuntimeError\('a bug'\)",
            "eventmock: what happened in 0 tests is in out/eventmock.html",
            r"eventmock: not in it, which is a bug of eventmock: .*::test_it: RuntimeError\('a bug'\)",
        ]
    )


def test_an_exception_of_a_handler_is_the_cause_of_the_failure(run, pytester):
    pytester.makepyfile(
        shop="""
        def ship(event):
            return event["detail"]["customer"]
        """
    )
    result = run(
        """
from unittest.mock import Mock
import shop

class Odd(Exception):
    __str__ = __repr__ = __eq__ = __hash__ = property(lambda self: 1 / 0)

@pytest.mark.parametrize("kind", [None, Odd])
def test_it(events_backend, kind):
    def handler(event):
        if kind is not None:
            raise kind
        shop.ship(event)

    rule(state="NEW")
    events_backend.target("ship", handler)
    put()
    events_backend.assert_delivered()
""",
        "-n2",
    )
    result.assert_outcomes(failed=2)
    text = result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            '>       return event["detail"]["customer"]',
            "E       KeyError: 'customer'",
            "*shop.py:2: KeyError",
            "The above exception was the direct cause of the following exception:",
            "E       AssertionError: nothing was delivered",
            "E               at shop.py:2 in ship: return event*customer*",
        ]
    )
    assert "call_function" not in text
    assert "hand_over.py" not in text
    assert "INTERNALERROR" not in text
