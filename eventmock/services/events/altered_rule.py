"""A rule with a mistake, as a mock keeps it for a mutant. `mutants` lists the mistakes.

A change is a value of JSON with one of these members:

- ``EventPattern``, ``ScheduleExpression``, ``State``: what stands there instead.
- ``EventBusName``: the bus that the rule is on by mistake. The rule stays where the test looks for it, but takes no
  event there. The other bus gets a copy that takes events, as long as the rule has targets. The copy has the ARN of the
  rule, so what permissions say of the rule is true of the copy.
- ``Target``: the ARN of a target, without an id that AWS adds, with ``Removed``, or with ``Drop``, ``Set`` or
  ``InputPathsMap``: the members that it loses or gets.

Source: ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from eventmock.schedule import parse_for_rule
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.event_patterns import compile_pattern
from eventmock.services.events.scheduled_rules import begin_timer
from eventmock.services.events.target import Target
from eventmock.values.arn import Arn, arn_without_id

if TYPE_CHECKING:
    from eventmock.services.events.rule import Rule
    from eventmock.services.events.timer import Timer
    from eventmock.services.mutants import Mutated
    from eventmock.state import State

Change: TypeAlias = Mapping[str, Any]


def altered_rule(state: State, rule: Rule, subject: Mutated, change: Change) -> Rule:
    """Return a rule with a mistake, if it is the subject of the mutant; else the rule as it is.

    It is called before a bus keeps the rule, for each change of the rule. A rule that has the mistake already stays as
    it is.

    Args:
        state: The state of the mock.
        rule: The rule.
        subject: The subject of the mutant.
        change: The mistake; see the head of this file.
    """
    if not _is_subject(rule, subject):
        return rule
    if "Target" in change:
        return _with_targets(rule, change)
    if "EventBusName" in change:
        return _on_another_bus(state, rule, change["EventBusName"])
    if "EventPattern" in change:
        text = change["EventPattern"]
        return replace(rule, event_pattern=text, pattern=compile_pattern(text))
    if "ScheduleExpression" in change:
        changed = replace(rule, schedule_expression=change["ScheduleExpression"])
    elif change["State"] == "ENABLED" and rule.state != "DISABLED":
        return rule
    else:
        changed = replace(rule, state=change["State"])
    return replace(changed, timer=_timer(state, changed))


def altered_target(members: Mapping[str, Any], change: Change) -> dict[str, Any] | None:
    """Return the members of a target with a mistake; None if the target is missing.

    Args:
        members: The members, as PutTargets takes them.
        change: The mistake; see the head of this file.
    """
    if change.get("Removed"):
        return None
    dropped = change.get("Drop", ())
    if not all(name in members for name in dropped):
        return dict(members)
    kept = {name: value for name, value in members.items() if name not in dropped}
    transformer = kept.get("InputTransformer", {})
    paths = transformer.get("InputPathsMap", {})
    if (new := change.get("InputPathsMap", {})) and new.keys() <= paths.keys():
        kept["InputTransformer"] = {**transformer, "InputPathsMap": {**paths, **new}}
    return {**kept, **change.get("Set", {})}


def _is_subject(rule: Rule, subject: Mutated) -> bool:
    """Return whether a rule is the subject of a mutant.

    A rule is known by account, region, bus, pattern and schedule, as in coverage: tests make names up. A rule of a
    template is known by its name, as the template may be deployed in several places, and often has several rules with
    one pattern.
    """
    if not rule.is_users_own or rule.identity != subject.identity:
        return False
    if subject.is_deployed:
        return rule.name in subject.names
    arn = Arn.parse(rule.arn)
    place = (subject.account, subject.region, subject.place)
    return arn is not None and (arn.account, arn.region, rule.event_bus_name) == place


def _with_targets(rule: Rule, change: Change) -> Rule:
    targets = {}
    for target_id, target in rule.targets.items():
        kept = target
        if arn_without_id(target.arn) == change["Target"]:
            before = target.members
            after = altered_target(before, change)
            if after is None:
                continue
            kept = target if after == before else Target.of(after)
        targets[target_id] = kept
    return replace(rule, targets=targets)


def _on_another_bus(state: State, rule: Rule, bus_name: str) -> Rule:
    """Return a rule that takes no events, and put a copy on another bus if there is such a bus."""
    if rule.event_bus_name == bus_name or rule.event_pattern is None:
        return rule
    arn = Arn.parse(rule.arn)
    assert arn is not None
    other = buses_of(state.accounts.get(arn.account, arn.region)).get(bus_name)
    there = None if other is None else other.rules.get(rule.name)
    if other is not None and (there is None or there.arn == rule.arn):
        if rule.targets:
            pattern = compile_pattern(rule.event_pattern)
            other.put_rule(
                replace(rule, event_bus_name=bus_name, pattern=pattern, is_in_effect=True, under_way=None)
            )
        elif there is not None:
            other.remove_rule(rule.name)
    why = f'a mutant has it on the bus "{bus_name}"'
    return replace(rule, pattern=None, is_in_effect=False, under_way=why)


def _timer(state: State, rule: Rule) -> Timer | None:
    """Return the timer of a rule with a mistake. It keeps its timer if a change does not change its schedule."""
    if rule.schedule_expression is None or rule.state == "DISABLED":
        return None
    arn = Arn.parse(rule.arn)
    assert arn is not None
    bus = buses_of(state.accounts.get(arn.account, arn.region))[rule.event_bus_name]
    old = bus.rules.get(rule.name)
    if old is not None and old.timer is not None and old.schedule_expression == rule.schedule_expression:
        return old.timer
    schedule = parse_for_rule(rule.schedule_expression)
    return begin_timer(state, arn.account, arn.region, rule.name, schedule)
