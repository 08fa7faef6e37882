"""Differences of EventBridge Scheduler from its public service model, and from older versions of that model.

Source: scheduler section 1 (the header of errors was recorded); the service models of botocore from 1.34.0 on. Older
models take the partitions ``aws`` and ``aws-xx`` only, and write patterns with ``^`` and ``$``.
"""

from typing import Final

from eventmock.wire import Corrections, Loosened

_ARN: Final = "^arn:aws(-[a-z]+)?"
_NAME: Final = "^[0-9a-zA-Z-_.]+$"
_OLDER_PATTERNS: Final = {
    "ClientToken": "^[a-zA-Z0-9-_]+$",
    "DeadLetterConfigArnString": rf"{_ARN}:sqs:[a-z0-9\-]+:\d{{12}}:[a-zA-Z0-9\-_]+$",
    "KmsKeyArn": rf"{_ARN}:kms:[a-z0-9\-]+:\d{{12}}:(key|alias)\/[0-9a-zA-Z-_]*$",
    "Name": _NAME,
    "NamePrefix": _NAME,
    "RoleArn": rf"{_ARN}:iam::\d{{12}}:role\/[\w+=,.@\/-]+$",
    "SageMakerPipelineParameterName": r"^[A-Za-z0-9\-_]*$",
    "ScheduleGroupName": _NAME,
    "ScheduleGroupNamePrefix": _NAME,
    "Source": r"^(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$",
    "TagResourceArn": rf"{_ARN}:scheduler:[a-z0-9\-]+:\d{{12}}:schedule-group\/[0-9a-zA-Z-_.]+$",
}


def _of_today(pattern: str) -> str:
    return pattern.removeprefix("^").removesuffix("$").replace("aws(-[a-z]+)?", "aws[a-z-]*")


CORRECTIONS: Final = Corrections(
    error_namespace="http://internal.amazon.com/coral/com.amazonaws.chronos/",
    loosened=tuple(
        Loosened(
            shape=shape,
            constraint="pattern",
            old=pattern,
            last="1.34.0",
            new=_of_today(pattern),
            first="1.44.8",
        )
        for shape, pattern in _OLDER_PATTERNS.items()
    ),
)
