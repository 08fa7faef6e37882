"""Why a target did not take a delivery, in AWS's codes, and whether it is worth trying again.

Source: "Using dead-letter queues to process undelivered events" of the user guide lists the codes, except
``TARGET_DECRYPTION_FAILURE``, which another emulator captured from AWS (permissions-of-targets section 6). Which codes
are tried again was captured by it, or is inferred from a sample project of AWS. Recorded: the codes of a queue whose
key is disabled or may not be used. Which code any other error of a service becomes is inferred from the error's name.
"""

from __future__ import annotations

import re
import socket
import ssl
from datetime import timedelta
from typing import Final

from eventmock.exceptions import OptionError, text_of
from eventmock.history.attempt import ERROR_FROM_TARGET, error_text
from eventmock.history.wording import printable
from eventmock.target_kinds import InvalidRequest

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
RETRIED_STATUSES: Final = frozenset({401, 407, 409, 429})
"""HTTP statuses that are tried again, beside those from 500."""

_CODES_BY_NAME: Final = tuple(
    (re.compile(names, re.IGNORECASE), code)
    for names, code in (
        (
            r"throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown",
            "THROTTLING",
        ),
        (r"timeout|timedout", "TIMEOUT"),
        (r"AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden", "NO_PERMISSIONS"),
        (r"NotFound|NonExistent|DoesNotExist|^NoSuch|UnknownResource", "NO_RESOURCE"),
        (r"AlreadyExists", "RESOURCE_ALREADY_EXISTS"),
        # SQS says KMS.Disabled..., its model KmsDisabled; SNS, of which nothing was recorded, says KMSDisabled.
        (r"^KMS\.(Disabled|\w*InvalidState)|^(?-i:Kms)(Disabled|InvalidState)", "NO_RESOURCE"),
        (r"^KMS\.?(Disabled|InvalidState|OptInRequired)", "NO_PERMISSIONS"),
        (
            r"LimitExceeded|QuotaExceeded|(Concurrent\w*|ActiveStatements|ActiveSessions)Exceeded",
            "RESOURCE_LIMIT_EXCEEDED",
        ),
        (r"ConcurrentModification|Conflict", "RESOURCE_MODIFICATION_COLLISION"),
        (
            r"Validation|Invalid(?!State)|Serialization|MissingParameter|^ClientException",
            "INVALID_PARAMETER",
        ),
    )
)
_CODES_BY_CLASS: Final = (
    (TimeoutError, "TIMEOUT"),
    ((ConnectionError, ssl.SSLError), "CONNECTION_FAILURE"),
)
_CODES_BY_STATUS: Final = {403: "NO_PERMISSIONS", 404: "NO_RESOURCE", 429: "THROTTLING"}


class DeliveryFailed(Exception):  # noqa: N818 - it says what happened
    """A target did not take a delivery. A function that is a target may raise it, to say exactly why.

    Args:
        code: A code of AWS's dead letters, such as ``NO_PERMISSIONS``, or the error code of an AWS service, such as
            ``AccessDeniedException``, which is turned into one.
        message: AWS's error text, in one line; unless given, the error code of the service.
        is_permanent: True if it is not tried again; unless given, as AWS does with the code.
        retry_after: A timedelta that the target asked to wait until it is tried again.
        hint: What else the tester should know; it is in the delivery's ``reason`` and not in the dead letter.

    Raises:
        OptionError: ``retry_after`` is not a timedelta.

    Attributes:
        code: The code of AWS's dead letters.
        message: In one line.
        is_permanent: True if it is not tried again.
        retry_after: How long the target asked to wait; None if it did not.
        hint: What else the tester should know; empty if nothing.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        is_permanent: bool | None = None,
        retry_after: timedelta | None = None,
        hint: str = "",
    ) -> None:
        if retry_after is not None and not isinstance(retry_after, timedelta):
            raise OptionError(f"DeliveryFailed(retry_after={retry_after!r}): wanted a timedelta")
        known = code in RETRIED or code in PERMANENT
        self.code: Final = code if known else _code_of(code)
        self.message: Final = printable(message if known else error_text(code, message))
        self.is_permanent: Final = self.code in PERMANENT if is_permanent is None else is_permanent
        self.retry_after = retry_after
        self.hint: Final = hint
        besides = f" ({printable(hint)})" if hint else ""
        super().__init__(error_text(self.code, self.message) + besides)


def failure_of(raised: BaseException) -> DeliveryFailed:
    """The failure that an exception of a target stands for.

    An error of boto3 is known by its code; `TimeoutError` is ``TIMEOUT``, `ConnectionError` and `ssl.SSLError` are
    ``CONNECTION_FAILURE``; all that says nothing else is tried again. Documented: a connection that failed is tried
    again, and an unknown host name is not. Where the exception raises another one when it is looked at, nothing but its
    class and text count.
    """
    try:
        return _read(raised)
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return DeliveryFailed(ERROR_FROM_TARGET, text_of(raised))


def _read(raised: BaseException) -> DeliveryFailed:
    if isinstance(raised, DeliveryFailed):
        return DeliveryFailed(
            raised.code,
            raised.message,
            is_permanent=bool(raised.is_permanent),
            retry_after=raised.retry_after,
            hint=raised.hint,
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


def failure_of_status(
    status: int, retry_after: timedelta | None = None, *, kind: str | None = None
) -> DeliveryFailed:
    """The failure that an HTTP status stands for.

    Documented for API destinations: 401, 407, 409, 429 and 5xx are tried again. A wait that is negative says not to.
    Observed for them: the code is ``ERROR_FROM_TARGET``, whatever the status is.

    Args:
        status: The status.
        retry_after: How long the target asked to wait.
        kind: The kind of target that answered, by its name.
    """
    codes = {} if kind == "API destination" else _CODES_BY_STATUS
    is_retried = status in RETRIED_STATUSES or status >= 500
    stops = retry_after is not None and retry_after.total_seconds() < 0
    return DeliveryFailed(
        codes.get(status, ERROR_FROM_TARGET),
        f"HTTP status {status}" + (", and Retry-After says to stop" if stops else ""),
        is_permanent=stops or not is_retried,
        retry_after=None if stops else retry_after,
    )


def dead_letter_body(failure: DeliveryFailed, event_text: str, input_text: str) -> str:
    """The body of the message in the dead-letter queue.

    It is the event as it came; where input shaping made no JSON, it is what it made instead (captured by another
    emulator). One recording, of an ECS task with an ``Input``, has the shaped input: open (permissions-of-targets
    section 6).
    """
    return (failure.code == "INVALID_JSON" and input_text.strip()) or event_text


def _code_of(name: str) -> str:
    return next((code for names, code in _CODES_BY_NAME if names.search(name)), ERROR_FROM_TARGET)
