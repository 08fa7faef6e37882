"""The dead-letter records of subscribers: messages that name the events that were given up, without their data.

Source: custom-event-bus section 10.1. Documented: the members, one record for the events of a call that fail together,
and for a FIFO queue the event group as the message group. Observed: the member ``id``. Inferred: the types of the
attributes; the deduplication id of the message; events of a call that fail for different reasons are in different
records.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.history.attempt import error_text
from eventmock.services.custom_event_bus.failures import error_for_tester, error_of
from eventmock.target_kinds import ApiCall
from eventmock.target_kinds.sqs_queue import queue_url
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.history.subscriber_delivery import SubscriberDelivery
    from eventmock.services.custom_event_bus.chunk import Result
    from eventmock.services.custom_event_bus.subscriber import Subscriber
    from eventmock.state import State

LONGEST_MESSAGE: Final = 1024
"""The most characters of ``errorMessage`` (documented)."""


class DeadLetterRecord(NamedTuple):
    """One record.

    Attributes:
        deliveries: The deliveries that it names.
        why: Why they are given up, in one line for the tester.
        body: The text of the message.
        attributes: The message attributes.
        group: The message group id for a FIFO queue.
        id: The id of the record, a UUID.
    """

    deliveries: tuple[SubscriberDelivery, ...]
    why: str
    body: str
    attributes: dict[str, str]
    group: str
    id: str

    def call_for(self, queue_arn: str) -> ApiCall:
        """Return the call that sends the record to a queue."""
        arn = Arn.of(queue_arn)
        parameters: dict[str, Any] = {
            "QueueUrl": queue_url(arn),
            "MessageBody": self.body,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value} for name, value in self.attributes.items()
            },
        }
        if arn.resource.endswith(".fifo"):
            parameters |= {"MessageGroupId": self.group, "MessageDeduplicationId": self.id}
        return ApiCall(
            service="sqs",
            operation="SendMessage",
            parameters=parameters,
            region=arn.region,
            account=arn.account,
        )


def records_of(
    state: State, subscriber: Subscriber, ended: Sequence[tuple[Result, str | None]]
) -> list[DeadLetterRecord]:
    """Return the records for deliveries that are given up.

    Args:
        state: The state of the mock.
        subscriber: The subscriber.
        ended: The failed results, each with the limit of the retry policy that is reached.
    """
    queue = subscriber.target.dead_letter_queue
    by_group = queue is not None and queue.endswith(".fifo")
    parts: dict[tuple[Any, ...], list[tuple[Result, str | None]]] = {}
    for result, exhausted in ended:
        assert result.failure is not None
        content = result.delivery.content
        key = (
            *error_of(result.failure, subscriber),
            exhausted,
            len(result.delivery.progress.attempts),
            (content.account, content.event_group_id) if by_group else None,
        )
        parts.setdefault(key, []).append((result, exhausted))
    return [_record(state, subscriber, part) for part in parts.values()]


def _record(
    state: State, subscriber: Subscriber, ended: Sequence[tuple[Result, str | None]]
) -> DeadLetterRecord:
    result, exhausted = ended[0]
    assert result.failure is not None
    code, message = error_of(result.failure, subscriber)
    retries = max(len(result.delivery.progress.attempts) - 1, 0)
    uuid = state.identifiers.uuid()
    body = {
        "id": uuid,
        "version": "1.0",
        "busArn": subscriber.bus_arn,
        "subscriberArn": subscriber.arn,
        "targetArn": subscriber.target.arn,
        "errorCode": code,
        "errorMessage": message[:LONGEST_MESSAGE],
        "exhaustedRetryCondition": exhausted,
        "retryAttempts": retries,
        "failedMessages": [_failed(one) for one, _ in ended],
    }
    attributes = {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message[:LONGEST_MESSAGE],
        "SUBSCRIBER_ARN": subscriber.arn,
        "TARGET_ARN": subscriber.target.arn,
        "BUS_ARN": subscriber.bus_arn,
        "EXHAUSTED_RETRY_CONDITION": exhausted or "",
        "RETRY_ATTEMPTS": str(retries),
    }
    times = "1 retry" if retries == 1 else f"{retries} retries"
    why = f"{error_text(*error_for_tester(result.failure, subscriber))}; {exhausted} reached after {times}"
    return DeadLetterRecord(
        deliveries=tuple(one.delivery for one, _ in ended),
        why=why,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        attributes={name: value for name, value in attributes.items() if value},
        group=result.delivery.content.event_group_id,
        id=uuid,
    )


def _failed(result: Result) -> dict[str, str | None]:
    content = result.delivery.content
    return {
        "eventId": content.id,
        "eventGroupId": content.event_group_id,
        "deduplicationId": content.deduplication_id if content.names_deduplication_id else None,
        "timestamp": content.ingestion_text,
        "targetRequestId": result.request_id,
    }
