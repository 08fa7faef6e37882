"""The option --events of the command line: a folder of JSON files with events, or one such file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eventmock.checks.subject import Sample
from eventmock.commands.documents import Document, WrongInput, read_file
from eventmock.commands.given_event import read_event
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_samples(path: str) -> list[Sample]:
    """Read the events of a folder and its folders, or of a file.

    A file has one event, or a list of them. An event is one as rules see it, or an entry of PutEvents.

    Raises:
        WrongInput: There is no such folder or file, it has no events, or a file has something else.
    """
    given = Path(path)
    files = sorted(given.rglob("*.json")) if given.is_dir() else [given]
    samples = [sample for file in files for sample in _samples_of(file)]
    if not samples:
        raise WrongInput(f"--events: {path} has no events: wanted files that end in .json")
    return samples


def _samples_of(file: Path) -> Iterator[Sample]:
    document = read_file("--events", str(file))
    value = document.value()
    if not isinstance(value, list):
        yield _sample(document, file, file.name)
        return
    for number, one in enumerate(value, 1):
        title = f"{file.name}, event {number}"
        yield _sample(Document(f"--events ({file}), event {number}", dumps(one)), file, title)


def _sample(document: Document, file: Path, title: str) -> Sample:
    given = read_event(document)
    return Sample(file.as_posix(), title, given.event, given.bus)
