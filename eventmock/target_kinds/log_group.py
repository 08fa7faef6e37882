"""CloudWatch log groups: PutLogEvents of a log event into its own stream.

Source: aws-recorded-behaviour section 9. Recorded: the message, and that each invocation writes into its own stream.
Documented: the timestamp is the event's time (in unclear words), and the form of a transformed input ("Event bus
targets" of the user guide). Observed by users of AWS: a timestamp in ISO form is read as that time, and no event
arrives if the ARN ends in ``:*``, which PutTargets accepts. Inferred: milliseconds may be text; for any other timestamp
the event's time is used; a message that is not text is logged as JSON. AWS creates the stream first; eventmock makes up
the name of the stream.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventmock.target_kinds.kind import ApiCall, InvalidRequest, Invocation, Need, Permission, TargetKind
from eventmock.transform.json_text import JsonText, NotJson

_DIGITS: Final = re.compile("[0-9]{1,18}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _put_log_events(invocation: Invocation) -> ApiCall:
    group = invocation.arn.resource.removeprefix("log-group:")
    if group.endswith(":*"):
        raise InvalidRequest(
            f"nothing ever arrives at a log group whose ARN ends in ':*': give the target the ARN without it, "
            f"{str(invocation.arn).removesuffix(':*')}"
        )
    parameters = {
        "logGroupName": group,
        "logStreamName": invocation.token,
        "logEvents": [_log_event(invocation)],
    }
    return invocation.call("logs", "PutLogEvents", parameters)


def _log_event(invocation: Invocation) -> dict[str, Any]:
    if not invocation.is_shaped:
        return {"timestamp": invocation.event_milliseconds, "message": invocation.body}
    try:
        given = JsonText.parse(invocation.body).members()
    except NotJson:
        given = {}
    if not given.keys() >= {"timestamp", "message"}:
        raise InvalidRequest(
            'wanted {"timestamp": <milliseconds>, "message": "<text>"}, ' + f"got {invocation.body[:200]}"
        )
    timestamp = _milliseconds(given["timestamp"].characters())
    return {
        "timestamp": invocation.event_milliseconds if timestamp is None else timestamp,
        "message": given["message"].characters(),
    }


def _milliseconds(timestamp: str) -> int | None:
    """Return a timestamp, a number or ISO text, in milliseconds since 1970-01-01 00:00 UTC; None for another text."""
    if _DIGITS.fullmatch(timestamp):
        return int(timestamp)
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _needs(invocation: Invocation) -> list[Need]:
    """Return the actions on the stream of the invocation: it is made, then written."""
    group = str(invocation.arn).removesuffix(":*")
    return [
        Need("logs:CreateLogStream", f"{group}:log-stream:"),
        Need("logs:PutLogEvents", f"{group}:log-stream:{invocation.token}"),
    ]


KIND = TargetKind(
    name="CloudWatch log group",
    service="logs",
    resource=r"log-group:[^\s:*?]+(:\*)?",
    role="refused",
    request=_put_log_events,
    permission=Permission("logs:PutLogEvents", "AWSLogs", has_policy=True, needs=_needs),
)
