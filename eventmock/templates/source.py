"""A template as it was given: its text, and the line of each part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The keys and indices that lead from the top of a document to a part of it."""


class Place(NamedTuple):
    """A place in a template.

    Attributes:
        file: The path of the file as it was given; None if the template was given as a mapping.
        line: The number of the line, from 1; None if it is not known.
    """

    file: str | None
    line: int | None

    def __str__(self) -> str:
        where = "template" if self.file is None else self.file
        return where if self.line is None else f"{where}:{self.line}"


class Source:
    """A template as it was given.

    Attributes:
        file: The path of the file as it was given; None if the template was given as a mapping.
        text: The text of the file; None if the template was given as a mapping.
        document: The template as plain Python values, with short tags in their long form.
    """

    file: str | None
    text: str | None
    document: dict[str, Any]

    def place(self, path: Path) -> Place:
        """Return the place of a part; of the deepest part that exists if the path leads beyond it.

        Args:
            path: The path of the part. The place of a key of a mapping is that of the key itself.
        """
        raise NotImplementedError

    @property
    def repeated_keys(self) -> list[Path]:
        """The paths of the keys that stand twice in one mapping; the last of them counts."""
        raise NotImplementedError


def read_source(template: str | os.PathLike[str] | Mapping[str, Any]) -> Source:
    """Read a template.

    Args:
        template: The path of a YAML or JSON file, or the template as a mapping.

    Raises:
        TemplateError: The file cannot be read, or is not a template; the text says what it is.
    """
    raise NotImplementedError
