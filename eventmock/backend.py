"""`EventsBackend`: what the tester holds."""

from __future__ import annotations

import os
import threading
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventmock.clock import Clock
from eventmock.delivery.courier import Courier
from eventmock.events import Accounts
from eventmock.events.put_events import ENTRY_MEMBERS, EntryRefused, event_of, forward
from eventmock.events.rules import find_rule
from eventmock.events.targets import put_targets
from eventmock.exceptions import InvalidEntry, MockStateError, NoSuchBus, NoSuchRule, StrictFailure
from eventmock.identifiers import Identifiers
from eventmock.options import DEFAULT_ACCOUNT, DEFAULT_REGION, Options
from eventmock.pattern import InvalidEvent, read_event
from eventmock.report.text import render
from eventmock.trace import Deliveries, ReceivedEvent, Records, Trace, Verdicts
from eventmock.wire import AwsError, Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventmock.events import Account
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

    accounts: Accounts
    trace: Trace
    functions: dict[str, Callable[[Any], object]]


class EventsBackend:
    """The mocked service of all accounts and regions, and the record of what happened in it.

    Args:
        options: As given to the mock.

    Attributes:
        options: As given to the mock.
        clock: Tells the time the service believes in.
        default_account: The account of callers whose credentials name none.
        active_mocks: How many mocks answer from this backend at the moment.
        account_for_key: Access key ids to account ids; add to it to let a key stand for an account.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.default_account = options.account or DEFAULT_ACCOUNT
        self.clock = Clock(options.start_time)
        self.identifiers = Identifiers(options.seed or 0)
        self.active_mocks = 0
        self.account_for_key: dict[str, str] = {}
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget everything: what was made, what was put, what was delivered and the functions that are targets."""
        with self.lock:
            self.courier = Courier(self.clock, self._forward)
            self.trace = Trace()
            self.accounts = Accounts(
                clock=self.clock, identifiers=self.identifiers, trace=self.trace, courier=self.courier
            )

    def snapshot(self) -> Snapshot:
        """The state as it is, to come back to."""
        with self.lock:
            return Snapshot(self.accounts.copied(), self.trace.copied(), dict(self.courier.functions))

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a state.

        Args:
            snapshot: Of this backend; may be used again.
        """
        with self.lock:
            self.courier.functions = dict(snapshot.functions)
            self.trace = snapshot.trace.copied()
            self.accounts = snapshot.accounts.copied()
            self.accounts.trace = self.trace

    @property
    def default_region(self) -> str:
        """The region of clients for which nothing says one: the option, else ``AWS_DEFAULT_REGION``, else us-east-1."""
        return self.options.region or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION

    @property
    def deliveries(self) -> Deliveries:
        """What went out to targets, in the order in which rules matched."""
        return Deliveries(self.trace.deliveries)

    @property
    def events(self) -> Records[ReceivedEvent]:
        """What was put, in order, and what became of it."""
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
            service,  # type: ignore[call-overload]
            region_name=region or self.default_region,
            aws_access_key_id=account or self.default_account,
            aws_secret_access_key="eventmock",  # noqa: S106 - no secret
        )

    def access_key_for(self, account: str) -> str:
        """An access key id that stands for an account, formed as AWS forms them.

        Args:
            account: A 12-digit account id.
        """
        random = self.identifiers.random_bytes(6)
        number = (int(account) << 7).to_bytes(6) + random[:4]
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
            rule_or_arn: A rule's name: the rule gets a target with an ARN made up for it. Or an ARN: what is
                delivered to it, by whichever rule, goes to the function.
            function: Takes what the target receives: the JSON value, or the text where it is no JSON. Its
                exception is a failed attempt. None only records.
            bus: The rule's event bus, by name or ARN; the default bus unless said.
            region: The rule's region.
            account: The rule's account.

        Raises:
            NoSuchBus: There is no such bus.
            NoSuchRule: There is no such rule on it.
            AwsError: AWS would not let the rule have one more target.
        """
        with self.lock:
            arn = rule_or_arn
            if not rule_or_arn.startswith("arn:"):
                arn = self._put_target(rule_or_arn, bus, region, account)
            if function is not None:
                self.courier.functions[arn] = function
            return FunctionTarget(arn, self)

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
        account, bus = self._bus(bus_name, region, account_id)
        try:
            rule = find_rule(bus, rule_name)
        except AwsError:
            names = ", ".join(sorted(bus.rules)) or "none"
            raise NoSuchRule(
                f"there is no rule {rule_name!r} on event bus {bus.name!r} in {account.id}, {account.region}; "
                f"rules there: {names}. Put the rule first"
            ) from None
        target_id = f"function-{len(rule.targets) + 1}"
        arn = account.arn("").replace(":events:", ":lambda:") + f"function:{rule_name}-{target_id}"
        put_targets(
            Call(account, {}),
            {"Rule": rule_name, "EventBusName": bus.name, "Targets": [{"Id": target_id, "Arn": arn}]},
        )
        return arn

    def report(self, *, max_lines: int | None = None) -> str:
        """What happened, as text: each event that was put, each rule's verdict and why, each delivery.

        Args:
            max_lines: Leave out what is beyond so many lines, and say so; None for all.
        """
        return render(self.trace, self.default_account, self.default_region, max_lines)

    def check(self) -> None:
        """See that nothing happened that a test must not pass with.

        Raises:
            AssertionError: An assertion inside a function that is a target has failed.
            StrictFailure: With ``strict=True``: an event matched no rule, went nowhere or was refused, or a
                delivery failed.
        """
        if self.courier.failed_assertions:
            raise self.courier.failed_assertions[0]
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

    def _forward(self, delivery: Delivery, event: Any) -> None:
        with self.lock:
            forward(self.accounts, delivery, event)
