"""What one account holds in one region, and what it stands in: the argument of every operation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from eventmock.services.events import errors
from eventmock.services.events.delays import Delays
from eventmock.services.events.event_buses import DEFAULT_BUS, EventBus
from eventmock.services.events.health_checks import HealthChecks
from eventmock.services.events.oauth_tokens import OAuthTokens
from eventmock.services.events.outages import Outages
from eventmock.services.events.quotas import Quotas
from eventmock.values.arn import Arn, events_arn, resource_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from eventmock.clock import Clock
    from eventmock.delivery.courier import Courier
    from eventmock.delivery.http_end import HttpEnd
    from eventmock.delivery.moto import Moto
    from eventmock.faults import Faults
    from eventmock.history.ledger import Ledger
    from eventmock.services.events.api_destinations import ApiDestination
    from eventmock.services.events.archives import Archive
    from eventmock.services.events.connections import Connection
    from eventmock.services.events.endpoints import Endpoint
    from eventmock.services.events.event_sources import EventSource
    from eventmock.services.events.replays import Replay
    from eventmock.state.identifiers import Identifiers


@dataclass(slots=True, kw_only=True)
class Accounts:
    """All accounts of a backend, made when they are first asked for, and what they share.

    Attributes:
        clock: Tells the time.
        identifiers: Makes ids.
        ledger: Where everything that happens is written down.
        courier: Takes events to their targets.
        faults: What a test made fail.
        moto: Calls moto.
        http: Who answers HTTP.
        lock: Held while state is read or changed, not while code of the test runs.
        is_strict: Whether what AWS would refuse for a reason that tests seldom care for is refused.
        enforces_policies: Whether the policies of buses are enforced.
        quotas: How many of each thing an account may have.
        delays: How long things take that take time on AWS.
        organizations: The organization of an account, by account id; accounts that are not there are in none.
        partners: The ids of the accounts that AWS knows as partners; a strict mock asks.
        outages: The regions that are out of service.
        health_checks: What endpoints fail over by.
        tokens: The OAuth tokens of connections.
        authorizing: The connections for which a token is being asked at the moment: by key, where they are and what
            asks again.
    """

    clock: Clock
    identifiers: Identifiers
    ledger: Ledger
    courier: Courier
    faults: Faults
    moto: Moto
    http: HttpEnd
    lock: AbstractContextManager[Any]
    is_strict: bool = False
    enforces_policies: bool = False
    quotas: Quotas = field(default_factory=Quotas)
    delays: Delays = field(default_factory=Delays)
    organizations: dict[str, str] = field(default_factory=dict)
    partners: set[str] = field(default_factory=set)
    outages: Outages = field(init=False)
    health_checks: HealthChecks = field(init=False)
    tokens: OAuthTokens = field(init=False)
    authorizing: dict[object, tuple[str, str, str, Callable[[Account, Any], None]]] = field(
        default_factory=dict
    )
    _held: dict[tuple[str, str], Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outages = Outages(self)
        self.health_checks = HealthChecks(
            self.clock, self.moto, self.ledger, self._health_checks_of_endpoints
        )
        self.tokens = OAuthTokens(self, self.http, self.lock)

    def get(self, account_id: str, region: str) -> Account:
        """The account in that region."""
        key = (account_id, region)
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = Account(id=account_id, region=region, shared=self)
        return found

    @property
    def all(self) -> list[Account]:
        """All accounts that have been asked for."""
        return list(self._held.values())

    def in_region(self, region: str) -> list[Account]:
        """The accounts in that region that have been asked for."""
        return [account for (_, held_in), account in self._held.items() if held_in == region]

    def snapshot(self) -> AccountsSnapshot:
        """A copy of all that is held."""
        return AccountsSnapshot(
            {key: account.copied() for key, account in self._held.items()},
            replace(self.quotas),
            replace(self.delays),
            dict(self.organizations),
            set(self.partners),
            self.outages.snapshot(),
            self.health_checks.snapshot(),
            self.tokens.snapshot(),
            dict(self.authorizing),
        )

    def restore(self, snapshot: AccountsSnapshot) -> None:
        """Bring back a snapshot, which is not changed; the clock has been restored before."""
        self._held = {key: account.copied() for key, account in snapshot.accounts.items()}
        self.quotas = replace(snapshot.quotas)
        self.delays = replace(snapshot.delays)
        self.organizations = dict(snapshot.organizations)
        self.partners = set(snapshot.partners)
        self.outages.restore(snapshot.outages)
        self.health_checks.restore(snapshot.health_checks)
        self.tokens.restore(snapshot.tokens)
        for key, (account_id, region, name, again) in snapshot.authorizing.items():
            if key not in self.authorizing:
                self.get(account_id, region).later("connection", name, "is authorized", timedelta(0), again)

    def clear(self) -> None:
        """Forget all accounts; quotas and delays are as in the beginning."""
        self._held = {}
        self.quotas = Quotas()
        self.delays = Delays()
        self.organizations = {}
        self.partners = set()
        self.outages.restore(())
        self.health_checks.clear()
        self.tokens.restore({})

    def _health_checks_of_endpoints(self) -> set[str]:
        """The ARNs of the health checks by which endpoints fail over."""
        return {
            endpoint.health_check for account in self.all for endpoint in list(account.endpoints.values())
        }

    def find_endpoint(self, endpoint_id: str) -> Endpoint | None:
        """The global endpoint of that id, in whichever account, if there is one."""
        for account in self._held.values():
            for endpoint in account.endpoints.values():
                if endpoint.endpoint_id == endpoint_id:
                    return endpoint
        return None

    def find_bus(self, arn: str) -> EventBus | None:
        """The event bus of that ARN, in whichever account and region, if there is one."""
        parsed = Arn.parse(arn)
        if parsed is None:
            return None
        name = resource_name(arn)
        if (parsed.account, parsed.region) not in self._held and name != DEFAULT_BUS:
            return None
        bus = self.get(parsed.account, parsed.region).event_buses.get(name)
        return bus if bus is not None and bus.arn == arn else None


@dataclass(frozen=True, slots=True)
class AccountsSnapshot:
    """All that accounts held at some moment."""

    accounts: dict[tuple[str, str], Account]
    quotas: Quotas
    delays: Delays
    organizations: dict[str, str]
    partners: set[str]
    outages: Any
    health_checks: Any
    tokens: Any
    authorizing: dict[object, tuple[str, str, str, Callable[[Account, Any], None]]]


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
        arn = self.arn(f"event-bus/{DEFAULT_BUS}")
        default = EventBus(name=DEFAULT_BUS, arn=arn, account_id=id, _shared=shared)
        self.event_buses: dict[str, EventBus] = {DEFAULT_BUS: default}
        self.archives: dict[str, Archive] = {}
        self.replays: dict[str, Replay] = {}
        self.connections: dict[str, Connection] = {}
        self.api_destinations: dict[str, ApiDestination] = {}
        self.endpoints: dict[str, Endpoint] = {}
        self.event_sources: dict[str, EventSource] = {}

    def copied(self) -> Account:
        """An account that holds the same and goes its own way."""
        copy = Account(id=self.id, region=self.region, shared=self.shared)
        copy.event_buses = {name: bus.copied() for name, bus in self.event_buses.items()}
        copy.archives = {name: archive.copied() for name, archive in self.archives.items()}
        copy.replays = dict(self.replays)
        copy.connections = dict(self.connections)
        copy.api_destinations = dict(self.api_destinations)
        copy.endpoints = dict(self.endpoints)
        copy.event_sources = dict(self.event_sources)
        return copy

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this account."""
        return events_arn(self.region, self.id, resource)

    def later(
        self,
        kind: Literal["archive", "connection", "endpoint", "event_source", "replay"],
        name: str,
        what: str,
        delay: timedelta,
        work: Callable[[Account, Any], None],
    ) -> None:
        """Have something done with a record after a while, if it is the very same record then.

        A record that has a ``key`` is the same as long as that is.

        Args:
            kind: What the record is.
            name: Its name.
            what: What becomes of it, in words.
            delay: How long from now, on the backend's clock.
            work: Called with the account and the record when the delay is over.
        """
        shared, account_id, region, records = self.shared, self.id, self.region, f"{kind}s"
        key = _key_of(getattr(self, records)[name])
        what = f"{kind.replace('_', ' ')} {name!r} of {account_id}, {region} {what}"

        def held() -> Any:
            return getattr(shared.get(account_id, region), records).get(name)

        def is_wanted() -> bool:
            return _key_of(held()) is key

        def do() -> None:
            work(shared.get(account_id, region), held())

        shared.clock.call_later(delay, what, do, is_wanted)

    def soon(
        self,
        kind: Literal["archive", "connection"],
        name: str,
        what: str,
        delay: timedelta,
        work: Callable[[Account, Any], None],
    ) -> None:
        """As `later`, but at once without a delay: for changes that AWS's recorded answers show as done already."""
        if delay:
            self.later(kind, name, what, delay, work)
        else:
            work(self, getattr(self, f"{kind}s")[name])

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


def _key_of(record: Any) -> object:
    return getattr(record, "key", record)
