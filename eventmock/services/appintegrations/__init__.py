"""Amazon AppIntegrations: the state and the behaviour of the service.

Each file is one concept: its operations and the changes of its state. The package knows no wire format and no botocore.
Of EventBridge it knows only which event buses and event sources exist.
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
