"""The roles, policies of resources and keys that the deployed templates have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from eventmock.delivery.permissions.given import base_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.delivery.permissions.given import Key, Resource, Role
    from eventmock.delivery.permissions.template_to_change import TemplateToChange
    from eventmock.parts.part import Restore
    from eventmock.policies import Policy
    from eventmock.values.arn import Arn

    FindTemplate = Callable[[str, str, bool], TemplateToChange | None]


class Task(NamedTuple):
    """A task definition of ECS.

    Attributes:
        arn: The ARN with the revision.
        roles: The ARNs of the roles that it names.
    """

    arn: str
    roles: tuple[str, ...]


class Permissions(NamedTuple):
    """What templates say about permissions.

    Attributes:
        resources: The resources that may have policies, by ARN.
        roles: The roles by ARN.
        keys: The keys of KMS by ARN.
        aliases: The ARN of the key of each alias, by the ARN of the alias.
        of_logs: The resource policies of CloudWatch Logs, by account and region.
        tasks: The task definitions of ECS.
    """

    resources: Mapping[str, Resource] = {}
    roles: Mapping[str, Role] = {}
    keys: Mapping[str, Key] = {}
    aliases: Mapping[str, str] = {}
    of_logs: Mapping[tuple[str, str], tuple[Policy, ...]] = {}
    tasks: tuple[Task, ...] = ()


class OfTemplates:
    """What all templates that are deployed say about permissions. It is read when it is first needed."""

    def __init__(self) -> None:
        self._read: Callable[[], Permissions] = Permissions
        self._known: Permissions | None = None
        self._find: FindTemplate | None = None

    def become(self, read: Callable[[], Permissions]) -> None:
        """Replace what is known.

        Args:
            read: Returns what templates say.
        """
        self._read, self._known = read, None

    def look_in(self, find: FindTemplate) -> None:
        """Set what finds the template to which a permission has to be added. It finds nothing once all are removed."""
        self._find = find

    def find_template(self, sender: str, arn: str, *, is_trust: bool) -> TemplateToChange | None:
        """Return the template to which a permission has to be added; None if none that is deployed can have it.

        Args:
            sender: The ARN of the rule or of the schedule.
            arn: The ARN of the resource, role or key whose policy lacks the permission.
            is_trust: Whether it is the trust policy of a role.
        """
        return None if self._find is None else self._find(sender, arn, is_trust)

    @property
    def _now(self) -> Permissions:
        known = self._known
        if known is None:
            known = self._known = self._read()
        return known

    @property
    def roles(self) -> Mapping[str, Role]:
        """The roles by ARN."""
        return self._now.roles

    def find_resource(self, arn: Arn) -> Resource | None:
        """Return a resource of a template; None if no template has it."""
        return self._now.resources.get(base_of(arn))

    def log_policies(self, arn: Arn) -> tuple[Policy, ...]:
        """Return the resource policies of CloudWatch Logs in the account and region of a log group."""
        return self._now.of_logs.get((arn.account, arn.region), ())

    def find_key(self, text: str, arn: Arn) -> Key | None:
        """Return a key of a template; None if no template has it.

        Args:
            text: The ARN, alias or id of the key.
            arn: The ARN of the resource that is encrypted by the key.
        """
        if not text.startswith("arn:"):
            resource = text if text.startswith("alias/") else f"key/{text}"
            text = str(arn._replace(service="kms", resource=resource))
        return self._now.keys.get(self._now.aliases.get(text, text))

    def find_task(self, definition: str) -> Task | None:
        """Return a task definition of a template; None if no template has it.

        Args:
            definition: The ARN, which may lack the revision.
        """
        return next(
            (one for one in self._now.tasks if definition in (one.arn, one.arn.rpartition(":")[0])), None
        )

    def clear(self) -> None:
        """Forget all templates."""
        self.become(Permissions)

    def save(self) -> Restore:
        """Return a function that restores what is known now. What it is read from is restored beside it."""
        return partial(self.become, self._read)
