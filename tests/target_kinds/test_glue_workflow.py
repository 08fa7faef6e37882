from __future__ import annotations

from eventmock.target_kinds import ApiCall

WORKFLOW = "arn:aws:glue:us-east-1:123456789012:workflow/ship"


def test_a_run_is_started_that_knows_its_event(request_of):
    assert request_of(WORKFLOW) == ApiCall(
        service="glue",
        operation="StartWorkflowRun",
        parameters={
            "Name": "ship",
            "RunProperties": {"aws:eventIds": '["11111111-2222-4333-8444-555555555555"]'},
        },
        region="us-east-1",
        account="123456789012",
    )
