"""The words of the report for a subject that takes events, and for a schedule, which acts at moments.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.mutants import Harm, Mutant


class Words(NamedTuple):
    """Words of the report.

    Attributes:
        harms: What a mistake would do in production.
        cause: What makes the subject act.
        test: The beginning of words for a test in which the mistake shows.
        already: The words for tests in which the cause is present.
        delivered: The words for what a target gets.
    """

    harms: Mapping[Harm, str]
    cause: str
    test: str
    already: str
    delivered: str


_EVENT: Final = Words(
    harms={
        "silence": "no event is delivered that should be",
        "less": "some events are not delivered",
        "lost": "events are lost when a target fails",
        "changed": "targets get something else, or at other times",
        "ended": "the subject exists longer, or not as long, as it should",
        "more": "targets get events that they should not get",
    },
    cause="an event",
    test="a test in which such an event comes",
    already="such an event comes in a test already",
    delivered="it",
)
_MOMENT: Final = Words(
    harms={
        "silence": "the target is never invoked",
        "less": "the target is not invoked at some moments",
        "lost": "the input is lost when the target fails",
        "changed": "the target gets something else, or at other times",
        "ended": "the schedule exists longer, or not as long, as it should",
        "more": "the target is invoked when it should not be",
    },
    cause="a moment",
    test="a test in which the clock passes such a moment",
    already="the clock passes such a moment in a test already",
    delivered="the input",
)


def words_for(mutant: Mutant) -> Words:
    """Return the words for a mistake."""
    return _EVENT if mutant.moment is None else _MOMENT
