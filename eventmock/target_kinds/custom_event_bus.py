"""Custom Event Buses, a newer sort of bus, which can be the target of a rule that has a role.

Source: targets-and-delivery section 3 (documented). eventmock has no Custom Event Buses yet, so a delivery to one is
only recorded.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, TargetKind

KIND = TargetKind(name="Custom Event Bus", service="events", resource=f"event-busv2/{NAME}/{NAME}")
