"""Schemas of events, read from what a test gives: a folder, a file, a mapping, a dictionary, a pydantic model."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from eventmock.exceptions import SchemaError, repr_of, text_of
from eventmock.schemas.documents import Names, event_schema
from eventmock.schemas.event_schema import EventSchema

Given: TypeAlias = Mapping[str, Any] | type | str | os.PathLike[str]
"""A schema as a test gives it: JSON Schema as a dictionary, a pydantic model, or the path of a file."""
SchemasGiven: TypeAlias = (
    str | os.PathLike[str] | Mapping[tuple[str, str], Any] | Mapping[tuple[str | None, str], Any]
)
"""Schemas as a test gives them: the path of a folder, or a mapping from source and detail-type to a `Given`."""

SUFFIXES: Final = (".json", ".yaml", ".yml")
_WANTED: Final = "wanted a dictionary of JSON Schema, a pydantic model, or the path of a file"


def read_schemas(given: Any) -> list[EventSchema]:
    """Read the schemas of a folder or of a mapping.

    Args:
        given: The path of a folder; or a mapping from ``(source, detail_type)`` to a schema.

    Raises:
        SchemaError: There is no such folder, it has no schemas or two for the same events, a file in it is not a
            schema, or a key or a value of the mapping is not valid.
    """
    if isinstance(given, Mapping):
        return [read_schema(*_names_of(key), schema) for key, schema in given.items()]
    if isinstance(given, (str, os.PathLike)):
        return read_folder(Path(given))
    raise SchemaError(
        repr_of(given),
        "wanted the path of a folder, or a mapping such as {('shop.orders', 'Order Paid'): schema}",
    )


def _names_of(key: Any) -> tuple[str | None, str]:
    """Return the source and the detail-type that a key of a mapping states.

    Raises:
        SchemaError: The key is not a source and a detail-type.
    """
    match key:
        case (str() | None as source, str() as detail_type) if isinstance(key, tuple):
            return source, detail_type
    raise SchemaError(
        repr_of(key), "wanted a source and a detail-type, such as ('shop.orders', 'Order Paid')"
    )


def read_schema(source: str | None, detail_type: str, given: Any) -> EventSchema:
    """Read the schema of the events of one source and detail-type.

    Args:
        source: The source; None for events of any source.
        detail_type: The ``detail-type``.
        given: JSON Schema of the detail or of the whole event as a dictionary; or a pydantic model; or the path of a
            file.

    Raises:
        SchemaError: The source or the detail-type is not a text, or the schema is not valid.
    """
    names = _names_of((source, detail_type))
    place = "the schema of " + ", ".join(filter(None, names))
    if isinstance(given, Mapping):
        return event_schema(given, place, given=Names(*names))
    if isinstance(given, (str, os.PathLike)):
        path = Path(given)
        if path.is_dir():
            raise SchemaError(place_of(path), f"it is a folder; {_WANTED}")
        return event_schema(_read_file(path), place_of(path), given=Names(*names))
    return event_schema(_schema_of_model(given, place), f"the model {given.__name__}", given=Names(*names))


def find_schema(given: Any, source: str | None, detail_type: str | None) -> EventSchema:
    """Return the schema that a test means: one that it gives, or one in a folder.

    Args:
        given: JSON Schema as a dictionary, a pydantic model, the path of a file or of a folder, or the schema itself.
        source: The source; None if the schema itself or its place states it.
        detail_type: The ``detail-type``; None if the schema itself or its place states it.

    Raises:
        SchemaError: The schema cannot be read, or its source or detail-type is not known; or the folder has no schema,
            or several, for the source and the detail-type.
    """
    if isinstance(given, EventSchema):
        return given
    if not isinstance(given, (str, os.PathLike)):
        if detail_type is not None:
            return read_schema(source, detail_type, given)
        if isinstance(given, Mapping):
            return event_schema(given, "the schema")
        raise SchemaError(repr_of(given), "the detail-type of its events is not known: give it")
    path = Path(given)
    if not path.is_dir():
        return read_schema(source, detail_type, path) if detail_type is not None else read_file(path)
    known = read_folder(path)
    fits = [
        one
        for one in known
        if (source is None or one.source == source)
        and (detail_type is None or one.detail_type == detail_type)
    ]
    if len(fits) != 1:
        meant = ", ".join(filter(None, (source, detail_type))) or "it"
        names = "; ".join(one.name for one in fits or known)
        raise SchemaError(
            place_of(path),
            f"{'several schemas fit' if fits else 'there is no schema of'} {meant}: there are {names}",
        )
    return fits[0]


def _schema_of_model(given: Any, place: str) -> Any:
    """Return the JSON Schema that a pydantic model makes of itself.

    Raises:
        SchemaError: The object is not such a model, or the model cannot make its schema.
    """
    make = getattr(given, "model_json_schema", None)
    if not isinstance(given, type) or not callable(make):
        raise SchemaError(place, f"it is {repr_of(given)}; {_WANTED}")
    try:
        return make()
    except Exception as raised:
        raise SchemaError(place, f"{given.__name__}.model_json_schema() raised {text_of(raised)}") from raised


def place_of(path: Path) -> str:
    """Return the text of a path: as it was given, or relative to the working directory if it is below that."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def read_folder(folder: Path) -> list[EventSchema]:
    """Read the schemas of a folder and of the folders in it: the files that end with .json, .yaml or .yml.

    Names that begin with a dot are left out.

    Raises:
        SchemaError: There is no such folder, it has no schemas or two for the same events, or a file in it is not a
            schema.
    """
    place = place_of(folder)
    if not folder.is_dir():
        what = "it is a file; wanted a folder" if folder.exists() else "there is no such folder"
        raise SchemaError(place, f"{what}; the working directory is {Path.cwd()}")
    files = files_of(folder)
    if not files:
        raise SchemaError(
            place, f"no schema is in this folder: wanted files that end with {' or '.join(SUFFIXES)}"
        )
    found: dict[Names, EventSchema] = {}
    for path in files:
        schema = read_file(path, folder)
        names = Names(schema.source, schema.detail_type)
        if names in found:
            raise SchemaError(schema.place, f"the schema of {schema.name} is in {found[names].place} already")
        found[names] = schema
    return list(found.values())


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder, and of the folders in it, that have to be schemas, in order of their paths."""
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(
        path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def read_file(path: Path, folder: Path | None = None) -> EventSchema:
    """Read the schema of a file, which states the source and the detail-type itself or by its place.

    Args:
        path: The path of the file.
        folder: The folder of the schemas. The folder of a file in it may have the source as its name. By default the
            folder around that of the file.

    Raises:
        SchemaError: The file is not a schema, or the source or the detail-type is not known.
    """
    around = path.absolute().parent.parent if folder is None else folder.absolute()
    relative = path.absolute().relative_to(around)
    source, at, detail_type = path.stem.partition("@")
    if not at:
        source, detail_type = (relative.parent.name or None), path.stem  # type: ignore[assignment]  # None is no source
    return event_schema(_read_file(path), place_of(path), by_place=Names(source, detail_type))


def _read_file(path: Path) -> Any:
    """Return the JSON values of a file of JSON or YAML.

    Raises:
        SchemaError: The file cannot be read, or is neither.
    """
    place = place_of(path)
    try:
        content = path.read_bytes()
        text = content.decode(json.detect_encoding(content))
    except FileNotFoundError:
        raise SchemaError(place, f"there is no such file; the working directory is {Path.cwd()}") from None
    except UnicodeDecodeError as error:
        raise SchemaError(place, f"it is not text in UTF-8 or UTF-16: {error}") from None
    except OSError as error:
        raise SchemaError(place, f"it cannot be read: {error.strerror or error}") from None
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            from eventmock.schemas.yaml_text import read_yaml

            return read_yaml(text, place)
        return json.loads(text)
    except json.JSONDecodeError as error:
        said = f"it is not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        raise SchemaError(place, said) from None
    except RecursionError:
        raise SchemaError(place, "it is nested too deeply") from None
