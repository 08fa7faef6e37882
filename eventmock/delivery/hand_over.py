"""The hand-over of a delivery to its target.

The first of these takes the delivery: a function of the test for the target; a Lambda function of the test; a function
of the test for a kind of targets; a service of this mock, such as an event bus; for kinds that are reached by HTTP, a
function or a mock of the test that answers HTTP; moto, if it is active and has the resource. If none of them does, the
delivery is only recorded: it counts as delivered, taken by ``nobody``. A fault of the test comes before all of these.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from eventmock.delivery import moto
from eventmock.delivery.failures import DeliveryFailed, call_function, failure_of_status
from eventmock.delivery.moto import Moto, NotThere
from eventmock.faults import Faults, Occasion
from eventmock.target_kinds import ApiCall
from eventmock.values.arn import Arn
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventmock.clock import Clock
    from eventmock.delivery.function_targets import FunctionTargets
    from eventmock.delivery.http_end import HttpEnd
    from eventmock.delivery.permissions.judge import Judge
    from eventmock.delivery.receivers import Receivers
    from eventmock.faults import Fault
    from eventmock.history.delivery import Delivery
    from eventmock.history.taken_by import TakenBy
    from eventmock.target_kinds import TargetKind
    from eventmock.target_kinds.http_call import HttpAnswer
    from eventmock.target_kinds.kind import Request


class Postponed(Exception):  # noqa: N818 - it says what happened
    """A delivery has to wait for its turn; this does not count as an attempt.

    Attributes:
        until: The moment of its turn, an aware datetime.
    """

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(why)
        self.until = until


class HandOver:
    """The hand-over of deliveries to targets.

    Args:
        clock: The clock of the mock.
        functions: The functions of the test.
        faults: The faults of the test.
        http: The functions and mocks of the test that answer HTTP.
        moto: The client of moto.
        receivers: The services of this mock that take deliveries themselves.
        judge: The judge of permissions; None if they are not judged.

    Attributes:
        judge: The judge of permissions; None if they are not judged.
    """

    def __init__(  # noqa: PLR0913 - the takers there are
        self,
        *,
        clock: Clock,
        functions: FunctionTargets,
        faults: Faults,
        http: HttpEnd,
        moto: Moto,
        receivers: Receivers,
        judge: Judge | None,
    ) -> None:
        self._clock = clock
        self._functions = functions
        self._faults = faults
        self._http = http
        self._moto = moto
        self._receivers = receivers
        self.judge = judge

    def to_target(self, delivery: Delivery) -> TakenBy:
        """Hand a delivery to its target.

        Returns:
            Who took it.

        Raises:
            DeliveryFailed: The target does not take the delivery, a function of the test raises an exception, or AWS
                would not be permitted to deliver.
            InvalidRequest: AWS cannot make the call.
            Postponed: The delivery has to wait for its turn.
            AssertionError: An assertion in a function of the test fails.
            Exception: A fault raises it.
        """
        arn, kind = delivery.target.parsed, delivery.target.kind
        receiver = None if kind is None else self._receivers.of(kind.name)
        ready = None if receiver is None else receiver.prepare(delivery)
        request: Request | None = None
        if ready is None and _is_needed(delivery):
            request = delivery.request_of(delivery.attempt_number)
        name = None if kind is None else kind.name
        if self.judge is not None:
            self.judge.of_target(
                delivery, lambda: ready is not None or self._functions.of(delivery, name) is not None
            )
        if self._faults.any:
            self._fail(_occasion(delivery, arn, kind))
        if ready is not None and receiver is not None and receiver.comes_before_kinds:
            function = self._functions.of_arn(delivery.target_arn)
        else:
            function = self._functions.of(delivery, name)
        if function is not None:
            call_function(function, json_or_text(delivery.body))
            return "function"
        if ready is not None:
            return ready.send()
        return "nobody" if request is None else self._send(request, delivery)

    def to_dead_letter_queue(
        self, delivery: Delivery, queue_arn: str, body: str, attributes: Mapping[str, str]
    ) -> TakenBy:
        """Hand a dead letter to its queue.

        Returns:
            Who took it.

        Raises:
            DeliveryFailed: The queue does not take the dead letter, a function of the test raises an exception, or AWS
                would not be permitted to send the dead letter.
            AssertionError: An assertion in a function of the test fails.
            Exception: A fault raises it.
        """
        from eventmock.target_kinds.sqs_queue import queue_url

        arn = Arn.parse(queue_arn)
        assert arn is not None
        if self.judge is not None:
            self.judge.of_dead_letter(
                [delivery], queue_arn, lambda: self._functions.of_arn(queue_arn) is not None
            )
        call = ApiCall(
            service="sqs",
            operation="SendMessage",
            parameters={
                "QueueUrl": queue_url(arn),
                "MessageBody": body,
                "MessageAttributes": {
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            },
            region=arn.region,
            account=arn.account,
        )
        return self.to_service(call, arn=queue_arn, kind="SQS queue", body=body, subject=delivery)

    def to_service(
        self, call: ApiCall, *, arn: str, kind: str | None, body: str, subject: Delivery
    ) -> TakenBy:
        """Send a text to a resource that is not the target of a rule, such as a dead-letter queue.

        Args:
            call: The call of AWS.
            arn: The ARN of the resource.
            kind: The name of the kind of targets that the resource belongs to; None if it belongs to none.
            body: The text, for a function of the test.
            subject: The delivery that led to the call, for predicates of faults.

        Returns:
            Who took it.

        Raises:
            DeliveryFailed: The resource does not take the text.
            Exception: A function of the test, or a fault, raises it.
        """
        if self._faults.any:
            self._fail(
                Occasion(
                    what="delivery",
                    service=call.service,
                    operation="",
                    region=call.region,
                    account=call.account,
                    target=arn,
                    kind=kind,
                    subject=subject,
                )
            )
        function = self._functions.of_arn(arn)
        if function is not None:
            call_function(function, json_or_text(body))
            return "function"
        return self._send(call)

    def _fail(self, occasion: Occasion) -> None:
        """Raise the error of the fault that is meant for an occasion, if there is one."""
        fault = self._faults.hit(occasion)
        if fault is not None:
            raise failure_of_fault(fault, occasion.kind)

    def _send(self, request: Request, delivery: Delivery | None = None) -> TakenBy:
        """Send a request to those in the test that answer HTTP, or to moto.

        Args:
            request: The request.
            delivery: The delivery that the request makes; None if it sends something else.

        Returns:
            Who took it.

        Raises:
            DeliveryFailed: The answer says that the request has failed.
            Exception: A function of the test raises it.
        """
        if not isinstance(request, ApiCall):
            kind = None if delivery is None else delivery.target.kind
            answered = self._http.send(request)
            return who_took(answered, self._clock.now(), kind=None if kind is None else kind.name)
        try:
            answer = self._moto.deliver(request)
        except NotThere:
            return "nobody"
        if delivery is not None:
            delivery.check_answer(answer)
        return "moto"


def who_took(answer: HttpAnswer | None, now: datetime, *, kind: str | None) -> TakenBy:
    """Return who took a request that was sent by HTTP: ``HTTP`` if it was answered, else ``nobody``.

    Args:
        answer: The answer; None if there was none.
        now: The present, an aware datetime, from which a date in ``Retry-After`` is counted.
        kind: The name of the kind of target that answered.

    Raises:
        DeliveryFailed: The status of the answer is not 2xx.
    """
    if answer is None:
        return "nobody"
    if answer.status in range(200, 300):
        return "HTTP"
    from eventmock.target_kinds.api_destination import retry_after

    seconds = retry_after(answer, now)
    raise failure_of_status(answer.status, None if seconds is None else timedelta(seconds=seconds), kind=kind)


def _is_needed(delivery: Delivery) -> bool:
    """Return whether the call to a target is made now: moto may get it, or AWS may be unable to make it."""
    return moto.is_active() or delivery.target.can_fail


def _occasion(delivery: Delivery, arn: Arn | None, kind: TargetKind | None) -> Occasion:
    """Return the occasion for which a fault of a delivery may be meant."""
    return Occasion(
        what="delivery",
        service=arn.service if arn else "",
        operation="",
        region=(arn.region if arn else "") or delivery.region,
        account=(arn.account if arn else "") or delivery.account,
        target=delivery.target_arn,
        kind=None if kind is None else kind.name,
        subject=delivery,
    )


def failure_of_fault(fault: Fault, kind: str | None) -> Exception:
    """Return the exception by which a fault makes a delivery fail."""
    failure: Any = fault.failure
    if issubclass(type(failure), str):
        return DeliveryFailed(failure, fault.message)
    if issubclass(type(failure), int):
        return failure_of_status(failure, kind=kind)
    return fault.exception()


def json_or_text(text: str) -> Any:
    """Return the value of a JSON text; the text itself if it is not JSON."""
    try:
        return loads(text)
    except ValueError:
        return text
