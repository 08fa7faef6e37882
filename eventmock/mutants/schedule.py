"""Jobs are carried out, several at the same time, each within its limit of time.

Source: ours.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.mutants.job import Answer, read_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from eventmock.mutants.job import Job, Running

_PAUSE: Final = 0.005
"""How long the processes are left alone before they are looked at again, in seconds."""


class _Begun(NamedTuple):
    job: Job
    process: Running
    at: float


def answer_path(folder: Path, number: int) -> Path:
    """Return the path of the file in which a process writes what became of a job."""
    return folder / f"answer-{number}.json"


def carry_out(
    jobs: Iterable[Job],
    start: Callable[[Job], Running],
    *,
    folder: Path,
    at_once: int,
    tell: Callable[[int], None],
) -> dict[int, Answer]:
    """Carry out jobs, and return what became of them, by number.

    Args:
        jobs: The jobs.
        start: Starts the process of a job.
        folder: The folder in which the processes write their answers.
        at_once: How many processes run at the same time.
        tell: Is called with the number of jobs that are done, whenever it has changed.
    """
    waiting = list(reversed(list(jobs)))
    running: list[_Begun] = []
    answers: dict[int, Answer] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                job = waiting.pop()
                running.append(_Begun(job, start(job), time.monotonic()))
            lasting = []
            for begun in running:
                answer = _answer(begun, folder)
                if answer is None:
                    lasting.append(begun)
                else:
                    answers[begun.job.number] = answer
                    tell(len(answers))
            if len(lasting) == len(running):
                time.sleep(_PAUSE)
            running = lasting
    finally:
        for begun in running:
            begun.process.kill()
    return answers


def _answer(begun: _Begun, folder: Path) -> Answer | None:
    """Return what became of a job; None if its process may go on."""
    ended = begun.process.ended()
    seconds = time.monotonic() - begun.at
    if ended is None and seconds <= begun.job.limit:
        return None
    begun.process.kill()
    if ended is None:
        return Answer(timed_out=True, seconds=seconds)
    path = answer_path(folder, begun.job.number)
    answer = read_answer(path)
    path.unlink(missing_ok=True)
    if answer is None:
        return Answer(error=f"the process ended: {ended}", seconds=seconds)
    return answer._replace(seconds=seconds)
