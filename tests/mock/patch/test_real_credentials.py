"""Credentials that may be real: no provider runs for them and nobody sees them, whatever was made before the mock."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import boto3
import botocore.credentials
import botocore.session
import pytest
from botocore.config import Config
from botocore.credentials import Credentials, DeferredRefreshableCredentials, RefreshableCredentials
from botocore.tokens import DeferredRefreshableToken, FrozenAuthToken
from botocore.utils import JSONFileCache
from moto import mock_aws

from eventmock import NetworkBlocked, mock_events
from eventmock.mock.gate import FAKE_KEY_ID

REGION = "us-east-1"
REAL = "AKIAQREALREALREALREA"
SECRET = "REAL-secret"
TOKEN = "REAL-token"
KEYS = {"aws_access_key_id": REAL, "aws_secret_access_key": SECRET, "aws_session_token": TOKEN}
IN_FILE = f"aws_access_key_id = {REAL}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
FAR = datetime(2999, 1, 1, tzinfo=UTC)
SESSION_OF_SSO = "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://s\n"


class Canary:
    """What must not be asked for credentials, and gives real ones if it is."""

    def __init__(self):
        self.asked = 0

    def refresh(self):
        self.asked += 1
        return {
            "access_key": REAL,
            "secret_key": SECRET,
            "token": TOKEN,
            "expiry_time": FAR.isoformat(),
        }


@pytest.fixture
def canary():
    return Canary()


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A function that sets up where credentials are found on this machine."""

    def machine(kind):
        config, shared = tmp_path / "config", tmp_path / "credentials"
        script, token = tmp_path / "process.py", tmp_path / "token"
        token.write_text("REAL-identity")
        script.write_text(
            f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
            "import json\n"
            f"keys = dict(AccessKeyId={REAL!r}, SecretAccessKey={SECRET!r}, SessionToken={TOKEN!r})\n"
            "print(json.dumps(dict(keys, Version=1)))"
        )
        role = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
        texts = {
            "process": f"[default]\ncredential_process = {sys.executable} {script}\n",
            "config file": f"[default]\n{IN_FILE}",
            "assume role": f"{role}source_profile = s\n[profile s]\n{IN_FILE}",
            "web identity": f"{role}web_identity_token_file = {token}\n",
            "sso": f"[default]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n{SESSION_OF_SSO}",
            "login": "[default]\nlogin_session = arn:aws:iam::123456789012:user/u\n",
        }
        config.write_text(texts.get(kind, ""))
        shared.write_text(f"[default]\n{IN_FILE}" if kind == "credentials file" else "")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(shared))
        if kind == "environment":
            for name, value in KEYS.items():
                monkeypatch.setenv(name.upper(), value)
        if kind == "container":
            monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.2/real")
        return lambda: (tmp_path / "ran").exists() and (tmp_path / "ran").unlink() is None

    return machine


PLACES = [
    *("environment", "credentials file", "config file", "process", "assume role", "web identity"),
    *("sso", "login", "container", "instance metadata"),
]
READABLE_BEFORE = PLACES[:6]
"""Those that a session of a test can look up before the mock: no network is needed for it."""


def expiring(canary):
    in_a_minute = datetime.now(UTC) + timedelta(minutes=1)
    return RefreshableCredentials(REAL, SECRET, TOKEN, in_a_minute, canary.refresh, "canary")


HELD = {
    "explicit": lambda _canary: Credentials(REAL, SECRET, TOKEN),
    "about to expire": expiring,
    "deferred": lambda canary: DeferredRefreshableCredentials(canary.refresh, "canary"),
}


def alone_and_beside_moto(name, values, beside_moto):
    """Parameters: every value with our mock alone, and one of them with moto's too, in either order."""
    cases = [(value, "alone") for value in values] + [(beside_moto, "outside"), (beside_moto, "inside")]
    return pytest.mark.parametrize((name, "moto"), cases)


def mocks(moto):
    """The mock alone, or with moto's outside or inside of it; gives a stack and the backend."""
    stack = ExitStack()
    if moto == "outside":
        stack.enter_context(mock_aws())
    stack.enter_context(mock_events())
    if moto == "inside":
        stack.enter_context(mock_aws())
    return stack


def holding(credentials):
    session = botocore.session.Session()
    session._credentials = credentials
    return boto3.Session(botocore_session=session, region_name=REGION)


class Made:
    """What code makes of a session before the mock begins."""

    def __init__(self, session, *, with_clients=True):
        self.session = session
        names = ("sqs", "s3", "rds", "events") if with_clients else ()
        self.clients = {name: session.client(name, region_name=REGION) for name in names}
        self.bucket = session.resource("s3", region_name=REGION).Bucket("b") if with_clients else None

    def client(self, name, **more):
        return self.clients.get(name) or self.session.client(name, region_name=REGION, **more)


def headers_of(client, call):
    """The headers of the requests of a call, whatever comes of it."""
    seen = []
    event = f"before-send.{client.meta.service_model.service_id.hyphenize()}"
    client.meta.events.register_first(event, lambda request, **_: seen.append(dict(request.headers.items())))
    with suppress(NetworkBlocked, client.exceptions.ClientError):
        call(client)
    client.meta.events.unregister(event)
    assert seen
    return seen


def everything_shown(made):
    """All that can be seen of credentials by what was made before the mock, or is made of it now."""
    credentials = made.session.get_credentials()
    if credentials is not None:
        yield credentials.access_key, credentials.secret_key, credentials.token
        yield credentials.get_frozen_credentials()
        yield getattr(credentials, "account_id", None)
    yield made.session._session.get_credentials().get_frozen_credentials()
    sqs, s3, rds = made.client("sqs"), made.client("s3"), made.client("rds")
    yield headers_of(sqs, lambda client: client.list_queues())
    yield headers_of(s3, lambda client: client.list_buckets())
    yield headers_of(s3, lambda client: list(client.get_paginator("list_objects_v2").paginate(Bucket="b")))
    yield headers_of(made.client("dynamodb"), lambda client: client.list_tables())
    yield headers_of(made.client("events"), lambda client: client.list_rules())
    yield s3.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
    yield made.client("events").generate_presigned_url("list_rules")
    yield s3.generate_presigned_post("b", "k")
    yield rds.generate_db_auth_token("h", 1, "u", Region=REGION)
    yield sqs._request_signer.get_auth_instance("sqs", REGION).credentials
    yield sqs._request_signer._credentials.get_frozen_credentials()
    if made.bucket is not None:
        yield made.bucket.meta.client.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})


def assert_nothing_real(made):
    shown = list(everything_shown(made))
    assert len(shown) >= 15
    for text in map(str, shown):
        assert "REAL" not in text


@alone_and_beside_moto("place", PLACES, "process")
def test_what_a_session_would_find_is_not_looked_for(machine, monkeypatch, place, moto):
    ran = machine(place)
    session = boto3.Session()
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", never("sent"))
    monkeypatch.setattr("subprocess.Popen", never("started a process"))
    with mocks(moto):
        assert_nothing_real(Made(session, with_clients=False))
        assert_nothing_real(Made(boto3.Session(), with_clients=False))
    assert not ran()
    assert session._session._credentials is None


def never(what):
    def never(*_args, **_kwargs):
        raise AssertionError(what)

    return never


@alone_and_beside_moto("place", READABLE_BEFORE, "process")
def test_what_a_session_has_found_before_is_not_shown_nor_looked_for_again(machine, place, moto):
    ran = machine(place)
    made = Made(boto3.Session())
    found = made.session.get_credentials()
    ran()
    with mocks(moto):
        assert_nothing_real(made)
        assert made.session.get_credentials() is found
    assert not ran()
    assert made.session._session._credentials is found
    if place not in {"assume role", "web identity"}:
        assert found.access_key == found.get_frozen_credentials().access_key == REAL
        assert (found.secret_key, found.token) == (SECRET, TOKEN)


@alone_and_beside_moto("kind", list(HELD), "deferred")
def test_what_a_session_holds_is_neither_shown_nor_refreshed(canary, kind, moto):
    made = Made(holding(HELD[kind](canary)))
    asked = canary.asked
    with mocks(moto):
        assert_nothing_real(made)
    assert canary.asked == asked
    assert made.session.get_credentials().access_key == REAL


@pytest.mark.parametrize("kind", HELD)
def test_an_object_that_was_handed_out_before_shows_made_up_keys_only_in_the_mock(canary, kind):
    credentials = HELD[kind](canary)
    with mock_events():
        assert credentials.access_key == FAKE_KEY_ID
        assert "REAL" not in str(credentials.get_frozen_credentials())
        assert canary.asked == 0
        with mock_events(isolated=True):
            assert credentials.secret_key != SECRET
    assert credentials.access_key == REAL
    assert credentials.get_frozen_credentials()[:3] == (REAL, SECRET, TOKEN)
    assert "access_key" not in vars(Credentials)


def test_a_class_of_credentials_of_the_code_under_test_is_not_asked_to_sign():
    class Own(Credentials):
        def get_frozen_credentials(self):
            raise AssertionError("asked")

    made = holding(Own(REAL, SECRET)).client("sqs")
    with mock_events():
        assert "REAL" not in made.generate_presigned_url("list_queues")


@pytest.mark.parametrize("made_by", ["session", "client"])
def test_explicit_keys_of_a_client_made_before_are_not_shown(made_by):
    session = boto3.Session(**KEYS) if made_by == "session" else boto3.Session()
    client = session.client("s3", region_name=REGION, **({} if made_by == "session" else KEYS))
    with mock_events():
        for version in (None, "s3", "s3v4"):
            early = session.client(
                "s3", region_name=REGION, config=Config(signature_version=version) if version else None
            )
            assert "REAL" not in early.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
        assert "REAL" not in client.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})


class TestKeysThatTheTestGivesInTheMock:
    def test_they_are_told_from_early_ones_that_compare_as_equal(self):
        class Equal(Credentials):
            def __eq__(self, other):
                return isinstance(other, Equal)

            __hash__ = None

        early = Equal(REAL, SECRET)
        with mock_events():
            own = Equal("testing", "testing")
            assert (early.access_key, own.access_key) == (FAKE_KEY_ID, "testing")

    def test_they_are_shown_as_they_are(self):
        with mock_events():
            session = boto3.Session(
                aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION
            )
            assert session.get_credentials().get_frozen_credentials()[:2] == ("testing", "testing")
            assert "testing" in session.client("s3").generate_presigned_url(
                "get_object", {"Bucket": "b", "Key": "k"}
            )

    def test_they_refresh_by_the_test_s_own_function(self, canary):
        with mock_events():
            credentials = DeferredRefreshableCredentials(canary.refresh, "own")
            assert credentials.access_key == REAL
        assert canary.asked == 1

    def test_a_key_that_looks_real_signs_nothing(self):
        with mock_events():
            session = boto3.Session(**KEYS, region_name=REGION)
            assert session.get_credentials().access_key == REAL
            assert "REAL" not in session.client("sqs").generate_presigned_url("list_queues")
            assert "REAL" not in str(headers_of(session.client("sqs"), lambda client: client.list_queues()))
            assert "REAL" not in str(headers_of(session.client("events"), lambda client: client.list_rules()))

    def test_a_key_of_aws_s_documentation_does_not_look_real(self):
        keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"}
        with mock_events():
            url = boto3.client("s3", **keys).generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
        assert "AKIAIOSFODNN7EXAMPLE" in url

    @pytest.mark.parametrize("moto", ["outside", "inside"])
    def test_a_key_that_moto_gave_out_is_moto_s(self, moto):
        with mocks(moto):
            user = boto3.client("iam").create_user(UserName="u")["User"]
            key = boto3.client("iam").create_access_key(UserName="u")["AccessKey"]
            keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
            assert boto3.client("sts", **keys).get_caller_identity()["Arn"] == user["Arn"]

    def test_a_key_that_moto_gave_out_before_our_mock_is_moto_s_too(self):
        with mock_aws():
            boto3.client("iam").create_user(UserName="u")
            key = boto3.client("iam").create_access_key(UserName="u")["AccessKey"]
            session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
            with mock_events():
                assert session.client("sts").get_caller_identity()["Arn"].endswith(":user/u")
                assert session.get_credentials().secret_key == key["SecretAccessKey"]


class TestAccounts:
    def test_an_early_key_id_that_is_an_account_id_still_names_the_account(self):
        session = boto3.Session("111122223333", SECRET, region_name=REGION)
        client = session.client("events")
        with mock_events():
            assert client.describe_event_bus()["Arn"].split(":")[4] == "111122223333"
            assert session.get_credentials().get_frozen_credentials()[:2] == ("111122223333", FAKE_KEY_ID)

    def test_an_early_key_id_that_is_mapped_still_names_the_account(self):
        client = boto3.Session(REAL, SECRET, region_name=REGION).client("events")
        with mock_events() as backend:
            backend.account_for_key[REAL] = "111122223333"
            assert client.describe_event_bus()["Arn"].split(":")[4] == "111122223333"
            assert SECRET not in client.generate_presigned_url("list_rules")


class TestMoto:
    @pytest.mark.parametrize("moto", ["outside", "inside"])
    def test_its_own_keys_serve_where_it_answers(self, moto):
        early = boto3.Session(**KEYS, region_name=REGION)
        with mocks(moto):
            for session in (early, boto3.Session(region_name=REGION)):
                assert session.get_credentials().get_frozen_credentials()[:2] == ("FOOBARKEY", "FOOBARSECRET")
                headers = headers_of(session.client("sqs"), lambda client: client.list_queues())
                assert b"Credential=FOOBARKEY/" in headers[0]["Authorization"]

    def test_its_keys_are_not_made_up_where_it_was_told_to_set_none(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", REAL)
        with mock_aws(config={"core": {"mock_credentials": False}}), mock_events():
            assert boto3.Session().get_credentials().access_key == FAKE_KEY_ID

    def test_it_answers_a_request_that_passthrough_would_let_out_without_real_keys(self, canary):
        with mock_aws(), mock_events(passthrough=["*"]):
            session = holding(DeferredRefreshableCredentials(canary.refresh, "canary"))
            session._session._credentials = None
            assert session.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
        early = holding(DeferredRefreshableCredentials(canary.refresh, "canary"))
        with mock_aws(), mock_events(passthrough=["*"]):
            early.client("sqs").list_queues()
        assert canary.asked == 0


class TestPassthrough:
    """Credentials are looked for only when a request really goes to a host that is let through."""

    HOST = "localhost:4566"

    def early(self, canary):
        return holding(DeferredRefreshableCredentials(canary.refresh, "canary"))

    def test_none_are_looked_for_to_make_or_read_anything(self, canary):
        session = self.early(canary)
        with mock_events(passthrough=[self.HOST]):
            assert_nothing_real(Made(session))
        assert canary.asked == 0

    @pytest.mark.parametrize("place", PLACES)
    def test_none_are_looked_for_on_the_machine(self, machine, place):
        ran = machine(place)
        with mock_events(passthrough=[self.HOST]):
            assert_nothing_real(Made(boto3.Session()))
        assert not ran()

    @pytest.mark.parametrize("made", ["before", "inside"])
    def test_a_request_that_goes_out_is_signed_by_the_real_ones(self, canary, made):
        session = self.early(canary)
        endpoint = {"endpoint_url": f"http://{self.HOST}", "region_name": REGION}
        client = session.client("sqs", **endpoint)
        with mock_events(passthrough=[self.HOST]):
            if made == "inside":
                client = session.client("sqs", **endpoint)
            seen = []
            client.meta.events.register("before-send", lambda request, **_: seen.append(request.headers))
            with pytest.raises(Exception, match="tried to reach"):
                client.list_queues()
            assert REAL in client.generate_presigned_url("list_queues")
        assert f"Credential={REAL}/".encode() in seen[0]["Authorization"]
        assert seen[0]["X-Amz-Security-Token"] == TOKEN.encode()
        assert canary.asked == 1

    @pytest.mark.parametrize("place", ["environment", "credentials file", "process"])
    def test_it_finds_what_the_machine_has(self, machine, place):
        ran = machine(place)
        with mock_events(passthrough=[self.HOST]):
            session = boto3.Session()
            client = session.client("sqs", endpoint_url=f"http://{self.HOST}")
            assert not ran()
            assert REAL in client.generate_presigned_url("list_queues")
            assert session.get_credentials().access_key == FAKE_KEY_ID

    def test_the_request_of_a_provider_is_not_signed_by_the_keys_it_looks_for(self, machine):
        machine("assume role")
        with mock_events(passthrough=[self.HOST]) as backend:
            client = boto3.Session().client("sqs", endpoint_url=f"http://{self.HOST}", region_name=REGION)
            with pytest.raises(NetworkBlocked, match="'sts'"):
                client.list_queues()
        assert len(backend.state.ledger.refused_requests) == 1

    def test_there_may_be_none(self, monkeypatch):
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with mock_events(passthrough=[self.HOST]):
            client = boto3.Session().client("sqs", endpoint_url=f"http://{self.HOST}")
            with pytest.raises(botocore.exceptions.NoCredentialsError):
                client.list_queues()


class TestAfterTheMock:
    def test_a_session_made_inside_finds_the_real_ones(self, machine):
        machine("credentials file")
        with mock_events():
            session = boto3.Session()
            client = session.client("sqs", region_name=REGION)
            stand_in = session.get_credentials()
        assert session.get_credentials().access_key == REAL
        assert stand_in.get_frozen_credentials()[:3] == (REAL, SECRET, TOKEN)
        assert stand_in.secret_key == SECRET
        assert REAL in client.generate_presigned_url("list_queues")
        with mock_events():
            assert stand_in.access_key == FAKE_KEY_ID

    def test_a_session_made_inside_may_find_none(self, monkeypatch):
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with mock_events():
            client = boto3.Session().client("sqs", region_name=REGION)
        with pytest.raises(botocore.exceptions.NoCredentialsError):
            client.generate_presigned_url("list_queues")


class TestProviders:
    def test_one_that_is_asked_directly_has_none(self, machine):
        ran = machine("process")
        session = botocore.session.Session()
        resolver = botocore.credentials.create_credential_resolver(session)
        with mock_events():
            assert resolver.load_credentials().access_key == FAKE_KEY_ID
            assert [provider.load() for provider in resolver.providers] == [None] * len(resolver.providers)
        assert not ran()
        assert resolver.load_credentials().access_key == REAL

    @pytest.mark.parametrize("made", ["before", "inside"])
    def test_a_cache_of_credentials_is_neither_read_nor_written(self, canary, tmp_path, made):
        """Code that assumes a role by botocore's fetcher often shares the cache of the AWS CLI."""
        cache = JSONFileCache(str(tmp_path))

        def fetcher():
            return botocore.credentials.AssumeRoleCredentialFetcher(
                boto3.Session(region_name=REGION)._session.create_client,
                Credentials("x", "x"),
                "arn:aws:iam::123456789012:role/r",
                cache=cache,
            )

        one = fetcher()
        key = one._cache_key
        held = {
            "AccessKeyId": REAL,
            "SecretAccessKey": SECRET,
            "SessionToken": TOKEN,
            "Expiration": FAR.isoformat(),
        }
        cache[key] = {"Credentials": held}
        with mock_aws(), mock_events():
            if made == "inside":
                one = fetcher()
            credentials = DeferredRefreshableCredentials(one.fetch_credentials, "own")
            assert "REAL" not in str(credentials.get_frozen_credentials())
        assert cache[key]["Credentials"] == held
        assert one.fetch_credentials()["access_key"] == REAL

    def test_s3_express_s_own_cache_is_not_shown(self):
        client = boto3.Session(**KEYS, region_name=REGION).client("s3")
        bucket = {"Bucket": "b--use1-az1--x-s3", "Key": "k"}
        held = RefreshableCredentials(REAL, SECRET, TOKEN, FAR, never("refreshed"), "test")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("botocore.utils.S3ExpressIdentityCache.get_credentials", lambda *_given: held)
            assert "REAL" in client.generate_presigned_url("get_object", bucket)
            with mock_events():
                assert "REAL" not in client.generate_presigned_url("get_object", bucket)
                assert "REAL" not in str(headers_of(client, lambda client: client.get_object(**bucket)))

    def test_a_profile_that_the_code_names_is_read_without_keys(self, machine):
        machine("config file")
        with mock_events():
            session = boto3.Session(profile_name="default")
            assert "REAL" not in str(session._session.full_config)
            assert "REAL" not in str(session._session.get_scoped_config())
        assert REAL in str(session._session.full_config)


class TestTokens:
    def test_a_token_that_was_handed_out_before_is_not_refreshed(self):
        asked = []
        token = DeferredRefreshableToken("canary", lambda: asked.append(1) or FrozenAuthToken(TOKEN, FAR))
        with mock_events():
            assert token.get_frozen_token().token == "eventmock"
        assert asked == []
        assert token.get_frozen_token().token == TOKEN

    def test_a_token_of_the_environment_is_not_shown(self, monkeypatch):
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", TOKEN)
        session = boto3.Session(region_name=REGION)
        early = session.client("bedrock", **KEYS)
        with mock_events():
            for client in (early, session.client("bedrock")):
                assert "REAL" not in str(headers_of(client, lambda client: client.list_foundation_models()))
            assert session._session.get_auth_token().get_frozen_token().token == "eventmock"

    def test_a_session_made_inside_finds_its_own_after_the_mock(self):
        session = botocore.session.Session()
        with mock_events():
            token = session.get_auth_token()
        assert token.get_frozen_token() is None
