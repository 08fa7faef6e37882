"""What a template takes from outside its text while it is evaluated for a stack.

That is ``Ref`` and ``Fn::GetAtt`` of the resources that are made already, exports and outputs of other stacks, and
dynamic references. Source: templates sections 5, 6 and 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.deployment.dynamic_values import DynamicValues
from eventmock.deployment.resources import find_type
from eventmock.deployment.stack import NESTED, Stacks
from eventmock.templates.cloud_assembly import CROSS_REGION_READER, cross_region_imports
from eventmock.templates.evaluated import MadeUp
from eventmock.templates.known_types import attribute_of, resource_of
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.deployment.given import Given
    from eventmock.deployment.stack import StackResource
    from eventmock.state import State
    from eventmock.templates.evaluation import Stack
    from eventmock.templates.intrinsics import StackOutput


class StackValues:
    """The values that the evaluation of one stack takes from outside its template.

    Args:
        state: The state of the mock.
        stack: The stack.
        given: What the test gives beside the template.

    Attributes:
        made: The resources that are made, by logical ID, in order.
        failed: The logical IDs of the resources that could not be made, and have a stand-in.
        used_failed: Whether a stand-in was used since this was set to False.
        is_in_name_only: Whether the values are for a resource of another service, or for an output. What is not known
            is made up for those.
        imports: The names of the exports of other stacks that were used.
        made_up_imports: The names of the exports and outputs of other stacks that were made up.
        made_up_attributes: The values of the attributes that were made up, by logical ID and name.
        dynamic: Finds the values of dynamic references.
    """

    def __init__(self, state: State, stack: Stack, given: Given) -> None:
        self._state = state
        self._stack = stack
        self._given = given
        self._stacks = state.settings(Stacks)
        self.made: dict[str, StackResource] = {}
        self.failed: set[str] = set()
        self.used_failed = False
        self.is_in_name_only = False
        self.imports: set[str] = set()
        self.made_up_imports: set[str] = set()
        self.made_up_attributes: dict[str, MadeUp] = {}
        self.dynamic = DynamicValues(state, stack, given.resolve, lambda: self.made)

    def ref(self, logical_id: str) -> str:
        """Return the value of ``Ref`` of a resource that is made.

        Raises:
            LookupError: The resource is not made.
        """
        self.used_failed |= logical_id in self.failed
        return self.made[logical_id].ref

    def attribute(self, logical_id: str, name: str) -> Any:
        """Return the value of an attribute of a resource that is made.

        Raises:
            LookupError: The resource is not made, or has no such attribute.
        """
        self.used_failed |= logical_id in self.failed
        resource = self.made[logical_id]
        if name in resource.attributes:
            return resource.attributes[name]
        if logical_id in self.failed:
            return f"{logical_id}.{name}"
        if resource.type == CROSS_REGION_READER:
            imports = cross_region_imports(resource.properties)
            if name in imports:
                return imports[name]
        if resource.type == NESTED and not resource.members and name.startswith("Outputs."):
            return self._output_of_nested(f"{logical_id}.{name}")
        if find_type(self._state, resource.type) is not None or resource.type == NESTED:
            known = ", ".join(resource.attributes) or "none"
            raise LookupError(f"{resource.type} has no attribute {name}; {logical_id} has {known}")
        named = resource_of(resource.type, logical_id, resource.properties, self._stack)
        value = attribute_of(named, resource.type, logical_id, name)
        if not isinstance(value, MadeUp):
            return value
        asked = f"{logical_id}.{name}"
        self.made_up_attributes[asked] = value
        return self._given.imports.get(asked, value)

    def exported(self, name: str) -> Any:
        """Return the value of an export (``Fn::ImportValue``).

        Raises:
            LookupError: No stack exports it, and the test does not give it.
        """
        exports = self._stacks.exports(self._stack.account, self._stack.region)
        if name in exports:
            self.imports.add(name)
            return exports[name][1]
        return self._from_elsewhere(name)

    def output_of(self, asked: StackOutput) -> Any:
        """Return an output of another stack (``Fn::GetStackOutput``).

        Raises:
            LookupError: There is no such output.
        """
        role = Arn.parse(asked.role)
        account = self._stack.account if role is None else role.account
        deployed = self._stacks.get((account, asked.region or self._stack.region, asked.stack))
        if deployed is not None and asked.name in deployed.outputs:
            return deployed.outputs[asked.name].value
        return self._from_elsewhere(f"{asked.stack}.{asked.name}")

    def _output_of_nested(self, name: str) -> Any:
        """Return an output of a nested stack whose template is not a local file.

        Args:
            name: The logical ID of the nested stack and the attribute, such as ``Child.Outputs.BusArn``.

        Raises:
            LookupError: The test does not give it.
        """
        try:
            return self._from_elsewhere(name)
        except LookupError:
            raise LookupError(
                f"the outputs of the nested stack {name.partition('.')[0]} are not known: its template is not a local "
                f"file (give imports={{{name!r}: ...}})"
            ) from None

    def _from_elsewhere(self, name: str) -> Any:
        """Return what the test gives for a value of another stack; a made-up one for a resource in name only.

        Raises:
            LookupError: The test does not give it.
        """
        if name not in self._given.imports and self.is_in_name_only:
            self.made_up_imports.add(name)
            return made_up_import(name)
        return self._given.imports[name]


def made_up_import(name: str) -> MadeUp:
    """Return the value of an export or output of another stack of which nothing is known."""
    return MadeUp(f"import-{name}")
