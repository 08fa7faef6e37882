"""pytest-xdist: each worker has its own mocks, and reports on them."""

from __future__ import annotations

import pytest

pytest.importorskip("xdist")

TESTS = """
import os
from pathlib import Path

import pytest

from eventmock import mock_events

ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
WORKER = os.environ["PYTEST_XDIST_WORKER"]


def put(backend):
    backend.client().put_events(Entries=[ORDER])


@pytest.fixture(scope="session")
def of_the_worker():
    with mock_events(isolated=True) as backend:
        backend.client().create_event_bus(Name=WORKER)
        yield backend


@pytest.mark.parametrize("number", range(20))
def test_each_has_its_own(events_backend, number):
    Path(WORKER).touch()
    put(events_backend)
    assert len(events_backend.events) == 1
    Path(f"{number}.id").write_text(events_backend.events[0].event_id)


@pytest.mark.parametrize("number", range(4))
def test_a_mock_of_the_session_is_the_worker_s(of_the_worker, number):
    buses = of_the_worker.client().list_event_buses()["EventBuses"]
    assert [bus["Name"] for bus in buses] == ["default", WORKER]


def test_that_fails(events_backend):
    put(events_backend)
    assert not events_backend.events
"""


def test_two_workers(run, pytester):
    result = run(TESTS, "-n", "2")
    result.assert_outcomes(passed=24, failed=1)
    result.stdout.fnmatch_lines(["*_ test_that_fails _*", "*- eventmock (us-east-1) -*"])
    assert sorted(path.name for path in pytester.path.glob("gw*")) == ["gw0", "gw1"]
    assert len({path.read_text() for path in pytester.path.glob("*.id")}) == 1
