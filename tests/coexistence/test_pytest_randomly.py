"""pytest-randomly: whatever the order and the seed, a test has the same outcome and makes the same identifiers."""

from __future__ import annotations

import pytest

pytest.importorskip("pytest_randomly")

TESTS = """
from pathlib import Path

import pytest

from eventmock import mock_events

ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}


def note(name, backend):
    backend.client().put_events(Entries=[ORDER])
    Path(f"{name}.id").write_text(backend.events[0].event_id)
    with Path("order").open("a") as order:
        order.write(f"{name} ")


@pytest.mark.parametrize("number", range(8))
def test_it(events_backend, number):
    events_backend.client().create_event_bus(Name=f"bus-{number}")
    assert len(events_backend.client().list_event_buses()["EventBuses"]) == 2
    note(number, events_backend)


@mock_events
class TestClass:
    @pytest.mark.parametrize("number", range(4))
    def test_it(self, events_backend, number):
        assert len(events_backend.events) == 0
        note(f"class-{number}", events_backend)
"""


def test_it_changes_the_order_and_nothing_else(run, pytester):
    orders, identifiers = set(), []
    for seed in (1, 2, 3):
        run(TESTS, "-p", "randomly", f"--randomly-seed={seed}").assert_outcomes(passed=12)
        orders.add((pytester.path / "order").read_text())
        (pytester.path / "order").unlink()
        identifiers.append({path.name: path.read_text() for path in pytester.path.glob("*.id")})
    assert len(orders) == 3
    assert len(identifiers[0]) == 12
    assert identifiers[0] == identifiers[1] == identifiers[2]
