"""A global endpoint: the record, and how it is found. The operations are in `endpoints`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from datetime import datetime

    from eventmock.state import State

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint:
    """A global endpoint as it stands; a change makes a new one.

    Attributes:
        endpoint_id: What a producer names in PutEvents; unlike any other of the backend.
        event_buses: The ARNs of the two buses, in the order in which they were given.
    """

    name: str
    arn: str
    endpoint_id: str
    routing_config: Members
    replication_config: Members
    event_buses: list[Members]
    creation_time: datetime
    last_modified_time: datetime
    state: str = "ACTIVE"
    state_reason: str | None = None
    role_arn: str | None = None
    description: str | None = None

    @property
    def account(self) -> str:
        """The account whose endpoint it is."""
        return Arn.of(self.arn).account

    @property
    def primary(self) -> str:
        """The region that is home, which serves while the health check is healthy."""
        return Arn.of(self.arn).region

    @property
    def secondary(self) -> str:
        """The region that serves while the health check is not healthy."""
        route: str = self.routing_config["FailoverConfig"]["Secondary"]["Route"]
        return route

    @property
    def health_check(self) -> str:
        """The ARN of the health check."""
        arn: str = self.routing_config["FailoverConfig"]["Primary"]["HealthCheck"]
        return arn

    @property
    def is_replicated(self) -> bool:
        """Whether the region that does not serve gets a copy of each event."""
        return bool(self.replication_config.get("State", "ENABLED") == "ENABLED")

    @property
    def bus_arns(self) -> dict[str, str]:
        """The ARN of the bus in each of the two regions."""
        return {Arn.of(bus["EventBusArn"]).region: bus["EventBusArn"] for bus in self.event_buses}

    @property
    def rule_name(self) -> str:
        """The name of the managed rule that replicates."""
        return f"GlobalEndpointManagedRule-{self.endpoint_id.partition('.')[0]}"

    @property
    def endpoint_url(self) -> str:
        """Where a producer's client sends."""
        return f"https://{self.endpoint_id}.endpoint.events.amazonaws.com"


def endpoint_of_id(state: State, endpoint_id: str) -> Endpoint | None:
    """The global endpoint of that id, in whichever account; None if there is none."""
    for account in state.accounts.all:
        for endpoint in account.table(Endpoint).values():
            if endpoint.endpoint_id == endpoint_id:
                return endpoint
    return None
