"""dirty-equals: what was delivered compares with its values, whichever side they stand on."""

from __future__ import annotations

import pytest

pytest.importorskip("dirty_equals")

from dirty_equals import IsDatetime, IsList, IsPartialDict, IsStr, IsUUID


@pytest.fixture
def shipped(events, events_backend, order):
    events.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
    shipped = events_backend.target("ship")
    events.put_events(Entries=[order])
    return shipped


def test_a_body(shipped):
    wanted = IsPartialDict(id=IsUUID(4), source="shop", detail=IsPartialDict(state=IsStr(regex="PAID|NEW")))
    [delivery] = shipped.deliveries
    assert delivery.json == wanted
    assert wanted == delivery.event
    assert delivery.json != IsPartialDict(source="depot")


def test_its_time(shipped):
    [delivery] = shipped.deliveries
    assert delivery.json["time"] == IsDatetime(iso_string=True)


def test_lists(shipped):
    assert shipped.deliveries.details == [IsPartialDict(state="PAID")]
    assert shipped.deliveries.details == IsList(IsPartialDict(state="PAID"), length=1)
    assert shipped.deliveries.details != [IsPartialDict(state="NEW")]
