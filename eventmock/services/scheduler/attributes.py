"""What the target of a schedule gets: its Input with the context attributes, or a notification.

Source: scheduler section 10. Documented: the four attributes are replaced wherever they stand in the Input, also within
strings and without quotes. Recorded at SQS: the notification for a target without Input, with ``detail`` the string
``"{}"``. Inferred: its id is that of the execution; the text of a replacement is not searched again.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from eventmock.history.schedule_delivery import Execution

SCHEDULE_ARN: Final = "<aws.scheduler.schedule-arn>"
SCHEDULED_TIME: Final = "<aws.scheduler.scheduled-time>"
EXECUTION_ID: Final = "<aws.scheduler.execution-id>"
ATTEMPT_NUMBER: Final = "<aws.scheduler.attempt-number>"

_ATTRIBUTE: Final = re.compile(f"{SCHEDULE_ARN}|{SCHEDULED_TIME}|{EXECUTION_ID}|{ATTEMPT_NUMBER}")


def attributes_in(text: str) -> list[str]:
    """Return the context attributes in the Input of a target, in the order of the alphabet, each once."""
    return sorted(set(_ATTRIBUTE.findall(text)))


def with_attributes(text: str, execution: Execution) -> str:
    """Return the Input of a target with its context attributes replaced by those of an attempt."""
    if "<aws.scheduler." not in text:
        return text
    values = {
        SCHEDULE_ARN: execution.schedule_arn,
        SCHEDULED_TIME: execution.scheduled_text,
        EXECUTION_ID: execution.id,
        ATTEMPT_NUMBER: str(execution.attempt),
    }
    return _ATTRIBUTE.sub(lambda found: values[found[0]], text)


def notification(execution: Execution) -> str:
    """Return the notification that a target without Input gets, as compact JSON."""
    members = {
        "version": "0",
        "id": execution.id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": execution.account,
        "time": execution.scheduled_text,
        "region": execution.region,
        "resources": [execution.schedule_arn],
        "detail": "{}",
    }
    return json.dumps(members, separators=(",", ":"))
