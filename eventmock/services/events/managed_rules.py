"""Managed rules, which AWS makes: for archives, global endpoints and event sources, and for other services of AWS.

A managed rule belongs to the service that manages it. Users cannot change a managed rule, and can delete it only with
``Force`` (recorded); the rule of an event source of a custom event bus without it, too (documented). The sources of
the patterns and owners of the first two kinds are those that `archives` and `endpoints` name. Inferred: the rule of
another service passes the same checks as a user's rule.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from eventmock.event.event import compact
from eventmock.services.events.event_bus import rule_arn
from eventmock.services.events.event_patterns import compile_pattern
from eventmock.services.events.rule import Rule
from eventmock.services.events.rules import put_rule
from eventmock.services.events.target import Target
from eventmock.services.events.targets import put_managed_targets
from eventmock.values.arn import partition_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.archive import Archive
    from eventmock.services.events.endpoint import Endpoint
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.target import Members
    from eventmock.services.managed_resources import ForwardingRule

ARCHIVES: Final = "prod.vhs.events.aws.internal"
ENDPOINTS: Final = "events.amazonaws.com"
NOT_REPLAYED: Final = '"replay-name":[{"exists":false}]}'


def put_rule_of_archive(account: Account, bus: EventBus, archive: Archive) -> None:
    """Put the rule that sends events to an archive. It has the archive's pattern, and excludes events of replays."""
    wanted = "{}" if archive.event_pattern is None else compact(archive.event_pattern)
    members: Members = {
        "Id": archive.rule_name,
        "Arn": f"arn:{partition_of(account.region)}:events:{account.region}:::",
        "InputTransformer": {
            "InputPathsMap": {},
            "InputTemplate": (
                f'{{"archive-arn": "{archive.archive_arn}:{account.state.identifiers.uuid()}", '
                '"event": <aws.events.event.json>, "ingestion-time": <aws.events.event.ingestion-time>}'
            ),
        },
    }
    rule = _rule(
        account,
        bus,
        archive.rule_name,
        ARCHIVES,
        pattern=f"{wanted[:-1]}{'' if wanted == '{}' else ','}{NOT_REPLAYED}",
        target=Target.of(members),
        archive_name=archive.archive_name,
        feeds=archive.archive_name,
    )
    bus.put_rule(rule)


def put_rule_of_endpoint(
    account: Account, bus: EventBus, endpoint: Endpoint, region: str, other_bus_arn: str
) -> None:
    """Put the rule that replicates events from one bus of an endpoint to the other.

    The rule matches the events that come through the endpoint to this bus, and no copy.

    Args:
        account: The account of the endpoint.
        bus: The endpoint's bus in one region.
        endpoint: The endpoint.
        region: The region of that bus.
        other_bus_arn: The ARN of the endpoint's bus in the other region.
    """
    members = {"Id": endpoint.rule_name, "Arn": other_bus_arn, "RoleArn": endpoint.role_arn}
    rule = _rule(
        account,
        bus,
        endpoint.rule_name,
        ENDPOINTS,
        pattern=f'{{"resources":["{endpoint.arn}"],"region":["{region}"]}}',
        target=Target.of(members),
        replicates=endpoint.arn,
    )
    bus.put_rule(rule)


def put_rule_of_event_source(account: Account, bus: EventBus, wanted: ForwardingRule) -> Rule:
    """Put the rule that forwards events to a custom event bus, for an event source of that bus.

    Args:
        account: The account of the rule.
        bus: The bus of the rule.
        wanted: The rule.

    Raises:
        AwsError: The pattern is not valid.
    """
    members: Members = {"Id": wanted.name, "Arn": wanted.custom_bus_arn}
    if wanted.dead_letter_queue is not None:
        members["DeadLetterConfig"] = {"Arn": wanted.dead_letter_queue}
    rule = _rule(
        account,
        bus,
        wanted.name,
        ENDPOINTS,
        pattern=wanted.pattern,
        target=Target.of(members),
        event_source=wanted.event_source,
    )
    bus.put_rule(rule)
    return rule


def put_rule_of_service(
    call: Call, bus: EventBus, request: Any, managed_by: str, targets: Sequence[Members]
) -> Rule:
    """Put a rule and its targets, as another service of AWS does. If a target is refused, the rule is removed.

    Args:
        call: A call of the account of the rule.
        bus: The bus of the rule.
        request: The members of a PutRule request, which were checked by the service model.
        managed_by: The principal of the service, such as ``states.amazonaws.com``.
        targets: The targets of a PutTargets request, which were checked by the service model. The ARN of a target may
            also be that of the service itself.

    Returns:
        The rule with its targets.

    Raises:
        AwsError: AWS would refuse the rule or one of the targets.
    """
    put_rule(call, request)
    rule = replace(bus.rules[request["Name"]], managed_by=managed_by)
    bus.put_rule(rule)
    try:
        put_managed_targets(call.account, bus, rule, targets)
    except BaseException:
        bus.remove_rule(rule.name)
        raise
    return bus.rules[rule.name]


def _rule(  # noqa: PLR0913 - what a managed rule consists of
    account: Account,
    bus: EventBus,
    name: str,
    managed_by: str,
    *,
    pattern: str,
    target: Target,
    **purpose: str,
) -> Rule:
    return Rule(
        name=name,
        arn=rule_arn(bus, name),
        event_bus_name=bus.name,
        created_by=account.id,
        event_pattern=pattern,
        pattern=compile_pattern(pattern),
        managed_by=managed_by,
        targets={target.id: target},
        **purpose,  # type: ignore[arg-type]  # the members that name the archive or the endpoint
    )
