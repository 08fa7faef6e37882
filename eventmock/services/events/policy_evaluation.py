"""Whether a caller may put an event on a bus, by the bus's policy.

Source: `eventmock.policies` says how policies are evaluated; "Using IAM policy conditions" of EventBridge's user guide
has the keys. The account of a bus needs no statement; an explicit deny always wins. Inferred: a caller is an account
here, so a principal that is a user or role stands for its whole account; each entry of PutEvents is evaluated by
itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventmock.parts.organizations import Organizations
from eventmock.policies import AccountCaller, Policy, Request
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.event.event import Event
    from eventmock.state import State

PUT_EVENTS: Final = "events:PutEvents"
SERVICE: Final = "events.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The caller who puts an event, and the values of condition keys.

    Attributes:
        account: The id of the caller's account.
        organization: The id of the account's organization; None if the account is in none.
        source: The event's ``source``.
        detail_type: The event's ``detail-type``.
        rule_arn: The ARN of the rule that forwards the event; None if no rule does.
    """

    account: str
    organization: str | None
    source: str
    detail_type: str
    rule_arn: str | None = None

    @property
    def context(self) -> dict[str, str | None]:
        """The known condition keys, each with its value; None if a key has no value."""
        creator = self.account if self.rule_arn else None
        return {
            "aws:PrincipalAccount": self.account,
            "aws:PrincipalOrgID": self.organization,
            "aws:SourceAccount": creator,
            "aws:SourceArn": self.rule_arn,
            "events:source": self.source,
            "events:detail-type": self.detail_type,
            "events:creatorAccount": creator,
            "events:eventBusInvocation": "true" if self.rule_arn else "false",
        }


def caller_of(state: State, account: str, event: Event, rule_arn: str | None = None) -> Caller:
    """Return the caller who puts an event.

    Args:
        state: The state of the mock.
        account: The id of the caller's account.
        event: The event.
        rule_arn: The ARN of the rule that forwards the event to the bus; None if no rule does.
    """
    return Caller(
        account=account,
        organization=state.settings(Organizations).get(account),
        source=event.source,
        detail_type=event.detail_type,
        rule_arn=rule_arn,
    )


def caller_of_entry(state: State, account: str, entry: Mapping[str, Any]) -> Caller:
    """Return the caller of PutEvents for an entry, which may be refused later.

    Args:
        state: The state of the mock.
        account: The id of the caller's account.
        entry: The entry.
    """
    return Caller(
        account=account,
        organization=state.settings(Organizations).get(account),
        source=entry.get("Source", ""),
        detail_type=entry.get("DetailType", ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The refusal of a caller who puts an event on a bus.

    Attributes:
        message: AWS's error text.
        hint: A text of ours: why each statement does not apply, or which statement denies.
        is_denied: Whether a statement denies; False if none allows.
    """

    message: str
    hint: str
    is_denied: bool


def refusal(policy: Mapping[str, Any] | None, bus_arn: str, caller: Caller) -> Refusal | None:
    """Return the refusal of a caller who puts an event on a bus; None if the caller may put it.

    Args:
        policy: The policy's document; None if the bus has no policy.
        bus_arn: The ARN of the bus.
        caller: The caller, and the event.

    Raises:
        PolicyNotUnderstood: AWS would refuse the policy, or the policy has an element that is not evaluated here.
    """
    bus = Arn.of(bus_arn)
    service = None if caller.rule_arn is None else SERVICE
    principal = AccountCaller(caller.account, bus.partition, service)
    request = Request(principal, PUT_EVENTS, bus_arn, caller.context)
    document = Policy(f"the policy of {bus_arn}", policy or {})
    outcome = document.outcome(request)
    if outcome.denied_by is not None:
        why = "with an explicit deny in a resource-based policy"
        hint = f"{outcome.denied_by} of the bus's policy denies it"
    elif outcome.allows or bus.account == caller.account:
        return None
    else:
        why = f"because no resource-based policy allows the {PUT_EVENTS} action"
        no_policy = f"the bus has no policy; put_permission(...) lets {caller.account} put events there"
        no_statement = "the bus's policy allows nobody" if document.statements else no_policy
        hint = "of the bus's policy, " + "; ".join(outcome.lacks) if outcome.lacks else no_statement
    message = (
        f"User: {principal.name} is not authorized to perform: {PUT_EVENTS} on resource: {bus_arn} {why}"
    )
    return Refusal(message=message, hint=hint, is_denied=outcome.denied_by is not None)
