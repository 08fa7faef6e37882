"""The gate between botocore and the state of a mock.

`Gate` decides which account and region a request is of, which service answers it, and which other requests may leave
the process. `ClosedGate` takes its place if several mocks could answer a caller. The patches (`eventmock.mock.patch`)
use nothing else of a mock.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

from eventmock.delivery.moto import (
    ACCOUNT_HEADER,
    account_here,
    account_of_key,
    answers,
    gave_out,
    sets_environment,
)
from eventmock.exceptions import MockStateError, NetworkBlocked
from eventmock.services.requests import Requests
from eventmock.services.table import services
from eventmock.values.arn import is_account_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventmock.aws_events.s3 import ObjectEvent
    from eventmock.state import State
    from eventmock.wire import HttpRequest, HttpResponse

FAKE_KEY_ID: Final = "eventmock"
FAKE_SECRET: Final = "eventmock"  # noqa: S105 - no secret
_SCOPE: Final = re.compile(r"Credential=([^,\s]+)/\d{8}(?:/([a-z0-9-]+))?/[^/]+/aws4_request")
_KEY_IN_URL: Final = re.compile(r"[?&](?:X-Amz-Credential|AWSAccessKeyId)=([^&%/]+)")
"""The access key id in a presigned URL."""


@lru_cache(maxsize=256)
def _scope_of(authorization: str) -> tuple[str, str]:
    """Return the access key id and the region by which a request is signed; an empty text for each that is missing."""
    scope = _SCOPE.match(authorization, max(authorization.find("Credential="), 0))
    return ("", "") if scope is None else (scope[1], scope[2] or "")


class Refused(NamedTuple):
    """A request that may not leave the process.

    Attributes:
        method: The HTTP method.
        url: The URL.
        service: The endpoint prefix of the service, if a client of botocore sends the request.
        proxy: The URL of the proxy of the request, if the proxy is the host that may not be reached.
        patched_by: The full name of the function by which another library has replaced botocore's ``send``; None if
            none has.
        passes_moto: Whether moto is active and would answer, but does not know the client.
    """

    method: str
    url: str
    service: str | None = None
    proxy: str | None = None
    patched_by: str | None = None
    passes_moto: bool = False


def _host_pattern(endpoint_prefixes: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds the region in the host of a service."""
    prefixes = "|".join(map(re.escape, endpoint_prefixes))
    return re.compile(rf"(?:^|\.)(?:{prefixes})(?:-fips)?\.([a-z0-9-]+-\d+)\.")


class Gate:
    """The gate of one mock: it answers the requests that botocore would send.

    Args:
        state: The state of the mock.

    Attributes:
        event_names: The services that are mocked, as botocore spells them in event names, such as ``eventbridge``.
        has_passthrough: Whether any host may be reached for real.
        bridges_s3: Whether what happens to objects in moto's S3 comes to the default bus.
        sends_api_calls: Whether events of CloudTrail come of the calls that moto answers.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._endpoint_prefixes = {service.endpoint_prefix for service in state.services}
        self._requests = Requests(state)
        self._host = _host_pattern(self._endpoint_prefixes)
        self._key_id_at_start = os.environ.get("AWS_ACCESS_KEY_ID")
        self.event_names: Final = frozenset(service.event_name for service in state.services)
        self.has_passthrough: Final = bool(state.options.passthrough)
        self.bridges_s3: Final = "s3" in state.service_events
        self.sends_api_calls: Final = "cloudtrail" in state.service_events

    @property
    def default_region(self) -> str:
        """The region of clients for which no region is configured."""
        return self._state.default_region

    def serves(self, endpoint_prefix: str) -> bool:
        """Return whether a service is mocked. The whole prefix is compared: ``eventsv2`` is not ``events``."""
        return endpoint_prefix in self._endpoint_prefixes

    def answer(self, endpoint_prefix: str, request: HttpRequest) -> HttpResponse:
        """Do the work that is due by the clock, answer a request, then carry out the deliveries that it caused.

        Args:
            endpoint_prefix: The endpoint prefix of a service that is mocked.
            request: The request that botocore would send.

        Raises:
            EndlessLoop: The request caused events that cause events without end.
            ConnectionError: The region is out of service, or a fault makes the connection fail.
            Exception: A fault makes the request fail by it.
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
            return self._requests.dispatcher(endpoint_prefix).handle(
                request, account, f"{account_id}/{region}"
            )
        finally:
            state.outbox.empty()

    def _region(self, request: HttpRequest) -> str:
        """Return the region in the host of a request, else the default region."""
        host = self._host.search(request.host)
        return self.default_region if host is None else host[1]

    def _account_id(self, key_id: str, headers: Mapping[str, str]) -> str:
        """Return the id of the account that calls.

        The first of these decides: the test's own mapping of access key ids; a key id that is an account id; the header
        by which moto gets the account; a key that moto has made; the default account. Other key ids are not decoded:
        a developer's real key would put the test into a real account.
        """
        mapped = self._state.account_for_key.get(key_id)
        if mapped is not None:
            return mapped
        if is_account_id(key_id):
            return key_id
        return headers.get(ACCOUNT_HEADER) or account_of_key(key_id) or self._state.default_account

    def made_up_keys(self) -> tuple[str, str]:
        """Return the access key id and the secret key that replace credentials that may be real.

        The key id is the environment's if that cannot be a real one: it is an account id, or it was set after the mock
        began, or moto has set it. moto's secret key comes with moto's key id.
        """
        key_id = os.environ.get("AWS_ACCESS_KEY_ID")
        if not key_id:
            return FAKE_KEY_ID, FAKE_SECRET
        if not is_account_id(key_id) and sets_environment():
            return key_id, os.environ.get("AWS_SECRET_ACCESS_KEY", FAKE_SECRET)
        is_made_up = key_id != self._key_id_at_start or is_account_id(key_id)
        if is_made_up and not self._state.options.account:
            return key_id, FAKE_SECRET
        return FAKE_KEY_ID, FAKE_SECRET

    def names_account(self, key_id: str) -> bool:
        """Return whether an access key id is an account id, or is mapped to an account by the test."""
        return is_account_id(key_id) or key_id in self._state.account_for_key

    def is_of_moto(self, key_id: str) -> bool:
        """Return whether moto is active and has made an access key id."""
        return gave_out(key_id)

    def catch_up(self) -> None:
        """Do the work that is due by the clock."""
        self._state.clock.run_due()

    def send_s3_events(
        self, events: Iterable[ObjectEvent], headers: Mapping[str, str], url: str, *, was_refused: bool
    ) -> None:
        """Put the events on the default bus that S3 sends about a request, and make the deliveries that they cause.

        Args:
            events: What happened to objects while moto answered the request.
            headers: The headers of the request.
            url: The URL of the request.
            was_refused: Whether moto has answered with an error.
        """
        __tracebackhide__ = True
        from eventmock.aws_events.s3 import of_one_request
        from eventmock.services.events.moto_events import send_s3_events

        state = self._state
        if not state.lifetime.is_active:  # another thread has stopped the mock meanwhile
            return
        key_id, _region = _scope_of(headers.get("authorization", ""))
        if not key_id and (in_url := _KEY_IN_URL.search(url)):
            key_id = in_url[1]
        sent = [
            event._replace(account=account_here(event.account) or state.default_account)
            for event in of_one_request(events, was_refused=was_refused)
        ]
        send_s3_events(state, sent, requester=self._account_id(key_id, headers))

    def send_api_call(
        self,
        operation: Any,
        parameters: Mapping[str, Any],
        answer: Mapping[str, Any],
        headers: Mapping[str, str],
        host: str,
    ) -> None:
        """Put the event of CloudTrail about a call on the default bus, and make the deliveries that it causes.

        Args:
            operation: botocore's model of the operation.
            parameters: The parameters of the call.
            answer: The answer, parsed by botocore.
            headers: The headers of the request.
            host: The host of the request.
        """
        __tracebackhide__ = True
        from eventmock.aws_events.logged_calls import logged_call
        from eventmock.services.events.moto_events import send_api_call

        state = self._state
        if not state.lifetime.is_active:  # another thread has stopped the mock meanwhile
            return
        key_id, region = _scope_of(headers.get("authorization", ""))
        call = logged_call(operation, parameters, answer, host=host, user_agent=headers.get("user-agent", ""))
        account = self._account_id(key_id, headers)
        send_api_call(state, call, account=account, region=region or state.default_region)

    def saw_silent_bucket(self, name: str, account: str, region: str) -> None:
        """Keep that an object has changed in a bucket of moto that does not send its events to EventBridge."""
        from eventmock.services.events.silent_buckets import Bucket, SilentBuckets

        bucket = Bucket(name, account_here(account) or self._state.default_account, region)
        with self._state.lock:
            self._state.settings(SilentBuckets).add(bucket)

    def note_no_s3_events(self, why: str) -> None:
        """Write down, once, that no event comes of moto's S3."""
        text = (
            f"a bucket of S3 sends its events to EventBridge, but none comes here: {why}. It was tried with moto "
            "5.0.4 to 5.2.5; with any other, put the events by backend.emit_sample('aws.s3', ...)"
        )
        if all(str(subject) != text for subject, _ in list(self._state.ledger.journal)):
            self._state.note("service event", text, None)

    @property
    def requires_awscrt(self) -> bool:
        """Whether calls that need SigV4a fail if awscrt is not installed."""
        return self._state.options.in_force().require_awscrt is True

    @property
    def takes_patched_send(self) -> bool:
        """Whether another library's patch of ``send`` may get requests to other services."""
        return bool(self._state.options.patched_send)

    def learn_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Read the request to moto, and its answer, that made or changed a Route 53 health check."""
        account = self._account_id(_scope_of(headers.get("authorization", ""))[0], headers)
        from eventmock.services.events.health_checks import HealthChecks

        self._state.part(HealthChecks).learn(account, request, answer)

    def lets_out(self, url: str) -> bool:
        """Return whether passthrough allows the host to which a connection for a URL would go."""
        passthrough = self._state.options.passthrough
        if not passthrough:
            return False
        from eventmock.values.hosts import destination

        where = destination(url)
        return where is not None and where.is_one_of(passthrough)

    def signs_for(self, url: str) -> bool:
        """Return whether a request may leave the process, and moto does not answer it: real credentials sign it."""
        return self.lets_out(url) and not answers(url)

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """Return the exception for a request that may not leave, and write it down for the report."""
        refusal = _words_for(refused)
        self._state.ledger.refused_requests.append(refusal)
        return NetworkBlocked(
            f"{refusal} was about to leave the process, and eventmock lets nothing out.\n{_ways_out(refused)}"
        )


def _words_for(refused: Refused) -> str:
    """Return words for a request, for the text of an error."""
    from eventmock.values.hosts import connection_url

    whose = "" if refused.service is None else f" (service {refused.service!r})"
    by = "" if refused.proxy is None else f" through the proxy {connection_url(refused.proxy)}"
    return f"{refused.method} {connection_url(refused.url)}{whose}{by}"


def _ways_out(refused: Refused) -> str:
    """Return what the tester can do about a refused request."""
    from eventmock.values.hosts import destination

    if refused.passes_moto:
        return (
            "moto is active, but does not answer this client, because the client was made before moto was imported.\n"
            "Ways out: make the client in the test, or in a function that the test calls; import moto before the "
            "module that makes the client, as at the top of conftest.py;\n"
            "or show the client to moto: moto.core.patch_client(client), and patch_resource for a resource."
        )
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
    """The gate for callers whom several mocks could answer: no request is answered, and no request leaves.

    Args:
        reason: The error for the tester, which states why no mock answers.
    """

    has_passthrough: Final = False
    bridges_s3: Final = False
    sends_api_calls: Final = False
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
        """Return whether a service is mocked."""
        return endpoint_prefix in self._services

    def answer(self, _endpoint_prefix: str, _request: HttpRequest) -> HttpResponse:
        """Refuse the request.

        Raises:
            MockStateError: Always.
        """
        raise self._reason

    def made_up_keys(self) -> tuple[str, str]:
        """Return made-up keys."""
        return FAKE_KEY_ID, FAKE_SECRET

    def names_account(self, _key_id: str) -> bool:
        """Return False: no key names an account here."""
        return False

    def is_of_moto(self, key_id: str) -> bool:
        """Return whether moto is active and has made an access key id."""
        return gave_out(key_id)

    def catch_up(self) -> None:
        """Do nothing: there is no clock."""

    def learn_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Learn nothing: there are no health checks."""

    def send_s3_events(
        self, events: Iterable[ObjectEvent], headers: Mapping[str, str], url: str, *, was_refused: bool
    ) -> None:
        """Do nothing: there is no bus."""

    def saw_silent_bucket(self, name: str, account: str, region: str) -> None:
        """Do nothing: there are no rules."""

    def note_no_s3_events(self, why: str) -> None:
        """Do nothing: there is no report."""

    def send_api_call(
        self,
        operation: Any,
        parameters: Mapping[str, Any],
        answer: Mapping[str, Any],
        headers: Mapping[str, str],
        host: str,
    ) -> None:
        """Do nothing: there is no bus."""

    def lets_out(self, _url: str) -> bool:
        """Return False: no request may leave."""
        return False

    def signs_for(self, _url: str) -> bool:
        """Return False: no request may leave."""
        return False

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """Return the exception for a request that may not leave."""
        return NetworkBlocked(f"{_words_for(refused)} was about to leave the process: {self._reason}")


AnyGate: TypeAlias = Gate | ClosedGate


class CurrentGate(Protocol):
    """A function that finds the gate of the mock that answers the caller."""

    def __call__(self, owner: object = None) -> AnyGate | None:
        """Return the gate; None while no mock is active.

        Args:
            owner: The endpoint or HTTP session of the client that asks: a client may belong to one mock.
        """
