"""The roles, policies and keys that a test gives, for what moto does not have or where moto is not active."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.delivery.permissions.senders import EVENTS, SCHEDULER
from eventmock.exceptions import OptionError
from eventmock.parts.part import KeptDict
from eventmock.policies import Policy
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from eventmock.parts.part import Restore
    from eventmock.policies.policy import Kind

    Document = Mapping[str, Any] | str

TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": [EVENTS, SCHEDULER]}, "Action": "sts:AssumeRole"}
    ],
}
"""The trust policy of a role that EventBridge and EventBridge Scheduler may assume for any rule and schedule."""


class Resource(NamedTuple):
    """A resource, as far as permissions are concerned.

    Attributes:
        policies: The policies of the resource. One of them must allow a request.
        key: The ARN, alias or id of the key of KMS by which the resource is encrypted; None if by none.
        is_open: Whether everybody may use the resource as long as it has no policy.
    """

    policies: tuple[Policy, ...] = ()
    key: str | None = None
    is_open: bool = False


class Role(NamedTuple):
    """A role.

    Attributes:
        trust: The policy that says who may assume the role.
        policies: The policies that say what the role may do.
        boundary: The boundary of what the role may do; None if it has none.
        boundary_arn: The ARN of the boundary; None if it has none, or if it is not known.
        unreadable: The ARNs of policies of the role that cannot be read.
    """

    trust: Policy
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    boundary_arn: str | None = None
    unreadable: tuple[str, ...] = ()


class Key(NamedTuple):
    """A key of KMS.

    Attributes:
        arn: The ARN of the key.
        policy: The key's policy; None for a key that AWS manages.
        state: The state of the key, as KMS names it, such as ``Enabled``.
    """

    arn: str
    policy: Policy | None
    state: str = "Enabled"


class NotAttached(KeptDict[str, tuple[str, ...]]):
    """The managed policies of roles in moto that moto does not have, by the ARN of the role."""


class Policies:
    """The roles, policies and keys that a test gives. They count before those of moto.

    What is given replaces what was given before for the same ARN. A policy is an object, or its JSON text.
    """

    def __init__(self) -> None:
        self._resources: dict[str, Resource] = {}
        self._roles: dict[str, Role] = {}
        self._keys: dict[str, Key] = {}

    def resource(self, arn: str, *policies: Document, key: str | None = None) -> None:
        """Give the policies of a resource, such as a queue, a topic, a function, or a dead-letter queue.

        Args:
            arn: The ARN of the resource.
            policies: The policies of the resource; none for a resource without a policy. Only a log group may have
                several: its own, and those of its account.
            key: The ARN of the key of KMS by which the resource is encrypted; None if it is not encrypted by one.

        Raises:
            OptionError: The ARN is not one.
            PolicyNotUnderstood: A policy is neither an object nor the JSON text of one.
        """
        __tracebackhide__ = True
        base = base_of(_arn(arn, "resource"))
        read = tuple(_read(f"the policy of {base}", one, "resource") for one in policies)
        self._resources[base] = Resource(read, key, is_open=Arn.of(base).service == "execute-api")

    def role(
        self,
        arn: str,
        *,
        trust: Document = TRUST,
        policies: Document | Iterable[Document] = (),
        boundary: Document | None = None,
    ) -> None:
        """Give a role.

        Args:
            arn: The ARN of the role.
            trust: The policy that says who may assume the role; by default EventBridge and EventBridge Scheduler
                may.
            policies: The policies that say what the role may do, inline and attached.
            boundary: The boundary of what the role may do; None if it has none.

        Raises:
            OptionError: The ARN is not one.
            PolicyNotUnderstood: A policy is neither an object nor the JSON text of one.
        """
        __tracebackhide__ = True
        _arn(arn, "role")
        listed = [policies] if isinstance(policies, str | Mapping) else list(policies)
        own = f"the policy of {arn}" if len(listed) == 1 else f"a policy of {arn}"
        self._roles[arn] = Role(
            _read(f"the trust policy of {arn}", trust, "trust"),
            tuple(_read(own, one, "identity") for one in listed),
            None if boundary is None else _read(f"the boundary of {arn}", boundary, "identity"),
        )

    def key(self, arn: str, policy: Document, *, enabled: bool = True) -> None:
        """Give a key of KMS.

        Args:
            arn: The ARN of the key.
            policy: The key's policy.
            enabled: Whether the key can be used.

        Raises:
            OptionError: The ARN is not one.
            PolicyNotUnderstood: The policy is neither an object nor the JSON text of one.
        """
        __tracebackhide__ = True
        _arn(arn, "key")
        state = "Enabled" if enabled else "Disabled"
        self._keys[arn] = Key(arn, _read(f"the policy of {arn}", policy, "resource"), state)

    def find_resource(self, arn: Arn) -> Resource | None:
        """Return a resource that the test has given; None if it has not."""
        return self._resources.get(base_of(arn))

    def find_role(self, arn: str) -> Role | None:
        """Return a role that the test has given; None if it has not."""
        return self._roles.get(arn)

    def find_key(self, arn: str) -> Key | None:
        """Return a key that the test has given; None if it has not."""
        return self._keys.get(arn)

    def clear(self) -> None:
        """Forget all that was given."""
        self._resources, self._roles, self._keys = {}, {}, {}

    def save(self) -> Restore:
        """Return a function that restores what is given now."""
        resources, roles, keys = dict(self._resources), dict(self._roles), dict(self._keys)

        def restore() -> None:
            self._resources, self._roles, self._keys = dict(resources), dict(roles), dict(keys)

        return restore


def base_of(arn: Arn) -> str:
    """Return the ARN of the resource that has the policy, for the ARN of a target.

    That is the function without a version or alias, the log group without ``:*``, and the API without its stage.
    """
    resource = arn.resource
    if arn.service == "lambda":
        resource = ":".join(resource.split(":")[:2])
    elif arn.service == "logs":
        resource = resource.removesuffix(":*")
    elif arn.service == "execute-api":
        resource = resource.partition("/")[0]
    return str(arn._replace(resource=resource))


def _arn(text: object, what: str) -> Arn:
    __tracebackhide__ = True
    arn = Arn.parse(text)
    if arn is None:
        raise OptionError(f"backend.policies.{what}({text!r}): wanted an ARN")
    return arn


def _read(name: str, document: Document, kind: Kind) -> Policy:
    """Return a policy as it is now: a later change of the test's object does not change it."""
    __tracebackhide__ = True
    return Policy(name, document if isinstance(document, str) else json.dumps(document, default=repr), kind)
