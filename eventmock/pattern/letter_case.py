"""The forms that a letter may have where EventBridge ignores case, for each UTF-16 unit of the pattern.

This differs from Unicode's case folding, and it is not symmetric: the forms come from the pattern's text only.
Source: recorded answers of AWS and event-ruler.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DOTLESS_I: Final = "\u0131"


def case_forms(character: str) -> tuple[str, ...]:
    """Return the lower and the upper case of a character of a pattern; one form if they are the same.

    A character outside Unicode's Basic Multilingual Plane counts as two units without case, each written `?`.
    """
    if character > "\uffff":
        return ("??",)
    lower, upper = character.lower(), character.upper()
    return (lower,) if lower == upper else (lower, upper)


def has_case(character: str) -> bool:
    """Return whether a character of a pattern has more than one form."""
    return len(case_forms(character)) > 1


def ignoring_case(text: str) -> str:
    """Return a regular expression for the texts that equal a pattern's text if case is ignored."""
    return "".join(one_of(case_forms(character)) for character in text)


def one_of(forms: Iterable[str]) -> str:
    """Return a regular expression that matches any of some texts."""
    return f"(?:{'|'.join(map(re.escape, forms))})"


def folded(text: str) -> str:
    """Return a text with the case of its letters folded.

    Texts that are equal for a term that ignores case have the same folded text. Some other texts have it too. Each
    character is folded by itself, so equal beginnings and ends stay equal. The dotless i is replaced by i: it is
    the only letter whose upper case, `I`, Unicode folds to another letter.
    """
    return text.casefold().replace(_DOTLESS_I, "i")


def folded_form(text: str) -> str:
    """Return the folded text of all texts that equal a pattern's text if case is ignored."""
    return folded("".join(case_forms(character)[0] for character in text))
