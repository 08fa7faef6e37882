"""The evaluation of a template: parameters, conditions and intrinsic functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventmock.templates.source import Path
    from eventmock.templates.template import Template


class Stack(NamedTuple):
    """What pseudo parameters say of a stack.

    Attributes:
        name: The name.
        id: The ARN of the stack.
        account: The account id.
        region: The region.
    """

    name: str
    id: str
    account: str
    region: str


class Resources(Protocol):
    """What ``Ref`` and ``Fn::GetAtt`` give for the resources of a stack."""

    def ref(self, logical_id: str) -> str:
        """Return the value of ``Ref``.

        Raises:
            LookupError: The resource does not have it; the error's text says why.
        """

    def attribute(self, logical_id: str, name: str) -> Any:
        """Return the value of an attribute.

        Raises:
            LookupError: The resource does not have it; the error's text says why.
        """


class EvaluatedMapping(dict[str, Any]):
    """An evaluated mapping, which knows the path in the expanded document from which it came."""

    __slots__ = ("path",)
    path: Path


class EvaluatedList(list[Any]):
    """An evaluated list, which knows the path in the expanded document from which it came.

    Attributes:
        path: The path of the list.
        indices: The index in the document of each item; None if no item was left out.
    """

    __slots__ = ("indices", "path")
    path: Path
    indices: Sequence[int] | None


def path_of(value: EvaluatedMapping | EvaluatedList, key: str | int) -> Path:
    """Return the path in the expanded document of an item of an evaluated mapping or list."""
    raise NotImplementedError


class Evaluation:
    """The evaluation of one template for one stack.

    Args:
        template: The template.
        stack: The stack.
        parameters: The values of parameters, as they were given.
        resources: What ``Ref`` and ``Fn::GetAtt`` give.
        imports: Returns the exported value of a name; raises LookupError if there is none.
        resolve: Returns the value of a dynamic reference such as ``ssm:/shop/table`` (without the braces and
            ``resolve:``); raises LookupError if it is not known. Parameters of the types
            ``AWS::SSM::Parameter::Value<...>`` are read by it too.

    Attributes:
        parameters: The values of all parameters, by name.
        unresolved: The dynamic references for which nothing was known, in order. Each has a made-up value.

    Raises:
        TemplateError: A parameter has no value, or one that is not allowed.
    """

    def __init__(  # noqa: PLR0913 - what the world outside the template says
        self,
        template: Template,
        stack: Stack,
        parameters: Mapping[str, Any],
        *,
        resources: Resources,
        imports: Callable[[str], Any],
        resolve: Callable[[str], str],
    ) -> None:
        raise NotImplementedError

    parameters: Mapping[str, Any]
    unresolved: Sequence[str]

    def is_true(self, condition: str) -> bool:
        """Return whether a condition is true."""
        raise NotImplementedError

    @property
    def order(self) -> Sequence[str]:
        """The logical IDs of the resources whose conditions are true, each after those that it refers to.

        Raises:
            TemplateError: Resources depend on each other in a circle, or a reference leads to nothing.
        """
        raise NotImplementedError

    def properties(self, logical_id: str) -> EvaluatedMapping:
        """Return the evaluated properties of a resource.

        Raises:
            TemplateError: An intrinsic function cannot be evaluated.
        """
        raise NotImplementedError

    def outputs(self) -> Mapping[str, tuple[Any, str | None]]:
        """Return the value of each output whose condition is true, and its export's name; None if it has none."""
        raise NotImplementedError
