from __future__ import annotations

import json

import pytest

from eventmock.coverage.labels import is_named, labelled


def labels(measured):
    return [label for label, _ in labelled(measured.data)]


def deploy(measured, pattern):
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern}}
    measured.backend.deploy({"Resources": {"Ship": rule}}, stack="shop")


def test_a_rule_has_its_bus_and_its_name(measured):
    measured.rule("ship", bus="shop", source=["shop"])
    measured.rule("bill", source=["shop"])
    assert labels(measured) == ["default/bill", "shop/ship"]


def test_a_rule_with_many_names_has_the_first_and_the_number_of_the_others(measured):
    for name in ("ship-b", "ship-a", "ship-c"):
        measured.rule(name, source=["shop"])
    assert labels(measured) == ["default/ship-a and 2 more"]


def test_a_name_with_several_patterns_is_numbered(measured):
    measured.rule("ship", source=["b"])
    assert labels(measured) == ["default/ship"]
    measured.rule("ship", source=["a"])
    assert labels(measured) == ["default/ship #1", "default/ship #2"]


def test_an_account_and_a_region_that_are_not_those_of_most_are_named(measured):
    measured.rule("a", source=["a"])
    measured.rule("b", source=["b"])
    measured.rule(
        "a", source=["a"], events=measured.backend.client(account="333333333333", region="eu-west-1")
    )
    measured.rule("c", source=["c"], events=measured.backend.client(region="eu-west-1"))
    measured.rule("d", source=["d"])
    assert labels(measured) == [
        "default/a",
        "default/a (333333333333, eu-west-1)",
        "default/b",
        "default/c (eu-west-1)",
        "default/d",
    ]


def test_a_rule_of_a_template_has_the_file_the_logical_id_and_the_line(measured, tmp_path):
    template = tmp_path / "template.json"
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["shop"]}}}
    template.write_text(json.dumps({"Resources": {"Ship": rule}}, indent=1), encoding="utf-8")
    measured.backend.deploy(str(template))
    measured.rule("a", source=["a"])
    assert labels(measured) == [f"{template}:Ship (line 3)", "default/a"]


def test_a_rule_of_a_template_without_a_file_has_the_stack(measured):
    deploy(measured, {"source": ["shop"]})
    assert labels(measured) == ["shop:Ship"]


@pytest.mark.parametrize(
    ("patterns", "named"),
    [
        (["default/legacy-*"], True),
        (["*"], True),
        (["shop/*", "default/legacy-a"], True),
        (["default/Legacy-*"], False),
        (["legacy-*"], False),
        ([], False),
    ],
)
def test_a_pattern_names_rules_by_bus_and_name(measured, patterns, named):
    measured.rule("legacy-a", source=["a"])
    [covered] = measured.data
    assert is_named(covered, patterns) is named


def test_a_rule_with_several_names_is_named_if_all_of_them_are(measured):
    measured.rule("legacy-a", source=["a"])
    measured.rule("ship", source=["a"])
    [covered] = measured.data
    assert not is_named(covered, ["default/legacy-*"])
    assert is_named(covered, ["default/legacy-*", "default/ship"])


def test_a_rule_of_a_template_is_named_by_the_template(measured):
    deploy(measured, {"source": ["shop"]})
    [covered] = measured.data
    assert is_named(covered, ["shop:*"])
    assert not is_named(covered, ["default/*"])
