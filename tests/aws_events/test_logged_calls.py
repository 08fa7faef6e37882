"""Calls as CloudTrail logs them, made of botocore's models."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import botocore.session
import pytest

from eventmock.aws_events.logged_calls import HIDDEN, logged_call

SESSION = botocore.session.Session()


def log(service, operation, parameters=None, answer=None, host="s3.amazonaws.com"):
    model = SESSION.get_service_model(service).operation_model(operation)
    return logged_call(model, parameters or {}, answer or {}, host=host, user_agent="Boto3/1")


def test_names_begin_with_a_small_letter_and_the_keys_of_maps_stay():
    call = log(
        "lambda",
        "CreateFunction",
        {"FunctionName": "f", "Layers": ["l"], "Tags": {"Owner": "Ann"}, "TracingConfig": {"Mode": "Active"}},
    )
    assert call.request_parameters == {
        "functionName": "f",
        "layers": ["l"],
        "tags": {"Owner": "Ann"},
        "tracingConfig": {"mode": "Active"},
    }


def test_without_parameters_and_answer_there_is_null():
    call = log("sqs", "ListQueues")
    assert (call.request_parameters, call.response_elements) == (None, None)


def test_the_answer_is_logged_without_what_botocore_adds():
    answer = {"TopicArn": "arn", "ResponseMetadata": {"RequestId": "r"}}
    assert log("sns", "CreateTopic", {"Name": "t"}, answer).response_elements == {"topicArn": "arn"}


@pytest.mark.parametrize(("operation", "is_read"), [("DescribeTable", True), ("DeleteTable", False)])
def test_the_answer_of_a_call_that_reads_is_not_logged(operation, is_read):
    call = log(
        "dynamodb", operation, {"TableName": "t"}, {"Table": {}, "TableDescription": {"TableName": "t"}}
    )
    assert (call.is_read, call.response_elements is None) == (is_read, is_read)


def test_a_failure_has_a_code_and_a_message_and_no_answer():
    error = {"Error": {"Code": "NoSuch", "Message": "none"}, "TableDescription": {"TableName": "t"}}
    call = log("dynamodb", "DeleteTable", {"TableName": "t"}, error)
    assert (call.error_code, call.error_message, call.response_elements) == ("NoSuch", "none", None)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("secretsmanager", "PutSecretValue", {"SecretString": "s3cret"}),
        ("ssm", "PutParameter", {"Value": "s3cret"}),
        ("lambda", "CreateFunction", {"Environment": {"Variables": {"KEY": "s3cret"}}}),
        ("rds", "CreateDBInstance", {"MasterUserPassword": "s3cret"}),
        ("iam", "CreateLoginProfile", {"Password": "s3cret"}),
        ("s3", "PutObject", {"SSECustomerKey": "s3cret", "Body": b"s3cret"}),
        ("lambda", "UpdateFunctionCode", {"ZipFile": b"s3cret"}),
        ("sqs", "SendMessage", {"MessageBody": "s3cret"}),
        ("sqs", "SendMessageBatch", {"Entries": [{"Id": "1", "MessageBody": "s3cret"}]}),
        ("sns", "Publish", {"Message": "s3cret"}),
    ],
)
def test_secrets_messages_and_binary_data_are_not_logged(service, operation, parameters):
    assert "s3cret" not in str(log(service, operation, parameters))


def test_a_secret_is_hidden_and_a_name_with_the_word_in_it_is_not():
    call = log(
        "iam", "CreateLoginProfile", {"UserName": "ann", "Password": "x", "PasswordResetRequired": True}
    )
    assert call.request_parameters == {"userName": "ann", "password": HIDDEN, "passwordResetRequired": True}


def test_binary_data_in_a_list_or_map_is_left_out():
    call = log("dynamodb", "PutItem", {"Item": {"a": {"B": b"x"}, "b": {"BS": [b"x"]}, "c": {"S": "y"}}})
    assert call.request_parameters == {"item": {"a": {}, "b": {"bS": []}, "c": {"s": "y"}}}


def test_values_that_json_cannot_express_are_texts():
    parameters = {
        "Namespace": "n",
        "MetricData": [
            {"MetricName": "m", "Value": float("nan"), "Timestamp": datetime(2026, 1, 2, 3, 4, 5, 6, UTC)}
        ],
    }
    call = log("cloudwatch", "PutMetricData", parameters)
    [datum] = json.loads(json.dumps(call.request_parameters, allow_nan=False))["metricData"]
    assert datum == {"metricName": "m", "value": "nan", "timestamp": "2026-01-02T03:04:05Z"}


@pytest.mark.parametrize(
    ("service", "operation", "name"),
    [
        ("lambda", "CreateFunction", "CreateFunction20150331"),
        ("lambda", "Invoke", "Invoke"),
        ("s3", "PutBucketNotificationConfiguration", "PutBucketNotification"),
        ("s3", "ListObjectsV2", "ListObjects"),
        ("s3", "CreateBucket", "CreateBucket"),
    ],
)
def test_some_operations_have_older_names(service, operation, name):
    assert log(service, operation).event_name == name


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("cloudwatch", "monitoring"),
        ("stepfunctions", "states"),
        ("ecr", "ecr"),
        ("elbv2", "elasticloadbalancing"),
    ],
)
def test_the_service_is_named_as_its_requests_are_signed(service, name):
    model = SESSION.get_service_model(service)
    assert log(service, model.operation_names[0]).service == name


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "is_management"),
    [
        ("s3", "PutObject", {"Bucket": "b", "Key": "k"}, False),
        ("s3", "DeleteObjects", {"Bucket": "b"}, False),
        ("s3", "CreateBucket", {"Bucket": "b"}, True),
        ("lambda", "Invoke", {"FunctionName": "f"}, False),
        ("lambda", "CreateFunction", {"FunctionName": "f"}, True),
        ("dynamodb", "GetItem", {"TableName": "t"}, False),
        ("kms", "DescribeKey", {"KeyId": "k"}, True),
    ],
)
def test_calls_for_data_are_no_management(service, operation, parameters, is_management):
    assert log(service, operation, parameters).is_management is is_management


def test_s3_logs_its_parameters_as_the_request_has_them():
    call = log(
        "s3",
        "PutObject",
        {"Bucket": "b", "Key": "k", "ACL": "private", "ContentType": "text/csv", "Metadata": {"a": "b"}},
        host="b.s3.amazonaws.com",
    )
    assert call.request_parameters == {
        "bucketName": "b",
        "Host": "b.s3.amazonaws.com",
        "key": "k",
        "x-amz-acl": "private",
    }
    call = log("s3", "GetObject", {"Bucket": "b", "Key": "k", "VersionId": "v"})
    assert call.request_parameters["versionId"] == "v"
    call = log(
        "s3",
        "CreateBucket",
        {"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
    )
    assert call.request_parameters["CreateBucketConfiguration"] == {"LocationConstraint": "eu-west-1"}
