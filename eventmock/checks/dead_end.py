"""Paths that lead nowhere in the events that a rule matches."""

from __future__ import annotations

from typing import NamedTuple


class DeadEnd(NamedTuple):
    """A path that leads nowhere in some events.

    Attributes:
        where: The events, in words.
        near: The path that may have been meant; None if none is near.
    """

    where: str
    near: str | None
