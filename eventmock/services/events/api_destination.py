"""The record of an API destination. The operations are in `api_destinations`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT_RATE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ApiDestination:
    """An API destination. Its state is not part of the record, because it depends on the connection.

    Attributes:
        name: The name of the API destination, unique in its account and region.
        api_destination_arn: The ARN, which ends in an id that a later API destination of the same name does not have.
        connection_arn: The ARN of the connection.
        invocation_endpoint: The URL, which may have ``*`` for path parameters.
        http_method: The HTTP method, such as ``POST``.
        creation_time: The moment of CreateApiDestination.
        last_modified_time: The moment of the last change.
        invocation_rate_limit_per_second: The highest number of invocations in a second.
        description: The description; None if there is none.
        was_active: Whether it was active when EventBridge last sent an event about that.
    """

    name: str
    api_destination_arn: str
    connection_arn: str
    invocation_endpoint: str = field(repr=False)
    http_method: str
    creation_time: datetime
    last_modified_time: datetime
    invocation_rate_limit_per_second: int = DEFAULT_RATE
    description: str | None = None
    was_active: bool = False
