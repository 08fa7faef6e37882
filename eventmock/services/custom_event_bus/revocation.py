"""RevokeResource: the owner of a bus withdraws what others have attached to it, for good.

Source: custom-event-bus sections 3.4 and 8.8. Documented: an unknown resource is AccessDeniedException; what is revoked
can only be deleted. Inferred: revoking again succeeds; what waits is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.readers import Readers
from eventmock.services.custom_event_bus.subscriber import keep, subscriber_of_arn
from eventmock.values.arn import Arn
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


@operation(lacks="Event sources cannot be revoked yet.")
def revoke_resource(call: Call, request: Mapping[str, Any]) -> dict[str, str]:
    """Withdraw a subscriber of a bus of the account. Its events are not delivered any more."""
    arn = request["Arn"]
    _revoke_subscriber(call.account, arn)
    return {"Arn": arn}


def _revoke_subscriber(account: Account, arn: str) -> None:
    """Revoke a subscriber.

    Raises:
        AwsError: There is none, or its bus is of another account (``AccessDeniedException``).
    """
    state = account.state
    subscriber = subscriber_of_arn(state, arn)
    if subscriber is None or subscriber.region != account.region:
        raise errors.access_denied(f"there is no subscriber {arn} in {account.region}")
    owner = Arn.of(subscriber.bus_arn).account
    if owner != account.id:
        raise errors.access_denied(f"the event bus is of account {owner}, and the caller is {account.id}")
    if not subscriber.is_revoked:
        keep(state, replace(subscriber, is_revoked=True, last_modified_time=state.clock.now()))
        state.part(Readers).forget(subscriber, "the subscriber was revoked")
