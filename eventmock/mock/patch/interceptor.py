"""The interface of the active mock to the patches, which use nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.exceptions import NetworkBlocked
    from eventmock.wire.http import HttpRequest, HttpResponse


class Interceptor(Protocol):
    """The side of an active mock that faces botocore."""

    @property
    def event_names(self) -> frozenset[str]:
        """The services that are ours, as botocore spells them in event names, such as ``eventbridge``."""

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing else says one."""

    @property
    def has_passthrough(self) -> bool:
        """Whether any host may be reached for real."""

    def serves(self, endpoint_prefix: str) -> bool:
        """Return whether a service, by its endpoint prefix such as ``events``, is ours."""

    def answer(self, endpoint_prefix: str, request: HttpRequest) -> HttpResponse:
        """Answer a request to one of our services."""

    def catch_up(self) -> None:
        """Do what the clock has passed; called when another mock is about to answer."""

    @property
    def requires_awscrt(self) -> bool:
        """Whether calls that need SigV4a fail where awscrt is not installed."""

    @property
    def takes_patched_send(self) -> bool:
        """Whether requests to other services may go to a ``send`` that somebody else has patched."""

    def overhear_health_check(self, headers: Mapping[str, str], request: bytes, answer: bytes) -> None:
        """Learn what a client told another mock of a Route 53 health check, from headers and bodies."""

    def lets_out(self, url: str) -> bool:
        """Return whether a request to another service may leave the process."""

    def signs_for(self, url: str) -> bool:
        """Return whether a request is signed with real credentials: it may leave, and moto will not answer it."""

    def refuse(self, refused: Refused) -> NetworkBlocked:
        """Return the exception for a request that may not leave; it is written down too."""

    def made_up_keys(self) -> tuple[str, str]:
        """Return the access key id and the secret key that stand for credentials that may be real."""

    def names_account(self, key_id: str) -> bool:
        """Return whether an access key id stands for an account of the mock."""

    def is_of_moto(self, key_id: str) -> bool:
        """Return whether moto gave an access key id out."""


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


class CurrentInterceptor(Protocol):
    """Gives the active mock that answers a caller's requests."""

    def __call__(self, owner: object = None) -> Interceptor | None:
        """None while no mock is active.

        Args:
            owner: The endpoint or HTTP session of the client that asks: a client may belong to one mock.
        """
