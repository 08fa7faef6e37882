"""The facts of a service, read from the model that the installed botocore ships.

`eventmock.wire` uses the plain values below for the services of a mock, and ``botocore.model`` only for calls of any
other service (`eventmock.wire.installed_services`). Names, numbers and limits are not written here: they come from the
installed model, or from a newer model if AWS has loosened a constraint since.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore import __version__ as botocore_version, xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

from eventmock.wire.errors import VALIDATION_EXCEPTION

if TYPE_CHECKING:
    from collections.abc import Mapping

INSTALLED_BOTOCORE: Final = str(botocore_version)
"""The version of the installed botocore. Older versions lack newer services and operations."""
LIMIT_MEMBERS = ("Limit", "MaxResults")
DEFAULT_PAGE = 100
TOKEN_MEMBER = "NextToken"  # noqa: S105
RPC_V2_CBOR: Final = "smithy-rpc-v2-cbor"
"""The name of the protocol Smithy RPC v2 CBOR in the service models."""


class Loosened(NamedTuple):
    """A constraint that AWS has loosened, so that older models are narrower than the service.

    Attributes:
        shape: The name of the shape.
        constraint: The name of the constraint in the model: ``pattern``, ``min``, ``max``, ``enum`` or ``required``.
        old: The value in the older models. All requests that it allows are allowed by the new value too.
        last: The latest botocore that is known to have the old value.
        new: The value in the newer models; None if they have no such constraint.
        first: The earliest botocore that is known to have the new value.
    """

    shape: str
    constraint: str
    old: Any
    last: str
    new: Any
    first: str


@dataclass(frozen=True, slots=True, eq=False)
class Corrections:
    """Corrections of a service's public model, which does not state all that the service does.

    Attributes:
        enum_order: The values of an enum in the order in which the service prints them, by the shape's name.
        hidden_members: Members that only the service's error texts show, by the structure's name.
        any_case: Names of enums whose values the service accepts in any letter case.
        unprinted: Names of shapes whose value the service leaves out of its constraint texts.
        validation_code: The error code for a request that breaks constraints.
        error_namespace: The text that follows the error code in the header of errors, after a colon; in Smithy RPC v2
            CBOR, the text before the error code in the body, before a ``#``. Empty if there is none.
        loosened: The constraints that are narrower in older models than in the service. If the installed model has the
            old value, the new value is checked. Any other value of the installed model is checked as it is.
    """

    enum_order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden_members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    any_case: frozenset[str] = frozenset()
    unprinted: frozenset[str] = frozenset()
    validation_code: str = VALIDATION_EXCEPTION
    error_namespace: str = ""
    loosened: tuple[Loosened, ...] = ()


class Member(NamedTuple):
    """A member of a structure: its name on the wire, in AWS's texts and in Python, and its shape."""

    name: str
    wire_name: str
    text_name: str
    attribute: str
    shape: Shape
    required: bool
    location: str


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One shape of the model with the constraints that the service checks."""

    name: str
    kind: str
    pattern: str | None
    minimum: int | None
    maximum: int | None
    enum: tuple[str, ...]
    enum_in_any_case: bool
    sensitive: bool
    members: tuple[Member, ...]
    hidden_members: tuple[str, ...]
    item: Shape | None
    key: Shape | None
    is_union: bool = False


class Paging(NamedTuple):
    """The paging of a List operation: the input member of the limit, the members of the token, and the list's member.

    The names of token members are those of the operation. Without a limit, a page has the greatest allowed length.
    """

    limit: str
    default: int
    token: str
    items: str


class Operation(NamedTuple):
    """One operation of the model."""

    name: str
    function_name: str
    method: str
    path: str
    status: int
    input: Shape | None
    output: Shape | None
    paging: Paging | None


def loader() -> Loader:
    """Return a loader of botocore's models that looks where those of boto3's sessions look.

    So it shares what they have read, where loaders share that.
    """
    made = Loader()
    boto3 = sys.modules.get("boto3")
    if boto3 is not None:
        made.search_paths.append(str(Path(str(boto3.__file__)).parent / "data"))
    return made


def described(name: str) -> dict[str, Any]:
    """Return the model of a service as botocore's file has it.

    botocore reads the directories of all services to check the name of one; here the name is known.
    """
    one = loader()
    one.list_available_services = lambda type_name: [name]  # type: ignore[method-assign]  # noqa: ARG005 - as botocore calls it
    model: dict[str, Any] = one.load_service_model(name, "service-2", api_version=None)
    return model


class WireModel:
    """A service of the installed botocore. An operation is compiled when it is first used.

    Args:
        name: botocore's name of the service, such as ``events``.
        corrections: The corrections of the service's model.
    """

    def __init__(self, name: str, corrections: Corrections) -> None:
        self._description = described(name)
        self._model = ServiceModel(self._description, name)
        self._corrections = corrections
        self._operations: dict[str, Operation] = {}
        metadata = self._model.metadata
        self.name = name
        self.endpoint_prefix: str = self._model.endpoint_prefix
        self.event_name: str = self._model.service_id.hyphenize()
        self.protocol: str = metadata["protocol"]
        self.target_prefix: str = metadata.get("targetPrefix", "")
        self.validation_code: Final = corrections.validation_code
        self.error_namespace: Final = corrections.error_namespace
        self.content_type: Final = {
            "json": f"application/x-amz-json-{metadata.get('jsonVersion', '1.1')}",
            RPC_V2_CBOR: "application/cbor",
        }.get(self.protocol, "application/json")
        self.operation_names: tuple[str, ...] = tuple(self._model.operation_names)

    @property
    def error_codes(self) -> frozenset[str]:
        """The error codes that the model has."""
        return frozenset(
            str(shape.metadata.get("error", {}).get("code", shape.name)) for shape in self._model.error_shapes
        )

    @cached_property
    def error_statuses(self) -> dict[str, int]:
        """The HTTP statuses of errors, by error code, as far as the model states them; the status of others is 400."""
        shapes = self._description["shapes"]
        return {
            str(error.get("code", shape.name)): status
            for shape in self._model.error_shapes
            for error in [shape.metadata.get("error", {})]
            if (status := error.get("httpStatusCode", 500 if shapes[shape.name].get("fault") else None))
        }

    def operation(self, name: str) -> Operation:
        """Return the operation of a name.

        Raises:
            KeyError: The installed model has no such operation.
        """
        found = self._operations.get(name)
        if found is None:
            if name not in self.operation_names:
                raise KeyError(name)
            found = self._operations[name] = self._compile(name)
        return found

    def _compile(self, name: str) -> Operation:
        model = self._model.operation_model(name)
        payload_in = self._shape(model.input_shape)
        payload_out = self._shape(model.output_shape)
        return Operation(
            name=name,
            function_name=xform_name(name),
            method=model.http.get("method", "POST"),
            path=model.http.get("requestUri", "/"),
            status=model.http.get("responseCode", 200),
            input=payload_in,
            output=payload_out,
            paging=_paging(payload_in, payload_out),
        )

    def _shape(self, shape: Any) -> Shape | None:
        return None if shape is None else self._read_shape(shape, ())

    def _read_shape(self, shape: Any, above: tuple[str, ...], *, is_within_sensitive: bool = False) -> Shape:
        if shape.name in above:
            raise NotImplementedError(f"the model of {self.name} has the recursive shape {shape.name}")
        above = (*above, shape.name)
        metadata = self._loosen(shape.name, shape.metadata)
        kind = shape.type_name
        required = frozenset(metadata.get("required", ()))
        sensitive = is_within_sensitive or bool(metadata.get("sensitive"))
        sensitive = sensitive or shape.name in self._corrections.unprinted
        members = tuple(
            Member(
                name=name,
                wire_name=member.serialization.get("name", name),
                text_name=name[0].lower() + name[1:],
                attribute=xform_name(name),
                shape=self._read_shape(member, above, is_within_sensitive=sensitive),
                required=name in required,
                location=member.serialization.get("location", "body"),
            )
            for name, member in (shape.members.items() if kind == "structure" else ())
        )
        minimum, maximum = metadata.get("min"), metadata.get("max")
        return Shape(
            name=shape.name,
            kind=kind,
            pattern=metadata.get("pattern"),
            minimum=None if minimum is None else int(minimum),
            maximum=None if maximum is None else int(maximum),
            enum=self._corrections.enum_order.get(shape.name, tuple(metadata.get("enum", ()))),
            enum_in_any_case=shape.name in self._corrections.any_case,
            sensitive=sensitive,
            members=members,
            hidden_members=self._corrections.hidden_members.get(shape.name, ()),
            item=self._read_shape(
                shape.member if kind == "list" else shape.value, above, is_within_sensitive=sensitive
            )
            if kind in ("list", "map")
            else None,
            key=self._read_shape(shape.key, above) if kind == "map" else None,
            is_union=kind == "structure" and bool(shape.is_tagged_union),
        )

    def _loosen(self, name: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the metadata of a shape, with the new values of constraints that AWS has loosened since."""
        newer = {
            row.constraint: row.new
            for row in self._corrections.loosened
            if row.shape == name and _value(metadata, row.constraint) == row.old
        }
        return {**metadata, **newer} if newer else metadata


def _value(metadata: Mapping[str, Any], constraint: str) -> Any:
    """Return the value of a constraint; a list becomes a tuple."""
    value = metadata.get(constraint)
    return tuple(value) if isinstance(value, list) else value


def _paging(payload_in: Shape | None, payload_out: Shape | None) -> Paging | None:
    if payload_in is None or payload_out is None:
        return None
    names_in = {member.name: member.shape for member in payload_in.members}
    limit = next((name for name in LIMIT_MEMBERS if name in names_in), None)
    lists = [member.name for member in payload_out.members if member.shape.kind == "list"]
    has_token = TOKEN_MEMBER in names_in and any(m.name == TOKEN_MEMBER for m in payload_out.members)
    if limit is None or not has_token or len(lists) != 1:
        return None
    default = names_in[limit].maximum or DEFAULT_PAGE
    return Paging(limit=limit, default=default, token=TOKEN_MEMBER, items=lists[0])


@cache
def is_installed(name: str) -> bool:
    """Return whether the installed botocore has a service of that name. Older versions lack newer services."""
    return any(Path(folder, name).is_dir() for folder in loader().search_paths)


@cache
def known_regions(partition: str) -> frozenset[str]:
    """Return the regions of a partition that the installed botocore knows; none if it does not know the partition."""
    partitions = Loader().load_data("endpoints")["partitions"]
    return frozenset(
        region for found in partitions if found["partition"] == partition for region in found["regions"]
    )


@cache
def load_service(name: str, corrections: Corrections | None = None) -> WireModel:
    """Return the service of a name. Its model is read once in a process.

    Args:
        name: botocore's name of the service.
        corrections: The corrections of the service's model, which are compared by identity.
    """
    return WireModel(name, corrections or Corrections())
