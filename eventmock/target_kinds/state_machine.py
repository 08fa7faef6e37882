"""Step Functions state machines, their versions and aliases: StartExecution.

Source: aws-recorded-behaviour section 9: the name of the execution begins with the event's id (asserted against AWS).
eventmock makes up the rest of the name, in the form in targets-and-delivery section 1. Inferred: the trace header is a
parameter, as targets get it by "X-Ray" in the user guide, and the operation takes it.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_execution(invocation: Invocation) -> ApiCall:
    parameters = {
        "stateMachineArn": str(invocation.arn),
        "name": f"{invocation.event_id}_{invocation.token}",
        "input": invocation.body,
        "traceHeader": invocation.trace_header,
    }
    return invocation.call("stepfunctions", "StartExecution", parameters)


KIND = TargetKind(
    name="Step Functions state machine",
    service="states",
    resource=f"stateMachine:{NAME}(:{NAME})?",
    request=_start_execution,
    permission=Permission("states:StartExecution", "AWSStepFunctions"),
)
