"""What is attached to a custom event bus, in all accounts: its subscribers and its event sources.

Source: custom-event-bus sections 3.10 and 4.1. Documented: what is revoked, and an event source in CREATE_FAILED, do
not keep a bus from being deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.event_source import event_sources_on, is_attached
from eventmock.services.custom_event_bus.subscriber import subscribers_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.services.custom_event_bus.subscriber import Subscriber
    from eventmock.state import State


def subscribers_on(state: State, bus_arn: str) -> Iterator[Subscriber]:
    """Yield the subscribers of a bus, of all accounts. Revoked ones are among them."""
    for account in state.accounts.in_region(Arn.of(bus_arn).region):
        yield from (one for one in subscribers_of(account).values() if one.bus_arn == bus_arn)


def attached_kinds(state: State, bus_arn: str) -> list[str]:
    """Return the kinds of what is attached to a bus, in words; what is revoked does not count."""
    kinds = []
    if any(not one.is_revoked for one in subscribers_on(state, bus_arn)):
        kinds.append("subscribers")
    if any(is_attached(one) for one in event_sources_on(state, bus_arn)):
        kinds.append("event sources")
    return kinds


def check_nothing_attached(state: State, bus_arn: str) -> None:
    """Check that nothing is attached to a bus that is to be deleted.

    Raises:
        AwsError: A subscriber or an event source is attached (``ResourceInUseException``).
    """
    kinds = attached_kinds(state, bus_arn)
    if kinds:
        raise errors.in_use(f"Event bus has {', '.join(kinds)} attached")
