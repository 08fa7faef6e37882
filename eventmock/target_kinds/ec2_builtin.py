"""Built-in targets of EC2, such as ``target/stop-instance``, made by AWS's console. Their calls are not documented."""

from __future__ import annotations

from eventmock.target_kinds.kind import TargetKind

KIND = TargetKind(
    name="EC2 built-in",
    service="events",
    resource="target/(create-snapshot|reboot-instance|stop-instance|terminate-instance)",
)
