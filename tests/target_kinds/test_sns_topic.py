from __future__ import annotations

from eventmock.target_kinds import ApiCall

TOPIC = "arn:aws:sns:eu-west-1:111122223333:orders"


def test_the_event_is_the_message(request_of, event_text):
    assert request_of(TOPIC) == ApiCall(
        service="sns",
        operation="Publish",
        parameters={"TopicArn": TOPIC, "Message": event_text},
        region="eu-west-1",
        account="111122223333",
    )
