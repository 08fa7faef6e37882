"""Writes the result of an operation as an HTTP response.

An answer has only the members that both the output shape and the result have. A member that is ``None`` is left out,
because AWS never sends null.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.wire.http import HttpResponse
from eventmock.wire.service_model import RPC_V2_CBOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.wire.errors import AwsError
    from eventmock.wire.service_model import Operation, Shape, WireModel

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


def success(
    service: WireModel, operation: Operation, result: Any, request_id: str, date: datetime
) -> HttpResponse:
    """Return the answer to a request that succeeded.

    Args:
        service: The service, whose protocol is used.
        operation: The operation that was called.
        result: The result of the operation's function.
        request_id: The client's ``ResponseMetadata["RequestId"]``.
        date: The time of the answer, an aware datetime.
    """
    if service.protocol == RPC_V2_CBOR:
        body = _cbor(_answer(operation, result, is_cbor=True))
    else:
        body = b"" if operation.output is None else _json(answer_of(operation, result))
    return _response(service, operation.status, body, request_id, date)


def answer_of(operation: Operation, result: Any) -> Any:
    """Return the members of an answer as JSON, by the names on the wire; empty if there are none."""
    return _answer(operation, result, is_cbor=False)


def _answer(operation: Operation, result: Any, *, is_cbor: bool) -> Any:
    if operation.output is None:
        return {}
    return _projection(operation.output, is_cbor)({} if result is None else result)


def _json(content: Any) -> bytes:
    return _encode(content).encode("ascii")


def _cbor(content: Any) -> bytes:
    from eventmock.wire.cbor import encode

    return encode(content)


def status_of(service: WireModel, error: AwsError) -> int:
    """Return the HTTP status of an error of a service."""
    return error.status or service.error_statuses.get(error.code, 400)


def failure(service: WireModel, error: AwsError, request_id: str, date: datetime) -> HttpResponse:
    """Return the answer to a request that failed, in the form of the protocol.

    Args:
        service: The service, whose protocol is used.
        error: The error.
        request_id: The client's ``ResponseMetadata["RequestId"]``.
        date: The time of the answer, an aware datetime.
    """
    status = status_of(service, error)
    namespace = service.error_namespace
    if service.protocol == RPC_V2_CBOR:
        kind = f"{namespace}#{error.code}" if namespace else error.code
        body = _cbor({"__type": kind, "Message": error.message})
        return _response(service, status, body, request_id, date)
    if service.protocol == "json":
        content = {"__type": error.code, "message": error.message}
    else:
        content = {"Message": error.message}
    response = _response(service, status, _json(content), request_id, date)
    response.headers["x-amzn-ErrorType"] = f"{error.code}:{namespace}" if namespace else error.code
    return response


def _response(service: WireModel, status: int, body: bytes, request_id: str, date: datetime) -> HttpResponse:
    headers = {
        "x-amzn-RequestId": request_id,
        "Content-Type": service.content_type,
        "Content-Length": str(len(body)),
        "Date": _http_date(date.replace(microsecond=0)),
    }
    if service.protocol == RPC_V2_CBOR:
        headers["smithy-protocol"] = "rpc-v2-cbor"
    return HttpResponse(status, headers, body)


@lru_cache(maxsize=16)
def _http_date(second: datetime) -> str:
    return f"{second.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"


@cache
def _projection(shape: Shape, is_cbor: bool) -> Callable[[Any], Any]:
    """Return a function that returns the JSON or CBOR value of a result, with the members that a shape has."""
    if shape.kind == "structure":
        return _structure_projection(shape, is_cbor)
    if shape.kind in ("list", "map"):
        assert shape.item is not None
        project = _projection(shape.item, is_cbor)
        if shape.kind == "list":
            return lambda value: [project(item) for item in value]
        return lambda value: {key: project(item) for key, item in value.items()}
    if shape.kind == "timestamp" and not is_cbor:
        return _epoch_seconds
    if shape.kind == "blob" and not is_cbor:
        return lambda value: b64encode(value).decode("ascii")
    return lambda value: value


def _structure_projection(shape: Shape, is_cbor: bool) -> Callable[[Any], Any]:
    members = [(m.name, m.attribute, m.wire_name, _projection(m.shape, is_cbor)) for m in shape.members]

    def project(value: Any) -> dict[str, Any]:
        shown = {}
        is_mapping = isinstance(value, Mapping)
        for name, attribute, wire_name, project_member in members:
            held = value.get(name) if is_mapping else getattr(value, attribute, None)
            if held is not None:
                shown[wire_name] = project_member(held)
        return shown

    return project


def _epoch_seconds(value: datetime) -> float:
    """Return the seconds since 1970-01-01 00:00 UTC, to the millisecond.

    A float has too few digits for the microseconds of the year 9999.
    """
    seconds = min(value.timestamp(), _LAST_SECONDS)
    return int(seconds) if seconds.is_integer() else round(seconds, 3)


_LAST_SECONDS: Final = datetime.max.replace(microsecond=999_000, tzinfo=UTC).timestamp()
