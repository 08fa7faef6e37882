"""``coverage``: the coverage of several runs combined, and the table or the JSON of what a run has written."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal

from eventmock.commands.output import say, say_json
from eventmock.coverage.data import FILE_NAME, CoverageData, read_file
from eventmock.coverage.output import DIRECTORY, PAGE, write
from eventmock.coverage.totals import too_little, totals_of
from eventmock.exceptions import OptionError
from eventmock.history.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.coverage.selection import Selection

Format = Literal["text", "markdown", "json"]


def combine(
    paths: Sequence[str], *, directory: str | None, selection: Selection, fail_under: float | None
) -> int:
    """Combine the data of several runs, print the table, and write the data and the page.

    A file with the same content as another one counts once.

    Args:
        paths: The directories that the runs have written, or the files of data in them.
        directory: The directory of the output; None for the one that pytest uses if none is given.
        selection: What counts.
        fail_under: The least share of points in percent; None for any.

    Returns:
        1 if less than that was tried, else 0.

    Raises:
        OptionError: A path does not exist or has no data, or the output cannot be written.
    """
    data = CoverageData()
    read: dict[str, Path] = {}
    for path in map(_file, paths):
        part = read_file(path)
        text = part.text()
        if text in read:
            say(f"{path} is left out: its data is that of {read[text]}")
        else:
            read[text] = path
            data.combine(part)
    selection.narrow(data)
    output = Path(directory or DIRECTORY)
    try:
        write(data, output)
    except OSError as error:
        raise OptionError(f"--dir={output}: cannot be written: {error.strerror}") from None
    _print(data, "text", shows_covered=False)
    say(
        f"\n{counted(len(read), 'run')} combined; each rule, with what the tests tried of it, is in {output / PAGE}"
    )
    return _verdict(data, fail_under)


def report(
    path: str | None, *, form: Format, shows_covered: bool, selection: Selection, fail_under: float | None
) -> int:
    """Print what a run, or `combine`, has written.

    Args:
        path: The directory, or the file of data in it; None for the directory that pytest uses if none is given.
        form: The form in which coverage is printed.
        shows_covered: Whether the table has rules that are covered fully.
        selection: What counts.
        fail_under: The least share of points in percent; None for any.

    Returns:
        1 if less than that was tried, else 0.

    Raises:
        OptionError: The path does not exist or has no data.
    """
    data = read_file(_file(path or DIRECTORY))
    selection.narrow(data)
    _print(data, form, shows_covered=shows_covered)
    return _verdict(data, fail_under)


def _file(path: str) -> Path:
    """Return the file of data of a directory; another path is that of a file."""
    return Path(path) / FILE_NAME if Path(path).is_dir() else Path(path)


def _print(data: CoverageData, form: Format, *, shows_covered: bool) -> None:
    if form == "json":
        from eventmock.coverage.listing import listing_of

        say_json(listing_of(data))
    elif form == "markdown":
        from eventmock.coverage.markdown import markdown_of

        say(markdown_of(data, shows_covered=shows_covered))
    else:
        from eventmock.coverage.table import table_of

        say(table_of(data, get_terminal_size().columns, shows_covered=shows_covered))


def _verdict(data: CoverageData, fail_under: float | None) -> int:
    """Print whether too little was tried, on standard error, and return the exit code."""
    failure = None if fail_under is None else too_little(totals_of(data), fail_under, "--fail-under")
    if failure is not None:
        say(failure, sys.stderr)
    return int(failure is not None)
