"""Global endpoints: the five operations on them, and the rules that replicate.

Source: global-endpoints sections 1 to 3 and 5. Measured on AWS: the checks of buses and role, and their texts. The
role is checked if moto's IAM is active. Documented: a health check that does not exist is refused; replication is a
managed rule of that name on each bus; in which regions there are endpoints. Inferred: the text for a health check,
which only a strict mock checks, and only if moto's Route 53 has health checks; the error in a region without
endpoints, which only a strict mock raises; the errors for a name that exists already or does not exist, and for a bus
that does not exist; what may be changed while the endpoint changes; which members an update leaves unchanged; the
managed rule's pattern and owner; a change that failed leaves the settings unchanged. How long creation, update and
deletion take is `Delays.endpoint`; they fail only by a fault that a test injects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events import errors
from eventmock.services.events.endpoint import Endpoint
from eventmock.services.events.event_bus import bus_of_arn, buses_of
from eventmock.services.events.health_checks import HealthChecks
from eventmock.services.events.managed_rules import put_rule_of_endpoint
from eventmock.services.events.quotas import check_room
from eventmock.services.events.roles import can_be_assumed, not_assumable
from eventmock.services.failed_states import CREATE_FAILED, DELETE_FAILED, UPDATE_FAILED, failed_state
from eventmock.values.arn import Arn, resource_name
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_events.type_defs import (
        CreateEndpointRequestTypeDef,
        DeleteEndpointRequestTypeDef,
        DescribeEndpointRequestTypeDef,
        ListEndpointsRequestTypeDef,
        UpdateEndpointRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.failed_states import StateFailed

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
"""The regions in which AWS has global endpoints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The results of looking up an endpoint's role and health check in moto.

    Attributes:
        role_is_good: False if EventBridge cannot assume the role; True if it can, or if moto's IAM is not active.
        health_check_exists: False if the mock is strict and moto's Route 53 has other health checks, but not this one.
    """

    role_is_good: bool
    health_check_exists: bool


def _look_up(call: Call, request: Mapping[str, Any]) -> Surroundings:
    """Look up the role and the health check of a new or changed endpoint in moto."""
    account = call.account
    old = account.table(Endpoint).get(request["Name"])
    role = request.get("RoleArn", None if old is None else old.role_arn)
    routing = request.get("RoutingConfig")
    return Surroundings(
        role_is_good=role is None or can_be_assumed(account, role),
        health_check_exists=routing is None
        or not account.state.is_strict_about("refused")
        or account.state.part(HealthChecks).exists(
            account.id, routing["FailoverConfig"]["Primary"]["HealthCheck"]
        ),
    )


@operation(look_up=_look_up)
def create_endpoint(call: Call, request: CreateEndpointRequestTypeDef) -> Endpoint:
    """Make an endpoint. Its primary region is the region of the request."""
    account, name = call.account, request["Name"]
    now = account.state.clock.now()
    endpoint = Endpoint(
        name=name,
        arn=account.arn("events", f"endpoint/{name}"),
        endpoint_id=f"{account.state.identifiers.text(10).lower()}.veo",
        creation_time=now,
        last_modified_time=now,
        state="CREATING",
        **_settings(request, {"replication_config": REPLICATED}),
    )
    _check(account, endpoint, call.found)
    if name in account.table(Endpoint):
        raise errors.already_exists(f"Endpoint {name}")
    check_room(account, account.table(Endpoint), "endpoints")
    account.table(Endpoint)[name] = endpoint
    activate = partial(_activate, failed=failed_state(call, CREATE_FAILED))
    account.later(Endpoint, name, "is active", account.state.delays.endpoint, activate)
    return endpoint


@operation(look_up=_look_up)
def update_endpoint(call: Call, request: UpdateEndpointRequestTypeDef) -> Endpoint:
    """Change the members of an endpoint that the request names. The result is checked like a new endpoint."""
    account = call.account
    old = _settled(account, request["Name"])
    changed = replace(
        old,
        state="UPDATING",
        state_reason=None,
        last_modified_time=account.state.clock.now(),
        **_settings(request, {}),
    )
    _check(account, changed, call.found)
    account.table(Endpoint)[old.name] = changed
    activate = partial(_activate, before=old, failed=failed_state(call, UPDATE_FAILED))
    account.later(Endpoint, old.name, "is active", account.state.delays.endpoint, activate)
    return changed


@operation
def describe_endpoint(call: Call, request: DescribeEndpointRequestTypeDef) -> Endpoint:
    """Return one endpoint of the home region."""
    return find_endpoint(_at_home(call.account, request), request["Name"])


@operation(ordered_by="name")
def list_endpoints(call: Call, request: ListEndpointsRequestTypeDef) -> list[Endpoint]:
    """List the endpoints of the home region, filtered by the prefix of the name."""
    prefix = request.get("NamePrefix", "")
    endpoints = _at_home(call.account, request).table(Endpoint)
    return [endpoint for name, endpoint in endpoints.items() if name.startswith(prefix)]


@operation
def delete_endpoint(call: Call, request: DeleteEndpointRequestTypeDef) -> None:
    """Remove an endpoint. Its event buses stay."""
    account, name = call.account, request["Name"]
    account.table(Endpoint)[name] = replace(_settled(account, name), state="DELETING", state_reason=None)
    remove = partial(_remove, failed=failed_state(call, DELETE_FAILED))
    account.later(Endpoint, name, "is gone", account.state.delays.endpoint, remove)


def find_endpoint(account: Account, name: str) -> Endpoint:
    """Return the endpoint of that name.

    Raises:
        AwsError: The account has no endpoint of that name in the region.
    """
    endpoint = account.table(Endpoint).get(name)
    if endpoint is None:
        raise errors.not_found(f"Endpoint {name}")
    return endpoint


def _settled(account: Account, name: str) -> Endpoint:
    """Return the endpoint of that name.

    Raises:
        AwsError: The account has no endpoint of that name, or its state is one of `CHANGING_STATES`.
    """
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
    account.table(Endpoint)[endpoint.name] = replace(endpoint, state="ACTIVE")
    if before is not None:
        _remove_rules(account, before)
    if endpoint.is_replicated:
        _put_rules(account, endpoint)


def _remove(account: Account, endpoint: Endpoint, *, failed: StateFailed | None) -> None:
    if failed is not None:
        _fail(account, endpoint, failed)
        return
    del account.table(Endpoint)[endpoint.name]
    _remove_rules(account, endpoint)


def _fail(account: Account, endpoint: Endpoint, failed: StateFailed) -> None:
    account.table(Endpoint)[endpoint.name] = replace(endpoint, state=failed.state, state_reason=failed.reason)


def _put_rules(account: Account, endpoint: Endpoint) -> None:
    """Put a managed rule on each bus, which forwards the events that come through the endpoint to the other bus.

    The rule does not forward copies.
    """
    primary, secondary, arns = endpoint.primary, endpoint.secondary, endpoint.bus_arns
    for region, other in ((primary, secondary), (secondary, primary)):
        bus = bus_of_arn(account.state, arns[region])
        if bus is not None:
            put_rule_of_endpoint(account, bus, endpoint, region, arns[other])


def _remove_rules(account: Account, endpoint: Endpoint) -> None:
    """Remove the managed rules of an endpoint from all buses of its account in its two regions."""
    for region in (endpoint.primary, endpoint.secondary):
        for bus in buses_of(account.state.accounts.get(account.id, region)).values():
            if endpoint.rule_name in bus.rules:
                bus.remove_rule(endpoint.rule_name)


def _at_home(account: Account, request: Mapping[str, Any]) -> Account:
    return account.state.accounts.get(account.id, request.get("HomeRegion", account.region))


def _settings(request: Mapping[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
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
    if account.state.is_strict_about("refused") and not REGIONS.issuperset({account.region, secondary}):
        raise errors.invalid("Global endpoints are not supported in this region.")
    if regions != {account.region, secondary} or len(regions) != len(arns):
        raise errors.invalid("An event bus must be provided in both the primary and secondary regions.")
    if len({arn.resource for arn in arns if arn is not None}) != 1:
        raise errors.invalid("Event bus names must match in the primary and secondary regions.")
    if endpoint.is_replicated and endpoint.role_arn is None:
        raise errors.invalid("When replication is enabled, role cannot be empty.")
    if endpoint.is_replicated and not surroundings.role_is_good:
        assert endpoint.role_arn is not None
        raise not_assumable(endpoint.role_arn)
    if any(arn.account != account.id for arn in arns if arn is not None):
        raise errors.invalid("Event buses must be in the same account as the endpoint.")
    for bus in endpoint.event_buses:
        if bus_of_arn(account.state, bus["EventBusArn"]) is None:
            raise errors.event_bus_not_found(resource_name(bus["EventBusArn"]))
    if not surroundings.health_check_exists:
        raise errors.invalid(f"Health check {endpoint.health_check} does not exist.")
    account.state.part(HealthChecks).get(endpoint.health_check).look_in(endpoint.account)
