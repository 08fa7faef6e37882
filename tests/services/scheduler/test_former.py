from __future__ import annotations

import pytest

from eventmock.services.scheduler.former import FormerSchedules

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"
ASKED = {"Name": "nightly", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}


def target(name):
    return {"Arn": QUEUE + name, "RoleArn": "arn:aws:iam::123456789012:role/scheduler"}


@pytest.fixture
def scheduler(events_backend):
    return events_backend.client("scheduler")


@pytest.fixture
def former(events_backend):
    """A function that returns the name, the target and the end of each former schedule."""

    def former():
        known = events_backend.state.settings(FormerSchedules).values()
        return [(one.schedule.name, one.schedule.target.arn.removeprefix(QUEUE), one.why) for one in known]

    return former


def test_a_schedule_that_is_deleted_is_remembered_with_each_of_its_targets(scheduler, former):
    scheduler.create_schedule(**ASKED, Target=target("one"))
    assert former() == []
    scheduler.update_schedule(**ASKED, Target=target("two"))
    scheduler.update_schedule(**ASKED, Target=target("one"))
    scheduler.delete_schedule(Name="nightly")
    assert former() == [("nightly", "two", "was changed"), ("nightly", "one", "was deleted")]


def test_schedules_of_one_name_are_remembered_once(scheduler, former):
    for _ in range(3):
        scheduler.create_schedule(**ASKED, Target=target("one"))
        scheduler.delete_schedule(Name="nightly")
    assert former() == [("nightly", "one", "was deleted")]


def test_what_was_remembered_is_restored_and_forgotten_with_the_state(events_backend, scheduler, former):
    snapshot = events_backend.snapshot()
    scheduler.create_schedule(**ASKED, Target=target("one"))
    scheduler.delete_schedule(Name="nightly")
    later = events_backend.snapshot()
    events_backend.restore(snapshot)
    assert former() == []
    events_backend.restore(later)
    assert len(former()) == 1
    events_backend.reset()
    assert former() == []
