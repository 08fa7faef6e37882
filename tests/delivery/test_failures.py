from __future__ import annotations

import socket
import ssl
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from eventmock import DeliveryFailed
from eventmock.delivery.failures import PERMANENT, RETRIED, failure_of, failure_of_status, with_status
from eventmock.target_kinds import InvalidRequest


@pytest.mark.parametrize("code", sorted(RETRIED | PERMANENT))
def test_a_code_of_aws_is_kept_and_says_whether_to_try_again(code):
    failure = DeliveryFailed(code, "why")
    assert (failure.code, failure.message, failure.is_permanent) == (code, "why", code in PERMANENT)


def test_every_code_that_aws_documents_is_known():
    assert {
        "CONNECTION_FAILURE",
        "CROSS_ACCOUNT_INGESTION_FAILED",
        "CROSS_REGION_INGESTION_FAILED",
        "ERROR_FROM_TARGET",
        "EVENTS_IN_BATCH_REQUEST_REJECTED",
        "FAILED_TO_ASSUME_ROLE",
        "INTERNAL_ERROR",
        "INVALID_JSON",
        "INVALID_PARAMETER",
        "LOOP_DETECTED",
        "NO_PERMISSIONS",
        "NO_RESOURCE",
        "RESOURCE_ALREADY_EXISTS",
        "RESOURCE_LIMIT_EXCEEDED",
        "RESOURCE_MODIFICATION_COLLISION",
        "SDK_CLIENT_ERROR",
        "TARGET_DECRYPTION_FAILURE",
        "THIRD_ACCOUNT_HOP_DETECTED",
        "THIRD_REGION_HOP_DETECTED",
        "THROTTLING",
        "TIMEOUT",
        "TRANSIENT_ASSUME_ROLE",
        "UNKNOWN",
    } == RETRIED | PERMANENT
    assert not RETRIED & PERMANENT


def test_a_hint_is_for_the_tester_and_not_in_the_message():
    failure = DeliveryFailed("NO_PERMISSIONS", "No.", hint="the policy of the bus\nhas no statement")
    assert failure.message == "No."
    assert str(failure) == "NO_PERMISSIONS: No. (the policy of the bus\\nhas no statement)"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ThrottlingException", "THROTTLING"),
        ("TooManyRequestsException", "THROTTLING"),
        ("ProvisionedThroughputExceededException", "THROTTLING"),
        ("RequestLimitExceeded", "THROTTLING"),
        ("RequestTimeout", "TIMEOUT"),
        ("AccessDenied", "NO_PERMISSIONS"),
        ("AccessDeniedException", "NO_PERMISSIONS"),
        ("AuthorizationError", "NO_PERMISSIONS"),
        ("UnrecognizedClientException", "NO_PERMISSIONS"),
        ("ExpiredTokenException", "NO_PERMISSIONS"),
        ("OptInRequired", "NO_PERMISSIONS"),
        ("MalformedDetail", "INVALID_PARAMETER"),
        ("BadRequestException", "INVALID_PARAMETER"),
        ("UnsupportedOperationException", "INVALID_PARAMETER"),
        ("UnauthorizedOperation", "NO_PERMISSIONS"),
        ("ResourceNotFoundException", "NO_RESOURCE"),
        ("AWS.SimpleQueueService.NonExistentQueue", "NO_RESOURCE"),
        ("QueueDoesNotExist", "NO_RESOURCE"),
        ("StateMachineDoesNotExist", "NO_RESOURCE"),
        ("NoSuchBucket", "NO_RESOURCE"),
        ("ExecutionAlreadyExists", "RESOURCE_ALREADY_EXISTS"),
        ("KMS.AccessDeniedException", "NO_PERMISSIONS"),
        ("KMS.DisabledException", "NO_RESOURCE"),
        ("KMS.KMSInvalidStateException", "NO_RESOURCE"),
        ("KMS.NotFoundException", "NO_RESOURCE"),
        ("KMS.OptInRequired", "NO_PERMISSIONS"),
        ("KmsDisabled", "NO_RESOURCE"),
        ("KmsInvalidState", "NO_RESOURCE"),
        ("KmsAccessDenied", "NO_PERMISSIONS"),
        ("KMS.ThrottlingException", "THROTTLING"),
        ("KMSAccessDenied", "NO_PERMISSIONS"),
        ("KMSDisabled", "NO_PERMISSIONS"),
        ("KMSInternalException", "ERROR_FROM_TARGET"),
        ("LimitExceededException", "RESOURCE_LIMIT_EXCEEDED"),
        ("ExecutionLimitExceeded", "RESOURCE_LIMIT_EXCEEDED"),
        ("AccountLimitExceededException", "RESOURCE_LIMIT_EXCEEDED"),
        ("ConcurrentRunsExceededException", "RESOURCE_LIMIT_EXCEEDED"),
        ("ServiceQuotaExceededException", "RESOURCE_LIMIT_EXCEEDED"),
        ("ConcurrentModificationException", "RESOURCE_MODIFICATION_COLLISION"),
        ("ConflictException", "RESOURCE_MODIFICATION_COLLISION"),
        ("ClientException", "INVALID_PARAMETER"),
        ("ServerException", "ERROR_FROM_TARGET"),
        ("ValidationException", "INVALID_PARAMETER"),
        ("InvalidParameterValue", "INVALID_PARAMETER"),
        ("SerializationException", "INVALID_PARAMETER"),
        ("InvalidStateException", "ERROR_FROM_TARGET"),
        ("InternalFailure", "ERROR_FROM_TARGET"),
        ("ServiceUnavailable", "ERROR_FROM_TARGET"),
        ("", "ERROR_FROM_TARGET"),
    ],
)
def test_an_error_of_a_service_is_one_of_them_by_its_name(name, code):
    error = ClientError({"Error": {"Code": name, "Message": "first\nsecond"}}, "Op")
    failure = failure_of(error)
    assert failure.code == code
    assert failure.message == (f"{name}: first" if name else "first")


@pytest.mark.parametrize(
    ("raised", "text", "is_permanent"),
    [
        (TimeoutError("slow"), "TIMEOUT: TimeoutError: slow", False),
        (ConnectionResetError("gone"), "CONNECTION_FAILURE: ConnectionResetError: gone", False),
        (ssl.SSLError("no"), "CONNECTION_FAILURE: SSLError: ('no',)", False),
        (socket.gaierror("unknown"), "CONNECTION_FAILURE: gaierror: unknown", True),
        (InvalidRequest("no object"), "INVALID_PARAMETER: no object", True),
        (LookupError("one\ntwo"), "LookupError: one", False),
        (DeliveryFailed("THROTTLING"), "THROTTLING", False),
        (DeliveryFailed("NO_RESOURCE", "gone", is_permanent=False), "NO_RESOURCE: gone", False),
    ],
)
def test_an_exception_says_what_failed(raised, text, is_permanent):
    failure = failure_of(raised)
    assert (str(failure), failure.is_permanent) == (text, is_permanent)


def test_an_exception_with_a_response_of_another_sort_is_no_error_of_a_service():
    error = LookupError("x")
    error.response = {"status": 500}
    assert str(failure_of(error)) == "LookupError: x"
    error.response = 500
    assert str(failure_of(error)) == "LookupError: x"


@pytest.mark.parametrize(
    ("name", "status", "is_permanent"),
    [
        ("MessageRejected", 400, True),
        ("MessageRejected", 404, True),
        ("MessageRejected", 409, False),
        ("MessageRejected", 500, False),
        ("ThrottlingException", 400, False),
        ("LimitExceededException", 400, False),
        ("AccessDeniedException", 500, True),
    ],
)
def test_an_answer_whose_name_says_nothing_is_final_by_its_status(name, status, is_permanent):
    failure = with_status(DeliveryFailed(name, "no"), status)
    assert failure.is_permanent == is_permanent
    assert failure.service_error == (name, "no")


@pytest.mark.parametrize("status", [401, 407, 409, 429, 500, 503, 599])
def test_a_status_that_is_tried_again(status):
    assert not failure_of_status(status).is_permanent


@pytest.mark.parametrize("status", [100, 301, 304, 400, 403, 404, 408, 410, 428, 430, 499])
def test_a_status_that_is_final(status):
    assert failure_of_status(status).is_permanent


def test_statuses_have_codes():
    codes = {status: failure_of_status(status).code for status in (400, 403, 404, 429, 503)}
    assert codes == {
        400: "ERROR_FROM_TARGET",
        403: "NO_PERMISSIONS",
        404: "NO_RESOURCE",
        429: "THROTTLING",
        503: "ERROR_FROM_TARGET",
    }


@pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 503])
def test_of_an_api_destination_all_statuses_have_one_code(status):
    failure = failure_of_status(status, kind="API destination")
    assert (failure.code, failure.is_permanent) == ("ERROR_FROM_TARGET", status < 429)


def test_a_wait_is_kept_and_a_negative_one_stops():
    waits = failure_of_status(503, timedelta(seconds=9))
    assert (waits.retry_after, waits.is_permanent) == (timedelta(seconds=9), False)
    stops = failure_of_status(503, timedelta(seconds=-1))
    assert (stops.retry_after, stops.is_permanent) == (None, True)
    assert str(stops) == "HTTP status 503, and Retry-After says to stop"
