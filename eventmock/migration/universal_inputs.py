"""Targets of rules that subscribers do not have, such as ECS tasks, as universal targets.

A universal target calls any operation of AWS with a given Input. `eventmock.target_kinds` knows what Classic calls.
The call is made for two events that have nothing in common: what is the same in both does not come of the event, and so
can be written as the Input. Documented: the members of the Input begin with a capital letter.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.migration.paths import NoExpression
from eventmock.target_kinds import ApiCall, InvalidRequest
from eventmock.target_kinds.kind import Invocation
from eventmock.transform.refusals import InvalidJson
from eventmock.values.arn import Arn
from eventmock.values.deep_json import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.services.events.rule import Rule
    from eventmock.services.events.target import Target

_MOMENT: Final = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_LONGEST: Final = 300


def universal_invocation(rule: Rule, target: Target, account: str, region: str) -> dict[str, Any]:
    """Return the ``InvokeConfiguration`` but its role.

    Raises:
        NoExpression: There is no such call, or a part of it comes of the event.
    """
    from eventmock.wire.installed_services import services_by_sdk_name

    kind = target.kind
    assert kind is not None
    if kind.request is None:
        raise NoExpression(
            f"subscribers have no {kind.name} as a target, and Classic's call for one is not known"
        )
    first, second = (_call(rule, target, number, account, region) for number in (1, 2))
    if not isinstance(first, ApiCall) or not isinstance(second, ApiCall):
        raise NoExpression(f"subscribers have no {kind.name} as a target, and no operation of AWS calls one")
    action = first.operation[0].lower() + first.operation[1:]
    sdk_name = {name: sdk for sdk, name in services_by_sdk_name().items()}.get(first.service, first.service)
    differing = sorted(_differing(first.parameters, second.parameters))
    if differing:
        raise NoExpression(
            f"subscribers have no {kind.name} as a target. Write the Input of a universal target "
            f"{sdk_name}:{action} by hand: "
            f"{', '.join(differing)} {'comes' if len(differing) == 1 else 'come'} of the event"
        )
    return {
        "TargetArn": f"arn:{Arn.of(target.arn).partition}:events:::aws-sdk:{sdk_name}:{action}",
        "UniversalTargetParameters": {"Input": dumps(_capitals(first))},
    }


def _call(rule: Rule, target: Target, number: int, account: str, region: str) -> Any:
    """Return the call for one of two events that have nothing in common.

    Raises:
        NoExpression: Classic cannot make the call for such an event.
    """
    moment = _MOMENT + timedelta(days=number)
    event_id = f"{number}" * 8 + "-0000-4000-8000-000000000000"
    text = (
        f'{{"version":"0","id":"{event_id}","detail-type":"type {number}","source":"source {number}",'
        f'"account":"{account}","time":"{moment:%Y-%m-%dT%H:%M:%SZ}","region":"{region}","resources":[],'
        f'"detail":{{"n{number}":{number}}}}}'
    )
    assert target.kind is not None
    assert target.kind.request is not None
    try:
        body = target.input_shape.render(text, rule_arn=rule.arn, rule_name=rule.name, ingestion_time=moment)
        return target.kind.request(
            Invocation(
                arn=Arn.of(target.arn),
                target=target.members,
                body=body,
                account=account,
                region=region,
                is_shaped=target.input_shape.is_given,
                event_text=text,
                event_id=event_id,
                event_time=moment,
                trace_header=None,
                rule_name=rule.name,
                rule_arn=rule.arn,
            )
        )
    except (InvalidRequest, InvalidJson) as error:
        raise NoExpression(
            f"subscribers have no {target.kind.name} as a target, and what Classic's call has comes of the event: "
            f"{str(error)[:_LONGEST]}"
        ) from None


def _differing(one: Any, other: Any, path: str = "") -> list[str]:
    """Return the paths of the parts of two calls that differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = dict.fromkeys([*one, *other])
        return [
            found
            for name in names
            for found in _differing(one.get(name), other.get(name), f"{path}.{name}" if path else name)
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = zip(one, other, strict=True)
        return [
            found for number, (a, b) in enumerate(pairs) for found in _differing(a, b, f"{path}[{number}]")
        ]
    return [] if one == other else [path]


def _capitals(call: ApiCall) -> Any:
    """Return the parameters of a call with members that begin with a capital letter."""
    from eventmock.wire.installed_services import model_of

    return _named(call.parameters, model_of(call.service).operation_model(call.operation).input_shape)


def _named(value: Any, shape: Any) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        members: Mapping[str, Any] = shape.members
        return {
            name[0].upper() + name[1:]: _named(member, members[name]) if name in members else member
            for name, member in value.items()
        }
    if shape.type_name == "list" and isinstance(value, (list, tuple)):
        return [_named(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: _named(member, shape.value) for name, member in value.items()}
    return value
