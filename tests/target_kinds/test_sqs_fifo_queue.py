from __future__ import annotations

import pytest

from eventmock.target_kinds import ApiCall, InvalidRequest

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders.fifo"


def test_the_event_is_a_message_of_the_group(request_of, event_text):
    assert request_of(QUEUE, SqsParameters={"MessageGroupId": "g"}) == ApiCall(
        service="sqs",
        operation="SendMessage",
        parameters={
            "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/orders.fifo",
            "MessageBody": event_text,
            "MessageGroupId": "g",
        },
        region="eu-west-1",
        account="111122223333",
    )


def test_the_group_may_be_a_path_into_the_event(request_of):
    call = request_of(QUEUE, SqsParameters={"MessageGroupId": "$.detail.name"})
    assert call.parameters["MessageGroupId"] == "box"


@pytest.mark.parametrize("path", ["$.detail.nothing", "$.detail.null", "$.detail.empty"])
def test_a_group_that_leads_to_nothing_fails(request_of, path):
    with pytest.raises(InvalidRequest) as caught:
        request_of(QUEUE, SqsParameters={"MessageGroupId": path})
    assert str(caught.value) == f"{path} leads to nothing in the event, and its parameter cannot be empty"
