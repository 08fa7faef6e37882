from __future__ import annotations

import uuid

import pytest

ARN = "arn:aws:app-integrations:us-east-1:123456789012:application/"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key"
NOTES = {
    "Name": "Agent notes",
    "Namespace": "agent-notes",
    "Description": "d",
    "ApplicationSourceConfig": {
        "ExternalUrlConfig": {
            "AccessUrl": "https://example.com/notes",
            "ApprovedOrigins": ["https://example.org"],
        }
    },
    "Subscriptions": [{"Event": "ns::opened*", "Description": "s"}],
    "Publications": [{"Event": "ns::closed", "Schema": "{}", "Description": "p"}],
    "Tags": {"team": "sales"},
    "Permissions": ["User.Details.View"],
    "InitializationTimeout": 5000,
    "ApplicationConfig": {"ContactHandling": {"Scope": "PER_CONTACT"}},
    "IframeConfig": {"Allow": ["camera"], "Sandbox": ["allow-forms"]},
    "ApplicationType": "MCP_SERVER",
    "AuthConfig": {"AuthType": "API_KEY", "CredentialProviderIdentifier": SECRET},
}

pytestmark = pytest.mark.eventmock(start_time="2026-01-01T00:00:00Z")


@pytest.fixture
def made(client, taken, answer_of):
    """The answer of making an application with everything that the installed model knows."""
    return answer_of(client.create_application, **taken("CreateApplication", NOTES))


@pytest.fixture
def now(events_backend):
    return events_backend.clock.now()


def test_one_is_made_and_shown(client, made, answer_of, shown, now):
    assert made == {"Arn": ARN + made["Id"], "Id": made["Id"]}
    assert str(uuid.UUID(made["Id"])) == made["Id"]
    everything = NOTES | made | {
        "CreatedTime": now,
        "LastModifiedTime": now,
        "LastModifiedRegion": "us-east-1",
        "IsService": False,
    }  # fmt: skip
    assert answer_of(client.get_application, Arn=made["Arn"]) == shown("GetApplication", everything)
    assert answer_of(client.list_applications) == shown("ListApplications", {"Applications": [everything]})


@pytest.mark.parametrize("version", ["", ":$LATEST", ":1"])
@pytest.mark.parametrize("by", ["Arn", "Id"])
def test_it_is_found_by_its_arn_and_its_id_whatever_the_version(client, made, by, version):
    assert client.get_application(Arn=made[by] + version)["Id"] == made["Id"]


def test_what_was_not_given_is_not_shown(client, application, answer_of, operation):
    _, arn = application()
    always = {
        "Arn",
        "Id",
        "Name",
        "Namespace",
        "ApplicationSourceConfig",
        "CreatedTime",
        "LastModifiedTime",
        "Tags",
    }
    newer = {"LastModifiedRegion", "IsService", "ApplicationType"}
    known = set(operation("GetApplication").output_shape.members)
    assert set(answer_of(client.get_application, Arn=arn)) == always | newer & known


def test_an_update_changes_what_it_names(client, made, answer_of, pass_time):
    before = answer_of(client.get_application, Arn=made["Arn"])
    later = pass_time(hours=1)
    assert answer_of(client.update_application, Arn=made["Id"], Description="new") == {}
    changed = before | {"Description": "new", "LastModifiedTime": later}
    assert answer_of(client.get_application, Arn=made["Arn"]) == changed
    client.update_application(Arn=made["Arn"] + ":$LATEST", Name="Other", Publications=[])
    changed |= {"Name": "Other", "Publications": []}
    assert answer_of(client.get_application, Arn=made["Arn"]) == changed


def test_one_that_is_deleted_is_gone(client, made, operation, answer_of):
    operation("DeleteApplication")
    assert answer_of(client.delete_application, Arn=made["Arn"]) == {}
    assert answer_of(client.list_applications) == {"Applications": []}


def test_a_namespace_is_taken_once_a_name_often(client, application, error_of):
    application("a")
    application("b")
    members = {"Name": "x", "ApplicationSourceConfig": {}}
    error = error_of(client.create_application, Namespace="a", **members)
    assert error == ("DuplicateResourceException", "Application a already exists.")


@pytest.mark.parametrize("identifier", [ARN, str(uuid.UUID(int=0)), f"{ARN}{uuid.UUID(int=0)}:$LATEST"])
def test_one_that_is_not_there_is_not_found(client, error_of, identifier):
    identifier = f"{ARN}nope" if identifier == ARN else identifier
    not_found = "ResourceNotFoundException", f"Application {identifier} was not found."
    for name in ("get_application", "update_application", "delete_application"):
        if hasattr(client, name):
            assert error_of(getattr(client, name), Arn=identifier) == not_found
    if hasattr(client, "list_application_associations"):
        assert error_of(client.list_application_associations, ApplicationId=identifier) == not_found


def test_one_with_associations_is_not_deleted(events_backend, client, application, operation, error_of):
    operation("DeleteApplication")
    _, arn = application()
    association = events_backend.appintegrations.add_application_association(arn, client_id="c")
    error = error_of(client.delete_application, Arn=arn)
    assert error == ("InvalidRequestException", f"{arn} has associations. Delete them first.")
    events_backend.appintegrations.remove_association(association)
    client.delete_application(Arn=arn)
    assert client.list_applications()["Applications"] == []


def test_force_deletes_the_associations_too(events_backend, client, application, operation, error_of):
    if "Force" not in operation("DeleteApplication").input_shape.members:
        pytest.skip("this botocore has no Force")
    _, arn = application()
    association = events_backend.appintegrations.add_application_association(arn, client_id="c")
    assert error_of(client.delete_application, Arn=arn, Force=False)[0] == "InvalidRequestException"
    client.delete_application(Arn=arn, Force=True)
    assert error_of(client.list_tags_for_resource, resourceArn=association)[0] == "ResourceNotFoundException"


class TestType:
    @pytest.fixture(autouse=True)
    def _is_known(self, operation):
        if "ApplicationType" not in operation("CreateApplication").input_shape.members:
            pytest.skip("this botocore has no ApplicationType")

    def type_of(self, client, arn):
        answer = client.get_application(Arn=arn)
        return answer["ApplicationType"], answer["IsService"]

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ({}, ("STANDARD", False)),
            ({"IsService": False}, ("STANDARD", False)),
            ({"IsService": True}, ("SERVICE", True)),
            ({"ApplicationType": "SERVICE"}, ("SERVICE", True)),
            ({"ApplicationType": "MCP_SERVER", "IsService": True}, ("MCP_SERVER", False)),
        ],
    )
    def test_whether_it_is_a_service_is_part_of_its_type(self, client, application, given, shown):
        assert self.type_of(client, application(**given)[1]) == shown

    @pytest.mark.parametrize(
        ("held", "given", "shown"),
        [
            ("MCP_SERVER", {}, "MCP_SERVER"),
            ("MCP_SERVER", {"IsService": False}, "MCP_SERVER"),
            ("SERVICE", {}, "SERVICE"),
            ("SERVICE", {"IsService": False}, "STANDARD"),
            ("STANDARD", {"IsService": True}, "SERVICE"),
            ("SERVICE", {"ApplicationType": "STANDARD"}, "STANDARD"),
        ],
    )
    def test_an_update_changes_it_by_either(self, client, application, held, given, shown):
        _, arn = application(ApplicationType=held)
        client.update_application(Arn=arn, **given)
        assert self.type_of(client, arn) == (shown, shown == "SERVICE")

    def test_those_of_one_type_are_listed(self, client, application):
        for kind in ("STANDARD", "SERVICE", "MCP_SERVER"):
            application(kind.lower(), ApplicationType=kind)
        listed = client.list_applications(ApplicationType="SERVICE")["Applications"]
        assert [one["Namespace"] for one in listed] == ["service"]
        assert len(client.list_applications()["Applications"]) == 3


class TestAuthentication:
    @pytest.fixture(autouse=True)
    def _is_known(self, operation):
        if "AuthConfig" not in operation("CreateApplication").input_shape.members:
            pytest.skip("this botocore has no AuthConfig")

    @pytest.mark.parametrize(
        ("authentication", "text"),
        [
            ({}, "An A2A_SERVER application needs an AuthType."),
            ({"AuthType": "API_KEY"}, "AuthType API_KEY needs a CredentialProviderIdentifier."),
            (
                {"AuthType": "CONNECT_JWT", "CredentialProviderIdentifier": SECRET},
                "AuthType CONNECT_JWT takes no CredentialProviderIdentifier.",
            ),
            (
                {"AuthType": "API_KEY", "CredentialProviderIdentifier": SECRET, "AudienceOverride": "a"},
                "AudienceOverride is for AuthType CONNECT_JWT only.",
            ),
            (
                {"AuthType": "CONNECT_JWT", "AudienceOverride": "https://connect.amazonaws.com"},
                "AudienceOverride must not contain connect.amazonaws.com.",
            ),
        ],
    )
    def test_what_does_not_fit_is_refused(self, client, application, error_of, authentication, text):
        wanted = {"ApplicationType": "A2A_SERVER", "AuthConfig": authentication}
        members = {"Name": "n", "Namespace": "n", "ApplicationSourceConfig": {}}
        refused = "InvalidRequestException", text
        assert error_of(client.create_application, **members, **wanted) == refused
        assert client.list_applications()["Applications"] == []
        _, arn = application()
        assert error_of(client.update_application, Arn=arn, **wanted) == refused
        assert client.get_application(Arn=arn)["ApplicationType"] == "STANDARD"

    @pytest.mark.parametrize(
        "authentication",
        [
            {"AuthType": "API_KEY", "CredentialProviderIdentifier": SECRET},
            {"AuthType": "CONNECT_JWT"},
            {"AuthType": "CONNECT_JWT", "AudienceOverride": "https://example.com"},
        ],
    )
    def test_what_fits_is_shown(self, client, application, authentication):
        _, arn = application(ApplicationType="A2A_SERVER", AuthConfig=authentication)
        assert client.get_application(Arn=arn)["AuthConfig"] == authentication
        client.update_application(Arn=arn, Description="d")
        assert client.get_application(Arn=arn)["AuthConfig"] == authentication
