"""The subset of JSONPath that EventBridge takes in `InputPath`, `InputPathsMap` and dynamic path parameters.

    $                  the whole document
    $.detail.a-b/c_1   members; names of letters, digits, `-`, `_` and `/`
    $.resources[0]     an item by its index, from zero
    $.items[*].name    of every item that has it: an array

What it is not: JSONPath. No `..`, no `.*`, no filter, slice, negative index or quoted bracket, so a member
whose name holds a dot, a blank or a colon cannot be reached.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html (the list of
what is supported). Recorded: plain members, and that a path names members level by level (of two nested
members of one name the outer is taken). Measured: `$` and `$.a[0]` are accepted; a path without `$` or with
quoted brackets is refused. Captured: `$.obj.*` is refused, `$.list[*].name` gives an array. Inferred: NAME,
and what `[*]` does to anything but an array.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from eventmock.transform.json_text import JsonText

# Inferred: that AWS refuses every other character in a name. The page lists these as supported and no more.
NAME: Final = r"[A-Za-z0-9_/-]+"

_STEP = re.compile(rf"\.(?P<name>{NAME})|\[(?P<index>[0-9]{{1,9}})\]|\[(?P<every>\*)\]")


class Missing(Enum):
    """The type of MISSING."""

    MISSING = "MISSING"

    def __repr__(self) -> str:
        return self.value


class Every(Enum):
    """The type of EVERY."""

    EVERY = "[*]"

    def __repr__(self) -> str:
        return self.value


MISSING: Final = Missing.MISSING
"""What `JsonPath.find` answers when the document has nothing there."""

EVERY: Final = Every.EVERY
"""The step `[*]`."""


class InvalidPath(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """The text is not a path EventBridge takes.

    Attributes:
        path: the text that was given.
        reason: what is wrong with it and what to write instead.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path!r} is not a path EventBridge takes: {self.reason}"


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path into a JSON document; build it with `parse`.

    Attributes:
        text: the path as it was written.
        steps: member names, item indices and EVERY, in order.
    """

    text: str
    steps: tuple[str | int | Every, ...]

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        """Read a path.

        Raises:
            InvalidPath: it does not begin with `$`, or holds a step outside the subset.
        """
        if not text.startswith("$"):
            raise InvalidPath(text, "a path begins with '$'")
        steps: list[str | int | Every] = []
        position = 1
        while position < len(text):
            step = _STEP.match(text, position)
            if step is None:
                raise InvalidPath(
                    text,
                    f"{text[position:]!r} is not a step; a step is .name "
                    "(letters, digits, '-', '_', '/'), [0] or [*]",
                )
            position = step.end()
            if step["every"]:
                steps.append(EVERY)
            else:
                steps.append(step["name"] or int(step["index"]))
        return cls(text, tuple(steps))

    def find(self, document: JsonText) -> JsonText | Missing:
        """Return what the path leads to in `document`: a value (null is one), or MISSING.

        A path with `[*]` leads to an array of what was found behind it, empty if no item has it; several
        `[*]` give one flat array. `[*]` on anything but an array finds nothing (inferred).
        """
        text, outline = document.text, document.outline
        found = [(0, len(text))]
        spread = False
        for step in self.steps:
            if isinstance(step, str):
                inside = [outline.members(start) for start, _ in found]
                found = [members[step] for members in inside if step in members]
            elif isinstance(step, int):
                lists = [outline.items(start) for start, _ in found]
                found = [items[step] for items in lists if step < len(items)]
            else:
                if not spread and not any(text.startswith("[", start) for start, _ in found):
                    return MISSING
                spread = True
                found = [item for start, _ in found for item in outline.items(start)]
        values = [JsonText(text[start:end]) for start, end in found]
        if spread:
            return JsonText.of_array(values)
        return values[0] if values else MISSING
