"""Whether the policy of a bus lets somebody put an event on it.

Source: "Policy evaluation logic", "IAM JSON policy elements" (Condition operators; Variables and tags) and
"Troubleshoot access denied error messages" of the IAM user guide, "Using IAM policy conditions" of EventBridge's (the
keys). An account's own bus needs no statement; an explicit deny always wins. Inferred: a caller is an account here, so
a principal that is a user or role stands for its whole account; each entry of PutEvents is asked about by itself. What
AWS would not take for a policy, and what is not evaluated here, is told to the tester.
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
    def context(self) -> dict[str, str | None]:
        """The condition keys that are known, each with its value if it has one."""
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
    """The organization of an account, by account id; accounts that are not there are in none."""


def caller_of(state: State, account: str, event: Event, rule_arn: str | None = None) -> Caller:
    """Who puts an event.

    Args:
        state: All that the mock holds.
        account: The account.
        event: The event.
        rule_arn: The rule whose target is a bus, if that is how the event comes.
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
    """That a caller may not put an event on a bus.

    Attributes:
        message: In AWS's words.
        hint: In ours: what each statement of the policy lacks, or which of them denies.
    """

    message: str
    hint: str


def refusal(policy: Mapping[str, Any] | None, bus_arn: str, caller: Caller) -> Refusal | None:
    """Why a caller may not put an event on a bus; None if it may.

    Args:
        policy: The policy's document, if the bus has one.
        bus_arn: The bus.
        caller: Who puts what.

    Raises:
        PolicyNotUnderstood: The policy holds what is not evaluated here.
    """
    bus = Arn.of(bus_arn)
    document = policy or {}
    has_variables = document.get("Version") == VERSION_WITH_VARIABLES
    statements = [
        _Statement(held, bus_arn, caller, has_variables=has_variables)
        for held in _listed(document.get("Statement", []))
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
        nobody = "the bus's policy allows nobody" if statements else "the bus has no policy"
        hint = "of the bus's policy, " + "; ".join(allowing) if allowing else nobody
    user = f"arn:{bus.partition}:iam::{caller.account}:root"
    message = f"User: {user} is not authorized to perform: {PUT_EVENTS} on resource: {bus_arn} {why}"
    return Refusal(message=message, hint=hint)


class _NoValue(Exception):  # noqa: N818 - it says what happened
    """A variable has no value: the statement that holds it is invalid then, and applies to nothing (documented)."""


class _Statement:
    """A statement of a bus's policy, and the caller it is asked about."""

    def __init__(self, held: Any, bus_arn: str, caller: Caller, *, has_variables: bool) -> None:
        self._bus_arn = bus_arn
        self._caller = caller
        self._context = {name.lower(): value for name, value in caller.context.items()}
        self._has_variables = has_variables
        self._elements = self._object("a statement", held)
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
        """Why it is not about what the caller does, in a few words of ours; None if it is."""
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
        """Each line of the condition and whether it holds: all of them, to overlook none that is not evaluated."""
        condition = self._object("Condition", self._elements.get("Condition", {}))
        return [
            (
                self._told(operator, key, wanted),
                self._holds(operator, key, self._values(f"{operator} of {key}", wanted)),
            )
            for operator, keys in condition.items()
            for key, wanted in self._object(operator, keys).items()
        ]

    def _told(self, operator: str, key: str, wanted: Any) -> str:
        held = json.dumps(self._context.get(key.lower()))
        return f"lacks {key}: held {held}, wanted {operator} {json.dumps(wanted)}"

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
        """A text with its variables filled in, as a pattern of `fnmatch` in which certain characters are quoted."""
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
        """The values of a line, which may be numbers and booleans too."""
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
    """A text for `fnmatch`, in which some characters stand for themselves."""
    return "".join(f"[{one}]" if one in characters else one for one in text)


def _fits_in_any_case(value: str, pattern: str) -> bool:
    return fnmatchcase(value.lower(), pattern.lower())


def _fits_part_by_part(value: str, pattern: str) -> bool:
    """Whether an ARN matches, each of its six parts by itself (documented): a ``*`` stays in its part."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What a condition operator compares, and how.

    Attributes:
        fits: Whether a value fits a pattern.
        quoted: The characters of a wanted value that mean nothing special.
        is_negated: Whether it holds where no wanted value fits.
        holds_without_value: Whether it holds where the key has no value.
    """

    fits: Callable[[str, str], bool]
    quoted: str
    is_negated: bool
    holds_without_value: bool


def _comparisons() -> dict[str, _Comparison]:
    """All there are, by their whole names."""
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
