"""References, ``$ref``: the parts of a document that schemas name. No document is ever fetched.

Source: JSON Pointer (RFC 6901), and the JSON Schema core specifications for ``$id``, ``id``, ``$anchor``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

from eventmock.exceptions import SchemaError
from eventmock.schemas.subschemas import below, everywhere

if TYPE_CHECKING:
    from collections.abc import Iterator


def target_of(document: Mapping[str, Any], reference: str, place: str) -> Any:
    """Return the schema that a ``$ref`` names.

    Args:
        document: The document that contains the ``$ref``.
        reference: The value of the ``$ref``, such as ``#/$defs/Order``.
        place: The place of the document, for the error's text.

    Raises:
        SchemaError: The reference is to another document, or the document has no such part.
    """
    base = _id_of(document)
    url, fragment = urldefrag(urljoin(base, reference))
    within: Any = document
    if url not in ("", urldefrag(base).url):
        within = next(
            (one for one in everywhere(document) if urldefrag(urljoin(base, _id_of(one))).url == url), None
        )
        if within is None:
            raise SchemaError(
                place,
                f"$ref {reference!r} is to another document, and eventmock fetches none: put that schema into the "
                "same document, below $defs or definitions, and refer to it by '#/...'",
            )
    try:
        return _part(within, unquote(fragment))
    except (LookupError, ValueError):
        raise SchemaError(place, f"$ref {reference!r}: the document has no such part") from None


def _id_of(schema: Mapping[str, Any]) -> str:
    """Return the ``$id`` of a schema, ``id`` in draft 4; empty if it has none. A property may have these names too."""
    said = schema.get("$id", schema.get("id"))
    return said if isinstance(said, str) else ""


def _part(within: Any, fragment: str) -> Any:
    """Return the part of a schema that a fragment names: a JSON Pointer, or the name of an anchor.

    Raises:
        LookupError: The schema has no such part.
        ValueError: A list is given a name instead of an index.
    """
    if fragment and not fragment.startswith("/"):
        for one in everywhere(within):
            if fragment in (one.get("$anchor"), one.get("$dynamicAnchor")) or _id_of(one) == f"#{fragment}":
                return one
        raise LookupError(fragment)
    for step in fragment.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        within = within[int(name)] if isinstance(within, list) else within[name]
    if isinstance(within, (Mapping, bool)):
        return within
    raise LookupError(fragment)


def resolved(schema: Any, document: Mapping[str, Any], place: str) -> Any:
    """Return a schema, or if it is only a ``$ref``, the schema that it names in the end.

    Raises:
        SchemaError: The reference leads nowhere, to another document, or to itself.
    """
    seen: list[str] = []
    while isinstance(schema, Mapping) and isinstance(schema.get("$ref"), str):
        if schema["$ref"] in seen:
            raise SchemaError(place, f"$ref {schema['$ref']!r} leads to itself")
        seen.append(schema["$ref"])
        schema = target_of(document, schema["$ref"], place)
    return schema


def reached(
    schema: Mapping[str, Any], document: Mapping[str, Any], place: str
) -> Iterator[Mapping[str, Any]]:
    """Yield a schema, and each schema that it, or a schema below it, refers to, once.

    Raises:
        SchemaError: A reference leads nowhere, or to another document.
    """
    waiting, seen = [schema], {id(schema)}
    while waiting:
        one = waiting.pop()
        yield one
        for part in _used(one):
            if isinstance(part.get("$ref"), str):
                target = target_of(document, part["$ref"], place)
                if isinstance(target, Mapping) and id(target) not in seen:
                    seen.add(id(target))
                    waiting.append(target)


def _used(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and the schemas below it, without those that only references can use."""
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += below({name: value for name, value in one.items() if name not in ("$defs", "definitions")})
