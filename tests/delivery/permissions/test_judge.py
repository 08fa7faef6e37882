"""What is judged, what is not, and what is told of it."""

from __future__ import annotations

import json
import re
import threading

import boto3
import pytest
from hypothesis import given, settings, strategies as st
from moto import mock_aws

from eventmock import DeliveryFailed, PolicyNotUnderstood, StrictFailure, mock_events
from eventmock.delivery.moto import Moto, NoSuchResource
from eventmock.exceptions import OptionError
from eventmock.target_kinds import all_kinds
from eventmock.trace import Warned

HERE, OWN, OTHER = "us-east-1", "123456789012", "222222222222"
RULE = f"arn:aws:events:{HERE}:{OWN}:rule/r"
ROLE = f"arn:aws:iam::{OWN}:role/r"
QUEUE = f"arn:aws:sqs:{HERE}:{OWN}:q"
THEIR_QUEUE = f"arn:aws:sqs:{HERE}:{OTHER}:q"
DEAD = f"arn:aws:sqs:{HERE}:{OWN}:dead"
FUNCTION = f"arn:aws:lambda:{HERE}:{OWN}:function:ship"
MACHINE = f"arn:aws:states:{HERE}:{OWN}:stateMachine:m"
EVENTS = {"Service": "events.amazonaws.com"}
ORDER = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
LET_IN = EVERYTHING | {"Principal": EVENTS}

enforce = pytest.mark.eventmock(target_permissions="enforce")
warn = pytest.mark.eventmock(target_permissions="warn")


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture
def deliver(events_backend):
    """A function that puts a rule with a target, puts an event, and returns its delivery."""
    events = events_backend.client()
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')

    def deliver(arn=None, **members):
        if arn is not None:
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn, **members}])
        events.put_events(Entries=[ORDER])
        return events_backend.deliveries[-1]

    return deliver


def notes(backend):
    """What was not judged."""
    return [fact.text for fact in backend.trace if getattr(fact, "incident", None) is not None]


def not_judged(what):
    return f"permissions are not judged where nothing is known of {what}"


class TestOff:
    def test_nothing_is_judged(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE)
        delivery = deliver(QUEUE)
        assert (delivery.status, delivery.missing_permissions, notes(events_backend)) == ("delivered", [], [])

    @pytest.mark.eventmock(target_permissions="off", strict={"permissions"})
    def test_strict_finds_nothing_then(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE)
        deliver(QUEUE)
        events_backend.check()


@warn
class TestWarn:
    @pytest.fixture
    def delivery(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE)
        return deliver(QUEUE)

    def test_it_is_delivered_and_the_delivery_says_what_is_missing(self, delivery):
        assert (delivery.status, delivery.taken_by, delivery.reason) == ("delivered", "nobody", None)
        [missing] = delivery.missing_permissions
        assert (missing.resource, missing.code) == (QUEUE, "NO_PERMISSIONS")

    def test_the_trace_says_so(self, events_backend, delivery):
        [missing] = delivery.missing_permissions
        [fact] = [fact for fact in events_backend.trace if isinstance(fact, Warned)]
        assert (fact.missing, fact.delivery) == (missing, delivery)
        said = f"rule r -> sqs q: AWS would refuse it: NO_PERMISSIONS: {missing.message} ({missing.why})"
        assert fact.text == said
        assert f"{said}\n" in str(events_backend.trace)

    def test_the_report_has_the_template(self, events_backend, delivery):
        report = str(events_backend.report())
        assert "AWS would refuse it: NO_PERMISSIONS: User: events.amazonaws.com is not auth" in report
        lines = [line.strip() for line in report.splitlines()]
        assert lines[-2].startswith("ArnEquals:")
        assert f"because {delivery.missing_permissions[0].why}" in lines

    def test_the_flow_has_all_of_it(self, events_backend, delivery):
        [missing] = delivery.missing_permissions
        [event] = events_backend.flow()["events"]
        assert event["deliveries"][0]["missing_permissions"] == [
            {
                "resource": QUEUE,
                "code": "NO_PERMISSIONS",
                "message": missing.message,
                "why": missing.why,
                "statement": missing.statement,
                "call": missing.call,
                "template": missing.template,
                "is_dead_letter": False,
            }
        ]

    def test_a_dead_letter_too(self, events_backend, deliver):
        events_backend.policies.resource(DEAD)
        events_backend.policies.resource(QUEUE, document(LET_IN))
        events_backend.faults.inject("NO_RESOURCE", target=QUEUE)
        delivery = deliver(QUEUE, DeadLetterConfig={"Arn": DEAD})
        assert delivery.status == "dead-lettered"
        assert [(one.resource, one.is_dead_letter) for one in delivery.missing_permissions] == [(DEAD, True)]
        assert "AWS would refuse it: NO_PERMISSIONS: User: " in events_backend.report()
        facts = [fact.text for fact in events_backend.trace][-2:]
        assert facts[0].startswith("rule r -> sqs dead: AWS would refuse it: NO_PERMISSIONS: User: ")
        assert facts[1].startswith("rule r -> sqs q: DEAD LETTER to sqs dead: ")

    def test_the_last_attempt_counts(self, events_backend, deliver, pass_time):
        events_backend.policies.resource(QUEUE)
        events_backend.faults.inject("THROTTLING", target=QUEUE, times=1)
        delivery = deliver(QUEUE)
        assert (delivery.status, len(delivery.missing_permissions)) == ("pending", 1)
        events_backend.policies.resource(QUEUE, document(LET_IN))
        events_backend.clock.advance(hours=1)
        assert (delivery.status, delivery.missing_permissions) == ("delivered", [])


class TestStrict:
    @pytest.mark.parametrize(
        "options", [{}, {"target_permissions": "warn"}, {"target_permissions": "enforce"}]
    )
    def test_a_test_fails_where_aws_would_refuse(self, options):
        with (
            pytest.raises(StrictFailure) as told,
            mock_events(strict={"permissions"}, isolated=True, **options) as backend,
        ):
            backend.policies.resource(QUEUE)
            events = backend.client()
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])
            events.put_events(Entries=[ORDER])
        first, problem, because, *lines, to_do, last = str(told.value).splitlines()
        assert first == "strict={'permissions'}, and"
        assert problem.startswith("  permissions: <order from shop: rule 'r' on 'default' -> ")
        assert (
            because
            == f"    because {QUEUE} has no policy that allows sqs:SendMessage to events.amazonaws.com"
        )
        assert lines[0].startswith("      to add it: sqs.set_queue_attributes(QueueUrl=")
        assert to_do == "    To do: add the permission where the resource or the role is made."
        assert last == "A test that means it to be so says strict=False."


@enforce
class TestNotJudged:
    def test_what_nothing_is_known_of_is_said_once(self, events_backend, deliver):
        for _ in range(2):
            assert deliver(QUEUE).status == "delivered"
        assert notes(events_backend) == [not_judged(f"the policy of {QUEUE}")]
        assert not_judged(f"the policy of {QUEUE}") in str(events_backend.report())

    def test_a_role_that_nothing_is_known_of(self, events_backend, deliver):
        assert deliver(MACHINE, RoleArn=ROLE).status == "delivered"
        assert notes(events_backend) == [not_judged(f"role {ROLE}")]

    def test_a_role_that_is_not_an_arn(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE, document(LET_IN))
        assert deliver(QUEUE, RoleArn="deliver").status == "delivered"
        assert notes(events_backend) == [not_judged("role deliver, which is not an ARN")]

    def test_after_a_reset_it_is_said_again(self, events_backend, deliver):
        deliver(QUEUE)
        events_backend.reset()
        events = events_backend.client()
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        deliver(QUEUE)
        assert notes(events_backend) == [not_judged(f"the policy of {QUEUE}")]

    def test_a_key_that_nothing_is_known_of(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE, document(LET_IN), key="alias/mine")
        assert deliver(QUEUE).status == "delivered"
        assert notes(events_backend) == [not_judged("key alias/mine")]

    def test_the_resource_of_a_role_that_is_known_may_be_unknown(self, events_backend, deliver):
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        assert deliver(QUEUE, RoleArn=ROLE).status == "delivered"
        assert notes(events_backend) == []

    def test_not_if_it_is_of_another_account(self, events_backend, deliver):
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        assert deliver(THEIR_QUEUE, RoleArn=ROLE).status == "delivered"
        assert notes(events_backend) == [not_judged(f"the policy of {THEIR_QUEUE}")]

    def test_a_kind_whose_permission_is_not_known(self, events_backend, deliver):
        arn = f"arn:aws:events:{HERE}:{OWN}:target/stop-instance"
        assert deliver(arn, RoleArn=ROLE).status == "delivered"
        assert notes(events_backend) == [
            not_judged("the permission to deliver to a target of the kind EC2 built-in")
        ]

    @pytest.mark.parametrize(
        "arn",
        [
            QUEUE,
            FUNCTION,
            f"arn:aws:sns:{HERE}:{OWN}:t",
            f"arn:aws:logs:{HERE}:{OWN}:log-group:g",
            f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/POST/orders",
        ],
    )
    def test_a_service_that_moto_does_not_mock(self, events_backend, deliver, arn):
        events_backend.target(arn)
        with mock_aws(config={"core": {"mock_credentials": False, "service_whitelist": ["iam"]}}):
            delivery = deliver(arn)
        assert delivery.status == "delivered"
        base = arn.partition("/")[0]
        assert notes(events_backend) == [not_judged(f"the policy of {base}")]

    def test_roles_that_moto_does_not_mock(self, events_backend, deliver):
        with mock_aws(config={"core": {"mock_credentials": False, "service_whitelist": ["sqs"]}}):
            assert deliver(MACHINE, RoleArn=ROLE).status == "delivered"
        assert notes(events_backend) == [not_judged(f"role {ROLE}")]

    def test_a_call_that_aws_cannot_make(self, events_backend, deliver):
        events_backend.policies.role(ROLE)
        arn = f"arn:aws:ecs:{HERE}:{OWN}:cluster/c"
        ecs = {"TaskDefinitionArn": f"arn:aws:ecs:{HERE}:{OWN}:task-definition/f", "Group": "$.detail.none"}
        assert deliver(arn, RoleArn=ROLE, EcsParameters=ecs).attempts[0].error_code == "INVALID_PARAMETER"

    def test_policies_that_moto_does_not_have(self, events_backend, deliver):
        """moto has the policies that AWS manages only if it is told so."""
        managed = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
        with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
            iam = boto3.client("iam", HERE)
            boto3.client("sqs", HERE).create_queue(QueueName="q")
            trust = document({"Effect": "Allow", "Principal": EVENTS, "Action": "sts:AssumeRole"})
            iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))
            iam.attach_role_policy(RoleName="r", PolicyArn=managed)
            assert deliver(QUEUE, RoleArn=ROLE).status == "delivered"
            assert notes(events_backend) == []
            with pytest.MonkeyPatch.context() as patch:
                ask = Moto.ask
                patch.setattr(
                    Moto, "ask", lambda self, call: None if call.operation == "GetPolicy" else ask(self, call)
                )
                assert deliver().status == "delivered"
        assert notes(events_backend) == [not_judged(f"{managed} of role {ROLE}, which moto does not have")]


@enforce
class TestTakers:
    """The permission is judged before anybody takes the delivery."""

    def test_a_function_of_the_test(self, events_backend, deliver):
        got = []
        events_backend.target(QUEUE, got.append)
        events_backend.policies.resource(QUEUE)
        assert (deliver(QUEUE).status, got) == ("dropped", [])
        events_backend.policies.resource(QUEUE, document(LET_IN))
        assert (deliver().status, len(got)) == ("delivered", 1)

    def test_a_target_with_an_arn_that_was_made_up(self, events_backend, deliver):
        target = events_backend.target("r", lambda _event: None)
        delivery = deliver()
        assert delivery.status == "delivered"
        assert notes(events_backend) == [not_judged(f"the policy of {delivery.target_arn}")]
        events_backend.policies.resource(target.arn)
        assert deliver().status == "dropped"

    def test_beside_moto_a_function_of_the_test_exists(self, events_backend, deliver):
        events_backend.target(QUEUE)
        with mock_aws():
            assert deliver(QUEUE).status == "delivered"
        assert notes(events_backend) == [not_judged(f"the policy of {QUEUE}, which moto does not have")]

    def test_a_lambda_function_of_the_test(self, events_backend, deliver):
        """AWS asks before Lambda accepts the event."""
        got = []
        events_backend.lambda_function("ship", lambda event, _context: got.append(event))
        events_backend.policies.resource(FUNCTION)
        delivery = deliver(FUNCTION)
        assert (delivery.status, delivery.attempts[0].error_code, got) == ("dropped", "NO_PERMISSIONS", [])
        events_backend.policies.resource(FUNCTION, document(LET_IN))
        assert (deliver().taken_by, len(got)) == ("Lambda function", 1)

    def test_a_fault_is_not_used_up(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE)
        fault = events_backend.faults.inject("THROTTLING", target=QUEUE, times=1)
        assert deliver(QUEUE).attempts[0].error_code == "NO_PERMISSIONS"
        assert fault.hits == 0

    def test_a_policy_that_is_not_understood_fails_the_test(self):
        with (
            pytest.raises(
                PolicyNotUnderstood, match=f"the policy of {QUEUE}: the condition key 'aws:SourceIp' is"
            ),
            mock_events(isolated=True, target_permissions="enforce") as backend,
        ):
            condition = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
            backend.policies.resource(QUEUE, document(LET_IN | {"Condition": condition}))
            events = backend.client()
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])
            events.put_events(Entries=[ORDER])

    def test_moto_is_asked_without_the_lock_of_the_state(self, events_backend, deliver, monkeypatch):
        """Another thread can take the lock while moto answers."""
        free, call, lock = [], Moto.call, events_backend.state.lock

        def try_the_lock():
            free.append(lock.acquire(timeout=5))
            if free[-1]:
                lock.release()

        def look(self, asked):
            other = threading.Thread(target=try_the_lock)
            other.start()
            other.join()
            return call(self, asked)

        with mock_aws():
            boto3.client("sqs", HERE).create_queue(QueueName="q")
            monkeypatch.setattr(Moto, "call", look)
            deliver(QUEUE)
        assert free
        assert all(free)


@enforce
class TestMoto:
    """What moto has, beside the cases."""

    @pytest.fixture(autouse=True)
    def _moto(self):
        with mock_aws():
            yield

    @pytest.fixture
    def queue(self):
        def queue(key):
            attributes = {"KmsMasterKeyId": key, "Policy": json.dumps(document(LET_IN))}
            boto3.client("sqs", HERE).create_queue(QueueName="q", Attributes=attributes)
            return QUEUE

        return queue

    def test_a_key_may_be_named_by_its_alias(self, events_backend, deliver, queue):
        kms = boto3.client("kms", HERE)
        key = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
        assert deliver(queue("alias/mine")).status == "dropped"
        events_backend.policies.key(key["Arn"], document(LET_IN))
        assert deliver().status == "delivered"

    def test_a_key_that_does_not_exist(self, deliver, queue):
        delivery = deliver(queue("alias/gone"))
        assert delivery.attempts[0].error_code == "NO_RESOURCE"
        assert delivery.attempts[0].error_message.startswith(
            "Key 'alias/gone' does not exist (Service: AWSKMS; "
        )
        assert delivery.missing_permissions[0].why == "there is no key alias/gone"

    def test_a_key_that_is_to_be_deleted(self, deliver, queue):
        kms = boto3.client("kms", HERE)
        key = kms.create_key()["KeyMetadata"]["Arn"]
        kms.schedule_key_deletion(KeyId=key.rpartition("/")[2])
        [missing] = deliver(queue(key)).missing_permissions
        assert missing.message.startswith(f"{key} is pending deletion. (Service: AWSKMS; Status Code: 400; ")
        assert "Error Code: KMS.InvalidStateException;" in missing.message
        assert (missing.why, missing.call) == (f"the state of {key} is PendingDeletion", "")

    def test_a_stream_with_a_policy_and_a_key(self, events_backend, deliver):
        kinesis, stream = boto3.client("kinesis", HERE), f"arn:aws:kinesis:{HERE}:{OWN}:stream/s"
        kinesis.create_stream(StreamName="s", ShardCount=1)
        allow_role = EVERYTHING | {"Principal": {"AWS": ROLE}, "Resource": stream}
        kinesis.put_resource_policy(ResourceARN=stream, Policy=json.dumps(document(allow_role)))
        events_backend.policies.role(ROLE)
        assert deliver(stream, RoleArn=ROLE).taken_by == "moto"
        kinesis.start_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/aws/kinesis")
        assert deliver().taken_by == "moto"

    def test_a_stream_that_does_not_exist(self, events_backend, deliver):
        stream = f"arn:aws:kinesis:{HERE}:{OWN}:stream/s"
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        [missing] = deliver(stream, RoleArn=ROLE).missing_permissions
        assert missing.message.startswith(
            f"Stream s under account {OWN} not found. (Service: AmazonKinesis; "
        )

    def test_a_task_definition_that_does_not_exist(self, events_backend, deliver):
        cluster, task = (f"arn:aws:ecs:{HERE}:{OWN}:{one}" for one in ("cluster/c", "task-definition/f"))
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        events_backend.target(cluster)
        assert deliver(cluster, RoleArn=ROLE, EcsParameters={"TaskDefinitionArn": task}).status == "delivered"
        assert notes(events_backend) == [not_judged(f"the roles of {task}")]

    def test_the_revision_of_a_task_definition_is_that_of_moto(self, events_backend, deliver):
        cluster, task = (f"arn:aws:ecs:{HERE}:{OWN}:{one}" for one in ("cluster/c", "task-definition/f"))
        ecs = boto3.client("ecs", HERE)
        ecs.register_task_definition(
            family="f", containerDefinitions=[{"name": "c", "image": "i", "memory": 8}]
        )
        events_backend.policies.role(ROLE, policies=document(EVERYTHING | {"Resource": f"{task}:1"}))
        events_backend.target(cluster)
        assert deliver(cluster, RoleArn=ROLE, EcsParameters={"TaskDefinitionArn": task}).status == "delivered"

    def test_an_api(self, events_backend, deliver, monkeypatch):
        """moto's API Gateway needs more than the tests have; its answer is put in its place."""
        api, call = f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/POST/orders", Moto.call
        answer = {"id": "abc", "policy": json.dumps(document(LET_IN | {"Effect": "Deny"}))}
        monkeypatch.setattr(
            Moto, "call", lambda self, asked: answer if asked.service == "apigateway" else call(self, asked)
        )
        assert deliver(api).status == "dropped"
        del answer["policy"]
        assert deliver().status == "delivered"

    def test_an_api_that_does_not_exist(self, events_backend, deliver, monkeypatch):
        """AWS's text is not known, so it is not judged."""
        api, call = f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/POST/orders", Moto.call
        events_backend.target(where=lambda _delivery: True)

        def answer(self, asked):
            if asked.service == "apigateway":
                raise NoSuchResource("NotFoundException")
            return call(self, asked)

        monkeypatch.setattr(Moto, "call", answer)
        assert deliver(api).status == "delivered"
        assert notes(events_backend) == [not_judged(f"the policy of {api}, which moto does not have")]

    def test_a_key_that_aws_manages_named_by_its_arn(self, deliver, queue, monkeypatch):
        call, arn = Moto.call, f"arn:aws:kms:{HERE}:{OWN}:key/k"
        answer = {"KeyMetadata": {"Arn": arn, "KeyManager": "AWS", "KeyState": "Enabled"}}
        monkeypatch.setattr(
            Moto, "call", lambda self, asked: answer if asked.service == "kms" else call(self, asked)
        )
        [missing] = deliver(queue(arn)).missing_permissions
        assert missing.why.startswith(
            f"the policy of {arn}, which AWS manages, does not let events.amazonaws.com in"
        )

    @pytest.mark.eventmock(target_permissions="enforce", service_events={"s3", "cloudtrail"})
    def test_what_is_asked_is_not_a_call_of_the_test(self, events_backend, deliver):
        """CloudTrail's events are about the calls of the test only."""
        boto3.client("sqs", HERE).create_queue(QueueName="q")
        deliver(QUEUE)
        before = len(events_backend.events)
        deliver()
        assert len(events_backend.events) == before + 1

    @pytest.mark.parametrize("arn", [f"arn:aws:sns:{HERE}:{OWN}:t", FUNCTION])
    def test_what_does_not_exist(self, deliver, arn):
        [missing] = deliver(arn).missing_permissions
        assert (missing.code, missing.why) == ("NO_RESOURCE", f"there is no {arn}")

    def test_a_role_by_another_path_is_another_role(self, deliver):
        boto3.client("sqs", HERE).create_queue(QueueName="q")
        trust = document({"Effect": "Allow", "Principal": EVENTS, "Action": "sts:AssumeRole"})
        iam = boto3.client("iam", HERE)
        iam.create_role(RoleName="r", Path="/path/", AssumeRolePolicyDocument=json.dumps(trust))
        assert deliver(QUEUE, RoleArn=ROLE).attempts[0].error_code == "FAILED_TO_ASSUME_ROLE"


@enforce
class TestOtherAccounts:
    @pytest.mark.parametrize("is_known", [True, False])
    def test_a_target_of_another_account_needs_a_role(self, events_backend, deliver, is_known):
        if is_known:
            events_backend.policies.resource(THEIR_QUEUE, document(LET_IN))
        delivery = deliver(THEIR_QUEUE)
        assert delivery.attempts[0].error_code == "NO_PERMISSIONS"
        assert delivery.missing_permissions[0].why == (
            f"a target of another account needs a RoleArn, and {THEIR_QUEUE} is of {OTHER}"
        )

    @pytest.mark.parametrize("principal", [{"AWS": ROLE}, {"AWS": OWN}])
    def test_with_a_role_both_sides_must_allow(self, events_backend, deliver, principal):
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        events_backend.policies.resource(THEIR_QUEUE, document(LET_IN))
        delivery = deliver(THEIR_QUEUE, RoleArn=ROLE)
        assert "because no resource-based policy allows the sqs:sendmessage action" in delivery.reason
        events_backend.policies.resource(THEIR_QUEUE, document(EVERYTHING | {"Principal": principal}))
        assert deliver().status == "delivered"
        events_backend.policies.role(ROLE)
        assert "because no identity-based policy allows" in deliver().reason

    def test_some_kinds_cannot_be_of_another_account(self, events_backend, deliver):
        theirs = MACHINE.replace(OWN, OTHER)
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        [missing] = deliver(theirs, RoleArn=ROLE).missing_permissions
        assert missing.why == f"{theirs} is of another account, and no target of this kind may be"
        assert missing.statement is None

    def test_a_dead_letter_queue_of_another_account_needs_its_policy_only(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE)
        events_backend.policies.resource(THEIR_QUEUE, document(LET_IN))
        assert deliver(QUEUE, DeadLetterConfig={"Arn": THEIR_QUEUE}).status == "dead-lettered"

    def test_a_queue_may_be_its_own_dead_letter_queue(self, events_backend, deliver):
        events_backend.policies.role(ROLE)
        events_backend.policies.resource(QUEUE, document(LET_IN))
        delivery = deliver(QUEUE, RoleArn=ROLE, DeadLetterConfig={"Arn": QUEUE})
        assert delivery.status == "dead-lettered"
        assert [one.is_dead_letter for one in delivery.missing_permissions] == [False]

    def test_an_organization(self, events_backend, deliver):
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        inside = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
        statement = EVERYTHING | {"Principal": "*", "Condition": inside}
        events_backend.policies.resource(THEIR_QUEUE, document(statement))
        assert deliver(THEIR_QUEUE, RoleArn=ROLE).status == "dropped"
        events_backend.organizations[OWN] = "o-1"
        assert deliver().status == "delivered"


@enforce
class TestRequests:
    """What EventBridge asks for, kind by kind."""

    @pytest.mark.parametrize(
        ("arn", "members", "needs"),
        [
            (
                f"arn:aws:batch:{HERE}:{OWN}:job-queue/q",
                {"BatchParameters": {"JobDefinition": "d:1", "JobName": "n"}},
                [
                    ("batch:SubmitJob", f"arn:aws:batch:{HERE}:{OWN}:job-queue/q"),
                    ("batch:SubmitJob", f"arn:aws:batch:{HERE}:{OWN}:job-definition/d:1"),
                ],
            ),
            (
                f"arn:aws:ssm:{HERE}:{OWN}:document/d",
                {"RunCommandParameters": {"RunCommandTargets": [{"Key": "InstanceIds", "Values": ["i-1"]}]}},
                [
                    ("ssm:SendCommand", f"arn:aws:ssm:{HERE}:{OWN}:document/d"),
                    ("ssm:SendCommand", f"arn:aws:ec2:{HERE}:{OWN}:instance/i-1"),
                ],
            ),
            (
                f"arn:aws:ssm:{HERE}:{OWN}:opsitem",
                {},
                [("ssm:CreateOpsItem", f"arn:aws:ssm:{HERE}:{OWN}:opsitem/*")],
            ),
            (
                f"arn:aws:redshift:{HERE}:{OWN}:cluster:c",
                {"RedshiftDataParameters": {"Database": "d", "DbUser": "u", "Sqls": ["select 1"]}},
                [("redshift-data:BatchExecuteStatement", f"arn:aws:redshift:{HERE}:{OWN}:cluster:c")],
            ),
            (
                f"arn:aws:firehose:{HERE}:{OWN}:deliverystream/s",
                {},
                [("firehose:PutRecord", f"arn:aws:firehose:{HERE}:{OWN}:deliverystream/s")],
            ),
            (
                f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/*/orders",
                {},
                [("execute-api:Invoke", f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/POST/orders")],
            ),
        ],
    )
    def test_a_role_needs_them_all(self, events_backend, deliver, arn, members, needs):
        statements = [{"Effect": "Allow", "Action": action, "Resource": one} for action, one in needs]
        events_backend.policies.role(ROLE, policies=document(*statements))
        assert deliver(arn, RoleArn=ROLE, **members).status == "delivered"
        for left_out in statements:
            others = [one for one in statements if one is not left_out]
            events_backend.policies.role(ROLE, policies=document(*others))
            [missing] = deliver().missing_permissions
            assert missing.statement == left_out

    def test_every_kind_that_aws_can_call_states_its_permission_but_graphql(self):
        unknown = {kind.name for kind in all_kinds() if kind.permission is None}
        assert unknown == {"AppSync API", "EC2 built-in", "MSK cluster", "universal target"}

    def test_an_api_without_a_policy_is_open(self, events_backend, deliver):
        api = f"arn:aws:execute-api:{HERE}:{OWN}:abc/prod/POST/orders"
        events_backend.policies.resource(api)
        assert deliver(api).status == "delivered"
        events_backend.policies.resource(api, document(LET_IN | {"Effect": "Deny"}))
        assert deliver().status == "dropped"

    def test_a_stream_with_a_key(self, events_backend, deliver):
        stream, key = f"arn:aws:kinesis:{HERE}:{OWN}:stream/s", f"arn:aws:kms:{HERE}:{OWN}:key/k"
        events_backend.policies.resource(stream, key=key)
        root = {"AWS": f"arn:aws:iam::{OWN}:root"}
        events_backend.policies.key(key, document(EVERYTHING | {"Principal": root}))
        may_put = {"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": stream}
        events_backend.policies.role(ROLE, policies=document(may_put))
        [missing] = deliver(stream, RoleArn=ROLE).missing_permissions
        assert missing.statement == {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": key}
        events_backend.policies.role(ROLE, policies=document(may_put, missing.statement))
        assert deliver().status == "delivered"

    def test_a_key_that_aws_manages_serves_roles(self, events_backend, deliver):
        events_backend.policies.resource(QUEUE, key="alias/aws/sqs")
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        assert deliver(QUEUE, RoleArn=ROLE).status == "delivered"

    def test_the_session_of_a_role_is_always_the_same_for_a_target(self, events_backend, deliver):
        events_backend.policies.role(ROLE)
        first, second = (deliver(MACHINE, RoleArn=ROLE).missing_permissions[0].message for _ in range(2))
        events_backend.client().put_targets(Rule="r", Targets=[{"Id": "u", "Arn": MACHINE, "RoleArn": ROLE}])
        other = deliver().missing_permissions[0].message
        sessions = [re.search(r"assumed-role/r/([0-9a-f]{32}) ", text)[1] for text in (first, second, other)]
        assert sessions[0] == sessions[1] != sessions[2]

    def test_the_time_is_that_of_the_clock(self, events_backend, deliver):
        events_backend.clock.advance(days=400)
        later = events_backend.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        for operator, status in (("DateLessThanEquals", "delivered"), ("DateLessThan", "dropped")):
            condition = {operator: {"aws:CurrentTime": later}, "Bool": {"aws:SecureTransport": "true"}}
            events_backend.policies.resource(QUEUE, document(LET_IN | {"Condition": condition}))
            assert deliver(QUEUE).status == status, operator

    def test_a_role_may_not_use_another_account_s_key_by_its_own_policy_only(self, events_backend, deliver):
        key = f"arn:aws:kms:{HERE}:{OTHER}:key/k"
        events_backend.policies.resource(QUEUE, key=key)
        events_backend.policies.role(ROLE, policies=document(EVERYTHING))
        events_backend.policies.key(key, document())
        assert "because no resource-based policy allows the kms:Gen" in deliver(QUEUE, RoleArn=ROLE).reason


class TestGiven:
    @pytest.mark.parametrize("arn", ["q", None, "arn:aws:sqs"])
    @pytest.mark.parametrize("method", ["resource", "role", "key"])
    def test_an_arn_is_wanted(self, events_backend, method, arn):
        more = [{}] if method == "key" else []
        with pytest.raises(OptionError) as told:
            getattr(events_backend.policies, method)(arn, *more)
        assert str(told.value) == f"backend.policies.{method}({arn!r}): wanted an ARN"

    def test_a_policy_is_wanted(self, events_backend):
        with pytest.raises(PolicyNotUnderstood, match=f"^the policy of {QUEUE}: it is not JSON$"):
            events_backend.policies.resource(QUEUE, "{")
        with pytest.raises(
            PolicyNotUnderstood, match=f"^the trust policy of {ROLE}: it is \\[\\], wanted an object$"
        ):
            events_backend.policies.role(ROLE, trust=[])

    @enforce
    def test_a_policy_is_kept_as_it_was_given(self, events_backend, deliver):
        policy = document()
        events_backend.policies.resource(QUEUE, policy)
        policy["Statement"].append(LET_IN)
        assert deliver(QUEUE).status == "dropped"
        events_backend.policies.resource(QUEUE, json.dumps(policy))
        assert deliver().status == "delivered"

    @enforce
    def test_a_snapshot_keeps_them_and_a_reset_forgets_them(self, events_backend):
        policies = events_backend.policies
        policies.resource(QUEUE)
        policies.role(ROLE)
        policies.key("arn:aws:kms:::key/k", {})
        snapshot = events_backend.snapshot()

        def found():
            arn = next(iter(policies._resources), None)
            return (
                arn,
                policies.find_role(ROLE) is not None,
                policies.find_key("arn:aws:kms:::key/k") is not None,
            )

        events_backend.reset()
        assert found() == (None, False, False)
        for _ in range(2):
            events_backend.restore(snapshot)
            assert found() == (QUEUE, True, True)
            policies.resource(f"{QUEUE}2")

    @enforce
    def test_it_counts_before_moto(self, events_backend, deliver):
        with mock_aws():
            boto3.client("sqs", HERE).create_queue(QueueName="q")
            assert deliver(QUEUE).status == "dropped"
            events_backend.policies.resource(QUEUE, document(LET_IN))
            assert deliver().taken_by == "moto"


PRINCIPALS = st.sampled_from([EVENTS, "*", {"AWS": ROLE}, {"AWS": OWN}])
CONDITIONS = st.sampled_from(
    [{}, {"StringEquals": {"aws:SourceArn": RULE}}, {"Null": {"aws:SourceArn": "true"}}]
)
STATEMENTS = st.builds(
    lambda principal, condition, effect: (
        EVERYTHING | {"Principal": principal, "Condition": condition, "Effect": effect}
    ),
    PRINCIPALS,
    CONDITIONS,
    st.sampled_from(["Allow", "Allow", "Deny"]),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(STATEMENTS, max_size=3), st.booleans())
def test_warn_tells_what_enforce_refuses(statements, by_role):
    found = []
    for mode in ("warn", "enforce"):
        with mock_events(isolated=True, target_permissions=mode) as backend:
            backend.policies.resource(QUEUE, document(*statements))
            backend.policies.role(ROLE)
            events = backend.client()
            events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
            role = {"RoleArn": ROLE} if by_role else {}
            events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE, **role}])
            events.put_events(Entries=[ORDER])
            [delivery] = backend.deliveries
            found.append([(one.code, one.why) for one in delivery.missing_permissions])
            assert (delivery.status == "delivered") == (mode == "warn" or not found[-1])
    assert found[0] == found[1]


def test_a_refusal_is_an_error_for_the_dead_letter_only():
    """A function of the test may raise the same error; it is no judgement."""
    with mock_events(isolated=True, target_permissions="enforce") as backend:

        def refuse(_event):
            raise DeliveryFailed("NO_PERMISSIONS")

        backend.policies.resource(QUEUE, document(LET_IN))
        backend.target(QUEUE, refuse)
        events = backend.client()
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": QUEUE}])
        events.put_events(Entries=[ORDER])
        [delivery] = backend.deliveries
        assert (delivery.status, delivery.missing_permissions) == ("dropped", [])
