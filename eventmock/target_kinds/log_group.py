"""CloudWatch log groups: PutLogEvents of one log event, into a stream of its own.

Source: aws-recorded-behaviour section 9. Recorded: the message, and that each invocation writes a stream of its own.
Documented: the time of the event as timestamp, in garbled words, and what a transformed input must be ("Event bus
targets" of the user guide). AWS creates the stream first; its name here is ours.
"""

from __future__ import annotations

from typing import Any

from eventmock.target_kinds.kind import ApiCall, InvalidRequest, Invocation, TargetKind


def _put_log_events(invocation: Invocation) -> ApiCall:
    parameters = {
        "logGroupName": invocation.arn.resource.removeprefix("log-group:").removesuffix(":*"),
        "logStreamName": invocation.token,
        "logEvents": [_log_event(invocation)],
    }
    return invocation.call("logs", "PutLogEvents", parameters)


def _log_event(invocation: Invocation) -> dict[str, Any]:
    if not invocation.is_shaped:
        return {"timestamp": invocation.event_milliseconds, "message": invocation.body}
    match invocation.json_object:
        case {"timestamp": int(timestamp), "message": str(message)} if timestamp is not True:
            return {"timestamp": timestamp, "message": message}
    raise InvalidRequest(
        'wanted {"timestamp": <milliseconds>, "message": "<text>"}, ' + f"got {invocation.body[:200]}"
    )


KIND = TargetKind(
    name="CloudWatch log group",
    service="logs",
    resource="log-group:.+",
    role="refused",
    request=_put_log_events,
)
