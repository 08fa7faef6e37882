"""The log has what SARIF 2.1.0 requires, and what GitHub's code scanning reads."""

from __future__ import annotations

import json

from eventmock.checks.formats.sarif import sarif_of
from eventmock.checks.rules import all_rules


def log_of(reports):
    return json.loads(json.dumps(sarif_of(reports, all_rules(), "1.2.3")))


def test_the_log_names_its_version_and_one_run(reports):
    log = log_of(reports)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    assert set(run) == {"tool", "results"}
    assert (run["tool"]["driver"]["name"], run["tool"]["driver"]["version"]) == ("eventmock", "1.2.3")


def test_the_driver_has_all_rules(reports):
    rules = log_of(reports)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(all_rules())
    for rule in rules:
        assert set(rule) == {"id", "shortDescription", "defaultConfiguration"}
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}


def test_each_result_has_a_rule_a_level_a_message_and_a_place(reports):
    run = log_of(reports)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == 3
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        [location] = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "stacks/shop.yaml"
        assert physical["region"]["startLine"] >= 1
    assert run["results"][0]["locations"][0]["logicalLocations"] == [{"name": "Nightly", "kind": "resource"}]
    assert "logicalLocations" not in run["results"][1]["locations"][0]


def test_the_path_of_a_file_is_a_uri(reports):
    found = reports[0].findings[0].found
    moved = found._replace(place=found.place._replace(file="my stacks/shop#1.yaml"))
    finding = reports[0].findings[0]._replace(found=moved)
    [result] = log_of([reports[0]._replace(findings=[finding])])["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "my%20stacks/shop%231.yaml"
