"""Rules about queues, topics and log groups as targets: whether their policies let EventBridge in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventmock.checks.deliveries import by_service, context_of
from eventmock.checks.subject import QUEUE, TOPIC
from eventmock.checks.table import rule
from eventmock.delivery.permissions.senders import EVENTS
from eventmock.exceptions import PolicyNotUnderstood
from eventmock.policies import Policy, Request, Service, decide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.deliveries import Destination
    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject
    from eventmock.deployment.stack import StackResource

_POLICIES: Final = {
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SQS::QueueInlinePolicy": "Queue",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SNS::TopicInlinePolicy": "TopicArn",
}
"""The property that names the resources of a policy, by type."""
_OF_LOGS: Final = "AWS::Logs::ResourcePolicy"


@rule(
    "queue-without-policy",
    "warning",
    "A queue as a target or dead-letter queue, without a policy that lets events.amazonaws.com send.",
)
def queue_without_policy(subject: Subject) -> Iterator[Found]:
    """Yield the queues that do not let a rule in."""
    for destination in by_service(subject):
        yield from _about_policy(subject, destination, QUEUE)


@rule(
    "topic-without-policy",
    "warning",
    "A topic as a target, without a policy that lets events.amazonaws.com publish.",
)
def topic_without_policy(subject: Subject) -> Iterator[Found]:
    """Yield the topics that do not let a rule in."""
    for destination in by_service(subject):
        yield from _about_policy(subject, destination, TOPIC)


def _about_policy(subject: Subject, to: Destination, kind: str) -> Iterator[Found]:
    owner = subject.owner_of(to.arn)
    if owner is None or owner.type != kind or owner.arn is None or subject.leaves_out(*_POLICIES):
        return
    given = policies_of(subject, owner)
    is_unclear = not to.target.rule.is_made or any(subject.is_made_up(one, "PolicyDocument") for one in given)
    if given and is_unclear:
        return
    action, resource = ("sqs:SendMessage", f"!GetAtt {owner.logical_id}.Arn")
    if kind == TOPIC:
        action, resource = ("sns:Publish", f"!Ref {owner.logical_id}")
    request = Request(Service(EVENTS), action, owner.arn, context_of(subject, to.target.rule))
    try:
        policies = [Policy(one.logical_id, one.properties.get("PolicyDocument")) for one in given]
        decision = decide(request, resource=policies)
    except PolicyNotUnderstood:
        return
    if decision.is_allowed:
        return
    has = f"its policy {given[0].logical_id} does not let {EVENTS} in" if given else "it has no policy"
    why = decision.denied_by or "; ".join(decision.lacks)
    yield subject.found_at(
        to.target,
        *to.keys,
        what=subject.readable(f"{to.name} is {owner.logical_id}, and {has}{f' ({why})' if why else ''}"),
        production=to.production,
        instead=f"an {kind}Policy of {owner.logical_id}: Effect: Allow, Principal: {{Service: {EVENTS}}}, "
        f"Action: {action}, Resource: {resource}, "
        f"Condition: {{ArnEquals: {{aws:SourceArn: !GetAtt {to.target.rule.resource.logical_id}.Arn}}}}",
    )


def policies_of(subject: Subject, owner: StackResource) -> list[StackResource]:
    """Return the policies that a template has for a queue or a topic."""
    return [one for one in subject.of_type(*_POLICIES) if _is_of(one, owner)]


def _is_of(policy: StackResource, owner: StackResource) -> bool:
    named = policy.properties.get(_POLICIES[policy.type])
    return any(
        one in (owner.ref, owner.arn, owner.name) for one in (named if isinstance(named, list) else [named])
    )


@rule(
    "log-group-without-policy",
    "note",
    "A log group as a target, in a template without an `AWS::Logs::ResourcePolicy`.",
)
def log_group_without_policy(subject: Subject) -> Iterator[Found]:
    """Yield the log groups into which EventBridge may not be permitted to write. A policy may be elsewhere."""
    if list(subject.of_type(_OF_LOGS)) or subject.leaves_out(_OF_LOGS):
        return
    for to in by_service(subject):
        owner = subject.owner_of(to.arn)
        if owner is not None and owner.type == "AWS::Logs::LogGroup":
            yield subject.found_at(
                to.target,
                *to.keys,
                what=f"{to.name} is {owner.logical_id}, and the template has no AWS::Logs::ResourcePolicy",
                production="no event arrives, unless a policy of the account lets EventBridge write; the console makes "
                "one, CloudFormation does not",
                instead="an AWS::Logs::ResourcePolicy: Effect: Allow, Principal: {Service: [events.amazonaws.com, "
                "delivery.logs.amazonaws.com]}, Action: [logs:CreateLogStream, logs:PutLogEvents]",
            )
