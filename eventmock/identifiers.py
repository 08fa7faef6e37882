"""Identifiers that look like AWS's and are the same in every run: the only file that draws random bits."""

from __future__ import annotations

from random import Random


class Identifiers:
    """A seeded source of identifiers.

    Args:
        seed: Equal seeds give equal identifiers in equal order.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.restart()

    def restart(self) -> None:
        """Begin again with the first."""
        self._random = Random(self._seed)  # noqa: S311 - repeatable on purpose; nothing here is a secret

    def uuid(self) -> str:
        """A UUID of version 4, as text."""
        digits = f"{self._random.getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def random_bytes(self, count: int) -> bytes:
        """That many bytes."""
        return self._random.randbytes(count)
