"""Notes for the tester about rules on events of AWS services, for the report and for ``strict``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from eventmock.history.wording import where_outside
from eventmock.services.events.event_bus import DEFAULT_BUS, buses_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.services.events.event_bus import EventBus
    from eventmock.services.events.rule import Rule
    from eventmock.state import State

_NAMES_A_SERVICE: Final = '"aws.'


class RuleNote(NamedTuple):
    """A note about a rule.

    Attributes:
        rule: The rule and its bus, in words.
        text: The note, a sentence.
    """

    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"

    def __repr__(self) -> str:
        return f"<{self.rule}>"


def rule_notes(state: State) -> list[RuleNote]:
    """Return notes about the user-made rules of all buses. The caller holds the lock of the state."""
    buses = [bus for account in state.accounts.all for bus in buses_of(account).values()]
    return [note for bus in buses for rule in bus.rules_now for note in _notes(state, bus, rule, buses)]


def _notes(state: State, bus: EventBus, rule: Rule, buses: list[EventBus]) -> Iterator[RuleNote]:
    text, pattern = rule.event_pattern, rule.pattern
    if text is None or pattern is None or _NAMES_A_SERVICE not in text or not rule.is_users_own:
        return
    from eventmock.aws_events.rule_advice import about_rule
    from eventmock.services.events.silent_buckets import about_buckets

    gets = bus.name == DEFAULT_BUS or _gets_copies(bus, buses)
    region = bus.arn.split(":")[3]
    where = where_outside(
        region, bus.account_id, default_region=state.default_region, default_account=state.default_account
    )
    notes = about_rule(pattern, rule.state, gets_service_events=gets)
    if bus.name == DEFAULT_BUS:
        notes += about_buckets(state, pattern, bus.account_id, region)
    for note in notes:
        yield RuleNote(f'rule {rule.name} on "{bus.name}"{where}', note)


def _gets_copies(bus: EventBus, buses: list[EventBus]) -> bool:
    """Return whether a rule of another bus has the bus as its target."""
    targets = (target for other in buses for rule in other.rules.values() for target in rule.targets.values())
    return any(target.arn == bus.arn for target in targets)
