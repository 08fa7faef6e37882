from __future__ import annotations

import json

import pytest

from eventmock import OptionError
from eventmock.coverage.data import CoverageData, Origin
from eventmock.coverage.labels import labelled
from eventmock.mutants.baseline import Baseline
from eventmock.mutants.settings import Settings
from eventmock.mutants.trials import rule_of, trials_of
from eventmock.services import events
from eventmock.services.coverage import Subject, Tried

MODULE = "made_up_mistakes"


@pytest.fixture(autouse=True)
def _made_up_mistakes(monkeypatch, mutant):
    """A service that knows two mistakes in each rule."""

    class Mistakes:
        @staticmethod
        def mutants(subject):
            return [
                mutant(text=name, kind=kind) for name in subject.names for kind in ("wrong bus", "disabled")
            ]

    module = type(json)(MODULE)
    module.MUTANTS = Mistakes()
    monkeypatch.setitem(__import__("sys").modules, MODULE, module)
    monkeypatch.setitem(vars(events.SERVICE.face), "mutants", MODULE)


def subject(name, place="shop", **definition):
    return Subject("rule", "123456789012", "us-east-1", place, name, f"arn:{name}", name, definition, ())


def data(*subjects, tests=(), origin=None, tried=None):
    found = CoverageData()
    for one in subjects:
        covered = found.of(one, origin)
        covered.add_subject(one)
        covered.tests |= set(tests)
        if tried is not None:
            covered.add_tried(Tried(one, tried, (), '{"source": "shop"}'))
    return found


def trials(baseline, **settings):
    return trials_of(baseline, Settings(jobs=1, **settings), [events.SERVICE])


def test_each_rule_has_a_trial_for_each_mistake():
    baseline = Baseline(status=0, data=data(subject("ship"), subject("bill", "default"), tests=["test_a"]))
    found = trials(baseline)
    assert [(one.mutant.text, one.mutant.kind) for one in found] == [
        ("bill", "wrong bus"),
        ("bill", "disabled"),
        ("ship", "wrong bus"),
        ("ship", "disabled"),
    ]
    assert {one.module for one in found} == {MODULE}


def test_a_service_gets_the_rule_as_the_tests_have_defined_it():
    target = {"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:123456789012:queue"}
    ship = subject("ship", EventPattern="{}", Targets=[target])
    other = subject("bill", "default")
    found = trials(Baseline(status=0, data=data(ship, other, tried={"matched": 1})), rules=("ship",))
    mutated = found[0].subject
    assert mutated.definition == {"EventPattern": "{}"}
    assert mutated.targets == (target,)
    assert mutated.places == ("default", "shop")
    assert (mutated.place, mutated.names, mutated.identity) == ("shop", ("ship",), "ship")
    assert mutated.event == '{"source": "shop"}'


def test_the_likeliest_tests_come_first_and_of_these_the_fastest():
    found = data(subject("ship"), tests=["slow", "fast", "slow and active", "fast and active"])
    [covered] = found
    baseline = Baseline(
        status=0,
        data=found,
        seconds={"slow": 2.0, "fast": 1.0, "slow and active": 4.0, "fast and active": 3.0},
        active={covered.key: ["slow and active", "fast and active"]},
    )
    assert trials(baseline)[0].tests == ("fast and active", "slow and active", "fast", "slow")


@pytest.mark.parametrize(
    ("rules", "kinds", "number"), [(("shi*",), (), 2), ((), ("dis*",), 2), (("bill",), ("wrong bus",), 1)]
)
def test_some_rules_and_kinds_may_be_asked_for(rules, kinds, number):
    baseline = Baseline(status=0, data=data(subject("ship"), subject("bill")))
    assert len(trials(baseline, rules=rules, kinds=kinds)) == number


def test_an_unknown_rule_or_kind_is_refused_with_the_one_that_is_meant():
    baseline = Baseline(status=0, data=data(subject("ship"), subject("bill")))
    with pytest.raises(
        OptionError,
        match="--rule shp: the tests had no such rule, schedule or subscriber; did you mean 'ship'",
    ):
        trials(baseline, rules=("ship", "shp"))
    with pytest.raises(OptionError, match="no such rule, schedule or subscriber; there are bill, ship"):
        trials(baseline, rules=("something else",))
    with pytest.raises(OptionError, match=r"--kinds wrong-bus: .* did you mean 'wrong bus'"):
        trials(baseline, kinds=("wrong-bus",))


def test_a_pattern_may_match_no_rule_and_no_kind():
    baseline = Baseline(status=0, data=data(subject("ship"), subject("bill")))
    assert trials(baseline, rules=("shp*",)) == []
    assert trials(baseline, kinds=("another *",)) == []
    assert len(trials(baseline, rules=("shp*", "ship"))) == 2


def test_without_rules_there_is_nothing_to_try():
    assert trials(Baseline(status=0), rules=("ship",), kinds=("disabled",)) == []


def test_a_rule_has_the_label_that_it_has_in_the_table_of_coverage():
    [one] = labelled(data(subject("stack-Ship-ABC"), origin=Origin("template.yaml", "Ship", 9)))
    rule = rule_of(one)
    assert rule.label == "template.yaml:Ship (line 9)"
    assert (rule.template, rule.logical_id, rule.line) == ("template.yaml", "Ship", 9)
    [one] = labelled(data(subject("ship")))
    assert rule_of(one).label == "shop/ship"


@pytest.mark.parametrize("name", ["Ship", "stack-*", "template.yaml:*", "*line 9)"])
def test_a_rule_may_be_asked_for_by_any_of_its_names(name):
    found = data(subject("stack-Ship-ABC"), origin=Origin("template.yaml", "Ship", 9))
    assert len(trials(Baseline(status=0, data=found), rules=(name,))) == 2


@pytest.mark.parametrize(
    ("counts", "is_active"),
    [({}, False), ({"refused": 3}, False), ({"matched": 1}, True), ({"fired": 1}, True)],
)
def test_a_rule_is_active_if_it_did_more_than_refuse(counts, is_active):
    [one] = labelled(data(subject("ship"), tried=counts))
    assert rule_of(one).is_active is is_active
