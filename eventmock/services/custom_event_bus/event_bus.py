"""The record of a custom event bus, its states, and the search for one. The operations are in `event_buses`.

Source: custom-event-bus sections 3.1, 3.9 and 5. Documented: the states, and what each allows. Inferred: the texts
for UpdateEventBus and DeleteEventBus name the states that allow the operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.custom_event_bus import errors
from eventmock.services.failed_states import CREATE_FAILED, DELETE_FAILED, UPDATE_FAILED
from eventmock.values.arn import Arn
from eventmock.values.moments import in_milliseconds
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.parts.accounts import Account
    from eventmock.services.custom_event_bus.resource_policy import ResourcePolicy
    from eventmock.services.custom_event_bus.share import Share
    from eventmock.state import State

ACTIVE: Final = "ACTIVE"
CREATING: Final = "CREATING"
UPDATING: Final = "UPDATING"
DELETING: Final = "DELETING"

ID_LENGTH: Final = 25
"""The number of characters of the generated id in the ARN of an event bus, a subscriber or an event source."""

ALLOWING: Final = {
    "UpdateEventBus": (ACTIVE, UPDATE_FAILED),
    "DeleteEventBus": (ACTIVE, UPDATE_FAILED, CREATE_FAILED, DELETE_FAILED),
}
"""The states of an event bus that allow an operation; `IN_SERVICE` for all operations that are not here."""
IN_SERVICE: Final = (ACTIVE, UPDATING, UPDATE_FAILED)
"""The states in which an event bus takes events, subscribers and event sources."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CustomEventBus:
    """A custom event bus.

    A record is immutable. A change of the event bus replaces its record by a new one.

    Attributes:
        name: The name, unique among the custom event buses of an account in a region.
        arn: The ARN, which has a generated id. An event bus that is deleted and made again has another one.
        account: The id of the account that owns the event bus.
        creation_time: The moment of CreateEventBus, an aware datetime in UTC, in whole milliseconds.
        last_modified_time: The moment of the last change, an aware datetime in UTC.
        retention: The time for which events are kept.
        state: The state, such as ``ACTIVE``.
        state_reason: The reason of a failed state; None in other states.
        description: The description; None if there is none.
        key_identifier: The ``KmsKeyIdentifier`` of the encryption; None if it is AWS's own key.
        tags: The values of the tags, by key.
        policies: The resource policies, by name.
        shares: What AWS RAM shares with other accounts, from the first to the last.
        key: An object that is another one after each request that changes the state.
    """

    name: str
    arn: str
    account: str
    creation_time: datetime
    last_modified_time: datetime
    retention: timedelta
    state: str = CREATING
    state_reason: str | None = None
    description: str | None = None
    key_identifier: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    policies: Mapping[str, ResourcePolicy] = field(default_factory=dict)
    shares: tuple[Share, ...] = ()
    key: object = field(default_factory=object, repr=False)

    @property
    def region(self) -> str:
        """The region."""
        return Arn.of(self.arn).region

    def retained_since(self, now: datetime) -> datetime:
        """Return the moment since which events are kept, an aware datetime in UTC; ``now`` is one, too."""
        return max(in_milliseconds(now) - self.retention, self.creation_time)

    def members(self, now: datetime) -> dict[str, Any]:
        """Return the members that an answer shows of the event bus at a moment, by AWS name."""
        key = self.key_identifier
        return {
            "Name": self.name,
            "EventBusArn": self.arn,
            "EventBusAccountId": self.account,
            "Description": self.description,
            "EncryptionConfiguration": None if key is None else {"KmsKeyIdentifier": key},
            "StorageConfiguration": {
                "RetentionPeriodInDays": self.retention // timedelta(days=1),
                "RetentionWindowStartTime": self.retained_since(now),
            },
            "State": self.state,
            "StateReason": self.state_reason,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
        }

    def check_state(self, operation: str) -> None:
        """Check that the state of the event bus allows an operation.

        Args:
            operation: The name of the operation, such as ``PutEvents``.

        Raises:
            AwsError: The state does not allow it (``InvalidStateException``).
        """
        wanted = ALLOWING.get(operation, IN_SERVICE)
        if self.state not in wanted:
            raise errors.wrong_state(
                operation, wanted, f"the event bus {self.name} is {self.state}{self._outlook}"
            )

    @property
    def _outlook(self) -> str:
        """What the tester should know of the state: its reason, or how it ends."""
        if self.state in {CREATING, UPDATING, DELETING}:
            return "; this ends on backend.clock, after backend.delays.custom_event_bus"
        return f" ({self.state_reason})" if self.state_reason else ""


def custom_buses_of(account: Account) -> dict[str, CustomEventBus]:
    """Return the custom event buses of an account by name, for the caller to read and change."""
    return account.table(CustomEventBus)


def replace_bus(state: State, bus: CustomEventBus) -> None:
    """Replace the record of a custom event bus, in the account that owns it, by another one."""
    custom_buses_of(state.accounts.get(bus.account, bus.region))[bus.name] = bus


def bus_of_arn(state: State, arn: str) -> CustomEventBus | None:
    """Return the custom event bus of an ARN, in any account and region; None if there is none."""
    place = Arn.parse(arn)
    account = None if place is None else state.accounts.find(place.account, place.region)
    found = None if account is None else custom_buses_of(account).get(_name_in(arn))
    return found if found is not None and found.arn == arn else None


def find_bus(account: Account, arn: str) -> CustomEventBus:
    """Return the custom event bus of an ARN, for a request of its owner.

    Args:
        account: The account and region of the caller.
        arn: The ARN of the event bus.

    Raises:
        AwsError: The event bus is of another account (``AccessDeniedException``), or does not exist in the region.
    """
    place = Arn.parse(arn)
    if place is not None and place.account != account.id:
        raise errors.access_denied(
            f"the event bus is of account {place.account}, and the caller is {account.id}"
        )
    found = bus_of_arn(account.state, arn) if place is not None and place.region == account.region else None
    if found is None:
        raise errors.not_found("Event bus", arn, _advice(account, arn))
    return found


def description_of(given: str | None) -> str | None:
    """Return a description, of an event bus or of what is attached to one; None if it is blank, which removes it."""
    return given if given and given.strip() else None


def _name_in(arn: str) -> str:
    """Return the name in the ARN of an event bus, which ends in ``event-busv2/NAME/ID``; empty for any other ARN."""
    kind, _, name_and_id = arn.rpartition(":")[2].partition("/")
    return name_and_id.partition("/")[0] if kind == "event-busv2" else ""


def _advice(account: Account, arn: str) -> str:
    """Return a hint on the ARN of an event bus that does not exist; empty if there is nothing to say."""
    place, name = Arn.parse(arn), _name_in(arn)
    if place is not None and place.region != account.region:
        return f"the ARN is of region {place.region}, and the request came to {account.region}"
    buses = custom_buses_of(account)
    if name in buses:
        return f"the event bus of that name has the ARN {buses[name].arn}: an event bus made again has another id"
    near = nearest_name(name, buses)
    return "" if near is None else f"did you mean {buses[near].arn}?"
