from __future__ import annotations

from eventmock.parts.accounts import Accounts


class Thing:
    pass


def test_a_table_that_two_threads_make_at_once_is_one():
    account = Accounts(None).get("111111111111", "us-east-1")
    inner = []

    def first(account):
        """Have another thread, as it were, make the table while this one is making it."""
        if not inner:
            inner.append(None)
            inner[0] = account.table(Thing, first)
        return {}

    assert account.table(Thing, first) is inner[0] is account.table(Thing, first)
