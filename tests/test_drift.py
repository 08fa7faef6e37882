"""What the installed botocore's models say, and what we do: neither may drift from the other."""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

from eventmock import appintegrations, events

PACKAGES = {"events": events, "appintegrations": appintegrations}
MODELS = {name: ServiceModel(Loader().load_service_model(name, "service-2"), name) for name in PACKAGES}
MODEL = MODELS["events"]
LATER = {
    "events": {"update_event_bus"},
    "appintegrations": {
        "create_data_integration_association",
        "delete_application",
        "list_application_associations",
        "update_data_integration_association",
    },
}
"""Operations that older models lack."""

WITHOUT_SOURCE = {
    "CreateArchive.StateReason": "an archive is made or refused",
    "UpdateArchive.StateReason": "an archive is changed or refused",
    "ListArchives.Archives.StateReason": "shown by DescribeArchive in this tour",
    "StartReplay.StateReason": "a replay is started or refused",
    "CancelReplay.StateReason": "a replay is cancelled or refused",
    "ListReplays.Replays.StateReason": "shown by DescribeReplay in this tour",
    "DescribeConnection.StateReason": "authorisation never fails yet",
    "ListConnections.Connections.StateReason": "authorisation never fails yet",
    "DescribeEndpoint.StateReason": "endpoints never fail yet",
    "ListEndpoints.Endpoints.StateReason": "endpoints never fail yet",
    "DescribeEventBus.ManagedBy": "no managed bus is known",
    "ListEventBuses.EventBuses.ManagedBy": "no managed bus is known",
    "PutTargets.FailedEntries.TargetId": "a call is refused whole",
    "PutTargets.FailedEntries.ErrorCode": "a call is refused whole",
    "PutTargets.FailedEntries.ErrorMessage": "a call is refused whole",
    "RemoveTargets.FailedEntries.TargetId": "a call is refused whole",
    "RemoveTargets.FailedEntries.ErrorCode": "a call is refused whole",
    "RemoveTargets.FailedEntries.ErrorMessage": "a call is refused whole",
}
"""Members of answers that nothing fills yet, or that the tour below cannot show, and why."""


every_service = pytest.mark.parametrize("service", PACKAGES)


def functions(service):
    """The names in snake case of the operations of the installed model."""
    return {xform_name(name) for name in MODELS[service].operation_names}


@every_service
def test_every_operation_of_the_model_has_a_function_or_is_named_absent(service):
    assert functions(service) <= set(PACKAGES[service].OPERATIONS) | PACKAGES[service].ABSENT


@every_service
def test_every_function_is_an_operation_of_the_model(service):
    assert set(PACKAGES[service].OPERATIONS) - functions(service) <= LATER[service]
    assert set(PACKAGES[service].OPERATIONS) & PACKAGES[service].ABSENT == set()


def members_of(shape, path, above=()):
    """The paths of all members that a shape can show; one that is recursive is followed once."""
    if shape is None or shape.name in above:
        return set()
    if shape.type_name == "list":
        return members_of(shape.member, path, above)
    if shape.type_name != "structure":
        return set()
    found = set()
    for name, member in shape.members.items():
        found |= {f"{path}.{name}"} | members_of(member, f"{path}.{name}", (*above, shape.name))
    return found


def shown(value, path):
    """The paths of the members that an answer shows."""
    if isinstance(value, dict):
        return {f"{path}.{name}" for name in value}.union(
            *(shown(member, f"{path}.{name}") for name, member in value.items())
        )
    return set().union(*(shown(item, path) for item in value)) if isinstance(value, list) else set()


def skeleton(shape, name=""):
    """A value of every member that a shape has, as the service wants it."""
    if shape.type_name == "structure":
        return {member: skeleton(inner, member) for member, inner in shape.members.items()}
    if shape.type_name == "list":
        return [skeleton(shape.member)]
    if shape.type_name == "map":
        return {"$.k": "$.v"}
    word = WORDS.get(name, WORDS.get(shape.name))
    if word is not None:
        return word
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "x"
    return shape.type_name == "boolean" or 1


class Tour:
    """Calls operations with everything that the installed model knows, and notes which members answers show."""

    def __init__(self, backend, service):
        self.backend = backend
        self.service = service
        self.seen = set()

    def call(self, name, region="us-east-1", **members):
        if name not in MODELS[self.service].operation_names:
            return {}
        known = MODELS[self.service].operation_model(name).input_shape.members
        client = self.backend.client(self.service, region=region)
        answer = getattr(client, xform_name(name))(
            **{key: value for key, value in members.items() if key in known}
        )
        answer.pop("ResponseMetadata")
        self.seen |= shown(answer, name)
        return answer

    def page(self, name, **members):
        self.call(name, **members, Limit=1, MaxResults=1)
        self.call(name, **members)


HTTP = {
    kind: [{"Key": "k", "Value": "v", "IsValueSecret": False}]
    for kind in ("HeaderParameters", "QueryStringParameters", "BodyParameters")
}
LATTICE = {
    "ResourceParameters": {
        "ResourceConfigurationArn": "arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-"
        + "0" * 17
    }
}
QUEUE = {"Arn": "arn:aws:sqs:us-east-1:123456789012:q"}
ROLE = "arn:aws:iam::123456789012:role/r"
KINDS = {
    "EcsParameters": "ecs:us-east-1:123456789012:cluster/c",
    "KinesisParameters": "kinesis:us-east-1:123456789012:stream/s",
    "BatchParameters": "batch:us-east-1:123456789012:job-queue/q",
    "HttpParameters": "execute-api:us-east-1:123456789012:api/stage/GET/path",
    "RunCommandParameters": "ssm:us-east-1:123456789012:document/d",
    "RedshiftDataParameters": "redshift:us-east-1:123456789012:cluster:c",
    "SageMakerPipelineParameters": "sagemaker:us-east-1:123456789012:pipeline/p",
    "AppSyncParameters": "appsync:us-east-1:123456789012:endpoints/graphql-api/g",
    "SqsParameters": "sqs:us-east-1:123456789012:q.fifo",
}
WORDS = {
    "AssignPublicIp": "ENABLED",
    "Key": "InstanceIds",
    "LaunchType": "FARGATE",
    "PartitionKeyPath": "$.id",
    "PlacementConstraintType": "memberOf",
    "SecretManagerArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s",
    "Size": 2,
    "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t",
}
ONE_OR_THE_OTHER = (("Sql", "DbUser"), ("Sqls", "SecretManagerArn"))
OPTIONS = {
    "Description": "d",
    "KmsKeyIdentifier": "alias/k",
    "DeadLetterConfig": QUEUE,
    "LogConfig": {"IncludeDetail": "FULL", "Level": "TRACE"},
}
AUTHORISATIONS = {
    "BASIC": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
    "API_KEY": {"ApiKeyAuthParameters": {"ApiKeyName": "n", "ApiKeyValue": "v"}},
    "OAUTH_CLIENT_CREDENTIALS": {
        "OAuthParameters": {
            "ClientParameters": {"ClientID": "i", "ClientSecret": "s"},
            "AuthorizationEndpoint": "https://example.com/token",
            "HttpMethod": "POST",
            "OAuthHttpParameters": HTTP,
        }
    },
}


AUTHENTICATIONS = {
    "a": {
        "AuthType": "API_KEY",
        "CredentialProviderIdentifier": "arn:aws:secretsmanager:us-east-1:1:secret:s",
    },
    "b": {"AuthType": "CONNECT_JWT", "AudienceOverride": "https://a"},
}


def visit_buses(tour):
    for name in ("a", "b"):
        bus = tour.call("CreateEventBus", Name=name, **OPTIONS)["EventBusArn"]
        tour.call(
            "PutPermission", EventBusName=name, Action="events:PutEvents", Principal="*", StatementId="s"
        )
    tour.call("UpdateEventBus", Name="a", **OPTIONS)
    tour.call("DescribeEventBus", Name="a")
    tour.page("ListEventBuses")
    tour.call("TagResource", ResourceARN=bus, Tags=[{"Key": "k", "Value": "v"}])
    tour.call("ListTagsForResource", ResourceARN=bus)


def visit_rules(tour):
    pattern = '{"source": ["s"]}'
    for name in ("a", "b"):
        tour.call(
            "PutRule", Name=name, EventPattern=pattern, ScheduleExpression="rate(1 day)", Description="d",
            RoleArn=ROLE, State="ENABLED",
        )  # fmt: skip
    tour.backend.add_managed_rule("m", managed_by="states.amazonaws.com", event_pattern=pattern)
    tour.call("DescribeRule", Name="a")
    tour.call("DescribeRule", Name="m")
    tour.page("ListRules")
    for target in targets():
        tour.call("PutTargets", Rule="a", Targets=[target])
        tour.call("PutTargets", Rule="b", Targets=[target])
        tour.page("ListTargetsByRule", Rule="a")
        tour.page("ListRuleNamesByTarget", TargetArn=target["Arn"])
        tour.call("RemoveTargets", Rule="a", Ids=[target["Id"]])
        tour.call("PutTargets", Rule="a", Targets=[{"Id": "other", "Arn": QUEUE["Arn"]}])
    tour.call("PutEvents", Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}, {"Source": "s"}])
    event = '{"id": "", "detail-type": "", "source": "s", "account": "", "time": "2026-01-01T00:00:00Z", "region": ""}'
    tour.call("TestEventPattern", EventPattern=pattern, Event=event)


def targets():
    """Targets that have every member of a target between them."""
    basics = {
        "Id": "t",
        "DeadLetterConfig": QUEUE,
        "RetryPolicy": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 60},
    }
    shapes = MODEL.shape_for("Target").members
    for block in KINDS.keys() & shapes.keys():
        members = skeleton(shapes[block])
        for left_out in ONE_OR_THE_OTHER if "Sqls" in members else ((),):
            held = {name: value for name, value in members.items() if name not in left_out}
            yield {**basics, "Arn": f"arn:aws:{KINDS[block]}", "RoleArn": ROLE, block: held}
    for shaping in (
        {"Input": "{}"},
        {"InputPath": "$"},
        {"InputTransformer": {"InputPathsMap": {"v": "$.id"}, "InputTemplate": '"<v>"'}},
    ):
        yield {**basics, "Arn": QUEUE["Arn"], **shaping}


def visit_archives(tour):
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    for name in ("a", "b"):
        tour.call(
            "CreateArchive", ArchiveName=name, EventSourceArn=bus, Description="d", RetentionDays=1,
            EventPattern='{"source": ["s"]}', KmsKeyIdentifier="alias/k",
        )  # fmt: skip
        arn = tour.call("UpdateArchive", ArchiveName=name, Description="e")["ArchiveArn"]
        tour.call("PutEvents", Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}])
        tour.call(
            "StartReplay", ReplayName=name, Description="d", EventSourceArn=arn,
            EventStartTime=0, EventEndTime=2**32,
            Destination={"Arn": bus, "FilterArns": [bus.replace("event-bus/default", "rule/r")]},
        )  # fmt: skip
    tour.page("ListArchives")
    tour.call("DescribeArchive", ArchiveName="a")
    tour.call("CancelReplay", ReplayName="a")
    tour.call("DeleteArchive", ArchiveName="a")
    tour.backend.clock.advance(seconds=1)
    tour.page("ListReplays")
    tour.call("DescribeReplay", ReplayName="a")
    tour.call("DescribeReplay", ReplayName="b")
    tour.call("CreateArchive", ArchiveName="a", EventSourceArn=bus)
    tour.call(
        "StartReplay", ReplayName="c", EventSourceArn=arn.replace("/b", "/a"),
        EventStartTime=0, EventEndTime=1, Destination={"Arn": bus},
    )  # fmt: skip
    tour.call("RemoveTargets", Rule="Events-Archive-a", Ids=["Events-Archive-a"], Force=True)
    tour.call("DeleteRule", Name="Events-Archive-a", Force=True)
    tour.call("DescribeArchive", ArchiveName="a")
    tour.call("DeleteArchive", ArchiveName="a")
    tour.backend.clock.advance(seconds=1)
    tour.call("DescribeReplay", ReplayName="c")


def visit_connections(tour):
    for kind, parameters in AUTHORISATIONS.items():
        arn = tour.call(
            "CreateConnection", Name=kind, AuthorizationType=kind, Description="d", KmsKeyIdentifier="alias/k",
            InvocationConnectivityParameters=LATTICE,
            AuthParameters=given(
                "CreateConnection",
                {**parameters, "InvocationHttpParameters": HTTP, "ConnectivityParameters": LATTICE},
            ),
        )["ConnectionArn"]  # fmt: skip
        tour.call("UpdateConnection", Name=kind, Description="e")
        tour.call("DescribeConnection", Name=kind)
        tour.call(
            "CreateApiDestination", Name=kind, ConnectionArn=arn, InvocationEndpoint="https://example.com",
            HttpMethod="PUT", InvocationRateLimitPerSecond=1, Description="d",
        )  # fmt: skip
        tour.call("UpdateApiDestination", Name=kind, Description="e")
        tour.call("DescribeApiDestination", Name=kind)
    tour.page("ListConnections")
    tour.page("ListApiDestinations")
    tour.call("DeauthorizeConnection", Name="BASIC")
    tour.call("DeleteConnection", Name="API_KEY")


def given(operation, parameters):
    known = MODEL.operation_model(operation).input_shape.members["AuthParameters"].members
    return {name: value for name, value in parameters.items() if name in known}


def visit_endpoints(tour):
    tour.call("CreateEventBus", region="us-west-2", Name="a")
    check = {"HealthCheck": "arn:aws:route53:::healthcheck/h"}
    for name in ("a", "b"):
        tour.call(
            "CreateEndpoint", Name=name, Description="d", RoleArn=ROLE, ReplicationConfig={"State": "ENABLED"},
            RoutingConfig={"FailoverConfig": {"Primary": check, "Secondary": {"Route": "us-west-2"}}},
            EventBuses=[
                {"EventBusArn": f"arn:aws:events:{region}:123456789012:event-bus/a"}
                for region in ("us-east-1", "us-west-2")
            ],
        )  # fmt: skip
    tour.call("UpdateEndpoint", Name="a", Description="e")
    tour.call("DescribeEndpoint", Name="a")
    tour.page("ListEndpoints")


def visit_event_sources(tour):
    for name in ("aws.partner/p/a", "aws.partner/p/b"):
        for account in ("123456789012", "222222222222"):
            tour.call("CreatePartnerEventSource", Name=name, Account=account)
    tour.call("DescribePartnerEventSource", Name="aws.partner/p/a")
    tour.call("DescribeEventSource", Name="aws.partner/p/a")
    tour.page("ListPartnerEventSources", NamePrefix="aws.partner/p/")
    tour.page("ListPartnerEventSourceAccounts", EventSourceName="aws.partner/p/a")
    tour.page("ListEventSources")
    good = {"Source": "aws.partner/p/a", "DetailType": "t", "Detail": "{}"}
    tour.call("PutPartnerEvents", Entries=[good, good | {"Detail": "[]"}])


def visit_integrations(tour):
    helpers = tour.backend.appintegrations
    once = {"Description": "d", "Tags": {"k": "v"}, "ClientToken": "t"}
    fields = {"o": {"f": ["x"]}}
    schedule = {"ScheduleExpression": "rate(1 hour)", "FirstExecutionFrom": "0", "Object": "o"}
    execution = {
        "ExecutionMode": "ON_DEMAND",
        "OnDemandConfiguration": {"StartTime": "0", "EndTime": "1"},
        "ScheduleConfiguration": schedule,
    }
    status = {"ExecutionStatus": "FAILED", "StatusMessage": "m"}
    for name in ("a", "b"):
        tour.call(
            "CreateEventIntegration", Name=name, EventFilter={"Source": "aws.partner/p"}, EventBridgeBus="b",
            **once | {"ClientToken": name},
        )  # fmt: skip
        helpers.add_event_integration_association("a", client_id="c", rule="r", metadata={"k": "v"})
        tour.call(
            "CreateDataIntegration", Name=name, KmsKey="k", SourceURI="s3://b/a", ScheduleConfig=schedule,
            FileConfiguration={"Folders": ["f"], "Filters": {"t": ["x"]}}, ObjectConfiguration=fields,
            **once | {"ClientToken": name},
        )  # fmt: skip
        helpers.add_data_integration_association(
            "a",
            client_id="c",
            DestinationURI="s3://b/a",
            LastExecutionStatus=status,
            ExecutionConfiguration=execution,
        )
        arn = tour.call(
            "CreateApplication", Name=name, Namespace=name, Permissions=["p"], InitializationTimeout=1,
            ApplicationSourceConfig={
                "ExternalUrlConfig": {"AccessUrl": "https://a", "ApprovedOrigins": ["https://b"]}
            },
            Subscriptions=[{"Event": "a::b", "Description": "d"}],
            Publications=[{"Event": "a::b", "Schema": "{}", "Description": "d"}],
            ApplicationConfig={"ContactHandling": {"Scope": "PER_CONTACT"}},
            IframeConfig={"Allow": ["a"], "Sandbox": ["a"]}, IsService=True,
            AuthConfig=AUTHENTICATIONS[name],
            **once | {"ClientToken": name},
        )["Arn"]  # fmt: skip
        tour.call("GetApplication", Arn=arn)
        for _ in range(2):
            helpers.add_application_association(arn, client_id="c")
        tour.page("ListApplicationAssociations", ApplicationId=arn)
    for name in ("EventIntegrations", "DataIntegrations", "Applications"):
        tour.page(f"List{name}")
    tour.call("GetEventIntegration", Name="a")
    tour.page("ListEventIntegrationAssociations", EventIntegrationName="a")
    tour.call("GetDataIntegration", Identifier="a")
    tour.page("ListDataIntegrationAssociations", DataIntegrationIdentifier="a")
    tour.call("CreateDataIntegrationAssociation", DataIntegrationIdentifier="b")
    tour.call("ListTagsForResource", resourceArn=arn)


@pytest.fixture(scope="module")
def seen():
    """The members that answers show, by service."""
    from eventmock import mock_events

    tours = {}
    with mock_events(seed=0, start_time="2026-01-01T00:00:00Z") as backend:
        tour = tours["events"] = Tour(backend, "events")
        visit_buses(tour)
        visit_rules(tour)
        visit_archives(tour)
        visit_connections(tour)
        visit_endpoints(tour)
        visit_event_sources(tour)
        tour = tours["appintegrations"] = Tour(backend, "appintegrations")
        visit_integrations(tour)
    return {service: tour.seen for service, tour in tours.items()}


@pytest.mark.parametrize(
    ("service", "name"),
    [
        pytest.param(service, name, id=f"{service}.{name}")
        for service, model in MODELS.items()
        for name in model.operation_names
        if xform_name(name) not in PACKAGES[service].ABSENT
    ],
)
def test_every_member_of_an_answer_has_a_source(service, name, seen):
    shape = MODELS[service].operation_model(name).output_shape
    assert members_of(shape, name) - seen[service] - set(WITHOUT_SOURCE) == set()


def test_what_is_said_to_have_no_source_has_none(seen):
    assert set().union(*seen.values()) & set(WITHOUT_SOURCE) == set()
