"""The permissions of a stack, by which deliveries are judged: the same with moto and without."""

from __future__ import annotations

import json

import moto
import pytest
from moto import mock_aws

from eventmock import TemplateError
from eventmock.deployment.given_permissions import GivenPermissions
from eventmock.deployment.moto_resources import MotoResources
from eventmock.deployment.stack import StackResource
from eventmock.templates.evaluation import EvaluatedMapping
from eventmock.templates.template import Declared
from eventmock.wire import AwsError

HERE, OWN = "us-east-1", "123456789012"
QUEUE_URL = f"https://sqs.{HERE}.amazonaws.com/{OWN}/jobs"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:jobs"
TOPIC = f"arn:aws:sns:{HERE}:{OWN}:news"
FUNCTION = f"arn:aws:lambda:{HERE}:{OWN}:function:ship"
GROUP = f"arn:aws:logs:{HERE}:{OWN}:log-group:/aws/events/app"
STREAM = f"arn:aws:kinesis:{HERE}:{OWN}:stream/clicks"
ROLE = f"arn:aws:iam::{OWN}:role/worker"
POLICY = f"arn:aws:iam::{OWN}:policy/may"
OF_AWS = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
KEY_ID = "0d990263-018e-4e65-a703-eff731de951e"
KEY = f"arn:aws:kms:{HERE}:{OWN}:key/{KEY_ID}"
RULE = f"arn:aws:events:{HERE}:{OWN}:rule/r"
OTHER_RULE = f"arn:aws:events:{HERE}:{OWN}:rule/other"
EVENTS = {"Service": "events.amazonaws.com"}
ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}

pytestmark = pytest.mark.eventmock(target_permissions="enforce")


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(service="events"):
    principal = {"Service": f"{service}.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def let_in(action, source=RULE):
    condition = {"ArnEquals": {"aws:SourceArn": source}}
    statement = {"Effect": "Allow", "Principal": EVENTS, "Action": action, "Resource": "*"}
    return document({**statement, "Condition": condition})


def may(action):
    return document({"Effect": "Allow", "Action": action, "Resource": "*"})


def resource(type_name, name, properties=None, *, arn=None, ref=None):
    """A resource as the engine evaluates it."""
    found = EvaluatedMapping(properties or {})
    return StackResource(Declared("It", f"AWS::{type_name}", found), found, name, ref or name, arn, {})


def queue(**properties):
    return resource("SQS::Queue", "jobs", properties, arn=QUEUE, ref=QUEUE_URL)


def topic(**properties):
    return resource("SNS::Topic", "news", properties, arn=TOPIC, ref=TOPIC)


def role(**properties):
    return resource("IAM::Role", "worker", {"AssumeRolePolicyDocument": trust(), **properties}, arn=ROLE)


def function():
    executor = role(RoleName="executor", AssumeRolePolicyDocument=trust("lambda"))
    executor = executor._replace(name="executor", arn=ROLE.replace("worker", "executor"))
    return [executor, resource("Lambda::Function", "ship", {"Role": executor.arn}, arn=FUNCTION)]


def group():
    return resource("Logs::LogGroup", "/aws/events/app", arn=f"{GROUP}:*")


def queue_policy(policy, name="p"):
    return resource("SQS::QueuePolicy", name, {"Queues": [QUEUE_URL], "PolicyDocument": policy})


def permission(name="p", **given):
    allowed = {"Action": "lambda:InvokeFunction", "FunctionName": "ship", "Principal": EVENTS["Service"]}
    return resource("Lambda::Permission", name, {**allowed, **given})


@pytest.fixture
def given(events_backend):
    """The permissions of a stack that is not made in moto."""
    return GivenPermissions(events_backend.state, OWN, HERE)


@pytest.fixture(params=["given", "in moto"])
def deploy(request, events_backend, given):
    """A function that deploys resources, with moto and without, and returns them as they were made."""
    if request.param == "given":
        yield lambda *resources: [given.create(one) for one in resources]
        return
    with mock_aws():
        in_moto = MotoResources(events_backend.state, OWN, HERE)
        yield lambda *resources: [in_moto.create(one) for one in resources]


@pytest.fixture
def give_all(given):
    """A function that gives the permissions of resources."""
    return lambda *resources: [given.create(one) for one in resources]


@pytest.fixture
def code_of(events_backend):
    """A function that has an event delivered to a target, and returns the code of the refusal; None if it succeeds."""
    events = events_backend.client()
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')

    def code_of(arn, **members):
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn, **members}])
        events.put_events(Entries=[ORDER])
        delivery = events_backend.deliveries[-1]
        assert (delivery.status == "delivered") == (not delivery.missing_permissions)
        missing = delivery.missing_permissions
        return missing[0].code if missing else None

    return code_of


def notes(backend):
    return [fact.text for fact in backend.trace if getattr(fact, "incident", None) is not None]


REFUSED = "NO_PERMISSIONS"


class TestPoliciesOfResources:
    def test_a_queue_without_a_policy(self, deploy, code_of):
        deploy(queue())
        assert code_of(QUEUE) == REFUSED

    @pytest.mark.parametrize(("source", "code"), [(RULE, None), (OTHER_RULE, REFUSED)])
    def test_a_queue_with_a_policy(self, deploy, code_of, source, code):
        deploy(queue(), queue_policy(let_in("sqs:SendMessage", source)))
        assert code_of(QUEUE) == code

    def test_the_last_policy_of_a_queue_counts(self, deploy, code_of):
        deploy(queue(), queue_policy(let_in("sqs:SendMessage")), queue_policy(let_in("sqs:Purge"), "q"))
        assert code_of(QUEUE) == REFUSED

    def test_an_inline_policy_of_a_queue(self, deploy, code_of):
        given = {"Queue": QUEUE_URL, "PolicyDocument": json.dumps(let_in("sqs:SendMessage"))}
        deploy(queue(), resource("SQS::QueueInlinePolicy", "p", given))
        assert code_of(QUEUE) is None

    @pytest.mark.parametrize(("source", "code"), [(RULE, None), (OTHER_RULE, REFUSED)])
    def test_a_topic_with_a_policy(self, deploy, code_of, source, code):
        policy = {"Topics": [TOPIC], "PolicyDocument": let_in("sns:Publish", source)}
        deploy(topic(), resource("SNS::TopicPolicy", "p", policy))
        assert code_of(TOPIC) == code

    def test_a_topic_without_a_policy(self, deploy, code_of):
        deploy(topic())
        assert code_of(TOPIC) == REFUSED

    def test_a_function_without_a_permission(self, deploy, code_of):
        deploy(*function())
        assert code_of(FUNCTION) == REFUSED

    @pytest.mark.parametrize(
        ("properties", "code"),
        [
            ({"SourceArn": RULE}, None),
            ({"SourceArn": OTHER_RULE}, REFUSED),
            ({"SourceAccount": OWN, "SourceArn": RULE}, None),
            ({"SourceAccount": "222222222222", "SourceArn": RULE}, REFUSED),
            ({"FunctionName": FUNCTION}, None),
            ({"Action": "lambda:GetFunction"}, REFUSED),
            ({"Principal": "s3.amazonaws.com"}, REFUSED),
            ({"Principal": OWN}, REFUSED),
        ],
    )
    def test_a_function_with_a_permission(self, deploy, code_of, properties, code):
        deploy(*function(), permission(**properties))
        assert code_of(FUNCTION) == code

    def test_a_permission_of_an_alias_is_not_one_of_the_function(self, deploy, code_of):
        version = resource("Lambda::Version", "v", {"FunctionName": "ship"})
        given = {"FunctionName": "ship", "FunctionVersion": "1", "Name": "live"}
        alias = resource("Lambda::Alias", "live", given, ref=f"{FUNCTION}:live")
        deploy(*function(), version, alias, permission(FunctionName=f"{FUNCTION}:live"))
        assert (code_of(FUNCTION), code_of(f"{FUNCTION}:live")) == (REFUSED, None)

    def test_two_permissions_of_a_function(self, deploy, code_of):
        deploy(*function(), permission(SourceArn=OTHER_RULE), permission("q", SourceArn=RULE))
        assert code_of(FUNCTION) is None

    def test_a_log_group(self, deploy, code_of):
        deploy(group())
        assert code_of(GROUP) == REFUSED

    def test_a_log_group_with_a_policy_of_the_account(self, deploy, code_of):
        policy = json.dumps(let_in(["logs:CreateLogStream", "logs:PutLogEvents"]))
        given = {"PolicyName": "p", "PolicyDocument": policy}
        deploy(group(), resource("Logs::ResourcePolicy", "p", given))
        assert code_of(GROUP) is None


class TestRoles:
    ALLOW = may("sqs:SendMessage")

    @pytest.mark.parametrize(
        ("properties", "code"),
        [
            ({"Policies": [{"PolicyName": "p", "PolicyDocument": ALLOW}]}, None),
            ({"Policies": [{"PolicyName": "p", "PolicyDocument": may("sns:*")}]}, REFUSED),
            ({}, REFUSED),
            (
                {
                    "AssumeRolePolicyDocument": trust("lambda"),
                    "Policies": [{"PolicyName": "p", "PolicyDocument": ALLOW}],
                },
                "FAILED_TO_ASSUME_ROLE",
            ),
        ],
    )
    def test_a_role_with_inline_policies(self, deploy, code_of, properties, code):
        deploy(queue(), role(**properties))
        assert code_of(QUEUE, RoleArn=ROLE) == code

    @pytest.mark.parametrize("type_name", ["IAM::Policy", "IAM::RolePolicy"])
    def test_a_policy_of_its_own(self, deploy, code_of, type_name):
        roles = {"Roles": ["worker"]} if type_name == "IAM::Policy" else {"RoleName": "worker"}
        given = {"PolicyName": "p", "PolicyDocument": self.ALLOW, **roles}
        deploy(queue(), role(), resource(type_name, "made", given))
        assert code_of(QUEUE, RoleArn=ROLE) is None

    @pytest.mark.parametrize("by_role", [True, False])
    def test_a_managed_policy(self, deploy, code_of, by_role):
        given = {"PolicyDocument": self.ALLOW} | ({} if by_role else {"Roles": ["worker"]})
        policy = resource("IAM::ManagedPolicy", "may", given, arn=POLICY, ref=POLICY)
        one = role(ManagedPolicyArns=[POLICY] if by_role else [])
        deploy(*((queue(), policy, one) if by_role else (queue(), one, policy)))
        assert code_of(QUEUE, RoleArn=ROLE) is None

    @pytest.mark.parametrize(("action", "code"), [("sqs:*", None), ("sns:*", REFUSED)])
    def test_a_boundary(self, deploy, code_of, action, code):
        boundary = resource(
            "IAM::ManagedPolicy", "may", {"PolicyDocument": may(action)}, arn=POLICY, ref=POLICY
        )
        inline = [{"PolicyName": "p", "PolicyDocument": self.ALLOW}]
        deploy(queue(), boundary, role(Policies=inline, PermissionsBoundary=POLICY))
        assert code_of(QUEUE, RoleArn=ROLE) == code

    def test_what_an_unknown_policy_may_allow_is_not_judged(self, events_backend, deploy, code_of):
        deploy(queue(), role(ManagedPolicyArns=[OF_AWS]))
        assert code_of(QUEUE, RoleArn=ROLE) is None
        text = f"permissions are not judged where nothing is known of {OF_AWS} of role {ROLE}"
        assert notes(events_backend) == [f"{text}, which moto does not have"]

    def test_a_stream_is_reached_by_a_role(self, deploy, code_of):
        inline = [{"PolicyName": "p", "PolicyDocument": may("kinesis:PutRecord")}]
        deploy(resource("Kinesis::Stream", "clicks", arn=STREAM), role(Policies=inline))
        assert code_of(STREAM, RoleArn=ROLE) is None

    def test_a_role_for_a_state_machine(self, deploy, code_of):
        arn = f"arn:aws:states:{HERE}:{OWN}:stateMachine:m"
        definition = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
        given = {"Definition": definition, "RoleArn": ROLE}
        machine = resource("StepFunctions::StateMachine", "m", given, arn=arn, ref=arn)
        deploy(role(), machine)
        assert code_of(arn, RoleArn=ROLE) == REFUSED

    @pytest.mark.parametrize(("passes", "code"), [("iam:PassRole", None), ("iam:GetRole", REFUSED)])
    def test_the_roles_of_a_task_are_passed(self, deploy, code_of, passes, code):
        inline = [{"PolicyName": "p", "PolicyDocument": may(["ecs:RunTask", passes])}]
        arn = f"arn:aws:ecs:{HERE}:{OWN}:task-definition/task:1"
        container = {"Name": "main", "Image": "busybox", "Memory": 128}
        given = {"Family": "task", "TaskRoleArn": ROLE, "ContainerDefinitions": [container]}
        cluster = f"arn:aws:ecs:{HERE}:{OWN}:cluster/work"
        deploy(
            role(Policies=inline),
            resource("ECS::Cluster", "work", arn=cluster),
            resource("ECS::TaskDefinition", "task", given, arn=arn, ref=arn),
        )
        network = {"awsvpcConfiguration": {"Subnets": ["s"]}}
        parameters = {"TaskDefinitionArn": arn.removesuffix(":1"), "LaunchType": "FARGATE"}
        parameters |= {"NetworkConfiguration": network}
        assert code_of(cluster, RoleArn=ROLE, EcsParameters=parameters) == code


class TestKeys:
    @pytest.mark.parametrize("named", ["ARN", "id", "alias", "ARN of the alias"])
    @pytest.mark.parametrize(
        ("policy", "code"),
        [
            (let_in(["kms:GenerateDataKey", "kms:Decrypt"]), None),
            (let_in("kms:Encrypt"), REFUSED),
            (None, REFUSED),
        ],
    )
    def test_an_encrypted_queue(self, request, deploy, code_of, named, policy, code):
        if (
            named == "ARN of the alias"
            and moto.__version__.startswith("5.0.")
            and "moto" in request.node.name
        ):
            pytest.skip("its KMS fails on such an ARN")
        given = {} if policy is None else {"KeyPolicy": policy}
        [key] = deploy(resource("KMS::Key", "made", given, arn=KEY, ref=KEY_ID))
        names = {
            "ARN": key.arn,
            "id": key.ref,
            "alias": "alias/k",
            "ARN of the alias": f"arn:aws:kms:{HERE}:{OWN}:alias/k",
        }
        deploy(
            resource("KMS::Alias", "alias/k", {"AliasName": "alias/k", "TargetKeyId": key.ref}),
            queue(KmsMasterKeyId=names[named]),
            queue_policy(let_in("sqs:SendMessage")),
        )
        assert code_of(QUEUE) == code

    def test_a_disabled_key(self, deploy, code_of):
        given = {"KeyPolicy": let_in("kms:*"), "Enabled": "false"}
        [key] = deploy(resource("KMS::Key", "made", given, arn=KEY, ref=KEY_ID))
        deploy(queue(KmsMasterKeyId=key.arn), queue_policy(let_in("sqs:SendMessage")))
        assert code_of(QUEUE) == "NO_RESOURCE"

    def test_a_key_of_aws_lets_no_service_in(self, deploy, code_of):
        deploy(queue(KmsMasterKeyId="alias/aws/sqs"), queue_policy(let_in("sqs:SendMessage")))
        assert code_of(QUEUE) == REFUSED

    def test_an_encrypted_stream(self, deploy, code_of):
        [key] = deploy(resource("KMS::Key", "made", {}, arn=KEY, ref=KEY_ID))
        encryption = {"EncryptionType": "KMS", "KeyId": key.arn}
        stream = resource("Kinesis::Stream", "clicks", {"StreamEncryption": encryption}, arn=STREAM)
        inline = [{"PolicyName": "p", "PolicyDocument": may("kinesis:PutRecord")}]
        deploy(stream, role(Policies=inline))
        assert code_of(STREAM, RoleArn=ROLE) == REFUSED


class TestDeadLetters:
    @pytest.mark.parametrize(("source", "is_sent"), [(RULE, True), (OTHER_RULE, False)])
    def test_a_dead_letter_queue_is_judged(self, events_backend, deploy, code_of, source, is_sent):
        deploy(queue(), queue_policy(let_in("sqs:SendMessage", source)), topic())
        assert code_of(TOPIC, DeadLetterConfig={"Arn": QUEUE}) == REFUSED
        [delivery] = events_backend.deliveries
        assert (delivery.dead_letter is not None) == is_sent
        assert len(delivery.missing_permissions) == (1 if is_sent else 2)


class TestGiven:
    """What holds only where a stack's permissions are given, rather than made in moto."""

    def test_what_the_test_gives_counts_first(self, events_backend, give_all, code_of):
        give_all(queue(KmsMasterKeyId=KEY), role(), resource("KMS::Key", "made", {}, arn=KEY, ref=KEY_ID))
        events_backend.policies.role(ROLE, policies=may("sqs:SendMessage"))
        assert code_of(QUEUE, RoleArn=ROLE) == REFUSED  # the key
        events_backend.policies.role(ROLE, policies=may(["sqs:SendMessage", "kms:*"]))
        assert code_of(QUEUE, RoleArn=ROLE) is None
        assert code_of(QUEUE) == REFUSED
        events_backend.policies.resource(QUEUE, let_in("sqs:SendMessage"))
        assert code_of(QUEUE) is None

    def test_a_key_that_the_test_gives_counts_for_its_alias(self, events_backend, give_all, code_of):
        give_all(
            resource("KMS::Key", "made", {}, arn=KEY, ref=KEY_ID),
            resource("KMS::Alias", "alias/k", {"AliasName": "alias/k", "TargetKeyId": KEY}),
            queue(KmsMasterKeyId="alias/k"),
            queue_policy(let_in("sqs:SendMessage")),
        )
        assert code_of(QUEUE) == REFUSED
        events_backend.policies.key(KEY, let_in("kms:*"))
        assert code_of(QUEUE) is None

    def test_the_template_counts_before_moto(self, events_backend, give_all, code_of):
        with mock_aws():
            sqs = events_backend.client("sqs")
            sqs.create_queue(QueueName="jobs")
            give_all(queue(), queue_policy(let_in("sqs:SendMessage")))
            assert code_of(QUEUE) is None
            assert len(sqs.receive_message(QueueUrl=QUEUE_URL)["Messages"]) == 1

    def test_moto_has_managed_policies_that_the_template_lacks(self, events_backend, give_all, code_of):
        with mock_aws():
            iam = events_backend.client("iam")
            for name, action in (("may", "sqs:SendMessage"), ("limit", "sns:*")):
                iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(may(action)))
            give_all(queue(), role(ManagedPolicyArns=[POLICY]))
            assert code_of(QUEUE, RoleArn=ROLE) is None
            limit = POLICY.replace("may", "limit")
            give_all(queue(), role(ManagedPolicyArns=[POLICY], PermissionsBoundary=limit))
            assert code_of(QUEUE, RoleArn=ROLE) == REFUSED
        assert notes(events_backend) == []

    def test_policies_for_logs_of_template_and_moto_add_up(self, events_backend, give_all, code_of):
        allow = let_in(["logs:CreateLogStream", "logs:PutLogEvents"])
        deny = document({"Effect": "Deny", "Principal": EVENTS, "Action": "*", "Resource": "*"})
        with mock_aws():
            logs = events_backend.client("logs")
            logs.create_log_group(logGroupName="/aws/events/app")
            given = {"PolicyName": "p", "PolicyDocument": allow}
            give_all(resource("Logs::ResourcePolicy", "p", given))
            assert code_of(GROUP) is None
            logs.put_resource_policy(policyName="no", policyDocument=json.dumps(deny))
            assert code_of(GROUP) == REFUSED

    def test_a_log_group_may_have_a_policy_of_its_own(self, give_all, code_of):
        allow = let_in(["logs:CreateLogStream", "logs:PutLogEvents"])
        own = resource("Logs::LogGroup", "g", {"ResourcePolicyDocument": allow}, arn=f"{GROUP}:*")
        give_all(own)
        assert code_of(GROUP) is None

    def test_a_permission_for_a_function_of_another_stack(self, give_all, code_of):
        give_all(permission(FunctionName=FUNCTION, SourceArn=RULE))
        assert code_of(FUNCTION) is None

    def test_a_token_of_alexa_lets_no_rule_in(self, give_all, code_of):
        give_all(*function(), permission(EventSourceToken="t"))
        assert code_of(FUNCTION) == REFUSED

    def test_an_api_without_a_policy_is_open(self, give_all, code_of):
        arn = f"arn:aws:execute-api:{HERE}:{OWN}:a1b2c3/prod/POST/orders"
        give_all(resource("ApiGateway::RestApi", "api", ref="a1b2c3"))
        assert code_of(arn) is None
        policy = let_in("execute-api:Invoke", OTHER_RULE)
        give_all(resource("ApiGateway::RestApi", "api", {"Policy": policy}, ref="a1b2c3"))
        assert code_of(arn) == REFUSED

    def test_a_policy_of_a_stream(self, give_all, code_of):
        deny = document({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})
        inline = [{"PolicyName": "p", "PolicyDocument": may("kinesis:PutRecord")}]
        given = {"ResourceArn": STREAM, "ResourcePolicy": deny}
        give_all(
            resource("Kinesis::Stream", "clicks", arn=STREAM),
            resource("Kinesis::ResourcePolicy", "p", given),
            role(Policies=inline),
        )
        assert code_of(STREAM, RoleArn=ROLE) == REFUSED

    def test_roles_of_another_account_are_others(self, events_backend, give_all, code_of):
        policy = {"PolicyName": "p", "PolicyDocument": may("sqs:SendMessage"), "Roles": ["worker"]}
        give_all(queue(), role())
        theirs = resource("IAM::Policy", "made", policy)
        GivenPermissions(events_backend.state, "222222222222", HERE).create(theirs)
        assert code_of(QUEUE, RoleArn=ROLE) == REFUSED
        GivenPermissions(events_backend.state, OWN, "eu-west-1").create(theirs)
        assert code_of(QUEUE, RoleArn=ROLE) is None

    def test_an_update_replaces_what_was_given(self, given, give_all, code_of):
        policy = queue_policy(let_in("sqs:SendMessage"))
        give_all(queue(), policy)
        given.update(policy, queue_policy(let_in("sqs:SendMessage", OTHER_RULE)))
        assert code_of(QUEUE) == REFUSED

    def test_what_has_left_a_stack_counts_no_more(self, events_backend, given, give_all, code_of):
        policy = queue_policy(let_in("sqs:SendMessage"))
        give_all(queue(), policy)
        given.delete(policy)
        assert code_of(QUEUE) == REFUSED
        given.delete(policy)
        given.delete(queue())
        assert code_of(QUEUE) is None
        text = "permissions are not judged where nothing is known of the policy of"
        assert notes(events_backend) == [f"{text} {QUEUE}"]

    def test_a_snapshot_brings_it_back(self, events_backend, give_all, code_of):
        before = events_backend.snapshot()
        give_all(queue())
        after = events_backend.snapshot()
        give_all(queue_policy(let_in("sqs:SendMessage")))
        assert code_of(QUEUE) is None
        events_backend.restore(after)
        give_all(topic())  # nothing of what was given later is left
        assert code_of(QUEUE) == REFUSED
        events_backend.restore(before)
        assert code_of(QUEUE) is None
        events_backend.restore(after)
        assert code_of(QUEUE) == REFUSED

    def test_a_reset_forgets_it(self, events_backend, give_all, code_of):
        give_all(queue())
        events_backend.reset()
        events_backend.client().put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        assert code_of(QUEUE) is None

    def test_what_is_no_policy_is_refused_and_changes_nothing(self, give_all, code_of):
        give_all(queue())
        with pytest.raises(
            AwsError, match=r"^MalformedPolicyDocument: the policy of arn:.*: it is not JSON$"
        ):
            give_all(queue_policy("Allow"))
        assert code_of(QUEUE) == REFUSED

    def test_put_rule_knows_the_roles_of_templates(self, events_backend, give_all):
        events = events_backend.client()
        give_all(role(), *function())
        events.put_rule(Name="q", ScheduleExpression="rate(1 day)", RoleArn=ROLE)
        executor = ROLE.replace("worker", "executor")
        with pytest.raises(events.exceptions.ClientError, match="cannot be assumed by principal"):
            events.put_rule(Name="q", ScheduleExpression="rate(1 day)", RoleArn=executor)
        events_backend.policies.role(executor)
        events.put_rule(Name="q", ScheduleExpression="rate(1 day)", RoleArn=executor)


def template(**resources):
    """A template with a rule that has a queue, a function and a topic as targets."""
    source = {"Fn::GetAtt": ["Rule", "Arn"]}
    statement = {
        "Effect": "Allow",
        "Principal": EVENTS,
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    may_publish = {"PolicyName": "publish", "PolicyDocument": {"Statement": may("sns:Publish")["Statement"]}}
    targets = [
        {"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}},
        {"Id": "function", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}},
        {"Id": "topic", "Arn": {"Ref": "Topic"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
    ]
    found = {
        "Rule": ("Events::Rule", {"EventPattern": {"source": ["shop"]}, "Targets": targets}),
        "Queue": ("SQS::Queue", {}),
        "Topic": ("SNS::Topic", {}),
        "Policy": (
            "SQS::QueuePolicy",
            {"Queues": [{"Ref": "Queue"}], "PolicyDocument": document(statement)},
        ),
        "Executor": ("IAM::Role", {"AssumeRolePolicyDocument": trust("lambda")}),
        "Function": (
            "Lambda::Function",
            {"Role": {"Fn::GetAtt": ["Executor", "Arn"]}, "Code": {"ZipFile": "pass"}},
        ),
        "Permission": (
            "Lambda::Permission",
            {
                "FunctionName": {"Ref": "Function"},
                "Action": "lambda:InvokeFunction",
                "Principal": EVENTS["Service"],
                "SourceArn": source,
            },
        ),
        "Role": ("IAM::Role", {"AssumeRolePolicyDocument": trust(), "Policies": [may_publish]}),
        **resources,
    }
    return {
        "Resources": {
            logical_id: {"Type": f"AWS::{one[0]}", "Properties": one[1]}
            for logical_id, one in found.items()
            if one is not None
        }
    }


@pytest.mark.parametrize("in_moto", [True, False])
class TestDeploy:
    @pytest.fixture(autouse=True)
    def _moto(self, in_moto):
        if not in_moto:
            yield
            return
        with mock_aws():
            yield

    @pytest.fixture
    def refused(self, events_backend):
        """A function that puts an event, and returns the ids of the targets to which AWS would not deliver."""

        def refused():
            events_backend.client().put_events(Entries=[ORDER])
            return {one.target_id for one in events_backend.deliveries[-3:] if one.missing_permissions}

        return refused

    def test_what_the_template_allows_is_delivered(self, events_backend, in_moto, refused):
        stack = events_backend.deploy(template(), in_moto=in_moto)
        assert refused() == set()
        if in_moto:
            url = stack["Queue"].ref
            [message] = events_backend.client("sqs").receive_message(QueueUrl=url)["Messages"]
            assert json.loads(message["Body"])["source"] == "shop"

    @pytest.mark.parametrize(
        ("missing", "target"), [("Policy", "queue"), ("Permission", "function"), ("Role", "topic")]
    )
    def test_what_the_template_lacks_is_refused(self, events_backend, in_moto, refused, missing, target):
        powerless = ("IAM::Role", {"AssumeRolePolicyDocument": trust()})
        lacking = template(**{missing: powerless if missing == "Role" else None})
        events_backend.deploy(lacking, in_moto=in_moto)
        assert refused() == {target}
        events_backend.deploy(template(), in_moto=in_moto)
        assert refused() == set()
        events_backend.deploy(lacking, in_moto=in_moto)
        assert refused() == {target}

    def test_an_update_that_is_rolled_back_changes_nothing(self, events_backend, in_moto, refused):
        events_backend.deploy(template(), in_moto=in_moto)
        other = ("IAM::Role", {"AssumeRolePolicyDocument": trust()})
        wrong = (
            "Events::Rule",
            {"EventPattern": {"source": "shop"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
        )
        with pytest.raises(TemplateError, match="InvalidEventPattern"):
            events_backend.deploy(template(Role=other, Wrong=wrong, Policy=None), in_moto=in_moto)
        assert refused() == set()

    def test_a_rule_with_a_role_that_cannot_be_assumed_is_refused(self, events_backend, in_moto):
        given = {"ScheduleExpression": "rate(1 day)", "RoleArn": {"Fn::GetAtt": ["Executor", "Arn"]}}
        with pytest.raises(TemplateError, match=r"Nightly: .* cannot be assumed by principal"):
            events_backend.deploy(template(Nightly=("Events::Rule", given)), in_moto=in_moto)
        assert not events_backend.client().list_rules()["Rules"]
        if in_moto:
            assert not events_backend.client("iam").list_roles()["Roles"]
            assert not events_backend.client("sqs").list_queues().get("QueueUrls")
            assert not events_backend.client("lambda").list_functions()["Functions"]


def test_a_stack_that_is_made_in_moto_later_is_judged_from_there(events_backend):
    with mock_aws():
        events_backend.deploy(template())
        stack = events_backend.deploy(template(), in_moto=True)
        client = events_backend.client()
        client.put_events(Entries=[ORDER])
        url = stack["Queue"].ref
        events_backend.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        client.put_events(Entries=[ORDER])
    refused = [one.target_id for one in events_backend.deliveries if one.missing_permissions]
    assert refused == ["queue"]


def test_an_endpoint_knows_the_role_of_its_template_beside_moto(events_backend):
    here, there = (f"arn:aws:events:{region}:{OWN}:event-bus/orders" for region in (HERE, "us-west-2"))
    for region in (HERE, "us-west-2"):
        events_backend.client(region=region).create_event_bus(Name="orders")
    health = "arn:aws:route53:::healthcheck/00000000-0000-0000-0000-000000000000"
    given = {
        "Name": "orders",
        "EventBuses": [{"EventBusArn": here}, {"EventBusArn": there}],
        "RoutingConfig": {
            "FailoverConfig": {"Primary": {"HealthCheck": health}, "Secondary": {"Route": "us-west-2"}}
        },
        "ReplicationConfig": {"State": "ENABLED"},
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    }
    with mock_aws():
        stack = events_backend.deploy(template(Endpoint=("Events::Endpoint", given)))
        assert stack["Endpoint"].attributes["State"] == "ACTIVE"


@pytest.mark.eventmock(target_permissions="off")
def test_nothing_is_read_where_nothing_is_judged(given):
    policy = queue_policy("no policy")
    assert given.create(policy) is policy
    assert given.update(policy, policy) is policy
    assert given.notes == ()
