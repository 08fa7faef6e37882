r"""JSON that keeps the spelling of its source.

A `JsonText` is one JSON value as compact text. Numbers, escapes and the order of members stay as they were
written (`1.0` stays `1.0`, `\u00e9` stays `\u00e9`); only the whitespace between tokens is removed. Values are
slices of the text, so nothing is written in another way, and nesting may have any depth. For Python values, use `json`.

Source: RFC 8259 for the grammar. The recorded deliveries show that EventBridge keeps numbers and escapes as they are
written. Inferred: if a name repeats, its last value counts, as is Jackson's default.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise

_WHITESPACE = re.compile(r"[ \t\n\r]*")
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<scalar>{_NUMBER}|true|false|null)|(?P<mark>[\[\]{{}},:])",
)
_COMPACT = re.compile(rf'[^" \t\n\r]*+(?:{_STRING}[^" \t\n\r]*+)*+')
_STRING_OR_MARK = re.compile(rf"{_STRING}|[\[\]{{}},]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# The tokens that may come next. One character stands for each token: '"' for a string, 'v' for another scalar, a mark
# for itself.
_SIGNS = {"string": '"', "scalar": "v"}
_VALUE = '"v{['
_FIRST_ITEM = _VALUE + "]"
_KEY = '"'
_FIRST_KEY = '"}'
_COLON = ":"
_IN_ARRAY = ",]"
_IN_OBJECT = ",}"
_WANTED = {
    _VALUE: "a JSON value",
    _FIRST_ITEM: "a JSON value or ']'",
    _KEY: "a quoted name",
    _FIRST_KEY: "a quoted name or '}'",
    _COLON: "':'",
    _IN_ARRAY: "',' or ']'",
    _IN_OBJECT: "',' or '}'",
}


Span = tuple[int, int]
"""The offsets in the text at which a value begins and ends."""


class NotJson(ValueError):  # noqa: N818 - named for what it reports, as AWS names its exceptions
    """The text is not JSON.

    Attributes:
        text: The text that was read.
        position: The index in `text` of the first wrong character; the length of `text` if it ends too early.
        problem: A clause that says what was found and what was expected.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        super().__init__(text, position, problem)
        self.text = text
        self.position = position
        self.problem = problem

    @property
    def line(self) -> int:
        """The line of `position`, from 1. A line ends with a line feed, a carriage return, or both."""
        return 1 + len(_line_ends(self.text[: self.position]))

    @property
    def column(self) -> int:
        """The column of `position`, from 1, in UTF-16 units, as Java counts."""
        ends = _line_ends(self.text[: self.position])
        return 1 + _utf16_length(self.text[ends[-1] if ends else 0 : self.position])

    def __str__(self) -> str:
        return f"not JSON at line {self.line}, column {self.column}: {self.problem}"


@dataclass(frozen=True, slots=True)
class JsonText:
    """One JSON value, as compact text.

    It is made by `parse`, `of_string` or `of_array`; the constructor does not check its argument.

    Attributes:
        text: The value without whitespace between tokens, otherwise as it was written.
    """

    text: str
    _outline: "Outline | None" = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "JsonText":
        """Read one JSON document.

        Raises:
            NotJson: The text is not exactly one JSON value.
        """
        if _COMPACT.fullmatch(text) and _is_json(text):
            return cls(text)
        tokens: list[str] = []
        end = _WHITESPACE.match(text, _scan_value(text, 0, tokens))
        if end is not None and end.end() < len(text):
            raise NotJson(text, end.end(), f"{_found(text, end.end())} follows the end of the value")
        return cls("".join(tokens))

    @classmethod
    def of_string(cls, value: str) -> "JsonText":
        """Return the JSON string of a Python text."""
        return cls(json.dumps(value, ensure_ascii=False))

    @classmethod
    def of_array(cls, items: "list[JsonText]") -> "JsonText":
        """Return the JSON array of some values."""
        return cls(f"[{','.join(item.text for item in items)}]")

    @property
    def is_string(self) -> bool:
        """Whether this is a string."""
        return self.text.startswith('"')

    @property
    def is_object(self) -> bool:
        """Whether this is an object."""
        return self.text.startswith("{")

    @property
    def is_array(self) -> bool:
        """Whether this is an array."""
        return self.text.startswith("[")

    @property
    def is_null(self) -> bool:
        """Whether this is null."""
        return self.text == "null"

    def characters(self) -> str:
        """Return the characters of a string, without escapes; for any other value, its text.

        Half a surrogate pair becomes `?`, as Java writes it, so the result can always be encoded.
        """
        if not self.is_string:
            return self.text
        return _LONE_SURROGATE.sub("?", json.loads(self.text))

    def members(self) -> "dict[str, JsonText]":
        """Return the members of an object in order; the last if a name repeats. No other value has any."""
        if not self.is_object:
            return {}
        members = self.outline.members(0)
        return {name: JsonText(self.text[start:end]) for name, (start, end) in members.items()}

    def items(self) -> "list[JsonText]":
        """Return the items of an array in order. No other value has any."""
        return [JsonText(self.text[start:end]) for start, end in self.outline.items(0)]

    @property
    def outline(self) -> "Outline":
        """The positions of all parts in the text, which are found once."""
        if self._outline is None:
            object.__setattr__(self, "_outline", Outline(self.text))
        assert self._outline is not None
        return self._outline


class Outline:
    """Where the parts of the objects and arrays of a compact JSON text begin and end.

    A part is a member of an object, with its name, or an item of an array. One scan of the text finds all parts. After
    that, the cost of a path depends only on the parts along the path.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        # For each object and array, by its offset: the offsets of its opening mark, of the commas between its parts,
        # and of its closing mark.
        self._marks: dict[int, list[int]] = {}
        self._members: dict[int, dict[str, Span]] = {}
        open_: list[list[int]] = []
        for found in _STRING_OR_MARK.finditer(text):
            mark, at = found[0], found.start()
            if mark in ("{", "["):
                open_.append([at])
                self._marks[at] = open_[-1]
            elif mark in ("}", "]"):
                open_.pop().append(at)
            elif mark == ",":
                open_[-1].append(at)

    def parts(self, start: int) -> "list[Span]":
        """Return the parts of the object or array that begins at an offset. No other value has any."""
        marks = self._marks.get(start, ())
        parts = [(one + 1, other) for one, other in pairwise(marks)]
        return parts if parts and parts[0][0] < parts[0][1] else []

    def members(self, start: int) -> "dict[str, Span]":
        """Return the members' values of the object that begins at an offset; the last if a name repeats."""
        if not self._text.startswith("{", start):
            return {}
        found = self._members.get(start)
        if found is None:
            found = self._members[start] = {}
            for part, end in self.parts(start):
                name = _TOKEN.match(self._text, part)
                assert name is not None
                found[json.loads(name[0])] = (name.end() + 1, end)
        return found

    def items(self, start: int) -> "list[Span]":
        """Return the items of the array that begins at an offset. No other value has any."""
        return self.parts(start) if self._text.startswith("[", start) else []


def check_json(text: str) -> None:
    """Check that a text is exactly one JSON value, as `JsonText.parse` does, but do not make it compact.

    Raises:
        NotJson: The text is not exactly one JSON value.
    """
    if not _is_json(text):
        JsonText.parse(text)


def check_json_lines(text: str) -> None:
    """Check that a text is one or more JSON values, each of which begins on a new line.

    A template of several quoted lines gives such a text (recorded: five lines arrived as five lines).

    Raises:
        NotJson: The text is not a sequence of JSON values, or two values are on the same line.
    """
    position = _scan_value(text, 0, [])
    while True:
        gap = _WHITESPACE.match(text, position)
        assert gap is not None
        if gap.end() == len(text):
            return
        if not _line_ends(gap[0]):
            raise NotJson(text, gap.end(), f"{_found(text, gap.end())} follows the end of the value")
        position = _scan_value(text, gap.end(), [])


def _is_json(text: str) -> bool:
    """Return whether Python's `json` accepts a text. It is faster than the scan below, which decides if it refuses."""
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python's `json` accepts although they are not JSON."""
    raise ValueError(name)


def _scan_value(text: str, position: int, tokens: list[str]) -> int:
    """Add the tokens of the value at `position` to `tokens`, and return the position after the value."""
    expected = _VALUE
    open_marks: list[str] = []
    while True:
        token = _TOKEN.match(text, position)
        if token is None:
            gap = _WHITESPACE.match(text, position)
            assert gap is not None
            position = gap.end()
            token = _TOKEN.match(text, position)
        sign = "" if token is None else _SIGNS.get(token.lastgroup or "", token[0])
        if token is None or sign not in expected:
            raise NotJson(text, position, f"{_found(text, position)} stands where {_WANTED[expected]} should")
        tokens.append(token[0])
        position = token.end()
        if sign == ":":
            expected = _VALUE
        elif sign == ",":
            expected = _KEY if open_marks[-1] == "{" else _VALUE
        elif sign in "{[":
            open_marks.append(sign)
            expected = _FIRST_KEY if sign == "{" else _FIRST_ITEM
        elif expected in (_KEY, _FIRST_KEY) and sign == '"':
            expected = _COLON
        else:
            if sign in "}]":
                open_marks.pop()
            if not open_marks:
                return position
            expected = _IN_OBJECT if open_marks[-1] == "{" else _IN_ARRAY


def _found(text: str, position: int) -> str:
    """Return the words for the token at `position`, for an error's text."""
    if position >= len(text):
        return "the end of the text"
    if text[position] == '"' and _TOKEN.match(text, position) is None:
        return "a string that is not closed, or holds a raw control character or an unknown escape,"
    shown = text[position : position + 20]
    return repr(shown if position + 20 >= len(text) else shown + "...")


def _line_ends(text: str) -> list[int]:
    """Return the offset of the end of each line, except of a last line without a line end."""
    return [end.end() for end in re.finditer(r"\r\n?|\n", text)]


def _utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
