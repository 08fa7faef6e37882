"""Checks of the dead-letter queues that event buses and targets name.

Source: targets-and-delivery section 2 (measured on AWS in 2026-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.events import errors
from eventmock.target_kinds import kind_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping


def queue_of(request: Mapping[str, Any]) -> Arn | None:
    """Return the ARN of the queue that a request's ``DeadLetterConfig`` names; None if it names no queue.

    Raises:
        AwsError: The ARN is that of another service, or is not the ARN of a queue (the text for that is inferred).
    """
    given = request.get("DeadLetterConfig", {}).get("Arn")
    if given is None:
        return None
    arn = Arn.parse(given)
    if arn is not None and arn.service != "sqs":
        raise errors.invalid(f"{arn.service} is not supported as a dead letter resource.")
    if arn is None or kind_of(arn) is None:
        raise errors.invalid_parameter(given, "Provided Arn is not in correct format.")
    return arn
