"""Failures of deliveries: the code of AWS for each, and whether the target is tried again.

Source: "Using dead-letter queues to process undelivered events" of the user guide lists the codes, except
``TARGET_DECRYPTION_FAILURE``, which another emulator captured from AWS (permissions-of-targets section 6). Which codes
are tried again was captured by that emulator, or is inferred from a sample project of AWS. Recorded: the codes of a
queue whose key is disabled or may not be used. Observed: ``LOOP_DETECTED``, of a custom event bus that the event has
been on before. The codes for all other errors of services are inferred from the names of the errors.
"""

from __future__ import annotations

import re
import socket
import ssl
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from eventmock.exceptions import TESTS_OWN, OptionError, text_of
from eventmock.history.attempt import ERROR_FROM_TARGET, SCHEDULER_FAILED, error_text
from eventmock.history.wording import printable
from eventmock.target_kinds import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.history.raised import Raised

GivenT = TypeVar("GivenT")
ResultT = TypeVar("ResultT")

RETRIED: Final = frozenset(
    {
        ERROR_FROM_TARGET,
        "CONNECTION_FAILURE",
        "CROSS_ACCOUNT_INGESTION_FAILED",
        "CROSS_REGION_INGESTION_FAILED",
        "EVENTS_IN_BATCH_REQUEST_REJECTED",
        "INTERNAL_ERROR",
        "RESOURCE_LIMIT_EXCEEDED",
        "RESOURCE_MODIFICATION_COLLISION",
        "SDK_CLIENT_ERROR",
        "THROTTLING",
        "TIMEOUT",
    }
)
PERMANENT: Final = frozenset(
    {
        "FAILED_TO_ASSUME_ROLE",
        "INVALID_JSON",
        "INVALID_PARAMETER",
        "LOOP_DETECTED",
        "NO_PERMISSIONS",
        "NO_RESOURCE",
        "RESOURCE_ALREADY_EXISTS",
        "TARGET_DECRYPTION_FAILURE",
        "THIRD_ACCOUNT_HOP_DETECTED",
        "THIRD_REGION_HOP_DETECTED",
        "TRANSIENT_ASSUME_ROLE",
        "UNKNOWN",
    }
)
OF_SUBSCRIBERS: Final = frozenset(
    {
        "ACCESS_DENIED",
        "COMPUTE_EXECUTION_ERROR",
        "CUSTOMER_VALIDATION",
        "EXECUTION_TIMEOUT",
        "INPUT_TRANSFORMATION_FAILURE",
        "INTERNAL_SERVER_ERROR",
        "INVOCATION_DEPENDENCY_INTERNAL",
        "KMS_INVALID_STATE",
        "LOOP_DETECTED",
        "PARTIAL_BATCH_FAILURE",
        "REQUEST_TOO_LARGE",
        "RESOURCE_CONFLICT",
        "RESOURCE_NOT_FOUND",
        "SFN_TYPE_NOT_SUPPORTED",
        "THROTTLING",
    }
)
"""The codes in dead-letter records of subscribers of custom event buses (custom-event-bus section 10: documented)."""
RETRIED_STATUSES: Final = frozenset({401, 407, 409, 429})
"""HTTP statuses below 500 that are tried again; all from 500 are."""

_CODES_BY_NAME: Final = (
    (r"throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown", "THROTTLING"),
    (r"timeout|timedout", "TIMEOUT"),
    (r"AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden", "NO_PERMISSIONS"),
    (r"UnrecognizedClient|ExpiredToken|^OptInRequired", "NO_PERMISSIONS"),
    (r"NotFound|NonExistent|DoesNotExist|^NoSuch|UnknownResource", "NO_RESOURCE"),
    (r"AlreadyExists", "RESOURCE_ALREADY_EXISTS"),
    # SQS says KMS.Disabled..., its model KmsDisabled; SNS, of which nothing was recorded, has KMSDisabled.
    (r"^KMS\.(Disabled|\w*InvalidState)|^(?-i:Kms)(Disabled|InvalidState)", "NO_RESOURCE"),
    (r"^KMS\.?(Disabled|InvalidState|OptInRequired)", "NO_PERMISSIONS"),
    (
        r"LimitExceeded|QuotaExceeded|(Concurrent\w*|ActiveStatements|ActiveSessions)Exceeded",
        "RESOURCE_LIMIT_EXCEEDED",
    ),
    (r"ConcurrentModification|Conflict", "RESOURCE_MODIFICATION_COLLISION"),
    (r"Validation|Invalid(?!State)|Serialization|MissingParameter|^ClientException", "INVALID_PARAMETER"),
    (r"Malformed|BadRequest|Unsupported", "INVALID_PARAMETER"),
)
"""Regular expressions of the names of errors, in any letter case, and their codes; the first that is found counts."""
_CODES_BY_CLASS: Final = (
    (TimeoutError, "TIMEOUT"),
    ((ConnectionError, ssl.SSLError), "CONNECTION_FAILURE"),
)
_SERVICE_CODES: Final = {
    "INVALID_JSON": "ValidationException",
    "INVALID_PARAMETER": "ValidationException",
    "NO_PERMISSIONS": "AccessDeniedException",
    "NO_RESOURCE": "ResourceNotFoundException",
    "RESOURCE_ALREADY_EXISTS": "ConflictException",
    "RESOURCE_LIMIT_EXCEEDED": "ServiceQuotaExceededException",
    "THROTTLING": "ThrottlingException",
}
"""The usual code of services for codes of EventBridge (inferred)."""
_CODES_BY_STATUS: Final = {403: "NO_PERMISSIONS", 404: "NO_RESOURCE", 429: "THROTTLING"}


class DeliveryFailed(Exception):  # noqa: N818 - it says what happened
    """A target did not take a delivery. A function that is a target may raise this error, to state the reason.

    Args:
        code: A code of AWS's dead letters, such as ``NO_PERMISSIONS``, or the error code of an AWS service, such as
            ``AccessDeniedException``, for which the matching code of dead letters is taken.
        message: AWS's error text, in one line; by default the error code of the service.
        is_permanent: True if the target is not tried again; by default what AWS does with the code.
        retry_after: The shortest time until the next attempt, a timedelta, if the target asks for one.
        hint: Advice for the tester; it is in the delivery's ``reason`` and not in the dead letter.
        status: The HTTP status of the target's answer, if the failure is one.

    Raises:
        OptionError: ``retry_after`` is not a timedelta.

    Attributes:
        code: The code of AWS's dead letters.
        message: The error text, in one line.
        is_permanent: True if the target is not tried again.
        retry_after: The shortest time until the next attempt; None if the target asks for none.
        hint: Advice for the tester; empty if there is none.
        given: The code and the message as they were given. EventBridge Scheduler's dead letters have the code of the
            service that is called, and not one of EventBridge; those of subscribers have codes of their own.
        status: The HTTP status of the target's answer; None if there was none, or if it is not known.
    """

    def __init__(  # noqa: PLR0913 - what may be said of a failure
        self,
        code: str,
        message: str = "",
        *,
        is_permanent: bool | None = None,
        retry_after: timedelta | None = None,
        hint: str = "",
        status: int | None = None,
    ) -> None:
        if retry_after is not None and not isinstance(retry_after, timedelta):
            raise OptionError(f"DeliveryFailed(retry_after={retry_after!r}): wanted a timedelta")
        known = code in RETRIED or code in PERMANENT
        self.code: Final = code if known else _code_of(code)
        self.given: Final = (code, message)
        self.message: Final = printable(message if known else error_text(code, message))
        self.is_permanent: Final = self.code in PERMANENT if is_permanent is None else is_permanent
        self.retry_after = retry_after
        self.hint: Final = hint
        self.status: Final = status
        super().__init__(error_text(self.code, self.message) + self.advice)

    @property
    def advice(self) -> str:
        """The hint in brackets, after a blank; empty if there is none."""
        return f" ({printable(self.hint)})" if self.hint else ""

    @property
    def service_error(self) -> tuple[str, str]:
        """The code and the message of the called service, as dead letters of EventBridge Scheduler have them.

        For a code of EventBridge, it is the usual code of services; for what has none, that of Scheduler itself.
        """
        code, message = self.given
        is_own = code in RETRIED or code in PERMANENT
        return _SERVICE_CODES.get(code, SCHEDULER_FAILED) if is_own else code, message


class FunctionFailed(DeliveryFailed):
    """A function of the test, such as a target, has raised an exception.

    Args:
        failure: The failure that the exception stands for.
        raised: The exception.
    """

    def __init__(self, failure: DeliveryFailed, raised: Raised | None) -> None:
        super().__init__(
            *failure.given,
            is_permanent=failure.is_permanent,
            retry_after=failure.retry_after,
            hint=failure.hint,
            status=failure.status,
        )
        self.raised = raised


def call_function(function: Callable[[GivenT], ResultT], given: GivenT) -> ResultT:
    """Call a function of the test with one argument, and return its result.

    Raises:
        FunctionFailed: The function raised an exception.
        AssertionError: An assertion in the function has failed.
        EventmockError: The function raised an error for the tester.
    """
    try:
        return function(given)
    except TESTS_OWN:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a function raises is a failure
        from eventmock.history.raised import Raised

        raise FunctionFailed(failure_of(error), Raised.of(error)) from None


def raised_by(error: BaseException) -> Raised | None:
    """Return the record of an exception that a function of the test raised; None if no such function raised it.

    Code of the test may also be called by another library, such as a library that mocks HTTP; then the exception has a
    frame of the test. Call this where the exception was caught.
    """
    if type(error) is FunctionFailed:
        return error.raised
    from eventmock.history.raised import Raised, ends_the_test

    raised = Raised.of(error)
    return raised if ends_the_test(error) or raised.place is not None else None


def failure_of(raised: BaseException) -> DeliveryFailed:
    """Return the failure that an exception of a target stands for.

    The code of an error of boto3 decides. `TimeoutError` is ``TIMEOUT``; `ConnectionError` and `ssl.SSLError` are
    ``CONNECTION_FAILURE``; any other exception is ``ERROR_FROM_TARGET``, which is tried again. Documented: after a
    failed connection AWS tries again, after an unknown host name it does not. If reading the exception raises another
    error, only its class and text count.
    """
    try:
        return _read(raised)
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return DeliveryFailed(ERROR_FROM_TARGET, text_of(raised))


def _read(raised: BaseException) -> DeliveryFailed:
    """Return the failure that an exception stands for; reading an exception of the test may raise another error."""
    if isinstance(raised, DeliveryFailed):
        return DeliveryFailed(
            *raised.given,
            is_permanent=bool(raised.is_permanent),
            retry_after=raised.retry_after,
            hint=raised.hint,
            status=raised.status,
        )
    if isinstance(raised, InvalidRequest):
        return DeliveryFailed("INVALID_PARAMETER", str(raised))
    answer = getattr(raised, "response", None)
    error = answer.get("Error") if isinstance(answer, dict) else None
    if isinstance(error, dict):
        return DeliveryFailed(str(error.get("Code", "")), str(error.get("Message", "")).partition("\n")[0])
    if isinstance(raised, socket.gaierror):
        return DeliveryFailed("CONNECTION_FAILURE", text_of(raised), is_permanent=True)
    return DeliveryFailed(
        next((code for kind, code in _CODES_BY_CLASS if isinstance(raised, kind)), ERROR_FROM_TARGET),
        text_of(raised),
    )


def with_status(failure: DeliveryFailed, status: int) -> DeliveryFailed:
    """Return the failure that an error answer of a service stands for, by its HTTP status.

    The error code decides. If its name says nothing, the status does: 4xx is final (documented for EventBridge
    Scheduler: an invalid request is not tried again).

    Args:
        failure: The failure by the error code of the answer.
        status: The HTTP status of the answer.
    """
    is_final = failure.code == ERROR_FROM_TARGET and 400 <= status < 500 and status not in RETRIED_STATUSES
    return DeliveryFailed(
        *failure.given,
        is_permanent=is_final or failure.is_permanent,
        retry_after=failure.retry_after,
        hint=failure.hint,
        status=status,
    )


def failure_of_status(
    status: int, retry_after: timedelta | None = None, *, kind: str | None = None
) -> DeliveryFailed:
    """Return the failure that an HTTP status stands for.

    Documented for API destinations: 401, 407, 409, 429 and 5xx are tried again, unless Retry-After is negative.
    Observed for API destinations: the code is ``ERROR_FROM_TARGET`` for every status.

    Args:
        status: The status.
        retry_after: The shortest time until the next attempt, if the target asks for one.
        kind: The name of the kind of target that answered.
    """
    codes = {} if kind == "API destination" else _CODES_BY_STATUS
    is_retried = status in RETRIED_STATUSES or status >= 500
    stops = retry_after is not None and retry_after.total_seconds() < 0
    return DeliveryFailed(
        codes.get(status, ERROR_FROM_TARGET),
        f"HTTP status {status}" + (", and Retry-After says to stop" if stops else ""),
        is_permanent=stops or not is_retried,
        retry_after=None if stops else retry_after,
        status=status,
    )


def _code_of(name: str) -> str:
    """Return the code of dead letters for the name of an error."""
    return next(
        (code for names, code in _CODES_BY_NAME if re.search(names, name, re.IGNORECASE)), ERROR_FROM_TARGET
    )
