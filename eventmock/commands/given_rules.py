"""The argument RULES of the command line: the output of ``aws events list-rules --output json``, or its list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eventmock.commands.documents import WrongInput
from eventmock.commands.given_pattern import ENGINE_FAILS
from eventmock.pattern import EngineFailure, InvalidPattern, compile as compile_text, hint_for
from eventmock.services.events.archive import RULE_PREFIX
from eventmock.services.events.managed_rules import ARCHIVES
from eventmock.services.events.rule import CLOUDTRAIL_STATE, Rule

if TYPE_CHECKING:
    from eventmock.commands.documents import Document

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
        try:
            rules.append(_rule_of(members))
        except EngineFailure:
            refused.append((members["Name"], ENGINE_FAILS))
        except InvalidPattern as refusal:
            hint = hint_for(refusal)
            refused.append((members["Name"], f"{refusal.reason} ({hint})" if hint else refusal.reason))
    return GivenRules(rules, refused, are_all=isinstance(value, list) or "NextToken" not in value)


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


def _rule_of(members: dict[str, Any]) -> Rule:
    text = members.get("EventPattern") or None
    return Rule(
        name=members["Name"],
        arn=members.get("Arn", ""),
        event_bus_name=members.get("EventBusName") or "",
        created_by="",
        state=members.get("State", "ENABLED"),
        event_pattern=text,
        pattern=None if text is None else compile_text(text),
        schedule_expression=members.get("ScheduleExpression") or None,
        managed_by=members.get("ManagedBy"),
        feeds=members["Name"].removeprefix(RULE_PREFIX) if members.get("ManagedBy") == ARCHIVES else None,
    )
