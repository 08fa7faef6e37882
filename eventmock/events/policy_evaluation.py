"""Whether the policy of a bus lets somebody put an event on it.

Source: "Policy evaluation logic" and "IAM JSON policy elements: Condition operators" of the IAM user guide, and "Using
policy conditions" of EventBridge's (the keys). An account's own bus needs no statement; an explicit deny always wins. A
caller is an account here, so a principal that is a user or role stands for its whole account (inferred).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventmock.arn import Arn
from eventmock.exceptions import PolicyNotUnderstood

if TYPE_CHECKING:
    from collections.abc import Callable

PUT_EVENTS: Final = "events:PutEvents"
_NEGATED: Final = re.compile(r"^(String|Arn)Not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who puts an event, and what conditions ask about.

    Attributes:
        account: The account.
        organization: The id of its organization, if it is in one.
        source: The event's source; None where there is no event yet, and nothing is asked of one.
        detail_type: Its detail-type.
        rule_arn: The rule that forwards it, if one does.
    """

    account: str
    organization: str | None
    source: str | None = None
    detail_type: str | None = None
    rule_arn: str | None = None

    @property
    def context(self) -> dict[str, str]:
        """The condition keys that have a value, in lower case."""
        values = {
            "aws:PrincipalAccount": self.account,
            "aws:PrincipalArn": f"arn:aws:iam::{self.account}:root",
            "aws:PrincipalOrgID": self.organization,
            "aws:SourceAccount": self.account if self.rule_arn else None,
            "aws:SourceArn": self.rule_arn,
            "events:source": self.source,
            "events:detail-type": self.detail_type,
            "events:creatorAccount": self.account if self.rule_arn else None,
        }
        return {name.lower(): value for name, value in values.items() if value is not None}


def refusal(policy: Mapping[str, Any] | None, bus_arn: str, caller: Caller) -> str | None:
    """Why a caller may not put an event on a bus, in AWS's words; None if it may.

    Args:
        policy: The policy's document, if the bus has one.
        bus_arn: The bus.
        caller: Who puts what.

    Raises:
        PolicyNotUnderstood: The policy holds what is not evaluated here.
    """
    held = (policy or {}).get("Statement", [])
    statements = [statement for statement in _listed(held) if _applies(statement, bus_arn, caller)]
    effects = {statement.get("Effect") for statement in statements}
    why = None
    if "Deny" in effects:
        why = "with an explicit deny in a resource-based policy"
    elif "Allow" not in effects and Arn.parse(bus_arn) != _with_account(bus_arn, caller.account):
        why = f"because no resource-based policy allows the {PUT_EVENTS} action"
    if why is None:
        return None
    user = f"arn:aws:iam::{caller.account}:root"
    return f"User: {user} is not authorized to perform: {PUT_EVENTS} on resource: {bus_arn} {why}"


def _with_account(bus_arn: str, account: str) -> Arn | None:
    arn = Arn.parse(bus_arn)
    return None if arn is None else Arn(arn.partition, arn.service, arn.region, account, arn.resource)


def _applies(statement: Mapping[str, Any], bus_arn: str, caller: Caller) -> bool:
    for name in ("NotPrincipal", "NotAction", "NotResource"):
        if name in statement:
            raise PolicyNotUnderstood(
                f"{bus_arn}: {name} of a policy is not evaluated; say it by what it is not"
            )
    return (
        any(_like(pattern, PUT_EVENTS, ignore_case=True) for pattern in _listed(statement.get("Action", [])))
        and any(_like(pattern, bus_arn) for pattern in _listed(statement.get("Resource", [])))
        and _is_principal(statement.get("Principal"), caller)
        and all(
            _holds(operator, key, _listed(wanted), caller.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
            if caller.source is not None or not key.startswith("events:")
        )
    )


def _is_principal(principal: Any, caller: Caller) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    service = caller.rule_arn is not None and "events.amazonaws.com" in _listed(principal.get("Service", []))
    return service or any(_is_account(value, caller.account) for value in _listed(principal.get("AWS", [])))


def _is_account(value: str, account: str) -> bool:
    arn = Arn.parse(value)
    return value in ("*", account) or (arn is not None and arn.account == account)


def _holds(operator: str, key: str, wanted: list[str], context: Mapping[str, str]) -> bool:
    """Whether one line of a condition holds."""
    name = operator.rpartition(":")[2]
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    value = context.get(key.lower())
    if name == "Null":
        return any((value is None) == (str(one).lower() == "true") for one in wanted)
    negated = _NEGATED.sub(r"\1", name)
    compare = _OPERATORS.get(negated)
    if compare is None:
        known = ", ".join([*_OPERATORS, "Null"])
        raise PolicyNotUnderstood(f"condition operator {operator} is not evaluated; there are {known}")
    if value is None:
        return if_exists or negated != name
    return any(compare(str(one), value) for one in wanted) == (negated == name)


def _like(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """Whether a value fits a pattern, in which ``*`` is any characters and ``?`` is one."""
    parts = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(parts, value, re.IGNORECASE if ignore_case else 0) is not None


_OPERATORS: Final[dict[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringEqualsIgnoreCase": lambda wanted, value: wanted.lower() == value.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
