"""Amazon EventBridge: the state and the behaviour of the service.

Each file is one concept. The file of a record has a name in the singular (`rule`), and the file of its operations a
name in the plural (`rules`); small records are in the file of their operations. The package knows no wire format and no
botocore.
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
