"""Clusters of Amazon MSK (Managed Streaming for Apache Kafka), whose topics get the records of subscribers.

Only subscribers of custom event buses have such targets, so PutTargets refuses them. A record is not a call of an AWS
API; `eventmock.services.custom_event_bus.calls.msk_cluster` makes it.
Source: custom-event-bus sections 9.1 and 9.4. Inferred: the form of the ARN, which is that of MSK's own API. The
permissions of the role are those of MSK's access control for each topic, and are not judged.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import NAME, TargetKind

KIND = TargetKind(name="MSK cluster", service="kafka", resource=f"cluster/{NAME}/{NAME}")
