"""`EventsBackend`: what the tester holds."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args, overload

from eventmock.backend.assertions import BackendAssertions, Scope
from eventmock.backend.clients import make_access_key, make_client
from eventmock.backend.explanation import explain
from eventmock.backend.function_target import FunctionTarget, make_target
from eventmock.backend.managed_rule import add_managed_rule
from eventmock.backend.places import account_named, endpoint_named
from eventmock.backend.region import Region
from eventmock.backend.report.elsewhere import Elsewhere
from eventmock.backend.report.report import Report
from eventmock.backend.strict import check
from eventmock.exceptions import OptionError, shown
from eventmock.history.delivery import Deliveries, Delivery
from eventmock.history.records import Records
from eventmock.options import Options, check_known
from eventmock.services.events.endpoint_inspection import GlobalEndpoint
from eventmock.services.events.event_bus import event_buses
from eventmock.services.events.health_checks import HealthChecks
from eventmock.services.events.partner_event_sources import Partners
from eventmock.services.events.partner_integration import offer_source
from eventmock.services.events.policy_evaluation import Organizations
from eventmock.services.events.quotas import Quotas
from eventmock.state import Snapshot
from eventmock.trace import Trace, facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mypy_boto3_events import EventBridgeClient

    from eventmock.backend.report.flow import Flow
    from eventmock.clock import Clock
    from eventmock.delivery.http_end import Handler
    from eventmock.faults import Faults
    from eventmock.history.dead_letter import DeadLetters
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.verdict import Verdicts
    from eventmock.parts.delays import Delays
    from eventmock.services.appintegrations.app_integrations import AppIntegrations
    from eventmock.services.events.health_checks import HealthCheck
    from eventmock.services.events.partner_integration import PartnerEventSource
    from eventmock.state import State

HandlerT = TypeVar("HandlerT", bound="Handler")

_MANY: Final = {"event": "events", "delivery": "deliveries"}
View = Literal["text", "html", "mermaid"]


class EventsBackend(BackendAssertions):
    """The mocked services of all accounts and regions, and the record of what happened in them.

    Args:
        state: All that the mock holds.

    Attributes:
        state: All that the mock holds; nothing of it is promised to stay as it is.
    """

    def __init__(self, state: State) -> None:
        self.state: Final = state

    @property
    def options(self) -> Options:
        """As given to the mock."""
        return self.state.options

    @property
    def clock(self) -> Clock:
        """Tells the time that the services believe in, and goes ahead when a test moves it."""
        return self.state.clock

    @property
    def faults(self) -> Faults:
        """Makes requests, entries and deliveries fail."""
        return self.state.faults

    @cached_property
    def appintegrations(self) -> AppIntegrations:
        """Amazon AppIntegrations, and what only other services do to it."""
        from eventmock.services.appintegrations.app_integrations import AppIntegrations

        return AppIntegrations(self.state)

    @property
    def account_for_key(self) -> dict[str, str]:
        """Access key ids to account ids; add to it to let a key stand for an account."""
        return self.state.account_for_key

    @account_for_key.setter
    def account_for_key(self, accounts: dict[str, str]) -> None:
        self.state.account_for_key.become(accounts)

    def __repr__(self) -> str:
        counts = (len(self.state.ledger.received), "event"), (len(self.state.ledger.deliveries), "delivery")
        told = (f"{count} {name if count == 1 else _MANY[name]}" for count, name in counts)
        return f"<EventsBackend in {self.default_region}: {', '.join(told)}>"

    def reset(self) -> None:
        """Forget everything: what was made, put and delivered, keys of accounts, and the functions that are targets.

        Identifiers begin again.
        """
        self.state.clear()

    def snapshot(self) -> Snapshot:
        """The present state, which `restore` brings back.

        Pending deliveries are part of it: when it is restored, each of them goes on where it is being carried out, or
        waits on the clock. If the call of a target is still under way then, its result counts for that delivery.
        """
        return self.state.save()

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a state.

        Args:
            snapshot: Of this backend; may be used again.

        Raises:
            OptionError: It is not a snapshot of this backend.
        """
        __tracebackhide__ = True
        self._check_snapshot("restore", snapshot)
        self.state.restore(snapshot)

    def _check_snapshot(self, call: str, snapshot: object) -> None:
        """See that something is a snapshot of this backend.

        Raises:
            OptionError: It is none.
        """
        __tracebackhide__ = True
        if not isinstance(snapshot, Snapshot) or not snapshot.is_of(self.state):
            raise OptionError(
                f"backend.{call}({shown(snapshot)}): wanted what snapshot() of this backend gave"
            )

    @property
    def _scope(self) -> Scope:
        return Scope.whole(self.state)

    @property
    def default_account(self) -> str:
        """The account of callers whose credentials name none.

        The option, else an access key id of the environment that is an account id, else 123456789012.
        """
        return self.state.default_account

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing says one: the option, else ``AWS_DEFAULT_REGION``, else us-east-1."""
        return self.state.default_region

    @property
    def quotas(self) -> Quotas:
        """How many of each thing an account may have: AWS's defaults; set an attribute to have another quota."""
        return self.state.settings(Quotas)

    @property
    def delays(self) -> Delays:
        """How long things take on the clock that take time on AWS; set an attribute to have it otherwise."""
        return self.state.delays

    @property
    def organizations(self) -> dict[str, str]:
        """The organization of an account, by account id, for bus policies that ask; add to it."""
        return self.state.settings(Organizations)

    @organizations.setter
    def organizations(self, organizations: dict[str, str]) -> None:
        self.state.settings(Organizations).become(organizations)

    @property
    def partners(self) -> set[str]:
        """The ids of the accounts that AWS knows as partners, for a strict mock, which asks; add to it."""
        return self.state.settings(Partners)

    def region(self, name: str) -> Region:
        """A region, to have an outage of it.

        Args:
            name: Such as ``us-east-1``.

        Raises:
            OptionError: It is no name of a region.
        """
        __tracebackhide__ = True
        Options.read({"region": name}, "backend.region()")
        return Region(name, self.state)

    def health_check(self, arn_or_id: str) -> HealthCheck:
        """A Route 53 health check by which global endpoints fail over.

        Args:
            arn_or_id: Its ARN, or the id at its end.

        Raises:
            OptionError: It is neither.
        """
        __tracebackhide__ = True
        return self.state.part(HealthChecks).get(arn_or_id)

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
        with self.state.lock:
            source = offer_source(self.state, name, partner=partner, **given)
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
        with self.state.lock:
            holder = account_named(self.state, "backend.endpoint()", region, account)
            return GlobalEndpoint(endpoint_named(holder, name), self.state)

    @property
    def deliveries(self) -> Deliveries:
        """What went out to targets, in the order in which rules matched."""
        self.clock.run_due()
        return Deliveries(self.state.ledger.deliveries)

    @property
    def dead_letters(self) -> DeadLetters:
        """What came to dead-letter queues, in the order in which it came."""
        self.clock.run_due()
        return self.state.ledger.dead_letters

    @property
    def trace(self) -> Trace:
        """All that happened, as facts in order; print it to read the story."""
        self.clock.run_due()
        return facts_of(self.state.ledger)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """What was put, in order, and what became of it."""
        self.clock.run_due()
        return Records(self.state.ledger.received)

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
        __tracebackhide__ = True
        return make_client(self.state, service, region=region, account=account)

    def access_key_for(self, account: str) -> str:
        """An access key id that stands for an account, formed as AWS forms them.

        Args:
            account: A 12-digit account id.
        """
        __tracebackhide__ = True
        return make_access_key(self.state, account)

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
        return make_target(
            self.state,
            rule_or_arn,
            function,
            kind=kind,
            where=where,
            bus=bus,
            region=region,
            account=account,
            members=members,
        )

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
        self.state.http.add(url, function)
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
        return add_managed_rule(
            self.state,
            name,
            managed_by=managed_by,
            event_pattern=event_pattern,
            schedule_expression=schedule_expression,
            targets=targets,
            bus=bus,
            region=region,
            account=account,
        )

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
        with self.state.lock:
            return explain(self.state, event_or_entry, bus=bus, region=region, account=account)

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
        state = self.state
        with state.lock:
            return Report(
                ledger=state.ledger.copied(),
                account=state.default_account,
                region=state.default_region,
                elsewhere=Elsewhere(
                    [bus.copied() for account in state.accounts.all for bus in event_buses(account).values()]
                ),
                idle_faults=[repr(fault) for fault in state.faults.idle],
                forks=state.lifetime.forks,
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
        if since is not None:
            self._check_snapshot("check", since)
        check(self.state, since)
