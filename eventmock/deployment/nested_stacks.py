"""``AWS::CloudFormation::Stack``: a nested stack, whose template is a local file.

Source: templates section 11. A template that is not local, or does not exist, cannot be read: its stack is made in name
only, without outputs, and the report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from eventmock.deployment.stack import StackResource
from eventmock.services.resource_properties import wrong_type
from eventmock.templates.cloud_assembly import nested_template
from eventmock.templates.known_types import resource_of
from eventmock.templates.physical_names import made_name
from eventmock.templates.source import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.deployment.resources import Undo, Wanted
    from eventmock.deployment.stack import DeployedStack
    from eventmock.templates.evaluation import EvaluatedMapping, Stack
    from eventmock.templates.source import Source


class StackDeployer(Protocol):
    """Deploys one stack."""

    def apply(self) -> DeployedStack:
        """Make the stack, or change it."""

    def roll_back(self) -> None:
        """Undo that."""


class NestedStacks:
    """Makes the nested stacks of a stack.

    Args:
        deployer: Returns the deployer of a stack, from its source and parameters.
        remove: Removes a stack, unless it was removed already.
        parent: The parent stack.
        source: The source of the parent's template.
    """

    def __init__(
        self,
        deployer: Callable[[Stack, Source, Mapping[str, Any]], StackDeployer],
        remove: Callable[[Stack], None],
        parent: Stack,
        source: Source,
    ) -> None:
        self._deployer = deployer
        self._remove = remove
        self._parent = parent
        self._source = source

    def read(self, properties: EvaluatedMapping) -> Mapping[str, Any]:  # noqa: ARG002, D102 - inherited
        return {}

    def create(self, new: Wanted, generation: int, undo: list[Undo]) -> StackResource:  # noqa: ARG002, D102 - inherited
        declared = new.declared
        name = made_name(self._parent.name, declared.logical_id, limit=128)
        file = nested_template(self._source.file, declared)
        if file is None or not file.is_file():
            named = resource_of(declared.type, declared.logical_id, new.properties, self._parent)
            return StackResource(declared, new.properties, named.name, named.ref, named.arn, named.attributes)
        stack = self._child(name)
        parameters = new.properties.get("Parameters", {})
        if not isinstance(parameters, dict):
            raise wrong_type(("Parameters",), "JSONObject", parameters)
        deployer = self._deployer(stack, read_source(file), parameters)
        deployed = deployer.apply()
        undo.append(deployer.roll_back)
        outputs = {f"Outputs.{key}": output.value for key, output in deployed.outputs.items()}
        return StackResource(declared, new.properties, name, stack.id, stack.id, outputs, {"stack": name})

    def is_changed(self, old: StackResource, new: Wanted) -> bool:  # noqa: ARG002, D102 - inherited
        return True  # the file may be another one although the properties are the same

    def replaces(self, old: StackResource, new: Wanted) -> bool:  # noqa: ARG002, D102 - inherited
        return False

    def keeps_name(self, old: StackResource, new: Wanted) -> bool:  # noqa: ARG002, D102 - inherited
        return False

    @property
    def deletes_first(self) -> bool:  # noqa: D102 - inherited
        return False

    def update(self, old: StackResource, new: Wanted, undo: list[Undo]) -> StackResource:  # noqa: ARG002, D102 - inherited
        return self.create(new, 0, undo)

    def delete(self, resource: StackResource) -> None:  # noqa: D102 - inherited
        if "stack" in resource.members:
            self._remove(self._child(resource.name))

    def _child(self, name: str) -> Stack:
        parent = self._parent
        head, _, _ = parent.id.partition(":stack/")
        return parent._replace(name=name, id=f"{head}:stack/{name}/{parent.id.rpartition('/')[2]}")
