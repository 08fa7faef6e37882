"""Incident Manager response plans: StartIncident.

Source: targets-and-delivery section 1. The target's input is the raw data, which is for EventBridge by the model's text
on TriggerDetails. Documented: the details contain the state of a CloudWatch alarm, which is in the input. Inferred: the
source is the event's source, and the trigger of the incident is the rule. The ARN names no region.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_incident(invocation: Invocation) -> ApiCall:
    parameters = {
        "responsePlanArn": str(invocation.arn),
        "triggerDetails": {
            "source": invocation.resolved("$.source"),
            "triggerArn": invocation.rule_arn,
            "timestamp": invocation.event_time,
            "rawData": invocation.body,
        },
    }
    return invocation.call("ssm-incidents", "StartIncident", parameters)


KIND = TargetKind(
    name="Incident Manager response plan",
    service="ssm-incidents",
    resource=f"response-plan/{NAME}",
    names_region=False,
    request=_start_incident,
    permission=Permission("ssm-incidents:StartIncident", "AWSSSMIncidents", status=403),
)
