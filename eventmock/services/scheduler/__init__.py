"""EventBridge Scheduler: the state and the behaviour of the service.

Each file is one concept: its operations and the changes of its state. The package knows no wire format and no botocore,
but for the universal targets, whose calls are checked by botocore's models. Expressions and time zones are in
`eventmock.schedule`.
"""

from typing import Final

from eventmock.services.service import Service

SERVICE: Final = Service(
    title="Amazon EventBridge Scheduler",
    name="scheduler",
    endpoint_prefix="scheduler",
    event_name="scheduler",
    face_module="eventmock.services.scheduler.face",
    receives=frozenset({"universal target"}),
)
