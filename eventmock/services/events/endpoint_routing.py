"""PutEvents through a global endpoint: which region serves it, and which bus there gets an entry.

Source: global-endpoints section 4. Documented: while the health check is healthy the primary region serves, else the
secondary; a copy has the endpoint's ARN in its ``resources``. Reported by users of AWS: the error of a client that
signs for one region only, during failover. Inferred: SigV4a with a region set that lacks the region fails in the same
way; the errors of a request that is not signed, of an unknown ``EndpointId``, and of an entry for another bus; the ARN
is added at the end, and only where replication is on.
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
    """An entry is for another bus than the endpoint's; the text is the reason."""


def route(account: Account, members: Mapping[str, Any]) -> Route | None:
    """Where a request is carried out that names an endpoint; None if it names none that there is.

    Called without the lock: moto is asked for the health check. The request keeps to what is decided here.

    Args:
        account: Who calls, and in which region.
        members: Of the request.
    """
    endpoint_id = members.get("EndpointId")
    if endpoint_id is None:
        return None
    state = account.state
    with state.lock:
        endpoint = endpoint_of_id(state, endpoint_id)
    if endpoint is None:
        return None
    state.part(HealthChecks).get(endpoint.health_check).refresh()
    return Route(serving_region(state, endpoint), endpoint)


def serving_region(state: State, endpoint: Endpoint) -> str:
    """The region that serves an endpoint, by what its health check counted as when somebody last looked."""
    check = state.part(HealthChecks).get(endpoint.health_check)
    return endpoint.primary if check.last_status == HEALTHY else endpoint.secondary


def serving_route(call: Call, endpoint_id: str) -> Route:
    """The route of a call that names an endpoint.

    Raises:
        AwsError: There is no such endpoint, or it does not serve.
    """
    if call.route is None or call.route.through.state not in SERVING_STATES:
        raise errors.not_found(f"Endpoint {endpoint_id}")
    return call.route


def check_signature(state: State, headers: Mapping[str, str], serving: str) -> None:
    """Check that a request is signed for the region that serves it.

    Args:
        state: All that the mock holds; only a strict mock checks.
        headers: Of the request.
        serving: The region that serves.

    Raises:
        AwsError: It is not signed, or signed for other regions only.
    """
    if not state.is_strict:
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
    """The entry as the serving region gets it.

    Args:
        endpoint: The endpoint.
        entry: The entry as it was put: it names the bus by its name or by either ARN.
        serving: The region that serves.

    Raises:
        NotItsBus: The entry is for another bus than the endpoint's.
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
