"""What a template needs to know for a policy to be added to it: what it calls its resources, and what it has already.

It is plain data. Whoever deploys templates finds it (`eventmock.deployment.templates_to_change`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reference(NamedTuple):
    """How a template writes a text that is not known before it is deployed, such as the ARN of a resource.

    Attributes:
        function: The function: ``Ref``, ``GetAtt``, ``ImportValue``, or ``Sub``.
        argument: What follows the function, such as ``Queue.Arn``.
        logical_id: The logical ID of the resource; the name of the parameter or export.
        otherwise: What may be written, inside ``Sub``, where a circle of references would arise; None for the text
            itself.
    """

    function: str
    argument: str
    logical_id: str
    otherwise: str | None = None

    @property
    def yaml(self) -> str:
        """The reference in YAML, such as ``!GetAtt Queue.Arn``."""
        return f"!{self.function} {self.argument}"


class PolicyInTemplate(NamedTuple):
    """A policy that a template has.

    Attributes:
        logical_id: The logical ID of the resource that has the policy.
        part: The part of the resource to which a statement is added, such as ``PolicyDocument.Statement``.
        place: The file and line of the part, such as ``app.yaml:12``; the name of the stack if there is no file.
        is_only: Whether a second policy would replace it.
        has_document: Whether the part exists; if not, the policy is the default one.
        dependents: The logical IDs of the resource itself and of all that depend on it. It cannot refer to those.
    """

    logical_id: str
    part: str
    place: str
    is_only: bool = True
    has_document: bool = True
    dependents: frozenset[str] = frozenset()


class TemplateToChange(NamedTuple):
    """A template to which a policy, or a statement of a policy, is to be added.

    Attributes:
        stack: The name of the stack.
        account: The account of the stack.
        region: The region of the stack.
        is_of_sender: Whether the template has the rule or the schedule that lacks the permission.
        references: How the template writes ARNs and URLs, by the text.
        logical_ids: The logical IDs of resources by ARN.
        taken: All logical IDs, and the names of parameters.
        origins: For resources that the transform of SAM generated: the file and line of the function or event for
            which it did, by logical ID.
        policy: The policy that the template has already; None if it has none.
    """

    stack: str
    account: str
    region: str
    is_of_sender: bool
    references: Mapping[str, Reference]
    logical_ids: Mapping[str, str]
    taken: frozenset[str]
    origins: Mapping[str, str]
    policy: PolicyInTemplate | None
