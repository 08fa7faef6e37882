"""The lines of a JSON document. It is read a second time for them, when a line is first asked for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.templates.source import Path

_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]|[^\s{}\[\]:,"]++')


class _Part:
    """A value in the document.

    Args:
        line: The number of the line, from 1: that of the key, if the value is a member of a mapping.
        parts: The values in a mapping or a list, by key or index; None in a scalar.
    """

    __slots__ = ("line", "parts")

    def __init__(self, line: int, parts: dict[str | int, _Part] | None) -> None:
        self.line = line
        self.parts = parts


class JsonPlaces:
    """The lines of the parts of a JSON document.

    Args:
        text: The document, which Python's `json` has read without an error.

    Attributes:
        repeated_keys: The paths of the keys that stand twice in one mapping.
    """

    def __init__(self, text: str) -> None:
        self.repeated_keys: list[Path] = []
        self._root = self._read(text)

    def line(self, path: Path) -> int:
        """Return the line of a part; of the deepest part that exists if the path leads beyond it."""
        part = self._root
        for step in path:
            inner = (part.parts or {}).get(step)
            if inner is None:
                break
            part = inner
        return part.line

    def _read(self, text: str) -> _Part:
        root = _Part(1, {})
        line, counted = 1, 0
        open_: list[tuple[_Part, bool, list[str | int]]] = [(root, False, [])]
        key: tuple[str, int] | None = None
        for found in _TOKEN.finditer(text):
            piece = found[0]
            line += text.count("\n", counted, found.start())
            counted = found.start()
            if piece in "}]":
                open_.pop()
                continue
            outer, has_keys, path = open_[-1]
            if has_keys and key is None:
                key = (json.loads(piece) if "\\" in piece else piece[1:-1]), line
                continue
            parts = outer.parts
            assert parts is not None
            name, its_line = key or (len(parts), line)
            key = None
            if name in parts:
                self.repeated_keys.append((*path, name))
            parts[name] = part = _Part(its_line, {} if piece in "{[" else None)
            if piece in "{[":
                open_.append((part, piece == "{", [*path, name] if len(open_) > 1 else []))
        return (root.parts or {}).get(0, root)
