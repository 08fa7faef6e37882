"""The forms of EventBridge's errors, in AWS's words; sentences of one operation only stand with it.

Texts are as recorded (aws-recorded-behaviour) or measured (targets-and-delivery, schedules-archives-permissions)
unless a function says that its text is ours.
"""

from __future__ import annotations

from eventmock.wire import AwsError


def invalid(text: str, hint: str = "") -> AwsError:
    """A ``ValidationException`` with a sentence, and what the tester should know besides."""
    return AwsError("ValidationException", text, hint=hint)


def invalid_parameter(name: str, reason: str | None = None) -> AwsError:
    """``Parameter NAME is not valid.``, with a reason or without."""
    because = "" if reason is None else f" Reason: {reason}"
    return invalid(f"Parameter {name} is not valid.{because}")


def parameters_missing(names: str) -> AwsError:
    """``Parameter(s) A or B must be specified.``."""
    return invalid(f"Parameter(s) {names} must be specified.")


def not_found(what: str) -> AwsError:
    """A ``ResourceNotFoundException``: ``WHAT does not exist.``."""
    return AwsError("ResourceNotFoundException", f"{what} does not exist.")


def event_bus_not_found(name: str) -> AwsError:
    """No such event bus."""
    return not_found(f"Event bus {name}")


def rule_not_found(rule: str, bus: str) -> AwsError:
    """No such rule on that bus."""
    return AwsError("ResourceNotFoundException", f"Rule {rule} does not exist on EventBus {bus}.")


def already_exists(what: str) -> AwsError:
    """A ``ResourceAlreadyExistsException``: ``WHAT already exists.``."""
    return AwsError("ResourceAlreadyExistsException", f"{what} already exists.")


def limit_exceeded() -> AwsError:
    """Too many of something."""
    return AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def managed_rule(rule: str, *, can_be_forced: bool) -> AwsError:
    """A rule that belongs to an AWS service was to be changed."""
    advice = " Set 'force' parameter to true to override." if can_be_forced else ""
    return AwsError("ManagedRuleException", f"{rule} is a managed rule.{advice}")


def invalid_token(operation: str, has_expired: bool) -> AwsError:
    """The error for a ``NextToken`` that was never given out, or has expired. The texts are ours.

    The codes were seen by other emulators, but for ListEndpoints, of which nothing was seen: the model documents
    ``InvalidToken`` for a token that has expired.
    """
    if has_expired and operation == "ListEndpoints":
        return AwsError(
            "InvalidToken", "Parameter NextToken is not valid. Reason: The token has expired.", 400
        )
    code = "InvalidTokenException" if operation == "ListTargetsByRule" else "ValidationException"
    return AwsError(code, "Parameter NextToken is not valid.")


def not_built(operation: str, built: list[str]) -> AwsError:
    """An operation that eventmock does not serve yet: our words, in an error that nobody takes for AWS's."""
    return AwsError(
        "NotBuiltInEventmock",
        f"eventmock does not answer {operation} yet, and does not pretend to. "
        f"It answers: {', '.join(built) or 'none of this service yet'}.",
        status=501,
    )
