"""The lines of the tester's own code that called eventmock or botocore, for the texts of errors.

A tester's own code is whatever is neither of eventmock, nor of Python's standard library, nor installed beside it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STANDARD_LIBRARY: Final = os.path.join(os.path.dirname(os.__file__), "")  # noqa: PTH118, PTH120 - pathlib would be slower
_EVENTMOCK: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")  # noqa: PTH118, PTH120 - the same
_INSTALLED: Final = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))


def place_of_caller() -> str:
    """Return the file and line of the innermost caller in the tester's own code.

    If there is none, as in a plugin of pytest that is installed, it is the innermost caller outside eventmock.
    """
    return places_of_test()[0]


def places_of_test() -> tuple[str, str]:
    """Return two places in the tester's own code: the innermost caller, and the line of the test that led to it.

    The line of the test is the outermost one below pytest: in the test function, a fixture, or a module that pytest
    imports. Both places are the same if the test calls directly.
    """
    outside = [frame for frame in _frames() if not frame.f_code.co_filename.startswith(_EVENTMOCK)]
    own = [frame for frame in outside if _is_own(frame.f_code.co_filename)] or outside[:1]
    return _place(own[0]), _place(own[-1])


def _frames() -> Iterator[FrameType]:
    """Yield the frames of all callers, the innermost first, up to pytest."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way to the caller
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("_pytest."):
        yield frame
        frame = frame.f_back


def _is_own(file: str) -> bool:
    return not file.startswith((_STANDARD_LIBRARY, "<frozen ")) and not any(
        part in file for part in _INSTALLED
    )


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
