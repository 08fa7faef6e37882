"""What moto knows of a Lambda function: the settings of a function that the code under test has made there.

moto's own Invoke is not called: without Docker it runs nothing. Source: lambda-and-handlers section 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from eventmock.delivery import moto
from eventmock.lambda_functions.function import Settings
from eventmock.target_kinds import ApiCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.delivery.moto import Moto
    from eventmock.values.arn import Arn


@dataclass(frozen=True, slots=True)
class MotoFunction:
    """A function, or a version or alias of it, as moto has it.

    Attributes:
        version: The version that the qualifier stands for; None if moto has the function but no such version or alias.
        settings: The settings. The environment is left out: only a test decides to write it.
    """

    version: str | None
    settings: Settings


def find(client: Moto, arn: Arn, qualifier: str) -> MotoFunction | None:
    """Return a function as moto has it; None if moto is not active or has no such function.

    The caller does not hold the lock of the state.

    Args:
        client: The client of moto.
        arn: The ARN of the function without a qualifier.
        qualifier: An alias, a version, or ``$LATEST``.
    """
    if not moto.is_active():
        return None
    found = _ask(client, arn, "GetFunctionConfiguration", Qualifier=qualifier)
    if found is None:
        whole = _ask(client, arn, "GetFunctionConfiguration")
        return None if whole is None else MotoFunction(None, Settings())
    config = _ask(client, arn, "GetFunctionEventInvokeConfig", Qualifier=qualifier) or {}
    concurrency = _ask(client, arn, "GetFunctionConcurrency") or {}
    destinations = config.get("DestinationConfig", {})
    age = config.get("MaximumEventAgeInSeconds")
    return MotoFunction(
        found.get("Version"),
        Settings(
            timeout=timedelta(seconds=found["Timeout"]) if found.get("Timeout") else None,
            memory=found.get("MemorySize"),
            retries=config.get("MaximumRetryAttempts"),
            max_event_age=None if age is None else timedelta(seconds=age),
            dead_letter=found.get("DeadLetterConfig", {}).get("TargetArn") or None,
            on_success=destinations.get("OnSuccess", {}).get("Destination") or None,
            on_failure=destinations.get("OnFailure", {}).get("Destination") or None,
            reserved_concurrency=concurrency.get("ReservedConcurrentExecutions"),
        ),
    )


def _ask(client: Moto, arn: Arn, operation: str, **parameters: str) -> Mapping[str, Any] | None:
    """Return moto's answer to a call about a function; None if it has no such function or setting."""
    name = arn.resource.removeprefix("function:")
    call = ApiCall(
        service="lambda",
        operation=operation,
        parameters={"FunctionName": name, **parameters},
        region=arn.region,
        account=arn.account,
    )
    return client.ask(call)
