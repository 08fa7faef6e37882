"""Dead letters: what targets of rules and schedules did not take, as it came to dead-letter queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Never, Self

from eventmock.history.records import Records
from eventmock.options import refuse_misspelt
from eventmock.values.arn import arn_resource
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from eventmock.history.records import NameCheck
    from eventmock.history.taken_by import TakenBy


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What a target did not take, as it came to the dead-letter queue.

    Attributes:
        queue_arn: The ARN of the queue.
        time: The moment at which it came to the queue, an aware datetime.
        body: The text of the message. Of a rule's delivery it is the event as it came to the bus, or the text that
            input shaping made of it, if that is not JSON. Of a schedule's it is what the target did not take.
        taken_by: Who took it: a ``function`` of the test, ``moto``, or ``nobody`` if it was only recorded.
    """

    queue_arn: str
    time: datetime
    body: str
    taken_by: TakenBy
    _attributes: Mapping[str, str]

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the message, by name; a copy. All values are text.

        ``RULE_ARN``, ``TARGET_ARN``, ``ERROR_CODE`` and ``ERROR_MESSAGE``. If the target was tried until its retry
        policy allowed no more, also ``EXHAUSTED_RETRY_CONDITION`` and ``RETRY_ATTEMPTS``. A dead letter of a schedule
        has ``SCHEDULE_ARN`` in place of ``RULE_ARN``, and more, such as ``SCHEDULED_TIME``; its ``ERROR_CODE`` is that
        of the service that was called.
        """
        return dict(self._attributes)

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is not JSON.
        """
        return loads(self.body)


class DeadLetters(Records[DeadLetter]):
    """Dead letters in the order in which they came.

    Args:
        letters: The dead letters.
        check: Refuses a misspelt name in `where`; None to check no names.
    """

    def __init__(self, letters: Iterable[DeadLetter], check: NameCheck | None = None) -> None:
        super().__init__(letters)
        self._check = check

    def _like(self, records: Iterable[DeadLetter]) -> Self:
        return type(self)(records, self._check)

    def where(
        self, *, queue: str | None = None, error_code: str | None = None, **misspelt: Never
    ) -> DeadLetters:
        """Return the dead letters that agree with all given arguments.

        Args:
            queue: The queue's name or ARN.
            error_code: The value of the attribute ``ERROR_CODE``, such as ``THROTTLING``.
            **misspelt: Not used: a keyword that does not exist is refused.

        Raises:
            OptionError: A keyword does not exist; EventBridge has no such error code, and there never was a schedule,
                whose dead letters have the codes of any service; or no target has ever had a dead-letter queue of that
                name, but one of nearly the same name.
        """
        __tracebackhide__ = True
        refuse_misspelt("dead_letters.where", misspelt, DeadLetters.where)
        if self._check is not None:
            named = {"queue": queue, "error_code": error_code}
            self._check(
                "dead_letters.where", {word: name for word, name in named.items() if name is not None}
            )
        return self._like(
            letter
            for letter in self
            if queue in (None, letter.queue_arn, arn_resource(letter.queue_arn))
            and error_code in (None, letter.attributes["ERROR_CODE"])
        )
