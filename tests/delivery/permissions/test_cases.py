"""The cases of permissions-of-targets, section 10, a test each.

The name of a test has the number of its case and the evidence for it: AWS's own answers ``recorded``; AWS's pages
``documented``; reports of users ``observed``; or ``inferred``. Each case is tried beside moto, and without moto by
policies that the test gives, unless it is about something that does not exist.

Cases 61 to 63 are about the caller's ``iam:PassRole`` at PutTargets. They are not judged: callers of moto may do
anything. In case 17 AWS delivers, since SQS keeps a data key for five minutes; a mock keeps none.
"""

from __future__ import annotations

import io
import json
import re
import zipfile

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

pytestmark = pytest.mark.eventmock(target_permissions="enforce", enforce_policies=True)

HERE, OWN, OTHER = "us-east-1", "123456789012", "222222222222"
EVENTS = {"Service": "events.amazonaws.com"}
RULE = f"arn:aws:events:{HERE}:{OWN}:rule/r"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:q"
DEAD = f"arn:aws:sqs:{HERE}:{OWN}:dead"
TOPIC = f"arn:aws:sns:{HERE}:{OWN}:t"
FUNCTION = f"arn:aws:lambda:{HERE}:{OWN}:function:f"
GROUP = f"arn:aws:logs:{HERE}:{OWN}:log-group:/aws/events/g"
CLUSTER = f"arn:aws:ecs:{HERE}:{OWN}:cluster/c"
MACHINE = f"arn:aws:states:{HERE}:{OWN}:stateMachine:m"
STREAM = f"arn:aws:kinesis:{HERE}:{OWN}:stream/s"
BUS = f"arn:aws:events:{HERE}:{OWN}:event-bus/other"
THEIRS = f"arn:aws:events:{HERE}:{OTHER}:event-bus/theirs"
ROLE = f"arn:aws:iam::{OWN}:role/r"
KEY = f"arn:aws:kms:{HERE}:{OWN}:key/11111111-2222-3333-4444-555555555555"
ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
ENTRY_OF_KEY = ["kms:GenerateDataKey", "kms:Decrypt"]
TRUST = {"Effect": "Allow", "Principal": EVENTS, "Action": "sts:AssumeRole"}
ENABLE_IAM = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **elements):
    """A statement that allows an action, of a role's policy if it has no Principal."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def lets_in(condition=None, action="sqs:SendMessage", resource=QUEUE, principal=EVENTS):
    """A statement that lets EventBridge take an action, under a condition."""
    return allow(
        action, resource, Principal=principal, **({} if condition is None else {"Condition": condition})
    )


def deny(statement):
    return statement | {"Effect": "Deny"}


class World:
    """The resources and roles of a test: in moto, or given to the backend."""

    def __init__(self, backend, *, has_moto):
        self.backend, self.has_moto = backend, has_moto
        self.events = backend.client()

    def client(self, service):
        return boto3.client(service, HERE)

    def queue(self, *statements, name="q", key=None):
        arn = f"arn:aws:sqs:{HERE}:{OWN}:{name}"
        if self.has_moto:
            attributes = {} if key is None else {"KmsMasterKeyId": key}
            if statements:
                attributes["Policy"] = json.dumps(document(*statements))
            self.client("sqs").create_queue(QueueName=name, Attributes=attributes)
        else:
            self.backend.policies.resource(arn, *([document(*statements)] if statements else []), key=key)
        return arn

    def key(self, *statements, enabled=True):
        if not self.has_moto:
            self.backend.policies.key(KEY, document(*statements), enabled=enabled)
            return KEY
        kms = self.client("kms")
        arn = kms.create_key(Policy=json.dumps(document(*statements)))["KeyMetadata"]["Arn"]
        if not enabled:
            kms.disable_key(KeyId=arn.rpartition("/")[2])
        return arn

    def topic(self, *statements):
        if self.has_moto:
            attributes = {"Policy": json.dumps(document(*statements))} if statements else {}
            return self.client("sns").create_topic(Name="t", Attributes=attributes)["TopicArn"]
        self.backend.policies.resource(TOPIC, document(*statements or [DEFAULT_OF_TOPICS]))
        return TOPIC

    def function(self, *permissions):
        """A function. A permission has the members of AddPermission beside the action and the principal."""
        if not self.has_moto:
            self.backend.policies.resource(
                FUNCTION, *([document(*map(as_statement, permissions))] if permissions else [])
            )
            return FUNCTION
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("f.py", "def handler(event, context): return event")
        trust = document(TRUST | {"Principal": {"Service": "lambda.amazonaws.com"}})
        made = self.client("iam").create_role(RoleName="of-f", AssumeRolePolicyDocument=json.dumps(trust))
        client = self.client("lambda")
        client.create_function(
            FunctionName="f",
            Runtime="python3.12",
            Role=made["Role"]["Arn"],
            Handler="f.handler",
            Code={"ZipFile": code.getvalue()},
        )
        client.create_alias(FunctionName="f", Name="live", FunctionVersion="$LATEST")
        for number, members in enumerate(permissions):
            client.add_permission(
                FunctionName="f",
                StatementId=str(number),
                Action="lambda:InvokeFunction",
                Principal="events.amazonaws.com",
                **members,
            )
        return FUNCTION

    def role(self, *policies, trust=TRUST, boundary=None):
        if not self.has_moto:
            documents = [document(*policies)] if policies else []
            self.backend.policies.role(ROLE, trust=document(trust), policies=documents, boundary=boundary)
            return ROLE
        iam = self.client("iam")
        arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(document(trust)))["Role"][
            "Arn"
        ]
        if policies:
            iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(document(*policies)))
        return arn

    def target(self, arn, **members):
        """Make a rule with a target, whose dead-letter queue takes everything."""
        dead = {} if arn in (BUS, THEIRS) else {"RetryPolicy": {"MaximumRetryAttempts": 0}}
        if not members.get("DeadLetterConfig"):
            self.queue(lets_in(resource=DEAD), name="dead")
        self.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        self.put_targets(arn, **{"DeadLetterConfig": {"Arn": DEAD}} | dead | members)

    def put_targets(self, arn, **members):
        self.events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn, **members}])

    def put(self, **members):
        """Put an event, and return its delivery."""
        answer = self.events.put_events(Entries=[ORDER | members])
        assert answer["FailedEntryCount"] == 0
        return self.backend.deliveries[-1]

    def error(self, arn=None, **members):
        """Make a rule with a target, put an event, and return the code of the dead letter; None if it is delivered."""
        if arn is not None:
            self.target(arn, **members)
        return error_of(self.put())


DEFAULT_OF_TOPICS = allow(
    ["SNS:Publish"], TOPIC, Principal={"AWS": "*"}, Condition={"StringEquals": {"AWS:SourceOwner": OWN}}
)


def as_statement(members):
    source = {"ArnLike": {"AWS:SourceArn": members["SourceArn"]}} if "SourceArn" in members else {}
    resource = FUNCTION + (f":{members['Qualifier']}" if "Qualifier" in members else "")
    return lets_in(source, "lambda:InvokeFunction", resource)


def error_of(delivery):
    """The code of the dead letter of a delivery; None if it was delivered."""
    if delivery.status == "delivered":
        assert delivery.missing_permissions == []
        return None
    assert (delivery.status, len(delivery.attempts)) == ("dead-lettered", 1)
    attributes = delivery.dead_letter.attributes
    assert set(attributes) == {"RULE_ARN", "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE"}
    return attributes["ERROR_CODE"]


def text_of(delivery):
    """AWS's text in the dead letter of a delivery, without what differs from one delivery to the next."""
    text = delivery.dead_letter.attributes["ERROR_MESSAGE"]
    text = re.sub(r"Request ID: [0-9a-f-]{36}", "Request ID: ...", text)
    return re.sub(r"assumed-role/r/[0-9a-f]{32}", "assumed-role/r/...", text)


@pytest.fixture
def moto_world(events_backend):
    with mock_aws():
        yield World(events_backend, has_moto=True)


@pytest.fixture(params=["moto", "given"])
def world(request, events_backend):
    if request.param == "moto":
        return request.getfixturevalue("moto_world")
    return World(events_backend, has_moto=False)


NO, YES = "NO_PERMISSIONS", None
SQS_END = "(Service: AmazonSQS; Status Code: 403; Error Code: AccessDenied; Request ID: ...; Proxy: null)"
LACK = "Lack of permissions to invoke cross account target."


def condition_on(key, value, operator="StringEquals"):
    return {operator: {key: value}}


class TestQueueByItsPolicy:
    def error(self, world, condition):
        return world.error(world.queue(lets_in(condition)))

    def test_01_recorded_a_policy_without_a_condition(self, world):
        assert self.error(world, None) is YES

    def test_02_recorded_no_policy(self, world):
        assert world.error(world.queue()) == NO
        action = "sqs:sendmessage"
        assert text_of(world.backend.deliveries[0]) == (
            f"User: events.amazonaws.com is not authorized to perform: {action} on resource: {QUEUE} "
            f"because no resource-based policy allows the {action} action {SQS_END}"
        )

    @pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringEquals"])
    def test_03_recorded_the_rule_as_source(self, world, operator):
        assert self.error(world, condition_on("aws:SourceArn", RULE, operator)) is YES

    def test_04_recorded_another_rule_as_source(self, world):
        assert self.error(world, condition_on("aws:SourceArn", RULE + "2")) == NO

    def test_05_recorded_the_account_as_source(self, world):
        assert self.error(world, condition_on("aws:SourceAccount", OWN)) is YES

    def test_06_recorded_another_account_as_source(self, world):
        assert self.error(world, condition_on("aws:SourceAccount", OTHER)) == NO

    def test_07_recorded_the_service_by_its_name(self, world):
        assert self.error(world, condition_on("aws:PrincipalServiceName", "events.amazonaws.com")) is YES

    def test_08_recorded_a_service_of_aws(self, world):
        assert self.error(world, condition_on("aws:PrincipalIsAWSService", "true", "Bool")) is YES

    def test_09_recorded_the_type_of_a_service(self, world):
        assert self.error(world, condition_on("aws:PrincipalType", "AWSService")) == NO

    def test_10_recorded_the_type_of_a_user(self, world):
        assert self.error(world, condition_on("aws:PrincipalType", "User")) is YES

    @pytest.mark.parametrize("kind", ["AssumedRole", "Account", "Anonymous"])
    def test_11_recorded_another_type(self, world, kind):
        assert self.error(world, condition_on("aws:PrincipalType", kind)) == NO

    def test_12_recorded_a_queue_that_does_not_exist(self, moto_world):
        assert moto_world.error(QUEUE) == "NO_RESOURCE"
        assert text_of(moto_world.backend.deliveries[0]) == (
            "The specified queue does not exist or you do not have access to it. (Service: AmazonSQS; Status Code: "
            "400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: ...; Proxy: null)"
        )


class TestKeyOfQueue:
    def error(self, world, *statements, enabled=True):
        key = world.key(ENABLE_IAM, *statements, enabled=enabled)
        return world.error(world.queue(lets_in(), key=key))

    def test_13_recorded_the_queue_in_the_encryption_context(self, world):
        condition = condition_on("kms:EncryptionContext:aws:sqs:arn", QUEUE)
        assert self.error(world, lets_in(condition, ENTRY_OF_KEY, "*")) is YES

    def test_14_recorded_the_default_policy_of_a_key(self, world):
        assert self.error(world) == NO
        assert text_of(world.backend.deliveries[0]) == (
            "User: events.amazonaws.com is not authorized to perform: kms:GenerateDataKey on this resource because the "
            "resource does not exist in this Region, no resource-based policies allow access, or a resource-based "
            "policy explicitly denies access (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; "
            "Request ID: ...; Proxy: null) (Service: AmazonSQS; Status Code: 400; Error Code: "
            "KMS.AccessDeniedException; Request ID: ...; Proxy: null)"
        )

    def test_15_recorded_a_key_for_the_rule(self, world):
        assert self.error(world, lets_in(condition_on("aws:SourceArn", RULE), ENTRY_OF_KEY, "*")) is YES

    def test_16_recorded_a_key_for_another_rule(self, world):
        assert self.error(world, lets_in(condition_on("aws:SourceArn", RULE + "2"), ENTRY_OF_KEY, "*")) == NO

    def test_17_recorded_otherwise_a_key_for_another_rule_soon_after_one_for_which_it_is(self, world):
        """AWS delivers within 300 seconds after case 15."""
        assert self.error(world, lets_in(condition_on("aws:SourceArn", RULE + "2"), ENTRY_OF_KEY, "*")) == NO
        rule2 = {"Rule": "r2", "Targets": [{"Id": "t", "Arn": QUEUE}]}
        world.events.put_rule(Name="r2", EventPattern='{"source": ["shop"]}')
        world.events.put_targets(**rule2)
        world.put()
        assert [one.status for one in world.backend.deliveries[1:]] == ["dead-lettered", "delivered"]

    def test_18_recorded_a_key_for_the_queue_as_source(self, world):
        assert self.error(world, lets_in(condition_on("aws:SourceArn", QUEUE), ENTRY_OF_KEY, "*")) == NO

    def test_19_recorded_a_disabled_key(self, world):
        assert self.error(world, lets_in(None, ENTRY_OF_KEY, "*"), enabled=False) == "NO_RESOURCE"
        assert re.sub(r"key/[0-9a-f-]{36}", "key/...", text_of(world.backend.deliveries[0])) == (
            f"arn:aws:kms:{HERE}:{OWN}:key/... is disabled. (Service: AWSKMS; Status Code: 400; Error Code: "
            "DisabledException; Request ID: ...; Proxy: null) (Service: AmazonSQS; Status Code: 400; Error Code: "
            "KMS.DisabledException; Request ID: ...; Proxy: null)"
        )

    def test_20_documented_a_key_that_aws_manages(self, world):
        assert world.error(world.queue(lets_in(), key="alias/aws/sqs")) == NO


MAY_SEND = allow("sqs:SendMessage", QUEUE)
AS_ROLE = {"AWS": ROLE}


class TestQueueByARole:
    def error(self, world, *of_queue, policies=(MAY_SEND,), trust=TRUST):
        return world.error(world.queue(*of_queue), RoleArn=world.role(*policies, trust=trust))

    def text(self, world):
        return text_of(world.backend.deliveries[0])

    def test_21_recorded_the_role_may(self, world):
        assert self.error(world) is YES

    def test_22_recorded_the_role_is_denied(self, world):
        assert self.error(world, policies=[MAY_SEND, deny(MAY_SEND)]) == NO
        assert self.text(world) == (
            f"User: arn:aws:sts::{OWN}:assumed-role/r/... is not authorized to perform: sqs:sendmessage on resource: "
            f"{QUEUE} with an explicit deny in an identity-based policy {SQS_END}"
        )

    def test_23_recorded_the_queue_denies_the_role(self, world):
        no = deny(lets_in(condition_on("aws:PrincipalArn", ROLE, "ArnEquals"), principal="*"))
        assert self.error(world, no) == NO
        assert "with an explicit deny in a resource-based policy (Service: AmazonSQS" in self.text(world)

    def test_24_recorded_the_queue_denies_the_service(self, world):
        assert self.error(world, deny(lets_in())) is YES

    def test_25_recorded_the_role_may_for_a_source(self, world):
        may = MAY_SEND | {"Condition": condition_on("aws:SourceArn", RULE)}
        assert self.error(world, policies=[may]) == NO
        assert "because no identity-based policy allows the sqs:sendmessage action (Serv" in self.text(world)

    def test_26_recorded_the_role_may_without_a_source(self, world):
        may = MAY_SEND | {"Condition": condition_on("aws:SourceArn", "true", "Null")}
        assert self.error(world, policies=[may]) is YES

    def test_27_recorded_the_role_trusts_for_the_rule(self, world):
        trust = TRUST | {
            "Condition": condition_on("aws:SourceArn", RULE)
            | condition_on("aws:SourceAccount", OWN, "StringLike")
        }
        assert self.error(world, trust=trust) is YES

    def test_28_recorded_the_role_trusts_for_another_rule(self, world):
        trust = TRUST | {"Condition": condition_on("aws:SourceArn", RULE + "2")}
        assert self.error(world, trust=trust) == "FAILED_TO_ASSUME_ROLE"

    def test_29_recorded_the_role_does_not_exist(self, moto_world):
        moto_world.queue()
        assert moto_world.error(QUEUE, RoleArn=ROLE) == "FAILED_TO_ASSUME_ROLE"
        assert self.text(moto_world) == (
            f"User: events.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: {ROLE} (Service: "
            "AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: ...; Proxy: null)"
        )

    def test_30_recorded_the_role_trusts_another_service(self, world):
        trust = TRUST | {"Principal": {"Service": "lambda.amazonaws.com"}}
        assert self.error(world, trust=trust) == "FAILED_TO_ASSUME_ROLE"

    def test_31_recorded_the_role_is_deleted(self, moto_world):
        assert self.error(moto_world) is YES
        iam = moto_world.client("iam")
        iam.delete_role_policy(RoleName="r", PolicyName="p")
        iam.delete_role(RoleName="r")
        assert moto_world.error() == "FAILED_TO_ASSUME_ROLE"

    def test_32_recorded_the_policy_is_removed(self, world):
        assert self.error(world) is YES
        if world.has_moto:
            world.client("iam").delete_role_policy(RoleName="r", PolicyName="p")
        else:
            world.role()
        assert world.error() == NO

    def test_33_recorded_the_target_gets_another_role(self, world):
        assert self.error(world) is YES
        powerless = ROLE + "2"
        if world.has_moto:
            trust = json.dumps(document(TRUST))
            world.client("iam").create_role(RoleName="r2", AssumeRolePolicyDocument=trust)
        else:
            world.backend.policies.role(powerless)
        world.put_targets(QUEUE, RoleArn=powerless, DeadLetterConfig={"Arn": DEAD})
        assert world.error() == NO

    def test_34_recorded_the_target_loses_its_role(self, world):
        assert self.error(world) is YES
        world.put_targets(QUEUE, DeadLetterConfig={"Arn": DEAD})
        assert "RoleArn" not in world.events.list_targets_by_rule(Rule="r")["Targets"][0]
        assert world.error() == NO

    def test_35_recorded_the_role_of_the_rule_is_not_used(self, world):
        role = world.role(MAY_SEND)
        world.target(world.queue())
        world.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}', RoleArn=role)
        assert world.events.describe_rule(Name="r")["RoleArn"] == role
        assert world.error() == NO

    def test_36_recorded_the_role_of_a_rule_must_exist(self, moto_world, error_of):
        members = {"Name": "r", "EventPattern": '{"source": ["shop"]}', "RoleArn": ROLE}
        text = f"Provided role '{ROLE}' cannot be assumed by principal 'events.amazonaws.com'."
        assert error_of(moto_world.events.put_rule, **members) == ("ValidationException", text)
        assert moto_world.events.list_rules()["Rules"] == []
        moto_world.role()
        moto_world.events.put_rule(**members)


MAY_PUBLISH = allow("sns:Publish", TOPIC)


class TestTopic:
    def test_37_documented_the_policy_lets_the_service_in(self, world):
        assert world.error(world.topic(lets_in(None, "sns:Publish", TOPIC))) is YES

    def test_38_documented_the_default_policy_does_not(self, world):
        assert world.error(world.topic()) == NO

    def test_39_recorded_the_role_may_and_the_policy_is_for_somebody_else(self, world):
        somebody = lets_in(None, "sns:Publish", TOPIC, {"Service": "s3.amazonaws.com"})
        assert world.error(world.topic(somebody), RoleArn=world.role(MAY_PUBLISH)) is YES

    def test_40_recorded_the_role_is_denied(self, world):
        assert world.error(world.topic(), RoleArn=world.role(deny(MAY_PUBLISH))) == NO
        assert text_of(world.backend.deliveries[0]) == (
            f"User: arn:aws:sts::{OWN}:assumed-role/r/... is not authorized to perform: SNS:Publish on resource: "
            f"{TOPIC} with an explicit deny in an identity-based policy (Service: AmazonSNS; Status Code: 403; "
            "Error Code: AuthorizationError; Request ID: ...; Proxy: null)"
        )


MAY_INVOKE = allow("lambda:InvokeFunction", FUNCTION)


@pytest.fixture
def _function_of_the_test(events_backend):
    events_backend.target(FUNCTION)
    events_backend.target(f"{FUNCTION}:live")


@pytest.mark.usefixtures("_function_of_the_test")
class TestFunction:
    def test_41_documented_a_permission_for_the_rule(self, world):
        assert world.error(world.function({"SourceArn": RULE})) is YES

    def test_42_documented_no_policy(self, world):
        assert world.error(world.function()) == NO

    def test_43_observed_a_permission_for_another_rule(self, world):
        assert world.error(world.function({"SourceArn": RULE + "2"})) == NO

    def test_44_inferred_a_permission_for_the_function_not_its_alias(self, world):
        world.function({"SourceArn": RULE})
        assert world.error(f"{FUNCTION}:live") == NO

    def test_44_inferred_a_permission_for_the_alias(self, world):
        world.function({"SourceArn": RULE, "Qualifier": "live"})
        assert world.error(f"{FUNCTION}:live") is YES

    def test_45_recorded_the_role_may(self, world):
        assert world.error(world.function(), RoleArn=world.role(MAY_INVOKE)) is YES

    def test_46_recorded_the_role_is_denied(self, world):
        assert world.error(world.function(), RoleArn=world.role(deny(MAY_INVOKE))) == NO
        assert text_of(world.backend.deliveries[0]) == (
            f"User: arn:aws:sts::{OWN}:assumed-role/r/... is not authorized to perform: lambda:InvokeFunction on "
            f"resource: {FUNCTION} with an explicit deny in an identity-based policy (Service: AWSLambdaInternal; "
            "Status Code: 403; Error Code: AccessDeniedException; Request ID: ...; Proxy: null)"
        )


LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"]
LOGS_IN = lets_in(None, LOGS, f"arn:aws:logs:{HERE}:{OWN}:log-group:/aws/events/*:*")


class TestLogGroup:
    @pytest.fixture
    def world(self, world):
        if world.has_moto:
            world.client("logs").create_log_group(logGroupName="/aws/events/g")
        return world

    def of_account(self, world, statement):
        """A policy of the account. Given policies are those of the group and of the account together."""
        if world.has_moto:
            policy = json.dumps(document(statement))
            world.client("logs").put_resource_policy(policyName="p", policyDocument=policy)

    def test_47_recorded_a_policy_of_the_account(self, world):
        self.of_account(world, LOGS_IN)
        if not world.has_moto:
            world.backend.policies.resource(GROUP, document(LOGS_IN))
        assert world.error(GROUP) is YES

    @pytest.mark.parametrize(("key", "value"), [("aws:SourceArn", RULE), ("aws:SourceAccount", OWN)])
    def test_48_recorded_a_policy_of_the_group(self, world, key, value):
        statement = lets_in(condition_on(key, value), LOGS, f"{GROUP}:*")
        world.backend.policies.resource(f"{GROUP}:*", document(statement))
        assert world.error(GROUP) is YES

    def test_49_recorded_the_policy_is_deleted(self, world):
        if world.has_moto:
            self.of_account(world, LOGS_IN)
            world.client("logs").delete_resource_policy(policyName="p")
        else:
            world.backend.policies.resource(GROUP)
        assert world.error(GROUP) == NO
        assert (
            text_of(world.backend.deliveries[0]) == "Could not complete putLogEvents call for /aws/events/g."
        )

    def test_50_recorded_a_role_is_refused(self, world, error_of):
        world.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        text = f"RoleArn is not supported for target {GROUP}."
        assert error_of(world.put_targets, arn=GROUP, RoleArn=ROLE) == ("ValidationException", text)

    @pytest.mark.parametrize("group_denies", [True, False])
    def test_70_recorded_one_policy_allows_and_the_other_denies(self, world, group_denies):
        of_group, of_account = (deny(LOGS_IN), LOGS_IN) if group_denies else (LOGS_IN, deny(LOGS_IN))
        self.of_account(world, of_account)
        given = [of_group] if world.has_moto else [of_group, of_account]
        world.backend.policies.resource(GROUP, *map(document, given))
        assert world.error(GROUP) == NO


DEFINITION = f"arn:aws:ecs:{HERE}:{OWN}:task-definition/f:1"
RUN_TASK = allow("ecs:RunTask", DEFINITION, Condition={"ArnEquals": {"ecs:cluster": CLUSTER}})


class TestTask:
    def error(self, world, *policies, trust=TRUST):
        if world.has_moto:
            ecs = world.client("ecs")
            ecs.create_cluster(clusterName="c")
            containers = [{"name": "c", "image": "i", "memory": 8}]
            ecs.register_task_definition(
                family="f", containerDefinitions=containers, executionRoleArn=f"{ROLE}-of-task"
            )
        world.backend.target(CLUSTER)
        ecs = {"TaskDefinitionArn": DEFINITION}
        return world.error(CLUSTER, RoleArn=world.role(*policies, trust=trust), EcsParameters=ecs)

    def test_51_recorded_the_role_may_not_run_a_task(self, world):
        assert self.error(world, allow("iam:PassRole")) == NO
        assert f"perform: ecs:RunTask on resource: {DEFINITION} because no ide" in text_of(
            world.backend.deliveries[0]
        )

    def test_52_recorded_the_role_may_not_pass_the_execution_role(self, moto_world):
        assert self.error(moto_world, RUN_TASK, allow("iam:PassRole", ROLE)) == NO
        said = f"perform: iam:PassRole on resource: {ROLE}-of-task because no ide"
        assert said in text_of(moto_world.backend.deliveries[0])

    def test_52_recorded_the_role_may_pass_it(self, world):
        condition = condition_on("iam:PassedToService", "ecs-tasks.amazonaws.com")
        assert (
            self.error(world, RUN_TASK, allow("iam:PassRole", f"{ROLE}-of-task", Condition=condition)) is YES
        )

    def test_53_recorded_the_role_trusts_nobody(self, world):
        nobody = TRUST | {"Principal": {"AWS": f"{ROLE}2"}}
        assert self.error(world, RUN_TASK, trust=nobody) == "FAILED_TO_ASSUME_ROLE"


class TestOtherKinds:
    def test_54_recorded_a_state_machine_needs_a_role(self, world, error_of):
        world.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        text = f"RoleArn is required for target {MACHINE}."
        assert error_of(world.put_targets, arn=MACHINE) == ("ValidationException", text)

    def test_55_observed_the_role_may_not_start_an_execution(self, world):
        role = world.role(allow("states:StartExecution", MACHINE + "2"))
        assert world.error(MACHINE, RoleArn=role) == NO

    def test_55_observed_the_role_may_start_an_execution(self, world):
        assert world.error(MACHINE, RoleArn=world.role(allow("states:StartExecution", MACHINE))) is YES

    def test_56_observed_the_role_may_not_put_a_record(self, world):
        if world.has_moto:
            world.client("kinesis").create_stream(StreamName="s", ShardCount=1)
        assert world.error(STREAM, RoleArn=world.role(deny(allow("kinesis:PutRecord", STREAM)))) == NO


MAY_PUT = allow("events:PutEvents", [BUS, THEIRS])


class TestBus:
    @pytest.fixture
    def world(self, world):
        world.events.create_event_bus(Name="other")
        world.theirs = world.backend.client(account=OTHER)
        world.theirs.create_event_bus(Name="theirs")
        return world

    def set_policy(self, world, *statements):
        world.events.put_permission(EventBusName="other", Policy=json.dumps(document(*statements)))

    @pytest.mark.parametrize("bus", [BUS, THEIRS])
    @pytest.mark.parametrize("trust", [TRUST, TRUST | {"Principal": {"Service": "lambda.amazonaws.com"}}])
    def test_57_recorded_the_role_may_not_or_cannot_be_assumed(self, world, bus, trust):
        policies = [MAY_PUT] if trust != TRUST else []
        assert world.error(bus, RoleArn=world.role(*policies, trust=trust)) == NO
        assert text_of(world.backend.deliveries[0]) == LACK

    @pytest.mark.parametrize("bus", [BUS, THEIRS])
    def test_57_recorded_the_role_does_not_exist(self, moto_world, bus):
        assert moto_world.error(bus, RoleArn=ROLE) == NO
        assert text_of(moto_world.backend.deliveries[0]) == LACK

    def test_58_documented_the_bus_of_another_account_does_not_allow_it(self, world):
        assert world.error(THEIRS, RoleArn=world.role(MAY_PUT)) == NO

    def test_58_documented_it_does(self, world):
        world.theirs.put_permission(
            EventBusName="theirs", Action="events:PutEvents", Principal=OWN, StatementId="s"
        )
        assert world.error(THEIRS, RoleArn=world.role(MAY_PUT)) is YES

    def test_64_recorded_the_bus_allows_the_role(self, world):
        self.set_policy(world, lets_in(None, "events:PutEvents", BUS, AS_ROLE))
        assert world.error(BUS, RoleArn=world.role()) is YES

    @pytest.mark.parametrize(("denied", "error"), [("true", NO), ("false", YES)])
    def test_65_and_66_recorded_the_bus_denies_what_is_forwarded_or_what_is_put(self, world, denied, error):
        condition = condition_on("events:eventBusInvocation", denied)
        self.set_policy(world, deny(lets_in(condition, "events:PutEvents", BUS, "*")))
        assert world.error(BUS, RoleArn=world.role(MAY_PUT)) == error
        entries = [ORDER | {"EventBusName": "other"}]
        if denied == "true":
            assert world.events.put_events(Entries=entries)["FailedEntryCount"] == 0
        else:
            with pytest.raises(ClientError) as refused:
                world.events.put_events(Entries=entries)
            assert refused.value.response["Error"]["Code"] == "AccessDeniedException"

    @pytest.mark.parametrize(("key", "value"), [("events:source", "shop"), ("events:detail-type", "order")])
    def test_67_recorded_the_bus_denies_the_source_or_the_detail_type(self, world, key, value):
        self.set_policy(world, deny(lets_in(condition_on(key, value), "events:PutEvents", BUS, "*")))
        assert world.error(BUS, RoleArn=world.role(MAY_PUT)) == NO
        self.set_policy(world, deny(lets_in(condition_on(key, value + "2"), "events:PutEvents", BUS, "*")))
        assert world.error() is YES

    def test_68_recorded_a_bus_that_does_not_exist_takes_and_loses_the_event(self, world):
        role = world.role(MAY_PUT)
        world.events.delete_event_bus(Name="other")
        assert world.error(BUS, RoleArn=role) is YES
        assert world.backend.dead_letters == []
        assert world.backend.events[-1].dropped == f"there is no event bus 'other' in {OWN}, {HERE}"

    def test_69_recorded_a_retry_policy_is_refused(self, world, error_of):
        world.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        members = {"RoleArn": ROLE, "RetryPolicy": {"MaximumRetryAttempts": 0}}
        text = "Retry policy is not supported for Event bus targets."
        assert error_of(world.put_targets, arn=BUS, **members) == ("ValidationException", text)


class TestDeadLetterQueue:
    def lost(self, world, *statements):
        """The reason of a delivery that fails, and whose dead-letter queue has these statements."""
        world.queue()
        world.queue(*statements, name="dead")
        world.target(QUEUE, DeadLetterConfig={"Arn": DEAD})
        delivery = world.put()
        assert (delivery.status, delivery.dead_letter) == ("dropped", None)
        assert [one.resource for one in delivery.missing_permissions] == [QUEUE, DEAD]
        return delivery.reason

    def test_59_documented_its_policy_does_not_let_the_service_in(self, world):
        assert (
            "the dead-letter queue did not take it (NO_PERMISSIONS: User: events.amazonaws.com"
            in self.lost(world)
        )

    def test_60_inferred_its_policy_names_the_bus_as_source(self, world):
        bus = f"arn:aws:events:{HERE}:{OWN}:event-bus/default"
        reason = self.lost(world, lets_in(condition_on("aws:SourceArn", bus), resource=DEAD))
        assert "so the event is lost" in reason


def test_every_case_has_its_test_but_those_about_pass_role():
    text = " ".join(
        name for found in list(globals().values()) if isinstance(found, type) for name in vars(found)
    )
    numbers = {int(number) for number in re.findall(r"(?:test_|_and_)(\d\d)(?=_)", text)}
    assert set(range(1, 71)) - numbers == {61, 62, 63}
