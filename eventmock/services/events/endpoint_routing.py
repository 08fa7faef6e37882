"""PutEvents through a global endpoint: which region serves it, and which bus there gets an entry.

Source: global-endpoints section 4. Documented: while the health check is healthy the primary region serves, else the
secondary; a copy has the endpoint's ARN in its ``resources``. Reported by users of AWS: the error of a client that
signs for one region only, during failover. Inferred: SigV4a with a region set that lacks the region fails in the same
way; the errors of a request that is not signed, of an unknown ``EndpointId``, and of an entry for another bus; the ARN
is added at the end, and only if replication is enabled.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.call import Route
from eventmock.services.events import errors
from eventmock.services.events.endpoint import endpoint_of_id
from eventmock.services.events.event_bus import DEFAULT_BUS
from eventmock.services.events.health_checks import HEALTHY, HealthChecks
from eventmock.values.arn import resource_name
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.endpoint import Endpoint
    from eventmock.state import State

SERVING_STATES: Final = ("ACTIVE", "UPDATING")


class NotItsBus(Exception):  # noqa: N818 - it says what happened
    """The error that an entry names another bus than those of the endpoint. The text is the reason."""


def find_route(account: Account, endpoint_id: str) -> Route | None:
    """Return the route of a request that names a global endpoint; None if there is no such endpoint.

    Called once for a request, without the state's lock, because moto is asked for the health check.

    Args:
        account: The account and the region of the caller.
        endpoint_id: The id of the endpoint.
    """
    state = account.state
    with state.lock:
        endpoint = endpoint_of_id(state, endpoint_id)
    if endpoint is None:
        return None
    state.part(HealthChecks).get(endpoint.health_check).refresh()
    return Route(serving_region(state, endpoint), endpoint)


def serving_region(state: State, endpoint: Endpoint) -> str:
    """Return the region that serves an endpoint, by the last known status of its health check. moto is not asked."""
    check = state.part(HealthChecks).get(endpoint.health_check)
    return endpoint.primary if check.last_status == HEALTHY else endpoint.secondary


def serving_route(call: Call, endpoint_id: str) -> Route:
    """Return the route of a call that names a global endpoint.

    Raises:
        AwsError: The endpoint does not exist, or its state is not one of `SERVING_STATES`.
    """
    if call.route is None or call.route.through.state not in SERVING_STATES:
        raise errors.not_found(f"Endpoint {endpoint_id}")
    return call.route


def check_signature(state: State, headers: Mapping[str, str], serving: str) -> None:
    """Check that a request is signed for the region that serves it. Only a strict mock checks.

    Args:
        state: The state of the mock.
        headers: The headers of the request, by name in lower case.
        serving: The region that serves the request.

    Raises:
        AwsError: The request is not signed, or is signed for other regions only.
    """
    if not state.is_strict_about("refused"):
        return
    authorization = headers.get("authorization", "")
    if not authorization:
        raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 400)
    if authorization.startswith("AWS4-ECDSA"):
        regions = [region.strip() for region in headers.get("x-amz-region-set", "").split(",")]
        is_for_it = any(fnmatchcase(serving, region) for region in regions)
    else:
        is_for_it = f"/{serving}/" in authorization
    if not is_for_it:
        raise AwsError("InvalidSignatureException", "Credential should be scoped to a valid region.", 400)


def entry_for(endpoint: Endpoint, entry: Mapping[str, Any], serving: str) -> Mapping[str, Any]:
    """Return the entry for the region that serves: with the ARN of the bus there, and with the endpoint's ARN.

    Args:
        endpoint: The endpoint.
        entry: The entry of the request. It names the bus by its name, or by the ARN of either region's bus.
        serving: The region that serves the request.

    Raises:
        NotItsBus: The entry names another bus than those of the endpoint.
    """
    arns = endpoint.bus_arns
    name = resource_name(arns[serving])
    wanted = entry.get("EventBusName", DEFAULT_BUS)
    if wanted != name and wanted not in arns.values():
        raise NotItsBus(f"Event bus {wanted} is not associated with endpoint {endpoint.endpoint_id}.")
    resources = list(entry.get("Resources", ()))
    if endpoint.is_replicated:
        resources.append(endpoint.arn)
    return {**entry, "EventBusName": arns[serving], "Resources": resources}
