"""The check whether EventBridge can assume a role.

Source: EventBridge checks a role in the request that names it (observed on AWS). It is not known which condition keys
that check has, so conditions of a trust policy are not evaluated (inferred).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.delivery.permissions.senders import EVENTS
from eventmock.services.assumed_roles import why_not_assumed
from eventmock.services.events import errors

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account
    from eventmock.wire import AwsError


def can_be_assumed(account: Account, role_arn: str) -> bool:
    """Return whether EventBridge can assume a role, as far as it is known.

    Args:
        account: The account and the region of the request that names the role.
        role_arn: The role's ARN.

    Raises:
        PolicyNotUnderstood: AWS would refuse the trust policy, or it has an element that is not evaluated here.
    """
    return why_not_assumed(account, role_arn, EVENTS) is None


def not_assumable(role_arn: str) -> AwsError:
    """Return the error for a role that EventBridge cannot assume."""
    return errors.invalid(
        f"Provided role '{role_arn}' cannot be assumed by principal '{EVENTS}'.",
        hint="moto's IAM has no such role, or its trust policy does not let that principal assume it",
    )
