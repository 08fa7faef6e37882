"""Lambda functions of the test, as a test holds them: what they were invoked with, and assertions about that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from eventmock.backend.assertions.sentences import Assertions
from eventmock.backend.places import account_named
from eventmock.exceptions import MockStateError, OptionError, repr_of
from eventmock.history import wording
from eventmock.history.delivery import Deliveries
from eventmock.history.lambda_invocation import LambdaInvocations
from eventmock.lambda_functions.function import LATEST, Condition, Function, Settings
from eventmock.lambda_functions.functions import KIND, LambdaFunctions
from eventmock.lambda_functions.handler import check_handler
from eventmock.options import KnownAttributes, check_known
from eventmock.target_kinds import kind_of
from eventmock.values.arn import Arn, arn_name, partition_of
from eventmock.values.deep_json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from eventmock.backend.assertions.scope import Scope
    from eventmock.history.lambda_invocation import LambdaInvocation
    from eventmock.lambda_functions.context import LambdaContext
    from eventmock.lambda_functions.functions import Present
    from eventmock.lambda_functions.handler import Handler
    from eventmock.state import State


class FunctionSettings(TypedDict, total=False):
    """The settings of `EventsBackend.lambda_function`. All may be left out.

    Attributes:
        region: The region of a function that is given by name; by default the default region.
        account: The account of a function that is given by name; by default the default account.
        version: The number of the published version that the handler is, such as ``"3"``; by default there is none but
            ``$LATEST``.
        aliases: The versions that aliases stand for, such as ``{"live": "3"}``.
        timeout: The timeout, a timedelta or seconds, up to 15 minutes; by default 3 seconds. It counts by the clock of
            the mock, if that has a start time; `LambdaFunction.time_out` makes an attempt time out.
        memory: The memory in MB, which the context has; by default 128.
        environment: The environment variables of the function. They and those of Lambda's runtime, such as
            ``AWS_LAMBDA_FUNCTION_NAME``, are set while the handler runs. By default the environment is left alone.
        retries: The most retries after an error of the function, 0 to 2; by default 2.
        max_event_age: The longest time that Lambda keeps an event, a timedelta or seconds, 1 minute to 6 hours; by
            default 6 hours.
        dead_letter: The ARN of the function's own dead-letter queue or topic.
        on_success: The ARN of the queue, topic, bus or function that gets a record of each success.
        on_failure: The ARN of the queue, topic, bus, function or bucket that gets a record of each event that Lambda
            has given up.
        reserved_concurrency: The reserved concurrency. With 0, Lambda gives up each event at once.
    """

    region: str | None
    account: str | None
    version: str | None
    aliases: Mapping[str, str] | None
    timeout: timedelta | float | None
    memory: int | None
    environment: Mapping[str, str] | None
    retries: int | None
    max_event_age: timedelta | float | None
    dead_letter: str | None
    on_success: str | None
    on_failure: str | None
    reserved_concurrency: int | None


@dataclass(frozen=True, slots=True, eq=False)
class LambdaFunction(Assertions, KnownAttributes):
    """A Lambda function of the test, whose handler runs as AWS Lambda runs it.

    The assertions that it shares with other targets are about the deliveries of EventBridge to it. `assert_invoked` is
    about what Lambda did afterwards.

    Attributes:
        arn: The ARN of the function; with the qualifier if the test has made only a version or an alias.
        name: The name of the function.
    """

    said_as: ClassVar = "function"

    _state: State = field(repr=False)
    _functions: LambdaFunctions = field(repr=False)
    _function: Function = field(repr=False)

    @property
    def arn(self) -> str:  # noqa: D102 - an attribute of the class's docstring
        qualifier = self._function.qualifier
        return str(self._function.arn) + ("" if qualifier is None else f":{qualifier}")

    @property
    def name(self) -> str:  # noqa: D102 - an attribute of the class's docstring
        return self._function.name

    def __repr__(self) -> str:
        count = wording.counted(len(self._accepted), "invocation")
        return f"<{arn_name(self.arn)}: {count}>"

    @property
    def deliveries(self) -> Deliveries:
        """The deliveries of EventBridge to the function, in order."""
        self._state.clock.run_due()
        return Deliveries(filter(self._scope.selector.holds, self._state.ledger.with_input))

    @property
    def invocations(self) -> LambdaInvocations:
        """The events that Lambda has accepted for the function, in order, with what became of each."""
        self._state.clock.run_due()
        return LambdaInvocations(self._accepted)

    @property
    def events(self) -> list[Any]:
        """The events that Lambda has accepted for the function, in order: JSON values, copies."""
        return [invocation.event for invocation in self.invocations]

    @property
    def results(self) -> list[Any]:
        """What the handler returned, in the order of the events of `events` for which it succeeded."""
        return [one.result for one in self.invocations if one.condition == "Success"]

    @property
    def errors(self) -> list[BaseException]:
        """The exceptions that the handler raised, of all attempts, in the order of the events."""
        attempts = [attempt for one in self.invocations for attempt in one.attempts]
        return [attempt.exception for attempt in attempts if attempt.exception is not None]

    def invoke(self, event: Any, *, qualifier: str | None = None) -> Any:
        """Call the handler as a caller of Lambda does who waits for the result. Nothing is retried or written down.

        Args:
            event: The event, which JSON can express. The handler gets a copy.
            qualifier: A version or an alias of the function; by default ``$LATEST``.

        Returns:
            What the handler returned, a copy by JSON.

        Raises:
            OptionError: The function has no such version or alias, was deleted, or JSON cannot express the event or
                the result.
            MockStateError: The mock is not active any more.
            Exception: The handler has raised it.
        """
        __tracebackhide__ = True
        if not self._state.lifetime.is_active:
            raise MockStateError(
                f"{self!r}.invoke(): the mock has stopped: what the handler calls would be AWS"
            )
        call, wanted = f"invoke() of {arn_name(self.arn)}", qualifier or self._function.qualifier or LATEST
        present = self._present(call, wanted)
        queue, invoked = (
            self._functions.queue,
            str(self._function.arn) + (f":{wanted}" if wanted != LATEST else ""),
        )
        sent = loads(_as_json(f"{call}: event", event))
        context = queue.context(present, invoked, self._state.identifiers.uuid())
        return loads(_as_json(f"{call}: the result", queue.call(present, sent, context)))

    def delete(self) -> None:
        """Delete the function, as DeleteFunction of Lambda does.

        EventBridge's next delivery fails with ``NO_RESOURCE``. An event that Lambda has accepted is tried until its
        retries are used up, and given up (recorded).
        """
        self._functions.change(self._function, is_deleted=True)

    def move_alias(self, name: str, version: str) -> None:
        """Let an alias stand for another version, as UpdateAlias of Lambda does.

        Retries of events that Lambda has accepted before run the new version (recorded).

        Args:
            name: The name of the alias, which is made if the function does not have it.
            version: The version. Make its own handler by ``backend.lambda_function("NAME:VERSION", handler)``.
        """
        __tracebackhide__ = True
        aliases = _aliases("move_alias()", {name: version})
        self._functions.change(self._function, aliases={**self._function.condition.aliases, **aliases})

    def throttled(self) -> _Throttled:
        """Return a context manager in which Lambda throttles the function: its concurrency is used up.

        EventBridge's deliveries succeed. The events stay in Lambda's queue, at most for ``max_event_age``.
        """
        return _Throttled(self._functions, self._function)

    def time_out(self, times: int = 1) -> None:
        """Let the next attempts time out.

        The handler is called, and Lambda takes the attempt for one that was cut at the timeout of the function. So
        what the handler did has happened, and happens again at the retry, as on AWS.

        Args:
            times: The number of attempts, from 1.

        Raises:
            OptionError: The number is not a whole number from 1.
        """
        __tracebackhide__ = True
        given: Any = times
        if not isinstance(given, int) or isinstance(given, bool) or given < 1:
            raise OptionError(f"time_out(times={times!r}): wanted a whole number from 1")
        self._functions.change(self._function, time_outs=self._function.condition.time_outs + times)

    def expect_failure(self) -> None:
        """Allow that Lambda gives up events of the function which then go nowhere, for ``strict={"handlers"}``."""
        self._functions.change(self._function, may_fail=True)

    def assert_invoked(
        self,
        times: int | None = None,
        *,
        event: object = ...,
        matching: Mapping[str, Any] | str | None = None,
        condition: str | None = None,
    ) -> LambdaInvocations:
        """Check that Lambda accepted an event for the function. Work that is due on the clock is done first.

        Args:
            times: The exact number of events, from 0; None for at least one.
            event: The event that the handler gets, compared by ``==``; it may contain objects such as
                `unittest.mock.ANY`.
            matching: An event pattern that the event matches, as a dictionary or JSON text.
            condition: How the invocation ended: ``Success``, ``RetriesExhausted``, ``EventAgeExceeded`` or
                ``ZeroReservedConcurrency``.

        Returns:
            The invocations, in order.

        Raises:
            AssertionError: There was no such invocation, or their number is not ``times``.
            OptionError: An argument is not valid.
        """
        __tracebackhide__ = True
        from eventmock.backend.assertions.invoked import WantedInvocation, not_as_often

        given: Any = times
        if given is not None and (not isinstance(given, int) or isinstance(given, bool) or given < 0):
            raise OptionError(f"assert_invoked(times={times!r}): wanted a whole number from 0, or None")
        wanted = WantedInvocation.read("assert_invoked", event, matching, condition)
        everything = self.invocations
        found = LambdaInvocations(filter(wanted.fits, everything))
        if len(found) == times or (times is None and found):
            return found
        raise not_as_often(self._scope, self.arn, wanted, times, everything)

    @property
    def _accepted(self) -> list[LambdaInvocation]:
        return [one for one in list(self._state.ledger.invocations) if self._is_of_this(one)]

    def _is_of_this(self, invocation: LambdaInvocation) -> bool:
        function = self._function
        return invocation.function_arn == str(function.arn) and function.qualifier in (
            None,
            invocation.qualifier,
        )

    @property
    def _scope(self) -> Scope:
        from eventmock.backend.assertions.scope import Scope
        from eventmock.backend.selectors import ByFunction

        selector = ByFunction(str(self._function.arn), self._function.qualifier)
        return Scope(self._state, selector)

    def _present(self, call: str, qualifier: str) -> Present:
        """Return the function as it is now.

        Raises:
            OptionError: The function was deleted, or has no such version or alias.
        """
        __tracebackhide__ = True
        present = self._functions.now(self._function, qualifier)
        if present.version is None:
            if self._function.condition.is_deleted:
                raise OptionError(f"{call}: the function was deleted")
            check_known(f"{call}: qualifier={qualifier!r}", qualifier, self._function.qualifiers)
        return present


class _Throttled:
    """The context manager of `LambdaFunction.throttled`."""

    def __init__(self, functions: LambdaFunctions, function: Function) -> None:
        self._functions, self._function = functions, function

    def __enter__(self) -> None:
        self._add(1)

    def __exit__(self, *_error: object) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        throttles = self._function.condition.throttles + number
        self._functions.change(self._function, throttles=max(throttles, 0))


def make_function(
    state: State, name_or_arn: str, handler: Handler | str | None, given: Mapping[str, Any]
) -> LambdaFunction | Callable[[Handler], Handler]:
    """Make a Lambda function of the test; see `EventsBackend.lambda_function`."""
    __tracebackhide__ = True
    call = f"backend.lambda_function({name_or_arn!r})"
    if handler is None and callable(name_or_arn):
        raise OptionError(
            f"{call}: the name of the function comes first; as a decorator: @backend.lambda_function('ship')"
        )
    if handler is not None:
        check_handler(call, handler)
    known = FunctionSettings.__annotations__
    for name in given:
        check_known(f"{call}: {name}=...", name, known)
    rest = {**dict.fromkeys(known), **given}
    region, account, version, aliases = (
        rest.pop(name) for name in ("region", "account", "version", "aliases")
    )
    arn, qualifier = _named(state, call, name_or_arn, region, account)
    if version is not None and (not isinstance(version, str) or not version.isdigit()):
        raise OptionError(f"{call}: version={version!r}: wanted the number of a version as text, such as '3'")
    if aliases is not None and qualifier is not None:
        raise OptionError(
            f"{call}: aliases={aliases!r}: only a whole function has aliases, not {qualifier!r} alone"
        )
    settings, known_aliases = Settings.read(call, rest), _aliases(call, aliases or {})
    if handler is None:
        return partial(_decorate, state, name_or_arn, dict(given))
    function = Function(
        arn=arn,
        qualifier=qualifier,
        handler=handler,
        settings=settings,
        version=version,
        condition=Condition(aliases=known_aliases),
    )
    functions = state.part(LambdaFunctions)
    functions.add(function)
    return LambdaFunction(state, functions, function)


def make_context(
    state: State, name_or_arn: str, given: Mapping[str, Any], changes: Mapping[str, Any]
) -> LambdaContext:
    """Return a context for a handler; see `EventsBackend.lambda_context`."""
    __tracebackhide__ = True
    from eventmock.lambda_functions.context import LambdaContext

    call = f"backend.lambda_context({name_or_arn!r})"
    functions = state.part(LambdaFunctions)
    arn, qualifier = _named(state, call, name_or_arn, given["region"], given["account"])
    invoked = str(arn) + ("" if qualifier is None else f":{qualifier}")
    found = functions.find(Arn.of(invoked))
    settings = Settings.read(
        call,
        dict.fromkeys(Settings.__dataclass_fields__)
        | {"timeout": given["timeout"], "memory": given["memory"]},
    )
    function = Function(
        arn=arn, qualifier=None, handler="made.up", settings=settings, version=None, condition=Condition()
    )
    present = functions.now(function, LATEST)
    if found is not None:
        there = functions.now(*found)
        present = there._replace(settings=settings.over(there.settings))
    context = functions.queue.context(present, invoked, state.identifiers.uuid())
    known = [name for name in LambdaContext.__dataclass_fields__ if not name.startswith("_")]
    for name in changes:
        check_known(f"{call}: {name}=...", name, known)
    return replace(context, **changes)


def _decorate(state: State, name_or_arn: str, given: Mapping[str, Any], handler: Handler) -> Handler:
    __tracebackhide__ = True
    make_function(state, name_or_arn, handler, given)
    return handler


def _named(
    state: State, call: str, name_or_arn: Any, region: str | None, account: str | None
) -> tuple[Arn, str | None]:
    """Return the ARN of the function that a test names without its qualifier, and the qualifier; None if it has none.

    Raises:
        OptionError: The text is neither the name nor the ARN of a function.
    """
    __tracebackhide__ = True
    if not isinstance(name_or_arn, str):
        raise OptionError(f"{call}: wanted the name or the ARN of a function")
    arn = Arn.parse(name_or_arn)
    if arn is None and not name_or_arn.startswith("arn:"):
        place = account_named(state, call, region, account)
        arn = Arn(partition_of(place.region), "lambda", place.region, place.id, f"function:{name_or_arn}")
    elif region is not None or account is not None:
        raise OptionError(f"{call}: the ARN names the region and the account; leave region= and account= out")
    kind = None if arn is None else kind_of(arn)
    if arn is None or kind is None or kind.name != KIND:
        raise OptionError(
            f"{call}: wanted the name of a function such as 'ship', or an ARN such as "
            "'arn:aws:lambda:us-east-1:123456789012:function:ship'"
        )
    name, _, qualifier = arn.resource.removeprefix("function:").partition(":")
    return arn._replace(resource=f"function:{name}"), qualifier or None


def _aliases(call: str, given: Any) -> dict[str, str]:
    __tracebackhide__ = True
    try:
        aliases = dict(given)
    except (TypeError, ValueError):
        aliases = {None: None}
    for name, version in aliases.items():
        if not isinstance(name, str) or not name or name.isdigit() or name == LATEST:
            raise OptionError(f"{call}: alias {name!r}: wanted a name that is not a number, such as 'live'")
        if not isinstance(version, str) or not (version.isdigit() or version == LATEST):
            raise OptionError(
                f"{call}: alias {name!r}: version {version!r}: wanted a text such as '3' or '$LATEST'"
            )
    return aliases


def _as_json(what: str, value: object) -> str:
    __tracebackhide__ = True
    try:
        return dumps(value)
    except (TypeError, ValueError) as error:
        raise OptionError(f"{what}: JSON cannot express {repr_of(value)}: {error}") from None
