"""Rules, targets and event buses that existed, so that a test may ask for a name that was deleted since."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from eventmock.parts.part import Restore
    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.state import State


class FormerRule(NamedTuple):
    """A rule that was deleted, or that has lost a target since.

    Attributes:
        account: The account id of its bus.
        region: The region of its bus.
        bus: The name of its bus.
        rule: The rule as it was.
    """

    account: str
    region: str
    bus: str
    rule: Rule


class Former:
    """What existed in a mock.

    Args:
        _state: The state of the mock.

    Attributes:
        buses: The names of event buses that were deleted.
    """

    def __init__(self, _state: State | None = None) -> None:
        self._rules: dict[object, FormerRule] = {}
        self.buses: set[str] = set()

    @property
    def rules(self) -> list[FormerRule]:
        """The rules that were deleted or have lost a target, each as it was before; those of equal names once."""
        return list(self._rules.values())

    def add(self, former: FormerRule) -> None:
        """Add a rule."""
        targets = {(one.id, one.arn, one.dead_letter_queue) for one in former.rule.targets.values()}
        self._rules[former[:3], former.rule.name, frozenset(targets)] = former

    def clear(self) -> None:
        """Forget all."""
        self._become({}, set())

    def save(self) -> Restore:
        """Return a function that restores the present records."""
        return partial(self._become, dict(self._rules), set(self.buses))

    def _become(self, rules: dict[object, FormerRule], buses: set[str]) -> None:
        self._rules, self.buses = dict(rules), set(buses)


def remember_rule(state: State, bus: EventBus, region: str, rule: Rule) -> None:
    """Remember a rule that is deleted, or that loses a target."""
    state.part(Former).add(FormerRule(bus.account_id, region, bus.name, rule))


def remember_bus(state: State, name: str) -> None:
    """Remember an event bus that is deleted."""
    state.part(Former).buses.add(name)
