"""The record of an event source, which feeds a custom event bus. The operations are in `event_sources`.

Source: custom-event-bus sections 4.3 and 11. Documented: the states, which of them allow what, and that revocation is
not a state. Inferred: making, changing and deleting take no time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.event_bus import bus_of_arn
from eventmock.services.failed_states import CREATE_FAILED, UPDATE_FAILED
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.services.custom_event_bus.event_bus import CustomEventBus
    from eventmock.services.custom_event_bus.webhook import Webhook
    from eventmock.state import State

ACTIVE: Final = "ACTIVE"
AWS_SERVICE: Final = "AwsServiceEventsConfiguration"
PARTNER: Final = "PartnerEventsConfiguration"
WEBHOOK: Final = "WebhookEventsConfiguration"

TYPES: Final = {
    AWS_SERVICE: "AWS_SERVICE_EVENTS",
    PARTNER: "PARTNER_EVENTS",
    WEBHOOK: "WEBHOOK_EVENTS",
}
"""The ``Type`` of an event source, by the member of its ``Configuration``."""
SEGMENTS: Final = {AWS_SERVICE: "aws.service", PARTNER: "aws.partner", WEBHOOK: "webhook"}
"""The part of the ARN that names the type, by the member of the ``Configuration``."""
FORWARDING: Final = (ACTIVE, UPDATE_FAILED)
"""The states in which an event source forwards events."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventSource:
    """An event source, which forwards events to a custom event bus.

    A record is immutable. A change of the event source replaces its record by a new one.

    Attributes:
        name: The name, unique among the event sources of an account in a region.
        arn: The ARN, which has the type and a generated id.
        account: The id of the account that made the event source.
        region: The region.
        bus_arn: The ARN of the bus, which may be of another account.
        variant: The member of the ``Configuration`` that is set, such as ``AwsServiceEventsConfiguration``.
        configuration: The members of that member, by AWS name, without secrets.
        creation_time: The moment of CreateEventSource, an aware datetime in UTC.
        last_modified_time: The moment of the last change, an aware datetime in UTC.
        state: The state, such as ``ACTIVE``.
        is_revoked: Whether the owner of the bus has withdrawn the event source for good.
        description: The description; None if there is none.
        rule_name: The name of the managed rule; empty for a webhook.
        rule_arn: The ARN of the managed rule; None if there is none.
        webhook: The URL and the credentials of a webhook; None for any other event source.
        tags: The values of the tags, by key.
    """

    name: str
    arn: str
    account: str
    region: str
    bus_arn: str
    variant: str
    configuration: Mapping[str, Any] = field(repr=False)
    creation_time: datetime
    last_modified_time: datetime
    state: str = ACTIVE
    is_revoked: bool = False
    description: str | None = None
    rule_name: str = ""
    rule_arn: str | None = None
    webhook: Webhook | None = None
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The type, such as ``AWS_SERVICE_EVENTS``."""
        return TYPES[self.variant]

    @property
    def members(self) -> dict[str, Any]:
        """All that an answer shows of the event source, by AWS name."""
        details = None if self.webhook is None else {"WebhookDetails": self.webhook.members}
        return {
            "EventSourceArn": self.arn,
            "Name": self.name,
            "EventBusArn": self.bus_arn,
            "Type": self.type,
            "Configuration": {self.variant: self.configuration},
            "Description": self.description,
            "State": self.state,
            "Revoked": True if self.is_revoked else None,
            "EventSourceDetails": details,
            "EventSourceAccountId": self.account,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
        }

    def check_not_revoked(self, operation: str) -> None:
        """Check that the event source is not revoked.

        Raises:
            AwsError: The event source is revoked (``InvalidStateException``).
        """
        if self.is_revoked:
            raise errors.revoked(operation, f"Event source {self.arn}")


def event_sources_of(account: Account) -> dict[str, EventSource]:
    """Return the event sources that an account has made, by name, for the caller to read and change."""
    return account.table(EventSource)


def keep(state: State, event_source: EventSource) -> EventSource:
    """Keep an event source that was made or changed, and return it. The caller holds the state's lock."""
    account = state.accounts.get(event_source.account, event_source.region)
    event_sources_of(account)[event_source.name] = event_source
    return event_source


def event_source_of_arn(state: State, arn: str) -> EventSource | None:
    """Return the event source of an ARN, in any account and region; None if there is none."""
    place = Arn.parse(arn)
    account = None if place is None else state.accounts.find(place.account, place.region)
    if account is None:
        return None
    return next((one for one in event_sources_of(account).values() if one.arn == arn), None)


def find_event_source(account: Account, arn: str) -> EventSource:
    """Return the event source of an ARN, for a request of the account that made it.

    Raises:
        AwsError: The event source is of another account (``AccessDeniedException``), or does not exist in the region.
    """
    place = Arn.parse(arn)
    if place is not None and place.account != account.id:
        raise errors.access_denied(
            f"the event source is of account {place.account}, and the caller is {account.id}"
        )
    found = event_source_of_arn(account.state, arn)
    if found is None or found.region != account.region:
        same = event_sources_of(account).get(arn.rpartition("/")[0].rpartition("/")[2])
        hint = "" if same is None else f"the event source of that name has the ARN {same.arn}"
        raise errors.not_found("Event source", arn, hint)
    return found


def event_sources_on(state: State, bus_arn: str) -> Iterator[EventSource]:
    """Yield the event sources of a bus, of all accounts. Revoked and failed ones are among them."""
    for account in state.accounts.in_region(Arn.of(bus_arn).region):
        yield from (one for one in event_sources_of(account).values() if one.bus_arn == bus_arn)


def event_source_of_rule(state: State, rule_arn: str) -> EventSource | None:
    """Return the event source that has a managed rule; None if the rule does not belong to an event source."""
    place = Arn.of(rule_arn)
    account = state.accounts.find(place.account, place.region)
    if account is None:
        return None
    return next((one for one in event_sources_of(account).values() if one.rule_arn == rule_arn), None)


def is_attached(event_source: EventSource) -> bool:
    """Return whether an event source keeps its bus from being deleted."""
    return not event_source.is_revoked and event_source.state != CREATE_FAILED


def check_takes(state: State, event_source: EventSource) -> CustomEventBus:
    """Return the bus of an event source, for an event that the event source forwards.

    The policy of the bus is not evaluated.

    Raises:
        AwsError: The event source is revoked (``AccessDeniedException``) or in a failed state, or the bus is gone or in
            a state in which it takes no events.
    """
    if event_source.is_revoked:
        raise errors.access_denied(f"the event source {event_source.name} is revoked")
    if event_source.state not in FORWARDING:
        raise errors.in_state(f"Event source {event_source.name}", event_source.state, "PutEvents")
    bus = bus_of_arn(state, event_source.bus_arn)
    if bus is None:
        raise errors.not_found("Event bus", event_source.bus_arn)
    bus.check_state("PutEvents")
    return bus
