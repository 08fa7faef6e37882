"""The call of AWS to a target, as data for pictures, with what may be secret masked by ``***``."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final, TypedDict

from eventmock.target_kinds import ApiCall
from eventmock.target_kinds.api_destination import JSON_TYPE, SENT
from eventmock.transform.json_text import JsonText, NotJson
from eventmock.values.deep_json import copied
from eventmock.values.urls import MASK

if TYPE_CHECKING:
    from eventmock.history.delivery import Delivery
    from eventmock.target_kinds.http_call import HttpCall

_WRITTEN_BY_AWS: Final = frozenset({*SENT, "Host"})
"""Headers that only AWS can write."""


class RequestFlow(TypedDict):
    """The call of AWS to a target. Secrets are masked.

    Attributes:
        service: The service, such as ``sqs``; ``https`` for an API destination.
        operation: The operation, such as ``SendMessage``; for HTTP the method and the URL without its query.
        region: The region that is called; for an API destination, the region of the caller.
        account: The account that is called; for an API destination, the account of the caller.
        parameters: The parameters as boto3 takes them, bytes as text; for HTTP ``query``, ``headers`` and ``body``.
    """

    service: str
    operation: str
    region: str
    account: str
    parameters: dict[str, Any]


def request_flow(
    delivery: Delivery, call: ApiCall | HttpCall | None, given: str | None
) -> RequestFlow | None:
    """Return a call as data.

    Args:
        delivery: A delivery that the call makes.
        call: The call; None if it is not known.
        given: The text that the target is given, to which a connection may add members; None if none adds any.
    """
    if call is None:
        return None
    return {
        "service": call.service,
        "operation": call.operation,
        "region": call.region,
        "account": call.account,
        "parameters": _plain(call.parameters)
        if isinstance(call, ApiCall)
        else _masked(call, delivery, given),
    }


def _masked(call: HttpCall, delivery: Delivery, given: str | None) -> dict[str, Any]:
    """Return the parts of an HTTP request, with those masked that may be secret."""
    return {
        "query": dict.fromkeys(call.query, MASK),
        "headers": {
            name: value if _is_written_by_aws(name, value, delivery) else MASK
            for name, value in call.headers.items()
        },
        "body": call.text if given is None or call.service != "https" else _masked_body(call.text, given),
    }


def _is_written_by_aws(name: str, value: str, delivery: Delivery) -> bool:
    """Return whether AWS writes a header itself, or its value is in the report in any case."""
    known = (JSON_TYPE, "application/json", delivery.account, delivery.sender_arn, delivery.trace_header)
    return name in _WRITTEN_BY_AWS or value in known


def _masked_body(sent: str, given: str) -> str:
    """Return a body in which the members are masked that are not in the target's input."""
    try:
        sent_members, given_members = JsonText.parse(sent).members(), JsonText.parse(given).members()
    except NotJson:
        return sent
    members = (
        f"{JsonText.of_string(name).text}:{value.text if given_members.get(name) == value else json.dumps(MASK)}"
        for name, value in sent_members.items()
    )
    return f"{{{','.join(members)}}}" if sent_members != given_members else sent


def _plain(value: Any) -> Any:
    """Return a value as data for JSON."""
    return copied(value, _plain_scalar)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
