"""The directory of a run's coverage: the data, which `combine` reads, and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.coverage.data import FILE_NAME
from eventmock.coverage.page import page_of

if TYPE_CHECKING:
    from pathlib import Path

    from eventmock.coverage.data import CoverageData

DIRECTORY: Final = ".eventmock-coverage"
"""The directory if none is given."""
PAGE: Final = "index.html"


def write(data: CoverageData, directory: Path) -> None:
    """Write the data and the page. A directory that is made here has a file that keeps it out of git.

    Raises:
        OSError: The directory cannot be made, or a file cannot be written.
    """
    if not directory.exists():
        directory.mkdir(parents=True)
        (directory / ".gitignore").write_text("*\n", encoding="utf-8")
    (directory / FILE_NAME).write_text(data.text(), encoding="utf-8")
    (directory / PAGE).write_text(page_of(data), encoding="utf-8")
