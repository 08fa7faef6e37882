"""Missing permissions: what a delivery lacked, or would have lacked on AWS, and what adds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPermission:
    """A permission without which AWS does not deliver, or does not send the dead letter.

    Attributes:
        resource: The ARN of the target or of the dead-letter queue that AWS would not reach.
        code: AWS's code for the dead letter: for a rule one of EventBridge, such as ``NO_PERMISSIONS``; for a schedule
            that of the service that refuses, such as ``AccessDenied``.
        message: AWS's error text.
        why: What is missing, or which statement denies, in one line.
        call: The call of boto3 that adds the permission; empty if no single call does.
        template: The lines of a CloudFormation template that add it, in YAML; empty if none do. They are a new
            resource, or what is to be added to a policy that a deployed template has; then a comment says to which.
        is_dead_letter: Whether the dead letter lacks the permission, and not the delivery itself.
    """

    resource: str
    code: str
    message: str
    why: str
    call: str = ""
    template: str = ""
    is_dead_letter: bool = False
    _statement: str = ""

    @property
    def statement(self) -> dict[str, Any] | None:
        """The statement that is missing in a policy, as an object; None if a statement is not what is missing."""
        return loads(self._statement) if self._statement else None

    def lines(self) -> Iterator[str]:
        """Yield the reason, and what adds the permission, in lines."""
        yield f"because {self.why}"
        if self.call:
            yield f"  to add it: {self.call}"
        if self.template:
            yield "  or in a template:"
            yield from (f"    {line}" for line in self.template.splitlines())

    def __str__(self) -> str:
        return f"{self.code}: {self.message} ({self.why})"
