"""Schemas of events for tests, without a reader of folders."""

from __future__ import annotations

import pytest

from eventmock.schemas.event_schema import EventSchema
from eventmock.schemas.view import SchemaView


def event_schema(detail, source="shop", detail_type="order", **document):
    """The schema of events whose detail has a schema."""
    event = {
        "type": "object",
        "required": ["source", "detail-type", "detail"],
        "properties": {
            "source": {"const": source} if source is not None else {"type": "string"},
            "detail-type": {"const": detail_type},
            "detail": detail,
        },
    }
    return EventSchema(
        source, detail_type, event, {**document, "detail": detail}, f"{source}/{detail_type}.json"
    )


@pytest.fixture
def schema_of():
    """A function that makes the schema of events from a schema of the detail."""
    return event_schema


@pytest.fixture
def view_of():
    """A function that makes the view of such a schema."""

    def view(detail, *names, **document):
        return SchemaView(event_schema(detail, *names, **document))

    return view
