"""What the patches need to know of the mock that is active; they know nothing else of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
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
        """Whether a service, by its endpoint prefix such as ``events``, is ours."""

    def answer(self, endpoint_prefix: str, request: HttpRequest) -> HttpResponse:
        """Answer a request to one of our services."""

    def catch_up(self) -> None:
        """Do what the clock has passed; called when another mock is about to answer."""

    def lets_out(self, url: str) -> bool:
        """Whether a request to another service may leave the process."""

    def refuse(self, method: str, url: str, service: str | None) -> NetworkBlocked:
        """The exception for a request that may not leave; it is written down too."""

    def access_key_id(self) -> str:
        """The access key id of clients that were given no credentials."""


class CurrentInterceptor(Protocol):
    """Gives what the requests of a caller go through."""

    def __call__(self, owner: object = None) -> Interceptor | None:
        """None while no mock is active.

        Args:
            owner: The endpoint or HTTP session of the client that asks: a client may belong to one mock.
        """
