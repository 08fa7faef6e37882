from __future__ import annotations

import pytest

from eventmock.mutants.job import Answer, Failure, Job, write_answer
from eventmock.mutants.schedule import answer_path, carry_out

FAILED = Answer(failures=(Failure("test_it", "call", "AssertionError"),), did={"test_it": {"matched": 1}})


class Process:
    """A process that ends when it was looked at some times."""

    def __init__(self, looks, *, how="exit code 0", at_end=lambda: None):
        self.looks, self.how, self.at_end, self.kills = looks, how, at_end, 0

    def ended(self):
        self.looks -= 1
        if self.looks >= 0:
            return None
        self.at_end()
        return self.how

    def kill(self):
        self.kills += 1


@pytest.fixture
def carried_out(tmp_path):
    """A function that carries out jobs whose processes are given, and gives the answers, without their seconds."""

    def carried_out(*processes, at_once=2, limit=60.0):
        started = []

        def start(job):
            process = processes[job.number]
            started.append(process)
            running = [one for one in started if one.kills == 0]
            assert len(running) <= at_once
            return process

        jobs = [Job(number, ("test_it",), None, limit) for number in range(len(processes))]
        told = []
        answers = carry_out(jobs, start, folder=tmp_path, at_once=at_once, tell=told.append)
        assert told == list(range(1, len(processes) + 1))
        return {number: answer._replace(seconds=0.0) for number, answer in answers.items()}

    return carried_out


def test_what_a_process_has_written_is_the_answer(carried_out, tmp_path):
    process = Process(3, at_end=lambda: write_answer(answer_path(tmp_path, 0), FAILED))
    assert carried_out(process) == {0: FAILED}


def test_no_more_processes_run_than_are_asked_for(carried_out, tmp_path):
    def process(number, looks):
        return Process(looks, at_end=lambda: write_answer(answer_path(tmp_path, number), Answer()))

    answers = carried_out(*(process(number, 7 - number) for number in range(7)), at_once=3)
    assert answers == dict.fromkeys(range(7), Answer())


def test_a_process_that_writes_nothing_has_crashed(carried_out):
    assert carried_out(Process(0, how="by signal SIGSEGV")) == {
        0: Answer(error="the process ended: by signal SIGSEGV")
    }


def test_half_an_answer_is_none(carried_out, tmp_path):
    process = Process(
        0, at_end=lambda: answer_path(tmp_path, 0).write_text('{"failures": [', encoding="utf-8")
    )
    assert carried_out(process)[0].error == "the process ended: exit code 0"


def test_a_process_beyond_its_limit_is_ended(carried_out):
    process = Process(10**9)
    assert carried_out(process, limit=0.0) == {0: Answer(timed_out=True)}
    assert process.kills == 1


def test_each_process_is_ended_also_what_it_has_started(carried_out):
    process = Process(0)
    carried_out(process)
    assert process.kills == 1


def test_all_processes_are_ended_when_the_search_is_interrupted(tmp_path):
    running = Process(10**9)

    def start(job):
        if job.number == 1:
            raise KeyboardInterrupt
        return running

    jobs = [Job(number, (), None, 60.0) for number in range(2)]
    with pytest.raises(KeyboardInterrupt):
        carry_out(jobs, start, folder=tmp_path, at_once=2, tell=print)
    assert running.kills == 1
