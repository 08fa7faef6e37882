"""Global endpoints: the five operations on them, and the rules that replicate.

Source: global-endpoints sections 1 to 3 and 5. Measured on AWS: the checks of buses and role, and their texts. The
role is checked where moto's IAM is active. Documented: a health check that does not exist is refused; replication is a
managed rule of that name on each bus; in which regions there are endpoints. Inferred: the text for a health check,
which only a strict mock checks, and only if moto's Route 53 holds health checks; the error in a region without
endpoints, which only a strict mock raises; names that are taken or unknown; a bus that does not exist; what may be
changed while the endpoint changes; what an update leaves as it was; the managed rule's pattern and owner; a change
that failed leaves the settings as they were. How long creation, update and deletion take is `Delays.endpoint`; they
fail only by a fault that a test injects.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events import errors
from eventmock.services.events.event_patterns import compile_pattern
from eventmock.services.events.failed_states import CREATE_FAILED, DELETE_FAILED, UPDATE_FAILED, failed_state
from eventmock.services.events.quotas import check_room
from eventmock.services.events.roles import can_be_assumed
from eventmock.services.events.rules import Rule, rule_arn
from eventmock.services.events.targets import Target
from eventmock.values.arn import Arn, resource_name
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_events.type_defs import (
        CreateEndpointRequestTypeDef,
        DeleteEndpointRequestTypeDef,
        DescribeEndpointRequestTypeDef,
        ListEndpointsRequestTypeDef,
        UpdateEndpointRequestTypeDef,
    )

    from eventmock.services.events.account import Account
    from eventmock.services.events.failed_states import StateFailed

MANAGED_BY: Final = "events.amazonaws.com"
CHANGING_STATES: Final = ("CREATING", "UPDATING", "DELETING")
REPLICATED: Final = {"State": "ENABLED"}
REGIONS: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-south-1", "eu-north-1"),
        *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
        *("ap-southeast-1", "ap-southeast-2"),
    }
)
"""Where endpoints are to be had."""

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What other services say of an endpoint's role and health check.

    Attributes:
        role_is_good: False if EventBridge cannot assume the role; True if it can, or if moto's IAM is not active.
        health_check_exists: False if the mock is strict and moto's Route 53 holds other health checks, not this one.
    """

    role_is_good: bool
    health_check_exists: bool


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
        return self.arn.split(":")[4]

    @property
    def primary(self) -> str:
        """The region that is home, which serves while the health check is healthy."""
        return self.arn.split(":")[3]

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
        return {bus["EventBusArn"].split(":")[3]: bus["EventBusArn"] for bus in self.event_buses}

    @property
    def rule_name(self) -> str:
        """The name of the managed rule that replicates."""
        return f"GlobalEndpointManagedRule-{self.endpoint_id.partition('.')[0]}"

    @property
    def endpoint_url(self) -> str:
        """Where a producer's client sends."""
        return f"https://{self.endpoint_id}.endpoint.events.amazonaws.com"


def _look_around(call: Call[Account], request: Mapping[str, Any]) -> Surroundings:
    """What other services say of the role and the health check that an endpoint is to have."""
    account = call.account
    old = account.endpoints.get(request["Name"])
    role = request.get("RoleArn", None if old is None else old.role_arn)
    routing = request.get("RoutingConfig")
    return Surroundings(
        role_is_good=role is None or can_be_assumed(account, role),
        health_check_exists=routing is None
        or not account.shared.is_strict
        or account.shared.health_checks.exists(
            account.id, routing["FailoverConfig"]["Primary"]["HealthCheck"]
        ),
    )


@operation(look_up=_look_around)
def create_endpoint(call: Call[Account], request: CreateEndpointRequestTypeDef) -> Endpoint:
    """Make an endpoint; its primary region is the one that gets the request."""
    account, name = call.account, request["Name"]
    now = account.shared.clock.now()
    endpoint = Endpoint(
        name=name,
        arn=account.arn(f"endpoint/{name}"),
        endpoint_id=f"{account.shared.identifiers.text(10).lower()}.veo",
        creation_time=now,
        last_modified_time=now,
        state="CREATING",
        **_settings(request, {"replication_config": REPLICATED}),
    )
    _check(account, endpoint, call.found)
    if name in account.endpoints:
        raise errors.already_exists(f"Endpoint {name}")
    check_room(account.endpoints, account.shared.quotas.endpoints)
    account.endpoints[name] = endpoint
    activate = partial(_activate, failed=failed_state(account, CREATE_FAILED))
    account.later("endpoint", name, "is active", account.shared.delays.endpoint, activate)
    return endpoint


@operation(look_up=_look_around)
def update_endpoint(call: Call[Account], request: UpdateEndpointRequestTypeDef) -> Endpoint:
    """Change what the request names; the result is checked like a new endpoint."""
    account = call.account
    old = _settled(account, request["Name"])
    changed = replace(
        old,
        state="UPDATING",
        state_reason=None,
        last_modified_time=account.shared.clock.now(),
        **_settings(request, {}),
    )
    _check(account, changed, call.found)
    account.endpoints[old.name] = changed
    activate = partial(_activate, before=old, failed=failed_state(account, UPDATE_FAILED))
    account.later("endpoint", old.name, "is active", account.shared.delays.endpoint, activate)
    return changed


@operation
def describe_endpoint(call: Call[Account], request: DescribeEndpointRequestTypeDef) -> Endpoint:
    """Show one endpoint of the home region."""
    return find_endpoint(_at_home(call.account, request), request["Name"])


@operation(ordered_by="name")
def list_endpoints(call: Call[Account], request: ListEndpointsRequestTypeDef) -> list[Endpoint]:
    """Show the endpoints of the home region whose name begins as asked."""
    prefix = request.get("NamePrefix", "")
    endpoints = _at_home(call.account, request).endpoints
    return [endpoint for name, endpoint in endpoints.items() if name.startswith(prefix)]


@operation
def delete_endpoint(call: Call[Account], request: DeleteEndpointRequestTypeDef) -> None:
    """Remove an endpoint; its buses stay."""
    account, name = call.account, request["Name"]
    account.endpoints[name] = replace(_settled(account, name), state="DELETING", state_reason=None)
    remove = partial(_remove, failed=failed_state(account, DELETE_FAILED))
    account.later("endpoint", name, "is gone", account.shared.delays.endpoint, remove)


def find_endpoint(account: Account, name: str) -> Endpoint:
    """The endpoint of that name.

    Raises:
        AwsError: There is none.
    """
    endpoint = account.endpoints.get(name)
    if endpoint is None:
        raise errors.not_found(f"Endpoint {name}")
    return endpoint


def _settled(account: Account, name: str) -> Endpoint:
    """The endpoint of that name, if it is not changing at the moment."""
    endpoint = find_endpoint(account, name)
    if endpoint.state in CHANGING_STATES:
        text = f"Endpoint {name} is in state {endpoint.state}."
        raise AwsError("ConcurrentModificationException", text)
    return endpoint


def _activate(
    account: Account, endpoint: Endpoint, *, failed: StateFailed | None, before: Endpoint | None = None
) -> None:
    if failed is not None:
        as_before = replace(before or endpoint, last_modified_time=endpoint.last_modified_time)
        _fail(account, as_before, failed)
        return
    account.endpoints[endpoint.name] = replace(endpoint, state="ACTIVE")
    if before is not None:
        _remove_rules(account, before)
    if endpoint.is_replicated:
        _put_rules(account, endpoint)


def _remove(account: Account, endpoint: Endpoint, *, failed: StateFailed | None) -> None:
    if failed is not None:
        _fail(account, endpoint, failed)
        return
    del account.endpoints[endpoint.name]
    _remove_rules(account, endpoint)


def _fail(account: Account, endpoint: Endpoint, failed: StateFailed) -> None:
    account.endpoints[endpoint.name] = replace(endpoint, state=failed.state, state_reason=failed.reason)


def _put_rules(account: Account, endpoint: Endpoint) -> None:
    """Have each bus forward to the other what comes through the endpoint to it, and no copy."""
    for region, other in ((endpoint.primary, endpoint.secondary), (endpoint.secondary, endpoint.primary)):
        bus = account.shared.find_bus(endpoint.bus_arns[region])
        if bus is None:
            continue
        pattern = json.dumps({"resources": [endpoint.arn], "region": [region]}, separators=(",", ":"))
        members = {"Id": endpoint.rule_name, "Arn": endpoint.bus_arns[other], "RoleArn": endpoint.role_arn}
        bus.put_rule(
            Rule(
                name=endpoint.rule_name,
                arn=rule_arn(bus, endpoint.rule_name),
                event_bus_name=bus.name,
                created_by=account.id,
                event_pattern=pattern,
                pattern=compile_pattern(pattern),
                managed_by=MANAGED_BY,
                replicates=endpoint.arn,
                targets={endpoint.rule_name: Target.of(members)},
            )
        )


def _remove_rules(account: Account, endpoint: Endpoint) -> None:
    """Take the managed rules off whichever bus of the account has them."""
    for region in (endpoint.primary, endpoint.secondary):
        for bus in account.shared.get(account.id, region).event_buses.values():
            if endpoint.rule_name in bus.rules:
                bus.remove_rule(endpoint.rule_name)


def _at_home(account: Account, request: Mapping[str, Any]) -> Account:
    return account.shared.get(account.id, request.get("HomeRegion", account.region))


def _settings(request: Mapping[str, Any], defaults: Members) -> Members:
    replication = request.get("ReplicationConfig")
    given = {
        "routing_config": request.get("RoutingConfig"),
        "replication_config": None if replication is None else REPLICATED | replication,
        "event_buses": request.get("EventBuses"),
        "role_arn": request.get("RoleArn"),
        "description": request.get("Description"),
    }
    return defaults | {name: value for name, value in given.items() if value is not None}


def _check(account: Account, endpoint: Endpoint, surroundings: Surroundings) -> None:
    arns = [Arn.parse(bus["EventBusArn"]) for bus in endpoint.event_buses]
    regions = {arn.region for arn in arns if arn is not None}
    secondary = endpoint.routing_config["FailoverConfig"]["Secondary"]["Route"]
    if account.shared.is_strict and not REGIONS.issuperset({account.region, secondary}):
        raise errors.invalid("Global endpoints are not supported in this region.")
    if regions != {account.region, secondary} or len(regions) != len(arns):
        raise errors.invalid("An event bus must be provided in both the primary and secondary regions.")
    if len({arn.resource for arn in arns if arn is not None}) != 1:
        raise errors.invalid("Event bus names must match in the primary and secondary regions.")
    if endpoint.is_replicated and endpoint.role_arn is None:
        raise errors.invalid("When replication is enabled, role cannot be empty.")
    if endpoint.is_replicated and not surroundings.role_is_good:
        raise errors.invalid(
            f"Provided role '{endpoint.role_arn}' cannot be assumed by principal '{MANAGED_BY}'.",
            hint="moto's IAM has no such role, or its trust policy does not let that principal assume it",
        )
    if any(arn.account != account.id for arn in arns if arn is not None):
        raise errors.invalid("Event buses must be in the same account as the endpoint.")
    for bus in endpoint.event_buses:
        if account.shared.find_bus(bus["EventBusArn"]) is None:
            raise errors.event_bus_not_found(resource_name(bus["EventBusArn"]))
    if not surroundings.health_check_exists:
        raise errors.invalid(f"Health check {endpoint.health_check} does not exist.")
    account.shared.health_checks.used_by(endpoint.account, endpoint.health_check)
