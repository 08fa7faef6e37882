from __future__ import annotations

import json

from eventmock.mutants.job import Answer, Change, Failure, Job, read_answer, write_answer
from eventmock.services.mutants import Mutated


def test_a_job_is_the_same_after_a_journey_as_json(mutant):
    subject = Mutated(
        kind="rule",
        account="123456789012",
        region="us-east-1",
        place="shop",
        places=("default", "shop"),
        names=("ship",),
        identity="{}",
        definition={"EventPattern": "{}"},
        targets=({"Id": "queue"},),
        event=None,
        is_deployed=True,
    )
    for change in (None, Change("module", subject, mutant())):
        job = Job(3, ("test_a", "test_b"), change, 12.5)
        assert Job.of_json(json.loads(json.dumps(job.as_json()))) == job


def test_an_answer_is_the_same_after_a_journey_in_a_file(tmp_path):
    answer = Answer((Failure("test_a", "call", "no"),), {"test_a": {"matched": 1}}, "a bug")
    write_answer(tmp_path / "answer.json", answer)
    assert read_answer(tmp_path / "answer.json") == answer


def test_without_a_file_or_with_half_a_file_there_is_no_answer(tmp_path):
    assert read_answer(tmp_path / "answer.json") is None
    (tmp_path / "answer.json").write_text('{"failures": [', encoding="utf-8")
    assert read_answer(tmp_path / "answer.json") is None
