"""What Lambda sends when an invocation ends: records to destinations, and events to dead-letter queues.

Source: lambda-and-handlers section 3. Recorded: the records, the attributes of dead letters, and that both a
dead-letter queue and a destination get what failed. Documented: what cannot be sent is not sent again. Inferred: the
name of an object in a bucket, of which only the beginning is documented.
"""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any, Final

from eventmock.delivery.failures import failure_of, raised_by
from eventmock.exceptions import TESTS_OWN
from eventmock.history.lambda_invocation import Sent
from eventmock.target_kinds import ApiCall
from eventmock.values.arn import Arn
from eventmock.values.deep_json import loads
from eventmock.values.moments import with_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from eventmock.history.lambda_invocation import (
        InvocationProgress,
        LambdaAttempt,
        LambdaInvocation,
        Outlet,
    )
    from eventmock.history.taken_by import TakenBy
    from eventmock.lambda_functions.function import Settings
    from eventmock.lambda_functions.functions import LambdaFunctions
    from eventmock.state import State

LONGEST_MESSAGE: Final = 1_024
"""The most bytes of the attribute ``ErrorMessage`` of a dead letter (documented)."""
_THROTTLED: Final = 429
_NOT_FOUND: Final = 404


class NotSent(Exception):  # noqa: N818 - it says what happened
    """A destination did not take what was sent."""


class Destinations:
    """The destinations of functions, and their dead-letter queues.

    Args:
        state: The state of the mock.
        functions: The functions of the mock.
    """

    def __init__(self, state: State, functions: LambdaFunctions) -> None:
        self._state = state
        self._functions = functions

    def send(
        self, invocation: LambdaInvocation, ended: InvocationProgress, settings: Settings
    ) -> Iterator[Sent]:
        """Send what became of an invocation, and yield what was sent. The caller does not hold the lock.

        Args:
            invocation: The invocation.
            ended: Its progress at its end.
            settings: The settings of the function.
        """
        succeeded = ended.condition == "Success"
        if settings.dead_letter is not None and not succeeded:
            attributes = dead_letter_attributes(invocation, ended)
            yield self._sent("dead-letter", settings.dead_letter, invocation, invocation.body, attributes)
        destination = settings.on_success if succeeded else settings.on_failure
        if destination is not None:
            text = json.dumps(record(invocation, ended), separators=(",", ":"))
            yield self._sent("on success" if succeeded else "on failure", destination, invocation, text, {})

    def _sent(
        self,
        outlet: Outlet,
        to: str,
        invocation: LambdaInvocation,
        body: str,
        attributes: Mapping[str, str],
    ) -> Sent:
        """Send a text to a destination or dead-letter queue, and return the record of that."""
        taken_by: TakenBy | None = None
        error, raised = None, None
        try:
            taken_by = self._send(Arn.of(to), outlet, invocation, body, attributes)
        except TESTS_OWN as failed:
            self._state.outbox.errors_of_test.append(failed)
            error, raised = str(failure_of(failed)), raised_by(failed)
        except NotSent as refused:
            error = str(refused)
        except Exception as failed:  # noqa: BLE001 - whatever a function of the test raises is a failure
            error, raised = str(failure_of(failed)), raised_by(failed)
        return Sent(
            outlet=outlet,
            arn=to,
            time=self._state.clock.now(),
            body=body,
            taken_by=taken_by,
            error=error,
            raised=raised,
            _attributes=attributes,
        )

    def _send(
        self, to: Arn, outlet: Outlet, invocation: LambdaInvocation, body: str, attributes: Mapping[str, str]
    ) -> TakenBy:
        """Send a text, and return who took it.

        Raises:
            NotSent: The bus did not take the event.
            DeliveryFailed: The queue or topic did not take the text.
            Exception: A function of the test, or a fault, raises it.
        """
        if to.service == "events":
            return self._put_event(to, outlet, invocation, body)
        if to.service == "lambda":
            found = self._functions.find(to)
            if found is not None:
                return self._invoke(to, invocation, body)
        call, kind = _call(to, invocation, body, attributes, self._state.clock.now())
        return self._state.hand_over.to_service(
            call, arn=str(to), kind=kind, body=body, subject=invocation.delivery
        )

    def _invoke(self, to: Arn, invocation: LambdaInvocation, body: str) -> TakenBy:
        """Let another function of the test get a record.

        Raises:
            NotSent: The function was deleted, or has no such version or alias.
        """
        found = self._functions.find(to)
        assert found is not None
        present = self._functions.now(*found)
        if present.version is None:
            raise NotSent(f"ResourceNotFoundException: Function not found: {to}")
        with self._state.lock:
            self._functions.queue.accept(
                present.settings, str(to), body=body, delivery=invocation.delivery, cause=invocation
            )
        return "Lambda function"

    def _put_event(self, to: Arn, outlet: Outlet, invocation: LambdaInvocation, body: str) -> TakenBy:
        """Put a record on an event bus as the detail of an event (recorded).

        Raises:
            NotSent: PutEvents refuses the event.
        """
        from eventmock.services.call import Call
        from eventmock.services.events import SERVICE
        from eventmock.services.events.put_events import put_events
        from eventmock.wire import AwsError, checked

        function = Arn.of(invocation.function_arn)
        account = self._state.accounts.get(function.account, function.region)
        word = "Success" if outlet == "on success" else "Failure"
        entry = {
            "Source": "lambda",
            "DetailType": f"Lambda Function Invocation Result - {word}",
            "Resources": [str(to), _qualified(invocation)],
            "Detail": body,
            "EventBusName": str(to),
        }
        with self._state.lock:
            try:
                request: Any = checked(SERVICE.model, "PutEvents", {"Entries": [entry]})
                [result] = put_events(Call(account, {}), request)["Entries"]
            except AwsError as refused:
                raise NotSent(f"{refused.code}: {refused.message}") from None
        if "ErrorCode" in result:
            raise NotSent(f"{result['ErrorCode']}: {result['ErrorMessage']}")
        return "event bus"


def record(invocation: LambdaInvocation, ended: InvocationProgress) -> dict[str, Any]:
    """Return the record that a destination gets."""
    assert ended.ended is not None
    told: dict[str, Any] = {
        "version": "1.0",
        "timestamp": with_milliseconds(ended.ended),
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": _qualified(invocation),
            "condition": ended.condition,
            "approximateInvokeCount": len(ended.attempts),
        },
        "requestPayload": loads(invocation.body),
    }
    if ended.condition == "ZeroReservedConcurrency":
        return told
    if not ended.attempts:
        return told | {"responseContext": {"statusCode": _THROTTLED}}
    last = ended.attempts[-1]
    if last.version is None:
        return told | {"responseContext": {"statusCode": _NOT_FOUND}}
    context: dict[str, Any] = {"statusCode": 200, "executedVersion": last.version}
    if last.error_type is None:
        assert last.result is not None
        return told | {"responseContext": context, "responsePayload": loads(last.result)}
    context["functionError"] = "Unhandled"
    return told | {"responseContext": context, "responsePayload": error_payload(invocation, last)}


def error_payload(invocation: LambdaInvocation, attempt: LambdaAttempt) -> dict[str, Any]:
    """Return what Lambda's runtime answers for an error of a function."""
    payload: dict[str, Any] = {"errorMessage": attempt.error_message, "errorType": attempt.error_type}
    if attempt.raised is not None:
        payload["requestId"] = invocation.request_id
        payload["stackTrace"] = traceback.format_tb(attempt.raised.exception.__traceback__)
    return payload


def dead_letter_attributes(invocation: LambdaInvocation, ended: InvocationProgress) -> dict[str, str]:
    """Return the attributes of a message in the dead-letter queue of a function (recorded).

    Observed in another emulator: the text for a reserved concurrency of 0, whose spelling is AWS's.
    """
    last = ended.attempts[-1] if ended.attempts else None
    if ended.condition == "ZeroReservedConcurrency":
        code, message = (
            _THROTTLED,
            "Function not invoked. Function isconfigured with zero reserved concurrent executions",
        )
    elif last is None:
        code, message = _THROTTLED, "Rate Exceeded."
    elif last.version is None:
        code, message = _NOT_FOUND, last.error_message
    else:
        code, message = 200, last.error_message
    cut = message.encode(errors="replace")[:LONGEST_MESSAGE].decode(errors="ignore")
    return {"RequestID": invocation.request_id, "ErrorCode": str(code), "ErrorMessage": cut}


def _call(
    to: Arn, invocation: LambdaInvocation, body: str, attributes: Mapping[str, str], now: datetime
) -> tuple[ApiCall, str | None]:
    """Return the call by which Lambda sends a text, and the name of the kind of target that is called."""
    service, kind, operation, parameters = to.service, "SQS queue", "SendMessage", dict[str, Any]()
    sent = {
        name: {"DataType": "Number" if name == "ErrorCode" else "String", "StringValue": value}
        for name, value in attributes.items()
        if value
    }
    if service == "sqs":
        from eventmock.target_kinds.sqs_queue import queue_url

        parameters = {"QueueUrl": queue_url(to), "MessageBody": body}
    elif service == "sns":
        kind, operation = "SNS topic", "Publish"
        parameters = {"TopicArn": str(to), "Message": body}
    elif service == "lambda":
        kind, operation = "Lambda function", "Invoke"
        parameters = {"FunctionName": str(to), "InvocationType": "Event", "Payload": body.encode()}
    else:
        kind, operation = "", "PutObject"
        name = f"{now:%Y-%m-%dT%H.%M.%S}-{invocation.request_id}"
        key = f"aws/lambda/async/{invocation.function_name}/{now:%Y/%m/%d}/{name}"
        parameters = {"Bucket": to.resource, "Key": key, "Body": body.encode()}
    if sent:
        parameters["MessageAttributes"] = sent
    function = Arn.of(invocation.function_arn)
    call = ApiCall(
        service=service,
        operation=operation,
        parameters=parameters,
        region=to.region or function.region,
        account=to.account or function.account,
    )
    return call, kind or None


def _qualified(invocation: LambdaInvocation) -> str:
    return f"{invocation.function_arn}:{invocation.qualifier}"
