from __future__ import annotations

import pytest

from eventmock.services.custom_event_bus import SERVICE
from eventmock.wire import AwsError, checked

ID = "a" * 25
BUS = f"arn:aws:events:us-east-1:123456789012:event-busv2/orders/{ID}"
STATE_MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:s"
ROLE = "arn:aws:iam::123456789012:role/r"


def refusal(operation, **members):
    """The error for a request that breaks constraints of the model."""
    with pytest.raises(AwsError) as refused:
        checked(SERVICE.model, operation, members)
    return refused.value.code, refused.value.message


def test_an_enum_within_a_sensitive_block_is_told_as_aws_tells_it():
    parameters = {"InvocationType": "SYNC"}
    invoke = {"TargetArn": STATE_MACHINE, "RoleArn": ROLE, "StepFunctionsParameters": parameters}
    assert refusal("CreateSubscriber", Name="s", EventBusArn=BUS, InvokeConfiguration=invoke) == (
        "InvalidInputException",
        "1 validation error detected: Value at 'invokeConfiguration.stepFunctionsParameters.invocationType' failed to "
        "satisfy constraint: Member must satisfy enum value set: [REQUEST_RESPONSE, EVENT]",
    )


def test_no_value_of_an_event_is_shown():
    entries = [{"Source": "s", "DetailType": "t"}, {"Source": "", "DetailType": "t", "Detail": "secret"}]
    code, message = refusal("PutEvents", EventBusArn=BUS, Entries=entries)
    assert code == "InvalidInputException"
    assert "at 'entries.2.member.source' failed to satisfy constraint" in message
    assert "secret" not in message
