"""Universal targets: the call of any operation of any service, made of the ARN and the Input by the service's model.

Source: scheduler section 12. Documented: the service has the name that AWS's SDKs have for it, the action is the
operation with a small first letter, and the Input has the parameters as the SDK names them. Inferred: the first letter
of a member may be of either case, at every depth; a blob is its text in UTF-8; a timestamp is ISO 8601 or the seconds
since 1970-01-01 00:00 UTC; an Input that does not fit fails as ValidationException.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.validate import ParamValidator

from eventmock.target_kinds import InvalidRequest
from eventmock.values.near_names import nearest_name
from eventmock.wire.installed_services import model_of, services_by_sdk_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from botocore.model import OperationModel, Shape

    from eventmock.services.scheduler.templated_targets import ScheduledInvocation
    from eventmock.target_kinds import ApiCall


def call_of(invocation: ScheduledInvocation) -> ApiCall:
    """Return the call of a universal target.

    Raises:
        InvalidRequest: The installed botocore does not know the service or the action, or the Input does not fit.
    """
    _, service_name, action = invocation.arn.resource.split(":")
    service, operation = _operation_of(service_name, action)
    parameters = parameters_of(operation, invocation.json_object, token=invocation.execution.id)
    return invocation.call(service, operation.name, parameters)


def _operation_of(sdk_name: str, action: str) -> tuple[str, OperationModel]:
    """Return boto3's name of a service, and the operation of an action.

    Raises:
        InvalidRequest: The installed botocore does not know the service or the action.
    """
    services = services_by_sdk_name()
    service = services.get(sdk_name)
    if service is None:
        by_boto3 = {name: other for other, name in services.items()}
        meant = by_boto3.get(sdk_name) or nearest_name(sdk_name, services)
        raise InvalidRequest(f"the installed botocore knows no service {sdk_name}{_did_you_mean(meant)}")
    model = model_of(service)
    name = f"{action[:1].upper()}{action[1:]}"
    for spelled in (name, action):
        if spelled in model.operation_names:
            return service, model.operation_model(spelled)
    near = nearest_name(name, model.operation_names)
    meant = None if near is None else _with_small_first(near)
    raise InvalidRequest(f"{sdk_name} of the installed botocore has no action {action}{_did_you_mean(meant)}")


def parameters_of(operation: OperationModel, given: Mapping[str, Any], *, token: str) -> dict[str, Any]:
    """Return the parameters of an operation, as boto3 takes them, from an Input.

    Args:
        operation: The operation.
        given: The Input, a JSON object.
        token: The value of a required idempotency token that is not given. The SDK fills it in.

    Raises:
        InvalidRequest: A parameter is not one of the operation, is missing, or is not of its type.
    """
    shape = operation.input_shape
    if shape is None:
        for name in given:
            raise _unknown(name, (), "Input")
        return {}
    parameters: dict[str, Any] = _fitted(given, shape, "Input")
    for name in operation.idempotent_members:
        if name in shape.required_members:
            parameters.setdefault(name, token)
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        raise InvalidRequest(report.generate_report().replace("\n", "; "))
    return parameters


def _fitted(value: Any, shape: Shape, path: str) -> Any:
    """Return a value of an Input with the names of its members as the model has them, and blobs and times of Python.

    A value of another type than the shape's is returned as it is; botocore's validator refuses it.

    Args:
        value: The value.
        shape: The shape of the model for the value.
        path: The place of the value, such as ``Input.Entries[0]``.

    Raises:
        InvalidRequest: A structure has a member that the model does not have; or a text is no time.
    """
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return _fitted_structure(value, shape, path)
    if kind == "list" and isinstance(value, list):
        return [_fitted(item, shape.member, f"{path}[{index}]") for index, item in enumerate(value)]  # type: ignore[attr-defined]  # of a list
    if kind == "map" and isinstance(value, dict):
        return {name: _fitted(item, shape.value, f"{path}.{name}") for name, item in value.items()}  # type: ignore[attr-defined]  # of a map
    if kind == "blob" and isinstance(value, str):
        return value.encode(errors="replace")
    if kind == "timestamp" and isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return _time(value, path)
    return value


def _fitted_structure(value: Mapping[str, Any], shape: Any, path: str) -> dict[str, Any]:
    """Return a structure with the names of its members as the model has them. A member that is null is left out."""
    by_small_first = {_with_small_first(name): name for name in shape.members}
    fitted: dict[str, Any] = {}
    for name, member in value.items():
        spelled = name if name in shape.members else by_small_first.get(_with_small_first(name))
        if spelled is None:
            raise _unknown(name, shape.members, path)
        if spelled in fitted:
            raise InvalidRequest(f"{path} has {spelled} twice, with a capital and a small first letter")
        if member is not None:
            fitted[spelled] = _fitted(member, shape.members[spelled], f"{path}.{spelled}")
    return fitted


def _with_small_first(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _unknown(name: str, known: Iterable[str], path: str) -> InvalidRequest:
    """Return the error for a member that the model does not have."""
    return InvalidRequest(f"{path} has no member {name}{_did_you_mean(nearest_name(name, known))}")


def _did_you_mean(name: str | None) -> str:
    return "" if name is None else f"; did you mean {name}?"


def _time(value: str | float, path: str) -> datetime:
    """Return the moment of a timestamp, in UTC.

    Raises:
        InvalidRequest: The value is neither ISO 8601 nor seconds since 1970-01-01 00:00 UTC within Python's years.
    """
    try:
        if not isinstance(value, str):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidRequest(
            f"{path} is {value!r}: wanted a time as ISO 8601, or in seconds since 1970-01-01 00:00 UTC"
        ) from None
