"""Rules about targets: what PutTargets refuses, and what is taken and delivers nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from eventmock.checks.subject import SCHEDULE
from eventmock.checks.table import rule
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject

_STAR: Final = ":*"
_MOST_TARGETS: Final = 5


@rule(
    "log-group-arn-ends-in-star",
    "warning",
    "A target is a log group by an ARN that ends in `:*`, as `!GetAtt Group.Arn` does.",
)
def log_group_arn_ends_in_star(subject: Subject) -> Iterator[Found]:
    """Yield the targets that are log groups whose ARNs end in ``:*``."""
    for target in subject.targets:
        arn = target.arn
        if arn is None or arn.service != "logs" or not arn.resource.endswith(_STAR):
            continue
        group = subject.owner_of(str(arn))
        name = f"${{{group.logical_id}}}" if group else arn.resource.split(":")[1]
        yield subject.found_at(
            target,
            "Arn",
            what=f"{target.id} is {subject.readable(arn)}",
            production="it deploys, and no event ever arrives in the log group",
            instead=f"!Sub arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{name}",
        )


@rule("missing-role", "error", "A target of a kind that needs a `RoleArn`, and has none.")
def missing_role(subject: Subject) -> Iterator[Found]:
    """Yield the targets that lack a role."""
    for target in subject.targets:
        kind = target.kind
        if kind is not None and kind.role == "required" and not target.members.get("RoleArn"):
            action = "" if kind.permission is None else f" and may call {kind.permission.action}"
            yield subject.found_at(
                target,
                what=f"{target.id} is of the kind {kind.name}, and has no RoleArn",
                production=f"the deployment fails: RoleArn is required for target {subject.readable(target.arn)}.",
                instead=f"a RoleArn: a role that events.amazonaws.com may assume{action}",
            )
    for resource in subject.of_type(SCHEDULE):
        given = resource.properties.get("Target")
        if isinstance(given, Mapping) and not given.get("RoleArn"):
            yield subject.found(
                resource,
                "Target",
                what="the Target of the schedule has no RoleArn",
                production="the deployment fails: #/Target: required key [RoleArn] not found",
                instead="a RoleArn: a role that scheduler.amazonaws.com may assume",
            )


@rule("role-on-log-group", "error", "A target that is a log group, with a `RoleArn`.")
def role_on_log_group(subject: Subject) -> Iterator[Found]:
    """Yield the targets that must not have a role."""
    for target in subject.targets:
        kind = target.kind
        if kind is not None and kind.role == "refused" and target.members.get("RoleArn"):
            yield subject.found_at(
                target,
                "RoleArn",
                what=f"{target.id} is of the kind {kind.name}, and has a RoleArn",
                production=f"the deployment fails: RoleArn is not supported for target {subject.readable(target.arn)}.",
                instead="no RoleArn; an AWS::Logs::ResourcePolicy lets events.amazonaws.com and "
                "delivery.logs.amazonaws.com write",
            )


@rule(
    "fifo-without-message-group", "error", "A FIFO queue as a target without `SqsParameters.MessageGroupId`."
)
def fifo_without_message_group(subject: Subject) -> Iterator[Found]:
    """Yield the FIFO queues that lack a message group."""
    for target in subject.targets:
        given = target.members.get("SqsParameters")
        has_group = isinstance(given, Mapping) and bool(given.get("MessageGroupId"))
        if target.kind is not None and target.kind.required == "SqsParameters" and not has_group:
            yield subject.found_at(
                target,
                what=f"{target.id} is the FIFO queue {subject.readable(target.arn)}, and has no MessageGroupId",
                production="the deployment fails: "
                f"Parameter(s) SqsParameters must be specified for target: {target.members.get('Id')}.",
                instead="SqsParameters: {MessageGroupId: orders}, or a path such as $.detail.id",
            )


@rule(
    "unusable-dead-letter-queue",
    "error",
    "A dead-letter queue that is a FIFO queue, is in another region, or is no queue.",
)
def unusable_dead_letter_queue(subject: Subject) -> Iterator[Found]:
    """Yield the dead-letter queues of targets that AWS refuses."""
    for target in subject.targets:
        given = target.members.get("DeadLetterConfig")
        arn = Arn.parse(given.get("Arn")) if isinstance(given, Mapping) else None
        if arn is None or subject.is_made_up(target.sender.resource, *target.keys, "DeadLetterConfig"):
            continue
        if arn.service != "sqs":
            why, refusal = (
                f"is of {arn.service}",
                f"{arn.service} is not supported as a dead letter resource.",
            )
        elif arn.resource.endswith(".fifo"):
            why, refusal = "is a FIFO queue", "SQS FIFO is not supported by Dead Letter Queues."
        elif arn.region != subject.region and subject.is_region_known:
            why = f"is in {arn.region}"
            refusal = (
                f"Parameter {arn} is not valid. Reason: The dead-letter queue must be in {subject.region}."
            )
        else:
            continue
        yield subject.found_at(
            target,
            "DeadLetterConfig",
            "Arn",
            what=f"the dead-letter queue of {target.id}, {arn}, {why}",
            production=f"the deployment fails: {refusal}",
            instead=f"a standard queue of SQS in {subject.region}",
        )


@rule(
    "dead-letter-queue-elsewhere",
    "warning",
    "A dead-letter queue whose ARN names another region than the default one, where no region was given.",
)
def dead_letter_queue_elsewhere(subject: Subject) -> Iterator[Found]:
    """Yield the dead-letter queues that AWS refuses unless the stack is in their region."""
    for target in subject.targets:
        given = target.members.get("DeadLetterConfig")
        arn = Arn.parse(given.get("Arn")) if isinstance(given, Mapping) else None
        if subject.is_region_known or arn is None or arn.service != "sqs" or arn.region == subject.region:
            continue
        if not subject.is_given(target.sender.resource, *target.keys, "DeadLetterConfig"):
            yield subject.found_at(
                target,
                "DeadLetterConfig",
                "Arn",
                what=f"the dead-letter queue of {target.id} is in {arn.region}",
                production=f"the deployment fails, unless the stack is in {arn.region}",
                instead=f"a queue in the region of the stack; or say where the stack is: --region {arn.region}",
            )


@rule("too-many-targets", "error", "A rule with more than 5 targets.")
def too_many_targets(subject: Subject) -> Iterator[Found]:
    """Yield the rules with more targets than the quota allows."""
    for one in subject.rules:
        if len(one.targets) > _MOST_TARGETS:
            yield subject.found_at(
                one.targets[_MOST_TARGETS],
                what=f"the rule has {len(one.targets)} targets",
                production="the deployment fails: The requested resource exceeds the maximum number allowed.",
                instead=f"a second rule with the same pattern for the targets beyond {_MOST_TARGETS}",
            )


@rule("repeated-target-id", "error", "Two targets of a rule that have the same `Id`.")
def repeated_target_id(subject: Subject) -> Iterator[Found]:
    """Yield the second of targets with the same id."""
    for one in subject.rules:
        seen: Counter[str] = Counter()
        for target in one.targets:
            name = str(target.members.get("Id"))
            seen[name] += 1
            if seen[name] == 2:
                yield subject.found_at(
                    target,
                    "Id",
                    what=f"two targets of the rule have the Id {name}",
                    production="the deployment fails: Parameter targets is not valid. Reason: "
                    f"More than one target with Id '{name}' is provided.",
                    instead="an Id of its own for each target",
                )


@rule("rule-without-target", "note", "A rule that has no target.")
def rule_without_target(subject: Subject) -> Iterator[Found]:
    """Yield the rules that do nothing with their events."""
    for one in subject.rules:
        if not one.resource.properties.get("Targets"):
            yield subject.found(
                one.resource,
                what="the rule has no Targets",
                production="the rule does nothing when its events come",
                instead="Targets, or no rule",
            )


@rule("missing-dead-letter-queue", "note", "A target that has no dead-letter queue.")
def missing_dead_letter_queue(subject: Subject) -> Iterator[Found]:
    """Yield the targets without a dead-letter queue."""
    for target in subject.targets:
        if target.members.get("Arn") and not target.members.get("DeadLetterConfig"):
            yield subject.found_at(
                target,
                what=f"{target.id} has no DeadLetterConfig",
                production=f"an event that cannot be delivered is lost{_after(target.members.get('RetryPolicy'))}, "
                "and only a metric says so",
                instead="DeadLetterConfig: {Arn: !GetAtt DeadLetters.Arn}, with a standard queue and its policy",
            )


def _after(policy: object) -> str:
    """Return how long AWS retries before it drops an event."""
    given = policy if isinstance(policy, Mapping) else {}
    attempts, seconds = given.get("MaximumRetryAttempts", 185), given.get("MaximumEventAgeInSeconds", 86_400)
    if str(attempts) == "0":
        return " at once"
    hours = int(seconds) / 3600 if str(seconds).isdecimal() else 24
    age = f"{hours:g} hour{'s' * (hours != 1)}"
    return f" after {age} or {attempts} retries"
