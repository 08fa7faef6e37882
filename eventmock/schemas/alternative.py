"""One alternative of a place in a schema: which values may be there, and what their members and items are.

Every question is answered soundly: False means that no value of the alternative is so.
Source: JSON Schema 2020-12, validation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.pattern.leaves import InvalidEvent, leaf_of
from eventmock.pattern.operators import AnythingBut, Cidr, ExactAddress, Numeric
from eventmock.pattern.terms import Absent, ExactNumber, ExactString, Exists, Literal
from eventmock.schemas.json_values import ALL_TYPES, SCALARS, are_equal, type_of
from eventmock.schemas.text_formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.pattern.terms import Term
    from eventmock.schemas.view import Schemas, SchemaView

MOST_INTEGERS: Final = 1000
"""The most integers between two bounds that are tried one after the other."""

_LITERALS: Final = {"boolean": (True, False), "null": (None,)}


class Member(NamedTuple):
    """A member of an object.

    Attributes:
        schemas: The schemas of its value; None if no object has the member.
        is_required: Whether each object has it.
        is_named: Whether the schema names it; an open schema allows members that it does not name.
    """

    schemas: Schemas | None
    is_required: bool
    is_named: bool


class Range(NamedTuple):
    """The bounds of numbers.

    Attributes:
        low: The greatest lower bound.
        high: The least upper bound.
        is_low_in: Whether the lower bound itself is admitted.
        is_high_in: Whether the upper bound itself is admitted.
    """

    low: float
    high: float
    is_low_in: bool
    is_high_in: bool

    def admits(self, number: float) -> bool:
        """Return whether a number lies between the bounds."""
        above = number > self.low or (self.is_low_in and number == self.low)
        return above and (number < self.high or (self.is_high_in and number == self.high))


class Alternative:
    """An alternative.

    Args:
        view: The schema.
        parts: The schemas that all apply to the value, without references, ``allOf`` and choices.

    Attributes:
        parts: The schemas.
        values: The only values, if the schemas list them; None if they do not.
        types: The types of the values.
        is_integral: Whether numbers are integers.
    """

    def __init__(self, view: SchemaView, parts: tuple[Mapping[str, Any], ...]) -> None:
        self._view = view
        self.parts: Final = parts
        self.is_integral = False
        types = ALL_TYPES
        for part in parts:
            names = {part["type"]} if isinstance(part.get("type"), str) else {*_texts(part, "type")}
            if names:
                types &= {"number" if name == "integer" else name for name in names}
                self.is_integral |= "integer" in names and "number" not in names
        self.types: frozenset[str] = types
        self.values: Sequence[Any] | None = None
        self._members: dict[str, Member] = {}
        self._texts: dict[Term, str | None] = {}
        lists = [*(part["enum"] for part in parts if isinstance(part.get("enum"), list))]
        lists += [[part["const"]] for part in parts if "const" in part]
        if lists:
            self.values = [value for value in lists[0] if self.admits(value)]
            self.types &= {type_of(value) for value in self.values}

    @property
    def is_empty(self) -> bool:
        """Whether it is certain that no value is admitted."""
        return not self.types or self.values == []

    @property
    def _is_listed(self) -> bool:
        """Whether the schemas list all values."""
        return any(isinstance(part.get("enum"), list) or "const" in part for part in self.parts)

    @property
    def key(self) -> frozenset[int]:
        """The identity of the alternative among those of one schema."""
        return frozenset(map(id, self.parts))

    # Values

    def admits(self, value: object) -> bool:
        """Return whether a value may be one of the alternative's; False is certain."""
        kind = type_of(value)
        if kind not in self.types:
            return False
        for part in self.parts:
            if isinstance(part.get("enum"), list) and not any(are_equal(value, one) for one in part["enum"]):
                return False
            if "const" in part and not are_equal(value, part["const"]):
                return False
        if isinstance(value, str):
            return self._admits_text(value)
        if isinstance(value, (int, float)) and kind == "number":
            return self._admits_number(value)
        if isinstance(value, dict):
            return self._admits_object(value)
        return not isinstance(value, list) or self._admits_array(value)

    def may_satisfy(self, term: Term) -> bool:
        """Return whether a scalar of the alternative may satisfy a term; False is certain."""
        if self.values is not None:
            return any(_satisfies(value, term) for value in self.values if type_of(value) in SCALARS)
        kinds = self.types & SCALARS
        literals = [value for kind in kinds for value in _LITERALS.get(kind, ())]
        return (
            any(_satisfies(value, term) for value in literals)
            or ("number" in kinds and self._may_number_satisfy(term))
            or ("string" in kinds and self._may_text_satisfy(term))
        )

    # Numbers

    @cached_property
    def range(self) -> Range:
        """The bounds of numbers."""
        low, high, is_low_in, is_high_in = -math.inf, math.inf, True, True
        for keyword, is_in in (("minimum", True), ("exclusiveMinimum", False)):
            for bound in self._numbers(keyword):
                if bound > low or (bound == low and not is_in):
                    low, is_low_in = bound, is_in
        for keyword, is_in in (("maximum", True), ("exclusiveMaximum", False)):
            for bound in self._numbers(keyword):
                if bound < high or (bound == high and not is_in):
                    high, is_high_in = bound, is_in
        return Range(low, high, is_low_in, is_high_in)

    @cached_property
    def factors(self) -> Sequence[float]:
        """The numbers of which each number is a multiple."""
        return [one for one in self._numbers("multipleOf") if one > 0]

    def integers(self, low: float = -math.inf, high: float = math.inf) -> Iterable[int] | None:
        """Return the integers of the alternative between two bounds; None if they are too many, or no bounds are."""
        low, high = max(low, self.range.low), min(high, self.range.high)
        if not (math.isfinite(low) and math.isfinite(high)):
            return None
        numbers = range(math.ceil(low), math.floor(high) + 1)
        if len(numbers) > MOST_INTEGERS:
            return None
        return [one for one in numbers if self._admits_number(one)]

    def _admits_number(self, number: float) -> bool:
        if self.is_integral and not (isinstance(number, int) or number.is_integer()):
            return False
        return self.range.admits(number) and all(_is_multiple(number, one) for one in self.factors)

    def _may_number_satisfy(self, term: Term) -> bool:
        match term:
            case ExactNumber(value=None, text=text):
                return not text.lstrip("-").isdigit() or self._admits_number(int(text))
            case ExactNumber(value=value) if value is not None:
                return self._admits_number(int(value) if value.is_integer() else value)
            case Numeric(ends=(low, high)):
                return self._has_number(low, high)
            case AnythingBut():
                few = self.integers() if self.is_integral else self._only_number()
                return few is None or any(_satisfies(number, term) for number in few)
            case Exists() | ExactAddress() | Cidr():  # numbers have digits, which addresses are compared by
                return True
            case _:
                return False

    def _has_number(self, low: float, high: float) -> bool:
        """Return whether there may be a number between two bounds, both included."""
        if low > high or low > self.range.high or high < self.range.low:
            return False
        least, most = max(low, self.range.low), min(high, self.range.high)
        if least == most:
            return self._admits_number(least)
        if self.is_integral:
            few = self.integers(low, high)
            return few is None or bool([*few])
        for factor in self.factors:
            if math.isfinite(least) and math.isfinite(most):
                first = math.floor(Fraction(least) / Fraction(factor))
                near = [n * Fraction(factor) for n in (first, first + 1)]
                is_wide = Fraction(most) - Fraction(least) > 2 * Fraction(factor)
                slack = 0 if isinstance(factor, int) else Fraction(factor) / 10**6  # doubles divide inexactly
                if not is_wide and not any(least - slack <= number <= most + slack for number in near):
                    return False
        return True

    def _only_number(self) -> Iterable[float] | None:
        """Return the only number of the alternative, if its bounds are the same; None if they are not."""
        return [self.range.low] if self.range.low == self.range.high else None

    # Texts

    @cached_property
    def lengths(self) -> tuple[int, float]:
        """The least and the greatest length of texts, in characters."""
        least = max([0, *self._numbers("minLength")])
        return int(least), min([math.inf, *self._numbers("maxLength")])

    @cached_property
    def expressions(self) -> Sequence[str]:
        """The regular expressions that each text satisfies."""
        return [part["pattern"] for part in self.parts if isinstance(part.get("pattern"), str)]

    @cached_property
    def formats(self) -> Sequence[str]:
        """The formats of each text that are known."""
        found = [part["format"] for part in self.parts if isinstance(part.get("format"), str)]
        return [name for name in found if name in FORMATS]

    def _numbers(self, keyword: str) -> list[float]:
        found = [part[keyword] for part in self.parts if type_of(part.get(keyword)) == "number"]
        return [one for one in found if abs(one) < math.inf]

    def _admits_text(self, text: str) -> bool:
        least, most = self.lengths
        return (
            least <= len(text) <= most
            and all(may_find(one, text) for one in self.expressions)
            and all(FORMATS[one].expression.fullmatch(text) for one in self.formats)
        )

    def _may_text_satisfy(self, term: Term) -> bool:
        if isinstance(term, ExactString):
            return self._admits_text(term.text)
        if isinstance(term, (ExactNumber, Literal, Numeric, Absent)):
            return False
        if not (self.expressions or self.formats or math.isfinite(self.lengths[1])):
            return True
        return self.text_for(term) is not None

    def text_for(self, term: Term) -> str | None:
        """Return a text of the alternative that may satisfy a term; None if there is certainly none.

        If the search for it is given up, it is a guess.
        """
        if term not in self._texts:
            self._texts[term] = self._search_text(term)
        return self._texts[term]

    def _search_text(self, term: Term) -> str | None:
        from eventmock.schemas.text_search import TooManyTexts, text_that_satisfies

        whole = [FORMATS[name].expression.pattern for name in self.formats]
        if isinstance(term, (ExactAddress, Cidr)):
            whole.append("[0-9a-fA-F:.]{2,}")
        is_negated = isinstance(term, AnythingBut)
        try:
            return text_that_satisfies(
                self.expressions, term, lengths=self.lengths, whole=whole, is_negated=is_negated
            )
        except TooManyTexts:
            return ""

    # Objects

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of the members that the schemas name, in their order."""
        found: dict[str, None] = {}
        for part in self.parts:
            found.update(dict.fromkeys(_mapping(part, "properties")))
            found.update(dict.fromkeys(_texts(part, "required")))
        for value in self.values or ():
            if isinstance(value, dict):
                found.update(dict.fromkeys(value))
        return [name for name in found if self.member(name).schemas is not None]

    @cached_property
    def names_members(self) -> bool:
        """Whether the schemas name members at all, one by one or by a rule for all."""
        return bool(self.names) or any(
            _mapping(part, "patternProperties") or _says_something(part.get("additionalProperties"))
            for part in self.parts
        )

    @cached_property
    def may_name_dots(self) -> bool:
        """Whether the schemas may name a member whose name has a dot."""
        return any("." in name for name in self.names) or any(
            _mapping(part, "patternProperties") or _says_something(part.get("additionalProperties"))
            for part in self.parts
        )

    def member(self, name: str) -> Member:
        """Return a member by its name."""
        if name not in self._members:
            self._members[name] = self._member(name)
        return self._members[name]

    def _member(self, name: str) -> Member:
        schemas: list[Any] = []
        is_required = is_named = False
        for part in self.parts:
            is_required = is_required or name in _texts(part, "required")
            if "propertyNames" in part and not self._view.admits((part["propertyNames"],), name):
                return Member(None, is_required, False)
            own = list(_members_named(part, name))
            if not own and "additionalProperties" in part:
                own = [part["additionalProperties"]] if part["additionalProperties"] is not True else []
            elif not own and "unevaluatedProperties" in part and not self._is_evaluated(part, name):
                own = [part["unevaluatedProperties"]] if part["unevaluatedProperties"] is not True else []
            is_named = (
                is_named or bool([one for one in own if one != {}]) or name in _mapping(part, "properties")
            )
            schemas += own
        if self.values is not None:
            objects = [value for value in self.values if isinstance(value, dict)]
            held = [value[name] for value in objects if name in value]
            schemas.append({"enum": held})
            is_required = is_required or len(held) == len(objects)
            is_named = is_named or bool(held)
        is_named = is_named or is_required
        if any(one is False for one in schemas) or (self.values is not None and not schemas[-1]["enum"]):
            return Member(None, is_required, is_named)
        return Member(tuple(schemas), is_required, is_named)

    def _is_evaluated(self, schema: Any, name: str, depth: int = 0) -> bool:
        """Return whether a schema, or one that applies in the same place, may say something about a member."""
        if not isinstance(schema, Mapping) or depth > 20:
            return depth > 20
        if any(True for _ in _members_named(schema, name)) or "additionalProperties" in schema:
            return True
        inner: list[Any] = [schema[one] for one in ("if", "then", "else") if one in schema]
        for keyword in ("allOf", "anyOf", "oneOf"):
            inner += _list(schema, keyword)
        inner += _mapping(schema, "dependentSchemas").values()
        if isinstance(schema.get("$ref"), str):
            inner.append(self._view.at(schema["$ref"]))
        if depth and "unevaluatedProperties" in schema:
            return True
        return any(self._is_evaluated(one, name, depth + 1) for one in inner)

    def _admits_object(self, value: Mapping[str, Any]) -> bool:
        for part in self.parts:
            if any(name not in value for name in _texts(part, "required")):
                return False
        if self._is_listed:
            return True
        for name, held in value.items():
            schemas = self.member(name).schemas
            if schemas is None or not self._view.admits(schemas, held):
                return False
        least = max([0, *self._numbers("minProperties")])
        return least <= len(value) <= min([math.inf, *self._numbers("maxProperties")])

    # Arrays

    @cached_property
    def sizes(self) -> tuple[int, float]:
        """The least and the greatest number of items of arrays."""
        if self.values is not None:
            lengths = [len(value) for value in self.values if isinstance(value, list)] or [0]
            return min(lengths), max(lengths)
        return int(max([0, *self._numbers("minItems")])), min([math.inf, *self._numbers("maxItems")])

    @cached_property
    def items(self) -> Sequence[Schemas]:
        """The schemas of the first items, and at the end those of all others."""
        most = max((len(_list(part, "prefixItems")) for part in self.parts), default=0)
        found: list[Schemas] = []
        for place in range(most + 1):
            schemas = []
            for part in self.parts:
                first = _list(part, "prefixItems")
                schemas.append(first[place] if place < len(first) else part.get("items", True))
            if self.values is not None:
                schemas.append(
                    {"enum": [item for value in self.values if isinstance(value, list) for item in value]}
                )
            found.append(tuple(one for one in schemas if one is not True))
        return found

    def item(self, index: int) -> Schemas:
        """Return the schemas of an item by its index, from 0."""
        return self.items[min(index, len(self.items) - 1)]

    def _admits_array(self, value: Sequence[Any]) -> bool:
        least, most = int(max([0, *self._numbers("minItems")])), min([math.inf, *self._numbers("maxItems")])
        if not least <= len(value) <= most:
            return False
        if self._is_listed:
            return True
        return all(self._view.admits(self.item(index), item) for index, item in enumerate(value))


# Parts of schemas


def _mapping(schema: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    value = schema.get(keyword)
    return value if isinstance(value, Mapping) else {}


def _list(schema: Mapping[str, Any], keyword: str) -> Sequence[Any]:
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def _texts(schema: Mapping[str, Any], keyword: str) -> Sequence[str]:
    return [one for one in _list(schema, keyword) if isinstance(one, str)]


def _says_something(schema: object) -> bool:
    return isinstance(schema, Mapping) and bool(schema)


def _members_named(schema: Mapping[str, Any], name: str) -> Iterable[Any]:
    """Yield the schemas that ``properties`` and ``patternProperties`` have for a member."""
    properties = _mapping(schema, "properties")
    if name in properties:
        yield properties[name]
    for expression, one in _mapping(schema, "patternProperties").items():
        if may_find(expression, name):
            yield one


# Texts and numbers


@lru_cache(maxsize=512)
def _compiled(expression: str) -> Sequence[re.Pattern[str]]:
    """Return a regular expression with Unicode's classes and with those of ASCII; nothing if Python has no such."""
    try:
        return re.compile(expression), re.compile(expression, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return ()


def may_find(expression: str, text: str) -> bool:
    """Return whether a regular expression of a schema may find something in a text; False is certain."""
    compiled = _compiled(expression)
    return not compiled or any(one.search(text) for one in compiled)


def _satisfies(value: Any, term: Term) -> bool:
    try:
        leaf = leaf_of(value, None)
    except InvalidEvent:
        return True
    return leaf is not None and term.matches(leaf)


def _is_multiple(number: float, factor: float) -> bool:
    """Return whether a number may be a multiple of another: exactly, by its decimal digits, or as doubles divide."""
    try:
        exact = Fraction(str(number)) / Fraction(str(factor))
        if exact.denominator == 1 or (Fraction(number) / Fraction(factor)).denominator == 1:
            return True
        return float(number / factor).is_integer()
    except (OverflowError, ValueError):
        return True
