"""The points of a target, which those of rules and those of schedules have in common, and what tries them.

Source: ours.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from eventmock.services.coverage import Point
from eventmock.values.arn import arn_name, arn_without_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.history.progress import Progress, Status


def points_of_target(arn: str, gets: str, dead_letter_queue: str | None) -> Iterator[Point]:
    """Yield what a test can try of a target.

    Args:
        arn: The ARN of the target.
        gets: The words for what happens to the target, such as ``gets events``.
        dead_letter_queue: The ARN of its dead-letter queue; None if it has none.
    """
    name = arn_name(arn)
    yield Point("delivery", target_key("delivery", arn), f"{name} {gets}")
    yield Point("failure", target_key("failure", arn), f"{name} fails")
    if dead_letter_queue is not None:
        text = f"{name} fails for good: {arn_name(dead_letter_queue)}"
        yield Point("dead letter", target_key("dead letter", arn), text)


def tried_by(arn: str, progress: Progress) -> tuple[str, tuple[str, ...]]:
    """Return the name of what happened to a target in a step of a delivery, and the keys of the points it tries."""
    return _tried_by(arn, progress.status, has_dead_letter=progress.dead_letter is not None)


def target_key(kind: str, arn: str, *words: str) -> str:
    """Return the key of a point of a target, or the name of what happened to the target."""
    return " ".join((kind, arn_without_id(arn), *words))


@lru_cache(maxsize=1024)
def _tried_by(arn: str, status: Status, *, has_dead_letter: bool) -> tuple[str, tuple[str, ...]]:
    kinds: tuple[str, ...] = ("failure",)
    if status == "delivered":
        what, kinds = "delivered", ("delivery",)
    elif status == "pending":
        what = "retried"
    elif has_dead_letter:
        what, kinds = "dead-lettered", ("failure", "dead letter")
    else:
        what = "dropped"
    return target_key(what, arn), tuple(target_key(kind, arn) for kind in kinds)
