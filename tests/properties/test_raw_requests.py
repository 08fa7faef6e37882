"""Whatever arrives, the answer is AWS's: a success, or a well-formed error that leaves everything as it was."""

from __future__ import annotations

import json
import re
import sys
from unittest.mock import patch
from urllib.parse import quote, urlencode

import pytest
from botocore.awsrequest import AWSPreparedRequest, HTTPHeaders
from botocore.endpoint import convert_to_response_dict
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from eventmock import mock_events
from eventmock.services.table import services
from eventmock.wire.cbor import decode, encode

ACCOUNT, OTHER_ACCOUNT = "123456789012", "222222222222"
REGION, OTHER_REGION = "us-east-1", "eu-west-1"
PATTERN = '{"source": ["shop"]}'
EVENT = json.dumps(dict.fromkeys(("id", "source", "detail-type", "account", "region"), "x"))[:-1] + (
    ', "time": "2026-01-01T00:00:00Z"}'
)
ARN = f"arn:aws:events:{REGION}:{ACCOUNT}:"
BUS, RULE = f"{ARN}event-bus/orders", f"{ARN}rule/paid"
QUEUE, ROLE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue", f"arn:aws:iam::{ACCOUNT}:role/r"
PARTNER = "aws.partner/example.com/a/b"
UUID = "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"
INTEGRATIONS = f"arn:aws:app-integrations:{REGION}:{ACCOUNT}:"
CRM, APPLICATION = f"{INTEGRATIONS}event-integration/crm", f"{INTEGRATIONS}application/{UUID}"
SCHEDULER = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:"
GROUP, SCHEDULE = f"{SCHEDULER}schedule-group/jobs", f"{SCHEDULER}schedule/jobs/nightly"
CUSTOM_BUS = f"{ARN}event-busv2/orders/{'a' * 25}"
SUBSCRIBER = f"{ARN}subscriber/ship/{'a' * 25}"
FEED = f"{ARN}event-sourcev2/aws.service/feed/{'a' * 25}"
HOOK = f"{ARN}event-sourcev2/webhook/hook/{'a' * 25}"
CBOR = "smithy-rpc-v2-cbor"
MEGABYTES = 10 * 1024 * 1024

MODELS = {
    service.name: ServiceModel(Loader().load_service_model(service.name, "service-2"), service.name)
    for service in services()
}
OPERATIONS = [(service, name) for service, model in MODELS.items() for name in model.operation_names]
HAS_WEBHOOKS = ("eventbridgev2", "RotateWebhookCredentials") in OPERATIONS
PLACES = {
    service: {
        (http["requestUri"], http["method"])
        for http in (model.operation_model(name).http for name in model.operation_names)
    }
    for service, model in MODELS.items()
}
"""The paths and methods of the operations, by service."""
READS = ("Describe", "Get", "List", "Test")
# Operations on the same things
FAMILIES = [
    [(service, name) for name in family.split() if (service, name) in OPERATIONS]
    for service, family in (
        ("events", "PutPermission PutPermission RemovePermission PutEvents"),
        ("events", "PutRule PutTargets PutTargets PutEvents RemoveTargets DeleteRule EnableRule DisableRule"),
        (
            "events",
            "CreateEventBus UpdateEventBus PutRule TagResource UntagResource DeleteRule DeleteEventBus",
        ),
        ("events", "CreateArchive UpdateArchive PutEvents StartReplay CancelReplay DeleteRule DeleteArchive"),
        (
            "events",
            "CreateConnection UpdateConnection DeauthorizeConnection UpdateApiDestination DeleteConnection",
        ),
        ("events", "CreateEndpoint UpdateEndpoint PutEvents DeleteEndpoint DeleteEventBus"),
        (
            "events",
            "CreatePartnerEventSource ActivateEventSource CreateEventBus PutPartnerEvents DeletePartnerEventSource",
        ),
        (
            "appintegrations",
            "CreateEventIntegration UpdateEventIntegration TagResource DeleteEventIntegration",
        ),
        (
            "appintegrations",
            "CreateDataIntegration CreateDataIntegrationAssociation UpdateDataIntegrationAssociation"
            " UpdateDataIntegration DeleteDataIntegration",
        ),
        (
            "appintegrations",
            "CreateApplication UpdateApplication TagResource UntagResource DeleteApplication",
        ),
        ("scheduler", "CreateSchedule UpdateSchedule UpdateSchedule DeleteSchedule"),
        (
            "scheduler",
            "CreateScheduleGroup TagResource CreateSchedule UntagResource DeleteScheduleGroup DeleteSchedule",
        ),
        (
            "eventbridgev2",
            "CreateEventBus CreateEventBus TagResource UpdateEventBus UntagResource DeleteEventBus DescribeEventBus",
        ),
        (
            "eventbridgev2",
            "CreateSubscriber UpdateSubscriber PutEvents PutRawEvents RevokeResource DeleteSubscriber DeleteEventBus",
        ),
        (
            "eventbridgev2",
            "CreateEventSource UpdateEventSource RotateWebhookCredentials RevokeResource DeleteEventSource"
            " DeleteEventBus",
        ),
        ("eventbridgev2", "PutResourcePolicy PutEvents PutResourcePolicy DeleteResourcePolicy PutEvents"),
    )
    if service in MODELS
]

some = settings(
    deadline=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
many = settings(some, max_examples=60)
every_operation = pytest.mark.parametrize(
    ("service", "name"), [pytest.param(*one, id=".".join(one)) for one in OPERATIONS]
)


# Values: what is there, what looks like what is wanted, and what nobody wants

TAKEN_BY = {
    "Action": ["events:PutEvents", "events:PutRule"],
    "ApiDestinationName": ["dest", "new"],
    "ArchiveArn": [f"{ARN}archive/kept", f"{ARN}archive/nope"],
    "ArchiveName": ["kept", "new"],
    "Arn": [BUS, RULE, f"{ARN}rule/orders/paid", f"{BUS}x", f"{ARN}event-bus/default", CRM, APPLICATION],
    "ArnOrUUID": [UUID, APPLICATION, f"{APPLICATION}:$LATEST"],
    "ConnectionName": ["con", "new"],
    "DestinationURI": ["s3://bucket/a"],
    "EndpointName": ["both", "new"],
    "EventBridgeBus": ["orders", PARTNER],
    "EventBusArn": [
        *(BUS, BUS.replace(REGION, OTHER_REGION), CUSTOM_BUS, CUSTOM_BUS.replace("orders", "other")),
        CUSTOM_BUS.replace(ACCOUNT, OTHER_ACCOUNT),
    ],
    "EventBusName": ["orders", "default", "nope"],
    "EventBusNameOrArn": ["orders", "default", BUS, "nope", BUS.replace(ACCOUNT, OTHER_ACCOUNT)],
    "EventSourceArn": [FEED, HOOK, FEED.replace("feed", "other")],
    "EventName": ["ns::opened", "ns::*"],
    "EventPattern": [PATTERN, '{"detail": {"a": [{"wildcard": "*a"}]}}', '{"a": [1'],
    "EventSourceName": [PARTNER, f"{PARTNER}/c"],
    "IdempotencyToken": ["t", "u"],
    "Identifier": ["files", UUID, "crm"],
    "Name": ["crm", "files", "nightly", "new"],
    "NonPartnerEventBusArn": [BUS, BUS.replace(REGION, OTHER_REGION)],
    "NonPartnerEventBusName": ["orders", "default", "nope"],
    "Principal": ["*", ACCOUNT],
    "ReplayName": ["replay", "new"],
    "RoleArn": [ROLE],
    "RuleName": ["paid", "many", "late", "nope"],
    "ScheduleExpression": ["rate(1 minute)", "cron(0 12 * * ? *)", "cron()", "at(2030-01-01T00:00:00)"],
    "ScheduleExpressionTimezone": ["UTC", "Europe/Berlin", "Europe/Berln"],
    "ScheduleGroupName": ["default", "jobs", "nope"],
    "ResourcePolicyArn": [CUSTOM_BUS, CUSTOM_BUS.replace(ACCOUNT, OTHER_ACCOUNT)],
    "RevocableResourceArn": [SUBSCRIBER, FEED, SUBSCRIBER.replace("ship", "other")],
    "Source": [PARTNER],
    "SourceURI": ["s3://bucket/a"],
    "StatementId": ["s", "t"],
    "SubscriberArn": [SUBSCRIBER, SUBSCRIBER.replace("ship", "other")],
    "SubscriberName": ["ship", "new"],
    "String": ["StringEquals", "aws:PrincipalOrgID", "o-0123456789", '{"Statement": [{"Sid": "s"}]}'],
    "TaggableResourceArn": [CUSTOM_BUS, SUBSCRIBER, FEED, SUBSCRIBER.replace("ship", "other")],
    "TagResourceArn": [GROUP, GROUP.replace("jobs", "default"), SCHEDULE],
    "TargetArn": [QUEUE, BUS, f"{QUEUE}.fifo", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g", "arn:"],
    "TargetId": ["q", "q0", "q1", "new"],
    "TargetInputPath": ["$.detail.a", "$", "a"],
    "TransformerInput": ['"<a>"', '{"a": <a>}', "<a>", "<aws.events.event.json>"],
}
PLAUSIBLE = [
    *("orders", "default", "paid", "s", "q", "k", "shop", "o-0123456789", "a b", "a" * 300, "-", "2", UUID),
    *(BUS, RULE, QUEUE, ROLE, PARTNER, "arn:", "arn:::::", f"{ARN}archive/kept", f"{ARN}replay/replay"),
    *(f"{ARN}connection/con/{UUID}", f"{ARN}api-destination/dest/{UUID}", f"{ARN}endpoint/both"),
    *("https://example.com/*", "events:PutEvents", "*", ACCOUNT, OTHER_ACCOUNT, OTHER_REGION),
    *(PATTERN, EVENT, "{}", "[]", "1", '{"Version": "2012-10-17", "Statement": [{"Sid": "s"}]}'),
    *("$.detail.a", "arn:aws:route53:::healthcheck/h"),
]
ODD_TEXTS = st.sampled_from(
    ["", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\udc80", "😀", "\u2028", "\r\nX: y", "%00", "${x}"]
) | st.text(st.characters(codec=None), max_size=8)
ODD_NUMBERS = (
    st.sampled_from([0, -1, 1, 11, 101, 2**31, 2**63, 10**30, -(10**30), 0.5, 1e300, 5e-324, 253402300800])
    | st.integers()
    | st.floats()
)


def nest(levels, opening="[", closing="]", core=""):
    return opening * levels + core + closing * levels


DEEP = {
    "arrays": nest,
    "objects": lambda levels: nest(levels, '{"a":', "}", "1"),
    "an object of arrays": lambda levels: '{"a":' + nest(levels - 1) + "}",
    "arrays that never close": lambda levels: "[" * levels,
    "objects that never close": lambda levels: '{"a":' * levels,
}
# JSON that Python's own writer has no words for, by the text that stands for it until it is written
RAW = {
    f"<<raw {number}>>": raw
    for number, raw in enumerate(
        [
            *("NaN", "Infinity", "-Infinity", "-0", "1e400", "-1e400", "1e-400", "9" * 400, "9" * 5000),
            *("-" + "9" * 5000, "01", "0x1", "tru", "+1", "1.", ".5", "", "\t", '"\t"', '"\\x"', "'a'", '"'),
            *("[1,]", '{"a":1,}', '{"a":1,"a":2}', '{"Name":"orders","Name":"default"}', "{1:2}"),
            *(deep(1_100) for deep in DEEP.values()),
        ]
    )
}
SCALARS = st.none() | st.booleans() | ODD_NUMBERS | ODD_TEXTS | st.sampled_from(PLAUSIBLE + list(RAW))
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.just("Name") | ODD_TEXTS, inner, max_size=4)
    ),
    max_leaves=8,
)
ENCODINGS = st.sampled_from(["ascii", "ascii", "ascii", "utf-8", "utf-16"])


def cbor_of(value, shape=None):
    """A value as a body in CBOR, with points in time where the shape has them, as far as there are any.

    A text that stands for raw JSON is written as the bytes of that, and an integer of more than 64 bits as a bignum.
    """
    if isinstance(value, dict):
        members = shape.members if shape is not None and shape.type_name == "structure" else {}
        inner = shape.value if shape is not None and shape.type_name == "map" else None
        items = [encode(key) + cbor_of(held, members.get(key, inner)) for key, held in value.items()]
        return b"\xbf" + b"".join(items) + b"\xff"
    if isinstance(value, list):
        inner = shape.member if shape is not None and shape.type_name == "list" else None
        return b"\x9f" + b"".join(cbor_of(held, inner) for held in value) + b"\xff"
    if isinstance(value, str) and value in RAW:
        return RAW[value].encode()
    if shape is not None and shape.type_name == "timestamp" and type(value) in {int, float}:
        return b"\xc1" + cbor_of(value)
    if isinstance(value, int) and value.bit_length() > 64:
        return b"\xc2" + encode(abs(value).to_bytes(value.bit_length()))
    return encode(value)


def written(value, encoding="ascii"):
    """A value as the bytes of a body."""
    text = json.dumps(value, ensure_ascii=encoding == "ascii")
    for stand_in, raw in RAW.items() if "<<raw" in text else ():
        text = text.replace(f'"{stand_in}"', raw)
    return text.encode(encoding, "surrogatepass" if encoding != "ascii" else "strict")


def speaks_cbor(service):
    return MODELS[service].metadata["protocol"] == CBOR


def in_protocol(operation, members, encoding="ascii"):
    """The members as the bytes of a body in the protocol of the operation's service."""
    service, name = operation
    if speaks_cbor(service):
        return cbor_of(members, MODELS[service].operation_model(name).input_shape)
    return written(members, encoding)


# Members: what the model says an operation takes, and in most draws something in it that is wrong


def fits(shape, text):
    wanted = shape.metadata
    return wanted.get("min", 0) <= len(text) <= wanted.get("max", len(text)) and (
        "pattern" not in wanted or re.fullmatch(re.sub(r"\\p\{.\}", "a-z", wanted["pattern"]), text)
    )


def values_of(shape):
    """Values of a shape, most of them such that the service reads on."""
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max", 1000)
    match shape.type_name:
        case "structure":
            members = {name: values_of(member) for name, member in shape.members.items()}
            optional = sorted(members.keys() - set(shape.required_members))
            chosen = st.sets(st.sampled_from(optional), max_size=3) if optional else st.just(set())
            return chosen.flatmap(
                lambda names: st.fixed_dictionaries(
                    {name: one for name, one in members.items() if name in names or name not in optional}
                )
            )
        case "list":
            return st.lists(values_of(shape.member), min_size=low, max_size=3)
        case "map":
            return st.dictionaries(values_of(shape.key), values_of(shape.value), max_size=3)
        case "string":
            fitting = (
                TAKEN_BY.get(shape.name) or shape.enum or [text for text in PLAUSIBLE if fits(shape, text)]
            )
            return st.sampled_from(fitting or PLAUSIBLE)
        case "integer" | "long" | "timestamp":
            return st.integers(low, high)
        case "boolean":
            return st.booleans()
        case "blob":
            return st.binary(max_size=8)
    raise AssertionError(f"nothing is known of {shape.type_name}")


def values_of_input(service, name):
    shape = MODELS[service].operation_model(name).input_shape
    return st.just({}) if shape is None else values_of(shape)


VALUES = {operation: values_of_input(*operation) for operation in OPERATIONS}


def places(value):
    """Every place inside a value, as the keys that lead there; the value itself first."""
    yield ()
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from ((key, *rest) for rest in places(value[key]))


def held(value, place):
    return held(value[place[0]], place[1:]) if place else value


def replaced(value, place, new):
    if not place:
        return new
    copy = value.copy()
    copy[place[0]] = replaced(value[place[0]], place[1:], new)
    return copy


REPLACING = {
    str: ODD_TEXTS | st.sampled_from(PLAUSIBLE) | JSON_VALUES,
    int: ODD_NUMBERS | JSON_VALUES,
}
"""What a value is replaced by: such as are like it, or any."""


@st.composite
def members_of(draw, operation):
    members = draw(VALUES[operation])
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 1, 2, 3]))):
        place = draw(st.sampled_from(list(places(members))))
        new = draw(REPLACING.get(type(held(members, place)), JSON_VALUES))
        members = replaced(members, place, new)
    return members


# Requests


def signature(account=ACCOUNT, region=REGION):
    return f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/events/aws4_request, SignedHeaders=host"


def request_for(service, name, members, *, encoding="ascii", signed=None):
    """A request as botocore prepares it, with the members in their places as far as they are members at all."""
    model = MODELS[service].operation_model(name)
    headers = HTTPHeaders()
    headers["Authorization"] = signed or signature()
    headers["Content-Type"] = "application/json"
    method, path, query = model.http["method"], model.http["requestUri"], []
    if speaks_cbor(service):
        headers.replace_header("Content-Type", "application/cbor")
        headers["smithy-protocol"] = "rpc-v2-cbor"
        path = f"/service/{MODELS[service].metadata['targetPrefix']}/operation/{name}"
    elif MODELS[service].metadata["protocol"] == "json":
        headers["X-Amz-Target"] = f"{MODELS[service].metadata['targetPrefix']}.{name}"
    elif isinstance(members, dict):
        path, query, members = spread(model, members)
    without_body = method in ("GET", "DELETE") and members == {}
    body = b"" if without_body else in_protocol((service, name), members, encoding)
    url = f"https://{MODELS[service].endpoint_prefix}.{REGION}.amazonaws.com{path}"
    if query:
        url += "?" + urlencode(query, errors="surrogatepass")
    return AWSPreparedRequest(method, url, headers, body, False)


def spread(model, members):
    """A REST request's path, query and members of the body."""
    path, query, rest = model.http["requestUri"], [], dict(members)
    for name, shape in model.input_shape.members.items() if model.input_shape else ():
        location, wire_name = shape.serialization.get("location"), shape.serialization.get("name", name)
        if location is None or name not in rest:
            continue
        value = rest.pop(name)
        texts = [
            one if isinstance(one, str) else json.dumps(one)
            for one in (value if isinstance(value, list) else [value])
        ]
        if location == "uri":
            path = path.replace(f"{{{wire_name}}}", quote("".join(texts), safe="", errors="surrogatepass"))
        else:
            assert location == "querystring", location
            query += [(wire_name, RAW.get(text, text)) for text in texts]
    return path, query, rest


def with_body(operation, body):
    request = request_for(*operation, {})
    request.body = body
    return request


# The mock, and how it is asked

TARGETS = [{"Id": f"q{number}", "Arn": QUEUE, "Input": "{}"} for number in range(4)]
SHAPED = {"InputPathsMap": {"a": "$.detail.a"}, "InputTemplate": '{"a": <a>}'}
TAGS = [{"Key": "k", "Value": "v"}]
FAILOVER = {
    "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/h"},
    "Secondary": {"Route": OTHER_REGION},
}
# What is looked at, in another account and region too, and at home
SEEN = {
    "events": [
        ("ListEventBuses", {}),
        ("ListRules", {"EventBusName": "orders"}),
        ("ListTargetsByRule", {"Rule": "paid", "EventBusName": "orders"}),
    ],
    "appintegrations": [
        *(("ListEventIntegrations", {}), ("ListDataIntegrations", {}), ("ListApplications", {})),
    ],
    "scheduler": [("ListSchedules", {}), ("ListScheduleGroups", {})],
    "eventbridgev2": [("ListEventBuses", {}), ("ListSubscribers", {}), ("ListEventSources", {})],
}
EVENTS_AT_HOME = [
    *(
        (name, {})
        for service, name in OPERATIONS
        if (service, name.startswith("List")) == ("events", True)
        and not MODELS[service].operation_model(name).input_shape.required_members
    ),
    *(("DescribeEventBus", {"Name": bus}) for bus in ("default", "orders")),
    *(("ListTagsForResource", {"ResourceARN": arn}) for arn in (BUS, RULE)),
    *(("ListTargetsByRule", {"Rule": rule}) for rule in ("paid", "many")),
    *(("DescribeArchive", {"ArchiveName": "kept"}), ("DescribeReplay", {"ReplayName": "replay"})),
    *(("DescribeConnection", {"Name": "con"}), ("DescribeApiDestination", {"Name": "dest"})),
    *(("DescribeEndpoint", {"Name": "both"}), ("DescribeEventSource", {"Name": PARTNER})),
    ("ListTargetsByRule", {"Rule": "Events-Archive-kept", "EventBusName": "orders"}),
]
SEEN_AT_HOME = {
    "events": EVENTS_AT_HOME,
    "appintegrations": [
        *(("GetEventIntegration", {"Name": "crm"}), ("GetDataIntegration", {"Identifier": "files"})),
        ("GetApplication", {"Arn": UUID}),
        ("ListEventIntegrationAssociations", {"EventIntegrationName": "crm"}),
        ("ListDataIntegrationAssociations", {"DataIntegrationIdentifier": "files"}),
        ("ListTagsForResource", {"resourceArn": APPLICATION}),
    ],
    "scheduler": [
        ("GetSchedule", {"Name": "nightly", "GroupName": "jobs"}),
        ("GetScheduleGroup", {"Name": "jobs"}),
        ("ListTagsForResource", {"ResourceArn": GROUP}),
    ],
    "eventbridgev2": [
        ("DescribeEventBus", {"EventBusArn": CUSTOM_BUS}),
        ("DescribeSubscriber", {"SubscriberArn": SUBSCRIBER}),
        *(
            ("DescribeEventSource", {"EventSourceArn": arn})
            for arn in (FEED, *([HOOK] if HAS_WEBHOOKS else []))
        ),
        ("GetResourcePolicy", {"ResourceArn": CUSTOM_BUS}),
        *(("ListTagsForResource", {"ResourceArn": arn}) for arn in (CUSTOM_BUS, SUBSCRIBER, FEED)),
    ],
}


BY_TOKEN = {"StaticTokenAuthConfiguration": {"TokenHttpHeader": "X-Token"}}
ONE_ACCOUNT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
            "Action": "events:PutEvents",
            "Resource": CUSTOM_BUS,
        }
    ],
}


def entry(detail):
    return {"Source": "shop", "DetailType": "order", "Detail": detail}


def target(**members):
    return "PutTargets", {"Rule": "paid", "Targets": [{"Id": "new", "Arn": QUEUE, **members}]}


def seed(backend):
    """Something of everything, so that there is something to break."""
    client = backend.client()
    client.create_event_bus(Name="orders", Tags=TAGS)
    client.put_rule(Name="paid", EventPattern=PATTERN, RoleArn=ROLE, Tags=TAGS)
    client.put_rule(Name="late", ScheduleExpression="rate(1 day)", State="DISABLED", Description="d")
    client.put_rule(Name="many", EventPattern='{"detail": {"a": [{"prefix": "a"}]}}')
    client.put_targets(Rule="many", Targets=[*TARGETS, {"Id": "q", "Arn": QUEUE, "InputTransformer": SHAPED}])
    client.put_targets(Rule="paid", Targets=[{"Id": "q", "Arn": BUS, "RoleArn": ROLE}])
    backend.target("paid", lambda event: event["detail"])
    for bus in ("default", "orders"):
        client.put_permission(EventBusName=bus, Action="events:PutEvents", Principal="*", StatementId="s")
    archive = client.create_archive(ArchiveName="kept", EventSourceArn=BUS)["ArchiveArn"]
    client.start_replay(
        ReplayName="replay",
        EventSourceArn=archive,
        EventStartTime=0,
        EventEndTime=1,
        Destination={"Arn": BUS},
    )
    connection = client.create_connection(
        Name="con",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}},
    )["ConnectionArn"]
    client.create_api_destination(
        Name="dest", ConnectionArn=connection, InvocationEndpoint="https://example.com/*", HttpMethod="POST"
    )
    client.create_partner_event_source(Name=PARTNER, Account=ACCOUNT)
    backend.client(region=OTHER_REGION).create_event_bus(Name="orders")
    client.create_endpoint(
        Name="both",
        RoutingConfig={"FailoverConfig": FAILOVER},
        ReplicationConfig={"State": "DISABLED"},
        EventBuses=[{"EventBusArn": BUS}, {"EventBusArn": BUS.replace(REGION, OTHER_REGION)}],
    )
    abroad = backend.client(account=OTHER_ACCOUNT, region=OTHER_REGION)
    abroad.create_event_bus(Name="orders", Tags=TAGS)
    for caller in (client, abroad):
        caller.put_rule(Name="paid", EventBusName="orders", EventPattern=PATTERN)
        caller.put_targets(Rule="paid", EventBusName="orders", Targets=[{"Id": "q", "Arn": QUEUE}])
    client.put_events(Entries=[entry('{"a": "a"}')])
    seed_integrations(backend)
    seed_schedules(backend)
    if "eventbridgev2" in MODELS:
        seed_custom_buses(backend)


def seed_custom_buses(backend):
    with patch.object(backend.state.identifiers, "text", return_value="a" * 25):
        for elsewhere in ({}, {"account": OTHER_ACCOUNT, "region": OTHER_REGION}):
            client = backend.client("eventbridgev2", **elsewhere)
            client.create_event_bus(Name="orders", Description="d", Tags={"k": "v"}, ClientToken="t")
            client.list_event_buses()
        client = backend.client("eventbridgev2")
        client.create_subscriber(
            Name="ship",
            EventBusArn=CUSTOM_BUS,
            Type="FIFO",
            InvokeConfiguration={"TargetArn": QUEUE, "RoleArn": ROLE},
            FilterConfiguration={"Filters": [{"Scope": "DATA", "Pattern": PATTERN}]},
            Tags={"k": "v"},
        )
        for name, configuration in (
            ("feed", {"AwsServiceEventsConfiguration": {"AwsService": "aws.s3"}}),
            ("hook", {"WebhookEventsConfiguration": {"RoleArn": ROLE, "AuthConfiguration": BY_TOKEN}}),
        ):
            if "WebhookEventsConfiguration" in configuration and not HAS_WEBHOOKS:
                continue
            client.create_event_source(Name=name, EventBusArn=CUSTOM_BUS, Configuration=configuration)
    client.put_resource_policy(ResourceArn=CUSTOM_BUS, PolicyDocument=json.dumps(ONE_ACCOUNT))
    client.put_events(EventBusArn=CUSTOM_BUS, Entries=[entry('{"a": "a"}')])


def seed_integrations(backend):
    client = backend.client("appintegrations")
    client.create_event_integration(Name="crm", EventFilter={"Source": PARTNER}, EventBridgeBus="orders")
    with patch.object(backend.state.identifiers, "uuid", return_value=UUID):
        client.create_data_integration(Name="files", KmsKey="k", SourceURI="s3://bucket/a")
        client.create_application(Name="a b", Namespace="notes", ApplicationSourceConfig={}, Tags={"k": "v"})
        helpers = backend.appintegrations
        helpers.add_event_integration_association("crm", client_id="c", rule="paid")
        helpers.add_data_integration_association("files", client_id="c")
        helpers.add_application_association(UUID, client_id="c")


def seed_schedules(backend):
    client = backend.client("scheduler")
    client.create_schedule_group(Name="jobs", Tags=TAGS)
    for group, expression in (("jobs", "cron(30 2 * * ? *)"), ("default", "rate(1 day)")):
        client.create_schedule(
            Name="nightly",
            GroupName=group,
            ScheduleExpression=expression,
            ScheduleExpressionTimezone="Europe/Berlin",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": QUEUE, "RoleArn": ROLE, "Input": "{}"},
        )


class Mocked:
    """The mock, seeded: asked for something, then looked at."""

    def __init__(self, backend):
        seed(backend)
        self.backend = backend
        self.endpoints = {service: backend.client(service)._endpoint for service in MODELS}
        self.seeded = backend.snapshot()
        self.put = list(backend.events)
        abroad = signature(OTHER_ACCOUNT, OTHER_REGION)
        self.looks = {
            service: [
                *(request_for(service, *one) for one in SEEN[service] + SEEN_AT_HOME[service]),
                *(request_for(service, *one, signed=abroad) for one in SEEN[service]),
            ]
            for service in MODELS
        }
        self.views = {service: self.look(service) for service in MODELS}
        assert self.put
        assert not [content for view in self.views.values() for status, content in view if status != 200]

    def look(self, service):
        """What is to be seen of a service."""
        answers = [self.endpoints[service]._send(look) for look in self.looks[service]]
        assert {answer.status_code for answer in answers} <= {200, 400, 404}
        return [(answer.status_code, answer.content) for answer in answers]

    def ask(self, service, request, operation=""):
        """Send a request to the seeded mock, check the answer and what became of the mock, give the answer."""
        return self.ask_in_turn(service, [(operation, request)])

    def ask_in_turn(self, service, requests):
        """Send requests to the seeded mock, check as for one after each, give the last answer."""
        self.backend.restore(self.seeded)
        view, put = self.views[service], self.put
        for operation, request in requests:
            answer = self.endpoints[service]._send(request)
            check_form(service, answer)
            before, view = (view, put), self.look(service)
            put = list(self.backend.events)
            if answer.status_code >= 400 or operation.startswith(READS):
                assert (view, put) == before
        self.backend.report()
        return answer

    def refused(self, service, request):
        """Send a request that must be refused, and give the error's code."""
        answer = self.ask(service, request)
        assert answer.status_code >= 400
        return code_of(answer)


def code_of(answer):
    """The error code of an answer."""
    if answer.headers["Content-Type"] == "application/cbor":
        return decode(answer.content)["__type"].rpartition("#")[2]
    return answer.headers["x-amzn-ErrorType"].partition(":")[0]


def check_form(service, answer):
    """See that an answer is one of the service's protocol, and that botocore reads it as what it is."""
    model = MODELS[service]
    protocol = model.metadata["protocol"]
    response = convert_to_response_dict(answer, model.operation_model(model.operation_names[0]))
    shape = (
        model.shape_for("TagResourceResponse") if protocol == CBOR else None
    )  # without one, only JSON has metadata
    parsed = create_parser(protocol).parse(response, shape)
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["x-amzn-RequestId"] == parsed["ResponseMetadata"]["RequestId"]
    body = decode(answer.content) if protocol == CBOR else json.loads(answer.content or b"{}")
    assert isinstance(body, dict)
    if 200 <= answer.status_code < 300:
        assert "Error" not in parsed
        return
    code = body["__type"] if protocol == "json" else code_of(answer)
    message = body["message" if protocol == "json" else "Message"]
    assert isinstance(code, str)
    assert code
    assert isinstance(message, str)
    assert parsed["Error"]["Code"] == code
    assert 400 <= answer.status_code < 500 or (answer.status_code, code) in {
        (500, "InternalFailure"),
        (501, "NotBuiltInEventmock"),
    }


@pytest.fixture(scope="module")
def mocked():
    with mock_events(
        isolated=True, account=ACCOUNT, region=REGION, start_time="2026-01-01T00:00:00Z"
    ) as backend:
        yield Mocked(backend)


@every_operation
@some
@given(st.data())
def test_wrong_members_are_refused(mocked, service, name, data):
    members, encoding = data.draw(members_of((service, name))), data.draw(ENCODINGS)
    mocked.ask(service, request_for(service, name, members, encoding=encoding), name)


@many
@given(
    st.sampled_from(FAMILIES).flatmap(
        lambda family: st.lists(st.sampled_from(family), min_size=2, max_size=5)
    ),
    st.data(),
)
def test_what_one_request_leaves_no_other_stumbles_over(mocked, operations, data):
    requests = [
        (name, request_for(service, name, data.draw(members_of((service, name)))))
        for service, name in operations
    ]
    mocked.ask_in_turn(operations[0][0], requests)


@pytest.mark.parametrize(
    "statements", ['["x"]', "[1]", '"x"', "[[]]", "null", "{}", "[]", '[{"Sid": ["s"]}]', '[{"Sid": null}]']
)
def test_a_policy_of_odd_statements_is_no_stumbling_block(mocked, statements):
    put = ("PutPermission", {"Policy": f'{{"Statement": {statements}}}'})
    add = ("PutPermission", {"Action": "events:PutEvents", "Principal": "*", "StatementId": "t"})
    remove = ("RemovePermission", {"StatementId": "t"})
    entries = ("PutEvents", {"Entries": [entry("{}") | {"EventBusName": BUS.replace("orders", "default")}]})
    for after in (add, remove, entries):
        requests = [(name, request_for("events", name, members)) for name, members in (put, after)]
        mocked.ask_in_turn("events", requests)


LISTS = {
    "PutTargets": ({"Rule": "paid"}, "Targets", {"Id": "new", "Arn": QUEUE}),
    "PutEvents": ({}, "Entries", {"Source": "shop", "DetailType": "order", "Detail": "{}"}),
    "TagResource": ({"ResourceARN": BUS}, "Tags", {"Key": "new", "Value": "v"}),
}


@pytest.mark.parametrize("name", LISTS)
@many
@given(st.data())
def test_a_wrong_item_behind_a_good_one_spoils_both(mocked, name, data):
    others, member, good = LISTS[name]
    place = data.draw(st.sampled_from([(), *((key,) for key in good)]))
    other = good | {next(iter(good)): "other"}
    wrong = replaced(other, place, data.draw(JSON_VALUES | ODD_TEXTS | st.sampled_from(PLAUSIBLE)))
    mocked.ask("events", request_for("events", name, {**others, member: [good, wrong]}))


NUMBERS = {
    "a page": lambda number: ("ListRules", {"Limit": number}),
    "the time of an event": lambda number: ("PutEvents", {"Entries": [entry("{}") | {"Time": number}]}),
    "attempts": lambda number: target(RetryPolicy={"MaximumRetryAttempts": number}),
    "days": lambda number: ("UpdateArchive", {"ArchiveName": "kept", "RetentionDays": number}),
    "a rate": lambda number: (
        "UpdateApiDestination",
        {"Name": "dest", "InvocationRateLimitPerSecond": number},
    ),
    "the end of a replay": lambda number: (
        "StartReplay",
        {
            "ReplayName": "new",
            "EventSourceArn": f"{ARN}archive/kept",
            "EventStartTime": 0,
            "EventEndTime": number,
            "Destination": {"Arn": BUS},
        },
    ),
}


@pytest.mark.parametrize("place", NUMBERS)
def test_any_number_is_answered(mocked, place):
    finite = [0, -1, 1, 0.5, -0.0, 1e18, 1e308, 253402300800, -62135596801, 2**31, 2**63, 10**400, True, "1"]
    for number in [*finite, *RAW]:
        name, members = NUMBERS[place](number)
        mocked.ask("events", request_for("events", name, members), name)


@many
@given(st.sampled_from(OPERATIONS), st.binary(max_size=60) | ODD_TEXTS | st.none())
def test_any_body_is_answered(mocked, operation, body):
    mocked.ask(operation[0], with_body(operation, body), operation[1])


@many
@given(st.sampled_from(OPERATIONS), JSON_VALUES, ENCODINGS)
def test_any_json_is_answered(mocked, operation, value, encoding):
    mocked.ask(operation[0], with_body(operation, written(value, encoding)), operation[1])


@many
@given(st.sampled_from(OPERATIONS), st.data())
def test_members_may_be_given_twice(mocked, operation, data):
    first, second = (in_protocol(operation, data.draw(members_of(operation))) for _ in range(2))
    between = b"" if speaks_cbor(operation[0]) else b","
    mocked.ask(operation[0], with_body(operation, first[:-1] + between + second[1:]), operation[1])


@pytest.mark.skipif("eventbridgev2" not in MODELS, reason="this botocore has no eventbridgev2")
@many
@given(st.data(), st.integers(0, 400), st.binary(max_size=3))
def test_any_bytes_in_cbor_are_answered(mocked, data, at, new):
    name = data.draw(st.sampled_from(MODELS["eventbridgev2"].operation_names))
    request = request_for("eventbridgev2", name, data.draw(VALUES["eventbridgev2", name]))
    request.body = request.body[:at] + new + request.body[at + len(new) :]
    mocked.ask("eventbridgev2", request, name)


@every_operation
def test_headers_may_be_missing(mocked, service, name):
    for left_out in (["Authorization", "Content-Type"], ["X-Amz-Target"], ["smithy-protocol"]):
        request = request_for(service, name, {})
        for header in left_out:
            del request.headers[header]
        mocked.ask(service, request, name)


HEADER_NAMES = st.sampled_from(
    [
        *(
            "X-Amz-Target",
            "x-amz-target",
            "Authorization",
            "Content-Type",
            "Content-Length",
            "Content-Encoding",
        ),
        *("X-Moto-Account-Id", "X-Amz-Date", "X-Amzn-Trace-Id", "Host", "Transfer-Encoding"),
    ]
)
HEADER_VALUES = st.sampled_from(
    [
        *("AWSEvents.ListRules", b"AWSEvents.PutRule", "AWSEvents.", "AWSEvents.ListRules ", "a" * 100_000),
        *("gzip", "-1", "9" * 5000, "AWS4-HMAC-SHA256", "Bearer x", OTHER_ACCOUNT, OTHER_ACCOUNT.encode()),
        *(signature("x" * 300, "-" * 300), signature("\ud800"), signature("a/b/c", "nowhere")),
        signature(OTHER_ACCOUNT, OTHER_REGION).encode(),
    ]
)


@many
@given(
    st.sampled_from(OPERATIONS),
    st.lists(
        st.tuples(HEADER_NAMES, HEADER_VALUES | ODD_TEXTS | st.binary(max_size=20), st.booleans()), max_size=3
    ),
    st.data(),
)
def test_any_headers_are_answered(mocked, operation, headers, data):
    request = request_for(*operation, data.draw(members_of(operation)))
    for name, value, alone in headers:
        if alone:
            del request.headers[name]
        request.headers[name] = value
    mocked.ask(operation[0], request)


def test_headers_are_read_the_same_as_bytes_and_as_text(mocked):
    as_text, as_bytes = (request_for("events", "DescribeRule", {"Name": "paid"}) for _ in range(2))
    for name, value in as_text.headers.items():
        as_bytes.headers.replace_header(name, value.encode())
    answer = mocked.ask("events", as_bytes)
    assert json.loads(answer.content)["Name"] == "paid"
    assert answer.content == mocked.ask("events", as_text).content


@many
@given(
    st.sampled_from(["PUT", "HEAD", "OPTIONS", "post", "Get", "PO ST"]) | ODD_TEXTS,
    st.sampled_from(OPERATIONS),
)
def test_an_unknown_method_is_refused(mocked, method, operation):
    request = request_for(*operation, {})
    path = MODELS[operation[0]].operation_model(operation[1]).http["requestUri"]
    assume((path, method) not in PLACES[operation[0]])
    request.method = method
    assert mocked.refused(operation[0], request) == "UnknownOperationException"


@pytest.mark.parametrize(
    "target",
    [
        *("AWSEvents.NoSuchOperation", "AWSEvents.", "AWSEvents", "", ".", "PutRule", "AWSEvents/PutRule"),
        *("AWSEvents.PutRule.", "AWSEvents.AWSEvents.PutRule", "awsevents.PutRule", "AWSEvents.putrule"),
        *("AWSEvents.put_rule", "AWSEvents.__class__", " AWSEvents.PutRule", "AmazonEventBridge.PutRule"),
        *("DynamoDB_20120810.PutItem", "AWSEvents.\0", "AWSEvents.\ud800", b"AWSEvents.\xff\xfe"),
    ],
    ids=ascii,
)
def test_an_unknown_operation_is_refused(mocked, target):
    request = request_for("events", "PutRule", {"Name": "new", "EventPattern": PATTERN})
    request.headers.replace_header("X-Amz-Target", target)
    assert mocked.refused("events", request) == "UnknownOperationException"


URL_PARTS = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "//",
            "",
            ":",
            "events.us-east-1.amazonaws.com",
            "[",
            "[::1",
            "[broken]",
            "a:b@",
        ),
        *(
            "/",
            "/applications",
            "/eventIntegrations/",
            "/schedules/",
            "/schedule-groups/",
            "/tags/",
            "/service/AWSEventsV2/operation/",
            "%",
            "%ff",
            "%00",
            "..",
            "?",
            "&",
            "=",
            "#",
            ";",
        ),
        *(
            "maxResults=",
            "MaxResults=",
            "ScheduleGroup=",
            "nextToken=",
            "tagKeys=a",
            "9" * 5000,
            "-1",
            "1e3",
            "\u0663",
            "\ud800",
            "😀",
            "a" * 10_000,
        ),
        *(":99999", ":x", "\n", "\0", "\\", " ", quote(BUS, safe="")),
    ]
)
URLS = st.lists(URL_PARTS, max_size=8).map("".join)


@pytest.mark.parametrize("service", MODELS)
@many
@given(URLS, st.sampled_from(["GET", "POST", "DELETE", "PATCH"]))
def test_any_url_is_answered(mocked, service, url, method):
    request = with_body((service, MODELS[service].operation_names[0]), b"{}")
    request.url, request.method = url, method
    mocked.ask(service, request)


@many
@given(st.sampled_from(OPERATIONS), URLS, st.data())
def test_any_end_of_an_url_is_answered(mocked, operation, rest, data):
    request = request_for(*operation, data.draw(VALUES[operation]))
    request.url += rest
    mocked.ask(operation[0], request, operation[1])


@pytest.mark.parametrize(
    "number", ["9" * 5000, "-" + "9" * 5000, "1e400", "\u0663", "1_0", " 1", ""], ids=range(7)
)
def test_any_number_in_a_query_is_answered(mocked, number):
    for service, name in OPERATIONS:
        shape = MODELS[service].operation_model(name).input_shape
        if shape is not None and "MaxResults" in shape.members:
            members = {**dict.fromkeys(shape.required_members, "n"), "MaxResults": number}
            mocked.ask(service, request_for(service, name, members), name)


def test_a_bent_token_is_refused(mocked):
    first = mocked.ask("events", request_for("events", "ListRules", {"Limit": 1}))
    token = json.loads(first.content)["NextToken"]
    for at in range(0, len(token), 5):
        for bent in (token[:at], token[:at] + "\0" + token[at:], token[:at] + "-" + token[at + 1 :]):
            if bent != token:
                assert mocked.refused("events", request_for("events", "ListRules", {"NextToken": bent}))


# Where JSON stands in a request as a text


TEXTS = {
    "pattern": lambda text: ("PutRule", {"Name": "new", "EventPattern": text}),
    "pattern's member": lambda text: ("PutRule", {"Name": "new", "EventPattern": f'{{"a": {text}}}'}),
    "pattern to test": lambda text: ("TestEventPattern", {"EventPattern": text, "Event": EVENT}),
    "event": lambda text: ("TestEventPattern", {"EventPattern": PATTERN, "Event": text}),
    "event's detail": lambda text: (
        "TestEventPattern",
        {"EventPattern": PATTERN, "Event": f'{EVENT[:-1]}, "detail": {text}}}'},
    ),
    "detail": lambda text: ("PutEvents", {"Entries": [entry(text)]}),
    "detail's member": lambda text: ("PutEvents", {"Entries": [entry(f'{{"a": {text}}}')]}),
    "policy": lambda text: ("PutPermission", {"Policy": text}),
    "statement": lambda text: ("PutPermission", {"Policy": f'{{"Statement": [{text}]}}'}),
    "input": lambda text: target(Input=text),
    "template": lambda text: target(InputTransformer={"InputPathsMap": {"a": "$.a"}, "InputTemplate": text}),
    "archive's pattern": lambda text: (
        "CreateArchive",
        {"ArchiveName": "new", "EventSourceArn": BUS, "EventPattern": text},
    ),
}
REST_BODY = ("appintegrations", "CreateEventIntegration")


class TestDeep:
    """Python's own reader of JSON gives up at some depth, which is another one wherever it is called."""

    @pytest.fixture(params=[None, 20_000], ids=["usual stack", "high stack"], autouse=True)
    def _stack(self, request):
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(request.param or usual)
        yield
        sys.setrecursionlimit(usual)

    @pytest.mark.parametrize("levels", [900, 1_100, 100_000])
    @pytest.mark.parametrize("kind", DEEP)
    def test_a_body_is_refused(self, mocked, kind, levels):
        body = DEEP[kind](levels).encode()
        for operation in (("events", "PutRule"), REST_BODY):
            mocked.refused(operation[0], with_body(operation, body))

    @pytest.mark.parametrize("levels", [900, 1_100, 100_000])
    @pytest.mark.parametrize("kind", DEEP)
    @pytest.mark.parametrize(
        ("name", "member"), [("PutRule", "Tags"), ("PutTargets", "Targets"), ("ListRules", "New")]
    )
    def test_a_member_is_answered(self, mocked, name, member, kind, levels):
        body = f'{{"Name": "n", "{member}": {DEEP[kind](levels)}}}'.encode()
        mocked.ask("events", with_body(("events", name), body), name)

    @pytest.mark.parametrize("levels", [999, 1_000, 1_100, 100_000])
    @pytest.mark.parametrize("place", TEXTS)
    def test_a_text_is_answered(self, mocked, place, levels):
        for deep in DEEP.values():
            name, members = TEXTS[place](deep(levels))
            mocked.ask("events", request_for("events", name, members), name)


class TestTenMegabytes:
    @pytest.mark.parametrize("place", ["pattern", "event", "detail", "policy", "template"])
    def test_a_text_is_refused(self, mocked, place):
        name, members = TEXTS[place]("a" * MEGABYTES)
        answer = mocked.ask("events", request_for("events", name, members), name)
        assert answer.status_code == 400 or json.loads(answer.content)["FailedEntryCount"] == 1

    def test_many_entries_are_refused(self, mocked):
        entries = [entry("{}")] * (MEGABYTES // len(json.dumps(entry("{}"))))
        assert (
            mocked.refused("events", request_for("events", "PutEvents", {"Entries": entries}))
            == "ValidationException"
        )

    @pytest.mark.parametrize("garbage", [b"\xff", b"a", b"[", b"\0", b"9"], ids=str)
    def test_garbage_is_refused(self, mocked, garbage):
        for operation in (("events", "PutRule"), REST_BODY):
            code = mocked.refused(operation[0], with_body(operation, garbage * MEGABYTES))
            assert code == "SerializationException"
