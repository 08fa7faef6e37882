"""Targets of rules: PutTargets, ListTargetsByRule, RemoveTargets.

Source: aws-recorded-behaviour section 6 (recorded) and targets-and-delivery section 2 (measured or recorded, except
what is marked there). A validation error fails the whole call, and nothing is stored. Targets that fail one by one,
which AWS documents for concurrent calls, need a fault that the test injects (`eventmock.faults`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.events import errors
from eventmock.services.events.dead_letter_queues import queue_of
from eventmock.services.events.event_bus import find_event_bus, find_rule
from eventmock.services.events.quotas import Quotas, over_quota
from eventmock.services.events.target import Members, Target
from eventmock.target_kinds import NAME, is_service_itself, kind_of, kinds_of, parameter_blocks, why_no_target
from eventmock.transform.refusals import InvalidInput
from eventmock.values.arn import Arn, partition_of
from eventmock.wire import known_regions, operation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mypy_boto3_events.type_defs import (
        ListTargetsByRuleRequestTypeDef,
        PutTargetsRequestTypeDef,
        RemoveTargetsRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.target_kinds import TargetKind
    from eventmock.wire import AwsError

_TASK_DEFINITION: Final = rf"task-definition/{NAME}(:[0-9]+)?"
_INSTANCES: Final = "(?s)InstanceIds|tag:.+"


@operation
def put_targets(call: Call, request: PutTargetsRequestTypeDef) -> Mapping[str, Any]:
    """Add targets to a rule, or replace the targets of the same ids."""
    bus = find_event_bus(call.account, request.get("EventBusName"))
    rule = find_rule(bus, request["Rule"])
    given: list[Members] = [dict(target) for target in request["Targets"]]
    _check_ids_differ(given)
    targets = {members["Id"]: _target(members, call.account, bus, rule) for members in given}
    if not rule.is_users_own:
        raise errors.managed_rule(rule.name, can_be_forced=False)
    _check_number(call.account, bus, rule, {*rule.targets, *targets})
    failed = _failed(call, "PutTargets", rule, request["Targets"])
    kept = {key: target for key, target in targets.items() if key not in failed}
    bus.put_rule(replace(rule, targets={**rule.targets, **kept}))
    return _answer_of(failed)


@operation(ordered_by="Id")
def list_targets_by_rule(call: Call, request: ListTargetsByRuleRequestTypeDef) -> list[Members]:
    """List the targets of a rule, each with the members that were put."""
    rule = find_rule(find_event_bus(call.account, request.get("EventBusName")), request["Rule"])
    return [target.members for target in rule.targets.values()]


@operation
def remove_targets(call: Call, request: RemoveTargetsRequestTypeDef) -> Mapping[str, Any]:
    """Remove targets from a rule. An id that the rule does not have is ignored (not recorded)."""
    bus = find_event_bus(call.account, request.get("EventBusName"))
    rule = find_rule(bus, request["Rule"])
    if not rule.is_users_own and rule.event_source is None and not request.get("Force"):
        raise errors.managed_rule(rule.name, can_be_forced=True)
    failed = _failed(call, "RemoveTargets", rule, request["Ids"])
    gone = set(request["Ids"]) - failed.keys()
    targets = {key: target for key, target in rule.targets.items() if key not in gone}
    bus.put_rule(replace(rule, targets=targets, feeds=rule.feeds if targets else None))
    return _answer_of(failed)


def _failed(call: Call, operation: str, rule: Rule, entries: Sequence[Any]) -> dict[str, Members]:
    """Return the items of FailedEntries for the targets that a fault of the test makes fail, by the target's id."""
    account, failed = call.account, {}
    for entry, fault in zip(entries, call.faults_of(entries), strict=True):
        if fault is None:
            continue
        target_id = entry if isinstance(entry, str) else entry["Id"]
        failed[target_id] = {
            "TargetId": target_id,
            "ErrorCode": fault.failure,
            "ErrorMessage": fault.message,
        }
        text = f"{operation} of {account.id} in {account.region} failed for target {target_id} of rule {rule.name}"
        account.state.note("request failed", f"{text}: {fault!r}", account.region)
    return failed


def _answer_of(failed: Mapping[str, Members]) -> dict[str, Any]:
    return {"FailedEntryCount": len(failed), "FailedEntries": list(failed.values())}


def put_managed_targets(account: Account, bus: EventBus, rule: Rule, given: Sequence[Members]) -> None:
    """Set the targets of a managed rule, as the AWS service does that manages the rule.

    Raises:
        AwsError: AWS would refuse one of the targets.
    """
    _check_ids_differ(given)
    targets = {members["Id"]: _target(members, account, bus, rule) for members in given}
    _check_number(account, bus, rule, targets)
    bus.put_rule(replace(rule, targets=targets))


def _check_number(account: Account, bus: EventBus, rule: Rule, targets: Collection[str]) -> None:
    """Check that a rule may have some targets.

    Raises:
        AwsError: The number of targets is larger than the quota.
    """
    most = account.state.settings(Quotas).targets_per_rule
    if len(targets) > most:
        where = f'rule {rule.name} on "{bus.name}" of account {bus.account_id} in {account.region}'
        raise errors.limit_exceeded(over_quota("targets_per_rule", most, where, len(targets)))


def _check_ids_differ(given: Sequence[Members]) -> None:
    seen = set()
    for members in given:
        target_id = members["Id"]
        if target_id in seen:
            reason = f"More than one target with Id '{target_id}' is provided."
            raise errors.invalid_parameter("targets", reason)
        seen.add(target_id)


def _target(members: Members, account: Account, bus: EventBus, rule: Rule) -> Target:
    """Check the members of a target of PutTargets, and return the target.

    Raises:
        AwsError: AWS would refuse the target.
    """
    arn = Arn.parse(members["Arn"])
    if arn is None:
        raise _not_in_format(members["Arn"])
    kind = kind_of(arn)
    if kind is not None:
        _check_place(arn, account)
        if bus.account_id != account.id and kind.name != "event bus":
            raise errors.invalid("Only EventBus targets are allowed on cross-account PutTargets calls.")
        _check_against_kind(members, arn, kind)
        if kind.name == "event bus":
            _check_event_bus(members, arn, bus, partition_of(account.region))
        if kind.name in {"event bus", "Custom Event Bus"}:
            _check_input_of_bus(members)
        _check_ecs(members, arn)
        _check_batch(members)
        _check_run_command(members)
        _check_redshift(members, kind)
    elif rule.is_users_own or not is_service_itself(arn):
        kinds = [kind.name for kind in kinds_of(arn.service)]
        hint = f"of {arn.service}, rules deliver to: {', '.join(kinds)}" if kinds else ""
        raise errors.invalid(why_no_target(arn), hint=hint)
    _check_dead_letter_queue(members, account)
    try:
        return Target.of(members)
    except InvalidInput as error:
        raise errors.invalid(error.message_for(members["Id"]), hint=str(error)) from None


def _check_place(arn: Arn, account: Account) -> None:
    """Check that the region of a target exists in the partition that its ARN names.

    Recorded for a bus in a region that does not exist; inferred for other kinds and for partitions. The region of the
    rule always counts as existing, also if the installed botocore does not know it.

    Raises:
        AwsError: The partition has no such region, or does not exist.
    """
    if arn.region == account.region:
        is_there = arn.partition == partition_of(arn.region)
    else:
        known = known_regions(arn.partition)
        is_there = arn.region in known if arn.region else bool(known)
    if not is_there:
        place = " in ".join(
            filter(None, (arn.region and f"region {arn.region!r}", f"partition {arn.partition!r}"))
        )
        raise _not_in_format(str(arn), hint=f"the installed botocore knows no {place}")


def _not_in_format(text: str, hint: str = "") -> AwsError:
    return errors.invalid(
        f"Parameter {text} is not valid. Reason: Provided Arn is not in correct format.", hint
    )


def _check_against_kind(members: Members, arn: Arn, kind: TargetKind) -> None:
    target_id = members["Id"]
    if any(name.endswith("Parameters") for name in members):
        for block in parameter_blocks():
            if block in members and kind.parameters != block:
                raise _not_supported(block, target_id)
    if kind.required is not None and kind.required not in members:
        if kind.required == "RunCommandParameters":
            raise _run_command_not_valid(target_id)
        raise errors.invalid(f"Parameter(s) {kind.required} must be specified for target: {target_id}.")
    if kind.role == "refused" and "RoleArn" in members:
        raise errors.invalid(f"RoleArn is not supported for target {arn}.")
    if kind.role == "required" and "RoleArn" not in members:
        raise errors.invalid(f"RoleArn is required for target {arn}.")
    if kind.service == "logs" and ("Input" in members or "InputPath" in members):
        raise errors.invalid(
            f"Input and InputPath are not valid forms of input for target {target_id}. "
            "The only valid form of input is InputTransformer."
        )


def _check_event_bus(members: Members, arn: Arn, source: EventBus, partition: str) -> None:
    """Check the members of a target that is an event bus of any account (recorded: permissions-of-targets section 2).

    Documented: events are not sent to China from elsewhere. The text for that, and for other partitions, is inferred.

    Raises:
        AwsError: AWS would refuse the target.
    """
    if arn.partition != partition:
        raise _not_in_format(members["Arn"], hint="a bus of another partition cannot be reached")
    if members["Arn"] == source.arn:
        raise errors.invalid("Source EventBus and Target EventBus must not be the same.")
    if "RetryPolicy" in members:
        raise errors.invalid("Retry policy is not supported for Event bus targets.")


def _check_input_of_bus(members: Members) -> None:
    """Check that a target that is an event bus gets the event as it is (inferred for custom event buses).

    Raises:
        AwsError: The target has input shaping.
    """
    if any(name in members for name in ("Input", "InputPath", "InputTransformer")):
        raise errors.invalid(f"Modifying the input for target {members['Id']} is not supported.")


def _check_ecs(members: Members, cluster: Arn) -> None:
    """Check the ECS parameters of a target.

    Recorded or measured, except `_check_ecs_placement` and the text for InputPath, which is inferred.

    Raises:
        AwsError: AWS would refuse the parameters.
    """
    target_id, ecs = members["Id"], members.get("EcsParameters")
    if ecs is None:
        return
    if "InputPath" in members:
        raise _not_supported("InputPath", target_id)
    network = ecs.get("NetworkConfiguration", {}).get("awsvpcConfiguration")
    if ecs.get("LaunchType") == "FARGATE" and network is None:
        raise errors.invalid(
            f"Parameter NetworkConfiguration must be specified for target {target_id} "
            "when launch type is FARGATE."
        )
    _check_ecs_launch_type(target_id, ecs, network or {})
    if network is not None:
        _check_size("Subnets", network.get("Subnets", ()), 1, 16)
        _check_size("SecurityGroups", network.get("SecurityGroups", ()), 0, 5)
    if ecs.get("TaskCount", 1) > 10:
        raise _not_valid("TaskCount", target_id)
    _check_ecs_placement(target_id, ecs)
    task = _task_definition(target_id, ecs["TaskDefinitionArn"])
    if task is not None and task.region != cluster.region:
        raise errors.invalid(f"Region of {cluster} does not match region of {task}.")


def _check_ecs_launch_type(target_id: str, ecs: Members, network: Members) -> None:
    """Check the ECS parameters that only the launch type FARGATE may have.

    Measured for EC2. Documented for all: a platform version, and a public IP address that is assigned, are for
    FARGATE. Inferred: no launch type means EC2; a strategy of capacity providers may be Fargate's.

    Raises:
        AwsError: Another launch type than FARGATE has one of these parameters.
    """
    launch_type = ecs.get("LaunchType")
    if launch_type == "FARGATE" or (launch_type is None and "CapacityProviderStrategy" in ecs):
        return
    public_ip = network.get("AssignPublicIp")
    given = {
        "PlatformVersion": "PlatformVersion" in ecs,
        "AssignPublicIp": public_ip == "ENABLED" or (launch_type is not None and public_ip is not None),
    }
    for name, is_given in given.items():
        if is_given:
            raise errors.invalid(
                f"Parameter {name} for target {target_id} is not supported "
                f"when launch type is {launch_type or 'EC2'}."
            )


def _check_ecs_placement(target_id: str, ecs: Members) -> None:
    """Check the ECS parameters about groups, capacity providers and placement.

    Documented by the model's texts on EcsParameters; the text of the refusal is inferred.

    Raises:
        AwsError: A parameter is not valid.
    """
    providers = ecs.get("CapacityProviderStrategy", ())
    refused = {
        "Group": len(ecs.get("Group", "")) > 255,
        "CapacityProviderStrategy": sum(1 for one in providers if one.get("base")) > 1,
        "PlacementConstraints": any(
            one.get("type") == "distinctInstance" and "expression" in one
            for one in ecs.get("PlacementConstraints", ())
        ),
        "PlacementStrategy": any(
            one.get("type") == "binpack" and one.get("field", "").lower() not in ("cpu", "memory")
            for one in ecs.get("PlacementStrategy", ())
        ),
    }
    for name, is_refused in refused.items():
        if is_refused:
            raise _not_valid(name, target_id)


def _task_definition(target_id: str, text: str) -> Arn | None:
    """Return the ARN of a task definition, with a revision or without; None for a path into the event.

    Raises:
        AwsError: The text is neither the ARN of a task definition nor a path.
    """
    if text.startswith("$"):
        return None
    arn = Arn.parse(text)
    if arn is None or arn.service != "ecs" or not re.fullmatch(_TASK_DEFINITION, arn.resource):
        raise _not_valid("TaskDefinitionArn", target_id)
    return arn


def _check_run_command(members: Members) -> None:
    """Check the Run Command parameters of a target.

    Documented: there is one target of the command, whose key is a tag or InstanceIds. The error text is the one for
    missing parameters.

    Raises:
        AwsError: There are several targets of the command, or a key is neither a tag nor InstanceIds.
    """
    given = members.get("RunCommandParameters")
    if given is None:
        return
    targets = given["RunCommandTargets"]
    if len(targets) > 1 or not all(re.fullmatch(_INSTANCES, target["Key"]) for target in targets):
        raise _run_command_not_valid(members["Id"])


def _run_command_not_valid(target_id: str) -> AwsError:
    return errors.invalid(f"Parameter RunCommandParameters is not valid for target {target_id}.")


def _not_valid(name: str, target_id: str) -> AwsError:
    return errors.invalid(f"Parameter(s) {name} not valid for target: {target_id}.")


def _not_supported(name: str, target_id: str) -> AwsError:
    return errors.invalid(f"Parameter(s) {name} not supported for target: {target_id}.")


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


def _check_redshift(members: Members, kind: TargetKind) -> None:
    """Check the Redshift Data parameters of a target.

    The ends of both texts were not recorded as a whole; they are ours. Documented: temporary credentials need a DbUser,
    except for a workgroup, whose user is the caller.

    Raises:
        AwsError: The parameters have both or neither of two members that exclude each other.
    """
    redshift = members.get("RedshiftDataParameters")
    if redshift is None:
        return
    if ("Sql" in redshift) == ("Sqls" in redshift):
        raise errors.invalid(
            "Either RedshiftDataParameters.sql or RedshiftDataParameters.sqls must be specified."
        )
    given = ("DbUser" in redshift) + ("SecretManagerArn" in redshift)
    if given == 2 or (given == 0 and kind.service == "redshift"):
        raise errors.invalid(
            "Either RedshiftDataParameters.dBUser or RedshiftDataParameters.secretManagerArn must be specified."
        )


def _check_dead_letter_queue(members: Members, account: Account) -> None:
    """Check the dead-letter queue of a target. The text for a queue of another region is ours.

    Raises:
        AwsError: The queue is a FIFO queue or in another region, or the ARN is not that of a queue.
    """
    arn = queue_of(members)
    if arn is None:
        return
    if arn.resource.endswith(".fifo"):
        raise errors.invalid("SQS FIFO is not supported by Dead Letter Queues.")
    if arn.region != account.region:
        raise errors.invalid_parameter(str(arn), f"The dead-letter queue must be in {account.region}.")
