"""The context that Lambda gives to a handler.

Source: lambda-and-handlers section 4: recorded for most attributes. Python's runtime has the memory as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class CognitoIdentity:
    """The identity of a caller by Cognito, which an event from EventBridge does not have.

    Attributes:
        cognito_identity_id: None.
        cognito_identity_pool_id: None.
    """

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaContext:
    """The context of an invocation, with the attributes of Lambda's runtime for Python.

    Attributes:
        function_name: The name of the function.
        function_version: ``$LATEST`` or the number of the version that runs, also if an alias was invoked.
        invoked_function_arn: The ARN that was invoked, with the qualifier if it has one.
        memory_limit_in_mb: The memory of the function in MB, as text, as Lambda's runtime has it.
        aws_request_id: The id of the request, the same for all attempts.
        log_group_name: The name of the function's log group.
        log_stream_name: The name of the log stream: date, version, and an id of the environment that runs it.
        identity: The identity by Cognito; both of its attributes are None.
        client_context: None: only mobile applications send one.
        tenant_id: None: only functions with tenants have one.
    """

    function_name: str
    function_version: str
    invoked_function_arn: str
    memory_limit_in_mb: str
    aws_request_id: str
    log_group_name: str
    log_stream_name: str
    identity: CognitoIdentity = CognitoIdentity()
    client_context: None = None
    tenant_id: str | None = None
    _deadline: datetime = field(repr=False)
    _now: Callable[[], datetime] = field(repr=False)

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the timeout of the function, in milliseconds, by the clock of the mock; at least 0."""
        return max(int((self._deadline - self._now()).total_seconds() * 1000), 0)


def log_stream(function_arn: str, version: str, now: datetime) -> str:
    """Return the name of the log stream of a function: one environment runs all invocations of a version on a day."""
    import hashlib

    environment = hashlib.sha256(f"{function_arn}:{version}".encode()).hexdigest()[:32]
    return f"{now:%Y/%m/%d}/[{version}]{environment}"
