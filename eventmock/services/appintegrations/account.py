"""What one account holds of AppIntegrations in one region: the argument of every operation.

Source: partner-events section 2.1; the forms of the ARNs are those of AWS's service authorization reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from eventmock.services.appintegrations import errors
from eventmock.values.arn import Arn, partition_of, resource_name

if TYPE_CHECKING:
    from eventmock.services.appintegrations.app_integrations import AppIntegrations

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


class AppIntegrationsAccount:
    """An account in a region.

    Args:
        id: The account id, 12 digits.
        region: Such as ``us-east-1``.
        shared: What all accounts of the backend share.

    Attributes:
        records: All that it holds, by ARN.
        answers: What was answered, by operation and ``ClientToken``, as long as there is what it made.
    """

    def __init__(self, *, id: str, region: str, shared: AppIntegrations) -> None:  # noqa: A002 - AWS's word
        self.id = id
        self.region = region
        self.shared = shared
        self.records: dict[str, Record] = {}
        self.answers: dict[tuple[str, str], Answered] = {}

    def copied(self) -> AppIntegrationsAccount:
        """An account that holds the same and goes its own way."""
        copy = AppIntegrationsAccount(id=self.id, region=self.region, shared=self.shared)
        copy.records = dict(self.records)
        copy.answers = dict(self.answers)
        return copy

    def arn(self, kind: str, name: str) -> str:
        """The ARN of something of that kind."""
        resource = f"{kind}/{name}"
        return str(Arn(partition_of(self.region), "app-integrations", self.region, self.id, resource))

    def put(self, record: Record) -> Record:
        """Hold a record, in place of the one of that ARN if there is one."""
        self.records[record.arn] = record
        return record

    def of_kind(self, kind: str) -> list[Record]:
        """The records of a kind, in the order in which they were made."""
        return [record for record in self.records.values() if record.kind == kind]

    def associations_of(self, record: Record) -> list[Record]:
        """The associations of a record, in the order in which they were made."""
        return [one for one in self.records.values() if one.parent == record.arn]

    def associate(self, record: Record, members: Members) -> Record:
        """Make an association of a record.

        Args:
            record: Such as an event integration.
            members: What answers show of the association, without ARNs and id.
        """
        new_id = self.shared.identifiers.uuid()
        kind = f"{record.kind}-association"
        arn = self.arn(kind, f"{resource_name(record.arn)}/{new_id}")
        name = record.kind.title().replace("-", "")
        identity = {f"{name}Arn": record.arn, f"{name}AssociationArn": arn, f"{name}AssociationId": new_id}
        self.put(replace(record, was_associated=True))
        return self.put(Record(kind=kind, arn=arn, members=members | identity, parent=record.arn))

    def remove(self, record: Record) -> None:
        """Remove a record, and forget the ``ClientToken`` that made it.

        Raises:
            AwsError: It has associations (documented; the code is inferred).
        """
        if self.associations_of(record):
            raise errors.invalid(f"{record.arn} has associations. Delete them first.")
        del self.records[record.arn]
        self.answers = {key: one for key, one in self.answers.items() if one.made != record.arn}
