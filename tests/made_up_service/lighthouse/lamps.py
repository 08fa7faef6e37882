"""Lamps: CreateLamp, SwitchLamp, ListLamps.

Source: made up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from eventmock.parts.part import Settings
from eventmock.wire import AwsError, operation


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A lamp."""

    name: str
    lamp_arn: str
    state: str = "OFF"


@dataclass(slots=True, kw_only=True)
class Quotas(Settings):
    """How many lamps an account may have in a region."""

    lamps: int = 2


@operation
def create_lamp(call, request):
    """Make a lamp; it burns out after a day."""
    account, name = call.account, request["Name"]
    lamps = account.table(Lamp)
    if len(lamps) >= account.state.settings(Quotas).lamps:
        raise AwsError("LimitExceededException", "There are lamps enough.")
    lamp = Lamp(name=name, lamp_arn=account.arn("lighthouse", f"lamp/{name}"))
    lamps[name] = account.state.altered(lamp)
    account.later(Lamp, name, "burns out", timedelta(days=1), _burn_out)
    return lamps[name]


@operation
def switch_lamp(call, request):
    """Switch a lamp on or off."""
    lamps, name = call.account.table(Lamp), request["Name"]
    if name not in lamps:
        raise AwsError("ResourceNotFoundException", f"Lamp {name} does not exist.", hint="make it first")
    lamps[name] = replace(lamps[name], state=request["State"])
    text = f"lamp {name} is {request['State']}"
    call.account.state.note("lamp", text, call.account.region)


@operation(ordered_by="name")
def list_lamps(call, _request):
    """Show the lamps."""
    return list(call.account.table(Lamp).values())


def _burn_out(account, lamp):
    del account.table(Lamp)[lamp.name]
    account.state.note("lamp", f"lamp {lamp.name} burns out", account.region)
