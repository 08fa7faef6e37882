"""Findings as SARIF 2.1.0, for code scanning.

Source: the standard of OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventmock.checks.finding import Finding
    from eventmock.checks.report import Checked
    from eventmock.checks.table import Rule

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_of(reports: Sequence[Checked], rules: Mapping[str, Rule], version: str) -> Any:
    """Return the findings of some templates as a SARIF log.

    Args:
        reports: The templates.
        rules: All rules by id.
        version: The version of eventmock.
    """
    numbers = {rule_id: number for number, rule_id in enumerate(rules)}
    driver = {"name": "eventmock", "version": version, "rules": [_rule(one) for one in rules.values()]}
    results = [_result(finding, numbers[finding.rule]) for report in reports for finding in report.findings]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(PurePath(finding.file).as_posix())},
            "region": {"startLine": finding.line},
        }
    }
    if finding.found.logical_id is not None:
        location["logicalLocations"] = [{"name": finding.found.logical_id, "kind": "resource"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": finding.text},
        "locations": [location],
    }
