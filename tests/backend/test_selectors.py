"""Which deliveries a selector holds; tests/backend/assertions has what assertions make of it."""

from __future__ import annotations

import pytest

from eventmock import OptionError
from eventmock.backend.selectors import ALL_TARGETS, ByArn, ByKind, ByPredicate

SHIP = "arn:aws:sqs:us-east-1:123456789012:ship"
MAIL = "arn:aws:sns:us-east-1:123456789012:mail"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
UNUSED = "arn:aws:sqs:us-east-1:123456789012:unused"
NOWHERE = "arn:aws:sqs:us-east-1:123456789012:nowhere"
RULE = "arn:aws:events:us-east-1:123456789012:rule/r"


@pytest.fixture
def deliveries(events, events_backend, order):
    """Two deliveries by target id: one to ``ship``, and one to ``mail`` that came to its dead-letter queue."""
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    targets = [
        {"Id": "ship", "Arn": SHIP, "DeadLetterConfig": {"Arn": UNUSED}},
        {"Id": "mail", "Arn": MAIL, "DeadLetterConfig": {"Arn": DEAD}},
    ]
    events.put_targets(Rule="r", Targets=targets)
    events_backend.faults.inject("NO_RESOURCE", target=MAIL)
    events.put_events(Entries=[order])
    return {delivery.target_id: delivery for delivery in events_backend.deliveries}


@pytest.mark.parametrize(
    ("selector", "taken", "held", "perhaps_held"),
    [
        (ALL_TARGETS, ["ship", "mail"], ["ship", "mail"], ["ship", "mail"]),
        (ByArn(SHIP), ["ship"], ["ship"], ["ship"]),
        (ByArn(DEAD), [], ["mail"], ["mail"]),
        (ByArn(UNUSED), [], [], ["ship"]),
        (ByArn(NOWHERE), [], [], []),
        (ByKind("SNS topic"), ["mail"], ["mail"], ["mail"]),
        (ByKind("Lambda function"), [], [], []),
        (ByPredicate(lambda one: one.target_id == "ship"), ["ship"], ["ship"], ["ship"]),
        (ByPredicate(lambda one: [one][1:]), [], [], []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_which_deliveries_are_meant(deliveries, selector, taken, held, perhaps_held):
    def ids(holds):
        found = [holds(delivery) for delivery in deliveries.values()]
        assert {type(one) for one in found} == {bool}
        return [name for name, holds in zip(deliveries, found, strict=True) if holds]

    assert ids(selector.takes) == taken
    assert ids(selector.holds) == held
    assert ids(selector.may_hold) == perhaps_held


@pytest.mark.parametrize(
    ("selector", "meant", "rules"),
    [
        (ALL_TARGETS, ["ship", "mail"], [RULE, "other"]),
        (ByArn(SHIP), ["ship"], []),
        (ByArn(SHIP, RULE), ["ship"], [RULE]),
        (ByArn(DEAD), ["mail"], []),
        (ByKind("SNS topic"), ["mail"], []),
        (ByPredicate(bool), ["ship", "mail"], [RULE, "other"]),
    ],
    ids=repr,
)
def test_which_targets_and_rules_may_be_meant(deliveries, selector, meant, rules):
    assert [one.target_id for one in deliveries.values() if selector.may_mean(one.target)] == meant
    assert [arn for arn in (RULE, "other") if selector.may_mean_rule(arn)] == rules


@pytest.mark.parametrize(
    ("selector", "words", "is_whole", "is_one_target", "rule_arn"),
    [
        (ALL_TARGETS, "", True, False, None),
        (ByArn(SHIP), " to sqs ship", False, True, None),
        (ByArn(SHIP, RULE), " to sqs ship", False, True, RULE),
        (ByKind("SQS queue"), " to any SQS queue", False, False, None),
        (ByPredicate(bool), " to the targets that where= picks", False, False, None),
    ],
    ids=repr,
)
def test_words(selector, words, is_whole, is_one_target, rule_arn):
    assert selector.words == words
    assert (selector.is_whole, selector.is_one_target) == (is_whole, is_one_target)
    assert selector.rule_arn == rule_arn


def test_selectors_are_values():
    assert ByArn(SHIP) == ByArn(SHIP) != ByArn(SHIP, RULE)
    assert len({ByKind("SQS queue"), ByKind("SQS queue"), ByArn(SHIP), ALL_TARGETS}) == 3


class TestChecks:
    @pytest.mark.parametrize(
        ("selector", "status", "text"),
        [
            (ByArn(NOWHERE), None, f"call() of {NOWHERE}: there is no such target: did you mean '{SHIP}'?"),
            (
                ByArn(DEAD),
                "delivered",
                f"call() of {DEAD}: that is a dead-letter queue: say assert_dead_lettered()",
            ),
            (
                ByKind("Lambda function"),
                None,
                "call(): no rule has a target of the kind 'Lambda function'",
            ),
        ],
        ids=repr,
    )
    def test_what_is_not_there_is_told(self, deliveries, selector, status, text):
        with pytest.raises(OptionError) as caught:
            selector.check("call", (one.target for one in deliveries.values()), status)
        assert str(caught.value) == text

    def test_there_are_no_targets(self):
        with pytest.raises(OptionError) as caught:
            ByArn(SHIP).check("call", (), None)
        assert str(caught.value) == f"call() of {SHIP}: there is no target at all"

    @pytest.mark.parametrize(
        ("selector", "status"),
        [
            (ByArn(SHIP), "delivered"),
            (ByArn(DEAD), "dead-lettered"),
            (ByArn(DEAD), None),
            (ByKind("SQS queue"), None),
        ],
        ids=repr,
    )
    def test_what_is_there(self, deliveries, selector, status):
        selector.check("call", (one.target for one in deliveries.values()), status)

    @pytest.mark.parametrize("selector", [ALL_TARGETS, ByArn(NOWHERE, RULE), ByPredicate(bool)], ids=repr)
    def test_what_needs_no_target(self, selector):
        selector.check("call", (), None)
