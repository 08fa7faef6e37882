"""`EventsBackend`: what the tester holds."""

from __future__ import annotations

import inspect
import os
import threading
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventmock.arn import Arn, is_account_id, partition_of, resource_name
from eventmock.clock import Clock
from eventmock.delivery.courier import Courier
from eventmock.events import CORRECTIONS, Accounts
from eventmock.events.put_events import ENTRY_MEMBERS, EntryRefused, event_of, forward
from eventmock.events.rules import find_rule, put_rule
from eventmock.events.targets import put_targets
from eventmock.exceptions import (
    InvalidEntry,
    MockStateError,
    NoSuchBus,
    NoSuchRule,
    OptionError,
    StrictFailure,
)
from eventmock.identifiers import Identifiers
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION, Options
from eventmock.pattern import InvalidEvent, read_event
from eventmock.report.text import render
from eventmock.trace import Deliveries, ReceivedEvent, Records, Trace, Verdicts
from eventmock.wire import AwsError, Call, checked, load_service

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.events import Account, Delays, Quotas
    from eventmock.events.event_buses import EventBus
    from eventmock.trace import Delivery


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    """A function of the test that is the target of a rule.

    Attributes:
        arn: The target's ARN.
    """

    arn: str
    _backend: EventsBackend

    @property
    def deliveries(self) -> Deliveries:
        """What was delivered to it, in order."""
        return self._backend.deliveries.where(target=self.arn)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A backend's state at some moment, for `EventsBackend.restore`."""

    accounts: Any
    trace: Any
    functions: dict[str, Callable[[Any], object]]
    time: Any
    account_for_key: dict[str, str]
    counters: Any


class EventsBackend:
    """The mocked service of all accounts and regions, and the record of what happened in it.

    Args:
        options: As given to the mock.

    Attributes:
        options: As given to the mock.
        clock: Tells the time the service believes in.
        active_mocks: How many mocks answer from this backend at the moment.
        account_for_key: Access key ids to account ids; add to it to let a key stand for an account.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock(
            options.start_time,
            self._perform,
            lambda: self.active_mocks > 0,
            lambda: self.courier.is_delivering,
        )
        self.identifiers = Identifiers(options.seed or 0)
        self.trace = Trace()
        self.courier = Courier(self.clock, self._forward)
        self.accounts = Accounts(
            clock=self.clock, identifiers=self.identifiers, trace=self.trace, courier=self.courier
        )
        self.account_for_key: dict[str, str] = {}
        self.active_mocks = 0
        self.lock = threading.RLock()
        self._targets_made = 0

    def reset(self) -> None:
        """Forget everything: what was made, put and delivered, keys of accounts, and the functions that are targets.

        Identifiers begin again.
        """
        with self.lock:
            self.accounts.clear()
            self.clock.reset()
            self.trace.clear()
            self.courier.functions.clear()
            self.courier.for_the_tester.clear()
            self.account_for_key.clear()
            self.identifiers.restart()
            self._targets_made = 0

    def snapshot(self) -> Snapshot:
        """The state as it is, to come back to."""
        with self.lock:
            return Snapshot(
                self.accounts.snapshot(),
                self.trace.snapshot(),
                dict(self.courier.functions),
                self.clock.snapshot(),
                dict(self.account_for_key),
                (self.identifiers.snapshot(), self._targets_made),
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a state.

        Args:
            snapshot: Of this backend; may be used again.
        """
        with self.lock:
            self.accounts.restore(snapshot.accounts)
            self.clock.restore(snapshot.time)
            self.account_for_key = dict(snapshot.account_for_key)
            identifiers, self._targets_made = snapshot.counters
            self.identifiers.restore(identifiers)
            self.trace.restore(snapshot.trace)
            self.courier.functions = dict(snapshot.functions)
            self.courier.for_the_tester.clear()

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
    def deliveries(self) -> Deliveries:
        """What went out to targets, in the order in which rules matched."""
        self.clock.run_due()
        return Deliveries(self.trace.deliveries)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """What was put, in order, and what became of it."""
        self.clock.run_due()
        return Records(self.trace.received)

    def client(
        self, service: str = "events", *, region: str | None = None, account: str | None = None
    ) -> Any:
        """A boto3 client.

        Args:
            service: boto3's name of the service; ``events`` unless said.
            region: Such as ``us-east-1``; the backend's default region unless said.
            account: A 12-digit account id; the backend's default account unless said.

        Raises:
            MockStateError: The mock is not active any more, so the client would call AWS.
        """
        import boto3

        if not self.active_mocks:
            raise MockStateError("this backend's mock has stopped: a client made now would call AWS")
        return boto3.client(
            service,  # type: ignore[call-overload]  # the stubs know each service by name
            region_name=region or self.default_region,
            aws_access_key_id=_checked_account(account or self.default_account),
            aws_secret_access_key="eventmock",  # noqa: S106 - no secret
        )

    def access_key_for(self, account: str) -> str:
        """An access key id that stands for an account, formed as AWS forms them.

        Args:
            account: A 12-digit account id.
        """
        number = (int(_checked_account(account)) << 7).to_bytes(6) + self.identifiers.random_bytes(4)
        key_id = f"AKIA{b32encode(number).decode()}"
        self.account_for_key[key_id] = account
        return key_id

    def target(
        self,
        rule_or_arn: str,
        function: Callable[[Any], object] | None = None,
        *,
        bus: str | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> FunctionTarget:
        """Make a function the target of a rule, or the other end of a target that has an ARN already.

        Args:
            rule_or_arn: A rule's name or ARN: the rule gets a target with an ARN made up for it. Or any other
                ARN: what is delivered to it, by whichever rule, goes to the function and nowhere else.
            function: Takes what the target receives: the JSON value, or the text where it is no JSON. Its
                exception is a failed attempt. None only records.
            bus: The rule's event bus, by name or ARN; the default bus unless said.
            region: The rule's region.
            account: The rule's account.

        Raises:
            OptionError: The function is a coroutine function, or the ARN is none.
            NoSuchBus: There is no such bus.
            NoSuchRule: There is no such rule on it.
            AwsError: AWS would not let the rule have one more target.
        """
        __tracebackhide__ = True
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise OptionError(f"backend.target(): nobody would await or iterate what {function!r} returns")
        with self.lock:
            arn = rule_or_arn
            parsed = Arn.parse(rule_or_arn)
            if parsed is not None and parsed.service == "events" and parsed.resource.startswith("rule/"):
                bus_name, _, rule_name = resource_name(rule_or_arn).rpartition("/")
                arn = self._put_target(rule_name, bus_name or bus, parsed.region, parsed.account)
            elif parsed is None and rule_or_arn.startswith("arn:"):
                raise OptionError(f"backend.target(): {rule_or_arn!r} is no ARN")
            elif parsed is None:
                arn = self._put_target(rule_or_arn, bus, region, account)
            if function is None:
                self.courier.functions.pop(arn, None)
            else:
                self.courier.functions[arn] = function
            return FunctionTarget(arn, self)

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
            targets: As PutTargets takes them.
            bus: The event bus, by name or ARN; the default bus unless said.
            region: The region of the bus.
            account: The account of the bus.

        Returns:
            The rule's ARN.

        Raises:
            NoSuchBus: There is no such bus.
            OptionError: The bus has a rule of that name.
            AwsError: AWS would not take such a rule or target.
        """
        __tracebackhide__ = True
        with self.lock:
            holder, found = self._bus(bus, region, account)
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
            put_rule(call, checked(service, "PutRule", wanted))
            if targets:
                asked: Any = {"Rule": name, "EventBusName": found.arn, "Targets": list(targets)}
                try:
                    put_targets(call, checked(service, "PutTargets", asked))
                except BaseException:
                    found.remove_rule(name)
                    raise
            rule = replace(found.rules[name], managed_by=managed_by)
            found.put_rule(rule)
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
            event_or_entry: An entry as PutEvents takes it, or an event as rules see it (a dictionary or JSON text).
            bus: The event bus, by name or ARN; the default bus unless said.
            region: The region of the bus.
            account: The account of the bus.

        Raises:
            InvalidEntry: PutEvents would refuse the entry, or the event is no JSON object.
            NoSuchBus: There is no such bus.
        """
        with self.lock:
            holder, found = self._bus(bus, region, account)
            try:
                if isinstance(event_or_entry, Mapping) and not ENTRY_MEMBERS.isdisjoint(event_or_entry):
                    put = event_of(
                        holder, event_or_entry, "00000000-0000-4000-8000-000000000000", self.clock.now()
                    )
                    event = put.for_patterns
                else:
                    event = read_event(event_or_entry)
            except EntryRefused as refusal:
                raise InvalidEntry(f"PutEvents would refuse this entry: {refusal}") from None
            except InvalidEvent as error:
                raise InvalidEntry(str(error)) from None
            return Verdicts(rule.verdict(event) for rule in found.rules_now)

    def _bus(self, name: str | None, region: str | None, account_id: str | None) -> tuple[Account, EventBus]:
        __tracebackhide__ = True
        account = self.accounts.get(account_id or self.default_account, region or self.default_region)
        try:
            return account, account.event_bus(name)
        except AwsError:
            names = ", ".join(sorted(account.event_buses))
            raise NoSuchBus(
                f"there is no event bus {name!r} in {account.id}, {account.region}; there are {names}"
            ) from None

    def _put_target(
        self, rule_name: str, bus_name: str | None, region: str | None, account_id: str | None
    ) -> str:
        __tracebackhide__ = True
        account, bus = self._bus(bus_name, region, account_id)
        try:
            find_rule(bus, rule_name)
        except AwsError:
            names = ", ".join(sorted(bus.rules)) or "none"
            raise NoSuchRule(
                f"there is no rule {rule_name!r} on event bus {bus.name!r} in {account.id}, {account.region}; "
                f"rules there: {names}. Put the rule first"
            ) from None
        self._targets_made += 1
        target_id = f"function-{self._targets_made}"
        function = f"function:{rule_name}-{target_id}"
        arn = str(Arn(partition_of(account.region), "lambda", account.region, account.id, function))
        put_targets(
            Call(account, {}),
            {"Rule": rule_name, "EventBusName": bus.arn, "Targets": [{"Id": target_id, "Arn": arn}]},
        )
        return arn

    def report(self, *, max_lines: int | None = None) -> str:
        """What happened, as text: each event that was put, each rule's verdict and why, each delivery.

        Args:
            max_lines: Keep the last so many lines, and say that there are more; None for all.
        """
        return render(self.trace, self.default_account, self.default_region, max_lines)

    def check(self) -> None:
        """See that nothing happened that a test must not pass with.

        Raises:
            AssertionError: An assertion inside a function that is a target has failed.
            EventmockError: So has something that addresses the tester, such as a refused request.
            StrictFailure: With ``strict=True``: an event matched no rule, had no target, went nowhere or was
                refused, or a delivery failed.
        """
        __tracebackhide__ = True
        if self.courier.for_the_tester:
            raise self.courier.for_the_tester.pop(0)
        if not self.options.strict:
            return
        problems = [repr(event) for event in self.trace.received if event.problem is not None]
        problems += [
            repr(delivery)
            for event in self.trace.received
            for delivery in event.deliveries
            if delivery.status in ("failed", "dropped")
        ]
        if problems:
            raise StrictFailure("strict=True, and\n  " + "\n  ".join(problems))

    def _perform(self, work: Callable[[], None]) -> None:
        with self.lock:
            work()
        self.courier.deliver()

    def _forward(self, delivery: Delivery, event: Any) -> None:
        with self.lock:
            forward(self.accounts, delivery, event)


def _checked_account(account: str) -> str:
    __tracebackhide__ = True
    if not is_account_id(account):
        raise OptionError(f"account={account!r}: wanted an account id, text of 12 digits")
    return account
