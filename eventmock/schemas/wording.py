"""The errors of jsonschema, in plain words: the path, what the event held there, and what the schema wants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from eventmock.schemas.violation import SchemaViolation

MOST_CHARACTERS: Final = 80
"""The most characters of a value in a text."""
MOST_VALUES: Final = 8
"""The most values of an ``enum`` in a text."""

_KINDS: Final = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "object": "an object",
    "array": "a list",
}
_FORMATS: Final = {
    "date-time": "a date and time such as 2026-01-31T12:00:00Z",
    "date": "a date such as 2026-01-31",
    "time": "a time such as 12:00:00Z",
    "email": "an e-mail address",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uuid": "a UUID",
    "regex": "a regular expression",
}
_BOUNDS: Final = {
    "minimum": "a number of at least {}",
    "maximum": "a number of at most {}",
    "exclusiveMinimum": "a number above {}",
    "exclusiveMaximum": "a number below {}",
    "multipleOf": "a multiple of {}",
    "minLength": "a text with at least {} characters",
    "maxLength": "a text with at most {} characters",
    "minItems": "a list with at least {} elements",
    "maxItems": "a list with at most {} elements",
    "minProperties": "an object with at least {} members",
    "maxProperties": "an object with at most {} members",
    "pattern": "a text in which the regular expression {} is found",
}
_FIRST: Final = ("type", "required", "enum", "const", "anyOf", "oneOf")
_LAST: Final = ("additionalProperties", "unevaluatedProperties")


def violations_of(errors: Iterable[Any], event: Mapping[str, Any], place: str) -> tuple[SchemaViolation, ...]:
    """Return violations for errors of jsonschema, without repetitions.

    What a consumer is most likely to stumble over comes first: values of another type, and values that are absent.
    Members that the schema does not have come last.

    Args:
        errors: The errors, objects of ``jsonschema.ValidationError``.
        event: The event.
        place: The place of the schema.
    """
    found: list[SchemaViolation] = []
    for error in errors:
        if error.schema is False:
            error.path.extend(_last_step(event, error))
        found += _of_error(error, place)
    found.sort(key=lambda one: 0 if one.keyword in _FIRST else 2 if one.keyword in _LAST else 1)
    return tuple({(one.path, one.text): one for one in found}.values())


def _last_step(event: Mapping[str, Any], error: Any) -> list[str | int]:
    """Return the last step of the path of an error about the schema False, which jsonschema leaves out."""
    around: Any = event
    for step in error.absolute_path:
        around = around[step]
    steps = (
        around.items()
        if isinstance(around, Mapping)
        else enumerate(around)
        if isinstance(around, list)
        else ()
    )
    return [step for step, value in steps if value is error.instance][:1]


def _of_error(error: Any, place: str) -> Iterator[SchemaViolation]:
    path, keyword, held = path_of(error.absolute_path), str(error.validator), error.instance
    match keyword:
        case "required":
            yield from _absent(error, path, place)
        case "additionalProperties" | "unevaluatedProperties":
            yield from _unknown(error, path, place)
        case "anyOf" | "oneOf":
            yield from _of_alternatives(error, path, place)
        case _:
            text = f"{path} held {shown(held)}, wanted {_wanted(error)}"
            yield SchemaViolation(path, text, held, keyword, place)


def path_of(steps: Iterable[str | int]) -> str:
    """Return the text of a path, such as ``detail.items[1].price``; ``the event`` for the event itself."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".") or "the event"


def _joined(path: str, name: str) -> str:
    return name if path == "the event" else f"{path}.{name}"


def shown(value: object) -> str:
    """Return the JSON text of a value, of which only the beginning if it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "a value that is nested deeply"
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 3]}..."


def _members(error: Any) -> Mapping[str, Any]:
    """Return the schemas of the members that the schema of an error has by name."""
    properties = error.schema.get("properties") if isinstance(error.schema, Mapping) else None
    return properties if isinstance(properties, Mapping) else {}


def _absent(error: Any, path: str, place: str) -> Iterator[SchemaViolation]:
    """Yield a violation for each required member that is absent. A member with a similar name is mentioned."""
    members = _members(error)
    for name in error.validator_value:
        if name not in error.instance:
            others = [other for other in error.instance if other not in members]
            near = get_close_matches(name, others, 1)
            hint = f" (the event has {_joined(path, near[0])})" if near else ""
            whole = _joined(path, name)
            wanted = words_of(members.get(name)) or "it present"
            yield SchemaViolation(whole, f"{whole} is absent, wanted {wanted}{hint}", None, "required", place)


def _unknown(error: Any, path: str, place: str) -> Iterator[SchemaViolation]:
    """Yield a violation for each member that the schema does not have, or whose value it does not allow there."""
    members = _members(error)
    if error.validator == "unevaluatedProperties":
        names = [name for name in error.instance if repr(name) in error.message]
    else:
        forms = error.schema.get("patternProperties", {})
        names = [
            name
            for name in error.instance
            if name not in members and not any(re.search(form, name) for form in forms)
        ]
    for name in names:
        near = get_close_matches(name, [other for other in members if other not in error.instance], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        whole, held = _joined(path, name), error.instance[name]
        text = f"{whole} held {shown(held)}, but the schema has no such member{hint}"
        yield SchemaViolation(whole, text, held, error.validator, place)


def _of_alternatives(error: Any, path: str, place: str) -> Iterator[SchemaViolation]:
    """Yield the violations of the alternative that is meant, or one that all alternatives have together."""
    held, number = error.instance, len(error.validator_value)
    if not error.context:
        text = f"{path} held {shown(held)}, wanted just one of {number} alternatives (oneOf) to fit, and several do"
        yield SchemaViolation(path, text, held, error.validator, place)
        return
    branches: dict[Any, list[Any]] = {}
    for one in error.context:
        branches.setdefault(one.schema_path[0], []).append(one)
    inner = [errors for errors in branches.values() if not any(map(_is_of_another_kind, errors))]
    if len(inner) == 1:
        for one in inner[0]:
            yield from _of_error(one, place)
        return
    wanted = dict.fromkeys(_wanted(one) for errors in branches.values() for one in errors if not one.path)
    if not inner and wanted:
        text = f"{path} held {shown(held)}, wanted {' or '.join(wanted)}"
    else:
        nearest = min(inner or branches.values(), key=len)
        reasons = [one.text for each in nearest for one in _of_error(each, place)]
        text = f"{path} held {shown(held)}, which fits none of {number} alternatives; of the nearest: {reasons[0]}"
    yield SchemaViolation(path, text, held, error.validator, place)


def _is_of_another_kind(error: Any) -> bool:
    """Return whether an alternative is not meant at all: it wants another type, or another value to tell it by."""
    return (error.validator == "type" and not error.path) or (
        error.validator in ("const", "enum") and len(error.path) <= 1
    )


def _wanted(error: Any) -> str:
    """Return what a keyword wants, in words."""
    keyword, value = str(error.validator), error.validator_value
    if keyword in ("type", "enum", "const"):
        return words_of({keyword: value}) or ""
    if keyword == "format":
        return _FORMATS.get(value, f"a text of the format {value}")
    if keyword == "minimum" and error.schema.get("exclusiveMinimum") is True:  # draft 4
        keyword = "exclusiveMinimum"
    if keyword == "maximum" and error.schema.get("exclusiveMaximum") is True:
        keyword = "exclusiveMaximum"
    if keyword in _BOUNDS:
        return _BOUNDS[keyword].format(shown(value))
    if keyword == "uniqueItems":
        return "no element twice"
    if keyword == "not":
        inner = words_of(value)
        return f"anything but {inner}" if inner else f"a value that is not valid by {shown(value)}"
    if error.schema is False or keyword == "None":
        return "no value"
    return f"what {keyword} says: {error.message}"


def words_of(schema: Any) -> str | None:
    """Return words for the values that a schema allows, such as ``a number``; None if that takes more words."""
    if not isinstance(schema, Mapping):
        return None
    if "const" in schema:
        return shown(schema["const"])
    if isinstance(values := schema.get("enum"), list) and values:
        if len(values) == 1:
            return shown(values[0])
        more = f" and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
        return f"one of [{', '.join(map(shown, values[:MOST_VALUES]))}{more}]"
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return _KINDS.get(kinds)
    if isinstance(kinds, Sequence):
        return " or ".join(_KINDS.get(str(kind), str(kind)) for kind in kinds)
    return None
