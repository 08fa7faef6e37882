"""The side of a backend that faces botocore: whose request it is, which service answers, what stays inside."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from eventmock import appintegrations, events
from eventmock.appintegrations import errors as appintegrations_errors
from eventmock.arn import is_account_id
from eventmock.events import errors
from eventmock.events.endpoint_routing import serving_region
from eventmock.exceptions import MockStateError, NetworkBlocked
from eventmock.faults import Occasion
from eventmock.forks import say_so
from eventmock.identifiers import Identifiers
from eventmock.moto import ACCOUNT_HEADER, account_of_key
from eventmock.records import Incident, IncidentKind
from eventmock.wire import AwsError, Dispatcher, load_service
from eventmock.wire.pagination import Pager

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.appintegrations import AppIntegrations
    from eventmock.backend import EventsBackend
    from eventmock.events import Account, Accounts
    from eventmock.faults import Fault
    from eventmock.wire import Corrections, HttpRequest, HttpResponse, Service
    from eventmock.wire.operation import BoundOperation

FAKE_KEY_ID: Final = "eventmock"


@dataclass(frozen=True, slots=True)
class _Served:
    """A service that is ours: botocore's names of it, and what answers."""

    name: str
    event_name: str
    operations: Mapping[str, BoundOperation]
    corrections: Corrections
    invalid_token: Callable[[str], AwsError]


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
_STATUS_OF_CODE: Final = {
    "InternalFailure": 500,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
}
"""AWS's common errors that are no 400; those of a service's own are in its model."""
_HOST: Final = re.compile(r"(?:^|\.)(?:events|app-integrations)(?:-fips)?\.([a-z0-9-]+-\d+)\.")


@lru_cache(maxsize=256)
def _scope_of(authorization: str) -> tuple[str, str]:
    """The access key id and the region that a request was signed for; empty what it does not say."""
    scope = _SCOPE.search(authorization)
    return ("", "") if scope is None else (scope[1], scope[2] or "")


def _not_built(service: Service, operations: Mapping[str, BoundOperation], name: str) -> AwsError:
    names = sorted(op for op in service.operation_names if service.operation(op).function_name in operations)
    return errors.not_built(name, names)


def _error_of(fault: Fault) -> Exception:
    """The exception by which a fault makes a request fail."""
    if isinstance(fault.failure, str):
        return AwsError(fault.failure, fault.message, _STATUS_OF_CODE.get(fault.failure))
    if isinstance(fault.failure, int):
        other = "InternalFailure" if fault.failure >= 500 else "Failure"
        return AwsError(_CODE_OF_STATUS.get(fault.failure, other), fault.message, fault.failure)
    return fault.exception()


_OF_ENTRIES: Final = ("PutEvents", "PutPartnerEvents")
"""Operations whose entries may fail one by one."""


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
        account_id = self._account_id(key_id, request)
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
                before=partial(self._before, served.name),
                refused=self._note_refusal,
            )
        return found

    def _before(self, service: str, account: Account, operation: str, members: Mapping[str, Any]) -> None:
        """Have a request fail that cannot reach its region, or that a test makes fail.

        Raises:
            ConnectionError: The region is out of service.
            AwsError: By an error code or an HTTP status.
            Exception: By that exception.
        """
        outages, faults = self._backend.accounts.outages, self._backend.faults
        if not (outages.on or faults.any):
            return
        region = self._serving_region(account, members)
        if outages.is_out(region):
            reason = f"{region} is out of service"
            self._note_failure(account, operation, region, reason)
            raise ConnectionError(reason)
        occasion = Occasion(
            what="request",
            service=service,
            operation=operation,
            region=region,
            account=account.id,
            subject=members,
        )
        fault = faults.hit(occasion)
        if fault is not None:
            self._note_failure(account, operation, region, f"{fault!r}")
            raise _error_of(fault)
        if operation in _OF_ENTRIES:
            faults.decide(members.get("Entries", ()), occasion)

    def _note_failure(self, account: Account, operation: str, region: str, reason: str) -> None:
        self._note("request failed", region, f"{operation} of {account.id} in {region} failed: {reason}")

    def _note_refusal(self, account: Account, operation: str, error: AwsError) -> None:
        hint = f" ({error.hint})" if error.hint else ""
        answer = " ".join(str(error).split("\n"))
        text = f"{operation} of {account.id} in {account.region} was refused: {answer}{hint}"
        self._note("request refused", account.region, text)

    def _note(self, kind: IncidentKind, region: str, text: str) -> None:
        incident = Incident(time=self._backend.clock.now(), kind=kind, region=region, text=text)
        self._backend.ledger.note(incident)

    def _serving_region(self, account: Account, members: Mapping[str, Any]) -> str:
        """The region that a request is for."""
        shared = self._backend.accounts
        endpoint_id = members.get("EndpointId")
        with self._backend.lock:
            endpoint = None if endpoint_id is None else shared.find_endpoint(endpoint_id)
            return account.region if endpoint is None else serving_region(shared, endpoint)

    def _region(self, request: HttpRequest) -> str:
        """The region of the host, else the default one."""
        host = _HOST.search(request.host)
        return self.default_region if host is None else host[1]

    def _account_id(self, key_id: str, request: HttpRequest) -> str:
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
        return request.headers.get(ACCOUNT_HEADER) or account_of_key(key_id) or self._backend.default_account

    def access_key_id(self) -> str:
        """The environment's key id if it can be no real one, else a made-up one."""
        held = os.environ.get("AWS_ACCESS_KEY_ID")
        if (
            held
            and not self._backend.options.account
            and (held != self._key_id_at_start or is_account_id(held))
        ):
            return held
        return FAKE_KEY_ID

    def catch_up(self) -> None:
        """Do what the clock has passed."""
        self._backend.clock.run_due()

    def lets_out(self, url: str) -> bool:
        """Whether the URL's host, or host and port, is one that may be reached."""
        passthrough = self._backend.options.passthrough
        if not passthrough:
            return False
        parts = urlsplit(url)
        names = {parts.hostname or "", parts.netloc.rpartition("@")[2].lower()}
        patterns = [pattern.lower().replace("[", "[[]") for pattern in passthrough]
        return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)

    def refuse(self, method: str, url: str, service: str | None) -> NetworkBlocked:
        """The exception for a request that may not leave; the backend keeps it for its report."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        place = f"{parts.scheme}://{host}{parts.path}"
        whose = "" if service is None else f" (service {service!r})"
        message = (
            f"{method} {place}{whose} was about to leave the process, and eventmock lets nothing out.\n"
            f"Ways out: mock that service too, for example with moto's mock_aws;\n"
            f"or let the host through: mock_events(passthrough=[{host!r}])."
        )
        self._backend.ledger.refused_requests.append(f"{method} {place}{whose}")
        return NetworkBlocked(message)


class ClosedGate:
    """What the requests of a caller go through that no mock can answer: nothing is answered, and nothing leaves.

    Args:
        reason: Why no mock can, for the tester.
    """

    event_names: Final = Gate.event_names
    has_passthrough: Final = False

    def __init__(self, reason: MockStateError) -> None:
        self._reason = reason

    @property
    def default_region(self) -> str:
        """There is none.

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

    def access_key_id(self) -> str:
        """A made-up one."""
        return FAKE_KEY_ID

    def catch_up(self) -> None:
        """Do nothing: there is no clock."""

    def lets_out(self, _url: str) -> bool:
        """No request may leave."""
        return False

    def refuse(self, method: str, url: str, _service: str | None) -> NetworkBlocked:
        """The exception for a request that may not leave."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        return NetworkBlocked(f"{method} {place} was about to leave the process: {self._reason}")
