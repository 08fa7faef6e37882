"""Which rules of other buses would match an event that matched no user-made rule on its own bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.event.event import Event
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.traced_rule import TracedRule

MOST_NAMED: Final = 5
"""How many rules of a bus are named; the others are counted."""


class LookedAtBus(Protocol):
    """An event bus, as far as this module needs it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def arn(self) -> str:
        """Its ARN."""

    def rules_matching(self, event: Event) -> Sequence[TracedRule]:
        """Its rules that are enabled and match."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The buses of a backend as they were at some moment.

    Attributes:
        buses: Copies of them.
    """

    buses: Sequence[LookedAtBus]

    def lines(self, received: ReceivedEvent) -> Iterator[str]:
        """The rules that an event would match elsewhere, a line per bus; nothing if it matched a user-made rule.

        Buses to which the event went on are left out: there is an arrival that tells of those.
        """
        if received.envelope is None or received.arrived_by is not None:
            return
        if any(rule.is_users_own for rule in received.matching):
            return
        reached = {delivery.target_arn for delivery in received.deliveries}
        for bus in self.buses:
            _, _, _, region, account, _ = bus.arn.split(":", 5)
            is_in_place = (account, region) == (received.account, received.region)
            if (is_in_place and bus.name == received.bus) or bus.arn in reached:
                continue
            names = [rule.name for rule in bus.rules_matching(received.envelope) if rule.is_users_own]
            if names:
                where = f'"{bus.name}"' + ("" if is_in_place else f" of {account} in {region}")
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                yield f"on {where} it would match {', '.join(names[:MOST_NAMED])}{more}"
