"""The checks of universal targets of subscribers: the action, and a literal Input.

Source: custom-event-bus section 9.3. Documented: the name of a service is its ``serviceId`` in small letters without
blanks, and the texts but that for an action that is not supported. Inferred: which actions only read, as for
EventBridge Scheduler; idempotency tokens need not be given; the text for an Input that is not a JSON object. The
services, their actions and what these require are those of the installed botocore.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from eventmock.services.custom_event_bus import errors
from eventmock.target_kinds.universal_target import OF_SUBSCRIBERS, READING
from eventmock.values.deep_json import loads
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from eventmock.target_kinds import TargetKind
    from eventmock.values.arn import Arn
    from eventmock.wire import AwsError

_NOT_CALLED: Final = frozenset({("eventbridge", "putEvents"), ("eventbridge", "putPartnerEvents")})
"""Actions that universal targets of subscribers cannot call although they do not only read (documented)."""


def is_universal(arn: Arn) -> bool:
    """Return whether an ARN has the form of a universal target's."""
    return not arn.region and not arn.account and arn.resource.startswith("aws-sdk:")


def check_universal_arn(arn: Arn) -> TargetKind:
    """Check the service and the action in the ARN of a universal target, and return its kind.

    Raises:
        AwsError: The service or the action does not exist, or universal targets cannot call the action.
    """
    _, sdk_name, action = (*arn.resource.split(":", 2), "", "")[:3]
    service, hint = _service_of(sdk_name)
    if service is None:
        raise errors.invalid(
            "InvokeConfiguration.TargetArn: TargetArn is not a supported subscriber target", hint
        )
    if not re.fullmatch("[A-Za-z0-9]+", action):
        raise errors.invalid("apiAction component must be alphanumeric camelCase", _example(sdk_name))
    from eventmock.wire.installed_services import operations_by_action

    actions = operations_by_action(service)
    if action not in actions:
        small = f"{action[:1].lower()}{action[1:]}"
        near = small if small in actions else nearest_name(small, actions)
        meant = "" if near is None else f"did you mean {near}?"
        raise errors.invalid(f"The api {action} is not valid for the service {sdk_name}", meant)
    if READING.fullmatch(action) or (sdk_name, action) in _NOT_CALLED:
        raise errors.invalid(
            f"The api {action} is not supported for the service {sdk_name}",
            "universal targets call no action that only reads, and do not publish events",
        )
    return OF_SUBSCRIBERS


def check_universal_input(arn: Arn, text: str) -> None:
    """Check the literal Input of a universal target, whose ARN has passed `check_universal_arn`.

    Raises:
        AwsError: The Input is not a JSON object, or lacks what the action requires.
    """
    from eventmock.wire.installed_services import model_of, operations_by_action

    try:
        given = loads(text)
    except ValueError as error:
        raise _no_object(f"it is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise _no_object("it is JSON of another type")
    _, sdk_name, action = arn.resource.split(":")
    service, _ = _service_of(sdk_name)
    assert service is not None
    operation = model_of(service).operation_model(operations_by_action(service)[action])
    shape: Any = operation.input_shape
    required = set() if shape is None else set(shape.required_members) - set(operation.idempotent_members)
    there = {name.lower() for name, value in given.items() if value is not None}
    missing = sorted(f"{name[:1].upper()}{name[1:]}" for name in required if name.lower() not in there)
    if missing:
        raise errors.invalid(
            f"UniversalTargetParameters.Input is missing required field(s): {', '.join(missing)}"
        )


def _service_of(sdk_name: str) -> tuple[str | None, str]:
    """Return boto3's name of a service, or None and a hint if the installed botocore knows none of the name."""
    from eventmock.wire.installed_services import model_of, services_by_sdk_name

    services = services_by_sdk_name()
    found = services.get(sdk_name)
    spelled = None if found is None else re.sub("[^a-z0-9]", "", model_of(found).service_id.lower())
    if found is not None and spelled == sdk_name:
        return found, ""
    by_boto3 = {name: other for other, name in services.items()}
    near = spelled or by_boto3.get(sdk_name) or nearest_name(sdk_name, services)
    meant = "" if near is None else f"; did you mean {near}?"
    return None, f"the installed botocore knows no service {sdk_name}{meant}"


def _example(sdk_name: str) -> str:
    return f"the operation with a small first letter, such as arn:aws:events:::aws-sdk:{sdk_name}:putItem"


def _no_object(hint: str) -> AwsError:
    return errors.invalid("UniversalTargetParameters.Input must be a JSON object or an expression", hint)
