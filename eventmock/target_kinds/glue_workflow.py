"""Glue workflows: StartWorkflowRun.

AWS calls NotifyEvent, which is an IAM action but not a public operation. Glue then starts a run when the number of
events is that of the workflow's trigger. In eventmock each event starts a run. Documented: a run has the ids of its
events in the property ``aws:eventIds`` ("Viewing the EventBridge events that started a workflow" of Glue's guide).
Inferred: the list of ids is JSON.
"""

from __future__ import annotations

import json

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_workflow_run(invocation: Invocation) -> ApiCall:
    parameters = {
        "Name": invocation.name,
        "RunProperties": {"aws:eventIds": json.dumps([invocation.event_id])},
    }
    return invocation.call("glue", "StartWorkflowRun", parameters)


KIND = TargetKind(
    name="Glue workflow",
    service="glue",
    resource=f"workflow/{NAME}",
    request=_start_workflow_run,
    permission=Permission("glue:NotifyEvent", "AWSGlue"),
)
