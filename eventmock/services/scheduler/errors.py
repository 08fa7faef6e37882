"""The errors of EventBridge Scheduler that several operations answer.

Source: scheduler sections 1, 5, 15 and 16. The texts were recorded, unless a docstring states that a text is ours. The
HTTP statuses are the service model's (recorded).
"""

from __future__ import annotations

from eventmock.wire import AwsError


def invalid(text: str, hint: str = "") -> AwsError:
    """Return a ``ValidationException`` with that text, and with a hint of ours for the tester."""
    return AwsError("ValidationException", text, hint=hint)


def schedule_not_found(name: str, hint: str = "") -> AwsError:
    """Return the error for a schedule that does not exist. Its text has the bare name, without the group."""
    return _not_found(f"Schedule {name}", hint)


def group_not_found(name: str, hint: str = "") -> AwsError:
    """Return the error for a schedule group that does not exist."""
    return _not_found(f"Schedule group {name}", hint)


def _not_found(what: str, hint: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"{what} does not exist.", hint=hint)


def already_exists(what: str) -> AwsError:
    """Return a ``ConflictException``: ``WHAT already exists.``."""
    return AwsError("ConflictException", f"{what} already exists.")


def group_is_deleting(name: str) -> AwsError:
    """Return the error for a new schedule in a group that is being deleted. Code and text are inferred."""
    return AwsError("ConflictException", f"Schedule group {name} is being deleted.")


def token_used_otherwise() -> AwsError:
    """Return the error for a ``ClientToken`` that another request has used. The code is documented, the text ours."""
    return AwsError("ConflictException", "The ClientToken was used for a request with other parameters.")


def quota_exceeded(hint: str) -> AwsError:
    """Return the ``ServiceQuotaExceededException`` of a request over a quota. The text is ours."""
    text = "The request would exceed a service quota."
    return AwsError("ServiceQuotaExceededException", text, hint=hint)


def invalid_token(_operation: str, _has_expired: bool) -> AwsError:
    """Return the error for a ``NextToken`` that is not valid. Code and text are inferred."""
    return invalid("Invalid token.")
