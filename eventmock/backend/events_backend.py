"""`EventsBackend`: what the tester holds."""

from __future__ import annotations

import inspect
import os
import threading
from base64 import b32encode
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args, overload

from botocore.utils import parse_to_aware_datetime

from eventmock.backend.assertions import Assertions, BackendAssertions, Record, Scope
from eventmock.backend.clients import bind
from eventmock.backend.report.elsewhere import Elsewhere
from eventmock.backend.report.report import Report
from eventmock.clock import Clock
from eventmock.delivery.courier import Courier
from eventmock.delivery.ends import Ends
from eventmock.delivery.function_targets import FunctionTargets, record_only
from eventmock.delivery.http_end import HttpEnd
from eventmock.delivery.moto import Moto, name_account
from eventmock.delivery.retry_policy import back_off
from eventmock.event.entry import (
    ENTRY_MEMBERS,
    ID_OF_NO_EVENT,
    EntryRefused,
    WrongMember,
    check_kinds,
    event_of,
)
from eventmock.exceptions import (
    AwsRefusal,
    InvalidEntry,
    MockStateError,
    NoSuchBus,
    NoSuchEndpoint,
    NoSuchRule,
    OptionError,
    StrictFailure,
    shown,
)
from eventmock.faults import Faults
from eventmock.history.dead_letter import DeadLetters
from eventmock.history.delivery import Deliveries, Delivery
from eventmock.history.ledger import Ledger
from eventmock.history.records import Records
from eventmock.history.verdict import Verdicts
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION, Options, check_known, check_takes_one
from eventmock.pattern import InvalidEvent, read_event
from eventmock.services.appintegrations import AppIntegrations
from eventmock.services.events import CORRECTIONS, Accounts
from eventmock.services.events.api_destination_calls import ApiDestinationCalls
from eventmock.services.events.endpoint_inspection import GlobalEndpoint
from eventmock.services.events.event_buses import DEFAULT_BUS
from eventmock.services.events.outages import UNTIL_FAILOVER
from eventmock.services.events.partner_integration import offer_source
from eventmock.services.events.put_events import forward
from eventmock.services.events.rules import find_rule, put_rule
from eventmock.services.events.targets import put_managed_targets, put_targets
from eventmock.state.identifiers import Identifiers
from eventmock.target_kinds import KINDS
from eventmock.trace import Trace, facts_of
from eventmock.values.arn import Arn, is_account_id, partition_of, resource_name
from eventmock.wire import AwsError, Call, checked, load_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from mypy_boto3_events import EventBridgeClient

    from eventmock.backend.report.flow import Flow
    from eventmock.delivery.ends import ReadyCall
    from eventmock.delivery.http_end import Handler
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.services.events import Account, Delays, Quotas
    from eventmock.services.events.event_buses import EventBus
    from eventmock.services.events.health_checks import HealthCheck
    from eventmock.services.events.outages import Outage
    from eventmock.services.events.partner_integration import PartnerEventSource
    from eventmock.target_kinds import Invocation
    from eventmock.wire import Service


HandlerT = TypeVar("HandlerT", bound="Handler")

MOST_REASONS: Final = 5
"""For at most so many rules it is explained why they did not match."""
MOST_PROBLEMS: Final = 20
"""A strict mock lists at most so many problems."""
_MANY: Final = {"event": "events", "delivery": "deliveries"}
View = Literal["text", "html", "mermaid"]
SERVED: Final = ("events", "appintegrations")
"""The services that are ours."""


@dataclass(frozen=True, slots=True)
class FunctionTarget(Assertions):
    """A function of the test that is the other end of targets; its assertions are about what went to it.

    Attributes:
        arn: The target's ARN; None where it was not named by one.
        rule_arn: The rule that got the target, if it was named by that.
        kind: The kind of targets, if it was named by that.
        where: The predicate, if it was named by that.
    """

    _backend: EventsBackend = field(repr=False)
    arn: str | None = None
    rule_arn: str | None = None
    kind: str | None = None
    where: Callable[[Delivery], object] | None = None

    @property
    def deliveries(self) -> Deliveries:
        """What went to it, in order."""
        deliveries = self._backend.deliveries
        if self.arn is not None:
            return deliveries.where(target=self.arn)
        return Deliveries(one for one in deliveries if (self.where or self._is_of_kind)(one))

    @property
    def dead_letters(self) -> DeadLetters:
        """What came to it as a dead-letter queue, in order."""
        return self._backend.dead_letters.where(queue=self.arn or "")

    @property
    def _scope(self) -> Scope:
        whole = self._backend._scope  # noqa: SLF001 - the tester's hold on the same thing
        return replace(whole, arn=self.arn, made_for=self.rule_arn, kind=self.kind, where=self.where)

    def _is_of_kind(self, delivery: Delivery) -> bool:
        kind = delivery.target.kind
        return kind is not None and kind.name == self.kind


@dataclass(frozen=True, slots=True)
class Region:
    """A region.

    Attributes:
        name: Such as ``us-east-1``.
    """

    name: str
    _backend: EventsBackend = field(repr=False)

    @property
    def is_out(self) -> bool:
        """Whether it is out of service at the moment."""
        self._backend.clock.run_due()
        return self._backend.accounts.outages.is_out(self.name)

    def outage(
        self,
        *,
        starting: timedelta | None = None,
        lasting: timedelta | None = None,
        failover_after: timedelta = UNTIL_FAILOVER,
    ) -> Outage:
        """Have the region go out of service.

        Its clients get connection errors, its deliveries and copies for it wait until it is back, and after a while
        the health checks of the endpoints that are at home in it notice.

        Args:
            starting: A timedelta from now on the backend's clock; at once unless given.
            lasting: A timedelta; until `Outage.end`, or the end of a ``with`` block, unless given.
            failover_after: From the beginning until health checks notice: 360 seconds, as AWS promises with the alarm
                that it prescribes, unless said.

        Raises:
            OptionError: One of the three is not a timedelta, or is negative.
        """
        __tracebackhide__ = True
        backend = self._backend
        return backend.accounts.outages.plan(
            self.name,
            backend._perform,  # noqa: SLF001 - the tester's hold on the same thing
            starting=starting,
            lasting=lasting,
            failover_after=failover_after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What a snapshot holds."""

    accounts: Any
    appintegrations: Any
    ledger: Any
    functions: Any
    handlers: tuple[tuple[str, Handler], ...]
    faults: Any
    calls: Any
    on_the_way: Any
    mentioned: frozenset[Record]
    time: Any
    account_for_key: dict[str, str]
    identifiers: Any


class Snapshot:
    """A backend's state at some moment, for `EventsBackend.restore` and `EventsBackend.check`. Its content is private.

    Attributes:
        time: The moment, by the backend's clock.
    """

    def __init__(self, backend: EventsBackend, state: _State) -> None:
        self._backend = backend
        self._state = state
        self.time: Final = backend.clock.now()

    def __repr__(self) -> str:
        return f"<snapshot of {self.time:%Y-%m-%d %H:%M:%S}>"


class EventsBackend(BackendAssertions):
    """The mocked service of all accounts and regions, and the record of what happened in it.

    Args:
        options: As given to the mock.

    Attributes:
        options: As given to the mock.
        clock: Tells the time the service believes in.
        appintegrations: Amazon AppIntegrations, and what only other services do to it.
        faults: Makes requests, entries and deliveries fail.
        active_mocks: How many mocks answer from this backend at the moment.
        requests: How many requests it has answered.
        forks: How often the process was forked while a mock of this backend was active.
        copied_from: In a forked child: the id of the parent process, until the child has said that it has a copy.
        account_for_key: Access key ids to account ids; add to it to let a key stand for an account.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock: Final = Clock(
            options.start_time,
            self._perform,
            lambda: self.active_mocks > 0,
            lambda: self.courier.is_delivering,
        )
        self.identifiers: Final = Identifiers(options.seed or 0)
        self.ledger: Final = Ledger()
        self.faults: Final = Faults(self.clock, _operations)
        self.account_for_key: dict[str, str] = {}
        self.active_mocks = 0
        self.requests = 0
        self.forks = 0
        self.copied_from: int | None = None
        self.lock: Final = threading.RLock()
        self._mentioned: set[Record] = set()
        self._functions = FunctionTargets()
        self._http = HttpEnd()
        moto = Moto()
        ends = Ends(
            clock=self.clock,
            functions=self._functions,
            faults=self.faults,
            http=self._http,
            moto=moto,
            forward=self._forward,
            prepare=self._prepare,
        )
        self.courier: Final = Courier(
            clock=self.clock,
            ledger=self.ledger,
            ends=ends,
            back_off=self._back_off,
            is_out=self._is_out,
            is_active=lambda: self.active_mocks > 0,
            lock=self.lock,
        )
        self.accounts: Final = Accounts(
            clock=self.clock,
            identifiers=self.identifiers,
            ledger=self.ledger,
            courier=self.courier,
            faults=self.faults,
            moto=moto,
            http=self._http,
            lock=self.lock,
            is_strict=bool(options.strict),
            enforces_policies=bool(options.enforce_policies),
        )
        self.appintegrations: Final = AppIntegrations(
            clock=self.clock,
            identifiers=self.identifiers,
            events=self.accounts,
            lock=self.lock,
            default_account=lambda: self.default_account,
            default_region=lambda: self.default_region,
        )
        self._calls = ApiDestinationCalls(self.accounts, self.lock)

    def __repr__(self) -> str:
        counts = (len(self.ledger.received), "event"), (len(self.ledger.deliveries), "delivery")
        told = (f"{count} {name if count == 1 else _MANY[name]}" for count, name in counts)
        return f"<EventsBackend in {self.default_region}: {', '.join(told)}>"

    def reset(self) -> None:
        """Forget everything: what was made, put and delivered, keys of accounts, and the functions that are targets.

        Identifiers begin again.
        """
        with self.lock:
            self.accounts.clear()
            self.appintegrations.clear()
            self.clock.reset()
            self.ledger.clear()
            self._mentioned.clear()
            self._functions.clear()
            self._http.handlers.clear()
            self.faults.clear()
            self._calls.clear()
            self.courier.forget()
            self.account_for_key.clear()
            self.identifiers.restart()

    def snapshot(self) -> Snapshot:
        """The present state, which `restore` brings back.

        Pending deliveries are part of it: when it is restored, each of them goes on where it is being carried out, or
        waits on the clock. If the call of a target is still under way then, its result counts for that delivery.
        """
        with self.lock:
            state = _State(
                accounts=self.accounts.snapshot(),
                appintegrations=self.appintegrations.snapshot(),
                ledger=self.ledger.snapshot(),
                functions=self._functions.snapshot(),
                handlers=tuple(self._http.handlers),
                faults=self.faults.snapshot(),
                calls=self._calls.snapshot(),
                on_the_way=self.courier.snapshot(),
                mentioned=frozenset(self._mentioned),
                time=self.clock.snapshot(),
                account_for_key=dict(self.account_for_key),
                identifiers=self.identifiers.snapshot(),
            )
            return Snapshot(self, state)

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a state.

        Args:
            snapshot: Of this backend; may be used again.

        Raises:
            OptionError: It is not a snapshot of this backend.
        """
        __tracebackhide__ = True
        state = self._state_of("restore", snapshot)
        with self.lock:
            self.clock.restore(state.time)
            self.accounts.restore(state.accounts)
            self.appintegrations.restore(state.appintegrations)
            self.account_for_key = dict(state.account_for_key)
            self.identifiers.restore(state.identifiers)
            self.ledger.restore(state.ledger)
            self._functions.restore(state.functions)
            self._http.handlers[:] = state.handlers
            self.faults.restore(state.faults)
            self._calls.restore(state.calls)
            self.courier.restore(state.on_the_way)
            self._mentioned = set(state.mentioned)

    def _state_of(self, call: str, snapshot: object) -> _State:
        """What a snapshot of this backend holds.

        Raises:
            OptionError: It is none.
        """
        __tracebackhide__ = True
        if not isinstance(snapshot, Snapshot) or snapshot._backend is not self:  # noqa: SLF001 - one concept
            raise OptionError(
                f"backend.{call}({shown(snapshot)}): wanted what snapshot() of this backend gave"
            )
        return snapshot._state  # noqa: SLF001 - one concept

    @property
    def locks(self) -> tuple[Any, ...]:
        """All its locks, in the order in which they are taken."""
        return self.lock, self.accounts.health_checks.lock, self.clock._lock, self.faults._lock  # noqa: SLF001 - its own parts

    @property
    def _scope(self) -> Scope:
        return Scope(clock=self.clock, accounts=self.accounts, ledger=self.ledger, mentioned=self._mentioned)

    @property
    def default_account(self) -> str:
        """The account of callers whose credentials name none.

        The option, else an access key id of the environment that is an account id, else 123456789012.
        """
        held = os.environ.get("AWS_ACCESS_KEY_ID", "")
        return self.options.account or (held if is_account_id(held) else DEFAULT_ACCOUNT)

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing says one: the option, else ``AWS_DEFAULT_REGION``, else us-east-1."""
        return self.options.region or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION

    @property
    def quotas(self) -> Quotas:
        """How many of each thing an account may have: AWS's defaults; set an attribute to have another quota."""
        return self.accounts.quotas

    @property
    def delays(self) -> Delays:
        """How long things take on the clock that take time on AWS; set an attribute to have it otherwise."""
        return self.accounts.delays

    @property
    def organizations(self) -> dict[str, str]:
        """The organization of an account, by account id, for bus policies that ask; add to it."""
        return self.accounts.organizations

    @organizations.setter
    def organizations(self, organizations: dict[str, str]) -> None:
        self.accounts.organizations = organizations

    @property
    def partners(self) -> set[str]:
        """The ids of the accounts that AWS knows as partners, for a strict mock, which asks; add to it."""
        return self.accounts.partners

    def region(self, name: str) -> Region:
        """A region, to have an outage of it.

        Args:
            name: Such as ``us-east-1``.

        Raises:
            OptionError: It is no name of a region.
        """
        __tracebackhide__ = True
        Options.read({"region": name}, "backend.region()")
        return Region(name, self)

    def health_check(self, arn_or_id: str) -> HealthCheck:
        """A Route 53 health check by which global endpoints fail over.

        Args:
            arn_or_id: Its ARN, or the id at its end.

        Raises:
            OptionError: It is neither.
        """
        __tracebackhide__ = True
        return self.accounts.health_checks.get(arn_or_id)

    def partner_event_source(
        self,
        name: str,
        *,
        accepted: bool = True,
        partner: str | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> PartnerEventSource:
        """A SaaS partner's event source, offered to a customer's account and accepted, for tests of that account.

        ``backend.partner_event_source("aws.partner/auth0.com/tenant/logs").put("login", {"user": 1})`` sends an event
        to the rules of the bus of that name. One that is offered or accepted already is taken as it is.

        Args:
            name: The source's name, ``aws.partner/PARTNER/...``; its bus is called the same.
            accepted: Whether the customer has accepted it. False leaves it ``PENDING``, for the code under test to make
                the bus, or for `PartnerEventSource.accept`.
            partner: The account id of the partner, who counts as one for a strict mock from then on; 999999999999, or
                whoever offers the source already, unless said.
            region: Where; the default region unless said.
            account: The customer's account id; the default account unless said.

        Raises:
            OptionError: The name is not valid for a source, another partner has it, or the account has as many buses
                as it may.
            MockStateError: The mock is not active any more.
        """
        __tracebackhide__ = True
        given = {"region": region or self.default_region, "account": account or self.default_account}
        Options.read(given, "backend.partner_event_source()")
        if partner is not None:
            Options.read({"account": partner}, "backend.partner_event_source(partner=...)")
        self.clock.run_due()
        with self.lock:
            source = offer_source(self.accounts, self._perform, name, partner=partner, **given)
        if accepted:
            source.accept()
        return source

    def endpoint(self, name: str, *, region: str | None = None, account: str | None = None) -> GlobalEndpoint:
        """A global endpoint, to look at.

        Args:
            name: Its name.
            region: Its home region; the default region unless said.
            account: Its account; the default account unless said.

        Raises:
            NoSuchEndpoint: There is none.
        """
        __tracebackhide__ = True
        if not isinstance(name, str):
            raise OptionError(f"backend.endpoint({name!r}): wanted its name")
        self.clock.run_due()
        with self.lock:
            holder = self._holder("backend.endpoint()", region, account)
            record = holder.endpoints.get(name)
            if record is None:
                names = ", ".join(sorted(holder.endpoints)) or "none"
                places = [
                    f"region={other.region!r}, account={other.id!r}"
                    for other in self.accounts.all
                    if name in other.endpoints
                ]
                hint = f". There is one with {' and with '.join(places)}" if places else ""
                raise NoSuchEndpoint(
                    f"there is no endpoint {name!r} in {holder.id}, {holder.region}; endpoints there: {names}{hint}"
                )
            return GlobalEndpoint(record, self.accounts)

    @property
    def deliveries(self) -> Deliveries:
        """What went out to targets, in the order in which rules matched."""
        self.clock.run_due()
        return Deliveries(self.ledger.deliveries)

    @property
    def dead_letters(self) -> DeadLetters:
        """What came to dead-letter queues, in the order in which it came."""
        self.clock.run_due()
        ends = [progress for _, progress in list(self.ledger.journal) if progress is not None]
        return DeadLetters(progress.dead_letter for progress in ends if progress.dead_letter is not None)

    @property
    def trace(self) -> Trace:
        """All that happened, as facts in order; print it to read the story."""
        self.clock.run_due()
        return facts_of(self.ledger)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """What was put, in order, and what became of it."""
        self.clock.run_due()
        return Records(self.ledger.received)

    @overload
    def client(
        self, service: Literal["events"] = "events", *, region: str | None = None, account: str | None = None
    ) -> EventBridgeClient: ...
    @overload
    def client(self, service: str, *, region: str | None = None, account: str | None = None) -> Any: ...
    def client(
        self, service: str = "events", *, region: str | None = None, account: str | None = None
    ) -> Any:
        """A boto3 client that belongs to this backend: no other mock answers it, wherever it is used.

        When the mock of the backend has stopped, its calls raise MockStateError.

        Args:
            service: boto3's name of the service; ``events`` unless said. A service that moto answers knows the account
                as well.
            region: Such as ``us-east-1``; the backend's default region unless said.
            account: A 12-digit account id; the backend's default account unless said.

        Raises:
            MockStateError: The mock is not active any more, so the client would call AWS.
        """
        import boto3

        if not self.active_mocks:
            raise MockStateError("this backend's mock has stopped: a client made now would call AWS")
        caller = _checked_account(account or self.default_account)
        client: Any = boto3.client(
            service,  # type: ignore[call-overload]  # the stubs know each service by name
            region_name=region or self.default_region,
            aws_access_key_id=caller,
            aws_secret_access_key="eventmock",  # noqa: S106 - no secret
        )
        bind(client, self)
        if service not in SERVED:
            client.meta.events.register("request-created", partial(name_account, caller))
        return client

    def access_key_for(self, account: str) -> str:
        """An access key id that stands for an account, formed as AWS forms them.

        Args:
            account: A 12-digit account id.
        """
        number = (int(_checked_account(account)) << 7).to_bytes(6) + self.identifiers.random_bytes(4)
        key_id = f"AKIA{b32encode(number).decode()}"
        self.account_for_key[key_id] = account
        return key_id

    def target(  # noqa: PLR0913 - which target, and where its rule is
        self,
        rule_or_arn: str | None = None,
        function: Callable[[Any], object] | None = None,
        *,
        kind: str | None = None,
        where: Callable[[Delivery], object] | None = None,
        bus: str | None = None,
        region: str | None = None,
        account: str | None = None,
        **members: Any,
    ) -> FunctionTarget:
        """Make a function the target of a rule, or the other end of targets that have ARNs already.

        Args:
            rule_or_arn: A rule's name or ARN: the rule gets a target with an ARN made up for it. Or any other
                ARN: what is delivered to it, by whichever rule, goes to the function and nowhere else; for the ARN of a
                dead-letter queue, the dead letters do too.
            function: Takes what the target receives: the JSON value, or the text where it is no JSON. Its
                exception is a failed attempt; `eventmock.DeliveryFailed` says which. None only records.
            kind: Instead of a rule or ARN: a kind of target, such as ``"SQS queue"``; all of it go to the function.
            where: Instead of a rule or ARN: says of a `Delivery` whether it goes to the function. An ARN's own
                function comes first, then those with a predicate, the newest first, then those of a kind.
            bus: The rule's event bus, by name or ARN; the default bus unless said.
            region: The rule's region.
            account: The rule's account.
            **members: More members of the target that the rule gets, as PutTargets takes them, such as
                ``RetryPolicy={"MaximumRetryAttempts": 2}`` or ``DeadLetterConfig={"Arn": ...}``.

        Raises:
            OptionError: The function is a coroutine function or takes another number of arguments, the ARN is none,
                there is no such kind, or not exactly one of the three is given.
            NoSuchBus: There is no such bus.
            NoSuchRule: There is no such rule on it.
            AwsRefusal: AWS would not let the rule have such a target, or one more.
        """
        __tracebackhide__ = True
        called = function if inspect.isroutine(function) else getattr(type(function), "__call__", None)  # noqa: B004 - of its class
        if inspect.iscoroutinefunction(called) or inspect.isgeneratorfunction(called):
            raise OptionError(f"backend.target(): nobody would await or iterate what {function!r} returns")
        if [rule_or_arn, kind, where].count(None) != 2:
            raise OptionError("backend.target(): wanted one of a rule or ARN, kind=..., where=...")
        if not isinstance(rule_or_arn, str | None):
            raise OptionError(f"backend.target({rule_or_arn!r}): wanted the name or ARN of a rule, or an ARN")
        taker = record_only if function is None else function
        check_takes_one("backend.target()", taker, "what the target receives")
        if kind is not None:
            check_known(f"backend.target(kind={kind!r})", kind, [one.name for one in KINDS])
            self._functions.for_kind(kind, taker)
            return FunctionTarget(self, kind=kind)
        if where is not None:
            self._functions.where(where, taker)
            return FunctionTarget(self, where=where)
        assert rule_or_arn is not None
        with self.lock:
            arn = rule_or_arn
            parsed = Arn.parse(rule_or_arn)
            rule_arn = None
            if parsed is not None and parsed.service == "events" and parsed.resource.startswith("rule/"):
                bus_name, _, rule_name = resource_name(rule_or_arn).rpartition("/")
                place = (bus_name or bus, parsed.region, parsed.account)
                arn, rule_arn = self._put_target(rule_name, *place, members)
            elif parsed is None and rule_or_arn.startswith("arn:"):
                raise OptionError(f"backend.target(): {rule_or_arn!r} is no ARN")
            elif parsed is None:
                arn, rule_arn = self._put_target(rule_or_arn, bus, region, account, members)
            elif members:
                raise OptionError(
                    f"backend.target({rule_or_arn!r}): only a rule's new target takes {', '.join(members)}"
                )
            self._functions.for_arn(arn, taker)
            return FunctionTarget(self, arn=arn, rule_arn=rule_arn)

    @overload
    def http(self, url: str, function: Handler) -> Handler: ...
    @overload
    def http(self, url: str, function: None = None) -> Callable[[HandlerT], HandlerT]: ...
    def http(self, url: str, function: Handler | None = None) -> Any:
        """Let a function answer the HTTP requests of API destinations, API Gateway and AppSync targets.

        Use it as a decorator, or give it the function. It answers token requests of OAuth connections as well. The
        newest that fits a URL answers.

        Args:
            url: The URL, such as ``https://api.example.com/orders/*``; ``*`` stands for anything.
            function: Takes the `HttpCall`. Answers with a status, a body (dict or list, sent as JSON, str or bytes),
                a tuple of status, body and perhaps headers, an `HttpAnswer`, or None for 200. Its `TimeoutError` is
                a timeout, its `ConnectionError` a connection that failed.

        Returns:
            The function; a decorator if none was given.

        Raises:
            OptionError: The URL is none, or the function is none or would have to be awaited.
        """
        __tracebackhide__ = True
        if function is None:
            return partial(self.http, url)
        self._http.add(url, function)
        return function

    def add_managed_rule(  # noqa: PLR0913 - the members of a rule, and where it is
        self,
        name: str,
        *,
        managed_by: str,
        event_pattern: str | None = None,
        schedule_expression: str | None = None,
        targets: Sequence[Mapping[str, Any]] = (),
        bus: str | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> str:
        """Make a rule as an AWS service makes it: callers cannot change it, and delete it only by ``Force``.

        Args:
            name: The rule's name, such as ``StepFunctionsGetEventsForStepFunctionsExecutionRule``.
            managed_by: The service's principal, such as ``states.amazonaws.com``.
            event_pattern: The pattern, as JSON text.
            schedule_expression: The schedule; a rule has a pattern, a schedule or both.
            targets: As PutTargets takes them; the ARN may also be a service's own, such as
                ``arn:aws:states:us-east-1:::``.
            bus: The event bus, by name or ARN; the default bus unless said.
            region: The region of the bus.
            account: The account of the bus.

        Returns:
            The rule's ARN.

        Raises:
            NoSuchBus: There is no such bus.
            OptionError: The bus has a rule of that name.
            AwsRefusal: AWS would not take such a rule or target.
        """
        __tracebackhide__ = True
        if not isinstance(name, str):
            raise OptionError(f"backend.add_managed_rule({name!r}): wanted the name of a rule")
        with self.lock:
            holder, found = self._bus("backend.add_managed_rule()", bus, region, account)
            call = Call(holder, {})
            if name in found.rules:
                raise OptionError(
                    f"backend.add_managed_rule(): there is a rule {name!r} on {found.name!r} already"
                )
            wanted: Any = {"Name": name, "EventBusName": found.arn}
            if event_pattern is not None:
                wanted["EventPattern"] = event_pattern
            if schedule_expression is not None:
                wanted["ScheduleExpression"] = schedule_expression
            service = load_service("events", CORRECTIONS)
            with _told_to_the_tester(f"backend.add_managed_rule({name!r})"):
                put_rule(call, checked(service, "PutRule", wanted))
                rule = replace(found.rules[name], managed_by=managed_by)
                found.put_rule(rule)
                if targets:
                    asked: Any = {
                        "Rule": name,
                        "EventBusName": found.arn,
                        "Targets": list(targets) if isinstance(targets, tuple) else targets,
                    }
                    try:
                        given = checked(service, "PutTargets", asked)["Targets"]
                        put_managed_targets(holder, found, rule, given)
                    except BaseException:
                        found.remove_rule(name)
                        raise
            return rule.arn

    def explain(
        self,
        event_or_entry: Mapping[str, Any] | str,
        *,
        bus: str | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> Verdicts:
        """What every rule of a bus would make of an event, and why; nothing is put.

        Args:
            event_or_entry: An entry as PutEvents takes it (on a partner bus, PutPartnerEvents), or an event as rules
                see it (a dictionary or JSON text).
            bus: The event bus, by name or ARN; unless said the one that the entry names, else the default bus.
            region: The region of the bus.
            account: The account of the bus.

        Raises:
            InvalidEntry: PutEvents would refuse the entry, or the event is not a JSON object.
            NoSuchBus: There is no such bus.
        """
        with self.lock:
            try:
                if not isinstance(event_or_entry, Mapping) or ENTRY_MEMBERS.isdisjoint(event_or_entry):
                    _, found = self._bus("backend.explain()", bus, region, account)
                    event = read_event(event_or_entry)
                else:
                    entry = _as_sent(event_or_entry)
                    holder, found = self._bus(
                        "backend.explain()", bus or entry.get("EventBusName"), region, account
                    )
                    event = event_of(
                        entry,
                        event_id=ID_OF_NO_EVENT,
                        account=holder.id,
                        region=holder.region,
                        now=self.clock.now(),
                        owns_source=entry.get("Source") == found.name,
                    ).for_patterns
            except EntryRefused as refusal:
                raise InvalidEntry(f"PutEvents would refuse this entry: {refusal}") from None
            except (InvalidEvent, WrongMember) as error:
                raise InvalidEntry(str(error)) from None
            return Verdicts(rule.verdict(event) for rule in found.rules_now)

    def _holder(self, call: str, region: str | None, account_id: str | None) -> Account:
        """The state of the account and region that the tester names.

        Raises:
            OptionError: One of them is none.
        """
        __tracebackhide__ = True
        given = Options.read({"region": region, "account": account_id}, call)
        return self.accounts.get(given.account or self.default_account, given.region or self.default_region)

    def _bus(
        self, call: str, name: str | None, region: str | None, account_id: str | None
    ) -> tuple[Account, EventBus]:
        __tracebackhide__ = True
        account = self._holder(call, region, account_id)
        if not isinstance(name, str | None):
            raise OptionError(f"{call}: bus={name!r}: wanted the name or ARN of an event bus")
        try:
            return account, account.event_bus(name)
        except AwsError:
            names = ", ".join(sorted(account.event_buses))
            raise NoSuchBus(
                f"there is no event bus {name!r} in {account.id}, {account.region}; there are {names}"
            ) from None

    def _put_target(
        self,
        rule_name: str,
        bus_name: str | None,
        region: str | None,
        account_id: str | None,
        members: Mapping[str, Any],
    ) -> tuple[str, str]:
        __tracebackhide__ = True
        account, bus = self._bus("backend.target()", bus_name, region, account_id)
        try:
            rule = find_rule(bus, rule_name)
        except AwsError:
            names = ", ".join(sorted(bus.rules)) or "none"
            raise NoSuchRule(
                f"there is no rule {rule_name!r} on event bus {bus.name!r} in {account.id}, {account.region}; "
                f"rules there: {names}. {self._where_else(rule_name)}"
            ) from None
        numbers = (number for number in count(1) if f"function-{number}" not in rule.targets)
        target_id = f"function-{next(numbers)}"
        on_bus = "" if bus.name == DEFAULT_BUS else f"{bus.name}-"
        function = f"function:{on_bus.replace('/', '~')}{rule_name}-{target_id}"
        arn = str(Arn(partition_of(account.region), "lambda", account.region, account.id, function))
        service = load_service("events", CORRECTIONS)
        for name in members:
            check_known(f"backend.target({rule_name!r}, {name}=...)", name, _members_of_targets(service))
        asked: Any = {
            "Rule": rule_name,
            "EventBusName": bus.arn,
            "Targets": [{"Id": target_id, "Arn": arn, **members}],
        }
        with _told_to_the_tester(f"backend.target({rule_name!r})"):
            put_targets(Call(account, {}), checked(service, "PutTargets", asked))
        return arn, rule.arn

    def _where_else(self, rule_name: str) -> str:
        """Where there is a rule of that name."""
        places = [
            f"bus={name!r}, region={account.region!r}, account={account.id!r}"
            for account in self.accounts.all
            for name, bus in account.event_buses.items()
            if rule_name in bus.rules
        ]
        return f"There is one with {' and with '.join(places)}" if places else "Put the rule first"

    def report(self, view: View = "text", *, max_lines: int | None = None) -> str:
        """What happened: each event that was put, each rule's verdict and why, each delivery. Secrets are masked.

        Args:
            view: ``text``, as a failing test shows it; ``html``, a page that needs nothing else; or ``mermaid``, a
                sequence diagram for a pull request.
            max_lines: The most lines of text: of rules that did not match the nearest are kept then, of all the last,
                and it is said that there are more; None for all.

        Raises:
            OptionError: There is no such view.
        """
        __tracebackhide__ = True
        check_known(f"backend.report({view!r})", view, get_args(View))
        most: Any = max_lines
        if most is not None and (not isinstance(most, int) or most < 1):
            raise OptionError(f"backend.report(max_lines={most!r}): wanted a whole number from 1, or None")
        report = self.report_until_now()
        if view == "mermaid":
            return report.mermaid()
        return report.html() if view == "html" else report.text(max_lines)

    def flow(self) -> Flow:
        """What happened, as data that JSON can hold: what the pictures are made of. Secrets are masked."""
        return self.report_until_now().flow()

    def report_until_now(self) -> Report:
        """The report of what happened, to be looked at later, whatever becomes of the backend."""
        with self.lock:
            return Report(
                ledger=self.ledger.copied(),
                account=self.default_account,
                region=self.default_region,
                elsewhere=Elsewhere(
                    [bus.copied() for account in self.accounts.all for bus in account.event_buses.values()]
                ),
                idle_faults=[repr(fault) for fault in self.faults.idle],
                forks=self.forks,
            )

    def check(self, *, since: Snapshot | None = None) -> None:
        """See that nothing happened that a test must not pass with.

        Args:
            since: What happened before that snapshot is left out; all counts unless said.

        Raises:
            AssertionError: An assertion inside a function that is a target has failed.
            EventmockError: So has something that addresses the tester, such as a refused request.
            StrictFailure: With ``strict=True``: an event matched no rule, had no target, went nowhere or was
                refused, was not delivered, or was delivered where nobody stands at the other end.
        """
        __tracebackhide__ = True
        if self.courier.for_the_tester:
            raise self.courier.for_the_tester.pop(0)
        if not self.options.strict:
            return
        before = () if since is None else {*self._state_of("check", since).ledger[0][0]}
        received = [event for event in self.ledger.received if event not in before]
        problems = [
            event for event in received if event.problem is not None and not _is_a_copy_unmatched(event)
        ]
        failures = [
            "\n    ".join((repr(event), *map(str, islice(event.each_unmatched(), MOST_REASONS))))
            for event in problems[:MOST_PROBLEMS]
        ]
        deliveries = [delivery for event in received for delivery in event.deliveries]
        failures += [repr(delivery) for delivery in deliveries if delivery.status != "delivered"]
        failures += [
            f"{delivery!r}: where recording is enough, say backend.target({delivery.target_arn!r})"
            for delivery in deliveries
            if delivery.taken_by == "nobody"
        ]
        if failures:
            more = len(failures) + max(len(problems) - MOST_PROBLEMS, 0) - MOST_PROBLEMS
            told = [*failures[:MOST_PROBLEMS], *([f"... and {more} more"] if more > 0 else [])]
            raise StrictFailure("strict=True, and\n  " + "\n  ".join(told))

    def _perform(self, work: Callable[[], None]) -> None:
        __tracebackhide__ = True
        if not self.active_mocks:
            raise MockStateError("this backend's mock has stopped: what would be done now would call AWS")
        with self.lock:
            work()
        self.courier.deliver()

    def _is_out(self, region: str) -> bool:
        return self.accounts.outages.is_out(region)

    def _back_off(self, retry: int, seed: str) -> timedelta:
        return back_off(retry, self.delays.first_retry, self.delays.longest_retry, seed)

    def _prepare(self, delivery: Delivery, invocation: Invocation) -> ReadyCall:
        return self._calls.prepare(delivery, invocation)

    def _forward(self, delivery: Delivery, event: Any) -> None:
        with self.lock:
            if self.courier.carries(delivery):
                forward(self.accounts, delivery, event)


@contextmanager
def _told_to_the_tester(call: str) -> Iterator[None]:
    """Turn what AWS would answer into an error of ours: the tester calls no AWS.

    Raises:
        AwsRefusal: AWS would refuse it.
    """
    __tracebackhide__ = True
    try:
        yield
    except AwsError as error:
        raise AwsRefusal(call, error.code, error.message, error.hint) from None


def _is_a_copy_unmatched(event: ReceivedEvent) -> bool:
    """Whether an event came from another bus, where it was delivered, to one whose rules want others."""
    return event.arrived_by is not None and event.dropped is None


def _members_of_targets(service: Service) -> list[str]:
    """The names of the members that a target has in the installed model."""
    asked = service.operation("PutTargets").input
    assert asked is not None
    targets = next(member.shape for member in asked.members if member.name == "Targets")
    assert targets.item is not None
    return [member.name for member in targets.item.members]


def _operations() -> dict[str, frozenset[str]]:
    """The operations of each service that is ours."""
    return {service: frozenset(load_service(service, CORRECTIONS).operation_names) for service in SERVED}


def _checked_account(account: Any) -> str:
    __tracebackhide__ = True
    if not isinstance(account, str) or not is_account_id(account):
        raise OptionError(f"account={account!r}: wanted an account id, text of 12 digits")
    return account


def _as_sent(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry as a client sends it.

    Raises:
        WrongMember: A client would not send it.
    """
    check_kinds(entry)
    if entry.get("Time") is None:
        return entry
    try:
        time = parse_to_aware_datetime(entry["Time"]).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise WrongMember("Time", entry["Time"], "a datetime, or what a client takes for one") from None
    return {**entry, "Time": time}
