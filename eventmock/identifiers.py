"""Identifiers that look like AWS's and are the same in every run: the only file that draws random bits."""

from __future__ import annotations

from random import Random
from uuid import UUID


class Identifiers:
    """A seeded source of identifiers.

    Args:
        seed: Equal seeds give equal identifiers in equal order.
    """

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable on purpose; nothing here is a secret

    def uuid(self) -> str:
        """A UUID of version 4, as text."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def random_bytes(self, count: int) -> bytes:
        """That many bytes."""
        return self._random.randbytes(count)
