from __future__ import annotations

import pytest

from eventmock import NoSuchIntegration

ARN = "arn:aws:app-integrations:us-east-1:123456789012:event-integration-association/"


def test_what_another_service_made_is_listed(events_backend, client, event_integration, answer_of):
    event_integration("a/b")
    arn = events_backend.appintegrations.add_event_integration_association(
        "a/b", client_id="connect", rule="AppIntegrations-crm", metadata={"k": "v"}
    )
    head, _, new_id = arn.rpartition("/")
    assert head == f"{ARN}a/b"
    assert answer_of(client.list_event_integration_associations, EventIntegrationName="a/b") == {
        "EventIntegrationAssociations": [
            {
                "EventIntegrationAssociationArn": arn,
                "EventIntegrationAssociationId": new_id,
                "EventIntegrationName": "a/b",
                "ClientId": "connect",
                "EventBridgeRuleName": "AppIntegrations-crm",
                "ClientAssociationMetadata": {"k": "v"},
            }
        ]
    }


def test_an_integration_shows_its_own_alone(events_backend, client, event_integration):
    for name in ("a", "b"):
        event_integration(name)
        events_backend.appintegrations.add_event_integration_association(name, client_id=name, rule="r")
    answer = client.list_event_integration_associations(EventIntegrationName="b")
    [association] = answer["EventIntegrationAssociations"]
    assert (association["ClientId"], "ClientAssociationMetadata" in association) == ("b", False)


def test_one_of_another_account_and_region(events_backend):
    place = {"account": "222222222222", "region": "eu-west-1"}
    there = events_backend.client("appintegrations", **place)
    there.create_event_integration(
        Name="crm", EventFilter={"Source": "aws.partner/example.com"}, EventBridgeBus="default"
    )
    arn = events_backend.appintegrations.add_event_integration_association(
        "crm", client_id="c", rule="r", **place
    )
    assert arn.split(":")[3:5] == ["eu-west-1", "222222222222"]
    assert (
        len(
            there.list_event_integration_associations(EventIntegrationName="crm")[
                "EventIntegrationAssociations"
            ]
        )
        == 1
    )


def test_an_integration_that_is_not_there_is_said_to_the_tester(events_backend):
    with pytest.raises(
        NoSuchIntegration, match="in 123456789012, us-east-1: Event integration nope was not found"
    ):
        events_backend.appintegrations.add_event_integration_association("nope", client_id="c", rule="r")


def test_what_is_no_association_cannot_be_removed_as_one(events_backend, event_integration):
    for arn in (event_integration(), "nope"):
        with pytest.raises(NoSuchIntegration, match=f"there is no association '{arn}'"):
            events_backend.appintegrations.remove_association(arn)
