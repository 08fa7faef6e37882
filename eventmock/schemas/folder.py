"""Schemas of events in a folder: JSON files only.

A file is a schema of a detail, ``<source>/<detail-type>.json``, or a document that names its events itself by
``x-amazon-events-source`` and ``x-amazon-events-detail-type``, as the Schema Registry of EventBridge writes it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import OptionError
from eventmock.schemas.event_schema import EventSchema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SOURCE: Final = "x-amazon-events-source"
_DETAIL_TYPE: Final = "x-amazon-events-detail-type"


def read_schemas(folder: Path | str) -> list[EventSchema]:
    """Return the schemas of a folder and of the folders in it, by the paths of their files.

    Raises:
        OptionError: There is no such folder, it has no schemas, or a file is not a schema.
    """
    root = Path(folder)
    if not root.is_dir():
        raise OptionError(f"{folder}: there is no such folder of schemas")
    files = sorted(root.rglob("*.json"))
    if not files:
        raise OptionError(f"{folder} has no schemas: wanted files such as shop.orders/Order Paid.json")
    return [_schema(file) for file in files]


def _schema(file: Path) -> EventSchema:
    try:
        document = json.loads(file.read_text("utf-8"))
    except ValueError as fault:
        raise OptionError(f"{file.as_posix()} is not JSON: {fault}") from None
    if not isinstance(document, dict):
        raise OptionError(f"{file.as_posix()} is not a schema: wanted a JSON object")
    for part in _events(document):
        return EventSchema(part[_SOURCE], part[_DETAIL_TYPE], part, document, file.as_posix())
    source, detail_type = file.parent.name, file.stem
    detail = {name: value for name, value in document.items() if name not in ("$schema", "$id")}
    event = {
        "type": "object",
        "required": ["source", "detail-type", "detail"],
        "properties": {
            "source": {"const": source},
            "detail-type": {"const": detail_type},
            "detail": detail,
        },
    }
    return EventSchema(source, detail_type, event, document, file.as_posix())


def _events(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas of a document that say which events they are about."""
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for part in (document, *(schemas.values() if isinstance(schemas, dict) else ())):
        if isinstance(part, dict) and isinstance(part.get(_SOURCE), str) and _DETAIL_TYPE in part:
            yield part
