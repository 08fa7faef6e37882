"""Rules about event patterns: those that AWS refuses, and those that no event ever matches."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from eventmock.checks.pattern_fields import (
    fields_of,
    is_at,
    keys_of_path,
    listed,
    never,
    patterns_of,
    texts_of,
    wants_absence,
)
from eventmock.checks.subject import ARCHIVE, RULE, pattern_of, shown
from eventmock.checks.table import rule
from eventmock.pattern import InvalidPattern, hint_for
from eventmock.pattern.hints import FIELDS, OPERATORS, unknown_fields
from eventmock.pattern.terms import ExactNumber, ExactString, Literal
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource
    from eventmock.pattern.terms import Term

_TEXT_FIELDS: Final = tuple(field for field in FIELDS if field != "detail")
"""The fields at the top of an event whose values are texts, or a list of texts."""
_COMPARISON: Final = re.compile(r"\s*(<=|>=|<|>|=)\s*(-?[0-9][0-9.eE+-]*)\s*")
_ORIGINS: Final = ("EventPattern", "ScheduleExpression")


# Patterns that AWS refuses


@rule("refused-pattern", "error", "An event pattern that AWS refuses.")
def refused_pattern(subject: Subject) -> Iterator[Found]:
    """Yield the patterns of rules and archives that AWS refuses."""
    for resource in subject.of_type(RULE, ARCHIVE):
        try:
            pattern_of(resource)
        except InvalidPattern as refusal:
            keys = _keys_of(resource, refusal)
            if subject.is_made_up(resource, *keys):
                continue
            yield subject.found(
                resource,
                *keys,
                what=f"AWS refuses the pattern {shown(resource.properties['EventPattern'])}",
                production=f"the deployment fails: {_reason(refusal)}",
                instead=hint_for(refusal) or "a pattern that AWS takes; `eventmock match` tries one",
            )


def _reason(refusal: InvalidPattern) -> str:
    if not str(refusal):
        return "the engine of EventBridge fails on it, and AWS answers InternalFailure"
    return f"Event pattern is not valid. Reason: {refusal.reason}"


def _keys_of(resource: StackResource, refusal: InvalidPattern) -> list[str | int]:
    """Return the keys of the part of a pattern at which AWS stopped to read it."""
    pattern = resource.properties["EventPattern"]
    keys: list[str | int] = ["EventPattern"]
    if refusal.line is None or refusal.column is None or isinstance(pattern, str):
        return keys
    starts = [(0, keys)]
    _write(pattern, keys, 0, starts)
    return [place for start, place in starts if start < refusal.column][-1]


def _write(value: Any, keys: list[str | int], at: int, starts: list[tuple[int, list[str | int]]]) -> int:
    """Note where each part of a value begins in its JSON text, and return the end of the value.

    Args:
        value: The value.
        keys: The keys that lead to it.
        at: The offset at which its text begins.
        starts: The offsets of the parts so far, each with its keys; it is extended.
    """
    if not isinstance(value, dict | list):
        return at + len(json.dumps(value))
    end = at + 1
    for number, key in enumerate(value if isinstance(value, dict) else range(len(value))):
        end += 2 * (number > 0)
        starts.append((end, [*keys, key]))
        if isinstance(value, dict):
            end += len(json.dumps(key)) + 2
        end = _write(value[key], [*keys, key], end, starts)
    return end + 1


@rule("no-pattern-and-no-schedule", "error", "A rule that has neither an event pattern nor a schedule.")
def no_pattern_and_no_schedule(subject: Subject) -> Iterator[Found]:
    """Yield the rules that wait for nothing."""
    for one in subject.rules:
        given = one.resource.properties
        is_misspelt = any(name not in _ORIGINS and nearest_name(name, _ORIGINS) for name in given)
        if not given.get("EventPattern") and one.schedule is None and not is_misspelt:
            yield subject.found(
                one.resource,
                what="the rule has neither EventPattern nor ScheduleExpression",
                production="the deployment fails: Parameter(s) EventPattern or ScheduleExpression must be specified.",
                instead='an EventPattern such as {"source": ["shop"]}, or a ScheduleExpression',
            )


# Patterns that nothing matches


@rule(
    "field-no-event-has",
    "warning",
    "A pattern wants a field at the top of an event that no event has there, such as `detailType`.",
)
def field_no_event_has(subject: Subject) -> Iterator[Found]:
    """Yield the fields at the top of patterns that no event has."""
    for resource, pattern in patterns_of(subject):
        for name, hint in unknown_fields(pattern).items():
            is_wanted = any(
                is_at(field.path, name) and not wants_absence(field) for field in fields_of(pattern)
            )
            yield subject.found(
                resource,
                *keys_of_path(resource, name),
                what=f"the pattern wants {name!r}, and no event has such a field",
                production=never(pattern, name)
                if is_wanted
                else f"each event lacks {name!r}, so this part of the pattern excludes nothing",
                instead=hint.removeprefix("did you mean ").rstrip("?"),
            )


@rule(
    "value-no-event-has",
    "warning",
    "A pattern wants of a field at the top of an event a value that it never has, such as a number as `account`.",
)
def value_no_event_has(subject: Subject) -> Iterator[Found]:
    """Yield the fields at the top of patterns whose values no event has."""
    for resource, pattern in patterns_of(subject):
        for field in fields_of(pattern):
            name, _, below = field.path.partition(".")
            if name not in _TEXT_FIELDS or wants_absence(field):
                continue
            if below:
                what = f"the pattern wants {field.path}, and {name} is text, which has no fields"
                instead = f'"{name}": [{{"{below}": ...}}]' if below in OPERATORS else f'"{name}": ["..."]'
            elif all(map(_is_no_text, field.terms)):
                what = f"the pattern wants {name} to be {listed(field.terms)}, and {name} is always text"
                instead = f'{name}: ["{_quoted(name, field.terms[0])}"], with quotes'
            else:
                continue
            yield subject.found(
                resource,
                *keys_of_path(resource, field.path),
                what=what,
                production=never(pattern, field.path),
                instead=instead,
            )


def _is_no_text(term: Term) -> bool:
    return isinstance(term, ExactNumber | Literal) or str(term).startswith("numeric ")


def _quoted(name: str, term: Term) -> str:
    text = str(term)
    return text.zfill(12) if name == "account" and text.isdigit() else text


@rule(
    "operator-outside-its-list",
    "warning",
    "An operator that is not in a list: it is the name of a field then, and compares nothing.",
)
def operator_outside_its_list(subject: Subject) -> Iterator[Found]:
    """Yield the operators of patterns that stand where fields stand."""
    for resource, pattern in patterns_of(subject):
        for field in fields_of(pattern):
            around, _, last = field.path.rpartition(".")
            if not around.startswith("detail") or not _looks_like_operator(last, field.terms):
                continue
            name = around.rpartition(".")[2]
            yield subject.found(
                resource,
                *keys_of_path(resource, field.path),
                what=f"{last!r} is not in a list, so the pattern wants a field {field.path}",
                production=never(pattern, field.path),
                instead=f'"{name}": [{{"{last}": {_shown_terms(field.terms)}}}]',
            )


def _looks_like_operator(name: str, terms: tuple[Term, ...]) -> bool:
    if name == "numeric":
        return any(isinstance(term, ExactString) and re.fullmatch("[<>]=?|=", term.text) for term in terms)
    return name in ("anything-but", "equals-ignore-case")


def _shown_terms(terms: tuple[Term, ...]) -> str:
    texts = [str(term) for term in terms]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


@rule(
    "comparison-in-quotes",
    "warning",
    'A number with a comparison as text, such as `">= 100"`, which compares nothing.',
)
def comparison_in_quotes(subject: Subject) -> Iterator[Found]:
    """Yield the texts of patterns that look like a comparison of numbers."""
    for resource, path, text in texts_of(subject):
        found = _COMPARISON.fullmatch(text)
        if found is not None:
            yield subject.found(
                resource,
                *keys_of_path(resource, path),
                what=f"{path} wants the text {json.dumps(text)}",
                production=f"an event matches only if it has this very text, not if its number is {text.strip()}",
                instead=f'[{{"numeric": ["{found[1]}", {found[2]}]}}]',
            )


@rule(
    "number-parameter-in-pattern",
    "warning",
    "A parameter of the type Number in the detail of a pattern, where it becomes text.",
)
def number_parameter_in_pattern(subject: Subject) -> Iterator[Found]:
    """Yield the parameters of patterns that are numbers to the reader, and texts to EventBridge.

    Source: templates section 4 (documented: the values of parameters are texts; inferred: in patterns too).
    """
    parameters = subject.template.source.parameters
    for resource in subject.of_type(RULE, ARCHIVE):
        pattern = resource.declared.properties.get("EventPattern")
        detail = pattern.get("detail") if isinstance(pattern, dict) else None
        for keys, name in _references(detail, ("EventPattern", "detail")):
            if name in parameters and parameters[name].get("Type") == "Number":
                yield subject.found(
                    resource,
                    *keys,
                    what=f"the pattern has the parameter {name}, which is a Number",
                    production="its value is text there, as that of each parameter, and text matches no number",
                    instead="the number itself",
                )


def _references(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the names in each ``Ref`` of a part of a template, and the keys that lead there."""
    if isinstance(value, dict) and isinstance(value.get("Ref"), str):
        yield keys, value["Ref"]
    elif isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _references(member, (*keys, key))


@rule("star-in-plain-text", "warning", "A `*` in a plain text of a pattern, where it means itself.")
def star_in_plain_text(subject: Subject) -> Iterator[Found]:
    """Yield the plain texts of patterns that look as if ``*`` stood for any text."""
    for resource, path, text in texts_of(subject):
        if _means_any(path, text):
            yield subject.found(
                resource,
                *keys_of_path(resource, path),
                what=f"{path} wants the text {json.dumps(text)}, in which * is a character like any other",
                production="an event matches only if it has the star in this place",
                instead=_with_operator(text),
            )


def _means_any(path: str, text: str) -> bool:
    """Return whether a star in a text is meant to stand for any text. A detail may well have a lone star."""
    if path in _TEXT_FIELDS:
        return "*" in text
    return len(text) > 1 and (text.startswith("*") != text.endswith("*"))


def _with_operator(text: str) -> str:
    if text.strip("*") == "":
        return 'no such field at all, or [{"exists": true}]'
    if text.count("*") == 1 and text.endswith("*"):
        return f'[{{"prefix": {json.dumps(text[:-1])}}}]'
    if text.count("*") == 1 and text.startswith("*"):
        return f'[{{"suffix": {json.dumps(text[1:])}}}]'
    return f'[{{"wildcard": {json.dumps(text)}}}]'
