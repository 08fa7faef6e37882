"""SQS FIFO queues: SendMessage with a message group. The queue deduplicates by content (documented)."""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, TargetKind
from eventmock.target_kinds.sqs_queue import PERMISSION, send_message

KIND = TargetKind(
    name="SQS FIFO queue",
    service="sqs",
    resource=rf"{NAME}\.fifo",
    role="optional",
    required="SqsParameters",
    request=send_message,
    permission=PERMISSION,
)
