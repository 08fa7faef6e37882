"""The argument PATTERN of the command line: compiled, or refused with AWS's text and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.commands.documents import WrongInput, pointed_at
from eventmock.pattern import EngineFailure, InvalidPattern, Pattern, compile as compile_text, hint_for

if TYPE_CHECKING:
    from eventmock.commands.documents import Document


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
