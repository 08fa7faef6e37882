"""The Lambda functions of a mock, which take deliveries of EventBridge and events of other functions.

Source: lambda-and-handlers section 2. Inferred: the text of NO_RESOURCE, which is the text of Lambda's own error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from eventmock.delivery import moto
from eventmock.delivery.failures import DeliveryFailed
from eventmock.lambda_functions import moto_function
from eventmock.lambda_functions.function import DEFAULTS, Condition, Function, Settings, split
from eventmock.lambda_functions.queue import LambdaQueue
from eventmock.values.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventmock.history.delivery import Delivery
    from eventmock.history.lambda_invocation import LambdaInvocation
    from eventmock.parts.part import Restore
    from eventmock.state import State

KIND: Final = "Lambda function"


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
        arn = Arn.of(delivery.target_arn)
        found = self.find(arn)
        if found is None:
            return None
        function, qualifier = found
        present = self.now(function, qualifier)
        if present.version is None:
            raise DeliveryFailed(
                "NO_RESOURCE",
                f"Function not found: {arn} (Service: AWSLambdaInternal; Status Code: 404; Error Code: "
                "ResourceNotFoundException; Proxy: null)",
                hint=self._why_not(function, qualifier),
            )
        return AcceptedByLambda(self._state, self, delivery, present)

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


@dataclass(frozen=True, slots=True)
class AcceptedByLambda:
    """A delivery that Lambda will accept: its answer is 202.

    Attributes:
        state: The state of the mock.
        functions: The functions of the mock.
        delivery: The delivery.
        present: The function at this moment.
    """

    state: State
    functions: LambdaFunctions
    delivery: Delivery
    present: Present

    def send(self) -> Literal["Lambda function"]:
        """Put the event into Lambda's queue, which ends the delivery."""
        with self.state.lock:
            if self.state.outbox.carries(self.delivery):
                self.functions.queue.accept(
                    self.present.settings,
                    self.delivery.target_arn,
                    body=self.delivery.body,
                    delivery=self.delivery,
                )
                self.state.courier.note_taken(self.delivery, "Lambda function")
        return "Lambda function"
