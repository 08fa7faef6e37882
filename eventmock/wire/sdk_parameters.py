"""Parameters of an operation, as boto3 takes them, made of a JSON object as AWS's SDKs write it.

EventBridge Scheduler's universal targets have such an object as Input. Seen in published templates: capitals in a row
are written as a word, ``DbInstanceIdentifier`` for ``DBInstanceIdentifier``, as AWS's SDK for Java does it. Inferred:
the service model's own spelling is taken, too, and the first letter may be of either case, at every depth; a blob is
its text in UTF-8; a timestamp is ISO 8601 or the seconds since 1970-01-01 00:00 UTC; a member that is null is not
given. botocore checks the types and what is required.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.validate import ParamValidator

from eventmock.wire.installed_services import model_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_CAPITALS_IN_A_ROW: Final = re.compile("[A-Z]+(?![a-z])")
"""Capitals before a word or at the end of a name, such as the ``DB`` of ``DBInstanceIdentifier``."""


class Misfit(ValueError):  # noqa: N818 - it says what happened
    """A JSON object that does not fit an operation; the text says why.

    Attributes:
        unknown: The name of the member that the model does not have; empty if something else does not fit.
        known: The names that the model has in its place.
    """

    def __init__(self, why: str, unknown: str = "", known: Collection[str] = ()) -> None:
        super().__init__(why)
        self.unknown = unknown
        self.known = known


def _utf_8(text: str) -> bytes:
    return text.encode(errors="replace")


def parameters_of(
    service: str,
    operation_name: str,
    given: Mapping[str, Any],
    *,
    token: str,
    read_blob: Callable[[str], bytes] = _utf_8,
) -> dict[str, Any]:
    """Return the parameters of an operation that a JSON object states.

    Args:
        service: boto3's name of the service.
        operation_name: AWS's name of the operation.
        given: The object.
        token: The value of a required idempotency token that is not given, which SDKs fill in.
        read_blob: Returns the bytes of the text of a blob.

    Raises:
        Misfit: A parameter is not one of the operation, is missing, or is not of its type.
    """
    operation = model_of(service).operation_model(operation_name)
    shape = operation.input_shape
    if shape is None:
        for name in given:
            raise _unknown(name, (), "Input")
        return {}
    try:
        parameters: dict[str, Any] = _fitted(given, shape, "Input", read_blob)
        for name in operation.idempotent_members:
            if name in shape.required_members:
                parameters.setdefault(name, token)
        report = ParamValidator().validate(parameters, shape)
    except RecursionError:
        raise Misfit("the Input has more levels than botocore can check") from None
    if report.has_errors():
        raise Misfit(report.generate_report().replace("\n", "; "))
    return parameters


def _fitted(value: Any, shape: Any, path: str, read_blob: Callable[[str], bytes]) -> Any:
    """Return a value with the names of its members as the model has them, and blobs and times of Python.

    A value of another type than the shape's is returned as it is; botocore's validator refuses it.

    Args:
        value: The value.
        shape: The shape of the model for the value.
        path: The place of the value, such as ``Input.Entries[0]``.
        read_blob: Returns the bytes of the text of a blob.

    Raises:
        Misfit: A structure has a member that the model does not have, or has a member twice; a text is wanted in place
            of an object or array; or a text cannot be read as a time.
    """
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        return _fitted_structure(value, shape, path, read_blob)
    if kind == "list" and isinstance(value, list):
        return [
            _fitted(item, shape.member, f"{path}[{index}]", read_blob) for index, item in enumerate(value)
        ]
    if kind == "map" and isinstance(value, dict):
        return {name: _fitted(item, shape.value, f"{path}.{name}", read_blob) for name, item in value.items()}
    if kind in ("blob", "string") and isinstance(value, (dict, list)):
        what = "an object" if isinstance(value, dict) else "an array"
        raise Misfit(f"{path} is {what}: the model wants a text there, such as that of its JSON")
    if kind == "blob" and isinstance(value, str):
        return read_blob(value)
    if isinstance(value, bool) and kind not in ("boolean", "structure"):  # Python takes it for a number
        raise Misfit(f"{path} is {'true' if value else 'false'}: the model wants {kind} there")
    if kind == "timestamp" and isinstance(value, (str, int, float)):
        return _time(value, path)
    return value


def _fitted_structure(
    value: Mapping[str, Any], shape: Any, path: str, read_blob: Callable[[str], bytes]
) -> dict[str, Any]:
    """Return a structure with the names of its members as the model has them. A member that is null is left out."""
    in_words = {_with_small_first(_in_words(name)): name for name in shape.members}
    known = in_words | {_with_small_first(name): name for name in shape.members}
    fitted: dict[str, Any] = {}
    for name, member in value.items():
        spelled = name if name in shape.members else known.get(_with_small_first(name))
        if spelled is None:
            raise _unknown(name, shape.members, path)
        if spelled in fitted:
            raise Misfit(f"{path} has {spelled} twice, in two spellings")
        if member is not None:
            fitted[spelled] = _fitted(member, shape.members[spelled], f"{path}.{spelled}", read_blob)
    return fitted


def _with_small_first(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _in_words(name: str) -> str:
    """Return the name of a member with capitals in a row written as a word, such as ``DbInstanceIdentifier``."""
    return _CAPITALS_IN_A_ROW.sub(lambda found: found[0].capitalize(), name)


def _unknown(name: str, known: Collection[str], path: str) -> Misfit:
    """Return the error for a member that the model does not have."""
    return Misfit(f"{path} has no member {name}", name, known)


def _time(value: str | float, path: str) -> datetime:
    """Return the moment of a timestamp, in UTC.

    Raises:
        Misfit: The value is neither ISO 8601 nor seconds since 1970-01-01 00:00 UTC within Python's years.
    """
    try:
        if not isinstance(value, str):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Misfit(
            f"{path} is {value!r}: wanted a time as ISO 8601, or in seconds since 1970-01-01 00:00 UTC"
        ) from None
