"""Rules: PutRule, DescribeRule, ListRules, EnableRule, DisableRule, DeleteRule, ListRuleNamesByTarget.

Source: aws-recorded-behaviour section 5 (recorded) and schedules-archives-permissions section 4. The order of
PutRule's checks beyond the shape checks is not recorded (inferred). A rule may have EventPattern or ScheduleExpression
only: on the default bus an empty text for the other one counts as omitted; on another bus an empty ScheduleExpression
is refused like any ScheduleExpression (both recorded), and an empty EventPattern counts as omitted (inferred).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events import errors
from eventmock.services.events.event_bus import DEFAULT_BUS, find_event_bus, find_rule, rule_arn
from eventmock.services.events.event_patterns import compile_within_quota
from eventmock.services.events.quotas import Quotas, check_room
from eventmock.services.events.rule import CLOUDTRAIL_STATE, Rule
from eventmock.services.events.tag_values import with_tags
from eventmock.wire import AwsError, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_events.type_defs import (
        DeleteRuleRequestTypeDef,
        DescribeRuleRequestTypeDef,
        DisableRuleRequestTypeDef,
        EnableRuleRequestTypeDef,
        ListRuleNamesByTargetRequestTypeDef,
        ListRulesRequestTypeDef,
        PutRuleRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.pattern import Pattern
    from eventmock.schedule import Cron, Rate
    from eventmock.services.call import Call
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.timer import Timer

FORCED: Final = "Managed rule for the archive was forcefully deleted."


def _cannot_be_assumed(call: Call, request: Mapping[str, Any]) -> bool:
    """Return whether EventBridge cannot assume the role of a rule, as far as that is judged.

    Called without the state's lock, because moto is asked.
    """
    role = request.get("RoleArn")
    if role is None or call.account.state.options.judgement != "enforce":
        return False
    from eventmock.services.events.roles import can_be_assumed

    return not can_be_assumed(call.account, role)


@operation(look_up=_cannot_be_assumed)
def put_rule(call: Call, request: PutRuleRequestTypeDef) -> Rule:
    """Make a rule, or change one. A change resets omitted members, and keeps the targets and the tags (recorded)."""
    name = request["Name"]
    text, expression = request.get("EventPattern"), request.get("ScheduleExpression")
    if not (text or expression):
        raise errors.parameters_missing("EventPattern or ScheduleExpression")
    bus = find_event_bus(call.account, request.get("EventBusName"))
    if bus.managed_by is not None:
        raise errors.managed_bus(bus.name)
    old = bus.rules.get(name)
    if old is not None and not old.is_users_own:
        raise errors.managed_rule(name, can_be_forced=False)
    schedule = _read_schedule(bus, expression)
    if request.get("State") == CLOUDTRAIL_STATE and bus.name.startswith("aws.partner/"):
        # the service model states the buses; the text is ours
        raise errors.invalid(f"State {CLOUDTRAIL_STATE} is not supported on a partner event bus.")
    if call.found:
        from eventmock.services.events.roles import not_assumable

        raise not_assumable(request["RoleArn"])
    quotas = call.account.state.settings(Quotas)
    pattern = compile_within_quota(text, f"rule {name}", quotas) if text else None
    if old is None:
        tags: Mapping[str, str] = with_tags({}, request.get("Tags", ()), quotas.tags_per_resource)
        check_room_for_rule(call.account, bus)
    else:
        tags = old.tags
    check_room_for_wildcard(call.account, bus, name, pattern)
    rule = Rule(
        name=name,
        arn=rule_arn(bus, name),
        event_bus_name=bus.name,
        created_by=call.account.id if old is None else old.created_by,
        state=request.get("State", "ENABLED"),
        event_pattern=text or None,
        pattern=pattern,
        schedule_expression=expression or None,
        description=request.get("Description"),
        role_arn=request.get("RoleArn"),
        targets={} if old is None else old.targets,
        tags=tags,
    )
    rule = replace(rule, timer=_timer(call.account, bus, rule, old, schedule))
    bus.put_rule(rule)
    return rule


@operation
def describe_rule(call: Call, request: DescribeRuleRequestTypeDef) -> Rule:
    """Return one rule."""
    return find_rule(find_event_bus(call.account, request.get("EventBusName")), request["Name"])


@operation(ordered_by="name")
def list_rules(call: Call, request: ListRulesRequestTypeDef) -> list[Rule]:
    """List the rules of an event bus, filtered by the prefix of the name."""
    bus, prefix = find_event_bus(call.account, request.get("EventBusName")), request.get("NamePrefix", "")
    return [rule for name, rule in bus.rules.items() if name.startswith(prefix)]


@operation
def enable_rule(call: Call, request: EnableRuleRequestTypeDef) -> None:
    """Enable a rule, so that it matches events and fires by its schedule."""
    _set_state(call, request, "ENABLED")


@operation
def disable_rule(call: Call, request: DisableRuleRequestTypeDef) -> None:
    """Disable a rule, so that it neither matches events nor fires by its schedule."""
    _set_state(call, request, "DISABLED")


@operation
def delete_rule(call: Call, request: DeleteRuleRequestTypeDef) -> None:
    """Remove a rule that has no targets. If there is no such rule, do nothing."""
    bus, name = find_event_bus(call.account, request.get("EventBusName")), request["Name"]
    rule = bus.rules.get(name)
    if rule is None:
        return
    if not rule.is_users_own and rule.event_source is None and not request.get("Force"):
        raise errors.managed_rule(name, can_be_forced=True)
    if rule.targets:
        raise errors.invalid("Rule can't be deleted since it has targets.")
    bus.remove_rule(name)
    if rule.archive_name is not None:
        from eventmock.services.events.archive import Archive

        owner = call.account.state.accounts.get(bus.account_id, call.account.region)
        archive = owner.table(Archive)[rule.archive_name]
        archive.state, archive.state_reason = "DISABLED", FORCED


@operation
def list_rule_names_by_target(call: Call, request: ListRuleNamesByTargetRequestTypeDef) -> list[str]:
    """List the names of the rules of an event bus that have a target with that ARN."""
    bus, arn = find_event_bus(call.account, request.get("EventBusName")), request["TargetArn"]
    return [
        rule.name for rule in bus.rules.values() if any(target.arn == arn for target in rule.targets.values())
    ]


def check_room_for_rule(account: Account, bus: EventBus) -> None:
    """Check that a rule may be added to a bus.

    Raises:
        AwsError: The bus has as many rules as the quota allows.
    """
    counted = {name: rule for name, rule in bus.rules.items() if rule.event_source is None}
    check_room(account, counted, "rules_per_event_bus", bus)


def check_room_for_wildcard(account: Account, bus: EventBus, name: str, pattern: Pattern | None) -> None:
    """Check the quota of rules with ``wildcard``, before a new or existing rule gets a pattern.

    Args:
        account: The account of the request.
        bus: The bus of the rule.
        name: The name of the rule.
        pattern: The pattern; None if the rule has no pattern.

    Raises:
        AwsError: The pattern has a wildcard, and as many other rules have a wildcard as the quota allows.
    """
    if pattern is None or not pattern.has_wildcard:
        return
    most = account.state.settings(Quotas).wildcard_rules_per_event_bus
    existing = [rule for rule in bus.rules.values() if rule.pattern is not None and rule.pattern.has_wildcard]
    if sum(rule.name != name for rule in existing) >= most:
        raise AwsError(
            "LimitExceededException",
            f"Event bus {bus.name} may have {most} rules with wildcards in their patterns.",
            hint="use prefix, suffix or another operator where that is enough, or another event bus; a test can set "
            "backend.quotas.wildcard_rules_per_event_bus",
        )


def _read_schedule(bus: EventBus, expression: str | None) -> Rate | Cron | None:
    if expression is None:
        return None
    if bus.name != DEFAULT_BUS:
        raise errors.invalid("ScheduleExpression is supported only on the default event bus.")
    if not expression:
        return None
    from eventmock.schedule import InvalidSchedule

    try:
        return _parsed(expression)
    except InvalidSchedule as error:
        raise errors.invalid(str(error), hint=error.why) from None


@lru_cache(maxsize=256)
def _parsed(expression: str) -> Rate | Cron:
    """Parse a schedule, or return the parsed one of an earlier call: many tests of a suite put the same rules."""
    from eventmock.schedule import parse_for_rule

    return parse_for_rule(expression)


def _timer(
    account: Account, bus: EventBus, rule: Rule, old: Rule | None, schedule: Rate | Cron | None
) -> Timer | None:
    """Return the timer of a new or changed rule; None if it is disabled or has no schedule.

    An enabled rule keeps its timer if a change does not change its schedule (inferred).
    """
    if schedule is None or rule.state == "DISABLED":
        return None
    if old is not None and old.timer is not None and old.schedule_expression == rule.schedule_expression:
        return old.timer
    from eventmock.services.events.scheduled_rules import begin_timer

    return begin_timer(account.state, bus.account_id, account.region, rule.name, schedule)


def _set_state(call: Call, request: Mapping[str, Any], state: str) -> None:
    bus = find_event_bus(call.account, request.get("EventBusName"))
    rule = find_rule(bus, request["Name"])
    if not rule.is_users_own:
        raise errors.managed_rule(rule.name, can_be_forced=False)
    changed = replace(rule, state=state)
    schedule = _read_schedule(bus, rule.schedule_expression)
    bus.put_rule(replace(changed, timer=_timer(call.account, bus, changed, rule, schedule)))
