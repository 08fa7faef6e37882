from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from eventmock import AwsRefusal, mock_events
from eventmock.mock.gate import Gate
from eventmock.services.events import SERVICE
from eventmock.services.events.face import FACE
from eventmock.services.table import services
from eventmock.wire import HttpRequest, Operations


def describe(gate, host, **headers):
    headers = {"x-amz-target": "AWSEvents.DescribeEventBus", **headers}
    response = gate.answer("events", HttpRequest("POST", f"https://{host}/", headers, b"{}"))
    return json.loads(response.body)["Arn"]


@pytest.fixture
def gate(events_backend):
    return Gate(events_backend.state)


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("events.eu-west-1.amazonaws.com", "eu-west-1"),
        ("events-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("events.ap-south-1.api.aws", "ap-south-1"),
        ("vpce-1.events.eu-north-1.vpce.amazonaws.com", "eu-north-1"),
        ("localhost:4566", "us-east-1"),
        ("[broken", "us-east-1"),
    ],
)
def test_an_unsigned_request_s_region_is_its_host_s(gate, host, region):
    assert describe(gate, host).split(":")[3] == region


@pytest.mark.parametrize(
    "authorization",
    ["Credential=" * 8000, "/20260131/a/" * 8000 + "Credential=" * 8000],
    ids=["keys", "scopes"],
)
def test_a_header_that_only_looks_signed_is_read_once(gate, authorization):
    start = time.thread_time()
    describe(gate, "events.eu-west-1.amazonaws.com", authorization=authorization)
    assert time.thread_time() - start < 0.5


def test_a_signed_request_s_region_is_its_scope_s(gate):
    scope = (
        "AWS4-HMAC-SHA256 Credential=222222222222/20260101/eu-west-1/events/aws4_request, SignedHeaders=host"
    )
    arn = describe(gate, "events.us-east-1.amazonaws.com", authorization=scope)
    assert arn.split(":")[3:5] == ["eu-west-1", "222222222222"]


def test_only_our_services_are_served(gate):
    served = [service.endpoint_prefix for service in services()]
    assert [prefix for prefix in (*served, "events-x", "eventsv3", "sqs") if gate.serves(prefix)] == served


def test_an_operation_without_a_function_says_so_in_our_words(gate, monkeypatch):
    operations = Operations("eventmock.services.events", {"rules": ("put_rule",)})
    monkeypatch.setitem(vars(SERVICE), "face", replace(FACE, operations=operations))
    headers = {"x-amz-target": "AWSEvents.ListRules"}
    response = gate.answer(
        "events", HttpRequest("POST", "https://events.us-east-1.amazonaws.com/", headers, b"{}")
    )
    assert (response.status, response.headers["x-amzn-ErrorType"]) == (501, "NotBuiltInEventmock")
    assert "does not answer ListRules yet" in json.loads(response.body)["message"]


def test_accounts_made_at_once_by_many_threads_lose_nothing():
    import sys
    import threading

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with mock_events() as backend:
            clients = [backend.client(region="eu-west-3") for _ in range(6)]
            threads = [
                threading.Thread(target=client.create_event_bus, kwargs={"Name": f"bus-{number}"})
                for number, client in enumerate(clients)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(clients[0].list_event_buses()["EventBuses"]) == 7
    finally:
        sys.setswitchinterval(interval)


def test_a_request_that_is_refused_is_an_incident(events, events_backend):
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_rule(Name="r")
    with pytest.raises(ClientError):
        events_backend.client(region="eu-west-1", account="111122223333").put_events(
            Entries=[{"Source": "s", "DetailType": "d", "Detail": json.dumps("x" * 2**20)}]
        )
    assert [str(fact) for fact in events_backend.trace] == [
        "DescribeRule of 123456789012 in us-east-1 was refused: "
        "ResourceNotFoundException: Rule r does not exist on EventBus default.",
        "PutEvents of 111122223333 in eu-west-1 was refused: ValidationException: Total size of the entries in the "
        "request is over the limit. (they have 1,048,580 bytes, and 1,048,576 is the most; "
        "see backend.quotas.put_events_bytes)",
    ]


def test_a_request_that_a_fault_makes_fail_is_told_once(events, events_backend):
    events_backend.faults.inject("ThrottlingException", operation="ListRules")
    with pytest.raises(ClientError):
        events.list_rules()
    assert {fact.incident.kind for fact in events_backend.trace} == {"request failed"}


@pytest.mark.parametrize(
    ("host", "url", "is_let_out"),
    [
        ("[::1]", "http://[::1]:4566/x", True),
        ("[::1]", "https://[::1]/x", True),
        ("::1", "http://[::1]:4566/x", True),
        ("::1", "https://[::1]/x", True),
        ("[::1]:4566", "http://[::1]:4566/x", True),
        ("[::1]:4566", "http://[::1]/x", False),
        ("[::1]", "http://[::2]:4566/x", False),
        ("::1", "http://[::11]:4566/x", False),
        ("[::1]", "http://1/", False),
        ("[::1]", "http://[::1/x", False),
    ],
)
def test_an_ipv6_host_is_let_out_with_and_without_brackets(host, url, is_let_out):
    with mock_events(passthrough=[host], isolated=True) as backend:
        gate = Gate(backend.state)
        assert (gate.lets_out(url), gate.signs_for(url)) == (is_let_out, is_let_out)


@pytest.mark.eventmock(start_time="2026-01-01T12:00:00Z")
class TestLongAnswers:
    """AWS quotes all of a value that it refuses: the code under test gets it, the tester the reason and the size."""

    TOO_MANY = (
        "PutEvents of 123456789012 in us-east-1 was refused: ValidationException: 1 validation error: "
        "Member must have length less than or equal to 10, but entries has 11 elements"
    )

    def test_the_code_gets_all_and_the_tester_the_reason(self, events, events_backend):
        entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"x": "y" * 80_000})}
        with pytest.raises(ClientError) as caught:
            events.put_events(Entries=[entry] * 11)
        assert len(str(caught.value)) > 800_000
        assert str(events_backend.trace)[10:] == self.TOO_MANY
        [incident] = events_backend.flow()["incidents"]
        assert incident["text"] == self.TOO_MANY

    def test_each_value_is_described_and_a_secret_is_not_shown(self, events, events_backend):
        with pytest.raises(ClientError):
            events.put_rule(Name="r" * 2_000, EventPattern="{" * 5_000)
        assert str(events_backend.trace).partition("was refused: ")[2] == (
            "ValidationException: 2 validation errors: Member must have length less than or equal to 64, but name has "
            f"2,000 characters, {'r' * 60!r}...; Member must have length less than or equal to 4096: eventPattern, "
            "which is not shown"
        )

    def test_a_refusal_of_the_backend_is_short_too(self, events, events_backend):
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        with pytest.raises(AwsRefusal) as caught:
            events_backend.target("r", Input="x" * 10_000)
        assert str(caught.value) == (
            "backend.target('r'): AWS would refuse it: ValidationException: 1 validation error: Member must have "
            f"length less than or equal to 8192, but targets.1.member.input has 10,000 characters, {'x' * 60!r}..."
        )
        assert "x" * 10_000 in caught.value.message

    def test_many_broken_constraints_are_counted(self, events, events_backend):
        with pytest.raises(ClientError):
            events.put_targets(Rule="r", Targets=[{"Id": "i" * 100, "Arn": "a"}] * 20)
        assert str(events_backend.trace).endswith("; and 17 more")
