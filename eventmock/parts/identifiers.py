"""Identifiers that look like AWS's and are the same in every run. Only this file draws random bits for them."""

from __future__ import annotations

from functools import partial
from random import Random
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.parts.part import Restore

_VERSION_4: Final = 0x4 << 76 | 0x8 << 60
_RANDOM: Final = (1 << 128) - 1 & ~(0xF << 76 | 0xC << 60)


class Identifiers:
    """A seeded source of identifiers.

    Args:
        seed: Equal seeds give equal identifiers in equal order.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._random = Random(seed)  # noqa: S311 - repeatable on purpose; nothing here is a secret

    def clear(self) -> None:
        """Begin again with the first identifier."""
        self._random.seed(self._seed)

    def save(self) -> Restore:
        """Return a function after which the identifiers from now on come again."""
        return partial(self._random.setstate, self._random.getstate())

    def uuid(self) -> str:
        """Return the text of a UUID of version 4."""
        number = f"{self._random.getrandbits(128) & _RANDOM | _VERSION_4:032x}"
        return f"{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}"

    def text(self, length: int) -> str:
        """Return a text of `length` letters and digits, as AWS puts at the end of ARNs."""
        return "".join(self._random.choices(ascii_letters + digits, k=length))

    def random_bytes(self, count: int) -> bytes:
        """Return `count` bytes."""
        return self._random.randbytes(count)
