"""State machines of Step Functions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from eventmock.deployment.moto_resources.resource_type import ResourceType
from eventmock.deployment.moto_resources.shapes import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource

_EMPTY: Final = json.dumps({"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}})
"""The definition of a state machine whose own is in a file."""


class StateMachine(ResourceType):
    """A state machine."""

    service, maker, changer = "stepfunctions", "CreateStateMachine", "UpdateStateMachine"
    remover, name = "DeleteStateMachine", "stateMachineArn"
    apart = frozenset(
        {
            "Definition",
            "DefinitionS3Location",
            "DefinitionString",
            "DefinitionSubstitutions",
            "StateMachineName",
            "StateMachineType",
            "Tags",
        }
    )

    def exists(self, resource: StackResource) -> bool:
        """Return whether moto has a state machine of the name: CreateStateMachine takes one that exists."""
        return self.calls.ask(self.service, "DescribeStateMachine", self.key(resource)) is not None

    def make(self, resource: StackResource) -> StackResource:
        """Make the state machine. Its ``Ref`` is the ARN."""
        given = {
            "name": resource.name,
            "type": resource.properties.get("StateMachineType"),
            "tags": resource.properties.get("Tags"),
        }
        parameters = self.calls.fit(resource, self.service, self.maker, given) | self.fit(
            resource, self.maker
        )
        arn = self.calls.do(self.service, self.maker, parameters)["stateMachineArn"]
        return resource._replace(ref=arn, arn=arn, attributes={**resource.attributes, "Arn": arn})

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters, with the definition, in which substitutions are made."""
        properties: Mapping[str, Any] = resource.properties
        definition = properties.get("Definition") or properties.get("DefinitionString")
        if definition is None:
            self.calls.leave_out(resource, "DefinitionS3Location")
        text = _EMPTY if definition is None else as_text(definition)
        values = properties.get("DefinitionSubstitutions") or {}
        text = re.sub(r"\$\{(\w+)\}", lambda found: _in_json(values.get(found[1], found[0])), text)
        return super().fit(resource, operation) | {"definition": text}

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the ARN of a state machine."""
        return {"stateMachineArn": resource.arn or resource.ref}


def _in_json(value: object) -> str:
    """Return a value as it stands between the quotation marks of a JSON text."""
    return json.dumps(as_text(value), ensure_ascii=False)[1:-1]
