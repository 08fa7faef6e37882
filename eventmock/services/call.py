"""A call of an operation: who calls, and what was decided of the request before it is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventmock.parts.accounts import Account
from eventmock.wire import Call as WireCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.faults import Fault, RequestFaults


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request is carried out that came by way of something else, such as a global endpoint.

    Attributes:
        region: The region that serves it.
        through: What it came through.
    """

    region: str
    through: Any


@dataclass(slots=True)
class Call(WireCall[Account]):
    """What an operation knows of its call beside the members of the request.

    Faults and route are found once, before the operation runs, and ride on the call. So a fault cannot hit another
    request, and the region that was asked for its outage is the region that serves.

    Attributes:
        faults: The faults of the request; None where none is injected.
        route: Where the request is carried out, if that is not where its caller is; else None.
    """

    faults: RequestFaults | None = None
    route: Route | None = None

    def faults_of(self, entries: Sequence[Any]) -> Sequence[Fault | None]:
        """The fault of each entry of the request; None where none applies."""
        return [None] * len(entries) if self.faults is None else self.faults.of_entries()
