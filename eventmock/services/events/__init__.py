"""Amazon EventBridge, one concept a file.

A record has a file in the singular (`rule`), the operations on it have one in the plural (`rules`); small records
stand with their operations. What the service is: its state and behaviour. What it is not: it knows no wire format and
no botocore.
"""

from typing import Final

from eventmock.services.service import Entries, Service

SERVICE: Final = Service(
    title="Amazon EventBridge",
    name="events",
    endpoint_prefix="events",
    event_name="eventbridge",
    face_module="eventmock.services.events.face",
    entries={
        "PutEvents": Entries("Entries", are_events=True),
        "PutPartnerEvents": Entries("Entries", are_events=True),
        "PutTargets": Entries("Targets"),
        "RemoveTargets": Entries("Ids"),
    },
    failed_states={
        "CREATE_FAILED": ("CreateArchive", "CreateEndpoint"),
        "UPDATE_FAILED": ("UpdateArchive", "UpdateEndpoint"),
        "DELETE_FAILED": ("DeleteEndpoint",),
        "DEAUTHORIZED": ("CreateConnection", "UpdateConnection"),
        "FAILED_CONNECTIVITY": ("CreateConnection", "UpdateConnection"),
        "FAILED": ("StartReplay",),
    },
    receives=frozenset({"event bus", "API destination"}),
)
