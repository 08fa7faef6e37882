"""The errors of the Custom Event Bus that several operations answer.

Source: custom-event-bus sections 2.4, 3 and 5. Codes and HTTP statuses are the service model's, the text for a state is
documented, and the text for a denied access was observed. All other texts are inferred, because AWS publishes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable


def invalid(text: str, hint: str = "") -> AwsError:
    """Return an ``InvalidInputException`` with that text, and with a hint for the tester."""
    return AwsError("InvalidInputException", text, hint=hint)


def not_found(what: str, arn: str, hint: str = "") -> AwsError:
    """Return the error for a resource that does not exist, such as ``Event bus ARN does not exist.``."""
    return AwsError("ResourceNotFoundException", f"{what} {arn} does not exist.", hint=hint)


def access_denied(hint: str) -> AwsError:
    """Return the error for a request that no policy of the owner allows."""
    return AwsError("AccessDeniedException", "Access denied.", hint=hint)


def already_exists(what: str, name: str) -> AwsError:
    """Return the error for a name that is taken, such as ``Event bus NAME already exists.``."""
    return AwsError("ResourceAlreadyExistsException", f"{what} {name} already exists.")


def wrong_state(operation: str, wanted: Iterable[str], hint: str) -> AwsError:
    """Return the error for an event bus whose state does not allow an operation.

    Args:
        operation: The name of the operation.
        wanted: The states that allow it.
        hint: Advice for the tester.
    """
    text = f"EventBus is in invalid state for {operation}. Must be in one of [{', '.join(wanted)}]"
    return AwsError("InvalidStateException", text, hint=hint)


def in_state(what: str, state: str, operation: str) -> AwsError:
    """Return the error for what is in a state that does not allow an operation, such as an event source."""
    return AwsError("InvalidStateException", f"{what} is {state}, which does not allow {operation}.")


def revoked(operation: str, what: str) -> AwsError:
    """Return the error for an operation on what is revoked, such as a subscriber: it can only be deleted."""
    return AwsError("InvalidStateException", f"{what} is revoked and does not allow {operation}.")


def in_use(text: str) -> AwsError:
    """Return a ``ResourceInUseException`` with that text."""
    return AwsError("ResourceInUseException", text)


def token_used_otherwise() -> AwsError:
    """Return the error for a ``ClientToken`` that another request has used."""
    text = "The ClientToken was used for a request with other parameters."
    return AwsError("IdempotentParameterMismatchException", text)


def limit_exceeded(text: str, hint: str = "") -> AwsError:
    """Return a ``LimitExceededException`` with that text, and with a hint for the tester."""
    return AwsError("LimitExceededException", text, hint=hint)


def invalid_token(_operation: str, _has_expired: bool) -> AwsError:
    """Return the error for a ``NextToken`` that is not valid."""
    return invalid("NextToken is not valid.")
