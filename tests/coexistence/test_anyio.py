"""anyio's own pytest plugin, on asyncio and on trio."""

from __future__ import annotations

import pytest

pytest.importorskip("anyio")

ASYNC_TESTS = """
import anyio
import boto3
import pytest

from eventmock import mock_events

pytestmark = pytest.mark.anyio

ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}


def put(events):
    events.put_events(Entries=[ORDER])


@pytest.fixture
@mock_events
async def events():
    yield boto3.client("events")


async def test_a_fixture_that_is_an_async_generator(events):
    await anyio.sleep(0)
    assert events.list_rules()["Rules"] == []


async def test_tasks_share_the_mock(events_backend):
    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(anyio.to_thread.run_sync, put, events_backend.client())
    assert len(events_backend.events) == 5


@mock_events
async def test_the_decorator():
    await anyio.sleep(0)
    assert boto3.client("events").list_rules()["Rules"] == []


async def test_that_fails(events_backend):
    await anyio.to_thread.run_sync(put, events_backend.client())
    assert not events_backend.events
"""


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_it_runs_them_inside_the_mock(run, loop):
    pytest.importorskip(loop)
    result = run(f"{ASYNC_TESTS}\n\n@pytest.fixture\ndef anyio_backend():\n    return {loop!r}\n")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*_ test_that_fails _*", "*- eventmock (us-east-1) -*"])
