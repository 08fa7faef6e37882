"""The checks of the ``InvokeConfiguration`` of a subscriber, and the target that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.services.custom_event_bus import errors
from eventmock.services.custom_event_bus.kinds import kind_of_target
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.parts.accounts import Account
    from eventmock.target_kinds import TargetKind

    Members = Mapping[str, Any]


def check_role(account: Account, invoke: Members) -> None:
    """Check that the role is of the account of the subscriber.

    Raises:
        AwsError: It is of another account (``AccessDeniedException``).
    """
    owner = Arn.of(invoke["RoleArn"]).account
    if owner != account.id:
        raise errors.access_denied(f"the role is of account {owner}, and the subscriber is of {account.id}")


def check_target_arn(account: Account, text: str, bus_arn: str) -> TargetKind:
    """Return the kind of target of an ARN."""
    kind = kind_of_target(Arn.of(text))
    if kind is None:
        raise errors.invalid("InvokeConfiguration.TargetArn: TargetArn is not a supported subscriber target")
    del account, bus_arn
    return kind


def parameters_of(invoke: Members, target_arn: str, kind: TargetKind) -> dict[str, Any]:
    """Return the parameter block of an ``InvokeConfiguration`` by its name; empty if there is none."""
    del target_arn, kind
    return {name: block for name, block in invoke.items() if name.endswith("Parameters")}
