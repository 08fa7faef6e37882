"""What adds a missing permission: the call is made, and the lines of the template say the same."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

yaml = pytest.importorskip("yaml")

pytestmark = pytest.mark.eventmock(target_permissions="enforce")

HERE, OWN, OTHER = "us-east-1", "123456789012", "222222222222"
RULE = f"arn:aws:events:{HERE}:{OWN}:rule/r"
ROLE = f"arn:aws:iam::{OWN}:role/path/r"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:q"
TOPIC = f"arn:aws:sns:{HERE}:{OWN}:t"
FUNCTION = f"arn:aws:lambda:{HERE}:{OWN}:function:f"
GROUP = f"arn:aws:logs:{HERE}:{OWN}:log-group:/aws/events/g"
STREAM = f"arn:aws:kinesis:{HERE}:{OTHER}:stream/s"
BUS = f"arn:aws:events:{HERE}:{OTHER}:event-bus/theirs"
EVENTS = {"Service": "events.amazonaws.com"}
TRUST = {"Effect": "Allow", "Principal": EVENTS, "Action": "sts:AssumeRole"}
OTHERS = {"Sid": "keep", "Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sqs:*", "Resource": QUEUE}
SERVICES = ("sqs", "sns", "logs", "iam", "kms", "kinesis", "events")


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def for_rule(action, resource):
    condition = {"ArnEquals": {"aws:SourceArn": RULE}}
    return {
        "Effect": "Allow",
        "Principal": EVENTS,
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


class Loader(yaml.SafeLoader):
    """Reads a template, with the account and the region in place of pseudo parameters."""


def _sub(loader, node):
    values = {"AWS::AccountId": OWN, "AWS::Region": HERE, "AWS::Partition": "aws"}
    text = loader.construct_scalar(node)
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


Loader.add_constructor("!Sub", _sub)


def read(template):
    """The only resource of a template: its name, its type and its properties."""
    [(name, resource)] = yaml.load(template, Loader).items()
    return name, resource["Type"], resource["Properties"]


@pytest.fixture
def aws():
    """Clients by the names in calls, beside moto."""
    with mock_aws():
        yield {name: boto3.client(name, HERE) for name in SERVICES} | {
            "json": json,
            "lambda_": boto3.client("lambda", HERE),
        }


@pytest.fixture
def deliver(events_backend):
    """A function that makes a rule with a target, and returns the delivery of an event."""
    events = events_backend.client()
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')

    def deliver(arn=None, **members):
        if arn is not None:
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn, **members}])
        events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
        return events_backend.deliveries[-1]

    return deliver


def call(missing, names):
    """Make the call that adds a permission."""
    return eval(missing.call, dict(names))  # noqa: S307 - the call that the library proposes


def missing_of(delivery):
    assert delivery.status == "dropped"
    [missing] = delivery.missing_permissions
    return missing


def make_role(aws, *policies, trust=TRUST):
    aws["iam"].create_role(RoleName="r", Path="/path/", AssumeRolePolicyDocument=json.dumps(document(trust)))
    if policies:
        aws["iam"].put_role_policy(
            RoleName="r", PolicyName="p", PolicyDocument=json.dumps(document(*policies))
        )
    return ROLE


class TestPoliciesOfResources:
    def test_a_queue_keeps_its_other_statements(self, aws, deliver):
        attributes = {"Policy": json.dumps(document(OTHERS))}
        aws["sqs"].create_queue(QueueName="q", Attributes=attributes)
        missing = missing_of(deliver(QUEUE))
        statement = for_rule("sqs:SendMessage", QUEUE)
        assert missing.statement == statement
        assert missing.why == (
            f"the policy of {QUEUE} has no statement that allows sqs:SendMessage to events.amazonaws.com; of the "
            f'policy of {QUEUE}, statement \'keep\' is for Principal {{"AWS": "{OWN}"}}, not events.amazonaws.com'
        )
        url = f"https://sqs.{HERE}.amazonaws.com/{OWN}/q"
        properties = {"Queues": [url], "PolicyDocument": document(OTHERS, statement)}
        assert read(missing.template) == ("QPolicy", "AWS::SQS::QueuePolicy", properties)
        call(missing, aws)
        assert deliver().status == "delivered"

    def test_a_topic(self, aws, deliver):
        aws["sns"].create_topic(Name="t")
        missing = missing_of(deliver(TOPIC))
        assert missing.statement == for_rule("sns:Publish", TOPIC)
        _, kind, properties = read(missing.template)
        assert (kind, properties["Topics"]) == ("AWS::SNS::TopicPolicy", [TOPIC])
        default, added = properties["PolicyDocument"]["Statement"]
        assert (default["Sid"], added) == ("__default_statement_ID", missing.statement)
        call(missing, aws)
        assert deliver().status == "delivered"

    @pytest.mark.parametrize("qualifier", ["", ":live"])
    def test_a_function_of_the_test(self, events_backend, deliver, qualifier):
        """moto is not needed, if the policy is given."""
        arn = FUNCTION + qualifier
        events_backend.policies.resource(FUNCTION)
        missing = missing_of(deliver(arn))
        members = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "SourceArn": RULE}
        assert read(missing.template)[1:] == ("AWS::Lambda::Permission", {"FunctionName": arn, **members})
        of_alias = {"Qualifier": "live"} if qualifier else {}

        class Lambda:
            def add_permission(self, **given):
                return given

        given = call(missing, {"lambda_": Lambda()})
        assert given == {"FunctionName": "f", "StatementId": "deliver-events", **members, **of_alias}
        events_backend.policies.resource(FUNCTION, document(missing.statement))
        assert deliver().status == "delivered"

    def test_a_log_group(self, aws, deliver):
        aws["logs"].create_log_group(logGroupName="/aws/events/g")
        missing = missing_of(deliver(GROUP))
        assert missing.statement == for_rule(["logs:CreateLogStream", "logs:PutLogEvents"], f"{GROUP}:*")
        name, kind, properties = read(missing.template)
        assert (name, kind) == ("LogGroupAwsEventsGPolicy", "AWS::Logs::ResourcePolicy")
        assert json.loads(properties["PolicyDocument"]) == document(missing.statement)
        call(missing, aws)
        assert deliver().status == "delivered"

    def test_a_bus_of_another_account(self, events_backend, deliver):
        events_backend.client(account=OTHER).create_event_bus(Name="theirs")
        events_backend.policies.role(
            ROLE, policies=document({"Effect": "Allow", "Action": "*", "Resource": "*"})
        )
        missing = missing_of(deliver(BUS, RoleArn=ROLE))
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": "events:PutEvents",
            "Resource": BUS,
        }
        properties = {"EventBusName": "theirs", "StatementId": "deliver-events", "Statement": statement}
        assert read(missing.template)[1:] == ("AWS::Events::EventBusPolicy", properties)
        call(missing, {"json": json, "events": events_backend.client(account=OTHER)})
        assert deliver().status == "delivered"

    def test_a_stream_of_another_account(self, events_backend, deliver):
        events_backend.policies.role(
            ROLE, policies=document({"Effect": "Allow", "Action": "*", "Resource": "*"})
        )
        events_backend.policies.resource(STREAM)
        missing = missing_of(deliver(STREAM, RoleArn=ROLE))
        assert missing.call.startswith(
            f"kinesis.put_resource_policy(ResourceARN='{STREAM}', Policy=json.dumps({{"
        )
        assert read(missing.template)[1] == "AWS::Kinesis::ResourcePolicy"

    def test_an_api(self, events_backend, deliver):
        api = f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/POST/orders"
        theirs = for_rule("execute-api:Invoke", "execute-api:/prod/GET/*")
        events_backend.policies.resource(api, document(theirs))
        missing = missing_of(deliver(api))
        assert missing.statement == for_rule("execute-api:Invoke", api)
        assert missing.call.startswith(
            "apigateway.update_rest_api(restApiId='abc', patchOperations=[{'op': 'replace', "
        )
        assert read(missing.template)[1] == "AWS::ApiGateway::RestApi"
        events_backend.policies.resource(api, document(for_rule("execute-api:Invoke", "execute-api:/prod/*")))
        assert deliver().status == "delivered"


class TestRoles:
    @pytest.fixture(autouse=True)
    def _queue(self, aws):
        aws["sqs"].create_queue(QueueName="q")

    def test_a_policy_of_the_role(self, aws, deliver):
        missing = missing_of(deliver(QUEUE, RoleArn=make_role(aws)))
        statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}
        assert missing.statement == statement
        assert missing.why == f"{ROLE} has no policy that allows sqs:SendMessage on {QUEUE}"
        properties = {"RoleName": "r", "PolicyName": "deliver-events", "PolicyDocument": document(statement)}
        assert read(missing.template) == ("RPolicy", "AWS::IAM::RolePolicy", properties)
        call(missing, aws)
        assert deliver().status == "delivered"

    def test_a_trust_policy(self, aws, deliver):
        others = TRUST | {"Principal": {"Service": "lambda.amazonaws.com"}}
        role = make_role(aws, {"Effect": "Allow", "Action": "*", "Resource": "*"}, trust=others)
        missing = missing_of(deliver(QUEUE, RoleArn=role))
        properties = {"RoleName": "r", "Path": "/path/", "AssumeRolePolicyDocument": document(others, TRUST)}
        assert read(missing.template) == ("RRole", "AWS::IAM::Role", properties)
        call(missing, aws)
        assert deliver().status == "delivered"

    def test_a_role_that_does_not_exist(self, aws, deliver):
        missing = missing_of(deliver(QUEUE, RoleArn=ROLE))
        assert (missing.code, missing.why) == ("FAILED_TO_ASSUME_ROLE", f"there is no role {ROLE}")
        assert call(missing, aws)["Role"]["Arn"] == ROLE
        assert missing_of(deliver()).code == "NO_PERMISSIONS"

    def test_a_boundary(self, aws, deliver):
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        role = make_role(aws, everything)
        small = document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
        boundary = aws["iam"].create_policy(PolicyName="b", PolicyDocument=json.dumps(small))["Policy"]["Arn"]
        aws["iam"].put_role_permissions_boundary(RoleName="r", PermissionsBoundary=boundary)
        delivery = deliver(QUEUE, RoleArn=role)
        missing = missing_of(delivery)
        assert "because no permissions boundary allows the sqs:sendmessage action" in missing.message
        assert missing.template == ""
        call(missing, aws)
        assert deliver().status == "delivered"

    def test_a_given_boundary_has_no_call(self, events_backend, deliver):
        everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
        events_backend.policies.role(ROLE, policies=everything, boundary=document())
        missing = missing_of(deliver(QUEUE, RoleArn=ROLE))
        assert (missing.call, missing.template) == ("", "")
        assert missing.statement == {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}


class TestKeys:
    @pytest.fixture
    def key(self, aws):
        return aws["kms"].create_key()["KeyMetadata"]["Arn"]

    @pytest.fixture
    def _queue(self, aws, key):
        policy = json.dumps(document(for_rule("sqs:SendMessage", QUEUE)))
        aws["sqs"].create_queue(QueueName="q", Attributes={"KmsMasterKeyId": key, "Policy": policy})

    @pytest.mark.usefixtures("_queue")
    def test_a_policy_of_the_key(self, aws, deliver):
        missing = missing_of(deliver(QUEUE))
        assert missing.statement == for_rule(["kms:GenerateDataKey", "kms:Decrypt"], "*")
        _, kind, properties = read(missing.template)
        assert kind == "AWS::KMS::Key"
        assert [one.get("Sid") for one in properties["KeyPolicy"]["Statement"]] == [
            "Enable IAM User Permissions",
            None,
        ]
        call(missing, aws)
        assert deliver().status == "delivered"

    @pytest.mark.usefixtures("_queue")
    def test_a_role_may_use_the_key_by_its_own_policy(self, aws, key, deliver):
        role = make_role(aws, {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
        for action in ("kms:GenerateDataKey", "kms:Decrypt"):
            missing = missing_of(deliver(QUEUE, RoleArn=role))
            assert missing.statement == {"Effect": "Allow", "Action": action, "Resource": key}
            assert (
                f"because no identity-based policy allows the {action} action (Service: AWSKMS;"
                in missing.message
            )
            allowed = {"Effect": "Allow", "Action": ["sqs:*", action], "Resource": "*"}
            more = [{"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": key}, allowed]
            aws["iam"].put_role_policy(
                RoleName="r", PolicyName="p", PolicyDocument=json.dumps(document(*more))
            )
        assert deliver().status == "delivered"

    @pytest.mark.usefixtures("_queue")
    def test_a_disabled_key_is_enabled(self, aws, key, deliver):
        aws["kms"].disable_key(KeyId=key.rpartition("/")[2])
        missing = missing_of(deliver(QUEUE))
        assert (missing.code, missing.statement) == ("NO_RESOURCE", None)
        call(missing, aws)
        assert missing_of(deliver()).code == "NO_PERMISSIONS"

    def test_the_key_of_a_topic_cannot_name_the_source(self, events_backend, deliver):
        key = f"arn:aws:kms:{HERE}:{OWN}:key/k"
        events_backend.policies.resource(TOPIC, document(for_rule("sns:Publish", TOPIC)), key=key)
        events_backend.policies.key(key, document(for_rule("kms:*", "*")))
        missing = missing_of(deliver(TOPIC))
        assert "Error Code: KMSAccessDenied;" in missing.message
        assert "Condition" not in missing.statement
        events_backend.policies.key(key, document(missing.statement))
        assert deliver().status == "delivered"


def test_a_statement_that_denies_has_no_repair(events_backend, deliver):
    deny = for_rule("sqs:*", "*") | {"Effect": "Deny", "Sid": "no"}
    events_backend.policies.resource(QUEUE, document(deny))
    missing = missing_of(deliver(QUEUE))
    assert missing.why == f"statement 'no' of the policy of {QUEUE} denies it"
    assert (missing.statement, missing.call, missing.template) == (None, "", "")
    assert list(missing.lines()) == [f"because {missing.why}"]


def test_its_lines_have_the_call_and_the_template(events_backend, deliver):
    events_backend.policies.resource(QUEUE)
    missing = missing_of(deliver(QUEUE))
    because, to_add, template, *lines = missing.lines()
    assert because == f"because {QUEUE} has no policy that allows sqs:SendMessage to events.amazonaws.com"
    assert to_add == f"  to add it: {missing.call}"
    assert template == "  or in a template:"
    assert lines[:2] == ["    QPolicy:", "      Type: AWS::SQS::QueuePolicy"]
    assert str(missing) == f"NO_PERMISSIONS: {missing.message} ({missing.why})"
