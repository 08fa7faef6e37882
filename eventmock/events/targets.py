"""Targets of rules: PutTargets, ListTargetsByRule, RemoveTargets.

Source: aws-recorded-behaviour section 6 (recorded) and targets-and-delivery section 2 (measured or recorded, but for
what is marked there). A validation error fails the whole call and nothing is stored. Targets that fail one by one, as
AWS documents it for calls that collide, are a fault that the test injects (`eventmock.faults`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventmock.arn import Arn
from eventmock.events import errors
from eventmock.events.dead_letter_queues import queue_of
from eventmock.events.policy_evaluation import Caller, refusal
from eventmock.events.rules import find_rule
from eventmock.records import Incident
from eventmock.retry_policy import RetryPolicy
from eventmock.target_kinds import PARAMETER_BLOCKS, kind_of
from eventmock.transform import InputShape, InvalidInput
from eventmock.wire import AwsError, Call, operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_events.type_defs import (
        ListTargetsByRuleRequestTypeDef,
        PutTargetsRequestTypeDef,
        RemoveTargetsRequestTypeDef,
    )

    from eventmock.events.account import Account
    from eventmock.events.event_buses import EventBus
    from eventmock.events.rules import Rule
    from eventmock.target_kinds import TargetKind

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A target of a rule.

    Attributes:
        id: Its id, unique on the rule.
        arn: What it is.
        parsed: The same in its parts.
        kind: The kind of target that it is, if it is one that is known.
        request_is_certain: Whether the call that delivers to it can be made whatever it receives.
        members: What was put, as ListTargetsByRule shows it.
        input_shape: How it wants its input.
        retry_policy: How often and how long it is tried.
        dead_letter_queue: The ARN of the queue that gets what it does not take.
    """

    id: str
    arn: str
    parsed: Arn | None
    kind: TargetKind | None
    request_is_certain: bool
    members: Members
    input_shape: InputShape
    retry_policy: RetryPolicy
    dead_letter_queue: str | None

    @classmethod
    def of(cls, members: Members) -> Target:
        """The target that a member of PutTargets' ``Targets`` is.

        Raises:
            InvalidInput: Its input cannot be shaped as it says.
        """
        arn = Arn.parse(members["Arn"])
        kind = None if arn is None else kind_of(arn)
        return cls(
            id=members["Id"],
            arn=members["Arn"],
            parsed=arn,
            kind=kind,
            request_is_certain=kind is not None and kind.is_certain(members),
            members=_with_defaults(members),
            input_shape=InputShape.from_target(members),
            retry_policy=RetryPolicy.from_target(members),
            dead_letter_queue=members.get("DeadLetterConfig", {}).get("Arn"),
        )


@operation
def put_targets(call: Call[Account], request: PutTargetsRequestTypeDef) -> Mapping[str, Any]:
    """Add targets to a rule, or replace those of the same ids."""
    bus = call.account.event_bus(request.get("EventBusName"))
    rule = find_rule(bus, request["Rule"])
    given: list[Members] = [dict(target) for target in request["Targets"]]
    _check_ids_differ(given)
    targets = {members["Id"]: _target(members, call.account, bus, rule) for members in given}
    if rule.managed_by is not None:
        raise errors.managed_rule(rule.name, can_be_forced=False)
    if len({*rule.targets, *targets}) > call.account.shared.quotas.targets_per_rule:
        raise errors.limit_exceeded()
    failed = _failed(call.account, "PutTargets", rule, request["Targets"])
    kept = {key: target for key, target in targets.items() if key not in failed}
    bus.put_rule(replace(rule, targets={**rule.targets, **kept}))
    return _answer_of(failed)


@operation(ordered_by="Id")
def list_targets_by_rule(call: Call[Account], request: ListTargetsByRuleRequestTypeDef) -> list[Members]:
    """Show the targets of a rule, each as it was put."""
    rule = find_rule(call.account.event_bus(request.get("EventBusName")), request["Rule"])
    return [target.members for target in rule.targets.values()]


@operation
def remove_targets(call: Call[Account], request: RemoveTargetsRequestTypeDef) -> Mapping[str, Any]:
    """Take targets off a rule; ids that are not there are no error (not recorded)."""
    bus = call.account.event_bus(request.get("EventBusName"))
    rule = find_rule(bus, request["Rule"])
    if rule.managed_by is not None and not request.get("Force"):
        raise errors.managed_rule(rule.name, can_be_forced=True)
    failed = _failed(call.account, "RemoveTargets", rule, request["Ids"])
    gone = set(request["Ids"]) - failed.keys()
    targets = {key: target for key, target in rule.targets.items() if key not in gone}
    bus.put_rule(replace(rule, targets=targets, feeds=rule.feeds if targets else None))
    return _answer_of(failed)


def _failed(account: Account, operation: str, rule: Rule, entries: Sequence[Any]) -> dict[str, Members]:
    """The targets of a request that a test makes fail, by id, each as FailedEntries shows it."""
    failed = {}
    for entry, fault in zip(entries, account.shared.faults.decided_for(entries), strict=True):
        if fault is None:
            continue
        target_id = entry if isinstance(entry, str) else entry["Id"]
        failed[target_id] = {
            "TargetId": target_id,
            "ErrorCode": fault.failure,
            "ErrorMessage": fault.message,
        }
        text = f"{operation} of {account.id} in {account.region} failed for target {target_id} of rule {rule.name}"
        incident = Incident(
            time=account.shared.clock.now(),
            kind="request failed",
            region=account.region,
            text=f"{text}: {fault!r}",
        )
        account.shared.ledger.note(incident)
    return failed


def _answer_of(failed: Mapping[str, Members]) -> dict[str, Any]:
    return {"FailedEntryCount": len(failed), "FailedEntries": list(failed.values())}


def _check_ids_differ(given: list[Members]) -> None:
    seen = set()
    for members in given:
        target_id = members["Id"]
        if target_id in seen:
            reason = f"More than one target with Id '{target_id}' is provided."
            raise errors.invalid_parameter("targets", reason)
        seen.add(target_id)


def _target(members: Members, account: Account, bus: EventBus, rule: Rule) -> Target:
    """A target, checked."""
    target_id, arn = members["Id"], members["Arn"]
    parsed = Arn.parse(arn)
    if parsed is None:
        raise errors.invalid_parameter(arn, "Provided Arn is not in correct format.")
    if bus.account_id != account.id and not parsed.resource.startswith("event-bus/"):
        raise errors.invalid("Only EventBus targets are allowed on cross-account PutTargets calls.")
    _check_against_kind(members, parsed, bus)
    _check_policy(parsed, account, bus, rule)
    _check_ecs(members, parsed)
    _check_batch(members)
    _check_redshift(members)
    _check_dead_letter_queue(members, account)
    try:
        return Target.of(members)
    except InvalidInput as error:
        raise errors.invalid(error.message_for(target_id)) from None


def _check_against_kind(members: Members, arn: Arn, bus: EventBus) -> None:
    target_id, kind = members["Id"], kind_of(arn)
    for block in PARAMETER_BLOCKS:
        if block in members and (kind is None or kind.parameters != block):
            raise errors.invalid(f"Parameter(s) {block} not supported for target: {target_id}.")
    if kind is None:
        return
    if kind.required is not None and kind.required not in members:
        raise errors.invalid(f"Parameter(s) {kind.required} must be specified for target: {target_id}.")
    if kind.role == "refused" and "RoleArn" in members:
        raise errors.invalid(f"RoleArn is not supported for target {arn}.")
    is_elsewhere = kind.name == "event bus" and arn.account != bus.account_id
    if kind.role == "required" and "RoleArn" not in members and not is_elsewhere:
        raise errors.invalid(f"RoleArn is required for target {arn}.")
    if kind.service == "logs" and ("Input" in members or "InputPath" in members):
        raise errors.invalid(
            f"Input and InputPath are not valid forms of input for target {target_id}. "
            "The only valid form of input is InputTransformer."
        )


def _check_policy(target: Arn, account: Account, bus: EventBus, rule: Rule) -> None:
    """A bus of another account is asked whether it takes events (reported by users of AWS)."""
    shared = account.shared
    other = shared.find_bus(str(target)) if shared.enforces_policies else None
    if other is None or other.account_id == bus.account_id:
        return
    organization = shared.organizations.get(bus.account_id)
    caller = Caller(account=bus.account_id, organization=organization, rule_arn=rule.arn)
    why = refusal(other.policy_document, other.arn, caller)
    if why is not None:
        raise AwsError("AccessDeniedException", why.message, hint=why.hint)


def _check_ecs(members: Members, cluster: Arn) -> None:
    target_id, ecs = members["Id"], members.get("EcsParameters")
    if ecs is None:
        return
    network = ecs.get("NetworkConfiguration", {}).get("awsvpcConfiguration")
    launch_type = ecs.get("LaunchType")
    if launch_type == "FARGATE" and network is None:
        raise errors.invalid(
            f"Parameter NetworkConfiguration must be specified for target {target_id} "
            "when launch type is FARGATE."
        )
    if launch_type == "EC2":
        held = {
            "PlatformVersion": "PlatformVersion" in ecs,
            "AssignPublicIp": "AssignPublicIp" in (network or {}),
        }
        for name, is_given in held.items():
            if is_given:
                raise errors.invalid(
                    f"Parameter {name} for target {target_id} is not supported when launch type is EC2."
                )
    if network is not None:
        _check_size("Subnets", network.get("Subnets", ()), 1, 16)
        _check_size("SecurityGroups", network.get("SecurityGroups", ()), 0, 5)
    if ecs.get("TaskCount", 1) > 10:
        raise errors.invalid(f"Parameter(s) TaskCount not valid for target: {target_id}.")
    task = Arn.parse(ecs["TaskDefinitionArn"])
    if task is not None and task.region != cluster.region:
        raise errors.invalid(f"Region of {cluster} does not match region of {task}.")


def _check_size(name: str, values: Any, low: int, high: int) -> None:
    if not low <= len(values) <= high:
        raise errors.invalid_parameter(name, f"size must be in between {low} and {high}.")


def _check_batch(members: Members) -> None:
    batch = members.get("BatchParameters", {})
    size = batch.get("ArrayProperties", {}).get("Size")
    if size is not None and not 2 <= size <= 10_000:
        raise errors.invalid_parameter("ArrayProperties", "Size must be in between 2 and 10000.")
    attempts = batch.get("RetryStrategy", {}).get("Attempts")
    if attempts is not None and not 1 <= attempts <= 10:
        raise errors.invalid_parameter("RetryStrategy", "Attempts must be in between 1 and 10.")


def _check_redshift(members: Members) -> None:
    """The ends of both texts were not recorded whole; they are ours."""
    redshift = members.get("RedshiftDataParameters")
    if redshift is None:
        return
    if ("Sql" in redshift) == ("Sqls" in redshift):
        raise errors.invalid(
            "Either RedshiftDataParameters.sql or RedshiftDataParameters.sqls must be specified."
        )
    if "DbUser" in redshift and "SecretManagerArn" in redshift:
        raise errors.invalid(
            "Either RedshiftDataParameters.dBUser or RedshiftDataParameters.secretManagerArn must be specified."
        )


def _check_dead_letter_queue(members: Members, account: Account) -> None:
    """The text for another region is ours."""
    arn = queue_of(members)
    if arn is None:
        return
    if arn.resource.endswith(".fifo"):
        raise errors.invalid("SQS FIFO is not supported by Dead Letter Queues.")
    if arn.region != account.region:
        raise errors.invalid_parameter(str(arn), f"The dead-letter queue must be in {account.region}.")


def _with_defaults(members: Members) -> Members:
    """What ListTargetsByRule shows: ECS parameters get their defaults, the rest is as it was put."""
    if "EcsParameters" not in members:
        return members
    defaults = {"TaskCount": 1, "EnableECSManagedTags": False, "EnableExecuteCommand": False}
    return members | {"EcsParameters": defaults | members["EcsParameters"]}
