"""The reasons why an event does not match a pattern, for the report of a failed test.

They are given as data (for each field the terms of the pattern and the values of the event) and as one line of text
about the first field that did not match. AWS has nothing like it; it answers only true or false.
Source: ours; `matching` defines the meaning of fields and alternatives.
"""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field
from typing import TYPE_CHECKING, Final

from eventmock.pattern.array_agreement import ArrayTree
from eventmock.pattern.matching import Alternative, Field, first_matching
from eventmock.pattern.operators import ExactAddress
from eventmock.pattern.terms import Absent, ExactNumber, ExactString, Exists, Literal, Term, json_of

if TYPE_CHECKING:
    from collections.abc import Sequence, Set as AbstractSet

    from eventmock.pattern.leaves import Leaves, ReadEvent, Scalar

LONGEST_LINE: Final = 160
"""The greatest length of the line of text, in characters, without advice."""
MOST_REASONS: Final = 10
"""The most fields that have a line in a list of them."""

_LONGEST_PATH: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldExplanation:
    """One field of the alternative that came nearest to a match.

    Attributes:
        path: The names, joined with dots.
        wanted: The text of each term of the field.
        held: The event's values on that path; empty if the field is absent.
        satisfied: Whether the event satisfies the field, taken alone.
    """

    path: str
    wanted: tuple[str, ...]
    held: tuple[Scalar, ...]
    satisfied: bool
    _terms: Sequence[Term] = dataclass_field(repr=False, compare=False)
    _event: ReadEvent = dataclass_field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """One line with the event's values and the terms that the pattern wants."""
        return _text_of(self.path, self.held, self._terms, LONGEST_LINE)

    @property
    def held_text(self) -> str:
        """One line with the event's values alone."""
        path = _shortened(self.path, _LONGEST_PATH)
        if not self.held:
            return f"{path} is absent"
        held = list(map(json_of, self.held[:LONGEST_LINE]))
        return f"{path} held {_listed(held, LONGEST_LINE - len(path), ', ', len(self.held))}"

    @property
    def hint(self) -> str:
        """Our advice about a field that is not satisfied, such as a near name that the event has; empty if none."""
        if self.satisfied:
            return ""
        from eventmock.pattern.hints import hint_about

        return hint_about(self.path, self.held, self._terms, self._event)

    def __str__(self) -> str:
        return with_hint(self.text, self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an event matches or does not match a pattern; `str()` is the text, with advice if there is some.

    Attributes:
        matched: Whether the event matches.
        text: One line about the first field that did not match, without advice.
        fields: All fields of the alternative that matched or came nearest, in the pattern's order.
        alternatives: The number of alternatives that ``$or`` makes of the pattern; 1 without ``$or``.
    """

    matched: bool
    text: str
    fields: tuple[FieldExplanation, ...]
    alternatives: int

    @property
    def reasons(self) -> list[str]:
        """A line, with advice, for each field of the nearest alternative that is not satisfied; at most 10."""
        unmet = [str(field) for field in self.fields if not field.satisfied]
        if len(unmet) < 2:
            return [str(self)]
        several = [f"nearest of {self.alternatives} alternatives:"] if self.alternatives > 1 else []
        more = [f"and {len(unmet) - MOST_REASONS} more"] if len(unmet) > MOST_REASONS else []
        return [*several, *unmet[:MOST_REASONS], *more]

    @property
    def hint(self) -> str:
        """Our advice about the first field that did not match; empty if there is none."""
        return next((field.hint for field in self.fields if not field.satisfied), "")

    def __str__(self) -> str:
        return with_hint(self.text, self.hint)


def with_hint(text: str, hint: str) -> str:
    """Return a text with advice in parentheses; the text itself if there is no advice."""
    return f"{text} ({hint})" if hint else text


def explain(
    alternatives: Sequence[Alternative],
    leaves: Leaves,
    positioned: AbstractSet[str],
    event: ReadEvent,
    holding: AbstractSet[int] | None = None,
) -> Explanation:
    """Explain why an event matches or does not match a pattern.

    Args:
        alternatives: The alternatives of the pattern.
        leaves: The leaves of the event, by path.
        positioned: The paths on which some leaf lies in an array.
        event: The event, for advice about names that it has.
        holding: The ids of the fields that the event satisfies, each taken alone; None if this is not known yet.
    """
    if holding is None:
        holding = _holding(alternatives, leaves)
    may_match = [one for one in alternatives if all(id(field) in holding for field in one.written)]
    matching = first_matching(may_match, leaves, positioned)
    if matching is not None:
        text, fields = "the event matches", _explained(matching.written, leaves, event, unmet=())
        return Explanation(matched=True, text=text, fields=fields, alternatives=len(alternatives))
    nearest = _Shortfall.of(max(alternatives, key=lambda one: _satisfied(one, holding)), leaves, holding)
    lead = f"nearest of {len(alternatives)} alternatives: " if len(alternatives) > 1 else ""
    return Explanation(
        matched=False,
        text=lead + nearest.text(leaves, LONGEST_LINE - len(lead)),
        fields=_explained(nearest.alternative.written, leaves, event, unmet=nearest.unmet),
        alternatives=len(alternatives),
    )


def _holding(alternatives: Sequence[Alternative], leaves: Leaves) -> set[int]:
    """Return the ids of the fields that the leaves satisfy, each taken alone. Alternatives may share fields."""
    fields = {id(field): field for alternative in alternatives for field in alternative.written}
    return {number for number, field in fields.items() if field.may_hold(leaves)}


def _satisfied(alternative: Alternative, holding: AbstractSet[int]) -> int:
    """Return how many fields of an alternative that does not match are satisfied.

    If each field, taken alone, is satisfied, they disagree about array elements, and one counts as not satisfied.
    """
    held = sum([id(field) in holding for field in alternative.written])
    return min(held, len(alternative.written) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shortfall:
    """The fields that keep an event from matching an alternative.

    Attributes:
        unmet: The fields that are not satisfied, in document order.
        at_odds: The fields that are satisfied, but in different array elements; empty if some field is unmet.
    """

    alternative: Alternative
    unmet: tuple[Field, ...] = ()
    at_odds: tuple[Field, ...] = ()

    @classmethod
    def of(cls, alternative: Alternative, leaves: Leaves, holding: AbstractSet[int]) -> _Shortfall:
        unmet = tuple(field for field in alternative.written if id(field) not in holding)
        place = None if unmet else ArrayTree(alternative.fields, leaves).first_conflict()
        if place is None:
            return cls(alternative=alternative, unmet=unmet)
        last = alternative.fields[place]
        if last.may_be_absent:
            return cls(alternative=alternative, unmet=(last,))
        arrays = _arrays_around(last, leaves)
        at_odds = [field for field in alternative.fields[:place] if arrays & _arrays_around(field, leaves)]
        return cls(alternative=alternative, at_odds=(*at_odds, last))

    def text(self, leaves: Leaves, room: int) -> str:
        """Return a text about the first such field, in at most `room` characters."""
        if self.unmet:
            field = self.unmet[0]
            return _text_of(field.path, _held(field, leaves), field.terms, room)
        end = " each match, but only in different array elements"
        names = [_shortened(field.path, _LONGEST_PATH) for field in self.at_odds]
        return _listed(names, room - len(end), " and ") + end


def _arrays_around(field: Field, leaves: Leaves) -> set[int]:
    found: set[int] = set()
    for element in {leaf.element for leaf in leaves.get(field.path, ())}:
        around = element
        while around is not None and around.array not in found:
            found.add(around.array)
            around = around.around
    return found


def _held(field: Field, leaves: Leaves) -> tuple[Scalar, ...]:
    return tuple(leaf.value for leaf in leaves.get(field.path, ()))


def _explained(
    fields: Sequence[Field], leaves: Leaves, event: ReadEvent, *, unmet: Sequence[Field]
) -> tuple[FieldExplanation, ...]:
    return tuple(
        FieldExplanation(
            path=field.path,
            wanted=field.wanted,
            held=_held(field, leaves),
            satisfied=field not in unmet,
            _terms=field.terms,
            _event=event,
        )
        for field in fields
    )


# One line of text


def _text_of(whole_path: str, values: Sequence[Scalar], terms: Sequence[Term], room: int) -> str:
    held = list(map(json_of, values[:room]))  # each takes at least one character of the room
    path = _shortened(whole_path, _LONGEST_PATH)
    if held:
        half = (room - len(f"{path} held , wanted ")) // 2
        start = f"{path} held {_listed(held, half, ', ', len(values))}, wanted "
    else:
        start = f"{path} is absent, wanted "
    return start + _wanted(terms, room - len(start))


def _wanted(terms: Sequence[Term], room: int) -> str:
    match terms:
        case [Exists()]:
            return "it present"
        case [Absent()]:
            return "it absent"
        case [ExactString() | ExactAddress() | ExactNumber() | Literal()] | [_, _, *_]:
            return f"one of [{_listed(list(map(str, terms)), room - len('one of []'), ', ')}]"
        case _:
            return _shortened(str(terms[0]), room)


def _listed(items: Sequence[str], room: int, separator: str, count: int | None = None) -> str:
    """Return a text with as many of the first items as `room` characters hold, and the number of the others.

    Args:
        items: The items, or the first of them.
        room: The greatest length of the text, in characters.
        separator: The text between two items.
        count: The number of all items; without it, `items` are all.
    """
    count = len(items) if count is None else count
    length, fitting, rest = -len(separator), 0, ""
    for shown, item in enumerate(items, 1):
        length += len(separator) + len(item)
        more = f"{separator}and {count - shown} more" if shown < count else ""
        if length + len(more) <= room:
            fitting, rest = shown, more
        elif length > room:
            break
    if fitting:
        return separator.join(items[:fitting]) + rest
    more = f"{separator}and {count - 1} more" if count > 1 else ""
    return _shortened(items[0], room - len(more)) + more


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room - 4, 1)]}...{text[-1]}"
