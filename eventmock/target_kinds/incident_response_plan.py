"""Incident Manager response plans: StartIncident.

Source: targets-and-delivery section 1. What the target receives goes along as raw data, which the model's text on
TriggerDetails says is for EventBridge; a CloudWatch alarm's state is in it (documented that the details hold it). That
the source is the event's, and that the rule is what triggered the incident, are inferred. The ARN names no region.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, TargetKind


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
)
