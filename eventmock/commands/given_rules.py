"""The argument RULES of the command line: the output of ``aws events list-rules --output json``, or its list."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.commands.documents import WrongInput
from eventmock.commands.given_pattern import ENGINE_FAILS
from eventmock.pattern import EngineFailure, InvalidPattern, compile as compile_text, hint_for
from eventmock.services.events.archive import RULE_PREFIX
from eventmock.services.events.managed_rules import ARCHIVES
from eventmock.services.events.rule import CLOUDTRAIL_STATE, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.commands.documents import Document
    from eventmock.commands.given_event import GivenEvent
    from eventmock.history.verdict import Verdict
    from eventmock.pattern import Pattern

STATES: Final = ("ENABLED", "DISABLED", CLOUDTRAIL_STATE)


@dataclass(frozen=True, slots=True)
class GivenRules:
    """Rules of a bus.

    Attributes:
        rules: The rules whose patterns AWS accepts.
        refused: For each other rule, its name and the reason why AWS refuses its pattern.
        are_all: Whether these are all rules of the bus, as far as the document says.
    """

    rules: list[Rule]
    refused: list[tuple[str, str]]
    are_all: bool


def read_rules(given: Document) -> GivenRules:
    """Read rules.

    Raises:
        WrongInput: The document is not JSON, or a part of it is not a rule.
    """
    value = given.value()
    listed = value.get("Rules", [value] if "Name" in value else None) if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise WrongInput(
            f'{given.title} holds no list of rules, wanted what "aws events list-rules --output json" prints'
        )
    rules, refused = [], []
    for number, members in enumerate(listed, 1):
        if not isinstance(members, dict) or not isinstance(members.get("Name"), str):
            raise WrongInput(f"{given.title}: rule {number} has no Name")
        _check_members(given.title, members)
        pattern = pattern_or_reason(members.get("EventPattern") or None)
        if isinstance(pattern, str):
            refused.append((members["Name"], pattern))
        else:
            rules.append(rule_of(members, pattern))
    return GivenRules(rules, refused, are_all=isinstance(value, list) or "NextToken" not in value)


def verdict_of(rule: Rule, put: GivenEvent) -> Verdict:
    """Return the verdict of a rule. A rule on another bus than the entry names does not see the event."""
    verdict = rule.verdict(put.event)
    if put.bus is None or rule.event_bus_name in ("", put.bus):
        return verdict
    why = f'the rule is on "{rule.event_bus_name}", the entry goes to "{put.bus}"'
    return replace(verdict, matched=False, why=why, explanation=None)


def _check_members(title: str, members: dict[str, Any]) -> None:
    what = f"{title}: rule {members['Name']!r}"
    for member in ("EventPattern", "ScheduleExpression", "ManagedBy", "Arn", "EventBusName"):
        if not isinstance(members.get(member, ""), str):
            raise WrongInput(f"{what}: {member} held {json.dumps(members[member])}, wanted text")
    if members.get("State", "ENABLED") not in STATES:
        wanted = ", ".join(map(json.dumps, STATES))
        raise WrongInput(f"{what}: State held {json.dumps(members['State'])}, wanted one of [{wanted}]")
    if not (members.get("EventPattern") or members.get("ScheduleExpression")):
        raise WrongInput(f"{what} has neither EventPattern nor ScheduleExpression")


def pattern_or_reason(text: str | None) -> Pattern | str | None:
    """Return the compiled pattern of a rule; the reason if AWS refuses the pattern; None if there is none."""
    if text is None:
        return None
    try:
        return compile_text(text)
    except EngineFailure:
        return ENGINE_FAILS
    except InvalidPattern as refusal:
        hint = hint_for(refusal)
        return f"{refusal.reason} ({hint})" if hint else refusal.reason


def rule_of(members: Mapping[str, Any], pattern: Pattern | None) -> Rule:
    """Return a rule.

    Args:
        members: The members of the rule, by their names in ListRules.
        pattern: The compiled pattern; None if the rule has none.
    """
    return Rule(
        name=members["Name"],
        arn=members.get("Arn", ""),
        event_bus_name=members.get("EventBusName") or "",
        created_by="",
        state=members.get("State", "ENABLED"),
        event_pattern=members.get("EventPattern") or None,
        pattern=pattern,
        schedule_expression=members.get("ScheduleExpression") or None,
        managed_by=members.get("ManagedBy"),
        feeds=members["Name"].removeprefix(RULE_PREFIX) if members.get("ManagedBy") == ARCHIVES else None,
    )
