"""Which property an error is about."""

from __future__ import annotations

import pytest

from eventmock.deployment.blame import path_to_blame

PROPERTIES = {
    "Name": "paid",
    "EventBusName": "orders",
    "State": "enabled",
    "ScheduleExpression": "daily",
    "Targets": [{"Id": "a", "Arn": "nonsense"}, {"Id": "b c", "RetryPolicy": {"MaximumRetryAttempts": 500}}],
}


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ("Value 'enabled' at 'state' failed to satisfy constraint: Member must ...", ("State",)),
        ("Value 'b c' at 'targets.2.member.id' failed to satisfy constraint", ("Targets", 1, "Id")),
        (
            "Value '500' at 'targets.2.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint",
            ("Targets", 1, "RetryPolicy", "MaximumRetryAttempts"),
        ),
        ("Value null at 'targets.2.member.arn' failed to satisfy constraint", ("Targets", 1)),
        ("Value null at 'targets.3.member.arn' failed to satisfy constraint", ("Targets",)),
        ("Parameter ScheduleExpression is not valid.", ("ScheduleExpression",)),
        ("Parameter targets is not valid. Reason: more than one", ("Targets",)),
        (
            "Parameter nonsense is not valid. Reason: Provided Arn is not in correct format.",
            ("Targets", 0, "Arn"),
        ),
        ("Event bus orders does not exist.", ("EventBusName",)),
        ("Event bus orders-2 does not exist.", ()),
        ("ScheduleExpression is supported only on the default event bus.", ("ScheduleExpression",)),
        ("Parameter(s) EventPattern or ScheduleExpression must be specified.", ()),
        ("Something else.", ()),
        ("", ()),
    ],
)
def test_the_path_of_the_property_that_the_text_is_about(message, path):
    assert path_to_blame(message, PROPERTIES) == path


def test_the_longest_value_that_stands_in_the_text_is_meant():
    properties = {"Description": "queue", "Targets": [{"Arn": "arn:aws:sqs:us-east-1:1:queue"}]}
    assert path_to_blame("queue arn:aws:sqs:us-east-1:1:queue is bad", properties) == ("Targets", 0, "Arn")


def test_a_value_of_one_or_two_characters_is_not_looked_for():
    assert path_to_blame("a rule on it", {"Description": "on", "Name": "a"}) == ()
