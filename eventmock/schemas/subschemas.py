"""The keywords of JSON Schema whose values are schemas, of all drafts from 4 to 2020-12.

Source: the JSON Schema core specifications; ``definitions`` and ``items`` as lists are of drafts before 2020-12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = Mapping[str, Any] | bool
"""A schema; of True every value is valid, of False no value."""

ONE: Final = (
    *("additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames"),
    *("then", "unevaluatedItems", "unevaluatedProperties"),
)
"""Keywords with one schema. ``items`` may also have a list."""
SEVERAL: Final = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
"""Keywords with a list of schemas."""
NAMED: Final = (
    *("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"),
)
"""Keywords with schemas by name. ``dependencies`` may also have lists of names, which are not schemas."""


def mapped(schema: Mapping[str, Any], change: Callable[[Mapping[str, Any]], Any]) -> dict[str, Any]:
    """Return a copy of a schema in which each schema directly below it is changed. True and False stay.

    Args:
        schema: The schema.
        change: The function that is called with each schema below, and returns its replacement.
    """

    def of(value: Any) -> Any:
        return change(value) if isinstance(value, Mapping) else value

    copy = dict(schema)
    for name in ONE:
        if name in copy:
            copy[name] = of(copy[name])
    for name in SEVERAL:
        if isinstance(copy.get(name), list):
            copy[name] = list(map(of, copy[name]))
    for name in NAMED:
        if isinstance(copy.get(name), Mapping):
            copy[name] = {key: of(value) for key, value in copy[name].items()}
    return copy


def below(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the schemas directly below a schema."""
    found: list[Mapping[str, Any]] = []
    mapped(schema, found.append)
    return found


def everywhere(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and all schemas below it, at any depth. References are not followed."""
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(below(one))
