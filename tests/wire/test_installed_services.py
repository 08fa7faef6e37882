from __future__ import annotations

import botocore.session
import pytest

from eventmock.wire.installed_services import model_of, operations_by_action, services_by_sdk_name


@pytest.mark.parametrize(
    ("sdk_name", "boto3_name"),
    [
        ("sqs", "sqs"),
        ("lambda", "lambda"),
        ("sfn", "stepfunctions"),
        ("eventbridge", "events"),
        ("cloudwatchlogs", "logs"),
        ("cognitoidentityprovider", "cognito-idp"),
        ("elasticloadbalancingv2", "elbv2"),
        ("applicationautoscaling", "application-autoscaling"),
        ("costexplorer", "ce"),
        ("redshiftdata", "redshift-data"),
        ("config", "config"),
        ("configservice", "config"),
        ("databasemigration", "dms"),
        ("databasemigrationservice", "dms"),
        ("directory", "ds"),
        ("elasticsearch", "es"),
        ("scheduler", "scheduler"),
    ],
)
def test_a_service_is_found_by_the_name_of_the_sdks(sdk_name, boto3_name):
    assert services_by_sdk_name()[sdk_name] == boto3_name


@pytest.mark.parametrize("name", ["stepfunctions", "events", "logs", "cognito-idp", "SQS", ""])
def test_other_names_are_of_no_service(name):
    assert name not in services_by_sdk_name()


def test_every_installed_service_has_a_name():
    named = set(services_by_sdk_name().values())
    of_the_same_id = {"sms-voice"}
    assert named | of_the_same_id >= set(botocore.session.get_session().get_available_services())


def test_a_name_is_what_the_whole_model_says():
    for sdk_name in ("cloudwatchlogs", "sfn", "ec2"):
        service_id = model_of(services_by_sdk_name()[sdk_name]).service_id
        assert service_id.lower().replace(" ", "") == sdk_name


def test_an_action_is_an_operation_with_a_small_first_letter():
    actions = operations_by_action("sqs")
    assert actions["sendMessage"] == "SendMessage"
    assert "SendMessage" not in actions
