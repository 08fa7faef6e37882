"""The call of a target, taken apart: its body, and what else of it comes of the event or of the target's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.target_kinds import ApiCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.target_kinds.http_call import HttpCall

_BODIES: Final = ("MessageBody", "Message", "Payload", "Data", "input")
_LISTS: Final = ("Entries", "PublishBatchRequestEntries", "Records")
_NOT_COMPARED: Final = frozenset(
    {
        "DeliveryStreamName",
        "FunctionName",
        "Id",
        "QueueUrl",
        "StreamARN",
        "StreamName",
        "TopicArn",
        "name",
        "stateMachineArn",
    }
)
"""Members that name the target, an item of a batch, or an execution."""


class TakenApart(NamedTuple):
    """A call.

    Attributes:
        body: What the target gets, as text; None if the call has no part that is a body.
        parts: The other parts, by name.
    """

    body: str | None
    parts: Mapping[str, Any]


def taken_apart(request: ApiCall | HttpCall | None) -> TakenApart:
    """Return a call taken apart. Of a call that carries several items it is the first."""
    if request is None:
        return TakenApart(None, {})
    if not isinstance(request, ApiCall):
        headers = {
            f"header {name.lower()}": value for name, value in request.headers.items() if _is_shown(name)
        }
        return TakenApart(
            request.body.decode(errors="replace"), {"method": request.method, "url": request.url, **headers}
        )
    parameters: dict[str, Any] = dict(request.parameters)
    for name in _LISTS:
        items = parameters.get(name)
        if isinstance(items, list) and items and isinstance(items[0], dict):
            parameters |= parameters.pop(name)[0]
    if isinstance(parameters.get("Record"), dict):
        parameters |= parameters.pop("Record")
    body = next((parameters.pop(name) for name in _BODIES if name in parameters), None)
    parts = {name: value for name, value in parameters.items() if name not in _NOT_COMPARED}
    return TakenApart(body.decode(errors="replace") if isinstance(body, bytes) else body, parts)


def _is_shown(header: str) -> bool:
    """Return whether a header is one of the target, and not of the request as such, or of who sends it."""
    return header.lower() not in {
        "authorization",
        "content-length",
        "date",
        "host",
        "user-agent",
        "x-amz-date",
        "x-amz-source-arn",
        "x-amz-security-token",
    }
