"""Whether two patterns match the same event, and such an event.

Two alternatives match one event if each can match: of both, a leaf on each path, side by side in an array of scalars,
as scalars of an array have no position. Only a path that one alternative wants absent while the other needs it stands
against this. Let the first have chosen a leaf before it, on a path with which the path can share an array. Then the
leaves of the two are put into two elements of such an array, and the first does not see those of the second. If it has
chosen none, no array is fixed that can contain leaves of the path, so any leaf is in its way.
So the paths are taken in the order in which the engine tests them, and each alternative chooses a leaf where it can:
a leaf more is never worse for it. On a bus, a path with one value needs a value that both want.
Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.pattern.answers import NO_VALUE, NOT_BUILT, TOO_MUCH, Answer
from eventmock.pattern.box_cover import Steps, TooManySteps
from eventmock.pattern.event_of_leaves import Placed, arrays_around, names_of
from eventmock.pattern.path_states import ABSENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.pattern.matching import Alternative
    from eventmock.pattern.path_states import ComparedPatterns


class _Chosen(NamedTuple):
    """What two alternatives choose.

    Attributes:
        values: The states of values by path, of each of the two alternatives.
        apart: The paths that one has to find absent while the other has a leaf there.
        is_plain: Whether one value on each path is enough.
    """

    values: tuple[dict[str, int], dict[str, int]]
    apart: list[str]
    is_plain: bool


class Overlap:
    """A search for an event that two patterns match.

    Args:
        compared: The patterns.
    """

    def __init__(self, compared: ComparedPatterns) -> None:
        self._compared = compared
        self._lacks_value = False

    def answer(self) -> Answer:
        """Return whether an event matches both patterns, with one value on each path if possible."""
        compared, steps = self._compared, Steps()
        in_arrays: dict[str, Any] | None = None
        unknown: str | None = None
        try:
            for one, other in product(compared.a.alternatives, compared.b.alternatives):
                steps.take(1 + len(one.fields) + len(other.fields))
                chosen = self._chosen(one, other)
                if chosen is None or (in_arrays is not None and not chosen.is_plain):
                    continue
                event = self._written(chosen)
                if event is None:
                    unknown = NOT_BUILT
                elif chosen.is_plain:
                    return Answer(True, event, "both patterns match this event")
                else:
                    in_arrays = event
        except TooManySteps:
            unknown = TOO_MUCH
        if in_arrays is not None:
            return Answer(
                True, in_arrays, "both patterns match this event, which has several values in an array"
            )
        unknown = unknown or (NO_VALUE if self._lacks_value else compared.gap_of_names())
        unknown = unknown or (compared.gap_of_values() if compared.on_a_bus else None)
        if unknown:
            return Answer(None, None, unknown)
        return Answer(
            False, None, "each two alternatives want different things of a field that cannot have both"
        )

    def _chosen(self, one: Alternative, other: Alternative) -> _Chosen | None:
        """Return what two alternatives choose; None if no event matches both."""
        compared = self._compared
        sides = [{field.path: compared.wanted(field) for field in side.fields} for side in (one, other)]
        chosen: tuple[dict[str, int], dict[str, int]] = {}, {}
        apart: list[str] = []
        is_plain = True
        for path in compared.in_order(sides[0].keys() | sides[1].keys()):
            begun = [bool(compared.before(path, taken)) for taken in chosen]
            values = self._chosen_on(path, [side.get(path) for side in sides], begun)
            if values is None:
                return None
            for number, states in enumerate(values):
                if states:
                    chosen[number][path] = states
                elif path in sides[number] and values[1 - number]:
                    apart.append(path)
            is_plain = is_plain and (not all(values) or bool(values[0] & values[1]))
        return _Chosen(chosen, apart, is_plain and not apart)

    def _chosen_on(self, path: str, wanted: Sequence[int | None], begun: Sequence[bool]) -> list[int] | None:
        """Return the values of a path that each of two alternatives can choose, 0 for none; None if they cannot.

        Args:
            path: The path.
            wanted: The states that satisfy each of the alternatives; None for one that does not have the path.
            begun: Whether each has chosen a value before that can lie in an array with values of this path.
        """
        known = self._compared.states(path).known
        both = -1
        if self._compared.has_at_most_one_value(path):
            for states in wanted:
                both &= -1 if states is None else states
            if not both & (known | ABSENT):
                self._lacks_value = self._lacks_value or bool(both)
                return None
        values = [0 if states is None else states & known & both for states in wanted]
        for mine, theirs in ((0, 1), (1, 0)):
            states = wanted[mine]
            if values[mine] or states is None:
                continue
            if not states & ABSENT:
                return None
            if values[theirs] and not begun[mine]:
                if not (wanted[theirs] or 0) & ABSENT:
                    return None
                values[theirs] = 0
        return values

    def _written(self, chosen: _Chosen) -> dict[str, Any] | None:
        """Return the event that has what two alternatives choose; None if it cannot be written."""
        compared = self._compared
        first, second = chosen.values
        groups = {path: compared.group(path) for path in chosen.apart}
        for arrays in arrays_around(groups):
            leaves = []
            for path in compared.in_order(first.keys() | second.keys()):
                states, names = compared.states(path), names_of(path)
                common = first.get(path, 0) & second.get(path, 0)
                is_divided = any(names[:length] in arrays for length in range(1, len(names) + 1))
                if common and not is_divided:
                    leaves.append(Placed(names, states.value(common)))
                    continue
                for element, side in enumerate(chosen.values):
                    if path in side:
                        leaves.append(Placed(names, states.value(common or side[path]), element))
            event = compared.event(leaves, arrays)
            if compared.a.matches(event) and compared.b.matches(event):
                return event
        return None
