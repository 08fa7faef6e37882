"""Rules of other buses that would match an event that matched no user-made rule on its own bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, Self

from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.traced_rule import TracedRule
    from eventmock.state import State

MOST_NAMED: Final = 5
"""The most rules of a bus that are named; the others are counted."""


class LookedAtBus(Protocol):
    """An event bus, as this module needs it."""

    @property
    def name(self) -> str:
        """The name of the bus."""

    @property
    def arn(self) -> str:
        """The ARN of the bus."""

    def rules_matching(self, event: Event) -> Sequence[TracedRule]:
        """Return the rules of the bus that are enabled and match an event."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The buses of a backend as they were at some moment.

    Attributes:
        buses: Copies of the buses.
        custom_buses: The account, the region and the name of each custom event bus.
    """

    buses: Sequence[LookedAtBus]
    custom_buses: frozenset[tuple[str, str, str]] = frozenset()

    @classmethod
    def of(cls, state: State) -> Self:
        """Return the buses of a mock as they are now."""
        from eventmock.services.events.event_bus import buses_of

        with state.lock:
            return cls(
                [bus.detached() for account in state.accounts.all for bus in buses_of(account).values()],
                frozenset(_custom_buses(state)),
            )

    def lines(self, received: ReceivedEvent) -> Iterator[str]:
        """Yield the rules of other buses that would match an event, a line a bus; none if a user-made rule matched.

        Buses that got the event from its own bus are left out: the arrival there has its own lines.

        Args:
            received: The arrival. An event that was refused, or that came from another bus, has no lines.
        """
        if (
            received.dropped is not None
            and (received.account, received.region, received.bus) in self.custom_buses
        ):
            yield (
                f'"{received.bus}" is a custom event bus: publish by PutEvents of boto3.client("eventbridgev2"), with '
                "the ARN of the bus as EventBusArn"
            )
        if received.envelope is None or received.origin == "bus":
            return
        if any(rule.is_users_own for rule in received.matching):
            return
        reached = {delivery.target_arn for delivery in received.deliveries}
        for bus in self.buses:
            arn = Arn.parse(bus.arn)
            assert arn is not None
            is_in_place = (arn.account, arn.region) == (received.account, received.region)
            if (is_in_place and bus.name == received.bus) or bus.arn in reached:
                continue
            names = [rule.name for rule in bus.rules_matching(received.envelope) if rule.is_users_own]
            if names:
                where = f'"{bus.name}"' + ("" if is_in_place else f" of {arn.account} in {arn.region}")
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                yield f"on {where} it would match {', '.join(names[:MOST_NAMED])}{more}"


def _custom_buses(state: State) -> Iterator[tuple[str, str, str]]:
    """Yield the account, the region and the name of each custom event bus."""
    from eventmock.backend.custom_event_buses import uses_custom_buses

    if not uses_custom_buses(state):
        return
    from eventmock.services.custom_event_bus.event_bus import custom_buses_of

    for account in state.accounts.all:
        yield from ((account.id, account.region, name) for name in custom_buses_of(account))
