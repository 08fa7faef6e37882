from __future__ import annotations

from eventmock.checks.formats.json_list import json_of


def test_all_that_a_finding_has_is_a_member(reports):
    value = json_of(reports)
    assert value["templates"] == [
        {"file": "stacks/shop.yaml", "made_up": ["parameter Stage"]},
        {"file": "stacks/pay.yaml", "made_up": []},
    ]
    assert value["counts"] == {"error": 1, "warning": 1, "note": 1}
    assert value["findings"][0] == {
        "rule": "refused-schedule",
        "severity": "error",
        "file": "stacks/shop.yaml",
        "line": 7,
        "logical_id": "Nightly",
        "what": "cron(71 * * * ? *): minutes: 71 is outside 0-59",
        "production": "the deployment fails: Parameter ScheduleExpression is not valid.",
        "instead": "cron(0 9 ? * MON-FRI *)",
    }
    assert [one["logical_id"] for one in value["findings"]] == ["Nightly", None, "Ship"]
    assert [one["line"] for one in value["findings"]] == [7, 9, None]
