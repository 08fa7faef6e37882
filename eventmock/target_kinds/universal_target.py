"""Universal targets: any operation of any service, named by an ARN without region and account.

Only schedules of EventBridge Scheduler and subscribers of custom event buses have such targets, so PutTargets refuses
them. The call depends on the installed service models; for schedules it is in
`eventmock.services.scheduler.universal_targets`. Source: scheduler section 12, custom-event-bus section 9.3.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eventmock.target_kinds.kind import TargetKind

KIND = TargetKind(
    name="universal target",
    service="scheduler",
    resource="aws-sdk:[a-z0-9]+:[a-z][A-Za-z0-9]*",
    names_region=False,
    may_be_of_aws=True,
)

OF_SUBSCRIBERS: Final = replace(KIND, service="events")
"""The universal targets of subscribers, whose ARNs name another service."""

READING: Final = re.compile(
    "(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe"
    "|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized"
    "|invokeModel)([A-Z].*)?"
)
"""The actions that only read, which universal targets cannot call (documented for EventBridge Scheduler)."""
