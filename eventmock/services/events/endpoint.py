"""The record of a global endpoint, and the search for it by its id. The operations are in `endpoints`."""

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
    """A global endpoint.

    A record is immutable. A change of the endpoint replaces its record by a new one.

    Attributes:
        name: The name of the endpoint, unique in its account and home region.
        arn: The ARN of the endpoint.
        endpoint_id: The ``EndpointId`` of PutEvents, unique in the mock.
        routing_config: The ``RoutingConfig`` of the request.
        replication_config: The ``ReplicationConfig``; its ``State`` is ``ENABLED`` unless the request names another.
        event_buses: The ``EventBuses`` of the request: the ARNs of the two buses.
        creation_time: The moment of CreateEndpoint, an aware datetime in UTC.
        last_modified_time: The moment of the last change, an aware datetime in UTC.
        state: The state, such as ``ACTIVE``.
        state_reason: The reason of the state; None if the state has no reason.
        role_arn: The ARN of the role for replication; None if there is none.
        description: The description; None if there is none.
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
        """The id of the endpoint's account."""
        return Arn.of(self.arn).account

    @property
    def primary(self) -> str:
        """The home region, which serves while the health check is healthy."""
        return Arn.of(self.arn).region

    @property
    def secondary(self) -> str:
        """The region that serves while the health check is not healthy."""
        route: str = self.routing_config["FailoverConfig"]["Secondary"]["Route"]
        return route

    @property
    def health_check(self) -> str:
        """The ARN of the endpoint's Route 53 health check."""
        arn: str = self.routing_config["FailoverConfig"]["Primary"]["HealthCheck"]
        return arn

    @property
    def is_replicated(self) -> bool:
        """Whether the region that does not serve at the moment gets a copy of each event."""
        return bool(self.replication_config.get("State", "ENABLED") == "ENABLED")

    @property
    def bus_arns(self) -> dict[str, str]:
        """The ARNs of the two event buses, by region."""
        return {Arn.of(bus["EventBusArn"]).region: bus["EventBusArn"] for bus in self.event_buses}

    @property
    def rule_name(self) -> str:
        """The name of the managed rule that replicates events."""
        return f"GlobalEndpointManagedRule-{self.endpoint_id.partition('.')[0]}"

    @property
    def endpoint_url(self) -> str:
        """The URL to which a producer's client sends requests."""
        return f"https://{self.endpoint_id}.endpoint.events.amazonaws.com"


def endpoint_of_id(state: State, endpoint_id: str) -> Endpoint | None:
    """Return the global endpoint of that id, of any account and region; None if there is none."""
    for account in state.accounts.all:
        for endpoint in account.table(Endpoint).values():
            if endpoint.endpoint_id == endpoint_id:
                return endpoint
    return None
