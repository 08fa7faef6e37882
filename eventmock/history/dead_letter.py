"""Dead letters: events that their targets did not take, as they came to dead-letter queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventmock.history.records import Records
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.history.taken_by import TakenBy


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An event that its target did not take, as it came to the dead-letter queue.

    Attributes:
        queue_arn: The queue.
        time: When, aware.
        body: The message: the event as it came, or what input shaping made of it where that is no JSON.
        taken_by: Who got it: a ``function`` of the test, ``moto``, or ``nobody``: it was only recorded.
    """

    queue_arn: str
    time: datetime
    body: str
    taken_by: TakenBy
    _attributes: Mapping[str, str]

    @property
    def attributes(self) -> dict[str, str]:
        """The message's attributes, which are all text; a copy.

        ``RULE_ARN``, ``TARGET_ARN``, ``ERROR_CODE``, ``ERROR_MESSAGE``, and if it was tried in vain
        ``EXHAUSTED_RETRY_CONDITION`` and ``RETRY_ATTEMPTS``.
        """
        return dict(self._attributes)

    @property
    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ValueError: The body is no JSON.
        """
        return loads(self.body)


class DeadLetters(Records[DeadLetter]):
    """Dead letters in the order in which they came."""

    def where(self, *, queue: str | None = None, error_code: str | None = None) -> DeadLetters:
        """Those to which everything that is named applies.

        Args:
            queue: The queue's ARN.
            error_code: The attribute ``ERROR_CODE``, such as ``THROTTLING``.
        """
        return DeadLetters(
            letter
            for letter in self
            if queue in (None, letter.queue_arn) and error_code in (None, letter.attributes["ERROR_CODE"])
        )
