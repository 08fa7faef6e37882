from __future__ import annotations

import threading
from datetime import timedelta

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from eventmock import OptionError, mock_events

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
OTHER = "arn:aws:sqs:eu-west-1:222222222222:q"


@pytest.fixture
def faults(events_backend):
    return events_backend.faults


@pytest.fixture
def client():
    """A client that makes three attempts."""
    return boto3.client("events", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))


@pytest.fixture
def rule(events):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": QUEUE}, {"Id": "other", "Arn": OTHER}])
    return "r"


def statuses(backend):
    return {one.target_arn: (one.status, one.error) for one in backend.deliveries}


class TestRequests:
    def test_an_error_code_is_an_error_of_aws(self, faults, client):
        fault = faults.inject("ConcurrentModificationException", message="busy", operation="ListRules")
        with pytest.raises(client.exceptions.ConcurrentModificationException, match="busy"):
            client.list_rules()
        assert fault.hits == 1
        assert client.list_event_buses()["EventBuses"]

    def test_botocore_retries_as_ever(self, faults, client):
        fault = faults.inject("ThrottlingException", operation="ListRules", times=2)
        assert client.list_rules()["ResponseMetadata"]["RetryAttempts"] == 2
        assert fault.hits == 2

    def test_after_the_last_attempt_the_error_is_seen(self, faults, client):
        fault = faults.inject("ThrottlingException", operation="ListRules")
        with pytest.raises(ClientError, match="Rate exceeded") as caught:
            client.list_rules()
        assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 2
        assert fault.hits == 3

    @pytest.mark.parametrize(
        ("failure", "status", "code"),
        [
            ("InternalException", 500, "InternalException"),
            ("InternalFailure", 500, "InternalFailure"),
            ("ServiceUnavailable", 503, "ServiceUnavailable"),
            ("ValidationException", 400, "ValidationException"),
            (403, 403, "AccessDeniedException"),
            (429, 429, "TooManyRequestsException"),
            (500, 500, "InternalFailure"),
            (503, 503, "ServiceUnavailable"),
            (418, 418, "Failure"),
        ],
    )
    def test_codes_and_statuses(self, faults, client, failure, status, code):
        faults.inject(failure, service="events")
        with pytest.raises(ClientError) as caught:
            client.list_rules()
        answer = caught.value.response
        assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (status, code)

    @pytest.mark.parametrize("service", ["events", "appintegrations"])
    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("AccessDeniedException", 403),
            ("ExpiredTokenException", 403),
            ("IncompleteSignature", 400),
            ("InternalFailure", 500),
            ("InvalidAction", 400),
            ("InvalidClientTokenId", 403),
            ("MalformedHttpRequestException", 400),
            ("MissingAuthenticationToken", 403),
            ("NotAuthorized", 401),
            ("OptInRequired", 403),
            ("RequestAbortedException", 400),
            ("RequestEntityTooLargeException", 413),
            ("RequestExpired", 400),
            ("RequestTimeoutException", 408),
            ("ServiceUnavailable", 503),
            ("ThrottlingException", 400),
            ("UnknownOperationException", 404),
            ("UnrecognizedClientException", 403),
            ("ValidationError", 400),
        ],
    )
    def test_a_common_error_has_the_status_of_its_page(self, faults, service, code, status):
        faults.inject(code, service=service)
        client = boto3.client(service, config=Config(retries={"mode": "standard", "total_max_attempts": 1}))
        modelled = {
            shape.error_code: shape.metadata.get("error", {}).get("httpStatusCode")
            for shape in client.meta.service_model.error_shapes
        }
        call = client.list_rules if service == "events" else client.list_applications
        with pytest.raises(ClientError) as caught:
            call()
        answer = caught.value.response
        assert answer["Error"] == {"Code": code, "Message": answer["Error"]["Message"]}
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == (modelled.get(code) or status)

    def test_an_error_of_the_service_s_own_keeps_the_status_of_its_model(self, faults):
        client = boto3.client("appintegrations", config=Config(retries={"total_max_attempts": 1}))
        for code, status in (("ThrottlingException", 429), ("DuplicateResourceException", 409)):
            with faults.inject(code, service="appintegrations"), pytest.raises(ClientError) as caught:
                client.list_applications()
            assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status

    @pytest.mark.parametrize(
        ("failure", "seen"),
        [
            (TimeoutError, ReadTimeoutError),
            (ConnectionError, EndpointConnectionError),
            (ConnectionResetError("gone"), EndpointConnectionError),
        ],
    )
    def test_a_connection_that_fails_is_botocore_s(self, faults, client, failure, seen):
        fault = faults.inject(failure, region="us-east-1")
        with pytest.raises(seen, match=r"https://events\.us-east-1\.amazonaws\.com/"):
            client.list_rules()
        assert fault.hits == 3

    def test_another_exception_is_itself(self, faults, client):
        faults.inject(ZeroDivisionError("division"), operation="ListRules")
        with pytest.raises(ZeroDivisionError, match="division"):
            client.list_rules()

    def test_only_the_region_fails(self, faults, events_backend):
        faults.inject("InternalException", region="us-east-1")
        assert events_backend.client(region="eu-west-1").list_rules()["Rules"] == []
        with pytest.raises(ClientError):
            events_backend.client().list_rules()

    def test_only_the_account_fails(self, faults, events_backend):
        faults.inject("AccessDeniedException", account="222222222222")
        assert events_backend.client().list_rules()["Rules"] == []
        with pytest.raises(ClientError):
            events_backend.client(account="222222222222").list_rules()

    def test_only_what_the_predicate_says_fails(self, faults, events_backend):
        faults.inject(
            "InternalException", operation="DescribeRule", request=lambda members: members["Name"] == "bad"
        )
        events = events_backend.client()
        with pytest.raises(events.exceptions.InternalException):
            events.describe_rule(Name="bad")
        with pytest.raises(events.exceptions.ResourceNotFoundException):
            events.describe_rule(Name="good")

    def test_the_other_service_fails_by_its_name(self, faults, events_backend):
        faults.inject("AccessDeniedException", service="appintegrations")
        with pytest.raises(ClientError, match="injected by the test"):
            boto3.client("appintegrations").list_applications()
        assert events_backend.client().list_rules()["Rules"] == []

    def test_deliveries_go_on_where_only_requests_fail(self, faults, events, events_backend, rule, order):
        faults.inject("ThrottlingException", region="us-east-1", request=True, times=1)
        assert events.put_events(Entries=[order])["ResponseMetadata"]["RetryAttempts"] == 1
        assert statuses(events_backend)[QUEUE] == ("delivered", None)

    def test_what_fails_changes_nothing(self, faults, events_backend):
        with faults.inject("InternalException", operation="PutRule"), pytest.raises(ClientError):
            events_backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        assert events_backend.client().list_rules()["Rules"] == []


class TestEntries:
    def test_one_of_several_fails(self, faults, events, events_backend, order):
        faults.inject("ThrottlingException", entry=lambda entry: entry["DetailType"] == "bad")
        answer = events.put_events(Entries=[order, order | {"DetailType": "bad"}, order])
        assert answer["FailedEntryCount"] == 1
        assert answer["Entries"][1] == {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
        assert ["EventId" in entry for entry in answer["Entries"]] == [True, False, True]
        assert events_backend.events[1].refused == "ThrottlingException: Rate exceeded"

    def test_the_first_ones_fail(self, faults, events, order):
        faults.inject("InternalFailure", message="oops", entry=True, times=2)
        answers = events.put_events(Entries=[order] * 3)["Entries"]
        assert [entry.get("ErrorMessage") for entry in answers] == ["oops", "oops", None]

    def test_the_call_itself_succeeds(self, faults, events, order):
        faults.inject("InternalFailure", entry=True)
        assert events.put_events(Entries=[order])["ResponseMetadata"]["HTTPStatusCode"] == 200

    def test_no_request_and_no_delivery_is_an_entry(self, faults, events, events_backend, rule):
        fault = faults.inject("InternalFailure", entry=True)
        events.list_rules()
        assert fault.hits == 0


class TestDeliveries:
    @pytest.mark.parametrize(
        "place",
        [
            {"target": QUEUE},
            {"region": "us-east-1", "kind": "SQS queue"},
            {"account": "123456789012", "service": "sqs"},
            {"delivery": lambda delivery: delivery.target_id == "q"},
            {"delivery": True, "region": "us-east-1"},
        ],
    )
    def test_places(self, faults, events, events_backend, rule, order, place):
        faults.inject("AccessDeniedException", **place)
        events.put_events(Entries=[order])
        assert statuses(events_backend) == {
            QUEUE: ("dropped", "NO_PERMISSIONS: AccessDeniedException: injected by the test"),
            OTHER: ("delivered", None),
        }

    @pytest.mark.parametrize(
        ("failure", "status", "error"),
        [
            ("ThrottlingException", "pending", "THROTTLING: ThrottlingException: Rate exceeded"),
            ("NO_RESOURCE", "dropped", "NO_RESOURCE: injected by the test"),
            (503, "pending", "HTTP status 503"),
            (404, "dropped", "NO_RESOURCE: HTTP status 404"),
            (TimeoutError, "pending", "TIMEOUT: TimeoutError: injected by the test"),
            (ConnectionError("gone"), "pending", "ConnectionError: gone"),
        ],
    )
    def test_failures(self, faults, events, events_backend, rule, order, failure, status, error):
        faults.inject(failure, target=QUEUE)
        events.put_events(Entries=[order])
        assert statuses(events_backend)[QUEUE] == (status, error)

    def test_a_target_without_a_known_kind_fails_too(self, faults, events, events_backend, order):
        arn = "arn:aws:somewhere:::thing"
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn}])
        faults.inject("NO_PERMISSIONS", target=arn)
        events.put_events(Entries=[order])
        assert statuses(events_backend)[arn] == ("dropped", "NO_PERMISSIONS: injected by the test")


class TestLimits:
    def test_for_a_while_on_the_clock(self):
        with mock_events(start_time="2026-11-21T12:00:00Z") as backend:
            events = backend.client()
            fault = backend.faults.inject(
                "ConcurrentModificationException", operation="ListRules", lasting=timedelta(minutes=5)
            )
            backend.clock.advance(minutes=4, seconds=59)
            with pytest.raises(ClientError):
                events.list_rules()
            backend.clock.advance(seconds=1)
            assert events.list_rules()["Rules"] == []
            assert fault.hits == 1

    def test_until_it_is_stopped(self, faults, events):
        fault = faults.inject("ConcurrentModificationException", operation="ListRules")
        with pytest.raises(ClientError):
            events.list_rules()
        fault.stop()
        assert events.list_rules()["Rules"] == []

    def test_as_long_as_a_with_block(self, faults, events, error_of):
        with faults.inject("ConcurrentModificationException", operation="ListRules") as fault:
            assert error_of(events.list_rules)[0] == "ConcurrentModificationException"
        assert events.list_rules()["Rules"] == []
        assert repr(fault) == "<fault 'ConcurrentModificationException', operation='ListRules', hits: 1>"

    def test_the_first_that_applies_is_hit(self, faults, events, error_of):
        first = faults.inject("ConcurrentModificationException", operation="ListRules", times=1)
        second = faults.inject("AccessDeniedException", operation="ListRules", times=1)
        assert error_of(events.list_rules)[0] == "ConcurrentModificationException"
        assert error_of(events.list_rules)[0] == "AccessDeniedException"
        assert (first.hits, second.hits) == (1, 1)
        assert events.list_rules()["Rules"] == []

    def test_a_reset_ends_all(self, faults, events, events_backend):
        faults.inject("ConcurrentModificationException", service="events")
        events_backend.reset()
        assert events.list_rules()["Rules"] == []

    def test_a_snapshot_holds_them(self, faults, events, events_backend, error_of):
        fault = faults.inject("ConcurrentModificationException", operation="ListRules", times=1)
        snapshot = events_backend.snapshot()
        for _ in range(2):
            assert error_of(events.list_rules)[0] == "ConcurrentModificationException"
            assert events.list_rules()["Rules"] == []
            events_backend.restore(snapshot)
            assert fault.hits == 0


@pytest.mark.parametrize(
    ("failure", "options", "text"),
    [
        ("X", {}, "name what fails, such as target=ARN, operation='PutEvents'"),
        (
            "X",
            {"operation": "PutEvent"},
            r"faults.inject\(operation='PutEvent'\): did you mean 'PutEvents'\?",
        ),
        ("X", {"kind": "sqs queue"}, r"faults.inject\(kind='sqs queue'\): did you mean 'SQS queue'\?"),
        (
            "X",
            {"service": "dynamodb"},
            r"faults.inject\(service='dynamodb'\): there are appintegrations, appsync,",
        ),
        ("X", {"region": "r", "times": 0}, r"faults.inject\(times=0\): wanted a whole number from 1"),
        ("X", {"region": "r", "times": True}, r"faults.inject\(times=True\): wanted a whole number from 1"),
        ("X", {"region": "r", "lasting": 5}, r"faults.inject\(lasting=5\): wanted a timedelta above zero"),
        ("X", {"region": "r", "lasting": timedelta(0)}, "wanted a timedelta above zero"),
        ("", {"region": "r"}, r"faults.inject\(''\): wanted an AWS error code such as 'ThrottlingException'"),
        (200, {"region": "r"}, r"faults.inject\(200\): wanted .*an HTTP status from 300 to 599"),
        (True, {"region": "r"}, r"faults.inject\(True\): wanted"),
        (KeyboardInterrupt, {"region": "r"}, "wanted an AWS error code"),
        (503, {"entry": True}, r"faults.inject\(503, entry=...\): an entry fails by an error code"),
        ("X", {"entry": True, "delivery": True}, r"faults.inject\(\): entry and delivery do not go together"),
        (TimeoutError, {"entry": len}, "an entry fails by an error code such as 'InternalFailure'"),
    ],
)
def test_what_is_wrong_is_told(faults, failure, options, text):
    with pytest.raises(OptionError, match=text):
        faults.inject(failure, **options)


def test_an_entry_s_predicate_is_asked_without_the_lock(faults, events, order):
    def holds(_entry):
        thread = threading.Thread(target=events.list_rules)
        thread.start()
        thread.join(timeout=10)
        return thread.is_alive()

    faults.inject("InternalFailure", entry=holds)
    assert events.put_events(Entries=[order])["FailedEntryCount"] == 0


@pytest.mark.parametrize("failure", [EndpointConnectionError, ClientError, UnicodeDecodeError])
def test_an_exception_that_wants_more_than_a_text_is_to_be_given(faults, failure):
    with pytest.raises(OptionError, match=rf"give an instance, such as {failure.__name__}\(\.\.\.\)"):
        faults.inject(failure, operation="PutEvents")


def test_a_target_is_an_arn(faults):
    with pytest.raises(OptionError, match=r"faults.inject\(target='q'\): wanted the ARN of a target"):
        faults.inject(503, target="q")


def test_a_request_that_fails_spends_no_fault_of_its_entries(faults, client, order):
    of_entries = faults.inject("InternalFailure", entry=True, times=1)
    faults.inject("ThrottlingException", operation="PutEvents", times=2)
    answer = client.put_events(Entries=[order, order])
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert (of_entries.hits, ["ErrorCode" in entry for entry in answer["Entries"]]) == (1, [True, False])
