from __future__ import annotations

from datetime import timedelta

import pytest

from eventmock import NoSuchIntegration

ARN = "arn:aws:app-integrations:us-east-1:123456789012:data-integration-association/"
ON_DEMAND = {
    "ExecutionMode": "ON_DEMAND",
    "OnDemandConfiguration": {"StartTime": "0", "EndTime": "1700000000000"},
}
SCHEDULED = {"ExecutionMode": "SCHEDULED", "ScheduleConfiguration": {"ScheduleExpression": "rate(1 hour)"}}
RUNNING, COMPLETED = {"ExecutionStatus": "IN_PROGRESS"}, {"ExecutionStatus": "COMPLETED"}

pytestmark = pytest.mark.eventmock(start_time="2026-01-01T00:00:00Z")


@pytest.fixture
def associations(client):
    """A function that gives the associations of the data integration."""
    return lambda: client.list_data_integration_associations(DataIntegrationIdentifier="files")[
        "DataIntegrationAssociations"
    ]


def test_what_another_service_made_is_listed(events_backend, data_integration, associations, operation):
    identifier, arn = data_integration()
    association = events_backend.appintegrations.add_data_integration_association(
        identifier,
        client_id="connect",
        DestinationURI="s3://bucket/there",
        LastExecutionStatus={"ExecutionStatus": "FAILED", "StatusMessage": "no"},
    )
    assert association.startswith(f"{ARN}{identifier}/")
    known = operation("ListDataIntegrationAssociations").output_shape.members["DataIntegrationAssociations"]
    shown = {
        "DataIntegrationAssociationArn": association,
        "DataIntegrationArn": arn,
        "ClientId": "connect",
        "DestinationURI": "s3://bucket/there",
        "LastExecutionStatus": {"ExecutionStatus": "FAILED", "StatusMessage": "no"},
    }
    assert associations() == [{name: one for name, one in shown.items() if name in known.member.members}]


def test_an_integration_that_is_not_there_is_said_to_the_tester(events_backend):
    with pytest.raises(NoSuchIntegration, match="Data integration nope was not found"):
        events_backend.appintegrations.add_data_integration_association("nope", client_id="c")


class TestMadeByTheCaller:
    @pytest.fixture(autouse=True)
    def _integration(self, operation, data_integration):
        operation("CreateDataIntegrationAssociation")
        self.id, self.arn = data_integration()

    def associate(self, client, configuration=SCHEDULED, identifier="files", **members):
        return client.create_data_integration_association(
            DataIntegrationIdentifier=identifier, ExecutionConfiguration=configuration, **members
        )

    @pytest.mark.parametrize("by", ["Id", "Arn", "Name"])
    def test_one_is_made_and_shown(self, client, associations, by):
        identifier = client.get_data_integration(Identifier="files")[by]
        answer = self.associate(
            client,
            identifier=identifier,
            ClientId="c",
            DestinationURI="s3://bucket/there",
            ObjectConfiguration={"object": {"fields": ["id"]}},
            ClientAssociationMetadata={"k": "v"},
        )
        assert (answer.pop("ResponseMetadata")["HTTPStatusCode"], answer["DataIntegrationArn"]) == (
            200,
            self.arn,
        )
        assert set(answer) == {"DataIntegrationAssociationId", "DataIntegrationArn"}
        assert associations() == [
            {
                "DataIntegrationAssociationArn": f"{ARN}{self.id}/{answer['DataIntegrationAssociationId']}",
                "DataIntegrationArn": self.arn,
                "ClientId": "c",
                "DestinationURI": "s3://bucket/there",
                "ExecutionConfiguration": SCHEDULED,
            }
        ]

    def test_nothing_but_the_integration_need_be_said(self, client, associations):
        client.create_data_integration_association(DataIntegrationIdentifier="files")
        [association] = associations()
        assert set(association) == {"DataIntegrationAssociationArn", "DataIntegrationArn"}

    def test_an_integration_is_associated_once(self, events_backend, client, error_of, associations):
        refused = "InvalidRequestException", "Data integration files was associated before."
        self.associate(client)
        again = {"DataIntegrationIdentifier": "files"}
        assert error_of(client.create_data_integration_association, **again) == refused
        [association] = associations()
        events_backend.appintegrations.remove_association(association["DataIntegrationAssociationArn"])
        assert error_of(client.create_data_integration_association, **again) == refused

    def test_a_job_on_demand_runs_and_ends_on_the_clock(self, client, associations, pass_time):
        self.associate(client, ON_DEMAND)
        assert associations()[0]["LastExecutionStatus"] == RUNNING
        pass_time(seconds=9)
        assert associations()[0]["LastExecutionStatus"] == RUNNING
        pass_time(seconds=1)
        assert associations()[0]["LastExecutionStatus"] == COMPLETED

    def test_an_update_runs_it_again(self, events_backend, client, answer_of, associations, pass_time):
        new_id = self.associate(client, ON_DEMAND)["DataIntegrationAssociationId"]
        pass_time(seconds=10)
        events_backend.appintegrations.execution_time = timedelta(minutes=1)
        other = {"ExecutionMode": "ON_DEMAND", "OnDemandConfiguration": {"StartTime": "1"}}
        for identifier in (new_id, associations()[0]["DataIntegrationAssociationArn"]):
            wanted = {
                "DataIntegrationIdentifier": self.id,
                "DataIntegrationAssociationIdentifier": identifier,
            }
            answer = answer_of(
                client.update_data_integration_association, **wanted, ExecutionConfiguration=other
            )
            assert answer == {}
            assert associations()[0]["ExecutionConfiguration"] == other
            assert associations()[0]["LastExecutionStatus"] == RUNNING
            pass_time(seconds=59)
        pass_time(seconds=59)
        assert associations()[0]["LastExecutionStatus"] == COMPLETED

    def test_what_is_on_the_clock_names_the_association(self, events_backend, client):
        new_id = self.associate(client, ON_DEMAND)["DataIntegrationAssociationId"]
        [due] = events_backend.clock.pending
        assert due.what == f"the job of data integration association {ARN}{self.id}/{new_id} ends"

    def test_tagging_does_not_stop_the_job(self, client, associations, pass_time):
        self.associate(client, ON_DEMAND)
        client.tag_resource(resourceArn=associations()[0]["DataIntegrationAssociationArn"], tags={"k": "v"})
        pass_time(seconds=10)
        assert associations()[0]["LastExecutionStatus"] == COMPLETED

    def test_the_job_of_an_association_that_is_gone_does_nothing(
        self, events_backend, client, associations, pass_time
    ):
        self.associate(client, ON_DEMAND)
        [association] = associations()
        events_backend.appintegrations.remove_association(association["DataIntegrationAssociationArn"])
        pass_time(seconds=10)
        assert associations() == []

    def test_a_snapshot_keeps_the_job(self, events_backend, client, associations, pass_time):
        self.associate(client, ON_DEMAND)
        snapshot = events_backend.snapshot()
        for _ in range(2):
            events_backend.restore(snapshot)
            assert associations()[0]["LastExecutionStatus"] == RUNNING
            pass_time(seconds=10)
            assert associations()[0]["LastExecutionStatus"] == COMPLETED

    @pytest.mark.parametrize("times", [{"StartTime": "today"}, {"StartTime": "0", "EndTime": "-1"}])
    def test_times_are_epoch_milliseconds(self, client, error_of, associations, times):
        configuration = {"ExecutionMode": "ON_DEMAND", "OnDemandConfiguration": times}
        name = list(times)[-1]
        wanted = {"DataIntegrationIdentifier": "files", "ExecutionConfiguration": configuration}
        refused = "InvalidRequestException", f"{name} must be an epoch timestamp in milliseconds."
        assert error_of(client.create_data_integration_association, **wanted) == refused
        assert associations() == []
        new_id = self.associate(client)["DataIntegrationAssociationId"]
        wanted["DataIntegrationAssociationIdentifier"] = new_id
        assert error_of(client.update_data_integration_association, **wanted) == refused
        assert associations()[0]["ExecutionConfiguration"] == SCHEDULED

    def test_what_is_not_there_is_not_found(self, client, data_integration, error_of):
        new_id = self.associate(client)["DataIntegrationAssociationId"]
        data_integration("other")
        not_found = "ResourceNotFoundException"
        nope = error_of(client.create_data_integration_association, DataIntegrationIdentifier="nope")
        assert nope == (not_found, "Data integration nope was not found.")
        for integration, association, what in (
            ("nope", new_id, "Data integration nope"),
            ("files", "nope", "Data integration association nope"),
            ("other", new_id, f"Data integration association {new_id}"),
        ):
            error = error_of(
                client.update_data_integration_association,
                DataIntegrationIdentifier=integration,
                DataIntegrationAssociationIdentifier=association,
                ExecutionConfiguration=SCHEDULED,
            )
            assert error == (not_found, f"{what} was not found.")
