"""Amazon EventBridge, one concept a file: its record, its operations, its life cycle together.

What it is: the service's state and behaviour. What it is not: it knows no wire format and no botocore.
"""

from typing import Final

from eventmock.events import event_buses, event_patterns, permissions, put_events, rules, tags, targets
from eventmock.events.account import Account, Accounts
from eventmock.events.model_corrections import CORRECTIONS
from eventmock.wire import operations_of

__all__ = ["CORRECTIONS", "OPERATIONS", "Account", "Accounts"]

OPERATIONS: Final = operations_of(event_buses, rules, targets, put_events, event_patterns, permissions, tags)
