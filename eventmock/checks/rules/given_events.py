"""Rules about patterns and the events that were given to check with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventmock.checks.pattern_fields import keys_of_path
from eventmock.checks.table import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.checks.finding import Found
    from eventmock.checks.subject import Subject


@rule(
    "almost-matches",
    "warning",
    'A pattern misses an event of `--events` only by how a name or value is written, such as `"100"` for `100`.',
)
def almost_matches(subject: Subject) -> Iterator[Found]:
    """Yield the patterns that a given event would match if a name or a value were written otherwise."""
    for one in subject.rules:
        told = set()
        for sample in subject.samples:
            if one.pattern is None or not sample.comes_to(one) or one.pattern.matches(sample.event):
                continue
            unmet = [field for field in one.pattern.explain(sample.event).fields if not field.satisfied]
            if not unmet or not all(field.hint for field in unmet):
                continue
            for field in unmet:
                if field.path not in told:
                    told.add(field.path)
                    yield subject.found(
                        one.resource,
                        *keys_of_path(one.resource, field.path),
                        what=f"{field.text} in {sample.title}",
                        production="the rule does not match this event",
                        instead=field.hint,
                    )
