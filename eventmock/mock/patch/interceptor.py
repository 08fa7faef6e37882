"""The interface of the active mock that the patches use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.exceptions import NetworkBlocked
    from eventmock.wire.http import HttpRequest, HttpResponse


class Interceptor(Protocol):
    """An active mock, as the patches of botocore use it."""

    @property
    def event_names(self) -> frozenset[str]:
        """The mocked services, by the names that they have in botocore's event names, such as ``eventbridge``."""

    @property
    def default_region(self) -> str:
        """The region of clients that get no region in any other way."""

    @property
    def has_passthrough(self) -> bool:
        """Whether passthrough allows any host."""

    def serves(self, endpoint_prefix: str) -> bool:
        """Return whether a service is mocked, by its endpoint prefix such as ``events``."""

    def answer(self, endpoint_prefix: str, request: HttpRequest) -> HttpResponse:
        """Answer a request to a mocked service."""

    def catch_up(self) -> None:
        """Do the work that is due by the clock; called before another mock, such as moto, answers."""

    @property
    def requires_awscrt(self) -> bool:
        """Whether calls that need SigV4a fail if awscrt is not installed."""

    @property
    def takes_patched_send(self) -> bool:
        """Whether requests to other services may go to a ``send`` that the test or another library has patched."""

    def overhear_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Store the alarm of a Route 53 health check that a client has created or updated in another mock.

        Args:
            headers: The headers of the request.
            request: The body of the request.
            answer: The body of the other mock's answer.
        """

    def lets_out(self, url: str) -> bool:
        """Return whether a request to another service may leave the process."""

    def signs_for(self, url: str) -> bool:
        """Return whether real credentials sign a request: it may leave the process, and moto does not answer it."""

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """Record a request that may not leave the process, and return the exception for it."""

    def made_up_keys(self) -> tuple[str, str]:
        """Return the made-up access key id and secret key that replace credentials that may be real."""

    def names_account(self, key_id: str) -> bool:
        """Return whether an access key id names an account of the mock."""

    def is_of_moto(self, key_id: str) -> bool:
        """Return whether moto has made an access key id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request that may not leave the process.

    Attributes:
        method: The HTTP method.
        url: The URL of the request.
        service: The endpoint prefix, if a client of botocore sends the request.
        proxy: The URL of the proxy for the request, if it is the proxy that may not be reached.
        patched_by: The full name of the function that replaces botocore's ``send``; None if none does.
    """

    method: str
    url: str
    service: str | None = None
    proxy: str | None = None
    patched_by: str | None = None


class CurrentInterceptor(Protocol):
    """A function that returns the active mock that answers the caller's requests."""

    def __call__(self, owner: object = None) -> Interceptor | None:
        """Return the active mock that answers the caller's requests; None while no mock is active.

        Args:
            owner: The endpoint or HTTP session of the client that calls, as a client may belong to one mock.
        """
