"""What an assertion looks at: the records of a backend, or of one target of it, and the rules there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from eventmock.backend.selectors import ALL_TARGETS, check_is_there
from eventmock.exceptions import OptionError
from eventmock.history.delivery import Delivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.options import check_known
from eventmock.services.events.event_bus import event_buses
from eventmock.values.arn import arn_resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.backend.assertions.filters import Record, Wanted
    from eventmock.backend.selectors import Selector
    from eventmock.clock import Clock
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
    """A rule, and where it is."""

    place: Place
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an assertion looks at.

    Attributes:
        clock: What is due on it is done before anything is looked at.
        accounts: Whose rules there are.
        ledger: What happened.
        mentioned: The records that assertions have found.
        selector: The targets whose deliveries are looked at.
    """

    clock: Clock
    accounts: Accounts
    ledger: Ledger
    mentioned: set[Record]
    selector: Selector = ALL_TARGETS

    @classmethod
    def whole(cls, state: State) -> Self:
        """All that happened in a mock."""
        return cls(clock=state.clock, accounts=state.accounts, ledger=state.ledger, mentioned=state.mentioned)

    @property
    def events(self) -> list[ReceivedEvent]:
        """All events that came to a bus or were refused, in order, whatever targets they went to."""
        self.clock.run_due()
        return list(self.ledger.received)

    def records(self, status: Status) -> list[Record]:
        """The records with a status, in the order in which rules matched; events that went nowhere are ``dropped``."""
        return [one for event in self.events for one in self.of(event) if status_of(one) == status]

    def ended(self, status: Status) -> list[Delivery]:
        """The deliveries that ended with a status, in the order in which they ended."""
        self.clock.run_due()
        ended = [
            one
            for one, progress in list(self.ledger.journal)
            if isinstance(one, Delivery) and progress is not None and progress.ended is not None
        ]
        return [one for one in ended if one.status == status and self.selector.holds(one)]

    @property
    def unmentioned(self) -> list[Record]:
        """The deliveries, and the events that went nowhere, that no assertion has found."""
        return [one for event in self.events for one in self.of(event) if one not in self.mentioned]

    def rules(self, wanted: Wanted) -> list[Standing]:
        """The rules that an assertion is about: those there are, else those that events have met."""
        for known in (self.standing, self._met()):
            found = [one for one in known if self._is_about(wanted, one)]
            if found:
                return found
        return []

    @property
    def standing(self) -> list[Standing]:
        """All rules there are but those that feed archives, in name order of each bus."""
        return [
            Standing(Place(account.id, account.region, bus.name), rule)
            for account in self.accounts.all
            for bus in list(event_buses(account).values())
            for rule in bus.rules_now
            if rule.archive_name is None
        ]

    def check_names(self, call: str, wanted: Wanted, status: Status) -> None:
        """See that the bus, the rule, the target and the queue that an assertion names are or were there.

        Args:
            call: The name of the assertion, for the message.
            wanted: What it asks for.
            status: What was to become of it; a bus that is not there drops events.

        Raises:
            OptionError: One was never there; the message has the most similar name. Or an assertion of a target's own
                method names what that target has nothing to do with.
        """
        __tracebackhide__ = True
        words = wanted.words
        if "queue" in words:
            what = f"{call}(queue={words['queue']!r})"
            _check_named(what, "dead-letter queue", words["queue"], self._dead_letter_queues())
        if {"bus", "rule", "target"}.isdisjoint(words) or self.rules(wanted):
            return
        known, place = [*self.standing, *self._met()], ""
        if "bus" in words:
            buses = {name for account in self.accounts.all for name in event_buses(account)}
            place = f" on {words['bus']}"
            names = buses | {one.place.bus for one in known}
            names |= {event.bus for event in self.events if status == "dropped"}
            check_known(f"{call}(bus={words['bus']!r}): there is no such event bus", words["bus"], names)
            known = [one for one in known if one.place.bus == words["bus"]]
        if "rule" in words:
            rules = [(one.rule.name, one.rule.arn) for one in known]
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

    def check_target(self, call: str, status: Status | None = None) -> None:
        """See that a target that is looked at is there, or was.

        Args:
            call: The name of the assertion, for the message.
            status: The status of the deliveries that the assertion asks for; None if it asks for any.

        Raises:
            OptionError: No rule has or had such a target; or it is a dead-letter queue, and the assertion asks for
                what was delivered.
        """
        __tracebackhide__ = True
        self.selector.check(call, self._targets(), status)

    def of(self, event: ReceivedEvent) -> Iterator[Record]:
        """The deliveries of an event that are looked at; where all targets are, also the event if it went nowhere."""
        if self.selector.is_whole and not (event.refused is None and event.dropped is None):
            yield event
        yield from filter(self.selector.holds, event.deliveries)

    def _targets(self) -> Iterator[TracedTarget]:
        """The targets that rules have, and those that rules had when events met them."""
        for one in (*self.standing, *self._met()):
            yield from one.rule.targets.values()

    def _dead_letter_queues(self) -> Iterator[tuple[str, str]]:
        """The names and ARNs of the dead-letter queues that targets have or had."""
        queues = (target.dead_letter_queue for target in self._targets())
        yield from ((arn_resource(queue), queue) for queue in queues if queue is not None)

    def _is_about(self, wanted: Wanted, one: Standing) -> bool:
        """Whether an assertion asks for what a rule may deliver to the targets that are looked at."""
        if not wanted.asks_for(one.place.bus, one.rule):
            return False
        if "target" not in wanted.words and self.selector.may_mean_rule(one.rule.arn):
            return True
        return any(
            wanted.asks_for_target(target) and self.selector.may_mean(target)
            for target in one.rule.targets.values()
        )

    def _met(self) -> list[Standing]:
        """The rules that events have met, as they stood, but those that feed archives."""
        met: dict[Rule, Standing] = {}
        seen: set[int] = set()
        for event in self.ledger.received[:]:
            if id(event.rules) not in seen:
                seen.add(id(event.rules))
                place, rules = place_of(event), cast("Sequence[Rule]", event.rules)
                met.update((rule, Standing(place, rule)) for rule in rules if rule.archive_name is None)
        return list(met.values())


def place_of(event: ReceivedEvent) -> Place:
    """Where an event came."""
    return Place(event.account, event.region, event.bus)


def status_of(record: Record) -> Status:
    """The status of a record; an event is one only if it went nowhere, so it is ``dropped``."""
    return "dropped" if isinstance(record, ReceivedEvent) else record.status


def _names_of_targets(known: Iterable[Standing]) -> list[tuple[str, str]]:
    return [(target.id, target.arn) for one in known for target in one.rule.targets.values()]


def _check_named(call: str, what: str, name: str, known: Iterable[tuple[str, str]]) -> None:
    """See that a name, or an ARN, is that of one of the pairs of name and ARN that are known."""
    __tracebackhide__ = True
    check_is_there(call, what, name, {pair[name.startswith("arn:")] for pair in known})
