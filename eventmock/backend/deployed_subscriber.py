"""`DeployedSubscriber`: a subscriber of a deployed template, with the assertions of a backend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from eventmock.backend.assertions.sentences import Assertions
from eventmock.exceptions import OptionError
from eventmock.history.delivery import Deliveries
from eventmock.options import KnownAttributes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.backend.assertions.filters import Wanted
    from eventmock.backend.assertions.scope import Scope
    from eventmock.history.progress import Status
    from eventmock.services.custom_event_bus.subscriber_inspection import SubscriberInspection
    from eventmock.state import State


@dataclass(frozen=True, slots=True, eq=False)
class DeployedSubscriber(Assertions, KnownAttributes):
    """A subscriber of a stack, with the assertions of a backend about what its target gets.

    Attributes:
        logical_id: The logical ID in the template.
        name: The name of the subscriber.
        arn: The ARN of the subscriber.
        bus_arn: The ARN of its custom event bus, which may be of another account.
    """

    said_as: ClassVar = "subscriber"

    logical_id: str
    name: str
    arn: str
    bus_arn: str
    _inspection: SubscriberInspection = field(repr=False)
    _state: State = field(repr=False)

    @property
    def deliveries(self) -> Deliveries:
        """The events that the subscriber has taken up for its target, in order."""
        self._state.clock.run_due()
        return Deliveries(one for one in self._state.ledger.deliveries if one.sender_arn == self.arn)

    def explain(self) -> str:
        """Return the subscriber in words: its state, its filters, how far it has read its bus, and what waits.

        Raises:
            NoSuchSubscriber: The subscriber was deleted.
        """
        __tracebackhide__ = True
        return self._inspection.explain()

    @property
    def _scope(self) -> Scope:
        from eventmock.backend.assertions.scope import Scope

        return Scope(self._state)

    def _asked(self, call: str, status: Status, filters: Mapping[str, Any]) -> tuple[Scope, Wanted]:
        __tracebackhide__ = True
        if "subscriber" in filters:
            raise OptionError(f"{call}(subscriber=...): the subscriber is {self.name!r} already")
        return Assertions._asked(self, call, status, {"subscriber": self.arn, **filters})  # noqa: SLF001 - of the base
