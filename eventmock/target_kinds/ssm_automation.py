"""SSM Automation: StartAutomationExecution of the document and version in the ARN. Input has its parameters.

Source: targets-and-delivery section 1. Inferred: without input no part of the event is passed.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, ApiCall, Invocation, Permission, TargetKind
from eventmock.target_kinds.ssm_run_command import document_parameters


def _start_automation_execution(invocation: Invocation) -> ApiCall:
    name, _, version = invocation.arn.resource.removeprefix("automation-definition/").partition(":")
    parameters = {
        "DocumentName": name,
        "DocumentVersion": version or None,
        "Parameters": document_parameters(invocation.json_object if invocation.is_shaped else {}),
    }
    return invocation.call("ssm", "StartAutomationExecution", parameters)


KIND = TargetKind(
    name="SSM Automation",
    service="ssm",
    resource=f"automation-definition/{NAME}(:{NAME})?",
    may_be_of_aws=True,
    request=_start_automation_execution,
    permission=Permission("ssm:StartAutomationExecution", "AWSSimpleSystemsManagement"),
)
