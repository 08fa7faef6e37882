"""Examples: an event of a schema that satisfies some fields of a pattern, or does not satisfy them.

An example is built member by member, near to another event, and shown only if it is valid by the schema
(`validity`). The same question always has the same answer.
Source: ours.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.pattern.leaves import InvalidEvent, leaf_of
from eventmock.pattern.terms import Absent, Exists
from eventmock.pattern.value_classes import examples_of
from eventmock.schemas.about import ANY_SOURCE, pairs, source_for, wished_fields
from eventmock.schemas.json_values import SCALARS, type_of
from eventmock.schemas.text_formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from eventmock.pattern import Pattern
    from eventmock.pattern.leaves import Scalar
    from eventmock.pattern.matching import Field
    from eventmock.schemas.alternative import Alternative
    from eventmock.schemas.view import Schemas, SchemaView

_DEEPEST: Final = 20
_MOST_EVENTS: Final = 100
_MOST_STEPS: Final = 1000
_LONGEST: Final = 1000
"""The greatest length of a text that is made as an example, in characters."""
_MOST_OTHERS: Final = 10
_MOST_VALUES: Final = 40
_ENVELOPE: Final[Mapping[str, Any]] = {
    "version": "0",
    "id": "a1b2c3d4-5678-90ab-cdef-111122223333",
    "account": "123456789012",
    "time": "2026-01-15T10:00:00Z",
    "region": "us-east-1",
    "resources": [],
}
"""The members of the envelope of an example, if the schema requires them."""

_NOTHING: Final = object()
"""Stands for a value that does not exist."""


def to_show(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an example without the members that say nothing: those of the envelope that no pattern asked for."""
    return {name: value for name, value in event.items() if name not in _ENVELOPE or value != _ENVELOPE[name]}


class Wish(NamedTuple):
    """What an example is to have on a path.

    Attributes:
        pieces: The names of the path.
        field: The field of the pattern.
        holds: Whether the example is to satisfy the field. If it is not to, the example is to have another value there.
        is_absent: Whether the example is to have nothing there.
        types: The types of which the value is to be; None for any.
    """

    pieces: tuple[str, ...]
    field: Field
    holds: bool = True
    is_absent: bool = False
    types: frozenset[str] | None = None

    @classmethod
    def of(cls, field: Field, *, holds: bool = True, is_absent: bool = False) -> Wish:
        """Return a wish about a field of a pattern."""
        return cls(tuple(field.path.split(".")), field, holds, is_absent)

    def after(self, count: int) -> Wish:
        """Return the wish below some names of its path."""
        return self._replace(pieces=self.pieces[count:])

    def is_fulfilled_by(self, value: Any) -> bool:
        """Return whether a scalar is what the wish wants at the end of its path."""
        if self.is_absent or (self.types is not None and type_of(value) not in self.types):
            return False
        try:
            leaf = leaf_of(value, None)
        except InvalidEvent:
            return False
        return leaf is not None and self.field.wants(leaf) is self.holds

    @property
    def is_for_nothing(self) -> bool:
        """Whether the wish is fulfilled by a value that does not exist."""
        if self.is_absent:
            return True
        only_absence = all(isinstance(term, Absent) for term in self.field.terms)
        return self.holds and only_absence


def example(
    view: SchemaView,
    wishes: Iterable[Wish] = (),
    *,
    near: Mapping[str, Any] | None = None,
    is_wanted: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> dict[str, Any] | None:
    """Return an example of an event; None if none was found.

    Args:
        view: The schema.
        wishes: What the example is to have.
        near: An event to which the example is to be similar.
        is_wanted: Returns whether an event may be the answer.
    """
    schema = view.schema
    wishes = list(wishes)
    begun: dict[str, Any] = {"source": schema.source or ANY_SOURCE, "detail-type": schema.detail_type}
    begun |= {
        name: value
        for name, value in _ENVELOPE.items()
        if all(one.member(name).is_required for one in view.alternatives(view.root))
    }
    for start in (near, None):
        builder = _Builder(view)
        events: Iterator[dict[str, Any]]
        events = builder.values(view.root, wishes, {**begun, **(start or {"detail": {}})}, 0)
        for event in islice(events, _MOST_EVENTS):
            if view.is_valid(event) and is_wanted(event):
                return event
    return None


def matching_event(
    pattern: Pattern, view: SchemaView, near: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return an event of a schema that a pattern matches; None if none was found.

    Args:
        pattern: The pattern.
        view: The schema.
        near: An event to which the answer is to be similar.
    """
    for alternative, _ in pairs(pattern, [view]):
        wishes = [Wish.of(field) for field in wished_fields(alternative)]
        begun = {"source": source_for(alternative, view)}
        found = example(view, wishes, near={"detail": {}, **(near or {}), **begun}, is_wanted=pattern.matches)
        if found is not None:
            return found
    return None


def exactly(path: str, value: Scalar) -> Field:
    """Return the field of a pattern that wants one value on a path."""
    from eventmock.pattern import compile as compile_pattern

    [alternative] = compile_pattern({path: [value]}).alternatives
    return alternative.written[0]


class _Builder:
    """A builder of values.

    Args:
        view: The schema.
    """

    def __init__(self, view: SchemaView) -> None:
        self._view = view
        self._steps = 0

    def values(self, schemas: Schemas, wishes: Sequence[Wish], near: Any, depth: int) -> Iterator[Any]:
        """Yield values of some schemas that may fulfil some wishes, those near to another value first."""
        self._steps += 1
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return
        alternatives = list(self._view.alternatives(schemas))
        if near is not _NOTHING:
            alternatives.sort(key=lambda one: (not one.admits(near), type_of(near) not in one.types))
        for one in alternatives:
            yield from self._values(one, wishes, near, depth)

    def _values(self, one: Alternative, wishes: Sequence[Wish], near: Any, depth: int) -> Iterator[Any]:
        here = [wish for wish in wishes if not wish.pieces]
        deeper = [wish for wish in wishes if wish.pieces]
        if one.values is not None:
            known = [near, *one.values] if near is not _NOTHING and one.admits(near) else one.values
            yield from (value for value in known if all(wish.is_fulfilled_by(value) for wish in here))
            return
        ways = {
            "object": lambda: self._objects(one, deeper, near, depth),
            "array": lambda: self._arrays(one, here, deeper, near, depth),
            "scalar": lambda: _scalars(one, here, near),
        }
        kinds = one.types & {"object", "array"}
        if one.types & SCALARS and all(wish.is_for_nothing for wish in deeper):
            kinds |= {"scalar"}
        if any(wish.holds and not wish.is_for_nothing for wish in here):
            kinds -= {"object"}
        if not one.parts and not isinstance(near, list):
            kinds -= {"array"}  # where all is allowed, an array of all adds nothing
        nearest = type_of(near) if near is not _NOTHING else "scalar"
        for kind in sorted(kinds, key=lambda kind: (kind != nearest, kind != "scalar", kind != "object")):
            yield from ways[kind]()

    def _objects(self, one: Alternative, wishes: Sequence[Wish], near: Any, depth: int) -> Iterator[Any]:
        around = near if isinstance(near, dict) else {}
        groups: dict[str, list[Wish]] = {}
        for wish in wishes:
            groups.setdefault(wish.pieces[0], []).append(wish.after(1))
        names = [*around, *(name for name in (*one.names, *groups) if name not in around)]
        built: dict[str, Any] = {}
        others: dict[str, Iterator[Any]] = {}
        for name in names:
            member, group = one.member(name), groups.get(name, [])
            for_nothing = [wish for wish in group if wish.is_for_nothing]
            is_wished = len(for_nothing) < len(group)
            if member.schemas is None or any(not wish.pieces for wish in for_nothing):
                if member.is_required or is_wished:
                    return
                continue
            if not (member.is_required or is_wished or name in around):
                continue
            beside = around.get(name, _NOTHING)
            others[name] = self.values(member.schemas, group, beside, depth + 1)
            value = next(others[name], _NOTHING)
            if value is not _NOTHING:
                built[name] = value
            elif member.is_required or (is_wished and any(wish.holds for wish in group)):
                return
        yield dict(built)
        for name in built:  # another value of one member, if the schema has more rules than are known here
            for value in islice(others[name], _MOST_OTHERS):
                yield {**built, name: value}

    def _arrays(
        self, one: Alternative, here: Sequence[Wish], deeper: Sequence[Wish], near: Any, depth: int
    ) -> Iterator[Any]:
        wishes = [*here, *deeper]
        around = near if isinstance(near, list) else []
        wanted = [wish for wish in wishes if not wish.is_for_nothing]
        least, most = one.sizes
        is_new = near is not _NOTHING and not isinstance(near, list)
        size = max(least, 1 if wanted or is_new else 0, min(len(around), 3))
        items = []
        for place in range(min(size, 100)):
            beside = around[place] if place < len(around) else _NOTHING
            if is_new:
                beside = near  # an array in place of its item
            value = next(self.values(one.item(place), wishes, beside, depth + 1), _NOTHING)
            if value is _NOTHING:
                break
            items.append(value)
        if least <= len(items) <= most and (items or not wanted):
            yield items


def _scalars(one: Alternative, wishes: Sequence[Wish], near: Any) -> Iterator[Any]:
    """Yield scalars of an alternative that fulfil some wishes."""
    if any(wish.is_for_nothing for wish in wishes):
        return
    terms = [term for wish in wishes for term in wish.field.terms if not isinstance(term, Absent)]
    proposed = [*_near(near), *_usual(one)]
    if terms:
        found = examples_of(terms).values
        if all(wish.holds for wish in wishes):
            proposed = [*_near(near), *found, *_usual(one), *map(one.text_for, terms)]
        else:
            proposed += found
    count = 0
    for value in proposed:
        if one.admits(value) and all(wish.is_fulfilled_by(value) for wish in wishes):
            yield value
            count += 1
            if count >= _MOST_VALUES:
                return


def _near(near: Any) -> Iterator[Any]:
    """Yield a scalar, and the same as another type."""
    if near is _NOTHING or isinstance(near, (dict, list)):
        return
    yield near
    kind = type_of(near)
    if kind == "number":
        yield str(near)
        yield f"{near:.2f}"
        yield int(near) if math.isfinite(near) else 0
    elif kind == "string":
        try:
            number = float(near)
        except ValueError:
            return
        if math.isfinite(number):
            yield int(number) if number.is_integer() else number


def _usual(one: Alternative) -> Iterator[Any]:
    """Yield scalars that an alternative usually has."""
    for part in one.parts:
        examples = part.get("examples")
        given = [part.get("default"), part.get("example"), *(examples if isinstance(examples, list) else ())]
        yield from (value for value in given if value is not None and type_of(value) in SCALARS)
    yield from _texts(one)
    yield from _numbers(one)
    yield from (True, False, None)


def _texts(one: Alternative) -> Iterator[str]:
    least, most = one.lengths
    known: list[str | None] = [FORMATS[name].example for name in one.formats]
    known += [one.text_for(Exists())] if one.expressions else []
    for text in (*known, "text", "", "x"):
        if text is not None:
            yield text
            if len(text) < least <= _LONGEST:
                yield text + (text[-1:] or "x") * (least - len(text))
            elif len(text) > most:
                yield text[: int(most)]


def _numbers(one: Alternative) -> Iterator[float]:
    low, high, *_ = one.range
    yield 1
    for bound in (low, high):
        if math.isfinite(bound):
            yield from (
                bound,
                math.ceil(bound),
                math.floor(bound) + 1,
                math.floor(bound),
                math.ceil(bound) - 1,
            )
            yield from (
                factor * (math.floor(bound / factor) + step) for factor in one.factors for step in (0, 1)
            )
    yield from one.factors
    if math.isfinite(low) and math.isfinite(high):
        yield (low + high) / 2
    yield from (0, -1)
