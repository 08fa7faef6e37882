"""Whether a mock has custom event buses, and what waits on them. Who asks need not import the service before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventmock.services.custom_event_bus.bus_standing import BusStanding
    from eventmock.services.custom_event_bus.outlook import Outlook
    from eventmock.state import State


def uses_custom_buses(state: State) -> bool:
    """Return whether there is, or was, a custom event bus in a mock."""
    return any(account.has_table("CustomEventBus") for account in state.accounts.all)


def outlook_of(state: State) -> Outlook | None:
    """Return what waits for the subscribers of a mock; None if there was never a custom event bus.

    Args:
        state: The state of the mock. The caller holds its lock.
    """
    if not uses_custom_buses(state):
        return None
    from eventmock.services.custom_event_bus.outlook import Outlook

    return Outlook.of(state)


def buses_standing(state: State, outlook: Outlook | None) -> list[BusStanding] | None:
    """Return how the custom event buses of a mock stand now; None if there was never one.

    Args:
        state: The state of the mock. The caller holds its lock.
        outlook: What `outlook_of` returned.
    """
    if outlook is None:
        return None
    from eventmock.services.custom_event_bus.bus_standing import bus_standings

    return bus_standings(state, outlook)
