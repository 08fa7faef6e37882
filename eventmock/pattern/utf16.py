"""Text as Java has it: UTF-16 units, surrogate pairs and their halves, and the order of strings.

AWS's engine is written in Java, and its answers depend on it: columns count UTF-16 units, fields are tested in UTF-16
order, and half a surrogate pair becomes `?` when texts are compared. Letter case is in `letter_case`.
"""

from __future__ import annotations

import re
from typing import Final

_HALF_PAIR: Final = re.compile(r"[\ud800-\udfff]")


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units a text has."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def utf16_order(text: str) -> bytes:
    """Return a key by which texts are sorted as in Java."""
    return text.encode("utf-16-be", "surrogatepass")


def with_pairs_joined(text: str) -> str:
    """Return a text in which each two adjacent halves of a surrogate pair are replaced by their character."""
    if text.isascii() or not _HALF_PAIR.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def without_half_pairs(text: str) -> str:
    """Return a text as Java writes it in UTF-8: half a surrogate pair becomes `?`."""
    return text if text.isascii() else _HALF_PAIR.sub("?", with_pairs_joined(text))
