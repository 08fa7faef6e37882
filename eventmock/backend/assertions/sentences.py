"""The assertions that a test calls."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Never

from eventmock.exceptions import OptionError
from eventmock.history.dead_letter import DeadLetters
from eventmock.history.delivery import Deliveries
from eventmock.history.records import Records
from eventmock.options import check_known

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Unpack

    from eventmock.backend.assertions.filters import DeadLetterFilters, Filters, Record, Wanted
    from eventmock.backend.assertions.scope import Scope
    from eventmock.history.delivery import Delivery
    from eventmock.history.progress import Status
    from eventmock.services.events.rule import Rule


class Assertions:
    """Assertions about delivered, dead-lettered and lost events.

    All take `Filters` as keywords. A record must fit all filters that are given.

    Work that is due on the clock is done first. The `AssertionError` of a failed assertion has the records that came
    nearest, and how they differ.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def _scope(self) -> Scope:
        """The scope of the assertions."""

    def assert_delivered(
        self, *misplaced: Never, times: int | None = None, **filters: Unpack[Filters]
    ) -> Deliveries:
        """Check that an event, or the input of a schedule, was delivered.

        Args:
            *misplaced: Not used: each filter is given by its keyword.
            times: The exact number of them, from 1; None for at least one.
            **filters: The `Filters` of the deliveries.

        Returns:
            The deliveries, in the order in which rules matched and schedules fired.

        Raises:
            AssertionError: There was no such delivery, or their number is not ``times``.
            OptionError: A filter is not valid.
        """
        __tracebackhide__ = True
        _refuse_misplaced("assert_delivered", misplaced)
        return Deliveries(self._found("assert_delivered", "delivered", times, filters))

    def assert_delivered_once(self, *misplaced: Never, **filters: Unpack[Filters]) -> Delivery:
        """Check that there was exactly one delivery.

        Args:
            *misplaced: Not used: each filter is given by its keyword.
            **filters: The `Filters` of the delivery.

        Returns:
            The delivery.

        Raises:
            AssertionError: There was no such delivery, or more than one.
            OptionError: A filter is not valid.
        """
        __tracebackhide__ = True
        _refuse_misplaced("assert_delivered_once", misplaced)
        [delivery] = Deliveries(self._found("assert_delivered_once", "delivered", 1, filters))
        return delivery

    def assert_not_delivered(self, *misplaced: Never, **filters: Unpack[Filters]) -> None:
        """Check that nothing was delivered. A pending delivery is not delivered yet.

        Args:
            *misplaced: Not used: each filter is given by its keyword.
            **filters: The `Filters` of the deliveries.

        Raises:
            AssertionError: There was such a delivery.
            OptionError: A filter is not valid.
        """
        __tracebackhide__ = True
        _refuse_misplaced("assert_not_delivered", misplaced)
        scope, wanted = self._asked("assert_not_delivered", "delivered", filters)
        found = [one for one in scope.records("delivered") if wanted.fits(one)]
        if found:
            from eventmock.backend.assertions import failure

            first = f"{failure.sentence(scope, wanted, 'delivered', len(found))}, wanted never"
            raise failure.too_many(first, scope, wanted, found)

    def assert_delivered_in_order(
        self,
        *misplaced: Never,
        details: Sequence[object] | None = None,
        bodies: Sequence[object] | None = None,
        **filters: Unpack[Filters],
    ) -> Deliveries:
        """Check that deliveries were made in an order. Others may come between them.

        The order is that in which targets took them: a delivery that was tried again comes when it succeeded.

        Args:
            *misplaced: Not used: each filter is given by its keyword.
            details: The ``detail`` of each event, in order.
            bodies: In place of details, the ``body`` of each delivery.
            **filters: The `Filters` of all these deliveries.

        Returns:
            The deliveries, in order.

        Raises:
            AssertionError: A delivery was not made, or not after the delivery before it in the list.
            OptionError: A filter is not valid, or not exactly one of details and bodies is given.
        """
        __tracebackhide__ = True
        _refuse_misplaced("assert_delivered_in_order", misplaced, "details=[...] or bodies=[...]")
        content, values = _sequence(details, bodies, filters)
        scope, wanted = self._asked("assert_delivered_in_order", "delivered", filters)
        delivered = [one for one in scope.ended("delivered") if wanted.fits(one)]
        found: list[Delivery] = []
        rest = iter(delivered)
        for value in values:
            asked = wanted.with_content(content, value)
            following = next((one for one in rest if asked.fits(one)), None)
            if following is None:
                from eventmock.backend.assertions import failure

                place = (content, values, len(found))
                raise failure.not_in_order(scope, asked, place, delivered, found)
            found.append(following)
        scope.state.mentioned.update(found)
        return Deliveries(found)

    def assert_dead_lettered(
        self, *misplaced: Never, times: int | None = None, **filters: Unpack[DeadLetterFilters]
    ) -> DeadLetters:
        """Check that a dead letter came to its queue.

        Args:
            *misplaced: Not used: each filter is given by its keyword.
            times: The exact number of them, from 1; None for at least one.
            **filters: The `DeadLetterFilters` of the dead letters.

        Returns:
            The dead letters, in the order in which they came.

        Raises:
            AssertionError: There was no such dead letter, or their number is not ``times``.
            OptionError: A filter is not valid.
        """
        __tracebackhide__ = True
        _refuse_misplaced("assert_dead_lettered", misplaced)
        found = self._found("assert_dead_lettered", "dead-lettered", times, filters)
        letters = [one.dead_letter for one in Deliveries(found) if one.dead_letter is not None]
        return DeadLetters(sorted(letters, key=lambda letter: letter.time))

    def assert_dropped(
        self, *misplaced: Never, times: int | None = None, **filters: Unpack[Filters]
    ) -> Records[Record]:
        """Check that something was lost: a delivery was dropped, or an event was refused or went to no bus.

        Args:
            *misplaced: Not used: each filter is given by its keyword.
            times: The exact number of them, from 1; None for at least one.
            **filters: The `Filters` of the lost events. A refused event has no detail and no body.

        Returns:
            Each lost `Delivery`, and the `ReceivedEvent` of each event that was lost without one, in order.

        Raises:
            AssertionError: Nothing of the kind was lost, or their number is not ``times``.
            OptionError: A filter is not valid.
        """
        __tracebackhide__ = True
        _refuse_misplaced("assert_dropped", misplaced)
        return Records(self._found("assert_dropped", "dropped", times, filters))

    def assert_nothing_else_happened(self) -> None:
        """Check that assertions before have found all deliveries, dead letters and lost events.

        Pending deliveries are never found by an assertion.

        Raises:
            AssertionError: There is a record that no assertion has found.
            OptionError: The method is that of a target, and no rule has the target.
        """
        __tracebackhide__ = True
        scope = self._scope
        scope.check_target("assert_nothing_else_happened")
        rest = scope.unmentioned
        if rest:
            from eventmock.backend.assertions import failure

            raise failure.unmentioned(scope, rest)

    def _asked(self, call: str, status: Status, filters: Mapping[str, Any]) -> tuple[Scope, Wanted]:
        """Return the scope and the checked filters of an assertion."""
        __tracebackhide__ = True
        from eventmock.backend.assertions.filters import Wanted

        wanted, scope = Wanted.read(call, filters, of_letters=status == "dead-lettered"), self._scope
        scope.check_names(call, wanted, status)
        scope.check_target(call, status)
        return scope, wanted

    def _found(
        self,
        call: str,
        status: Status,
        times: int | None,
        filters: Mapping[str, Any],
    ) -> list[Any]:
        """Return the records that fit an assertion.

        Raises:
            AssertionError: There are none, or their number is not the wanted number.
            OptionError: The number or a filter is not valid.
        """
        __tracebackhide__ = True
        _check_times(call, times)
        scope, wanted = self._asked(call, status, filters)
        found = [one for one in scope.records(status) if wanted.fits(one)]
        if not found or times not in {None, len(found)}:
            from eventmock.backend.assertions import failure
            from eventmock.history import wording

            first = failure.sentence(scope, wanted, status, len(found))
            if times is not None and (found or times > 1):
                first += f", wanted {wording.how_often(times)}"
            if len(found) > (times or 0):
                raise failure.too_many(first, scope, wanted, found)
            raise failure.too_few(first, scope, wanted, status, found)
        scope.state.mentioned.update(found)
        return found


class BackendAssertions(Assertions):
    """The assertions of `Assertions`, and those of a whole backend."""

    __slots__ = ()

    def assert_every_rule_was_used(self, *rules: str, but: Collection[str] = ()) -> None:
        """Check that each enabled rule, of all buses, regions and accounts, matched an event or fired.

        Rules that AWS manages, such as those of archives, are checked only if they are named.

        Args:
            *rules: Names or ARNs of the rules to check; by default all rules.
            but: Names or ARNs of rules that are not checked.

        Raises:
            AssertionError: A rule matched no event, and did not fire.
            OptionError: A named rule does not exist, or there is no rule to check.
        """
        __tracebackhide__ = True
        scope, call = self._scope, "assert_every_rule_was_used"
        excepted = {but} if isinstance(but, str) else set(but)
        events, standing = scope.events, scope.standing
        for name in (*rules, *excepted):
            names = {name for one in standing for name in (one.rule.name, one.rule.arn)}
            check_known(f"{call}({name!r}): there is no such rule", name, names)
        asked = [
            one
            for one in standing
            if (not {one.rule.name, one.rule.arn}.isdisjoint(rules) if rules else _is_in_use(one.rule))
            and {one.rule.name, one.rule.arn}.isdisjoint(excepted)
        ]
        if not asked:
            raise OptionError(f"{call}(): no rule is left to ask about")
        used = {rule.arn for event in events for rule in event.matching}
        idle = [one for one in asked if one.rule.arn not in used]
        if idle:
            from eventmock.backend.assertions import failure

            raise failure.unused(scope, idle, len(asked))


def _is_in_use(rule: Rule) -> bool:
    """Return whether a rule is enabled and was made by a user."""
    return rule.state != "DISABLED" and rule.is_users_own


def _refuse_misplaced(
    call: str, misplaced: Sequence[object], words: str = "detail=..., body=... or matching=..."
) -> None:
    """Refuse values that are given without a keyword.

    Raises:
        OptionError: There are such values.
    """
    __tracebackhide__ = True
    if misplaced:
        given = ", ".join(map(repr, misplaced))
        raise OptionError(f"{call}({given}): say what is compared: {words}")


def _check_times(call: str, times: Any) -> None:
    __tracebackhide__ = True
    if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
        instead = (
            "; for none say assert_not_delivered(...)" if call == "assert_delivered" and times == 0 else ""
        )
        raise OptionError(f"{call}(times={times!r}): wanted a whole number from 1{instead}")


def _sequence(details: Any, bodies: Any, filters: Mapping[str, Any]) -> tuple[str, list[object]]:
    """Return whether ``detail`` or ``body`` is wanted in order, and the wanted values."""
    __tracebackhide__ = True
    call = "assert_delivered_in_order"
    given = {
        name: values for name, values in (("details", details), ("bodies", bodies)) if values is not None
    }
    if len(given) != 1:
        raise OptionError(f"{call}(): wanted one of details=[...], bodies=[...]")
    [(name, values)] = given.items()
    if name == "details" and "schedule" in filters:
        raise OptionError(f"{call}(): a schedule of EventBridge Scheduler sends no event: say bodies=[...]")
    content = {"details": "detail", "bodies": "body"}[name]
    if content in filters:
        raise OptionError(f"{call}(): {name} and {content} do not go together")
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise OptionError(f"{call}({name}={values!r}): wanted a list of at least one")
    return content, list(values)
