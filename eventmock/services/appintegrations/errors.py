"""The errors of AppIntegrations that several operations answer. The text of one operation's error is in its own file.

Source: partner-events section 2.3. The codes and their HTTP statuses are the service model's. The texts are ours
(inferred): AWS's texts were not recorded.
"""

from __future__ import annotations

from eventmock.wire import AwsError


def invalid(text: str) -> AwsError:
    """Return an ``InvalidRequestException`` with that text."""
    return AwsError("InvalidRequestException", text)


def not_found(what: str) -> AwsError:
    """Return a ``ResourceNotFoundException``: ``WHAT was not found.``."""
    return AwsError("ResourceNotFoundException", f"{what} was not found.")


def duplicate(what: str) -> AwsError:
    """Return a ``DuplicateResourceException``: ``WHAT already exists.``."""
    return AwsError("DuplicateResourceException", f"{what} already exists.")


def quota_exceeded(hint: str) -> AwsError:
    """Return the ``ResourceQuotaExceededException`` of a request over a quota, with a hint for the tester."""
    text = "The allowed quota for the resource has been exceeded."
    return AwsError("ResourceQuotaExceededException", text, hint=hint)


def invalid_token(_operation: str, _has_expired: bool) -> AwsError:
    """Return the error for an invalid or expired ``NextToken``."""
    return invalid("The NextToken is not valid.")
