"""Accounts: shelves of typed tables, which know no concept of any service.

A service keeps what it makes in an account in tables, one for each class of records: ``account.table(Archive)`` is a
dictionary of archives, and the file of the concept says by what they are named. A record is a frozen value, and a
change puts another one in its place; so a copy of a table is a copy of a dictionary. Two records are changed in place,
because they keep what is costly to make anew: event buses and archives. They are `Changing`, and are copied.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from eventmock.values.arn import resource_arn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from eventmock.parts.part import Restore
    from eventmock.state import State

RecordT = TypeVar("RecordT")


class Changing(ABC):
    """The base of records that are changed in place."""

    __slots__ = ()

    @abstractmethod
    def copied(self) -> Self:
        """A record that holds the same, and that later changes of this one do not reach."""


class Account:
    """An account in a region: what all services keep there.

    Args:
        id: The account id, 12 digits.
        region: Such as ``us-east-1``.
        state: All that the mock holds.
    """

    def __init__(self, *, id: str, region: str, state: State) -> None:  # noqa: A002 - AWS's word
        self.id = id
        self.region = region
        self.state = state
        self._tables: dict[type[Any], dict[str, Any]] = {}

    def table(
        self, kind: type[RecordT], first: Callable[[Account], dict[str, RecordT]] | None = None
    ) -> dict[str, RecordT]:
        """The records of a class by name, for the caller to read and change.

        Args:
            kind: The class of the records.
            first: Makes what every account has of them from the beginning; called when the table is first asked for.
        """
        found = self._tables.get(kind)
        if found is None:  # another thread may make it at the same time: both get the table that is kept
            found = self._tables.setdefault(kind, {} if first is None else first(self))
        return found

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account.

        Args:
            service: The service's name in ARNs.
            resource: Such as ``archive/NAME``.
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
        """Have something done with a record after a while, if it is the very same record then.

        A record that has a ``key`` is the same as long as its key is.

        Args:
            kind: The class of the record.
            name: Its name in its table.
            what: What becomes of it, in words, such as ``is created``.
            delay: How long from now, on the clock.
            work: Called with the account and the record when the delay is over.
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
        """As `later`, but at once without a delay: for changes that AWS's recorded answers show as done already."""
        if delay:
            self.later(kind, name, what, delay, work)
        else:
            work(self, self.table(kind)[name])

    def copied(self) -> Account:
        """An account that holds the same, and that later changes of this one do not reach."""
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
    """All accounts of a mock, each made when it is first asked for.

    Args:
        state: All that the mock holds.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._accounts: dict[tuple[str, str], Account] = {}

    def get(self, account_id: str, region: str) -> Account:
        """The account in that region."""
        key = (account_id, region)
        found = self._accounts.get(key)
        if found is None:
            found = self._accounts.setdefault(key, Account(id=account_id, region=region, state=self._state))
        return found

    def find(self, account_id: str, region: str) -> Account | None:
        """The account in that region, if it has been asked for before."""
        return self._accounts.get((account_id, region))

    @property
    def all(self) -> list[Account]:
        """All accounts that have been asked for."""
        return list(self._accounts.values())

    def in_region(self, region: str) -> list[Account]:
        """The accounts in that region that have been asked for."""
        return [account for (_, one), account in self._accounts.items() if one == region]

    def clear(self) -> None:
        """Forget all accounts."""
        self._accounts = {}

    def save(self) -> Restore:
        """Keep a copy of all accounts, to be brought back later."""
        kept = {key: account.copied() for key, account in self._accounts.items()}

        def restore() -> None:
            self._accounts = {key: account.copied() for key, account in kept.items()}

        return restore


def _key_of(record: Any) -> object:
    return getattr(record, "key", record)


@cache
def _words(class_name: str) -> str:
    """The words that the name of a class is made of, such as ``event source``."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", class_name).lower()
