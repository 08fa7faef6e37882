"""REST APIs of API Gateway, without their resources and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventmock.deployment.moto_resources.resource_type import ResourceType, with_values_of
from eventmock.deployment.moto_resources.shapes import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.deployment.stack import StackResource


class RestApi(ResourceType):
    """A REST API. moto gives it an id, which is the ``Ref``."""

    service, maker, remover, name = "apigateway", "CreateRestApi", "DeleteRestApi", "name"
    apart = frozenset({"Name"})

    def made(self, resource: StackResource, answer: Mapping[str, Any]) -> StackResource:
        """Return an API with its id, and that of its root."""
        api = answer["id"]
        found = self.calls.ask("apigateway", "GetResources", {"restApiId": api}) or {}
        roots = [one["id"] for one in found.get("items", ()) if one.get("path") == "/"]
        attributes = {**resource.attributes, "RestApiId": api}
        if roots:
            attributes["RootResourceId"] = roots[0]
        return resource._replace(ref=api, attributes=attributes)

    def make(self, resource: StackResource) -> StackResource:
        """Make the API."""
        name = resource.properties.get("Name") or resource.name
        parameters = self.fit(resource, self.maker) | {"name": name}
        return self.made(resource, self.calls.do("apigateway", self.maker, parameters))

    def change(self, old: StackResource, new: StackResource) -> StackResource:
        """Change the policy of the API."""
        policy = new.properties.get("Policy")
        if policy != old.properties.get("Policy"):
            patch = {"op": "replace", "path": "/policy", "value": "" if policy is None else as_text(policy)}
            self.calls.set(new, "apigateway", "UpdateRestApi", {**self.key(old), "patchOperations": [patch]})
        return with_values_of(new, old)

    def key(self, resource: StackResource) -> dict[str, Any]:
        """Return the id of an API."""
        return {"restApiId": resource.ref}
