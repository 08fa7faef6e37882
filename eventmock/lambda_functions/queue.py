"""Lambda's queue: events that Lambda has accepted, the attempts to run their functions, and the ends.

Where a pending invocation is. It is on hand of one thread, as a delivery is (`eventmock.delivery.outbox`), or it waits
on the clock for its next attempt.

Source: lambda-and-handlers sections 1 to 3. Recorded: a retry has the same request id; the conditions; what a function
that was deleted meanwhile, a used-up concurrency and a reserved concurrency of 0 lead to. Documented: two retries, one
minute and two minutes after an error of the function; the event waits from 1 second to 5 minutes after throttling and
after errors of Lambda itself. Inferred: an event that will be too old at its next attempt is given up at the moment at
which it becomes too old; it is too old when its age is the most that is allowed; a region that is out of service is an
error of Lambda itself.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.exceptions import TESTS_OWN, name_of
from eventmock.history import wording
from eventmock.history.lambda_invocation import InvocationProgress, LambdaAttempt, LambdaInvocation
from eventmock.history.raised import Raised
from eventmock.lambda_functions.destinations import Destinations
from eventmock.lambda_functions.function import split
from eventmock.lambda_functions.handler import environment, loaded, variables_of
from eventmock.values.arn import Arn, arn_name
from eventmock.values.deep_json import loads
from eventmock.values.moments import later, with_milliseconds

if TYPE_CHECKING:
    from eventmock.delivery.outbox import Pending
    from eventmock.history.delivery import Delivery
    from eventmock.history.lambda_invocation import Condition
    from eventmock.lambda_functions.context import LambdaContext
    from eventmock.lambda_functions.function import Settings
    from eventmock.lambda_functions.functions import LambdaFunctions, Present
    from eventmock.state import State

RETRIES_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=2))
"""The waits before the first and the second retry after an error of the function (documented)."""
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=5)
"""The waits after throttling and errors of Lambda itself; each is twice as long as the one before (documented)."""

_NOT_FOUND: Final = "ResourceNotFoundException"
_TOO_OLD: Final = "too old"


class LambdaQueue:
    """The queue of all functions of a mock.

    Args:
        state: The state of the mock.
        functions: The functions of the mock.
    """

    def __init__(self, state: State, functions: LambdaFunctions) -> None:
        self._state = state
        self._functions = functions
        self._destinations = Destinations(state, functions)

    def accept(  # noqa: PLR0913 - what an invocation consists of
        self,
        settings: Settings,
        invoked_arn: str,
        *,
        body: str,
        delivery: Delivery,
        cause: LambdaInvocation | None = None,
        is_synchronous: bool = False,
    ) -> None:
        """Accept an event, and put its invocation into the outbox of this thread. The caller holds the lock.

        Args:
            settings: The settings of the function.
            invoked_arn: The ARN of the function, with the qualifier if the caller names one.
            body: The text of the event.
            delivery: The delivery of EventBridge by which the event came, or of the invocation that caused it.
            cause: The invocation whose destination the function is; None if EventBridge calls.
            is_synchronous: Whether the caller waits for the result.
        """
        state = self._state
        assert settings.retries is not None
        invocation = LambdaInvocation(
            function_arn=split(Arn.of(invoked_arn))[0],
            invoked_arn=invoked_arn,
            request_id=state.identifiers.uuid(),
            time=state.clock.now(),
            body=body,
            delivery=delivery,
            cause=cause,
            retries=0 if is_synchronous else settings.retries,
            is_synchronous=is_synchronous,
        )
        state.ledger.accept(invocation)
        current = state.outbox.current
        chain = None if cause is not None or current is None else current.generation
        state.outbox.put(self, invocation, chain)

    def run_now(self, present: Present, invoked_arn: str, *, body: str, delivery: Delivery) -> LambdaAttempt:
        """Run a function within a delivery whose caller waits for the result, and return the attempt.

        Lambda does not try again, and sends nothing when the invocation ends. The caller does not hold the lock.

        Args:
            present: The function at this moment.
            invoked_arn: The ARN of the function, with the qualifier if the caller names one.
            body: The text of the event.
            delivery: The delivery; of a batch, the first.

        Raises:
            AssertionError: The handler has raised it: it is an error of the test.
            EventmockError: The handler, or its path, is wrong, or the handler has raised it.
            BaseException: The handler has raised it, and it is neither an `Exception` nor `SystemExit`.
        """
        state = self._state
        invocation = LambdaInvocation(
            function_arn=split(Arn.of(invoked_arn))[0],
            invoked_arn=invoked_arn,
            request_id=state.identifiers.uuid(),
            time=state.clock.now(),
            body=body,
            delivery=delivery,
            retries=0,
            is_synchronous=True,
        )
        with state.lock:
            state.ledger.accept(invocation)
        condition: Condition | None = None
        reason: str | None = None
        try:
            outcome = self.run(present, invocation)
            condition = "Success" if outcome.error_type is None else "RetriesExhausted"
        except BaseException as raised:
            outcome = Outcome(name_of(type(raised)), _text(raised), raised=Raised.of(raised))
            reason = "the test's own error; not tried again"
            raise
        finally:
            attempt = LambdaAttempt(
                number=1,
                time=invocation.time,
                version=present.version,
                error_type=outcome.error_type,
                error_message=outcome.error_message,
                result=outcome.result,
                raised=outcome.raised,
            )
            with state.lock:
                if state.outbox.carries(delivery):
                    tried = invocation.progress.tried(attempt)
                    self._become(invocation, tried)
                    ended = replace(tried, condition=condition, ended=state.clock.now(), reason=reason)
                    self._become(invocation, ended)
        return attempt

    def words(self, invocation: LambdaInvocation) -> str:
        """Return words for an invocation, to which a verb can be added."""
        return f"invocation {invocation.request_id} of {arn_name(invocation.invoked_arn)}"

    def give_up(self, pending: Pending, why: str) -> None:
        """Write down that an invocation is not carried out, or that an error broke it off."""
        with self._state.lock:
            if self._state.outbox.let_go(pending):
                now = self._state.clock.now()
                self._become(pending.subject, replace(pending.subject.progress, ended=now, reason=why))

    def carry_out(self, pending: Pending) -> None:
        """Make an attempt, unless the invocation was forgotten, is too old, is throttled or cannot run at all."""
        invocation: LambdaInvocation = pending.subject
        state = self._state
        with state.lock:
            if not state.outbox.counts(pending):
                state.outbox.let_go(pending)
                return
            if invocation.progress.next_attempt is not None:
                invocation.become(replace(invocation.progress, next_attempt=None))
        found = self._functions.find(Arn.of(invocation.invoked_arn))
        if found is None:  # a reset inside the handler has forgotten the function
            self.give_up(pending, "the function was forgotten")
            return
        present = self._functions.now(*found)
        if invocation.is_synchronous:
            present = present.of_one_attempt
        condition = found[0].condition
        if pending.failure == _TOO_OLD:
            self._end(pending, present.settings, "EventAgeExceeded")
        elif present.settings.reserved_concurrency == 0:
            self._end(pending, present.settings, "ZeroReservedConcurrency")
        elif condition.throttles:
            self._wait_in_queue(pending, present.settings, "throttled")
        elif found[0].arn.region in state.regions_out:
            self._wait_in_queue(pending, present.settings, f"{found[0].arn.region} is out of service")
        else:
            self._attempt(pending, present)

    def _attempt(self, pending: Pending, present: Present) -> None:
        """Run the function once, and write down the result."""
        invocation: LambdaInvocation = pending.subject
        number, now = len(invocation.progress.attempts) + 1, self._state.clock.now()
        try:
            outcome = self.run(present, invocation) if present.version is not None else _gone(invocation)
        except BaseException as raised:
            attempt = LambdaAttempt(
                number=number,
                time=now,
                version=present.version,
                error_type=name_of(type(raised)),
                error_message=_text(raised),
                raised=Raised.of(raised),
            )
            is_kept = issubclass(type(raised), Exception)
            with self._state.lock:
                if self._state.outbox.counts(pending):
                    self._note(pending, attempt)
                    if is_kept:
                        self._state.outbox.errors_of_test.append(raised)
            self.give_up(pending, "the test's own error; not tried again")
            if not is_kept:
                raise
            return
        attempt = LambdaAttempt(
            number=number,
            time=now,
            version=present.version,
            error_type=outcome.error_type,
            error_message=outcome.error_message,
            result=outcome.result,
            raised=outcome.raised,
        )
        with self._state.lock:
            if not self._state.outbox.counts(pending):
                self._state.outbox.let_go(pending)
                return
            self._note(pending, attempt)
        if attempt.error_type is None:
            self._end(pending, present.settings, "Success")
        elif number > (present.settings.retries or 0):
            self._end(pending, present.settings, "RetriesExhausted")
        else:
            self._wait(pending, present.settings, RETRIES_AFTER[min(number, len(RETRIES_AFTER)) - 1])

    def run(self, present: Present, invocation: LambdaInvocation) -> Outcome:
        """Call the handler of a function, as Lambda's runtime does.

        Raises:
            AssertionError: The handler has raised it: it is an error of the test.
            EventmockError: The handler, or its path, is wrong, or the handler has raised it.
            BaseException: The handler has raised it, and it is neither an `Exception` nor `SystemExit`.
        """
        context = self.context(present, invocation.invoked_arn, invocation.request_id)
        request_id = invocation.request_id
        try:
            result = self.call(present, loads(invocation.body), context)
        except TESTS_OWN:
            raise
        except SystemExit as raised:
            message = (
                f"RequestId: {request_id} Error: Runtime exited with error: exit status {raised.code or 0}"
            )
            return Outcome("Runtime.ExitError", message, raised=Raised.of(raised))
        except Exception as raised:  # noqa: BLE001 - whatever a handler raises is an error of the function
            return Outcome(name_of(type(raised)), _text(raised), raised=Raised.of(raised))
        if self._has_timed_out(present, context):
            assert present.settings.timeout is not None
            seconds = present.settings.timeout.total_seconds()
            now = with_milliseconds(self._state.clock.now())
            message = f"{now} {request_id} Task timed out after {seconds:.2f} seconds"
            return Outcome("Sandbox.Timedout", message)
        try:
            return Outcome(result=json.dumps(result))
        except (TypeError, ValueError, RecursionError) as error:
            if str(error).endswith("is not JSON serializable") and not getattr(error, "__notes__", ()):
                from eventmock.values.deep_json import place_without_json

                place = place_without_json(result)
                error.add_note(f"the handler returned it at {place}" if place else "the handler returned it")
            return Outcome(
                "Runtime.MarshalError", f"Unable to marshal response: {error}", raised=Raised.of(error)
            )

    def call(self, present: Present, event: Any, context: LambdaContext) -> object:
        """Call the handler of a function with its environment, and return what it returns.

        Raises:
            OptionError: The path of the handler leads nowhere.
            Exception: The handler has raised it.
        """
        function, own = present.function, present.settings.environment
        handler = loaded(f"backend.lambda_function({function.name!r})", function.handler)
        variables = None if own is None else variables_of(context, function.arn.region, own)
        with environment(variables):
            return handler(event, context)

    def context(self, present: Present, invoked_arn: str, request_id: str) -> LambdaContext:
        """Return the context of an attempt that begins now."""
        from eventmock.lambda_functions.context import LambdaContext, log_stream

        settings, name = present.settings, present.function.name
        assert settings.timeout is not None
        version, now = present.version or "", self._state.clock.now()
        return LambdaContext(
            function_name=name,
            function_version=version,
            invoked_function_arn=invoked_arn,
            memory_limit_in_mb=str(settings.memory),
            aws_request_id=request_id,
            log_group_name=f"/aws/lambda/{name}",
            log_stream_name=log_stream(str(present.function.arn), version, now),
            _deadline=later(now, settings.timeout),
            _now=self._state.clock.now,
        )

    def _has_timed_out(self, present: Present, context: LambdaContext) -> bool:
        """Return whether an attempt that has just ended counts as timed out.

        A handler cannot be cut. Its time is measured by the clock of the mock, if that stands still: real time would
        make the result depend on the speed of the machine.
        """
        function = present.function
        if function.condition.time_outs:
            self._functions.change(function, time_outs=function.condition.time_outs - 1)
            return True
        return self._state.options.start_time is not None and not context.get_remaining_time_in_millis()

    def _wait_in_queue(self, pending: Pending, settings: Settings, why: str) -> None:
        """Put an invocation back into the queue, as after throttling."""
        invocation: LambdaInvocation = pending.subject
        waited = pending.failure if isinstance(pending.failure, timedelta) else None
        pause = FIRST_WAIT if waited is None else min(2 * waited, LONGEST_WAIT)
        with self._state.lock:
            invocation.become(replace(invocation.progress, reason=why))
        self._wait(pending._replace(failure=pause), settings, pause, was=pending)

    def _wait(
        self, pending: Pending, settings: Settings, pause: timedelta, *, was: Pending | None = None
    ) -> None:
        """Put an invocation on the clock for an attempt, or for its end if its event is too old by then.

        Args:
            pending: The invocation as it waits.
            settings: The settings of the function.
            pause: The time until the attempt.
            was: The invocation as it is on hand, if it waits otherwise.
        """
        invocation: LambdaInvocation = pending.subject
        assert settings.max_event_age is not None
        with self._state.lock:
            if not self._state.outbox.let_go(was or pending):
                return
            moment = self._state.clock.later(pause)
            deadline = later(invocation.time, settings.max_event_age)
            if moment >= deadline:
                late = max(deadline, self._state.clock.now())
                too_old = f"given up at {late:{wording.DATE_AND_TIME}}: then it is too old"
                invocation.become(replace(invocation.progress, reason=too_old))
                self._state.outbox.put_later(pending._replace(failure=_TOO_OLD), late, "is too old")
                return
            invocation.become(replace(invocation.progress, next_attempt=moment))
            self._state.outbox.put_later(pending, moment, "is tried again")

    def _end(self, pending: Pending, settings: Settings, condition: Condition) -> None:
        """End an invocation: send what became of it, and write that down."""
        invocation: LambdaInvocation = pending.subject
        with self._state.lock:
            if not self._state.outbox.counts(pending):
                self._state.outbox.let_go(pending)
                return
        ended = replace(
            invocation.progress, condition=condition, ended=self._state.clock.now(), next_attempt=None
        )
        sent = self._destinations.send(invocation, ended, settings)
        with self._state.lock:
            if self._state.outbox.let_go(pending):
                self._become(invocation, replace(ended, sent=tuple(sent)))

    def _note(self, pending: Pending, attempt: LambdaAttempt) -> None:
        """Write down an attempt. The caller holds the lock."""
        invocation: LambdaInvocation = pending.subject
        self._become(invocation, invocation.progress.tried(attempt))

    def _become(self, invocation: LambdaInvocation, progress: InvocationProgress) -> None:
        invocation.become(progress)
        self._state.ledger.journal.append((invocation, progress))


class Outcome(NamedTuple):
    """How a call of a handler ended.

    Attributes:
        error_type: Lambda's ``errorType``; None if the call succeeded.
        error_message: Lambda's ``errorMessage``.
        result: What the handler returned, as JSON text.
        raised: The exception, if there was one.
    """

    error_type: str | None = None
    error_message: str = ""
    result: str | None = None
    raised: Raised | None = None


def _text(raised: BaseException) -> str:
    """Return the text of an exception; empty if ``str`` fails on it."""
    try:
        return str(raised)
    except Exception:  # noqa: BLE001 - an exception of the test may raise whatever it likes
        return ""


def _gone(invocation: LambdaInvocation) -> Outcome:
    """Return the outcome of an attempt to run a function that was deleted after the event was accepted (recorded)."""
    qualified = f"{invocation.function_arn}:{invocation.qualifier}"
    return Outcome(_NOT_FOUND, f"Function not found: {qualified}")
