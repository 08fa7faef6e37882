"""Differences of EventBridge Scheduler from its public service model.

Source: scheduler section 1 (recorded).
"""

from typing import Final

from eventmock.wire import Corrections

CORRECTIONS: Final = Corrections(
    error_namespace="http://internal.amazon.com/coral/com.amazonaws.chronos/",
)
