"""The check whether EventBridge can assume a role: one of the test, of a template, or of moto's IAM.

Source: EventBridge checks a role in the request that names it (observed on AWS); what a trust policy must contain is
documented ("How to use trust policies with IAM roles" of the IAM user guide). It is not known which condition keys that
check has, so conditions of a trust policy are not evaluated: a statement that allows under a condition counts as
allowing, and a statement that denies under a condition does not count (inferred).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.moto import NotThere, is_active
from eventmock.delivery.permissions.given import Policies
from eventmock.delivery.permissions.of_templates import OfTemplates
from eventmock.policies import Policy, Request, Service, decide
from eventmock.services.events import errors
from eventmock.values.arn import Arn, resource_name

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account
    from eventmock.wire import AwsError


PRINCIPAL: Final = "events.amazonaws.com"
ASSUME_ROLE: Final = "sts:AssumeRole"


def can_be_assumed(account: Account, role_arn: str) -> bool:
    """Return whether EventBridge can assume a role; True if nothing is known of it and moto's IAM is not active.

    Called without the state's lock, because moto is asked.

    Args:
        account: The account and the region of the request that names the role.
        role_arn: The role's ARN.

    Raises:
        PolicyNotUnderstood: AWS would refuse the trust policy, or it has an element that is not evaluated here.
    """
    arn = Arn.parse(role_arn)
    assert arn is not None  # the service model has checked the ARN
    state = account.state
    given = state.settings(Policies).find_role(role_arn) or state.settings(OfTemplates).roles.get(role_arn)
    if given is not None:
        return _is_trusted(given.trust, role_arn)
    if not is_active():
        return True
    try:
        role = state.moto.role(resource_name(role_arn).rpartition("/")[2], arn.account, account.region)
    except NotThere:
        return True
    if role is None or role["Arn"] != role_arn:
        return False
    return is_trusted(role["AssumeRolePolicyDocument"], role_arn)


def not_assumable(role_arn: str) -> AwsError:
    """Return the error for a role that EventBridge cannot assume."""
    return errors.invalid(
        f"Provided role '{role_arn}' cannot be assumed by principal '{PRINCIPAL}'.",
        hint="moto's IAM has no such role, or its trust policy does not let that principal assume it",
    )


def is_trusted(policy: Any, role_arn: str) -> bool:
    """Return whether a trust policy allows EventBridge to assume the role.

    Args:
        policy: The policy's document.
        role_arn: The role's ARN.

    Raises:
        PolicyNotUnderstood: AWS would refuse the policy, or the policy has an element that is not evaluated here.
    """
    return _is_trusted(Policy(f"the trust policy of {role_arn}", policy, "trust"), role_arn)


def _is_trusted(trust: Policy, role_arn: str) -> bool:
    return decide(Request(Service(PRINCIPAL), ASSUME_ROLE, role_arn, None), resource=[trust]).is_allowed
