"""Reads the operators of an event pattern, such as `{"prefix": "text"}`, with all of AWS's checks and messages.

Checks are made in the order in which AWS reads, see `syntax`. `operators` defines the meaning of operators.
Source: Amazon EventBridge user guide, "Event patterns"; texts and places from recorded answers and event-ruler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from eventmock.pattern.addresses import InvalidBlock, block
from eventmock.pattern.doubles import comparable, java_text
from eventmock.pattern.json_reader import Token
from eventmock.pattern.operators import (
    AnythingBut,
    Bound,
    Cidr,
    EqualsIgnoreCase,
    Excluded,
    Numeric,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)
from eventmock.pattern.refusals import InvalidPattern
from eventmock.pattern.terms import Absent, ExactNumber, ExactString, Exists, Term, json_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.pattern.json_reader import JsonReader

_Excluded: TypeAlias = "tuple[Excluded, str]"

_ONE_KEY: Final = "Only one key allowed in match expression"
_TOO_MANY: Final = "Too many elements in numeric expression"
_AFFIX_NO_STRING: Final = "prefix/suffix match pattern must be a string"
_WILDCARD_NO_STRING: Final = "wildcard match pattern must be a string"
_NO_EXCLUDED_VALUE: Final = "Value of anything-but must be an array or single string/number value."
_IGNORE_CASE_NO_STRING: Final = (
    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
)


def read_expression(reader: JsonReader) -> Term:
    """Return the term of an operator. The reader is at its opening brace, and is moved to its closing brace.

    Raises:
        InvalidPattern: The operator is not known, or its operand is wrong.
    """
    if reader.advance() is not Token.NAME:
        raise reader.refusal("Match expression name not found")
    read_operand = _OPERATORS.get(reader.name)
    if read_operand is None:
        raise reader.refusal(f"Unrecognized match type {reader.name}")
    counts_as_numeric = reader.name in ("numeric", "anything-but")
    term = read_operand(reader)
    _close_expression(reader, _TOO_MANY if counts_as_numeric else _ONE_KEY)
    return term


def _close_expression(reader: JsonReader, complaint: str) -> None:
    if reader.advance() is not Token.END_OBJECT:
        raise reader.refusal(complaint)


def _read_string(reader: JsonReader, operator: str) -> str:
    if reader.advance() is not Token.STRING:
        raise reader.refusal(f"{operator} match pattern must be a string")
    return reader.text()


def _read_exactly(reader: JsonReader) -> Term:
    return ExactString(_read_string(reader, "exact"))


def _read_equals_ignore_case(reader: JsonReader) -> Term:
    return EqualsIgnoreCase(_read_string(reader, "equals-ignore-case"))


def _read_prefix(reader: JsonReader) -> Term:
    text, ignoring_case = _read_affix(reader, "prefix")
    return PrefixIgnoreCase(text) if ignoring_case else Prefix(text)


def _read_suffix(reader: JsonReader) -> Term:
    text, ignoring_case = _read_affix(reader, "suffix")
    return SuffixIgnoreCase(text) if ignoring_case else Suffix(text)


def _read_affix(reader: JsonReader, operator: str) -> tuple[str, bool]:
    """Return the text of a prefix or suffix, and whether case is ignored."""
    token = reader.advance()
    if token is Token.STRING:
        return reader.text(), False
    if token is not Token.START_OBJECT:
        raise reader.refusal(f"{operator} match pattern must be a string")
    if reader.advance() is not Token.NAME:
        raise reader.refusal(f"{operator.capitalize()} expression name not found")
    if reader.name != "equals-ignore-case":
        raise reader.refusal(f"Unsupported {operator} pattern: {reader.name}")
    text = _read_string(reader, "equals-ignore-case")
    _close_expression(reader, _ONE_KEY)
    return text, True


def _read_wildcard(reader: JsonReader) -> Term:
    text = _read_string(reader, "wildcard")
    _check_wildcard(reader, text)
    return Wildcard(text)


def _check_wildcard(reader: JsonReader, text: str) -> None:
    """Refuse two stars in a row and bad escapes. As in AWS, the error counts bytes after an opening quote."""
    place = 0
    while place < len(text):
        character, following = text[place], text[place + 1 : place + 2]
        if character == "*" == following:
            raise _wildcard_refusal(reader, "Consecutive wildcard characters", text[:place])
        if character == "\\":
            if following not in ("*", "\\"):
                raise _wildcard_refusal(reader, "Invalid escape character", text[:place])
            place += 1
        place += 1


def _wildcard_refusal(reader: JsonReader, complaint: str, before: str) -> InvalidPattern:
    return reader.refusal(f"{complaint} at pos {1 + len(before.encode())}")


def _read_exists(reader: JsonReader) -> Term:
    match reader.advance():
        case Token.TRUE:
            return Exists()
        case Token.FALSE:
            return Absent()
        case _:
            raise reader.refusal("exists match pattern must be either true or false.")


def _read_cidr(reader: JsonReader) -> Term:
    text = _read_string(reader, "prefix")
    try:
        return Cidr(text, block(text))
    except InvalidBlock as fault:
        raise InvalidPattern(str(fault)) from None


# numeric


def _read_numeric(reader: JsonReader) -> Term:
    if reader.advance() is not Token.START_ARRAY:
        raise reader.refusal("Value of numeric must be an array.")
    if reader.advance() is not Token.STRING:
        raise reader.refusal(f"Invalid member in numeric match: {reader.text()}")
    operator = reader.text()
    bounds = [(operator, _read_operand(reader, operator))]
    if operator not in ("=", ">", ">=", "<", "<="):
        raise reader.refusal(f"Unrecognized numeric range operator: {operator}")
    if reader.advance() is not Token.END_ARRAY:
        if operator not in (">", ">="):
            raise reader.refusal(_TOO_MANY)
        bounds.append(_read_upper_bound(reader))
    numeric = Numeric(tuple(Bound(operator, text, _comparable(reader, text)) for operator, text in bounds))
    if len(bounds) == 2 and numeric.bounds[0].value >= numeric.bounds[1].value:
        raise reader.refusal("Bottom must be less than top")
    return numeric


def _read_upper_bound(reader: JsonReader) -> tuple[str, str]:
    if reader.token is not Token.STRING:
        raise reader.refusal(f"Bad value in numeric range: {reader.text()}")
    operator = reader.text()
    if operator not in ("<", "<="):
        raise reader.refusal(f"Bad numeric range operator: {operator}")
    operand = _read_operand(reader, operator)
    if reader.advance() is not Token.END_ARRAY:
        raise reader.refusal("Too many terms in numeric range expression")
    return operator, operand


def _read_operand(reader: JsonReader, operator: str) -> str:
    if reader.advance() is not Token.NUMBER:
        raise reader.refusal(f"Value of {'equals' if operator == '=' else operator} must be numeric")
    return reader.text()


def _comparable(reader: JsonReader, text: str) -> float:
    value = comparable(text)
    if value is None:
        raise reader.refusal(f"Cannot compare number : {text}")
    return value


# anything-but


def _read_anything_but(reader: JsonReader) -> Term:
    match reader.advance():
        case Token.START_OBJECT:
            return _read_anything_but_form(reader)
        case Token.START_ARRAY:
            members = _read_anything_but_list(reader, _read_excluded_value)
            if len({type(member) for member, _ in members}) != 1:
                raise reader.refusal(
                    "Inside anything but list, either all values are number or string, mixed type is not supported"
                )
            return _anything_but("", members, listed=True)
        case Token.STRING | Token.NUMBER:
            return _anything_but("", [_read_excluded_value(reader)], listed=False)
        case _:
            raise reader.refusal(_NO_EXCLUDED_VALUE)


def _read_anything_but_form(reader: JsonReader) -> Term:
    if reader.advance() is not Token.NAME:
        raise reader.refusal("Anything-But expression name not found")
    form = reader.name
    if form not in _FORMS:
        raise reader.refusal(f"Unsupported anything-but pattern: {form}")
    listed = reader.advance() is Token.START_ARRAY
    if listed:
        members = _read_anything_but_list(reader, lambda reader: _read_excluded_form(reader, form))
    elif reader.token in (Token.STRING, Token.NUMBER):
        members = [_read_excluded_form(reader, form)]
    else:
        raise reader.refusal(_NO_EXCLUDED_VALUE)
    for member, _ in members:
        if isinstance(member, Wildcard):
            _check_wildcard(reader, member.text)
    _close_expression(reader, _TOO_MANY)
    return _anything_but(form, members, listed=listed)


def _read_anything_but_list(
    reader: JsonReader, read_member: Callable[[JsonReader], _Excluded]
) -> list[_Excluded]:
    members = []
    try:
        while reader.advance() is not Token.END_ARRAY:
            members.append(read_member(reader))
    except InvalidPattern as fault:  # AWS adds the current place to any error in the list (recorded)
        raise InvalidPattern(fault.reason, *fault.places, reader.place()) from None
    return members


def _read_excluded_value(reader: JsonReader) -> _Excluded:
    text = reader.text() if reader.token in (Token.STRING, Token.NUMBER) else ""
    if reader.token is Token.STRING:
        return ExactString(text), json_of(text)
    if reader.token is not Token.NUMBER:
        raise reader.refusal("Inside anything but list, start|null|boolean is not supported.")
    value = comparable(text)
    if value is None:
        raise InvalidPattern(f"Cannot compare number : {text}")
    return ExactNumber(java_text(value), value), text


def _read_excluded_form(reader: JsonReader, form: str) -> _Excluded:
    make, complaint = _FORMS[form]
    if reader.token is not Token.STRING:
        raise reader.refusal(complaint)
    text = reader.text()
    if not text and complaint == _AFFIX_NO_STRING:
        raise reader.refusal("Null prefix/suffix not allowed")
    return make(text), json_of(text)


def _anything_but(form: str, members: list[_Excluded], *, listed: bool) -> AnythingBut:
    return AnythingBut(
        excluded=tuple(sorted({member for member, _ in members}, key=lambda member: member.text)),
        form=form,
        written=tuple(written for _, written in members),
        listed=listed,
    )


_FORMS: Final[Mapping[str, tuple[Callable[[str], Excluded], str]]] = {
    "prefix": (Prefix, _AFFIX_NO_STRING),
    "suffix": (Suffix, _AFFIX_NO_STRING),
    "wildcard": (Wildcard, _WILDCARD_NO_STRING),
    "equals-ignore-case": (EqualsIgnoreCase, _IGNORE_CASE_NO_STRING),
}

_OPERATORS: Final[Mapping[str, Callable[[JsonReader], Term]]] = {
    "prefix": _read_prefix,
    "suffix": _read_suffix,
    "equals-ignore-case": _read_equals_ignore_case,
    "wildcard": _read_wildcard,
    "anything-but": _read_anything_but,
    "numeric": _read_numeric,
    "exists": _read_exists,
    "cidr": _read_cidr,
    "exactly": _read_exactly,
}
