"""Which property of a resource an error of AWS is about, as far as the error's text says. Pure.

AWS names a property (``Parameter ScheduleExpression is not valid.``, ``at 'targets.2.member.id'``), quotes its value
(``Event bus orders does not exist.``), or speaks of it (``ScheduleExpression is supported only on ...``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Path = tuple[str | int, ...]

_CONSTRAINT: Final = re.compile(r" at '([^']+)' failed to satisfy")
_PARAMETER: Final = re.compile(r"Parameter\(?s?\)? ([A-Za-z.]+) is not valid")
_SHORTEST: Final = 3
"""The fewest characters of a value that is looked for; a shorter one may stand in any text."""


def path_to_blame(message: str, properties: Mapping[str, Any]) -> Path:
    """Return the path of the property that an error is about; empty if the text names none.

    Args:
        message: AWS's text.
        properties: The evaluated properties of the resource.
    """
    for named in (*_CONSTRAINT.findall(message), *_PARAMETER.findall(message)):
        if path := _walked(named.replace(".member", "").split("."), properties):
            return path
    quoted = [
        (len(text), path)
        for path, text in _texts(properties, ())
        if len(text) >= _SHORTEST and re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", message)
    ]
    if quoted:
        return max(quoted, key=lambda found: found[0])[1]
    spoken_of = [
        name for name in properties if re.search(rf"\b{re.escape(name)}\b(?!.* must be specified)", message)
    ]
    return (spoken_of[0],) if spoken_of else ()


def _walked(names: list[str], properties: Mapping[str, Any]) -> Path:
    """Return the path that names in AWS's spelling lead along, as far as there are such properties."""
    path: Path = ()
    value: Any = properties
    for name in names:
        if isinstance(value, dict):
            key = next((key for key in value if key.lower() == name.lower()), None)
            if key is None:
                break
            path, value = (*path, key), value[key]
        elif isinstance(value, list) and name.isdigit() and 0 < int(name) <= len(value):
            path, value = (*path, int(name) - 1), value[int(name) - 1]
    return path


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of each value that is a text."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
