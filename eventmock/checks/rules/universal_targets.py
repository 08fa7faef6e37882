"""Rules about universal targets of EventBridge Scheduler: calls of any service, of which AWS checks little before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.checks.scheduled_calls import call_of
from eventmock.checks.table import rule
from eventmock.target_kinds import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject

_OF_BOTOCORE: Final = "installed botocore"
"""What is in the reason if the service or the action is not known."""


@rule(
    "call-that-cannot-be-made",
    "warning",
    "A universal target whose action there is not, or whose `Input` does not fit the action.",
)
def call_that_cannot_be_made(subject: Subject) -> Iterator[Found]:
    """Yield the universal targets whose call AWS cannot make.

    The installed botocore may be older than a service or an action. So one that it does not know is found only if it
    knows one of nearly that name.
    """
    for one in subject.schedules:
        for target in one.targets:
            if subject.is_made_up(one.resource, *target.keys, "Input"):
                continue
            try:
                call_of(one)
            except InvalidRequest as refusal:
                is_input = _OF_BOTOCORE not in str(refusal)
                if not is_input and "did you mean" not in str(refusal):
                    continue
                yield subject.found_at(
                    target,
                    "Input" if is_input else "Arn",
                    what=f"{target.arn}: {refusal}",
                    production="it deploys, and no invocation succeeds",
                    instead="the parameters of the operation, as AWS's API reference names them"
                    if is_input
                    else "a service and an action that AWS's SDKs have",
                )
