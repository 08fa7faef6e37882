"""``AWS::Scheduler::Schedule``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmock import OptionError

ROLE = "arn:aws:iam::123456789012:role/scheduler"
GROUP = {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "jobs"}}


def test_ref_is_the_name_and_the_arn_is_what_the_mock_made(client, deploy, properties):
    seen = {"Type": "AWS::Made::Up", "Properties": {"Ref": {"Ref": "X"}, "Arn": {"Fn::GetAtt": ["X", "Arn"]}}}
    deployment = deploy("Schedule", properties(Name="nightly"), Seen=seen)
    arn = client.get_schedule(Name="nightly")["Arn"]
    assert deployment["Seen"].properties == {"Ref": "nightly", "Arn": arn}
    assert (deployment["X"].ref, deployment["X"].arn) == ("nightly", arn)
    assert deployment.not_served == []


def test_a_name_is_made_of_at_most_64_characters(backend, client, properties):
    resources = {"L" * 200: {"Type": "AWS::Scheduler::Schedule", "Properties": properties()}}
    [made] = backend.deploy({"Resources": resources}, stack="S" * 128).resources.values()
    assert len(made.name) == 64
    assert [one["Name"] for one in client.list_schedules()["Schedules"]] == [made.name]


def test_each_property_reaches_the_schedule(client, deploy, properties):
    given = properties(
        "cron(30 2 * * ? *)",
        Name="nightly",
        GroupName={"Ref": "Group"},
        ScheduleExpressionTimezone="Europe/Berlin",
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": "15"},
        Description="d",
        State="DISABLED",
        KmsKeyArn="arn:aws:kms:us-east-1:123456789012:key/k",
        StartDate="2027-02-01T00:00:00Z",
        EndDate="2027-03-01T02:00:00.000+02:00",
    )
    given["Target"]["RetryPolicy"] = {"MaximumRetryAttempts": "3"}
    deploy("Schedule", given, Group=GROUP)
    shown = client.get_schedule(Name="nightly", GroupName="jobs")
    same = (
        "ScheduleExpression",
        "ScheduleExpressionTimezone",
        "Description",
        "State",
    )
    assert {name: shown[name] for name in same} == {name: given[name] for name in same}
    assert shown["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    assert shown["StartDate"] == datetime(2027, 2, 1, tzinfo=UTC)
    assert shown["EndDate"] == datetime(2027, 3, 1, tzinfo=UTC)
    assert shown["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 3}
    assert shown["Target"]["Input"] == "{}"


def test_the_parameters_of_ecs_are_spelled_as_in_the_api(client, deploy, properties):
    target = {
        "Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c",
        "RoleArn": ROLE,
        "EcsParameters": {
            "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t",
            "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Base": 1, "Weight": "2"}],
            "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["s"], "AssignPublicIp": "ENABLED"}},
            "PlacementConstraints": [{"Type": "distinctInstance"}],
            "PlacementStrategy": [{"Type": "spread", "Field": "instanceId"}],
            "Tags": [{"Key": "k", "Value": "v"}],
        },
    }
    deploy("Schedule", properties(Name="s", Target=target))
    shown = client.get_schedule(Name="s")["Target"]["EcsParameters"]
    assert shown == {
        "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t",
        "CapacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 1, "weight": 2}],
        "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["s"], "AssignPublicIp": "ENABLED"}},
        "PlacementConstraints": [{"type": "distinctInstance"}],
        "PlacementStrategy": [{"type": "spread", "field": "instanceId"}],
        "Tags": [{"Key": "k", "Value": "v"}],
    }


class TestUpdate:
    def test_it_replaces_all_members(self, client, deploy, properties):
        deploy("Schedule", properties(Name="s", Description="d", State="DISABLED"))
        created = client.get_schedule(Name="s")["CreationDate"]
        deploy("Schedule", properties("rate(1 day)", Name="s"))
        shown = client.get_schedule(Name="s")
        assert (shown["ScheduleExpression"], shown["State"]) == ("rate(1 day)", "ENABLED")
        assert "Description" not in shown
        assert shown["CreationDate"] == created

    def test_another_name_replaces_the_schedule(self, deploy, properties, names):
        deploy("Schedule", properties(Name="a"))
        deploy("Schedule", properties(Name="b"))
        assert names() == ["default/b"]

    def test_a_schedule_is_not_moved_to_another_group(self, deploy, refusal, properties, names):
        deploy("Schedule", properties(Name="s"), Group=GROUP)
        text = refusal("Schedule", properties(Name="s", GroupName="jobs"), Group=GROUP)
        assert "Resource of type 'AWS::Scheduler::Schedule' with identifier 's' was not found." in text
        assert text.endswith(
            "(CloudFormation cannot move a schedule from group default to jobs: give it another Name, too)"
        )
        assert names() == ["default/s"]

    def test_an_update_that_fails_later_is_undone(self, client, deploy, refusal, properties):
        deploy("Schedule", properties(Name="s", Description="before"))
        default = {
            "Type": "AWS::Scheduler::ScheduleGroup",
            "Properties": {"Name": "default"},
            "DependsOn": "X",
        }
        assert "default" in refusal("Schedule", properties(Name="s", Description="after"), Default=default)
        assert client.get_schedule(Name="s")["Description"] == "before"

    def test_with_another_name_it_is(self, deploy, properties, names):
        deploy("Schedule", properties(Name="s"), Group=GROUP)
        deploy("Schedule", properties(Name="t", GroupName="jobs"), Group=GROUP)
        assert names() == ["jobs/t"]


class TestRemoval:
    def test_it_goes_with_its_stack(self, backend, deploy, properties, names):
        deployment = deploy("Schedule", properties("rate(1 day)"))
        assert len(names()) == 1
        deployment.delete()
        backend.clock.advance(days=3)
        assert names() == []
        assert len(backend.deliveries) == 1

    def test_one_of_a_group_that_stays_goes_with_its_stack(self, client, deploy, properties, names):
        client.create_schedule_group(Name="jobs")
        deploy("Schedule", properties(GroupName="jobs")).delete()
        assert names() == []

    def test_one_of_a_group_that_stays_goes_when_the_deployment_fails(
        self, client, refusal, properties, names
    ):
        client.create_schedule_group(Name="jobs")
        wrong = {"Type": "AWS::Scheduler::Schedule", "Properties": properties("rate(1 dya)")}
        refusal("Schedule", properties(GroupName="jobs"), Y=wrong)
        assert names() == []

    def test_one_that_the_code_has_deleted_is_not_missed(self, client, deploy, properties, names):
        deployment = deploy("Schedule", properties(Name="s"))
        client.delete_schedule(Name="s")
        deployment.delete()
        assert names() == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"ScheduleExpression": "rate(1 dya)"}, "Invalid Schedule Expression rate(1 dya)."),
            (
                {"ActionAfterCompletion": "DELETE"},
                "#: extraneous key [ActionAfterCompletion] is not permitted; only the API has it",
            ),
            ({"ScheduleExpressionTimezone": "Europe/Berln"}, "did you mean Europe/Berlin?"),
            (
                {"FlexibleTimeWindow": {"Mode": False}},
                "(in YAML, OFF without quotes is false: write Mode: 'OFF')",
            ),
            ({"GroupName": "nope"}, "Schedule group nope does not exist."),
            (
                {"StartDate": "tomorrow"},
                "#/StartDate: [tomorrow] is not a valid date-time; wanted such as 2030-",
            ),
            ({"Timezone": "UTC"}, "extraneous key [Timezone] is not permitted"),
            (
                {"FlexibleTimeWindow": {"Mode": "OFF", "Minutes": 1}},
                "#/FlexibleTimeWindow: extraneous key [Minutes]",
            ),
        ],
    )
    def test_a_wrong_property(self, refusal, properties, more, words):
        assert words in refusal("Schedule", properties(**more))

    @pytest.mark.parametrize("name", ["ScheduleExpression", "Target", "FlexibleTimeWindow"])
    def test_a_missing_property(self, refusal, properties, name):
        given = {key: value for key, value in properties().items() if key != name}
        assert f"#: required key [{name}] not found" in refusal("Schedule", given)

    def test_a_schedule_that_exists(self, create, refusal, properties):
        create("s")
        assert "Schedule s already exists." in refusal("Schedule", properties(Name="s"))

    def test_a_type_that_there_is_not(self, refusal):
        text = refusal("Schedules")
        assert "Unrecognized resource types: [AWS::Scheduler::Schedules]" in text
        assert "did you mean AWS::Scheduler::Schedule?" in text


class TestDeploymentSchedule:
    def test_it_tells_when_the_schedule_fires(self, deploy, properties):
        deployment = deploy("Schedule", properties("rate(1 day)", GroupName={"Ref": "Group"}), Group=GROUP)
        schedule = deployment.schedule("X")
        assert (schedule.group, schedule.arn) == ("jobs", deployment["X"].arn)
        assert schedule.next_firings(1)[0].scheduled == datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=1)

    def test_another_resource_is_told(self, deploy):
        deployment = deploy("ScheduleGroup")
        with pytest.raises(
            OptionError, match=r"that is an AWS::Scheduler::ScheduleGroup, not an AWS::Scheduler"
        ):
            deployment.schedule("X")


class TestSam:
    @pytest.fixture
    def deployment(self, backend):
        """A function of SAM with an event ScheduleV2, and what its handler has got in `got`."""
        pytest.importorskip("samtranslator")
        nightly = {
            "ScheduleExpression": "cron(30 2 * * ? *)",
            "ScheduleExpressionTimezone": "Europe/Berlin",
            "Input": '{"run": "nightly"}',
            "RetryPolicy": {"MaximumRetryAttempts": 2},
        }
        function = {
            "Handler": "jobs.run",
            "Runtime": "python3.12",
            "CodeUri": ".",
            "Events": {"Nightly": {"Type": "ScheduleV2", "Properties": nightly}},
        }
        template = {
            "Transform": "AWS::Serverless-2016-10-31",
            "Resources": {"Job": {"Type": "AWS::Serverless::Function", "Properties": function}},
        }
        self.got = []
        handlers = {"Job": lambda event, _context: self.got.append(event)}
        return backend.deploy(template, stack="shop", handlers=handlers)

    def test_an_event_is_a_schedule(self, client, deployment):
        shown = client.get_schedule(Name="JobNightly")
        assert shown["ScheduleExpressionTimezone"] == "Europe/Berlin"
        assert shown["Target"]["Arn"] == deployment["Job"].arn
        assert shown["Target"]["RoleArn"] == deployment["JobNightlyRole"].arn
        assert shown["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 2

    def test_it_calls_the_handler(self, backend, deployment):
        backend.clock.move_to(deployment.schedule("JobNightly").next_firings(1)[0].fires)
        assert f"{backend.clock.now():%d %H:%M}" == "01 01:30"
        assert self.got == [{"run": "nightly"}]

    def test_it_goes_with_its_stack(self, deployment, names):
        deployment.delete()
        assert names() == []
