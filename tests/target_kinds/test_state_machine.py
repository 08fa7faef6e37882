from __future__ import annotations

from eventmock.target_kinds import ApiCall

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"


def test_the_event_is_the_input_of_an_execution_named_after_it(request_of, invocation, event_text):
    assert request_of(MACHINE) == ApiCall(
        service="stepfunctions",
        operation="StartExecution",
        parameters={
            "stateMachineArn": MACHINE,
            "name": f"11111111-2222-4333-8444-555555555555_{invocation(MACHINE).token}",
            "input": event_text,
        },
        region="us-east-1",
        account="123456789012",
    )


def test_the_trace_header_goes_along(request_of):
    assert request_of(MACHINE, trace_header="Root=1").parameters["traceHeader"] == "Root=1"


def test_an_alias_is_started_by_its_arn(request_of):
    assert request_of(f"{MACHINE}:live").parameters["stateMachineArn"] == f"{MACHINE}:live"
