"""The check whether a service can assume a role, in the request that names the role.

The role is one of the test, of a template, or of moto's IAM. Source: what a trust policy must contain is documented
("How to use trust policies with IAM roles" of the IAM user guide). Each service says where its check comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.delivery.moto import NotThere, is_active
from eventmock.delivery.permissions.given import Policies
from eventmock.delivery.permissions.of_templates import OfTemplates
from eventmock.policies import Policy, Request, Service, decide
from eventmock.values.arn import Arn, resource_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.parts.accounts import Account

    Context = Mapping[str, str | None]


def why_not_assumed(
    account: Account, role_arn: str, service: str, context: Context | None = None
) -> str | None:
    """Return why a service cannot assume a role; None if it can, or if nothing is known of the role.

    While moto's IAM is active, a role that it does not have does not exist.

    Called without the state's lock, because moto is asked.

    Args:
        account: The account and the region of the request that names the role.
        role_arn: The role's ARN.
        service: The service, as policies name it.
        context: The values of condition keys; None if they are not known. Then no condition is evaluated: a statement
            that allows under a condition counts, a statement that denies under a condition does not.

    Raises:
        PolicyNotUnderstood: AWS would refuse the trust policy, or it has an element that is not evaluated here.
    """
    arn = Arn.parse(role_arn)
    assert arn is not None  # the service model has checked the ARN
    state = account.state
    given = state.settings(Policies).find_role(role_arn) or state.settings(OfTemplates).roles.get(role_arn)
    if given is not None:
        return why_not_trusted(given.trust, role_arn, service, context)
    if not is_active():
        return None
    try:
        role = state.moto.role(resource_name(role_arn).rpartition("/")[2], arn.account, account.region)
    except NotThere:
        return None
    if role is None or role["Arn"] != role_arn:
        return f"there is no role {role_arn}"
    return why_not_trusted(role["AssumeRolePolicyDocument"], role_arn, service, context)


def why_not_trusted(trust: Any, role_arn: str, service: str, context: Context | None = None) -> str | None:
    """Return why a trust policy does not allow a service to assume the role; None if it does.

    Args:
        trust: The policy, or its document.
        role_arn: The role's ARN.
        service: The service, as policies name it.
        context: The values of condition keys, as for `why_not_assumed`.

    Raises:
        PolicyNotUnderstood: AWS would refuse the policy, or the policy has an element that is not evaluated here.
    """
    if not isinstance(trust, Policy):
        trust = Policy(f"the trust policy of {role_arn}", trust, "trust")
    request = Request(Service(service), "sts:AssumeRole", role_arn, context)
    decision = decide(request, resource=[trust])
    if decision.is_allowed:
        return None
    why = [f"{decision.denied_by} denies it"] if decision.denied_by is not None else decision.lacks
    return "; ".join([f"{trust.name} does not let {service} assume it", *why])
