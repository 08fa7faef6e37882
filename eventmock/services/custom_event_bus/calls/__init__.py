"""The calls by which subscribers deliver, a file for each kind of target.

A file has ``call_of``, which makes the call of a batch. Where an answer may be one of success and still say that
events have failed, it has ``failures_in``. Where each event is an item of the call, it has ``item_of``, so that an
event that AWS cannot send fails by itself. Where a function of the test gets more of an event than its payload, it has
``record_of``.

    batch.py            what a call is made of; start here
    sqs_queue.py        ... and so on: one file for each kind

Source: custom-event-bus sections 9.1 and 9.2; each file says more.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Final

_FILES: Final = {
    "API Gateway API": "api_gateway",
    "Firehose stream": "firehose_stream",
    "Kinesis stream": "kinesis_stream",
    "Lambda function": "lambda_function",
    "MSK cluster": "msk_cluster",
    "SNS topic": "sns_topic",
    "SQS FIFO queue": "sqs_queue",
    "SQS queue": "sqs_queue",
    "Step Functions state machine": "state_machine",
    "universal target": "universal_target",
}
"""The files by the names of the kinds. Event buses have no call; that of an API destination is made by Classic."""


@cache
def calls_of(kind: str) -> Any:
    """Return the module with the calls of a kind of target; None if there are none.

    Args:
        kind: The name of the kind, such as ``SQS queue``.
    """
    file = _FILES.get(kind)
    return None if file is None else import_module(f"{__name__}.{file}")
