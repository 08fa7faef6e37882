"""Amazon AppIntegrations, one concept a file: its record, its operations, its life cycle together.

What it is: the service's state and behaviour. What it is not: it knows no wire format and no botocore, and nothing of
EventBridge but which event buses and event sources there are.
"""

from typing import Final

from eventmock.services.service import Service

SERVICE: Final = Service(
    title="Amazon AppIntegrations",
    name="appintegrations",
    endpoint_prefix="app-integrations",
    event_name="appintegrations",
    face_module="eventmock.services.appintegrations.face",
)
