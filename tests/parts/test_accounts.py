from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from eventmock import mock_events
from eventmock.parts.accounts import Accounts, Changing

START = "2026-01-01T12:00:00Z"


@dataclass(frozen=True)
class Boat:
    """A record that is a value."""

    name: str


@dataclass
class HarbourMaster(Changing):
    """A record that is changed in place."""

    boats: int = 0

    def copied(self):
        return HarbourMaster(self.boats)


@pytest.fixture
def state():
    with mock_events(start_time=START) as backend:
        yield backend.state


@pytest.fixture
def account(state):
    return state.accounts.get("123456789012", "us-east-1")


def test_each_account_and_region_has_tables_of_its_own(state, account):
    account.table(Boat)["a"] = Boat("a")
    assert account.table(Boat) == {"a": Boat("a")}
    for other in ("210987654321", "us-east-1"), ("123456789012", "eu-west-1"):
        assert state.accounts.get(*other).table(Boat) == {}


def test_a_table_begins_with_what_every_account_has(account):
    def first(of):
        return {"ferry": Boat(of.region)}

    assert account.table(Boat, first) == {"ferry": Boat("us-east-1")}
    del account.table(Boat, first)["ferry"]
    assert account.table(Boat, first) == {}


def test_a_table_that_two_threads_make_at_once_is_one():
    account = Accounts(None).get("111111111111", "us-east-1")
    inner = []

    def first(account):
        """Have another thread, as it were, make the table while this one is making it."""
        if not inner:
            inner.append(None)
            inner[0] = account.table(Boat, first)
        return {}

    assert account.table(Boat, first) is inner[0] is account.table(Boat, first)


def test_an_account_is_found_if_it_was_asked_for(state, account):
    assert state.accounts.find("123456789012", "us-east-1") is account
    assert state.accounts.find("123456789012", "eu-west-1") is None
    assert state.accounts.all == state.accounts.in_region("us-east-1") == [account]


def test_what_is_saved_comes_back_as_often_as_wanted(state, account):
    account.table(Boat)["a"] = Boat("a")
    account.table(HarbourMaster)["h"] = HarbourMaster(1)
    restore = state.accounts.save()
    for _ in range(2):
        now = state.accounts.get("123456789012", "us-east-1")
        now.table(Boat).clear()
        now.table(HarbourMaster)["h"].boats = 9
        restore()
        back = state.accounts.get("123456789012", "us-east-1")
        assert back.table(Boat) == {"a": Boat("a")}
        assert back.table(HarbourMaster) == {"h": HarbourMaster(1)}


@pytest.mark.parametrize("way", ["reset", "restore"])
def test_a_request_that_began_before_a_reset_or_a_restore_writes_where_others_read(way):
    with mock_events(start_time=START) as backend:
        events, before = backend.client(), backend.snapshot()
        events.put_rule(Name="old", EventPattern='{"source": ["shop"]}')

        def forget(_request):
            backend.reset() if way == "reset" else backend.restore(before)

        backend.faults.inject(500, request=forget)
        events.put_rule(Name="new", EventPattern='{"source": ["shop"]}')
        assert [rule["Name"] for rule in events.list_rules()["Rules"]] == ["new"]


class TestLater:
    @pytest.fixture
    def sunk(self, account):
        """The boats that have sunk: each does a day after it was made."""
        sunk = []
        account.table(Boat)["a"] = Boat("a")
        account.later(Boat, "a", "sinks", timedelta(days=1), lambda _account, boat: sunk.append(boat))
        return sunk

    def test_it_is_done_in_its_time(self, state, account, sunk):
        state.clock.advance(hours=23)
        assert sunk == []
        state.clock.advance(hours=1)
        assert sunk == [Boat("a")]

    def test_it_is_named(self, state, sunk):
        assert [due.what for due in state.clock.pending] == ["boat 'a' of 123456789012, us-east-1 sinks"]

    @pytest.mark.parametrize("now", [{}, {"a": Boat("a")}])
    def test_a_record_that_is_gone_or_another_is_left_alone(self, state, account, sunk, now):
        account.table(Boat).clear()
        account.table(Boat).update(now)
        state.clock.advance(days=2)
        assert sunk == state.clock.pending == []

    def test_it_is_done_to_what_a_restore_brought_back(self, state, account, sunk):
        snapshot = state.save()
        state.clear()
        state.restore(snapshot)
        state.clock.advance(days=1)
        assert sunk == [Boat("a")]

    def test_without_a_delay_it_is_done_at_once(self, account):
        done = []
        account.table(Boat)["a"] = Boat("a")
        account.soon(Boat, "a", "sinks", timedelta(0), lambda _account, boat: done.append(boat))
        assert done == [Boat("a")]
