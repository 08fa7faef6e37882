from __future__ import annotations

import json

import pytest

from eventmock.exceptions import OptionError
from eventmock.schemas.folder import read_schemas


@pytest.fixture
def write(tmp_path):
    """A function that writes a file below the folder `schemas`."""

    def write(name, text):
        file = tmp_path / "schemas" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return tmp_path / "schemas"

    return write


def test_a_file_in_the_folder_of_a_source_is_the_schema_of_a_detail(write):
    folder = write(
        "shop.orders/Order Paid.json",
        '{"type": "object", "$schema": "http://json-schema.org/draft-04/schema#"}',
    )
    [schema] = read_schemas(folder)
    assert schema.name == "shop.orders, Order Paid"
    assert schema.event["properties"]["detail"] == {"type": "object"}
    assert schema.place.endswith("schemas/shop.orders/Order Paid.json")


def test_a_document_of_the_schema_registry_names_its_events(write):
    event = {"x-amazon-events-source": "shop", "x-amazon-events-detail-type": "order", "type": "object"}
    document = {"openapi": "3.0.0", "components": {"schemas": {"AWSEvent": event}}}
    [schema] = read_schemas(write("any.json", json.dumps(document)))
    assert (schema.source, schema.detail_type, schema.event, schema.document) == (
        "shop",
        "order",
        event,
        document,
    )


@pytest.mark.parametrize(
    ("text", "says"), [("{", "is not JSON"), ("[]", "is not a schema: wanted a JSON object")]
)
def test_a_file_that_is_no_schema_is_an_error(write, text, says):
    with pytest.raises(OptionError, match=says):
        read_schemas(write("shop/order.json", text))


def test_a_folder_without_schemas_is_an_error(write, tmp_path):
    with pytest.raises(OptionError, match="has no schemas: wanted files such as"):
        read_schemas(write("notes.txt", ""))
    with pytest.raises(OptionError, match="there is no such folder of schemas"):
        read_schemas(tmp_path / "nowhere")
