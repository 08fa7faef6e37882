"""The scope of an assertion: the records and rules of a backend, or of a single target."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from eventmock.backend.custom_event_buses import uses_custom_buses
from eventmock.backend.selectors import ALL_TARGETS, check_is_there
from eventmock.delivery.failures import PERMANENT, RETRIED
from eventmock.exceptions import OptionError
from eventmock.history.delivery import Delivery
from eventmock.history.received_event import ReceivedEvent
from eventmock.options import check_known
from eventmock.services.events.event_bus import buses_of
from eventmock.services.events.former import Former
from eventmock.values.arn import arn_resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventmock.backend.assertions.filters import Record, Wanted
    from eventmock.backend.selectors import Selector
    from eventmock.history.progress import Status
    from eventmock.history.traced_target import TracedTarget
    from eventmock.services.custom_event_bus.subscriber import Subscriber
    from eventmock.services.events.rule import Rule
    from eventmock.services.scheduler.schedule import Schedule
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


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of an assertion.

    Attributes:
        state: The state of the mock. Work that is due on its clock is done before records are read.
        selector: The targets whose deliveries are in the scope; by default all, and all events.
    """

    state: State
    selector: Selector = ALL_TARGETS

    @property
    def events(self) -> list[ReceivedEvent]:
        """All events that came to a bus or were refused, in order, also those without a delivery in the scope."""
        self.state.clock.run_due()
        return list(self.state.ledger.received)

    @property
    def firings(self) -> list[Delivery]:
        """The deliveries of schedules, in the order in which these fired, also those that are not in the scope."""
        self.state.clock.run_due()
        return self.state.ledger.fired

    def records(self, status: Status) -> list[Record]:
        """Return the records with a status, in the order in which rules matched and schedules fired.

        Lost events are ``dropped``.
        """
        return [record for record in self._everything() if status_of(record) == status]

    def ended(self, status: Status) -> list[Delivery]:
        """Return the deliveries that ended with a status, in the order in which they ended."""
        self.state.clock.run_due()
        ended = [
            subject
            for subject, progress in list(self.state.ledger.journal)
            if isinstance(subject, Delivery) and progress is not None and progress.ended is not None
        ]
        return [delivery for delivery in ended if delivery.status == status and self.selector.holds(delivery)]

    @property
    def unmentioned(self) -> list[Record]:
        """The deliveries, and the events that went nowhere, that no assertion has found."""
        return [record for record in self._everything() if record not in self.state.mentioned]

    def _everything(self) -> Iterator[Record]:
        """Yield the records of the scope, in the order in which events came and schedules fired."""
        self.state.clock.run_due()
        for origin in self.state.ledger.origins:
            if isinstance(origin, Delivery):
                yield from filter(self.selector.holds, [origin])
            else:
                yield from self.of(origin)

    def rules(self, wanted: Wanted) -> list[Standing]:
        """Return the rules of an assertion: those that exist, else those that existed when events arrived."""
        for known in (self.standing, self._met()):
            found = [one for one in known if self._is_about(wanted, one)]
            if found:
                return found
        return []

    def schedules(self, wanted: Wanted) -> list[Schedule]:
        """Return the schedules of an assertion: those that exist, else those that existed, as they were last."""
        if not wanted.may_mean_schedules:
            return []
        former = {one.arn: one for one in self._former_schedules()}
        for known in (self.standing_schedules, former.values()):
            found = [one for one in known if self._is_about_schedule(wanted, one)]
            if found:
                return found
        return []

    def subscribers(self, wanted: Wanted) -> list[Subscriber]:
        """Return the subscribers of an assertion: those that exist, else those that existed, as they were last."""
        if not wanted.may_mean_subscribers or not self.has_custom_buses:
            return []
        for known in (self.standing_subscribers, self._former_subscribers()):
            found = [one for one in known if self._is_about_subscriber(wanted, one)]
            if found:
                return list({one.arn: one for one in found}.values())
        return []

    @property
    def has_custom_buses(self) -> bool:
        """Whether there is, or was, a custom event bus in the mock."""
        return uses_custom_buses(self.state)

    @property
    def standing_subscribers(self) -> list[Subscriber]:
        """All subscribers that exist, in order of their ARNs."""
        if not self.has_custom_buses:
            return []
        from eventmock.services.custom_event_bus.subscriber import subscribers_of

        found = [one for account in self.state.accounts.all for one in list(subscribers_of(account).values())]
        return sorted(found, key=attrgetter("arn"))

    @property
    def ever_subscribers(self) -> list[Subscriber]:
        """All subscribers that exist, and those that have existed, as they were with each dead-letter queue."""
        return [*self.standing_subscribers, *self._former_subscribers()]

    def _former_subscribers(self) -> list[Subscriber]:
        if not self.has_custom_buses:
            return []
        from eventmock.services.custom_event_bus.former import FormerSubscribers

        return list(self.state.settings(FormerSubscribers).values())

    @property
    def standing_schedules(self) -> list[Schedule]:
        """All schedules that exist, in order of their ARNs."""
        from eventmock.services.scheduler.schedule import schedules_of

        found = [one for account in self.state.accounts.all for one in list(schedules_of(account).values())]
        return sorted(found, key=attrgetter("arn"))

    @property
    def ever_schedules(self) -> list[Schedule]:
        """All schedules that exist, and those that have existed, as they were with each of their targets."""
        return [*self.standing_schedules, *self._former_schedules()]

    def _former_schedules(self) -> list[Schedule]:
        from eventmock.services.scheduler.former import FormerSchedules

        return [one.schedule for one in list(self.state.settings(FormerSchedules).values())]

    @property
    def standing(self) -> list[Standing]:
        """All rules that exist, without those of archives, in order of their names for each bus."""
        return [
            Standing(Place(account.id, account.region, bus.name), rule)
            for account in self.state.accounts.all
            for bus in list(buses_of(account).values())
            for rule in bus.rules_now
            if rule.archive_name is None
        ]

    @property
    def buses(self) -> set[str]:
        """The names of all event buses that exist, or have existed."""
        present = {name for account in self.state.accounts.all for name in buses_of(account)}
        return present | self.state.part(Former).buses | self._custom_buses()

    def _custom_buses(self) -> set[str]:
        """Return the names of all custom event buses that exist, or have existed."""
        if not self.has_custom_buses:
            return set()
        from eventmock.services.custom_event_bus.event_bus import custom_buses_of
        from eventmock.services.custom_event_bus.former import FormerBuses

        present = {name for account in self.state.accounts.all for name in custom_buses_of(account)}
        return present | set(self.state.settings(FormerBuses).values())

    @property
    def ever(self) -> list[Standing]:
        """All rules that exist, and those that have existed; without those of archives."""
        return [*self.standing, *self._met()]

    def check_names(  # noqa: C901 - a branch for each word
        self, call: str, wanted: Wanted, status: Status
    ) -> None:
        """Check that the bus, rule, schedule, subscriber, target and queue of an assertion exist, or have existed.

        Args:
            call: The name of the assertion, for the error's text.
            wanted: The filters of the assertion.
            status: The status of the records that the assertion wants. A ``dropped`` event may name a bus that has
                never existed.

        Raises:
            OptionError: A name has never existed; the error's text has the most similar name. Or the assertion is a
                method of a target, and names a bus, rule, schedule, subscriber or target that does not belong to that
                target.
        """
        __tracebackhide__ = True
        words = wanted.words
        if "error_code" in words and not self.schedules(wanted) and not self.subscribers(wanted):
            code = words["error_code"]
            check_known(f"{call}(error_code={code!r})", code, RETRIED | PERMANENT)
        if "queue" in words:
            what = f"{call}(queue={words['queue']!r})"
            queues = [*self.dead_letter_queues()]
            if not queues:
                raise OptionError(
                    f"{what}: there is no dead-letter queue at all: no target has a DeadLetterConfig"
                )
            _check_named(what, "dead-letter queue", words["queue"], queues)
        names_none = {"bus", "rule", "schedule", "subscriber", "target"}.isdisjoint(words)
        if names_none or self.rules(wanted) or self.schedules(wanted) or self.subscribers(wanted):
            return
        known, place = self.ever, ""
        if "schedule" in words:
            self._check_schedule(f"{call}(schedule={words['schedule']!r})", words["schedule"])
            known, place = [], f" of schedule {words['schedule']}"
        if "subscriber" in words:
            self._check_subscriber(f"{call}(subscriber={words['subscriber']!r})", words["subscriber"])
            known, place = [], f" of subscriber {words['subscriber']}"
        if "bus" in words:
            buses = self.buses
            place = f" on {words['bus']}"
            names = buses | {one.place.bus for one in known}
            names |= {event.bus for event in self.events if status == "dropped"}
            check_known(f"{call}(bus={words['bus']!r}): there is no such event bus", words["bus"], names)
            known = [one for one in known if one.place.bus == words["bus"]]
        if "rule" in words:
            rules = [(one.rule.name, one.rule.arn) for one in known]
            self._check_no_schedule(f"{call}(rule={words['rule']!r})", words["rule"], rules)
            self._check_no_subscriber(f"{call}(rule={words['rule']!r})", words["rule"], rules)
            self._check_no_logical_id(f"{call}(rule={words['rule']!r})", words["rule"], "AWS::Events::Rule")
            _check_named(f"{call}(rule={words['rule']!r})", f"rule{place}", words["rule"], rules)
            known = [one for one in known if wanted.asks_for(one.place.bus, one.rule)]
            place = f" of rule {words['rule']}{place}"
        if "target" in words:
            what = f"{call}(target={words['target']!r})"
            pairs = [(target.id, target.arn) for one in known for target in one.rule.targets.values()]
            arns = [one.target.arn for one in self.ever_schedules if wanted.asks_for_schedule(one)]
            arns += [
                one.target.arn
                for one in self.ever_subscribers
                if wanted.asks_for_subscriber(one.bus_name, one)
            ]
            pairs += [(arn, arn) for arn in arns]
            _check_named(what, f"target{place}", words["target"], pairs)
        if not self.selector.is_whole:
            named = ", ".join(f"{name}={value!r}" for name, value in words.items())
            raise OptionError(
                f"{call}({named}): that does not go together with the target whose method it is"
            )

    def _check_schedule(self, call: str, name: str) -> None:
        """Check that there is, or was, a schedule of a name or ARN.

        Raises:
            OptionError: There never was; the error's text has the most similar name, or the rule of that name.
        """
        __tracebackhide__ = True
        self._check_no_logical_id(call, name, "AWS::Scheduler::Schedule")
        known = [one.names for one in self.ever_schedules]
        if not any(name in names for names in known) and any(name == one.rule.name for one in self.ever):
            raise OptionError(
                f"{call}: there is no such schedule, but there is such a rule: say rule={name!r}"
            )
        form = 2 if name.startswith("arn:") else "/" in name
        check_is_there(call, "schedule of EventBridge Scheduler", name, {names[form] for names in known})

    def _check_subscriber(self, call: str, name: str) -> None:
        """Check that there is, or was, a subscriber of a name or ARN.

        Raises:
            OptionError: There never was; the error's text has the most similar name, or the rule of that name.
        """
        __tracebackhide__ = True
        known = [(one.name, one.arn) for one in self.ever_subscribers]
        if not any(name in names for names in known) and any(name == one.rule.name for one in self.ever):
            raise OptionError(
                f"{call}: there is no such subscriber, but there is such a rule: say rule={name!r}"
            )
        _check_named(call, "subscriber of a custom event bus", name, known)

    def _check_no_subscriber(self, call: str, name: str, rules: Iterable[tuple[str, str]]) -> None:
        """Refuse the name of a subscriber in place of that of a rule.

        Raises:
            OptionError: No rule has the name, but a subscriber of a custom event bus has it.
        """
        __tracebackhide__ = True
        is_subscribers = any(name in (one.name, one.arn) for one in self.ever_subscribers)
        if is_subscribers and not any(name in names for names in rules):
            raise OptionError(
                f"{call}: there is no such rule, but there is such a subscriber of a custom event bus: "
                f"say subscriber={name!r}"
            )

    def _check_no_schedule(self, call: str, name: str, rules: Iterable[tuple[str, str]]) -> None:
        """Refuse the name of a schedule in place of that of a rule.

        Raises:
            OptionError: No rule has the name, but a schedule has it.
        """
        __tracebackhide__ = True
        if not any(name in names for names in rules) and any(name == one.name for one in self.ever_schedules):
            raise OptionError(
                f"{call}: there is no such rule, but there is such a schedule of EventBridge Scheduler: "
                f"say schedule={name!r}"
            )

    def _check_no_logical_id(self, call: str, name: str, resource_type: str) -> None:
        """Refuse the logical ID of a rule or schedule in place of its name.

        Raises:
            OptionError: A deployed stack has a resource of the type with the logical ID, and another name.
        """
        __tracebackhide__ = True
        from eventmock.deployment.stack import Stacks

        for deployed in list(self.state.settings(Stacks).values()):
            resource = deployed.resources.get(name)
            if resource is not None and resource.type == resource_type and resource.name != name:
                noun = resource_type.rpartition("::")[2].lower()
                advice = f"deployment.{noun}({name!r}).{call.partition('(')[0]}(...)"
                raise OptionError(f"{call}: that is the logical ID of {noun} {resource.name!r}: say {advice}")

    def check_target(self, call: str, status: Status | None = None) -> None:
        """Check that the target of the scope exists, or has existed.

        Args:
            call: The name of the assertion, for the error's text.
            status: The status of the deliveries that the assertion wants; None for any status.

        Raises:
            OptionError: No rule, schedule or subscriber has or had such a target; or the ARN is that of a dead-letter
                queue only, and the assertion is about what was delivered.
        """
        __tracebackhide__ = True
        self.selector.check(call, self.targets(), status)

    def of(self, event: ReceivedEvent) -> Iterator[Record]:
        """Yield the deliveries of an event in the scope; if that has all targets, also an event that went nowhere."""
        if self.selector.is_whole and not (event.refused is None and event.dropped is None):
            yield event
        yield from filter(self.selector.holds, event.deliveries)

    def targets(self) -> Iterator[TracedTarget]:
        """Yield the targets of rules, schedules and subscribers, also of such that have existed."""
        for one in self.ever:
            yield from one.rule.targets.values()
        yield from (one.target for one in self.ever_schedules)
        yield from (one.target for one in self.ever_subscribers)

    def dead_letter_queues(self) -> Iterator[tuple[str, str]]:
        """Yield the names and ARNs of the dead-letter queues that targets have or had."""
        queues = (target.dead_letter_queue for target in self.targets())
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

    def _is_about_schedule(self, wanted: Wanted, schedule: Schedule) -> bool:
        """Return whether an assertion may be about deliveries of a schedule to the targets of the scope."""
        target = schedule.target
        is_asked_for = wanted.asks_for_schedule(schedule) and wanted.asks_for_target(target)
        return is_asked_for and self.selector.may_mean(target)

    def _is_about_subscriber(self, wanted: Wanted, subscriber: Subscriber) -> bool:
        """Return whether an assertion may be about deliveries of a subscriber to the targets of the scope."""
        is_asked_for = wanted.asks_for_subscriber(subscriber.bus_name, subscriber)
        return (
            is_asked_for
            and wanted.asks_for_target(subscriber.target)
            and self.selector.may_mean(subscriber.target)
        )

    def _met(self) -> list[Standing]:
        """Return the rules that existed when events arrived, as they were then, and deleted rules; none of archives."""
        met: dict[Rule, Standing] = {}
        seen: set[int] = set()
        for event in self.state.ledger.received[:]:
            if event.noun == "rule" and id(event.rules) not in seen:
                seen.add(id(event.rules))
                place, rules = place_of(event), cast("Sequence[Rule]", event.rules)
                met.update((rule, Standing(place, rule)) for rule in rules if rule.archive_name is None)
        for account, region, bus, rule in self.state.part(Former).rules:
            if rule.archive_name is None:
                met[rule] = Standing(Place(account, region, bus), rule)
        return list(met.values())


def place_of(event: ReceivedEvent) -> Place:
    """Return the bus to which an event came."""
    return Place(event.account, event.region, event.bus)


def status_of(record: Record) -> Status:
    """Return the status of a record. An event is a record only if it went nowhere, so its status is ``dropped``."""
    return "dropped" if isinstance(record, ReceivedEvent) else record.status


def _check_named(call: str, what: str, name: str, known: Iterable[tuple[str, str]]) -> None:
    """Check that a name or an ARN is among the known pairs of names and ARNs.

    Raises:
        OptionError: The name or the ARN is not among them.
    """
    __tracebackhide__ = True
    check_is_there(call, what, name, {pair[name.startswith("arn:")] for pair in known})
