"""A made-up service: lamps of lighthouses. It shows all that a service has to say of itself."""

from typing import Final

from eventmock.services.service import Service

SERVICE: Final = Service(
    title="Amazon Lighthouse",
    name="lighthouse",
    endpoint_prefix="lighthouse",
    event_name="lighthouse",
    face_module="lighthouse.face",
)
