"""No credential is needed, none is read, no provider runs."""

from __future__ import annotations

import boto3
import botocore.credentials
import botocore.session
import pytest

from eventmock import mock_events
from eventmock.mock.gate import FAKE_KEY_ID


@pytest.fixture
def no_provider(monkeypatch):
    """Credential providers that must not run."""

    def load(self):
        raise AssertionError(f"the provider {self.METHOD} ran")

    for name in dir(botocore.credentials):
        provider = getattr(botocore.credentials, name)
        if isinstance(provider, type) and issubclass(provider, botocore.credentials.CredentialProvider):
            monkeypatch.setattr(provider, "load", load)


@pytest.mark.usefixtures("no_provider")
class TestWithoutCredentials:
    def test_a_client_needs_neither_credentials_nor_region(self):
        with mock_events():
            client = boto3.client("events")
            assert client.list_rules()["Rules"] == []
            assert client.meta.region_name == "us-east-1"

    def test_a_fresh_session_needs_neither(self):
        with mock_events():
            assert boto3.Session().client("events").list_rules()["Rules"] == []
            assert botocore.session.get_session().create_client("events").list_rules()["Rules"] == []

    def test_a_session_made_before_the_mock_needs_neither(self):
        session = boto3.Session()
        with mock_events():
            assert session.client("events").list_rules()["Rules"] == []

    def test_asking_a_session_for_its_credentials_runs_no_provider(self):
        with mock_events():
            assert boto3.Session().get_credentials().access_key == FAKE_KEY_ID

    def test_a_session_keeps_no_made_up_credentials(self):
        session = botocore.session.Session()
        with mock_events():
            session.create_client("events")
        assert session._credentials is None


def test_a_client_made_without_credentials_before_the_mock_works(monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = boto3.Session().client("events", region_name="us-east-1")
    with mock_events():
        assert client.list_rules()["Rules"] == []


def test_a_provider_that_would_refresh_is_not_asked(no_provider):
    def refresh():
        raise AssertionError("refreshed")

    credentials = botocore.credentials.DeferredRefreshableCredentials(refresh, "test")
    session = botocore.session.Session()
    session._credentials = credentials
    client = session.create_client("events", region_name="us-east-1")
    with mock_events():
        assert client.list_rules()["Rules"] == []


def test_nothing_is_computed_to_sign(monkeypatch):
    def add_auth(*_args):
        raise AssertionError("signed")

    monkeypatch.setattr("botocore.auth.SigV4Auth.add_auth", add_auth)
    with mock_events():
        assert boto3.client("events").list_rules()["Rules"] == []


def test_other_services_are_signed_as_ever():
    seen = []
    with mock_events(passthrough=["localhost"]):
        client = boto3.client(
            "sqs", endpoint_url="http://localhost", aws_access_key_id="x", aws_secret_access_key="x"
        )
        client.meta.events.register("before-send", lambda request, **_: seen.append(request.headers))
        with pytest.raises(Exception, match="tried to reach"):
            client.list_queues()
    assert b"SignedHeaders=" in seen[0]["Authorization"]
    assert b"unsigned" not in seen[0]["Authorization"]


def test_a_secret_of_the_session_is_in_no_request():
    seen = []
    session = boto3.Session(
        aws_access_key_id="AKIAX", aws_secret_access_key="s3cr3t", aws_session_token="t0k3n"
    )
    with mock_events():
        client = session.client("events", region_name="us-east-1")
        client.meta.events.register(
            "before-send", lambda request, **_: seen.append(dict(request.headers.items()))
        )
        client.list_rules()
    assert "s3cr3t" not in str(seen)
    assert "t0k3n" not in str(seen)


def test_before_sign_handlers_of_the_caller_run():
    with mock_events():
        client = boto3.client("events")
        seen = []
        client.meta.events.register(
            "before-sign.eventbridge.ListRules",
            lambda operation_name, region_name, **_: seen.append((operation_name, region_name)),
        )
        client.list_rules()
    assert seen == [("ListRules", "us-east-1")]


class TestAccessKeyId:
    def test_a_real_one_of_the_environment_is_not_taken(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
        with mock_events():
            assert boto3.Session().get_credentials().access_key == FAKE_KEY_ID

    def test_an_account_id_of_the_environment_is_taken(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
        with mock_events():
            assert boto3.client("events").describe_event_bus()["Arn"].split(":")[4] == "111122223333"

    def test_one_set_since_the_mock_began_is_taken(self, monkeypatch):
        with mock_events():
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SETBYTHETEST")
            assert boto3.Session().get_credentials().access_key == "SETBYTHETEST"
