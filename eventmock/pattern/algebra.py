"""Whether patterns can match at all, match the same event, or follow from one another; each answer has its proof.

    overlaps({"source": ["a"]}, {"detail": {"n": [1]}}).witness     # {"source": "a", "detail": {"n": 1}}
    implies({"n": [5]}, {"n": [{"numeric": [">", 0]}]}).holds       # True
    implies({"n": [{"numeric": [">", 0]}]}, {"n": [5]}).witness     # {"n": 1}

A witness is an event, and the engine itself has matched it before it is returned. A proof stands on two facts.

**Values.** `value_classes` replaces all values of a path by a few, so a path has few *states*: a value of one of the
classes, or no leaf.

**Events.** Let an event match an alternative A by a choice of leaves.

- Without `exists: false`, drop all leaves that were not chosen. The event still matches A, it matches no more than
  before, and the choices that are left agree about arrays. So one leaf on each path of A is enough to tell A from other
  patterns: A implies B if the states of A lie in the alternatives of B, which are boxes of states (`box_cover`).
- With `exists: false`, leaves in other elements of arrays matter. The first search is the same, over events without
  arrays of objects, and what it finds is a counterexample. The second is over all events. A path of A that may be
  absent gets one more state: there are leaves, but in other elements than those that the paths before it have chosen.
  An alternative of B certainly passes such a path if it has all the paths of A before it with which the path can share
  an array. If B's alternatives cover all states in this sense, A implies B. If not, arrays of objects are tried; if no
  counterexample is found, the answer is not known.
- Two alternatives match one event if each can match: of both, a leaf on each path, side by side in an array of scalars.
  Only a path that one wants absent while the other needs it stands against this. It does not if the one has chosen an
  element of an array before it: then the leaves of the two lie in two elements. If it has not, any leaf is in its way.
Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.pattern.box_cover import Steps, TooManySteps, uncovered
from eventmock.pattern.compiled import Pattern, compile as compile_pattern
from eventmock.pattern.event_of_leaves import Placed, event_of, names_of
from eventmock.pattern.leaves import InvalidEvent, leaf_of
from eventmock.pattern.utf16 import utf16_order
from eventmock.pattern.value_classes import OF_ADDRESSES, examples_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventmock.pattern.leaves import Leaf, Scalar
    from eventmock.pattern.matching import Alternative, Field

_ABSENT: Final = 1
_ELSEWHERE: Final = 2
_VALUES_FROM: Final = 2
"""The bits of states: no leaf; leaves in other elements of arrays only; and from here on, a value of each class."""

_MOST_PARTS: Final = 40
"""How many choices of states are tried as events with arrays of objects."""
_MOST_VALUES: Final = 4
"""How many values are tried in other elements of arrays."""
_MOST_VERDICTS: Final = 4_000_000
"""How many values are tested on the fields of a path, at most."""

_TEXTS_OF_EVENTS: Final = frozenset({"version", "id", "detail-type", "source", "account", "time", "region"})


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


def is_satisfiable(pattern: str | Mapping[str, object] | Pattern, *, on_a_bus: bool = False) -> Answer:
    """Return whether any event matches a pattern.

    Args:
        pattern: The pattern, as JSON text, as a dictionary or compiled.
        on_a_bus: Whether only events count that EventBridge delivers to rules; see `overlaps`.

    Raises:
        InvalidPattern: AWS refuses the pattern.
    """
    compiled = _compiled(pattern)
    answer = _Pair(compiled, compiled, on_a_bus=on_a_bus).overlap()
    if answer.holds is not False:
        return answer._replace(reason="this event matches" if answer.holds else answer.reason)
    return answer._replace(reason=_NOTHING_MATCHES)


def overlaps(
    a: str | Mapping[str, object] | Pattern,
    b: str | Mapping[str, object] | Pattern,
    *,
    on_a_bus: bool = False,
) -> Answer:
    """Return whether an event matches both of two patterns.

    A field may have several values, in an array, so patterns that want different values of a field do overlap. On a
    bus, `source`, `detail-type` and the rest of the envelope are one text each.

    Args:
        a: A pattern, as JSON text, as a dictionary or compiled.
        b: Another pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules: `version`, `id`, `detail-type`,
            `source`, `account`, `time` and `region` are one text each, `resources` is an array of texts, `detail` is an
            object, and nothing else is there but `replay-name`, which may be absent (inferred from the events that AWS
            documents).

    Raises:
        InvalidPattern: AWS refuses a pattern.
    """
    return _Pair(_compiled(a), _compiled(b), on_a_bus=on_a_bus).overlap()


def implies(
    a: str | Mapping[str, object] | Pattern,
    b: str | Mapping[str, object] | Pattern,
    *,
    on_a_bus: bool = False,
) -> Answer:
    """Return whether each event that matches a pattern matches another one too.

    Args:
        a: The pattern that is said to imply the other, as JSON text, as a dictionary or compiled.
        b: The other pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules; see `overlaps`.

    Raises:
        InvalidPattern: AWS refuses a pattern.
    """
    return _Pair(_compiled(a), _compiled(b), on_a_bus=on_a_bus).implication()


def equivalent(
    a: str | Mapping[str, object] | Pattern,
    b: str | Mapping[str, object] | Pattern,
    *,
    on_a_bus: bool = False,
) -> Answer:
    """Return whether two patterns match the same events.

    Args:
        a: A pattern, as JSON text, as a dictionary or compiled.
        b: Another pattern.
        on_a_bus: Whether only events count that EventBridge delivers to rules; see `overlaps`.

    Raises:
        InvalidPattern: AWS refuses a pattern.
    """
    first, second = _compiled(a), _compiled(b)
    there = _Pair(first, second, on_a_bus=on_a_bus).implication()
    if there.holds is False:
        return there._replace(reason="the first pattern matches this event, the second does not")
    back = _Pair(second, first, on_a_bus=on_a_bus).implication()
    if back.holds is False:
        return back._replace(reason="the second pattern matches this event, the first does not")
    return there if there.holds is None else back


def _compiled(pattern: str | Mapping[str, object] | Pattern) -> Pattern:
    return pattern if isinstance(pattern, Pattern) else compile_pattern(pattern)


_NOTHING_MATCHES: Final = "each alternative has a field that nothing satisfies"
_NO_VALUE: Final = "no value was found that is an IP address to one term and a text or number to another"
_NOT_BUILT: Final = "the event that shows it could not be written: a path has an empty name or is very long"
_NOT_TOLD_APART: Final = (
    "no event was found that tells them apart, but arrays of objects leave a gap in the proof"
)
_TOO_MUCH: Final = "the patterns have too many combinations of fields and values"


# Paths and their states


class _Path:
    """A path of two patterns, and its states.

    Attributes:
        known: The states of values that are known, as bits.
        every: The states of values, also of those of which none is known, as bits.
        are_all: Whether each value there is has one of the states.
    """

    __slots__ = ("_satisfying", "_values", "are_all", "every", "known")

    def __init__(self, fields: Iterable[Field], *, may_have_leaves: bool, texts_only: bool) -> None:
        distinct = list({field.terms: field for field in fields}.values())
        values, pairs, self.are_all = examples_of(term for field in distinct for term in field.terms)
        if (len(values) + len(pairs)) * len(distinct) > _MOST_VERDICTS:
            raise TooManySteps
        self._values: list[Scalar] = []
        self._satisfying = {field.terms: 0 for field in distinct}
        seen: set[tuple[bool, ...]] = set()
        if may_have_leaves:
            for value in values:
                if isinstance(value, str) or not texts_only:
                    leaf = _leaf(value)
                    self._add(seen, value, [field.wants(leaf) for field in distinct])
        self.known = (1 << len(self._values)) - 1 << _VALUES_FROM
        if may_have_leaves:
            for value, other in pairs:
                if isinstance(other, str) or not texts_only:
                    pair = _leaf(value), _leaf(other)
                    self._add(seen, None, [_wants(field, *pair) for field in distinct])
        self.every = (1 << len(self._values)) - 1 << _VALUES_FROM

    def _add(self, seen: set[tuple[bool, ...]], value: Scalar, verdicts: list[bool]) -> None:
        """Add a state, if there is none yet that satisfies the same fields."""
        kind = tuple(verdicts)
        if kind in seen:
            return
        seen.add(kind)
        bit = 1 << _VALUES_FROM + len(self._values)
        self._values.append(value)
        for terms, satisfied in zip(self._satisfying, verdicts, strict=True):
            if satisfied:
                self._satisfying[terms] |= bit

    def satisfying(self, field: Field) -> int:
        """Return the states of values that satisfy a field."""
        return self._satisfying[field.terms]

    def value(self, states: int) -> Scalar:
        """Return the value of the first of some states; at least one of them has a known value."""
        states &= self.known
        return self._values[(states & -states).bit_length() - 1 - _VALUES_FROM]

    def some_values(self, states: int) -> list[Scalar]:
        """Return the known values of some states, those that satisfy few fields first."""
        masks = self._satisfying.values()
        bits = [
            1 << place
            for place in range((states & self.known).bit_length())
            if states & self.known & 1 << place
        ]
        bits.sort(key=lambda bit: sum(1 for mask in masks if mask & bit))
        return [self.value(bit) for bit in bits]


def _leaf(value: Scalar) -> Leaf:
    leaf = leaf_of(value, None)
    assert leaf is not None
    return leaf


def _wants(field: Field, address: Leaf, other: Leaf) -> bool:
    """Return whether a value satisfies a field that is one leaf to terms of addresses, and another to other terms."""
    return any(term.matches(address if isinstance(term, OF_ADDRESSES) else other) for term in field.terms)


class _Pair:
    """Two patterns, and all about their paths that both searches need."""

    def __init__(self, a: Pattern, b: Pattern, *, on_a_bus: bool) -> None:
        self._a = a
        self._b = b
        self._on_a_bus = on_a_bus
        self._fields: dict[str, list[Field]] = {}
        for alternative in (*a.alternatives, *b.alternatives):
            for field in alternative.written:
                self._fields.setdefault(field.path, []).append(field)
        self._paths: dict[str, _Path] = {}
        self._rank = {path: rank for rank, path in enumerate(sorted(self._fields, key=utf16_order))}
        self._group = {path: self._group_of(path) for path in self._fields}
        self._may_be_absent_in_b = {
            field.path for box in b.alternatives for field in box.fields if field.may_be_absent
        }
        self._lacks_value = False
        self._satisfying_b: list[dict[str, int]] | None = None

    def _path(self, path: str) -> _Path:
        found = self._paths.get(path)
        if found is None:
            top = path.partition(".")[0]
            on_a_bus = self._on_a_bus
            found = self._paths[path] = _Path(
                self._fields[path],
                may_have_leaves=not on_a_bus
                or path in _TEXTS_OF_EVENTS
                or path in ("resources", "replay-name")
                or (top == "detail" and path != "detail"),
                texts_only=on_a_bus and top != "detail",
            )
        return found

    def _has_one_value(self, path: str) -> bool:
        """Return whether a path has exactly one leaf in each event."""
        return self._on_a_bus and path in _TEXTS_OF_EVENTS

    def _has_at_most_one_value(self, path: str) -> bool:
        return self._has_one_value(path) or (self._on_a_bus and path == "replay-name")

    def _group_of(self, path: str) -> tuple[str, ...]:
        """Return the shortest path of an array that may contain leaves of a path; other groups share no arrays."""
        pieces = path.split(".")
        return tuple(pieces[: 2 if self._on_a_bus and pieces[0] == "detail" else 1])

    def _wanted(self, field: Field) -> int:
        """Return the states that satisfy a field: values, and no leaf if it may be absent."""
        may_be_absent = field.may_be_absent and not self._has_one_value(field.path)
        return self._path(field.path).satisfying(field) | (_ABSENT if may_be_absent else 0)

    def _gap(self) -> str | None:
        """Return why a proof about all events would have a gap; None if it has none."""
        for path, known in self._paths.items():
            if not known.are_all:
                return f"the texts of {path} have too many combinations"
        return self._gap_of_names()

    def _gap_of_names(self) -> str | None:
        if self._a.looks_below_empty_names != self._b.looks_below_empty_names:
            return "only one of the patterns looks below empty names of an event"
        return None

    # Overlap

    def overlap(self) -> Answer:
        """Return whether an event matches both patterns."""
        steps = Steps()
        in_arrays: dict[str, Any] | None = None
        missing: str | None = None
        try:
            for one, other in product(self._a.alternatives, self._b.alternatives):
                steps.take(1 + len(one.fields) + len(other.fields))
                common = self._common(one, other)
                if common is None:
                    continue
                event, plain = common
                if event is None:
                    missing = _NOT_BUILT
                elif plain:
                    return Answer(True, event, "both patterns match this event")
                else:
                    in_arrays = in_arrays or event
        except TooManySteps:
            missing = _TOO_MUCH
        if in_arrays is not None:
            return Answer(
                True, in_arrays, "both patterns match this event, which has several values in an array"
            )
        missing = missing or (_NO_VALUE if self._lacks_value else None)
        missing = missing or (self._gap() if self._on_a_bus else self._gap_of_names())
        if missing:
            return Answer(None, None, missing)
        return Answer(
            False, None, "each two alternatives want different things of a field that cannot have both"
        )

    def _common(self, one: Alternative, other: Alternative) -> tuple[dict[str, Any] | None, bool] | None:
        """Return an event that two alternatives match, and whether no path has several values.

        The event is None if it could not be written. The answer is None if there is no event.
        """
        sides = [{field.path: self._wanted(field) for field in side.fields} for side in (one, other)]
        chosen: tuple[dict[str, int], dict[str, int]] = {}, {}
        apart: list[str] = []
        for path in sorted(sides[0].keys() | sides[1].keys(), key=self._rank.__getitem__):
            begun = [bool(self._before(path, taken)) for taken in chosen]
            values = self._chosen_together(path, [side.get(path) for side in sides], begun)
            if values is None:
                return None
            for number, states in enumerate(values):
                if states:
                    chosen[number][path] = states
                elif path in sides[number] and values[1 - number]:
                    apart.append(path)
        return self._written_together(chosen, apart)

    def _chosen_together(
        self, path: str, wanted: Sequence[int | None], begun: Sequence[bool]
    ) -> Sequence[int] | None:
        """Return the values of a path that each of two alternatives can choose, 0 for none; None if they cannot.

        To choose a value is never worse for an alternative, as it can then be in an element of its own.

        Args:
            path: The path.
            wanted: The states that satisfy each of the alternatives; None for one that does not have the path.
            begun: Whether each has chosen a value before that can lie in an array with values of this path.
        """
        known = self._path(path).known
        both = -1
        if self._has_at_most_one_value(path):
            for states in wanted:
                both &= -1 if states is None else states
            if not both & (known | _ABSENT):
                self._lacks_value = self._lacks_value or bool(both)
                return None
        values = [0 if states is None else states & known & both for states in wanted]
        for mine, theirs in ((0, 1), (1, 0)):
            states = wanted[mine]
            if values[mine] or states is None:
                continue
            if not states & _ABSENT:
                return None
            if values[theirs] and not begun[mine]:
                if not (wanted[theirs] or 0) & _ABSENT:
                    return None
                values[theirs] = 0
        return values

    def _written_together(
        self, chosen: Sequence[Mapping[str, int]], apart: Sequence[str]
    ) -> tuple[dict[str, Any] | None, bool]:
        """Return an event with the values of two alternatives, in two elements of arrays around some paths."""
        leaves = []
        plain = not apart
        for path in sorted(chosen[0].keys() | chosen[1].keys(), key=self._rank.__getitem__):
            known = self._path(path)
            values = [known.value(side[path]) if path in side else None for side in chosen]
            if path in chosen[0] and path in chosen[1]:
                common = chosen[0][path] & chosen[1][path]
                if common:
                    values = [known.value(common)] * 2
                plain = plain and bool(common)
            leaves += [
                (path, value, number, values[0] is values[1])
                for number, (side, value) in enumerate(zip(chosen, values, strict=True))
                if path in side
            ]
        for arrays in self._arrays_around(apart):
            placed: dict[tuple[str, int, bool], Placed] = {}
            for path, value, number, is_common in leaves:
                names = names_of(path)
                divided = any(names[:length] in arrays for length in range(1, len(names) + 1))
                key = path, number if divided or not is_common else 0, divided
                placed.setdefault(key, Placed(names, value, number))
            event = event_of(placed.values(), arrays)
            if self._matches(self._a, event) and self._matches(self._b, event):
                return event, plain
        return None, plain

    def _arrays_around(self, paths: Iterable[str]) -> Iterator[set[tuple[str, ...]]]:
        """Yield sets of arrays in which the leaves of some paths can lie, small ones first."""
        names = [names_of(path) for path in paths]
        shortest = [len(self._group[".".join(one)]) for one in names]
        deepest = max(map(len, names), default=0)
        if not names:
            yield set()
        for length in range(deepest - 1, min(shortest, default=1) - 1, -1):
            yield {
                one[: max(min(length, len(one) - 1), least)]
                for one, least in zip(names, shortest, strict=True)
            }

    def _matches(self, pattern: Pattern, event: Mapping[str, object]) -> bool:
        try:
            return pattern.matches(event)
        except InvalidEvent:
            return False

    # Implication

    def implication(self) -> Answer:
        """Return whether the first pattern implies the second."""
        steps = Steps()
        missing: str | None = None
        try:
            for alternative in self._a.alternatives:
                answer = self._implied_by(alternative, steps)
                if answer.holds is False:
                    return answer
                if answer.holds is None:
                    missing = missing or answer.reason
        except TooManySteps:
            missing = _TOO_MUCH
        missing = missing or self._gap()
        if missing:
            return Answer(None, None, missing)
        return _COVERED

    def _implied_by(self, alternative: Alternative, steps: Steps) -> Answer:
        if any(self._contains(box, alternative) for box in self._b.alternatives):
            return _COVERED
        own = {field.path: self._wanted(field) for field in alternative.fields}
        if not all(own.values()):
            return _COVERED  # no event matches the alternative
        boxes = self._boxes()
        domain = {path: self._domain(path) for box in boxes for path in box if path not in own} | own
        unknown = None
        for part in islice(uncovered(domain, boxes, steps), _MOST_PARTS):
            chosen = {path: states for path, states in part.items() if not states & _ABSENT}
            if not all(states & self._path(path).known for path, states in chosen.items()):
                unknown = unknown or _NO_VALUE
                continue
            answer = self._told_apart(self._placed(path, states) for path, states in chosen.items())
            if answer is not None:
                return answer
            unknown = _NOT_BUILT
        if unknown:
            return Answer(None, None, unknown)
        return self._implied_in_arrays(own, domain, boxes, steps)

    def _contains(self, box: Alternative, alternative: Alternative) -> bool:
        """Return whether an alternative has the fields of another one, and each with at least the same terms."""
        if not box.paths <= alternative.paths:
            return False
        own = {field.path: field for field in alternative.fields}
        for field in box.fields:
            mine = own[field.path]
            if mine is not field and not set(mine.terms) <= set(field.terms):
                return False
            if mine.may_be_absent and not self._before(field.path, own) <= box.paths:
                return False
        return True

    def _before(self, path: str, others: Iterable[str]) -> set[str]:
        """Return the paths that come before a path and can share an array with it."""
        rank, group = self._rank[path], self._group[path]
        return {other for other in others if self._rank[other] < rank and self._group[other] == group}

    def _boxes(self) -> list[dict[str, int]]:
        """Return the states that satisfy each alternative of the second pattern."""
        if self._satisfying_b is None:
            self._satisfying_b = [
                {field.path: self._wanted(field) for field in box.fields} for box in self._b.alternatives
            ]
        return self._satisfying_b

    def _domain(self, path: str) -> int:
        """Return the states of a path that only the second pattern has."""
        if self._has_one_value(path):
            return self._path(path).every
        return _ABSENT | (self._path(path).every if path in self._may_be_absent_in_b else 0)

    def _placed(self, path: str, states: int) -> Placed:
        return Placed(names_of(path), self._path(path).value(states))

    def _told_apart(self, leaves: Iterable[Placed], arrays: Iterable[tuple[str, ...]] = ()) -> Answer | None:
        """Return the answer that the first pattern does not imply the second, if an event of some leaves shows it."""
        event = event_of(leaves, set(arrays))
        if self._matches(self._a, event) and not self._matches(self._b, event):
            return Answer(False, event, "the first pattern matches this event, the second does not")
        return None

    def _implied_in_arrays(
        self,
        own: Mapping[str, int],
        domain: Mapping[str, int],
        boxes: Sequence[Mapping[str, int]],
        steps: Steps,
    ) -> Answer:
        """Return whether an alternative implies the second pattern, if it does for events without arrays of objects."""
        have_values = [path for path, states in own.items() if states & self._path(path).every]
        chosen_before = {path: self._before(path, have_values) for path in own}
        wider = dict(domain)
        for path, states in own.items():
            if states & _ABSENT and chosen_before[path]:
                wider[path] |= _ELSEWHERE
        stricter = [self._certain(box, own, chosen_before) for box in boxes]
        if wider == domain and stricter == boxes:
            return _COVERED
        parts = list(islice(uncovered(wider, stricter, steps), _MOST_PARTS))
        for part in parts:
            answer = self._told_apart_in_arrays(part, own)
            if answer is not None:
                return answer
        return Answer(None, None, _NOT_TOLD_APART) if parts else _COVERED

    def _certain(
        self, box: Mapping[str, int], own: Mapping[str, int], chosen_before: Mapping[str, set[str]]
    ) -> dict[str, int]:
        """Return the states in which an alternative of the second pattern is satisfied whatever else an event has."""
        certain = {}
        for path, states in box.items():
            beside = {other for other in box if other != path and self._group[other] == self._group[path]}
            takes_all = states == self._path(path).every | _ABSENT and beside <= self._before(path, beside)
            if path not in own:
                certain[path] = states if takes_all or not beside else states & _ABSENT
            elif takes_all or (states & _ABSENT and chosen_before[path] <= box.keys()):
                certain[path] = states | _ELSEWHERE
            else:
                certain[path] = states
        return certain

    def _told_apart_in_arrays(self, part: Mapping[str, int], own: Mapping[str, int]) -> Answer | None:
        """Return the answer that an event with arrays of objects gives, made of some states; None if it gives none.

        The chosen leaves are in the first elements. In a second try, those that the second pattern looks at are in no
        array, which needs names with dots, so that only other leaves choose elements.
        """
        main: list[tuple[str, Scalar]] = []
        elsewhere: list[tuple[str, list[Scalar]]] = []
        for path, states in part.items():
            known = self._path(path)
            if path in own and states & known.every:
                values = known.some_values(states)
                main += [(path, value) for value in values[:1]]
            elif path in own and states & _ELSEWHERE:
                values = known.some_values(known.every)
                elsewhere.append((path, values))
            elif path not in own and not states & _ABSENT:
                values = known.some_values(states)
                elsewhere.append((path, values))
            else:
                continue
            if not values:
                return None
        of_second = {path for box in self._b.alternatives for path in box.paths}
        for outside, arrays in product(
            (set(), of_second), self._arrays_around(path for path, _ in elsewhere)
        ):
            chosen = [
                Placed(self._names_outside(path) if path in outside else names_of(path), value)
                for path, value in main
            ]
            for choice, spread in product(range(_MOST_VALUES), (0, 1)):
                others = [
                    Placed(names_of(path), values[choice % len(values)], 1 + spread * number)
                    for number, (path, values) in enumerate(elsewhere)
                ]
                answer = self._told_apart([*chosen, *others], arrays)
                if answer is not None:
                    return answer
        return None

    def _names_outside(self, path: str) -> tuple[str, ...]:
        """Return names that lead to a path and to no array on the way, as far as there are such names."""
        around = len(self._group[path]) - 1
        pieces = path.split(".")
        return (*pieces[:around], ".".join(pieces[around:]))


_COVERED: Final = Answer(
    True, None, "each value and absence that the first pattern accepts, the second accepts too"
)
