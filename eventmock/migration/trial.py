"""A mock of its own in which events run through the rules of a bus, and through the subscribers that are proposed.

The Classic bus and the custom bus are in one mock, so they have one clock, and each event is the same on both: its id
and its time, too. No function of the test is a target there, and HTTP requests are not answered; what a target would
get is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from eventmock.event.bus_event import ENVELOPE
from eventmock.exceptions import AwsRefusal, OptionError
from eventmock.options import Options
from eventmock.services.events.event_bus import EventBus, buses_of
from eventmock.services.requests import Requests
from eventmock.services.table import services
from eventmock.state import State
from eventmock.values.arn import Arn
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventmock.event.event import Event
    from eventmock.history.delivery import Delivery
    from eventmock.history.subscriber_delivery import SubscriberDelivery
    from eventmock.migration.plan import Migration
    from eventmock.migration.proposal import Proposal
    from eventmock.services.service import Service

SERVICE: Final = "eventbridgev2"
_NAME: Final = "migrated"
_LONG: Final = timedelta(hours=25)
"""A time after which no delivery is tried any more."""


@dataclass(slots=True)
class Ran:
    """What became of one event on both buses.

    Attributes:
        classic: The deliveries of the rules, by rule and target.
        custom: The deliveries of the subscribers, by name.
    """

    classic: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    custom: dict[str, SubscriberDelivery] = field(default_factory=dict)


class Trial:
    """A mock with the rules of a migration on a Classic bus, and its subscribers on a custom bus.

    Args:
        migration: The migration.
        is_shaped: Whether subscribers have their transformers. Where all targets fail, they change nothing.

    Attributes:
        state: The state of the mock.
        refused: AWS's refusals of subscribers, by name.

    Raises:
        OptionError: The installed botocore has no Custom Event Bus.
    """

    def __init__(self, migration: Migration, *, is_shaped: bool = True) -> None:
        __tracebackhide__ = True
        start = migration.state.clock.now()
        self.state = State(
            Options(account=migration.account, region=migration.region, start_time=start), services()
        )
        self.state.lifetime.active_mocks += 1  # else the state would refuse requests, as one that has stopped
        self._account = self.state.accounts.get(migration.account, migration.region)
        self._service = custom_bus_service(self.state)
        self.refused: dict[str, str] = {}
        self._copy_destinations(migration)
        self._bus = self._classic_bus(migration)
        made = self._perform("CreateEventBus", {"Name": _NAME, "ClientToken": self.state.identifiers.uuid()})
        self._bus_arn: str = made["EventBusArn"]
        for request in migration.requests:
            if not is_shaped:
                request.pop("Transformer", None)
            try:
                token = self.state.identifiers.uuid()
                members = {**request, "EventBusArn": self._bus_arn, "ClientToken": token}
                self._perform("CreateSubscriber", members)
            except AwsError as refusal:
                hint = f" ({refusal.hint})" if refusal.hint else ""
                self.refused[request["Name"]] = f"{refusal.code}: {refusal.message}{hint}"

    def _perform(self, operation: str, members: Mapping[str, Any]) -> Any:
        return Requests(self.state).perform(self._account, self._service, operation, members)

    def _copy_destinations(self, migration: Migration) -> None:
        """Copy the API destinations and their connections of the test, without which Classic cannot call them."""
        from eventmock.services.events.api_destination import ApiDestination
        from eventmock.services.events.connection import Connection

        source = migration.state.accounts.get(migration.account, migration.region)
        for kind in (ApiDestination, Connection):
            records: dict[str, Any] = source.table(kind)
            own: dict[str, Any] = self._account.table(kind)
            own.update(records)

    def _classic_bus(self, migration: Migration) -> EventBus:
        """Return a bus with the rules that have a pattern; the buses that are targets are made, too."""
        for rule in migration.rules:
            for target in rule.targets.values():
                if target.kind is not None and target.kind.name == "event bus":
                    self._ensure(Arn.of(target.arn))
        bus = self._ensure(Arn.of(migration.bus_arn))
        for rule in migration.rules:
            if rule.event_pattern is not None:
                bus.put_rule(replace(rule, schedule_expression=None, timer=None))
        return bus

    def _ensure(self, arn: Arn) -> EventBus:
        account = self.state.accounts.get(arn.account, arn.region)
        name = arn.resource.partition("/")[2]
        buses = buses_of(account)
        if name not in buses:
            buses[name] = EventBus(name=name, arn=str(arn), account_id=arn.account, _state=self.state)
        return buses[name]

    def run(self, event: Event) -> Ran:
        """Put an event on both buses, and return what became of it."""
        from eventmock.services.custom_event_bus import publishing
        from eventmock.services.custom_event_bus.event_bus import bus_of_arn
        from eventmock.services.events import ingestion

        state, bus = self.state, self._bus
        ran = Ran()
        with state.lock:
            arrived = ingestion.arrive(
                state,
                detail_type=event.detail_type,
                source=event.source,
                bus=bus.name,
                account=self._account.id,
                region=self._account.region,
                origin="PutEvents",
            )
            ingestion.ingest(state, arrived, event, bus)
        state.outbox.empty()
        for delivery in arrived.deliveries:
            if delivery.rule_name is not None:
                ran.classic[delivery.rule_name, delivery.target.id] = delivery
        with state.lock:
            custom = bus_of_arn(state, self._bus_arn)
            assert custom is not None
            published = publishing.arrive(
                state,
                custom,
                publisher=self._account.id,
                source=event.source,
                detail_type=event.detail_type,
            )
            publishing.publish(
                state, published, data=event.text.encode(errors="replace"), content_type=ENVELOPE
            )
        state.outbox.empty()
        for one in published.deliveries:
            ran.custom[one.sender_name] = one  # type: ignore[assignment]  # a published event has deliveries of subscribers
        return ran

    def let_fail(self, code: str, proposals: Iterable[Proposal]) -> None:
        """Let the targets of proposals fail, on both buses."""
        arns: dict[str, None] = {}
        for proposal in proposals:
            assert proposal.target_arn is not None
            assert proposal.request is not None
            arns |= dict.fromkeys((proposal.target_arn, proposal.request["InvokeConfiguration"]["TargetArn"]))
        for arn in arns:
            self.state.faults.inject(code, target=arn)

    def wait(self) -> None:
        """Let the time pass for which a target may be tried."""
        self.state.clock.advance(hours=_LONG.total_seconds() / 3600)


def custom_bus_service(state: State) -> Service:
    """Return the service of custom event buses.

    Raises:
        OptionError: The installed botocore has no such service.
    """
    __tracebackhide__ = True
    found = next((one for one in state.services if one.name == SERVICE), None)
    if found is None:
        raise OptionError(
            f"the installed botocore has no {SERVICE}, the Custom Event Bus: pip install 'botocore>=1.43.102'"
        )
    return found


def create(migration: Migration, bus_arn: str) -> list[str]:
    """Make event sources and subscribers in the mock of the test; see `Migration.create`."""
    __tracebackhide__ = True
    state = migration.state
    service = custom_bus_service(state)
    account = state.accounts.get(migration.account, migration.region)
    requests = Requests(state)
    arns: list[str] = []
    wanted = [("CreateEventSource", one) for one in migration.event_sources]
    wanted += [
        ("CreateSubscriber", one)
        for one in migration.requests
        if one["InvokeConfiguration"]["TargetArn"] != bus_arn
    ]
    for operation, request in wanted:
        members = {**request, "EventBusArn": bus_arn, "ClientToken": state.identifiers.uuid()}
        try:
            made = requests.perform(account, service, operation, members)
        except AwsError as refusal:
            what = f"migration.create(): {operation} of {request['Name']}"
            raise AwsRefusal(what, refusal.code, refusal.message, refusal.hint or "") from None
        arns += [made["SubscriberArn"]] if "SubscriberArn" in made else []
    return arns
