"""What an account keeps of AppIntegrations: the records, and what was answered to requests with a ``ClientToken``.

Source: partner-events section 2.1; the forms of the ARNs are those of AWS's service authorization reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from eventmock.services.appintegrations import errors
from eventmock.values.arn import resource_name

if TYPE_CHECKING:
    from eventmock.parts.accounts import Account

Members = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """Something that an account holds, as it stands; a change makes a new one.

    Attributes:
        kind: What its ARN says it is, such as ``event-integration``.
        arn: Its ARN.
        members: What answers show of it, by AWS's names. An answer shows those that the installed model lists.
        tags: Its tags.
        parent: The ARN of the resource that it associates with a client; None if it is not an association.
        was_associated: Whether it has an association or had one.
    """

    kind: str
    arn: str
    members: Members
    tags: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    was_associated: bool = False

    @property
    def shown(self) -> Members:
        """Its members, and its tags as a member."""
        return {**self.members, "Tags": self.tags}


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with a ``ClientToken`` that was answered.

    Attributes:
        request: What was asked.
        answer: The answer.
        made: The ARN of the resource that it made.
    """

    request: Any
    answer: Any
    made: str


def arn_of(account: Account, kind: str, name: str) -> str:
    """The ARN of something of that kind in an account."""
    return account.arn("app-integrations", f"{kind}/{name}")


def records_of(account: Account) -> dict[str, Record]:
    """All records of an account, by ARN."""
    return account.table(Record)


def put(account: Account, record: Record) -> Record:
    """Keep a record, in place of the one of that ARN if there is one."""
    records_of(account)[record.arn] = record
    return record


def of_kind(account: Account, kind: str) -> list[Record]:
    """The records of a kind, in the order in which they were made."""
    return [record for record in records_of(account).values() if record.kind == kind]


def associations_of(account: Account, record: Record) -> list[Record]:
    """The associations of a record, in the order in which they were made."""
    return [one for one in records_of(account).values() if one.parent == record.arn]


def associate(account: Account, record: Record, members: Members) -> Record:
    """Make an association of a record.

    Args:
        account: Whose record it is.
        record: Such as an event integration.
        members: What answers show of the association, without ARNs and id.
    """
    new_id = account.state.identifiers.uuid()
    kind = f"{record.kind}-association"
    arn = arn_of(account, kind, f"{resource_name(record.arn)}/{new_id}")
    name = record.kind.title().replace("-", "")
    identity = {f"{name}Arn": record.arn, f"{name}AssociationArn": arn, f"{name}AssociationId": new_id}
    put(account, replace(record, was_associated=True))
    return put(account, Record(kind=kind, arn=arn, members=members | identity, parent=record.arn))


def remove(account: Account, record: Record) -> None:
    """Remove a record, and forget the ``ClientToken`` that made it.

    Raises:
        AwsError: It has associations (documented; the code is inferred).
    """
    if associations_of(account, record):
        raise errors.invalid(f"{record.arn} has associations. Delete them first.")
    del records_of(account)[record.arn]
    answers = account.table(Answered)
    for key in [key for key, answered in answers.items() if answered.made == record.arn]:
        del answers[key]
