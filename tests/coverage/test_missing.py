from __future__ import annotations

from eventmock.coverage.missing import missing_of

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"


def missing(measured):
    [covered] = measured.data
    return missing_of(covered)


def test_a_rule_that_got_no_event_says_just_that(measured):
    measured.rule(
        "ship", {"Id": "q", "Arn": f"{QUEUE}q"}, source=["shop"], detail={"$or": [{"a": [1]}, {"b": [1]}]}
    )
    assert missing(measured) == ["got no event"]


def test_a_disabled_rule_says_so(measured):
    measured.rule(source=["shop"], State="DISABLED")
    measured.put()
    assert missing(measured) == ["disabled, and got no event"]


def test_a_rule_that_never_matched_says_so_and_what_never_refused(measured):
    measured.rule("ship", {"Id": "q", "Arn": f"{QUEUE}q"}, source=["shop"], detail={"state": ["PAID"]})
    measured.put("office", state="PAID")
    assert missing(measured) == ["never matched (1 event refused)", "never refused only by: detail.state"]


def test_a_schedule_that_never_fired_says_just_that(measured):
    measured.rule("report", {"Id": "q", "Arn": f"{QUEUE}q"}, ScheduleExpression="rate(1 hour)")
    assert missing(measured) == ["never fired"]


def test_a_schedule_that_fired_says_what_its_target_never_did(measured):
    measured.rule("report", {"Id": "q", "Arn": f"{QUEUE}q"}, ScheduleExpression="rate(1 hour)")
    measured.backend.clock.advance(hours=2)
    assert missing(measured) == ["never failed: sqs q"]


def test_a_rule_with_a_pattern_and_a_schedule_says_what_of_both_is_missing(measured):
    measured.rule(source=["shop"], ScheduleExpression="rate(1 hour)")
    assert missing(measured) == ["got no event and never fired"]
    measured.put()
    assert missing(measured) == ["never refused only by: source", "never fired"]


def test_values_are_grouped_by_their_field(measured):
    measured.rule(source=["shop", "office", "web"], detail={"state": ["PAID", {"prefix": "RE"}, None]})
    measured.put(state="PAID")
    measured.put(state="NEW")
    measured.put("mars", state="PAID")
    assert missing(measured) == ['never tried: source "office", "web"; detail.state prefix "RE", null']


def test_what_is_in_a_branch_that_was_never_taken_follows_from_the_branch(measured):
    inner = {"$or": [{"b": [1]}, {"c": [1, 2]}]}
    measured.rule(detail={"$or": [{"a": [1]}, inner]})
    measured.put(a=1)
    assert missing(measured) == [
        "never taken: $or branch 2 (detail.b, detail.c)",
        "never refused only by: detail.a ($or branch 1), detail.b ($or branch 2.1), detail.c ($or branch 2.2)",
    ]


def test_a_field_in_a_branch_has_the_branch_beside_it(measured):
    measured.rule(detail={"$or": [{"a": [1, 2]}, {"b": [1]}]})
    measured.put(a=1)
    measured.put(b=1)
    assert missing(measured) == [
        "never tried: detail.a ($or branch 1) 2",
        "never refused only by: detail.a ($or branch 1), detail.b ($or branch 2)",
    ]


def test_targets_are_named_by_what_they_never_did(measured):
    letters = {"DeadLetterConfig": {"Arn": f"{QUEUE}letters"}}
    measured.rule(
        "ship", {"Id": "a", "Arn": f"{QUEUE}a"} | letters, {"Id": "b", "Arn": f"{QUEUE}b"}, source=["shop"]
    )
    measured.put("office")
    measured.backend.faults.inject(RuntimeError("full"), target=f"{QUEUE}b")
    measured.put()
    measured.backend.clock.advance(hours=25)
    assert missing(measured) == [
        "nothing delivered to: sqs b",
        "never failed: sqs a",
        "no dead letter of: sqs a",
    ]


def test_paths_of_an_input_that_never_found_a_value_are_named(measured):
    shape = {
        "InputPathsMap": {"order": "$.detail.order", "by": "$.detail.by"},
        "InputTemplate": '"<order> <by>"',
    }
    measured.rule("ship", {"Id": "a", "Arn": f"{QUEUE}a", "InputTransformer": shape}, source=["shop"])
    measured.put(order=7)
    assert missing(measured)[-1] == "no value for <by> in the input of sqs a"


def test_of_many_values_the_number_is_given(measured):
    measured.rule(source=[f"s{number}" for number in range(30)])
    measured.put("s0")
    measured.put("another")
    [phrase] = missing(measured)
    assert phrase.startswith('never tried: source "s1", "s2", ')
    assert phrase.endswith('"s12" and 17 more')


def test_a_long_value_is_shortened_with_its_length(measured):
    measured.rule(source=["shop", "x" * 200])
    measured.put()
    measured.put("another")
    assert missing(measured) == [f'never tried: source "{"x" * 79}... (202 characters)']


def test_nothing_is_missing_of_a_rule_that_is_covered_fully(measured):
    measured.rule(source=["shop"])
    measured.put()
    measured.put("office")
    assert missing(measured) == []
