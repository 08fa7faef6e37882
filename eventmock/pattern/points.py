"""The points of a pattern: what events can try of it, and what an event has tried.

- A *value* is a member of a list. An event tries it if it matches the pattern, and this member takes part in that.
- A *branch* is an object of an `$or`. An event tries it if it matches by this branch.
- A *refusal* belongs to a list. An event tries it if the pattern would match, were it not for this list. If no event
  does, no test notices that the list is missing.

Source: ours; `matching` defines when an event matches.
"""

from __future__ import annotations

from json import JSONDecoder
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from eventmock.pattern.compiled import Pattern
from eventmock.pattern.matching import ArrayAgreement, Field
from eventmock.pattern.terms import Absent, Exists
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set as AbstractSet

    from eventmock.pattern.leaves import Leaves, ReadEvent
    from eventmock.pattern.matching import Alternative

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


class PatternPoints:
    """The points of a pattern.

    Args:
        text: The pattern as JSON text, which AWS accepts.

    Attributes:
        points: The points, in the order of the text.
    """

    def __init__(self, text: str) -> None:
        self._pattern = Pattern(text)
        self._written = read_pattern(text)
        self._places = _places_of(self._written)
        self.points: Final = tuple(self._points())

    def tried(self, event: ReadEvent) -> tuple[bool, set[str]]:
        """Return whether an event matches, and the keys of the points that it tries."""
        leaves, positioned = self._pattern._leaves_of(event)  # noqa: SLF001 - the same engine
        alone: dict[int, bool] = {}
        tried: set[str] = set()
        nearly: list[str] = []
        for alternative, places in zip(self._pattern.alternatives, self._places, strict=True):
            unmet = None
            for field in alternative.fields:
                holds = alone.get(id(field))
                if holds is None:
                    holds = alone[id(field)] = field.may_hold(leaves)
                if not holds:
                    if unmet is not None:
                        break
                    unmet = field
            else:
                if unmet is not None:
                    nearly.append(_key(places.lists[unmet.path]))
                elif _agree(alternative.fields, leaves, positioned):
                    tried.update(self._tried_by(alternative, places, leaves, positioned))
        return (True, tried) if tried else (False, set(nearly))

    def _points(self) -> Iterator[PatternPoint]:
        fields: dict[Where, Field] = {}
        branches: dict[Where, list[str]] = {}
        for alternative, places in zip(self._pattern.alternatives, self._places, strict=True):
            for field in alternative.written:
                fields.setdefault(places.lists[field.path], field)
            for branch in places.branches:
                inside = [path for path, where in places.lists.items() if where[: len(branch)] == branch]
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

    @staticmethod
    def _tried_by(
        alternative: Alternative, places: _Places, leaves: Leaves, positioned: AbstractSet[str]
    ) -> Iterator[str]:
        """Yield the keys of the points that an event tries by an alternative that it matches."""
        yield from map(_key, places.branches)
        for position, field in enumerate(alternative.fields):
            where = places.lists[field.path]
            for number, term in enumerate(field.terms):
                alone = Field(field.path, (term,))
                takes_part = len(field.terms) == 1 or (
                    alone.may_hold(leaves)
                    and (
                        field.path not in positioned
                        or _agree(
                            (*alternative.fields[:position], alone, *alternative.fields[position + 1 :]),
                            leaves,
                            positioned,
                        )
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
    found = [_Places({}, ())]
    _go(pattern, "", (), found)
    return found


def _go(value: Mapping[str, Any], path: str, where: Where, found: list[_Places]) -> None:
    """Go through an object of a pattern, and add its lists to the alternatives that were found before it."""
    for name, member in value.items():
        here = (*where, name)
        if name == "$or":
            before = list(found)
            found.clear()
            for number, branch in enumerate(member):
                inside = [_Places(dict(one.lists), (*one.branches, (*here, number))) for one in before]
                _go(branch, path, (*here, number), inside)
                found += inside
        elif isinstance(member, dict):
            _go(member, f"{path}.{name}" if path else name, here, found)
        else:
            for one in found:
                one.lists[f"{path}.{name}" if path else name] = here


def _agree(fields: tuple[Field, ...], leaves: Leaves, positioned: AbstractSet[str]) -> bool:
    return ArrayAgreement([fields], leaves, positioned).holds(fields)


def _can_refuse(field: Field) -> bool:
    """Return whether any event fails the list; none does if the list takes presence and absence."""
    kinds = set(map(type, field.terms))
    return not {Exists, Absent} <= kinds


def _key(where: Where) -> str:
    """Return the JSON Pointer of a place (RFC 6901)."""
    return "".join(f"/{str(piece).replace('~', '~0').replace('/', '~1')}" for piece in where)
