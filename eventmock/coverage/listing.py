"""Coverage as JSON for tools: a stable form, unlike that of the data in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventmock.coverage.labels import labelled
from eventmock.coverage.missing import missing_of, target_of
from eventmock.coverage.pattern_text import pattern_of
from eventmock.coverage.totals import totals_of
from eventmock.values.arn import arn_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventmock.coverage.data import CoverageData, Covered
    from eventmock.coverage.totals import Totals

FORMAT: Final = 1
HAPPENINGS: Final = ("delivered", "retried", "dead-lettered", "dropped")
"""What may happen to the events of a target."""


def listing_of(data: CoverageData) -> dict[str, Any]:
    """Return coverage as a value of JSON. docs/rule-coverage.md describes its members."""
    return {
        "format": FORMAT,
        "totals": {"rules": len(data), **_totals(totals_of(data))},
        "rules": [rule_of(label, covered) for label, covered in labelled(data)],
    }


def rule_of(label: str, covered: Covered) -> dict[str, Any]:
    """Return one subject as a value of JSON.

    Args:
        label: The label of the subject.
        covered: The data of the subject.
    """
    origin = covered.origin
    about_target = {point.key for point in covered.points.values() if target_of(covered, point) is not None}
    return {
        "label": label,
        "kind": covered.kind,
        "account": covered.account,
        "region": covered.region,
        "place": covered.place,
        "names": sorted(covered.names),
        "template": None if origin is None else origin.template,
        "logical_id": None if origin is None else origin.logical_id,
        "line": None if origin is None else origin.line,
        "pattern": pattern_of(covered.definition),
        "schedule": covered.definition.get("ScheduleExpression"),
        "timezone": covered.definition.get("ScheduleExpressionTimezone"),
        "state": covered.definition.get("State"),
        **_totals(totals_of([covered])),
        "missing": missing_of(covered),
        "points": [
            {
                "kind": point.kind,
                "text": point.text,
                "where": list(point.where),
                "tried": point.key in covered.tried,
            }
            for point in covered.ordered_points
            if point.key not in about_target
        ],
        "targets": list(_targets(covered)),
        "counts": {name: covered.counts[name] for name in ("matched", "refused", "fired")},
        "tests": sorted(covered.tests),
        "event": covered.event,
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "total": totals.points,
        "tried": totals.tried,
        "missed": totals.missed,
        "percent": round(totals.percent, 2),
    }


def _targets(covered: Covered) -> Iterator[dict[str, Any]]:
    for arn in sorted(covered.targets):
        points = [point for point in covered.ordered_points if (target_of(covered, point) or ("",))[0] == arn]
        yield {
            "arn": arn,
            "name": arn_name(arn),
            "counts": {name: covered.counts[f"{name} {arn}"] for name in HAPPENINGS},
            "points": [
                {"kind": point.kind, "text": point.text, "tried": point.key in covered.tried}
                for point in points
            ],
        }
