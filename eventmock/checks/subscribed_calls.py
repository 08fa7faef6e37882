"""What the role of a subscriber of a custom event bus needs, as far as a template says it.

Source: custom-event-bus sections 9.1 and 9.2. Not known here are the actions for another custom event bus, which depend
on the events, and for universal targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from eventmock.services.custom_event_bus.kinds import kind_of_target
from eventmock.target_kinds.kind import Need

if TYPE_CHECKING:
    from eventmock.checks.subject import Target
    from eventmock.values.arn import Arn

_IN_BATCHES: Final = {
    "Firehose stream": "firehose:PutRecordBatch",
    "Kinesis stream": "kinesis:PutRecords",
}
"""The actions for the kinds of which a subscriber sends several events in one call, where a rule sends one."""
_MACHINE: Final = "Step Functions state machine"


def needs_of(target: Target, arn: Arn) -> list[Need]:
    """Return what the role of a subscriber needs to deliver to its target; none if it is not known.

    Args:
        target: The target.
        arn: The ARN of the target.
    """
    kind = kind_of_target(arn)
    if kind is None or kind.permission is None or kind.permission.needs is not None:
        return []
    action = _IN_BATCHES.get(kind.name, kind.permission.action)
    block = target.members.get("StepFunctionsParameters")
    if (
        kind.name == _MACHINE
        and isinstance(block, Mapping)
        and block.get("InvocationType") == "REQUEST_RESPONSE"
    ):
        action = "states:StartSyncExecution"
    return [Need(action, str(arn))]
