from __future__ import annotations

import json
import re

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from eventmock.services.events.connection import Connection

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
OAUTH = "OAUTH_CLIENT_CREDENTIALS"
BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "n", "ApiKeyValue": "v"}}
OAUTH_BLOCK = {
    "AuthorizationEndpoint": "https://example.com/token",
    "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
    "HttpMethod": "POST",
}
OAUTH_SECRET = {
    "client_id": "i",
    "client_secret": "s",
    "authorization_endpoint": "https://example.com/token",
    "http_method": "POST",
}
HTTP = {
    "HeaderParameters": [{"Key": "X-Key", "Value": "x", "IsValueSecret": True}],
    "QueryStringParameters": [{"Key": "q", "Value": "1"}],
}
HTTP_SECRET = {
    "header_parameters": [{"key": "X-Key", "value": "x", "is_value_secret": True}],
    "query_string_parameters": [{"key": "q", "value": "1"}],
}
CASES = [
    ("BASIC", BASIC, {"username": "u", "password": "p"}),
    ("API_KEY", API_KEY, {"api_key_name": "n", "api_key_value": "v"}),
    (OAUTH, {"OAuthParameters": OAUTH_BLOCK}, OAUTH_SECRET),
    (
        OAUTH,
        {"OAuthParameters": OAUTH_BLOCK | {"OAuthHttpParameters": HTTP}},
        OAUTH_SECRET | {"oauth_http_parameters": HTTP_SECRET},
    ),
    (
        "BASIC",
        BASIC | {"InvocationHttpParameters": {}},
        {"username": "u", "password": "p", "invocation_http_parameters": {}},
    ),
    (
        "BASIC",
        BASIC | {"InvocationHttpParameters": HTTP},
        {"username": "u", "password": "p", "invocation_http_parameters": HTTP_SECRET},
    ),
]


@pytest.fixture
def config():
    """What moto is told; a test may parametrize it."""


@pytest.fixture(autouse=True)
def _moto(config):
    with mock_aws(config=config):
        yield


@pytest.fixture
def secrets(events_backend):
    """A client of Secrets Manager."""
    return events_backend.client("secretsmanager")


@pytest.fixture
def secret_arn(events):
    """A function that gives the ARN of a connection's secret."""
    return lambda name="c": events.describe_connection(Name=name)["SecretArn"]


@pytest.fixture
def held(secrets, secret_arn):
    """A function that gives what is in a connection's secret."""
    return lambda: json.loads(secrets.get_secret_value(SecretId=secret_arn())["SecretString"])


@pytest.fixture
def create(events):
    """A function that makes a connection."""

    def create(name="c", kind="BASIC", parameters=BASIC):
        return events.create_connection(Name=name, AuthorizationType=kind, AuthParameters=parameters)

    return create


@pytest.mark.parametrize(("kind", "parameters", "expected"), CASES)
def test_what_is_in_it(create, held, kind, parameters, expected):
    create(kind=kind, parameters=parameters)
    assert held() == expected
    assert list(held()) == list(expected)


def test_its_name_its_tag_and_its_one_version(create, secrets, secret_arn):
    create()
    answer = secrets.get_secret_value(SecretId=secret_arn())
    assert answer["VersionStages"] == ["AWSCURRENT"]
    described = secrets.describe_secret(SecretId=secret_arn())
    assert described["ARN"] == secret_arn()
    assert described["OwningService"] == "events"
    assert described["Tags"] == [{"Key": "aws:secretsmanager:owningService", "Value": "events"}]
    assert re.fullmatch(f"events!connection/c/{UUID}", described["Name"])
    assert re.fullmatch(f"arn:.*:secret:{re.escape(described['Name'])}-[A-Za-z0-9]{{6}}", secret_arn())


def test_it_is_in_the_account_and_region_of_the_connection(events_backend, secrets):
    there = events_backend.client(region="eu-west-1")
    there.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=BASIC)
    arn = there.describe_connection(Name="c")["SecretArn"]
    assert arn.startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:")
    assert events_backend.client("secretsmanager", region="eu-west-1").get_secret_value(SecretId=arn)
    assert secrets.list_secrets()["SecretList"] == []


def test_a_connection_that_is_refused_has_none(create, secrets):
    with pytest.raises(ClientError):
        create(parameters=API_KEY)
    create()
    with pytest.raises(ClientError):
        create()
    assert len(secrets.list_secrets()["SecretList"]) == 1


def test_an_update_writes_a_new_version(events, create, secrets, secret_arn, held):
    create()
    before, first = secret_arn(), secrets.get_secret_value(SecretId=secret_arn())
    events.update_connection(Name="c", AuthParameters={"BasicAuthParameters": {"Password": "new"}})
    assert (secret_arn(), held()) == (before, {"username": "u", "password": "new"})
    assert secrets.get_secret_value(SecretId=before)["VersionId"] != first["VersionId"]
    assert secrets.describe_secret(SecretId=before)["OwningService"] == "events"
    events.update_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=API_KEY)
    assert (secret_arn(), held()) == (before, {"api_key_name": "n", "api_key_value": "v"})


def test_an_update_of_anything_else_does_not(events, create, secrets, secret_arn):
    create()
    first = secrets.get_secret_value(SecretId=secret_arn())
    events.update_connection(Name="c", Description="d")
    assert secrets.get_secret_value(SecretId=secret_arn())["VersionId"] == first["VersionId"]


@pytest.mark.parametrize("operation", ["delete_connection", "deauthorize_connection"])
def test_it_is_gone_with_the_connection_and_when_it_is_deauthorized(
    events, create, secrets, secret_arn, error_of, operation
):
    create()
    arn = secret_arn()
    getattr(events, operation)(Name="c")
    assert error_of(secrets.describe_secret, SecretId=arn)[0] == "ResourceNotFoundException"
    assert secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"] == []


def test_a_connection_that_is_authorized_again_has_one_again(events, create, secrets, secret_arn, held):
    create()
    name = secrets.describe_secret(SecretId=secret_arn())["Name"]
    events.deauthorize_connection(Name="c")
    events.update_connection(Name="c", AuthParameters=BASIC)
    assert held() == {"username": "u", "password": "p"}
    assert secrets.describe_secret(SecretId=secret_arn())["Name"] == name


def test_a_connection_older_than_moto_s_mock_gets_one_when_it_is_updated(
    events, create, secrets, secret_arn, held
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eventmock.delivery.moto.is_active", lambda: False)
        create()
    arn = secret_arn()
    assert secrets.list_secrets()["SecretList"] == []
    events.update_connection(Name="c", AuthParameters=BASIC)
    assert held() == {"username": "u", "password": "p"}
    assert secret_arn()[:-6] == arn[:-6]


def test_a_connection_older_than_moto_s_mock_can_be_deleted(events, create, secrets):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eventmock.delivery.moto.is_active", lambda: False)
        create()
    events.deauthorize_connection(Name="c")
    events.delete_connection(Name="c")
    assert secrets.list_secrets()["SecretList"] == []


@pytest.mark.parametrize("config", [{"core": {"service_whitelist": ["sqs"]}}])
def test_a_moto_that_was_told_to_leave_secrets_alone_has_none(events, create, secret_arn):
    create()
    before = secret_arn()
    events.update_connection(Name="c", AuthParameters=BASIC)
    assert secret_arn() == before
    events.deauthorize_connection(Name="c")
    events.delete_connection(Name="c")


class TestRefusedByMoto:
    @pytest.fixture
    def refuse(self, events_backend, monkeypatch):
        """A function after which moto refuses calls to Secrets Manager."""

        def call(call):
            raise ClientError({"Error": {"Code": "LimitExceededException"}}, call.operation)

        return lambda: monkeypatch.setattr(events_backend.state.moto, "call", call)

    def test_a_connection_is_not_made(self, events, create, refuse):
        refuse()
        with pytest.raises(ClientError, match=r"CreateSecret"):
            create()
        assert events.list_connections()["Connections"] == []

    def test_what_a_reset_has_removed_stays_so(self, events, events_backend, create, monkeypatch):
        create()

        def call(call):
            events_backend.reset()
            raise ClientError({"Error": {"Code": "LimitExceededException"}}, call.operation)

        monkeypatch.setattr(events_backend.state.moto, "call", call)
        with pytest.raises(ClientError, match=r"DeleteSecret"):
            events.delete_connection(Name="c")
        assert events.list_connections()["Connections"] == []

    def test_a_connection_is_not_changed(self, events, create, refuse):
        create()
        before = events.describe_connection(Name="c")
        refuse()
        with pytest.raises(ClientError, match=r"PutSecretValue"):
            events.update_connection(
                Name="c", Description="d", AuthorizationType="API_KEY", AuthParameters=API_KEY
            )
        after = events.describe_connection(Name="c")
        assert after | {"ResponseMetadata": None} == before | {"ResponseMetadata": None}

    @pytest.mark.parametrize("change", ["delete_connection", "deauthorize_connection"])
    def test_a_connection_is_not_removed(self, events, create, refuse, change):
        create()
        before = events.describe_connection(Name="c")
        refuse()
        with pytest.raises(ClientError, match=r"DeleteSecret"):
            getattr(events, change)(Name="c")
        after = events.describe_connection(Name="c")
        assert after | {"ResponseMetadata": None} == before | {"ResponseMetadata": None}


def test_nothing_tells_the_secret(events_backend, create, secret_arn):
    create(parameters={"BasicAuthParameters": {"Username": "u", "Password": "canary"}})
    account = events_backend.state.accounts.get("123456789012", "us-east-1")
    told = [
        account.table(Connection),
        events_backend.state.accounts,
        events_backend.state.moto,
        events_backend.trace,
    ]
    assert "canary" not in f"{told!r}{events_backend.report()}"
    assert secret_arn()
