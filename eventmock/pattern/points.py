"""The points of a pattern: what events can try of it, and what an event has tried.

- A *value* is a member of a list. An event tries it if it matches the pattern, and this member takes part in that.
- A *branch* is an object of an `$or`. An event tries it if it matches by this branch.
- A *refusal* belongs to a list. An event tries it if the pattern would match, were it not for this list. If no event
  does, no test notices that the list is missing.

Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from json import JSONDecoder
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from eventmock.pattern.compiled import Pattern
from eventmock.pattern.matching import ArrayAgreement, Field
from eventmock.pattern.terms import Absent, Exists
from eventmock.pattern.used_paths import UsedPaths
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Set as AbstractSet

    from eventmock.pattern.leaves import Leaves, ReadEvent
    from eventmock.pattern.matching import Alternative
    from eventmock.pattern.terms import Term

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


class Reading(NamedTuple):
    """An event, read for the points of many patterns.

    Attributes:
        leaves: The leaves on the paths of the patterns, by path.
        positioned: The paths on which some leaf lies in an array.
        alone: Whether the event satisfies each list that was tested so far, taken alone, by the number of the list.
    """

    leaves: Leaves
    positioned: AbstractSet[str]
    alone: dict[int, bool]


class PointsOfPatterns:
    """The points of many patterns. Equal lists of several patterns are tested once for each event."""

    def __init__(self) -> None:
        self._known: dict[str, PatternPoints] = {}
        self._numbers: dict[tuple[str, tuple[Term, ...]], int] = {}
        self._used = {
            into_empty_names: UsedPaths(into_empty_names=into_empty_names)
            for into_empty_names in (False, True)
        }

    def of(self, text: str) -> PatternPoints:
        """Return the points of a pattern, which is JSON text that AWS accepts."""
        found = self._known.get(text)
        if found is None:
            pattern = Pattern(text)
            found = self._known[text] = PatternPoints(pattern, self._number)
            for path in {path for alternative in pattern.alternatives for path in alternative.paths}:
                self._used[pattern.looks_below_empty_names].add(path)
        return found

    def read(self, event: Mapping[str, object] | ReadEvent, *, into_empty_names: bool = False) -> Reading:
        """Return an event, read for the patterns that are known by now.

        Args:
            event: The event.
            into_empty_names: Whether it is read for the patterns that look below empty names, or for all others.
        """
        leaves, positioned = self._used[into_empty_names].read(event)
        return Reading(leaves, positioned, {})

    def _number(self, field: Field) -> int:
        """Return a number that is the same for equal lists on equal paths."""
        return self._numbers.setdefault((field.path, field.terms), len(self._numbers))


class PatternPoints:
    """The points of a pattern. `PointsOfPatterns.of` makes it.

    Args:
        pattern: The pattern.
        number: A function that returns the number of a list of the pattern; see `Reading.alone`.

    Attributes:
        points: The points, in the order of the text.
        looks_below_empty_names: Whether the pattern sees leaves below an empty name of an event.
    """

    def __init__(self, pattern: Pattern, number: Callable[[Field], int]) -> None:
        self._written = _read(pattern.text)
        self._alternatives = [
            _Placed(alternative, [(number(field), field) for field in alternative.fields], lists, branches)
            for alternative, (lists, branches) in zip(
                pattern.alternatives, _places_of(self._written), strict=True
            )
        ]
        self.points: Final = tuple(self._points())
        self.looks_below_empty_names: Final = pattern.looks_below_empty_names

    def tried(self, reading: Reading) -> tuple[bool, Collection[str]]:
        """Return whether an event matches, and the keys of the points that it tries."""
        leaves, positioned, alone = reading
        tried: set[str] = set()
        nearly: list[str] = []
        for placed in self._alternatives:
            unmet = None
            for number, field in placed.numbered:
                holds = alone.get(number)
                if holds is None:
                    holds = alone[number] = field.may_hold(leaves)
                if not holds:
                    if unmet is not None:
                        break
                    unmet = field
            else:
                if unmet is not None:
                    nearly.append(_key(placed.lists[unmet.path]))
                elif _agree(placed.alternative.fields, leaves, positioned):
                    tried.update(_tried_by(placed, leaves, positioned))
        return (True, tried) if tried else (False, nearly)

    def _points(self) -> Iterator[PatternPoint]:
        fields: dict[Where, Field] = {}
        branches: dict[Where, list[str]] = {}
        for placed in self._alternatives:
            for field in placed.alternative.written:
                fields.setdefault(placed.lists[field.path], field)
            for branch in placed.branches:
                inside = [path for path, where in placed.lists.items() if where[: len(branch)] == branch]
                branches.setdefault(branch, inside)
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


class _Placed(NamedTuple):
    """An alternative of a pattern, and where its parts are written.

    Attributes:
        alternative: The alternative.
        numbered: The fields in the order in which they are tested, each with its number.
        lists: The place of the list of each path.
        branches: The places of the branches of `$or` that the alternative takes.
    """

    alternative: Alternative
    numbered: list[tuple[int, Field]]
    lists: Mapping[str, Where]
    branches: tuple[Where, ...]


def _tried_by(placed: _Placed, leaves: Leaves, positioned: AbstractSet[str]) -> Iterator[str]:
    """Yield the keys of the points that an event tries by an alternative that it matches."""
    yield from map(_key, placed.branches)
    fields = placed.alternative.fields
    for position, field in enumerate(fields):
        where = placed.lists[field.path]
        for number, term in enumerate(field.terms):
            alone = Field(field.path, (term,))
            takes_part = len(field.terms) == 1 or (
                alone.may_hold(leaves)
                and (
                    field.path not in positioned
                    or _agree((*fields[:position], alone, *fields[position + 1 :]), leaves, positioned)
                )
            )
            if takes_part:
                yield _key((*where, number))


class _Places(NamedTuple):
    """Where the parts of an alternative are written.

    Attributes:
        lists: The place of the list of each path.
        branches: The places of the branches of `$or` that the alternative takes.
    """

    lists: dict[str, Where]
    branches: tuple[Where, ...]


def _read(text: str) -> dict[str, Any]:
    """Return the object of a pattern. As in AWS, any text after its closing brace is not read."""
    try:
        read: dict[str, Any] = loads(text)
    except ValueError:
        read, _ = JSONDecoder().raw_decode(text.lstrip())
    return read


def _places_of(pattern: Mapping[str, Any]) -> list[_Places]:
    """Return the places of each alternative of a pattern, in the order in which `syntax` finds the alternatives."""
    found = [_Places({}, ())]
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
                inside = [_Places(dict(one.lists), (*one.branches, (*here, number))) for one in before]
                _go(branch, path, (*here, number), inside)
                found += inside
            continue
        below = f"{path}.{name}" if path else name
        if isinstance(member, dict):
            stack.append((iter(member.items()), below, here))
        else:
            for one in found:
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
