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

_ATTRIBUTE: Final = re.compile(r"<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>")


def with_attributes(text: str, execution: Execution) -> str:
    """Return the Input of a target with its context attributes replaced by those of an attempt."""
    if "<aws.scheduler." not in text:
        return text
    values = {
        "schedule-arn": execution.schedule_arn,
        "scheduled-time": execution.scheduled_text,
        "execution-id": execution.id,
        "attempt-number": str(execution.attempt),
    }
    return _ATTRIBUTE.sub(lambda found: values[found[1]], text)


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
