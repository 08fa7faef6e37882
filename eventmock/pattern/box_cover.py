"""Whether boxes cover a domain: each way to choose one of some states on every path lies in one of the boxes.

A set of states is an integer with a bit for each. A box contains the choices whose states are in its sets; on a path
that a box does not name it contains all states. The search takes a box, and goes on where the choice is outside of it,
path by path. A choice that is outside of all boxes is found so, or there is none.
The problem is NP-hard, so the steps are counted.
Source: ours; the method is that of Davis, Putnam, Logemann and Loveland for propositional logic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

States: TypeAlias = "Mapping[str, int]"

MOST_STEPS: Final = 400_000
"""The number of comparisons of a box with a domain after which a search is given up, which is about a second."""


class TooManySteps(Exception):  # noqa: N818 - it says what happened
    """The search was given up."""


class Steps:
    """Counts the steps of searches.

    Attributes:
        left: How many steps may still be taken.
    """

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.left = most

    def take(self, number: int) -> None:
        """Count some steps.

        Raises:
            TooManySteps: More steps than allowed were taken.
        """
        self.left -= number
        if self.left < 0:
            raise TooManySteps


def uncovered(domain: States, boxes: Sequence[States], steps: Steps) -> Iterator[dict[str, int]]:
    """Yield parts of a domain that no box meets; each choice outside of all boxes lies in one of them.

    Raises:
        TooManySteps: The search was given up.
    """
    pending: list[tuple[dict[str, int], Sequence[States]]] = [(dict(domain), boxes)]
    while pending:
        part, candidates = pending.pop()
        steps.take(1 + len(candidates))
        meeting = []
        fewest: list[str] | None = None
        chosen: States = {}
        for box in candidates:
            outside = []
            for path, inside in box.items():
                states = part[path]
                if not states & inside:
                    break
                if states & ~inside:
                    outside.append(path)
            else:
                meeting.append(box)
                if fewest is None or len(outside) < len(fewest):
                    fewest, chosen = outside, box
                    if not outside:
                        break
        if fewest is None:
            yield part
            continue
        following = []
        for path in fewest:
            following.append(({**part, path: part[path] & ~chosen[path]}, meeting))
            part = {**part, path: part[path] & chosen[path]}
        pending += reversed(following)
