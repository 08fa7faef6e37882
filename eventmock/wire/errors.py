"""The exception by which an operation answers with an error of AWS.

The code under test gets botocore's ``ClientError`` instead; the tester never sees this class.
"""

from __future__ import annotations

from typing import Final

VALIDATION_EXCEPTION: Final = "ValidationException"


class AwsError(Exception):
    """An error as the answer to a request.

    Attributes:
        code: AWS's error code, such as ``ResourceNotFoundException``.
        message: AWS's text; empty if AWS sends none.
        status: The HTTP status; None for the status that the service model states for the code, else 400.
        hint: Our advice for the tester, which is not sent.
    """

    def __init__(self, code: str, message: str, status: int | None = None, hint: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.hint = hint


def serialization_error(message: str) -> AwsError:
    """Return the error for a body that cannot be read.

    Both protocols use this code. The texts were seen on other AWS JSON services, and are not recorded on EventBridge
    (inferred).
    """
    return AwsError("SerializationException", message)
