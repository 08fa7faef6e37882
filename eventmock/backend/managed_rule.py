"""Rules that a test makes as an AWS service would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.backend.places import account_named, bus_named, refusals_to_the_tester
from eventmock.exceptions import OptionError
from eventmock.services.call import Call
from eventmock.services.events import SERVICE
from eventmock.services.events.managed_rules import put_rule_of_service
from eventmock.wire import checked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.state import State


def add_managed_rule(  # noqa: PLR0913 - the members of a rule, and where it is
    state: State,
    name: str,
    *,
    managed_by: str,
    event_pattern: str | None,
    schedule_expression: str | None,
    targets: Sequence[Mapping[str, Any]],
    bus: str | None,
    region: str | None,
    account: str | None,
) -> str:
    """Make a rule as an AWS service makes it; see `EventsBackend.add_managed_rule`."""
    __tracebackhide__ = True
    call = "backend.add_managed_rule()"
    if not isinstance(name, str):
        raise OptionError(f"backend.add_managed_rule({name!r}): wanted the name of a rule")
    with state.lock:
        holder = account_named(state, call, region, account)
        found = bus_named(holder, call, bus)
        if name in found.rules:
            raise OptionError(f"{call}: there is a rule {name!r} on {found.name!r} already")
        wanted: Any = {"Name": name, "EventBusName": found.arn}
        if event_pattern is not None:
            wanted["EventPattern"] = event_pattern
        if schedule_expression is not None:
            wanted["ScheduleExpression"] = schedule_expression
        with refusals_to_the_tester(f"backend.add_managed_rule({name!r})"):
            request = checked(SERVICE.model, "PutRule", wanted)
            given: Any = []
            if targets:
                listed = list(targets) if isinstance(targets, tuple) else targets
                asked: Any = {"Rule": name, "EventBusName": found.arn, "Targets": listed}
                given = checked(SERVICE.model, "PutTargets", asked)["Targets"]
            return put_rule_of_service(Call(holder, {}), found, request, managed_by, given).arn
