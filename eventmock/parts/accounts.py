"""Accounts: typed tables of records, without knowledge of any service.

A service keeps the records of an account in tables, a table for each class: ``account.table(Archive)`` is a dictionary
of archives, and the file of the class says by which name. A record is a frozen value, and a change replaces it by
another one; so a copy of a table is a copy of a dictionary. Two classes of records are changed in place, because they
contain data that is costly to make anew: event buses and archives. They are `Changing`, and their records are copied.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from eventmock.values.arn import resource_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from eventmock.parts.part import Restore
    from eventmock.state import State

RecordT = TypeVar("RecordT")


class Changing(ABC):
    """The base of records that are changed in place."""

    __slots__ = ()

    @abstractmethod
    def copied(self) -> Self:
        """Return a copy of the record. Later changes of the record do not change the copy."""


class Account:
    """An account in a region, with the records of all services.

    Args:
        id: The account id, 12 digits.
        region: The name of the region, such as ``us-east-1``.
        state: The state of the mock.
    """

    def __init__(self, *, id: str, region: str, state: State) -> None:  # noqa: A002 - AWS's word
        self.id = id
        self.region = region
        self.state = state
        self._tables: dict[type[Any], dict[str, Any]] = {}

    def table(
        self, kind: type[RecordT], first: Callable[[Account], dict[str, RecordT]] | None = None
    ) -> dict[str, RecordT]:
        """Return the records of a class by name, for the caller to read and change.

        Args:
            kind: The class of the records.
            first: A function that makes the records that every account has from the beginning. It is called when the
                table is first needed.
        """
        found = self._tables.get(kind)
        if found is None:  # another thread may make it at the same time: both get the table that is kept
            found = self._tables.setdefault(kind, {} if first is None else first(self))
        return found

    def has_table(self, kind: str) -> bool:
        """Return whether there is a table of the class of a name, such as ``CustomEventBus``, which may be empty.

        Who asks does not have to import the class: without a table there is no record.
        """
        return any(known.__name__ == kind for known in list(self._tables))

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this account.

        Args:
            service: The service's name in ARNs.
            resource: The part of the ARN after the account, such as ``archive/NAME``.
        """
        return resource_arn(service, self.region, self.id, resource)

    def later(
        self,
        kind: type[RecordT],
        name: str,
        what: str,
        delay: timedelta,
        work: Callable[[Account, RecordT], None],
    ) -> None:
        """Plan work with a record after a delay. It is not done if the table then has another record of the name.

        A record that has a ``key`` counts as unchanged while its key is the same object.

        Args:
            kind: The class of the record.
            name: The name of the record in its table.
            what: The change of the record in words, such as ``is created``.
            delay: The time from now, on the clock.
            work: A function that is called with the account and the record when the delay is over.
        """
        accounts, account_id, region = self.state.accounts, self.id, self.region
        key = _key_of(self.table(kind)[name])

        def record() -> RecordT | None:
            return accounts.get(account_id, region).table(kind).get(name)

        def is_wanted() -> bool:
            return _key_of(record()) is key

        def do() -> None:
            present = record()
            assert present is not None
            work(accounts.get(account_id, region), present)

        text = f"{_words(kind.__name__)} {name!r} of {account_id}, {region} {what}"
        self.state.clock.call_later(delay, text, do, is_wanted)

    def soon(
        self,
        kind: type[RecordT],
        name: str,
        what: str,
        delay: timedelta,
        work: Callable[[Account, RecordT], None],
    ) -> None:
        """Plan work with a record as `later` does; without a delay, do it at once.

        For changes that are already done in the answers recorded from AWS.
        """
        if delay:
            self.later(kind, name, what, delay, work)
        else:
            work(self, self.table(kind)[name])

    def become(self, kept: Account | None) -> None:
        """Replace the records by copies of those of a copy of this account; None for no records."""
        self._tables = {} if kept is None else kept.copied()._tables  # noqa: SLF001 - of the same class

    def copied(self) -> Account:
        """Return a copy of the account. Later changes of the account do not change the copy."""
        copy = Account(id=self.id, region=self.region, state=self.state)
        copy._tables = {
            kind: {
                name: record.copied() if isinstance(record, Changing) else record
                for name, record in table.items()
            }
            for kind, table in list(self._tables.items())
        }
        return copy


class Accounts:
    """The accounts of a mock, each made when it is first needed.

    There is one `Account` for an id and region as long as the mock lives: a request that has got it before a reset or a
    restore finds in it afterwards what all others find.

    Args:
        state: The state of the mock.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._made: dict[tuple[str, str], Account] = {}
        self._accounts: dict[tuple[str, str], Account] = {}

    def get(self, account_id: str, region: str) -> Account:
        """Return the account in a region, made if there was none."""
        key = (account_id, region)
        found = self._accounts.get(key)
        if found is None:
            made = self._made.setdefault(key, Account(id=account_id, region=region, state=self._state))
            found = self._accounts.setdefault(key, made)
        return found

    def find(self, account_id: str, region: str) -> Account | None:
        """Return the account in a region; None if it was not needed yet."""
        return self._accounts.get((account_id, region))

    @property
    def all(self) -> list[Account]:
        """All accounts that were made, each in each region."""
        return list(self._accounts.values())

    def in_region(self, region: str) -> list[Account]:
        """Return the accounts that were made in a region."""
        return [account for account in self._accounts.values() if account.region == region]

    def clear(self) -> None:
        """Forget all accounts."""
        self._become({})

    def save(self) -> Restore:
        """Return a function that restores the present accounts."""
        kept = {key: account.copied() for key, account in self._accounts.items()}

        return partial(self._become, kept)

    def _become(self, kept: Mapping[tuple[str, str], Account]) -> None:
        for key, account in list(self._made.items()):
            account.become(kept.get(key))
        self._accounts = {key: self._made[key] for key in kept}


def _key_of(record: Any) -> object:
    """Return the object by which a record is known to be unchanged: its ``key``, or the record itself."""
    return getattr(record, "key", record)


@cache
def _words(class_name: str) -> str:
    """Return the words in the name of a class, such as ``event source``."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", class_name).lower()
