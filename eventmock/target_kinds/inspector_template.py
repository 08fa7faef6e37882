"""Assessment templates of Inspector Classic: StartAssessmentRun; nothing of the event goes along.

Source: targets-and-delivery section 1. That the run gets the name which Inspector gives it is inferred.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, TargetKind


def _start_assessment_run(invocation: Invocation) -> ApiCall:
    return invocation.call("inspector", "StartAssessmentRun", {"assessmentTemplateArn": str(invocation.arn)})


KIND = TargetKind(
    name="Inspector assessment template",
    service="inspector",
    resource=f"target/{NAME}/template/{NAME}",
    request=_start_assessment_run,
)
