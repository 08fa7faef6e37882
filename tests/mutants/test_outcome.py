from __future__ import annotations

import json
from collections import Counter

import pytest

from eventmock.mutants.job import Answer, Failure
from eventmock.mutants.outcome import Outcome, outcome_of, worst_first
from eventmock.mutants.trials import Trial
from eventmock.services.mutants import Mutated


@pytest.fixture
def trial(rule, mutant):
    """A function that makes up a trial."""

    def trial(put=None, **members):
        subject = Mutated("rule", "123456789012", "us-east-1", "shop", (), ("ship",), "", {}, (), put)
        return Trial(rule(), "module", subject, mutant(**members), ("test_a", "test_b"))

    return trial


def test_a_test_that_fails_has_noticed_it(trial):
    answer = Answer(failures=(Failure("test_b", "call", "AssertionError: no"),), seconds=0.5)
    outcome = outcome_of(trial(), answer, {})
    assert (outcome.verdict, outcome.by, outcome.why) == ("noticed", "test_b", "AssertionError: no")
    assert (outcome.tests, outcome.seconds) == (2, 0.5)


def test_if_no_test_fails_it_is_unnoticed(trial):
    outcome = outcome_of(trial(), Answer(did={"test_a": Counter(matched=1)}), {"test_a": Counter(matched=1)})
    assert (outcome.verdict, outcome.by, outcome.shown_by) == ("unnoticed", None, ())


@pytest.mark.parametrize(
    ("without", "with_it"), [({"matched": 1}, {"matched": 2}), ({"matched": 1}, {}), ({}, {"delivered": 1})]
)
def test_it_shows_in_a_test_in_which_something_else_happens(trial, without, with_it):
    outcome = outcome_of(trial(), Answer(did={"test_a": Counter(with_it)}), {"test_a": Counter(without)})
    assert outcome.shown_by == ("test_a",)


def test_tests_that_hang_or_crash_have_noticed_it(trial):
    assert outcome_of(trial(), Answer(timed_out=True, seconds=12.3), {}).why == "after 12 seconds"
    assert outcome_of(trial(), Answer(timed_out=True), {}).verdict == "timed out"
    crashed = outcome_of(trial(), Answer(error="the process ended: exit code 3"), {})
    assert (crashed.verdict, crashed.why) == ("crashed", "the process ended: exit code 3")


def test_if_no_test_could_run_it_is_unnoticed(trial):
    assert outcome_of(trial(), None, {}).verdict == "unnoticed"


def test_one_that_is_proven_to_change_nothing_is_equivalent(trial):
    outcome = outcome_of(trial(equivalent="each event matches both"), None, {})
    assert (outcome.verdict, outcome.why) == ("equivalent", "each event matches both")


def test_it_is_known_whether_a_test_puts_the_event_that_shows_it(trial):
    event = {"source": "shop", "detail": {"state": "PAID"}}
    assert outcome_of(trial(json.dumps(event), event=event), None, {}).is_put
    assert not outcome_of(trial(json.dumps(event)), None, {}).is_put
    assert not outcome_of(trial(None, event=None), None, {}).is_put


def test_without_an_event_and_without_a_difference_it_is_perhaps_equivalent(outcome, mutant):
    silent = mutant(event=None)
    assert outcome(mutant=silent).is_perhaps_equivalent
    assert not outcome(mutant=silent, shown_by=("test_a",)).is_perhaps_equivalent
    assert not outcome(mutant=silent, verdict="noticed").is_perhaps_equivalent
    assert not outcome().is_perhaps_equivalent


def test_the_worst_come_first(outcome, mutant, rule):
    def one(harm="more", label="ship", event=MUTANT_EVENT, **members):
        return outcome(mutant=mutant(harm=harm, event=event), rule=rule(label=label), **members)

    wanted = [
        one("silence", "z"),
        one("less", shown_by=("test_a",)),
        one("less", "a"),
        one("lost"),
        one("changed"),
        one("more", is_put=True),
        one("more", "a"),
        one("more", "b"),
        one("silence", event=None),
    ]
    assert worst_first(reversed(wanted)) == wanted


MUTANT_EVENT = {"source": "shop"}


def test_it_is_the_same_after_a_journey_as_json(outcome):
    one = outcome(verdict="noticed", by="test_a", shown_by=("test_b",), seconds=0.25)
    assert Outcome.of_json(json.loads(json.dumps(one.as_json()))) == one
