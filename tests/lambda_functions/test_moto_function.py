"""Lambda functions of the test beside those that the code under test makes in moto."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

SHIP = "arn:aws:lambda:us-east-1:123456789012:function:ship"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@pytest.fixture(params=[True, False], ids=["docker", "no docker"])
def config(request):
    """Both of moto's backends for Lambda."""
    return {"lambda": {"use_docker": request.param}}


@pytest.fixture(autouse=True)
def _moto(config):
    with mock_aws(config=config):
        yield


@pytest.fixture
def functions():
    return boto3.client("lambda", region_name="us-east-1")


@pytest.fixture
def queue():
    """A queue in moto: its ARN, and a function that gives its messages."""
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="results")["QueueUrl"]

    def messages():
        asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
        return sqs.receive_message(**asked).get("Messages", [])

    return "arn:aws:sqs:us-east-1:123456789012:results", messages


def make(functions, **members):
    """Make the function ``ship`` in moto."""
    role = boto3.client("iam", region_name="us-east-1")
    try:
        arn = role.create_role(RoleName="ship", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    except role.exceptions.EntityAlreadyExistsException:
        arn = role.get_role(RoleName="ship")["Role"]["Arn"]
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("ship.py", "def ship(event, context): raise RuntimeError('moto ran it')")
        code = file.getvalue()
    return functions.create_function(
        FunctionName="ship",
        Runtime="python3.12",
        Role=arn,
        Handler="ship.ship",
        Code={"ZipFile": code},
        **members,
    )["FunctionArn"]


def fail(_event, _context):
    raise ValueError("no stock")


def test_the_handler_of_the_test_runs_and_moto_is_not_invoked(shop, functions):
    make(functions)
    ship = shop.backend.lambda_function("ship", lambda event, _context: event["detail"]["n"])
    shop.put(n=7)
    assert ship.results == [7]
    assert shop.backend.deliveries[0].taken_by == "Lambda function"


def test_settings_that_the_test_leaves_out_are_motos(shop, functions, queue):
    arn, messages = queue
    make(functions, Timeout=20, MemorySize=512)
    functions.put_function_event_invoke_config(
        FunctionName="ship",
        MaximumRetryAttempts=1,
        MaximumEventAgeInSeconds=3600,
        DestinationConfig={"OnFailure": {"Destination": arn}},
    )
    contexts = []

    def note(_event, context):
        contexts.append((context.memory_limit_in_mb, context.get_remaining_time_in_millis()))
        raise ValueError("no stock")

    ship = shop.backend.lambda_function("ship", note, dead_letter=arn)  # moto does not keep DeadLetterConfig
    shop.put()
    shop.backend.clock.advance(hours=1)
    [invocation] = ship.invocations
    assert contexts == [("512", 20_000)] * 2
    assert invocation.condition == "RetriesExhausted"
    letter, record = messages()
    assert letter["Body"] == shop.backend.deliveries[0].body
    assert letter["MessageAttributes"]["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}
    assert letter["MessageAttributes"]["ErrorMessage"]["StringValue"] == "no stock"
    assert letter["MessageAttributes"]["RequestID"]["StringValue"] == invocation.request_id
    assert json.loads(record["Body"])["requestContext"]["condition"] == "RetriesExhausted"
    assert [one.taken_by for one in invocation.sent] == ["moto", "moto"]


def test_settings_of_the_test_come_first(shop, functions):
    make(functions, Timeout=20, MemorySize=512)
    contexts = []
    shop.backend.lambda_function("ship", lambda _event, context: contexts.append(context), timeout=5)
    shop.put()
    [context] = contexts
    assert (context.memory_limit_in_mb, context.get_remaining_time_in_millis()) == ("512", 5_000)


def test_the_environment_in_moto_is_not_written(shop, functions, monkeypatch):
    monkeypatch.delenv("TABLE", raising=False)
    make(functions, Environment={"Variables": {"TABLE": "orders"}})
    import os

    seen = []
    shop.backend.lambda_function("ship", lambda _event, _context: seen.append(os.environ.get("TABLE")))
    shop.put()
    assert seen == [None]


def test_the_concurrency_in_moto_counts(shop, functions):
    make(functions)
    functions.put_function_concurrency(FunctionName="ship", ReservedConcurrentExecutions=0)
    ship = shop.backend.lambda_function("ship", fail)
    shop.put()
    assert ship.invocations[0].condition == "ZeroReservedConcurrency"


def test_versions_and_aliases_in_moto_are_known(shop, functions):
    make(functions)
    version = functions.publish_version(FunctionName="ship")["Version"]
    functions.create_alias(FunctionName="ship", Name="live", FunctionVersion=version)
    versions = []
    shop.backend.lambda_function("ship", lambda _event, context: versions.append(context.function_version))
    shop.route(f"{SHIP}:live")
    shop.put()
    assert versions == [version]


def test_an_alias_that_moto_does_not_have_either_is_eventbridges_failure(shop, functions):
    make(functions)
    shop.backend.lambda_function("ship", fail)
    shop.route(f"{SHIP}:live")
    shop.put()
    assert shop.backend.dead_letters[0].attributes["ERROR_CODE"] == "NO_RESOURCE"


def test_a_function_that_is_deleted_in_moto_before_the_event_is_eventbridges_failure(shop, functions):
    make(functions)
    ship = shop.backend.lambda_function("ship", lambda _event, _context: None)
    shop.put()
    functions.delete_function(FunctionName="ship")
    shop.put()
    assert [one.status for one in shop.backend.deliveries] == ["delivered", "dead-lettered"]
    assert len(ship.invocations) == 1
    assert shop.backend.deliveries[1].reason.endswith("(function ship was deleted in moto)")


def test_a_function_that_is_deleted_in_moto_before_the_retry_is_lambdas_failure(shop, functions, queue):
    arn, messages = queue
    make(functions)
    ship = shop.backend.lambda_function("ship", fail, dead_letter=arn)
    shop.put()
    functions.delete_function(FunctionName="ship")
    shop.backend.clock.advance(hours=1)
    assert [attempt.error_type for attempt in ship.invocations[0].attempts] == [
        "ValueError",
        "ResourceNotFoundException",
        "ResourceNotFoundException",
    ]
    assert messages()[0]["MessageAttributes"]["ErrorCode"]["StringValue"] == "404"


def test_a_function_that_moto_does_not_have_works_without_it(shop):
    ship = shop.backend.lambda_function("ship", lambda _event, _context: None)
    shop.put()
    assert ship.invocations[0].condition == "Success"


def test_a_destination_in_moto_that_does_not_exist_is_recorded_only(shop):
    ship = shop.backend.lambda_function("ship", fail, on_failure="arn:aws:sqs:us-east-1:123456789012:none")
    shop.put()
    shop.backend.clock.advance(hours=1)
    assert ship.invocations[0].sent[0].taken_by == "nobody"


def test_a_bucket_in_moto_gets_the_record(shop):
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="results")
    ship = shop.backend.lambda_function("ship", fail, on_failure="arn:aws:s3:::results")
    shop.put()
    shop.backend.clock.advance(timedelta(hours=1))
    [found] = s3.list_objects_v2(Bucket="results")["Contents"]
    assert found["Key"].startswith("aws/lambda/async/ship/2026/01/01/")
    body = s3.get_object(Bucket="results", Key=found["Key"])["Body"].read().decode()
    assert body == ship.invocations[0].sent[0].body


def test_a_topic_in_moto_passes_the_dead_letter_on(shop, queue):
    arn, messages = queue
    sns = boto3.client("sns", region_name="us-east-1")
    topic = sns.create_topic(Name="failed")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    shop.backend.lambda_function("ship", fail, dead_letter=topic)
    shop.put()
    shop.backend.clock.advance(hours=1)
    told = json.loads(messages()[0]["Body"])
    assert told["Message"] == shop.backend.deliveries[0].body
    assert told["MessageAttributes"]["ErrorMessage"] == {"Type": "String", "Value": "no stock"}
