"""An exception that code of the test or the application raised: the object, and lines about it for people.

The lines have what a developer looks for: the whole message, notes, the lines of the test and of the application that
the exception passed, its causes and the members of an exception group. Frames of libraries are left out: those of
Python's own library, of eventmock, and of what is installed in ``site-packages``, unless it was installed from a folder
or a file of this machine, as an application is (PEP 610).

What is kept. A record keeps the exception, and so the frames of its traceback with their local variables, which a
debugger can look at: ``pdb.post_mortem(raised.exception.__traceback__)``. A frame also keeps the frames that called it,
up to the test's. All of this is released together with the record: when the mock is reset, when a snapshot of a time
before is restored, or when the backend, its reports and its snapshots are released.
"""

from __future__ import annotations

import json
import linecache
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from traceback import FrameSummary
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from eventmock.exceptions import TESTS_OWN, name_of, repr_of, showable
from eventmock.history import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    Mask = Callable[[str], str]

MOST_FRAMES: Final = 10
"""The most frames of an exception that are shown; an even number. Of more, the first and the last are shown."""
MOST_EXCEPTIONS: Final = 6
"""The most exceptions that are shown: the exception, its causes, and the members of groups."""
MOST_LINES: Final = 25
"""The most lines of a message that are shown."""
MOST_IN_ALL: Final = 50
"""The most lines about an exception with all that belongs to it. Of more, the first and the last are shown."""
_LAST: Final = 10
"""The number of the last lines that are shown if there are more than `MOST_IN_ALL`."""
MOST_CHARACTERS: Final = 2_000
"""The most characters of a message that are shown."""
_COMPARED: Final = 200
"""The number of characters by which an error is compared with the first line about its exception; long ones are cut."""
LONGEST_SOURCE: Final = 120
"""The most characters of a line of source."""
LONGEST_SUMMARY: Final = 500
"""The most characters of the summary, without the number of characters that follows a cut one."""

_INDENT: Final = "  "
_CAUSE: Final = "caused by "
_CONTEXT: Final = "while handling "
_OWN: Final = f"{Path(__file__).absolute().parents[1]}{os.sep}"
_STANDARD_LIBRARY: Final = f"{Path(os.__file__).absolute().parent}{os.sep}"
_GENERATED: Final = "<string>"
"""The file of code without source, such as the methods that `dataclasses` generates."""
_SITES: Final = ("site-packages", "dist-packages")


class _Link(NamedTuple):
    """One exception of those that the lines are about, as it was when it was kept.

    Attributes:
        how: Words for its part: ``caused by``, or its number in a group; empty for the exception itself.
        level: The number of exception groups around it.
        name: The name of its class.
        text: Its whole text.
        notes: Its notes.
        frames: The first and the last of its frames of the test and the application, the innermost last.
        left_out: The number of such frames between the first and the last ones.
    """

    how: str
    level: int
    name: str
    text: str
    notes: tuple[str, ...]
    frames: tuple[FrameSummary, ...]
    left_out: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Raised:
    """An exception that code of the test or the application raised. Make it by `Raised.of`.

    Attributes:
        exception: The exception. Its ``__traceback__`` has only frames of the test and the application, as have those
            of its causes; see `Raised.of` for the exceptions that keep theirs.
    """

    exception: BaseException
    _links: tuple[_Link, ...]
    _more: int
    _mask: Mask | None = field(default=None)

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """Return the record of an exception. Call this where the exception was caught.

        The tracebacks of the exception, its causes and the members of groups are replaced by ones without the frames of
        libraries. Some tracebacks stay as they are, because Python or pytest still needs them: those of an assertion,
        of an error of eventmock, and of an exception that ends the test at once, such as `KeyboardInterrupt`; and that
        of an exception that a caller of the present function is handling. No object of the test can make this fail.

        Args:
            error: The exception.
        """
        links: list[_Link] = []
        count, is_kept_whole = 0, ends_the_test(error)
        handled = _Stack()
        for how, level, one in _all_of(error, handled):
            count += 1
            entries = list(_entries(one))
            if len(links) < MOST_EXCEPTIONS:
                links.append(_link(how, level, one, entries))
            if not is_kept_whole and (one is error or not handled.handles(one)):
                _set_traceback(one, _joined(entries))
        return cls(error, tuple(links), count - len(links))

    def masked(self, mask: Callable[[str], str]) -> Self:
        """Return the record with secrets masked in summary and lines. The exception itself stays as it is.

        Args:
            mask: A function that returns a text with its secrets masked.
        """
        return replace(self, _mask=mask)

    @property
    def summary(self) -> str:
        """The class of the exception and the first line of its text, in one line. A very long one is cut."""
        first = self._links[0]
        text = next(iter(self._shown(first.text).splitlines()), "")
        line = wording.printable(": ".join(filter(None, (first.name, text))))
        return wording.shortened(line, LONGEST_SUMMARY)

    @property
    def place(self) -> str | None:
        """The innermost frame of the test or the application, ``FILE:LINE in FUNCTION``; None if there is none."""
        frames = self._links[0].frames
        return wording.printable(_place(frames[-1])) if frames else None

    @property
    def has_secrets(self) -> bool:
        """Whether there is a secret that is masked, in a text of the exception, of its causes or of its members.

        Or in a variable of a function that one of these has passed: pytest shows them too.
        """
        if self._mask is None:
            return False
        texts = (text for link in self._links for text in (link.text, *link.notes))
        variables = (
            repr_of(value)
            for _, _, one in _all_of(self.exception, _Stack())
            for entry in _entries(one)
            for value in entry.tb_frame.f_locals.values()
        )
        return self._more > 0 or any(self._shown(text) != text for text in (*texts, *variables))

    @property
    def chainable(self) -> BaseException | None:
        """The exception, if it can be the cause of a failed assertion; else None.

        Python and pytest show a cause with its whole text. So it has a frame of the test or the application, which says
        more than the summary does; it contains no secret; and Python can print it.
        """
        if self.place is None or self.has_secrets:
            return None
        return showable(self.exception)

    def lines(self) -> list[str]:
        """Return lines about the exception, for people.

        The first line has the class and the first line of the text; the rest of the text and the notes follow, then a
        line for each frame, the innermost last: ``at FILE:LINE in FUNCTION: SOURCE``. Paths are relative to the working
        directory if the file is below it. Then come the members of a group and the causes, in the same form. Long
        texts, many frames and many exceptions are cut, and a line has the number of what is left out.
        """
        with suppress(Exception):  # a loader of the application may raise whatever it likes
            for path in {frame.filename for link in self._links for frame in link.frames}:
                linecache.checkcache(path)
        lines = [line for link in self._links for line in self._of_link(link)]
        if self._more:
            lines.append(f"... and {wording.counted(self._more, 'more exception')}")
        if len(lines) > MOST_IN_ALL:
            left_out = lines[MOST_IN_ALL - _LAST - 1 : -_LAST]
            lines[MOST_IN_ALL - _LAST - 1 : -_LAST] = [f"... {len(left_out)} more lines"]
        return list(map(wording.printable, lines))

    def lines_beside(self, error: str) -> tuple[str, ...]:
        """Return `lines` for a place where an error in one line is shown too: without the first if that says the same.

        Args:
            error: The error in one line.
        """
        first, *rest = self.lines()
        shown = wording.printable(error)
        return tuple(rest if first[:_COMPARED] in shown or shown in first else [first, *rest])

    def __repr__(self) -> str:
        place = "" if self.place is None else f" at {self.place}"
        return f"<Raised {self.summary}{place}>"

    def _of_link(self, link: _Link) -> Iterator[str]:
        outer = _INDENT * link.level
        first, *others = _cut(self._shown(link.text)) or [""]
        yield f"{outer}{link.how}{': '.join(filter(None, (link.name, first)))}"
        for note in link.notes:
            begun, *going_on = _cut(self._shown(note)) or [""]
            others += [f"note: {begun}", *(f"{_INDENT}{line}" for line in going_on)]
        yield from (f"{outer}{_INDENT}{line}" for line in others)
        for number, frame in enumerate(link.frames):
            if link.left_out and number == MOST_FRAMES // 2:
                yield f"{outer}{_INDENT}... {wording.counted(link.left_out, 'more frame')}"
            source = wording.cut(self._shown(_source(frame)), LONGEST_SOURCE)
            yield f"{outer}{_INDENT}at {_place(frame)}" + (f": {source}" if source else "")

    def _shown(self, text: str) -> str:
        return text if self._mask is None else self._mask(text)


# What is read of an exception, however its class overrides its attributes

_traceback_of: Final[Callable[[BaseException], TracebackType | None]] = BaseException.__dict__[
    "__traceback__"
].__get__
_set_traceback: Final = BaseException.__dict__["__traceback__"].__set__
_cause_of: Final[Callable[[BaseException], BaseException | None]] = BaseException.__dict__[
    "__cause__"
].__get__
_context_of: Final[Callable[[BaseException], BaseException | None]] = BaseException.__dict__[
    "__context__"
].__get__
_suppresses_context: Final[Callable[[BaseException], bool]] = BaseException.__dict__[
    "__suppress_context__"
].__get__
_exceptions_of: Final[Callable[[BaseException], tuple[BaseException, ...]]] = BaseExceptionGroup.__dict__[
    "exceptions"
].__get__


def ends_the_test(error: BaseException) -> bool:
    """Return whether an exception will end the test, so that pytest shows its traceback."""
    kind = type(error)
    return not issubclass(kind, Exception) or issubclass(kind, TESTS_OWN)


def _all_of(error: BaseException, handled: _Stack) -> Iterator[tuple[str, int, BaseException]]:
    """Yield an exception, the members of groups and the causes, each once, with its part and the number of groups."""
    seen: set[int] = set()
    rest: list[tuple[str, int, BaseException]] = [("", 0, error)]
    while rest:
        how, level, one = rest.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield how, level, one
            rest += reversed([*_members(one, level), *_before(one, level, handled)])


def _link(how: str, level: int, error: BaseException, entries: list[TracebackType]) -> _Link:
    half = MOST_FRAMES // 2
    shown = entries if len(entries) <= MOST_FRAMES else [*entries[:half], *entries[-half:]]
    return _Link(
        how,
        level,
        name_of(type(error)),
        _text(error),
        _notes(error),
        tuple(map(_summary, shown)),
        len(entries) - len(shown),
    )


def _text(error: BaseException) -> str:
    """Return the text of an exception; words for it if ``str`` fails on it."""
    try:
        return "\n".join(str.splitlines(str(error)))
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return "its text cannot be made"


def _notes(error: BaseException) -> tuple[str, ...]:
    """Return the notes of an exception; none if reading them raises an error."""
    try:
        notes: Any = object.__getattribute__(error, "__notes__")
        return tuple(
            "\n".join(str.splitlines(note)) if issubclass(type(note), str) else repr_of(note)
            for note in (notes if issubclass(type(notes), (list, tuple)) else [notes])
        )
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return ()


def _members(error: BaseException, level: int) -> list[tuple[str, int, BaseException]]:
    """Return the members of an exception group; none if the exception is not a group."""
    if not issubclass(type(error), BaseExceptionGroup):
        return []
    members = _exceptions_of(error)
    return [(f"{number} of {len(members)}: ", level + 1, member) for number, member in enumerate(members, 1)]


def _before(error: BaseException, level: int, handled: _Stack) -> list[tuple[str, int, BaseException]]:
    """Return the cause of an exception; without one, the exception that was handled when it was raised, if any."""
    cause = _cause_of(error)
    if cause is not None:
        return [(_CAUSE, level, cause)]
    context = None if _suppresses_context(error) else _context_of(error)
    return [] if context is None or handled.handles(context) else [(_CONTEXT, level, context)]


class _Stack:
    """The frames that run at the moment. The frames of the code that raised have ended."""

    def __init__(self) -> None:
        self._frames: set[FrameType] | None = None

    def handles(self, error: BaseException) -> bool:
        """Return whether a running frame has caught an exception: its handler surrounds the code that raised."""
        traceback = _traceback_of(error)
        if traceback is None:
            return False
        if self._frames is None:
            self._frames = set()
            frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - nothing public has the frame as cheaply
            while frame is not None:
                self._frames.add(frame)
                frame = frame.f_back
        return traceback.tb_frame in self._frames


# Frames


def _entries(error: BaseException) -> Iterator[TracebackType]:
    """Yield the entries of a traceback that are the test's or the application's.

    If an exception object is raised again, Python keeps the entries of the time before, after the new ones. Of those,
    `Raised.of` has left the user's only. So they begin with a function that eventmock called then, and the entry before
    them is not that call.
    """
    entry = _traceback_of(error)
    before: FrameType | None = None
    while entry is not None:
        frame = entry.tb_frame
        if _is_users_file(frame.f_code.co_filename):
            caller = frame.f_back
            if before is not None and caller is not None and caller is not before and _is_own(caller):
                return
            yield entry
        before, entry = frame, entry.tb_next


def _joined(entries: list[TracebackType]) -> TracebackType | None:
    """Return a traceback of some entries of another; None for none."""
    joined: TracebackType | None = None
    for entry in reversed(entries):
        joined = TracebackType(joined, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return joined


def _summary(entry: TracebackType) -> FrameSummary:
    code = entry.tb_frame.f_code
    with suppress(Exception):  # a loader of the application may raise whatever it likes
        linecache.lazycache(code.co_filename, entry.tb_frame.f_globals)
    return FrameSummary(code.co_filename, entry.tb_lineno, code.co_name, lookup_line=False)


def _is_own(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(_OWN)


@lru_cache(maxsize=1_000)
def _is_users_file(filename: str) -> bool:
    """Return whether a source file is the test's or the application's.

    Args:
        filename: The path of the file, as its code objects have it.
    """
    if filename == _GENERATED or filename.startswith(("<frozen ", _OWN)):
        return False
    parts = filename.replace("\\", "/").split("/")
    at = max((index for index, part in enumerate(parts) if part in _SITES), default=None)
    if at is not None:
        return parts[at + 1 : at + 2] != [] and parts[at + 1] in _installed_by_path("/".join(parts[: at + 1]))
    return not filename.startswith(_STANDARD_LIBRARY)


@lru_cache(maxsize=100)
def _installed_by_path(site: str) -> frozenset[str]:
    """Return the names of packages and modules in a directory that were installed from a folder or file by its path."""
    names: set[str] = set()
    for source in Path(site).glob("*.dist-info/direct_url.json"):
        with suppress(OSError, ValueError, AttributeError):
            if str(json.loads(source.read_text(encoding="utf-8")).get("url")).startswith("file:"):
                files = source.with_name("RECORD").read_text(encoding="utf-8").splitlines()
                names.update(file.partition(",")[0].partition("/")[0] for file in files)
    return frozenset(names)


# Lines


def _place(frame: FrameSummary) -> str:
    return f"{_shown_path(frame.filename)}:{frame.lineno} in {frame.name}"


def _shown_path(path: str) -> str:
    """Return a path relative to the working directory if the file is below it; else the path."""
    try:
        return path.removeprefix(f"{Path.cwd()}{os.sep}")
    except OSError:  # the directory was removed
        return path


def _source(frame: FrameSummary) -> str:
    """Return the source of a frame's line, without white space around it; empty if it cannot be read."""
    with suppress(Exception):  # a loader of the application may raise whatever it likes
        return frame.line or ""
    return ""


def _cut(text: str) -> list[str]:
    """Return the lines of a text; of a long one the first, with the number of its characters."""
    kept = text[:MOST_CHARACTERS].splitlines()[:MOST_LINES]
    if len(text) > MOST_CHARACTERS or len(kept) < len(text.splitlines()):
        kept[-1] = f"{kept[-1]}... ({len(text):,} characters)"
    return [line.expandtabs(4) for line in kept]
