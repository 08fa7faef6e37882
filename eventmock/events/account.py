"""What one account holds in one region, and what it stands in: the argument of every operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventmock.arn import Arn, events_arn, resource_name
from eventmock.events import errors
from eventmock.events.event_buses import DEFAULT_BUS, EventBus

if TYPE_CHECKING:
    from eventmock.clock import Clock
    from eventmock.delivery.courier import Courier
    from eventmock.identifiers import Identifiers
    from eventmock.trace import Trace


@dataclass(slots=True, kw_only=True)
class Accounts:
    """All accounts of a backend, made when they are first asked for, and what they share.

    Attributes:
        clock: Tells the time.
        identifiers: Makes ids.
        trace: Where everything that happens is written down.
        courier: Takes events to their targets.
        max_request_bytes: The limit of all entries of a PutEvents together: 1 MiB since 2026-01-29, 256 KiB
            before (AWS Compute blog).
    """

    clock: Clock
    identifiers: Identifiers
    trace: Trace
    courier: Courier
    max_request_bytes: int = 1024 * 1024
    _held: dict[tuple[str, str], Account] = field(default_factory=dict)

    def get(self, account_id: str, region: str) -> Account:
        """The account in that region."""
        key = (account_id, region)
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = Account(id=account_id, region=region, shared=self)
        return found

    def snapshot(self) -> dict[tuple[str, str], Account]:
        """A copy of all accounts."""
        return {key: account.copied() for key, account in self._held.items()}

    def restore(self, snapshot: dict[tuple[str, str], Account]) -> None:
        """Come back to a copy, which stays as it is."""
        self._held = {key: account.copied() for key, account in snapshot.items()}

    def clear(self) -> None:
        """Forget all accounts."""
        self._held = {}

    def find_bus(self, arn: str) -> EventBus | None:
        """The event bus of that ARN, in whichever account and region, if there is one."""
        parsed = Arn.parse(arn)
        if parsed is None:
            return None
        bus = self.get(parsed.account, parsed.region).event_buses.get(resource_name(arn))
        return bus if bus is not None and bus.arn == arn else None


class Account:
    """An account in a region.

    Args:
        id: The account id, 12 digits.
        region: Such as ``us-east-1``.
        shared: What all accounts of the backend share.
    """

    def __init__(self, *, id: str, region: str, shared: Accounts) -> None:  # noqa: A002 - AWS's word
        self.id = id
        self.region = region
        self.shared = shared
        now = shared.clock.now()
        default = EventBus(
            name=DEFAULT_BUS,
            arn=self.arn(f"event-bus/{DEFAULT_BUS}"),
            account_id=id,
            creation_time=now,
            last_modified_time=now,
        )
        self.event_buses: dict[str, EventBus] = {DEFAULT_BUS: default}

    def copied(self) -> Account:
        """An account that holds the same and goes its own way."""
        copy = Account(id=self.id, region=self.region, shared=self.shared)
        copy.event_buses = {name: bus.copied() for name, bus in self.event_buses.items()}
        return copy

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this account."""
        return events_arn(self.region, self.id, resource)

    def event_bus(self, name_or_arn: str | None) -> EventBus:
        """The event bus of that name or ARN; None is the default bus.

        An ARN may name another account's bus, but no other region's.

        Raises:
            AwsError: There is no such bus.
        """
        if name_or_arn is None:
            return self.event_buses[DEFAULT_BUS]
        bus = self.event_buses.get(name_or_arn)
        arn = Arn.parse(name_or_arn)
        if bus is None and arn is not None and arn.region == self.region:
            bus = self.shared.find_bus(name_or_arn)
        if bus is None:
            raise errors.event_bus_not_found(resource_name(name_or_arn))
        return bus
