"""Sharing of custom event buses, as AWS Resource Access Manager does it for their owners.

Source: custom-event-bus section 13. Documented: AWS RAM writes the policy ``AWS_RAM``; the account finds a shared event
bus in its list, and uses it by its ARN; unsharing stops requests of the account, and its subscribers and event sources
go on until the owner revokes them.
Inferred: a share holds at once, because no invitation is modelled; sharing again changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventmock.services.custom_event_bus.event_bus import custom_buses_of, replace_bus
from eventmock.services.custom_event_bus.resource_policy import AWS_RAM, ResourcePolicy
from eventmock.services.custom_event_bus.share import Share, policy_of

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.state import State


def share(state: State, bus: CustomEventBus, account: str, permission: str) -> None:
    """Share an event bus with an account, which may take the actions of a managed permission.

    Args:
        state: The state of the mock. The caller holds its lock.
        bus: The event bus.
        account: The id of the account.
        permission: The name of the managed permission.
    """
    added = Share(account, permission)
    if added not in bus.shares:
        _set_shares(state, bus, (*bus.shares, added))


def unshare(state: State, bus: CustomEventBus, account: str, permission: str | None) -> None:
    """End the sharing of an event bus with an account: of one managed permission, or of all.

    Args:
        state: The state of the mock. The caller holds its lock.
        bus: The event bus.
        account: The id of the account.
        permission: The name of the managed permission; None for all.
    """
    gone = [one for one in bus.shares if one.account == account and permission in (None, one.permission)]
    if gone:
        _set_shares(state, bus, tuple(one for one in bus.shares if one not in gone))


def shared_with(account: Account) -> list[CustomEventBus]:
    """Return the event buses that other accounts share with an account in its region."""
    return [
        bus
        for owner in account.state.accounts.in_region(account.region)
        for bus in custom_buses_of(owner).values()
        if any(one.account == account.id for one in bus.shares)
    ]


def _set_shares(state: State, bus: CustomEventBus, shares: tuple[Share, ...]) -> None:
    policies = {name: policy for name, policy in bus.policies.items() if name != AWS_RAM}
    if shares:
        policies[AWS_RAM] = ResourcePolicy(AWS_RAM, policy_of(bus.arn, shares), state.identifiers.uuid())
    replace_bus(state, replace(bus, shares=shares, policies=policies))
