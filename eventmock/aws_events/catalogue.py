"""The catalogue of the events of AWS services: sources, detail-types, the members of the detail, samples.

`catalogue.jsonl` has a line for each source: the source, and its types of events by detail-type. Of a type it has:

    members    the shape of the detail: names, a kind for each, and ``!`` behind the name of a member that AWS's schema
               requires. Kinds are ``text``, ``number``, ``flag`` (true or false) and ``any``. An object has its
               members, a list the kind of its elements, and ``*`` stands for any name.
    whole      whether the members are all that AWS's schema has, so that another one is unknown; else they are those
               of samples
    sample     the detail of a sample that was written for this project
    values     some values of a sample; the others are made from the shape
    resources  the resources of the sample, if they do not follow from its detail

A type of which only the name is known has none of these. The types of CloudTrail, which all services share, are in
`eventmock.aws_events.cloudtrail`. A name that is not in the catalogue is not wrong: AWS adds some every month.

Source: service-events sections 4, 5 and 9: names and members are facts of AWS's Events Reference and of the EventBridge
schema registry (``aws.events``, as npm's @aws-cdk/aws-service-spec 0.1.216 has it). The values are the project's own.
`tests/conformance/service_events` has where each type comes from.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.aws_events.cloudtrail import DETAIL_TYPES, MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILE: Final = Path(__file__).with_name("catalogue.jsonl")
_loader: Final[Any] = getattr(__spec__, "loader", None)
"""It reads files as imports do: also from a zip file, and where a test fakes the file system."""
ANY_NAME: Final = "*"
"""The name in a shape that stands for any name."""


class EventType(NamedTuple):
    """A type of events of a service.

    Attributes:
        source: The source.
        detail_type: The ``detail-type``.
        members: The shape of the detail; None if only the name of the type is known.
        is_whole: Whether the shape has all members that AWS's schema has.
        sample: The detail of a sample; None if the sample is made from the shape.
        values: The values of a sample that are not made from the shape.
        resources: The resources of the sample, if they do not follow from its detail; else None.
    """

    source: str
    detail_type: str
    members: Mapping[str, Any] | None
    is_whole: bool
    sample: Mapping[str, Any] | None
    values: Mapping[str, Any]
    resources: tuple[str, ...] | None


class Member(NamedTuple):
    """A member of a shape.

    Attributes:
        name: The name.
        shape: The kind of the value, the shape of an object, or a list with the shape of its elements.
        is_required: Whether AWS's schema requires the member.
    """

    name: str
    shape: Any
    is_required: bool


def sources() -> list[str]:
    """Return the known sources, in order."""
    return list(_lines())


def detail_types(source: str) -> list[str]:
    """Return the known detail-types of a source, in order; empty if the source is not known."""
    return list(_types_of(source))


def find(source: str, detail_type: str) -> EventType | None:
    """Return a type of events; None if it is not known. Each service has the types of CloudTrail."""
    known = _types_of(source).get(detail_type)
    if detail_type in DETAIL_TYPES:
        return EventType(source, detail_type, MEMBERS, is_whole=False, sample=None, values={}, resources=())
    if known is None:
        return None
    resources = known.get("resources")
    return EventType(
        source,
        detail_type,
        known.get("members"),
        is_whole=known.get("whole", False),
        sample=known.get("sample"),
        values=known.get("values", {}),
        resources=None if resources is None else tuple(resources),
    )


def members_of(shape: Mapping[str, Any]) -> Iterator[Member]:
    """Yield the members of the shape of an object."""
    for name, inner in shape.items():
        yield Member(name.removesuffix("!"), inner, name.endswith("!"))


@cache
def _lines() -> dict[str, str]:
    """Return the lines of the file, by source. A line is read when its source is asked for."""
    lines = _loader.get_data(str(_FILE)).decode("utf-8").splitlines()
    return {line.split('"', 2)[1]: line for line in lines}


@cache
def _types_of(source: str) -> dict[str, Any]:
    line = _lines().get(source)
    types: dict[str, Any] = {} if line is None else json.loads(line)[1]
    return types
