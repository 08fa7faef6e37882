from __future__ import annotations

import pytest

from eventmock import OptionError, mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:work"
SCHEDULE = {
    "Type": "AWS::Scheduler::Schedule",
    "Properties": {
        "GroupName": {"Ref": "Jobs"},
        "ScheduleExpression": "at(2027-01-01T01:00:00)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": QUEUE,
            "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
            "Input": '{"job": "night"}',
        },
    },
}
TEMPLATE = {
    "Resources": {"Jobs": {"Type": "AWS::Scheduler::ScheduleGroup"}, "Nightly": SCHEDULE, "Other": SCHEDULE}
}


@pytest.fixture
def backend():
    with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as backend:
        yield backend


@pytest.fixture
def nightly(backend):
    return backend.deploy(TEMPLATE, stack="shop").schedule("Nightly")


def test_its_deliveries_are_its_own(backend, nightly):
    assert list(nightly.deliveries) == []
    backend.clock.advance(hours=2)
    assert len(backend.deliveries) == 2
    assert [one.schedule_name for one in nightly.deliveries] == [nightly.name]


def test_its_assertions_are_about_these(backend, nightly):
    backend.clock.advance(hours=2)
    delivery = nightly.assert_delivered_once(body={"job": "night"})
    assert delivery.schedule_arn == nightly.arn


def test_an_assertion_that_fails_says_when_it_fires(nightly):
    with pytest.raises(AssertionError, match=r"next 2027-01-01 01:00:00 UTC; the clock stands at"):
        nightly.assert_delivered()


def test_another_schedule_cannot_be_asked_for(nightly):
    with pytest.raises(OptionError) as told:
        nightly.assert_delivered(schedule="other")
    assert str(told.value) == f"assert_delivered(schedule=...): the schedule is {nightly.name!r} already"


def test_it_says_when_it_fires(nightly):
    [firing] = nightly.next_firings()
    assert f"{firing.scheduled:%H:%M}" == "01:00"
    assert nightly.explain().startswith(f"schedule {nightly.group}/{nightly.name} is ENABLED")


def test_after_it_is_deleted_what_it_sent_is_still_there(backend, nightly):
    backend.clock.advance(hours=2)
    backend.client("scheduler").delete_schedule(Name=nightly.name, GroupName=nightly.group)
    assert len(nightly.deliveries) == 1
    nightly.assert_delivered_once()


def test_a_misspelt_name_is_told(nightly):
    with pytest.raises(AttributeError, match=r"did you mean 'explain'\?"):
        nightly.explian()
