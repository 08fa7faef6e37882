"""Glue workflows: StartWorkflowRun.

AWS calls NotifyEvent, which is an IAM action but no public operation; Glue then starts a run when as many events have
come as the workflow's trigger wants. Here each event starts one (ours). That a run knows its events by the property
``aws:eventIds`` is documented ("Viewing the EventBridge events that started a workflow" of Glue's guide), that the list
is JSON is inferred.
"""

from __future__ import annotations

import json

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, TargetKind


def _start_workflow_run(invocation: Invocation) -> ApiCall:
    parameters = {
        "Name": invocation.name,
        "RunProperties": {"aws:eventIds": json.dumps([invocation.event_id])},
    }
    return invocation.call("glue", "StartWorkflowRun", parameters)


KIND = TargetKind(
    name="Glue workflow", service="glue", resource=f"workflow/{NAME}", request=_start_workflow_run
)
