"""Samples of schemas by Hypothesis: values that are valid by all of some schemas, also such as a pattern wants.

A sample is made from the top down. At each value the schemas that apply to it are gathered: references and ``allOf``
are followed, and of ``anyOf``, ``oneOf`` and ``if`` a branch is drawn. Then a type is drawn, and a value of it within
all bounds. What cannot be made so, such as ``not``, is tried a few times. The caller checks the whole event at the end.

Only `eventmock.strategies` imports this module, because it needs Hypothesis. The library hypothesis-jsonschema (0.23.1)
is not used: it fails for each object on Hypothesis 6.170, as it uses private parts of Hypothesis, and it follows no
references that lead to themselves.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import reject, strategies as st

from eventmock.schemas.documents import ENVELOPE
from eventmock.schemas.references import resolved, target_of

if TYPE_CHECKING:
    from typing import NoReturn

    from eventmock.schemas.subschemas import Schema
    from eventmock.schemas.validation import EventValidator

DEEP: Final = 5
"""The depth from which only what is required is made."""
DEEPEST: Final = 40
MOST: Final = 10**9
"""The greatest number, and the negative of the least one, where a schema has no bound."""
TRIES: Final = 5
"""The most times that a scalar, or an element of a list, is drawn again by itself."""
MOST_RETRIES: Final = 30
"""The most times in an event that a value is drawn again as a whole."""

_SCALARS: Final = ("string", "number", "boolean", "null")
_KINDS: Final = (*_SCALARS, "object", "array")
_TRIED: Final = (
    "not",
    "if",
    "oneOf",
    "contains",
    "dependencies",
    "dependentSchemas",
    "propertyNames",
    "maxProperties",
)
"""Keywords after which a value may turn out not to be valid, although it was made by the schema."""
_CHOICES: Final = ("anyOf", "oneOf", "if")
"""Keywords of which a branch is drawn, which may turn out to be a dead end."""
_CHARACTERS: Final = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
_MORE_NAMES: Final = ("note", "another", "x", "y")
_MOMENTS: Final = st.datetimes(timezones=st.just(UTC)).map(
    lambda time: time.isoformat().replace("+00:00", "Z")
)
_FORMATS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "date-time": _MOMENTS,
    "date": st.dates().map(str),
    "time": st.times().map(lambda time: f"{time.isoformat('seconds')}Z"),
    "uuid": st.uuids().map(str),
    "email": st.emails(),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "hostname": st.sampled_from(["example.com", "shop.example.org"]),
    "uri": st.integers(0, 99).map("https://example.com/{}".format),
    "duration": st.integers(0, 99).map("P{}D".format),
    "json-pointer": st.integers(0, 99).map("/items/{}".format),
}


class Wanted(NamedTuple):
    """What a pattern wants of the value on a path.

    Attributes:
        path: The rest of the path below the present value, the names joined with dots; empty for this value.
        exact: The values that match.
        ranges: Schemas of numbers that match.
        others: Strategies for values that match.
        is_open: Whether most values match, such as with ``anything-but``.
        may_be_absent: Whether no value at all matches.
        accepts: A function that returns whether a value matches.
    """

    path: str
    exact: Sequence[Any]
    ranges: Sequence[Mapping[str, Any]]
    others: Sequence[st.SearchStrategy[Any]]
    is_open: bool
    may_be_absent: bool
    accepts: Callable[[Any], bool]

    @property
    def is_absence(self) -> bool:
        """Whether only the absence of a value matches."""
        return self.may_be_absent and not (self.exact or self.ranges or self.others or self.is_open)

    def kinds_among(self, allowed: set[str]) -> set[str]:
        """Return the types, of those that a schema allows, that a value may have here. Lists are the last choice."""
        kinds = {_kind_of(value) for value in self.exact}
        kinds |= {"number"} if self.ranges else set()
        kinds |= {"string"} if self.others else set()
        kinds |= set(_SCALARS) if self.is_open else set()
        kinds |= {"integer"} if "number" in kinds else set()
        return (kinds & allowed) or ({"array"} & allowed)


class _DeadEnd(Exception):  # noqa: N818 - it says what happened
    """No value is possible after what was drawn so far."""


class Sampler:
    """The drawing of one event.

    Args:
        draw: Given by Hypothesis.
        validator: The validator of the schema.
    """

    def __init__(self, draw: st.DrawFn, validator: EventValidator) -> None:
        self._draw = draw
        self._validator = validator
        self._schema = validator.schema
        self._retries = MOST_RETRIES

    def event(self, usual: Mapping[str, Any], wanted: Sequence[Wanted]) -> dict[str, Any]:
        """Return an event with all members of the envelope, and no others beside its detail.

        Args:
            usual: An event. Its envelope is taken, as far as the schema allows it and the pattern wants nothing else.
            wanted: What a pattern wants.
        """
        try:
            return self._event(usual, wanted)
        except _DeadEnd:
            reject()

    def _event(self, usual: Mapping[str, Any], wanted: Sequence[Wanted]) -> dict[str, Any]:
        schemas = self._gathered([self._schema.event], wanted, 0)
        event = {}
        for name in (*ENVELOPE, "detail"):
            own, inner = _of_member(schemas, name), _below(wanted, name)
            if name != "detail" and not inner and self._allows(own, usual[name]):
                event[name] = usual[name]
            else:
                event[name] = self._value(
                    [*own, *([{"type": "object"}] if name == "detail" else [])], inner, 1
                )
        return event

    def _reject(self) -> NoReturn:
        """Give up the present value, because no value is possible after what was drawn so far.

        Raises:
            _DeadEnd: Always. `_value` draws again.
        """
        raise _DeadEnd

    def _allows(self, schemas: Sequence[Schema], value: Any) -> bool:
        return all(self._validator.allows(schema, value) for schema in schemas)

    def _value(self, schemas: Sequence[Schema], wanted: Sequence[Wanted], depth: int) -> Any:
        """Return a value that is valid by all of some schemas, and that contains what is wanted."""
        if depth > DEEPEST:
            self._reject()
        for _ in range(TRIES):
            gathered: list[Mapping[str, Any]] = []
            try:
                gathered = self._gathered(schemas, wanted, depth)
                value = self._of_gathered(gathered, wanted, depth)
            except _DeadEnd:
                if not self._retries or (gathered and not _has_any(gathered, _CHOICES)):
                    raise
            else:
                if not _has_any(gathered, _TRIED) or self._allows(schemas, value):
                    return value
            self._retries = max(0, self._retries - 1)
        return self._reject()

    def _gathered(
        self, schemas: Sequence[Schema], wanted: Sequence[Wanted], depth: int
    ) -> list[Mapping[str, Any]]:
        """Return the schemas that apply: the given ones, those they refer to, and a branch of each choice."""
        found: list[Mapping[str, Any]] = []
        waiting = list(schemas)
        while waiting:
            schema = waiting.pop(0)
            if schema is False or len(found) > 200:
                self._reject()
            if not isinstance(schema, Mapping):
                continue
            found.append(schema)
            if isinstance(schema.get("$ref"), str):
                waiting.append(target_of(self._schema.document, schema["$ref"], self._schema.place))
            waiting += schema.get("allOf", ())
            waiting += [
                self._branch(schema[name], wanted, depth) for name in ("anyOf", "oneOf") if schema.get(name)
            ]
            if "if" in schema:
                fits = self._draw(st.booleans())
                waiting += [schema["if"], schema.get("then", True)] if fits else [schema.get("else", True)]
        return found

    def _branch(self, branches: Sequence[Schema], wanted: Sequence[Wanted], depth: int) -> Schema:
        """Return one of several schemas. Deep down, one of scalars is preferred; not if something inside is wanted."""
        scalar = [branch for branch in branches if self._is_scalar(branch)]
        if any(one.path and not one.may_be_absent for one in wanted):
            return self._draw(
                st.sampled_from([one for one in branches if one not in scalar] or list(branches))
            )
        return self._draw(st.sampled_from(scalar if scalar and depth > DEEP else list(branches)))

    def _is_scalar(self, schema: Schema) -> bool:
        target = resolved(schema, self._schema.document, self._schema.place)
        if not isinstance(target, Mapping):
            return False
        kinds = _kinds([target])
        return (
            "enum" in target or "const" in target or (kinds is not None and kinds <= {*_SCALARS, "integer"})
        )

    def _of_gathered(self, schemas: Sequence[Mapping[str, Any]], wanted: Sequence[Wanted], depth: int) -> Any:
        here = [one for one in wanted if not one.path and not one.is_absence]
        listed = next((_listed(one) for one in schemas if "enum" in one or "const" in one), None)
        if listed is not None:
            fits = [
                one
                for one in listed
                if self._allows(schemas, one) and all(each.accepts(one) for each in here)
            ]
            return self._one_of(fits)
        said = _kinds(schemas)
        kinds = set(_KINDS) if said is None else said
        inside = [one for one in wanted if one.path and not one.may_be_absent]
        if inside or any(not one.path and one.is_absence for one in wanted):
            kinds &= {"object", "array"}  # on the path to what is wanted, or without a value of its own
        elif here:
            kinds = here[0].kinds_among(kinds)
        elif kinds == set(_KINDS):
            kinds = _likely_kinds(schemas, depth)
        kind = self._one_of(sorted(kinds))
        if kind == "object":
            return self._object(schemas, wanted, depth)
        if kind == "array":
            return self._array(schemas, wanted, depth)
        if here:
            return self._wanted_scalar(schemas, kind, here[0])
        return self._scalar(schemas, kind)

    def _one_of(self, values: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(values)) if values else self._reject()

    # Scalars

    def _wanted_scalar(self, schemas: Sequence[Mapping[str, Any]], kind: str, wanted: Wanted) -> Any:
        exact = [one for one in wanted.exact if self._allows(schemas, one)]
        ways: list[Callable[[], Any]] = [lambda: self._one_of(exact)] if exact else []
        if kind in ("number", "integer"):
            ways += [partial(self._scalar, [*schemas, one], kind) for one in wanted.ranges]
        if kind == "string":
            ways += [partial(self._draw, one) for one in wanted.others]
        if wanted.is_open:
            ways.append(lambda: self._scalar(schemas, kind))
        for _ in range(TRIES):
            value = self._one_of(ways)()
            if self._allows(schemas, value) and wanted.accepts(value):
                return value
        return self._reject()

    def _scalar(self, schemas: Sequence[Mapping[str, Any]], kind: str) -> Any:
        if kind == "null":
            return None
        if kind == "boolean":
            return self._draw(st.booleans())
        return self._text(schemas) if kind == "string" else self._number(schemas, kind)

    def _text(self, schemas: Sequence[Mapping[str, Any]]) -> str:
        least = max((one.get("minLength", 0) for one in schemas), default=0)
        most = min((one["maxLength"] for one in schemas if "maxLength" in one), default=math.inf)
        forms = tuple(one["pattern"] for one in schemas if "pattern" in one)
        formats = tuple(one["format"] for one in schemas if one.get("format") in _FORMATS)
        return self._reject() if least > most else self._draw(_texts(least, most, forms, formats))

    def _number(self, schemas: Sequence[Mapping[str, Any]], kind: str) -> float:
        low, open_low = _bound(schemas, "minimum", "exclusiveMinimum", max)
        high, open_high = _bound(schemas, "maximum", "exclusiveMaximum", min)
        steps = [one["multipleOf"] for one in schemas if "multipleOf" in one]
        low = low if math.isfinite(low) else min(-MOST, high - MOST)
        high = high if math.isfinite(high) else max(MOST, low + MOST)
        if kind == "integer" or steps:
            step = math.lcm(*steps) if all(isinstance(one, int) for one in steps) else steps[0]
            first, last = int(-(-low // step)), int(high // step)
            first += open_low and first * step <= low
            last -= open_high and last * step >= high
            if first > last:
                self._reject()
            value = self._draw(st.integers(first, last)) * step
            return value if isinstance(step, int) else round(value, 12)
        if low > high or (low == high and (open_low or open_high)):
            self._reject()
        return self._draw(
            st.floats(
                float(low), float(high), exclude_min=open_low, exclude_max=open_high, allow_nan=False
            ).map(
                lambda number: number or 0.0  # JSON has no negative zero that differs
            )
        )

    # Objects and lists

    def _object(
        self, schemas: Sequence[Mapping[str, Any]], wanted: Sequence[Wanted], depth: int
    ) -> dict[str, Any]:
        required = {name for one in schemas for name in one.get("required", ())}
        known = _known_names(schemas, wanted)
        made: dict[str, Any] = {}
        for name in dict.fromkeys([*known, *sorted(required)]):
            members, inner = _of_member(schemas, name), _below(wanted, name)
            is_needed = name in required or any(not one.may_be_absent for one in inner)
            is_unwanted = any(not one.path and one.is_absence for one in inner)
            if False in members or (is_unwanted and not is_needed):
                if is_needed:
                    self._reject()
                known = [one for one in known if one != name]
            elif is_needed or (depth < DEEP and self._draw(st.booleans())):
                made[name] = self._value(members, inner, depth + 1)
        for one in schemas:
            for name, others in one.get("dependentRequired", {}).items():
                for other in others if name in made else ():
                    if other not in made:
                        made[other] = self._value(
                            _of_member(schemas, other), _below(wanted, other), depth + 1
                        )
        self._fill(made, known, schemas, depth)
        return made

    def _fill(
        self, made: dict[str, Any], known: Sequence[str], schemas: Sequence[Mapping[str, Any]], depth: int
    ) -> None:
        """Add members until there are as many as wanted, and sometimes one more if the schemas allow others."""
        least = max((one.get("minProperties", 0) for one in schemas), default=0)
        words = ("additionalProperties", "unevaluatedProperties")
        is_closed = any(one.get(word) is False for one in schemas for word in words)
        if not is_closed and depth < DEEP and self._draw(st.integers(0, 3)) == 3:
            least = max(least, len(made) + 1)
        while len(made) < least:
            missing = [name for name in known if name not in made]
            if is_closed and not missing:
                self._reject()
            others = [name for name in _MORE_NAMES if name not in made] or [f"x{len(made)}"]
            name = self._one_of(missing or others)
            made[name] = self._value(_of_member(schemas, name), (), depth + 1)

    def _array(self, schemas: Sequence[Mapping[str, Any]], wanted: Sequence[Wanted], depth: int) -> list[Any]:
        least = max((one.get("minItems", 0) for one in schemas), default=0)
        most = min((one["maxItems"] for one in schemas if "maxItems" in one), default=least + 3)
        contained = [one["contains"] for one in schemas if "contains" in one and one.get("minContains") != 0]
        if contained or any(not one.may_be_absent for one in wanted):
            least = max(least, 1)
        while least <= most and False in _of_element(schemas, most - 1) and most:
            most -= 1
        if least > most:
            self._reject()
        if any(not one.path and one.is_absence for one in wanted):
            most = least
        number = least if depth >= DEEP else self._draw(st.integers(least, min(most, least + 3)))
        is_unique = any(one.get("uniqueItems") is True for one in schemas)
        chosen = self._draw(st.integers(0, number - 1)) if wanted and number > 1 else 0
        absences = [one for one in wanted if one.is_absence]
        made: list[Any] = []
        for place in range(number):
            element = [*_of_element(schemas, place), *(contained if place == 0 else ())]
            inner = wanted if place == chosen else absences
            value = self._value(element, inner, depth + 1)
            for _ in range(TRIES):
                if not is_unique or _key(value) not in map(_key, made):
                    break
                value = self._value(element, inner, depth + 1)
            made.append(value)
        return made


@lru_cache(maxsize=1000)
def _texts(
    least: int, most: float, forms: tuple[str, ...], formats: tuple[str, ...]
) -> st.SearchStrategy[str]:
    """Return a strategy for texts.

    Args:
        least: The least number of characters.
        most: The greatest number of characters.
        forms: Regular expressions that are found in the text.
        formats: Names of formats of which the text has the first.
    """
    if not forms and not formats:
        return st.text(_CHARACTERS, min_size=least, max_size=int(min(most, least + 8)))
    found = [re.compile(form, re.ASCII) for form in forms]  # as in ECMAScript
    texts = st.from_regex(found[0], alphabet=_CHARACTERS) if found else _FORMATS[formats[0]]
    return texts.filter(
        lambda text: least <= len(text) <= most and all(re.search(form, text) for form in forms)
    )


def _kind_of(value: object) -> str:
    """Return the type of a scalar."""
    if isinstance(value, str):
        return "string"
    return "null" if value is None else "boolean" if isinstance(value, bool) else "number"


def _has_any(schemas: Sequence[Mapping[str, Any]], words: Sequence[str]) -> bool:
    return any(word in one for one in schemas for word in words)


def _listed(schema: Mapping[str, Any]) -> list[Any]:
    """Return the values that a schema lists by ``enum`` or ``const``."""
    return [schema["const"]] if "const" in schema else list(schema["enum"])


def _kinds(schemas: Sequence[Mapping[str, Any]]) -> set[str] | None:
    """Return the types that all schemas allow; None if none of them states types."""
    kinds: set[str] | None = None
    for one in schemas:
        said = one.get("type")
        if said is not None:
            own = {said} if isinstance(said, str) else set(said)
            own |= {"integer"} if "number" in own else set()
            kinds = own if kinds is None else kinds & own
    return kinds


def _likely_kinds(schemas: Sequence[Mapping[str, Any]], depth: int) -> set[str]:
    """Return the types of values about which schemas without types say something."""
    words = {word for one in schemas for word in one}
    kinds = {
        kind
        for kind, keywords in {
            "object": {
                "properties",
                "required",
                "additionalProperties",
                "patternProperties",
                "minProperties",
            },
            "array": {"items", "prefixItems", "minItems", "contains", "uniqueItems"},
            "string": {"minLength", "maxLength", "pattern", "format"},
            "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
        }.items()
        if words & keywords
    }
    return kinds or (set(_SCALARS) if depth > 2 else set(_KINDS))


def _known_names(schemas: Sequence[Mapping[str, Any]], wanted: Sequence[Wanted]) -> list[str]:
    """Return the names of members that schemas have, and those that are wanted beside them."""
    known = list(dict.fromkeys(name for one in schemas for name in one.get("properties", ())))
    return known + sorted(
        {
            one.path.split(".")[0]
            for one in wanted
            if one.path and not one.may_be_absent and not any(_below([one], name) for name in known)
        }
    )


def _below(wanted: Sequence[Wanted], name: str) -> list[Wanted]:
    """Return what is wanted of a member, and below it."""
    return [
        one._replace(path=one.path[len(name) + 1 :])
        for one in wanted
        if one.path == name or one.path.startswith(f"{name}.")
    ]


def _of_member(schemas: Sequence[Mapping[str, Any]], name: str) -> list[Schema]:
    """Return the schemas that apply to a member of an object."""
    found: list[Schema] = []
    for one in schemas:
        own = [one["properties"][name]] if name in one.get("properties", ()) else []
        own += [schema for form, schema in one.get("patternProperties", {}).items() if re.search(form, name)]
        found += own or [one.get("additionalProperties", True)]
    return [schema for schema in found if schema is not True]


def _of_element(schemas: Sequence[Mapping[str, Any]], place: int) -> list[Schema]:
    """Return the schemas that apply to an element of a list."""
    found: list[Schema] = []
    for one in schemas:
        items = one.get("items", True)
        first = items if isinstance(items, list) else one.get("prefixItems", [])
        rest = one.get("additionalItems", True) if isinstance(items, list) else items
        found.append(first[place] if place < len(first) else rest)
    return [schema for schema in found if schema is not True]


def _bound(
    schemas: Sequence[Mapping[str, Any]], word: str, exclusive: str, nearest: Callable[..., float]
) -> tuple[float, bool]:
    """Return the nearest bound of numbers, and whether it is excluded. In draft 4 `exclusive` is true or false."""
    bounds: list[tuple[float, bool]] = []
    for one in schemas:
        if word in one:
            bounds.append((one[word], one.get(exclusive) is True))
        if not isinstance(one.get(exclusive, True), bool):
            bounds.append((one[exclusive], True))
    if not bounds:
        return (-math.inf if nearest is max else math.inf), False
    value = nearest(bound for bound, _ in bounds)
    return value, any(is_open for bound, is_open in bounds if bound == value)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
