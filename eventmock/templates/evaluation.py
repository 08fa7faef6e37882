"""The evaluation of a template: parameters, conditions and intrinsic functions.

Source: templates, sections 4 and 5.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from eventmock.templates.dynamic_references import DynamicReferences
from eventmock.templates.evaluated import EvaluatedList, EvaluatedMapping, path_of
from eventmock.templates.intrinsics import NO_VALUE, Intrinsics, OfMacro
from eventmock.templates.parameters import ParameterValues
from eventmock.templates.pseudo_parameters import pseudo_parameters
from eventmock.templates.references import CircleError, Reference, References, ordered
from eventmock.templates.template import MACRO
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from eventmock.exceptions import TemplateError
    from eventmock.templates.intrinsics import StackOutput
    from eventmock.templates.source import Path
    from eventmock.templates.template import Template

_EVENT_BUS: Final = "AWS::Events::EventBus"

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


def _no_output(asked: StackOutput) -> Any:
    raise LookupError(asked)


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
        outputs_of: Returns an output of another stack; raises LookupError if there is none.

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
        outputs_of: Callable[[StackOutput], Any] = _no_output,
    ) -> None:
        self._template = template
        self._resources = resources
        self._imports = imports
        self._outputs_of = outputs_of
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

        Event buses come as early as they can: AWS makes independent resources at the same time, so templates name a bus
        of theirs by its text.

        Raises:
            TemplateError: Resources depend on each other in a circle, or a reference leads to nothing.
        """
        needs: dict[str, dict[str, None]] = {}
        nowhere: list[Reference] = []
        for name, declared in self._template.resources.items():
            path = ("Resources", name)
            found = [Reference(one, (*path, "DependsOn"), taken=False) for one in declared.depends_on]
            found += self._references(declared.properties, (*path, "Properties"), taken=self.made[name])
            nowhere += [reference for reference in found if self._leads_nowhere(reference)]
            if self.made[name]:
                depended = [one for one in declared.depends_on if self.made.get(one)]
                needs[name] = dict.fromkeys([*depended, *(one.name for one in found if one.taken)])
        if nowhere:
            raise self._nowhere(nowhere)
        for name, output in self._outputs_made():
            found = self._references(output, ("Outputs", name), taken=True)
            nowhere += [reference for reference in found if self._leads_nowhere(reference)]
        if nowhere:
            raise self._nowhere(nowhere)
        buses_first = sorted(needs, key=lambda name: self._template.resources[name].type != _EVENT_BUS)
        try:
            return ordered({name: needs[name] for name in buses_first})
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
        except OfMacro:
            properties = NO_VALUE
        finally:
            self._intrinsics.without_macros = False
        if properties is NO_VALUE:
            properties = EvaluatedMapping()
            properties.path = path
        if not isinstance(properties, EvaluatedMapping):
            raise self._template.error("the properties of a resource must be a mapping", path)
        return properties

    def outputs(self) -> Mapping[str, tuple[str, str | None]]:
        """Return the value of each output whose condition is true, and its export's name; None if it has none.

        Raises:
            TemplateError: A value or a name is not text, or cannot be evaluated.
        """
        result: dict[str, tuple[str, str | None]] = {}
        for name, output in self._outputs_made():
            path = ("Outputs", name)
            what = "Template format error: The Value field of every Outputs member must evaluate to a String."
            value = self._intrinsics.text(output["Value"], (*path, "Value"), what)
            exported = None
            if "Export" in output:
                what = "Template format error: Every Export object must contain a Name member, which is text."
                export = output["Export"] if isinstance(output["Export"], dict) else {}
                exported = self._intrinsics.text(export.get("Name"), (*path, "Export", "Name"), what)
            result[name] = value, exported
        return result

    def _outputs_made(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the name and the declaration of each output whose condition is true."""
        outputs: Mapping[str, Mapping[str, Any]] = self._template.document.get("Outputs") or {}
        for name, output in outputs.items():
            if name == MACRO:
                continue
            condition = output.get("Condition")
            if condition is None or self._intrinsics.is_true(condition, ("Outputs", name, "Condition")):
                yield name, output

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
            hint = f"give imports={{{name!r}: ...}}, or deploy the stack that exports it first"
            raise self._template.error(f"No export named {name} found. ({hint})", path) from None

    def output_of(self, asked: StackOutput, path: Path) -> Any:
        """Return an output of another stack."""
        try:
            return self._outputs_of(asked)
        except LookupError:
            name = f"{asked.stack}.{asked.name}"
            hint = f"give imports={{{name!r}: ...}}, or deploy the stack first"
            text = f"no stack {asked.stack} has an output {asked.name} ({hint})"
            raise self._template.error(text, path) from None

    def _references(self, node: Any, path: Path, *, taken: bool) -> list[Reference]:
        """Return the references of a part to resources."""
        return [
            reference
            for reference in References(self._intrinsics.is_true).of(node, path, taken=taken)
            if reference.name not in self.parameters and not reference.name.startswith("AWS::")
        ]

    def _leads_nowhere(self, reference: Reference) -> bool:
        """Return whether there is no such resource, or it is not made while the reference is used."""
        return (
            not self.made.get(reference.name, False) if reference.taken else reference.name not in self.made
        )

    def _check_made(self, logical_id: str, path: Path) -> None:
        if not self.made.get(logical_id):
            raise self._nowhere([Reference(logical_id, path, taken=True)])

    def _nowhere(self, references: Sequence[Reference]) -> TemplateError:
        names = list(dict.fromkeys(reference.name for reference in references))
        hints = []
        for name in names:
            near = nearest_name(name, [*self.made, *self.parameters])
            if name in self.made:
                hints.append(f"; the condition {self._template.resources[name].condition} of {name} is false")
            elif near is not None:
                hints.append(f"; did you mean {near}?")
        path = references[0].path
        return self._template.error(
            f"Template format error: Unresolved resource dependencies [{', '.join(names)}] in the {path[0]} block "
            f"of the template{''.join(hints)}",
            path,
        )


def _text_of_error(error: LookupError) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
