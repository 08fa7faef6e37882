"""The two ways input shaping fails: PutTargets refuses it, or a delivery is dropped.

What it is: `InvalidInput` with every text AWS answers, each written here and only here, and `InvalidJson`.
What it is not: an AWS error response (`ValidationException` is made of `InvalidInput` by the service layer),
nor a dead letter (`INVALID_JSON` is made of `InvalidJson` by the delivery).

Source of the texts: recorded (`only_one_member`, `unknown_placeholder`); measured in us-east-1 in September
2026 (`invalid_path`, `placeholder_outside_json_object`, the first words of `input_not_json`); for the place
in `input_not_json` one captured answer (the text not-json: line 1, column 1).
"""

from collections.abc import Iterable

from eventmock.transform.json_text import NotJson

# Jackson shows this many UTF-16 units of its source, then how many more there were.
_SOURCE_SHOWN = 500


class InvalidInput(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """What PutTargets refuses. `str()` speaks to the tester, `message_for` with AWS's voice.

    Attributes:
        reason: what is wrong and what to do, for the tester.
    """

    def __init__(self, before_target_id: str, after_target_id: str, reason: str) -> None:
        super().__init__(before_target_id, after_target_id, reason)
        self.reason = reason
        self._before = before_target_id
        self._after = after_target_id

    def message_for(self, target_id: str) -> str:
        """Return the text of AWS's ValidationException, for the target of this id."""
        return f"{self._before}{target_id}{self._after}"

    def __str__(self) -> str:
        return self.reason


class InvalidJson(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """What EventBridge drops instead of delivering: silently, or to a dead-letter queue as INVALID_JSON.

    Attributes:
        body: the text that would have been sent (it is what the dead-letter queue gets).
        reason: why it is dropped and what to do, for the tester.
    """

    def __init__(self, body: str, reason: str) -> None:
        super().__init__(body, reason)
        self.body = body
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def only_one_member(given: Iterable[str]) -> InvalidInput:
    """More than one of the three members was given."""
    return InvalidInput(
        "Only one of Input, InputPath, or InputTransformer must be provided for target ",
        ".",
        f"a target takes one of Input, InputPath and InputTransformer; {' and '.join(given)} were given",
    )


def input_not_json(error: NotJson) -> InvalidInput:
    """`Input` is not JSON.

    The place is where the offending token begins: captured for a fault in the first token, else inferred.
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
    """`InputPath`, or a value of `InputPathsMap`, is not a path."""
    return InvalidInput("InputPath for target ", " is invalid.", reason)


def unknown_placeholder(name: str, known: Iterable[str]) -> InvalidInput:
    """Return the template names a variable that nothing defines."""
    names = ", ".join(sorted(known)) or "none"
    return InvalidInput(
        "InputTemplate for target ",
        f" contains invalid placeholder {name}.",
        f"<{name}> is neither reserved nor a key of InputPathsMap (its keys: {names})",
    )


def placeholder_as_key(name: str) -> InvalidInput:
    """Return a JSON template has a placeholder in a member's name.

    The documentation forbids it; that PutTargets is what refuses it, and in these words, is inferred.
    """
    return InvalidInput(
        "InputTemplate for target ",
        f" contains invalid placeholder {name}.",
        f"<{name}> stands in the name of a member; placeholders may only stand in values",
    )


def placeholder_outside_json_object(name: str) -> InvalidInput:
    """Return the template has the event where a JSON object's member value cannot be."""
    return InvalidInput(
        "InputTemplate for target ",
        f" contains placeholder {name} valid only for JSON template.",
        f"<{name}> may only be a value in a JSON object template, without quotes round it",
    )
