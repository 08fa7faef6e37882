"""Retry policies of targets, and the back-off between attempts.

Source: targets-and-delivery section 7. The two limits and their defaults are the service model's. The curve of the
back-off is not documented. Inferred: it doubles from a second to a little more than an hour, with a jitter. Both
durations are settings of `Delays`.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

JITTER: Final = 0.25
"""The largest jitter, as a part of the back-off to which it is added."""


class RetryPolicy(NamedTuple):
    """A target's retry policy.

    Attributes:
        maximum_retry_attempts: The most attempts after the first one.
        maximum_event_age: The age up to which an event is tried, counted from its arrival at the bus.
    """

    maximum_retry_attempts: int = 185
    maximum_event_age: timedelta = timedelta(days=1)

    @classmethod
    def from_target(cls, members: Mapping[str, Any]) -> RetryPolicy:
        """Return the policy of a target, from the members of the target in PutTargets."""
        given, default = members.get("RetryPolicy"), _DEFAULT
        if not given:
            return default
        return cls(
            maximum_retry_attempts=given.get("MaximumRetryAttempts", default.maximum_retry_attempts),
            maximum_event_age=timedelta(
                seconds=given.get("MaximumEventAgeInSeconds", default.maximum_event_age.total_seconds())
            ),
        )


_DEFAULT: Final = RetryPolicy()


def back_off(retry: int, first: timedelta, longest: timedelta, seed: str) -> timedelta:
    """Return the time from a failed attempt to the next one.

    Args:
        retry: The number of the next retry, from 1.
        first: The back-off before the first retry; each later one is twice as long.
        longest: The longest back-off without its jitter.
        seed: A text that decides the jitter: equal texts give equal jitters.
    """
    grows_beyond = retry > 64 or first.total_seconds() * 2.0 ** (retry - 1) >= longest.total_seconds()
    doubled = longest if grows_beyond else first * 2 ** (retry - 1)
    jitter = 1 + JITTER * Random(f"{seed} {retry}").random()  # noqa: S311 - repeatable on purpose
    return min(doubled, timedelta.max / (1 + JITTER)) * jitter
