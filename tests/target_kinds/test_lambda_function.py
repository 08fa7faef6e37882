from __future__ import annotations

from eventmock.target_kinds import ApiCall

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:ship"


def test_the_event_is_the_payload_of_an_asynchronous_call(request_of, event_text):
    assert request_of(FUNCTION) == ApiCall(
        service="lambda",
        operation="Invoke",
        parameters={"FunctionName": FUNCTION, "InvocationType": "Event", "Payload": event_text.encode()},
        region="us-east-1",
        account="123456789012",
    )


def test_an_alias_is_called_by_its_arn(request_of):
    assert request_of(f"{FUNCTION}:live").parameters["FunctionName"] == f"{FUNCTION}:live"


def test_the_payload_is_utf_8(request_of):
    assert request_of(FUNCTION, body='"é"').parameters["Payload"] == b'"\xc3\xa9"'
