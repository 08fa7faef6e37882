"""InputTransformer: a template with `<placeholders>`, whose values are inserted for each event.

`Template.parse` reads and checks a template with its paths, and `Template.render` inserts the values of an event. A
template is text, and stays text; it is not parsed as JSON. Lengths, the number of paths and the characters of their
names are not checked here; the service model limits them.

Two kinds of template behave differently (recorded):

    first character `{`, a JSON object      value unquoted     value within quotes
      a string                              JSON string        its text, escapes as in the event
      a number, true, false                 as it is           as it is
      an object, an array                   as it is           as it is: not JSON any more, so dropped
      missing                               ""                 nothing
    anything else (quoted lines, an array)
      a string                              its text, escapes resolved
      a number, true, false                 as it is
      an object, an array                   its JSON without any double quotes
      missing                               nothing

The whitespace between the tokens of a JSON object is removed (documented: "The JSON that is passed to the target is
minified and escaped"). Quoted lines keep their whitespace, also newlines (recorded); so do arrays (inferred).

Source: recordings of AWS, except for numbers and null, which are not recorded; documented in
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html, which contradicts the
recordings on missing values and on objects within quotes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from eventmock.transform.json_path import MISSING, InvalidPath, JsonPath, Missing
from eventmock.transform.json_text import JsonText, NotJson, check_json, check_json_lines
from eventmock.transform.refusals import (
    InvalidJson,
    invalid_path,
    placeholder_as_key,
    placeholder_outside_json_object,
    unknown_placeholder,
)

# Inferred: which texts are placeholders, and so are refused if their name is unknown; `a < b` and `<two words>` are
# plain text. Documented: `<` and `>` cannot be escaped.
PLACEHOLDER: Final = r"<(?P<name>[^<>\s]+)>"

# Inferred: a variable that is null counts as missing, because it does so for InputPath (captured). If this were False,
# null would be inserted as it is.
NULL_IS_MISSING: Final = True

_QUOTE_OR_PLACEHOLDER = re.compile(rf'\\["\\]|(?P<quote>")|{PLACEHOLDER}')
_COLON = re.compile(r"\s*:")
_LONGEST_TEXT = 60
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BETWEEN_VALUES = re.compile(r"[{}\[\],:]")
_VALUE_WITHOUT_QUOTES = re.compile(rf"{PLACEHOLDER}|true|false|null|-?[0-9][0-9.eE+-]*|")
_LEGACY_NAMES = (
    ("id", "id"),
    ("account", "account"),
    ("detailType", "detail-type"),
    ("time", "time"),
    ("source", "source"),
    ("region", "region"),
    ("resources", "resources"),
    ("version", "version"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TemplateKind(Enum):
    """The kind of a template, which depends on its first character that is not whitespace."""

    JSON_OBJECT = "a JSON object"
    """`{`: the result has to be one JSON value."""
    QUOTED_LINES = "quoted lines"
    """A double quote: the result may be several JSON values, one on each line (recorded)."""
    BARE_PLACEHOLDER = "bare text that begins with a placeholder"
    """`<name>`: nothing is delivered, whatever the result is (recorded)."""
    OTHER = "an array, a number, or bare text"
    """Any other: the result has to be one JSON value (inferred). So plain text delivers nothing; whether it does so on
    AWS is not clear from the recording."""

    @classmethod
    def of(cls, template: str) -> "TemplateKind":
        """Return the kind of a template."""
        text = template.lstrip(" \t\r\n")
        if text.startswith("{"):
            return cls.JSON_OBJECT
        if text.startswith('"'):
            return cls.QUOTED_LINES
        return cls.BARE_PLACEHOLDER if re.match(PLACEHOLDER, text) else cls.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderContext:
    """The values that a template can insert: those of one event that matched one rule.

    Attributes:
        event: The event's envelope.
        rule_arn: The ARN of the rule.
        rule_name: The name of the rule.
        ingestion_time: The time at which the bus received the event; a naive datetime is taken as UTC.
    """

    event: JsonText
    rule_arn: str
    rule_name: str
    ingestion_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One `<name>` in a template.

    Attributes:
        name: The text between the angle brackets.
        path: The path of the value in the event; None if the name is reserved.
        quoted: Whether the placeholder is within double quotes.
    """

    name: str
    path: JsonPath | None
    quoted: bool

    def value(self, context: RenderContext) -> JsonText | Missing:
        """Return the value of the placeholder; MISSING if it has none."""
        found = RESERVED[self.name](context) if self.path is None else self.path.find(context.event)
        if NULL_IS_MISSING and found is not MISSING and found.is_null:
            return MISSING
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An InputTemplate that has been checked; `parse` makes it.

    Attributes:
        kind: The kind, which decides how values are inserted and what the result has to be.
        parts: Literal texts and placeholders, in order.
    """

    kind: TemplateKind
    parts: tuple[str | Placeholder, ...]

    @classmethod
    def parse(cls, template: str, paths: Mapping[str, str]) -> "Template":
        """Read an `InputTemplate` with its `InputPathsMap`. Whether the result is JSON is checked in `render`.

        Raises:
            InvalidInput: A path is not valid (whether a placeholder uses it or not), a placeholder is unknown or is in
                a member's name, or the whole event is inserted where it is not allowed. Paths are checked before the
                template (inferred).
        """
        known: dict[str, JsonPath | None] = {}
        for name, path in paths.items():
            try:
                known[name] = JsonPath.parse(path)
            except InvalidPath as error:
                raise invalid_path(f"InputPathsMap[{name!r}]: {error}") from error
        known |= dict.fromkeys(RESERVED)
        kind = TemplateKind.of(template)
        is_object = kind is TemplateKind.JSON_OBJECT
        parts: list[str | Placeholder] = []
        in_string: list[str] | None = None  # the placeholders of the string being read
        end = 0
        for found in _QUOTE_OR_PLACEHOLDER.finditer(template):
            name = found["name"]
            if name is not None:
                placeholder = Placeholder(name=name, path=_path_of(name, known), quoted=in_string is not None)
                if name in _ONLY_AS_JSON_VALUE and not (is_object and in_string is None):
                    raise placeholder_outside_json_object(name)
                if in_string is not None:
                    in_string.append(name)
                elif is_object and _COLON.match(template, found.end()):
                    raise placeholder_as_key(name)
                parts += [template[end : found.start()], placeholder]
                end = found.end()
            elif found["quote"]:
                if in_string and is_object and _COLON.match(template, found.end()):
                    raise placeholder_as_key(in_string[0])
                in_string = [] if in_string is None else None
        parts.append(template[end:])
        return cls(kind=kind, parts=tuple(part for part in parts if part != ""))

    @property
    def paths(self) -> dict[str, JsonPath]:
        """The paths of the placeholders in the template, by name."""
        placeholders = [part for part in self.parts if isinstance(part, Placeholder)]
        return {one.name: one.path for one in placeholders if one.path is not None}

    def render(self, context: RenderContext) -> str:
        """Return the text that the target receives.

        Raises:
            InvalidJson: The text is not JSON (or, for a template of quoted lines, not JSON values on lines), or the
                template begins with a placeholder without quotes; EventBridge then drops the delivery.
        """
        pieces: list[str] = []
        values: dict[str, JsonText | Missing] = {}
        suspicions: dict[str, None] = {}
        for part in self.parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            if part.name not in values:
                values[part.name] = part.value(context)
            value = values[part.name]
            pieces.append(self._insertion(part, value))
            if value is not MISSING:
                suspicions[self._suspicion(part, value)] = None
        rendered = "".join(pieces)
        if self.kind is TemplateKind.BARE_PLACEHOLDER:
            raise InvalidJson(
                rendered,
                "an InputTemplate that begins with a bare placeholder delivers nothing; "
                "put double quotes round the text, or make it a JSON object",
            )
        try:
            return self._check(rendered)
        except NotJson as error:
            suspected = self._text_without_quotes() + "".join(suspicions)
            raise InvalidJson(rendered, f"the rendered InputTemplate is {error}{suspected}") from error

    def _insertion(self, placeholder: Placeholder, value: JsonText | Missing) -> str:
        """Return the text that replaces a placeholder, according to the table at the head of this file."""
        if self.kind is TemplateKind.JSON_OBJECT:
            if value is MISSING:
                return "" if placeholder.quoted else '""'
            return value.text[1:-1] if placeholder.quoted and value.is_string else value.text
        if value is MISSING:
            return ""
        return value.text.replace('"', "") if value.is_object or value.is_array else value.characters()

    def _suspicion(self, placeholder: Placeholder, value: JsonText) -> str:
        """Return a text about how a value may have made the result invalid JSON; empty if it cannot have."""
        if self.kind is TemplateKind.JSON_OBJECT:
            if placeholder.quoted and (value.is_object or value.is_array):
                kind = "object" if value.is_object else "array"
                return f"; <{placeholder.name}> is an {kind} within quotes: take the quotes away"
        elif value.is_string:
            if not placeholder.quoted:
                return f"; <{placeholder.name}> is a string, which only a JSON object template puts in quotes"
            if JsonText.of_string(value.characters()).text[1:-1] != value.characters():
                return (
                    f"; <{placeholder.name}> holds what JSON must escape, and EventBridge does not escape it"
                )
        return ""

    def _text_without_quotes(self) -> str:
        """Return a text about the first text of a JSON object template that lacks its quotes; empty if none does."""
        if self.kind is not TemplateKind.JSON_OBJECT:
            return ""
        template = "".join(part if isinstance(part, str) else f"<{part.name}>" for part in self.parts)
        for piece in _BETWEEN_VALUES.split(_STRING.sub("", template)):
            text = piece.strip()
            if '"' not in text and not _VALUE_WITHOUT_QUOTES.fullmatch(text):
                shown = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
                return f"; in the template, {shown} needs double quotes around it"
        return ""

    def _check(self, text: str) -> str:
        """Return the text to deliver.

        Raises:
            NotJson: The result is not what it has to be for this kind of template.
        """
        if self.kind is TemplateKind.QUOTED_LINES:
            check_json_lines(text)
            return text
        if self.kind is TemplateKind.JSON_OBJECT:
            return JsonText.parse(text).text
        check_json(text)
        return text


def _path_of(name: str, known: Mapping[str, JsonPath | None]) -> JsonPath | None:
    """Return the path of a placeholder; None for a reserved name."""
    if name not in known:
        raise unknown_placeholder(name, (key for key in known if key not in RESERVED))
    return known[name]


def _rule_arn(context: RenderContext) -> JsonText:
    """Return the value of `<aws.events.rule-arn>`."""
    return JsonText.of_string(context.rule_arn)


def _rule_name(context: RenderContext) -> JsonText:
    """Return the value of `<aws.events.rule-name>`."""
    return JsonText.of_string(context.rule_name)


def _ingestion_time(context: RenderContext) -> JsonText:
    """Return the value of `<aws.events.event.ingestion-time>`, such as `2026-01-02T03:04:05.123Z` (captured)."""
    time = _in_utc(context.ingestion_time).replace(tzinfo=None)
    return JsonText.of_string(time.isoformat(timespec="milliseconds") + "Z")


def _event_json(context: RenderContext) -> JsonText:
    """Return the value of `<aws.events.event.json>`: the whole event."""
    return context.event


def _event(context: RenderContext) -> JsonText:
    """Return the value of `<aws.events.event>`: the event with older names, without its detail (recorded, with order).

    Its time is in milliseconds since 1970-01-01 00:00 UTC (captured). A member that the event lacks is left out.
    """
    members = context.event.members()
    if "time" in members:
        members["time"] = _epoch_milliseconds(members["time"])
    named = (f'"{new}":{members[old].text}' for new, old in _LEGACY_NAMES if old in members)
    return JsonText(f"{{{','.join(named)}}}")


def _epoch_milliseconds(time: JsonText) -> JsonText:
    """Return an ISO 8601 time as milliseconds since 1970-01-01 00:00 UTC; any other text as it is."""
    try:
        since = _in_utc(datetime.fromisoformat(time.characters())) - _EPOCH
    except (ValueError, OverflowError):
        return time
    return JsonText(str(since // timedelta(milliseconds=1)))


def _in_utc(time: datetime) -> datetime:
    """Return the same instant in UTC."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


RESERVED: Final[Mapping[str, Callable[[RenderContext], JsonText]]] = {
    "aws.events.rule-arn": _rule_arn,
    "aws.events.rule-name": _rule_name,
    "aws.events.event.ingestion-time": _ingestion_time,
    "aws.events.event": _event,
    "aws.events.event.json": _event_json,
}
"""The reserved variables, which need no path. A path of the same name does not replace them."""

# Measured for the second, in an array and in a quoted text. Inferred: the same is true of the first, and within quotes
# in a JSON object.
_ONLY_AS_JSON_VALUE: Final = frozenset({"aws.events.event", "aws.events.event.json"})
