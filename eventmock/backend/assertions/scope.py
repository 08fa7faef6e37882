"""The scope of an assertion: the records and rules of a backend, or of a single target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from eventmock.backend.selectors import ALL_TARGETS, check_is_there
from eventmock.exceptions import OptionError
from eventmock.history.event_delivery import EventDelivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.options import check_known
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.former import Former
from eventmock.values.arn import arn_resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.backend.assertions.filters import Record, Wanted
    from eventmock.backend.selectors import Selector
    from eventmock.clock import Clock
    from eventmock.history.delivery import Delivery
    from eventmock.history.ledger import Ledger
    from eventmock.history.progress import Status
    from eventmock.history.traced_target import TracedTarget
    from eventmock.parts.accounts import Accounts
    from eventmock.services.events.rule import Rule
    from eventmock.state import State


class Place(NamedTuple):
    """An event bus."""

    account: str
    region: str
    bus: str


class Standing(NamedTuple):
    """A rule, and the bus that it is on."""

    place: Place
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The scope of an assertion.

    Attributes:
        clock: The clock. Work that is due on it is done before records are read.
        accounts: The accounts, which have the rules.
        ledger: The records.
        mentioned: The records that assertions have found.
        former: The rules that were deleted or have lost a target, and the names of deleted buses.
        default_region: The region of callers that name none.
        default_account: The account of callers whose credentials name none.
        selector: The targets whose deliveries are in the scope.
    """

    clock: Clock
    accounts: Accounts
    ledger: Ledger
    mentioned: set[Delivery | ReceivedEvent]
    former: Former
    default_region: str
    default_account: str
    selector: Selector = ALL_TARGETS

    @classmethod
    def whole(cls, state: State) -> Self:
        """Return the scope of all that happened in a mock."""
        return cls(
            clock=state.clock,
            accounts=state.accounts,
            ledger=state.ledger,
            mentioned=state.mentioned,
            former=state.part(Former),
            default_region=state.default_region,
            default_account=state.default_account,
        )

    @property
    def events(self) -> list[ReceivedEvent]:
        """All events that came to a bus or were refused, in order, also those without a delivery in the scope."""
        self.clock.run_due()
        return list(self.ledger.received)

    def records(self, status: Status) -> list[Record]:
        """Return the records with a status, in the order in which rules matched; lost events are ``dropped``."""
        return [record for event in self.events for record in self.of(event) if status_of(record) == status]

    def ended(self, status: Status) -> list[EventDelivery]:
        """Return the deliveries that ended with a status, in the order in which they ended."""
        self.clock.run_due()
        ended = [
            subject
            for subject, progress in list(self.ledger.journal)
            if isinstance(subject, EventDelivery) and progress is not None and progress.ended is not None
        ]
        return [delivery for delivery in ended if delivery.status == status and self.selector.holds(delivery)]

    @property
    def unmentioned(self) -> list[Record]:
        """The deliveries, and the events that went nowhere, that no assertion has found."""
        return [record for event in self.events for record in self.of(event) if record not in self.mentioned]

    def rules(self, wanted: Wanted) -> list[Standing]:
        """Return the rules of an assertion: those that exist, else those that existed when events arrived."""
        for known in (self.standing, self._met()):
            found = [one for one in known if self._is_about(wanted, one)]
            if found:
                return found
        return []

    @property
    def standing(self) -> list[Standing]:
        """All rules that exist, without those of archives, in order of their names for each bus."""
        return [
            Standing(Place(account.id, account.region, bus.name), rule)
            for account in self.accounts.all
            for bus in list(buses_of(account).values())
            for rule in bus.rules_now
            if rule.archive_name is None
        ]

    @property
    def buses(self) -> set[str]:
        """The names of all event buses that exist, or have existed."""
        return {name for account in self.accounts.all for name in buses_of(account)} | self.former.buses

    @property
    def ever(self) -> list[Standing]:
        """All rules that exist, and those that have existed; without those of archives."""
        return [*self.standing, *self._met()]

    def check_names(self, call: str, wanted: Wanted, status: Status) -> None:
        """Check that the bus, the rule, the target and the queue that an assertion names exist, or have existed.

        Args:
            call: The name of the assertion, for the error's text.
            wanted: The filters of the assertion.
            status: The status of the records that the assertion wants. A ``dropped`` event may name a bus that has
                never existed.

        Raises:
            OptionError: A name has never existed; the error's text has the most similar name. Or the assertion is a
                method of a target, and names a bus, rule or target that does not belong to that target.
        """
        __tracebackhide__ = True
        words = wanted.words
        if "queue" in words:
            what = f"{call}(queue={words['queue']!r})"
            queues = [*self.dead_letter_queues()]
            if not queues:
                raise OptionError(
                    f"{what}: there is no dead-letter queue at all: no target has a DeadLetterConfig"
                )
            _check_named(what, "dead-letter queue", words["queue"], queues)
        if {"bus", "rule", "target"}.isdisjoint(words) or self.rules(wanted):
            return
        known, place = self.ever, ""
        if "bus" in words:
            buses = self.buses
            place = f" on {words['bus']}"
            names = buses | {one.place.bus for one in known}
            names |= {event.bus for event in self.events if status == "dropped"}
            check_known(f"{call}(bus={words['bus']!r}): there is no such event bus", words["bus"], names)
            known = [one for one in known if one.place.bus == words["bus"]]
        if "rule" in words:
            rules = [(one.rule.name, one.rule.arn) for one in known]
            self._check_no_logical_id(f"{call}(rule={words['rule']!r})", words["rule"])
            _check_named(f"{call}(rule={words['rule']!r})", f"rule{place}", words["rule"], rules)
            known = [one for one in known if wanted.asks_for(one.place.bus, one.rule)]
            place = f" of rule {words['rule']}{place}"
        if "target" in words:
            what = f"{call}(target={words['target']!r})"
            _check_named(what, f"target{place}", words["target"], _names_of_targets(known))
        if not self.selector.is_whole:
            named = ", ".join(f"{name}={value!r}" for name, value in words.items())
            raise OptionError(
                f"{call}({named}): that does not go together with the target whose method it is"
            )

    def _check_no_logical_id(self, call: str, name: str) -> None:
        """Refuse the logical ID of a rule in place of its name.

        Raises:
            OptionError: A deployed stack has a rule of the logical ID, and another name.
        """
        __tracebackhide__ = True
        from eventmock.deployment.stack import Stacks

        states = {account.state for account in self.accounts.all}
        for deployed in [one for state in states for one in state.settings(Stacks).values()]:
            resource = deployed.resources.get(name)
            if resource is not None and resource.type == "AWS::Events::Rule" and resource.name != name:
                told = f"{call}: that is the logical ID of rule {resource.name!r}"
                raise OptionError(f"{told}: say deployment.rule({name!r}).{call.partition('(')[0]}(...)")

    def check_target(self, call: str, status: Status | None = None) -> None:
        """Check that the target of the scope exists, or has existed.

        Args:
            call: The name of the assertion, for the error's text.
            status: The status of the deliveries that the assertion wants; None for any status.

        Raises:
            OptionError: No rule has or had such a target; or the ARN is that of a dead-letter queue only, and the
                assertion is about delivered events.
        """
        __tracebackhide__ = True
        self.selector.check(call, self._targets(), status)

    def of(self, event: ReceivedEvent) -> Iterator[Record]:
        """Yield the deliveries of an event in the scope; if that has all targets, also an event that went nowhere."""
        if self.selector.is_whole and not (event.refused is None and event.dropped is None):
            yield event
        yield from filter(self.selector.holds, event.deliveries)

    def _targets(self) -> Iterator[TracedTarget]:
        """Yield the targets of the rules that exist, and of rules that have existed."""
        for one in self.ever:
            yield from one.rule.targets.values()

    def dead_letter_queues(self) -> Iterator[tuple[str, str]]:
        """Yield the names and ARNs of the dead-letter queues that targets have or had."""
        queues = (target.dead_letter_queue for target in self._targets())
        yield from ((arn_resource(queue), queue) for queue in queues if queue is not None)

    def _is_about(self, wanted: Wanted, one: Standing) -> bool:
        """Return whether an assertion may be about deliveries by a rule to the targets of the scope."""
        if not wanted.asks_for(one.place.bus, one.rule):
            return False
        if "target" not in wanted.words and self.selector.may_mean_rule(one.rule.arn):
            return True
        return any(
            wanted.asks_for_target(target) and self.selector.may_mean(target)
            for target in one.rule.targets.values()
        )

    def _met(self) -> list[Standing]:
        """Return the rules that existed when events arrived, as they were then, and deleted rules; none of archives."""
        met: dict[Rule, Standing] = {}
        seen: set[int] = set()
        for event in self.ledger.received[:]:
            if id(event.rules) not in seen:
                seen.add(id(event.rules))
                place, rules = place_of(event), cast("Sequence[Rule]", event.rules)
                met.update((rule, Standing(place, rule)) for rule in rules if rule.archive_name is None)
        for account, region, bus, rule in self.former.rules:
            if rule.archive_name is None:
                met[rule] = Standing(Place(account, region, bus), rule)
        return list(met.values())


def place_of(event: ReceivedEvent) -> Place:
    """Return the bus to which an event came."""
    return Place(event.account, event.region, event.bus)


def status_of(record: Record) -> Status:
    """Return the status of a record. An event is a record only if it went nowhere, so its status is ``dropped``."""
    return "dropped" if isinstance(record, ReceivedEvent) else record.status


def _names_of_targets(known: Iterable[Standing]) -> list[tuple[str, str]]:
    return [(target.id, target.arn) for one in known for target in one.rule.targets.values()]


def _check_named(call: str, what: str, name: str, known: Iterable[tuple[str, str]]) -> None:
    """Check that a name or an ARN is among the known pairs of names and ARNs.

    Raises:
        OptionError: The name or the ARN is not among them.
    """
    __tracebackhide__ = True
    check_is_there(call, what, name, {pair[name.startswith("arn:")] for pair in known})
