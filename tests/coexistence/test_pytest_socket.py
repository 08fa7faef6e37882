"""pytest-socket: nothing of a mock needs a socket, and what is refused is refused by the mock."""

from __future__ import annotations

import pytest

pytest.importorskip("pytest_socket")

TESTS = """
import socket

import boto3
import pytest
from pytest_socket import SocketBlockedError

from eventmock import NetworkBlocked

ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_sockets_are_off():
    with pytest.raises(SocketBlockedError):
        socket.socket()


def test_the_mock_answers(events_backend):
    boto3.client("events").put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    shipped = events_backend.target("ship")
    boto3.client("events").put_events(Entries=[ORDER])
    assert len(shipped.deliveries) == 1


def test_another_service_is_refused_by_the_mock(events_backend):
    with pytest.raises(NetworkBlocked, match="sqs"):
        boto3.client("sqs").list_queues()
"""

ASYNC_TESTS = """
import pytest
from aiobotocore.session import get_session

from eventmock import NetworkBlocked


@pytest.mark.asyncio
async def test_async_clients(events_backend):
    async with get_session().create_client("events") as events:
        assert (await events.list_rules())["Rules"] == []
    async with get_session().create_client("sqs") as sqs:
        with pytest.raises(NetworkBlocked, match="sqs"):
            await sqs.list_queues()
"""


def test_with_sockets_disabled(run):
    run(TESTS, "--disable-socket").assert_outcomes(passed=3)


def test_async_clients_with_sockets_disabled_but_for_the_loop_s_own(run):
    pytest.importorskip("aiobotocore")
    run(ASYNC_TESTS, "--disable-socket", "--allow-unix-socket").assert_outcomes(passed=1)
