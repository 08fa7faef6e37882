from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

ARN = "arn:aws:scheduler:us-east-1:123456789012:schedule-group"
BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
ON_DEFAULT = "ValidationException", "This operation cannot be performed on schedule group default."
GONE = "ResourceNotFoundException", "Schedule group jobs does not exist."


@pytest.fixture
def state_of(client):
    """A function that gives the state of a group."""
    return lambda name="jobs": client.get_schedule_group(Name=name)["State"]


def test_a_group_is_active_at_once(client, answer_of):
    assert answer_of(client.create_schedule_group, Name="jobs") == {"ScheduleGroupArn": f"{ARN}/jobs"}
    assert answer_of(client.get_schedule_group, Name="jobs") == {
        "Arn": f"{ARN}/jobs",
        "Name": "jobs",
        "State": "ACTIVE",
        "CreationDate": BEGIN,
        "LastModificationDate": BEGIN,
    }


def test_a_group_is_made_once(client, error_of):
    client.create_schedule_group(Name="jobs")
    assert error_of(client.create_schedule_group, Name="jobs") == (
        "ConflictException",
        "Schedule group jobs already exists.",
    )


@pytest.mark.parametrize("call", ["get_schedule_group", "delete_schedule_group"])
def test_a_group_that_does_not_exist(client, error_of, call):
    assert error_of(getattr(client, call), Name="jobs") == GONE


class TestTheDefaultGroup:
    @pytest.mark.parametrize(
        "place", [{}, {"region": "eu-west-1"}, {"account": "222222222222"}, {"region": "cn-north-1"}]
    )
    def test_it_is_everywhere(self, backend, place):
        [group] = backend.client("scheduler", **place).list_schedule_groups()["ScheduleGroups"]
        assert (group["Name"], group["State"]) == ("default", "ACTIVE")
        assert group["Arn"].endswith(":schedule-group/default")
        assert group["CreationDate"] == group["LastModificationDate"] == BEGIN

    @pytest.mark.parametrize("call", ["create_schedule_group", "delete_schedule_group"])
    def test_it_is_neither_made_nor_deleted(self, client, error_of, call):
        assert error_of(getattr(client, call), Name="default") == ON_DEFAULT

    def test_it_is_not_made_with_tags_either(self, client, error_of):
        tags = [{"Key": "k", "Value": "v"}]
        assert error_of(client.create_schedule_group, Name="default", Tags=tags) == ON_DEFAULT


class TestList:
    @pytest.fixture(autouse=True)
    def _groups(self, client):
        for name in ("b", "a.b", "A"):
            client.create_schedule_group(Name=name)

    def test_the_order_is_by_name(self, client):
        found = client.list_schedule_groups()["ScheduleGroups"]
        assert [one["Name"] for one in found] == ["A", "a.b", "b", "default"]

    def test_a_prefix_is_the_beginning_of_the_name(self, client):
        for prefix, found in (("a", ["a.b"]), ("def", ["default"]), ("B", [])):
            groups = client.list_schedule_groups(NamePrefix=prefix)["ScheduleGroups"]
            assert [one["Name"] for one in groups] == found

    def test_pages_follow_one_another(self, client, error_of):
        first = client.list_schedule_groups(MaxResults=3)
        second = client.list_schedule_groups(NextToken=first["NextToken"])
        assert [one["Name"] for one in second["ScheduleGroups"]] == ["default"]
        assert "NextToken" not in second
        code, message = error_of(client.list_schedules, NextToken=first["NextToken"])
        assert (code, message) == ("ValidationException", "Invalid token.")


class TestDeletion:
    @pytest.fixture(autouse=True)
    def _group(self, client, create):
        client.create_schedule_group(Name="jobs")
        create("often", "rate(4 minutes)", GroupName="jobs")

    def test_it_takes_a_while(self, backend, client, error_of, answer_of, state_of):
        backend.clock.advance(seconds=5)
        assert answer_of(client.delete_schedule_group, Name="jobs") == {}
        shown = client.get_schedule_group(Name="jobs")
        assert (shown["State"], shown["CreationDate"]) == ("DELETING", BEGIN)
        assert shown["LastModificationDate"] == BEGIN + timedelta(seconds=5)
        assert "jobs" in [one["Name"] for one in client.list_schedule_groups()["ScheduleGroups"]]
        backend.clock.advance(seconds=9)
        assert state_of() == "DELETING"
        backend.clock.advance(seconds=1)
        assert error_of(client.get_schedule_group, Name="jobs") == GONE

    def test_its_schedules_go_with_it_and_fire_until_then(self, backend, client, create, names):
        create("kept", GroupName="default")
        backend.delays.schedule_group_deletion = timedelta(minutes=10)
        client.delete_schedule_group(Name="jobs")
        assert names() == ["default/kept", "jobs/often"]
        backend.clock.advance(hours=1)
        assert names() == ["default/kept"]
        times = [(one.scheduled_time - BEGIN).total_seconds() / 60 for one in backend.deliveries]
        assert times == [0, 4, 8]

    def test_retries_of_its_schedules_end_with_it(self, backend, client, create):
        backend.faults.inject(503, target="arn:aws:sqs:us-east-1:123456789012:work")
        create("once", "at(2027-01-01T00:01:00)", GroupName="jobs")
        backend.clock.advance(minutes=1)
        client.delete_schedule_group(Name="jobs")
        backend.clock.advance(days=2)
        [delivery] = backend.deliveries.where(schedule="once")
        assert (delivery.status, delivery.reason) == ("dropped", "the schedule was deleted")

    def test_it_may_be_asked_for_again(self, backend, client, answer_of, error_of):
        client.delete_schedule_group(Name="jobs")
        backend.clock.advance(seconds=9)
        assert answer_of(client.delete_schedule_group, Name="jobs") == {}
        backend.clock.advance(seconds=1)
        assert error_of(client.get_schedule_group, Name="jobs") == GONE

    def test_meanwhile_the_name_is_taken(self, client, error_of):
        client.delete_schedule_group(Name="jobs")
        assert error_of(client.create_schedule_group, Name="jobs") == (
            "ConflictException",
            "Schedule group jobs already exists.",
        )

    def test_meanwhile_no_schedule_is_made_in_it(self, client, members, error_of):
        client.delete_schedule_group(Name="jobs")
        assert error_of(client.create_schedule, **members(GroupName="jobs")) == (
            "ConflictException",
            "Schedule group jobs is being deleted.",
        )

    def test_meanwhile_its_schedules_are_read_changed_and_deleted(self, client, members, names):
        client.delete_schedule_group(Name="jobs")
        client.update_schedule(**members("often", GroupName="jobs", Description="d"))
        assert client.get_schedule(Name="often", GroupName="jobs")["Description"] == "d"
        client.delete_schedule(Name="often", GroupName="jobs")
        assert names() == []

    def test_tags_do_not_stop_it(self, backend, client, error_of):
        client.delete_schedule_group(Name="jobs")
        client.tag_resource(ResourceArn=f"{ARN}/jobs", Tags=[{"Key": "k", "Value": "v"}])
        backend.clock.advance(seconds=10)
        assert error_of(client.get_schedule_group, Name="jobs") == GONE

    def test_a_group_of_the_name_may_be_made_again(self, backend, client, state_of, names):
        client.delete_schedule_group(Name="jobs")
        backend.clock.advance(seconds=10)
        client.create_schedule_group(Name="jobs")
        backend.clock.advance(minutes=10)
        assert (state_of(), names()) == ("ACTIVE", [])

    def test_without_a_delay_it_is_gone_at_once(self, backend, client, error_of, names):
        backend.delays.schedule_group_deletion = timedelta(0)
        client.delete_schedule_group(Name="jobs")
        assert error_of(client.get_schedule_group, Name="jobs") == GONE
        assert names() == []

    def test_a_restore_brings_it_back(self, backend, client, state_of, error_of):
        snapshot = backend.snapshot()
        client.delete_schedule_group(Name="jobs")
        deleting = backend.snapshot()
        backend.clock.advance(seconds=10)
        backend.restore(snapshot)
        backend.clock.advance(seconds=10)
        assert state_of() == "ACTIVE"
        backend.restore(deleting)
        assert state_of() == "DELETING"
        backend.clock.advance(seconds=10)
        assert error_of(client.get_schedule_group, Name="jobs") == GONE


def test_a_delivery_names_the_group_unless_it_is_the_default_one(backend, client, create):
    client.create_schedule_group(Name="jobs")
    create("s", "rate(1 day)")
    create("s", "rate(1 day)", GroupName="jobs")
    assert [repr(one).partition(" ->")[0] for one in backend.deliveries] == [
        "<schedule s",
        "<schedule s of group jobs",
    ]
