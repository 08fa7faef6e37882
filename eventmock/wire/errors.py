"""The errors an AWS service answers with, as exceptions of the code that runs an operation.

They reach the code under test as botocore's ``ClientError``; the person testing never sees this class.
"""

from __future__ import annotations

from typing import Final

VALIDATION_EXCEPTION: Final = "ValidationException"


class AwsError(Exception):
    """An answer of the service that is an error.

    Attributes:
        code: AWS's error code, such as ``ResourceNotFoundException``.
        message: AWS's text; empty where AWS sends none.
        status: The HTTP status, or None to take the one the service model gives this code (else 400).
        hint: What the tester should know besides, in our words; it is not sent.
    """

    def __init__(self, code: str, message: str, status: int | None = None, hint: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.hint = hint


def serialization_error(message: str) -> AwsError:
    """Return the error for a body that cannot be read at all.

    The code is AWS's for both protocols; its texts are those seen on other AWS JSON services, not recorded
    on EventBridge (inferred).
    """
    return AwsError("SerializationException", message)
