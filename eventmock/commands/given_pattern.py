"""PATTERN of the command line: compiled, or refused in AWS's words and ours."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from eventmock.commands.documents import WrongInput, pointed_at
from eventmock.pattern import EngineFailure, InvalidPattern, Pattern, compile as compile_text

if TYPE_CHECKING:
    from eventmock.commands.documents import Document

OPERATORS: Final = (
    "prefix",
    "suffix",
    "equals-ignore-case",
    "wildcard",
    "anything-but",
    "numeric",
    "exists",
    "cidr",
)
"""As the user guide names them."""

ENGINE_FAILS: Final = "InternalFailure: the engine of EventBridge fails on this pattern"
_UNKNOWN_OPERATOR: Final = "Unrecognized match type "
_HINTS: Final = {
    r'"(?P<name>.*)" must be an object or an array': 'wanted values stand in a list: "{name}": ["..."]',
    "Empty arrays are not allowed": 'an empty list matches nothing; for any value say [{{"exists": true}}]',
    "Empty objects are not allowed": 'wanted at least one field, such as "source": [{{"prefix": ""}}]',
    "Filter is not an object": 'wanted an object, such as {{"source": ["shop"]}}',
    "Match value must be .*": "inside a list stand values and operators; fields are nested without lists",
}


def compile_pattern(given: Document) -> Pattern:
    """Compile a pattern.

    Raises:
        WrongInput: AWS refuses it; the message has AWS's words, shows where and says what was wanted.
    """
    try:
        return compile_text(given.text)
    except EngineFailure:
        raise WrongInput(f"{given.title}: {ENGINE_FAILS}") from None
    except InvalidPattern as refusal:
        lines = [f"{given.title}: InvalidEventPatternException: {refusal}"]
        lines += [pointed_at(given.text, place.line, place.column) for place in refusal.places[:1]]
        hint = hint_for(refusal)
        raise WrongInput("\n".join([*lines, f"  {hint}"] if hint else lines)) from None


def hint_for(refusal: InvalidPattern) -> str:
    """What the tester should know of a refusal besides, in our words; empty if there is nothing."""
    if refusal.reason.startswith(_UNKNOWN_OPERATOR):
        near = get_close_matches(refusal.reason.removeprefix(_UNKNOWN_OPERATOR), OPERATORS, 1)
        return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(OPERATORS)}"
    for reason, hint in _HINTS.items():
        found = re.fullmatch(reason, refusal.reason)
        if found is not None:
            return hint.format(**found.groupdict())
    return ""
