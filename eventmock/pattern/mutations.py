"""The mistakes that a person could make in an event pattern, each as a pattern that has this one mistake.

    for mutation in mutations('{"detail": {"state": ["PAID"]}}'):
        print(mutation.text)     # 'detail.state: prefix "PAID" instead of "PAID"', ...

A mistake is a part that is missing (a value, a field, a branch of `$or`), another value, another matcher, or a number
that is off by one. `difference` says whether an event shows it.
Source: ours.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from eventmock.pattern.compiled import Pattern
from eventmock.pattern.leaves import read_event
from eventmock.pattern.points import read_pattern
from eventmock.pattern.refusals import InvalidPattern
from eventmock.values.deep_json import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventmock.pattern.points import Where

VALUE_DROPPED: Final = "value dropped"
FIELD_DROPPED: Final = "field dropped"
BRANCH_DROPPED: Final = "branch dropped"
FLIPPED: Final = "matcher flipped"
ANOTHER_VALUE: Final = "another value"
PREFIX: Final = "prefix for equality"
ANYTHING_BUT: Final = "anything-but for a value"
OFF_BY_ONE: Final = "off by one"

_MOST: Final = {VALUE_DROPPED: 12, BRANCH_DROPPED: 12, OFF_BY_ONE: 12}
_MOST_OF_OTHERS: Final = 6
"""The most mistakes of a kind on one path. In each of a hundred values, the same mistake says no more than in some."""

_OPPOSITE: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_NEGATED: Final = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}
_LOOSENED: Final = {">": ">=", "<": "<=", ">=": ">", "<=": "<"}
_OTHER_AFFIX: Final = {"prefix": "suffix", "suffix": "prefix"}
_OTHER_SEPARATOR: Final = {"-": "_", "_": "-", " ": "", ".": "-"}
_IGNORING_CASE: Final = "equals-ignore-case"
_FEWEST_LETTERS: Final = 3
"""The fewest letters of a word that is taken for a plural."""


class Mutation(NamedTuple):
    """A mistake in a pattern.

    Attributes:
        kind: The kind of mistake, such as ``prefix for equality``.
        text: The mistake in one line, such as ``detail.state: prefix "PAID" instead of "PAID"``.
        pattern: The pattern with the mistake, as JSON text, which AWS accepts.
    """

    kind: str
    text: str
    pattern: str


class _Change(NamedTuple):
    """A mistake in the list of a field.

    Attributes:
        kind: The kind of mistake.
        at: The number of the first member of the list that is replaced.
        until: The number after the last of these members.
        terms: The members that stand there instead; empty if they are missing.
    """

    kind: str
    at: int
    until: int
    terms: Sequence[Any]


class _Number(float):
    """A number of a pattern, with its text: patterns also compare numbers that no double is equal to."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


_decoder: Final = json.JSONDecoder(parse_float=_Number)


def mutations(
    pattern: str | Mapping[str, object], event: str | Mapping[str, object] | None = None
) -> Iterator[Mutation]:
    """Yield the mistakes that a person could make in a pattern, in the order of its text.

    No two of the patterns have the same text. Patterns that AWS refuses are left out.

    Args:
        pattern: The pattern, as JSON text or as a dictionary.
        event: An event that the pattern matches. Its values are among those that a person could confuse with others.

    Raises:
        InvalidPattern: AWS refuses the pattern.
        InvalidEvent: The event is not a JSON object that AWS would read.
    """
    text = pattern if isinstance(pattern, str) else _text(pattern)
    Pattern(text)
    read = read_pattern(text, _decoder)
    yield from _Mutations(read, _values_by_path(read, event)).of_object(read)


def _text(value: object) -> str:
    return written(value, _scalar_text)


def _scalar_text(value: object) -> str:
    return value.text if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)


# Parts of a pattern


class _Mutations:
    """The mistakes in the parts of a pattern.

    Args:
        pattern: The pattern.
        known: The values that a person could confuse, by path.
    """

    def __init__(self, pattern: Mapping[str, Any], known: Mapping[str, Sequence[Any]]) -> None:
        self._pattern = pattern
        self._known = known
        self._counts: Counter[tuple[str, str]] = Counter()
        self._seen = {_text(pattern)}

    def of_object(self, inner: Mapping[str, Any], where: Where = (), path: str = "") -> Iterator[Mutation]:
        """Yield the mistakes in an object of the pattern.

        Args:
            inner: The object.
            where: The place of the object in the pattern.
            path: The path of the object in events.
        """
        for name, member in inner.items():
            here = (*where, name)
            below = f"{path}.{name}" if path else name
            if name == "$or":
                yield from self._of_choice(member, here, path)
            elif isinstance(member, dict):
                yield from self.of_object(member, here, below)
            else:
                if text := self._text_of(FIELD_DROPPED, below, _without(self._pattern, here)):
                    yield Mutation(FIELD_DROPPED, f"{below} is missing{_in_branch(where)}", text)
                for kind, at, until, instead in _changes(member, self._known.get(below, ())):
                    changed = _with(self._pattern, here, [*member[:at], *instead, *member[until:]])
                    if text := self._text_of(kind, below, changed):
                        words = f"{below}: {_words_of(member[at:until], instead)}{_in_branch(where)}"
                        yield Mutation(kind, words, text)

    def _of_choice(self, branches: Sequence[Any], where: Where, path: str) -> Iterator[Mutation]:
        if text := self._text_of(FIELD_DROPPED, path, _without(self._pattern, where)):
            paths = ", ".join(dict.fromkeys(one for branch in branches for one in _paths(branch, path)))
            yield Mutation(FIELD_DROPPED, f"$or ({paths}) is missing{_in_branch(where)}", text)
        for number, branch in enumerate(branches):
            if text := self._text_of(BRANCH_DROPPED, path, _without_branch(self._pattern, where, number)):
                words = f"$or branch {number + 1} ({', '.join(_paths(branch, path))}) is missing"
                yield Mutation(BRANCH_DROPPED, f"{words}{_in_branch(where)}", text)
            yield from self.of_object(branch, (*where, number), path)

    def _text_of(self, kind: str, path: str, pattern: Any) -> str | None:
        """Return the text of a pattern with a mistake.

        Returns:
            The text; None if AWS refuses the pattern, it was seen before, or the path has many mistakes of the kind.
        """
        text = _text(pattern)
        if text in self._seen or self._counts[kind, path] >= _MOST.get(kind, _MOST_OF_OTHERS):
            return None
        self._seen.add(text)
        try:
            Pattern(text)
        except InvalidPattern:
            return None
        self._counts[kind, path] += 1
        return text


def _in_branch(where: Where) -> str:
    """Return words for the branch of `$or` that a place lies in; empty if it lies in none."""
    numbers = [str(piece + 1) for piece in where if isinstance(piece, int)]
    return f" in $or branch {'.'.join(numbers)}" if numbers else ""


def _words_of(before: Sequence[Any], after: Sequence[Any]) -> str:
    old = ", ".join(map(_words, before))
    return f"{', '.join(map(_words, after))} instead of {old}" if after else f"{old} is missing"


def _words(term: Any) -> str:
    """Return words for a member of a list, as explanations have them."""
    [alternative] = Pattern(_text({"x": [term]})).alternatives
    return " ".join(alternative.written[0].wanted)


def _paths(branch: Mapping[str, Any], path: str) -> list[str]:
    """Return the paths of the lists in an object, each once."""
    found: dict[str, None] = {}
    for below, _ in _lists(branch, path):
        found[below] = None
    return list(found)


def _lists(inner: Mapping[str, Any], path: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists in an object of a pattern, each with its path."""
    for name, member in inner.items():
        below = f"{path}.{name}" if path else name
        if name == "$or":
            for branch in member:
                yield from _lists(branch, path)
        elif isinstance(member, dict):
            yield from _lists(member, below)
        else:
            yield below, member


def _values_by_path(
    pattern: Mapping[str, Any], event: str | Mapping[str, object] | None
) -> dict[str, list[Any]]:
    """Return the texts and numbers that a pattern and an event have on each path of the pattern."""
    found: dict[str, list[Any]] = {}
    for path, terms in _lists(pattern, ""):
        found.setdefault(path, []).extend(filter(_is_plain, terms))
    if event is not None:
        start = read_event(event).start(into_empty_names=False)
        for path, values in found.items():
            place = start.at(path)
            if place is not None:
                values.extend(leaf.value for leaf in place.held if _is_plain(leaf.value))
    return found


def _is_plain(term: Any) -> bool:
    return isinstance(term, str | int | float) and not isinstance(term, bool)


def _with(value: Any, where: Where, new: Any) -> Any:
    """Return a copy of a value that has another value at a place."""
    if not where:
        return new
    copy = value.copy()
    copy[where[0]] = _with(value[where[0]], where[1:], new)
    return copy


def _without(value: Any, where: Where) -> Any:
    """Return a copy of a value without the member at a place, nor the objects that are empty without it."""
    copy = value.copy()
    name = where[0]
    inner = _without(value[name], where[1:]) if len(where) > 1 else {}
    if inner == {} and isinstance(copy, dict):
        del copy[name]
    else:
        copy[name] = inner
    return copy


def _without_branch(pattern: Mapping[str, Any], where: Where, number: int) -> Any:
    """Return a pattern without a branch of an `$or`. AWS wants two, so one that is left stands without `$or`."""
    *outer, _ = where
    around: Any = pattern
    for piece in outer:
        around = around[piece]
    kept = [branch for place, branch in enumerate(around["$or"]) if place != number]
    if len(kept) != 1:
        return _with(pattern, where, kept)
    [left] = kept
    if left.keys() & (
        around.keys() - {"$or"}
    ):  # a name twice in an object; the same branch twice means the same
        return _with(pattern, where, [left, left])
    members: dict[str, Any] = {}
    for name, member in around.items():
        members |= left if name == "$or" else {name: member}
    return _with(pattern, tuple(outer), members)


# Mistakes in a list


def _changes(terms: Sequence[Any], known: Sequence[Any]) -> Iterator[_Change]:
    """Yield the mistakes in a list; some may be no change, or one that AWS refuses."""
    count = len(terms)
    for at in range(count if count > 1 else 0):
        yield _Change(VALUE_DROPPED, at, at + 1, ())
    if count > 1 and all(map(_is_plain, terms)):
        yield _Change(ANYTHING_BUT, 0, count, [{"anything-but": list(terms)}])
    others = [value for value in known if value not in terms]
    for at, term in enumerate(terms):
        for kind, instead in _of_term(term, others):
            yield _Change(kind, at, at + 1, instead)


def _of_term(term: Any, others: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the mistakes in a member of a list: the kind, and the members that stand there instead.

    Args:
        term: The member.
        others: Other values that a person could confuse with it.
    """
    if not isinstance(term, dict):
        yield from _of_value(term, others)
        return
    [(name, operand)] = term.items()
    if name == "exactly":
        yield from _of_value(operand, others)
    elif name == "exists":
        yield FLIPPED, [{name: not operand}]
        if not operand:
            yield FLIPPED, [None]
    elif name == "numeric":
        yield from _of_numeric(operand)
    elif name == "anything-but":
        yield from _of_anything_but(operand, others)
    elif name == "cidr":
        yield from _of_cidr(operand)
    elif isinstance(operand, dict):
        [text] = operand.values()
        yield FLIPPED, [{name: text}]
        yield FLIPPED, [{_OTHER_AFFIX[name]: operand}]
        yield FLIPPED, [{_IGNORING_CASE: text}]
        for value in _wrong_values(text, others):
            yield ANOTHER_VALUE, [{name: {_IGNORING_CASE: value}}]
    else:
        yield from _of_text_operator(name, operand, others)


def _of_value(value: Any, others: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(value, str):
        yield PREFIX, [{"prefix": value}]
        if value.lower() != value.upper():
            yield FLIPPED, [{_IGNORING_CASE: value}]
    if value is None:
        yield FLIPPED, [{"exists": False}]
    elif isinstance(value, bool):
        yield ANOTHER_VALUE, [not value]
    else:
        yield ANYTHING_BUT, [{"anything-but": value}]
    for other in _wrong_values(value, others):
        yield ANOTHER_VALUE, [other]


def _of_text_operator(name: str, text: str, others: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the mistakes in a prefix, a suffix, equals-ignore-case or a wildcard."""
    yield FLIPPED, [text]
    if name in _OTHER_AFFIX:
        yield FLIPPED, [{_OTHER_AFFIX[name]: text}]
    elif name == "wildcard":
        head, _, rest = text.partition("*")
        yield FLIPPED, [{"prefix": head}] if head else [{"suffix": rest.rpartition("*")[2]}]
    else:
        yield PREFIX, [{"prefix": text}]
    yield ANYTHING_BUT, [{"anything-but": {name: text}}]
    for value in _wrong_values(text, others):
        yield ANOTHER_VALUE, [{name: value}]


def _of_numeric(operand: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    operator, value, *upper = operand
    if upper:
        yield VALUE_DROPPED, [{"numeric": [operator, value]}]
        yield VALUE_DROPPED, [{"numeric": upper}]
        yield FLIPPED, [{"numeric": [_NEGATED[one], bound]} for one, bound in ((operator, value), upper)]
    elif operator == "=":
        yield ANYTHING_BUT, [{"anything-but": value}]
    else:
        yield FLIPPED, [{"numeric": [_OPPOSITE[operator], value]}]
    for place in range(0, len(operand), 2):
        operator, value = operand[place : place + 2]
        changed = [(operator, one) for one in _off_by_one(value)]
        if operator in _LOOSENED:
            changed.insert(0, (_LOOSENED[operator], value))
        for bound in changed:
            yield OFF_BY_ONE, [{"numeric": [*operand[:place], *bound, *operand[place + 2 :]]}]


def _off_by_one(value: float) -> list[Any]:
    """Return the numbers that differ from a number by one, or by one in its last decimal place."""
    number = Decimal(_scalar_text(value))
    exponent = number.normalize().as_tuple().exponent
    step = Decimal((0, (1,), min(exponent, 0))) if isinstance(exponent, int) else Decimal(1)
    return [_Number(str(one)) if step < 1 else int(one) for one in (number + step, number - step)]


def _of_anything_but(operand: Any, others: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    form, excluded = next(iter(operand.items())) if isinstance(operand, dict) else ("", operand)
    is_list = isinstance(excluded, list)
    values = excluded if is_list else [excluded]

    def but(values: Any, form: str = form) -> list[Any]:
        return [{"anything-but": {form: values} if form else values}]

    yield FLIPPED, [{form: value} if form else value for value in values]
    if form:
        yield FLIPPED, but(excluded, "")
        if form in _OTHER_AFFIX:
            yield FLIPPED, but(excluded, _OTHER_AFFIX[form])
    elif all(isinstance(value, str) for value in values):
        yield PREFIX, but(excluded, "prefix")
    for at in range(len(values) if len(values) > 1 else 0):
        yield VALUE_DROPPED, but([*values[:at], *values[at + 1 :]])
    for at, value in enumerate(values):
        for other in _wrong_values(value, [one for one in others if one not in values]):
            yield ANOTHER_VALUE, but([*values[:at], other, *values[at + 1 :]] if is_list else other)


def _of_cidr(block: str) -> Iterator[tuple[str, list[Any]]]:
    address, _, bits = block.partition("/")
    yield FLIPPED, [address]
    for other in (int(bits) - 8, int(bits) + 8):
        if other > 0:
            yield ANOTHER_VALUE, [{"cidr": f"{address}/{other}"}]
    for other in (int(bits) - 1, int(bits) + 1):
        yield OFF_BY_ONE, [{"cidr": f"{address}/{other}"}]


# Values that a person could write by mistake


def _wrong_values(value: Any, others: Sequence[Any]) -> list[Any]:
    """Return values that a person could write instead of a value, the likeliest first, three at most.

    Args:
        value: The value.
        others: Values that stand elsewhere.
    """
    is_text = isinstance(value, str)
    found: list[Any] = [one for one in others if isinstance(one, str) == is_text and one != value][:1]
    if is_text:
        found += _misspellings(value)[:2]
    elif value is None or isinstance(value, bool):
        found.append(_scalar_text(value))
    else:
        found += [_off_by_one(value)[0], _scalar_text(value)]
    return found


def _misspellings(text: str) -> list[str]:
    """Return texts that differ from a text as a person misspells it: case, separators, singular and plural."""
    cases = (text.lower(), text[:1].upper() + text[1:], text.upper())
    found = [next((one for one in cases if one != text), text)]
    marks = [mark for mark in text if mark in _OTHER_SEPARATOR]
    if text[-1:].isalpha() and text.islower() and len(text) > _FEWEST_LETTERS:
        found.append(text.removesuffix("s") if text.endswith("s") else f"{text}s")
    if marks:
        found.append(_OTHER_SEPARATOR[marks[-1]].join(text.rsplit(marks[-1], 1)))
    if text.isascii() and text[-1:].isdigit():
        found.append(f"{text[:-1]}{(int(text[-1]) + 1) % 10}")
    if not any(one != text for one in found):
        found.append(f"{text}s")
    return [one for one in dict.fromkeys(found) if one != text]
