"""Whether an event is valid by its schema: by `jsonschema` if it is installed, else as far as `alternative` knows.

Source: JSON Schema 2020-12; `dialect` writes older schemas in its words.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from eventmock.exceptions import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.schemas.view import SchemaView


def validity_of(view: SchemaView) -> Callable[[Any], bool]:
    """Return a function that returns whether an event is valid by a schema."""
    if find_spec("jsonschema") is not None:
        from eventmock.schemas.validation import EventValidator

        try:
            validator = EventValidator(view.schema)
        except SchemaError:  # it cannot be checked, so nothing is said about it
            pass
        else:
            return lambda event: view.admits(view.root, event) and validator.is_valid(event)
    return lambda event: view.admits(view.root, event)
