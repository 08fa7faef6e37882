"""The evaluation of bus policies: whether a caller may put an event on a bus.

Source: "Policy evaluation logic", "IAM JSON policy elements" (Condition operators; Variables and tags) and
"Troubleshoot access denied error messages" of the IAM user guide, "Using IAM policy conditions" of EventBridge's (the
keys). The account of a bus needs no statement; an explicit deny always wins. Inferred: a caller is an account here, so
a principal that is a user or role stands for its whole account; each entry of PutEvents is evaluated by itself. A
policy that AWS would refuse, or that has elements which are not evaluated here, raises an error for the tester.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from eventmock.exceptions import PolicyNotUnderstood
from eventmock.parts.part import KeptDict
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eventmock.event.event import Event
    from eventmock.state import State

PUT_EVENTS: Final = "events:PutEvents"
SERVICE: Final = "events.amazonaws.com"
ELEMENTS: Final = ("Sid", "Effect", "Principal", "Action", "Resource", "Condition")
VERSION_WITH_VARIABLES: Final = "2012-10-17"

_KEYS_OF_EVENTS: Final = ("events:source", "events:detail-type")
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT: Final = re.compile(r"\s*'(.*)'\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The caller who puts an event, and the values of condition keys.

    Attributes:
        account: The id of the caller's account.
        organization: The id of the account's organization; None if the account is in none.
        source: The event's ``source``; None if there is no event yet. Conditions about events are not evaluated then.
        detail_type: The event's ``detail-type``; None if there is no event yet.
        rule_arn: The ARN of the rule that forwards the event; None if no rule does.
    """

    account: str
    organization: str | None
    source: str | None = None
    detail_type: str | None = None
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


class Organizations(KeptDict[str, str]):
    """The ids of organizations, by account id. An account that is not a key is in no organization."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The refusal of a caller who puts an event on a bus.

    Attributes:
        message: AWS's error text.
        hint: A text of ours: why each statement does not apply, or which statement denies.
    """

    message: str
    hint: str


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
    document = policy or {}
    has_variables = document.get("Version") == VERSION_WITH_VARIABLES
    statements = [
        _Statement(given, bus_arn, caller, has_variables=has_variables)
        for given in _listed(document.get("Statement", []))
    ]
    lacks = {statement: statement.lacks() for statement in statements}
    applying = [statement for statement, lack in lacks.items() if lack is None]
    denying = [str(statement) for statement in applying if statement.effect == "Deny"]
    if denying:
        why = "with an explicit deny in a resource-based policy"
        hint = f"{denying[0]} of the bus's policy denies it"
    elif applying or bus.account == caller.account:
        return None
    else:
        why = f"because no resource-based policy allows the {PUT_EVENTS} action"
        allowing = [f"{one} {lack}" for one, lack in lacks.items() if one.effect == "Allow"]
        no_policy = f"the bus has no policy; put_permission(...) lets {caller.account} put events there"
        no_statement = "the bus's policy allows nobody" if statements else no_policy
        hint = "of the bus's policy, " + "; ".join(allowing) if allowing else no_statement
    user = f"arn:{bus.partition}:iam::{caller.account}:root"
    message = f"User: {user} is not authorized to perform: {PUT_EVENTS} on resource: {bus_arn} {why}"
    return Refusal(message=message, hint=hint)


class _NoValue(Exception):  # noqa: N818 - it says what happened
    """The error that a variable has no value. Its statement is invalid then, and does not apply (documented)."""


class _Statement:
    """A statement of a bus's policy, to be evaluated for a caller.

    Args:
        given: The statement from the policy's document.
        bus_arn: The ARN of the bus.
        caller: The caller.
        has_variables: Whether the version of the policy has variables.
    """

    def __init__(self, given: Any, bus_arn: str, caller: Caller, *, has_variables: bool) -> None:
        self._bus_arn = bus_arn
        self._caller = caller
        self._context = {name.lower(): value for name, value in caller.context.items()}
        self._has_variables = has_variables
        self._elements = self._object("a statement", given)
        for name in self._elements:
            if name not in ELEMENTS:
                raise self._not_evaluated("element", name, ELEMENTS)
        self.effect = self._elements.get("Effect")
        if self.effect not in ("Allow", "Deny"):
            raise self._malformed("Effect", self.effect, "Allow or Deny")

    def __str__(self) -> str:
        return (
            f"statement {self._elements['Sid']!r}" if "Sid" in self._elements else "a statement without Sid"
        )

    def lacks(self) -> str | None:
        """Return the reason why the statement does not apply to the caller, for the hint; None if it applies."""
        try:
            if not self._is_principal():
                return (
                    f"is for Principal {json.dumps(self._elements['Principal'])}, not {self._caller.account}"
                )
            if not any(_fits_in_any_case(PUT_EVENTS, _quoted(one, "[")) for one in self._texts("Action")):
                return f"is for Action {json.dumps(self._elements['Action'])}"
            if not any(fnmatchcase(self._bus_arn, self._pattern(one)) for one in self._texts("Resource")):
                return f"is for Resource {json.dumps(self._elements['Resource'])}"
            failing = [line for line, holds in self._lines() if not holds]
        except _NoValue as variable:
            return f"has a variable without value, {variable}"
        return failing[0] if failing else None

    def _is_principal(self) -> bool:
        given = self._elements.get("Principal")
        if given == "*":
            return True
        principals = self._object("Principal", given)
        services = self._texts("Service", principals) if "Service" in principals else []
        accounts = self._texts("AWS", principals) if "AWS" in principals else []
        is_the_service = self._caller.rule_arn is not None and SERVICE in services
        return is_the_service or any(map(self._is_caller, accounts))

    def _is_caller(self, principal: str) -> bool:
        arn = Arn.parse(principal)
        if arn is None:
            return principal in ("*", self._caller.account)
        is_in_partition = self._bus_arn.startswith(f"arn:{arn.partition}:")
        return arn.service in ("iam", "sts") and is_in_partition and arn.account == self._caller.account

    def _lines(self) -> list[tuple[str, bool]]:
        """Return a description of each line of the condition, and whether the line is true.

        All lines are read, so that a line which eventmock cannot evaluate always raises an error.
        """
        condition = self._object("Condition", self._elements.get("Condition", {}))
        return [
            (
                self._description(operator, key, wanted),
                self._holds(operator, key, self._values(f"{operator} of {key}", wanted)),
            )
            for operator, keys in condition.items()
            for key, wanted in self._object(operator, keys).items()
        ]

    def _description(self, operator: str, key: str, wanted: Any) -> str:
        value = json.dumps(self._context.get(key.lower()))
        return f"lacks {key}: held {value}, wanted {operator} {json.dumps(wanted)}"

    def _holds(self, operator: str, key: str, wanted: list[str]) -> bool:
        name, comparison = key.lower(), _COMPARISONS.get(operator)
        if comparison is None and operator != "Null":
            raise self._not_evaluated("condition operator", operator, ("Null", *_COMPARED))
        if name not in self._context:
            raise self._not_evaluated("condition key", key, self._caller.context)
        if self._caller.source is None and name in _KEYS_OF_EVENTS:
            return self.effect == "Allow"
        value = self._context[name]
        if comparison is None:
            return any(one.lower() == ("true" if value is None else "false") for one in wanted)
        if value is None:
            return comparison.holds_without_value
        patterns = [self._pattern(one, comparison.quoted) for one in wanted]
        return any(comparison.fits(value, pattern) for pattern in patterns) != comparison.is_negated

    def _pattern(self, text: str, quoted: str = "[") -> str:
        """Return a text with the values of its variables, as a pattern for `fnmatch`.

        Args:
            text: The text from the policy.
            quoted: The characters that have no special meaning in the text.
        """
        if not self._has_variables:
            return _quoted(text, quoted)
        parts = zip(_VARIABLE.split(text), itertools.cycle((False, True)), strict=False)
        return "".join(
            _quoted(self._value_of(part)) if is_variable else _quoted(part, quoted)
            for part, is_variable in parts
        )

    def _value_of(self, variable: str) -> str:
        if variable in ("*", "?", "$"):
            return variable
        key, _, rest = variable.partition(",")
        name, default = key.strip().lower(), _DEFAULT.fullmatch(rest)
        if name not in self._context:
            raise self._not_evaluated("variable", key.strip(), self._caller.context)
        value = self._context[name]
        if value is not None:
            return value
        if default is None:
            raise _NoValue(key.strip())
        return default[1]

    def _object(self, name: str, given: Any) -> Mapping[str, Any]:
        if isinstance(given, Mapping):
            return given
        raise self._malformed(name, given, "an object")

    def _texts(self, name: str, holder: Mapping[str, Any] | None = None) -> list[str]:
        given = (self._elements if holder is None else holder).get(name)
        texts = _listed(given)
        if all(isinstance(text, str) for text in texts):
            return texts
        raise self._malformed(name, given, "text or a list of it")

    def _values(self, name: str, given: Any) -> list[str]:
        """Return the values of a condition's line as texts. A value may be a text, a number or a boolean."""
        values = _listed(given)
        if all(isinstance(value, (str, int, float)) for value in values):
            return [value if isinstance(value, str) else json.dumps(value) for value in values]
        raise self._malformed(name, given, "text or a list of it")

    def _malformed(self, name: str, given: Any, wanted: str) -> PolicyNotUnderstood:
        what = f"is {json.dumps(given)}" if given is not None else "is missing"
        return PolicyNotUnderstood(f"the policy of {self._bus_arn}: {name} {what}, wanted {wanted}")

    def _not_evaluated(self, what: str, given: str, known: Iterable[str]) -> PolicyNotUnderstood:
        names = ", ".join(known)
        return PolicyNotUnderstood(
            f"the policy of {self._bus_arn}: the {what} {given!r} is not evaluated; there are {names}"
        )


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _quoted(text: str, characters: str = "[*?") -> str:
    """Return a pattern for `fnmatch`, in which the given characters have no special meaning."""
    return "".join(f"[{one}]" if one in characters else one for one in text)


def _fits_in_any_case(value: str, pattern: str) -> bool:
    return fnmatchcase(value.lower(), pattern.lower())


def _fits_part_by_part(value: str, pattern: str) -> bool:
    """Return whether an ARN matches a pattern. Each of the six parts is matched by itself (documented)."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The comparison of a condition operator.

    Attributes:
        fits: Returns whether a value matches a pattern.
        quoted: The characters of a wanted value that have no special meaning.
        is_negated: Whether the condition is true if no wanted value matches.
        holds_without_value: Whether the condition is true if the key has no value.
    """

    fits: Callable[[str, str], bool]
    quoted: str
    is_negated: bool
    holds_without_value: bool


def _comparisons() -> dict[str, _Comparison]:
    """Return the comparisons of all condition operators, by the operators' full names."""
    found = {}
    for (base, (fits, quoted)), is_negated, together, if_exists in itertools.product(
        _COMPARED.items(), (False, True), ("", "ForAnyValue:", "ForAllValues:"), ("", "IfExists")
    ):
        name = re.sub(r"^(String|Arn)", r"\1Not", base) if is_negated else base
        without = bool(if_exists) or {"": is_negated, "ForAnyValue:": False, "ForAllValues:": True}[together]
        if is_negated == (name != base):
            found[f"{together}{name}{if_exists}"] = _Comparison(fits, quoted, is_negated, without)
    return found


_COMPARED: Final[dict[str, tuple[Callable[[str, str], bool], str]]] = {
    "StringEquals": (fnmatchcase, "[*?"),
    "StringEqualsIgnoreCase": (_fits_in_any_case, "[*?"),
    "StringLike": (fnmatchcase, "["),
    "ArnEquals": (_fits_part_by_part, "["),
    "ArnLike": (_fits_part_by_part, "["),
    "Bool": (_fits_in_any_case, "[*?"),
}
_COMPARISONS: Final = _comparisons()
