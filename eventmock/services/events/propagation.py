"""The propagation of changes of rules: they take effect after `Delays.propagation`, if a test sets it.

Source: PutRule, PutTargets, EnableRule, DisableRule, DeleteRule and RemoveTargets of the API reference warn that a
change "might not immediately" take effect and ask to "allow a short period of time" (documented); the test sets that
period. Describe and List operations show a change at once (recorded). A schedule counts from the moment at which
its rule was put; its firings before the rule takes effect are lost (inferred).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from eventmock.services.events.rule import Rule


class Change(NamedTuple):
    """A change of a rule that has not taken effect yet.

    Attributes:
        name: The name of the rule.
        rule: The rule after the change; None if the rule was deleted.
        made: The moment of the request, an aware datetime in UTC.
        effective: The moment at which the change takes effect, an aware datetime in UTC.
    """

    name: str
    rule: Rule | None
    made: datetime
    effective: datetime

    def description(self, now: datetime, *, is_new: bool) -> str:
        """Return a description of the change, for the tester.

        Args:
            now: The present, an aware datetime in UTC.
            is_new: Whether the change adds the rule.
        """
        since, whole = self.made, self.effective - self.made
        ago, after = (
            f"{(now - since).total_seconds():g} s before",
            f"takes effect after {whole.total_seconds():g} s",
        )
        if is_new:
            return f"it was put {ago} and {after}"
        return f"it was {'deleted' if self.rule is None else 'changed'} {ago}, which {after}"


class Propagation:
    """The rules of a bus that are in effect, and the changes that are not yet.

    Args:
        in_effect: The rules that are in effect, by name.
        changes: The changes that have not taken effect yet, in the order in which they take effect.
    """

    def __init__(self, in_effect: dict[str, Rule], changes: tuple[Change, ...] = ()) -> None:
        self.in_effect = in_effect
        self._changes = changes

    def copied(self) -> Propagation:
        """Return an independent copy."""
        return Propagation(dict(self.in_effect), self._changes)

    def add(self, name: str, rule: Rule | None, now: datetime, delay: timedelta) -> None:
        """Add a change of a rule. It replaces changes of that rule that would take effect later.

        Args:
            name: The name of the rule.
            rule: The rule after the change; None if the rule was deleted.
            now: The present, an aware datetime in UTC.
            delay: The time until the change takes effect.
        """
        try:
            effective = now + delay
        except OverflowError:
            effective = datetime.max.replace(tzinfo=UTC)
        kept = [one for one in self._changes if one.name != name or one.effective < effective]
        kept.append(Change(name, rule, now, effective))
        self._changes = tuple(sorted(kept, key=lambda one: one.effective))

    def amend(self, rule: Rule) -> None:
        """Replace a rule at once by a rule that matches and delivers events in the same way. Tags may differ."""
        own = [one for one in self._changes if one.name == rule.name]
        if own:
            self._changes = tuple(one._replace(rule=rule) if one is own[-1] else one for one in self._changes)
        else:
            self.in_effect[rule.name] = rule

    def settle(self, now: datetime) -> Iterator[tuple[Rule | None, Rule | None]]:
        """Let the changes take effect that are due.

        Yields:
            For each change the rule before and the rule after; None if there is no such rule.
        """
        while self._changes and self._changes[0].effective <= now:
            change, *rest = self._changes
            self._changes = tuple(rest)
            before = self.in_effect.pop(change.name, None)
            if change.rule is not None:
                self.in_effect[change.name] = change.rule
            yield before, change.rule

    @property
    def is_over(self) -> bool:
        """Whether all changes have taken effect."""
        return not self._changes

    def rules(self, now: datetime) -> list[Rule]:
        """Return the rules that are in effect or will be, in the order of their names.

        A rule with a change that has not taken effect yet has a description of the change in ``under_way``.
        """
        first: dict[str, Change] = {}
        for change in self._changes:
            first.setdefault(change.name, change)
        found = []
        for name in sorted({*self.in_effect, *first}):
            coming, rule = first.get(name), self.in_effect.get(name)
            if coming is not None:
                is_new = rule is None
                shown = coming.rule if rule is None else rule
                under_way = coming.description(now, is_new=is_new)
                rule = None if shown is None else replace(shown, is_in_effect=not is_new, under_way=under_way)
            if rule is not None:
                found.append(rule)
        return found


def differs(old: Rule | None, new: Rule | None) -> bool:
    """Return whether two rules match or deliver events differently. Tags and descriptions do not count."""
    if old is None or new is None:
        return True
    return _relevant_fields(old) != _relevant_fields(new)


def _relevant_fields(rule: Rule) -> tuple[object, ...]:
    return rule.event_pattern, rule.state, rule.timer, rule.targets, rule.feeds, rule.replicates
