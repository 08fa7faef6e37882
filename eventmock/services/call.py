"""A call of an operation: the caller, and what was decided about the request before the operation runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventmock.parts.accounts import Account
from eventmock.wire import Call as WireCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.faults import Fault, RequestFaults
    from eventmock.history.delivery import Delivery


class Route(NamedTuple):
    """The region that serves a request that came through a resource such as a global endpoint.

    Attributes:
        region: The name of the region that serves the request.
        through: The resource that the request came through, such as the global endpoint.
    """

    region: str
    through: Any


class Call(WireCall[Account]):
    """The context of a request: its account and headers, its faults and its route.

    The faults and the route are decided once, before the operation runs, and are attributes of the call. So no other
    request can get one of these faults, and the region that was checked for an outage is the region that serves.

    Attributes:
        faults: The faults of the request; None if the test has injected no fault for it.
        route: The region that serves the request, if the request names another resource that decides this; else None.
        delivery: The delivery whose target the operation is; None if a client sent the request.
    """

    __slots__ = ("delivery", "faults", "route")

    def __init__(
        self,
        account: Account,
        headers: Mapping[str, str],
        *,
        faults: RequestFaults | None = None,
        route: Route | None = None,
    ) -> None:
        super().__init__(account, headers)
        self.faults = faults
        self.route = route
        self.delivery: Delivery | None = None

    def faults_of(self, entries: Sequence[Any]) -> Sequence[Fault | None]:
        """Return the faults of the request's entries, in the order of the entries; None for an entry without fault."""
        return [None] * len(entries) if self.faults is None else self.faults.of_entries()
