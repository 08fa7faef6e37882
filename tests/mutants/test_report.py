from __future__ import annotations

import json

import pytest

from eventmock.mutants.command import Searched
from eventmock.mutants.report import data_of, score, text_of
from eventmock.mutants.search import Found


def searched(*outcomes, left_out=None, tests=4, seconds=1.25):
    return Searched(Found(outcomes, left_out or {}), tests, seconds)


def blocks(*outcomes, **more):
    return text_of(searched(*outcomes, **more)).split("\n\n")


def test_an_unnoticed_mistake_is_shown_with_all_that_a_test_needs(outcome):
    first, _ = blocks(outcome())
    assert (
        first
        == """\
shop/ship
  field dropped: detail-type is missing
  in production: targets get events that they should not get
      "EventPattern": {
        "source": ["shop"],
    -   "detail-type": ["order"],
      }
    an event that shows it: {"source": "shop", "detail-type": "another"}
    2 tests ran with it, and passed
    to add: a test in which such an event comes, which asserts that shop/ship delivers nothing"""
    )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("silence", "a test in which such an event comes, which asserts that it is delivered to sqs parcels"),
        ("less", "a test in which such an event comes, which asserts that it is delivered to sqs parcels"),
        (
            "lost",
            "a test in which such an event comes and the target fails, which asserts that it is not lost",
        ),
        ("changed", "a test in which such an event comes, which asserts what the target gets, and when"),
        ("more", "a test in which such an event comes, which asserts that shop/ship delivers nothing"),
    ],
)
def test_what_to_add_depends_on_the_harm(outcome, mutant, harm, said):
    first, _ = blocks(outcome(mutant=mutant(harm=harm)))
    assert f"to add: {said}" in first


def test_where_a_test_shows_it_already_an_assertion_is_missing(outcome):
    tests = tuple(f"test_{name}" for name in "abcde")
    first, _ = blocks(outcome(shown_by=tests))
    assert first.endswith(
        "to add: an assertion that shop/ship delivers nothing; the mistake shows already in test_a, test_b, test_c "
        "and 2 more"
    )
    first, _ = blocks(outcome(is_put=True))
    assert first.endswith(
        "to add: an assertion that shop/ship delivers nothing; such an event comes in a test already"
    )


def test_an_assertion_that_is_missing_is_about_something(outcome, mutant):
    first, _ = blocks(outcome(mutant=mutant(harm="changed"), is_put=True))
    assert "to add: an assertion about what the target gets, and when; such an event" in first
    first, _ = blocks(outcome(mutant=mutant(harm="less"), shown_by=("test_a",)))
    assert "to add: an assertion about what shop/ship delivers; the mistake shows already in test_a" in first


def test_where_no_test_could_run_the_block_says_so(outcome):
    first, _ = blocks(outcome(tests=0))
    assert "    no test ran with it: none has the rule that passes without the others\n" in first
    first, _ = blocks(outcome(tests=1))
    assert "    1 test ran with it, and passed\n" in first


def test_one_that_nothing_tells_apart_is_perhaps_equivalent(outcome, mutant):
    first, summary = blocks(outcome(mutant=mutant(event=None)))
    assert "an event that shows it" not in first
    assert first.endswith("no event is known that tells them apart, so perhaps equivalent")
    assert "1 unnoticed (1 of them perhaps equivalent)" in summary


def test_a_rule_that_does_nothing_in_any_test_has_one_block(outcome, mutant, rule):
    idle = rule(is_active=False)
    one, two = mutant(event=None), mutant(kind="wrong bus")
    first, _ = blocks(
        outcome(rule=idle, mutant=one), outcome(rule=idle, mutant=two), outcome(rule=idle, mutant=two)
    )
    assert (
        first
        == """\
shop/ship
  does nothing in any test, so 3 mistakes in it went unnoticed: field dropped, wrong bus (2)
    an event to begin with: {"source": "shop", "detail-type": "another"}
    to add: a test in which it delivers something, or fires, with an assertion about that"""
    )


def test_of_an_event_is_shown_what_the_rule_looks_at(outcome, mutant):
    event = {
        "id": "1",
        "source": "shop",
        "time": "2026-03-06T17:00:00Z",
        "resources": ["a"],
        "detail": {"a": 1},
    }

    def shown(**members):
        first, _ = blocks(outcome(mutant=mutant(event=event, **members)))
        return first.split("an event that shows it: ")[1].split("\n")[0]

    assert shown() == '{"source": "shop", "detail": {"a": 1}}'
    assert '"resources": ["a"]' in shown(after={"resources": ["b"]})
    assert '"time": "2026-03-06T17:00:00Z"' in shown(harm="changed")


def test_of_a_schedule_the_moment_is_shown(outcome, mutant, rule):
    moment = "Sun 2027-03-28 03:30 Europe/Berlin (2027-03-28T01:30:00Z), when it does not fire"
    wrong = mutant(
        kind="another time zone",
        harm="changed",
        text="UTC instead of Europe/Berlin",
        member="ScheduleExpressionTimezone",
        before="Europe/Berlin",
        after="UTC",
        event={"time": "2027-03-28T01:30:00Z"},
        moment=moment,
    )
    nightly = rule(kind="schedule", label="schedule default/nightly")
    first, summary = blocks(outcome(rule=nightly, mutant=wrong))
    assert (
        first
        == f"""\
schedule default/nightly
  another time zone: UTC instead of Europe/Berlin
  in production: the target gets something else, or at other times
    - "ScheduleExpressionTimezone": "Europe/Berlin"
    + "ScheduleExpressionTimezone": "UTC"
    a moment that shows it: {moment}
    2 tests ran with it, and passed
    to add: a test in which the clock passes such a moment, which asserts what the target gets, and when"""
    )
    assert summary.startswith("1 mutants of 1 schedule: ")
    assert data_of(searched(outcome(mutant=wrong)))["mutants"][0]["moment"] == moment


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            "silence",
            "a test in which the clock passes such a moment, which asserts that the input is delivered",
        ),
        (
            "lost",
            "a test in which the clock passes such a moment and the target fails, which asserts that the",
        ),
        ("ended", "a test in which the clock passes such a moment, which asserts whether shop/ship exists"),
        (
            "more",
            "a test in which the clock passes such a moment, which asserts that shop/ship delivers nothing",
        ),
    ],
)
def test_what_to_add_for_a_schedule_depends_on_the_harm(outcome, mutant, harm, said):
    first, _ = blocks(outcome(mutant=mutant(harm=harm, event=None, moment="a firing, when it fires")))
    assert f"to add: {said}" in first


def test_if_the_clock_passes_the_moment_already_an_assertion_is_missing(outcome, mutant):
    first, _ = blocks(outcome(is_put=True, mutant=mutant(moment="a firing, when it fires")))
    assert first.endswith("; the clock passes such a moment in a test already")


def test_a_schedule_that_does_nothing_in_any_test_has_a_moment_to_begin_with(outcome, mutant, rule):
    idle = outcome(rule=rule(is_active=False), mutant=mutant(event=None, moment="a firing, when it fires"))
    first, _ = blocks(idle)
    assert "    a moment to begin with: a firing, when it fires\n" in first


def test_the_summary_counts_rules_and_schedules(outcome, rule):
    [summary] = blocks(outcome("noticed"), outcome("noticed", rule=rule(kind="schedule", label="schedule a")))
    assert summary.startswith("2 mutants of 1 rule and 1 schedule: ")


def test_a_long_event_is_cut(outcome, mutant):
    first, _ = blocks(outcome(mutant=mutant(event={"detail": "x" * 210})))
    assert "xxx... (--json has all of it)\n" in first


def test_tests_that_did_not_come_to_their_end_are_named(outcome):
    first, second, summary = blocks(
        outcome("timed out", why="after 12 seconds"), outcome("crashed", why="the process ended: exit code 3")
    )
    head = "shop/ship\n  field dropped: detail-type is missing\n"
    assert first == f"{head}    timed out: after 12 seconds"
    assert second == f"{head}    crashed: the process ended: exit code 3"
    assert "0 noticed, 1 timed out, 1 crashed, 0 unnoticed" in summary


def test_the_summary(outcome):
    [summary] = blocks(outcome("noticed"), outcome("noticed"), outcome("equivalent"))
    assert summary == (
        "2 mutants of 1 rule: 2 noticed, 0 unnoticed; 1 left out, since they are proven to change nothing\n"
        "score 100.0 %, 4 tests, 1.2 seconds"
    )


def test_if_there_was_nothing_to_try_the_summary_says_so():
    assert text_of(searched()).startswith(
        "no mistake was made: the tests had no rule, schedule or subscriber, or none"
    )


def test_equivalent_ones_are_listed_if_that_is_asked_for(outcome):
    one = outcome("equivalent", why="each event matches both")
    assert "each event matches both" not in text_of(searched(one))
    assert "    equivalent: each event matches both" in text_of(searched(one), with_equivalent=True)


def test_tests_that_were_left_out_are_named(outcome):
    first, _ = blocks(outcome("noticed"), left_out={"test_a": "assert []"})
    assert first.endswith("\n  test_a: assert []")


@pytest.mark.parametrize(
    ("verdicts", "share"),
    [
        ([], 100.0),
        (["equivalent"], 100.0),
        (["noticed", "unnoticed"], 50.0),
        (["noticed", "timed out", "crashed", "unnoticed", "equivalent"], 75.0),
    ],
)
def test_the_score_is_the_share_of_what_was_noticed(outcome, verdicts, share):
    assert score([outcome(verdict) for verdict in verdicts]) == share


def test_the_data_has_all_mutants_the_worst_first(outcome, mutant):
    data = data_of(searched(outcome(), outcome("noticed", by="test_a", mutant=mutant(harm="silence"))))
    assert [one["verdict"] for one in data["mutants"]] == ["noticed", "unnoticed"]
    assert data["mutants"][1]["to_add"].startswith("a test in which such an event comes")
    assert data["mutants"][0]["to_add"] is None
    assert data["counts"] == {"noticed": 1, "timed_out": 0, "crashed": 0, "unnoticed": 1, "equivalent": 0}
    assert json.loads(json.dumps(data))["mutants"][0]["rule"]["targets"] == ["sqs parcels"]
