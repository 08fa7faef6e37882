"""The face of a mock's state to botocore: whose request it is, which service answers, what stays inside.

`Gate` answers for one state. `ClosedGate` has its place where several mocks could be meant. The patches
(`eventmock.mock.patch`) use nothing else of a mock.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from eventmock.delivery.moto import ACCOUNT_HEADER, account_of_key, answers, gave_out, sets_environment
from eventmock.exceptions import MockStateError, NetworkBlocked
from eventmock.faults import STATUS_OF_COMMON_ERROR, Occasion
from eventmock.parts.identifiers import Identifiers
from eventmock.services.call import Call
from eventmock.services.table import services
from eventmock.values.arn import is_account_id
from eventmock.values.hosts import connection_url, destination
from eventmock.values.urls import with_shown_urls
from eventmock.wire import AwsError, Dispatcher
from eventmock.wire.pagination import Pager

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventmock.faults import Fault
    from eventmock.parts.accounts import Account
    from eventmock.services.service import Service
    from eventmock.state import State
    from eventmock.wire import HttpRequest, HttpResponse, Service as Model

FAKE_KEY_ID: Final = "eventmock"
FAKE_SECRET: Final = "eventmock"  # noqa: S105 - no secret
_SCOPE: Final = re.compile(r"Credential=([^,\s]+)/\d{8}(?:/([a-z0-9-]+))?/[^/]+/aws4_request")
_CODE_OF_STATUS: Final = {
    403: "AccessDeniedException",
    429: "TooManyRequestsException",
    503: "ServiceUnavailable",
}


@lru_cache(maxsize=256)
def _scope_of(authorization: str) -> tuple[str, str]:
    """The access key id and the region that a request was signed for; empty what it does not say."""
    scope = _SCOPE.match(authorization, max(authorization.find("Credential="), 0))
    return ("", "") if scope is None else (scope[1], scope[2] or "")


def _not_built(service: Service, name: str) -> AwsError:
    """The error for an operation that eventmock does not serve: our words, which nobody takes for AWS's."""
    model, operations = service.model, service.face.operations
    built = sorted(one for one in model.operation_names if model.operation(one).function_name in operations)
    return AwsError(
        "NotBuiltInEventmock",
        f"eventmock does not answer {name} yet, and does not pretend to. "
        f"It answers: {', '.join(built) or 'none of this service yet'}.",
        status=501,
    )


def _error_of(fault: Fault, service: Model) -> Exception:
    """The exception by which a fault makes a request to a service fail."""
    if isinstance(fault.failure, str):
        code = fault.failure
        status = None if code in service.error_statuses else STATUS_OF_COMMON_ERROR.get(code)
        return AwsError(code, fault.message, status)
    if isinstance(fault.failure, int):
        other = "InternalFailure" if fault.failure >= 500 else "Failure"
        return AwsError(_CODE_OF_STATUS.get(fault.failure, other), fault.message, fault.failure)
    return fault.exception()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request that may not leave the process.

    Attributes:
        method: The HTTP method.
        url: Where it was to go.
        service: The endpoint prefix, if a client of botocore sends it.
        proxy: The URL of the proxy that it was to go through, if that is what may not be reached.
        patched_by: The full name of what somebody has put in place of botocore's ``send``; None if nothing.
    """

    method: str
    url: str
    service: str | None = None
    proxy: str | None = None
    patched_by: str | None = None


def _host_pattern(endpoint_prefixes: Iterable[str]) -> re.Pattern[str]:
    """What finds the region in a host of the services."""
    prefixes = "|".join(map(re.escape, endpoint_prefixes))
    return re.compile(rf"(?:^|\.)(?:{prefixes})(?:-fips)?\.([a-z0-9-]+-\d+)\.")


class Gate:
    """Answers the requests that botocore would send.

    Args:
        state: What answers.

    Attributes:
        event_names: The services that are mocked, as botocore spells them in event names, such as ``eventbridge``.
        has_passthrough: Whether any host may be reached for real.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._services = {service.endpoint_prefix: service for service in state.services}
        self._dispatchers: dict[str, Dispatcher] = {}
        self._host = _host_pattern(self._services)
        self._pager = Pager(Identifiers(state.options.seed or 0).random_bytes(32), state.clock.timestamp)
        self._key_id_at_start = os.environ.get("AWS_ACCESS_KEY_ID")
        self.event_names: Final = frozenset(service.event_name for service in state.services)
        self.has_passthrough: Final = bool(state.options.passthrough)

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing else says one."""
        return self._state.default_region

    def serves(self, endpoint_prefix: str) -> bool:
        """Whether a service is mocked; its prefix is compared whole (``eventsv2`` is another service)."""
        return endpoint_prefix in self._services

    def answer(self, endpoint_prefix: str, request: HttpRequest) -> HttpResponse:
        """Do what the clock has passed, answer a request, then carry out the deliveries it caused.

        Args:
            endpoint_prefix: Of one of our services.
            request: What botocore would send.

        Raises:
            EndlessLoop: The request set off a loop of events.
        """
        state = self._state
        if state.lifetime.copied_from is not None:
            state.lifetime.tell_of_copy()
        state.lifetime.requests += 1
        state.clock.run_due()
        key_id, region = _scope_of(request.headers.get("authorization", ""))
        account_id = self._account_id(key_id, request.headers)
        if not region:
            region = self._region(request)
        with state.lock:
            account = state.accounts.get(account_id, region)
        try:
            return self._dispatcher(endpoint_prefix).handle(request, account, f"{account_id}/{region}")
        finally:
            state.courier.deliver()

    def _dispatcher(self, endpoint_prefix: str) -> Dispatcher:
        found = self._dispatchers.get(endpoint_prefix)
        if found is None:
            service, state = self._services[endpoint_prefix], self._state
            found = self._dispatchers[endpoint_prefix] = Dispatcher(
                service=service.model,
                operations=service.face.operations,
                pager=self._pager,
                now=state.clock.now,
                new_request_id=state.identifiers.uuid,
                missing=partial(_not_built, service),
                invalid_token=service.face.invalid_token,
                lock=state.lock,
                begin=partial(self._begin, service),
                refused=self._note_refusal,
            )
        return found

    def _begin(
        self,
        service: Service,
        account: Account,
        operation: str,
        members: Mapping[str, Any],
        headers: Mapping[str, str],
    ) -> Call:
        """Decide what becomes of a request before it is carried out: its region, and which faults it meets.

        Raises:
            ConnectionError: The region is out of service.
            AwsError: A fault makes the request fail by an error code or an HTTP status.
            Exception: A fault makes it fail by that exception.
        """
        state = self._state
        find_route = service.face.route
        route = None if find_route is None else find_route(account, members)
        region = account.region if route is None else route.region
        if region in state.regions_out:
            reason = f"{region} is out of service"
            self._note_failure(account, operation, region, reason)
            raise ConnectionError(reason)
        if not state.faults.any:
            return Call(account, headers, route=route)
        entries = service.entries.get(operation)
        occasion = Occasion(
            what="request",
            service=service.name,
            operation=operation,
            region=region,
            account=account.id,
            are_events=entries is not None and entries.are_events,
            subject=members,
        )
        fault = state.faults.hit(occasion)
        if fault is not None:
            self._note_failure(account, operation, region, f"{fault!r}")
            raise _error_of(fault, service.model)
        given = () if entries is None else members.get(entries.member, ())
        return Call(account, headers, route=route, faults=state.faults.of_request(occasion, given))

    def _note_failure(self, account: Account, operation: str, region: str, reason: str) -> None:
        text = f"{operation} of {account.id} in {region} failed: {reason}"
        self._state.note("request failed", text, region)

    def _note_refusal(self, account: Account, operation: str, error: AwsError) -> None:
        hint = f" ({error.hint})" if error.hint else ""
        answer = with_shown_urls(" ".join(str(error).split("\n")))
        text = f"{operation} of {account.id} in {account.region} was refused: {answer}{hint}"
        self._state.note("request refused", text, account.region)

    def _region(self, request: HttpRequest) -> str:
        """The region of the host, else the default one."""
        host = self._host.search(request.host)
        return self.default_region if host is None else host[1]

    def _account_id(self, key_id: str, headers: Mapping[str, str]) -> str:
        """The account that calls.

        In this order: the test's own mapping of access key ids, a key id that is an account id, the header that
        moto uses, a key that moto gave out, the default. Other key ids are not decoded: a developer's real key
        would put the test into a real account.
        """
        mapped = self._state.account_for_key.get(key_id)
        if mapped is not None:
            return mapped
        if is_account_id(key_id):
            return key_id
        return headers.get(ACCOUNT_HEADER) or account_of_key(key_id) or self._state.default_account

    def made_up_keys(self) -> tuple[str, str]:
        """The access key id and the secret key that stand for credentials that may be real.

        The key id is the environment's if that can be no real one: it is an account id, it was set since the mock
        began, or moto has set it. moto's secret key comes with it.
        """
        held = os.environ.get("AWS_ACCESS_KEY_ID")
        if not held:
            return FAKE_KEY_ID, FAKE_SECRET
        if not is_account_id(held) and sets_environment():
            return held, os.environ.get("AWS_SECRET_ACCESS_KEY", FAKE_SECRET)
        is_no_real_one = held != self._key_id_at_start or is_account_id(held)
        if is_no_real_one and not self._state.options.account:
            return held, FAKE_SECRET
        return FAKE_KEY_ID, FAKE_SECRET

    def names_account(self, key_id: str) -> bool:
        """Whether an access key id is an account id, or mapped to one by the test."""
        return is_account_id(key_id) or key_id in self._state.account_for_key

    def is_of_moto(self, key_id: str) -> bool:
        """Whether moto, being active, gave an access key id out."""
        return gave_out(key_id)

    def catch_up(self) -> None:
        """Do what the clock has passed."""
        self._state.clock.run_due()

    @property
    def requires_awscrt(self) -> bool:
        """Whether calls that need SigV4a fail where awscrt is not installed."""
        return bool(self._state.options.require_awscrt)

    @property
    def takes_patched_send(self) -> bool:
        """Whether requests to other services may go to a ``send`` that somebody else has patched."""
        return bool(self._state.options.patched_send)

    def learn_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Learn what a client told moto of a Route 53 health check."""
        account = self._account_id(_scope_of(headers.get("authorization", ""))[0], headers)
        from eventmock.services.events.health_checks import HealthChecks

        self._state.part(HealthChecks).learn(account, request, answer)

    def lets_out(self, url: str) -> bool:
        """Whether the host that a connection for the URL would go to is one that may be reached."""
        passthrough = self._state.options.passthrough
        if not passthrough:
            return False
        where = destination(url)
        return where is not None and where.is_one_of(passthrough)

    def signs_for(self, url: str) -> bool:
        """Whether a request may leave, and moto will not answer it."""
        return self.lets_out(url) and not answers(url)

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """The exception for a request that may not leave; the backend keeps it for its report."""
        refusal = _words_for(refused)
        self._state.ledger.refused_requests.append(refusal)
        return NetworkBlocked(
            f"{refusal} was about to leave the process, and eventmock lets nothing out.\n{_ways_out(refused)}"
        )


def _words_for(refused: Refused) -> str:
    whose = "" if refused.service is None else f" (service {refused.service!r})"
    by = "" if refused.proxy is None else f" through the proxy {connection_url(refused.proxy)}"
    return f"{refused.method} {connection_url(refused.url)}{whose}{by}"


def _ways_out(refused: Refused) -> str:
    """What the tester can do."""
    where = destination(refused.proxy or refused.url)
    if where is None:
        letting = (
            "or let the host through with passthrough; for that the URL has to be written plainly, so that every "
            "library reads the same host: ASCII only, and no escapes, backslashes or blanks before its path."
        )
    else:
        what = "the host" if refused.proxy is None else "the proxy"
        letting = f"or let {what} through: mock_events(passthrough=[{where.name!r}])."
    lines = ["Ways out: mock that service too, for example with moto's mock_aws;", letting]
    if refused.patched_by is not None:
        lines.append(
            f"botocore's send is patched by {refused.patched_by}; mock_events(patched_send=True) gives that patch "
            "the requests to other services."
        )
    return "\n".join(lines)


class ClosedGate:
    """Stands for the gate where several mocks could be meant: it answers no request, and lets none leave.

    Args:
        reason: Why no mock can, for the tester.
    """

    has_passthrough: Final = False
    requires_awscrt: Final = False
    takes_patched_send: Final = False

    def __init__(self, reason: MockStateError) -> None:
        self._reason = reason
        self._services = {service.endpoint_prefix: service for service in services()}
        self.event_names: Final = frozenset(service.event_name for service in self._services.values())

    @property
    def default_region(self) -> str:
        """Refuse to name a region.

        Raises:
            MockStateError: Always.
        """
        raise self._reason

    def serves(self, endpoint_prefix: str) -> bool:
        """Whether a service is mocked."""
        return endpoint_prefix in self._services

    def answer(self, _endpoint_prefix: str, _request: HttpRequest) -> HttpResponse:
        """Refuse the request.

        Raises:
            MockStateError: Always.
        """
        raise self._reason

    def made_up_keys(self) -> tuple[str, str]:
        """Made-up ones."""
        return FAKE_KEY_ID, FAKE_SECRET

    def names_account(self, _key_id: str) -> bool:
        """No key names an account here."""
        return False

    def is_of_moto(self, key_id: str) -> bool:
        """Whether moto, being active, gave an access key id out."""
        return gave_out(key_id)

    def catch_up(self) -> None:
        """Do nothing: there is no clock."""

    def learn_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Learn nothing: there are no health checks."""

    def lets_out(self, _url: str) -> bool:
        """No request may leave."""
        return False

    def signs_for(self, _url: str) -> bool:
        """No request may leave."""
        return False

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """The exception for a request that may not leave."""
        return NetworkBlocked(f"{_words_for(refused)} was about to leave the process: {self._reason}")


AnyGate: TypeAlias = Gate | ClosedGate


class CurrentGate(Protocol):
    """Finds the gate of the mock that answers a caller."""

    def __call__(self, owner: object = None) -> AnyGate | None:
        """The gate; None while no mock is active.

        Args:
            owner: The endpoint or HTTP session of the client that asks: a client may belong to one mock.
        """
