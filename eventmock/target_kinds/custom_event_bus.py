"""Custom Event Buses, a newer sort of bus, which can be the target of a rule that has a role.

Source: targets-and-delivery section 3; custom-event-bus sections 9.1 and 12. Documented: an event whose source begins
with ``aws.`` needs ``events:PutEvents``, and any other ``events:PutRawEvents``, of the role of the rule or of the
subscriber. `eventmock.services.custom_event_bus` receives what is sent to one, and asks the policy of the event bus.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventmock.target_kinds.kind import NAME, Need, Permission, TargetKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.target_kinds.kind import Invocation


def permission_to_put(*, is_of_aws: bool) -> Permission:
    """Return the permission to put an event on a custom event bus.

    Args:
        is_of_aws: Whether the source of the event begins with ``aws.``.
    """
    action = "events:PutEvents" if is_of_aws else "events:PutRawEvents"
    return Permission(action, "AmazonEventBridge", crosses_accounts=True, needs=_needs)


def _needs(invocation: Invocation) -> Sequence[Need]:
    source = str(json.loads(invocation.event_text)["source"])
    permission = permission_to_put(is_of_aws=source.startswith("aws."))
    return [Need(permission.action, str(invocation.arn))]


KIND = TargetKind(
    name="Custom Event Bus",
    service="events",
    resource=f"event-busv2/{NAME}/{NAME}",
    permission=permission_to_put(is_of_aws=False),
)
