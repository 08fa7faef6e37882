"""The table of rules. A rule is one function that looks at a template, and is marked with `rule`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventmock.checks.finding import Found, Severity
    from eventmock.checks.subject import Subject

    Check = Callable[[Subject], Iterator[Found]]


class Rule(NamedTuple):
    """A rule.

    Attributes:
        id: The id, in kebab case.
        severity: The severity of what it finds.
        summary: What it finds, in one sentence.
        check: The function that looks at a template; None if the rule is not about one template alone.
    """

    id: str
    severity: Severity
    summary: str
    check: Check | None = None


TABLE: Final[dict[str, Rule]] = {}
"""The rules by id, in the order in which their files are imported."""


def add(one: Rule) -> Rule:
    """Add a rule to the table, and return it."""
    assert one.id not in TABLE, one.id
    TABLE[one.id] = one
    return one


def rule(rule_id: str, severity: Severity, summary: str) -> Callable[[Check], Check]:
    """Return a decorator that adds a function to the table.

    Args:
        rule_id: The id of the rule, in kebab case.
        severity: The severity of what it finds.
        summary: What it finds, in one sentence.
    """

    def adding(check: Check) -> Check:
        add(Rule(rule_id, severity, summary, check))
        return check

    return adding
