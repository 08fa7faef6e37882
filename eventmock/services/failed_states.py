"""States such as ``CREATE_FAILED``, to which a fault that a test injects leads a request.

Source: the states are the service model's. Which operation leads to which state is read from the state's name
(inferred), and for endpoints also documented. Authorisation that fails leads to ``DEAUTHORIZED``
(schedules-archives-permissions section 6). The test states the reasons, because AWS's texts are not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from eventmock.services.call import Call


CREATE_FAILED: Final = "CREATE_FAILED"
UPDATE_FAILED: Final = "UPDATE_FAILED"
DELETE_FAILED: Final = "DELETE_FAILED"
DEAUTHORIZED: Final = "DEAUTHORIZED"
FAILED_CONNECTIVITY: Final = "FAILED_CONNECTIVITY"
FAILED: Final = "FAILED"
PROVISION_FAILED: Final = "PROVISION_FAILED"


class StateFailed(NamedTuple):
    """A state of failure, with its reason.

    Attributes:
        state: The name of the state, such as ``CREATE_FAILED``.
        reason: The ``StateReason``.
    """

    state: str
    reason: str


def failed_state(call: Call, *states: str) -> StateFailed | None:
    """Return the state of failure to which a fault leads a request; None if the request has no such fault.

    Args:
        call: The call of the request.
        states: The states of failure to which the request may lead.
    """
    fault = None if call.faults is None else call.faults.of_state(states)
    return None if fault is None else StateFailed(str(fault.state), str(fault.failure))
