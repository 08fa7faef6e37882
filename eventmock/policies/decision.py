"""Decisions: whether the policies that are concerned allow a request.

Source: "Policy evaluation logic" of the IAM user guide, with its page on requests within one account, between accounts,
and on boundaries; "Key policies in AWS KMS". An explicit deny in any policy wins. Within an account, a policy of the
resource that names the role itself suffices; one that names the account delegates to the policies of the role. Between
accounts both must allow. A key never goes by the policies of the role alone. A boundary limits what the policies of
the role allow, and what a policy of the resource allows to the role; it does not limit what that one allows to the
session or to everybody. Service control policies are not evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.policies.policy import Outcome, Policy
    from eventmock.policies.principals import How
    from eventmock.policies.request import Request

Side = Literal["identity-based policy", "resource-based policy", "permissions boundary"]
"""What refuses a request, as AWS's error texts name it."""
Place = Literal["own account", "other account", "own key"]
"""Where a resource is: in the account of the principal, in another one, or it is a key of KMS in the account."""


class Decision(NamedTuple):
    """The decision about a request.

    Attributes:
        side: What refuses the request; None if it is allowed.
        denied_by: The statement that denies the request, and its policy, in words; None if no statement does.
        lacks: Why statements that would allow another request do not apply, in words, with their policies.
        policies: The names of the policies of that side, in words; empty if it has none.
    """

    side: Side | None = None
    denied_by: str | None = None
    lacks: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the request is allowed."""
        return self.side is None

    def why(self, action: str) -> str:
        """Return the end of AWS's error text, such as ``because no resource-based policy allows the ... action``.

        Args:
            action: The action, as the text spells it.
        """
        if self.denied_by is not None:
            article = "an" if self.side == "identity-based policy" else "a"
            return f"with an explicit deny in {article} {self.side}"
        return f"because no {self.side} allows the {action} action"


def decide(
    request: Request,
    *,
    resource: Sequence[Policy] = (),
    identity: Sequence[Policy] | None = None,
    boundary: Policy | None = None,
    place: Place = "own account",
) -> Decision:
    """Decide about a request.

    Args:
        request: The request.
        resource: The policies of the resource, one of which must allow the request; most resources have one at most.
        identity: The policies of the role whose session makes the request; None for a principal that has none, such as
            a service.
        boundary: The boundary of the role's permissions; None if it has none.
        place: Where the resource is.

    Raises:
        PolicyNotUnderstood: A policy has an element that is not evaluated here, or AWS would refuse the policy.
    """
    outcomes: dict[Side, list[tuple[Policy, Outcome]]] = {
        "identity-based policy": [(policy, policy.outcome(request)) for policy in identity or ()],
        "resource-based policy": [(policy, policy.outcome(request)) for policy in resource],
        "permissions boundary": [] if boundary is None else [(boundary, boundary.outcome(request))],
    }
    for side, of_side in outcomes.items():
        for policy, outcome in of_side:
            if outcome.denied_by is not None:
                return Decision(side, f"{outcome.denied_by} of {policy.name}")
    ways = {side: {how for _, one in of_side for how in one.allows} for side, of_side in outcomes.items()}
    if boundary is None:
        ways["permissions boundary"] = {"everybody"}
    lacking = _lacking(ways, place) if identity is not None else _lacking_to_service(ways)
    if lacking is None:
        return Decision()
    of_side = outcomes[lacking]
    lacks = tuple(f"of {policy.name}, {lack}" for policy, outcome in of_side for lack in outcome.lacks)
    return Decision(lacking, None, lacks, tuple(policy.name for policy, _ in of_side))


def _lacking_to_service(ways: Mapping[Side, set[How]]) -> Side | None:
    """Return what does not allow a request of a principal that has no policies; None if the request is allowed.

    Args:
        ways: How the statements that allow the request name its principal, by side. Nothing denies the request.
    """
    return None if ways["resource-based policy"] else "resource-based policy"


def _lacking(ways: Mapping[Side, set[How]], place: Place) -> Side | None:
    """Return what does not allow a request of a role's session; None if the request is allowed.

    Args:
        ways: How the statements that allow the request name its principal, by side. Nothing denies the request.
        place: Where the resource is.
    """
    by_resource = ways["resource-based policy"] if place != "other account" else set()
    if not by_resource - {"account"}:
        if not ways["identity-based policy"]:
            return "identity-based policy"
        if place != "own account" and not ways["resource-based policy"]:
            return "resource-based policy"
    is_bounded = not by_resource & {"everybody", "session"}
    return "permissions boundary" if is_bounded and not ways["permissions boundary"] else None
