"""RevokeResource: the owner of a bus withdraws what others have attached to it, for good.

Source: custom-event-bus sections 3.4 and 8.8. Documented: an unknown resource is AccessDeniedException; what is revoked
can only be deleted. Inferred: revoking again succeeds; what waits is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.batch_courier import readers_of
from eventmock.services.custom_event_bus.event_source import event_source_of_arn, keep as keep_event_source
from eventmock.services.custom_event_bus.subscriber import keep, subscriber_of_arn
from eventmock.values.arn import Arn
from eventmock.wire import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call


@operation
def revoke_resource(call: Call, request: Mapping[str, Any]) -> dict[str, str]:
    """Withdraw a subscriber or an event source of a bus of the account. It gets or forwards no more events."""
    arn = request["Arn"]
    is_event_source = Arn.of(arn).resource.startswith("event-sourcev2/")
    revoke = _revoke_event_source if is_event_source else _revoke_subscriber
    revoke(call.account, arn)
    return {"Arn": arn}


def _revoke_event_source(account: Account, arn: str) -> None:
    """Revoke an event source.

    Raises:
        AwsError: The event source does not exist in the region, or its bus is of another account
            (``AccessDeniedException``).
    """
    state = account.state
    event_source = event_source_of_arn(state, arn)
    if event_source is None or event_source.region != account.region:
        raise errors.access_denied(f"there is no event source {arn} in {account.region}")
    _check_owner(account, event_source.bus_arn)
    if not event_source.is_revoked:
        now = state.clock.now()
        keep_event_source(state, replace(event_source, is_revoked=True, last_modified_time=now))


def _revoke_subscriber(account: Account, arn: str) -> None:
    """Revoke a subscriber.

    Raises:
        AwsError: The subscriber does not exist in the region, or its bus is of another account
            (``AccessDeniedException``).
    """
    state = account.state
    subscriber = subscriber_of_arn(state, arn)
    if subscriber is None or subscriber.region != account.region:
        raise errors.access_denied(f"there is no subscriber {arn} in {account.region}")
    _check_owner(account, subscriber.bus_arn)
    if not subscriber.is_revoked:
        keep(state, replace(subscriber, is_revoked=True, last_modified_time=state.clock.now()))
        readers_of(state).forget(subscriber, "the subscriber was revoked")


def _check_owner(account: Account, bus_arn: str) -> None:
    """Check that a bus is of an account.

    Raises:
        AwsError: The bus is of another account (``AccessDeniedException``).
    """
    owner = Arn.of(bus_arn).account
    if owner != account.id:
        raise errors.access_denied(f"the event bus is of account {owner}, and the caller is {account.id}")
