from __future__ import annotations

from eventmock.target_kinds import ApiCall

TEMPLATE = "arn:aws:inspector:us-east-1:123456789012:target/0-a/template/0-b"


def test_a_run_is_started(request_of):
    assert request_of(TEMPLATE) == ApiCall(
        service="inspector",
        operation="StartAssessmentRun",
        parameters={"assessmentTemplateArn": TEMPLATE},
        region="us-east-1",
        account="123456789012",
    )
