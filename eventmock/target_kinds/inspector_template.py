"""Assessment templates of Inspector Classic: StartAssessmentRun, without any part of the event.

Source: targets-and-delivery section 1. Inferred: the call has no name for the run, so Inspector chooses one.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind


def _start_assessment_run(invocation: Invocation) -> ApiCall:
    return invocation.call("inspector", "StartAssessmentRun", {"assessmentTemplateArn": str(invocation.arn)})


KIND = TargetKind(
    name="Inspector assessment template",
    service="inspector",
    resource=f"target/{NAME}/template/{NAME}",
    request=_start_assessment_run,
    permission=Permission("inspector:StartAssessmentRun", "AmazonInspector"),
)
