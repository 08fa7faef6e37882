"""The words for what no test has tried of a subject, grouped so that a person can read them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from eventmock.coverage.pattern_text import takes_events
from eventmock.history.wording import counted, shortened
from eventmock.services.coverage import FIRES_AT
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventmock.coverage.data import Covered
    from eventmock.services.coverage import Point

MOST_NAMED: Final = 12
"""How many values, fields or targets are named together. The number of the others stands after them."""
LONGEST: Final = 80
"""The most characters of a value."""

_OFF: Final = {"DISABLED": "disabled, and ", "STOPPED": "stopped, and "}
_OF_MATCHES: Final = {"value", "branch"}
_OF_DELIVERIES: Final = {"delivery", "failure", "dead letter", "input", "batch", "order", "replay"}


def missing_of(covered: Covered) -> list[str]:
    """Return what no test has tried, each as a phrase, such as ``never tried: detail.state "REFUNDED"``.

    What follows from another phrase is left out: a rule that got no event was not delivered either.
    """
    missed = covered.missed
    if not missed:
        return []
    counts, definition = covered.counts, covered.definition
    has_pattern, has_schedule = takes_events(definition), "ScheduleExpression" in definition
    matched, refused, fired = counts["matched"], counts["refused"], counts["fired"]
    begin = _OFF.get(definition.get("State", ""), "")
    if has_pattern and not (matched or refused or fired):
        return [f"{begin}got no event{' and never fired' if has_schedule else ''}"]
    if has_schedule and not (matched or refused or fired):
        return [f"{begin}never fired"]
    phrases = []
    if has_pattern and not matched:
        phrases.append(f"never matched ({counted(refused, 'event')} refused)")
        implied = _OF_MATCHES if fired else _OF_MATCHES | _OF_DELIVERIES
        missed = [point for point in missed if point.kind not in implied]
    return phrases + list(_phrases(covered, missed))


def target_of(covered: Covered, point: Point) -> tuple[str, str] | None:
    """Return the ARN of the target that a point is about, and the other words of its key; None if it is about none."""
    rest = point.key.removeprefix(f"{point.kind} ")
    if point.where or rest == point.key:
        return None
    arn = max((one for one in covered.targets if f"{rest} ".startswith(f"{one} ")), key=len, default=None)
    return None if arn is None else (arn, rest[len(arn) :].strip())


def field_of(point: Point) -> str:
    """Return the path of the field that a point of a pattern is about."""
    return ".".join(piece for piece in point.where if isinstance(piece, str) and piece != "$or")


def _phrases(covered: Covered, missed: Sequence[Point]) -> Iterator[str]:
    by_kind: dict[str, list[Point]] = defaultdict(list)
    for point in missed:
        by_kind[point.kind].append(point)
    yield from _of_values(by_kind["value"], by_kind["branch"])
    if by_kind["refusal"]:
        yield f"never refused only by: {_named([_with_branch(point) for point in by_kind['refusal']])}"
    for kind, words in (
        ("delivery", "nothing delivered to"),
        ("failure", "never failed"),
        ("dead letter", "no dead letter of"),
        ("batch", "no call with several events to"),
        ("order", "no event waited for another one of its group to"),
        ("replay", "nothing replayed to"),
    ):
        if by_kind[kind]:
            yield f"{words}: {_named([_target_in(covered, point) for point in by_kind[kind]])}"
    yield from _of_inputs(covered, by_kind["input"])
    if by_kind["firing"]:
        yield _of_firings(by_kind["firing"])
    if by_kind["end"]:
        yield "never reached its end"


def _of_values(values: Sequence[Point], branches: Sequence[Point]) -> Iterator[str]:
    """Yield the phrases about values and branches. What is inside a branch that was never taken is left out."""
    lists: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    for point in values:
        if not any(_is_inside(point.where, branch.where) for branch in branches):
            lists[point.where[:-1]].append(point)
    if lists:
        yield f"never tried: {'; '.join(map(_values, lists.values()))}"
    outer = [one for one in branches if not any(_is_inside(one.where, other.where) for other in branches)]
    if outer:
        yield f"never taken: {'; '.join(branch.text for branch in outer)}"


def _values(points: Sequence[Point]) -> str:
    """Return the words for some values of a list."""
    field = field_of(points[0])
    texts = [shortened(point.text.removeprefix(field).strip(), LONGEST) for point in points]
    return f"{_with_branch(points[0])} {_named(texts)}".lstrip()


def _is_inside(where: Sequence[str | int], branch: Sequence[str | int]) -> bool:
    """Return whether a place is inside a branch, and is not the branch itself."""
    return len(where) > len(branch) and where[: len(branch)] == branch


def _of_firings(points: Sequence[Point]) -> str:
    """Return the phrase about firings."""
    moments = [point.text.removeprefix(FIRES_AT) for point in points if point.text.startswith(FIRES_AT)]
    return f"never fired at {_named(moments)}" if moments else "never fired"


def _of_inputs(covered: Covered, points: Sequence[Point]) -> Iterator[str]:
    by_target: dict[str, list[str]] = defaultdict(list)
    for point in points:
        found = target_of(covered, point)
        if found is None:
            yield f"never: {point.text}"
        else:
            by_target[found[0]].append(found[1])
    for arn, variables in by_target.items():
        yield f"no value for {_named(variables)} in the input of {arn_name(arn)}"


def _target_in(covered: Covered, point: Point) -> str:
    found = target_of(covered, point)
    return point.text if found is None else arn_name(found[0])


def _with_branch(point: Point) -> str:
    """Return the path of a field, with the branch of `$or` in which it is written."""
    numbers = [
        str(after + 1) for piece, after in pairwise(point.where) if piece == "$or" and isinstance(after, int)
    ]
    return field_of(point) + (f" ($or branch {'.'.join(numbers)})" if numbers else "")


def _named(texts: Sequence[str]) -> str:
    """Return texts with commas between them; of many the first ones, and the number of the others."""
    more = f" and {len(texts) - MOST_NAMED} more" if len(texts) > MOST_NAMED else ""
    return ", ".join(texts[:MOST_NAMED]) + more
