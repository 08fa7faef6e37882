from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
ROLE = "arn:aws:iam::123456789012:role/r"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
DOCUMENT = "arn:aws:ssm:us-east-1:123456789012:document/d"
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
    return {
        "Arn": "arn:aws:batch:us-east-1:123456789012:job-queue/q",
        "RoleArn": ROLE,
        "BatchParameters": parameters,
    }


def redshift(**more):
    parameters = {"Database": "d", **more}
    return {
        "Arn": "arn:aws:redshift:us-east-1:123456789012:cluster:c",
        "RoleArn": ROLE,
        "RedshiftDataParameters": parameters,
    }


def instances(*targets):
    return {"RunCommandParameters": {"RunCommandTargets": list(targets)}}


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
            {"Arn": "arn:aws:sqs:us-east-1:123456789012:q.fifo"},
            "Parameter(s) SqsParameters must be specified for target: t.",
        ),
        ({"Arn": CLUSTER, "RoleArn": ROLE}, "Parameter(s) EcsParameters must be specified for target: t."),
        (
            {"Arn": "arn:aws:batch:us-east-1:123456789012:job-queue/q", "RoleArn": ROLE},
            "Parameter(s) BatchParameters must be specified for target: t.",
        ),
        (
            {"KinesisParameters": {"PartitionKeyPath": "$.id"}},
            "Parameter(s) KinesisParameters not supported for target: t.",
        ),
        ({"HttpParameters": {}}, "Parameter(s) HttpParameters not supported for target: t."),
        (
            {"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:s"},
            "RoleArn is required for target arn:aws:states:us-east-1:123456789012:stateMachine:s.",
        ),
        (
            {"Arn": "arn:aws:events:us-east-1:123456789012:event-bus/other"},
            "RoleArn is required for target arn:aws:events:us-east-1:123456789012:event-bus/other.",
        ),
        (
            {"Arn": "arn:aws:logs:us-east-1:123456789012:log-group:g", "RoleArn": ROLE},
            "RoleArn is not supported for target arn:aws:logs:us-east-1:123456789012:log-group:g.",
        ),
        (
            {"Arn": "arn:aws:logs:us-east-1:123456789012:log-group:g", "Input": "1"},
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
            ecs(LaunchType="EXTERNAL", PlatformVersion="1"),
            "Parameter PlatformVersion for target t is not supported when launch type is EXTERNAL.",
        ),
        (
            ecs(LaunchType="EXTERNAL", **network(AssignPublicIp="DISABLED")),
            "Parameter AssignPublicIp for target t is not supported when launch type is EXTERNAL.",
        ),
        (
            ecs(PlatformVersion="1"),
            "Parameter PlatformVersion for target t is not supported when launch type is EC2.",
        ),
        (
            ecs(**network(AssignPublicIp="ENABLED")),
            "Parameter AssignPublicIp for target t is not supported when launch type is EC2.",
        ),
        (ecs(Group="g" * 256), "Parameter(s) Group not valid for target: t."),
        (
            ecs(CapacityProviderStrategy=[{"capacityProvider": name, "base": 1} for name in "ab"]),
            "Parameter(s) CapacityProviderStrategy not valid for target: t.",
        ),
        (
            ecs(PlacementConstraints=[{"type": "memberOf"}, {"type": "distinctInstance", "expression": "e"}]),
            "Parameter(s) PlacementConstraints not valid for target: t.",
        ),
        *(
            (
                ecs(PlacementStrategy=[{"type": "random"}, {"type": "binpack", **field}]),
                "Parameter(s) PlacementStrategy not valid for target: t.",
            )
            for field in ({}, {"field": "instanceId"}, {"field": ""})
        ),
        *(
            (ecs(TaskDefinitionArn=text), "Parameter(s) TaskDefinitionArn not valid for target: t.")
            for text in ("t:1", TASK + ":2", TASK + "x", CLUSTER, TASK.replace("ecs", "sqs"), "arn:aws:ecs")
        ),
        ({**ecs(), "InputPath": "$.detail"}, "Parameter(s) InputPath not supported for target: t."),
        *(
            (
                {"Arn": DOCUMENT, "RoleArn": ROLE, **run_command},
                "Parameter RunCommandParameters is not valid for target t.",
            )
            for run_command in (
                {},
                instances({"Key": "InstanceIds", "Values": ["i"]}, {"Key": "tag:a", "Values": ["b"]}),
                *(instances({"Key": key, "Values": ["i"]}) for key in ("instanceids", "tag:", "Tag:a", "a")),
            )
        ),
        (
            redshift(Sql="s"),
            "Either RedshiftDataParameters.dBUser or RedshiftDataParameters.secretManagerArn must be specified.",
        ),
        (
            {"DeadLetterConfig": {"Arn": "arn:aws:sns:us-east-1:123456789012:t"}},
            "sns is not supported as a dead letter resource.",
        ),
        *(
            (
                {"DeadLetterConfig": {"Arn": text}},
                f"Parameter {text} is not valid. Reason: Provided Arn is not in correct format.",
            )
            for text in ("queue", f"{QUEUE}/x", f"{QUEUE}:x", "arn:aws:sqs:us-east-1::q")
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
    ("members", "advice"),
    [
        (
            {"InputTransformer": {"InputPathsMap": {"b": "$.b", "c": "$.c"}, "InputTemplate": '"<a>"'}},
            "<a> is neither reserved nor a key of InputPathsMap (its keys: b, c)",
        ),
        ({"Input": "text"}, "Input must be JSON (a plain text needs quotes of its own): "),
    ],
)
def test_a_refused_input_is_explained_to_the_tester(events_backend, put, error_of, members, advice):
    _, message = error_of(put, **members)
    [*_, line] = events_backend.report().splitlines()
    assert f"{message} ({advice}" in line


@pytest.mark.parametrize(
    "members",
    [
        {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:f"},
        {"Arn": "arn:aws:sns:us-east-1:123456789012:t"},
        {"Arn": "arn:aws:logs:us-east-1:123456789012:log-group:g"},
        {"Arn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "RoleArn": ROLE},
        {"Arn": "arn:aws:sqs:us-east-1:123456789012:q.fifo", "SqsParameters": {"MessageGroupId": "g"}},
        {"SqsParameters": {"MessageGroupId": "accepted on any target"}},
        {"Arn": "arn:aws:execute-api:us-east-1:123456789012:api/stage/GET/path", "HttpParameters": {}},
        {"Arn": "arn:aws:events:us-east-1:222222222222:event-bus/of-another-account", "RoleArn": ROLE},
        {"Arn": "arn:aws:events:us-east-1:123456789012:event-bus/missing", "RoleArn": ROLE},
        ecs(**network(SecurityGroups=["s"] * 5)),
        ecs(LaunchType="FARGATE", PlatformVersion="1", **network(AssignPublicIp="ENABLED")),
        ecs(**network(AssignPublicIp="DISABLED")),
        ecs(TaskDefinitionArn=TASK.removesuffix(":1")),
        ecs(TaskDefinitionArn="$.detail.task"),
        ecs(
            Group="g" * 255,
            PlatformVersion="1",
            CapacityProviderStrategy=[
                {"capacityProvider": "FARGATE", "base": 1},
                {"capacityProvider": "FARGATE_SPOT", "base": 0},
            ],
            PlacementConstraints=[{"type": "distinctInstance"}, {"type": "memberOf", "expression": "e"}],
            PlacementStrategy=[
                {"type": "binpack", "field": "MEMORY"},
                {"type": "binpack", "field": "cpu"},
                {"type": "spread", "field": "host"},
            ],
        ),
        *(
            {"Arn": DOCUMENT, "RoleArn": ROLE, **instances({"Key": key, "Values": ["i"]})}
            for key in ("InstanceIds", "tag:a", "tag::")
        ),
        redshift(Sql="s", SecretManagerArn="arn:aws:secretsmanager:us-east-1:123456789012:secret:s"),
        {
            **redshift(Sql="s"),
            "Arn": "arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/w",
        },
        batch(ArrayProperties={"Size": 2}, RetryStrategy={"Attempts": 10}),
        redshift(Sql="s", DbUser="u"),
        {"DeadLetterConfig": {"Arn": QUEUE}},
        {"DeadLetterConfig": {}},
        {"Input": ""},
    ],
)
def test_what_put_targets_takes(events, put, members):
    put(**members)
    assert ids(events) == ["t"]


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        ("arn:aws:s3:::bucket", "s3 is not a supported service for a target."),
        ("arn:aws:ec2:us-nowhere-1:123456789012:instance/i", "ec2 is not a supported service for a target."),
        (
            "arn:aws:dynamodb:us-east-1:123456789012:table/t",
            "dynamodb is not a supported service for a target.",
        ),
        (
            "arn:aws:autoscaling:us-east-1:::",
            "Parameter arn:aws:autoscaling:us-east-1::: is not valid. Reason: Service as target config for ARN: "
            "arn:aws:autoscaling:us-east-1::: not found. "
            "The API call hasn't been recognized as managed rules call",
        ),
        *(
            (text, f"Parameter {text} is not valid. Reason: Provided Arn is not in correct format.")
            for text in (
                "arn:aws:lambda:us-east-1:123456789012:layer:l:1",
                "arn:aws:appsync:us-east-1:123456789012:apis/x",
                "arn:aws:sns:us-east-1:123456789012:",
                "arn:aws:events:us-nowhere-1:123456789012:event-bus/default",
                "arn:aws:events:us-east-99:123456789012:event-bus/default",
                "arn:aws:sqs:cn-north-1:123456789012:q",
                "arn:aws-cn:sqs:eu-west-1:123456789012:q",
                "arn:unheard-of:sqs:eu-west-1:123456789012:q",
                "arn:unheard-of:ssm-incidents::123456789012:response-plan/p",
                "arn:aws-cn:sqs:us-east-1:123456789012:q",
                "arn:aws-cn:events:cn-north-1:123456789012:event-bus/default",
            )
        ),
    ],
)
def test_what_is_no_target_is_refused(events, put, error_of, arn, message):
    assert error_of(put, Arn=arn, RoleArn=ROLE) == ("ValidationException", message)
    assert ids(events) == []


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:firehose:eu-west-1:123456789012:deliverystream/s",
        "arn:aws-cn:sqs:cn-north-1:123456789012:q",
        "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:q",
        "arn:aws:events:us-east-1:123456789012:event-busv2/orders/abcdefghij0123456789abcde",
        "arn:aws:events:us-east-1:123456789012:target/stop-instance",
    ],
)
def test_targets_elsewhere_and_of_rare_kinds_are_taken(events, put, arn):
    put(arn, RoleArn=ROLE)
    assert ids(events) == ["t"]


def test_the_tester_reads_what_else_of_a_service_is_a_target(events_backend, put, error_of):
    error_of(put, Arn="arn:aws:appsync:us-east-1:123456789012:apis/x")
    assert "(of appsync, rules deliver to: AppSync API)" in events_backend.report()


def test_the_tester_reads_what_is_not_known_about_a_place(events_backend, put, error_of):
    error_of(put, Arn="arn:aws:sqs:us-nowhere-1:123456789012:q")
    assert (
        "(the installed botocore knows no region 'us-nowhere-1' in partition 'aws')"
        in events_backend.report()
    )


def test_in_another_partition_buses_are_targets_of_each_other(events_backend):
    china = events_backend.client(region="cn-north-1")
    china.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    bus = "arn:aws-cn:events:cn-northwest-1:123456789012:event-bus/default"
    china.put_targets(
        Rule="r", Targets=[{"Id": "t", "Arn": bus, "RoleArn": ROLE.replace("aws", "aws-cn", 1)}]
    )
    assert ids(china) == ["t"]


def test_a_region_that_the_installed_botocore_does_not_know_is_one_if_the_bus_is_there(events_backend):
    new = events_backend.client(region="eu-north-99")
    new.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    new.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": "arn:aws:sqs:eu-north-99:123456789012:q"}])
    assert ids(new) == ["t"]


@pytest.mark.parametrize(
    "arn",
    [
        QUEUE,
        "arn:aws:sns:us-east-1:123456789012:t",
        "arn:aws:lambda:us-east-1:123456789012:function:f",
    ],
)
def test_a_role_is_optional_where_a_policy_lets_events_in(events, put, arn):
    put(arn, RoleArn=ROLE)
    assert events.list_targets_by_rule(Rule="r")["Targets"][0]["RoleArn"] == ROLE
    put(arn)
    assert "RoleArn" not in events.list_targets_by_rule(Rule="r")["Targets"][0]


class TestBuses:
    OWN = "arn:aws:events:us-east-1:123456789012:event-bus/other"
    MISSING = "arn:aws:events:us-east-1:123456789012:event-bus/missing"
    OTHER_ACCOUNT = "arn:aws:events:us-east-1:222222222222:event-bus/other"
    OTHER_REGION = "arn:aws:events:eu-west-1:123456789012:event-bus/other"
    ALL = (OWN, MISSING, OTHER_ACCOUNT, OTHER_REGION)

    @pytest.fixture(autouse=True)
    def _buses(self, events, events_backend):
        events.create_event_bus(Name="other")
        events_backend.client(account="222222222222").create_event_bus(Name="other")

    @pytest.mark.parametrize("arn", ALL)
    def test_each_wants_a_role(self, events, put, error_of, arn):
        assert error_of(put, Arn=arn) == ("ValidationException", f"RoleArn is required for target {arn}.")
        put(arn, RoleArn=ROLE)
        assert ids(events) == ["t"]

    @pytest.mark.parametrize("arn", ALL)
    def test_a_target_that_had_a_role_keeps_it_when_it_is_put_without(self, events, put, error_of, arn):
        put(arn, RoleArn=ROLE)
        assert error_of(put, Arn=arn) == ("ValidationException", f"RoleArn is required for target {arn}.")
        assert events.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "t", "Arn": arn, "RoleArn": ROLE}]

    @pytest.mark.parametrize("arn", ALL)
    @pytest.mark.parametrize(
        "members",
        [{"Input": "1"}, {"Input": ""}, {"InputPath": "$"}, {"InputTransformer": {"InputTemplate": '"a"'}}],
    )
    def test_none_takes_other_input(self, events, put, error_of, arn, members):
        assert error_of(put, Arn=arn, RoleArn=ROLE, **members) == (
            "ValidationException",
            "Modifying the input for target t is not supported.",
        )
        assert ids(events) == []

    @pytest.mark.parametrize("arn", ALL)
    def test_none_takes_a_retry_policy(self, events, put, error_of, arn):
        policy = {"MaximumRetryAttempts": 1}
        assert error_of(put, Arn=arn, RoleArn=ROLE, RetryPolicy=policy) == (
            "ValidationException",
            "Retry policy is not supported for Event bus targets.",
        )
        assert ids(events) == []

    def test_a_dead_letter_queue_is_taken(self, events, put):
        put(self.OWN, RoleArn=ROLE, DeadLetterConfig={"Arn": QUEUE})
        assert ids(events) == ["t"]

    @pytest.mark.parametrize("bus", ["default", "other"])
    def test_a_bus_is_no_target_of_its_own_rules(self, events, error_of, bus):
        events.put_rule(Name="own", EventBusName=bus, EventPattern='{"source": ["shop"]}')
        target = {"Id": "t", "Arn": self.OWN.replace("other", bus), "RoleArn": ROLE}
        assert error_of(events.put_targets, Rule="own", EventBusName=bus, Targets=[target]) == (
            "ValidationException",
            "Source EventBus and Target EventBus must not be the same.",
        )

    def test_a_bus_of_the_same_name_elsewhere_is_another(self, events):
        events.put_rule(Name="own", EventBusName="other", EventPattern='{"source": ["shop"]}')
        targets = [
            {"Id": str(number), "Arn": arn, "RoleArn": ROLE}
            for number, arn in enumerate((self.OTHER_ACCOUNT, self.OTHER_REGION))
        ]
        events.put_targets(Rule="own", EventBusName="other", Targets=targets)
        held = events.list_targets_by_rule(Rule="own", EventBusName="other")["Targets"]
        assert [target["Id"] for target in held] == ["0", "1"]


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
    other.put_targets(**call, Targets=[{"Id": "t", "Arn": there, "RoleArn": ROLE}])
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
