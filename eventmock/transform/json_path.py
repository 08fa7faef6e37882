"""The subset of JSONPath that EventBridge takes in `InputPath`, `InputPathsMap` and dynamic path parameters.

    $                  the whole document
    $.detail.a-b/c_1   members; names of letters, digits, `-`, `_` and `/`
    $.resources[0]     an item by its index, from zero
    $.items[*].name    an array with the member `name` of each item that has it

The rest of JSONPath is not supported: no `..`, `.*`, filter, slice, negative index or quoted bracket. So a member whose
name contains a dot, a blank or a colon cannot be reached.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html (the list of
what is supported). Recorded: plain members, and that a path names members level by level (of two nested
members of the same name the outer is taken). Measured: `$` and `$.a[0]` are accepted; a path without `$` or with
quoted brackets is refused. Captured: `$.obj.*` is refused, `$.list[*].name` gives an array. Inferred: NAME,
and that `[*]` finds nothing in a value that is not an array.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from eventmock.transform.json_text import JsonText

# Inferred: AWS refuses all other characters in a name. The page lists only these as supported.
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
"""The result of `JsonPath.find` if the document has no value at the path."""

EVERY: Final = Every.EVERY
"""The step `[*]`."""


class InvalidPath(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """EventBridge refuses a text as a path.

    Attributes:
        path: The text that was given.
        reason: What is wrong with the text, and what to write instead.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path!r} is not a path EventBridge takes: {self.reason}"


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path into a JSON document; `parse` makes it.

    Attributes:
        text: The path as it was written.
        steps: Member names, indices of items and EVERY, in order.
    """

    text: str
    steps: tuple[str | int | Every, ...]

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        """Read a path.

        Raises:
            InvalidPath: The text does not begin with `$`, or has a step that is not supported.
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
        """Return the value at the path in a document (null is a value), or MISSING.

        With `[*]`, the value is an array of the values that the rest of the path finds in each item; it is empty if
        no item has such a value. Several `[*]` give one flat array. `[*]` finds nothing in a value that is not an
        array (inferred).
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
