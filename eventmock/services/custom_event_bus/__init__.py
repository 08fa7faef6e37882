"""The Custom Event Bus of Amazon EventBridge: the state and the behaviour of the service, boto3's ``eventbridgev2``.

Each file is one concept. The file of a record has a name in the singular, and the file of its operations a name in the
plural. The package knows no wire format and no botocore. `eventmock.services.events` is the older service, which AWS
calls "Custom Event Bus - Classic" now.
"""

from typing import Final

from eventmock.services.service import Entries, Service

SERVICE: Final = Service(
    title="Amazon EventBridge Custom Event Bus",
    name="eventbridgev2",
    endpoint_prefix="eventsv2",
    event_name="eventbridgev2",
    face_module="eventmock.services.custom_event_bus.face",
    entries={
        "PutEvents": Entries("Entries", are_events=True),
        "PutRawEvents": Entries("Entries", are_events=True),
    },
    failed_states={
        "CREATE_FAILED": ("CreateEventBus", "CreateEventSource"),
        "UPDATE_FAILED": ("UpdateEventBus", "UpdateEventSource"),
        "DELETE_FAILED": ("DeleteEventBus", "DeleteEventSource"),
        "PROVISION_FAILED": ("CreateSubscriber", "UpdateSubscriber"),
    },
    receives=frozenset({"Custom Event Bus"}),
    since="1.43.102",
)
