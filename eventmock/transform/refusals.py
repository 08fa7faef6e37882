"""The two errors about the input of a target: PutTargets refuses a target, or EventBridge drops a delivery.

`InvalidInput` has AWS's texts, which are written only here. The operation PutTargets makes a `ValidationException` of
it. `InvalidJson` is for a delivery, which makes a dead letter with the code `INVALID_JSON` of it.

Source of the texts: recorded (`only_one_member`, `unknown_placeholder`); measured in us-east-1 in September
2026 (`invalid_path`, `placeholder_outside_json_object`, the first words of `input_not_json`); for the place
in `input_not_json` one captured answer (the text not-json: line 1, column 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventmock.transform.json_text import NotJson

# Jackson shows this many UTF-16 units of its source, and then the number of the units that it does not show.
_SOURCE_SHOWN = 500


class InvalidInput(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """PutTargets refuses a target. `str()` is our text for the tester, `message_for` returns AWS's text.

    Attributes:
        reason: What is wrong and what to do, for the tester.
    """

    def __init__(self, before_target_id: str, after_target_id: str, reason: str) -> None:
        super().__init__(before_target_id, after_target_id, reason)
        self.reason = reason
        self._before = before_target_id
        self._after = after_target_id

    def message_for(self, target_id: str) -> str:
        """Return the text of AWS's ValidationException, for the target with an id."""
        return f"{self._before}{target_id}{self._after}"

    def __str__(self) -> str:
        return self.reason


class InvalidJson(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """EventBridge drops a delivery because its text is not JSON. A dead-letter queue gets it as INVALID_JSON.

    Attributes:
        body: The text that would have been sent to the target; it is sent to the dead-letter queue.
        reason: What is wrong and what to do, for the tester.
    """

    def __init__(self, body: str, reason: str) -> None:
        super().__init__(body, reason)
        self.body = body
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def only_one_member(given: Iterable[str]) -> InvalidInput:
    """Return the error for a target that has more than one of the three members."""
    return InvalidInput(
        "Only one of Input, InputPath, or InputTransformer must be provided for target ",
        ".",
        f"a target takes one of Input, InputPath and InputTransformer; {' and '.join(given)} were given",
    )


def input_not_json(error: NotJson) -> InvalidInput:
    """Return the error for an `Input` that is not JSON.

    The place in its text is the beginning of the wrong token (captured for the first token, inferred for others).
    """
    units = error.text.encode("utf-16-le", "surrogatepass")
    shown = f'"{units[: 2 * _SOURCE_SHOWN].decode("utf-16-le", "replace")}"'
    if len(units) > 2 * _SOURCE_SHOWN:
        shown += f"[truncated {len(units) // 2 - _SOURCE_SHOWN} chars]"
    return InvalidInput(
        "JSON syntax error in input for target ",
        f": [Source: (String){shown}; line: {error.line}, column: {error.column}]",
        f"Input must be JSON (a plain text needs quotes of its own): {error}",
    )


def invalid_path(reason: str) -> InvalidInput:
    """Return the error for an `InputPath`, or a value of `InputPathsMap`, that is not a path."""
    return InvalidInput("InputPath for target ", " is invalid.", reason)


def unknown_placeholder(name: str, known: Iterable[str]) -> InvalidInput:
    """Return the error for a template with a variable that is neither reserved nor in `InputPathsMap`."""
    names = ", ".join(sorted(known)) or "none"
    return InvalidInput(
        "InputTemplate for target ",
        f" contains invalid placeholder {name}.",
        f"<{name}> is neither reserved nor a key of InputPathsMap (its keys: {names})",
    )


def placeholder_as_key(name: str) -> InvalidInput:
    """Return the error for a JSON template that has a placeholder in a member's name.

    The documentation forbids such a template. That PutTargets refuses it, and in these words, is inferred.
    """
    return InvalidInput(
        "InputTemplate for target ",
        f" contains invalid placeholder {name}.",
        f"<{name}> stands in the name of a member; placeholders may only stand in values",
    )


def placeholder_outside_json_object(name: str) -> InvalidInput:
    """Return the error for a template that inserts the whole event where no member's value of an object can be."""
    return InvalidInput(
        "InputTemplate for target ",
        f" contains placeholder {name} valid only for JSON template.",
        f"<{name}> may only be a value in a JSON object template, without quotes round it",
    )
