"""The answer about patterns that `algebra` returns.

Source: ours.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Answer(NamedTuple):
    """What is known about patterns. `bool()` of it is True only if the statement is proven.

    An answer that is not known is false as well, so ask `holds is False` before something is called wrong.

    Attributes:
        holds: Whether the statement holds; None if it is not known.
        witness: An event that shows the answer: one that matches (`is_satisfiable`, `overlaps`), or one that the first
            pattern matches and the second does not (`implies`), or that one of the two matches (`equivalent`). None if
            no event can show it.
        reason: How the answer was found, or why it is not known; one sentence.
    """

    holds: bool | None
    witness: dict[str, Any] | None
    reason: str

    def __bool__(self) -> bool:
        return self.holds is True


NO_VALUE: Final = "no value was found that is an IP address to one term and a text or number to another"
NOT_BUILT: Final = "the event that shows it could not be written: a path has an empty name or is very long"
TOO_MUCH: Final = "the patterns have too many combinations of fields and values"
"""The reasons of both searches why an answer is not known."""
