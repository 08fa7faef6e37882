"""Custom Event Buses, a newer sort of bus, which can be the target of a rule that has a role.

Source: targets-and-delivery section 3 (documented). `eventmock.services.custom_event_bus` receives what schedules send to
one; a delivery of a rule is only recorded.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, TargetKind

KIND = TargetKind(name="Custom Event Bus", service="events", resource=f"event-busv2/{NAME}/{NAME}")
