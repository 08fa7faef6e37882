"""Checked by mypy, never run: what a typed test suite writes against eventmock."""

from __future__ import annotations

import unittest
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, assert_type

import boto3

from eventmock import Deliveries, EventsBackend, MockEvents, current_backend, mock_events

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


@mock_events
def bare(number: int) -> str:
    return str(number)


@mock_events(region="eu-west-1", start_time=datetime(2026, 1, 1, tzinfo=UTC), passthrough=["localhost:4566"])
def called(number: int) -> str:
    return str(number)


@mock_events
async def coroutine(number: int) -> str:
    return str(number)


@mock_events(strict=True)
def generator() -> Iterator[EventsBackend]:
    yield current_backend()


@mock_events()
async def async_generator() -> AsyncIterator[int]:
    yield 1


@mock_events
class Plain:
    number: int = 1

    @classmethod
    def make(cls) -> Plain:
        return cls()


@mock_events(seed=1)
class Case(unittest.TestCase):
    def test_it(self) -> None:
        self.assertTrue(self)


class Methods:
    @mock_events
    def method(self, number: int) -> str:
        return str(number)

    @mock_events
    @classmethod
    def class_method(cls, number: int) -> str:
        return str(number)

    @mock_events()
    @staticmethod
    def static_method(number: int) -> str:
        return str(number)


assert_type(bare(1), str)
assert_type(called(number=1), str)
assert_type(Plain.make(), Plain)
assert_type(Plain().number, int)
assert_type(Methods().method(1), str)
assert_type(Methods.class_method(1), str)
assert_type(Methods.static_method(1), str)
assert_type(mock_events(), MockEvents)


async def use() -> None:
    assert_type(await coroutine(1), str)
    async with mock_events() as backend:
        assert_type(backend, EventsBackend)


with mock_events() as backend:
    assert_type(backend, EventsBackend)
    events: EventBridgeClient = boto3.client("events")
    assert_type(backend.deliveries.where(rule="ship", status="delivered"), Deliveries)
    names: list[str] = backend.events[0].matched
