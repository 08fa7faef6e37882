"""A reader of the JSON of an event pattern, token by token, as lazy as AWS's reader.

If a pattern has several faults, AWS's error names the one that its reader comes to first, with the column that the
reader has reached. So a name is read together with the first token of its value, and the text of a string is read only
when it is needed or passed. The texts and columns of errors are those of Jackson, the reader that AWS uses (recorded
answers). What the tokens mean is decided in `syntax`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Final, NoReturn

from eventmock.pattern.refusals import InvalidPattern, Place
from eventmock.pattern.utf16 import with_pairs_joined, without_half_pairs

DEEPEST: Final = 1000
"""How many levels of nesting AWS reads in a pattern, in the event of TestEventPattern and in the Detail of an entry."""

MOST_DIGITS: Final = 1000
"""How many digits a number in a pattern or an event may have."""


class Token(Enum):
    """A kind of token."""

    START_OBJECT = "{"
    END_OBJECT = "}"
    START_ARRAY = "["
    END_ARRAY = "]"
    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    TRUE = "true"
    FALSE = "false"
    NULL = "null"
    END = "end of text"


_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER: Final = re.compile(
    r"-?(?P<whole>0|[1-9][0-9]*)(?:\.(?P<fraction>[0-9]*))?(?:[eE][+-]?(?P<exponent>[0-9]*))?"
)
_CODE: Final = re.compile(r"[0-9a-fA-F]{0,4}")
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

_OPENERS: Final = {'"': Token.STRING, "[": Token.START_ARRAY, "{": Token.START_OBJECT}
_CLOSERS: Final = {"}": Token.END_OBJECT, "]": Token.END_ARRAY}
_COMMA_BETWEEN: Final = {
    "Array": "comma to separate Array entries",
    "Object": "comma to separate Object entries",
}
_CLOSED_KIND: Final = {"}": "Object", "]": "Array"}
_WORDS: Final = {"t": Token.TRUE, "f": Token.FALSE, "n": Token.NULL}
_NON_STANDARD_WORDS: Final = {"N": "NaN", "I": "Infinity"}
_SIGNED_WORDS: Final = {"N": "INF", "n": "Infinity"}

_VALUES: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_NO_COMMENT: Final = (
    "maybe a (non-standard) comment? "
    "(not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
)
_NO_PLUS: Final = (
    "JSON spec does not allow numbers to have plus signs: "
    "enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow"
)
_NO_DIGIT: Final = "expected digit (0-9) to follow minus sign, for valid numeric value"

_TEN_DIGITS: Final = frozenset("0123456789")
_LONGEST_WORD: Final = 256
_WORD_START: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Sc", "Pc"})
_WORD_PART: Final = _WORD_START | {"Nd", "Mn", "Mc", "Cf"}


def _starts_word(character: str) -> bool:
    return character <= "\uffff" and unicodedata.category(character) in _WORD_START


def _continues_word(character: str) -> bool:
    if unicodedata.category(character) == "Cc":
        return not ("\t" <= character <= "\r" or "\x1c" <= character <= "\x1f")
    return character <= "\uffff" and unicodedata.category(character) in _WORD_PART


def _described(character: str) -> str:
    code = int.from_bytes(character.encode("utf-16-be", "surrogatepass")[:2])
    if unicodedata.category(character) == "Cc":
        return f"(CTRL-CHAR, code {code})"
    return f"'{chr(code)}' (code {code} / 0x{code:x})" if code > 0xFF else f"'{character}' (code {code})"


class JsonReader:
    """A reader of one pattern text: `advance` goes to the next token, `text` and `name` give its contents.

    Every method that reads raises `InvalidPattern` if the text is not JSON, with Jackson's words and column.

    Attributes:
        token: The token that `advance` found last.
        name: The name that was read last.
    """

    __slots__ = (
        "_begun",
        "_coming",
        "_expects_comma",
        "_open",
        "_position",
        "_standing",
        "_string",
        "_text",
        "name",
        "token",
    )

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._begun = 0
        self._open: list[tuple[str, int]] = []
        self._expects_comma = False
        self._coming: Token | None = None
        self._string: str | None = ""
        self._standing: Place | None = None
        self.name: str = ""
        self.token: Token = Token.END

    def advance(self) -> Token:
        """Go to the next token and return it; `Token.END` at the end of the text."""
        if self._coming is None:
            self.token = self._read_token()
        else:
            self.token, self._coming = self._coming, None
        if self.token is Token.START_OBJECT or self.token is Token.START_ARRAY:
            self._enter()
        else:
            self._expects_comma = True
        return self.token

    def text(self) -> str:
        """Return the text of the current token: a string with its escapes resolved, any other token as written."""
        if self.token is not Token.STRING:
            return self._text[self._begun : self._position]
        if self._string is None:
            self._string = without_half_pairs(
                self._read_quoted(": was expecting closing quote for a string value", "string value")
            )
        return self._string

    def place(self) -> Place:
        """Return the place of the next character that is not yet read."""
        return self._standing or Place.of(self._text, self._position)

    def refusal(self, reason: str) -> InvalidPattern:
        """Return the exception that refuses the pattern for a reason, with the current place."""
        return InvalidPattern(reason, self.place())

    # The steps of reading

    def _read_token(self) -> Token:
        if self._string is None:
            self.text()
        character = self._next_character()
        if not character:
            if not self._open:
                return Token.END
            kind, start = self._open[-1]
            opened = Place.of(self._text, start)
            raise self.refusal(
                f"Unexpected end-of-input: expected close marker for {kind} (start marker at {opened})"
            )
        if character in _CLOSERS:
            return self._close(character)
        if self._expects_comma and self._open:
            character = self._pass(",", _COMMA_BETWEEN[self._open[-1][0]])
        if not self._open or self._open[-1][0] == "Array":
            return self._begin_value(character)
        self._read_name(character)
        character = self._next_character()
        self._coming = self._begin_value(self._pass(":", "a colon to separate field name and value"))
        return Token.NAME

    def _next_character(self) -> str:
        character = self._text[self._position : self._position + 1]
        if character > " " and character != "/":
            return character
        passed = _SPACE.match(self._text, self._position)
        assert passed is not None
        self._position = passed.end()
        character = self._text[self._position : self._position + 1]
        if character == "/":
            raise self._unexpected(self._position, f": {_NO_COMMENT}")
        if character and character < " ":
            self._position += 1
            described = _described(character)
            raise self.refusal(
                f"Illegal character ({described}): only regular white space (\\r, \\n, \\t) is allowed between tokens"
            )
        return character

    def _pass(self, separator: str, expected: str) -> str:
        kind = self._open[-1][0]
        character = self._text[self._position : self._position + 1]
        if character == separator:
            self._position += 1
            character = self._next_character()
        elif character:
            raise self._unexpected(self._position, f": was expecting {expected}")
        if not character:
            raise self.refusal(f"Unexpected end-of-input within/between {kind} entries")
        return character

    def _enter(self) -> None:
        kind = "Object" if self.token is Token.START_OBJECT else "Array"
        self._open.append((kind, self._begun))
        self._expects_comma = False
        if len(self._open) > DEEPEST:
            raise InvalidPattern(
                f"Document nesting depth ({len(self._open)}) exceeds the maximum allowed "
                f"({DEEPEST}, from `StreamReadConstraints.getMaxNestingDepth()`)"
            )

    def _close(self, character: str) -> Token:
        kind, start = self._open[-1] if self._open else ("root", 0)
        if kind != _CLOSED_KIND[character]:
            opened = Place.of(self._text, start) if self._open else Place(self._text, 1, 0)
            expected = "]" if character == "}" else "}"
            raise self._refusal_at(
                self._position,
                f"Unexpected close marker '{character}': expected '{expected}' (for {kind} starting at {opened})",
            )
        self._open.pop()
        self._begun = self._position
        self._position += 1
        return _CLOSERS[character]

    def _read_name(self, character: str) -> None:
        if character != '"':
            raise self._unexpected(self._position, ": was expecting double-quote to start field name")
        self._position += 1
        self.name = with_pairs_joined(self._read_quoted(" in field name", "name"))

    def _begin_value(self, character: str) -> Token:
        self._begun = self._position
        if character in _OPENERS:
            self._position += 1
            if character == '"':
                self._string = None
            return _OPENERS[character]
        if character in "-0123456789":
            self._read_number()
            return Token.NUMBER
        if character in _WORDS:
            self._match_word(_WORDS[character].value)
            return _WORDS[character]
        if character in _NON_STANDARD_WORDS:
            self._refuse_non_standard(_NON_STANDARD_WORDS[character])
        if character == "+":
            self._refuse_sign(_NO_PLUS)
        if character == "}":
            raise self._unexpected(self._position, ": expected a value")
        if _starts_word(character):
            self._refuse_word(self._begun + 1)
        raise self._unexpected(self._position, f": expected a valid value {_VALUES}")

    # Strings and names

    def _read_quoted(self, unclosed: str, where: str) -> str:
        """Read a string from after its opening quote to after its closing quote, and return its text."""
        text = self._text
        parts: list[str] = []
        while True:
            plain = _PLAIN.match(text, self._position)
            assert plain is not None
            self._position = plain.end()
            character = text[self._position : self._position + 1]
            if character == '"':
                self._position += 1
                return "".join([*parts, plain[0]]) if parts else plain[0]
            parts.append(plain[0])
            if not character:
                raise self.refusal(f"Unexpected end-of-input{unclosed}")
            if character != "\\":
                raise self._refusal_at(
                    self._position,
                    f"Illegal unquoted character ({_described(character)}): "
                    f"has to be escaped using backslash to be included in {where}",
                )
            self._position += 1
            parts.append(self._read_escape())

    def _read_escape(self) -> str:
        text, position = self._text, self._position
        letter = text[position : position + 1]
        if letter in _ESCAPES:
            self._position += 1
            return _ESCAPES[letter]
        if letter and letter != "u":
            raise self._refusal_at(position, f"Unrecognized character escape {_described(letter)}")
        code = _CODE.match(text, position + 1)
        end = code.end() if letter and code else position
        if letter and end == position + 5:
            self._position = end
            return chr(int(text[position + 1 : end], 16))
        self._position = end
        if end >= len(text):
            raise self.refusal("Unexpected end-of-input in character escape sequence")
        raise self._unexpected(end, ": expected a hex-digit for character escape sequence")

    # Numbers and words

    def _read_number(self) -> None:
        text = self._text
        number = _NUMBER.match(text, self._begun)
        if number is None:
            self._refuse_sign(_NO_DIGIT)
        whole, fraction, exponent = number["whole"], number["fraction"], number["exponent"]
        behind_whole = number.end("whole")
        if whole == "0" and text[behind_whole : behind_whole + 1] in _TEN_DIGITS:
            self._position = behind_whole
            raise self.refusal("Invalid numeric value: Leading zeroes not allowed")
        if fraction == "":
            self._refuse_missing_digit(number, "fraction", "Decimal point not followed by a digit")
        if exponent == "":
            self._refuse_missing_digit(number, "exponent", "Exponent indicator not followed by a digit")
        self._position = number.end()
        digits = len(whole) + len(fraction or "") + len(exponent or "")
        if digits > MOST_DIGITS:
            raise InvalidPattern(
                f"Number value length ({digits}) exceeds the maximum allowed "
                f"({MOST_DIGITS}, from `StreamReadConstraints.getMaxNumberLength()`)"
            )
        if not self._open and self._position < len(text):
            self._pass_root_space()

    def _refuse_missing_digit(self, number: re.Match[str], part: str, complaint: str) -> NoReturn:
        offset = number.start(part)
        found = self._text[offset : offset + 1]
        if not found and part == "exponent":
            self._position = offset
            raise self.refusal("Unexpected end-of-inputexpected a digit for number exponent")
        if not found:
            found, offset = ".", offset - 1
        elif number["whole"] != "0":
            offset = number.end("whole")
        raise self._unexpected(offset, f" in numeric value: {complaint}", found)

    def _refuse_sign(self, complaint: str) -> NoReturn:
        """Raise the refusal of a sign without a digit after it: `-x`, `+1`, `-Infinity`."""
        text, blamed = self._text, self._begun + 1
        sign = text[self._begun]
        if text[blamed : blamed + 1] == "I":
            blamed += 1
            word = _SIGNED_WORDS.get(text[blamed : blamed + 1])
            if word is not None:
                self._refuse_non_standard(sign + word)
        if blamed == len(text):
            self._position = blamed
            bare = text[self._begun :] == "-"
            raise self.refusal(
                "Unexpected end-of-input" + ("No digit following sign" if bare else " in a Number value")
            )
        raise self._unexpected(
            blamed, f" in numeric value: {complaint}", text[blamed] if sign == "-" else sign
        )

    def _pass_root_space(self) -> None:
        following = self._text[self._position]
        if following not in " \t\r\n":
            raise self._unexpected(self._position, ": Expected space separating root-level values")
        self._position += 2 if self._text.startswith("\r\n", self._position) else 1

    def _match_word(self, word: str) -> None:
        end = self._begun
        for expected in word:
            if self._text[end : end + 1] != expected:
                self._refuse_word(end)
            end += 1
        following = self._text[end : end + 1]
        if following >= "0" and _continues_word(following):
            self._refuse_word(end)
        self._position = end

    def _refuse_non_standard(self, word: str) -> NoReturn:
        self._match_word(word)
        raise self.refusal(
            f"Non-standard token '{word}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"
        )

    def _refuse_word(self, end: int) -> NoReturn:
        text, start = self._text, self._begun
        while end < len(text) and end - start < _LONGEST_WORD and _continues_word(text[end]):
            end += 1
        self._position = end
        cut = "..." if end - start == _LONGEST_WORD else ""
        raise self.refusal(f"Unrecognized token '{text[start:end]}{cut}': was expecting {_VALUES}")

    # Refusals

    def _refusal_at(self, offset: int, reason: str) -> InvalidPattern:
        """Return a refusal with the place of the character at an offset; the current place is then one column on."""
        place = Place.of(self._text, offset)
        self._standing = place.one_column_on()
        return InvalidPattern(reason, place)

    def _unexpected(self, offset: int, complaint: str, found: str = "") -> InvalidPattern:
        described = _described(found or self._text[offset])
        return self._refusal_at(offset, f"Unexpected character ({described}){complaint}")
