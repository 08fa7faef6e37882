from __future__ import annotations

import pytest

from eventmock.services.scheduler.schedule_notes import schedule_notes


@pytest.fixture
def notes(backend):
    """A function that gives the notes."""
    return lambda: list(schedule_notes(backend.state))


def test_without_schedules_there_are_no_notes(notes):
    assert notes() == []


def test_a_schedule_that_has_not_fired_is_told_until_it_fires(backend, create, notes):
    create("nightly", "at(2027-01-02T00:00:00)")
    assert notes() == [
        "schedule nightly waits for its time, at(2027-01-02T00:00:00): next 2027-01-02 00:00:00 UTC; "
        "the clock stands at 2027-01-01 00:00:00 UTC",
        'to have it fire: backend.clock.move_to("2027-01-02T00:00:00Z")',
    ]
    backend.clock.advance(days=1)
    assert notes() == []


def test_a_schedule_that_does_not_fire_says_why(create, notes):
    create("off", "rate(1 day)", State="DISABLED")
    assert notes() == ["schedule off: it does not fire, because it is DISABLED"]


def test_a_schedule_of_the_same_name_in_another_group_is_told(client, create, notes):
    client.create_schedule_group(Name="g")
    create("a", "rate(1 day)")
    create("a", "rate(1 day)", GroupName="g", State="DISABLED")
    assert notes() == ["schedule a of group g: it does not fire, because it is DISABLED"]


def test_of_many_schedules_three_are_told(create, notes):
    for number in range(5):
        create(f"s{number}", State="DISABLED")
    assert [note.partition(":")[0] for note in notes()] == [
        "schedule s0",
        "schedule s1",
        "schedule s2",
        "and 2 more schedules did not fire",
    ]


def test_a_schedule_that_was_deleted_is_not_told(client, create, notes):
    create("gone")
    client.delete_schedule(Name="gone")
    assert notes() == []
