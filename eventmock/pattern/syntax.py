"""Reads the text of an event pattern and returns its alternatives, with all of AWS's checks and messages.

Checks are made in the order in which AWS reads, so that the error names the same fault as AWS's if a pattern has
several. `json_reader` reads the JSON, and `operator_syntax` the operators. `complexity` limits wildcards. `terms` and
`operators` define the meaning of terms.
Source: Amazon EventBridge user guide, "Event patterns"; texts and places from recorded answers and event-ruler.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from eventmock.pattern.doubles import comparable
from eventmock.pattern.json_reader import JsonReader, Token
from eventmock.pattern.refusals import InvalidPattern
from eventmock.pattern.terms import ExactNumber, ExactString, Literal, Term

Alternative: TypeAlias = dict[str, tuple[Term, ...]]

MOST_ALTERNATIVES: Final = 1000
"""How many alternatives the `$or`s of a pattern may make together."""

RESERVED_INSIDE_OR: Final = frozenset(
    [
        "exactly",
        "equals-ignore-case",
        "prefix",
        "suffix",
        "anything-but",
        "exists",
        "wildcard",
        "numeric",
        "cidr",
        "=",
        "<",
        "<=",
        ">",
        ">=",
        "regex",
        "not-wildcard",
        "not-equals-ignore-case",
        "date-after",
        "date-on-or-after",
        "date-before",
        "date-on-or-before",
        "in-date-range",
        "ip-address-in-range",
        "ip-address-not-in-range",
    ]
)
"""Names that a field inside an `$or` may not have."""

_OF_ADDRESSES: Final = "0123456789ABCDEFabcdef.:"
"""All characters that an IP address may have."""


def alternatives(text: str) -> list[Alternative]:
    """Return the alternatives of a pattern; each has the terms by path, in document order.

    Args:
        text: The pattern as JSON text. As in AWS, any text after its closing brace is not read.

    Raises:
        InvalidPattern: The pattern breaks a rule of the pattern language or of JSON.
    """
    reader = JsonReader(text)
    if reader.advance() is not Token.START_OBJECT:
        raise reader.refusal("Filter is not an object")
    found, too_many = _Expansion(reader).run()
    if too_many:
        raise InvalidPattern("Or operator is producing over 1000 rule combinations")
    return found


# Objects and $or


class _OpenObject:
    """An object that is being read; `alternatives` are those of all text read so far."""

    __slots__ = ("alternatives", "empty", "inside_or", "path")

    def __init__(self, path: str, alternatives: list[Alternative], *, inside_or: bool) -> None:
        self.path = path
        self.alternatives = alternatives
        self.inside_or = inside_or
        self.empty = True


class _OpenOr:
    """The list of an `$or` that is being read. Each of its objects continues a copy of `before`."""

    __slots__ = ("after", "before", "objects", "path")

    def __init__(self, path: str, before: list[Alternative]) -> None:
        self.path = path
        self.before = before
        self.after: list[Alternative] = []
        self.objects = 0


class _Expansion:
    """Reads a whole pattern. Open objects and `$or`s are on a stack, not in a recursion, as AWS reads 1,000 levels."""

    __slots__ = ("_open", "_reader", "_too_many")

    def __init__(self, reader: JsonReader) -> None:
        self._reader = reader
        self._open: list[_OpenObject | _OpenOr] = [_OpenObject("", [{}], inside_or=False)]
        self._too_many = False

    def run(self) -> tuple[list[Alternative], bool]:
        """Return the alternatives, and whether there are too many; if so, only some are returned."""
        while True:
            match self._open[-1]:
                case _OpenObject() as whole if self._read_member(whole):
                    self._open.pop()
                    if not self._open:
                        return whole.alternatives, self._too_many
                    self._close_object(whole.alternatives)
                case _OpenOr() as choice if self._read_choice(choice):
                    self._open.pop()
                    self._close_object(choice.after)

    def _read_member(self, whole: _OpenObject) -> bool:
        """Read a member of an object; return True at the end of the object instead."""
        reader = self._reader
        if reader.advance() is Token.END_OBJECT:
            if whole.empty:
                raise reader.refusal("Empty objects are not allowed")
            return True
        whole.empty = False
        name = reader.name
        if whole.inside_or and name in RESERVED_INSIDE_OR:
            raise reader.refusal(f"{name} is Ruler reserved fieldName which cannot be used inside $or.")
        path = f"{whole.path}.{name}" if whole.path else name
        value = reader.advance()
        if name == "$or":
            if value is not Token.START_ARRAY:
                raise reader.refusal("It must be an Array followed with $or.")
            self._open.append(_OpenOr(whole.path, whole.alternatives))
        elif value is Token.START_OBJECT:
            self._open.append(_OpenObject(path, whole.alternatives, inside_or=whole.inside_or))
        elif value is Token.START_ARRAY:
            terms = _read_list(reader)
            for alternative in whole.alternatives:
                alternative[path] = terms
        else:
            raise reader.refusal(f'"{name}" must be an object or an array')
        return False

    def _read_choice(self, choice: _OpenOr) -> bool:
        """Read the opening brace of an object in an `$or`; return True at the end of the `$or` instead."""
        value = self._reader.advance()
        if value is Token.END_ARRAY:
            if choice.objects < 2:
                raise self._reader.refusal("There must have at least 2 Objects in $or relationship.")
            return True
        if value is not Token.START_OBJECT:
            raise self._reader.refusal("Only JSON object is allowed in array of $or relationship.")
        choice.objects += 1
        copies = [dict(alternative) for alternative in choice.before]
        self._open.append(_OpenObject(choice.path, copies, inside_or=True))
        return False

    def _close_object(self, found: list[Alternative]) -> None:
        """Give the alternatives of a closed object or `$or` to the object or `$or` that contains it."""
        around = self._open[-1]
        if isinstance(around, _OpenObject):
            around.alternatives = found
            return
        around.after += found
        if len(around.after) > MOST_ALTERNATIVES:
            self._too_many = True
            del around.after[1:]


# Lists and terms


def _read_list(reader: JsonReader) -> tuple[Term, ...]:
    terms: list[Term] = []
    while reader.advance() is not Token.END_ARRAY:
        terms.append(_read_term(reader))
    if not terms:
        raise reader.refusal("Empty arrays are not allowed")
    return tuple(terms)


def _read_term(reader: JsonReader) -> Term:
    match reader.token:
        case Token.STRING:
            return _exactly(reader.text())
        case Token.NUMBER:
            text = reader.text()
            return ExactNumber(text, comparable(text))
        case Token.TRUE | Token.FALSE | Token.NULL:
            return Literal(reader.text())
        case Token.START_OBJECT:
            from eventmock.pattern.operator_syntax import read_expression

            return read_expression(reader)
        case _:
            raise reader.refusal("Match value must be String, number, true, false, or null")


def _exactly(text: str) -> Term:
    """Return the term of a string in a list."""
    if text.strip(_OF_ADDRESSES):  # as of most strings: this one is not an address
        return ExactString(text)
    from eventmock.pattern.addresses import AddressRange, hex_of_address

    digits = hex_of_address(text)
    if digits is None:
        return ExactString(text)
    from eventmock.pattern.operators import ExactAddress

    return ExactAddress(text, AddressRange(digits, digits))
