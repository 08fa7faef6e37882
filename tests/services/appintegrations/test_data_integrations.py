from __future__ import annotations

import pytest

ARN = "arn:aws:app-integrations:us-east-1:123456789012:data-integration/"
FILES = {
    "Name": "files",
    "Description": "d",
    "KmsKey": "alias/k",
    "SourceURI": "s3://bucket/folder",
    "Tags": {"team": "sales"},
    "FileConfiguration": {"Folders": ["a"], "Filters": {"type": ["pdf", "txt"]}},
    "ObjectConfiguration": {"object": {"fields": ["id"]}},
}
SCHEDULE = {"ScheduleExpression": "rate(1 hour)", "FirstExecutionFrom": "1700000000000", "Object": "Account"}


def test_one_is_made_and_shown(client, answer_of):
    answer = answer_of(client.create_data_integration, **FILES, ScheduleConfig=SCHEDULE, ClientToken="t")
    identity = {"Arn": ARN + answer["Id"], "Id": answer["Id"]}
    assert answer == FILES | identity | {"ScheduleConfiguration": SCHEDULE, "ClientToken": "t"}
    shown = FILES | identity | {"ScheduleConfiguration": SCHEDULE}
    for identifier in (*identity.values(), "files"):
        assert answer_of(client.get_data_integration, Identifier=identifier) == shown
    listed = {name: shown[name] for name in ("Arn", "Name", "SourceURI")}
    assert answer_of(client.list_data_integrations) == {"DataIntegrations": [listed]}


def test_what_was_not_given_is_not_shown(client, data_integration, answer_of):
    _, arn = data_integration()
    answer = answer_of(client.get_data_integration, Identifier=arn)
    assert set(answer) == {"Arn", "Id", "Name", "KmsKey", "SourceURI", "Tags"}


def test_an_update_changes_what_it_names(client, data_integration, answer_of):
    identifier, _ = data_integration(Description="old")
    before = answer_of(client.get_data_integration, Identifier=identifier)
    assert answer_of(client.update_data_integration, Identifier=identifier, Description="new") == {}
    assert answer_of(client.get_data_integration, Identifier=identifier) == before | {"Description": "new"}
    client.update_data_integration(Identifier="files", Name="renamed")
    assert answer_of(client.get_data_integration, Identifier=identifier) == before | {
        "Description": "new",
        "Name": "renamed",
    }
    client.update_data_integration(Identifier="renamed", Name="renamed")


def test_one_that_is_deleted_is_gone(client, data_integration, answer_of):
    identifier, _ = data_integration()
    assert answer_of(client.delete_data_integration, DataIntegrationIdentifier=identifier) == {}
    assert answer_of(client.list_data_integrations) == {"DataIntegrations": []}


def test_a_name_is_taken_once(client, data_integration, error_of):
    data_integration()
    error = error_of(client.create_data_integration, **FILES)
    assert error == ("DuplicateResourceException", "Data integration files already exists.")
    data_integration("other")
    error = error_of(client.update_data_integration, Identifier="other", Name="files")
    assert error == ("InvalidRequestException", "Data integration files already exists.")


def test_an_id_comes_before_a_name(client, data_integration):
    identifier, arn = data_integration()
    data_integration(identifier)
    assert client.get_data_integration(Identifier=identifier)["Arn"] == arn


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("get_data_integration", "Identifier"),
        ("update_data_integration", "Identifier"),
        ("delete_data_integration", "DataIntegrationIdentifier"),
        ("list_data_integration_associations", "DataIntegrationIdentifier"),
    ],
)
def test_one_that_is_not_there_is_not_found(client, error_of, operation, member):
    error = error_of(getattr(client, operation), **{member: "no such thing"})
    assert error == ("ResourceNotFoundException", "Data integration no such thing was not found.")


def test_one_with_associations_is_not_deleted(events_backend, client, data_integration, error_of):
    _, arn = data_integration()
    association = events_backend.appintegrations.add_data_integration_association("files", client_id="c")
    error = error_of(client.delete_data_integration, DataIntegrationIdentifier="files")
    assert error == ("InvalidRequestException", f"{arn} has associations. Delete them first.")
    events_backend.appintegrations.remove_association(association)
    client.delete_data_integration(DataIntegrationIdentifier="files")
    assert client.list_data_integrations()["DataIntegrations"] == []
