"""MSK clusters: a Kafka record for each event.

Kafka's protocol is not an AWS API. So `call_of` shows the records of a request as an `ApiCall`, which eventmock never
makes.

Source: custom-event-bus sections 9.2 and 9.4, and the service model. Documented: the defaults; the name of a topic, as
a literal or as a result, has 1 to 249 characters of ``[A-Za-z0-9._-]`` and is not ``.`` or ``..``; without a
``PartitionKey``, a record of a FIFO subscriber has the event group as its key, and any other record has no key.
Inferred: a ``PartitionKey`` that gives nothing is an empty key; a header without a value has an empty one; the names in
the call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import DeliveryFailed
from eventmock.services.custom_event_bus.failures import INVALID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.services.custom_event_bus.calls.batch import Batch, Entry
    from eventmock.target_kinds import ApiCall

_TOPIC: Final = re.compile("[A-Za-z0-9._-]{1,249}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaRecord:
    """A record for a topic of an MSK cluster, as a function of the test gets it.

    Attributes:
        topic: The name of the topic.
        key: The key, a text; None if Kafka's producer chooses the partition.
        headers: The headers, each a name and a value, in their order. Names may repeat.
        value: What the transformer makes of the event: the value of JSON, a text that is not JSON, or the bytes of
            binary data.
    """

    topic: str
    key: str | None
    headers: Sequence[tuple[str, str]]
    value: Any


def is_topic(name: str) -> bool:
    """Return whether a text is a name of a topic."""
    return name not in {".", ".."} and _TOPIC.fullmatch(name) is not None


def record_of(entry: Entry, value: Any) -> KafkaRecord:
    """Return the record for an event.

    Args:
        entry: The event.
        value: The value of the record.

    Raises:
        DeliveryFailed: The text is not a name of a topic (`is_topic`).
    """
    parameters, delivery = entry.parameters, entry.delivery
    topic = parameters["TopicName"]
    if not is_topic(topic):
        raise DeliveryFailed(
            INVALID,
            f"MskParameters.TopicName is {topic!r}: a topic has 1 to 249 characters of [A-Za-z0-9._-], "
            "and is not . or ..",
        )
    default = delivery.content.event_group_id if delivery.subscriber.is_fifo else None
    return KafkaRecord(
        topic=topic,
        key=parameters.get("PartitionKey", default),
        headers=[(header["Key"], header.get("Value", "")) for header in parameters.get("Headers", ())],
        value=value,
    )


def item_of(entry: Entry, _target_arn: str) -> dict[str, Any]:
    """Return the record for an event, as the call shows it.

    Raises:
        DeliveryFailed: The text is not a name of a topic (`is_topic`).
    """
    record = record_of(entry, entry.made.data)
    return {
        "Topic": record.topic,
        "Key": record.key,
        "Headers": [{"Key": name, "Value": value} for name, value in record.headers],
        "Value": record.value,
    }


def call_of(batch: Batch) -> ApiCall:
    """Return the records of the request, with the settings of the producer."""
    target, parameters = batch.subscriber.target.arn, batch.parameters
    return batch.call(
        "kafka",
        "Produce",
        {
            "ClusterArn": target,
            "ClientId": parameters.get("ClientId", batch.subscriber.arn),
            "Acks": parameters.get("Acks", "ALL"),
            "Compression": parameters.get("Compression", "NONE"),
            "Records": [item_of(entry, target) for entry in batch.entries],
        },
    )
