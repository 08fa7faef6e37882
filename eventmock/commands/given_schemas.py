"""Folders of schemas on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eventmock.commands.documents import WrongInput

if TYPE_CHECKING:
    from eventmock.schemas.event_schema import EventSchema


def read_given_schemas(name: str, folder: str) -> list[EventSchema]:
    """Return the schemas of a folder.

    Args:
        name: The name of the argument, for messages.
        folder: The path of the folder.

    Raises:
        WrongInput: There is no such folder.
        EventmockError: A file of the folder is not a schema.
    """
    if not Path(folder).is_dir():
        what = "is not a folder" if Path(folder).exists() else "does not exist"
        raise WrongInput(f"{name}: {folder} {what}: wanted a folder of schemas of events")
    from eventmock.schemas.reading import read_schemas

    return read_schemas(folder)
