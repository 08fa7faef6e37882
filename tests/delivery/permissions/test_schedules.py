"""Whether EventBridge Scheduler would be permitted to invoke the target of a schedule."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, strategies as st
from moto import mock_aws

from eventmock import TemplateError
from eventmock.delivery.permissions.calls import asked_by
from eventmock.target_kinds import ApiCall
from eventmock.values.arn import Arn

pytestmark = pytest.mark.eventmock(target_permissions="enforce")

HERE, OWN, OTHER = "us-east-1", "123456789012", "222222222222"
ROLE = f"arn:aws:iam::{OWN}:role/r"
GROUP = f"arn:aws:scheduler:{HERE}:{OWN}:schedule-group/default"
SCHEDULE = f"arn:aws:scheduler:{HERE}:{OWN}:schedule/default/s"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:q"
DEAD = f"arn:aws:sqs:{HERE}:{OWN}:dead"
THEIR_QUEUE = f"arn:aws:sqs:{HERE}:{OTHER}:q"
TOPIC = f"arn:aws:sns:{HERE}:{OWN}:t"
FUNCTION = f"arn:aws:lambda:{HERE}:{OWN}:function:f"
MACHINE = f"arn:aws:states:{HERE}:{OWN}:stateMachine:m"
CLUSTER = f"arn:aws:ecs:{HERE}:{OWN}:cluster/c"
BUS = f"arn:aws:events:{HERE}:{OWN}:event-bus/default"
THEIR_BUS = f"arn:aws:events:{HERE}:{OTHER}:event-bus/default"
KEY = f"arn:aws:kms:{HERE}:{OWN}:key/11111111-2222-3333-4444-555555555555"
SCHEDULER = {"Service": "scheduler.amazonaws.com"}
TRUST = {"Effect": "Allow", "Principal": SCHEDULER, "Action": "sts:AssumeRole"}
FOR_RULES = TRUST | {"Principal": {"Service": "events.amazonaws.com"}}
BY_ROLE = {"Principal": {"AWS": ROLE}}
NOT_TRUSTED = (
    "ValidationException",
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
)


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **elements):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(action, resource="*", **elements):
    return allow(action, resource, **elements) | {"Effect": "Deny"}


def universal(action):
    return f"arn:aws:scheduler:::aws-sdk:{action}"


def on_source(arn):
    return TRUST | {"Condition": {"ArnEquals": {"aws:SourceArn": arn}}}


@pytest.fixture
def scheduler(events_backend):
    return boto3.client("scheduler", HERE)


@pytest.fixture
def deliver(events_backend, scheduler):
    """A function that makes a schedule with a target, which fires at once, and returns its delivery."""

    def deliver(arn=QUEUE, **members):
        scheduler.create_schedule(
            Name="s",
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": ROLE, **members},
        )
        events_backend.clock.advance(seconds=1)
        return events_backend.deliveries[-1]

    return deliver


@pytest.fixture
def role(events_backend):
    """A function that gives the role, with policies of some statements."""

    def role(*statements, trust=TRUST, **more):
        policies = document(*statements) if statements else ()
        events_backend.policies.role(ROLE, trust=document(trust), policies=policies, **more)

    return role


def missing_of(delivery):
    assert delivery.status != "delivered"
    [missing] = delivery.missing_permissions
    return missing


def end_of(delivery):
    return missing_of(delivery).message.partition("is not authorized to perform: ")[2]


class TestTheRole:
    def test_that_may_send_is_enough(self, deliver, role):
        role(allow("sqs:SendMessage", QUEUE))
        assert deliver().status == "delivered"

    def test_the_policy_of_the_queue_for_the_service_is_not(self, events_backend, deliver, role):
        role()
        events_backend.policies.resource(QUEUE, document(allow("sqs:*", Principal=SCHEDULER)))
        assert end_of(deliver()) == (
            f"sqs:sendmessage on resource: {QUEUE} because no identity-based policy allows the sqs:sendmessage action"
        )

    def test_the_policy_of_the_queue_for_the_role_is(self, events_backend, deliver, role):
        role()
        events_backend.policies.resource(QUEUE, document(allow("sqs:SendMessage", **BY_ROLE)))
        assert deliver().status == "delivered"

    def test_a_denial_wins(self, events_backend, deliver, role):
        role(allow("sqs:*"))
        events_backend.policies.resource(QUEUE, document(deny("sqs:*", Principal="*")))
        assert end_of(deliver()).endswith("with an explicit deny in a resource-based policy")

    def test_a_boundary_counts(self, deliver, role):
        role(allow("sqs:*"), boundary=document(allow("sns:*")))
        assert end_of(deliver()).endswith("because no permissions boundary allows the sqs:sendmessage action")

    def test_of_another_account_both_must_allow(self, events_backend, deliver, role):
        role(allow("sqs:*"))
        events_backend.policies.resource(THEIR_QUEUE)
        assert end_of(deliver(THEIR_QUEUE)).endswith(
            "because no resource-based policy allows the sqs:sendmessage action"
        )

    def test_of_another_account_both_allow(self, events_backend, deliver, role):
        role(allow("sqs:*"))
        events_backend.policies.resource(THEIR_QUEUE, document(allow("sqs:SendMessage", **BY_ROLE)))
        assert deliver(THEIR_QUEUE).status == "delivered"

    def test_a_key_counts(self, events_backend, deliver, role):
        role(allow(["sqs:*", "kms:*"]))
        events_backend.policies.resource(QUEUE, key=KEY)
        events_backend.policies.key(KEY, document(allow("kms:*", Principal=SCHEDULER)))
        missing = missing_of(deliver())
        assert (missing.code, missing.statement) == (
            "KMS.AccessDeniedException",
            allow(["kms:GenerateDataKey", "kms:Decrypt"], "*", **BY_ROLE),
        )

    def test_a_disabled_key_is_said_by_its_service(self, events_backend, deliver, role):
        role(allow("*"))
        events_backend.policies.resource(QUEUE, key=KEY)
        events_backend.policies.key(KEY, document(allow("kms:*", **BY_ROLE)), enabled=False)
        missing = missing_of(deliver())
        assert (missing.code, missing.message) == ("KMS.DisabledException", f"{KEY} is disabled.")

    def test_a_default_role_of_the_test_trusts_scheduler_too(self, events_backend, deliver):
        events_backend.policies.role(ROLE, policies=document(allow("sqs:SendMessage")))
        assert deliver().status == "delivered"

    def test_that_nothing_is_known_of_is_not_judged(self, events_backend, deliver):
        assert deliver().status == "delivered"
        [note] = [fact.text for fact in events_backend.trace if getattr(fact, "incident", None) is not None]
        assert note == f"permissions are not judged where nothing is known of role {ROLE}"

    @pytest.mark.eventmock(target_permissions="warn")
    def test_with_warn_the_target_gets_it(self, deliver, role):
        role(trust=FOR_RULES)
        delivery = deliver()
        assert (delivery.status, [one.code for one in delivery.missing_permissions]) == (
            "delivered",
            ["AccessDenied"],
        )


class TestTrust:
    @pytest.mark.parametrize(
        "trust",
        [
            TRUST,
            on_source(GROUP),
            TRUST | {"Condition": {"StringEquals": {"aws:SourceAccount": OWN}}},
            TRUST | {"Principal": {"Service": ["events.amazonaws.com", "scheduler.amazonaws.com"]}},
        ],
    )
    def test_a_role_that_scheduler_can_assume(self, deliver, role, trust):
        role(allow("sqs:*"), trust=trust)
        assert deliver().status == "delivered"

    @pytest.mark.parametrize(
        "trust",
        [
            FOR_RULES,
            on_source(SCHEDULE),
            on_source(f"{GROUP}2"),
            TRUST | {"Condition": {"StringEquals": {"aws:SourceAccount": OTHER}}},
            TRUST | {"Effect": "Deny"},
        ],
    )
    def test_a_role_that_scheduler_cannot_assume_is_refused_at_the_creation(
        self, scheduler, deliver, role, trust
    ):
        role(allow("sqs:*"), trust=trust)
        with pytest.raises(ClientError) as refused:
            deliver()
        error = refused.value.response["Error"]
        assert (error["Code"], error["Message"]) == NOT_TRUSTED
        assert scheduler.list_schedules()["Schedules"] == []

    def test_so_is_a_change(self, scheduler, deliver, role):
        role(allow("sqs:*"))
        deliver()
        role(trust=FOR_RULES)
        with pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
            scheduler.update_schedule(
                Name="s",
                ScheduleExpression="rate(2 hours)",
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={"Arn": QUEUE, "RoleArn": ROLE},
            )
        assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == "rate(1 hour)"

    @pytest.mark.eventmock(target_permissions="warn")
    def test_warn_refuses_no_creation(self, scheduler, deliver, role):
        role(trust=FOR_RULES)
        deliver()
        assert len(scheduler.list_schedules()["Schedules"]) == 1

    def test_the_group_of_the_schedule_is_named(self, events_backend, scheduler, role):
        scheduler.create_schedule_group(Name="reports")
        role(allow("sqs:*"), trust=on_source(GROUP.replace("default", "reports")))
        scheduler.create_schedule(
            Name="s",
            GroupName="reports",
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": QUEUE, "RoleArn": ROLE},
        )
        events_backend.clock.advance(seconds=1)
        assert events_backend.deliveries[0].status == "delivered"

    def test_a_trust_that_is_lost_later_fails_the_delivery(self, events_backend, deliver, role):
        role(allow("sqs:*"))
        deliver(DeadLetterConfig={"Arn": DEAD})
        role(trust=FOR_RULES)
        events_backend.clock.advance(hours=1)
        delivery = events_backend.deliveries[-1]
        assert (delivery.status, len(delivery.attempts)) == ("dropped", 1)
        of_target, of_dead_letter = delivery.missing_permissions
        assert (of_target.code, of_target.message) == (
            "AccessDenied",
            f"User: scheduler.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: {ROLE}",
        )
        assert of_target.statement == TRUST
        assert (of_dead_letter.resource, of_dead_letter.is_dead_letter) == (DEAD, True)

    def test_a_role_that_moto_does_not_have_is_refused(self, deliver):
        with mock_aws(), pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler"):
            deliver()


class TestDeadLetters:
    def test_are_sent_by_the_role_and_have_the_words_of_the_service(self, deliver, role):
        role(allow("sqs:SendMessage", DEAD))
        delivery = deliver(DeadLetterConfig={"Arn": DEAD})
        attributes = delivery.dead_letter.attributes
        assert attributes["ERROR_CODE"] == "AccessDenied"
        assert attributes["ERROR_MESSAGE"] == missing_of(delivery).message
        assert attributes["RETRY_ATTEMPTS"] == "0"

    def test_the_recorded_one_of_a_pipeline(self, deliver, role):
        """Recorded: the code, the body, and the condition although no other try would help."""
        role(allow("sqs:SendMessage", DEAD))
        delivery = deliver(
            f"arn:aws:codepipeline:{HERE}:{OWN}:p",
            Input="{}",
            DeadLetterConfig={"Arn": DEAD},
            RetryPolicy={"MaximumRetryAttempts": 0},
        )
        attributes = delivery.dead_letter.attributes
        assert delivery.dead_letter.body == '{"Name":"p"}'
        assert attributes["ERROR_CODE"] == "AccessDeniedException"
        assert attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"

    def test_a_role_that_may_not_send_them(self, events_backend, deliver, role):
        role(allow("sqs:SendMessage", QUEUE))
        events_backend.policies.resource(DEAD, document(allow("sqs:*", Principal=SCHEDULER)))
        events_backend.faults.inject("NO_RESOURCE", target=QUEUE)
        delivery = deliver(DeadLetterConfig={"Arn": DEAD})
        missing = missing_of(delivery)
        assert (delivery.status, missing.resource, missing.is_dead_letter) == ("dropped", DEAD, True)
        assert missing.statement == allow("sqs:SendMessage", DEAD)


class TestTargets:
    """Each kind of target: the action on the resource, and no other, is enough."""

    @pytest.mark.parametrize(
        ("arn", "action", "members"),
        [
            (QUEUE, "sqs:SendMessage", {}),
            (f"{QUEUE}.fifo", "sqs:SendMessage", {"SqsParameters": {"MessageGroupId": "g"}}),
            (TOPIC, "sns:Publish", {}),
            (FUNCTION, "lambda:InvokeFunction", {}),
            (f"{FUNCTION}:live", "lambda:InvokeFunction", {}),
            (MACHINE, "states:StartExecution", {}),
            (
                f"arn:aws:kinesis:{HERE}:{OWN}:stream/s",
                "kinesis:PutRecord",
                {"KinesisParameters": {"PartitionKey": "k"}},
            ),
            (f"arn:aws:firehose:{HERE}:{OWN}:deliverystream/s", "firehose:PutRecord", {}),
            (f"arn:aws:codebuild:{HERE}:{OWN}:project/p", "codebuild:StartBuild", {}),
            (f"arn:aws:codepipeline:{HERE}:{OWN}:p", "codepipeline:StartPipelineExecution", {}),
            (f"arn:aws:sagemaker:{HERE}:{OWN}:pipeline/p", "sagemaker:StartPipelineExecution", {}),
            (
                f"arn:aws:inspector:{HERE}:{OWN}:target/0-a/template/0-b",
                "inspector:StartAssessmentRun",
                {},
            ),
            (BUS, "events:PutEvents", {"EventBridgeParameters": {"Source": "shop", "DetailType": "d"}}),
        ],
    )
    def test_templated(self, events_backend, deliver, role, arn, action, members):
        role(allow(action, f"{arn}2"))
        missing = missing_of(deliver(arn, **members))
        assert (missing.resource, missing.statement) == (arn, allow(action, arn))
        role(missing.statement)
        events_backend.clock.advance(hours=1)
        assert events_backend.deliveries[-1].missing_permissions == []

    def test_a_task_needs_its_definition_and_roles(self, events_backend, deliver, role):
        with mock_aws():
            iam, ecs = boto3.client("iam", HERE), boto3.client("ecs", HERE)
            ecs.create_cluster(clusterName="c")
            task = ecs.register_task_definition(
                family="f", containerDefinitions=[], executionRoleArn=f"arn:aws:iam::{OWN}:role/x"
            )["taskDefinition"]["taskDefinitionArn"]
            iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(document(TRUST)))
            role(allow("ecs:RunTask", task))
            missing = missing_of(deliver(CLUSTER, EcsParameters={"TaskDefinitionArn": task}))
            assert missing.statement == allow("iam:PassRole", f"arn:aws:iam::{OWN}:role/x")
            role(
                allow("ecs:RunTask", task, Condition={"ArnEquals": {"ecs:cluster": CLUSTER}}),
                missing.statement,
            )
            events_backend.clock.advance(hours=1)
        assert events_backend.deliveries[-1].missing_permissions == []


class TestUniversalTargets:
    @pytest.mark.parametrize(
        ("action", "given", "resource", "needed"),
        [
            (
                "sqs:sendMessage",
                {"QueueUrl": f"https://sqs.{HERE}.amazonaws.com/{OWN}/q", "MessageBody": "b"},
                QUEUE,
                "sqs:SendMessage",
            ),
            ("sns:publish", {"TopicArn": TOPIC, "Message": "m"}, TOPIC, "sns:Publish"),
            ("lambda:invoke", {"FunctionName": "f"}, FUNCTION, "lambda:InvokeFunction"),
            (
                "lambda:invoke",
                {"FunctionName": FUNCTION, "Qualifier": "live"},
                f"{FUNCTION}:live",
                "lambda:InvokeFunction",
            ),
            ("sfn:startExecution", {"StateMachineArn": MACHINE}, MACHINE, "states:StartExecution"),
            (
                "kinesis:putRecords",
                {"StreamName": "s", "Records": [{"Data": "d", "PartitionKey": "k"}]},
                f"arn:aws:kinesis:{HERE}:{OWN}:stream/s",
                "kinesis:PutRecords",
            ),
            (
                "eventbridge:putEvents",
                {"Entries": [{"Source": "shop", "DetailType": "d", "Detail": "{}"}]},
                BUS,
                "events:PutEvents",
            ),
        ],
    )
    def test_a_call_that_a_templated_target_makes_too_needs_the_resource(
        self, events_backend, deliver, role, action, given, resource, needed
    ):
        role(allow(needed, f"{resource}2"))
        missing = missing_of(deliver(universal(action), Input=json.dumps(given)))
        assert (missing.resource, missing.statement) == (resource, allow(needed, resource))
        role(missing.statement)
        events_backend.clock.advance(hours=1)
        assert events_backend.deliveries[-1].missing_permissions == []

    @pytest.mark.parametrize(
        ("action", "given", "needed", "code"),
        [
            ("ec2:startInstances", {"InstanceIds": ["i-1"]}, "ec2:StartInstances", "UnauthorizedOperation"),
            ("rds:stopDBInstance", {"DBInstanceIdentifier": "d"}, "rds:StopDBInstance", "AccessDenied"),
            (
                "cloudwatch:setAlarmState",
                {"AlarmName": "a", "StateValue": "OK", "StateReason": "r"},
                "cloudwatch:SetAlarmState",
                None,
            ),
            ("elasticloadbalancingv2:deleteRule", {"RuleArn": "r"}, "elasticloadbalancing:DeleteRule", None),
            ("sesv2:deleteContactList", {"ContactListName": "c"}, "ses:DeleteContactList", None),
            (
                "ecs:updateService",
                {"Cluster": "c", "Service": "s", "DesiredCount": 0},
                "ecs:UpdateService",
                "AccessDeniedException",
            ),
            ("iotdataplane:publish", {"Topic": "t"}, "iot:Publish", None),
        ],
    )
    def test_any_other_call_needs_the_action_on_some_resource(
        self, events_backend, deliver, role, action, given, needed, code
    ):
        role(allow("sqs:*"))
        missing = missing_of(deliver(universal(action), Input=json.dumps(given)))
        assert missing.statement == allow(needed)
        assert missing.message.endswith(
            f"is not authorized to perform: {needed} because no identity-based policy allows the {needed} action"
        )
        assert code in (None, missing.code)
        condition = {"StringEquals": {"aws:ResourceTag/stage": "test"}}
        role(
            allow(needed, "arn:aws:x:::${aws:PrincipalAccount}", Condition=condition), deny("*", "arn:aws:y")
        )
        events_backend.clock.advance(hours=1)
        assert events_backend.deliveries[-1].missing_permissions == []

    def test_a_denial_of_all_resources_counts(self, deliver, role):
        role(allow("*"), deny("ec2:*"))
        arn = universal("ec2:startInstances")
        message = missing_of(deliver(arn, Input='{"InstanceIds": ["i"]}')).message
        assert message.endswith("with an explicit deny in an identity-based policy")

    @pytest.mark.parametrize(
        ("action", "given", "said"),
        [
            ("s3:putObject", {"Bucket": "b", "Key": "k"}, "s3 PutObject"),
            ("dynamodb:executeStatement", {"Statement": "s"}, "dynamodb ExecuteStatement"),
        ],
    )
    def test_an_action_that_is_not_named_as_its_operation_is_not_judged(
        self, events_backend, deliver, role, action, given, said
    ):
        role()
        delivery = deliver(universal(action), Input=json.dumps(given))
        assert (delivery.status, delivery.missing_permissions) == ("delivered", [])
        notes = [fact.text for fact in events_backend.trace if getattr(fact, "incident", None) is not None]
        assert notes == [f"permissions are not judged where nothing is known of the action that {said} needs"]


class TestEventBuses:
    def test_the_policy_of_the_bus_sees_the_entry(self, events_backend, deliver, role):
        role(allow("events:PutEvents"))
        statement = deny("events:PutEvents", BUS, Principal="*") | {
            "Sid": "s",
            "Condition": {"StringEquals": {"events:source": "shop"}},
        }
        boto3.client("events", HERE).put_permission(Policy=json.dumps(document(statement)))
        parameters = {"EventBridgeParameters": {"Source": "shop", "DetailType": "d"}}
        assert end_of(deliver(BUS, **parameters)).endswith("with an explicit deny in a resource-based policy")

    def test_each_bus_is_asked(self, events_backend, deliver, role):
        role(allow("events:PutEvents"))
        entry = {"Source": "shop", "DetailType": "d", "Detail": "{}"}
        given = {"Entries": [entry, entry | {"EventBusName": THEIR_BUS}]}
        missing = missing_of(deliver(universal("eventbridge:putEvents"), Input=json.dumps(given)))
        assert (missing.resource, missing.code) == (THEIR_BUS, "AccessDeniedException")


class TestRepairs:
    """The call is made, and then the target gets what the schedule sends."""

    @pytest.fixture
    def aws(self):
        with mock_aws():
            yield {"iam": boto3.client("iam", HERE), "sqs": boto3.client("sqs", HERE), "json": json}

    @pytest.fixture
    def made(self, aws):
        """The role and the queues, in moto."""
        trust = json.dumps(document(TRUST))
        aws["iam"].create_role(RoleName="r", AssumeRolePolicyDocument=trust)
        for name in ("q", "dead"):
            aws["sqs"].create_queue(QueueName=name)

    def test_what_the_role_and_the_dead_letters_lack(self, events_backend, aws, made, deliver):
        delivery = deliver(DeadLetterConfig={"Arn": DEAD})
        for missing in delivery.missing_permissions:
            eval(missing.call, dict(aws))  # noqa: S307 - the call that the library proposes
        assert aws["iam"].list_role_policies(RoleName="r")["PolicyNames"] == [
            "invoke-target",
            "send-dead-letters",
        ]
        events_backend.clock.advance(hours=1)
        assert (events_backend.deliveries[-1].status, events_backend.deliveries[-1].taken_by) == (
            "delivered",
            "moto",
        )

    def test_what_the_trust_lacks(self, events_backend, aws, made, deliver):
        may_send = json.dumps(document(allow("sqs:*")))
        aws["iam"].put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=may_send)
        deliver()
        aws["iam"].update_assume_role_policy(RoleName="r", PolicyDocument=json.dumps(document(FOR_RULES)))
        events_backend.clock.advance(hours=1)
        eval(missing_of(events_backend.deliveries[-1]).call, dict(aws))  # noqa: S307 - the call that the library proposes
        trust = aws["iam"].get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
        assert trust == document(FOR_RULES, TRUST)
        events_backend.clock.advance(hours=1)
        assert events_backend.deliveries[-1].status == "delivered"


@given(
    service=st.sampled_from(["sqs", "sns", "lambda", "ecs", "kinesis", "events", "stepfunctions"]),
    operation=st.sampled_from(["SendMessage", "Publish", "Invoke", "RunTask", "PutRecord", "PutEvents"]),
    parameters=st.dictionaries(
        st.sampled_from(["QueueUrl", "TopicArn", "FunctionName", "StreamName", "taskDefinition", "cluster"]),
        st.text(max_size=20),
    ),
)
def test_any_parameters_ask_for_one_action_at_least(service, operation, parameters):
    call = ApiCall(service=service, operation=operation, parameters=parameters, region=HERE, account=OWN)
    asked = list(asked_by(call, Arn.of(universal("sqs:sendMessage"))))
    assert all(need.action.partition(":")[2] for one in asked for need in one.needs)
    assert asked or (service, operation) == ("events", "PutEvents")


TEMPLATE = {
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Letters": {"Type": "AWS::SQS::Queue"},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": document(TRUST)},
        },
        "Nightly": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "ScheduleExpression": "rate(1 day)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {
                    "Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Letters", "Arn"]}},
                },
            },
        },
    }
}


class TestTemplates:
    """The lines fit the template that has the schedule."""

    def deploy(self, backend, **of_role):
        template = json.loads(json.dumps(TEMPLATE))
        template["Resources"]["Role"]["Properties"] |= of_role
        backend.deploy(template, stack="shop")
        backend.clock.advance(seconds=1)
        return backend.deliveries[-1]

    def test_two_new_policies_have_names_of_their_own(self, events_backend):
        of_target, of_dead_letter = self.deploy(events_backend).missing_permissions
        assert of_target.template.splitlines()[:5] == [
            "RoleInvokeTarget:",
            "  Type: AWS::IAM::RolePolicy",
            "  Properties:",
            "    RoleName: !Ref Role",
            "    PolicyName: invoke-target",
        ]
        assert of_target.template.endswith("Resource: !GetAtt Queue.Arn")
        assert of_dead_letter.template.startswith("RoleSendDeadLetters:\n")
        assert of_dead_letter.template.endswith("Resource: !GetAtt Letters.Arn")

    def test_a_policy_that_the_role_has_gets_one_statement_more(self, events_backend):
        policies = [
            {"PolicyName": "p", "PolicyDocument": document(allow("sqs:SendMessage", "*:shop-Letters-*"))}
        ]
        missing = missing_of(self.deploy(events_backend, Policies=policies))
        assert missing.template.splitlines() == [
            "# add to Policies[0].PolicyDocument.Statement of Role (stack shop):",
            "- Effect: Allow",
            "  Action: sqs:SendMessage",
            "  Resource: !GetAtt Queue.Arn",
        ]

    def test_a_role_that_does_not_trust_scheduler_fails_the_deployment(self, events_backend):
        with pytest.raises(TemplateError) as refused:
            self.deploy(events_backend, AssumeRolePolicyDocument=document(FOR_RULES))
        assert NOT_TRUSTED[1] in str(refused.value)
        assert "does not let scheduler.amazonaws.com assume it" in str(refused.value)

    @pytest.mark.eventmock(target_permissions="warn")
    def test_with_warn_the_trust_gets_a_statement(self, events_backend):
        delivery = self.deploy(events_backend, AssumeRolePolicyDocument=document(FOR_RULES))
        assert delivery.missing_permissions[0].template.splitlines() == [
            "# add to AssumeRolePolicyDocument.Statement of Role (stack shop):",
            "- Effect: Allow",
            "  Principal:",
            "    Service: scheduler.amazonaws.com",
            "  Action: sts:AssumeRole",
        ]
