"""Whether each event that matches a pattern matches another one too, and an event that does not.

Let an event match an alternative A of the first pattern by a choice of leaves.

- Without `exists: false`, drop all leaves that were not chosen. The event still matches A, it matches no more than
  before, and the choices that are left agree about arrays. So events with one leaf on each path of A are enough, and A
  implies the second pattern if the states of A lie in its alternatives, which are boxes of states (`box_cover`).
- With `exists: false`, other leaves matter, also in other elements of arrays. The first search is the same, over events
  without arrays of objects, where a path has no leaf or one: more leaves on a path only satisfy more. What it finds is
  a counterexample.
- If it finds none, a second search is over all events. A path of A that may be absent gets one more state: there are
  leaves, but in other elements than those that the paths before it have chosen. An alternative of the second pattern
  certainly passes such a path if it has all the paths of A before it with which the path can share an array, as it then
  chooses the same elements. On a path that A does not have, a leaf is certainly chosen if no other path of the
  alternative can share an array with it; or, whatever is there, if the path is the last of these and takes all values
  and absence. If the alternatives cover all states in this sense, A implies them. If not, events with arrays of objects
  are tried. If none is a counterexample, the answer is not known.
Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from eventmock.pattern.answers import NO_VALUE, NOT_BUILT, TOO_MUCH, Answer
from eventmock.pattern.box_cover import Steps, TooManySteps, uncovered
from eventmock.pattern.event_of_leaves import Placed, arrays_around, names_of
from eventmock.pattern.path_states import ABSENT, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from eventmock.pattern.leaves import Scalar
    from eventmock.pattern.matching import Alternative, Field
    from eventmock.pattern.path_states import ComparedPatterns
    from eventmock.pattern.terms import Term

_MOST_PARTS: Final = 40
"""How many choices of states are tried as events."""
_MOST_VALUES: Final = 4
"""How many values are tried in other elements of arrays."""

_COVERED: Final = Answer(
    True, None, "each value and absence that the first pattern accepts, the second accepts too"
)
_NOT_TOLD_APART: Final = (
    "no event was found that tells them apart, but arrays of objects leave a gap in the proof"
)


class Implication:
    """A search for an event that the first of two patterns matches and the second does not.

    Args:
        compared: The patterns.
    """

    def __init__(self, compared: ComparedPatterns) -> None:
        self._compared = compared
        self._steps = Steps()
        self._may_be_absent = {
            field.path for box in compared.b.alternatives for field in box.fields if field.may_be_absent
        }
        self._boxes: list[dict[str, int]] = []
        self._terms_of: dict[int, frozenset[Term]] = {}

    def answer(self) -> Answer:
        """Return whether the first pattern implies the second."""
        compared = self._compared
        unknown: str | None = None
        try:
            for alternative in compared.a.alternatives:
                answer = self._implied_by(alternative)
                if answer.holds is False:
                    return answer
                if answer.holds is None:
                    unknown = unknown or answer.reason
        except TooManySteps:
            unknown = TOO_MUCH
        unknown = unknown or compared.gap_of_values() or compared.gap_of_names()
        return Answer(None, None, unknown) if unknown else _COVERED

    def _implied_by(self, alternative: Alternative) -> Answer:
        """Return whether an alternative of the first pattern implies the second."""
        compared = self._compared
        fields = {field.path: field for field in alternative.fields}
        if any(self._contains(box, fields) for box in compared.b.alternatives):
            return _COVERED
        own = {field.path: compared.wanted(field) for field in alternative.fields}
        if not all(own.values()):
            return _COVERED  # no event matches the alternative
        self._boxes = self._boxes or [
            {field.path: compared.wanted(field) for field in box.fields} for box in compared.b.alternatives
        ]
        domain = {path: self._domain(path) for box in self._boxes for path in box if path not in own} | own
        unknown: str | None = None
        for part in islice(uncovered(domain, self._boxes, self._steps), _MOST_PARTS):
            present = {path: states for path, states in part.items() if not states & ABSENT}
            if not all(states & compared.states(path).known for path, states in present.items()):
                unknown = unknown or NO_VALUE
                continue
            values = {path: compared.states(path).value(states) for path, states in present.items()}
            answer = self._told_apart([Placed(names_of(path), value) for path, value in values.items()])
            if answer is not None:
                return answer
            unknown = NOT_BUILT
        return Answer(None, None, unknown) if unknown else self._implied_in_arrays(own, domain)

    def _contains(self, box: Alternative, own: Mapping[str, Field]) -> bool:
        """Return whether an alternative of the second pattern wants some of the fields, with the same or more terms.

        Args:
            box: The alternative.
            own: The fields of an alternative of the first pattern, by path.
        """
        for field in box.fields:
            mine = own.get(field.path)
            if mine is None or not (mine is field or self._terms(mine) <= self._terms(field)):
                return False
            if mine.may_be_absent and not self._compared.before(field.path, own) <= box.paths:
                return False
        return True

    def _terms(self, field: Field) -> frozenset[Term]:
        found = self._terms_of.get(id(field))
        if found is None:
            found = self._terms_of[id(field)] = frozenset(field.terms)
        return found

    def _domain(self, path: str) -> int:
        """Return the states of a path that only the second pattern has."""
        every = self._compared.states(path).every
        if self._compared.has_one_value(path):
            return every
        return ABSENT | every if path in self._may_be_absent else ABSENT

    def _told_apart(
        self, leaves: Iterable[Placed], arrays: Collection[tuple[str, ...]] = ()
    ) -> Answer | None:
        """Return the answer that the first pattern does not imply the second, if an event of some leaves shows it."""
        event = self._compared.event(leaves, arrays)
        if self._compared.a.matches(event) and not self._compared.b.matches(event):
            return Answer(False, event, "the first pattern matches this event, the second does not")
        return None

    # Arrays of objects

    def _implied_in_arrays(self, own: Mapping[str, int], domain: Mapping[str, int]) -> Answer:
        """Return whether an alternative implies the second pattern, if it does for events without arrays of objects.

        Args:
            own: The states of the paths of the alternative.
            domain: These, and the states of the other paths of the second pattern.
        """
        compared = self._compared
        have_values = [path for path, states in own.items() if states & compared.states(path).every]
        chosen_before = {path: compared.before(path, have_values) for path in own}
        wider = dict(domain)
        for path, states in own.items():
            if states & ABSENT and chosen_before[path]:
                wider[path] |= ELSEWHERE
        certain = [self._certain(box, own, chosen_before) for box in self._boxes]
        if wider == domain and certain == self._boxes:
            return _COVERED
        parts = list(islice(uncovered(wider, certain, self._steps), _MOST_PARTS))
        for part in parts:
            answer = self._told_apart_in_arrays(part, own)
            if answer is not None:
                return answer
        return Answer(None, None, _NOT_TOLD_APART) if parts else _COVERED

    def _certain(
        self, box: Mapping[str, int], own: Mapping[str, int], chosen_before: Mapping[str, set[str]]
    ) -> dict[str, int]:
        """Return the states in which an alternative of the second pattern is satisfied whatever else an event has."""
        compared = self._compared
        certain = {}
        for path, states in box.items():
            beside = {
                other for other in box if other != path and compared.group(other) == compared.group(path)
            }
            is_last = beside <= compared.before(path, beside)
            takes_all = is_last and states == compared.states(path).every | ABSENT
            if path not in own:
                certain[path] = states if takes_all or not beside else states & ABSENT
            elif takes_all or (states & ABSENT and chosen_before[path] <= box.keys()):
                certain[path] = states | ELSEWHERE
            else:
                certain[path] = states
        return certain

    def _told_apart_in_arrays(self, part: Mapping[str, int], own: Mapping[str, int]) -> Answer | None:
        """Return the answer that an event with arrays of objects gives, made of some states; None if it gives none.

        The chosen leaves are in the first elements. In a second try, those that the second pattern looks at are in no
        array, which needs names with dots, so that only other leaves choose elements.
        """
        compared = self._compared
        chosen: dict[str, Scalar] = {}
        elsewhere: dict[str, Sequence[Scalar]] = {}
        for path, states in part.items():
            of_path = compared.states(path)
            is_chosen = path in own and states & of_path.every
            if path in own and not is_chosen:
                if not states & ELSEWHERE:
                    continue
            elif path not in own and states & ABSENT:
                continue
            values = of_path.some_values(states if is_chosen or path not in own else of_path.every)
            if not values:
                return None
            if is_chosen:
                chosen[path] = values[0]
            else:
                elsewhere[path] = values
        groups = {path: compared.group(path) for path in elsewhere}
        in_no_array = {path for box in self._boxes for path in box}
        for outside, arrays in product((set(), in_no_array), arrays_around(groups)):
            first = [
                Placed(self._names_outside(path) if path in outside else names_of(path), value)
                for path, value in chosen.items()
            ]
            for choice, spread in product(range(_MOST_VALUES), (0, 1)):
                others = [
                    Placed(names_of(path), values[choice % len(values)], 1 + spread * number)
                    for number, (path, values) in enumerate(elsewhere.items())
                ]
                answer = self._told_apart([*first, *others], arrays)
                if answer is not None:
                    return answer
        return None

    def _names_outside(self, path: str) -> tuple[str, ...]:
        """Return names that lead to a path and to no array on the way, as far as there are such names."""
        around = len(self._compared.group(path)) - 1
        pieces = path.split(".")
        return (*pieces[:around], ".".join(pieces[around:]))
