"""A schema as a set of alternatives: ``$ref``, ``allOf``, ``anyOf``, ``oneOf`` and conditions are resolved.

A place in an event has a tuple of schemas that all apply to the value there. `SchemaView.alternatives` resolves them
into alternatives without such keywords; each value that satisfies the schemas satisfies one of the alternatives. What
cannot be read, such as a ``$ref`` to another document, and ``not`` count as saying nothing. So an alternative may admit
more than the schema does, never less.
Source: JSON Schema 2020-12, core and validation.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from eventmock.schemas.alternative import Alternative
from eventmock.schemas.dialect import in_new_words, references_stand_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eventmock.schemas.event_schema import EventSchema

Schemas: TypeAlias = tuple[Any, ...]
"""Schemas that all apply to one value."""

MOST_ALTERNATIVES: Final = 100
"""The most alternatives of one place. If there are more, ``anyOf`` and its like count as saying nothing there."""

ENVELOPE: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("version", "id", "detail-type", "source", "account", "time", "region", "replay-name")
        },
        "resources": {"type": "array"},
        "detail": {"type": "object"},
    },
}
"""What is true of each event that EventBridge delivers to rules, whatever its schema says (documented)."""


class SchemaView:
    """A schema of events, ready to be asked.

    Args:
        schema: The schema.

    Attributes:
        schema: The schema.
        event: The schema of the event, in the words of JSON Schema 2020-12.
        document: The document in which references are looked up, in the same words.
        root: The schemas of a whole event.
    """

    def __init__(self, schema: EventSchema) -> None:
        alone = references_stand_alone(schema.document)
        self.schema: Final = schema
        self.document: Final[Mapping[str, Any]] = in_new_words(dict(schema.document), alone=alone)
        self.event: Final[Mapping[str, Any]] = in_new_words(dict(schema.event), alone=alone)
        self.root: Final[Schemas] = (ENVELOPE, self.event)
        self._known: dict[tuple[int, ...], tuple[Schemas, Sequence[Alternative]]] = {}
        self._anchors: dict[str, Any] | None = None

    def alternatives(self, schemas: Schemas) -> Sequence[Alternative]:
        """Return the alternatives of the values that satisfy some schemas; none if no value does."""
        key = tuple(map(id, schemas))
        if key not in self._known:
            resolved = self._resolved(schemas, with_choices=True)
            if resolved is None:
                resolved = self._resolved(schemas, with_choices=False) or []
            found = [Alternative(self, parts) for parts in resolved]
            self._known[key] = schemas, [one for one in found if not one.is_empty]
        return self._known[key][1]

    def admits(self, schemas: Schemas, value: object) -> bool:
        """Return whether a value may satisfy some schemas; False is certain."""
        return any(one.admits(value) for one in self.alternatives(schemas))

    @cached_property
    def is_valid(self) -> Callable[[Any], bool]:
        """A function that returns whether an event is valid, by jsonschema if it is installed."""
        from eventmock.schemas.validity import validity_of

        return validity_of(self)

    def _resolved(
        self, schemas: Schemas, *, with_choices: bool
    ) -> list[tuple[Mapping[str, Any], ...]] | None:
        """Return the schemas of each alternative; None if there are too many alternatives."""
        found: list[tuple[Mapping[str, Any], ...]] = []
        waiting: list[_Reading] = [_Reading(list(schemas), [], [], frozenset())]
        while waiting:
            todo, choices, parts, seen = waiting.pop()
            for schema in todo:  # the loop appends to the list
                if schema is False:
                    break
                if isinstance(schema, Mapping) and id(schema) not in seen:
                    seen |= {id(schema)}
                    parts.append(schema)
                    todo += self._applied(schema)
                    choices += _choices(schema) if with_choices else ()
            else:
                if not choices:
                    found.append(tuple(parts))
                    continue
                options, *others = choices
                if len(found) + len(waiting) + len(options) > MOST_ALTERNATIVES:
                    return None
                waiting += [_Reading(list(one), list(others), list(parts), seen) for one in reversed(options)]
        return found

    def _applied(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the schemas that apply to the same value as a schema, whatever the value is."""
        if isinstance(schema.get("$ref"), str):
            yield self.at(schema["$ref"])
        if isinstance(schema.get("allOf"), list):
            yield from schema["allOf"]

    def at(self, reference: str) -> Any:
        """Return the schema that a reference leads to; an empty one if it leads out of the document."""
        if not reference.startswith("#"):
            return self._anchored(reference)
        if reference[1:2] not in ("", "/"):
            return self._anchored(reference[1:])
        reached: Any = self.document
        for piece in unquote(reference[1:]).split("/")[1:]:
            name = piece.replace("~1", "/").replace("~0", "~")
            try:
                reached = reached[int(name)] if isinstance(reached, list) else reached[name]
            except (KeyError, IndexError, TypeError, ValueError):
                return {}
        return reached

    def _anchored(self, name: str) -> Any:
        if self._anchors is None:
            self._anchors = {}
            waiting: list[Any] = [self.document]
            for part in waiting:  # the loop appends to the list
                if isinstance(part, Mapping):
                    for keyword in ("$anchor", "$id", "id"):
                        if isinstance(part.get(keyword), str):
                            self._anchors[part[keyword].removeprefix("#")] = part
                    waiting += part.values()
                elif isinstance(part, list):
                    waiting += part
        return self._anchors.get(name, {})


class _Reading(NamedTuple):
    """What is read of an alternative so far.

    Attributes:
        todo: The schemas that apply and are not read yet.
        choices: The choices that are not made yet, each as lists of schemas of which one list applies.
        parts: The schemas that were read.
        seen: Their ids. A schema that applies to one value twice says nothing new, so recursion ends.
    """

    todo: list[Any]
    choices: list[list[list[Any]]]
    parts: list[Mapping[str, Any]]
    seen: frozenset[int]


def _choices(schema: Mapping[str, Any]) -> Iterator[list[list[Any]]]:
    """Yield the choices of a schema, each as lists of schemas of which one list applies."""
    for keyword in ("anyOf", "oneOf"):
        if isinstance(schema.get(keyword), list):
            yield [[one] for one in schema[keyword]]
    if "if" in schema and ("then" in schema or "else" in schema):
        yield [[schema["if"], schema.get("then", True)], [schema.get("else", True)]]
