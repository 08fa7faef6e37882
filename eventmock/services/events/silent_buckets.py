"""The buckets of moto's S3 that do not send their events to EventBridge, though a rule waits for them.

Source: service-events section 8 (documented): a bucket sends no event to EventBridge until its notification
configuration has an ``EventBridgeConfiguration``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from eventmock.parts.part import KeptSet
from eventmock.pattern.terms import ExactString

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.pattern import Pattern
    from eventmock.state import State

_SOURCE = "aws.s3"


class Bucket(NamedTuple):
    """A bucket.

    Attributes:
        name: The name.
        account: The id of the account that owns the bucket.
        region: The region of the bucket.
    """

    name: str
    account: str
    region: str


class SilentBuckets(KeptSet[Bucket]):
    """The buckets in which objects have changed, and that have not sent an event since. A part of the state."""


def about_buckets(state: State, pattern: Pattern, account: str, region: str) -> Iterator[str]:
    """Yield advice about a rule of a default bus: buckets that it waits for, and that send nothing.

    A rule that names no bucket waits for any, so there is no advice if one of them has sent an event. The caller holds
    the lock of the state.

    Args:
        state: The state of the mock.
        pattern: The pattern of the rule.
        account: The account of the rule.
        region: The region of the rule.
    """
    silent = [
        each for each in state.settings(SilentBuckets) if (each.account, each.region) == (account, region)
    ]
    if not silent:
        return
    named = _buckets_of(pattern)
    if named is None or (not named and _has_any(state, account, region)):
        return
    for bucket in sorted(silent):
        if not named or bucket.name in named:
            yield (
                f"objects changed in moto's bucket {bucket.name} while it did not send its events to EventBridge; "
                f"before that, say put_bucket_notification_configuration(Bucket={bucket.name!r}, "
                "NotificationConfiguration={'EventBridgeConfiguration': {}})"
            )


def _buckets_of(pattern: Pattern) -> set[str] | None:
    """Return the buckets that a pattern names; empty if it names none; None if it is not about events of S3."""
    named: set[str] = set()
    is_of_s3 = False
    for alternative in pattern.alternatives:
        texts = {
            field.path: [term.text for term in field.terms if isinstance(term, ExactString)]
            for field in alternative.written
        }
        if _SOURCE in texts.get("source", ()):
            is_of_s3 = True
            named.update(texts.get("detail.bucket.name", ()))
    return named if is_of_s3 else None


def _has_any(state: State, account: str, region: str) -> bool:
    """Return whether an event of S3 itself has come to an account and region."""
    return any(
        event.source == _SOURCE
        and event.origin == "service"
        and (event.account, event.region) == (account, region)
        for event in state.ledger.received
        if not event.detail_type.endswith("CloudTrail")
    )
