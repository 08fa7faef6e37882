"""What SAM makes of a template. SAM's own rules are AWS's; what is looked at is that they reach the caller whole."""

from __future__ import annotations

import copy
import logging
import os
import subprocess
import sys
import warnings
from contextlib import nullcontext
from textwrap import dedent

import boto3
import pytest

pytest.importorskip("samtranslator")
pytest.importorskip("yaml")

from eventmock.exceptions import TemplateError
from eventmock.templates.sam import transform
from eventmock.templates.source import read_source

PATTERN = {"source": ["shop"]}


def translated(document, parameters=None, region="eu-west-1"):
    return transform(read_source(document), document, parameters or {}, account="123456789012", region=region)


def resources_of(document, parameters=None):
    return translated(document, parameters)[0]["Resources"]


def function(events=None, **properties):
    code = {"CodeUri": "./src", "Handler": "app.handler", "Runtime": "python3.13"}
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {**code, "Events": events or {}, **properties},
    }


def machine(events=None, **properties):
    return {
        "Type": "AWS::Serverless::StateMachine",
        "Properties": {"DefinitionUri": "flow.asl.json", "Events": events or {}, **properties},
    }


def template(**resources):
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}


def event(kind, **properties):
    return {"Type": kind, "Properties": properties}


def made_for(kind, **properties):
    """The resources of a function Orders with an event Placed."""
    return resources_of(template(Orders=function({"Placed": event(kind, **properties)})))


def made_for_machine(kind, **properties):
    """The resources of a state machine Orders with an event Placed."""
    return resources_of(template(Orders=machine({"Placed": event(kind, **properties)})))


# Events of functions


@pytest.mark.parametrize("kind", ["EventBridgeRule", "CloudWatchEvent"])
def test_a_rule_of_a_function(kind):
    made = made_for(
        kind,
        Pattern=PATTERN,
        EventBusName="orders",
        RuleName="placed",
        State="DISABLED",
        InputPath="$.detail",
        RetryPolicy={"MaximumRetryAttempts": 3},
        Target={"Id": "own"},
    )
    assert made["OrdersPlaced"] == {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventBusName": "orders",
            "EventPattern": PATTERN,
            "Name": "placed",
            "State": "DISABLED",
            "Targets": [
                {
                    "Arn": {"Fn::GetAtt": ["Orders", "Arn"]},
                    "Id": "own",
                    "InputPath": "$.detail",
                    "RetryPolicy": {"MaximumRetryAttempts": 3},
                }
            ],
        },
    }
    permission = made["OrdersPlacedPermission"]
    assert permission["Type"] == "AWS::Lambda::Permission"
    assert permission["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Orders"},
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["OrdersPlaced", "Arn"]},
    }


@pytest.mark.parametrize(("enabled", "state"), [(True, "ENABLED"), (False, "DISABLED")])
def test_a_rule_s_enabled_becomes_its_state(enabled, state):
    rule = made_for("EventBridgeRule", Pattern=PATTERN, Enabled=enabled)["OrdersPlaced"]
    assert rule["Properties"]["State"] == state


def test_a_schedule_of_a_function():
    made = made_for("Schedule", Schedule="rate(1 hour)", Name="hourly", Description="each hour", Input="{}")
    assert made["OrdersPlaced"]["Properties"] == {
        "Description": "each hour",
        "Name": "hourly",
        "ScheduleExpression": "rate(1 hour)",
        "Targets": [
            {
                "Arn": {"Fn::GetAtt": ["Orders", "Arn"]},
                "Id": "OrdersPlacedLambdaTarget",
                "Input": "{}",
            }
        ],
    }
    assert made["OrdersPlacedPermission"]["Type"] == "AWS::Lambda::Permission"


def test_a_schedule_of_the_scheduler():
    made = made_for("ScheduleV2", ScheduleExpression="rate(1 hour)", GroupName="nightly")
    schedule = made["OrdersPlaced"]
    assert schedule["Type"] == "AWS::Scheduler::Schedule"
    assert schedule["Properties"]["Name"] == "OrdersPlaced"
    assert schedule["Properties"]["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["Properties"]["GroupName"] == "nightly"
    assert schedule["Properties"]["Target"]["RoleArn"] == {"Fn::GetAtt": ["OrdersPlacedRole", "Arn"]}
    assert made["OrdersPlacedRole"]["Type"] == "AWS::IAM::Role"
    assert "OrdersPlacedPermission" not in made


def test_a_schedule_of_the_scheduler_may_have_no_name_and_a_role_of_its_own():
    made = made_for(
        "ScheduleV2", ScheduleExpression="rate(1 hour)", OmitName=True, RoleArn="arn:aws:iam::1:role/r"
    )
    assert "Name" not in made["OrdersPlaced"]["Properties"]
    assert "OrdersPlacedRole" not in made


def test_a_long_id_of_a_target_is_cut_to_64_characters():
    name = "Orders" * 12
    made = resources_of(template(**{name: function({"Placed": event("EventBridgeRule", Pattern=PATTERN)})}))
    (target,) = made[f"{name}Placed"]["Properties"]["Targets"]
    assert target["Id"] == name[:52] + "LambdaTarget"


def test_with_an_alias_the_alias_is_the_target_and_references_lead_to_it():
    document = template(
        Orders=function({"Placed": event("EventBridgeRule", Pattern=PATTERN)}, AutoPublishAlias="live")
    )
    document["Outputs"] = {
        "Alias": {"Value": {"Ref": "Orders.Alias"}},
        "Text": {"Value": {"Fn::Sub": "${Orders.Alias}"}},
    }
    result, origins = translated(document)
    made = result["Resources"]
    assert made["OrdersPlaced"]["Properties"]["Targets"][0]["Arn"] == {"Ref": "OrdersAliaslive"}
    assert made["OrdersAliaslive"]["Type"] == "AWS::Lambda::Alias"
    (version,) = [name for name in made if name.startswith("OrdersVersion")]
    assert result["Outputs"]["Alias"]["Value"] == {"Ref": "OrdersAliaslive"}
    assert result["Outputs"]["Text"]["Value"] == {"Fn::Sub": "${OrdersAliaslive}"}
    assert origins["OrdersAliaslive"] == origins[version] == ("Resources", "Orders")


# Dead letters


@pytest.mark.parametrize("make", [made_for, made_for_machine])
def test_a_queue_for_dead_letters_is_made(make):
    made = make("EventBridgeRule", Pattern=PATTERN, DeadLetterConfig={"Type": "SQS"})
    (target,) = made["OrdersPlaced"]["Properties"]["Targets"]
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["OrdersPlacedQueue", "Arn"]}}
    assert made["OrdersPlacedQueue"]["Type"] == "AWS::SQS::Queue"
    assert made["OrdersPlacedQueuePolicy"]["Type"] == "AWS::SQS::QueuePolicy"


def test_a_queue_for_dead_letters_may_have_an_id_of_its_own():
    dead = {"Type": "SQS", "QueueLogicalId": "Lost"}
    document = template(
        Orders=function({"Placed": event("EventBridgeRule", Pattern=PATTERN, DeadLetterConfig=dead)})
    )
    result, origins = translated(document)
    assert result["Resources"]["Lost"]["Type"] == "AWS::SQS::Queue"
    assert origins["Lost"] == ("Resources", "Orders", "Properties", "Events", "Placed")


def test_a_queue_for_dead_letters_may_be_given():
    made = made_for(
        "Schedule", Schedule="rate(1 hour)", DeadLetterConfig={"Arn": "arn:aws:sqs:eu-west-1:1:q"}
    )
    (target,) = made["OrdersPlaced"]["Properties"]["Targets"]
    assert target["DeadLetterConfig"] == {"Arn": "arn:aws:sqs:eu-west-1:1:q"}
    assert "OrdersPlacedQueue" not in made


def test_for_a_schedule_of_the_scheduler_the_role_may_send_dead_letters():
    made = made_for("ScheduleV2", ScheduleExpression="rate(1 hour)", DeadLetterConfig={"Type": "SQS"})
    assert made["OrdersPlacedQueue"]["Type"] == "AWS::SQS::Queue"
    assert "OrdersPlacedQueuePolicy" not in made
    assert "sqs:SendMessage" in str(made["OrdersPlacedRole"])


# Events of state machines


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("EventBridgeRule", {"Pattern": PATTERN}),
        ("CloudWatchEvent", {"Pattern": PATTERN}),
        ("Schedule", {"Schedule": "rate(1 hour)"}),
    ],
)
def test_a_rule_of_a_state_machine(kind, properties):
    made = made_for_machine(kind, **properties)
    (target,) = made["OrdersPlaced"]["Properties"]["Targets"]
    assert target == {
        "Arn": {"Ref": "Orders"},
        "Id": "OrdersPlacedStepFunctionsTarget",
        "RoleArn": {"Fn::GetAtt": ["OrdersPlacedRole", "Arn"]},
    }
    assert "states:StartExecution" in str(made["OrdersPlacedRole"])
    assert "OrdersPlacedPermission" not in made


def test_a_schedule_of_the_scheduler_of_a_state_machine():
    made = made_for_machine("ScheduleV2", ScheduleExpression="rate(1 hour)")
    assert made["OrdersPlaced"]["Properties"]["Target"]["Arn"] == {"Ref": "Orders"}


# Globals, connectors, other resources


def test_globals_reach_the_functions():
    document = template(Orders=function())
    document["Globals"] = {"Function": {"Timeout": 7, "Environment": {"Variables": {"A": "b"}}}}
    result, _ = translated(document)
    properties = result["Resources"]["Orders"]["Properties"]
    assert properties["Timeout"] == 7
    assert properties["Environment"] == {"Variables": {"A": "b"}}
    assert "Globals" not in result


def test_a_condition_passes_to_what_is_made_of_a_function():
    document = template(Orders=function({"Placed": event("EventBridgeRule", Pattern=PATTERN)}))
    document["Conditions"] = {"InProduction": {"Fn::Equals": ["a", "a"]}}
    document["Resources"]["Orders"]["Condition"] = "InProduction"
    made = resources_of(document)
    assert {made[name]["Condition"] for name in ("Orders", "OrdersRole", "OrdersPlaced")} == {"InProduction"}


def test_connectors_make_permissions_and_no_targets():
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventPattern": PATTERN,
            "Targets": [{"Id": "t", "Arn": {"Ref": "Topic"}}],
        },
        "Connectors": {"ToTopic": {"Properties": {"Destination": {"Id": "Topic"}, "Permissions": ["Write"]}}},
    }
    result, origins = translated(template(Rule=rule, Topic={"Type": "AWS::SNS::Topic"}))
    made = result["Resources"]
    assert made["Rule"] == {"Type": rule["Type"], "Properties": rule["Properties"]}
    (policy,) = [name for name in made if made[name]["Type"] == "AWS::SNS::TopicPolicy"]
    assert origins == {policy: ("Resources", "Rule", "Connectors", "ToTopic")}


def test_resources_that_sam_does_not_touch_stay_and_have_no_origin():
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}
    result, origins = translated(template(Bus=bus, Orders=function()))
    assert result["Resources"]["Bus"] == bus
    assert "Bus" not in origins


def test_each_generated_resource_has_the_origin_that_it_was_made_for():
    document = template(
        Orders=function(
            {
                "Placed": event("EventBridgeRule", Pattern=PATTERN, DeadLetterConfig={"Type": "SQS"}),
                "PlacedLate": event("Schedule", Schedule="rate(1 hour)"),
                "R": event("Schedule", Schedule="rate(1 day)"),
                "Page": event("Api", Path="/", Method="get"),
            }
        ),
        OrdersPlacedFlow=machine({"Nightly": event("ScheduleV2", ScheduleExpression="rate(1 day)")}),
    )
    result, origins = translated(document)
    orders = ("Resources", "Orders")
    placed = (*orders, "Properties", "Events", "Placed")
    flow = ("Resources", "OrdersPlacedFlow")
    nightly = (*flow, "Properties", "Events", "Nightly")
    assert origins.keys() == result["Resources"].keys()
    assert {name: origins[name] for name in origins if not name.startswith("ServerlessRestApi")} == {
        "Orders": orders,
        "OrdersRole": orders,
        "OrdersPlaced": placed,
        "OrdersPlacedPermission": placed,
        "OrdersPlacedQueue": placed,
        "OrdersPlacedQueuePolicy": placed,
        "OrdersPlacedLate": (*orders, "Properties", "Events", "PlacedLate"),
        "OrdersPlacedLatePermission": (*orders, "Properties", "Events", "PlacedLate"),
        "OrdersR": (*orders, "Properties", "Events", "R"),
        "OrdersRPermission": (*orders, "Properties", "Events", "R"),
        "OrdersPagePermissionProd": (*orders, "Properties", "Events", "Page"),
        "OrdersPlacedFlow": flow,
        "OrdersPlacedFlowRole": flow,
        "OrdersPlacedFlowNightly": nightly,
        "OrdersPlacedFlowNightlyRole": nightly,
    }
    assert origins["ServerlessRestApi"] == ("Resources",)


# Local paths, applications, parameters


def code_of(document, name="Orders", parameters=None):
    made = resources_of(document, parameters)[name]
    return made.get("Metadata", {}).get("eventmock", {}).get("CodeUri")


def test_the_path_of_a_function_s_code_is_kept():
    assert code_of(template(Orders=function())) == "./src"
    assert code_of(template(Orders=function(CodeUri="../orders code?"))) == "../orders code?"


def test_a_path_in_globals_is_kept_for_each_function_without_its_own():
    document = template(Orders=function(), Bills=function())
    document["Globals"] = {"Function": {"CodeUri": "all/"}}
    del document["Resources"]["Bills"]["Properties"]["CodeUri"]
    assert code_of(document, "Bills") == "all/"
    assert code_of(document, "Orders") == "./src"


def test_a_path_by_a_parameter_is_kept():
    document = template(Orders=function(CodeUri={"Ref": "Code"}))
    document["Parameters"] = {"Code": {"Type": "String", "Default": "build/"}}
    assert code_of(document) == "build/"
    assert code_of(document, parameters={"Code": "dist/"}) == "dist/"


def test_a_function_that_says_nothing_of_its_code_has_the_template_s_folder():
    document = template(Orders=function())
    del document["Resources"]["Orders"]["Properties"]["CodeUri"]
    assert code_of(document) == "."


@pytest.mark.parametrize(
    "code",
    [
        {"CodeUri": "s3://code/orders.zip"},
        {"CodeUri": {"Bucket": "code", "Key": "orders.zip"}},
        {"InlineCode": "def handler(event, context): pass"},
    ],
)
def test_code_that_is_not_on_the_local_disk_has_no_path(code):
    document = template(Orders=function(**code))
    if "CodeUri" not in code:
        del document["Resources"]["Orders"]["Properties"]["CodeUri"]
    assert code_of(document) is None


def test_an_image_needs_no_uri():
    document = template(Orders={"Type": "AWS::Serverless::Function", "Properties": {"PackageType": "Image"}})
    assert "ImageUri" in resources_of(document)["Orders"]["Properties"]["Code"]
    assert code_of(document) is None


def test_the_metadata_of_a_function_is_kept_beside_the_path():
    document = template(Orders={**function(), "Metadata": {"BuildMethod": "esbuild"}})
    assert resources_of(document)["Orders"]["Metadata"] == {
        "BuildMethod": "esbuild",
        "eventmock": {"CodeUri": "./src"},
    }


def test_other_local_paths_are_accepted():
    document = template(
        Flow=machine(),
        Layer={"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layer/"}},
        Api={"Type": "AWS::Serverless::Api", "Properties": {"StageName": "v1", "DefinitionUri": "api.yaml"}},
    )
    assert {"Flow", "Api"} <= resources_of(document).keys()


def test_a_published_application_becomes_a_stack_without_asking_anybody():
    location = {
        "ApplicationId": "arn:aws:serverlessrepo:us-east-1:1:applications/a",
        "SemanticVersion": "1.0.0",
    }
    application = {
        "Type": "AWS::Serverless::Application",
        "Properties": {"Location": location, "Parameters": {"A": "b"}},
    }
    result, origins = translated(template(Shared=application))
    assert result["Resources"]["Shared"] == {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": location["ApplicationId"], "Parameters": {"A": "b"}},
    }
    assert origins == {"Shared": ("Resources", "Shared")}


def test_a_local_application_becomes_a_stack_with_its_path():
    application = {"Type": "AWS::Serverless::Application", "Properties": {"Location": "shared/template.yaml"}}
    made = resources_of(template(Shared=application))["Shared"]
    assert made["Type"] == "AWS::CloudFormation::Stack"
    assert made["Properties"]["TemplateURL"] == "shared/template.yaml"


def test_parameters_given_and_by_default_reach_sam():
    document = template(Orders=function(AutoPublishAlias={"Ref": "Alias"}))
    document["Parameters"] = {"Alias": {"Type": "String", "Default": "live"}}
    assert "OrdersAliaslive" in resources_of(document)
    assert "OrdersAliasblue" in resources_of(document, {"Alias": "blue"})


def test_the_region_reaches_sam():
    document = template(Orders=function())
    in_china, _ = translated(document, region="cn-north-1")
    assert "arn:aws-cn:" in str(in_china["Resources"]["OrdersRole"])
    assert "arn:aws:" in str(resources_of(document)["OrdersRole"])


def test_the_document_is_not_changed_and_each_caller_gets_a_copy():
    document = template(Orders=function({"Placed": event("EventBridgeRule", Pattern=PATTERN)}))
    before = copy.deepcopy(document)
    first, _ = translated(document)
    first["Resources"]["Orders"]["Properties"].clear()
    second, _ = translated(document)
    assert document == before
    assert second["Resources"]["Orders"]["Properties"]["Handler"] == "app.handler"


def test_the_same_template_is_translated_once(monkeypatch):
    from samtranslator.translator.translator import Translator

    document = template(Orders=function(Description="translated once"))
    first = translated(document)
    monkeypatch.setattr(Translator, "translate", None)
    assert translated(document) == first
    with pytest.raises(TemplateError):
        translated(document, {"Other": "1"})


# Errors


def refused(document, tmp_path):
    """The error about a template in YAML."""
    file = tmp_path / "template.yaml"
    file.write_text(dedent(document))
    source = read_source(file)
    with pytest.raises(TemplateError) as raised:
        transform(source, source.document, {}, account="123456789012", region="eu-west-1")
    return raised.value


HEAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Events:
        Placed:
          Type: %s
          Properties:
            %s
"""


@pytest.mark.parametrize(
    ("kind", "properties", "sentence"),
    [
        (
            "EventBridgeRule",
            "{Pattern: {source: [a]}, State: ENABLED, Enabled: true}",
            "State and Enabled Properties cannot both be specified.",
        ),
        (
            "Schedule",
            "{Schedule: rate(1 day), State: ENABLED, Enabled: true}",
            "State and Enabled Properties cannot both be specified.",
        ),
        (
            "EventBridgeRule",
            "{Pattern: {source: [a]}, DeadLetterConfig: {Type: SQS, Arn: a}}",
            "You can either define 'Arn' or 'Type' property of DeadLetterConfig.",
        ),
        (
            "EventBridgeRule",
            "{Pattern: {source: [a]}, DeadLetterConfig: {Type: SNS}}",
            "The only valid value for 'Type' property of DeadLetterConfig is 'SQS'.",
        ),
        (
            "EventBridgeRule",
            "{Pattern: {source: [a]}, DeadLetterConfig: {QueueLogicalId: Lost}}",
            "No 'Arn' or 'Type' property provided for DeadLetterConfig.",
        ),
        (
            "EventBridgeRule",
            "{Pattern: {source: [a]}, DeadLetterConfig: {Type: SQS, QueueLogicalId: 3}}",
            "QueueLogicalId must be a string",
        ),
        (
            "ScheduleV2",
            "{ScheduleExpression: rate(1 day), Name: a, OmitName: true}",
            "Name cannot be set when OmitName is True",
        ),
        (
            "EventBridgeRule",
            "{Pattern: {source: [a]}, Foo: 1}",
            "property Foo not defined for resource of type EventBridgeRule",
        ),
        ("EventBridge", "{Pattern: {source: [a]}}", "Event Type is: EventBridge."),
    ],
)
def test_an_error_of_an_event_has_sam_s_sentence_and_the_event_s_line(kind, properties, sentence, tmp_path):
    error = refused(HEAD % (kind, properties), tmp_path)
    assert error.message.startswith("Resource with id [Orders")
    assert error.message.endswith(sentence)
    assert (error.line, error.logical_id) == (9, "Orders")
    assert str(error) == f"{tmp_path / 'template.yaml'}:9: Orders: {error.message}"
    assert error.__cause__ is None


def test_an_error_of_a_resource_has_the_resource_s_line(tmp_path):
    error = refused(HEAD % ("EventBridgeRule", "Pattern: {}\n      Foo: 1"), tmp_path)
    assert error.message.endswith("property Foo not defined for resource of type AWS::Serverless::Function")
    assert (error.line, error.logical_id) == (3, "Orders")


def test_several_errors_are_told_at_once_in_the_order_of_their_lines(tmp_path):
    error = refused(
        """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Flow:
            Type: AWS::Serverless::StateMachine
            Properties:
              DefinitionUri: flow.json
              Foo: 1
          Bus:
            Type: AWS::Events::EventBus
          Orders:
            Type: AWS::Serverless::Function
            Properties:
              Foo: 1
        """,
        tmp_path,
    )
    first, second = str(error).splitlines()
    file = tmp_path / "template.yaml"
    assert first.startswith(f"{file}:3: Flow: Resource with id [Flow] is invalid. property Foo")
    assert second.startswith(f"{file}:10: Orders: Resource with id [Orders] is invalid. property Foo")
    assert (error.line, error.logical_id) == (3, "Flow")


def test_an_error_of_an_embedded_connector_has_its_line(tmp_path):
    error = refused(
        """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Topic:
            Type: AWS::SNS::Topic
            Connectors:
              ToNobody:
                Properties: {Destination: {Id: Nobody}, Permissions: [Write]}
        """,
        tmp_path,
    )
    assert "Nobody" in error.message
    assert (error.line, error.logical_id) == (6, "Topic")


def test_an_error_of_globals_has_their_line(tmp_path):
    error = refused(
        """\
        Transform: AWS::Serverless-2016-10-31
        Resources: {Topic: {Type: AWS::SNS::Topic}}
        Globals:
          Function: {Foo: 1}
        """,
        tmp_path,
    )
    assert error.message.startswith("'Globals' section is invalid. 'Foo' is not a supported property")
    assert (error.line, error.logical_id) == (3, None)


def test_an_id_that_the_template_has_already_is_an_error_at_the_event(tmp_path):
    text = HEAD % ("EventBridgeRule", "Pattern: {}") + "  OrdersPlaced: {Type: AWS::SNS::Topic}\n"
    error = refused(text, tmp_path)
    assert "OrdersPlaced" in error.message
    assert (error.line, error.logical_id) == (9, "Orders")


def test_a_type_that_sam_does_not_know_is_an_error(tmp_path):
    error = refused(
        """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::Funktion
        """,
        tmp_path,
    )
    assert error.message == "Template format error: Unrecognized resource types: [AWS::Serverless::Funktion]"
    assert (error.line, error.logical_id) == (4, "Orders")


def test_what_sam_stumbles_over_is_an_error_of_the_template():
    document = template(Orders=function(Policies=[{"Fn::If": "x"}], Events=[1]))
    with pytest.raises(TemplateError):
        resources_of(document)


@pytest.mark.parametrize(
    "resource", [None, [], "x", 1, {"Type": "AWS::Serverless::Function", "Properties": 1}]
)
def test_a_resource_of_another_kind_is_an_error_of_the_template(resource):
    with pytest.raises(TemplateError):
        resources_of(template(Orders=resource))


def test_without_the_translator_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "samtranslator.translator.translator", None)
    with pytest.raises(TemplateError, match=r"pip install 'eventmock\[sam\]'$"):
        resources_of(template(Orders=function()))


# The process stays as it is

API = template(
    Orders=function(
        {"Page": event("HttpApi", Path="/", Method="get")},
        AutoPublishAlias="live",
        DeploymentPreference={"Type": "AllAtOnce"},
    ),
    Flow=machine({"Nightly": event("ScheduleV2", ScheduleExpression="rate(1 day)")}),
)


def test_sam_asks_no_session_and_no_client(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("boto3 was asked")

    monkeypatch.setattr(boto3, "Session", refuse)
    monkeypatch.setattr(boto3.session, "Session", refuse)
    monkeypatch.setattr(boto3, "client", refuse)
    environment = dict(os.environ)
    assert "Orders" in resources_of(API, {"Fresh": "1"})
    assert dict(os.environ) == environment


def test_sam_leaves_nothing_in_logs_and_warnings(caplog):
    caplog.set_level(logging.INFO)
    level = logging.getLogger("samtranslator").level
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        resources_of(API, {"Fresh": "2"})
    assert caplog.records == []
    assert logging.getLogger("samtranslator").level == level


@pytest.mark.parametrize("fails", [False, True])
def test_sam_s_own_region_is_as_it_was(fails, monkeypatch):
    from samtranslator.translator.arn_generator import ArnGenerator

    monkeypatch.setattr(ArnGenerator, "BOTO_SESSION_REGION_NAME", "ap-south-1")
    events = {"Placed": event("EventBridgeRule", Pattern=PATTERN, Foo=1)} if fails else {}
    with pytest.raises(TemplateError) if fails else nullcontext():
        resources_of(template(Orders=function(events)), {"Fresh": "3"})
    assert ArnGenerator.BOTO_SESSION_REGION_NAME == "ap-south-1"


def test_the_metrics_of_a_transform_are_published_though_sam_refuses_the_template(caplog):
    import gc

    with pytest.raises(TemplateError):
        resources_of(template(Orders=function({"Placed": event("EventBridgeRule", Foo=2)})))
    gc.collect()
    assert caplog.records == []


def test_a_template_in_the_process_of_a_fresh_interpreter_warns_of_nothing():
    code = (
        "from eventmock.templates.sam import transform\n"
        "from eventmock.templates.source import Source\n"
        f"document = {API!r}\n"
        "transform(Source(document), document, {}, account='1', region='eu-west-1')\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


EVENT_PARTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.ship
      Runtime: python3.12
      CodeUri: src
      Events:
        Paid:
          Type: EventBridgeRule
          Properties:
            EventBusName: orders
            Pattern:
              source: [shop]
            RetryPolicy:
              MaximumRetryAttempts: 3
        Nightly:
          Type: Schedule
          Properties:
            Schedule: rate(1 day)
            Input: "{}"
"""


@pytest.mark.parametrize(
    ("logical_id", "path", "line"),
    [
        ("ShipPaid", ("EventBusName",), 13),
        ("ShipPaid", ("EventPattern",), 14),
        ("ShipPaid", ("EventPattern", "source"), 15),
        ("ShipPaid", ("Targets", 0, "RetryPolicy", "MaximumRetryAttempts"), 17),
        ("ShipPaid", ("Targets", 0, "Arn"), 12),
        ("ShipNightly", ("ScheduleExpression",), 21),
        ("ShipNightly", ("Targets", 0, "Input"), 22),
        ("ShipNightly", ("State",), 20),
    ],
)
def test_a_property_of_a_rule_has_the_line_of_that_of_its_event(expanded, logical_id, path, line):
    assert expanded(EVENT_PARTS).place_of(logical_id, "Properties", *path).line == line
