"""The parameters of a template, and their values.

Source: AWS's page "CloudFormation template Parameters syntax"; the texts of errors as users have quoted them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.templates.evaluated import MadeUp, parts_of
from eventmock.templates.scalars import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventmock.exceptions import TemplateError
    from eventmock.templates.source import Path

MUST_HAVE_VALUES: Final = "must have values"
_STORED: Final = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")


class _Stored(NamedTuple):
    """The value of a parameter that SSM's Parameter Store has.

    Attributes:
        name: The name in the Parameter Store.
        is_list: Whether the value is a list.
    """

    name: str
    is_list: bool


class ParameterValues(Mapping[str, Any]):
    """The values of the parameters of a template, by name: text, or a list of texts.

    A parameter that SSM has is resolved when its value is first read: that of the CDK's ``BootstrapVersion`` never is.

    Args:
        declared: The section ``Parameters`` of the template.
        given: The values that were given.
        stored: Returns the value of a reference such as ``ssm:/shop/table``.
        error: Makes an error of a text and a path.

    Raises:
        TemplateError: A parameter has no value, or one that is not allowed, or the template does not have it.
    """

    def __init__(
        self,
        declared: Any,
        given: Mapping[str, Any],
        stored: Callable[[str], str],
        error: Callable[[str, Path], TemplateError],
    ) -> None:
        self._stored = stored
        self._error = error
        if not isinstance(declared, dict):
            raise error("Template format error: Parameters must be a mapping", ("Parameters",))
        unknown = [name for name in given if name not in declared]
        if unknown:
            raise error(_unknown(unknown, declared), ("Parameters",))
        missing = [
            name
            for name, declaration in declared.items()
            if name not in given and not (isinstance(declaration, dict) and "Default" in declaration)
        ]
        if missing:
            names = ", ".join(missing)
            raise error(
                f"Parameters: [{names}] {MUST_HAVE_VALUES}; give them: parameters={{{missing[0]!r}: ...}}",
                ("Parameters", missing[0]),
            )
        self._values = {name: self._read(name, declared[name], given) for name in declared}

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        if isinstance(value, _Stored):
            text = self._stored(f"ssm:{value.name}")
            self._values[name] = value = _items(text) if value.is_list else text
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def _read(self, name: str, declaration: Any, given: Mapping[str, Any]) -> Any:
        path = ("Parameters", name)
        kind = declaration.get("Type") if isinstance(declaration, dict) else None
        if kind is None:
            raise self._error(
                "Template format error: Every Parameters object must contain a Type member.", path
            )
        stored = _STORED.fullmatch(kind) if isinstance(kind, str) else None
        inner = stored[1] if stored else kind
        if not _is_type(inner):
            raise self._error(f"Template format error: Unrecognized parameter type: {kind}", (*path, "Type"))
        is_list = inner == "CommaDelimitedList" or inner.startswith("List<")
        if name in given:
            takes_list = is_list and stored is None
            text = _text_of_given(given[name], is_list=takes_list)
            if text is None:
                raise self._error(_wrong_type(name, given[name], is_list=takes_list), path)
        else:
            text = text_of(declaration["Default"])
            if text is None:
                message = "Template format error: Every Default member must be a string."
                raise self._error(message, (*path, "Default"))
        problem = _problem(declaration, inner, text, is_list=is_list, stored=stored is not None)
        if problem is not None:
            rule, wanted = problem
            described = declaration.get("ConstraintDescription")
            if described:
                rule = f"failed to satisfy constraint: {described}"
            hidden = text_of(declaration.get("NoEcho")) == "true"
            shown = "its value is not shown: NoEcho" if hidden else f"its value is {text!r}{wanted}"
            raise self._error(f"Parameter '{name}' {rule} ({shown})", path)
        if stored:
            return _Stored(text, is_list)
        return _items(text) if is_list else text


def _is_type(kind: object) -> bool:
    return isinstance(kind, str) and (
        kind in {"String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"}
        or kind.startswith(("AWS::", "List<AWS::"))
    )


def _text_of_given(value: Any, *, is_list: bool) -> str | None:
    """Return the text of a value as CloudFormation takes it; a list of the test becomes items between commas."""
    if is_list and isinstance(value, (list, tuple)):
        texts = [text_of(item) for item in value]
        return None if None in texts else ",".join(text for text in texts if text is not None)
    return text_of(value)


def _wrong_type(name: str, value: Any, *, is_list: bool) -> str:
    wanted = "text, a number, or a list of those" if is_list else "text, a number or a boolean"
    return f"Parameter '{name}' has a value of the type {type(value).__name__}; wanted {wanted}"


def _items(text: str) -> list[str]:
    """Return the items of a list that is written with commas, without the blanks around them.

    The list of an empty text has one empty item, as templates expect that compare the first item with it (inferred).
    """
    return parts_of(text, ",") if isinstance(text, MadeUp) else [item.strip() for item in text.split(",")]


def _unknown(unknown: list[str], declared: Mapping[str, Any]) -> str:
    from eventmock.options import hint_for

    hint = hint_for(unknown[0], list(declared)) if declared else "it has no parameters"
    return f"Parameters: [{', '.join(unknown)}] do not exist in the template; {hint}"


def _problem(
    declaration: Mapping[str, Any], kind: str, text: str, *, is_list: bool, stored: bool
) -> tuple[str, str] | None:
    """Return what AWS says of a value that is not allowed, and what is; None if it is allowed.

    A parameter that SSM has is checked by its name, as AWS does.
    """
    items = _items(text) if is_list and not stored else [text]
    if kind in {"Number", "List<Number>"} and not stored:
        for item in items:
            problem = _problem_of_number(declaration, item)
            if problem is not None:
                return problem
    allowed = declaration.get("AllowedValues")
    if isinstance(allowed, list):
        texts = [text_of(one) for one in allowed]
        if any(item not in texts for item in items):
            return "must be one of AllowedValues", f"; allowed: {', '.join(filter(None, texts))}"
    pattern = declaration.get("AllowedPattern")
    if isinstance(pattern, str) and not all(_matches(pattern, item) for item in items):
        return f"must match pattern {pattern}", ""
    if kind == "String":
        least, most = _number(declaration.get("MinLength")), _number(declaration.get("MaxLength"))
        if least is not None and len(text) < least:
            return f"must contain at least {least:g} characters", f", {len(text)} characters"
        if most is not None and len(text) > most:
            return f"must contain at most {most:g} characters", f", {len(text)} characters"
    return None


def _problem_of_number(declaration: Mapping[str, Any], text: str) -> tuple[str, str] | None:
    number = _number(text)
    least, most = _number(declaration.get("MinValue")), _number(declaration.get("MaxValue"))
    if number is None:
        return "must be a number", ""
    if least is not None and number < least:
        return f"must be a number not less than {least:g}", ""
    if most is not None and number > most:
        return f"must be a number not greater than {most:g}", ""
    return None


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def _matches(pattern: str, text: str) -> bool:
    """Return whether a whole text matches a pattern. One of Java's that Python does not know matches everything."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True
