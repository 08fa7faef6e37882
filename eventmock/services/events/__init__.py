"""Amazon EventBridge, one concept a file: its record, its operations, its life cycle together.

What it is: the service's state and behaviour. What it is not: it knows no wire format and no botocore.
"""

from typing import Final

from eventmock.services.events import (
    api_destinations,
    archives,
    connections,
    endpoints,
    event_buses,
    event_patterns,
    event_sources,
    partner_event_sources,
    partner_events,
    permissions,
    put_events,
    replays,
    rules,
    tags,
    targets,
)
from eventmock.services.events.account import Account, Accounts
from eventmock.services.events.delays import Delays
from eventmock.services.events.model_corrections import CORRECTIONS
from eventmock.services.events.quotas import Quotas
from eventmock.wire import operations_of

__all__ = ["ABSENT", "CORRECTIONS", "MODULES", "OPERATIONS", "Account", "Accounts", "Delays", "Quotas"]

MODULES: Final = (
    event_buses,
    rules,
    targets,
    put_events,
    event_patterns,
    permissions,
    tags,
    archives,
    replays,
    connections,
    api_destinations,
    endpoints,
    partner_event_sources,
    event_sources,
    partner_events,
)
OPERATIONS: Final = operations_of(*MODULES)
ABSENT: Final = frozenset[str]()
"""Operations of the service without a function; every other one of the installed model has one."""
