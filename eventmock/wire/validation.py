"""The constraints of the service model, and AWS's words for requests that break them.

One message states all broken constraints of a request: ``N validation errors detected: ...; ...`` (recorded,
aws-recorded-behaviour section 1). For a member, the pattern comes before the length, and the length before the
enum; members come in the order in which the model lists them. Values are printed as Java prints them.
The texts for the keys of maps and for the items of lists of scalars are those of other AWS services, as is the path of
what is in a structure of a map (inferred). It has no key if the map is sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.wire.errors import VALIDATION_EXCEPTION, AwsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from eventmock.wire.automaton import LinearPattern
    from eventmock.wire.service_model import Member, Shape

    Check = Callable[[Any, str, list["Problem"]], None]

_ONE_CLASS: Final = r"\[(?:\\.|[^\\\[\]])+\](?:[+*]|\{\d+(?:,\d*)?\})?"
"""Expressions that are one class of characters, perhaps repeated, in which nothing can backtrack."""
REDACTED: Final = "***Sensitive Data Redacted***"
_LONGEST_SHOWN: Final = 60
"""The most characters of a value in our summary of a message."""
_MOST_SHOWN: Final = 3
"""The most broken constraints in our summary of a message."""


class Problem(NamedTuple):
    """A constraint that a request breaks.

    Attributes:
        value: AWS's words for the value, with all of it.
        path: The path of the value in the request, as AWS writes it.
        words: AWS's words for the constraint.
        held: The value, or its size, in our words; empty if it is sensitive.
    """

    value: str
    path: str
    words: str
    held: str

    @property
    def text(self) -> str:
        """AWS's words for the problem."""
        return f"{self.value} at '{self.path}' failed to satisfy constraint: {self.words}"


def validate(shape: Shape | None, value: Any, code: str = VALIDATION_EXCEPTION) -> None:
    """Check the members of a request against the constraints of their shapes.

    Args:
        shape: The shape of the operation's input; None if the operation has no input.
        value: The members of the request.
        code: The service's error code for broken constraints.

    Raises:
        AwsError: A constraint is broken; the error's text has all that are.
    """
    check = None if shape is None else _structure_check(shape)
    if check is None:
        return
    problems: list[Problem] = []
    check(value, "", problems)
    if problems:
        noun = "error" if len(problems) == 1 else "errors"
        text = (
            f"{len(problems)} validation {noun} detected: {'; '.join([problem.text for problem in problems])}"
        )
        raise AwsError(code, text, hint=_hint(problems), summary=_summary(problems))


def constraints(shape: Shape) -> list[tuple[Callable[[Any], bool], str]]:
    """Return the constraints of a shape in AWS's order, each as (a predicate that has to be true, AWS's words)."""
    found: list[tuple[Callable[[Any], bool], str]] = []
    if shape.kind == "string":
        pattern = shape.pattern
        if pattern is not None:
            words = f"Member must satisfy regular expression pattern: {pattern}"
            found.append((lambda value: bool(java_pattern(pattern).fullmatch(value)), words))
        found += _bounds(shape, len, "length")
        if shape.enum:
            words = f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
            found.append((_enum_check(shape), words))
    elif shape.kind in ("list", "map", "blob"):
        found += _bounds(shape, len, "length")
    elif shape.kind in ("integer", "long", "float", "double"):
        found += _bounds(shape, lambda value: value, "value")
    return found


def _enum_check(shape: Shape) -> Callable[[Any], bool]:
    if not shape.enum_in_any_case:
        return frozenset(shape.enum).__contains__
    upper = frozenset(map(str.upper, shape.enum))
    return lambda value: value.upper() in upper


def _bounds(
    shape: Shape, measure: Callable[[Any], Any], noun: str
) -> list[tuple[Callable[[Any], bool], str]]:
    bounds: list[tuple[Callable[[Any], bool], str]] = []
    high, low = shape.maximum, shape.minimum
    if high is not None:
        words = f"Member must have {noun} less than or equal to {high}"
        bounds.append((lambda value: measure(value) <= high, words))
    if low is not None and not (noun == "length" and low == 0):
        words = f"Member must have {noun} greater than or equal to {low}"
        bounds.append((lambda value: measure(value) >= low, words))
    return bounds


@cache
def _structure_check(shape: Shape) -> Check | None:
    checks = [
        (member, check) for member in shape.members if (check := _member_check(member)) or member.required
    ]
    if not checks:
        return None

    def check_structure(value: Any, path: str, problems: list[Problem]) -> None:
        for member, check in checks:
            given = value.get(member.name)
            if given is None:
                if member.required:
                    where = f"{path}{member.text_name}"
                    problems.append(Problem("Value null", where, "Member must not be null", "null"))
            elif check is not None:
                check(given, f"{path}{member.text_name}", problems)

    return check_structure


def _member_check(member: Member) -> Check | None:
    return _check(member.shape)


@cache
def _check(shape: Shape) -> Check | None:
    own = constraints(shape)
    inner = _inner_check(shape)
    if not own and inner is None:
        return None

    def check(value: Any, path: str, problems: list[Problem]) -> None:
        for holds, words in own:
            if not holds(value):
                problems.append(_problem(shape, value, path, words))
        if inner is not None:
            inner(value, path, problems)

    return check


def _inner_check(shape: Shape) -> Check | None:
    if shape.kind == "structure":
        inner = _structure_check(shape)
        return None if inner is None else lambda value, path, problems: inner(value, path + ".", problems)
    if shape.kind == "list":
        assert shape.item is not None
        if shape.item.kind in ("structure", "list", "map"):
            return _list_of_structures_check(shape.item)
        return _scalars_check(shape, shape.item, "Member must satisfy constraint", lambda value: value)
    if shape.kind == "map":
        assert shape.key is not None
        assert shape.item is not None
        checks = [
            _scalars_check(shape, shape.key, "Map keys must satisfy constraint", lambda value: value),
            _map_values_check(shape, shape.item),
        ]
        wanted = [check for check in checks if check is not None]
        if wanted:

            def check_map(value: Any, path: str, problems: list[Problem]) -> None:
                for check in wanted:
                    check(value, path, problems)

            return check_map
    return None


def _map_values_check(shape: Shape, item: Shape) -> Check | None:
    if item.kind not in ("structure", "list", "map"):
        return _scalars_check(shape, item, "Map value must satisfy constraint", lambda value: value.values())
    check = _check(item)
    if check is None:
        return None

    def check_values(value: Any, path: str, problems: list[Problem]) -> None:
        for key, given in value.items():
            check(given, f"{path}.member" if shape.sensitive else f"{path}.{key}.member", problems)

    return check_values


def _list_of_structures_check(item: Shape) -> Check | None:
    check = _check(item)
    if check is None:
        return None

    def check_items(value: Any, path: str, problems: list[Problem]) -> None:
        for number, given in enumerate(value, 1):
            check(given, f"{path}.{number}.member", problems)

    return check_items


def _scalars_check(shape: Shape, item: Shape, words: str, items: Callable[[Any], Any]) -> Check | None:
    own = constraints(item)
    if not own:
        return None
    lengths_first = [words for _, words in own if "length" in words]
    lengths_first += [words for _, words in own if "length" not in words]
    words = f"{words}: [{', '.join(lengths_first)}]"

    def check_scalars(value: Any, path: str, problems: list[Problem]) -> None:
        if not all(holds(given) for given in items(value) for holds, _ in own):
            problems.append(_problem(shape, value, path, words))

    return check_scalars


def _problem(shape: Shape, value: Any, path: str, words: str) -> Problem:
    if shape.sensitive:
        return Problem("Value", path, words, "")
    text = java_text(shape, value)
    return Problem(f"Value '{text}'", path, words, _in_short(value, text))


def _in_short(value: Any, text: str) -> str:
    """Return the size of a value, or the value if it is short."""
    if isinstance(value, list | Mapping):
        return f"{len(value)} element{'' if len(value) == 1 else 's'}"
    return (
        repr(text)
        if len(text) <= _LONGEST_SHOWN
        else f"{len(text):,} characters, {text[:_LONGEST_SHOWN]!r}..."
    )


def _hint(problems: list[Problem]) -> str:
    """Return advice for the tester about the first value for which there is any."""
    from eventmock.wire.constraint_hints import hint_about

    hints = (hint_about(problem.value.removeprefix("Value '")[:-1], problem.words) for problem in problems)
    return next(filter(None, hints), "")


def _summary(problems: list[Problem]) -> str:
    """Return what is wrong, in our words: for each value the constraint, and the size of the value."""
    noun = "error" if len(problems) == 1 else "errors"
    lines = [
        f"{problem.words}, but {problem.path} has {problem.held}"
        if problem.held
        else f"{problem.words}: {problem.path}, which is not shown"
        for problem in problems[:_MOST_SHOWN]
    ]
    more = [f"and {len(problems) - _MOST_SHOWN} more"] if len(problems) > _MOST_SHOWN else []
    return f"{len(problems)} validation {noun}: {'; '.join([*lines, *more])}"


def java_text(shape: Shape, value: Any) -> str:
    """Return the text of a value in AWS's messages, which is that of Java's ``toString``."""
    if value is None:
        return "null"
    if shape.sensitive:
        return REDACTED
    if shape.kind == "structure":
        members = [f"{m.text_name}={java_text(m.shape, value.get(m.name))}" for m in shape.members]
        members += [f"{name}=null" for name in shape.hidden_members]
        return f"{shape.name}({', '.join(members)})"
    if shape.kind == "list":
        assert shape.item is not None
        return f"[{', '.join(java_text(shape.item, item) for item in value)}]"
    if shape.kind == "map":
        assert shape.item is not None
        return f"{{{', '.join(f'{key}={java_text(shape.item, item)}' for key, item in value.items())}}}"
    if shape.kind == "timestamp":
        return _java_date(value)
    if shape.kind == "boolean":
        return "true" if value else "false"
    return str(value)


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _java_date(value: datetime) -> str:
    day, month = _DAYS[value.weekday()], _MONTHS[value.month - 1]
    return f"{day} {month} {value:%d %H:%M:%S} UTC {value.year}"


@cache
def java_pattern(pattern: str) -> re.Pattern[str] | LinearPattern:
    r"""Compile a pattern of the service model, which is Java's, to an object whose ``fullmatch`` takes linear time.

    In Java, ``\d`` and ``\w`` are ASCII, ``.`` matches no line end, and there is ``\p{L}``. Python's ``re`` is several
    times as fast as an automaton, so it is used for patterns on which it is certain not to backtrack. It is also used
    for patterns that no automaton can match, such as a backreference; the models of our services have no such pattern.
    """
    text = re.sub(
        r"\\.|\[(?:\\.|[^\]\\])*\]|\.",
        lambda found: "[^\n\r\x85\u2028\u2029]" if found[0] == "." else found[0],
        pattern,
        flags=re.DOTALL,
    )
    if re.fullmatch(_ONE_CLASS, text) is None:
        from eventmock.wire.automaton import LinearPattern, NotRegular, has_one_way

        if not has_one_way(text):
            with suppress(NotRegular):
                return LinearPattern(text)
    return re.compile(text, re.ASCII)
