from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
ROLE = "arn:aws:iam::123456789012:role/r"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
TASK = "arn:aws:ecs:us-east-1:123456789012:task-definition/t:1"


@pytest.fixture
def rule(events):
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    return "r"


@pytest.fixture
def put(events, rule):
    """A function that puts one target."""

    def put(Arn=QUEUE, Id="t", **members):  # noqa: N803 - AWS's names
        return events.put_targets(Rule=rule, Targets=[{"Id": Id, "Arn": Arn, **members}])

    return put


def ids(events):
    return [target["Id"] for target in events.list_targets_by_rule(Rule="r")["Targets"]]


def ecs(**more):
    return {"Arn": CLUSTER, "RoleArn": ROLE, "EcsParameters": {"TaskDefinitionArn": TASK, **more}}


def network(**more):
    return {"NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["s"], **more}}}


def batch(**more):
    parameters = {"JobDefinition": "d", "JobName": "n", **more}
    return {"Arn": "arn:aws:batch:us-east-1:1:job-queue/q", "RoleArn": ROLE, "BatchParameters": parameters}


def redshift(**more):
    parameters = {"Database": "d", **more}
    return {
        "Arn": "arn:aws:redshift:us-east-1:1:cluster:c",
        "RoleArn": ROLE,
        "RedshiftDataParameters": parameters,
    }


def test_both_members_are_answered_always(events, put, rule):
    for answer in (put(), events.remove_targets(Rule=rule, Ids=["t", "unknown"])):
        assert (answer["FailedEntryCount"], answer["FailedEntries"]) == (0, [])


def test_targets_are_shown_as_they_were_put(events, put):
    given = {
        "Input": '{"a":  1}',
        "RoleArn": ROLE,
        "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
        "DeadLetterConfig": {"Arn": QUEUE},
    }
    put(**given)
    assert events.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "t", "Arn": QUEUE, **given}]


def test_ecs_parameters_are_shown_with_their_defaults(events, put):
    put(**ecs(LaunchType="EC2"))
    [target] = events.list_targets_by_rule(Rule="r")["Targets"]
    assert target["EcsParameters"] == {
        "TaskDefinitionArn": TASK,
        "LaunchType": "EC2",
        "TaskCount": 1,
        "EnableECSManagedTags": False,
        "EnableExecuteCommand": False,
    }


def test_the_same_id_replaces(events, put):
    put()
    put(Input="1")
    [target] = events.list_targets_by_rule(Rule="r")["Targets"]
    assert target["Input"] == "1"


def test_the_sixth_target_fails_the_whole_call(events, rule, error_of, put):
    put()
    six = [{"Id": f"t{number}", "Arn": QUEUE} for number in range(5)]
    assert error_of(events.put_targets, Rule=rule, Targets=six) == (
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
    )
    assert ids(events) == ["t"]


def test_one_bad_target_fails_the_whole_call(events, rule, error_of):
    targets = [{"Id": "good", "Arn": QUEUE}, {"Id": "bad", "Arn": "queue"}]
    assert error_of(events.put_targets, Rule=rule, Targets=targets) == (
        "ValidationException",
        "Parameter queue is not valid. Reason: Provided Arn is not in correct format.",
    )
    assert ids(events) == []


def test_an_id_twice_in_one_call(events, rule, error_of):
    target = {"Id": "t", "Arn": QUEUE}
    assert error_of(events.put_targets, Rule=rule, Targets=[target, target]) == (
        "ValidationException",
        "Parameter targets is not valid. Reason: More than one target with Id 't' is provided.",
    )


@pytest.mark.parametrize("operation", ["put_targets", "list_targets_by_rule", "remove_targets"])
def test_an_unknown_rule(events, error_of, operation):
    more = {"put_targets": {"Targets": [{"Id": "t", "Arn": QUEUE}]}, "remove_targets": {"Ids": ["t"]}}
    call = getattr(events, operation)
    assert error_of(call, Rule="nope", **more.get(operation, {})) == (
        "ResourceNotFoundException",
        "Rule nope does not exist on EventBus default.",
    )


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"Arn": "arn:aws:sqs:us-east-1:1:q.fifo"},
            "Parameter(s) SqsParameters must be specified for target: t.",
        ),
        ({"Arn": CLUSTER, "RoleArn": ROLE}, "Parameter(s) EcsParameters must be specified for target: t."),
        (
            {"Arn": "arn:aws:batch:us-east-1:1:job-queue/q", "RoleArn": ROLE},
            "Parameter(s) BatchParameters must be specified for target: t.",
        ),
        (
            {"KinesisParameters": {"PartitionKeyPath": "$.id"}},
            "Parameter(s) KinesisParameters not supported for target: t.",
        ),
        ({"HttpParameters": {}}, "Parameter(s) HttpParameters not supported for target: t."),
        (
            {"Arn": "arn:aws:states:us-east-1:1:stateMachine:s"},
            "RoleArn is required for target arn:aws:states:us-east-1:1:stateMachine:s.",
        ),
        (
            {"Arn": "arn:aws:events:us-east-1:123456789012:event-bus/other"},
            "RoleArn is required for target arn:aws:events:us-east-1:123456789012:event-bus/other.",
        ),
        (
            {"Arn": "arn:aws:logs:us-east-1:1:log-group:g", "RoleArn": ROLE},
            "RoleArn is not supported for target arn:aws:logs:us-east-1:1:log-group:g.",
        ),
        (
            {"Arn": "arn:aws:logs:us-east-1:1:log-group:g", "Input": "1"},
            "Input and InputPath are not valid forms of input for target t. "
            "The only valid form of input is InputTransformer.",
        ),
        (
            ecs(LaunchType="FARGATE"),
            "Parameter NetworkConfiguration must be specified for target t when launch type is FARGATE.",
        ),
        (
            ecs(LaunchType="EC2", PlatformVersion="1"),
            "Parameter PlatformVersion for target t is not supported when launch type is EC2.",
        ),
        (
            ecs(LaunchType="EC2", **network(AssignPublicIp="ENABLED")),
            "Parameter AssignPublicIp for target t is not supported when launch type is EC2.",
        ),
        (
            ecs(**network(Subnets=["s"] * 17)),
            "Parameter Subnets is not valid. Reason: size must be in between 1 and 16.",
        ),
        (
            ecs(**network(SecurityGroups=["s"] * 6)),
            "Parameter SecurityGroups is not valid. Reason: size must be in between 0 and 5.",
        ),
        (ecs(TaskCount=11), "Parameter(s) TaskCount not valid for target: t."),
        (
            ecs(TaskDefinitionArn=TASK.replace("us-east-1", "eu-west-1")),
            f"Region of {CLUSTER} does not match region of {TASK.replace('us-east-1', 'eu-west-1')}.",
        ),
        (
            batch(ArrayProperties={"Size": 1}),
            "Parameter ArrayProperties is not valid. Reason: Size must be in between 2 and 10000.",
        ),
        (
            batch(RetryStrategy={"Attempts": 11}),
            "Parameter RetryStrategy is not valid. Reason: Attempts must be in between 1 and 10.",
        ),
        (
            redshift(Sql="s", Sqls=["s"]),
            "Either RedshiftDataParameters.sql or RedshiftDataParameters.sqls must be specified.",
        ),
        (
            redshift(
                Sql="s", DbUser="u", SecretManagerArn="arn:aws:secretsmanager:us-east-1:123456789012:secret:s"
            ),
            "Either RedshiftDataParameters.dBUser or RedshiftDataParameters.secretManagerArn must be specified.",
        ),
        (
            {"DeadLetterConfig": {"Arn": "arn:aws:sns:us-east-1:1:t"}},
            "sns is not supported as a dead letter resource.",
        ),
        ({"DeadLetterConfig": {"Arn": QUEUE + ".fifo"}}, "SQS FIFO is not supported by Dead Letter Queues."),
        (
            {"DeadLetterConfig": {"Arn": QUEUE.replace("us-east-1", "eu-west-1")}},
            "Parameter arn:aws:sqs:eu-west-1:123456789012:q is not valid. "
            "Reason: The dead-letter queue must be in us-east-1.",
        ),
        (
            {"Input": "1", "InputPath": "$.a"},
            "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
        ),
        ({"InputPath": "detail"}, "InputPath for target t is invalid."),
        (
            {"InputTransformer": {"InputTemplate": '"<a>"'}},
            "InputTemplate for target t contains invalid placeholder a.",
        ),
    ],
)
def test_what_put_targets_refuses(events, put, error_of, members, message):
    assert error_of(put, **members) == ("ValidationException", message)
    assert ids(events) == []


@pytest.mark.parametrize(
    "members",
    [
        {"Arn": "arn:aws:lambda:us-east-1:1:function:f"},
        {"Arn": "arn:aws:sns:us-east-1:1:t"},
        {"Arn": "arn:aws:logs:us-east-1:1:log-group:g"},
        {"Arn": "arn:aws:kinesis:us-east-1:1:stream/s", "RoleArn": ROLE},
        {"Arn": "arn:aws:sqs:us-east-1:1:q.fifo", "SqsParameters": {"MessageGroupId": "g"}},
        {"SqsParameters": {"MessageGroupId": "accepted on any target"}},
        {"Arn": "arn:aws:execute-api:us-east-1:1:api/stage/GET/path", "HttpParameters": {}},
        {"Arn": "arn:aws:events:us-east-1:222222222222:event-bus/of-another-account"},
        {"Arn": "arn:aws:unheard-of:us-east-1:1:thing"},
        ecs(**network(SecurityGroups=["s"] * 5)),
        ecs(LaunchType="FARGATE", **network()),
        batch(ArrayProperties={"Size": 2}, RetryStrategy={"Attempts": 10}),
        redshift(Sql="s", DbUser="u"),
        {"DeadLetterConfig": {"Arn": QUEUE}},
        {"DeadLetterConfig": {}},
        {"Input": ""},
    ],
    ids=range(16),
)
def test_what_put_targets_takes(events, put, members):
    put(**members)
    assert ids(events) == ["t"]


def test_from_another_account_only_buses_are_targets(events, events_backend, error_of):
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    other = events_backend.client(account="222222222222")
    call = {"Rule": "r", "EventBusName": bus}
    assert error_of(other.put_targets, **call, Targets=[{"Id": "t", "Arn": QUEUE}]) == (
        "ValidationException",
        "Only EventBus targets are allowed on cross-account PutTargets calls.",
    )
    there = bus.replace("123456789012", "222222222222")
    other.put_targets(**call, Targets=[{"Id": "t", "Arn": there}])
    assert ids(events) == ["t"]


class TestManaged:
    @pytest.fixture(autouse=True)
    def _rule(self, events_backend):
        targets = [{"Id": name, "Arn": QUEUE} for name in ("t", "u")]
        events_backend.add_managed_rule(
            "r", managed_by="states.amazonaws.com", event_pattern='{"source": ["shop"]}', targets=targets
        )

    def test_its_targets_are_shown(self, events, answer_of):
        assert answer_of(events.list_targets_by_rule, Rule="r") == {
            "Targets": [{"Id": "t", "Arn": QUEUE}, {"Id": "u", "Arn": QUEUE}]
        }

    @pytest.mark.parametrize("target_id", ["t", "new"])
    def test_none_is_added_or_replaced(self, events, error_of, target_id):
        target = {"Id": target_id, "Arn": QUEUE, "Input": "1"}
        assert error_of(events.put_targets, Rule="r", Targets=[target]) == (
            "ManagedRuleException",
            "r is a managed rule.",
        )
        assert events.list_targets_by_rule(Rule="r")["Targets"][0] == {"Id": "t", "Arn": QUEUE}

    def test_a_target_is_checked_before_whose_rule_it_is(self, events, error_of):
        target = {"Id": "new", "Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}
        code, message = error_of(events.put_targets, Rule="r", Targets=[target])
        assert (code, message[:8]) == ("ValidationException", "RoleArn ")

    def test_they_are_removed_by_force_only(self, events, answer_of, error_of):
        for force in ({}, {"Force": False}):
            assert error_of(events.remove_targets, Rule="r", Ids=["t"], **force) == (
                "ManagedRuleException",
                "r is a managed rule. Set 'force' parameter to true to override.",
            )
        assert ids(events) == ["t", "u"]
        assert answer_of(events.remove_targets, Rule="r", Ids=["t"], Force=True) == {
            "FailedEntryCount": 0,
            "FailedEntries": [],
        }
        assert ids(events) == ["u"]


def test_force_is_nothing_to_targets_of_other_rules(events, put, rule):
    put()
    events.remove_targets(Rule=rule, Ids=["t"], Force=True)
    assert ids(events) == []


@pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")
def test_pages(events, rule, paging):
    events.create_event_bus(Name="orders")
    for bus in ("default", "orders"):
        events.put_rule(Name=rule, EventBusName=bus, EventPattern='{"source": ["shop"]}')
        targets = [{"Id": name, "Arn": QUEUE} for name in "cab"]
        events.put_targets(Rule=rule, EventBusName=bus, Targets=targets)
    paging(
        "list_targets_by_rule",
        "Targets",
        needed={"Rule": rule},
        filters={"EventBusName": "orders"},
        refusal=("InvalidTokenException", "Parameter NextToken is not valid."),
        elsewhere=("ResourceNotFoundException", "Rule r does not exist on EventBus default."),
    )
