"""Progress: what has become of a delivery at some moment."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.history.attempt import Attempt
    from eventmock.history.dead_letter import DeadLetter
    from eventmock.history.taken_by import TakenBy
    from eventmock.target_kinds import HttpCall

Status = Literal["pending", "delivered", "dead-lettered", "dropped"]
"""What has become of a delivery, in one word; see `Progress`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has become of a delivery at some moment. It is immutable: what happens next makes a new progress.

    Attributes:
        status: ``pending`` (it will be tried, or tried again), ``delivered``, ``dead-lettered`` or ``dropped``
            (lost: the target did not take it and there is no dead-letter queue that did).
        attempts: All attempts so far, the first one first.
        taken_by: Who took the delivery: a ``function`` of the test, another ``event bus``, ``moto``, whoever answers
            ``HTTP``, or ``nobody``, if it was only recorded. None while it is not delivered.
        dead_letter: What came to the dead-letter queue; None if nothing did.
        reason: Why it is dead-lettered or dropped, in one line; None if it is neither.
        next_attempt: When the target is tried again, an aware datetime; None if it is not tried again.
        ended: When it was delivered, dead-lettered or dropped, an aware datetime; None while it is pending.
        waits_for: The region that it waits for because that is out of service; None if it waits for none.
    """

    status: Status = "pending"
    attempts: tuple[Attempt, ...] = ()
    taken_by: TakenBy | None = None
    dead_letter: DeadLetter | None = field(default=None, repr=False)
    reason: str | None = None
    next_attempt: datetime | None = None
    ended: datetime | None = None
    waits_for: str | None = None
    _request: HttpCall | None = field(default=None, repr=False)

    @property
    def request(self) -> HttpCall | None:
        """The request that was sent to an API destination, a copy; None for other targets, see `Delivery.request`."""
        return deepcopy(self._request)

    def tried(self, attempt: Attempt) -> Progress:
        """The progress after one more attempt."""
        return Progress(attempts=(*self.attempts, attempt), _request=self._request)

    def delivered(self, taken_by: TakenBy, ended: datetime) -> Progress:
        """The progress after somebody took the delivery.

        Args:
            taken_by: Who took it.
            ended: When, an aware datetime.
        """
        return Progress(
            status="delivered",
            attempts=self.attempts,
            taken_by=taken_by,
            ended=ended,
            _request=self._request,
        )
