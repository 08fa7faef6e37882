"""Every early or odd client is caught, and nothing else leaves the process."""

from __future__ import annotations

import io
import socket
import threading
from contextlib import ExitStack
from functools import wraps
from unittest.mock import patch

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.utils import InstanceMetadataRegionFetcher

from eventmock import NetworkBlocked, mock_events

EARLY_SESSION = boto3.Session(aws_access_key_id="AKIAREALREALREALREAL", aws_secret_access_key="real")
CLIENT_MADE_AT_IMPORT = EARLY_SESSION.client("events", region_name="us-east-1")


def is_caught(client):
    with mock_events():
        client.put_rule(Name="here", EventPattern='{"source": ["x"]}')
        return [rule["Name"] for rule in client.list_rules()["Rules"]] == ["here"]


def make(**arguments):
    arguments = {
        "region_name": "us-east-1",
        "aws_access_key_id": "x",
        "aws_secret_access_key": "x",
    } | arguments
    return boto3.client("events", **arguments)


def test_a_client_made_at_import_time_is_caught():
    assert is_caught(CLIENT_MADE_AT_IMPORT)


def test_a_client_of_a_session_made_at_import_time_is_caught():
    assert is_caught(EARLY_SESSION.client("events", region_name="eu-west-1"))


def test_a_client_made_before_an_earlier_mock_is_caught_again():
    client = make()
    assert is_caught(client)
    assert is_caught(client)


def test_a_client_of_a_bare_botocore_session_is_caught():
    session = botocore.session.Session()
    session.set_credentials("x", "x")
    assert is_caught(session.create_client("events", region_name="us-east-1"))


def test_a_client_made_in_another_thread_is_caught():
    made = []
    thread = threading.Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    assert is_caught(made[0])


def test_a_call_from_another_thread_is_caught():
    with mock_events() as backend:
        client = make()
        thread = threading.Thread(target=lambda: client.create_event_bus(Name="made-in-a-thread"))
        thread.start()
        thread.join()
        assert client.describe_event_bus(Name="made-in-a-thread")["Name"] == "made-in-a-thread"
        assert backend.client().describe_event_bus(Name="made-in-a-thread")


@pytest.mark.parametrize(
    "arguments",
    [
        {"endpoint_url": "http://localhost:4566"},
        {"endpoint_url": "http://localhost:4566/base/path"},
        {"endpoint_url": "https://vpce-1234.events.us-east-1.vpce.amazonaws.com"},
        {"config": Config(use_fips_endpoint=True)},
        {"config": Config(use_dualstack_endpoint=True)},
        {"config": Config(use_fips_endpoint=True, use_dualstack_endpoint=True)},
        {"config": Config(signature_version=UNSIGNED)},
        {"config": Config(proxies={"https": "http://proxy:8080"})},
        {"config": Config(parameter_validation=False)},
        {"region_name": "cn-north-1"},
        {"region_name": "us-gov-west-1"},
        {"region_name": "us-iso-east-1"},
        {"region_name": "us-isob-east-1"},
        {"region_name": "xx-nowhere-9"},
    ],
    ids=range(14),
)
def test_an_odd_client_is_caught(arguments):
    assert is_caught(make(**arguments))


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EVENTBRIDGE"])
def test_a_client_with_an_endpoint_url_from_the_environment_is_caught(monkeypatch, name):
    monkeypatch.setenv(name, "http://localhost:9/base")
    client = make()
    assert client.meta.endpoint_url == "http://localhost:9/base"
    assert is_caught(client)


@pytest.mark.parametrize(
    "arguments",
    [
        {"region_name": "eu-west-1"},
        {"region_name": "cn-north-1"},
        {"region_name": "eu-west-1", "config": Config(use_fips_endpoint=True)},
        {"region_name": "eu-west-1", "config": Config(use_dualstack_endpoint=True)},
        {"region_name": "eu-west-1", "config": Config(signature_version=UNSIGNED)},
        {"region_name": "eu-west-1", "endpoint_url": "http://localhost:4566"},
    ],
    ids=range(6),
)
def test_the_region_is_the_client_s(arguments):
    with mock_events():
        arn = make(**arguments).describe_event_bus()["Arn"]
    assert arn.split(":")[3] == arguments["region_name"]


def test_the_second_service_is_ours_too():
    with mock_events():
        assert boto3.client("appintegrations").list_applications()["Applications"] == []


def test_a_pre_signed_url_is_still_made():
    with mock_events():
        assert "X-Amz-Signature=" in make().generate_presigned_url("list_rules")


class TestRefusal:
    def test_another_service_is_refused_with_the_url_the_service_and_the_ways_out(self):
        with mock_events(), pytest.raises(NetworkBlocked) as caught:
            boto3.client("sqs").list_queues()
        assert str(caught.value) == (
            "POST https://sqs.us-east-1.amazonaws.com/ (service 'sqs') was about to leave the process, "
            "and eventmock lets nothing out.\n"
            "Ways out: mock that service too, for example with moto's mock_aws;\n"
            "or let the host through: mock_events(passthrough=['sqs.us-east-1.amazonaws.com'])."
        )

    def test_a_refusal_is_not_retried(self):
        with mock_events() as backend, pytest.raises(NetworkBlocked):
            boto3.client("sqs", config=Config(retries={"max_attempts": 5})).list_queues()
        assert backend.state.ledger.refused_requests == [
            "POST https://sqs.us-east-1.amazonaws.com/ (service 'sqs')"
        ]

    def test_no_query_string_is_told(self):
        with mock_events(), pytest.raises(NetworkBlocked) as caught:
            boto3.client("s3").list_objects_v2(Bucket="b", Prefix="secret")
        assert "secret" not in str(caught.value)

    def test_a_botocore_error_handler_does_not_hide_it(self):
        from botocore.exceptions import BotoCoreError

        assert not issubclass(NetworkBlocked, (BotoCoreError, ClientError, OSError))

    def test_a_service_s_own_session_class_is_let_be(self):
        class Transport:
            def send(self, _request):
                raise KeyError("reached the transport")

        with mock_events():
            client = boto3.client("sqs")
            client._endpoint.http_session = Transport()
            with pytest.raises(KeyError, match="reached the transport"):
                client.list_queues()

    @pytest.mark.parametrize(
        "host", ["localhost:4566", "LOCALHOST:4566", "localhost", "local*", "*"], ids=str
    )
    def test_a_host_that_is_let_through_is_reached(self, host):
        with mock_events(passthrough=[host]):
            client = make_sqs("http://localhost:4566")
            with pytest.raises(Exception, match="tried to reach"):
                client.list_queues()

    @pytest.mark.parametrize("host", ["localhost:4567", "example.com", "ocalhost"])
    def test_a_host_that_is_not_let_through_is_not_reached(self, host):
        with mock_events(passthrough=[host]), pytest.raises(NetworkBlocked):
            make_sqs("http://localhost:4566").list_queues()

    def test_our_own_service_is_never_let_through(self):
        with mock_events(passthrough=["*"]):
            assert make().list_rules()["Rules"] == []

    def test_without_a_mock_requests_go_out(self):
        with pytest.raises(Exception, match="tried to reach"):
            make().list_rules()


def make_sqs(url="http://localhost:4566", **more):
    return boto3.client(
        "sqs",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        **more,
    )


def make_tables():
    """A client of a service whose answers are JSON in every version of botocore."""
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client("dynamodb", "us-east-1", endpoint_url="http://localhost:4566", **keys)


def send(url, **more):
    """Send a request as botocore's own look-ups do, without a client."""
    return URLLib3Session(**more).send(AWSRequest("GET", url).prepare())


class TestHostOfAUrl:
    """`tests/values/test_hosts.py` has the rest."""

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:9\\@allowed.internal/",
            "http://allowed.internal@127.0.0.1:9/",
            "http://127.0.0.1:9/\\@allowed.internal/",
            "http://127.0.0.1:9#@allowed.internal/",
            "http://[allowed.internal/",
        ],
    )
    def test_a_url_that_only_seems_to_be_of_a_host_is_refused(self, url):
        with mock_events(passthrough=["allowed.internal"]), pytest.raises(NetworkBlocked) as caught:
            send(url)
        assert "Ways out" in str(caught.value)

    def test_one_that_is_not_written_plainly_is_told_so(self):
        with (
            mock_events(passthrough=["allowed.internal"]) as backend,
            pytest.raises(NetworkBlocked) as caught,
        ):
            send("http://127.0.0.1:9\\@allowed.internal/")
        assert str(caught.value) == (
            "GET http://127.0.0.1:9/%5C@allowed.internal/ was about to leave the process, "
            "and eventmock lets nothing out.\n"
            "Ways out: mock that service too, for example with moto's mock_aws;\n"
            "or let the host through with passthrough; for that the URL has to be written plainly, so that every "
            "library reads the same host: ASCII only, and no escapes, backslashes or blanks before its path."
        )
        assert backend.state.ledger.refused_requests == ["GET http://127.0.0.1:9/%5C@allowed.internal/"]

    @pytest.mark.parametrize("host", ["[::1]", "::1", "[::1]:4566", "*"])
    def test_an_ipv6_address_is_let_through(self, host):
        with mock_events(passthrough=[host]), pytest.raises(Exception, match="tried to reach"):
            make_sqs("http://[::1]:4566").list_queues()

    @pytest.mark.parametrize("host", ["[::2]", "::", "1", "[::1]:1"])
    def test_another_ipv6_address_is_not(self, host):
        with (
            mock_events(passthrough=[host]),
            pytest.raises(NetworkBlocked, match=r"passthrough=\['\[::1\]:4566'\]"),
        ):
            make_sqs("http://[::1]:4566").list_queues()

    def test_no_user_or_password_is_told(self):
        with mock_events(), pytest.raises(NetworkBlocked) as caught:
            make_sqs("http://user:secret@localhost:4566").list_queues()
        assert "secret" not in str(caught.value)
        assert "user" not in str(caught.value)


class TestProxy:
    """The connection goes to the proxy, so both have to be let through."""

    PROXY = "http://user:secret@proxy:8080"

    @pytest.fixture(params=["configuration", "environment"])
    def client(self, request, monkeypatch):
        if request.param == "configuration":
            return make_sqs(config=Config(proxies={"http": self.PROXY}))
        monkeypatch.setenv("http_proxy", self.PROXY)
        return make_sqs()

    def test_one_that_is_not_let_through_is_named(self, client):
        with mock_events(passthrough=["localhost"]), pytest.raises(NetworkBlocked) as caught:
            client.list_queues()
        assert str(caught.value).startswith(
            "POST http://localhost:4566/ (service 'sqs') through the proxy http://proxy:8080 was about to leave"
        )
        assert str(caught.value).endswith(
            "or let the proxy through: mock_events(passthrough=['proxy:8080'])."
        )

    def test_it_alone_lets_no_host_through(self, client):
        with mock_events(passthrough=["proxy"]), pytest.raises(NetworkBlocked, match="localhost:4566"):
            client.list_queues()

    def test_both_are_reached(self, client):
        with (
            mock_events(passthrough=["proxy", "localhost"]),
            pytest.raises(Exception, match=r"tried to reach.*proxy"),
        ):
            client.list_queues()

    def test_a_host_that_is_reached_without_it_needs_no_leave_for_it(self, monkeypatch):
        monkeypatch.setenv("http_proxy", self.PROXY)
        monkeypatch.setenv("no_proxy", "localhost")
        client = make_sqs()
        with (
            mock_events(passthrough=["localhost"]),
            pytest.raises(Exception, match=r"tried to reach.*localhost"),
        ):
            client.list_queues()

    def test_a_request_without_a_client_goes_through_it_too(self):
        with mock_events(passthrough=["localhost"]), pytest.raises(NetworkBlocked, match="through the proxy"):
            send("http://localhost/", proxies={"http": self.PROXY})


class Recorder:
    """A ``send`` that a test puts in the place of botocore's."""

    def __init__(self):
        self.urls = []

    def __call__(self, request):
        self.urls.append(request.url)
        return AWSResponse(request.url, 200, {}, Body())

    @classmethod
    def as_handler(cls, request, **_others):
        """The same as a handler of ``before-send``."""
        return cls()(request)


class Body:
    def stream(self):
        yield b"{}"


def replaced(recorder):
    return patch.object(URLLib3Session, "send", side_effect=recorder)


def replaced_by_function(recorder):
    return patch.object(URLLib3Session, "send", lambda _session, request: recorder(request))


def replaced_with_its_signature(recorder):
    return patch.object(
        URLLib3Session, "send", autospec=True, side_effect=lambda _session, request: recorder(request)
    )


def replaced_by_what_looks_like_it(recorder):
    @wraps(URLLib3Session.send)
    def send(_session, request):
        return recorder(request)

    return patch.object(URLLib3Session, "send", send)


PATCHES = pytest.mark.parametrize(
    "put_in_place",
    [replaced, replaced_by_function, replaced_with_its_signature, replaced_by_what_looks_like_it],
)
WHEN = pytest.mark.parametrize("when", ["before", "inside"])


class TestPatchedSend:
    @staticmethod
    def both(put_in_place, when, **options):
        """The mock, and a patch of ``send`` made before it or inside."""
        stack, recorder = ExitStack(), Recorder()
        if when == "before":
            stack.enter_context(put_in_place(recorder))
        stack.enter_context(mock_events(**options))
        if when == "inside":
            stack.enter_context(put_in_place(recorder))
        return stack, recorder

    @WHEN
    @PATCHES
    def test_it_gets_nothing_without_the_option_and_the_refusal_names_it(self, put_in_place, when):
        stack, recorder = self.both(put_in_place, when)
        with stack, pytest.raises(NetworkBlocked) as caught:
            make_tables().list_tables()
        assert recorder.urls == []
        assert "botocore's send is patched by " in str(caught.value)
        assert "mock_events(patched_send=True) gives that patch the requests to other services." in str(
            caught.value
        )

    @WHEN
    @PATCHES
    def test_with_the_option_it_gets_requests_to_other_services_only(self, put_in_place, when):
        stack, recorder = self.both(put_in_place, when, patched_send=True)
        with stack:
            make_tables().list_tables()
            assert make().list_rules()["Rules"] == []
        assert recorder.urls == ["http://localhost:4566/"]

    @WHEN
    def test_a_request_without_a_client_gets_there_too(self, when):
        stack, recorder = self.both(replaced_by_function, when, patched_send=True)
        with stack:
            send("http://other/")
        assert recorder.urls == ["http://other/"]

    def test_one_of_an_object_gets_requests_too(self):
        with mock_events(patched_send=True):
            client = make_tables()
            client._endpoint.http_session.send = recorder = Recorder()
            client.list_tables()
        assert recorder.urls == ["http://localhost:4566/"]

    @WHEN
    def test_one_that_calls_the_original_gets_no_further(self, when):
        spied = []

        def spy_on(_recorder):
            original = URLLib3Session.send

            def spy(session, request):
                spied.append(request.url)
                return original(session, request)

            return patch.object(URLLib3Session, "send", spy)

        stack, _ = self.both(spy_on, when, patched_send=True)
        with stack, pytest.raises(NetworkBlocked, match="http://localhost:4566/"):
            make_tables().list_tables()
        assert spied == ["http://localhost:4566/"]

    def test_it_is_no_leave_where_nobody_has_patched_anything(self):
        with mock_events(patched_send=True), pytest.raises(NetworkBlocked) as caught:
            make_tables().list_tables()
        assert "patched" not in str(caught.value)

    def test_its_requests_are_signed_by_no_real_key(self):
        client = boto3.client("dynamodb", "us-east-1", aws_access_key_id="REAL", aws_secret_access_key="REAL")
        seen = []
        client.meta.events.register(
            "before-send", lambda request, **_: seen.append(request.headers["Authorization"])
        )
        stack, _ = self.both(replaced, "inside", patched_send=True)
        with stack:
            client.list_tables()
        assert b"REAL" not in seen[0]


class TestOtherWaysOut:
    def test_the_region_of_the_machine_is_not_found_in_its_metadata(self):
        with mock_events():
            assert InstanceMetadataRegionFetcher().retrieve_region() is None

    @pytest.mark.parametrize("mode", ["auto", "standard"])
    def test_defaults_that_depend_on_the_machine_are_not_looked_for(self, mode):
        with mock_events():
            assert make(config=Config(defaults_mode=mode)).list_rules()["Rules"] == []

    def test_monitoring_sends_nothing(self, monkeypatch):
        sent = []
        monkeypatch.setenv("AWS_CSM_ENABLED", "true")
        monkeypatch.setenv("AWS_CSM_HOST", "127.0.0.1")
        early = botocore.session.Session()

        class Socket:
            def sendto(self, *given):
                sent.append(given)

        monkeypatch.setattr(socket, "socket", lambda *_: Socket())
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        client = early.create_client("events", "us-east-1", **keys)
        for passthrough in ([], ["*"]):
            with mock_events(passthrough=passthrough):
                client.list_rules()
        assert sent == []
        client.meta.events.register("before-send", Recorder.as_handler)
        client.list_rules()
        assert sent

    def test_a_redirect_of_s3_is_a_request_like_another(self):
        with mock_events(passthrough=["localhost"]):
            keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
            client = boto3.client("s3", "us-east-1", endpoint_url="http://localhost", **keys)
            redirect = AWSResponse("http://localhost/", 301, {"x-amz-bucket-region": "eu-west-1"}, Body())
            client.meta.events.register(
                "before-send", lambda request, **_: redirect if "localhost" in request.url else None
            )
            with pytest.raises((NetworkBlocked, ClientError)):
                client.list_objects_v2(Bucket="bucket")


class TestMetadata:
    def test_the_metadata_service_is_absent_at_once(self):
        from botocore.credentials import InstanceMetadataFetcher

        with mock_events():
            assert InstanceMetadataFetcher(timeout=1, num_attempts=3).retrieve_iam_role_credentials() == {}

    def test_a_container_s_metadata_is_refused_without_waiting(self):
        from botocore.utils import ContainerMetadataFetcher

        waited = []
        with mock_events(), pytest.raises(NetworkBlocked):
            ContainerMetadataFetcher(sleep=waited.append).retrieve_uri("/creds")
        assert waited == []

    @pytest.mark.parametrize("path", ["/latest/api/token", "/latest/meta-data/x"])
    def test_it_is_absent_without_a_client_too(self, path):
        with mock_events(), pytest.raises(EndpointConnectionError):
            send(f"http://169.254.169.254{path}")

    def test_a_host_let_through_is_reached_without_a_client(self):
        with mock_events(passthrough=["169.254.170.2"]), pytest.raises(Exception, match="tried to reach"):
            send("http://169.254.170.2/creds")


class TestBodies:
    """What a handler of ``before-send`` may put as a body is read as HTTP would send it."""

    BODY = '{"Name": "given-by-a-handler"}'

    @pytest.mark.parametrize(
        "body",
        [
            lambda text: io.BytesIO(text.encode()),
            io.StringIO,
            lambda text: text,
            lambda text: bytearray(text.encode()),
            lambda text: memoryview(text.encode()),
            lambda text: iter([text[:9].encode(), text[9:].encode()]),
            lambda text: [text[:9], text[9:]],
        ],
        ids=["file", "text file", "text", "bytearray", "memoryview", "generator", "list"],
    )
    def test_a_body_is_read(self, body):
        def put(request, **_others):
            request.body = body(self.BODY)

        with mock_events():
            client = make()
            client.meta.events.register("before-send.eventbridge.CreateEventBus", put)
            client.create_event_bus(Name="x")
            names = [bus["Name"] for bus in client.list_event_buses()["EventBuses"]]
        assert "given-by-a-handler" in names

    def test_no_body_is_an_empty_one(self):
        def put(request, **_others):
            request.body = None

        with mock_events():
            client = make()
            client.meta.events.register("before-send", put)
            assert client.list_rules()["Rules"] == []

    def test_something_else_is_an_error_of_the_connection_as_without_a_mock(self):
        def put(request, **_others):
            request.body = 7

        with mock_events():
            client = make(config=Config(retries={"total_max_attempts": 1}))
            client.meta.events.register("before-send", put)
            with pytest.raises(HTTPClientError, match="int"):
                client.list_rules()
