"""`CustomBuses`: the Custom Event Bus of all accounts and regions, for the test to read and to set."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from eventmock.options import KnownAttributes
from eventmock.services.custom_event_bus.quotas import CustomBusQuotas

if TYPE_CHECKING:
    from eventmock.state import State


class CustomBuses(KnownAttributes):
    """The Custom Event Bus of all accounts and regions, for the test to read and to set.

    Args:
        state: The state of the mock.
    """

    __slots__ = ("_state",)
    said_as: ClassVar[str] = "custom_buses"

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def quotas(self) -> CustomBusQuotas:
        """The quotas of an account: AWS's defaults. Set an attribute to change a quota."""
        return self._state.settings(CustomBusQuotas)
