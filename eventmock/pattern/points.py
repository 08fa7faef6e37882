"""The points of a pattern: what events can try of it, and what an event has tried.

- A *value* is a member of a list. An event tries it if it matches the pattern, and this member takes part in that.
- A *branch* is an object of an `$or`. An event tries it if it matches by this branch.
- A *refusal* belongs to a list. An event tries it if the pattern would match, were it not for this list. If no event
  does, no test notices that the list is missing.

Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from itertools import count
from json import JSONDecoder
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from eventmock.pattern.alternative_index import AlternativeIndex
from eventmock.pattern.compiled import Pattern
from eventmock.pattern.matching import Alternative, ArrayAgreement, Field
from eventmock.pattern.terms import Absent, Exists
from eventmock.pattern.used_paths import UsedPaths
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set as AbstractSet

    from eventmock.pattern.alternative_index import SharedAlternative
    from eventmock.pattern.leaves import Leaves, ReadEvent

_decoder: Final = JSONDecoder()

Where = tuple[str | int, ...]
"""A place in a pattern: the names, and the places in lists, that lead to it."""


class PatternPoint(NamedTuple):
    """One thing about a pattern that an event can try.

    Attributes:
        kind: Whether it is a value, a branch or a refusal.
        key: A text that is unique in the pattern: the JSON Pointer of the place.
        text: Words for people.
        where: The place in the pattern.
    """

    kind: Literal["value", "branch", "refusal"]
    key: str
    text: str
    where: Where


class Refusal(NamedTuple):
    """The refusal of a list of a pattern.

    Attributes:
        pattern: The pattern as JSON text.
        key: The key of the point.
    """

    pattern: str
    key: str


class Reading(NamedTuple):
    """An event, read for patterns.

    Attributes:
        leaves: The leaves on the paths of the patterns, by path.
        positioned: The paths on which some leaf lies in an array.
    """

    leaves: Leaves
    positioned: AbstractSet[str]


class PointsOfPatterns:
    """The points of many patterns.

    To find a refusal that an event tries, the pattern is in an index without the list. So the cost does not grow with
    the number of patterns that have nothing to do with the event, nor with refusals that are not looked for any more.
    """

    def __init__(self) -> None:
        self._known: dict[str, PatternPoints] = {}
        self._used = {into: UsedPaths(into_empty_names=into) for into in (False, True)}
        self._without = {into: AlternativeIndex(into_empty_names=into) for into in (False, True)}
        self._looked_for: dict[Refusal, tuple[str, list[SharedAlternative]]] = {}
        self._names: dict[str, Refusal] = {}
        self._numbers = count()

    def of(self, text: str) -> PatternPoints:
        """Return the points of a pattern, which is JSON text that AWS accepts."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = PatternPoints(Pattern(text))
            for path in found.paths:
                self._used[found.looks_below_empty_names].add(path)
        return found

    def read(self, event: Mapping[str, object] | ReadEvent, *, into_empty_names: bool = False) -> Reading:
        """Return the leaves of an event on the paths of the patterns that are known by now.

        Args:
            event: The event.
            into_empty_names: Whether it is read for the patterns that look below empty names, or for all others.
        """
        return Reading(*self._used[into_empty_names].read(event))

    def look_for(self, refusal: Refusal) -> None:
        """Begin to look for a refusal, so that `nearly_matching` returns it."""
        if refusal in self._looked_for:
            return
        points = self.of(refusal.pattern)
        index = self._without[points.looks_below_empty_names]
        name = str(next(self._numbers))
        self._names[name] = refusal
        self._looked_for[refusal] = name, [index.add(name, rest) for rest in points.without(refusal.key)]

    def stop_looking(self, refusal: Refusal) -> None:
        """Stop looking for a refusal."""
        name, alternatives = self._looked_for.pop(refusal)
        index = self._without[self.of(refusal.pattern).looks_below_empty_names]
        for alternative in alternatives:
            index.remove(name, alternative)
        del self._names[name]

    def nearly_matching(self, event: Mapping[str, object] | ReadEvent) -> list[Refusal]:
        """Return the refusals that are looked for, and whose pattern an event matches without the list.

        Among them are those whose pattern it matches with the list. A pattern that has only this list is not found; see
        `PatternPoints.alone`.
        """
        names = [name for index in self._without.values() if index for name in index.names_of_matching(event)]
        return [self._names[name] for name in names]


class PatternPoints:
    """The points of a pattern. `PointsOfPatterns.of` makes it.

    Args:
        pattern: The pattern.

    Attributes:
        points: The points, in the order of the text.
        taken: The keys of the values and the branches.
        refusals: The keys of the refusals.
        alone: The keys of the lists that are all of an alternative. Each event that does not match tries their refusal.
        looks_below_empty_names: Whether the pattern sees leaves below an empty name of an event.
    """

    def __init__(self, pattern: Pattern) -> None:
        self._written = read_pattern(pattern.text)
        self._alternatives = [
            _Placed(alternative, places)
            for alternative, places in zip(pattern.alternatives, _places_of(self._written), strict=True)
        ]
        self.points: Final = tuple(self._points())
        self.taken: Final = frozenset(point.key for point in self.points if point.kind != "refusal")
        self.refusals: Final = frozenset(point.key for point in self.points if point.kind == "refusal")
        single = [placed for placed in self._alternatives if len(placed.lists) == 1 and not placed.covered]
        self.alone: Final = self.refusals & {_key(place) for one in single for place in one.lists.values()}
        self.looks_below_empty_names: Final = pattern.looks_below_empty_names

    @property
    def paths(self) -> set[str]:
        """The paths of the lists."""
        return {path for placed in self._alternatives for path in placed.lists}

    def without(self, key: str) -> Iterator[Alternative]:
        """Yield the alternatives that have a list, each without it; none that would be empty.

        Where the list stood in place of another one of the same path, as in a branch of `$or`, that one counts again.
        """
        for placed in self._alternatives:
            written = placed.alternative.written
            rest = [field for field in written if _key(placed.lists[field.path]) != key]
            removed = [field.path for field in written if _key(placed.lists[field.path]) == key]
            rest += [self._field(placed.covered[path]) for path in removed if path in placed.covered]
            if removed and rest:
                yield Alternative(tuple(rest))

    def _field(self, where: Where) -> Field:
        """Return the list at a place of the pattern."""
        value: Any = self._written
        for piece in where:
            value = value[piece]
        for piece in reversed(where):
            if isinstance(piece, str) and piece != "$or":
                value = {piece: value}
        return Pattern(dumps(value)).alternatives[0].written[0]

    def taken_by(self, reading: Reading, wanted: AbstractSet[str]) -> set[str]:
        """Return the keys of the values and branches by which an event matches; empty if it does not match.

        Args:
            reading: The event.
            wanted: The keys that are looked for. Others may be left out.
        """
        leaves, positioned = reading
        taken: set[str] = set()
        for placed in self._alternatives:
            values = [one for one in placed.values if one.key in wanted and one.alone.may_hold(leaves)]
            if not values and wanted.isdisjoint(placed.branch_keys):
                continue
            fields = placed.alternative.fields
            if not all(field.may_hold(leaves) for field in fields) or not _agree(fields, leaves, positioned):
                continue
            taken.update(placed.branch_keys)
            for key, position, alone in values:
                with_it_alone = (*fields[:position], alone, *fields[position + 1 :])
                if alone.path not in positioned or _agree(with_it_alone, leaves, positioned):
                    taken.add(key)
        return taken

    def _points(self) -> Iterator[PatternPoint]:
        fields: dict[Where, Field] = {}
        branches: dict[Where, dict[str, None]] = {}
        for placed in self._alternatives:
            for field in placed.alternative.written:
                fields.setdefault(placed.lists[field.path], field)
            for branch in placed.branches:
                inside = (path for path, where in placed.lists.items() if where[: len(branch)] == branch)
                branches.setdefault(branch, {}).update(dict.fromkeys(inside))
        for where in sorted({*fields, *branches}, key=self._order):
            if where in branches:
                number = where[-1]
                assert isinstance(number, int)
                text = f"$or branch {number + 1} ({', '.join(branches[where])})"
                yield PatternPoint("branch", _key(where), text, where)
                continue
            field = fields[where]
            for number, wanted in enumerate(field.wanted):
                key = _key((*where, number))
                yield PatternPoint("value", key, f"{field.path} {wanted}", (*where, number))
            if _can_refuse(field):
                yield PatternPoint("refusal", _key(where), f"{field.path} refuses", where)

    def _order(self, where: Where) -> tuple[int, ...]:
        """Return a key that sorts places in the order of the text."""
        order: list[int] = []
        value: Any = self._written
        for piece in where:
            order.append(piece if isinstance(piece, int) else list(value).index(piece))
            value = value[piece]
        return tuple(order)


class _Value(NamedTuple):
    """A value of a list of an alternative.

    Attributes:
        key: The key of the point.
        position: The position of the list's field in `Alternative.fields`.
        alone: A field that has only this value.
    """

    key: str
    position: int
    alone: Field


class _Placed:
    """An alternative of a pattern, and where its parts are written.

    Attributes:
        alternative: The alternative.
        lists: The place of the list of each path.
        covered: The place of the list in whose place another one of the same path stands, by path.
        branches: The places of the branches of `$or` that the alternative takes.
        branch_keys: The keys of these branches.
        values: The values of its lists.
    """

    __slots__ = ("alternative", "branch_keys", "branches", "covered", "lists", "values")

    def __init__(self, alternative: Alternative, places: _Places) -> None:
        self.alternative = alternative
        self.lists: Mapping[str, Where] = places.lists
        self.covered: Mapping[str, Where] = places.covered
        self.branches = places.branches
        self.branch_keys = [_key(where) for where in places.branches]
        self.values = [
            _Value(_key((*places.lists[field.path], number)), position, Field(field.path, (term,)))
            for position, field in enumerate(alternative.fields)
            for number, term in enumerate(field.terms)
        ]


class _Places(NamedTuple):
    """Where the parts of an alternative are written.

    Attributes:
        lists: The place of the list of each path.
        branches: The places of the branches of `$or` that the alternative takes.
        covered: The place of the list in whose place another one of the same path stands, by path.
    """

    lists: dict[str, Where]
    branches: tuple[Where, ...]
    covered: dict[str, Where]


def read_pattern(text: str, decoder: JSONDecoder = _decoder) -> dict[str, Any]:
    """Return the object of a pattern's text. As in AWS, any text after its closing brace is not read.

    Args:
        text: The text.
        decoder: The decoder whose hooks apply.
    """
    try:
        read: dict[str, Any] = loads(text, decoder)
    except ValueError:
        read, _ = decoder.raw_decode(text.lstrip())
    return read


def _places_of(pattern: Mapping[str, Any]) -> list[_Places]:
    """Return the places of each alternative of a pattern, in the order in which `syntax` finds the alternatives."""
    found = [_Places({}, (), {})]
    _go(pattern, "", (), found)
    return found


def _go(value: Mapping[str, Any], path: str, where: Where, found: list[_Places]) -> None:
    """Go through an object of a pattern, and add its lists to the alternatives that were found before it.

    Objects may be nested 1,000 levels deep, so they are on a stack. A pattern has no room for that many `$or`.
    """
    stack = [(iter(value.items()), path, where)]
    while stack:
        members, path, where = stack[-1]
        name, member = next(members, (None, None))
        if name is None:
            stack.pop()
            continue
        here = (*where, name)
        if name == "$or":
            before = list(found)
            found.clear()
            for number, branch in enumerate(cast("list[Any]", member)):
                inside = [
                    _Places(dict(one.lists), (*one.branches, (*here, number)), dict(one.covered))
                    for one in before
                ]
                _go(branch, path, (*here, number), inside)
                found += inside
            continue
        below = f"{path}.{name}" if path else name
        if isinstance(member, dict):
            stack.append((iter(member.items()), below, here))
        else:
            for one in found:
                if below in one.lists:
                    one.covered[below] = one.lists[below]
                one.lists[below] = here


def _agree(fields: tuple[Field, ...], leaves: Leaves, positioned: AbstractSet[str]) -> bool:
    return ArrayAgreement([fields], leaves, positioned).holds(fields)


def _can_refuse(field: Field) -> bool:
    """Return whether any event fails the list; none does if the list takes presence and absence."""
    kinds = set(map(type, field.terms))
    return not {Exists, Absent} <= kinds


def _key(where: Where) -> str:
    """Return the JSON Pointer of a place (RFC 6901)."""
    return "".join(f"/{str(piece).replace('~', '~0').replace('/', '~1')}" for piece in where)
