"""``AWS::Events::Rule``: PutRule and PutTargets.

Source: templates sections 6, 7 and 12. ``Ref`` of a rule that is not on the default bus is ``BUS|NAME`` (recorded).
Inferred: before a rule is removed, all its targets are, also those that the template does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from eventmock.services.events.event_bus import DEFAULT_BUS, buses_of, find_event_bus
from eventmock.services.resource_properties import member_of, members_of, without_later
from eventmock.services.resource_type import Caller, Made, ResourceType
from eventmock.values.arn import Arn
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.wire.service_model import Shape

_OWN: Final = "Targets"
_LATER: Final = ("AppSyncParameters",)
"""The members of targets that botocore 1.34 does not know."""
_ECS_NAMES: Final = {
    "PlacementStrategies": "PlacementStrategy",
    "TagList": "Tags",
}
_WITH_SMALL_LETTERS: Final = ("PlacementStrategies", "PlacementConstraints", "CapacityProviderStrategy")


class RuleType(ResourceType):
    """Rules, with their targets."""

    name = "AWS::Events::Rule"
    replaced_by = frozenset({"Name"})
    blamed: ClassVar = {"InvalidEventPatternException": "EventPattern"}

    def read(self, caller: Caller, properties: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: D102 - inherited
        given = {name: value for name, value in properties.items() if name != _OWN}
        members = members_of(caller.input_of("PutRule"), given, documents={"EventPattern"})
        targets = properties.get(_OWN, [])
        if targets:
            spelled = (
                [_spelled_for_api(target) for target in targets] if isinstance(targets, list) else targets
            )
            [shape] = [one.shape for one in caller.input_of("PutTargets").members if one.name == _OWN]
            if isinstance(spelled, list):
                spelled = self._known(caller, shape, spelled)
            members[_OWN] = member_of(shape, spelled, (_OWN,))
        return members

    def _known(self, caller: Caller, shape: Shape, targets: Sequence[Any]) -> list[Any]:
        """Return targets without members that the installed botocore does not know."""
        assert shape.item is not None
        return [
            without_later(caller, self.name, shape.item, target, _LATER)
            if isinstance(target, dict)
            else target
            for target in targets
        ]

    def create(self, caller: Caller, name: str, properties: Mapping[str, Any]) -> Made:  # noqa: D102 - inherited
        _make_bus_elsewhere(caller, name, properties)
        if _targets_now(caller, name, properties) is not None:
            raise self.already_exists(_ref(name, properties))
        arn = _put_rule(caller, name, properties)
        made = Made(name, _ref(name, properties), arn, {"Arn": arn, "RuleName": name})
        with self.removed_if_incomplete(caller, made, properties):
            _put_targets(caller, name, properties)
        return made

    def replaces(self, caller: Caller, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:  # noqa: D102 - inherited
        return super().replaces(caller, old, new) or _bus_arn(caller, old) != _bus_arn(caller, new)

    def update(  # noqa: D102 - inherited
        self, caller: Caller, made: Made, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Made:
        kept = {target["Id"] for target in new.get(_OWN, ())}
        gone = [target["Id"] for target in old.get(_OWN, ()) if target["Id"] not in kept]
        arn = _put_rule(caller, made.name, {name: value for name, value in new.items() if name != "Tags"})
        if gone:
            caller.call("RemoveTargets", {**_of_rule(made.name, new), "Ids": gone})
        _put_targets(caller, made.name, new)
        caller.change_tags(arn, old, new)
        return made

    def delete(self, caller: Caller, made: Made, properties: Mapping[str, Any]) -> None:  # noqa: D102 - inherited
        targets = _targets_now(caller, made.name, properties)
        if targets is None:
            return
        if targets:
            caller.call("RemoveTargets", {**_of_rule(made.name, properties), "Ids": targets})
        caller.call("DeleteRule", {"Name": made.name, **_bus(properties)})


def _make_bus_elsewhere(caller: Caller, name: str, properties: Mapping[str, Any]) -> None:
    """Make the event bus of a rule, if it is one of another account and does not exist.

    The template of one account says nothing of the buses of another, and on AWS they are there.
    """
    arn = Arn.parse(properties.get("EventBusName"))
    if arn is None or arn.account == caller.account.id or arn.region != caller.account.region:
        return
    bus, other = arn.resource.removeprefix("event-bus/"), caller.elsewhere(arn.account)
    if bus not in buses_of(other.account):
        other.call("CreateEventBus", {"Name": bus})
        text = f"event bus {bus} of account {arn.account} did not exist, and was made for rule {name} of a template"
        caller.account.state.note("stack", text, arn.region)


def _put_rule(caller: Caller, name: str, properties: Mapping[str, Any]) -> str:
    members = {key: value for key, value in properties.items() if key != _OWN}
    arn: str = caller.call("PutRule", {**members, "Name": name})["RuleArn"]
    return arn


def _put_targets(caller: Caller, name: str, properties: Mapping[str, Any]) -> None:
    targets = properties.get(_OWN)
    if not targets:
        return
    failed = caller.call("PutTargets", {**_of_rule(name, properties), "Targets": targets})["FailedEntries"]
    if failed:
        first = failed[0]
        raise AwsError(first["ErrorCode"], f"target {first['TargetId']}: {first['ErrorMessage']}")


def _targets_now(caller: Caller, name: str, properties: Mapping[str, Any]) -> list[str] | None:
    """Return the ids of the targets that a rule has; None if there is no such rule."""
    try:
        with caller.account.state.lock:
            rule = find_event_bus(caller.account, properties.get("EventBusName")).rules.get(name)
    except AwsError:
        return None
    return None if rule is None else list(rule.targets)


def _of_rule(name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Rule": name, **_bus(properties)}


def _bus(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: properties[key] for key in ("EventBusName",) if key in properties}


def _ref(name: str, properties: Mapping[str, Any]) -> str:
    bus = properties.get("EventBusName", DEFAULT_BUS).rpartition("event-bus/")[2]
    return name if bus == DEFAULT_BUS else f"{bus}|{name}"


def _bus_arn(caller: Caller, properties: Mapping[str, Any]) -> str:
    """Return the ARN of the event bus of a rule, which the template may name instead."""
    bus = str(properties.get("EventBusName", DEFAULT_BUS))
    return bus if bus.startswith("arn:") else caller.account.arn("events", f"event-bus/{bus}")


def _spelled_for_api(target: Any) -> Any:
    """Return a target with the parameters of ECS in the API's spelling, the only ones that differ."""
    given = target.get("EcsParameters") if isinstance(target, dict) else None
    if not isinstance(given, dict):
        return target
    spelled = {_ECS_NAMES.get(name, name): value for name, value in given.items()}
    for name in _WITH_SMALL_LETTERS:
        value = given.get(name)
        if isinstance(value, list):
            spelled[_ECS_NAMES.get(name, name)] = [
                {key[:1].lower() + key[1:]: one for key, one in item.items()}
                if isinstance(item, dict)
                else item
                for item in value
            ]
    network = given.get("NetworkConfiguration")
    if isinstance(network, dict):
        spelled["NetworkConfiguration"] = {
            "awsvpcConfiguration" if name == "AwsVpcConfiguration" else name: value
            for name, value in network.items()
        }
    return {**target, "EcsParameters": spelled}


TYPE: Final = RuleType()
