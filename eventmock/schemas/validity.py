"""Whether an event is valid by its schema: by `jsonschema` if it is installed, else as far as `alternative` knows.

Source: JSON Schema 2020-12; `dialect` writes older schemas in its words.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.schemas.view import SchemaView

_DOCUMENT: Final = "urn:eventmock:schemas"
"""The address of the document while an event is checked. References of the schema of the event begin with it."""


def validity_of(view: SchemaView) -> Callable[[Any], bool]:
    """Return a function that returns whether an event is valid by a schema."""
    if find_spec("jsonschema") is None:
        return lambda event: view.admits(view.root, event)
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    document = DRAFT202012.create_resource({**view.document, "$id": _DOCUMENT})
    validator = Draft202012Validator(
        _addressed(view.event),
        registry=Registry[Any]().with_resource(_DOCUMENT, document),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )

    def is_valid(event: Any) -> bool:
        if not view.admits(view.root, event):
            return False
        try:
            return bool(validator.is_valid(event))
        except Exception:  # noqa: BLE001 - of a schema that is not valid, jsonschema may raise anything
            return True

    return is_valid


def _addressed(schema: Any) -> Any:
    """Return a copy of a schema whose references name the document."""
    if isinstance(schema, list):
        return [_addressed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {name: value if name in ("enum", "const") else _addressed(value) for name, value in schema.items()}
    reference = copy.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        copy["$ref"] = _DOCUMENT + reference
    return {name: value for name, value in copy.items() if name not in ("$schema", "$id")}
