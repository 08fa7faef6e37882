"""How often and how long a target is tried, and how long it takes until it is tried again.

Source: targets-and-delivery section 7. The two limits and their defaults are the service model's. The curve of the
back-off is not documented: it doubles from a second to a little more than an hour, with a jitter (inferred; both ends
are `Delays`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

JITTER: Final = 0.25
"""How much of a back-off may be added to it, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """A target's retry policy.

    Attributes:
        maximum_retry_attempts: How often it is tried after the first attempt.
        maximum_event_age: How old an event may be, counted from its arrival at the bus.
    """

    maximum_retry_attempts: int = 185
    maximum_event_age: timedelta = timedelta(days=1)

    @classmethod
    def from_target(cls, members: Mapping[str, Any]) -> RetryPolicy:
        """The policy of a target as PutTargets takes it."""
        given = members.get("RetryPolicy", {})
        default = _DEFAULT
        return cls(
            maximum_retry_attempts=given.get("MaximumRetryAttempts", default.maximum_retry_attempts),
            maximum_event_age=timedelta(
                seconds=given.get("MaximumEventAgeInSeconds", default.maximum_event_age.total_seconds())
            ),
        )


_DEFAULT: Final = RetryPolicy()


def back_off(retry: int, first: timedelta, longest: timedelta, seed: str) -> timedelta:
    """How long it takes until a target is tried again.

    Args:
        retry: Which retry it will be, from 1.
        first: The first back-off, which doubles.
        longest: What it does not grow beyond.
        seed: Decides the jitter: the same text, the same jitter.
    """
    grows_beyond = retry > 64 or first.total_seconds() * 2.0 ** (retry - 1) >= longest.total_seconds()
    doubled = longest if grows_beyond else first * 2 ** (retry - 1)
    jitter = 1 + JITTER * Random(f"{seed} {retry}").random()  # noqa: S311 - repeatable on purpose
    return min(doubled, timedelta.max / (1 + JITTER)) * jitter
