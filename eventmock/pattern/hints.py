"""Advice for the tester about patterns. The advice is ours; AWS says nothing of the kind.

`hint_for` is about a pattern that AWS refuses, `hint_about` about a field that an event does not satisfy, and
`unknown_fields` about fields that no event has. The command line, the report and the assertions all ask here.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eventmock.pattern.terms import ExactNumber, ExactString, Literal, json_of
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.pattern.compiled import Pattern
    from eventmock.pattern.leaves import ReadEvent, Scalar
    from eventmock.pattern.refusals import InvalidPattern
    from eventmock.pattern.terms import Term

FIELDS: Final = (
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
    "replay-name",
)
"""The fields at the top of an event."""

OPERATORS: Final = (
    "prefix",
    "suffix",
    "equals-ignore-case",
    "wildcard",
    "anything-but",
    "numeric",
    "exists",
    "cidr",
)
"""The operators, as AWS's user guide names them."""

_IN_DETAIL: Final = "what PutEvents takes as Detail stands in 'detail'"
_PARTS: Final = frozenset({"source", "detail-type", "detail"})
"""The fields of which an event of EventBridge has at least one."""
_UNKNOWN_OPERATOR: Final = "Unrecognized match type "
_NOT_IN_A_LIST: Final = r'"(?P<name>.*)" must be an object or an array'
_HINTS: Final = {
    _NOT_IN_A_LIST: 'wanted values stand in a list: "{name}": ["..."]',
    "Unexpected character .*: was expecting double-quote to start field name": (
        'names and texts stand in double quotes: {{"source": ["shop"]}}'
    ),
    "Empty arrays are not allowed": 'an empty list matches nothing; for any value say [{{"exists": true}}]',
    "Empty objects are not allowed": 'wanted at least one field, such as "source": [{{"prefix": ""}}]',
    "Filter is not an object": 'wanted an object, such as {{"source": ["shop"]}}',
    "Match value must be .*": "inside a list stand values and operators; fields are nested without lists",
}
_LONGEST: Final = 60


# A pattern that AWS refuses


def hint_for(refusal: InvalidPattern) -> str:
    """Return our advice about a refusal; empty if there is none."""
    if refusal.reason.startswith(_UNKNOWN_OPERATOR):
        given = refusal.reason.removeprefix(_UNKNOWN_OPERATOR)
        near = nearest_name(given, OPERATORS)
        if near is not None:
            return f"did you mean {near!r}?"
        return f"there are {', '.join(OPERATORS)}; fields are nested without lists"
    for reason, hint in _HINTS.items():
        found = re.fullmatch(reason, refusal.reason)
        if found is not None:
            name = found.groupdict().get("name")
            if name in OPERATORS:
                return f'an operator stands in a list: [{{"{name}": ...}}]'
            return hint.format(**found.groupdict())
    return ""


# A field that an event does not satisfy


def hint_about(path: str, held: Sequence[Scalar], terms: Sequence[Term], event: ReadEvent) -> str:
    """Return our advice about a field that an event does not satisfy; empty if there is none.

    Args:
        path: The path of the field.
        held: The event's values on the path.
        terms: The terms of the field.
        event: The event.
    """
    return _about_values(held, terms) if held else about_name(path, event)


def about_name(path: str, event: ReadEvent) -> str:
    """Return our advice about a path on which an event has no value; empty if there is none."""
    *around, last = path.split(".")
    if last in OPERATORS and around:
        name = around[-1]
        return f'an operator stands in a list: "{_cut(name)}": [{{"{last}": ...}}]'
    place = event.start(into_empty_names=False)
    reached: list[str] = []
    for piece in (*around, last):
        following = place.following.get(piece)
        if following is None:
            break
        reached.append(piece)
        place = following
    else:
        return ""
    if not reached:
        return _about_top(piece) if piece not in FIELDS and not _PARTS.isdisjoint(event.members) else ""
    near = _near(piece, tuple(place.following))
    if near is None:
        return ""
    shown = ".".join((*reached, near))
    return "" if len(shown) > _LONGEST else f"the event has {shown}"


def _about_top(name: str) -> str:
    return f"no event has a field {_cut(name)!r}: {_hint_for_field(name)}"


@lru_cache(maxsize=1024)
def _near(name: str, known: tuple[str, ...]) -> str | None:
    return nearest_name(name, known)


def _about_values(held: Sequence[Scalar], terms: Sequence[Term]) -> str:
    wanted = {_value_of(term) for term in terms if isinstance(term, ExactString | ExactNumber | Literal)}
    compares_numbers = any(str(term).startswith("numeric ") for term in terms)
    for value in held[:_LONGEST]:
        if isinstance(value, str):
            if _number_in(value) is not None and compares_numbers:
                return f"the event has the text {_shown(value)}, and numeric compares numbers"
            meant = next(
                (text for kind, text in wanted if kind is not str and _is_json_of(value, text)), None
            )
            if meant is not None:
                return (
                    f"the event has the text {_shown(value)}, the pattern wants {_cut(meant)} without quotes"
                )
            texts = [text for kind, text in wanted if kind is str]
            if any(text.casefold() == value.casefold() for text in texts):
                return 'they differ only in case; see {"equals-ignore-case": ...}'
            if any(text.strip() == value.strip() for text in texts):
                return "they differ only in blanks at an end"
        else:
            text = json_of(value)
            if any(kind is str and _is_json_of(given, text) for kind, given in wanted):
                return f"the event has {_cut(text)} without quotes, the pattern wants it in quotes"
    return ""


def _value_of(term: ExactString | ExactNumber | Literal) -> tuple[type, str]:
    """Return whether a term is a text or another value, and its text: that of a string without quotes."""
    return (str if isinstance(term, ExactString) else float), term.text


def _number_in(text: str) -> float | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_json_of(text: str, value: str) -> bool:
    """Return whether a text is the JSON of a number, true, false or null, as a person writes it."""
    if text == value:
        return True
    one, other = _number_in(text), _number_in(value)
    return one is not None and one == other


def _shown(text: str) -> str:
    return json_of(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


# Fields that no event has


def unknown_fields(pattern: Pattern) -> dict[str, str]:
    """Return the fields that a pattern wants at the top of an event but that no event has there.

    Returns:
        Our advice for the tester, by the field's name.
    """
    wanted = {field.path.split(".")[0]: None for one in pattern.alternatives for field in one.written}
    return {name: _hint_for_field(name) for name in wanted if name not in FIELDS}


def _hint_for_field(name: str) -> str:
    near = nearest_name(name, FIELDS)
    return f"did you mean {near!r}?" if near else _IN_DETAIL
