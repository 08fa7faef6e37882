"""Which forms a letter may take where EventBridge ignores case, one UTF-16 unit of the pattern at a time.

Not Unicode case folding, and not symmetric: the forms come from the pattern's text only.
Source: recorded answers of AWS and event-ruler.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DOTLESS_I: Final = "\u0131"


def case_forms(character: str) -> tuple[str, ...]:
    """Return the lower and the upper case of one character of a pattern, one form if they are the same.

    A character outside the BMP is two units without case, each of them written `?`.
    """
    if character > "\uffff":
        return ("??",)
    lower, upper = character.lower(), character.upper()
    return (lower,) if lower == upper else (lower, upper)


def has_case(character: str) -> bool:
    """Return whether a character of a pattern has more than one form."""
    return len(case_forms(character)) > 1


def ignoring_case(text: str) -> str:
    """Return a regular expression for the texts that equal this one of a pattern when case is ignored."""
    return "".join(one_of(case_forms(character)) for character in text)


def one_of(forms: Iterable[str]) -> str:
    """Return a regular expression for any of these texts."""
    return f"(?:{'|'.join(map(re.escape, forms))})"


def folded(text: str) -> str:
    """Return a text with the case of its letters folded.

    Two texts that a term ignoring case takes for one have the same, though not only they. Folding goes character
    by character, so what texts begin and end with is folded alike. (The dotless i is the one letter whose upper
    case, `I`, Unicode folds to something else.)
    """
    return text.casefold().replace(_DOTLESS_I, "i")


def folded_form(text: str) -> str:
    """Return what the texts that equal this one of a pattern when case is ignored are folded to."""
    return folded("".join(case_forms(character)[0] for character in text))
