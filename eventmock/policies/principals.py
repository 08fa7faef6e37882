"""Principals: who makes a request, and by which texts of a policy they are named.

Source: "AWS JSON policy elements: Principal" and "NotPrincipal" of the IAM user guide. Documented: ``*`` and
``{"AWS": "*"}`` mean the same, and mean everybody; a NotPrincipal that is to leave out the session of a role must name
the session, the role and the account.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, Protocol

from eventmock.values.arn import Arn

How = Literal["everybody", "account", "role", "session", "service"]
"""How a policy names a principal. By the account it names all principals of the account, and delegates to their own
policies; by the others it names the principal itself."""

TYPES: Final = ("AWS", "Service", "Federated", "CanonicalUser")
"""The types of principals in policies."""


class Principal(Protocol):
    """A principal that makes requests."""

    @property
    def name(self) -> str:
        """The principal as AWS's error texts name it."""

    @property
    def account(self) -> str | None:
        """The id of the principal's account; None if it belongs to none."""

    @property
    def identities(self) -> frozenset[How]:
        """The ways of naming that a NotPrincipal must have, all of them, to leave the principal out."""

    def named_by(self, kind: str, text: str) -> How | None:
        """Return how a text of a policy names the principal; None if it does not.

        Args:
            kind: The type of principal in the policy, one of `TYPES`.
            text: The text in the policy. It is not ``*``.
        """


class Service(NamedTuple):
    """An AWS service, such as ``events.amazonaws.com``."""

    name: str
    account: None = None
    identities: frozenset[How] = frozenset({"service"})

    def named_by(self, kind: str, text: str) -> How | None:  # noqa: D102 - inherited
        return "service" if kind == "Service" and text == self.name else None


class RoleSession(NamedTuple):
    """A session of a role.

    Attributes:
        role_arn: The ARN of the role.
        session: The name of the session.
    """

    role_arn: str
    session: str
    identities: frozenset[How] = frozenset({"session", "role", "account"})

    @property
    def name(self) -> str:
        """The ARN of the session."""
        arn = Arn.of(self.role_arn)
        role = arn.resource.rpartition("/")[2]
        return f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{role}/{self.session}"

    @property
    def account(self) -> str:
        """The id of the role's account."""
        return Arn.of(self.role_arn).account

    def named_by(self, kind: str, text: str) -> How | None:  # noqa: D102 - inherited
        if kind != "AWS":
            return None
        arn = Arn.of(self.role_arn)
        names: dict[str, How] = {
            arn.account: "account",
            f"arn:{arn.partition}:iam::{arn.account}:root": "account",
            self.role_arn: "role",
            self.name: "session",
        }
        return names.get(text)


class AccountCaller(NamedTuple):
    """Any user or role of an account: which of them makes the request is not known.

    A policy that names one of them names this principal.

    Attributes:
        account: The id of the account.
        partition: The partition of the account.
        service: The service that makes the request for the account; None if none does.
    """

    account: str
    partition: str = "aws"
    service: str | None = None
    identities: frozenset[How] = frozenset({"account"})

    @property
    def name(self) -> str:
        """The ARN of the account."""
        return f"arn:{self.partition}:iam::{self.account}:root"

    def named_by(self, kind: str, text: str) -> How | None:  # noqa: D102 - inherited
        if kind == "Service":
            return "service" if self.service is not None and text == self.service else None
        if kind != "AWS":
            return None
        arn = Arn.parse(text)
        if arn is None:
            return "account" if text == self.account else None
        is_of_account = arn.partition == self.partition and arn.account == self.account
        return "account" if is_of_account and arn.service in ("iam", "sts") else None


class Anonymous(NamedTuple):
    """Somebody without credentials."""

    name: str = "anonymous"
    account: None = None
    identities: frozenset[How] = frozenset({"everybody"})

    def named_by(self, kind: str, text: str) -> How | None:  # noqa: ARG002, D102 - inherited
        return None
