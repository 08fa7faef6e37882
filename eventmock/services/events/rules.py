"""Rules: PutRule, DescribeRule, ListRules, EnableRule, DisableRule, DeleteRule, ListRuleNamesByTarget.

Source: aws-recorded-behaviour section 5 (recorded) and schedules-archives-permissions section 4. The order of
PutRule's checks beyond the shape checks is not recorded (inferred). A rule may have EventPattern or ScheduleExpression
only: on the default bus an empty text for the other one counts as left out; on another bus an empty ScheduleExpression
is refused like any ScheduleExpression (both recorded), and an empty EventPattern counts as left out (inferred).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from eventmock.history.verdict import Verdict
from eventmock.schedule import InvalidSchedule, parse_for_rule
from eventmock.services.events import errors
from eventmock.services.events.event_buses import DEFAULT_BUS
from eventmock.services.events.event_patterns import compile_within_quota
from eventmock.services.events.quotas import check_room
from eventmock.services.events.scheduled_rules import begin_timer
from eventmock.services.events.tag_values import with_tags
from eventmock.wire import AwsError, Call, operation

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

    from eventmock.pattern import Pattern, ReadEvent
    from eventmock.schedule import Cron, Rate
    from eventmock.services.events.account import Account
    from eventmock.services.events.event_buses import EventBus
    from eventmock.services.events.scheduled_rules import Timer
    from eventmock.services.events.targets import Target

FORCED: Final = "Managed rule for the archive was forcefully deleted."
CLOUDTRAIL_STATE: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A rule as it stands; a change makes a new one.

    Attributes:
        name: Its name, unique on its bus.
        arn: Its ARN, which holds the bus's name unless that is the default bus.
        event_bus_name: The bus it is on.
        created_by: The account that put it.
        event_pattern: The pattern's text as it was given.
        pattern: The same, compiled.
        targets: By id.
        tags: Key to value.
        managed_by: The AWS service that it belongs to, if any.
        archive_name: The archive whose own rule it is, if it is one.
        feeds: The same, unless the rule's target was removed by force.
        replicates: The ARN of the global endpoint whose events it replicates, if it is an endpoint's own rule.
        timer: Lets it fire by its schedule; None while it is disabled.
        is_in_effect: Whether it has taken effect, see `Delays.propagation`.
        under_way: The change of it that is not in effect yet, in words; None if there is none.
    """

    name: str
    arn: str
    event_bus_name: str
    created_by: str
    state: str = "ENABLED"
    event_pattern: str | None = None
    pattern: Pattern | None = None
    schedule_expression: str | None = None
    description: str | None = None
    role_arn: str | None = None
    managed_by: str | None = None
    archive_name: str | None = None
    feeds: str | None = None
    replicates: str | None = None
    timer: Timer | None = None
    is_in_effect: bool = True
    under_way: str | None = None
    targets: Mapping[str, Target] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", MappingProxyType(dict(self.targets)))
        object.__setattr__(self, "tags", MappingProxyType(dict(self.tags)))

    @property
    def rule_arn(self) -> str:
        """What PutRule calls the ARN."""
        return self.arn

    @property
    def is_users_own(self) -> bool:
        """Whether a user made it, and no archive, global endpoint or other AWS service."""
        return self.managed_by is None

    @property
    def live_pattern(self) -> Pattern | None:
        """The pattern that events are matched against: none while the rule is disabled."""
        return None if self.state == "DISABLED" else self.pattern

    def verdict(self, event: ReadEvent) -> Verdict:
        """What becomes of an event at the rule, and why."""
        if not self.is_in_effect:
            why = f"did not see it: {self.under_way}"
            return Verdict(rule_name=self.name, rule_arn=self.arn, matched=False, why=why)
        if self.pattern is None:
            explanation = None
            why = f"the rule has no pattern, only the schedule {self.schedule_expression}"
        else:
            explanation = self.pattern.explain(event)
            why = "matches" if explanation.matched else str(explanation)
        if self.state == "DISABLED":
            fits = explanation is not None and explanation.matched
            why = f"the rule is DISABLED; {'its pattern ' * fits}{why}"
        if self.under_way is not None:
            why = f"{why}; {self.under_way}"
        return Verdict(
            rule_name=self.name,
            rule_arn=self.arn,
            matched=self.state != "DISABLED" and explanation is not None and explanation.matched,
            why=why,
            explanation=explanation,
        )


@operation
def put_rule(call: Call[Account], request: PutRuleRequestTypeDef) -> Rule:
    """Make a rule, or change it: what is left out is reset, targets and tags stay (recorded)."""
    name = request["Name"]
    text, expression = request.get("EventPattern"), request.get("ScheduleExpression")
    if not (text or expression):
        raise errors.parameters_missing("EventPattern or ScheduleExpression")
    bus = call.account.event_bus(request.get("EventBusName"))
    old = bus.rules.get(name)
    if old is not None and old.managed_by is not None:
        raise errors.managed_rule(name, can_be_forced=False)
    schedule = _read_schedule(bus, expression)
    if request.get("State") == CLOUDTRAIL_STATE and bus.name != DEFAULT_BUS:
        raise errors.invalid(
            f"State {CLOUDTRAIL_STATE} is supported only on the default event bus."
        )  # our text
    quotas = call.account.shared.quotas
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
def describe_rule(call: Call[Account], request: DescribeRuleRequestTypeDef) -> Rule:
    """Show one rule."""
    return find_rule(call.account.event_bus(request.get("EventBusName")), request["Name"])


@operation(ordered_by="name")
def list_rules(call: Call[Account], request: ListRulesRequestTypeDef) -> list[Rule]:
    """Show the rules of a bus whose name begins as asked."""
    bus, prefix = call.account.event_bus(request.get("EventBusName")), request.get("NamePrefix", "")
    return [rule for name, rule in bus.rules.items() if name.startswith(prefix)]


@operation
def enable_rule(call: Call[Account], request: EnableRuleRequestTypeDef) -> None:
    """Let a rule match."""
    _set_state(call, request, "ENABLED")


@operation
def disable_rule(call: Call[Account], request: DisableRuleRequestTypeDef) -> None:
    """Keep a rule from matching."""
    _set_state(call, request, "DISABLED")


@operation
def delete_rule(call: Call[Account], request: DeleteRuleRequestTypeDef) -> None:
    """Remove a rule that has no targets; it is no error if there is no such rule."""
    bus, name = call.account.event_bus(request.get("EventBusName")), request["Name"]
    rule = bus.rules.get(name)
    if rule is None:
        return
    if rule.managed_by is not None and not request.get("Force"):
        raise errors.managed_rule(name, can_be_forced=True)
    if rule.targets:
        raise errors.invalid("Rule can't be deleted since it has targets.")
    bus.remove_rule(name)
    if rule.archive_name is not None:
        archive = call.account.shared.get(bus.account_id, call.account.region).archives[rule.archive_name]
        archive.state, archive.state_reason = "DISABLED", FORCED


@operation
def list_rule_names_by_target(call: Call[Account], request: ListRuleNamesByTargetRequestTypeDef) -> list[str]:
    """Show the names of the rules of a bus that have a target with that ARN."""
    bus, arn = call.account.event_bus(request.get("EventBusName")), request["TargetArn"]
    return [
        rule.name for rule in bus.rules.values() if any(target.arn == arn for target in rule.targets.values())
    ]


def find_rule(bus: EventBus, name: str) -> Rule:
    """The rule of that name.

    Raises:
        AwsError: There is none.
    """
    rule = bus.rules.get(name)
    if rule is None:
        raise errors.rule_not_found(name, bus.name)
    return rule


def check_room_for_rule(account: Account, bus: EventBus) -> None:
    """See that a bus may have one more rule.

    Raises:
        AwsError: It has as many as it may.
    """
    check_room(bus.rules, account.shared.quotas.rules_in(account.region))


def check_room_for_wildcard(account: Account, bus: EventBus, name: str, pattern: Pattern | None) -> None:
    """Check the quota of rules with ``wildcard``, before a new or existing rule gets that pattern.

    Raises:
        AwsError: The pattern has a wildcard, and the bus has its quota of other rules with one.
    """
    if pattern is None or not pattern.has_wildcard:
        return
    most = account.shared.quotas.wildcard_rules_per_event_bus
    held = [rule for rule in bus.rules.values() if rule.pattern is not None and rule.pattern.has_wildcard]
    if sum(rule.name != name for rule in held) >= most:
        raise AwsError(
            "LimitExceededException",
            f"Event bus {bus.name} may have {most} rules with wildcards in their patterns.",
            hint="use prefix, suffix or another operator where that is enough, or another event bus; a test can set "
            "backend.quotas.wildcard_rules_per_event_bus",
        )


def rule_arn(bus: EventBus, name: str) -> str:
    """The ARN of a rule of that name on a bus; it holds the bus's name unless that is the default bus."""
    on_bus = "" if bus.name == DEFAULT_BUS else f"{bus.name}/"
    return bus.arn.replace(f":event-bus/{bus.name}", f":rule/{on_bus}{name}")


def _read_schedule(bus: EventBus, expression: str | None) -> Rate | Cron | None:
    if expression is None:
        return None
    if bus.name != DEFAULT_BUS:
        raise errors.invalid("ScheduleExpression is supported only on the default event bus.")
    if not expression:
        return None
    try:
        return _parsed(expression)
    except InvalidSchedule as error:
        raise errors.invalid(str(error), hint=error.why) from None


@lru_cache(maxsize=256)
def _parsed(expression: str) -> Rate | Cron:
    """The schedule, which never changes: a suite puts the same rules in test after test."""
    return parse_for_rule(expression)


def _timer(
    account: Account, bus: EventBus, rule: Rule, old: Rule | None, schedule: Rate | Cron | None
) -> Timer | None:
    """The timer of a rule as it will be: the old one while nothing changes about when it fires (inferred)."""
    if schedule is None or rule.state == "DISABLED":
        return None
    if old is not None and old.timer is not None and old.schedule_expression == rule.schedule_expression:
        return old.timer
    return begin_timer(account.shared, bus.account_id, account.region, rule.name, schedule)


def _set_state(call: Call[Account], request: Mapping[str, Any], state: str) -> None:
    bus = call.account.event_bus(request.get("EventBusName"))
    rule = find_rule(bus, request["Name"])
    if rule.managed_by is not None:
        raise errors.managed_rule(rule.name, can_be_forced=False)
    changed = replace(rule, state=state)
    schedule = _read_schedule(bus, rule.schedule_expression)
    bus.put_rule(replace(changed, timer=_timer(call.account, bus, changed, rule, schedule)))
