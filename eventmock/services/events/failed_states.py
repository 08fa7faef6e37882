"""States such as ``CREATE_FAILED``, to which a fault that a test injects leads a request.

Source: the states are the service model's. Which operation leads to which is read from the state's name (inferred), and
for endpoints also documented. Authorisation that fails leads to ``DEAUTHORIZED`` (schedules-archives-permissions
section 6). The test gives the reasons: AWS's texts are not known.
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


class StateFailed(NamedTuple):
    """A state that failed.

    Attributes:
        state: Its name, such as ``CREATE_FAILED``.
        reason: Its ``StateReason``.
    """

    state: str
    reason: str


def failed_state(call: Call, *states: str) -> StateFailed | None:
    """The failed state to which a fault leads a request; None if the request succeeds.

    Args:
        call: The call of the request.
        states: Those that the request may lead to.
    """
    fault = None if call.faults is None else call.faults.of_state(states)
    return None if fault is None else StateFailed(str(fault.state), str(fault.failure))
