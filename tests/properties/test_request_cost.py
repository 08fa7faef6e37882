"""Reading and checking a request, and wording what is wrong with it, takes time in proportion to its bytes."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest

from eventmock.services.table import services
from eventmock.wire import AwsError, HttpRequest, WireModel
from eventmock.wire.request import read_request
from eventmock.wire.response import failure
from eventmock.wire.validation import validate

SERVICES = [WireModel(service.name, service.face.corrections) for service in services()]
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SHORT, LONG = 20_000, 160_000
"""Bytes of a member: three doublings apart."""


def members():
    for service in SERVICES:
        for name in service.operation_names:
            operation = service.operation(name)
            for member in operation.input.members if operation.input else ():
                if member.shape.kind in ("string", "list", "map", "structure"):
                    yield pytest.param(service, operation, member, id=f"{name}-{member.name}")


def grown(shape, size):
    """A value of about so many bytes, as JSON has it; what it holds is mostly wrong, which is told at length."""
    if shape.kind == "string":
        return ("a é\n" * (size // 4 + 1))[: max(size, 1)]
    if shape.kind == "list":
        one = grown(shape.item, 0)
        return [one] * (size // len(json.dumps(one)) + 1)
    if shape.kind == "map":
        return {f"k{number}": grown(shape.item, 0) for number in range(size // 12 + 1)}
    if shape.kind == "structure":
        return {
            member.wire_name: grown(member.shape, size // len(shape.members) if size else 0)
            for member in shape.members
        }
    return {"boolean": True, "timestamp": 0}.get(shape.kind, 1)


def request_with(service, operation, grown_member, size):
    values = {
        member: grown(member.shape, size if member is grown_member else 0)
        for member in operation.input.members
        if member is grown_member or member.required
    }
    in_body = {m.wire_name: value for m, value in values.items() if m.location == "body"}
    if service.protocol == "json":
        headers = {"x-amz-target": f"{service.target_prefix}.{operation.name}"}
        return HttpRequest("POST", "https://example.com/", headers, json.dumps(in_body).encode())
    path = operation.path
    for member, value in values.items():
        path = path.replace(f"{{{member.wire_name}}}", quote(str(value), safe=""))
    query = urlencode({m.wire_name: v for m, v in values.items() if m.location == "querystring"}, doseq=True)
    return HttpRequest(
        operation.method, f"https://example.com{path}?{query}", {}, json.dumps(in_body).encode()
    )


def seconds_to_answer(service, request):
    start = time.thread_time()
    try:
        operation, given = read_request(service, request)
        validate(operation.input, given)
    except AwsError as error:
        failure(service, error, "id", NOON)
    return time.thread_time() - start


@pytest.mark.parametrize(("service", "operation", "member"), [*members()])
def test_a_member_twice_as_long_takes_twice_the_time(service, operation, member):
    short, long = (request_with(service, operation, member, size) for size in (SHORT, LONG))
    assert any(
        seconds_to_answer(service, long) < max(2.5**3 * seconds_to_answer(service, short), 0.005)
        for _ in range(5)
    )


@pytest.mark.parametrize(
    "body",
    [
        lambda size: b'{"Entries":' + b"[" * size,
        lambda size: b'{"x":' * (size // 5) + b"1" + b"}" * (size // 5),
        lambda size: b"{" + b'"Limit":1,' * (size // 10) + b'"Limit":1}',
        lambda size: json.dumps({f"unknown{number}": [] for number in range(size // 16)}).encode(),
        lambda size: b'{"Limit":' + b"1" * size + b"}",
        lambda size: b'{"Limit":0.' + b"1" * size + b"e-9}",
        lambda size: b'{"Name":"' + b"\\u00e9" * (size // 6) + b'"}',
        lambda size: b" " * size + b"{}" + b" " * size,
    ],
    ids=[
        "deep list",
        "deep object",
        "repeated member",
        "many members",
        "long integer",
        "long fraction",
        "escapes",
        "blanks",
    ],
)
def test_a_body_twice_as_long_takes_twice_the_time(body):
    short, long = (
        HttpRequest("POST", "https://example.com/", {"x-amz-target": "AWSEvents.ListRules"}, body(size))
        for size in (SHORT, LONG)
    )
    assert any(
        seconds_to_answer(SERVICES[0], long) < max(2.5**3 * seconds_to_answer(SERVICES[0], short), 0.005)
        for _ in range(5)
    )
