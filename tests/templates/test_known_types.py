from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from eventmock.templates import known_types
from eventmock.templates.evaluation import Stack
from eventmock.templates.known_types import attribute_of, is_known, resource_of
from eventmock.values.arn import Arn

ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"
STACK = Stack("shop", ID, "123456789012", "eu-west-1")
AT = "eu-west-1:123456789012"
MADE = "shop-Thing-[A-Z0-9]{12}"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
FUNCTION = f"arn:aws:lambda:{AT}:function:f"
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012"


def thing(type_name, stack=STACK, **properties):
    return resource_of(type_name, "Thing", properties, stack)


NAMED = [
    # type, property of the name, Ref, ARN; {n} is the name
    ("AWS::Lambda::Function", "FunctionName", "{n}", f"lambda:{AT}:function:{{n}}"),
    ("AWS::SQS::Queue", "QueueName", f"{QUEUE_URL}/{{n}}", f"sqs:{AT}:{{n}}"),
    ("AWS::SNS::Topic", "TopicName", None, f"sns:{AT}:{{n}}"),
    ("AWS::StepFunctions::StateMachine", "StateMachineName", None, f"states:{AT}:stateMachine:{{n}}"),
    ("AWS::Logs::LogGroup", "LogGroupName", "{n}", f"logs:{AT}:log-group:{{n}}:*"),
    ("AWS::Kinesis::Stream", "Name", "{n}", f"kinesis:{AT}:stream/{{n}}"),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "DeliveryStreamName",
        "{n}",
        f"firehose:{AT}:deliverystream/{{n}}",
    ),
    ("AWS::ECS::Cluster", "ClusterName", "{n}", f"ecs:{AT}:cluster/{{n}}"),
    ("AWS::ECS::TaskDefinition", "Family", None, f"ecs:{AT}:task-definition/{{n}}:1"),
    ("AWS::Batch::JobQueue", "JobQueueName", None, f"batch:{AT}:job-queue/{{n}}"),
    ("AWS::Batch::JobDefinition", "JobDefinitionName", None, f"batch:{AT}:job-definition/{{n}}:1"),
    ("AWS::ApiGateway::Stage", "StageName", "{n}", None),
    ("AWS::SSM::Document", "Name", "{n}", f"ssm:{AT}:document/{{n}}"),
    ("AWS::CodeBuild::Project", "Name", "{n}", f"codebuild:{AT}:project/{{n}}"),
    ("AWS::CodePipeline::Pipeline", "Name", "{n}", f"codepipeline:{AT}:{{n}}"),
    ("AWS::Redshift::Cluster", "ClusterIdentifier", "{n}", f"redshift:{AT}:cluster:{{n}}"),
    ("AWS::SageMaker::Pipeline", "PipelineName", "{n}", f"sagemaker:{AT}:pipeline/{{n}}"),
    ("AWS::Glue::Workflow", "Name", "{n}", f"glue:{AT}:workflow/{{n}}"),
    ("AWS::DynamoDB::Table", "TableName", "{n}", f"dynamodb:{AT}:table/{{n}}"),
    ("AWS::IAM::Role", "RoleName", "{n}", "iam::123456789012:role/{n}"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", None, "iam::123456789012:policy/{n}"),
    ("AWS::IAM::User", "UserName", "{n}", "iam::123456789012:user/{n}"),
    ("AWS::S3::Bucket", "BucketName", "{n}", "s3:::{n}"),
    ("AWS::KMS::Alias", "AliasName", "{n}", f"kms:{AT}:{{n}}"),
    ("AWS::Pipes::Pipe", "Name", "{n}", f"pipes:{AT}:pipe/{{n}}"),
    ("AWS::Scheduler::Schedule", "Name", "{n}", f"scheduler:{AT}:schedule/default/{{n}}"),
    ("AWS::Scheduler::ScheduleGroup", "Name", "{n}", f"scheduler:{AT}:schedule-group/{{n}}"),
    (
        "AWS::AppIntegrations::EventIntegration",
        "Name",
        "{n}",
        f"app-integrations:{AT}:event-integration/{{n}}",
    ),
]


@pytest.mark.parametrize(("type_name", "property_name", "ref", "arn"), NAMED)
def test_a_resource_has_the_name_that_its_template_gives(type_name, property_name, ref, arn):
    resource = thing(type_name, **{property_name: "orders"})
    whole = None if arn is None else "arn:aws:" + arn.format(n="orders")
    assert resource.name == "orders"
    assert resource.arn == whole
    assert resource.ref == (whole if ref is None else ref.format(n="orders"))


@pytest.mark.parametrize(("type_name", "property_name", "ref", "arn"), NAMED)
def test_a_resource_without_a_name_gets_a_made_one(type_name, property_name, ref, arn):
    resource = thing(type_name)
    start = "alias/" if type_name == "AWS::KMS::Alias" else ""
    assert re.fullmatch(start + MADE, resource.name, re.IGNORECASE)
    assert resource == thing(type_name)
    assert resource != resource_of(type_name, "Other", {}, STACK)
    assert resource == thing(type_name, **{property_name: None})


@pytest.mark.parametrize(
    ("type_name", "properties", "ref", "arn"),
    [
        ("AWS::EventsV2::EventBus", {"Name": "b"}, None, f"events:{AT}:event-busv2/b/[a-z0-9]{{25}}"),
        ("AWS::EventsV2::Subscriber", {"Name": "s"}, None, f"events:{AT}:subscriber/s/[a-z0-9]{{25}}"),
        (
            "AWS::EventsV2::EventSource",
            {"Name": "e", "Configuration": {"AwsServiceEventsConfiguration": {"AwsService": "s3"}}},
            None,
            f"events:{AT}:event-sourcev2/aws.service/e/[a-z0-9]{{25}}",
        ),
        (
            "AWS::EventsV2::EventSource",
            {"Name": "e", "Configuration": {"PartnerEventsConfiguration": {}}},
            None,
            f"events:{AT}:event-sourcev2/aws.partner/e/[a-z0-9]{{25}}",
        ),
        (
            "AWS::SecretsManager::Secret",
            {"Name": "key"},
            None,
            f"secretsmanager:{AT}:secret:key-[A-Za-z0-9]{{6}}",
        ),
        ("AWS::AppSync::GraphQLApi", {"Name": "api"}, None, f"appsync:{AT}:apis/[a-z0-9]{{22}}"),
        ("AWS::ApiGateway::RestApi", {"Name": "api"}, "[a-z0-9]{10}", "apigateway:eu-west-1::/restapis/.*"),
        ("AWS::ApiGatewayV2::Api", {"Name": "api"}, "[a-z0-9]{10}", "apigateway:eu-west-1::/apis/.*"),
        ("AWS::KMS::Key", {}, UUID, f"kms:{AT}:key/{UUID}"),
        ("AWS::Route53::HealthCheck", {}, UUID, f"route53:::healthcheck/{UUID}"),
        ("AWS::CloudFormation::Stack", {}, None, f"cloudformation:{AT}:stack/{MADE}/{UUID}"),
        (
            "AWS::RedshiftServerless::Workgroup",
            {"WorkgroupName": "w"},
            "w",
            f"redshift-serverless:{AT}:workgroup/{UUID}",
        ),
        (
            "AWS::ECS::Service",
            {"ServiceName": "s", "Cluster": f"arn:aws:ecs:{AT}:cluster/c"},
            None,
            f"ecs:{AT}:service/c/s",
        ),
        ("AWS::Lambda::LayerVersion", {"LayerName": "l"}, None, f"lambda:{AT}:layer:l:1"),
        (
            "AWS::IAM::Role",
            {"RoleName": "r", "Path": "/service/"},
            "r",
            "iam::123456789012:role/service/r",
        ),
        (
            "AWS::Scheduler::Schedule",
            {"Name": "s", "GroupName": "nightly"},
            "s",
            f"scheduler:{AT}:schedule/nightly/s",
        ),
        ("AWS::SSM::Parameter", {"Name": "/a/b"}, "/a/b", f"ssm:{AT}:parameter/a/b"),
        ("AWS::SSM::Parameter", {"Name": "a"}, "a", f"ssm:{AT}:parameter/a"),
    ],
)
def test_ref_and_arn_of_a_resource_with_an_id_or_a_path(type_name, properties, ref, arn):
    resource = thing(type_name, **properties)
    assert resource.arn is not None
    assert re.fullmatch(
        f"arn:aws:{arn}".replace("*", r"\*") if ":*" in arn else f"arn:aws:{arn}", resource.arn
    )
    assert resource.ref == resource.arn if ref is None else re.fullmatch(ref, resource.ref)


def test_an_id_in_a_ref_is_the_id_in_the_arn():
    for type_name in ("AWS::KMS::Key", "AWS::Route53::HealthCheck", "AWS::ApiGateway::RestApi"):
        resource = thing(type_name)
        assert resource.arn.endswith("/" + resource.ref)


@pytest.mark.parametrize(
    ("given", "function"),
    [
        ("f", FUNCTION),
        ("f:live", FUNCTION),
        ("123456789012:function:f", FUNCTION),
        (FUNCTION, FUNCTION),
        (f"{FUNCTION}:3", FUNCTION),
        (
            "arn:aws:lambda:us-east-1:210987654321:function:g",
            "arn:aws:lambda:us-east-1:210987654321:function:g",
        ),
    ],
)
def test_a_version_and_an_alias_belong_to_the_function_that_they_name(given, function):
    version = thing("AWS::Lambda::Version", FunctionName=given)
    assert version.ref == version.attributes["FunctionArn"] == f"{function}:1"
    assert version.attributes["Version"] == "1"
    alias = thing("AWS::Lambda::Alias", FunctionName=given, Name="live", FunctionVersion="1")
    assert alias.ref == alias.attributes["AliasArn"] == f"{function}:live"
    url = thing("AWS::Lambda::Url", TargetFunctionArn=given)
    assert url.ref == function


def test_a_version_and_an_alias_belong_to_their_state_machine():
    machine = f"arn:aws:states:{AT}:stateMachine:m"
    version = thing(
        "AWS::StepFunctions::StateMachineVersion", StateMachineRevisionId="x", StateMachineArn=machine
    )
    assert version.ref == f"{machine}:1"
    route = {"StateMachineVersionArn": version.ref}
    for properties in ({"RoutingConfiguration": [{**route, "Weight": 100}]}, {"DeploymentPreference": route}):
        alias = thing("AWS::StepFunctions::StateMachineAlias", Name="live", **properties)
        assert alias.ref == f"{machine}:live"


def test_a_subscription_belongs_to_its_topic():
    topic = thing("AWS::SNS::Topic")
    assert re.fullmatch(f"{topic.ref}:{UUID}", thing("AWS::SNS::Subscription", TopicArn=topic.ref).ref)


@pytest.mark.parametrize(
    ("type_name", "properties", "attributes"),
    [
        ("AWS::SQS::Queue", {"QueueName": "q"}, {"QueueName": "q", "QueueUrl": f"{QUEUE_URL}/q"}),
        ("AWS::SNS::Topic", {"TopicName": "t"}, {"TopicName": "t", "TopicArn": f"arn:aws:sns:{AT}:t"}),
        ("AWS::StepFunctions::StateMachine", {"StateMachineName": "m"}, {"Name": "m"}),
        ("AWS::Pipes::Pipe", {"DesiredState": "STOPPED"}, {"CurrentState": "STOPPED"}),
        ("AWS::Pipes::Pipe", {}, {"CurrentState": "RUNNING"}),
        ("AWS::SSM::Parameter", {"Value": "v"}, {"Type": "String", "Value": "v"}),
        (
            "AWS::EventsV2::Subscriber",
            {"EventBusArn": f"arn:aws:events:{AT}:event-busv2/orders/abc"},
            {"BusName": "orders"},
        ),
        (
            "AWS::ECS::TaskDefinition",
            {"Family": "f"},
            {"TaskDefinitionArn": f"arn:aws:ecs:{AT}:task-definition/f:1"},
        ),
        (
            "AWS::S3::Bucket",
            {"BucketName": "b"},
            {"Arn": "arn:aws:s3:::b", "DomainName": "b.s3.amazonaws.com"},
        ),
    ],
)
def test_attributes(type_name, properties, attributes):
    resource = thing(type_name, **properties)
    for name, value in attributes.items():
        assert attribute_of(resource, type_name, "Thing", name) == value


@pytest.mark.parametrize(
    ("type_name", "attribute"),
    [
        ("AWS::AppSync::GraphQLApi", "GraphQLEndpointArn"),
        ("AWS::DynamoDB::Table", "StreamArn"),
        ("AWS::RedshiftServerless::Workgroup", "Workgroup.WorkgroupArn"),
        ("AWS::EventsV2::EventSource", "EventSourceArn"),
        ("AWS::Inspector::AssessmentTemplate", "Arn"),
        ("AWS::MediaLive::Channel", "SomeOtherArn"),
    ],
)
def test_an_attribute_that_is_an_arn_has_the_form_of_one(type_name, attribute):
    arn = Arn.parse(attribute_of(thing(type_name), type_name, "Thing", attribute))
    assert arn is not None
    assert (arn.region, arn.account) == ("eu-west-1", "123456789012")


def test_the_endpoint_of_an_api_has_another_id_than_the_api():
    api = thing("AWS::AppSync::GraphQLApi")
    assert "endpoints/graphql-api/" in api.attributes["GraphQLEndpointArn"]
    assert api.attributes["ApiId"] not in api.attributes["GraphQLEndpointArn"]


@pytest.mark.parametrize(
    ("type_name", "fifo"), [("AWS::SQS::Queue", "FifoQueue"), ("AWS::SNS::Topic", "FifoTopic")]
)
@pytest.mark.parametrize("value", [True, "true"])
def test_a_made_name_of_a_fifo_queue_or_topic_ends_in_fifo(type_name, fifo, value):
    assert re.fullmatch(MADE + r"\.fifo", thing(type_name, **{fifo: value}).name)
    assert re.fullmatch(MADE, thing(type_name, **{fifo: "false"}).name)
    named = {"QueueName": "q", "TopicName": "q", fifo: value}
    assert thing(type_name, **named).name == "q"


@pytest.mark.parametrize(
    ("type_name", "limit"),
    [("AWS::SQS::Queue", 80), ("AWS::Lambda::Function", 64), ("AWS::S3::Bucket", 63), ("AWS::IAM::Role", 64)],
)
def test_a_made_name_keeps_to_the_limit_of_its_type(type_name, limit):
    resource = resource_of(type_name, "L" * 200, {"FifoQueue": True}, STACK._replace(name="s" * 100))
    assert len(resource.name) == limit


def test_a_made_name_of_a_bucket_has_lower_case_letters():
    assert re.fullmatch("shop-thing-[a-z0-9]{12}", thing("AWS::S3::Bucket").name)


def test_partition_and_host_follow_the_region():
    queue = thing("AWS::SQS::Queue", STACK._replace(region="cn-north-1"), QueueName="q")
    assert queue.arn == "arn:aws-cn:sqs:cn-north-1:123456789012:q"
    assert queue.ref == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q"


def test_a_resource_of_an_unknown_type_has_a_made_name_and_any_attribute():
    assert not is_known("Custom::Seed")
    resource = thing("Custom::Seed")
    assert re.fullmatch(MADE, resource.ref)
    assert resource.arn is None
    assert attribute_of(resource, "Custom::Seed", "Thing", "Rows") == "Thing.Rows"
    assert attribute_of(resource, "Custom::Seed", "Thing", "Arn") == "Thing.Arn"


def test_an_output_of_a_stack_whose_template_is_not_known_is_a_text():
    stack = thing("AWS::CloudFormation::Stack")
    assert attribute_of(stack, "AWS::CloudFormation::Stack", "Thing", "Outputs.Bus") == "Thing.Outputs.Bus"


def test_an_attribute_that_a_known_type_lacks_is_an_error_with_those_that_it_has():
    with pytest.raises(LookupError) as raised:
        attribute_of(thing("AWS::SQS::Queue"), "AWS::SQS::Queue", "Thing", "arn")
    assert str(raised.value) == (
        "AWS::SQS::Queue has no attribute 'arn'; did you mean 'Arn'? "
        "(attributes of the type: Arn, QueueName, QueueUrl)"
    )
    with pytest.raises(LookupError, match=r"no attribute 'Arn' \(attributes of the type: none\)"):
        attribute_of(thing("AWS::Glue::Workflow"), "AWS::Glue::Workflow", "Thing", "Arn")


VALUES = st.none() | st.text("a:/-.", max_size=5) | st.integers() | st.lists(st.integers(), max_size=2)


@given(st.sampled_from(sorted(known_types._TYPES)), st.data())
def test_every_row_gives_texts_for_whatever_a_template_says(type_name, data):
    names = st.sampled_from(["Name", "FunctionName", "Path", "RoutingConfiguration", "Configuration"])
    resource = thing(type_name, **data.draw(st.dictionaries(names, VALUES)))
    assert is_known(type_name)
    assert all(isinstance(value, str) for value in resource.attributes.values())
    assert resource.arn is None or resource.arn.startswith("arn:aws:")
