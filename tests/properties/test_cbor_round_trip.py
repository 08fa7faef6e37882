"""Every shape of a model with Smithy RPC v2 CBOR, with botocore's own serializer and parser at the other end."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from botocore import parsers, serialize
from botocore.loaders import Loader
from botocore.model import ServiceModel
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock.services.table import services
from eventmock.wire import AwsError, HttpRequest
from eventmock.wire.request import read_request
from eventmock.wire.response import failure, success

PROTOCOL = "smithy-rpc-v2-cbor"
SERVICES = {service.name: service for service in services() if service.model.protocol == PROTOCOL}
MODELS = {name: ServiceModel(Loader().load_service_model(name, "service-2"), name) for name in SERVICES}
NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SERVICES, reason="this botocore has no service with Smithy RPC v2 CBOR")
every_operation = pytest.mark.parametrize(
    ("service", "name"),
    [
        pytest.param(service, name, id=f"{service}.{name}")
        for service, model in MODELS.items()
        for name in model.operation_names
    ],
)
some = settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
"""botocore reads a point in time to the microsecond, for which a float of later years has too few digits."""
SCALARS = {
    "string": st.text(max_size=5),
    "character": st.text(max_size=1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False),
    "double": st.floats(allow_nan=False),
    "boolean": st.booleans(),
    "timestamp": TIMES,
    "blob": st.binary(max_size=5),
}


def values_of(shape):
    """Values with the types of a shape; constraints do not matter to the wire."""
    if shape.type_name == "list":
        return st.lists(values_of(shape.member), max_size=2)
    if shape.type_name == "map":
        return st.dictionaries(st.text(max_size=5), values_of(shape.value), max_size=2)
    if shape.type_name != "structure":
        return SCALARS[shape.type_name]
    members = {name: values_of(member) for name, member in shape.members.items()}
    if shape.is_tagged_union:
        return st.one_of([st.fixed_dictionaries({name: members[name]}) for name in members])
    return st.fixed_dictionaries({}, optional=members)


@every_operation
@some
@given(st.data())
def test_a_request_is_read_as_botocore_writes_it(service, name, data):
    operation = MODELS[service].operation_model(name)
    members = data.draw(values_of(operation.input_shape))
    written = serialize.create_serializer(PROTOCOL, include_validation=False).serialize_to_request(
        members, operation
    )
    headers = {key.lower(): value for key, value in written["headers"].items()}
    request = HttpRequest(
        written["method"],
        f"https://host{urlsplit(written['url_path']).path}",
        headers,
        bytes(written["body"]),
    )
    found, read = read_request(SERVICES[service].model, request)
    assert (found.name, read) == (name, members)


@every_operation
@some
@given(st.data())
def test_an_answer_is_read_by_botocore_as_it_was_written(service, name, data):
    model, shape = SERVICES[service].model, MODELS[service].operation_model(name).output_shape
    members = data.draw(values_of(shape))
    response = success(model, model.operation(name), members, "the-id", NOW)
    parsed = parse(response, shape)
    assert parsed.pop("ResponseMetadata")["RequestId"] == "the-id"
    assert parsed == members


@pytest.mark.parametrize("service", MODELS)
@given(st.text())
def test_every_error_is_read_by_botocore(service, message):
    model = SERVICES[service].model
    shape = MODELS[service].operation_model(model.operation_names[0]).output_shape
    for code in model.error_codes:
        response = failure(model, AwsError(code, message), "the-id", NOW)
        parsed = parse(response, shape)
        assert parsed["Error"] == {"Code": code, "Message": message}
        assert parsed["ResponseMetadata"]["HTTPStatusCode"] == model.error_statuses[code]


def parse(response, shape):
    """What botocore's parser makes of an answer."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    raw = {"status_code": response.status, "headers": headers, "body": response.body}
    return parsers.create_parser(PROTOCOL).parse(raw, shape)
