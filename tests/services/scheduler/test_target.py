from __future__ import annotations

import json
import tracemalloc
from datetime import timedelta

import pytest

from eventmock.services.scheduler.target import kind_of_target, target_of
from eventmock.values.arn import Arn

HERE = "us-east-1:123456789012"
QUEUE = {"Arn": f"arn:aws:sqs:{HERE}:q", "RoleArn": "arn:aws:iam::123456789012:role/r"}
UNIVERSAL = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, (86400, 185)),
        ({}, (86400, 185)),
        ({"MaximumRetryAttempts": 0}, (86400, 0)),
        ({"MaximumEventAgeInSeconds": 60}, (60, 185)),
        ({"MaximumEventAgeInSeconds": 61, "MaximumRetryAttempts": 2}, (61, 2)),
    ],
)
def test_the_retry_policy_is_shown_with_its_defaults(given, shown):
    target = target_of(QUEUE if given is None else QUEUE | {"RetryPolicy": given})
    age, attempts = shown
    assert target.members["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": age,
        "MaximumRetryAttempts": attempts,
    }
    assert target.retry_policy == (attempts, timedelta(seconds=age))


def test_all_other_members_are_shown_as_they_were_given():
    given = QUEUE | {"Input": " { } ", "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{HERE}:dead"}}
    target = target_of(given)
    assert {name: value for name, value in target.members.items() if name != "RetryPolicy"} == given
    assert (target.input, target.dead_letter_queue) == (" { } ", f"arn:aws:sqs:{HERE}:dead")


def test_who_changes_the_members_changes_a_copy():
    target = target_of(QUEUE | {"DeadLetterConfig": {"Arn": "a"}})
    target.members["DeadLetterConfig"]["Arn"] = "b"
    assert target.dead_letter_queue == "a"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"arn:aws:sqs:{HERE}:q", "SQS queue"),
        (UNIVERSAL, "universal target"),
        (UNIVERSAL.replace(":::", f":{HERE}:"), None),
        (UNIVERSAL.replace(":::", "::123456789012:"), None),
        (f"arn:aws:batch:{HERE}:job-queue/q", None),
        (f"arn:aws:events:{HERE}:api-destination/ship/11111111-2222-4333-8444-666666666666", None),
    ],
)
def test_the_kind(text, kind):
    found = kind_of_target(Arn.of(text))
    assert (None if found is None else found.name) == kind


@pytest.mark.parametrize(
    ("members", "body"),
    [
        (QUEUE | {"Input": "n=<aws.scheduler.attempt-number>"}, "n=1"),
        ({"Arn": f"arn:aws:codepipeline:{HERE}:p", "Input": '{"x":1}'}, '{"Name":"p"}'),
        ({"Arn": f"arn:aws:codebuild:{HERE}:project/p"}, '{"ProjectName":"p"}'),
        ({"Arn": f"arn:aws:codebuild:{HERE}:project/p", "Input": "{}"}, "{}"),
        ({"Arn": UNIVERSAL, "Input": '{"q":"<aws.scheduler.attempt-number>"}'}, '{"q":"1"}'),
    ],
)
def test_the_body(execution, members, body):
    assert target_of(members).body_of(execution) == body


def test_the_names_of_a_request_begin_with_a_capital_at_every_depth(execution):
    block = {"TaskDefinitionArn": "t", "Tags": [{"team": "blue"}]}
    body = target_of({"Arn": f"arn:aws:ecs:{HERE}:cluster/c", "EcsParameters": block}).body_of(execution)
    assert json.loads(body)["Tags"] == [{"Key": "team", "Value": "blue"}]


def test_each_attempt_has_its_own_input(execution):
    target = target_of(QUEUE | {"Input": "<aws.scheduler.attempt-number> <aws.scheduler.execution-id>"})
    second = execution._replace(attempt=2, id="other")
    assert target.body_of(execution) == f"1 {execution.id}"
    assert target.body_of(second) == "2 other"
    assert target.request_of(second).parameters["MessageBody"] == "2 other"


def test_a_hundred_thousand_need_little_more_than_their_members():
    members = [QUEUE | {"Input": f"{{{number}}}"} for number in range(1000)]
    tracemalloc.start()
    targets = list(map(target_of, members))
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / len(targets) < 500
