"""aiobotocore's clients are answered by the same backend, and nothing of theirs leaves the process either."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.auth import AUTH_TYPE_MAPS
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, EndpointConnectionError, NoRegionError, ReadTimeoutError
from moto import mock_aws

from eventmock import NetworkBlocked, mock_events
from eventmock.mock.gate import FAKE_KEY_ID
from eventmock.mock.guard import set_guard

pytest.importorskip("aiobotocore")

import aiobotocore.awsrequest
import aiobotocore.credentials
import aiobotocore.endpoint
import aiobotocore.httpsession
import aiobotocore.signers
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session

from eventmock.services.events.event_bus import buses_of

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
BREAKS_AWS = '{"a": [{"anything-but": {"prefix": []}}]}'
METADATA = "http://169.254.169.254/latest/meta-data/"

pytestmark = pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend:DeprecationWarning")


def http_session_class(name):
    """One of the classes by which aiobotocore sends, or a skip where it has no such class or lacks its library."""
    if name == "aiohttp":
        return aiobotocore.httpsession.AIOHTTPSession
    pytest.importorskip("httpx")
    return pytest.importorskip("aiobotocore.httpxsession").HttpxSession


@pytest.fixture(params=["aiohttp", "httpx"])
def http(request):
    """The configuration of clients that send by one of the two."""
    name = request.param
    session = http_session_class(name)
    return AioConfig() if name == "aiohttp" else AioConfig(http_session_cls=session)


@pytest.fixture
def client(http):
    """A function that begins a client."""

    def client(service="events", *, config=None, session=None, **more):
        config = http if config is None else http.merge(config)
        return (session or get_session()).create_client(service, config=config, **more)

    return client


@pytest.mark.asyncio
class TestAnswers:
    async def test_an_event_is_delivered(self, client, order):
        got = []
        with mock_events() as backend:
            async with client() as events:
                await events.put_rule(Name="ship", EventPattern='{"source": ["shop"]}')
                backend.target("ship", got.append)
                answer = await events.put_events(Entries=[order])
        assert answer["FailedEntryCount"] == 0
        assert [event["detail"] for event in got] == [{"state": "PAID"}]

    async def test_a_client_of_boto3_sees_the_same(self, client):
        with mock_events():
            async with client() as events:
                await events.create_event_bus(Name="orders")
            assert boto3.client("events").describe_event_bus(Name="orders")["Name"] == "orders"

    async def test_a_client_made_before_the_mock_is_answered(self, client):
        async with client(region_name="eu-west-1", **KEYS) as events:
            with mock_events():
                arn = (await events.describe_event_bus())["Arn"]
            with mock_events():
                assert (await events.list_rules())["Rules"] == []
        assert arn == "arn:aws:events:eu-west-1:123456789012:event-bus/default"

    async def test_the_second_service_is_ours_too(self, client):
        with mock_events():
            async with client("appintegrations") as applications:
                assert (await applications.list_applications())["Applications"] == []

    async def test_an_error_is_aws_s_own(self, client):
        with mock_events():
            async with client() as events:
                with pytest.raises(events.exceptions.ResourceNotFoundException) as caught:
                    await events.describe_rule(Name="nope")
        assert caught.value.response["Error"] == {
            "Code": "ResourceNotFoundException",
            "Message": "Rule nope does not exist on EventBus default.",
        }
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    async def test_pages_are_cut(self, client):
        with mock_events():
            async with client() as events:
                for number in range(5):
                    await events.put_rule(Name=f"r{number}", EventPattern='{"source": ["shop"]}')
                pages = events.get_paginator("list_rules").paginate(PaginationConfig={"PageSize": 2})
                names = [[rule["Name"] for rule in page["Rules"]] async for page in pages]
        assert names == [["r0", "r1"], ["r2", "r3"], ["r4"]]

    async def test_an_odd_endpoint_url_is_caught(self, client):
        with mock_events():
            async with client(endpoint_url="http://localhost:4566/base") as events:
                assert (await events.list_rules())["Rules"] == []

    @pytest.mark.parametrize(
        ("failure", "seen"), [(TimeoutError, ReadTimeoutError), (ConnectionError, EndpointConnectionError)]
    )
    async def test_a_connection_fails_as_botocore_s_own(self, client, failure, seen):
        with mock_events() as backend:
            fault = backend.faults.inject(failure, operation="ListRules")
            async with client(config=AioConfig(retries={"total_max_attempts": 2})) as events:
                with pytest.raises(seen):
                    await events.list_rules()
        assert fault.hits == 2

    async def test_tasks_share_the_mock(self, client, order):
        with mock_events() as backend:
            async with client() as events:
                await asyncio.gather(*(events.put_events(Entries=[order]) for _ in range(20)))
        assert len(backend.events) == 20

    async def test_other_tasks_have_their_turn_while_one_asks_again_and_again(self, client):
        with mock_events():
            async with client() as events:
                making = asyncio.create_task(events.put_rule(Name="r", EventPattern='{"source": ["x"]}'))
                asked = 1
                while not (await events.list_rules())["Rules"] and asked < 10:
                    asked += 1
                await making
        assert asked < 10


def test_httpx_answers_on_trio_too(order):
    trio = pytest.importorskip("trio")
    config = AioConfig(http_session_cls=http_session_class("httpx"))

    async def use():
        async with get_session().create_client("events", config=config) as events:
            await events.put_events(Entries=[order])
            with pytest.raises(ClientError):
                await events.put_rule(Name="r", EventPattern=BREAKS_AWS)

    with mock_events() as backend:
        trio.run(use)
        assert len(backend.events) == 1


def test_loops_in_other_threads_share_the_mock(client):
    async def make(name):
        async with client() as events:
            await events.create_event_bus(Name=name)

    with mock_events() as backend:
        threads = [threading.Thread(target=asyncio.run, args=[make(f"bus-{n}")]) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        buses = backend.client().list_event_buses(NamePrefix="bus-")["EventBuses"]
    assert [bus["Name"] for bus in buses] == ["bus-0", "bus-1", "bus-2", "bus-3"]


@pytest.mark.asyncio
class TestRefusal:
    async def test_another_service_is_refused_once(self, client):
        with mock_events() as backend:
            async with client("sqs", config=AioConfig(retries={"max_attempts": 5})) as sqs:
                with pytest.raises(NetworkBlocked, match="mock that service too"):
                    await sqs.list_queues()
        assert backend.state.ledger.refused_requests == [
            "POST https://sqs.us-east-1.amazonaws.com/ (service 'sqs')"
        ]

    async def test_a_request_without_a_client_is_refused(self, http):
        with mock_events(), pytest.raises(NetworkBlocked, match=r"GET http://169\.254\.170\.2/creds "):
            await self.send(http, "http://169.254.170.2/creds")

    async def test_the_metadata_service_is_absent_at_once(self, http):
        with mock_events() as backend, pytest.raises(EndpointConnectionError):
            await self.send(http, METADATA)
        assert backend.state.ledger.refused_requests == []

    async def test_a_session_class_of_the_code_under_test_is_let_be(self, client):
        class Transport:
            async def send(self, _request):
                raise KeyError("reached the transport")

        with mock_events():
            async with client("sqs") as sqs:
                sqs._endpoint.http_session, real = Transport(), sqs._endpoint.http_session
                with pytest.raises(KeyError, match="reached the transport"):
                    await sqs.list_queues()
                sqs._endpoint.http_session = real

    async def test_a_host_that_is_let_through_is_reached(self, client):
        config = AioConfig(retries={"total_max_attempts": 1})
        with mock_events(passthrough=["localhost:4566"]):
            async with client("sqs", endpoint_url="http://localhost:4566", config=config, **KEYS) as sqs:
                with pytest.raises(Exception, match="tried to reach"):
                    await sqs.list_queues()
            async with client(endpoint_url="http://localhost:4566", **KEYS) as events:
                assert (await events.list_rules())["Rules"] == []

    @pytest.mark.parametrize("passthrough", [["localhost"], ["proxy"]])
    async def test_a_host_and_its_proxy_have_to_be_let_through(self, client, passthrough):
        config = AioConfig(proxies={"http": "http://proxy:8080"})
        with mock_events(passthrough=passthrough):
            async with client("sqs", endpoint_url="http://localhost:4566", config=config, **KEYS) as sqs:
                with pytest.raises(NetworkBlocked):
                    await sqs.list_queues()

    async def test_a_url_that_libraries_read_differently_is_refused(self, http):
        with mock_events(passthrough=["allowed.internal", "*"]), pytest.raises(NetworkBlocked):
            await self.send(http, "http://127.0.0.1:9\\@allowed.internal/")

    async def test_a_patched_send_gets_requests_by_its_option_only(self, client, http, monkeypatch):
        urls = []

        async def send(_session, request):
            urls.append(request.url)
            raise KeyError("reached the patch")

        session = getattr(http, "http_session_cls", aiobotocore.httpsession.AIOHTTPSession)
        for options, error in (({}, NetworkBlocked), ({"patched_send": True}, KeyError)):
            with mock_events(**options), monkeypatch.context() as patch:
                patch.setattr(session, "send", send)
                async with client("sqs", endpoint_url="http://localhost", **KEYS) as sqs:
                    with pytest.raises(error, match="patch"):
                        await sqs.list_queues()
        assert urls == ["http://localhost/"]

    async def test_one_patched_before_the_mock_gets_none(self, client, http, monkeypatch):
        """It might call the original, which nothing behind it holds back."""

        async def send(_session, _request):
            raise AssertionError("reached the patch")

        session = getattr(http, "http_session_cls", aiobotocore.httpsession.AIOHTTPSession)
        monkeypatch.setattr(session, "send", send)
        with mock_events(patched_send=True):
            async with client("sqs", endpoint_url="http://localhost", **KEYS) as sqs:
                with pytest.raises(NetworkBlocked):
                    await sqs.list_queues()

    async def test_without_a_mock_requests_go_out(self, client):
        config = AioConfig(retries={"total_max_attempts": 1})
        with mock_events():
            pass
        async with client(region_name="us-east-1", config=config, **KEYS) as events:
            with pytest.raises(Exception, match="tried to reach"):
                await events.list_rules()

    @staticmethod
    async def send(http, url):
        session = getattr(http, "http_session_cls", aiobotocore.httpsession.AIOHTTPSession)
        async with session() as session:
            return await session.send(AWSRequest("GET", url).prepare())


@pytest.fixture
def no_provider(monkeypatch):
    """Credential providers that must not run, of aiobotocore and those of botocore that it inherits from."""

    async def load(self):
        raise AssertionError(f"the provider {self.METHOD} ran")

    providers = [one for one in vars(aiobotocore.credentials).values() if hasattr(one, "METHOD")]
    for provider in providers:
        if hasattr(provider, "load"):
            monkeypatch.setattr(provider, "load", load)


def real_credentials(kind, asked):
    """Credentials that may be real; what they are refreshed by is written down."""

    async def refresh():
        asked.append(1)
        expiry = "2999-01-01T00:00:00Z"
        return {"access_key": "REAL", "secret_key": "REAL", "token": "REAL", "expiry_time": expiry}

    module = aiobotocore.credentials
    if kind == "explicit":
        return module.AioCredentials("REAL", "REAL", "REAL")
    if kind == "deferred":
        return module.AioDeferredRefreshableCredentials(refresh, "test")
    expiry = datetime.now(UTC) + timedelta(minutes=1)
    return module.AioRefreshableCredentials("REAL", "REAL", "REAL", expiry, refresh, "test")


async def header_of(client):
    """The header by which a call is signed; the call fails."""
    seen = []
    client.meta.events.register(
        "before-send", lambda request, **_: seen.append(request.headers["Authorization"])
    )
    with pytest.raises(Exception, match=r"lets nothing out|tried to reach"):
        await client.list_queues()
    return str(seen)


@pytest.mark.asyncio
class TestCredentials:
    @pytest.mark.usefixtures("no_provider")
    async def test_neither_credentials_nor_region_are_needed(self):
        session = get_session()
        with mock_events():
            async with session.create_client("events") as events:
                assert (await events.list_rules())["Rules"] == []
                assert events.meta.region_name == "us-east-1"
            assert (await session.get_credentials()).access_key == FAKE_KEY_ID
        assert session._credentials is None

    @pytest.mark.usefixtures("no_provider")
    async def test_credentials_that_would_refresh_are_not_asked(self):
        async def refresh():
            raise AssertionError("refreshed")

        session = get_session()
        session._credentials = aiobotocore.credentials.AioDeferredRefreshableCredentials(refresh, "test")
        with mock_events():
            async with session.create_client("events") as events:
                assert (await events.list_rules())["Rules"] == []

    async def test_a_key_id_that_is_an_account_id_is_the_account(self, client):
        with mock_events():
            async with client(aws_access_key_id="111122223333", aws_secret_access_key="x") as events:
                assert (await events.describe_event_bus())["Arn"].split(":")[4] == "111122223333"

    async def test_credentials_that_the_session_holds_stay(self):
        session = get_session()
        session.set_credentials("111122223333", "x")
        with mock_events():
            assert (await session.get_credentials()).access_key == "111122223333"

    @pytest.mark.parametrize(
        "passthrough", [[], ["localhost:4566"]], ids=["nothing let out", "one host let out"]
    )
    @pytest.mark.parametrize("kind", ["explicit", "expiring", "deferred"])
    async def test_those_made_before_are_neither_shown_nor_refreshed(self, client, kind, passthrough):
        asked = []
        session = get_session()
        session._credentials = held = real_credentials(kind, asked)
        async with client("sqs", session=session, region_name="us-east-1") as early:
            with mock_events(passthrough=passthrough):
                assert await session.get_credentials() is held
                shown = [held.access_key, held.secret_key, await held.get_frozen_credentials()]
                shown.append(await early.generate_presigned_url("list_queues"))
                shown.append(await header_of(early))
                async with client("sqs", session=session, region_name="us-east-1") as late:
                    shown.append(await header_of(late))
                if kind != "explicit" and hasattr(held, "get_secret_key"):  # an older aiobotocore lacks it
                    shown.append(await held.get_secret_key())
        assert "REAL" not in str(shown)
        assert asked == []
        assert (await held.get_frozen_credentials()).access_key == "REAL"

    @pytest.mark.parametrize("made", ["before", "inside"])
    async def test_a_request_that_is_let_out_is_signed_by_the_real_ones(self, client, made):
        asked = []
        session = get_session()
        session._credentials = real_credentials("deferred", asked)
        arguments = {"session": session, "region_name": "us-east-1", "endpoint_url": "http://localhost:4566"}
        async with client("sqs", **arguments) as sqs:
            with mock_events(passthrough=["localhost:4566"]):
                if made == "inside":
                    async with client("sqs", **arguments) as late:
                        assert "Credential=REAL" in await header_of(late)
                else:
                    assert "Credential=REAL" in await header_of(sqs)
        assert asked == [1]

    async def test_the_files_of_the_machine_are_looked_at_only_for_a_request_that_is_let_out(
        self, client, monkeypatch, tmp_path
    ):
        credentials = tmp_path / "credentials"
        credentials.write_text("[default]\naws_access_key_id = REAL\naws_secret_access_key = x\n")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
        with mock_events(passthrough=["localhost"]):
            session = get_session()
            stand_in = await session.get_credentials()
            assert stand_in.access_key == (await stand_in.get_frozen_credentials()).access_key == FAKE_KEY_ID
            async with client("sqs", session=session) as sqs:
                assert "REAL" not in await header_of(sqs)
            async with client("sqs", session=session, endpoint_url="http://localhost") as sqs:
                assert "Credential=REAL" in await header_of(sqs)
            assert (await stand_in.get_frozen_credentials()).access_key == FAKE_KEY_ID
        assert (await stand_in.get_frozen_credentials()).access_key == "REAL"

    async def test_a_process_is_not_run(self, client, monkeypatch, tmp_path):
        ran = tmp_path / "ran"
        config = tmp_path / "config"
        config.write_text(f"[default]\ncredential_process = touch {ran}\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        early = get_session()
        with mock_events(passthrough=["localhost"]):
            for session in (early, get_session()):
                async with client("sqs", session=session, region_name="us-east-1") as sqs:
                    await header_of(sqs)
                resolver = session.get_component("credential_provider")
                assert (await resolver.load_credentials()).access_key == FAKE_KEY_ID
        assert not ran.exists()

    async def test_a_token_is_made_up(self):
        with mock_events():
            token = get_session().get_auth_token()
            assert (await token.get_frozen_token()).token == "eventmock"
        assert await token.get_frozen_token() is None

    async def test_broken_files_are_not_read(self, monkeypatch, tmp_path):
        broken = tmp_path / "config"
        broken.write_text("[[[ this is no ini file")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(broken))
        monkeypatch.setenv("AWS_PROFILE", "nowhere")
        with mock_events():
            async with get_session().create_client("events") as events:
                assert (await events.list_rules())["Rules"] == []


@pytest.mark.asyncio
class TestRegion:
    async def test_the_tester_s_word_is_over_the_environment_s(self, client, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_events(region="us-west-2"):
            async with client() as events:
                assert (await events.describe_event_bus())["Arn"].split(":")[3] == "us-west-2"

    async def test_the_environment_s_word_is_over_the_default(self, client, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        with mock_events():
            async with client() as events:
                assert events.meta.region_name == "eu-west-1"

    async def test_what_the_code_under_test_names_stays(self, client):
        with mock_events(region="us-west-2"):
            async with client(region_name="ap-south-1") as events:
                assert (await events.describe_event_bus())["Arn"].split(":")[3] == "ap-south-1"


@pytest.mark.asyncio
class TestSigning:
    async def test_nothing_is_computed(self, client, monkeypatch):
        def add_auth(*_args):
            raise AssertionError("signed")

        monkeypatch.setattr("botocore.auth.SigV4Auth.add_auth", add_auth)
        with mock_events():
            async with client() as events:
                assert (await events.list_rules())["Rules"] == []

    async def test_other_services_are_signed_as_ever(self, client):
        seen = []
        with mock_events(passthrough=["localhost"]):
            async with client("sqs", endpoint_url="http://localhost", **KEYS) as sqs:
                sqs.meta.events.register("before-send", lambda request, **_: seen.append(request.headers))
                with pytest.raises(Exception, match="tried to reach"):
                    await sqs.list_queues()
        assert b"unsigned" not in seen[0]["Authorization"]

    async def test_before_sign_handlers_run_first_coroutines_too(self, client):
        seen = []

        async def before_sign(operation_name, region_name, request, **_):
            await asyncio.sleep(0)
            seen.append((operation_name, region_name, "Authorization" in request.headers))

        with mock_events():
            async with client() as events:
                events.meta.events.register("before-sign.eventbridge.ListRules", before_sign)
                await events.list_rules()
        assert seen == [("ListRules", "us-east-1", False)]

    async def test_a_pre_signed_url_is_still_made(self, client):
        with mock_events():
            async with client(**KEYS) as events:
                assert "X-Amz-Signature=" in await events.generate_presigned_url("list_rules")

    async def test_a_call_through_a_global_endpoint_needs_no_awscrt(self, client, order, monkeypatch):
        for name in ("v4a", "s3v4a", "s3v4a-query"):
            monkeypatch.delitem(AUTH_TYPE_MAPS, name, raising=False)
        monkeypatch.setattr("botocore.regions.HAS_CRT", False)
        with mock_events():
            async with client(**KEYS) as events:
                with pytest.raises(ClientError, match=r"Endpoint abcde\.veo does not exist"):
                    await events.put_events(EndpointId="abcde.veo", Entries=[order])


@pytest.fixture
def slept(monkeypatch):
    """The seconds for which somebody has slept; nobody really does."""
    slept = []
    anyio, yield_once = pytest.importorskip("anyio"), asyncio.sleep

    async def sleep(seconds, *_):
        await yield_once(0)
        slept.extend([seconds] if seconds else [])

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(anyio, "sleep", sleep)
    return slept


@pytest.mark.asyncio
class TestRetries:
    @pytest.mark.parametrize(("mode", "attempts"), [("legacy", 5), ("standard", 3)])
    async def test_a_fault_is_retried_without_waiting(self, client, slept, mode, attempts):
        with mock_events():
            async with client(config=AioConfig(retries={"mode": mode})) as events:
                with pytest.raises(ClientError) as caught:
                    await events.put_rule(Name="r", EventPattern=BREAKS_AWS)
        assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == attempts - 1
        assert slept == []

    async def test_handlers_of_the_caller_see_the_endpoint(self, client):
        seen = []
        with mock_events():
            async with client() as events:
                events.meta.events.register("needs-retry", lambda endpoint, **_: seen.append(endpoint))
                await events.list_rules()
                assert seen == [events._endpoint]

    async def test_another_service_s_back_off_is_real(self, client, slept):
        class Transport:
            async def send(self, request):
                raise EndpointConnectionError(endpoint_url=request.url)

        with mock_events():
            async with client("sqs") as sqs:
                sqs._endpoint.http_session, real = Transport(), sqs._endpoint.http_session
                with pytest.raises(EndpointConnectionError):
                    await sqs.list_queues()
                sqs._endpoint.http_session = real
        assert len(slept) > 0


@pytest.mark.asyncio
class TestBesideMoto:
    async def test_moto_inside(self, client):
        with mock_events() as backend, mock_aws():
            await self.use(client, backend)

    async def test_moto_outside(self, client):
        with mock_aws(), mock_events() as backend:
            await self.use(client, backend)

    @staticmethod
    async def use(client, backend):
        async with client(region_name="us-east-1") as events:
            await events.put_rule(Name="r", EventPattern='{"source": ["x"]}')
        assert list(buses_of(backend.state.accounts.get("123456789012", "us-east-1"))["default"].rules) == [
            "r"
        ]


def wrapped_attributes():
    """The code of what is wrapped, as it stands in the classes."""
    classes = {
        aiobotocore.endpoint.AioEndpoint: ["_send", "_needs_retry"],
        aiobotocore.httpsession.AIOHTTPSession: ["send"],
        aiobotocore.signers.AioRequestSigner: ["sign"],
        AioSession: ["get_credentials"],
    }
    if "aiobotocore.httpxsession" in sys.modules:
        classes[sys.modules["aiobotocore.httpxsession"].HttpxSession] = ["send"]
    return {(owner, name): vars(owner)[name].__code__ for owner, names in classes.items() for name in names}


def test_all_is_given_back_when_the_last_mock_stops():
    before = wrapped_attributes()
    with mock_events(), mock_events(isolated=True):
        during = wrapped_attributes()
    after = wrapped_attributes()
    assert [key for key in before if during[key] is before[key]] == []
    assert [key for key in before if after[key] is not before[key]] == []


def test_a_second_session_wraps_nothing_again():
    with mock_events():
        get_session()
        before = wrapped_attributes()
        get_session()
        assert [key for key, held in wrapped_attributes().items() if held is not before[key]] == []


NEVER = """
import sys
from eventmock import mock_events

with mock_events() as backend:
    backend.client().list_rules()
print([name for name in sys.modules if name.startswith("aiobotocore")])
"""

LATE = """
import asyncio, sys
from eventmock import NetworkBlocked, mock_events

async def use():
    from aiobotocore.session import get_session
    session = get_session()
    async with session.create_client("events") as events:
        await events.put_rule(Name="r", EventPattern='{"source": ["x"]}')
    async with session.create_client("sqs") as sqs:
        try:
            await sqs.list_queues()
        except NetworkBlocked:
            print("refused")
    import moto
    with moto.mock_aws():
        async with get_session().create_client("events") as events:
            print([rule["Name"] for rule in (await events.list_rules())["Rules"]])

with mock_events():
    assert "aiobotocore" not in sys.modules
    asyncio.run(use())

from aiobotocore.endpoint import AioEndpoint
assert vars(AioEndpoint)["_send"].__kwdefaults__ is None
"""


@pytest.mark.parametrize(("code", "said"), [(NEVER, "[]\n"), (LATE, "refused\n['r']\n")])
def test_it_is_never_imported_and_may_be_at_any_time(code, said):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == (said, 0), run.stderr


@pytest.mark.asyncio
async def test_the_rate_limiter_of_the_adaptive_mode_does_not_wait(client):
    config = AioConfig(retries={"mode": "adaptive"})
    with mock_events() as backend:
        backend.faults.inject("ThrottlingException", operation="ListRules", times=2)
        async with client(config=config) as events:
            started = asyncio.get_running_loop().time()
            await events.list_rules()
            await events.list_rules()
            assert asyncio.get_running_loop().time() - started < 0.5


@pytest.mark.asyncio
class TestGuard:
    @pytest.fixture(autouse=True)
    def guarded(self, monkeypatch):
        """The guard, and no credentials to be found."""

        async def look_up(_resolver):
            raise AssertionError("a look-up")

        monkeypatch.setattr(aiobotocore.credentials.AioCredentialResolver, "load_credentials", look_up)
        before = set_guard(True)
        yield
        set_guard(before)

    async def test_a_call_outside_any_mock_is_refused(self, client):
        async with client(region_name="us-east-1") as events:
            with pytest.raises(
                NetworkBlocked, match=r"^ListRules of Amazon EventBridge was called outside any mock"
            ):
                await events.list_rules()
            with mock_events():
                assert (await events.list_rules())["Rules"] == []
            with pytest.raises(NetworkBlocked):
                await events.list_rules()

    async def test_a_client_without_a_region_says_that_a_mock_is_missing(self, client):
        with pytest.raises(NoRegionError) as caught:
            async with client():
                pass
        [note] = caught.value.__notes__
        assert note.startswith("A client of Amazon EventBridge was made outside any mock, at ")

    async def test_other_services_look_for_their_credentials(self, client):
        with pytest.raises(AssertionError, match="a look-up"):
            async with client("sqs", region_name="us-east-1"):
                pass
