"""The argument PATTERN of the command line: compiled, or refused with AWS's text and ours."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from eventmock.commands.documents import WrongInput, pointed_at
from eventmock.pattern import EngineFailure, InvalidPattern, Pattern, compile as compile_text, hint_for

if TYPE_CHECKING:
    from eventmock.commands.documents import Document


FIELDS: Final = (
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
    "replay-name",
)
"""The fields at the top of an event."""

ENGINE_FAILS: Final = "InternalFailure: the engine of EventBridge fails on this pattern"


def compile_pattern(given: Document) -> Pattern:
    """Compile a pattern.

    Raises:
        WrongInput: AWS refuses the pattern; the message has AWS's text, the place of the error and our advice.
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


def is_pattern(given: Document) -> bool:
    """Return whether AWS would accept a document as a pattern."""
    try:
        compile_text(given.text)
    except InvalidPattern:
        return False
    return True


def unknown_fields(pattern: Pattern) -> dict[str, str]:
    """Return the fields that a pattern wants at the top of an event but that no event has there.

    Returns:
        Our advice for the tester, by the field's name.
    """
    wanted = {field.path.split(".")[0]: None for one in pattern.alternatives for field in one.written}
    return {name: _hint_for_field(name) for name in wanted if name not in FIELDS}


def _hint_for_field(name: str) -> str:
    near = get_close_matches(name.lower(), FIELDS, 1)
    return f"did you mean {near[0]!r}?" if near else "what PutEvents takes as Detail stands in 'detail'"
