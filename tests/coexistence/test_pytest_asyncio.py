"""pytest-asyncio, in both of its modes."""

from __future__ import annotations

import pytest

pytest.importorskip("pytest_asyncio")

ASYNC_TESTS = """
import asyncio

import boto3
import pytest
import pytest_asyncio

from eventmock import current_backend, mock_events

{marker}

RULE = {{"Name": "ship", "EventPattern": '{{"source": ["shop"]}}'}}
ORDER = {{"Source": "shop", "DetailType": "order", "Detail": '{{"state": "PAID"}}'}}


@{fixture}
@mock_events
async def of_a_generator():
    yield boto3.client("events")


@{fixture}
async def of_the_fixture(events_backend):
    await asyncio.sleep(0)
    return events_backend.client()


async def test_the_fixture(events_backend):
    events = events_backend.client()
    await asyncio.to_thread(events.put_rule, **RULE)
    shipped = events_backend.target("ship")
    await asyncio.gather(*(asyncio.to_thread(events.put_events, Entries=[ORDER]) for _ in range(5)))
    assert len(shipped.deliveries) == 5


@pytest.mark.eventmock(region="eu-west-1")
async def test_the_marker():
    assert current_backend().client().describe_event_bus()["Arn"].split(":")[3] == "eu-west-1"


@mock_events
async def test_the_decorator():
    await asyncio.sleep(0)
    assert boto3.client("events").list_rules()["Rules"] == []


async def test_fixtures_that_are_coroutines(of_a_generator, of_the_fixture):
    assert of_a_generator.list_rules()["Rules"] == of_the_fixture.list_rules()["Rules"] == []


@mock_events
class TestClass:
    async def test_a(self):
        boto3.client("events").put_rule(**RULE)

    async def test_b(self):
        assert boto3.client("events").list_rules()["Rules"] == []


async def test_that_fails(events_backend):
    boto3.client("events").put_events(Entries=[ORDER])
    assert not events_backend.events
"""


@pytest.mark.parametrize(
    ("mode", "marker", "fixture"),
    [
        ("strict", "pytestmark = pytest.mark.asyncio", "pytest_asyncio.fixture"),
        ("auto", "", "pytest.fixture"),
    ],
)
def test_each_mode_runs_them_inside_the_mock(run, mode, marker, fixture):
    result = run(ASYNC_TESTS.format(marker=marker, fixture=fixture), "--asyncio-mode", mode)
    result.assert_outcomes(passed=6, failed=1)
    result.stdout.fnmatch_lines(["*_ test_that_fails _*", "*- eventmock (us-east-1) -*"])
