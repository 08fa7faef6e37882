"""A template whose language extensions and SAM resources have been expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.templates.source import Path, Place, Source

DeletionPolicy = Literal["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]


class Declared(NamedTuple):
    """A resource as a template declares it.

    Attributes:
        logical_id: The logical ID.
        type: The type, such as ``AWS::Events::Rule``.
        properties: The properties, not evaluated.
        condition: The name of the condition; None if it has none.
        depends_on: The logical IDs of ``DependsOn``.
        deletion_policy: What happens to the resource when it leaves the stack.
        update_replace_policy: What happens to the resource that a replacement leaves behind.
        metadata: The metadata, not evaluated.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str | None = None
    depends_on: tuple[str, ...] = ()
    deletion_policy: DeletionPolicy = "Delete"
    update_replace_policy: DeletionPolicy = "Delete"
    metadata: Mapping[str, Any] = {}


class Template:
    """A template, ready to be evaluated.

    Attributes:
        source: The template as it was given.
        document: The template as plain values, expanded. It equals that of the source if nothing was to expand.
        resources: The resources by logical ID, in the order of the template.
        origins: The path in the source from which a resource came that was made by an expansion, by logical ID.
        transforms: The names of ``Transform``, in order.
    """

    source: Source
    document: Mapping[str, Any]
    resources: Mapping[str, Declared]
    origins: Mapping[str, Path]
    transforms: tuple[str, ...]

    def place(self, path: Path) -> Place:
        """Return the place in the source of a part of the expanded document."""
        raise NotImplementedError

    def place_of(self, logical_id: str, *path: str | int) -> Place:
        """Return the place of a resource, or of a part of it such as ``"Properties", "EventPattern"``."""
        raise NotImplementedError


def expand(source: Source, parameters: Mapping[str, Any], *, account: str, region: str) -> Template:
    """Return the template of a source, with its language extensions and SAM resources expanded.

    Args:
        source: The template as it was given.
        parameters: The values of parameters, as they were given.
        account: The account of the stack.
        region: The region of the stack.

    Raises:
        TemplateError: The template has no resources, a resource is not one, or an expansion fails.
    """
    raise NotImplementedError
