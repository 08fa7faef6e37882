from __future__ import annotations

import sys
import types

import pytest

from eventmock.coverage.data import CoverageData
from eventmock.mutants.baseline import Baseline
from eventmock.mutants.errors import SearchError
from eventmock.mutants.job import Answer, Failure, write_answer
from eventmock.mutants.schedule import answer_path
from eventmock.mutants.search import search
from eventmock.mutants.settings import Settings
from eventmock.services import events
from eventmock.services.coverage import Subject

MODULE = "made_up_mistakes"


@pytest.fixture
def searched(monkeypatch, tmp_path, mutant):
    """A function that searches among two mistakes in a rule, with processes whose answers are given by number of job.

    The mistakes are jobs 0 and 1, the third is equivalent, and the tests without a mistake are job 3.
    """
    module = types.ModuleType(MODULE)
    module.MUTANTS = types.SimpleNamespace(
        mutants=lambda _subject: [
            mutant(kind="one"),
            mutant(kind="two"),
            mutant(equivalent="both are the same"),
        ]
    )
    monkeypatch.setitem(sys.modules, MODULE, module)
    monkeypatch.setitem(vars(events.SERVICE.face), "mutants", MODULE)
    jobs = []

    def searched(answers, tests=("test_a", "test_b"), **settings):
        def start(job):
            jobs.append(job)
            if job.number in answers:
                write_answer(answer_path(tmp_path, job.number), answers[job.number])
            return types.SimpleNamespace(ended=lambda: "exit code 0", kill=lambda: None)

        data = CoverageData()
        one = Subject("rule", "123456789012", "us-east-1", "shop", "ship", "arn", "ship", {}, ())
        covered = data.of(one, None)
        covered.add_subject(one)
        covered.tests |= set(tests)
        baseline = Baseline(status=0, data=data, seconds={"test_a": 1.0, "test_b": 2.0}, longest_setup=0.5)
        return search(baseline, Settings(jobs=1, **settings), start, tmp_path)

    searched.jobs = jobs
    return searched


FAILED = Failure("test_a", "call", "AssertionError: no")


def verdicts(found):
    return [one.verdict for one in found.outcomes]


def test_the_tests_run_without_a_mistake_and_then_with_each(searched):
    found = searched({3: Answer(), 0: Answer(failures=(FAILED,)), 1: Answer()})
    assert verdicts(found) == ["noticed", "unnoticed", "equivalent"]
    assert [(job.number, job.change is None) for job in searched.jobs] == [(3, True), (0, False), (1, False)]
    assert {job.tests for job in searched.jobs} == {("test_a", "test_b")}
    assert [one.mutant.kind for one in (job.change for job in searched.jobs[1:])] == ["one", "two"]


def test_a_test_that_fails_without_a_mistake_is_left_out(searched):
    found = searched({3: Answer(failures=(FAILED,)), 0: Answer(), 1: Answer()})
    assert found.left_out == {"test_a": "AssertionError: no"}
    assert [job.tests for job in searched.jobs[1:]] == [("test_b",)] * 2


def test_a_rule_that_has_no_tests_left_is_unnoticed(searched):
    found = searched({3: Answer(failures=(FAILED,))}, tests=["test_a"])
    assert verdicts(found) == ["unnoticed", "unnoticed", "equivalent"]
    assert len(searched.jobs) == 1


@pytest.mark.parametrize(
    ("answers", "why"),
    [({}, "the process ended: exit code 0"), ({3: Answer(error="Exit: stop")}, "Exit: stop")],
)
def test_tests_that_cannot_run_without_a_mistake_end_the_search(searched, answers, why):
    with pytest.raises(SearchError, match=f"without any mistake: {why}; try --no-fork"):
        searched(answers)


def test_the_limit_of_time_follows_from_the_tests_or_is_given(searched):
    searched({3: Answer(), 0: Answer(), 1: Answer()})
    assert {job.limit for job in searched.jobs} == {5 * (1.0 + 2.0 + 0.5) + 10}
    searched.jobs.clear()
    searched({3: Answer(), 0: Answer(), 1: Answer()}, timeout=7.0)
    assert {job.limit for job in searched.jobs} == {7.0}
