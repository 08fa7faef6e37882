"""Universal targets: the call of any operation of any service, made of the ARN and the Input by the service's model.

Source: scheduler section 12. Documented: the service has the name that AWS's SDKs have for it, the action is the
operation with a small first letter, and the Input has the parameters as the SDK names them. Inferred: an Input that
does not fit fails as ValidationException, and so does a service or an action that the installed botocore does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.target_kinds import InvalidRequest
from eventmock.values.near_names import nearest_name
from eventmock.wire.installed_services import operations_by_action, services_by_sdk_name
from eventmock.wire.sdk_parameters import Misfit, parameters_of

if TYPE_CHECKING:
    from eventmock.services.scheduler.templated_targets import ScheduledInvocation
    from eventmock.target_kinds import ApiCall


def call_of(invocation: ScheduledInvocation) -> ApiCall:
    """Return the call of a universal target.

    Raises:
        InvalidRequest: The installed botocore does not know the service or the action, or the Input does not fit.
    """
    _, sdk_name, action = invocation.arn.resource.split(":")
    service, operation = _operation_of(sdk_name, action)
    try:
        parameters = parameters_of(service, operation, invocation.json_object, token=invocation.execution.id)
    except Misfit as misfit:
        meant = _did_you_mean(nearest_name(misfit.unknown, misfit.known))
        raise InvalidRequest(f"{misfit}{meant}") from None
    return invocation.call(service, operation, parameters)


def _operation_of(sdk_name: str, action: str) -> tuple[str, str]:
    """Return boto3's name of a service, and the name of the operation of an action.

    Raises:
        InvalidRequest: The installed botocore does not know the service or the action.
    """
    services = services_by_sdk_name()
    service = services.get(sdk_name)
    if service is None:
        by_boto3 = {name: other for other, name in services.items()}
        meant = by_boto3.get(sdk_name) or nearest_name(sdk_name, services)
        raise InvalidRequest(f"the installed botocore knows no service {sdk_name}{_did_you_mean(meant)}")
    actions = operations_by_action(service)
    if action not in actions:
        meant = nearest_name(action, actions)
        raise InvalidRequest(
            f"{sdk_name} of the installed botocore has no action {action}{_did_you_mean(meant)}"
        )
    return service, actions[action]


def _did_you_mean(name: str | None) -> str:
    return "" if name is None else f"; did you mean {name}?"
