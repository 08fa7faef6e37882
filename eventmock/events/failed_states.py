"""States by which what a request began has failed: they come of a fault that a test injects.

Source: the states are the service model's. Which operation leads to which is its name, for endpoints also documented;
that authorisation which fails leads to ``DEAUTHORIZED`` is schedules-archives-permissions section 6. The reasons are
the test's: AWS's texts are not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from eventmock.events.account import Account

CREATE_FAILED: Final = "CREATE_FAILED"
UPDATE_FAILED: Final = "UPDATE_FAILED"
DELETE_FAILED: Final = "DELETE_FAILED"
DEAUTHORIZED: Final = "DEAUTHORIZED"
FAILED_CONNECTIVITY: Final = "FAILED_CONNECTIVITY"
FAILED: Final = "FAILED"


class StateFailed(NamedTuple):
    """A state that failed.

    Attributes:
        state: Which.
        reason: Its ``StateReason``.
    """

    state: str
    reason: str


def failed_state(account: Account, *states: str) -> StateFailed | None:
    """The state of these that a fault has the present request lead to; None if it leads to the one that was asked for.

    Args:
        account: Whose request it is.
        states: Those that the request may lead to.
    """
    faults = account.shared.faults
    fault = faults.foreseen(states) if faults.any else None
    return None if fault is None else StateFailed(str(fault.state), str(fault.failure))
