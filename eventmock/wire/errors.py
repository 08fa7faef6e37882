"""The exception by which an operation answers with an error of AWS.

The code under test gets botocore's ``ClientError`` instead; the tester never sees this class.
"""

from __future__ import annotations

from typing import Final

VALIDATION_EXCEPTION: Final = "ValidationException"
LONGEST_MESSAGE: Final = 600
"""The most characters of a message of AWS in the texts for the tester. The code under test gets all of it."""


class AwsError(Exception):
    """An error as the answer to a request.

    Attributes:
        code: AWS's error code, such as ``ResourceNotFoundException``.
        message: AWS's text; empty if AWS sends none.
        status: The HTTP status; None for the status that the service model states for the code, else 400.
        hint: Our advice for the tester, which is not sent.
        summary: The message in our words, with the reason first, for a message that quotes much of the request; empty
            if there is none.
    """

    def __init__(
        self, code: str, message: str, status: int | None = None, hint: str = "", summary: str = ""
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.hint = hint
        self.summary = summary

    @property
    def told(self) -> str:
        """The code and the message for the tester: AWS's words if they are short, else ours, or AWS's beginning.

        AWS quotes the whole value that breaks a constraint, which may be a request of a megabyte.
        """
        return f"{self.code}: {shortened(self.message, self.summary)}"


def shortened(message: str, summary: str = "") -> str:
    """Return a message of AWS if it is short, else our summary of it, else its beginning and its length."""
    if len(message) <= LONGEST_MESSAGE:
        return message
    return summary or f"{message[:LONGEST_MESSAGE]}... ({len(message):,} characters)"


def serialization_error(message: str, hint: str = "") -> AwsError:
    """Return the error for a body that cannot be read, with a hint of ours for the tester.

    All protocols use this code. The texts were seen on other AWS JSON services, and are not recorded on EventBridge
    (inferred).
    """
    return AwsError("SerializationException", message, hint=hint)
