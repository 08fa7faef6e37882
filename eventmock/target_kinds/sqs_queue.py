"""SQS queues: SendMessage of the target's input.

Source: targets-and-delivery section 1. Recorded: the body. Documented: the trace header is the system attribute
``AWSTraceHeader`` ("Configuring Amazon EventBridge with AWS X-Ray" of the user guide). A queue that is not FIFO may
have a message group too, for fair queues (the model's text on SqsParameters). The group may be a path into the event
(documented: "Event bus targets" of the user guide).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind, host

if TYPE_CHECKING:
    from eventmock.values.arn import Arn


def send_message(invocation: Invocation) -> ApiCall:
    """Return the call for a queue, FIFO or not."""
    header = invocation.trace_header
    group = invocation.target.get("SqsParameters", {}).get("MessageGroupId")
    system = None if header is None else {"AWSTraceHeader": {"DataType": "String", "StringValue": header}}
    parameters: dict[str, Any] = {
        "QueueUrl": queue_url(invocation.arn),
        "MessageBody": invocation.body,
        "MessageGroupId": group and invocation.needed(group),
        "MessageSystemAttributes": system,
    }
    return invocation.call("sqs", "SendMessage", parameters)


@lru_cache(maxsize=1024)
def queue_url(arn: Arn) -> str:
    """Return the URL of a queue."""
    return f"https://{host('sqs', arn)}/{arn.account}/{arn.resource}"


PERMISSION = Permission(
    "sqs:SendMessage",
    "AmazonSQS",
    "AccessDenied",
    403,
    spelled="sqs:sendmessage",
    has_policy=True,
    crosses_accounts=True,
)


KIND = TargetKind(
    name="SQS queue",
    service="sqs",
    resource=rf"(?!.*\.fifo$){NAME}",
    role="optional",
    request=send_message,
    cannot_fail=True,
    permission=PERMISSION,
)
