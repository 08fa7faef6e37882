"""Calls of AWS's APIs as CloudTrail logs them, made of what botocore knows of a call.

Source: service-events section 7 (documented): names begin with a small letter, the answer of a call that reads is left
out. From memory of the services' pages on CloudTrail, not read again: the operations that are logged under older names,
S3's names of parameters, the data events, and the texts of messages that are hidden. Inferred: the keys of maps stay,
binary data is left out, and moments are written as ISO 8601 texts. Not done: EC2 logs lists in sets of its own
(``instancesSet``), and some services leave out more of an answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from eventmock.aws_events.cloudtrail import is_read_by_name

HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""What CloudTrail writes in place of a secret."""
_LEFT_OUT: Final = object()
_SECRET: Final = re.compile(r"(?i)password|secret(string|accesskey|key)$|authtoken|privatekey")
"""The names of members that are secrets, also where an older service model does not mark them."""
_MESSAGES: Final = frozenset({("sns", "Message"), ("sqs", "MessageBody")})
"""What is hidden although the service models do not mark it, by service and member."""
_EVENT_NAMES: Final = {
    ("lambda", "AddPermission"): "AddPermission20150331v2",
    ("lambda", "CreateEventSourceMapping"): "CreateEventSourceMapping20150331",
    ("lambda", "CreateFunction"): "CreateFunction20150331",
    ("lambda", "DeleteEventSourceMapping"): "DeleteEventSourceMapping20150331",
    ("lambda", "DeleteFunction"): "DeleteFunction20150331",
    ("lambda", "RemovePermission"): "RemovePermission20150331v2",
    ("lambda", "UpdateEventSourceMapping"): "UpdateEventSourceMapping20150331",
    ("lambda", "UpdateFunctionCode"): "UpdateFunctionCode20150331v2",
    ("lambda", "UpdateFunctionConfiguration"): "UpdateFunctionConfiguration20150331v2",
    ("s3", "GetBucketLifecycleConfiguration"): "GetBucketLifecycle",
    ("s3", "GetBucketNotificationConfiguration"): "GetBucketNotification",
    ("s3", "ListObjectsV2"): "ListObjects",
    ("s3", "PutBucketLifecycleConfiguration"): "PutBucketLifecycle",
    ("s3", "PutBucketNotificationConfiguration"): "PutBucketNotification",
    ("s3", "PutPublicAccessBlock"): "PutBucketPublicAccessBlock",
}
"""The names of operations in the log, where they differ, by service and operation."""
_DATA_CALLS: Final = {
    "dynamodb": frozenset(
        {
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "ExecuteStatement",
            "ExecuteTransaction",
            "GetItem",
            "GetRecords",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    "kinesis": frozenset({"GetRecords", "PutRecord", "PutRecords", "SubscribeToShard"}),
    "lambda": frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream"}),
    "s3": frozenset({"DeleteObjects", "HeadBucket", "ListObjectVersions", "ListObjects", "ListObjectsV2"}),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset(
        {
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        }
    ),
}
"""The calls for data, by service. Those of S3 for an object, which name a key, are not listed."""


class LoggedCall(NamedTuple):
    """A call as CloudTrail logs it.

    Attributes:
        service: The service, as in the name of its endpoint: ``monitoring`` for CloudWatch.
        event_name: The name of the operation in the log.
        request_parameters: The parameters; None if there are none.
        response_elements: The answer; None for a call that reads or failed.
        is_read: Whether the call only reads.
        is_management: Whether the call manages resources. If not, it is a call for data.
        user_agent: The program that called, as it says.
        error_code: The code of the error; None if the call succeeded.
        error_message: The message of the error.
    """

    service: str
    event_name: str
    request_parameters: dict[str, Any] | None
    response_elements: dict[str, Any] | None
    is_read: bool
    is_management: bool
    user_agent: str
    error_code: str | None
    error_message: str | None


def logged_call(
    operation: Any, parameters: Mapping[str, Any], answer: Mapping[str, Any], *, host: str, user_agent: str
) -> LoggedCall:
    """Return a call as CloudTrail logs it.

    Args:
        operation: botocore's model of the operation.
        parameters: The parameters of the call, by their names in botocore.
        answer: The answer, parsed by botocore; one that has an ``Error`` is a failure.
        host: The host of the request.
        user_agent: The header ``User-Agent`` of the request.
    """
    service: str = operation.service_model.signing_name
    name: str = operation.name
    error = answer.get("Error") or {}
    is_s3, is_read = service == "s3", is_read_by_name(name)
    requested = _of_s3(parameters, operation.input_shape, host) if is_s3 else None
    if not is_s3 and operation.input_shape is not None:
        requested = _logged(parameters, operation.input_shape, service)
    has_answer = not (error or is_read or is_s3) and operation.output_shape is not None
    answered = _logged(answer, operation.output_shape, service) if has_answer else None
    return LoggedCall(
        service=service,
        event_name=_EVENT_NAMES.get((service, name), name),
        request_parameters=requested or None,
        response_elements=answered or None,
        is_read=is_read,
        is_management=not (name in _DATA_CALLS.get(service, ()) or (is_s3 and "Key" in parameters)),
        user_agent=user_agent,
        error_code=error.get("Code"),
        error_message=error.get("Message"),
    )


def _logged(value: Any, shape: Any, service: str) -> Any:
    """Return a parameter or an answer as it is logged.

    Args:
        value: The value.
        shape: botocore's model of the value.
        service: The service of the call.
    """
    kind = shape.type_name
    if kind == "blob":
        return _LEFT_OUT
    if shape.metadata.get("sensitive"):
        return HIDDEN
    if kind == "structure" and isinstance(value, Mapping) and not getattr(shape, "is_document_type", False):
        return _without_left_out(
            {
                _small(name): HIDDEN
                if _is_secret(name, member, service)
                else _logged(value[name], member, service)
                for name, member in shape.members.items()
                if value.get(name) is not None
            }
        )
    if kind == "map" and isinstance(value, Mapping):
        return _without_left_out(
            {str(key): _logged(inner, shape.value, service) for key, inner in value.items()}
        )
    if kind == "list" and isinstance(value, list | tuple):
        elements = [_logged(element, shape.member, service) for element in value]
        return [element for element in elements if element is not _LEFT_OUT]
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON can express it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(element) for element in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if value is None or is_number or isinstance(value, str) else str(value)


def _of_s3(parameters: Mapping[str, Any], shape: Any, host: str) -> dict[str, Any]:
    """Return the parameters of a call of S3, which are logged as the request has them."""
    logged: dict[str, Any] = {}
    for name, value in parameters.items():
        member = shape.members.get(name)
        where = None if member is None else member.serialization.get("location")
        wire_name = "" if member is None else member.serialization.get("name", name)
        if name == "Bucket":
            logged["bucketName"] = value
            logged["Host"] = host
        elif where == "uri":
            logged[_small(name)] = value
        elif where == "querystring" or (where == "header" and wire_name.startswith("x-amz-")):
            logged[wire_name] = HIDDEN if member.metadata.get("sensitive") else _plain(value)
        elif where is None and member is not None and member.type_name == "structure":
            logged[wire_name] = _plain(value)
    return logged


def _is_secret(name: str, shape: Any, service: str) -> bool:
    is_named_so = (service, name) in _MESSAGES or _SECRET.search(name) is not None
    return is_named_so and shape.type_name == "string"


def _small(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _without_left_out(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not _LEFT_OUT}
