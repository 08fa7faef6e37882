"""Which forms a letter may take where EventBridge ignores case, one UTF-16 unit of the pattern at a time.

Not Unicode case folding, and not symmetric: the forms come from the pattern's text only.
Source: recorded answers of AWS and event-ruler.
"""

from __future__ import annotations

import re


def case_forms(character: str) -> tuple[str, ...]:
    """The lower and the upper case of one character of a pattern, one form if they are the same.

    A character outside the BMP is two units without case, each of them written `?`.
    """
    if character > "\uffff":
        return ("??",)
    lower, upper = character.lower(), character.upper()
    return (lower,) if lower == upper else (lower, upper)


def has_case(character: str) -> bool:
    """Whether a character of a pattern has more than one form."""
    return len(case_forms(character)) > 1


def ignoring_case(text: str) -> str:
    """A regular expression for the texts that equal this one of a pattern when case is ignored."""
    return "".join("(?:" + "|".join(map(re.escape, case_forms(character))) + ")" for character in text)
