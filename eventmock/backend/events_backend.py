"""`EventsBackend`, by which a test reaches the state of a mock."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar, get_args, overload

from eventmock.backend.assertions.sentences import BackendAssertions
from eventmock.backend.strict import check
from eventmock.exceptions import OptionError, repr_of
from eventmock.history.dead_letter import DeadLetters
from eventmock.history.delivery import Deliveries, Delivery
from eventmock.history.records import Records
from eventmock.options import KnownAttributes, Options, check_known
from eventmock.state import Snapshot

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Unpack

    from mypy_boto3_events import EventBridgeClient

    from eventmock.backend.assertions.scope import Scope
    from eventmock.backend.deployment import Deployment
    from eventmock.backend.function_target import FunctionTarget
    from eventmock.backend.lambda_function import FunctionSettings, LambdaFunction
    from eventmock.backend.mutants import UnnoticedMutant
    from eventmock.backend.region import Region
    from eventmock.backend.report.flow import Flow
    from eventmock.backend.report.report import Report
    from eventmock.backend.schemas import Schemas
    from eventmock.clock import Clock
    from eventmock.delivery.http_end import Handler
    from eventmock.delivery.permissions.given import Policies
    from eventmock.faults import Faults
    from eventmock.history.lambda_invocation import LambdaInvocations
    from eventmock.history.received_event import ReceivedEvent
    from eventmock.history.verdict import Verdicts
    from eventmock.lambda_functions.context import LambdaContext
    from eventmock.migration.plan import Migration
    from eventmock.parts.delays import Delays
    from eventmock.services.appintegrations.app_integrations import AppIntegrations
    from eventmock.services.custom_event_bus.bus_log import BusLog
    from eventmock.services.custom_event_bus.custom_buses import CustomBuses
    from eventmock.services.custom_event_bus.webhook_provider import WebhookProvider
    from eventmock.services.events.endpoint_inspection import GlobalEndpoint
    from eventmock.services.events.health_checks import HealthCheck
    from eventmock.services.events.partner_integration import PartnerEventSource
    from eventmock.services.events.quotas import Quotas
    from eventmock.services.scheduler.scheduler import Scheduler
    from eventmock.state import State
    from eventmock.trace import Trace

HandlerT = TypeVar("HandlerT", bound="Handler")
LambdaHandlerT = TypeVar("LambdaHandlerT", bound="Callable[[Any, Any], object]")

_MANY: Final = {"event": "events", "delivery": "deliveries"}
View = Literal["text", "html", "mermaid"]


class EventsBackend(BackendAssertions, KnownAttributes):
    """The mocked services of all accounts and regions, and the record of what happened in them.

    Args:
        state: The state of the mock.

    Attributes:
        state: The state of the mock. It is not a part of the stable interface.
    """

    __slots__ = ("__dict__", "__weakref__", "state")
    said_as: ClassVar[str] = "backend"

    def __init__(self, state: State) -> None:
        self.state: Final = state

    @property
    def options(self) -> Options:
        """The options of the mock."""
        return self.state.options

    @property
    def clock(self) -> Clock:
        """The clock of the services, which a test can move forward."""
        return self.state.clock

    @property
    def faults(self) -> Faults:
        """The faults by which a test makes requests, entries and deliveries fail."""
        return self.state.faults

    @cached_property
    def appintegrations(self) -> AppIntegrations:
        """Amazon AppIntegrations, with the actions that only other services of AWS can take."""
        from eventmock.services.appintegrations.app_integrations import AppIntegrations

        return AppIntegrations(self.state)

    @cached_property
    def scheduler(self) -> Scheduler:
        """EventBridge Scheduler: its settings and quotas, and when each schedule fires next."""
        from eventmock.services.scheduler.scheduler import Scheduler

        return Scheduler(self.state)

    @cached_property
    def custom_buses(self) -> CustomBuses:
        """The Custom Event Bus, boto3's ``eventbridgev2``: its quotas, and how Avro and Protobuf are decoded."""
        from eventmock.services.custom_event_bus.custom_buses import CustomBuses

        return CustomBuses(self.state)

    @property
    def account_for_key(self) -> dict[str, str]:
        """The accounts for which access key ids stand, by key id; add to it to let a key stand for an account."""
        return self.state.account_for_key

    @account_for_key.setter
    def account_for_key(self, accounts: dict[str, str]) -> None:
        self.state.account_for_key.become(accounts)

    def __repr__(self) -> str:
        counts = (len(self.state.ledger.received), "event"), (len(self.state.ledger.deliveries), "delivery")
        words = (f"{count} {name if count == 1 else _MANY[name]}" for count, name in counts)
        return f"<EventsBackend in {self.default_region}: {', '.join(words)}>"

    def reset(self) -> None:
        """Forget all resources, events, deliveries, keys of accounts, and functions that are targets.

        Identifiers begin again.
        """
        self.state.clear()

    def snapshot(self) -> Snapshot:
        """Return the present state, for `restore`.

        Pending deliveries are a part of it. After `restore`, a delivery whose target is still being called continues,
        and the result of the call counts; the others wait on the clock.
        """
        return self.state.save()

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a state.

        Args:
            snapshot: A snapshot of this backend. It may be restored more than once.

        Raises:
            OptionError: The object is not a snapshot of this backend.
        """
        __tracebackhide__ = True
        self._check_snapshot("restore", snapshot)
        self.state.restore(snapshot)

    def _check_snapshot(self, call: str, snapshot: object) -> None:
        """Check that an object is a snapshot of this backend.

        Raises:
            OptionError: The object is not a snapshot of this backend.
        """
        __tracebackhide__ = True
        if not isinstance(snapshot, Snapshot) or not snapshot.is_of(self.state):
            raise OptionError(
                f"backend.{call}({repr_of(snapshot)}): wanted what snapshot() of this backend gave"
            )

    @property
    def _scope(self) -> Scope:
        from eventmock.backend.assertions.scope import Scope

        return Scope(self.state)

    @property
    def default_account(self) -> str:
        """The account of callers whose credentials name no account.

        The option, else the environment's access key id if that is an account id, else 123456789012.
        """
        return self.state.default_account

    @property
    def default_region(self) -> str:
        """The region of clients without one: the option, else ``AWS_DEFAULT_REGION``, else ``us-east-1``."""
        return self.state.default_region

    @property
    def quotas(self) -> Quotas:
        """The quotas of an account. They are AWS's defaults; set an attribute for another quota."""
        from eventmock.services.events.quotas import Quotas

        return self.state.settings(Quotas)

    @property
    def delays(self) -> Delays:
        """The durations, on the clock, of what takes time on AWS; set an attribute for another duration."""
        return self.state.delays

    @property
    def organizations(self) -> dict[str, str]:
        """The organizations of accounts, by account id, for conditions of bus policies; add to it."""
        from eventmock.parts.organizations import Organizations

        return self.state.settings(Organizations)

    @organizations.setter
    def organizations(self, organizations: dict[str, str]) -> None:
        from eventmock.parts.organizations import Organizations

        self.state.settings(Organizations).become(organizations)

    @property
    def policies(self) -> Policies:
        """The roles, policies and keys that the test gives, by which permissions to deliver are judged; add to it.

        They are read if ``target_permissions`` is ``warn`` or ``enforce``, and count before those of moto.
        """
        from eventmock.delivery.permissions.given import Policies

        return self.state.settings(Policies)

    @cached_property
    def schemas(self) -> Schemas:
        """The schemas of events, by which what the code under test puts is checked; add to them."""
        from eventmock.backend.schemas import Schemas

        return Schemas(self.state)

    @property
    def partners(self) -> set[str]:
        """The ids of the accounts that are partners of AWS, which a strict mock checks; add to it."""
        from eventmock.services.events.partner_event_sources import Partners

        return self.state.settings(Partners)

    def region(self, name: str) -> Region:
        """Return a region, for an outage of it.

        Args:
            name: The name of the region, such as ``us-east-1``.

        Raises:
            OptionError: The name is not that of a region.
        """
        __tracebackhide__ = True
        from eventmock.backend.region import Region

        Options.read({"region": name}, "backend.region()")
        return Region(name, self.state)

    def health_check(self, arn_or_id: str) -> HealthCheck:
        """Return a Route 53 health check by which global endpoints fail over.

        Args:
            arn_or_id: The ARN of the health check, or the id at the end of the ARN.

        Raises:
            OptionError: The text is neither an ARN nor an id of a health check.
        """
        __tracebackhide__ = True
        from eventmock.services.events.health_checks import HealthChecks

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
        """Return a SaaS partner's event source, offered to a customer and accepted, for tests of the customer's code.

        ``backend.partner_event_source("aws.partner/auth0.com/tenant/logs").put("login", {"user": 1})`` sends an event
        to the rules of the bus of that name. A source that is offered or accepted already is returned unchanged.

        Args:
            name: The source's name, ``aws.partner/PARTNER/...``, which is also the name of its bus.
            accepted: Whether the customer accepts the source. If False, a new source is ``PENDING``, until the code
                under test makes the bus, or until `PartnerEventSource.accept`.
            partner: The account id of the partner, which a strict mock then takes for a partner. By default the partner
                that offers the source already, else 999999999999.
            region: The region of the source; by default the default region.
            account: The customer's account id; by default the default account.

        Raises:
            OptionError: The name is not valid for a source, another partner has the source, or the account has reached
                its quota of buses.
            MockStateError: The mock is not active any more.
        """
        __tracebackhide__ = True
        from eventmock.services.events.partner_integration import offer_source

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

    def webhook(self, url_or_arn: str) -> WebhookProvider:
        """Return the provider of a webhook of a custom event bus, to send requests without a network.

        ``backend.webhook(source["EventSourceArn"]).post({"order": 7})`` sends a request with the right credential. What
        a webhook does with its requests is inferred, as AWS documents little of it.

        Args:
            url_or_arn: The ``WebhookUrl``, or the ``EventSourceArn``.

        Raises:
            OptionError: There is no such webhook.
        """
        __tracebackhide__ = True
        from eventmock.services.custom_event_bus.webhook_provider import provider_of

        self.clock.run_due()
        with self.state.lock:
            return provider_of(self.state, url_or_arn)

    def endpoint(self, name: str, *, region: str | None = None, account: str | None = None) -> GlobalEndpoint:
        """Return a global endpoint, for inspection.

        Args:
            name: The name of the endpoint.
            region: The home region of the endpoint; by default the default region.
            account: The account of the endpoint; by default the default account.

        Raises:
            NoSuchEndpoint: There is no endpoint of that name.
            OptionError: The name is not a text, or the region or the account is not valid.
        """
        __tracebackhide__ = True
        from eventmock.backend.places import account_named, endpoint_named
        from eventmock.services.events.endpoint_inspection import GlobalEndpoint

        if not isinstance(name, str):
            raise OptionError(f"backend.endpoint({name!r}): wanted its name")
        self.clock.run_due()
        with self.state.lock:
            holder = account_named(self.state, "backend.endpoint()", region, account)
            return GlobalEndpoint(endpoint_named(holder, name), self.state)

    def bus_log(self, name_or_arn: str, *, region: str | None = None, account: str | None = None) -> BusLog:
        """Return the events that a custom event bus keeps now, the oldest first. ``print`` shows a table of them.

        Args:
            name_or_arn: The name or ARN of the bus.
            region: The region of a bus that is given by its name; by default the default region.
            account: The account of a bus that is given by its name; by default the default account.

        Raises:
            NoSuchBus: There is no such custom event bus.
            OptionError: The name is not a text, or the region or the account is not valid.
        """
        __tracebackhide__ = True
        from eventmock.backend.places import account_named, custom_bus_named
        from eventmock.services.custom_event_bus.bus_log import bus_log_of

        self.clock.run_due()
        with self.state.lock:
            holder = account_named(self.state, "backend.bus_log()", region, account)
            return bus_log_of(self.state, custom_bus_named(holder, "backend.bus_log()", name_or_arn))

    @property
    def deliveries(self) -> Deliveries:
        """The deliveries to targets, in the order in which rules matched, schedules fired and subscribers read.

        A delivery whose input AWS cannot make is not here: `ReceivedEvent.deliveries` has it.
        """
        self.clock.run_due()
        return Deliveries(self.state.ledger.with_input, self._check_names)

    @property
    def invocations(self) -> LambdaInvocations:
        """The events that Lambda has accepted for functions of the test, in order, with what became of each."""
        from eventmock.history.lambda_invocation import LambdaInvocations

        self.clock.run_due()
        return LambdaInvocations(self.state.ledger.invocations, self._check_names)

    @property
    def dead_letters(self) -> DeadLetters:
        """The dead letters, in the order in which they came to their queues."""
        self.clock.run_due()
        return DeadLetters(self.state.ledger.dead_letters, self._check_names)

    def _unknown(self, name: str) -> AttributeError:
        """Return the error for a name that the backend does not have; for that of an operation, who has it."""
        from eventmock.services.table import services

        for service in services():
            if name.replace("_", "") in {one.lower() for one in service.operation_names}:
                said = f"backend.{name}: that is a method of a client: boto3.client({service.name!r}).{name}(...)"
                return AttributeError(said, name=name, obj=self)
        return super()._unknown(name)

    def _check_names(self, call: str, words: Mapping[str, str]) -> None:
        """Refuse a misspelt name in a call of ``where``; see `eventmock.backend.name_check.check_names`."""
        __tracebackhide__ = True
        from eventmock.backend.name_check import check_names

        check_names(self.state, call, words)

    @property
    def trace(self) -> Trace:
        """All that happened, as facts in order. Print it to read the story."""
        from eventmock.trace import facts_of

        self.clock.run_due()
        return facts_of(self.state.ledger)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """The received events and refused entries, in order, with their outcomes."""
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
        """Return a boto3 client that belongs to this backend. No other mock answers it, wherever it is used.

        When the mock of the backend has stopped, the calls of the client raise MockStateError.

        Args:
            service: boto3's name of the service. A service that moto answers gets the account too.
            region: The region, such as ``us-east-1``; by default the backend's default region.
            account: A 12-digit account id; by default the backend's default account.

        Raises:
            MockStateError: The mock is not active any more, so the client would call AWS.
        """
        __tracebackhide__ = True
        from eventmock.backend.clients import make_client

        return make_client(self.state, service, region=region, account=account)

    def access_key_for(self, account: str) -> str:
        """Return an access key id that stands for an account, in the form that AWS gives them.

        Args:
            account: A 12-digit account id.
        """
        __tracebackhide__ = True
        from eventmock.backend.clients import make_access_key

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
        """Make a function a new target of a rule, or let it receive the deliveries to targets that exist.

        Args:
            rule_or_arn: The name or ARN of a rule, which gets a new target with a made-up ARN. Or any other ARN: the
                function, and nothing else, gets the deliveries to it, by whichever rule or schedule. If that is the ARN
                of a dead-letter queue, the function gets the dead letters too.
            function: A function that takes what the target receives: the JSON value, or the text if it is not JSON. If
                it raises an exception, the attempt has failed; `eventmock.DeliveryFailed` states the reason. If it is
                None, deliveries are only recorded.
            kind: In place of a rule or ARN, a kind of target, such as ``"SQS queue"``. The function gets the deliveries
                to all targets of the kind.
            where: In place of a rule or ARN, a predicate of a `Delivery`. The function gets the deliveries for which it
                is true. A delivery of a schedule has no ``event``, and its ``cause`` is None. A function for the ARN
                comes first, then those with a predicate, the newest first, then those for a kind.
            bus: The rule's event bus, by name or ARN; by default the default bus.
            region: The rule's region; by default the default region.
            account: The rule's account; by default the default account.
            **members: More members of the rule's new target, as PutTargets takes them, such as
                ``RetryPolicy={"MaximumRetryAttempts": 2}`` or ``DeadLetterConfig={"Arn": ...}``.

        Raises:
            OptionError: The function is a coroutine function or a generator function, or cannot be called with one
                argument; the ARN is not valid; there is no such kind; or not exactly one of ``rule_or_arn``, ``kind``
                and ``where`` is given.
            NoSuchBus: There is no such bus.
            NoSuchRule: There is no such rule on the bus.
            AwsRefusal: AWS would refuse the target, or the rule has as many targets as it may.
        """
        __tracebackhide__ = True
        from eventmock.backend.function_target import make_target

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
    def lambda_function(
        self,
        name_or_arn: str,
        handler: Callable[[Any, Any], object] | str,
        **settings: Unpack[FunctionSettings],
    ) -> LambdaFunction: ...
    @overload
    def lambda_function(
        self, name_or_arn: str, handler: None = None, **settings: Unpack[FunctionSettings]
    ) -> Callable[[LambdaHandlerT], LambdaHandlerT]: ...
    def lambda_function(self, name_or_arn: str, handler: Any = None, **settings: Any) -> Any:
        """Make a Lambda function of the test. AWS Lambda's part is done on the clock: retries, destinations, its queue.

        EventBridge's delivery succeeds when Lambda accepts the event. If the handler raises an exception, Lambda tries
        twice more, after one and after two minutes; then the dead-letter queue and the destination of the function get
        the event. The rule's own retry policy and dead-letter queue have no part in it. Use it as a decorator, or call
        it with the handler.

        Args:
            name_or_arn: The name of the function, such as ``"ship"``, or its ARN. With a version or an alias at the
                end, such as ``"ship:live"``, only that one is made.
            handler: A function that takes the event, a JSON value, and the context, a `LambdaContext`. Or the path of
                one as text, such as ``"shop.handlers.ship"``, which is imported at the first invocation.
            **settings: The settings of the function; see `FunctionSettings`. If moto is active and has the function,
                moto's are taken where none is given here, but for the environment.

        Returns:
            The function, with its invocations and assertions; a decorator if no handler was given.

        Raises:
            OptionError: The name, the handler or a setting is not valid.
        """
        __tracebackhide__ = True
        from eventmock.backend.lambda_function import make_function

        return make_function(self.state, name_or_arn, handler, settings)

    def lambda_context(
        self,
        name_or_arn: str,
        *,
        region: str | None = None,
        account: str | None = None,
        timeout: timedelta | float | None = None,
        memory: int | None = None,
        **changes: Any,
    ) -> LambdaContext:
        """Return a context as Lambda gives it to a handler, for a test that calls the handler itself.

        Args:
            name_or_arn: The name or the ARN of the function, with a version or an alias if one is invoked.
            region: The region of a name; by default the default region.
            account: The account of a name; by default the default account.
            timeout: The timeout, a timedelta or seconds; by default that of `lambda_function`, else 3 seconds.
            memory: The memory in MB; by default that of `lambda_function`, else 128.
            **changes: Other values of attributes of the context, such as ``aws_request_id="..."``.

        Raises:
            OptionError: The name or a setting is not valid, or the context has no such attribute.
        """
        __tracebackhide__ = True
        from eventmock.backend.lambda_function import make_context

        return make_context(
            self.state,
            name_or_arn,
            {"region": region, "account": account, "timeout": timeout, "memory": memory},
            changes,
        )

    @overload
    def http(self, url: str, function: Handler) -> Handler: ...
    @overload
    def http(self, url: str, function: None = None) -> Callable[[HandlerT], HandlerT]: ...
    def http(self, url: str, function: Handler | None = None) -> Any:
        """Let a function answer the HTTP requests of API destinations, API Gateway and AppSync targets.

        Use it as a decorator, or call it with the function. The function also answers requests for tokens of OAuth
        connections. If the patterns of several functions match a URL, the newest function answers.

        Args:
            url: The URL, such as ``https://api.example.com/orders/*``; ``*`` stands for any characters.
            function: A function that takes the `HttpCall`. It returns a status, a body (a dict or list, sent as JSON,
                or a str or bytes), a tuple of status, body and optionally headers, an `HttpAnswer`, or None for 200.
                If it raises `TimeoutError`, the request has timed out; if `ConnectionError`, the connection has failed.

        Returns:
            The function; a decorator if no function was given.

        Raises:
            OptionError: The URL is not valid, or the function is not callable with one argument or has to be awaited.
        """
        __tracebackhide__ = True
        if function is None:
            return partial(self.http, url)
        self.state.http.add(url, function)
        return function

    def emit(  # noqa: PLR0913 - the members of an event
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any] | str | None = None,
        *,
        resources: Sequence[str] | None = None,
        account: str | None = None,
        region: str | None = None,
        time: datetime | None = None,
        bus: None = None,
    ) -> ReceivedEvent:
        """Put an event on the default bus as an AWS service does, which no program can by PutEvents.

        When this returns, all deliveries that the event causes have been made.

        Args:
            source: The source of the service, such as ``aws.s3``.
            detail_type: The ``detail-type``, such as ``Object Created``.
            detail: The detail, an object, or an object as JSON text; None for an empty one.
            resources: The ARNs of the resources that the event is about. By default those that follow from the detail,
                such as the ARN of the bucket.
            account: The id of the account in which the event happens; by default the default account.
            region: The region in which the event happens; by default the default region.
            time: The moment of the event, an aware datetime; by default the present. The event has whole seconds.
            bus: Not for use. A service sends to the default bus only.

        Returns:
            The record of the event. Its `notes` have advice, such as on a misspelt name. If the region is out of
            service, its `dropped` says what becomes of the event.

        Raises:
            OptionError: The source is not that of an AWS service, an argument is not valid, or a bus is given.
            MockStateError: The mock is not active any more.
        """
        __tracebackhide__ = True
        from eventmock.backend.service_events import emit

        return emit(
            self.state,
            source,
            detail_type,
            detail,
            resources=resources,
            account=account,
            region=region,
            time=time,
            bus=bus,
        )

    def emit_sample(  # noqa: PLR0913 - the members of an event
        self,
        source: str,
        detail_type: str,
        detail: Mapping[str, Any] | None = None,
        /,
        *,
        resources: Sequence[str] | None = None,
        account: str | None = None,
        region: str | None = None,
        time: datetime | None = None,
        **changes: Any,
    ) -> ReceivedEvent:
        """Put a sample of an event on the default bus, as the AWS service would that it is from.

        ``backend.emit_sample("aws.s3", "Object Created", {"object.key": "a.csv"})`` sends an event with all members.

        Args:
            source: The source of the service, such as ``aws.s3``.
            detail_type: The ``detail-type``, such as ``Object Created``.
            detail: The members of the sample's detail to change, by name or dotted path: ``object.key`` is the ``key``
                of the ``object``, ``containers.0.name`` the name of the first container. An object is merged into that
                of the sample. ``...`` in place of a value removes the member.
            resources: The ARNs of the resources; by default those of the sample, or that follow from the detail.
            account: The id of the account in which the event happens; by default the default account.
            region: The region in which the event happens; by default the default region.
            time: The moment of the event, an aware datetime; by default the present.
            **changes: More members of the detail to change, whose names Python can spell.

        Returns:
            The record of the event, as `emit` returns it.

        Raises:
            OptionError: There is no sample of that name, the sample has no such member but one of nearly the same name,
                or an argument is not valid.
            MockStateError: The mock is not active any more.
        """
        __tracebackhide__ = True
        from eventmock.backend.service_events import emit_sample

        return emit_sample(
            self.state,
            source,
            detail_type,
            {**(detail or {}), **changes},
            resources=resources,
            account=account,
            region=region,
            time=time,
        )

    def emit_api_call(  # noqa: PLR0913 - the members of a record of CloudTrail
        self,
        service: str,
        operation: str,
        request_parameters: Mapping[str, Any] | None = None,
        response_elements: Mapping[str, Any] | None = None,
        *,
        read_only: bool | None = None,
        error_code: str | None = None,
        error_message: str | None = None,
        user_identity: Mapping[str, Any] | None = None,
        management: bool = True,
        account: str | None = None,
        region: str | None = None,
        time: datetime | None = None,
        **changes: Any,
    ) -> ReceivedEvent:
        """Put the event on the default bus that CloudTrail sends for a call of an AWS API.

        ``backend.emit_api_call("ec2", "RunInstances", {"instanceType": "t3.micro"})``. A rule in the state ``ENABLED``
        does not see a call that only reads; one in the state ``ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`` does.

        Args:
            service: The service, as in the name of its endpoint: ``ec2``, or ``ec2.amazonaws.com``.
            operation: The operation, such as ``RunInstances``.
            request_parameters: The ``requestParameters``. Names may be as CloudTrail writes them,
                ``instanceType``, or as boto3 takes them, ``InstanceType``; then the first letter of each is made small,
                also of names in a map. None if there are none.
            response_elements: The ``responseElements``, likewise; None for a call that only reads or that failed.
            read_only: Whether the call only reads; by default the name of the operation says so (Describe, Get, List,
                Head, Lookup, Search, BatchGet).
            error_code: The error's code, such as ``AccessDenied``, if the call failed.
            error_message: The error's message.
            user_identity: The ``userIdentity``; by default a role of the account.
            management: Whether the call manages resources. False for a data event, such as GetObject of S3, which any
                rule sees if a trail logs it.
            account: The id of the account that is called; by default the default account.
            region: The region of the call; by default the default region, for a global service ``us-east-1``.
            time: The moment of the call, an aware datetime; by default the present.
            **changes: Other members of the detail, such as ``sourceIPAddress="198.51.100.1"``.

        Returns:
            The record of the event, as `emit` returns it.

        Raises:
            OptionError: An argument is not valid.
            MockStateError: The mock is not active any more.
        """
        __tracebackhide__ = True
        from eventmock.backend.service_events import emit_api_call

        return emit_api_call(
            self.state,
            service,
            operation,
            {
                "request_parameters": request_parameters,
                "response_elements": response_elements,
                "read_only": read_only,
                "error_code": error_code,
                "error_message": error_message,
                "user_identity": user_identity,
                "management": management,
            },
            account=account,
            region=region,
            time=time,
            changes=changes,
        )

    def deploy(  # noqa: PLR0913 - the template, and what stands beside it
        self,
        template: str | os.PathLike[str] | Mapping[str, Any],
        *,
        stack: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        imports: Mapping[str, Any] | None = None,
        resolve: Mapping[str, str] | None = None,
        region: str | None = None,
        account: str | None = None,
        handlers: Mapping[str, Callable[[Any, Any], object] | str] | Literal[True] | None = None,
        in_moto: bool = False,
    ) -> Deployment:
        """Deploy a template of CloudFormation, SAM or the CDK, as CloudFormation does.

        Buses, rules with targets, policies, archives, connections, API destinations, endpoints and event integrations
        are made by the operations that a client calls, so AWS's own checks apply. All other resources have names, ARNs
        and attributes, so that targets have the ARNs that they have on AWS. A stack that exists is updated. If AWS
        would refuse a resource, what was done is undone.

        Args:
            template: The path of a template in YAML (extra ``eventmock[templates]``) or JSON; that of a SAM template
                (extra ``eventmock[sam]``); that of the folder ``cdk.out``, for all stacks of a CDK app; or a template
                as a mapping.
            stack: The name of the stack; by default after the file. For ``cdk.out``: the stack to deploy with those
                that it depends on; by default all.
            parameters: The values of the template's parameters, by name. Those of an earlier deployment of the stack
                count for what is left out.
            imports: The values of ``Fn::ImportValue``, by the export's name, where no deployed stack exports it. Also
                what nothing is known of: the attribute of a custom resource, ``"Lookup.BusArn"``, and the output of a
                nested stack whose template is not a local file, ``"Network.Outputs.BusArn"``.
            resolve: The values of dynamic references and of parameters from SSM, by the reference, such as
                ``"ssm:/shop/table"`` or ``"secretsmanager:shop:SecretString:password"``. A reference without a value
                gets a made-up one, which `Deployment.unresolved` names.
            region: The region; by default that of the CDK app's environment, else the default region.
            account: The account id; by default that of the CDK app's environment, else the default account.
            handlers: The handlers of Lambda functions, by logical ID or by the text of ``Handler``: a function of
                (event, context), or the path of one as text. True: each function in Python runs the code that
                ``Handler`` names in the local folder that ``CodeUri``, ``Code`` or the CDK's asset is; it is imported
                at the first invocation. The settings of the template apply; see `lambda_function`.
            in_moto: Whether queues, topics, roles, keys, functions and other resources are made in moto too, which must
                be active.

        Returns:
            The deployment, with the resources by logical ID.

        Raises:
            TemplateError: The template cannot be read or evaluated, or AWS would refuse a resource. The text has the
                file, the line and the logical ID.
            OptionError: An argument is not valid.
            MockStateError: The mock is not active any more.
        """
        __tracebackhide__ = True
        from eventmock.backend.deployment import deploy

        return deploy(
            self.state,
            template,
            stack=stack,
            parameters=parameters,
            imports=imports,
            resolve=resolve,
            region=region,
            account=account,
            handlers=handlers,
            in_moto=in_moto,
        )

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
        """Make a rule as an AWS service makes it: callers cannot change the rule, and can delete it only by ``Force``.

        Args:
            name: The rule's name, such as ``StepFunctionsGetEventsForStepFunctionsExecutionRule``.
            managed_by: The service's principal, such as ``states.amazonaws.com``.
            event_pattern: The pattern, as JSON text.
            schedule_expression: The schedule; a rule has a pattern, a schedule or both.
            targets: The targets, as PutTargets takes them; the ARN may also be a service's own, such as
                ``arn:aws:states:us-east-1:::``.
            bus: The event bus, by name or ARN; by default the default bus.
            region: The region of the bus; by default the default region.
            account: The account of the bus; by default the default account.

        Returns:
            The rule's ARN.

        Raises:
            NoSuchBus: There is no such bus.
            OptionError: The bus has a rule of that name.
            AwsRefusal: AWS would refuse the rule or a target.
        """
        __tracebackhide__ = True
        from eventmock.backend.managed_rule import add_managed_rule

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
        """Return whether each rule of a bus would match an event, and why. No event is put.

        On a custom event bus the verdicts are those of subscribers, with the scope of the first filter that does not
        match.

        Args:
            event_or_entry: An entry as PutEvents takes it (for a partner bus, PutPartnerEvents), or an event as rules
                match it (a dictionary or JSON text). For a custom event bus also an entry of PutRawEvents; an event as
                subscribers see it, with ``Data``, ``Metadata`` and ``SystemMetadata``; or data without an envelope.
            bus: The event bus, by name or ARN; by default the bus that the entry names, else the default bus. A custom
                event bus is meant by its ARN, or by its name if no other bus has it.
            region: The region of the bus; by default the default region.
            account: The account of the bus; by default the default account.

        Raises:
            InvalidEntry: PutEvents would refuse the entry, or the event is not a JSON object.
            NoSuchBus: There is no such bus.
        """
        __tracebackhide__ = True
        from eventmock.backend.explanation import explain

        with self.state.lock:
            return explain(self.state, event_or_entry, bus=bus, region=region, account=account)

    def migration(
        self,
        bus: str | None = None,
        *,
        role: str | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> Migration:
        """Return the subscribers of a custom event bus that would do what the rules of a Classic bus do.

        Args:
            bus: The Classic event bus, by name or ARN; by default the default bus.
            role: The ARN of a role. Subscribers have it whose targets have none on the Classic bus.
            region: The region of the bus; by default the default region.
            account: The account of the bus; by default the default account.

        Raises:
            NoSuchBus: There is no such bus.
            OptionError: The region or the account is not valid.
        """
        __tracebackhide__ = True
        from eventmock.backend.places import account_named, bus_named
        from eventmock.migration.plan import migration_of

        with self.state.lock:
            holder = account_named(self.state, "backend.migration()", region, account)
            return migration_of(self.state, bus_named(holder, "backend.migration()", bus), role)

    def report(self, view: View = "text", *, max_lines: int | None = None) -> str:
        """Return a report of what happened: each event, the verdict of each rule, each delivery. Secrets are masked.

        Args:
            view: ``text``, as in the output of a failing test; ``html``, a page in a single file; or ``mermaid``, a
                sequence diagram for a pull request.
            max_lines: The most lines of text; None for all. If there are more, the report has only the nearest of the
                rules that did not match, then only the last lines, and states that lines were left out.

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
        """Return what happened as data for JSON, which the HTML page and the diagram show. Secrets are masked."""
        return self.report_until_now().flow()

    def report_until_now(self) -> Report:
        """Return the report of what has happened so far. Later changes of the backend do not change it."""
        from eventmock.backend.custom_event_buses import buses_standing, outlook_of
        from eventmock.backend.report.elsewhere import Elsewhere
        from eventmock.backend.report.report import Report
        from eventmock.services.events.rule_notes import rule_notes
        from eventmock.services.scheduler.schedule_notes import schedule_notes

        state = self.state
        with state.lock:
            outlook = outlook_of(state)
            return Report(
                ledger=state.ledger.copied(),
                account=state.default_account,
                region=state.default_region,
                elsewhere=Elsewhere.of(state),
                idle_faults=[repr(fault) for fault in state.faults.idle],
                forks=state.lifetime.forks,
                notes=[*map(str, rule_notes(state)), *schedule_notes(state)],
                outlook=outlook,
                buses=buses_standing(state, outlook),
            )

    def unnoticed_mutants(self) -> list[UnnoticedMutant]:
        """Return the mistakes in patterns of rules and subscribers, and in times of schedules, that nothing has shown.

        A mistake is a single one that a person could make, such as a prefix for equality; the worst come first. An
        event shows it if the rule or the subscriber would take the event with the mistake and not without it, or the
        reverse. The clock shows a mistake in the time
        of a schedule of EventBridge Scheduler if the schedule would have fired at other moments with the mistake. A
        test in which nothing shows a mistake cannot notice it. Mistakes that are proven to change nothing are left out.
        """
        from eventmock.backend.mutants import unnoticed_mutants

        with self.state.lock:
            return unnoticed_mutants(self.state)

    def check(self, *, since: Snapshot | None = None) -> None:
        """Check that nothing happened for which a test must fail.

        Args:
            since: A snapshot. Events and deliveries before it are ignored; by default all are checked.

        Raises:
            AssertionError: An assertion in a function that is a target has failed.
            ContractFailure: An event violates its schema, and the test does not expect it; see `schemas`.
            EventmockError: A function that is a target has raised an error for the tester, such as a refused request.
            StrictFailure: The mock is strict about a part, and there is a problem: an entry was refused (``refused``);
                an event went nowhere, or a delivery did not succeed (``dropped``); an event matched no rule, or only
                rules without targets (``unmatched``); a delivery, a dead letter or what Lambda sent was only recorded
                (``nobody``).
        """
        __tracebackhide__ = True
        if since is not None:
            self._check_snapshot("check", since)
        check(self.state, since)
