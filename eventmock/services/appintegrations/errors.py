"""The forms of AppIntegrations' errors; sentences of one operation only stand with it.

Source: partner-events section 2.3. The codes and their HTTP statuses are the service model's. The texts are ours:
nobody recorded AWS's (inferred).
"""

from __future__ import annotations

from eventmock.wire import AwsError


def invalid(text: str) -> AwsError:
    """An ``InvalidRequestException`` with a sentence."""
    return AwsError("InvalidRequestException", text)


def not_found(what: str) -> AwsError:
    """A ``ResourceNotFoundException``: ``WHAT was not found.``."""
    return AwsError("ResourceNotFoundException", f"{what} was not found.")


def duplicate(what: str) -> AwsError:
    """A ``DuplicateResourceException``: ``WHAT already exists.``."""
    return AwsError("DuplicateResourceException", f"{what} already exists.")


def quota_exceeded() -> AwsError:
    """Too many of something."""
    return AwsError("ResourceQuotaExceededException", "The allowed quota for the resource has been exceeded.")


def invalid_token(_operation: str, _has_expired: bool) -> AwsError:
    """A ``NextToken`` that is not ours."""
    return invalid("The NextToken is not valid.")
