"""Universal targets of EventBridge Scheduler: any operation of any service, named by an ARN without region and account.

Only schedules have such targets, so PutTargets refuses them. The call depends on the installed service models; it is in
`eventmock.services.scheduler.universal_targets`. Source: scheduler section 12.
"""

from __future__ import annotations

from eventmock.target_kinds.kind import TargetKind

KIND = TargetKind(
    name="universal target",
    service="scheduler",
    resource="aws-sdk:[a-z0-9]+:[a-z][A-Za-z0-9]*",
    names_region=False,
    may_be_of_aws=True,
)
