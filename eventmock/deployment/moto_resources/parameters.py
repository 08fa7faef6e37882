"""Parameters of Systems Manager and secrets of Secrets Manager, which dynamic references read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from eventmock.deployment.moto_resources.resource_type import ResourceType
from eventmock.deployment.moto_resources.shapes import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource


class Parameter(ResourceType):
    """A parameter."""

    service, maker, remover, name = "ssm", "PutParameter", "DeleteParameter", "Name"

    def change(self, old: StackResource, new: StackResource) -> StackResource:  # noqa: ARG002 - it is put whole
        """Put the parameter again, which is a new version of it."""
        parameters = {**self.fit(new, self.maker), **self.key(new), "Overwrite": True}
        parameters.pop("Tags", None)  # AWS refuses both
        self.calls.do("ssm", self.maker, parameters)
        return new


class Secret(ResourceType):
    """A secret. Its ``Ref`` is the ARN."""

    service, maker, changer, remover = "secretsmanager", "CreateSecret", "UpdateSecret", "DeleteSecret"
    name = "Name"
    apart = frozenset({"GenerateSecretString", "ReplicaRegions", "Tags"})

    def make(self, resource: StackResource) -> StackResource:
        """Make the secret, with a value of its own or a random one."""
        tags = {"Tags": resource.properties.get("Tags")}
        parameters = self.fit(resource, self.maker) | self.calls.fit(resource, self.service, self.maker, tags)
        generated = resource.properties.get("GenerateSecretString")
        if generated is not None:
            parameters["SecretString"] = self._generate(resource, generated)
        arn = self.calls.do(self.service, self.maker, parameters | {"Name": resource.name})["ARN"]
        return resource._replace(ref=arn, arn=arn, attributes={**resource.attributes, "Id": arn})

    def _generate(self, resource: StackResource, given: Mapping[str, Any]) -> str:
        """Return a random value: a password, or an object of the template that has one."""
        ours = {"SecretStringTemplate", "GenerateStringKey"}
        wanted = {name: value for name, value in given.items() if name not in ours}
        parameters = self.calls.fit(resource, self.service, "GetRandomPassword", wanted)
        password: str = self.calls.do(self.service, "GetRandomPassword", parameters)["RandomPassword"]
        if "GenerateStringKey" not in given:
            return password
        template = json.loads(as_text(given.get("SecretStringTemplate", "{}")))
        return json.dumps(template | {given["GenerateStringKey"]: password})

    def fit(self, resource: StackResource, operation: str) -> dict[str, Any]:
        """Return the parameters. UpdateSecret names the secret by its ARN only."""
        parameters = super().fit(resource, self.maker)
        if operation != self.maker:
            parameters.pop("Name", None)
        return parameters

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the ARN of a secret."""
        return {"SecretId": resource.ref}

    def remove(self, resource: StackResource) -> None:
        """Delete the secret at once."""
        parameters = self.key(resource) | {"ForceDeleteWithoutRecovery": True}
        self.calls.remove(self.service, "DeleteSecret", parameters)
