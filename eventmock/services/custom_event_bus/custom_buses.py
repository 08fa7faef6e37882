"""`CustomBuses`: the Custom Event Bus of all accounts and regions, for the test to read and to set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from eventmock.options import KnownAttributes
from eventmock.services.custom_event_bus.open_formats import OpenFormats
from eventmock.services.custom_event_bus.quotas import CustomBusQuotas

if TYPE_CHECKING:
    from collections.abc import Callable

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

    @property
    def decode(self) -> Callable[[str, str, bytes], Any] | None:
        """The function that decodes Avro and Protobuf in place of a schema registry; None if there is none. May be set.

        It is called with the ``RegistryUri`` of the request, the content type, such as ``application/avro``, and the
        bytes of an entry as they were sent, with the frame of the serialiser. It returns what a JSON reader would. A
        `ValueError` that it raises refuses the entry; any other exception comes out of the call of the code under test.

        Raises:
            OptionError: The new value is neither a function nor None.
        """
        return self._state.settings(OpenFormats).decode

    @decode.setter
    def decode(self, decode: Callable[[str, str, bytes], Any] | None) -> None:
        __tracebackhide__ = True
        self._state.settings(OpenFormats).decode = decode
