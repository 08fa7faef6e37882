from __future__ import annotations

from datetime import UTC, datetime

from eventmock.target_kinds import ApiCall

PLAN = "arn:aws:ssm-incidents::123456789012:response-plan/ship"


def test_an_incident_is_started_in_the_region_of_the_rule(request_of, event_text):
    assert request_of(PLAN) == ApiCall(
        service="ssm-incidents",
        operation="StartIncident",
        parameters={
            "responsePlanArn": PLAN,
            "triggerDetails": {
                "source": "shop",
                "triggerArn": "arn:aws:events:us-east-1:123456789012:rule/ship",
                "timestamp": datetime(2026, 11, 21, 12, tzinfo=UTC),
                "rawData": event_text,
            },
        },
        region="us-east-1",
        account="123456789012",
    )


def test_input_is_the_raw_data(request_of):
    assert request_of(PLAN, body='"text"').parameters["triggerDetails"]["rawData"] == '"text"'
