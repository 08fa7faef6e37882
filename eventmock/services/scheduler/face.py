"""The face of EventBridge Scheduler: its operations, and the other code that the rest of eventmock calls.

The modules are imported when a test first uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.services.scheduler.errors import invalid_token
from eventmock.services.scheduler.model_corrections import CORRECTIONS
from eventmock.services.service import Face
from eventmock.wire import Operations

if TYPE_CHECKING:
    from eventmock.delivery.receivers import Receiver
    from eventmock.state import State


def _universal_calls(state: State) -> Receiver:
    from eventmock.services.scheduler.universal_calls import UniversalCalls

    return UniversalCalls(state)


FACE: Final = Face(
    operations=Operations(
        "eventmock.services.scheduler",
        {
            "schedules": (
                "create_schedule",
                "update_schedule",
                "get_schedule",
                "list_schedules",
                "delete_schedule",
            ),
            "schedule_groups": (
                "create_schedule_group",
                "get_schedule_group",
                "list_schedule_groups",
                "delete_schedule_group",
            ),
            "tags": (
                "tag_resource",
                "untag_resource",
                "list_tags_for_resource",
            ),
        },
    ),
    corrections=CORRECTIONS,
    invalid_token=invalid_token,
    resource_types={
        "AWS::Scheduler::Schedule": "eventmock.services.scheduler.resource_types.schedule",
        "AWS::Scheduler::ScheduleGroup": "eventmock.services.scheduler.resource_types.schedule_group",
    },
    receivers={"universal target": _universal_calls},
    coverage="eventmock.services.scheduler.coverage",
    mutants="eventmock.services.scheduler.mutants",
)
