"""Tags of rules and event buses: TagResource, UntagResource, ListTagsForResource.

Source: aws-recorded-behaviour section 16 (recorded). That nothing else can be tagged is documented; the answer
for an ARN of something else is not recorded (inferred).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventmock.services.events import errors
from eventmock.services.events.event_bus import DEFAULT_BUS, buses_of, find_rule
from eventmock.services.events.quotas import Quotas
from eventmock.services.events.tag_values import with_tags
from eventmock.values.arn import Arn
from eventmock.wire import operation

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from eventmock.parts.accounts import Account
    from eventmock.services.call import Call
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule


@operation
def tag_resource(call: Call, request: TagResourceRequestTypeDef) -> None:
    """Add tags to a resource, or change the values of existing tags."""
    bus, rule = _find(call.account, request["ResourceARN"])
    quota = call.account.state.settings(Quotas).tags_per_resource
    _set_tags(bus, rule, with_tags(_tags_of(bus, rule), request["Tags"], quota))


@operation
def untag_resource(call: Call, request: UntagResourceRequestTypeDef) -> None:
    """Remove tags from a resource. A key that the resource does not have is ignored."""
    bus, rule = _find(call.account, request["ResourceARN"])
    gone = set(request["TagKeys"])
    _set_tags(bus, rule, {key: value for key, value in _tags_of(bus, rule).items() if key not in gone})


@operation
def list_tags_for_resource(
    call: Call, request: ListTagsForResourceRequestTypeDef
) -> dict[str, list[dict[str, str]]]:
    """List the tags of a resource, in the order in which they were added."""
    bus, rule = _find(call.account, request["ResourceARN"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags_of(bus, rule).items()]}


def _find(account: Account, arn: str) -> tuple[EventBus, Rule | None]:
    """Return the bus and the rule that an ARN names; the rule is None if the ARN is that of a bus.

    Raises:
        AwsError: The ARN is that of another kind of resource, or the bus or the rule does not exist.
    """
    parsed = Arn.parse(arn)
    kind, _, path = ("", "", "") if parsed is None else parsed.resource.partition("/")
    if parsed is None or parsed.service != "events" or kind not in ("event-bus", "rule") or not path:
        raise errors.invalid_parameter("ResourceArn", "Provided Arn is not in correct format.")
    bus_name, _, rule_name = path.rpartition("/") if kind == "rule" else (path, "", "")
    bus_name = bus_name or DEFAULT_BUS
    bus = None
    if arn == account.arn("events", parsed.resource):
        bus = buses_of(account).get(bus_name)
    if kind == "event-bus":
        if bus is None:
            raise errors.event_bus_not_found(bus_name)
        return bus, None
    if bus is None:
        raise errors.rule_not_found(rule_name, bus_name)
    return bus, find_rule(bus, rule_name)


def _tags_of(bus: EventBus, rule: Rule | None) -> dict[str, str]:
    return dict(bus.tags if rule is None else rule.tags)


def _set_tags(bus: EventBus, rule: Rule | None, tags: dict[str, str]) -> None:
    if rule is None:
        bus.tags = tags
    elif not rule.is_users_own:
        raise errors.managed_rule(rule.name, can_be_forced=False)
    else:
        bus.put_rule(replace(rule, tags=tags))
