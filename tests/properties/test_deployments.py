"""Properties of deployments: they equal the calls that a client makes, and a second one equals a first one."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import TemplateError, mock_events

ACCOUNT, REGION = "123456789012", "us-east-1"
BUSES = ("orders", "invoices")


def arn(service, resource):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


patterns = st.fixed_dictionaries(
    {"source": st.lists(st.sampled_from(["shop", "till", "stock"]), min_size=1, max_size=2, unique=True)},
    optional={
        "detail": st.fixed_dictionaries(
            {"total": st.lists(st.integers(-5, 5) | st.just({"numeric": [">", 3]}), min_size=1, max_size=2)}
        )
    },
)
tags = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), max_size=2).map(
    lambda given: [{"Key": key, "Value": value} for key, value in given.items()]
)
targets = st.lists(
    st.fixed_dictionaries(
        {"Id": st.sampled_from(["a", "b", "c", "d"]), "Arn": st.just({"Fn::GetAtt": ["Queue", "Arn"]})},
        optional={
            "InputPath": st.just("$.detail"),
            "RetryPolicy": st.fixed_dictionaries({"MaximumRetryAttempts": st.integers(0, 3)}),
        },
    ),
    max_size=4,
    unique_by=lambda target: target["Id"],
)


options_of_bus = st.fixed_dictionaries(
    {},
    optional={
        "Tags": tags,
        "Description": st.sampled_from(["one", "two"]),
        "DeadLetterConfig": st.just({"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}),
        "LogConfig": st.sampled_from([{"Level": "ERROR"}, {"Level": "INFO", "IncludeDetail": "FULL"}]),
    },
)
EVERY_EVENT = {"source": [{"prefix": ""}]}
"""The pattern of an archive that loses its own: a pattern cannot be removed by the API."""


@st.composite
def rules(draw, buses, logical_id):
    properties = {}
    bus = draw(st.sampled_from([None, *buses]))
    if bus is not None:
        properties["EventBusName"] = {"Ref": bus}
    if bus is None and draw(st.booleans()):
        properties["ScheduleExpression"] = draw(st.sampled_from(["rate(5 minutes)", "cron(0 9 ? * MON *)"]))
    else:
        properties["EventPattern"] = draw(patterns)
    if draw(st.booleans()):
        properties["State"] = draw(st.sampled_from(["ENABLED", "DISABLED"]))
    if draw(st.booleans()):
        properties["Description"] = draw(st.sampled_from(["one", "two"]))
    if draw(st.booleans()):
        properties["Name"] = logical_id.lower()
    if draw(st.booleans()):
        properties["Tags"] = draw(tags)
    properties["Targets"] = draw(targets)
    return properties


@st.composite
def templates(draw):
    """Templates with the same few logical IDs, so that any two of them are an edit of one another."""
    resources = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}}

    def add(logical_id, type_name, properties):
        resources[logical_id] = {"Type": f"AWS::Events::{type_name}", "Properties": properties}

    buses = [name for name in ("Bus0", "Bus1") if draw(st.booleans())]
    for number, name in enumerate(buses):
        add(name, "EventBus", {"Name": BUSES[number if name == "Bus0" else 1], **draw(options_of_bus)})
    for name in ("Rule0", "Rule1", "Rule2"):
        if draw(st.booleans()):
            add(name, "Rule", draw(rules(buses, name)))
    if buses:
        add_to_a_bus(draw, buses, add)
    if draw(st.booleans()):
        add_a_destination(draw, add)
    return {"Resources": resources}


def add_to_a_bus(draw, buses, add):
    if draw(st.booleans()):
        bus = draw(st.sampled_from(buses))
        archive = {"SourceArn": {"Fn::GetAtt": [bus, "Arn"]}, "RetentionDays": draw(st.integers(0, 9))}
        if draw(st.booleans()):
            archive["Description"] = "kept"
        archive["EventPattern"] = draw(patterns | st.just(EVERY_EVENT))
        add("Archive", "Archive", archive)
    if draw(st.booleans()):
        statement = {
            "Effect": "Allow",
            "Principal": draw(st.sampled_from(["*", {"AWS": "111122223333"}])),
            "Action": "events:PutEvents",
            "Resource": {"Fn::GetAtt": [buses[0], "Arn"]},
        }
        policy = {"EventBusName": {"Ref": buses[0]}, "StatementId": draw(st.sampled_from(["s", "t"]))}
        add("Policy", "EventBusPolicy", {**policy, "Statement": statement})
    if draw(st.booleans()):
        policy = {"EventBusName": {"Ref": buses[-1]}, "StatementId": draw(st.sampled_from(["u", "v"]))}
        add("Other", "EventBusPolicy", {**policy, "Principal": draw(st.sampled_from(["*", "111122223333"]))})


def add_a_destination(draw, add):
    key = {"ApiKeyName": "key", "ApiKeyValue": draw(st.sampled_from(["one", "two"]))}
    parameters = {"AuthorizationType": "API_KEY", "AuthParameters": {"ApiKeyAuthParameters": key}}
    add("Connection", "Connection", parameters)
    destination = {
        "ConnectionArn": {"Fn::GetAtt": ["Connection", "Arn"]},
        "InvocationEndpoint": draw(st.sampled_from(["https://a.example", "https://b.example/*"])),
        "HttpMethod": draw(st.sampled_from(["POST", "PUT"])),
    }
    if draw(st.booleans()):
        destination["Description"] = "there"
    add("Destination", "ApiDestination", destination)


def plain(value):
    """A description without what differs from run to run: moments, ids, and the suffixes of made names."""
    if isinstance(value, dict):
        return {
            key: plain(item)
            for key, item in value.items()
            if key
            not in {"CreationTime", "LastModifiedTime", "LastAuthorizedTime", "SecretArn", "ResponseMetadata"}
            and (key, item) != ("Description", "")  # what an update removes cannot be unset by the API
        }
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str):
        value = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", value)
        return re.sub(r"-[A-Z0-9]{12}(?![A-Za-z0-9])", "-SUFFIX", value)
    return value


def all_of(client, operation, key, **members):
    return getattr(client, operation)(**members)[key]


def seen(backend):
    """All that a client can read back, by name."""
    client = backend.client()
    found = {}
    for bus in all_of(client, "list_event_buses", "EventBuses"):
        described = client.describe_event_bus(Name=bus["Name"])
        if "Policy" in described:
            described["Policy"] = sorted(json.loads(described["Policy"])["Statement"], key=json.dumps)
        found["bus", bus["Name"]] = described
        if bus["Name"] != "default":
            found["tags of bus", bus["Name"]] = tags_of(client, bus["Arn"])
        for rule in all_of(client, "list_rules", "Rules", EventBusName=bus["Name"]):
            where = {"Rule": rule["Name"], "EventBusName": bus["Name"]}
            listed = all_of(client, "list_targets_by_rule", "Targets", **where)
            found["rule", rule["Arn"]] = rule, sorted(listed, key=json.dumps), tags_of(client, rule["Arn"])
    for kind, operation, key, name in (
        ("archive", "list_archives", "Archives", "ArchiveName"),
        ("connection", "list_connections", "Connections", "Name"),
        ("api_destination", "list_api_destinations", "ApiDestinations", "Name"),
    ):
        for item in all_of(client, operation, key):
            found[kind, item[name]] = getattr(client, f"describe_{kind}")(**{name: item[name]})
    return {str(plain(list(key))): plain(value) for key, value in found.items()}


def tags_of(client, of):
    return sorted(client.list_tags_for_resource(ResourceARN=of)["Tags"], key=json.dumps)


def refusal_of(backend, template):
    """The text of the error of a deployment; None if there is none."""
    try:
        backend.deploy(template, stack="shop")
    except TemplateError as error:
        return str(error)
    return None


@settings(max_examples=150)
@given(templates(), templates())
def test_a_second_deployment_ends_in_the_state_of_a_first_one_or_changes_nothing(first, second):
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        backend.deploy(second, stack="shop")
        of_second = seen(backend)
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        backend.deploy(first, stack="shop")
        of_first = seen(backend)
        refusal = refusal_of(backend, second)
        assert refusal is None or "custom-named resource requires replacing" in refusal
        assert seen(backend) == (of_second if refusal is None else of_first)


@settings(max_examples=100)
@given(templates(), templates(), st.data())
def test_a_failed_second_deployment_changes_nothing(first, second, data):
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        deployment = backend.deploy(first, stack="shop")
        before, names = seen(backend), {one.logical_id: one.name for one in deployment.resources.values()}
        kinds = list(second["Resources"])
        after = data.draw(st.lists(st.sampled_from(kinds), unique=True))
        bad = {
            "Type": "AWS::Events::Rule",
            "Properties": {"EventPattern": {"source": "x"}},
            "DependsOn": after,
        }
        assert refusal_of(backend, {"Resources": {"Broken": bad, **second["Resources"]}}) is not None
        assert seen(backend) == before
        assert {one.logical_id: one.name for one in deployment.resources.values()} == names


def filled_in(value, refs, arns):
    """A value with the references of the strategies above filled in."""
    if isinstance(value, dict):
        if "Ref" in value:
            return refs[value["Ref"]]
        if "Fn::GetAtt" in value:
            return arns[value["Fn::GetAtt"][0]]
        return {key: filled_in(item, refs, arns) for key, item in value.items()}
    return [filled_in(item, refs, arns) for item in value] if isinstance(value, list) else value


def make_rule(client, name, given):
    targets, bus = given.pop("Targets"), given.get("EventBusName", "default")
    if "EventPattern" in given:
        given["EventPattern"] = json.dumps(given["EventPattern"], separators=(",", ":"))
    client.put_rule(**{**given, "Name": name})
    if targets:
        client.put_targets(Rule=name, EventBusName=bus, Targets=targets)


def make_bus(client, _name, given):
    known = client.meta.service_model.operation_model("CreateEventBus").input_shape.members
    return client.create_event_bus(**{key: given[key] for key in given if key in known})["EventBusArn"]


def make_policy(client, _name, given):
    if "Statement" not in given:
        return client.put_permission(Action="events:PutEvents", **given)
    statement = {**given["Statement"], "Sid": given["StatementId"]}
    shown = client.describe_event_bus(Name=given["EventBusName"]).get("Policy")
    others = json.loads(shown)["Statement"] if shown else []
    policy = json.dumps({"Version": "2012-10-17", "Statement": [*others, statement]})
    return client.put_permission(EventBusName=given["EventBusName"], Policy=policy)


CALLS = {
    "EventBus": make_bus,
    "Rule": make_rule,
    "Archive": lambda client, name, given: client.create_archive(
        ArchiveName=name,
        EventSourceArn=given.pop("SourceArn"),
        EventPattern=json.dumps(given.pop("EventPattern"), separators=(",", ":")),
        **given,
    )["ArchiveArn"],
    "EventBusPolicy": make_policy,
    "Connection": lambda client, name, given: client.create_connection(Name=name, **given)["ConnectionArn"],
    "ApiDestination": lambda client, name, given: client.create_api_destination(Name=name, **given),
}
"""What a client calls for a resource of each type. The answer is the ARN, where something refers to it."""


@settings(max_examples=100)
@given(templates())
def test_a_deployment_equals_the_same_calls_made_by_hand(template):
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        deployment = backend.deploy(template, stack="shop")
        names = {name: resource.name for name, resource in deployment.resources.items()}
        refs = {name: resource.ref for name, resource in deployment.resources.items()}
        deployed = seen(backend)
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        arns = {"Queue": arn("sqs", "jobs")}
        for logical_id, resource in template["Resources"].items():
            call = CALLS.get(resource["Type"].removeprefix("AWS::Events::"))
            if call is not None:
                given = filled_in(resource["Properties"], refs, arns)
                arns[logical_id] = call(backend.client(), names[logical_id], given)
        assert seen(backend) == deployed


@settings(max_examples=100)
@given(templates())
def test_nothing_is_left_of_a_deleted_stack(template):
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        untouched = seen(backend)
        deployment = backend.deploy(template, stack="shop")
        deployment.delete()
        assert seen(backend) == untouched


@settings(max_examples=100)
@given(templates(), st.data())
def test_nothing_is_left_of_a_failed_deployment(template, data):
    kinds = [name for name in template["Resources"] if name != "Queue"]
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        untouched = seen(backend)
        broken = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": "no list"}}}
        if kinds:
            broken["DependsOn"] = data.draw(st.lists(st.sampled_from(kinds), unique=True))
        template["Resources"]["Broken"] = broken
        with pytest.raises(TemplateError, match="Broken"):
            backend.deploy(template, stack="shop")
        assert seen(backend) == untouched


names_of = {
    "EventBus": [
        "Name",
        "EventSourceName",
        "Description",
        "KmsKeyIdentifier",
        "DeadLetterConfig",
        "LogConfig",
        "Policy",
        "Tags",
    ],
    "EventBusPolicy": ["EventBusName", "StatementId", "Statement", "Action", "Principal", "Condition"],
    "Rule": [
        "Name",
        "EventBusName",
        "EventPattern",
        "ScheduleExpression",
        "State",
        "Description",
        "RoleArn",
        "Tags",
        "Targets",
    ],
    "Archive": [
        "ArchiveName",
        "SourceArn",
        "EventPattern",
        "RetentionDays",
        "Description",
        "KmsKeyIdentifier",
    ],
    "Connection": [
        "Name",
        "AuthorizationType",
        "AuthParameters",
        "InvocationConnectivityParameters",
        "Description",
    ],
    "ApiDestination": [
        "Name",
        "ConnectionArn",
        "HttpMethod",
        "InvocationEndpoint",
        "InvocationRateLimitPerSecond",
    ],
    "Endpoint": ["Name", "RoutingConfig", "ReplicationConfig", "EventBuses", "RoleArn", "Description"],
}
"""Properties of each type of EventBridge."""
words = st.sampled_from(
    ["", "a", "default", "ENABLED", "rate(1 day)", "API_KEY", arn("events", "event-bus/default"), "{}", "5"]
)
keys = st.sampled_from(
    ["Id", "Arn", "Key", "Value", "source", "Statement", "EcsParameters", "NetworkConfiguration"]
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.sampled_from(sorted(names_of)), st.data())
def test_whatever_properties_have_the_deployment_is_made_or_refused(kind, data):
    properties = data.draw(st.dictionaries(st.sampled_from(names_of[kind]), anything, max_size=5))
    template = {"Resources": {"X": {"Type": f"AWS::Events::{kind}", "Properties": properties}}}
    with mock_events(account=ACCOUNT, region=REGION) as backend:
        untouched = seen(backend)
        with suppress(TemplateError):
            backend.deploy(template, stack="shop").delete()
        assert seen(backend) == untouched
