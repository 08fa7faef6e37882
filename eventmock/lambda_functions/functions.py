"""The Lambda functions of a mock, which take deliveries of EventBridge and events of other functions.

Source: lambda-and-handlers section 2. Inferred: the text of NO_RESOURCE, which is the text of Lambda's own error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple, get_args

from eventmock.delivery import moto
from eventmock.delivery.failures import DeliveryFailed, FunctionFailed
from eventmock.lambda_functions import moto_function
from eventmock.lambda_functions.function import DEFAULTS, Condition, Function, Settings, split
from eventmock.lambda_functions.queue import LambdaQueue
from eventmock.values.arn import Arn, partition_of
from eventmock.values.deep_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.history.delivery import Delivery
    from eventmock.history.lambda_invocation import LambdaInvocation
    from eventmock.parts.part import Restore
    from eventmock.services.custom_event_bus.chunk import Chunk
    from eventmock.state import State
    from eventmock.target_kinds import ApiCall

KIND: Final = "Lambda function"

Mode = Literal["Event", "RequestResponse", "DryRun"]
"""The types of invocations."""


class Present(NamedTuple):
    """A function at some moment.

    Attributes:
        function: The function of the test.
        version: The version that runs; None if it, or the alias, or the whole function does not exist.
        settings: The settings, with those of moto where the test gave none, and AWS's defaults.
    """

    function: Function
    version: str | None
    settings: Settings

    @property
    def of_one_attempt(self) -> Present:
        """The function for a synchronous invocation: Lambda does not try again, and sends nothing when it ends."""
        settings = replace(self.settings, retries=0, dead_letter=None, on_success=None, on_failure=None)
        return self._replace(settings=settings)


class LambdaFunctions:
    """The functions of a mock, as a part of its state. It receives the deliveries to them.

    Args:
        state: The state of the mock.

    Attributes:
        queue: Lambda's queue.
    """

    comes_before_kinds: ClassVar = True

    def __init__(self, state: State) -> None:
        self._state = state
        self._functions: dict[tuple[str, str | None], Function] = {}
        self._in_moto: set[str] = set()
        self.queue: Final = LambdaQueue(state, self)
        state.receivers.add(KIND, self)

    def add(self, function: Function) -> None:
        """Add a function, or replace the one of the same ARN and qualifier."""
        with self._state.lock:
            self._functions[str(function.arn), function.qualifier] = function

    def remove(self, arn: str) -> None:
        """Remove the function of an ARN, with all its versions and aliases. If there is none, do nothing."""
        with self._state.lock:
            for known in [known for known in self._functions if known[0] == arn]:
                del self._functions[known]

    @property
    def names(self) -> set[str]:
        """The names of all functions, and their ARNs without a qualifier."""
        with self._state.lock:
            return {name for one in self._functions.values() for name in (one.name, str(one.arn))}

    def find(self, arn: Arn) -> tuple[Function, str] | None:
        """Return the function for an ARN, and the qualifier in the ARN; None if the test has made no such function."""
        unqualified, qualifier = split(arn)
        found = self._functions.get((unqualified, qualifier)) or self._functions.get((unqualified, None))
        return None if found is None else (found, qualifier)

    def change(self, function: Function, **changes: object) -> None:
        """Change the condition of a function."""
        with self._state.lock:
            function.condition = replace(function.condition, **changes)  # type: ignore[arg-type]  # its members

    def now(self, function: Function, qualifier: str) -> Present:
        """Return a function as it is now. moto may be asked, so the caller does not hold the lock."""
        known = moto_function.find(self._state.moto, function.arn, qualifier)
        arn = str(function.arn)
        if known is not None:
            self._in_moto.add(arn)
        is_gone = function.condition.is_deleted or (
            known is None and arn in self._in_moto and moto.is_active()
        )
        version = None if is_gone else function.version_of(qualifier)
        if version is None and known is not None and not is_gone:
            version = known.version
        runs = function if version is None else self._functions.get((arn, version), function)
        settings = function.settings.over(DEFAULTS if known is None else known.settings.over(DEFAULTS))
        return Present(runs, version, settings)

    def prepare(self, delivery: Delivery) -> AcceptedByLambda | None:
        """Return the call of Invoke for a delivery; None if the test has made no such function.

        Raises:
            DeliveryFailed: The function was deleted, or has no such version or alias.
        """
        return self._prepare(delivery, Arn.of(delivery.target_arn), delivery.body)

    def prepare_call(self, delivery: Delivery, call: ApiCall) -> AcceptedByLambda | None:
        """Return the call of Invoke for a delivery that makes one; None if the test has made no such function.

        Documented: an invocation without ``InvocationType`` is synchronous. Then Lambda does not try again, and sends
        nothing to destinations; an error of the function is no error of the call. A dry run does nothing.

        Raises:
            DeliveryFailed: The function was deleted, has no such version or alias, or does not take the call.
        """
        given = call.parameters
        body = given.get("Payload", b"{}").decode(errors="replace")
        mode = given.get("InvocationType", "RequestResponse")
        if mode not in get_args(Mode):
            raise DeliveryFailed(
                "ValidationException",
                f"1 validation error detected: Value '{mode}' at 'invocationType' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(get_args(Mode))}]",
            )
        return self._prepare(delivery, _invoked(call), body, mode)

    def prepare_batch(self, chunk: Chunk) -> Callable[[], None] | None:
        """Return the call of Invoke for a batch of a subscriber; None if the test has made no such function.

        With ``EVENT`` Lambda takes the batch, and tries again itself. With ``REQUEST_RESPONSE`` the function runs
        within the delivery, and its result says which events have failed.

        Raises:
            DeliveryFailed: The function was deleted, has no such version or alias, or cannot run now.
        """
        from eventmock.services.custom_event_bus.calls.lambda_function import call_of, is_synchronous

        arn = _invoked(call_of(chunk.batch))
        found = self.find(arn)
        if found is None:
            return None
        present = self._present(*found, arn)
        if not is_synchronous(chunk.batch.parameters):
            return partial(self._accept_batch, chunk, arn, present)
        self._check_capacity(present.function, present)
        return partial(self._run_batch, chunk, arn, present)

    def _accept_batch(self, chunk: Chunk, arn: Arn, present: Present) -> None:
        """Put the events of a batch into Lambda's queue, which ends their deliveries."""
        first = chunk.call.deliveries[0]
        with self._state.lock:
            if chunk.is_carried:
                self.queue.accept(present.settings, str(arn), body=chunk.body, delivery=first)
                for result in chunk.results:
                    chunk.note_taken(result, KIND)

    def _run_batch(self, chunk: Chunk, arn: Arn, present: Present) -> None:
        """Run the function for the events of a batch, and write down which of them have failed.

        Raises:
            FunctionFailed: The function has raised an error.
            DeliveryFailed: The function has failed otherwise, or its result does not say which events have failed.
            AssertionError: The handler has raised it: it is an error of the test.
        """
        from eventmock.services.custom_event_bus.calls.lambda_function import failures_of_result
        from eventmock.services.custom_event_bus.failures import FUNCTION_FAILED

        attempt = self.queue.run_now(present, str(arn), body=chunk.body, delivery=chunk.call.deliveries[0])
        if attempt.error_type is not None:
            failure = DeliveryFailed(FUNCTION_FAILED, hint=f"the function failed: {attempt.error}")
            if attempt.raised is not None:
                raise FunctionFailed(failure, attempt.raised)
            raise failure
        assert attempt.result is not None
        chunk.taken(KIND, failures_of_result(loads(attempt.result), chunk.entries))

    def _prepare(
        self, delivery: Delivery, arn: Arn, body: str, mode: Mode = "Event"
    ) -> AcceptedByLambda | None:
        """Return the call of Invoke for a delivery; None if the test has made no such function."""
        found = self.find(arn)
        if found is None:
            return None
        present = self._present(*found, arn)
        if delivery.cause is None:
            _check_json(body)
        if mode == "RequestResponse":
            self._check_capacity(found[0], present)
        return AcceptedByLambda(self._state, self, delivery, arn, body, mode, present)

    def _present(self, function: Function, qualifier: str, arn: Arn) -> Present:
        """Return a function as it is now.

        Raises:
            DeliveryFailed: The function was deleted, or has no such version or alias.
        """
        present = self.now(function, qualifier)
        if present.version is None:
            raise DeliveryFailed(
                "NO_RESOURCE",
                f"Function not found: {arn} (Service: AWSLambdaInternal; Status Code: 404; Error Code: "
                "ResourceNotFoundException; Proxy: null)",
                hint=self._why_not(function, qualifier),
            )
        return present

    def _check_capacity(self, function: Function, present: Present) -> None:
        """Check that a synchronous invocation can run now. The text was seen on the API by users.

        Raises:
            DeliveryFailed: The function is throttled, or its region is out of service.
        """
        if function.condition.throttles or present.settings.reserved_concurrency == 0:
            raise DeliveryFailed("TooManyRequestsException", "Rate Exceeded.")
        if function.arn.region in self._state.regions_out:
            raise DeliveryFailed("ServiceException", f"{function.arn.region} is out of service")

    def _why_not(self, function: Function, qualifier: str) -> str:
        """Return words for the tester about a function that cannot be invoked."""
        if function.condition.is_deleted:
            return f"function {function.name} was deleted"
        if str(function.arn) in self._in_moto and function.version_of(qualifier) is not None:
            return f"function {function.name} was deleted in moto"
        return f"function {function.name} has {', '.join(function.qualifiers)}, and no {qualifier}"

    def may_fail(self, invocation: LambdaInvocation) -> bool:
        """Return whether the test expects invocations of a function to be given up."""
        found = self.find(Arn.of(invocation.invoked_arn))
        return found is not None and found[0].condition.may_fail

    def clear(self) -> None:
        """Forget all functions."""
        self._restore({}, {}, frozenset())

    def save(self) -> Restore:
        """Return a function that restores the present functions and their condition."""
        functions, in_moto = dict(self._functions), frozenset(self._in_moto)
        conditions = {function: function.condition for function in functions.values()}
        return lambda: self._restore(functions, conditions, in_moto)

    def _restore(
        self,
        functions: Mapping[tuple[str, str | None], Function],
        conditions: Mapping[Function, Condition],
        in_moto: frozenset[str],
    ) -> None:
        self._functions, self._in_moto = dict(functions), set(in_moto)
        for function, condition in conditions.items():
            function.condition = condition


def _invoked(call: ApiCall) -> Arn:
    """Return the ARN of the function that a call of Invoke names, by name, partial ARN or ARN, with its qualifier."""
    name = call.parameters["FunctionName"]
    arn = Arn.parse(name)
    if arn is None:
        account, is_partial, rest = name.partition(":function:")
        owner, resource = (account, rest) if is_partial else (call.account, name)
        arn = Arn(partition_of(call.region), "lambda", call.region, owner, f"function:{resource}")
    qualifier = call.parameters.get("Qualifier")
    return arn if qualifier is None else arn._replace(resource=f"{arn.resource}:{qualifier}")


def _check_json(body: str) -> None:
    """Check that the payload of an invocation is JSON (Lambda's words, as users saw them).

    Raises:
        DeliveryFailed: It is not.
    """
    try:
        loads(body)
    except ValueError as error:
        raise DeliveryFailed(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}"
        ) from None


@dataclass(frozen=True, slots=True)
class AcceptedByLambda:
    """A delivery that Lambda will accept.

    Attributes:
        state: The state of the mock.
        functions: The functions of the mock.
        delivery: The delivery.
        invoked: The ARN of the function, with the qualifier if the caller names one.
        body: The text of the event.
        mode: The type of the invocation.
        present: The function at this moment.
    """

    state: State
    functions: LambdaFunctions
    delivery: Delivery
    invoked: Arn
    body: str
    mode: Mode
    present: Present

    def send(self) -> Literal["Lambda function"]:
        """Put the event into Lambda's queue, which ends the delivery. A dry run only ends it."""
        with self.state.lock:
            if self.state.outbox.carries(self.delivery):
                if self.mode != "DryRun":
                    self.functions.queue.accept(
                        self.present.settings,
                        str(self.invoked),
                        body=self.body,
                        delivery=self.delivery,
                        is_synchronous=self.mode == "RequestResponse",
                    )
                self.state.courier.note_taken(self.delivery, "Lambda function")
        return "Lambda function"
