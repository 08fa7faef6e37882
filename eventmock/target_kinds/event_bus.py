"""Event buses: no call of an API, because eventmock forwards the event itself."""

from __future__ import annotations

from eventmock.target_kinds.kind import Permission, TargetKind

KIND = TargetKind(
    name="event bus",
    service="events",
    resource=r"event-bus(/[\.\-_A-Za-z0-9]+)+",
    permission=Permission("events:PutEvents", "AmazonEventBridge", has_policy=True, crosses_accounts=True),
)
