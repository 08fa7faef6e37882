"""Stacks, and the resources in them, as the state keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.templates.evaluation import EvaluatedMapping
    from eventmock.templates.template import Declared


class StackResource(NamedTuple):
    """A resource of a stack. Only those of some types exist in the mock; the others have a name and attributes only.

    Attributes:
        declared: The resource as the template declares it.
        properties: The evaluated properties.
        name: The physical name.
        ref: The value of ``Ref``.
        arn: The ARN; None if it has none.
        attributes: The values of ``Fn::GetAtt``, by name.
    """

    declared: Declared
    properties: EvaluatedMapping
    name: str
    ref: str
    arn: str | None
    attributes: Mapping[str, Any]

    @property
    def logical_id(self) -> str:
        """The logical ID."""
        return self.declared.logical_id

    @property
    def type(self) -> str:
        """The type, such as ``AWS::SQS::Queue``."""
        return self.declared.type
