"""A client of `backend.client()` is answered by that backend and by no other."""

from __future__ import annotations

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session

from eventmock import MockStateError, NetworkBlocked, mock_events


def buses(client):
    return sorted(bus["Name"] for bus in client.list_event_buses()["EventBuses"])


def test_wherever_the_innermost_mock_is():
    with mock_events() as outer:
        bound, free = outer.client(), boto3.client("events")
        with mock_events(isolated=True) as inner:
            bound.create_event_bus(Name="outer")
            inner.client().create_event_bus(Name="inner")
            assert buses(bound) == ["default", "outer"]
            assert buses(free) == buses(inner.client()) == ["default", "inner"]
        assert buses(free) == buses(bound) == ["default", "outer"]


def test_in_a_thread_that_is_in_no_mock():
    from concurrent.futures import ThreadPoolExecutor

    def work(number):
        with mock_events(isolated=True) as backend:
            client = backend.client()
            client.create_event_bus(Name=f"bus-{number}")
            return inner.submit(buses, client).result()

    with ThreadPoolExecutor(1) as inner, ThreadPoolExecutor(4) as outer:
        assert list(outer.map(work, range(8))) == [[f"bus-{number}", "default"] for number in range(8)]


def test_when_its_mock_has_stopped_it_is_refused_beside_another_mock_and_without_one():
    with mock_events() as backend:
        client = backend.client()
    with pytest.raises(
        MockStateError, match="the mock of that backend has stopped: no other mock answers it"
    ):
        client.list_rules()
    with mock_events() as other, pytest.raises(MockStateError, match="has stopped"):
        client.list_rules()
    assert other.state.lifetime.requests == 0


@pytest.mark.parametrize("service", ["events", "appintegrations", "sqs"])
def test_whatever_service_it_is_of(service):
    calls = {"events": "list_rules", "appintegrations": "list_applications", "sqs": "list_queues"}
    with mock_events() as backend:
        client = backend.client(service)
    with pytest.raises(MockStateError, match="has stopped"):
        getattr(client, calls[service])()


def test_while_another_joined_mock_is_active_it_works():
    first, second = mock_events(), mock_events()
    client = first.start().client()
    second.start()
    first.stop()
    assert buses(client) == ["default"]
    second.stop()


def test_what_it_is_let_out_to_is_its_own_backend_s_affair(monkeypatch):
    def connect(_session, url, _proxy_url):
        asked.append(url)
        raise ConnectionError

    asked = []
    with mock_events(passthrough=["allowed.internal"]) as outer:
        session = outer.client("sqs")._endpoint.http_session
        free = boto3.client("sqs")._endpoint.http_session
        monkeypatch.setattr(URLLib3Session, "_get_connection_manager", connect)
        request = AWSPreparedRequest("GET", "http://allowed.internal/", {}, None, False)
        with mock_events(isolated=True):
            with pytest.raises(NetworkBlocked):
                free.send(request)
            with pytest.raises(HTTPClientError):
                session.send(request)
    assert asked == ["http://allowed.internal/"]


def test_a_request_under_way_when_its_mock_stops_is_refused():
    mock = mock_events(isolated=True)
    with mock_events():
        client = mock.start().client()
        client.meta.events.register("before-send", lambda **_: mock.stop())
        with pytest.raises(MockStateError, match="has stopped"):
            client.list_rules()
