"""What an assertion looks at: the records of a backend, or of one target of it, and the rules there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from eventmock.exceptions import OptionError
from eventmock.history.delivery import Delivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.options import check_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventmock.backend.assertions.filters import Record, Wanted
    from eventmock.clock import Clock
    from eventmock.history.ledger import Ledger
    from eventmock.history.progress import Status
    from eventmock.history.traced_target import TracedTarget
    from eventmock.services.events.account import Accounts
    from eventmock.services.events.rules import Rule


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
        arn: Only deliveries to this target, and what this dead-letter queue got; None for all.
        made_for: The ARN of the rule for which that target was made, if it was.
        kind: Only deliveries to targets of this kind; None for all.
        where: Only deliveries of which it says yes; None for all.
    """

    clock: Clock
    accounts: Accounts
    ledger: Ledger
    mentioned: set[Record]
    arn: str | None = None
    made_for: str | None = None
    kind: str | None = None
    where: Callable[[Delivery], object] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all that happened in the backend."""
        return self.arn is None and self.kind is None and self.where is None

    @property
    def events(self) -> list[ReceivedEvent]:
        """All that came, in order; to whichever target it went."""
        self.clock.run_due()
        return list(self.ledger.received)

    def holds(self, delivery: Delivery) -> bool:
        """Whether a delivery is looked at."""
        if self.where is not None:
            return bool(self.where(delivery))
        if self.arn is not None:
            letter = delivery.dead_letter
            return self.arn == delivery.target_arn or (letter is not None and self.arn == letter.queue_arn)
        return self._has(delivery.target)

    def may_hold(self, delivery: Delivery) -> bool:
        """Whether a delivery is looked at, or would be if it had come to the dead-letter queue."""
        return self.holds(delivery) or self.arn == delivery.target.dead_letter_queue is not None

    def records(self, status: Status) -> list[Record]:
        """What is in that state, in the order in which rules matched; events that went nowhere are dropped."""
        return [one for event in self.events for one in self.of(event) if status_of(one) == status]

    def ended(self, status: Status) -> list[Delivery]:
        """The deliveries that ended like that, in the order in which they did."""
        self.clock.run_due()
        ended = [
            one
            for one, progress in list(self.ledger.journal)
            if isinstance(one, Delivery) and progress is not None and progress.ended is not None
        ]
        return [one for one in ended if one.status == status and self.holds(one)]

    @property
    def unmentioned(self) -> list[Record]:
        """What happened to deliveries and to events that went nowhere, and was found by no assertion."""
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
            for bus in list(account.event_buses.values())
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
            OptionError: One was never there; the message has the nearest one.
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
            buses = {name for account in self.accounts.all for name in account.event_buses}
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
        if not self.is_whole:
            named = ", ".join(f"{name}={value!r}" for name, value in words.items())
            raise OptionError(
                f"{call}({named}): that does not go together with the target whose method it is"
            )

    def check_target(self, call: str, status: Status | None = None) -> None:
        """See that something can come to the target that is looked at.

        Args:
            call: The name of the assertion, for the message.
            status: What was to become of what came; dead-letter queues are no targets of what is delivered.

        Raises:
            OptionError: No rule has or had such a target.
        """
        __tracebackhide__ = True
        if self.made_for is not None or (self.arn is None and self.kind is None):
            return
        known = [*self.standing, *self._met()]
        targets = [target for one in known for target in one.rule.targets.values()]
        if self.kind is not None and not any(map(self._has, targets)):
            raise OptionError(f"{call}(): no rule has a target of the kind {self.kind!r}")
        if self.arn is None:
            return
        queues = {target.dead_letter_queue for target in targets}
        if self.arn not in queues:
            _check_named(f"{call}() of {self.arn}", "target", self.arn, _names_of_targets(known))
        elif status == "delivered" and self.arn not in {target.arn for target in targets}:
            raise OptionError(
                f"{call}() of {self.arn}: that is a dead-letter queue: say assert_dead_lettered()"
            )

    def of(self, event: ReceivedEvent) -> Iterator[Record]:
        """What an event became, as far as it is looked at."""
        if self.is_whole and not (event.refused is None and event.dropped is None):
            yield event
        yield from filter(self.holds, event.deliveries)

    def _has(self, target: TracedTarget) -> bool:
        if self.kind is not None:
            return target.kind is not None and target.kind.name == self.kind
        return self.arn in (None, target.arn, target.dead_letter_queue)

    def _dead_letter_queues(self) -> Iterator[tuple[str, str]]:
        """The names and ARNs of the dead-letter queues that targets have or had."""
        for one in (*self.standing, *self._met()):
            for target in one.rule.targets.values():
                if target.dead_letter_queue is not None:
                    yield target.dead_letter_queue.rpartition(":")[2], target.dead_letter_queue

    def _is_about(self, wanted: Wanted, one: Standing) -> bool:
        if not wanted.asks_for(one.place.bus, one.rule):
            return False
        is_any_target = self.arn is None and self.kind is None
        if "target" not in wanted.words and (is_any_target or self.made_for == one.rule.arn):
            return True
        return any(wanted.asks_for_target(each) and self._has(each) for each in one.rule.targets.values())

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
    """What became of a record; an event that is one went nowhere."""
    return "dropped" if isinstance(record, ReceivedEvent) else record.status


def _names_of_targets(known: Iterable[Standing]) -> list[tuple[str, str]]:
    return [(target.id, target.arn) for one in known for target in one.rule.targets.values()]


def _check_named(call: str, what: str, name: str, known: Iterable[tuple[str, str]]) -> None:
    """See that a name, or an ARN, is among those of what is known."""
    __tracebackhide__ = True
    names = {pair[name.startswith("arn:")] for pair in known}
    if not names:
        raise OptionError(f"{call}: there is no {what} at all")
    check_known(f"{call}: there is no such {what}", name, names)
