"""The values of dynamic references such as ``{{resolve:ssm:/shop/table}}``.

The test's own values come first, then what the CDK passes from stacks in other regions, then the parameters and
secrets of the stack itself, then those in moto.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from eventmock.deployment.stack import Stacks
from eventmock.templates.cloud_assembly import CROSS_REGION_WRITER, cross_region_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.deployment.stack import StackResource
    from eventmock.state import State
    from eventmock.templates.evaluation import Stack


class DynamicValues:
    """Finds the values of dynamic references.

    Args:
        state: The state of the mock, whose moto is asked.
        stack: The stack.
        given: The values that the test gives, by the reference without ``resolve:``.
        resources: Returns the resources of the stack that are made already.
    """

    def __init__(
        self,
        state: State,
        stack: Stack,
        given: Mapping[str, str],
        resources: Callable[[], Mapping[str, StackResource]],
    ) -> None:
        self._state = state
        self._stack = stack
        self._given = given
        self._resources = resources

    def __call__(self, reference: str) -> str:
        """Return the value of a reference.

        Args:
            reference: The reference without ``resolve:``, such as ``ssm:/shop/table:2``.

        Raises:
            LookupError: The value is not known.
        """
        if reference in self._given:
            return str(self._given[reference])
        service, _, rest = reference.partition(":")
        if service in ("ssm", "ssm-secure"):
            name = rest.rpartition(":")[0] if rest.rpartition(":")[2].isdigit() else rest
            shorter = f"{service}:{name}"
            return str(self._given[shorter]) if shorter in self._given else self._parameter(name)
        if service == "secretsmanager":
            return self._secret(rest)
        raise LookupError(reference)

    def _parameter(self, name: str) -> str:
        exports = self._exports()
        if name in exports:
            return str(exports[name])
        for resource in self._of_type("AWS::SSM::Parameter"):
            if name in (resource.name, resource.ref):
                return str(resource.properties.get("Value", ""))
        answer = self._ask("ssm", "GetParameter", Name=name, WithDecryption=True)
        if answer is None:
            raise LookupError(name)
        return str(answer["Parameter"]["Value"])

    def _exports(self) -> Mapping[str, Any]:
        """Return the parameters by which the CDK passes values to this region, by name."""
        exports: dict[str, Any] = {}
        for deployed in list(self._state.settings(Stacks).values()):
            for writer in deployed.resources.values():
                if writer.type == CROSS_REGION_WRITER and deployed.stack.account == self._stack.account:
                    region, values = cross_region_exports(writer.properties)
                    exports |= values if region == self._stack.region else {}
        return exports

    def _secret(self, rest: str) -> str:
        secret_id, _, tail = rest.partition(":SecretString")
        secret = self._secret_string(secret_id)
        key = tail.removeprefix(":").partition(":")[0]
        if not key:
            return secret
        try:
            return str(json.loads(secret)[key])
        except (ValueError, TypeError, LookupError):
            raise LookupError(rest) from None

    def _secret_string(self, secret_id: str) -> str:
        for resource in self._of_type("AWS::SecretsManager::Secret"):
            if secret_id in (resource.name, resource.ref) and "SecretString" in resource.properties:
                return str(resource.properties["SecretString"])
        answer = self._ask("secretsmanager", "GetSecretValue", SecretId=secret_id)
        if answer is None:
            raise LookupError(secret_id)
        return str(answer.get("SecretString", ""))

    def _of_type(self, name: str) -> list[StackResource]:
        return [resource for resource in self._resources().values() if resource.type == name]

    def _ask(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any] | None:
        from eventmock.target_kinds import ApiCall

        return self._state.moto.ask(
            ApiCall(
                service=service,
                operation=operation,
                parameters=parameters,
                region=self._stack.region,
                account=self._stack.account,
            )
        )
