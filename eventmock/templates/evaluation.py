"""The evaluation of a template: parameters, conditions and intrinsic functions.

Source: ../shared/spec templates, sections 4 and 5.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from eventmock.templates.dynamic_references import DynamicReferences
from eventmock.templates.evaluated import EvaluatedList, EvaluatedMapping, path_of
from eventmock.templates.intrinsics import NO_VALUE, Intrinsics
from eventmock.templates.parameters import ParameterValues
from eventmock.templates.pseudo_parameters import pseudo_parameters
from eventmock.templates.references import CircleError, References, ordered
from eventmock.templates.scalars import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from eventmock.templates.references import Reference
    from eventmock.templates.source import Path
    from eventmock.templates.template import Template

__all__ = ["EvaluatedList", "EvaluatedMapping", "Evaluation", "Resources", "Stack", "path_of"]


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
        parameters: The values of all parameters, by name. One that SSM has is resolved when it is first read.
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
        self._template = template
        self._resources = resources
        self._imports = imports
        dynamic = DynamicReferences(resolve)
        self.replaced = dynamic.replaced
        self.unresolved: Sequence[str] = dynamic.unresolved
        self.parameters: Mapping[str, Any] = ParameterValues(
            template.document.get("Parameters") or {}, parameters, dynamic.value, template.error
        )
        self._intrinsics = Intrinsics(
            template.document,
            self.parameters,
            pseudo_parameters(stack.account, stack.region)
            | {"AWS::StackName": stack.name, "AWS::StackId": stack.id},
            extensions=template.has_extensions,
            world=self,
            error=template.error,
        )

    def is_true(self, condition: str) -> bool:
        """Return whether a condition is true."""
        return self._intrinsics.is_true(condition, ("Conditions",))

    @cached_property
    def made(self) -> Mapping[str, bool]:
        """Whether each resource's condition is true, by logical ID."""
        return {
            name: declared.condition is None
            or self._intrinsics.is_true(declared.condition, ("Resources", name, "Condition"))
            for name, declared in self._template.resources.items()
        }

    @cached_property
    def order(self) -> Sequence[str]:
        """The logical IDs of the resources whose conditions are true, each after those that it refers to.

        Raises:
            TemplateError: Resources depend on each other in a circle, or a reference leads to nothing.
        """
        needs: dict[str, dict[str, None]] = {}
        for name, declared in self._template.resources.items():
            needed = dict.fromkeys(one for one in declared.depends_on if self.made.get(one))
            for reference in self._references(("Resources", name, "Properties"), made=self.made[name]):
                if reference.taken:
                    needed[reference.name] = None
            for one in declared.depends_on:
                if one not in self.made:
                    raise self._nothing(one, ("Resources", name, "DependsOn"))
            if self.made[name]:
                needs[name] = needed
        try:
            return ordered(needs)
        except CircleError as error:
            circle = error.circle
            raise self._template.error(
                f"Circular dependency between resources: [{', '.join(circle)}]", ("Resources", circle[0])
            ) from None

    def properties(self, logical_id: str, *, without_macros: bool = False) -> EvaluatedMapping:
        """Return the evaluated properties of a resource.

        Args:
            logical_id: The logical ID of the resource.
            without_macros: Whether a value that only a macro can make (``Fn::Transform``) is left out. If it is not,
                such a value is an error.

        Raises:
            TemplateError: An intrinsic function cannot be evaluated.
        """
        path = ("Resources", logical_id, "Properties")
        self._intrinsics.without_macros = without_macros
        try:
            properties = self._intrinsics.value(self._template.resources[logical_id].properties, path)
        finally:
            self._intrinsics.without_macros = False
        if properties is NO_VALUE:
            properties = EvaluatedMapping()
            properties.path = path
        if not isinstance(properties, EvaluatedMapping):
            raise self._template.error("the properties of a resource must be a mapping", path)
        return properties

    def outputs(self) -> Mapping[str, tuple[Any, str | None]]:
        """Return the value of each output whose condition is true, and its export's name; None if it has none."""
        outputs = self._template.document.get("Outputs") or {}
        result: dict[str, tuple[Any, str | None]] = {}
        for name, output in outputs.items():
            path = ("Outputs", name)
            condition = output.get("Condition")
            if condition is not None and not self._intrinsics.is_true(condition, (*path, "Condition")):
                continue
            list(self._references(path, made=True))
            value = self._intrinsics.value(output.get("Value"), (*path, "Value"))
            export = output.get("Export")
            exported = None
            if isinstance(export, dict):
                what = "Template format error: Every Export object must contain a Name member, which is text."
                exported = self._intrinsics.text(export.get("Name"), (*path, "Export", "Name"), what)
            text = text_of(value)
            result[name] = (value if text is None else text, exported)
        return result

    # What functions take from outside the template

    def ref(self, logical_id: str, path: Path) -> Any:
        """Return the value of ``Ref`` of a resource."""
        self._check_made(logical_id, path)
        try:
            return self._resources.ref(logical_id)
        except LookupError as error:
            raise self._template.error(_text_of_error(error), path) from None

    def attribute(self, logical_id: str, name: str, path: Path) -> Any:
        """Return the value of an attribute of a resource."""
        self._check_made(logical_id, path)
        try:
            return self._resources.attribute(logical_id, name)
        except LookupError as error:
            raise self._template.error(_text_of_error(error), path) from None

    def imported(self, name: str, path: Path) -> Any:
        """Return the exported value of a name."""
        try:
            return self._imports(name)
        except LookupError:
            raise self._template.error(f"No export named {name} found.", path) from None

    def _references(self, path: Path, *, made: bool) -> Iterator[Reference]:
        """Yield the references of a part to resources.

        Raises:
            TemplateError: A reference leads to nothing, or to a resource that is not made while its value is used.
        """
        node: Any = self._template.document
        for step in path:
            node = node.get(step) if isinstance(node, dict) else None
        for reference in References(self._intrinsics.is_true).of(node, path, taken=made):
            if reference.name in self.parameters or reference.name.startswith("AWS::"):
                continue
            if reference.taken or reference.name not in self.made:
                self._check_made(reference.name, reference.path)
            yield reference

    def _check_made(self, logical_id: str, path: Path) -> None:
        if not self.made.get(logical_id):
            raise self._nothing(logical_id, path)

    def _nothing(self, name: str, path: Path) -> Exception:
        why = ""
        if name in self.made:
            why = f"; its condition {self._template.resources[name].condition} is false"
        return self._template.error(
            f"Template format error: Unresolved resource dependencies [{name}] in the {path[0]} block of the template"
            f"{why}",
            path,
        )


def _text_of_error(error: LookupError) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
