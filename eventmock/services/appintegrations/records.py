"""The records of AppIntegrations in an account.

Source: partner-events section 2.1; the forms of the ARNs are those of AWS's service authorization reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from eventmock.services.appintegrations import errors
from eventmock.services.client_tokens import forget_tokens_of
from eventmock.values.arn import resource_name

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A resource of AppIntegrations: an integration, an application or an association.

    A record is immutable. A change of the resource replaces its record by a new one.

    Attributes:
        kind: The kind of resource as in its ARN, such as ``event-integration``.
        arn: The ARN of the resource.
        members: The members of the resource, by AWS's names. An answer has those that the installed model lists.
        tags: The values of the tags, by key.
        parent: The ARN of the resource that an association is of; None for a resource that is not an association.
        was_associated: Whether the resource has, or had, an association.
    """

    kind: str
    arn: str
    members: Members
    tags: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    was_associated: bool = False

    @property
    def shown(self) -> Members:
        """The members of the resource, and its tags as the member ``Tags``."""
        return {**self.members, "Tags": self.tags}


def arn_of(account: Account, kind: str, name: str) -> str:
    """Return the ARN of a resource of an account.

    Args:
        account: The account.
        kind: The kind of resource, such as ``event-integration``.
        name: The name or the id of the resource.
    """
    return account.arn("app-integrations", f"{kind}/{name}")


def records_of(account: Account) -> dict[str, Record]:
    """Return all records of an account, by ARN."""
    return account.table(Record)


def put(account: Account, record: Record) -> Record:
    """Store a record, and replace the record of the same ARN if there is one. Return the record."""
    records_of(account)[record.arn] = record
    return record


def of_kind(account: Account, kind: str) -> list[Record]:
    """Return the records of a kind, in the order in which they were made."""
    return [record for record in records_of(account).values() if record.kind == kind]


def associations_of(account: Account, record: Record) -> list[Record]:
    """Return the associations of a record, in the order in which they were made."""
    return [one for one in records_of(account).values() if one.parent == record.arn]


def associate(account: Account, record: Record, members: Members) -> Record:
    """Make an association of a record with a client, and return it.

    Args:
        account: The account of the record.
        record: The record, such as that of an event integration.
        members: The members of the association, without ARNs and id.
    """
    new_id = account.state.identifiers.uuid()
    kind = f"{record.kind}-association"
    arn = arn_of(account, kind, f"{resource_name(record.arn)}/{new_id}")
    name = record.kind.title().replace("-", "")
    identity = {f"{name}Arn": record.arn, f"{name}AssociationArn": arn, f"{name}AssociationId": new_id}
    put(account, replace(record, was_associated=True))
    return put(account, Record(kind=kind, arn=arn, members=members | identity, parent=record.arn))


def remove(account: Account, record: Record) -> None:
    """Remove a record, and forget the ``ClientToken`` of the request that made it.

    Raises:
        AwsError: The record has associations (documented; the error code is inferred).
    """
    if associations_of(account, record):
        raise errors.invalid(f"{record.arn} has associations. Delete them first.")
    del records_of(account)[record.arn]
    forget_tokens_of(account, record.arn)
