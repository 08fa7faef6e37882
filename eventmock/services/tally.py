"""A tally of what was tried of each subject of coverage, while the entries of a journal are read.

Source: ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from eventmock.services.coverage import Tried

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from eventmock.services.coverage import Subject


class Text(Protocol):
    """What a subject took, as JSON text. The text may be made when it is first asked for."""

    @property
    def text(self) -> str:
        """The text."""


class Tally:
    """What was tried of each subject, in one go."""

    def __init__(self) -> None:
        self._subjects: dict[int, Subject] = {}
        self._counts: dict[int, dict[str, int]] = {}
        self._points: dict[int, set[str]] = {}
        self._events: dict[int, Text] = {}

    def add(self, subject: Subject, what: str | None, points: Collection[str], times: int = 1) -> None:
        """Add what happened so many times, if it is counted, and the points that were tried."""
        key = id(subject)
        counts = self._counts.get(key)
        if counts is None:
            self._subjects[key], self._points[key] = subject, set()
            counts = self._counts[key] = {}
        if what is not None:
            counts[what] = counts.get(what, 0) + times
        if points:
            self._points[key].update(points)

    def keep(self, subject: Subject, event: Text) -> None:
        """Keep an event that the subject took, if it is shorter than the one that is kept."""
        kept = self._events.get(id(subject))
        if kept is None or (len(event.text), event.text) < (len(kept.text), kept.text):
            self._events[id(subject)] = event

    def tried(self) -> Iterator[Tried]:
        """Yield what was tried of each subject."""
        for key, subject in self._subjects.items():
            event = self._events.get(key)
            yield Tried(subject, self._counts[key], self._points[key], None if event is None else event.text)
