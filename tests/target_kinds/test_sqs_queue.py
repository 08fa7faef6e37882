from __future__ import annotations

from eventmock.target_kinds import ApiCall

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"


def test_the_event_is_the_message(request_of, event_text):
    assert request_of(QUEUE) == ApiCall(
        service="sqs",
        operation="SendMessage",
        parameters={"QueueUrl": URL, "MessageBody": event_text},
        region="eu-west-1",
        account="111122223333",
    )


def test_a_trace_header_is_a_system_attribute(request_of):
    assert request_of(QUEUE, trace_header="Root=1").parameters["MessageSystemAttributes"] == {
        "AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}
    }


def test_a_fair_queue_gets_its_group(request_of):
    assert request_of(QUEUE, SqsParameters={"MessageGroupId": "g"}).parameters["MessageGroupId"] == "g"


def test_china_has_hosts_of_its_own(request_of):
    call = request_of("arn:aws-cn:sqs:cn-north-1:111122223333:orders")
    assert call.parameters["QueueUrl"] == "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders"
