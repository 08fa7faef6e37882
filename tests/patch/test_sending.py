"""Every early or odd client is caught, and nothing else leaves the process."""

from __future__ import annotations

import threading

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

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


def test_a_service_with_the_same_signing_name_is_not_ours():
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")
    if "eventbridgev2" not in session.get_available_services():
        pytest.skip("this botocore has no eventbridgev2")
    with mock_events():
        client = session.client("eventbridgev2")
        name = next(iter(sorted(client.meta.method_to_api_mapping)))
        request = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[name])
        with pytest.raises(NetworkBlocked, match="'eventsv2'"):
            client._endpoint.make_request(
                request,
                {
                    "method": "POST",
                    "url": "https://eventsv2.us-east-1.amazonaws.com/",
                    "headers": {},
                    "body": b"",
                    "context": {"client_config": client.meta.config},
                },
            )


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
        assert backend.ledger.refused_requests == [
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


def make_sqs(url):
    return boto3.client(
        "sqs", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


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

    def test_a_host_let_through_is_reached_without_a_client(self):
        from botocore.awsrequest import AWSRequest
        from botocore.httpsession import URLLib3Session

        request = AWSRequest("GET", "http://169.254.170.2/creds").prepare()
        with mock_events(passthrough=["169.254.170.2"]), pytest.raises(Exception, match="tried to reach"):
            URLLib3Session().send(request)
