"""What resources of other services are called: their names, ``Ref``, ARNs and attributes. Pure.

Nobody has to emulate a queue for a rule to have it as a target; its ARN is enough. The table says for each type how
its names and ARNs look.

Source: templates, sections 6 and 8. Attributes: CloudFormation's resource schemas of October 2026. The
ARNs of ``AWS::EventsV2`` follow the patterns of botocore's model. Moments, states and host names are made up.
"""

from __future__ import annotations

from string import ascii_letters, ascii_uppercase, digits
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from eventmock.templates.evaluated import MadeUp
from eventmock.templates.physical_names import LOWER, made_id, made_name, made_uuid
from eventmock.values.arn import Arn, partition_of, resource_arn
from eventmock.values.near_names import nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventmock.templates.evaluation import Stack

_MOMENT: Final = "2026-01-01T00:00:00.000"
_TIMES: Final = {"CreationTime": f"{_MOMENT}Z", "LastModifiedTime": f"{_MOMENT}Z"}


class NamedResource(NamedTuple):
    """What a template can say of a resource.

    Attributes:
        name: The physical name; the id if resources of the type have no names.
        ref: The value of ``Ref``.
        arn: The ARN; None if the type has none, or is not known.
        attributes: The values of ``Fn::GetAtt``, by name.
    """

    name: str
    ref: str
    arn: str | None
    attributes: Mapping[str, Any]


class _Type(NamedTuple):
    """What resources of a type are called. The texts are formats; `_Fields` says what may stand in them.

    Attributes:
        named_by: The property that names a resource; None if it only gets an id.
        arn: The ARN without ``arn:`` and the partition; None if there is none.
        ref: The value of ``Ref``.
        attributes: The values of ``Fn::GetAtt``.
        limit: The most characters of a name.
        made: The name of a resource that its template does not name; None for the usual form.
        lower: Whether a made name has lower-case letters only.
        fifo: The property that makes a made name end in ``.fifo``.
    """

    named_by: str | None
    arn: str | None = None
    ref: str = "{name}"
    attributes: Mapping[str, str] = {}
    limit: int = 64
    made: str | None = None
    lower: bool = False
    fifo: str | None = None


_ARN: Final = {"Arn": "{arn}"}
_FUNCTION: Final = "lambda:{region}:{account}:function:{name}"
_TYPES: Final[Mapping[str, _Type]] = {
    "AWS::ApiGateway::ApiKey": _Type(None, made="{id10}", attributes={"APIKeyId": "{name}"}),
    "AWS::ApiGateway::Authorizer": _Type(None, made="{id6}", attributes={"AuthorizerId": "{name}"}),
    "AWS::ApiGateway::Deployment": _Type(None, made="{id6}", attributes={"DeploymentId": "{name}"}),
    "AWS::ApiGateway::Resource": _Type(None, made="{id6}", attributes={"ResourceId": "{name}"}),
    "AWS::ApiGateway::RestApi": _Type(
        None,
        "apigateway:{region}::/restapis/{name}",
        made="{id10}",
        attributes={"RestApiId": "{name}", "RootResourceId": "{id6}"},
    ),
    "AWS::ApiGateway::Stage": _Type("StageName"),
    "AWS::ApiGatewayV2::Api": _Type(
        None,
        "apigateway:{region}::/apis/{name}",
        made="{id10}",
        attributes={
            "ApiId": "{name}",
            "ApiEndpoint": "{api_scheme}://{name}.execute-api.{region}.{dns}",
            "ExecuteApiArn": "arn:{partition}:execute-api:{region}:{account}:{name}",
        },
    ),
    "AWS::ApiGatewayV2::Integration": _Type(None, made="{id7}", attributes={"IntegrationId": "{name}"}),
    "AWS::ApiGatewayV2::Route": _Type(None, made="{id7}", attributes={"RouteId": "{name}"}),
    "AWS::ApiGatewayV2::Stage": _Type("StageName"),
    "AWS::AppIntegrations::EventIntegration": _Type(
        "Name",
        "app-integrations:{region}:{account}:event-integration/{name}",
        attributes={"EventIntegrationArn": "{arn}"},
        limit=255,
    ),
    "AWS::AppSync::Api": _Type(
        None,
        "appsync:{region}:{account}:apis/{name}",
        "{arn}",
        {
            "ApiArn": "{arn}",
            "ApiId": "{name}",
            "Dns.Http": "{id26}.appsync-api.{region}.{dns}",
            "Dns.Realtime": "{id26}.appsync-realtime-api.{region}.{dns}",
        },
        made="{id22}",
    ),
    "AWS::AppSync::ApiKey": _Type(
        None,
        "appsync:{region}:{account}:apis/{ApiId}/apikeys/{name}",
        "{arn}",
        {"Arn": "{arn}", "ApiKey": "{name}", "ApiKeyId": "{name}"},
        made="da2-{id26}",
    ),
    "AWS::AppSync::ChannelNamespace": _Type(
        "Name",
        "appsync:{region}:{account}:apis/{ApiId}/channelNamespace/{name}",
        "{arn}",
        {"ChannelNamespaceArn": "{arn}"},
    ),
    "AWS::AppSync::DataSource": _Type(
        "Name",
        "appsync:{region}:{account}:apis/{ApiId}/datasources/{name}",
        "{arn}",
        {"DataSourceArn": "{arn}", "Name": "{name}"},
    ),
    "AWS::AppSync::GraphQLApi": _Type(
        None,
        "appsync:{region}:{account}:apis/{name}",
        "{arn}",
        {
            "Arn": "{arn}",
            "ApiId": "{name}",
            "GraphQLEndpointArn": "arn:{partition}:appsync:{region}:{account}:endpoints/graphql-api/{id26}",
            "GraphQLDns": "{id26}.appsync-api.{region}.{dns}",
            "GraphQLUrl": "https://{id26}.appsync-api.{region}.{dns}/graphql",
            "RealtimeDns": "{id26}.appsync-realtime-api.{region}.{dns}",
            "RealtimeUrl": "wss://{id26}.appsync-realtime-api.{region}.{dns}/graphql",
        },
        made="{id22}",
    ),
    "AWS::Batch::ComputeEnvironment": _Type(
        "ComputeEnvironmentName",
        "batch:{region}:{account}:compute-environment/{name}",
        "{arn}",
        {"ComputeEnvironmentArn": "{arn}"},
        limit=128,
    ),
    "AWS::Batch::JobDefinition": _Type(
        "JobDefinitionName",
        "batch:{region}:{account}:job-definition/{name}:1",
        "{arn}",
        {"JobDefinitionArn": "{arn}"},
        limit=128,
    ),
    "AWS::Batch::JobQueue": _Type(
        "JobQueueName",
        "batch:{region}:{account}:job-queue/{name}",
        "{arn}",
        {"JobQueueArn": "{arn}"},
        limit=128,
    ),
    "AWS::CloudFormation::Stack": _Type(
        None,
        "cloudformation:{region}:{account}:stack/{name}/{uuid}",
        "{arn}",
        {"StackId": "{arn}"},
        limit=128,
    ),
    "AWS::CodeBuild::Project": _Type(
        "Name",
        "codebuild:{region}:{account}:project/{name}",
        attributes={"Arn": "{arn}", "Id": "{name}"},
        limit=255,
    ),
    "AWS::CodePipeline::Pipeline": _Type(
        "Name",
        "codepipeline:{region}:{account}:{name}",
        attributes={"Arn": "{arn}", "Version": "1"},
        limit=100,
    ),
    "AWS::DynamoDB::GlobalTable": _Type(
        "TableName",
        "dynamodb:{region}:{account}:table/{name}",
        attributes={"Arn": "{arn}", "StreamArn": f"{{arn}}/stream/{_MOMENT}", "TableId": "{uuid}"},
        limit=255,
    ),
    "AWS::DynamoDB::Table": _Type(
        "TableName",
        "dynamodb:{region}:{account}:table/{name}",
        attributes={"Arn": "{arn}", "StreamArn": f"{{arn}}/stream/{_MOMENT}"},
        limit=255,
    ),
    "AWS::ECS::Cluster": _Type(
        "ClusterName", "ecs:{region}:{account}:cluster/{name}", attributes=_ARN, limit=255
    ),
    "AWS::ECS::Service": _Type(
        "ServiceName",
        "ecs:{region}:{account}:service/{cluster_name}/{name}",
        "{arn}",
        {"ServiceArn": "{arn}", "Name": "{name}"},
        limit=255,
    ),
    "AWS::ECS::TaskDefinition": _Type(
        "Family",
        "ecs:{region}:{account}:task-definition/{name}:1",
        "{arn}",
        {"TaskDefinitionArn": "{arn}"},
        limit=255,
    ),
    # The mock makes buses itself. This is for one that AWS would refuse, while the rest of a template is looked at.
    "AWS::Events::EventBus": _Type(
        "Name",
        "events:{region}:{account}:event-bus/{name}",
        attributes={**_ARN, "Name": "{name}"},
        limit=256,
    ),
    "AWS::EventsV2::EventBus": _Type(
        "Name",
        "events:{region}:{account}:event-busv2/{name}/{id25}",
        "{arn}",
        {"EventBusArn": "{arn}", "State": "ACTIVE", **_TIMES},
        limit=256,
    ),
    "AWS::EventsV2::EventSource": _Type(
        "Name",
        "events:{region}:{account}:event-sourcev2/{source_kind}/{name}/{id25}",
        "{arn}",
        {"EventSourceArn": "{arn}", "State": "ACTIVE", "Revoked": "false", **_TIMES},
        limit=256,
    ),
    "AWS::EventsV2::ResourcePolicy": _Type(
        None, ref="{EventBusArn}", made="{EventBusArn}", attributes={"RevisionId": "{uuid}"}
    ),
    "AWS::EventsV2::Subscriber": _Type(
        "Name",
        "events:{region}:{account}:subscriber/{name}/{id25}",
        "{arn}",
        {"SubscriberArn": "{arn}", "BusName": "{bus_name}", **_TIMES},
        limit=256,
    ),
    "AWS::Glue::Job": _Type("Name", "glue:{region}:{account}:job/{name}", limit=255),
    "AWS::Glue::Workflow": _Type("Name", "glue:{region}:{account}:workflow/{name}", limit=255),
    "AWS::IAM::AccessKey": _Type(
        None, made="AKIA{access_key}", attributes={"Id": "{name}", "SecretAccessKey": "{secret_key}"}
    ),
    "AWS::IAM::Group": _Type("GroupName", "iam::{account}:group{Path}{name}", attributes=_ARN, limit=128),
    "AWS::IAM::InstanceProfile": _Type(
        "InstanceProfileName", "iam::{account}:instance-profile{Path}{name}", attributes=_ARN, limit=128
    ),
    "AWS::IAM::ManagedPolicy": _Type(
        "ManagedPolicyName",
        "iam::{account}:policy{Path}{name}",
        "{arn}",
        {
            "PolicyArn": "{arn}",
            "PolicyId": "ANPA{access_key}",
            "AttachmentCount": "0",
            "CreateDate": f"{_MOMENT}Z",
            "DefaultVersionId": "v1",
            "IsAttachable": "true",
            "PermissionsBoundaryUsageCount": "0",
            "UpdateDate": f"{_MOMENT}Z",
        },
        limit=128,
    ),
    "AWS::IAM::Policy": _Type(None, attributes={"Id": "{name}"}),
    "AWS::IAM::Role": _Type(
        "RoleName",
        "iam::{account}:role{Path}{name}",
        attributes={"Arn": "{arn}", "RoleId": "AROA{access_key}"},
    ),
    "AWS::IAM::RolePolicy": _Type("PolicyName"),
    "AWS::IAM::User": _Type("UserName", "iam::{account}:user{Path}{name}", attributes=_ARN),
    "AWS::KMS::Alias": _Type("AliasName", "kms:{region}:{account}:{name}", made="alias/{made_name}"),
    "AWS::KMS::Key": _Type(
        None,
        "kms:{region}:{account}:key/{name}",
        made="{uuid}",
        attributes={"Arn": "{arn}", "KeyId": "{name}"},
    ),
    "AWS::Kinesis::Stream": _Type(
        "Name", "kinesis:{region}:{account}:stream/{name}", attributes=_ARN, limit=128
    ),
    "AWS::KinesisFirehose::DeliveryStream": _Type(
        "DeliveryStreamName", "firehose:{region}:{account}:deliverystream/{name}", attributes=_ARN
    ),
    "AWS::Lambda::Alias": _Type("Name", "{function}:{name}", "{arn}", {"AliasArn": "{arn}"}, limit=128),
    "AWS::Lambda::EventSourceMapping": _Type(
        None,
        "lambda:{region}:{account}:event-source-mapping:{name}",
        made="{uuid}",
        attributes={"Id": "{name}", "EventSourceMappingArn": "{arn}"},
    ),
    "AWS::Lambda::Function": _Type("FunctionName", _FUNCTION, attributes=_ARN),
    "AWS::Lambda::LayerVersion": _Type(
        "LayerName",
        "lambda:{region}:{account}:layer:{name}:1",
        "{arn}",
        {"LayerVersionArn": "{arn}"},
        limit=140,
    ),
    "AWS::Lambda::Url": _Type(
        None,
        "{function}",
        "{arn}",
        {"FunctionArn": "{arn}", "FunctionUrl": "https://{name}.lambda-url.{region}.on.aws/"},
        made="{id32}",
    ),
    "AWS::Lambda::Version": _Type(
        None, "{function}:{name}", "{arn}", {"FunctionArn": "{arn}", "Version": "{name}"}, made="1"
    ),
    "AWS::Logs::LogGroup": _Type(
        "LogGroupName", "logs:{region}:{account}:log-group:{name}:*", attributes=_ARN, limit=512
    ),
    "AWS::Logs::LogStream": _Type("LogStreamName", limit=512),
    "AWS::Logs::ResourcePolicy": _Type("PolicyName", limit=255),
    "AWS::Pipes::Pipe": _Type(
        "Name",
        "pipes:{region}:{account}:pipe/{name}",
        attributes={
            "Arn": "{arn}",
            "CurrentState": "{DesiredState}",
            "StateReason": "User initiated",
            **_TIMES,
        },
    ),
    "AWS::Redshift::Cluster": _Type(
        "ClusterIdentifier",
        "redshift:{region}:{account}:cluster:{name}",
        attributes={
            "ClusterNamespaceArn": "arn:{partition}:redshift:{region}:{account}:namespace:{uuid}",
            "DeferMaintenanceIdentifier": "dfm-{id22}",
            "Endpoint.Address": "{name}.{id12}.{region}.redshift.{dns}",
            "Endpoint.Port": "5439",
            "MasterPasswordSecretArn": "arn:{partition}:secretsmanager:{region}:{account}:secret:redshift!{name}-admin"
            "-{six}",
        },
        limit=63,
        lower=True,
    ),
    "AWS::RedshiftServerless::Namespace": _Type(
        "NamespaceName",
        "redshift-serverless:{region}:{account}:namespace/{uuid}",
        attributes={
            "Namespace.NamespaceArn": "{arn}",
            "Namespace.NamespaceId": "{uuid}",
            "Namespace.NamespaceName": "{name}",
        },
        lower=True,
    ),
    "AWS::RedshiftServerless::Workgroup": _Type(
        "WorkgroupName",
        "redshift-serverless:{region}:{account}:workgroup/{uuid}",
        attributes={
            "Workgroup.Endpoint.Address": "{name}.{account}.{region}.redshift-serverless.{dns}",
            "Workgroup.Endpoint.Port": "5439",
            "Workgroup.NamespaceName": "{NamespaceName}",
            "Workgroup.Status": "AVAILABLE",
            "Workgroup.WorkgroupArn": "{arn}",
            "Workgroup.WorkgroupId": "{uuid}",
            "Workgroup.WorkgroupName": "{name}",
        },
        lower=True,
    ),
    "AWS::Route53::HealthCheck": _Type(
        None, "route53:::healthcheck/{name}", made="{uuid}", attributes={"HealthCheckId": "{name}"}
    ),
    "AWS::S3::Bucket": _Type(
        "BucketName",
        "s3:::{name}",
        attributes={
            "Arn": "{arn}",
            "DomainName": "{name}.s3.{dns}",
            "DualStackDomainName": "{name}.s3.dualstack.{region}.{dns}",
            "RegionalDomainName": "{name}.s3.{region}.{dns}",
            "WebsiteURL": "http://{name}.s3-website-{region}.{dns}",
        },
        limit=63,
        lower=True,
    ),
    "AWS::SNS::Subscription": _Type(None, "{topic}:{name}", "{arn}", {"Arn": "{arn}"}, made="{uuid}"),
    "AWS::SNS::Topic": _Type(
        "TopicName",
        "sns:{region}:{account}:{name}",
        "{arn}",
        {"TopicArn": "{arn}", "TopicName": "{name}"},
        limit=256,
        fifo="FifoTopic",
    ),
    "AWS::SQS::Queue": _Type(
        "QueueName",
        "sqs:{region}:{account}:{name}",
        "https://sqs.{region}.{dns}/{account}/{name}",
        {
            "Arn": "{arn}",
            "QueueName": "{name}",
            "QueueUrl": "https://sqs.{region}.{dns}/{account}/{name}",
        },
        limit=80,
        fifo="FifoQueue",
    ),
    "AWS::SSM::Document": _Type("Name", "ssm:{region}:{account}:document/{name}", limit=128),
    "AWS::SSM::Parameter": _Type(
        "Name",
        "ssm:{region}:{account}:parameter{path_name}",
        attributes={"Arn": "{arn}", "Type": "{Type}", "Value": "{Value}"},
        limit=1011,
    ),
    "AWS::SageMaker::Pipeline": _Type(
        "PipelineName", "sagemaker:{region}:{account}:pipeline/{lower_name}", limit=256
    ),
    "AWS::Scheduler::Schedule": _Type(
        "Name", "scheduler:{region}:{account}:schedule/{GroupName}/{name}", attributes=_ARN
    ),
    "AWS::Scheduler::ScheduleGroup": _Type(
        "Name",
        "scheduler:{region}:{account}:schedule-group/{name}",
        attributes={
            "Arn": "{arn}",
            "CreationDate": f"{_MOMENT}Z",
            "LastModificationDate": f"{_MOMENT}Z",
            "State": "ACTIVE",
        },
    ),
    "AWS::SecretsManager::Secret": _Type(
        "Name",
        "secretsmanager:{region}:{account}:secret:{name}-{six}",
        "{arn}",
        {"Id": "{arn}"},
        limit=512,
    ),
    "AWS::StepFunctions::Activity": _Type(
        "Name",
        "states:{region}:{account}:activity:{name}",
        "{arn}",
        {"Arn": "{arn}", "Name": "{name}"},
        limit=80,
    ),
    "AWS::StepFunctions::StateMachine": _Type(
        "StateMachineName",
        "states:{region}:{account}:stateMachine:{name}",
        "{arn}",
        {"Arn": "{arn}", "Name": "{name}", "StateMachineRevisionId": "{uuid}"},
        limit=80,
    ),
    "AWS::StepFunctions::StateMachineAlias": _Type(
        "Name", "{machine}:{name}", "{arn}", {"Arn": "{arn}"}, limit=80
    ),
    "AWS::StepFunctions::StateMachineVersion": _Type(
        None, "{machine}:{name}", "{arn}", {"Arn": "{arn}"}, made="1"
    ),
}
_DEFAULTS: Final[Mapping[str, str]] = {
    "DesiredState": "RUNNING",
    "GroupName": "default",
    "Path": "/",
    "Type": "String",
}
"""Values of properties that a template leaves out."""
_OUTPUT: Final = "Outputs."


def is_known(type_name: str) -> bool:
    """Return whether the table says what resources of a type are called."""
    return type_name in _TYPES


def resource_of(
    type_name: str, logical_id: str, properties: Mapping[str, Any], stack: Stack
) -> NamedResource:
    """Return what a template can say of a resource.

    A resource of a type that is not known gets a made name, and an ARN of the usual form as its attribute ``Arn``.

    Args:
        type_name: The type, such as ``AWS::SQS::Queue``.
        logical_id: The logical ID.
        properties: The evaluated properties.
        stack: The stack.
    """
    row = _TYPES.get(type_name)
    if row is None:
        return _unknown(type_name, logical_id, stack)
    fields = _Fields(row, logical_id, properties, stack)
    given = None if row.named_by is None else properties.get(row.named_by)
    if given is None or given == "":
        fields["name"] = fields["made_name"] if row.made is None else row.made.format_map(fields)
    else:
        fields["name"] = str(given)
    if row.arn is not None:
        fields["arn"] = f"arn:{fields['partition']}:" + row.arn.format_map(fields)
    return NamedResource(
        fields["name"],
        row.ref.format_map(fields),
        fields.get("arn"),
        {name: text.format_map(fields) for name, text in row.attributes.items()},
    )


def attribute_of(resource: NamedResource, type_name: str, logical_id: str, name: str) -> Any:
    """Return the value of an attribute.

    A type that is not known may have any attribute. One whose name ends in ``Arn`` is an ARN; the value of any other,
    and of an output of a stack whose template is not known, is made up: ``<logical id>.<attribute>``.

    Args:
        resource: The resource.
        type_name: Its type.
        logical_id: Its logical ID.
        name: The name of the attribute.

    Raises:
        LookupError: The type is known and does not have the attribute; the error's text has those that it has.
    """
    if name in resource.attributes:
        return resource.attributes[name]
    if not is_known(type_name):
        if name.endswith("Arn") and "Arn" in resource.attributes:
            return resource.attributes["Arn"]
        return MadeUp(f"{logical_id}.{name}")
    if type_name == "AWS::CloudFormation::Stack" and name.startswith(_OUTPUT):
        return MadeUp(f"{logical_id}.{name}")
    near = nearest_name(name, resource.attributes)
    meant = "" if near is None else f"; did you mean {near!r}?"
    known = ", ".join(sorted(resource.attributes)) or "none"
    raise LookupError(f"{type_name} has no attribute {name!r}{meant} (attributes of the type: {known})")


def _unknown(type_name: str, logical_id: str, stack: Stack) -> NamedResource:
    name = made_name(stack.name, logical_id)
    vendor, _, rest = type_name.partition("::")
    service, _, kind = rest.partition("::")
    if vendor != "AWS" or not kind:
        return NamedResource(name, MadeUp(name), None, {})
    resource = f"{kind.lower()}/{name}"
    arn = resource_arn(service.lower(), stack.region, stack.account, resource)
    return NamedResource(name, MadeUp(name), None, {"Arn": MadeUp(arn)})


class _Fields(dict[str, str]):
    """What may stand in braces in the texts of a row. A field is made when a text first names it.

    There are ``name`` and ``arn`` of the resource, the keys of `_MADE`, an id of 10 characters as ``id10``, and the
    properties by their names.
    """

    def __init__(self, row: _Type, logical_id: str, properties: Mapping[str, Any], stack: Stack) -> None:
        super().__init__(region=stack.region, account=stack.account)
        self.row = row
        self.logical_id = logical_id
        self.properties = properties
        self.stack = stack

    def __missing__(self, field: str) -> str:
        made = _MADE.get(field)
        if made is not None:
            value = made(self)
        elif field.startswith("id") and field[2:].isdigit():
            value = self.id(int(field[2:]), LOWER, field)
        else:
            given = self.properties.get(field)
            value = _DEFAULTS.get(field, "") if given is None else str(given)
        self[field] = value
        return value

    def id(self, length: int, letters: str, purpose: str = "") -> str:
        """Return a made-up id of the resource, of a number of characters."""
        return made_id(self.stack.id, self.logical_id, purpose, length=length, letters=letters)


def _made_name(fields: _Fields) -> str:
    row = fields.row
    ending = ".fifo" if row.fifo and str(fields.properties.get(row.fifo)).lower() == "true" else ""
    limit = row.limit - len(ending)
    return made_name(fields.stack.name, fields.logical_id, limit=limit, lower=row.lower) + ending


def _function(fields: _Fields) -> str:
    """Return the ARN of a function, without ``arn:`` and the partition, by its name, its ARN or a part of that."""
    given = fields["FunctionName"] or fields["TargetFunctionArn"]
    arn = Arn.parse(given)
    name = (given if arn is None else arn.resource).rpartition("function:")[2].partition(":")[0]
    region, account = (fields["region"], fields["account"]) if arn is None else (arn.region, arn.account)
    return f"lambda:{region}:{account}:function:{name}"


def _without_partition(arn: str) -> str:
    return arn.split(":", 2)[-1]


def _machine(fields: _Fields) -> str:
    """Return the ARN of a state machine, by its own, or by that of a version to which an alias leads."""
    properties = fields.properties
    if "StateMachineArn" in properties:
        return _without_partition(fields["StateMachineArn"])
    routes = properties.get("RoutingConfiguration")
    route = routes[0] if isinstance(routes, list) and routes else properties.get("DeploymentPreference")
    version = str(route.get("StateMachineVersionArn")) if isinstance(route, dict) else ""
    return _without_partition(version.rpartition(":")[0])


def _api_scheme(fields: _Fields) -> str:
    return "wss" if fields["ProtocolType"] == "WEBSOCKET" else "https"


def _bus_name(fields: _Fields) -> str:
    parts = fields["EventBusArn"].split("/")
    return parts[1] if len(parts) > 1 else fields["EventBusArn"]


def _dns(fields: _Fields) -> str:
    return "amazonaws.com.cn" if fields["partition"] == "aws-cn" else "amazonaws.com"


def _path_name(fields: _Fields) -> str:
    return fields["name"] if fields["name"].startswith("/") else "/" + fields["name"]


def _source_kind(fields: _Fields) -> str:
    configuration = fields.properties.get("Configuration")
    of_partner = isinstance(configuration, dict) and "PartnerEventsConfiguration" in configuration
    return "aws.partner" if of_partner else "aws.service"


_ALPHANUMERIC: Final = ascii_letters + digits
_MADE: Final[Mapping[str, Callable[[_Fields], str]]] = {
    "access_key": lambda fields: fields.id(16, ascii_uppercase + "234567"),
    "api_scheme": _api_scheme,
    "bus_name": _bus_name,
    "cluster_name": lambda fields: fields["Cluster"].rpartition("/")[2] or "default",
    "dns": _dns,
    "function": _function,
    "lower_name": lambda fields: fields["name"].lower(),
    "machine": _machine,
    "made_name": _made_name,
    "partition": lambda fields: partition_of(fields["region"]),
    "path_name": _path_name,
    "secret_key": lambda fields: fields.id(40, _ALPHANUMERIC, "secret"),
    "six": lambda fields: fields.id(6, _ALPHANUMERIC),
    "source_kind": _source_kind,
    "topic": lambda fields: _without_partition(fields["TopicArn"]),
    "uuid": lambda fields: made_uuid(fields.stack.id, fields.logical_id),
}
