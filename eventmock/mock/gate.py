"""The side of a backend that faces botocore: whose request it is, which service answers, what stays inside."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.moto import ACCOUNT_HEADER, account_of_key, answers, gave_out, sets_environment
from eventmock.exceptions import MockStateError, NetworkBlocked
from eventmock.faults import ENTRIES, STATUS_OF_COMMON_ERROR, Occasion
from eventmock.history.records import Incident, IncidentKind
from eventmock.mock.forks import say_so
from eventmock.services import appintegrations, events
from eventmock.services.appintegrations import errors as appintegrations_errors
from eventmock.services.events import errors
from eventmock.services.events.endpoint_routing import serving_region
from eventmock.state.identifiers import Identifiers
from eventmock.values.arn import is_account_id
from eventmock.values.hosts import connection_url, destination
from eventmock.values.urls import with_shown_urls
from eventmock.wire import AwsError, Dispatcher, load_service
from eventmock.wire.pagination import Pager

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.backend.events_backend import EventsBackend
    from eventmock.faults import Fault
    from eventmock.mock.patch.interceptor import Refused
    from eventmock.services.appintegrations import AppIntegrations
    from eventmock.services.events import Account, Accounts
    from eventmock.wire import Corrections, HttpRequest, HttpResponse, Service
    from eventmock.wire.operation import BoundOperation

FAKE_KEY_ID: Final = "eventmock"
FAKE_SECRET: Final = "eventmock"  # noqa: S105 - no secret


@dataclass(frozen=True, slots=True)
class _Served:
    """A service that is ours: botocore's names of it, and what answers."""

    name: str
    event_name: str
    operations: Mapping[str, BoundOperation]
    corrections: Corrections
    invalid_token: Callable[[str, bool], AwsError]


_SERVED: Final = {
    "events": _Served(
        "events",
        "eventbridge",
        events.OPERATIONS,
        events.CORRECTIONS,
        errors.invalid_token,
    ),
    "app-integrations": _Served(
        "appintegrations",
        "appintegrations",
        appintegrations.OPERATIONS,
        appintegrations.CORRECTIONS,
        appintegrations_errors.invalid_token,
    ),
}
_SCOPE: Final = re.compile(r"Credential=([^,\s]+)/\d{8}(?:/([a-z0-9-]+))?/[^/]+/aws4_request")
_CODE_OF_STATUS: Final = {
    403: "AccessDeniedException",
    429: "TooManyRequestsException",
    503: "ServiceUnavailable",
}
_HOST: Final = re.compile(r"(?:^|\.)(?:events|app-integrations)(?:-fips)?\.([a-z0-9-]+-\d+)\.")


@lru_cache(maxsize=256)
def _scope_of(authorization: str) -> tuple[str, str]:
    """The access key id and the region that a request was signed for; empty what it does not say."""
    scope = _SCOPE.match(authorization, max(authorization.find("Credential="), 0))
    return ("", "") if scope is None else (scope[1], scope[2] or "")


def _not_built(service: Service, operations: Mapping[str, BoundOperation], name: str) -> AwsError:
    names = sorted(op for op in service.operation_names if service.operation(op).function_name in operations)
    return errors.not_built(name, names)


def _error_of(fault: Fault, service: Service) -> Exception:
    """The exception by which a fault makes a request to a service fail."""
    if isinstance(fault.failure, str):
        code = fault.failure
        status = None if code in service.error_statuses else STATUS_OF_COMMON_ERROR.get(code)
        return AwsError(code, fault.message, status)
    if isinstance(fault.failure, int):
        other = "InternalFailure" if fault.failure >= 500 else "Failure"
        return AwsError(_CODE_OF_STATUS.get(fault.failure, other), fault.message, fault.failure)
    return fault.exception()


class Gate:
    """Answers the requests that botocore would send.

    Args:
        backend: Whose state answers.
    """

    event_names: Final = frozenset(served.event_name for served in _SERVED.values())

    def __init__(self, backend: EventsBackend) -> None:
        self._backend = backend
        self._dispatchers: dict[str, Dispatcher] = {}
        self._accounts: dict[str, Accounts | AppIntegrations] = {
            "events": backend.accounts,
            "app-integrations": backend.appintegrations,
        }
        self._pager = Pager(Identifiers(backend.options.seed or 0).random_bytes(32), backend.clock.timestamp)
        self._key_id_at_start = os.environ.get("AWS_ACCESS_KEY_ID")
        self.has_passthrough: Final = bool(backend.options.passthrough)

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing else says one."""
        return self._backend.default_region

    def serves(self, endpoint_prefix: str) -> bool:
        """Whether a service is ours; its prefix is compared whole (``eventsv2`` is another service)."""
        return endpoint_prefix in _SERVED

    def answer(self, endpoint_prefix: str, request: HttpRequest) -> HttpResponse:
        """Do what the clock has passed, answer a request, then carry out the deliveries it caused.

        Args:
            endpoint_prefix: Of one of our services.
            request: What botocore would send.

        Raises:
            EndlessLoop: The request set off a loop of events.
        """
        if self._backend.copied_from is not None:
            say_so(self._backend)
        self._backend.requests += 1
        self._backend.clock.run_due()
        key_id, region = _scope_of(request.headers.get("authorization", ""))
        account_id = self._account_id(key_id, request.headers)
        if not region:
            region = self._region(request)
        with self._backend.lock:
            account = self._accounts[endpoint_prefix].get(account_id, region)
        try:
            return self._dispatcher(endpoint_prefix).handle(request, account, f"{account_id}/{region}")
        finally:
            self._backend.courier.deliver()

    def _dispatcher(self, endpoint_prefix: str) -> Dispatcher:
        found = self._dispatchers.get(endpoint_prefix)
        if found is None:
            served = _SERVED[endpoint_prefix]
            service = load_service(served.name, served.corrections)
            found = self._dispatchers[endpoint_prefix] = Dispatcher(
                service=service,
                operations=served.operations,
                pager=self._pager,
                now=self._backend.clock.now,
                new_request_id=self._backend.identifiers.uuid,
                missing=partial(_not_built, service, served.operations),
                invalid_token=served.invalid_token,
                lock=self._backend.lock,
                before=partial(self._before, service),
                refused=self._note_refusal,
            )
        return found

    def _before(self, service: Service, account: Account, operation: str, members: Mapping[str, Any]) -> None:
        """Have a request fail that cannot reach its region, or that a test makes fail.

        Raises:
            ConnectionError: The region is out of service.
            AwsError: By an error code or an HTTP status.
            Exception: By that exception.
        """
        outages, faults = self._backend.accounts.outages, self._backend.faults
        if not (outages.on or faults.any or "EndpointId" in members):
            return
        region = self._serving_region(account, members)
        if outages.is_out(region):
            reason = f"{region} is out of service"
            self._note_failure(account, operation, region, reason)
            raise ConnectionError(reason)
        occasion = Occasion(
            what="request",
            service=service.name,
            operation=operation,
            region=region,
            account=account.id,
            subject=members,
        )
        fault = faults.hit(occasion)
        if fault is not None:
            self._note_failure(account, operation, region, f"{fault!r}")
            raise _error_of(fault, service)
        if operation in ENTRIES and service.name == "events":
            faults.decide(members.get(ENTRIES[operation], ()), occasion)
        faults.foresee(occasion)

    def _note_failure(self, account: Account, operation: str, region: str, reason: str) -> None:
        self._note("request failed", region, f"{operation} of {account.id} in {region} failed: {reason}")

    def _note_refusal(self, account: Account, operation: str, error: AwsError) -> None:
        hint = f" ({error.hint})" if error.hint else ""
        answer = with_shown_urls(" ".join(str(error).split("\n")))
        text = f"{operation} of {account.id} in {account.region} was refused: {answer}{hint}"
        self._note("request refused", account.region, text)

    def _note(self, kind: IncidentKind, region: str, text: str) -> None:
        incident = Incident(time=self._backend.clock.now(), kind=kind, region=region, text=text)
        self._backend.ledger.note(incident)

    def _serving_region(self, account: Account, members: Mapping[str, Any]) -> str:
        """The region that a request is for; for one through an endpoint, moto is asked for the health first."""
        shared = self._backend.accounts
        endpoint_id = members.get("EndpointId")
        with self._backend.lock:
            endpoint = None if endpoint_id is None else shared.find_endpoint(endpoint_id)
        if endpoint is None:
            return account.region
        shared.health_checks.used_by(endpoint.account, endpoint.health_check).look()
        return serving_region(shared, endpoint)

    def _region(self, request: HttpRequest) -> str:
        """The region of the host, else the default one."""
        host = _HOST.search(request.host)
        return self.default_region if host is None else host[1]

    def _account_id(self, key_id: str, headers: Mapping[str, str]) -> str:
        """The account that calls.

        In this order: the test's own mapping of access key ids, a key id that is an account id, the header that
        moto uses, a key that moto gave out, the default. Other key ids are not decoded: a developer's real key
        would put the test into a real account.
        """
        mapped = self._backend.account_for_key.get(key_id)
        if mapped is not None:
            return mapped
        if is_account_id(key_id):
            return key_id
        return headers.get(ACCOUNT_HEADER) or account_of_key(key_id) or self._backend.default_account

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
        if is_no_real_one and not self._backend.options.account:
            return held, FAKE_SECRET
        return FAKE_KEY_ID, FAKE_SECRET

    def names_account(self, key_id: str) -> bool:
        """Whether an access key id is an account id, or mapped to one by the test."""
        return is_account_id(key_id) or key_id in self._backend.account_for_key

    def is_of_moto(self, key_id: str) -> bool:
        """Whether moto, being active, gave an access key id out."""
        return gave_out(key_id)

    def catch_up(self) -> None:
        """Do what the clock has passed."""
        self._backend.clock.run_due()

    @property
    def requires_awscrt(self) -> bool:
        """Whether calls that need SigV4a fail where awscrt is not installed."""
        return bool(self._backend.options.require_awscrt)

    @property
    def takes_patched_send(self) -> bool:
        """Whether requests to other services may go to a ``send`` that somebody else has patched."""
        return bool(self._backend.options.patched_send)

    def overhear_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Learn what a client told moto of a Route 53 health check."""
        account = self._account_id(_scope_of(headers.get("authorization", ""))[0], headers)
        self._backend.accounts.health_checks.overhear(account, request, answer)

    def lets_out(self, url: str) -> bool:
        """Whether the host that a connection for the URL would go to is one that may be reached."""
        passthrough = self._backend.options.passthrough
        if not passthrough:
            return False
        where = destination(url)
        return where is not None and where.is_one_of(passthrough)

    def signs_for(self, url: str) -> bool:
        """Whether a request may leave, and moto will not answer it."""
        return self.lets_out(url) and not answers(url)

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """The exception for a request that may not leave; the backend keeps it for its report."""
        told = _told(refused)
        self._backend.ledger.refused_requests.append(told)
        return NetworkBlocked(
            f"{told} was about to leave the process, and eventmock lets nothing out.\n{_ways_out(refused)}"
        )


def _told(refused: Refused) -> str:
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

    event_names: Final = Gate.event_names
    has_passthrough: Final = False
    requires_awscrt: Final = False
    takes_patched_send: Final = False

    def __init__(self, reason: MockStateError) -> None:
        self._reason = reason

    @property
    def default_region(self) -> str:
        """Refuse to name a region.

        Raises:
            MockStateError: Always.
        """
        raise self._reason

    def serves(self, endpoint_prefix: str) -> bool:
        """Whether a service is ours."""
        return endpoint_prefix in _SERVED

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

    def overhear_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Learn nothing: there are no health checks."""

    def lets_out(self, _url: str) -> bool:
        """No request may leave."""
        return False

    def signs_for(self, _url: str) -> bool:
        """No request may leave."""
        return False

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """The exception for a request that may not leave."""
        return NetworkBlocked(f"{_told(refused)} was about to leave the process: {self._reason}")
