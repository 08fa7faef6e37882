"""Stacks, and the resources in them, as the state keeps them."""

from __future__ import annotations

import os
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.parts.part import KeptDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventmock.deployment.given import Given
    from eventmock.templates.evaluation import EvaluatedMapping, Stack
    from eventmock.templates.template import Declared, Template


NESTED: Final = "AWS::CloudFormation::Stack"
"""The type of nested stacks."""


class StackResource(NamedTuple):
    """A resource of a stack. Only those of some types exist in the mock; the others have a name and attributes only.

    Attributes:
        declared: The resource as the template declares it.
        properties: The evaluated properties.
        name: The physical name.
        ref: The value of ``Ref``.
        arn: The ARN; None if it has none.
        attributes: The values of ``Fn::GetAtt``, by name.
        members: The members of the API that the properties stand for; empty if the mock has no API for it.
        generation: How often the resource was replaced.
    """

    declared: Declared
    properties: EvaluatedMapping
    name: str
    ref: str
    arn: str | None
    attributes: Mapping[str, Any]
    members: Mapping[str, Any] = {}
    generation: int = 0

    @property
    def logical_id(self) -> str:
        """The logical ID."""
        return self.declared.logical_id

    @property
    def type(self) -> str:
        """The type, such as ``AWS::SQS::Queue``."""
        return self.declared.type


class Output(NamedTuple):
    """An output of a stack.

    Attributes:
        value: The value.
        export_name: The name under which it is exported; None if it is not.
    """

    value: Any
    export_name: str | None


class DeployedStack(NamedTuple):
    """A stack that is deployed.

    Attributes:
        stack: The name, the ARN, the account and the region of the stack.
        template: The template.
        parameters: The values of all parameters, by name.
        given: What the test gave beside the template.
        resources: The resources by logical ID, in the order in which they were made.
        outputs: The outputs by name.
        imports: The names of the exports of other stacks that the stack uses.
        not_served: The logical IDs of the resources that belong to a service which the mock does not serve.
        unresolved: The dynamic references for which nothing was known.
        notes: What was left out of the resources in moto, a line each.
    """

    stack: Stack
    template: Template
    parameters: Mapping[str, Any]
    given: Given
    resources: dict[str, StackResource]
    outputs: Mapping[str, Output]
    imports: frozenset[str] = frozenset()
    not_served: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


StackKey = tuple[str, str, str]
"""The account, the region and the name of a stack."""


def key_of(stack: Stack) -> StackKey:
    """Return the key of a stack in `Stacks`."""
    return stack.account, stack.region, stack.name


class Stacks(KeptDict[StackKey, DeployedStack]):
    """The stacks of a mock, by account, region and name."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()
        self._process = os.getpid()

    @property
    def lock(self) -> RLock:
        """The lock of whoever deploys or removes a stack: one at a time. In a forked child it is free."""
        if self._process != os.getpid():
            self._lock, self._process = RLock(), os.getpid()
        return self._lock

    def with_nested(self, keys: Iterable[StackKey]) -> list[DeployedStack]:
        """Return stacks, each followed by those nested in it. A key without a stack is left out."""
        found = []
        for key in keys:
            deployed = self.get(key)
            if deployed is not None:
                nested = [
                    one.members["stack"] for one in deployed.resources.values() if "stack" in one.members
                ]
                found += [deployed, *self.with_nested((*key[:2], name) for name in nested)]
        return found

    def exports(self, account: str, region: str) -> dict[str, tuple[str, Any]]:
        """Return the exports of an account in a region: the stack's name and the value, by the export's name."""
        return {
            output.export_name: (deployed.stack.name, output.value)
            for (owner, where, _name), deployed in list(self.items())
            if (owner, where) == (account, region)
            for output in deployed.outputs.values()
            if output.export_name is not None
        }
