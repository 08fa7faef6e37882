"""Deliveries of EventBridge Scheduler: each is one invocation of the target of a schedule.

Source: scheduler sections 8, 10, 13 and 14.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from eventmock.history import wording
from eventmock.history.delivery import Delivery
from eventmock.history.traced_target import TracedTarget

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import datetime

    from eventmock.delivery.failures import DeliveryFailed
    from eventmock.target_kinds import ApiCall

TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
"""The form of moments in inputs and dead letters."""
MOST_BYTES_OF_A_MESSAGE: Final = 1_048_576
"""The most bytes of a message of SQS with its attributes (documented)."""
LONGEST_CHARACTER: Final = 4
"""The most bytes of a character in UTF-8."""
_DEFAULT_GROUP: Final = "default"
_INVALID_PAYLOAD: Final = ("INVALID_JSON", "INVALID_PARAMETER")
"""The codes of EventBridge for a call that cannot be made. An error of the called service has the service's code."""


class Execution(NamedTuple):
    """One attempt to invoke the target of a schedule, as its input and its call are made of it.

    Attributes:
        id: The execution id, a UUID. Each attempt has its own.
        attempt: The number of the attempt, from 1.
        scheduled_time: The moment at which the schedule had to fire, an aware datetime in UTC.
        schedule_arn: The ARN of the schedule.
        schedule_name: The name of the schedule.
        account: The account of the schedule, 12 digits.
        region: The region of the schedule.
    """

    id: str
    attempt: int
    scheduled_time: datetime
    schedule_arn: str
    schedule_name: str
    account: str
    region: str

    @property
    def scheduled_text(self) -> str:
        """The moment at which the schedule had to fire, as inputs and dead letters spell it."""
        return self.scheduled_time.strftime(TIME_FORMAT)


class ScheduledTarget(TracedTarget, Protocol):
    """The target of a schedule, as records need it."""

    def body_of(self, execution: Execution) -> str:
        """Return the text that the target gets in an attempt; it is the body of the dead letter, too."""

    def request_of(self, execution: Execution) -> ApiCall:
        """Return the call of an attempt.

        Raises:
            InvalidRequest: AWS cannot make the call.
        """

    def check_answer(self, answer: Mapping[str, Any]) -> None:
        """Check the answer to the call of an attempt, which the service has not refused as a whole.

        Raises:
            DeliveryFailed: The answer says that what was asked for has failed.
        """


class TracedSchedule(Protocol):
    """A schedule, as records need it."""

    @property
    def name(self) -> str:
        """The schedule's name."""

    @property
    def arn(self) -> str:
        """The schedule's ARN."""

    @property
    def group(self) -> str:
        """The name of the schedule group."""

    @property
    def account(self) -> str:
        """The account of the schedule, 12 digits."""

    @property
    def region(self) -> str:
        """The region of the schedule."""

    @property
    def expression(self) -> str:
        """The text of the schedule expression."""

    @property
    def timezone(self) -> str:
        """The name of the time zone of the expression."""

    @property
    def names(self) -> tuple[str, str, str]:
        """What a test may call the schedule: its name, ``GROUP/NAME`` and its ARN."""

    @property
    def key(self) -> object:
        """An object that all records of one schedule have in common, and no other schedule has."""

    @property
    def window(self) -> int | None:
        """The length of the flexible time window in minutes; None without such a window."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ScheduleDelivery(Delivery):
    """One invocation of the target of a schedule.

    Attributes:
        schedule: The schedule as it was when it fired, an object of the library.
        scheduled_time: The moment at which the schedule had to fire, an aware datetime in UTC.
        time: The moment at which it fired, an aware datetime in UTC: later in a flexible time window. The age of the
            delivery counts from it.
        id: A UUID that all attempts have in common. Execution ids are made of it.
    """

    target: ScheduledTarget
    schedule: TracedSchedule
    scheduled_time: datetime
    time: datetime = field()  # without field(), the property of the base class would be the default
    id: str
    _deleted: Container[object]

    @property
    def what(self) -> str:
        """The schedule in words, such as ``schedule nightly``."""
        return f"schedule {self.schedule.name}"

    def __str__(self) -> str:
        return self.what

    @property
    def sender(self) -> str:
        """The schedule in words, such as ``schedule nightly``, with its group unless that is the default one."""
        group = self.schedule.group
        return self.what if group == _DEFAULT_GROUP else f"{self.what} of group {group}"

    @property
    def _way(self) -> str:
        """The way of the delivery in words: from which schedule, with its group, to which target."""
        return f"{self.sender} -> {self.target_arn}"

    @property
    def sender_name(self) -> str:
        """The name of the schedule."""
        return self.schedule.name

    @property
    def sender_arn(self) -> str:
        """The ARN of the schedule."""
        return self.schedule.arn

    @property
    def schedule_name(self) -> str:
        """The name of the schedule."""
        return self.schedule.name

    @property
    def schedule_arn(self) -> str:
        """The ARN of the schedule."""
        return self.schedule.arn

    @property
    def schedule_names(self) -> tuple[str, ...]:
        """What a filter may call the schedule: its name, ``GROUP/NAME`` and its ARN."""
        return self.schedule.names

    @property
    def account(self) -> str:
        """The account of the schedule, 12 digits."""
        return self.schedule.account

    @property
    def region(self) -> str:
        """The region of the schedule."""
        return self.schedule.region

    @property
    def local_time(self) -> datetime:
        """The moment at which the schedule had to fire, an aware datetime in the time zone of the schedule.

        It is in UTC if the local time is outside of the years 1 to 9999.
        """
        from eventmock.schedule import time_zone

        try:
            return self.scheduled_time.astimezone(time_zone(self.schedule.timezone))
        except OverflowError:
            return self.scheduled_time

    @property
    def scheduled_for(self) -> str:
        """Words for the moment at which the schedule had to fire, after words for the schedule; see `wording`."""
        schedule, local = self.schedule, self.local_time
        zone = "UTC" if local is self.scheduled_time else schedule.timezone
        return wording.scheduled_for(local, zone, self.time, schedule.window)

    @property
    def body(self) -> str:
        """The exact text that the target received in the last attempt, or gets in the first one."""
        return self.target.body_of(self.execution_of(self.attempt_number))

    @property
    def withdrawn(self) -> str | None:
        """Why the target is not tried any more: the schedule was deleted; None if it is tried."""
        return "the schedule was deleted" if self.schedule.key in self._deleted else None

    @property
    def retry_seed(self) -> str:
        """A text that decides the jitter of the delivery's retries."""
        return self.id

    def execution_of(self, attempt: int) -> Execution:
        """Return an attempt as its input and its call are made of it.

        Args:
            attempt: The number of the attempt, from 1.
        """
        return Execution(
            id=_execution_id(self.id, attempt),
            attempt=attempt,
            scheduled_time=self.scheduled_time,
            schedule_arn=self.schedule.arn,
            schedule_name=self.schedule.name,
            account=self.account,
            region=self.region,
        )

    def request_of(self, attempt: int) -> ApiCall:
        """Return the call of an attempt.

        Raises:
            InvalidRequest: AWS cannot make the call.
        """
        return self.target.request_of(self.execution_of(attempt))

    def check_answer(self, answer: Mapping[str, Any]) -> None:
        """Check the answer to the call of an attempt, which the service has not refused as a whole.

        Raises:
            DeliveryFailed: The answer says that what was asked for has failed.
        """
        self.target.check_answer(answer)

    def error_of(self, failure: DeliveryFailed) -> tuple[str, str]:
        """Return the code and the message of a failure, as the called service states them."""
        return failure.service_error

    def dead_letter_of(self, failure: DeliveryFailed, exhausted: str | None) -> tuple[str, dict[str, str]]:
        """Return the body and the attributes of the message for the dead-letter queue.

        Recorded: the names of the attributes, and that EXHAUSTED_RETRY_CONDITION is there after AccessDenied with 0
        retries. Documented: it is there only if the error could have been tried again. So it is there in both cases
        (inferred). Inferred, too: the payload is invalid if Scheduler could not make the call of it; a body that SQS
        would not take with its attributes is cut at the end.
        """
        attempts = max(len(self.progress.attempts), 1)
        execution = self.execution_of(attempts)
        body = self.target.body_of(execution)
        code, message = self.error_of(failure)
        no_retries = self.target.retry_policy.maximum_retry_attempts == 0
        condition = exhausted or ("MaximumRetryAttempts" if no_retries else None)
        attributes = {
            "SCHEDULE_ARN": self.schedule.arn,
            "TARGET_ARN": self.target_arn,
            "SCHEDULED_TIME": execution.scheduled_text,
            "EXECUTION_ID": execution.id,
            "ERROR_CODE": code,
            "ERROR_MESSAGE": message or code,
            **({} if condition is None else {"EXHAUSTED_RETRY_CONDITION": condition}),
            "RETRY_ATTEMPTS": str(attempts - 1),
            "CONTAINS_INVALID_PAYLOAD": _text_of(failure.given[0] in _INVALID_PAYLOAD),
            "IS_PAYLOAD_TRUNCATED": "false",
        }
        cut = _cut(body, MOST_BYTES_OF_A_MESSAGE - sum(map(_size, attributes.items())))
        return cut, attributes | {"IS_PAYLOAD_TRUNCATED": _text_of(cut != body)}


def _size(attribute: tuple[str, str]) -> int:
    """Return the bytes of a message attribute, as SQS counts them: the name, the type and the value."""
    name, value = attribute
    return len(name) + len("String") + len(value.encode(errors="replace"))


def _cut(text: str, most: int) -> str:
    """Return a text, or its beginning if it has more bytes in UTF-8 than allowed."""
    if len(text) <= most // LONGEST_CHARACTER:
        return text
    encoded = text.encode(errors="replace")
    return text if len(encoded) <= most else encoded[:most].decode(errors="ignore")


def _text_of(is_true: bool) -> str:
    return "true" if is_true else "false"


def _execution_id(delivery_id: str, attempt: int) -> str:
    """Return a UUID that is always the same for an attempt of a delivery. That of the first is the delivery's."""
    if attempt == 1:
        return delivery_id
    digest = hashlib.sha256(f"{delivery_id} {attempt}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
