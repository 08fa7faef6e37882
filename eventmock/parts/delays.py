"""How long states and retries last that take time on AWS, by the backend's clock. All lengths are inferred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from eventmock.parts.part import Settings
from eventmock.values.moments import check_span


@dataclass(slots=True, kw_only=True)
class Delays(Settings):
    """How long things take on the backend's clock; set an attribute, a timedelta, to change our default.

    Attributes:
        archive: From ``CREATING`` or ``UPDATING`` to ``ENABLED``. Without a delay the answer says
            ``ENABLED`` at once (recorded).
        connection: From ``AUTHORIZING`` to ``AUTHORIZED``, of a connection with OAuth.
        connection_change: How long a connection is ``CREATING``, ``UPDATING``, ``DELETING`` or ``DEAUTHORIZING``.
            Without a delay the answer says ``AUTHORIZED`` or ``AUTHORIZING`` at once, unless the connection is private.
        endpoint: From ``CREATING`` or ``UPDATING`` to ``ACTIVE``, and from ``DELETING`` to gone.
        propagation: From a change of a rule, its targets or its state until events are matched by it. AWS warns that
            this takes "a short period of time"; with a delay, a test sees whether the code under test waits.
        replay: From ``STARTING`` to the first event, and from ``CANCELLING`` to ``CANCELLED``.
        replay_minute: How long a replay takes for a minute of the archive's time; AWS replays minute by minute.
        rate_first_firing: From the moment at which a rate begins to its first firing; None for one period of it. AWS
            was seen to fire at once, which a test that puts targets after their rule would miss.
        replication: From the arrival of an event at the region that serves a global endpoint to that of its copy in
            the other.
        first_retry: From a failed attempt to the first retry of a delivery; each later one takes twice as long.
        longest_retry: The longest wait between two attempts.
    """

    archive: timedelta = timedelta(0)
    connection: timedelta = timedelta(seconds=10)
    connection_change: timedelta = timedelta(0)
    endpoint: timedelta = timedelta(0)
    propagation: timedelta = timedelta(0)
    replay: timedelta = timedelta(milliseconds=250)
    replay_minute: timedelta = timedelta(0)
    rate_first_firing: timedelta | None = None
    replication: timedelta = timedelta(0)
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(seconds=4096)

    def __setattr__(self, name: str, value: Any) -> None:
        __tracebackhide__ = True
        may_be_none = name == "rate_first_firing" and value is None
        if not may_be_none:
            check_span(f"delays.{name} = {value!r}", value)
        object.__setattr__(self, name, value)
