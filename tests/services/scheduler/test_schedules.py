from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events

ARN = "arn:aws:scheduler:us-east-1:123456789012:schedule"
BEGIN = datetime(2027, 1, 1, tzinfo=UTC)


class TestCreation:
    def test_the_arn_has_group_and_name(self, client, create):
        client.create_schedule_group(Name="jobs")
        assert create("s") == f"{ARN}/default/s"
        assert create("s", GroupName="jobs") == f"{ARN}/jobs/s"

    def test_what_is_left_out_has_its_default(self, client, create, members, answer_of):
        create()
        shown = answer_of(client.get_schedule, Name="s")
        target = members()["Target"]
        policy = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
        assert shown == {
            "Arn": f"{ARN}/default/s",
            "Name": "s",
            "GroupName": "default",
            "ScheduleExpression": "at(2035-01-01T00:00:00)",
            "ScheduleExpressionTimezone": "UTC",
            "State": "ENABLED",
            "ActionAfterCompletion": "NONE",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": target | {"RetryPolicy": policy},
            "CreationDate": BEGIN,
            "LastModificationDate": BEGIN,
        }

    def test_what_is_given_is_shown(self, client, create):
        given = {
            "ScheduleExpressionTimezone": "Asia/Kathmandu",
            "State": "DISABLED",
            "ActionAfterCompletion": "DELETE",
            "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 7},
            "StartDate": datetime(2027, 2, 1, 3, 4, 5, tzinfo=UTC),
            "EndDate": datetime(2027, 3, 1, tzinfo=UTC),
            "Description": "",
            "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k",
        }
        create("s", "RATE(1minute)", **given)
        shown = client.get_schedule(Name="s")
        assert {name: shown[name] for name in given} == given
        assert shown["ScheduleExpression"] == "RATE(1minute)"

    def test_dates_have_milliseconds(self, backend, client, create):
        backend.clock.advance(timedelta(milliseconds=1, microseconds=400))
        create()
        shown = client.get_schedule(Name="s")
        assert shown["CreationDate"] == shown["LastModificationDate"] == BEGIN + timedelta(milliseconds=1)

    def test_a_name_is_taken_once_in_a_group(self, client, create, members, error_of):
        create()
        assert error_of(client.create_schedule, **members(expression="rate(1 day)")) == (
            "ConflictException",
            "Schedule s already exists.",
        )

    def test_the_group_has_to_exist(self, client, members, error_of):
        assert error_of(client.create_schedule, **members(GroupName="nope")) == (
            "ResourceNotFoundException",
            "Schedule group nope does not exist.",
        )

    def test_a_refused_schedule_is_not_there(self, client, members, error_of, names):
        error_of(client.create_schedule, **members(GroupName="nope"))
        error_of(client.create_schedule, **members(expression="rate(1 year)"))
        assert names() == []


class TestUpdate:
    def test_it_replaces_all_members(self, backend, client, create, members):
        create(
            Description="d", State="DISABLED", ActionAfterCompletion="DELETE", ScheduleExpressionTimezone="Asia/Tokyo"
        )  # fmt: skip
        backend.clock.advance(seconds=3)
        answer = client.update_schedule(**members(expression="rate(2 days)"))
        shown = client.get_schedule(Name="s")
        assert answer["ScheduleArn"] == shown["Arn"] == f"{ARN}/default/s"
        assert "Description" not in shown
        assert (shown["State"], shown["ActionAfterCompletion"]) == ("ENABLED", "NONE")
        assert (shown["ScheduleExpression"], shown["ScheduleExpressionTimezone"]) == ("rate(2 days)", "UTC")
        assert shown["CreationDate"] == BEGIN
        assert shown["LastModificationDate"] == BEGIN + timedelta(seconds=3)

    def test_a_refused_update_changes_nothing(self, client, create, members, error_of, answer_of):
        create(Description="d")
        before = answer_of(client.get_schedule, Name="s")
        code, _ = error_of(client.update_schedule, **members(expression="cron(INVALID)"))
        assert code == "ValidationException"
        assert answer_of(client.get_schedule, Name="s") == before

    def test_the_group_finds_the_schedule(self, client, create, members, error_of):
        client.create_schedule_group(Name="jobs")
        create(GroupName="jobs")
        assert error_of(client.update_schedule, **members()) == (
            "ResourceNotFoundException",
            "Schedule s does not exist.",
        )
        client.update_schedule(**members(GroupName="jobs", Description="d"))
        assert client.get_schedule(Name="s", GroupName="jobs")["Description"] == "d"

    def test_a_start_date_of_the_past_may_stay(self, backend, client, create, members, error_of):
        start = BEGIN + timedelta(days=1)
        create(expression="rate(1 day)", StartDate=start)
        backend.clock.advance(days=30)
        client.update_schedule(**members(expression="rate(1 day)", StartDate=start, Description="d"))
        code, message = error_of(
            client.update_schedule,
            **members(expression="rate(1 day)", StartDate=start + timedelta(seconds=1)),
        )
        assert (code, message) == (
            "ValidationException",
            "The StartDate you specify cannot be earlier than 5 minutes ago.",
        )

    def test_a_schedule_that_does_not_exist(self, client, members, error_of):
        assert error_of(client.update_schedule, **members()) == (
            "ResourceNotFoundException",
            "Schedule s does not exist.",
        )


class TestDeletion:
    def test_it_is_gone(self, client, create, error_of, answer_of, names):
        create()
        assert answer_of(client.delete_schedule, Name="s") == {}
        assert names() == []
        gone = ("ResourceNotFoundException", "Schedule s does not exist.")
        assert error_of(client.get_schedule, Name="s") == gone
        assert error_of(client.delete_schedule, Name="s") == gone

    def test_a_schedule_that_is_made_again_is_a_new_one(self, backend, client, create):
        create()
        client.delete_schedule(Name="s")
        backend.clock.advance(seconds=1)
        create()
        assert client.get_schedule(Name="s")["CreationDate"] == BEGIN + timedelta(seconds=1)


class TestTheHint:
    """The code under test gets AWS's words; the report has ours, too."""

    def hint_of(self, backend, error_of, call, **members):
        error_of(call, **members)
        return str(backend.report())

    def test_a_similar_name(self, backend, client, create, error_of):
        create("nightly")
        assert "did you mean nightly?" in self.hint_of(backend, error_of, client.get_schedule, Name="nigthly")

    def test_another_group(self, backend, client, create, error_of):
        client.create_schedule_group(Name="jobs")
        create("nightly", GroupName="jobs")
        assert (
            "group default has none of that name, but group jobs has: give GroupName='jobs'"
            in self.hint_of(backend, error_of, client.get_schedule, Name="nightly")
        )

    def test_another_region(self, backend, create, error_of):
        create("nightly")
        elsewhere = backend.client("scheduler", region="eu-west-1")
        assert "there is one of that name in 123456789012, us-east-1" in self.hint_of(
            backend, error_of, elsewhere.get_schedule, Name="nightly"
        )

    def test_it_was_deleted(self, backend, client, create, error_of):
        create("nightly")
        client.delete_schedule(Name="nightly")
        assert "(it was deleted, at 2027-01-01 00:00:00 UTC)" in self.hint_of(
            backend, error_of, client.get_schedule, Name="nightly"
        )

    def test_it_had_completed(self, backend, client, create, error_of):
        create("s", "at(2027-01-01T09:00:00)", ActionAfterCompletion="DELETE")
        backend.clock.advance(days=1)
        assert (
            "(it had completed and was deleted, as ActionAfterCompletion asks, at 2027-01-01 09:00:00 UTC)"
            in self.hint_of(backend, error_of, client.delete_schedule, Name="s")
        )

    def test_one_that_was_made_again_after_it_was_deleted_and_has_another_group_now(
        self, backend, client, create, error_of
    ):
        client.create_schedule_group(Name="jobs")
        create("s")
        client.delete_schedule(Name="s")
        create("s", GroupName="jobs")
        assert "but group jobs has: give GroupName='jobs'" in self.hint_of(
            backend, error_of, client.get_schedule, Name="s"
        )

    def test_the_groups_that_there_are(self, backend, create, error_of, client, members):
        client.create_schedule_group(Name="nightly")
        assert "Schedule group jobs does not exist. (groups there: default and nightly)" in self.hint_of(
            backend, error_of, client.create_schedule, **members(GroupName="jobs")
        )


class TestList:
    @pytest.fixture(autouse=True)
    def _schedules(self, client, create):
        for group in ("b", "a", "a-b"):
            client.create_schedule_group(Name=group)
        for name, more in (
            ("job-2", {"GroupName": "b"}),
            ("job-1", {"GroupName": "a-b", "State": "DISABLED"}),
            ("other", {"GroupName": "a"}),
            ("job-3", {}),
        ):
            create(name, **more)

    def test_the_order_is_by_group_then_by_name(self, names):
        assert names() == ["a/other", "a-b/job-1", "b/job-2", "default/job-3"]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"GroupName": "a"}, ["a/other"]),
            ({"NamePrefix": "job"}, ["a-b/job-1", "b/job-2", "default/job-3"]),
            ({"NamePrefix": "Job"}, []),
            ({"State": "DISABLED"}, ["a-b/job-1"]),
            ({"State": "ENABLED", "NamePrefix": "job", "GroupName": "b"}, ["b/job-2"]),
            ({"State": "DISABLED", "GroupName": "b"}, []),
        ],
    )
    def test_all_filters_hold(self, names, filters, found):
        assert names(**filters) == found

    def test_an_item_has_the_arn_of_its_target_only(self, client, answer_of):
        [item] = answer_of(client.list_schedules, GroupName="a")["Schedules"]
        shown = client.get_schedule(Name="other", GroupName="a")
        same = ("Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate")
        assert item == {name: shown[name] for name in same} | {"Target": {"Arn": shown["Target"]["Arn"]}}

    def test_a_group_that_does_not_exist(self, client, error_of):
        assert error_of(client.list_schedules, GroupName="nope") == (
            "ResourceNotFoundException",
            "Schedule group nope does not exist.",
        )

    def test_pages_follow_one_another(self, client):
        first = client.list_schedules(MaxResults=3)
        second = client.list_schedules(MaxResults=3, NextToken=first["NextToken"])
        assert [len(page["Schedules"]) for page in (first, second)] == [3, 1]
        assert "NextToken" not in second
        pages = client.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 1})
        assert [one["Name"] for one in pages.search("Schedules")] == ["other", "job-1", "job-2", "job-3"]

    def test_a_page_has_100_items(self, client, create):
        for number in range(100):
            create(f"n{number}")
        assert len(client.list_schedules()["Schedules"]) == 100

    @pytest.mark.parametrize("filters", [{}, {"NamePrefix": "job"}, {"GroupName": "a"}])
    def test_a_token_belongs_to_its_filters(self, client, error_of, filters):
        token = client.list_schedules(MaxResults=1, State="ENABLED")["NextToken"]
        for wrong in (token, "forged"):
            assert error_of(client.list_schedules, NextToken=wrong, **filters) == (
                "ValidationException",
                "Invalid token.",
            )


class TestPlaces:
    def test_accounts_and_regions_have_their_own(self, backend, create, names):
        create()
        for place in ({"account": "222222222222"}, {"region": "eu-west-1"}):
            assert backend.client("scheduler", **place).list_schedules()["Schedules"] == []
        assert names() == ["default/s"]

    def test_a_reset_forgets_them_and_a_snapshot_brings_them_back(self, backend, client, create, names):
        client.create_schedule_group(Name="jobs")
        create(GroupName="jobs")
        snapshot = backend.snapshot()
        backend.reset()
        assert names() == []
        assert [one["Name"] for one in client.list_schedule_groups()["ScheduleGroups"]] == ["default"]
        backend.restore(snapshot)
        assert names() == ["jobs/s"]

    def test_a_schedule_that_a_restore_brings_back_fires(self, backend, client, create):
        create(expression="at(2027-01-01T00:01:00)")
        snapshot = backend.snapshot()
        for _ in range(2):
            backend.clock.advance(minutes=1)
            [delivery] = backend.deliveries
            assert delivery.schedule_name == "s"
            backend.restore(snapshot)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "delete"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["default", "jobs"]),
        st.sampled_from(["ENABLED", "DISABLED"]),
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_what_is_listed_is_what_was_made_last(steps):
    queue, role = "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:iam::123456789012:role/r"
    kept = {}
    with mock_events(isolated=True) as backend:
        client = backend.client("scheduler")
        client.create_schedule_group(Name="jobs")
        for verb, name, group, state in steps:
            members = {"Name": name, "GroupName": group}
            if verb != "delete":
                members |= {
                    "ScheduleExpression": "at(2035-01-01T00:00:00)",
                    "FlexibleTimeWindow": {"Mode": "OFF"},
                    "Target": {"Arn": queue, "RoleArn": role},
                    "State": state,
                }
            is_allowed = ((group, name) in kept) != (verb == "create")
            try:
                getattr(client, f"{verb}_schedule")(**members)
            except (client.exceptions.ConflictException, client.exceptions.ResourceNotFoundException):
                assert not is_allowed
                continue
            assert is_allowed
            if verb == "delete":
                del kept[group, name]
            else:
                kept[group, name] = state
        listed = {
            (one["GroupName"], one["Name"]): one["State"] for one in client.list_schedules()["Schedules"]
        }
        assert listed == kept
