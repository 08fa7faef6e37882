"""Dynamic references, ``{{resolve:service:...}}``: texts that stand for a parameter of SSM or a secret.

Source: AWS's page "Get values stored in other services using dynamic references".
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from eventmock.templates.evaluated import MadeUp

if TYPE_CHECKING:
    from collections.abc import Callable

MARK: Final = "{{resolve:"
_REFERENCE: Final = re.compile(r"\{\{resolve:([^{}]+)\}\}")


class DynamicReferences:
    """The values of dynamic references.

    Args:
        resolve: Returns the value of a reference such as ``ssm:/shop/table``; raises LookupError if it is not known.

    Attributes:
        unresolved: The references for which nothing was known, in order.
    """

    def __init__(self, resolve: Callable[[str], str]) -> None:
        self._resolve = resolve
        self._values: dict[str, str] = {}
        self.unresolved: list[str] = []

    def replaced(self, text: str) -> str:
        """Return a text with the value of each reference in it."""
        whole = _REFERENCE.fullmatch(text)
        if whole is not None:
            return self.value(whole[1])
        return _REFERENCE.sub(lambda found: self.value(found[1]), text)

    def value(self, reference: str) -> str:
        """Return the value of a reference such as ``ssm:/shop/table``; a made-up one if nothing is known."""
        if reference not in self._values:
            try:
                self._values[reference] = self._resolve(reference)
            except LookupError:
                self.unresolved.append(reference)
                self._values[reference] = made_up(reference)
        return self._values[reference]


def made_up(reference: str) -> MadeUp:
    """Return a text for a reference of which nothing is known. The same reference always has the same text.

    It has 20 letters and nothing else, so that AWS accepts it as a name, a user, a password or a header's value.
    """
    digest = sha256(reference.encode()).digest()
    return MadeUp("resolved" + "".join(chr(ord("a") + byte % 26) for byte in digest[:12]))
