"""What a mistake changes, as a unified difference of JSON. Pure.

Source: ours.
"""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import Any, Final

WIDTH: Final = 90
"""The most characters of a list that stands on one line."""
_AROUND: Final = 2
"""How many lines around a change are shown."""
_HEAD: Final = 2
"""The number of lines before the first change, which name two files."""


def difference(member: str, before: Any, after: Any) -> list[str]:
    """Return the lines of a unified difference, without those that name files and lines.

    Args:
        member: The member of the API that differs.
        before: The member as it is; None if it is absent.
        after: The member with the mistake; None if it is absent.
    """
    old, new = ([] if value is None else _lines(member, _read(value)) for value in (before, after))
    found = list(unified_diff(old, new, n=_AROUND, lineterm=""))
    return [f"{line[0]} {line[1:]}" for line in found[_HEAD:] if not line.startswith("@@")]


def _lines(name: str | None, value: Any, indent: int = 0) -> list[str]:
    """Return a value as lines of JSON. The last of several members has a comma too, so that no line depends on others.

    A mapping has a line for each member, a list is on one line if it fits.
    """
    before = " " * indent + ("" if name is None else f"{json.dumps(name)}: ")
    text = json.dumps(value)
    if isinstance(value, dict) and value:
        inner = [line for key, one in value.items() for line in _lines(key, one, indent + 2)]
        ends = "{}"
    elif isinstance(value, list) and len(before) + len(text) > WIDTH:
        inner = [line for one in value for line in _lines(None, one, indent + 2)]
        ends = "[]"
    else:
        return [f"{before}{text}{',' * bool(indent)}"]
    return [before + ends[0], *inner, f"{' ' * indent}{ends[1]}{',' * bool(indent)}"]


def _read(value: Any) -> Any:
    """Return the value of a text that is the JSON of a mapping, such as an event pattern; else the value itself."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
