from __future__ import annotations

import pytest

ARN = "arn:aws:app-integrations:us-east-1:123456789012:event-integration/"
SOURCE = "aws.partner/example.com/crm"
CRM = {"Name": "crm", "EventFilter": {"Source": SOURCE}, "EventBridgeBus": SOURCE}
NOT_FOUND = "ResourceNotFoundException", "Event integration nope was not found."


def test_one_is_made_and_shown(client, answer_of):
    given = CRM | {"Description": "d", "Tags": {"team": "sales"}}
    assert answer_of(client.create_event_integration, **given) == {"EventIntegrationArn": f"{ARN}crm"}
    assert answer_of(client.get_event_integration, Name="crm") == given | {"EventIntegrationArn": f"{ARN}crm"}


def test_what_was_not_given_is_not_shown(client, answer_of):
    client.create_event_integration(**CRM)
    shown = CRM | {"EventIntegrationArn": f"{ARN}crm", "Tags": {}}
    assert answer_of(client.get_event_integration, Name="crm") == shown
    assert answer_of(client.list_event_integrations) == {"EventIntegrations": [shown]}


@pytest.mark.parametrize("name", ["a/b", "a/associations", "a.b-c_d", "/", "a" * 255])
def test_a_name_may_be_anything_that_the_model_allows(client, event_integration, name):
    arn = event_integration(name)
    assert arn == ARN + name
    assert client.get_event_integration(Name=name)["Name"] == name
    client.update_event_integration(Name=name, Description="new")
    assert (
        client.list_event_integration_associations(EventIntegrationName=name)["EventIntegrationAssociations"]
        == []
    )
    client.tag_resource(resourceArn=arn, tags={"k": "v"})
    assert client.get_event_integration(Name=name)["Tags"] == {"k": "v"}
    client.delete_event_integration(Name=name)
    assert client.list_event_integrations()["EventIntegrations"] == []


def test_the_bus_and_the_source_need_not_exist(client, event_integration):
    event_integration(EventBridgeBus="nope", EventFilter={"Source": "aws.partner/nobody"})
    assert client.get_event_integration(Name="crm")["EventBridgeBus"] == "nope"


def test_an_update_changes_the_description_alone(client, answer_of):
    client.create_event_integration(**CRM, Description="old")
    before = answer_of(client.get_event_integration, Name="crm")
    assert answer_of(client.update_event_integration, Name="crm", Description="new") == {}
    assert answer_of(client.get_event_integration, Name="crm") == before | {"Description": "new"}
    client.update_event_integration(Name="crm")
    assert client.get_event_integration(Name="crm")["Description"] == "new"


def test_one_that_is_deleted_is_gone_and_may_be_made_anew(client, event_integration, answer_of):
    event_integration(Tags={"k": "v"})
    assert answer_of(client.delete_event_integration, Name="crm") == {}
    assert answer_of(client.list_event_integrations) == {"EventIntegrations": []}
    event_integration()
    assert client.get_event_integration(Name="crm")["Tags"] == {}


def test_a_name_is_taken_once(client, event_integration, error_of):
    event_integration()
    error = error_of(client.create_event_integration, **CRM)
    assert error == ("DuplicateResourceException", "Event integration crm already exists.")


def test_one_that_is_not_there_is_not_found(client, error_of):
    for call in (
        client.get_event_integration,
        client.update_event_integration,
        client.delete_event_integration,
    ):
        assert error_of(call, Name="nope") == NOT_FOUND
    assert error_of(client.list_event_integration_associations, EventIntegrationName="nope") == NOT_FOUND


def test_one_with_associations_is_not_deleted(events_backend, client, event_integration, error_of):
    event_integration()
    arn = events_backend.appintegrations.add_event_integration_association("crm", client_id="c", rule="r")
    code, message = error_of(client.delete_event_integration, Name="crm")
    assert (code, message) == ("InvalidRequestException", f"{ARN}crm has associations. Delete them first.")
    events_backend.appintegrations.remove_association(arn)
    client.delete_event_integration(Name="crm")
    assert client.list_event_integrations()["EventIntegrations"] == []


class TestBusesThatAreChecked:
    @pytest.fixture(autouse=True)
    def _check(self, events_backend):
        events_backend.appintegrations.checks_event_buses = True
        partner = events_backend.client(account="222222222222")
        partner.create_partner_event_source(Name=f"{SOURCE}/1", Account="123456789012")

    def test_a_bus_that_is_not_there_is_refused(self, client, event_integration, error_of):
        error = error_of(client.create_event_integration, **CRM)
        assert error == ("InvalidRequestException", f"Event bus {SOURCE} does not exist.")
        assert client.list_event_integrations()["EventIntegrations"] == []

    @pytest.mark.parametrize("source", ["aws.partner/example.com", SOURCE, f"{SOURCE}/1"])
    def test_a_source_that_was_offered_is_taken_by_its_name_or_the_beginning_of_it(
        self, event_integration, source
    ):
        assert event_integration(EventFilter={"Source": source}) == f"{ARN}crm"

    @pytest.mark.parametrize(
        "source", ["aws.partner/example.co", f"{SOURCE}/2", "aws.partner/example.com/cr"]
    )
    def test_a_source_that_was_not_offered_is_refused(self, client, error_of, source):
        wanted = CRM | {"EventBridgeBus": "default", "EventFilter": {"Source": source}}
        error = error_of(client.create_event_integration, **wanted)
        assert error == ("InvalidRequestException", f"Event source {source} does not exist.")

    def test_a_source_that_the_partner_took_back_is_refused(self, events_backend, client, error_of):
        name = f"{SOURCE}/1"
        events_backend.client().create_event_bus(Name=name, EventSourceName=name)
        wanted = CRM | {"EventBridgeBus": name}
        client.create_event_integration(**wanted)
        partner = events_backend.client(account="222222222222")
        partner.delete_partner_event_source(Name=name, Account="123456789012")
        error = error_of(client.create_event_integration, **wanted | {"Name": "other"})
        assert error == ("InvalidRequestException", f"Event source {SOURCE} does not exist.")

    def test_other_sources_are_not_checked(self, event_integration):
        for number, source in enumerate(("aws.cases", "app-integrations.webhooks/w")):
            event_integration(f"crm{number}", EventFilter={"Source": source})
