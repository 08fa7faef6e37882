"""API destinations: one request for a batch, with the credentials of the connection.

The destination and its connection are Classic's, which makes the request (`eventmock.delivery.receivers.TakesHttp`).

Source: custom-event-bus sections 7.2 and 9.2. Documented: the parameters; binary data are a JSON string of their
base64. Inferred: of several events, the parameters are those of the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.custom_event_bus.calls.batch import Batch


class BatchInvocation(NamedTuple):
    """A batch, as the request to an API destination is made of it.

    Attributes:
        batch: The batch.
    """

    batch: Batch

    @property
    def target(self) -> Mapping[str, Any]:
        """The parameter block, with the results of its expressions."""
        return {"HttpParameters": self.batch.parameters}

    @property
    def body(self) -> str:
        """The body."""
        return self.batch.text

    @property
    def trace_header(self) -> None:
        """None: subscribers pass no trace header on."""

    @property
    def region(self) -> str:
        """The region of the subscriber."""
        return self.batch.subscriber.region

    @property
    def account(self) -> str:
        """The account of the subscriber."""
        return self.batch.subscriber.account

    def resolved(self, value: str) -> str:
        """Return a value as it is: its expression has been evaluated."""
        return value
