"""The variables in the texts of a policy, such as ``${aws:PrincipalAccount}``.

Documented: only policies of the version 2012-10-17 have variables. A variable may have a default:
``${aws:SourceAccount, 'none'}``. ``${*}``, ``${?}`` and ``${$}`` are the characters without special meaning.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERSION_WITH_VARIABLES: Final = "2012-10-17"
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT: Final = re.compile(r"\s*'(.*)'\s*", re.DOTALL)


class NoValue(Exception):  # noqa: N818 - it says what happened
    """A variable has no value. Its statement is invalid then, and does not apply (documented)."""


class Texts:
    """The texts of a policy, with the values of their variables.

    Args:
        value_of: Returns the value of a condition key, by its name as the policy writes it; None if it has no value.
            It raises `PolicyNotUnderstood` if the key is not known.
        has_variables: Whether the version of the policy has variables.
    """

    def __init__(self, value_of: Callable[[str], str | None], *, has_variables: bool) -> None:
        self._value_of = value_of
        self._has_variables = has_variables

    def plain(self, text: str) -> str:
        """Return a text with the values of its variables.

        Raises:
            NoValue: A variable has neither a value nor a default.
        """
        return "".join(part for part, _ in self._parts(text))

    def pattern(self, text: str) -> str:
        """Return a text as a pattern for `fnmatch`. Only ``*`` and ``?`` outside variables have a special meaning.

        Raises:
            NoValue: A variable has neither a value nor a default.
        """
        return "".join(quoted(part, "[*?" if is_value else "[") for part, is_value in self._parts(text))

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the parts of a text, and whether a part is the value of a variable."""
        if not self._has_variables:
            yield text, False
            return
        for part, is_variable in zip(_VARIABLE.split(text), itertools.cycle((False, True)), strict=False):
            yield self._of_variable(part) if is_variable else part, is_variable

    def _of_variable(self, variable: str) -> str:
        if variable in ("*", "?", "$"):
            return variable
        key, _, rest = variable.partition(",")
        name, default = key.strip(), _DEFAULT.fullmatch(rest)
        value = self._value_of(name)
        if value is not None:
            return value
        if default is None:
            raise NoValue(name)
        return default[1]


def quoted(text: str, characters: str) -> str:
    """Return a pattern for `fnmatch`, in which the given characters have no special meaning."""
    return "".join(f"[{one}]" if one in characters else one for one in text)
