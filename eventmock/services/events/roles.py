"""The check whether EventBridge can assume a role, by moto's IAM.

Source: EventBridge checks a role in the request that names it (observed on AWS); what a trust policy must contain is
documented ("How to use trust policies with IAM roles" of the IAM user guide). Conditions of a trust policy are not
evaluated: a statement that allows under a condition counts as allowing, and a statement that denies under a condition
does not count (inferred).
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.moto import NotThere, is_active
from eventmock.values.arn import Arn, resource_name

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account


PRINCIPAL: Final = "events.amazonaws.com"
ASSUME_ROLE: Final = "sts:assumerole"


def can_be_assumed(account: Account, role_arn: str) -> bool:
    """Return whether EventBridge can assume a role; True if moto's IAM is not active.

    Called without the state's lock, because moto is asked.

    Args:
        account: The account and the region of the request that names the role.
        role_arn: The role's ARN.
    """
    arn = Arn.parse(role_arn)
    assert arn is not None  # the service model has checked the ARN
    if not is_active():
        return True
    try:
        role = account.state.moto.role(
            resource_name(role_arn).rpartition("/")[2], arn.account, account.region
        )
    except NotThere:
        return True
    return role is not None and role["Arn"] == role_arn and is_trusted(role["AssumeRolePolicyDocument"])


def is_trusted(policy: Any) -> bool:
    """Return whether a trust policy allows EventBridge to assume the role.

    Args:
        policy: The policy's document.
    """
    statements = _listed(policy.get("Statement", ())) if isinstance(policy, Mapping) else []
    applying = [one for one in statements if isinstance(one, Mapping) and _applies(one)]
    denies = any(one.get("Effect") == "Deny" and not one.get("Condition") for one in applying)
    return not denies and any(one.get("Effect") == "Allow" for one in applying)


def _applies(statement: Mapping[str, Any]) -> bool:
    """Return whether the principals of a statement include EventBridge, and its actions sts:AssumeRole."""
    principal = statement.get("Principal")
    services = _listed(principal.get("Service", ())) if isinstance(principal, Mapping) else [principal]
    actions = [str(action).lower() for action in _listed(statement.get("Action", ()))]
    return any(one in (PRINCIPAL, "*") for one in services) and any(
        fnmatchcase(ASSUME_ROLE, action) for action in actions
    )


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]
