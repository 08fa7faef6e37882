"""Every constraint of the model (the table of partner-events section 2.2) is told in AWS's words."""

from __future__ import annotations

import pytest

EVENT = {"Name": "a", "EventFilter": {"Source": "aws.partner/e"}, "EventBridgeBus": "default"}
DATA = {"Name": "a", "KmsKey": "k", "SourceURI": "s3://bucket/a"}
PAGE = {"Name": "a", "Namespace": "a", "ApplicationSourceConfig": {}}
ASSOCIATION = {"DataIntegrationIdentifier": "a"}
WHOLE = {
    "CreateEventIntegration": EVENT,
    "CreateDataIntegration": DATA,
    "CreateApplication": PAGE,
    "CreateDataIntegrationAssociation": ASSOCIATION,
}
NULL = "Member must not be null"
NAME = r"Member must satisfy regular expression pattern: ^[a-zA-Z0-9\/\._\-]+$"
BLANK = r"Member must satisfy regular expression pattern: .*\S.*"
URL = r"Member must satisfy regular expression pattern: ^\w+\:\/\/.*$"


def at_most(limit, noun="length"):
    return f"Member must have {noun} less than or equal to {limit}"


def at_least(limit, noun="length"):
    return f"Member must have {noun} greater than or equal to {limit}"


def rows():
    for name in ("CreateEventIntegration", "CreateDataIntegration"):
        yield name, {"Name": None}, [("name", NULL)]
        yield name, {"Name": "a" * 256}, [("name", at_most(255))]
        yield name, {"Name": "a b"}, [("name", NAME)]
        yield name, {"Name": ""}, [("name", NAME), ("name", at_least(1))]
    for name in ("CreateEventIntegration", "CreateDataIntegration", "CreateApplication"):
        yield name, {"Description": "a" * 1001}, [("description", at_most(1000))]
        yield name, {"Tags": {}}, [("tags", at_least(1))]
        yield (
            name,
            {"Tags": {f"{n:c}" * k: "" for n in range(97, 123) for k in range(1, 9)}},
            [("tags", at_most(200))],
        )
        yield (
            name,
            {"Tags": {"k": "a" * 257}},
            [("tags", f"Map value must satisfy constraint: [{at_most(256)}]")],
        )
    for name in WHOLE:
        yield name, {"ClientToken": "a" * 2049}, [("clientToken", at_most(2048))]
        yield name, {"ClientToken": ""}, [("clientToken", at_least(1))]
    yield "CreateEventIntegration", {"EventBridgeBus": None}, [("eventBridgeBus", NULL)]
    yield "CreateEventIntegration", {"EventBridgeBus": "a" * 256}, [("eventBridgeBus", at_most(255))]
    yield "CreateEventIntegration", {"EventBridgeBus": "arn:x"}, [("eventBridgeBus", NAME)]
    yield "CreateEventIntegration", {"EventFilter": None}, [("eventFilter", NULL)]
    yield "CreateEventIntegration", {"EventFilter": {}}, [("eventFilter.source", NULL)]
    yield (
        "CreateEventIntegration",
        {"EventFilter": {"Source": "aws.partner/" + "a" * 256}},
        [("eventFilter.source", at_most(256))],
    )
    yield "CreateDataIntegration", {"KmsKey": None}, [("kmsKey", NULL)]
    yield "CreateDataIntegration", {"KmsKey": " "}, [("kmsKey", BLANK)]
    yield "CreateDataIntegration", {"KmsKey": "a" * 256}, [("kmsKey", at_most(255))]
    yield "CreateDataIntegration", {"SourceURI": "s3://" + "a" * 1000}, [("sourceURI", at_most(1000))]
    yield "CreateDataIntegration", {"ScheduleConfig": {}}, [("scheduleConfig.scheduleExpression", NULL)]
    schedule = {"ScheduleExpression": "rate(1 hour)"}
    yield (
        "CreateDataIntegration",
        {"ScheduleConfig": schedule | {"Object": "a b"}},
        [("scheduleConfig.object", NAME)],
    )
    yield (
        "CreateDataIntegration",
        {"ScheduleConfig": schedule | {"FirstExecutionFrom": " "}},
        [("scheduleConfig.firstExecutionFrom", BLANK)],
    )
    files = "fileConfiguration.folders"
    yield "CreateDataIntegration", {"FileConfiguration": {}}, [(files, NULL)]
    yield "CreateDataIntegration", {"FileConfiguration": {"Folders": []}}, [(files, at_least(1))]
    yield "CreateDataIntegration", {"FileConfiguration": {"Folders": ["a"] * 11}}, [(files, at_most(10))]
    each = f"Member must satisfy constraint: [{at_most(200)}, {at_least(1)}, {BLANK}]"
    yield "CreateDataIntegration", {"FileConfiguration": {"Folders": ["a" * 201]}}, [(files, each)]
    where = "destinationURI"
    name = "CreateDataIntegrationAssociation"
    yield name, {"DestinationURI": "s3://" + "a" * 1000}, [(where, at_most(1000))]
    where = "executionConfiguration."
    yield name, {"ExecutionConfiguration": {}}, [(f"{where}executionMode", NULL)]
    modes = "Member must satisfy enum value set: [ON_DEMAND, SCHEDULED]"
    yield name, {"ExecutionConfiguration": {"ExecutionMode": "x"}}, [(f"{where}executionMode", modes)]
    demand = {"ExecutionMode": "ON_DEMAND", "OnDemandConfiguration": {}}
    yield name, {"ExecutionConfiguration": demand}, [(f"{where}onDemandConfiguration.startTime", NULL)]
    yield from rows_of_applications()


def rows_of_applications():
    name = "CreateApplication"
    spaces = r"Member must satisfy regular expression pattern: ^[a-zA-Z0-9\/\._ \-]+$"
    yield name, {"Name": None}, [("name", NULL)]
    yield name, {"Name": "a:b"}, [("name", spaces)]
    yield name, {"Name": "a" * 256}, [("name", at_most(255))]
    yield name, {"Namespace": None}, [("namespace", NULL)]
    yield name, {"Namespace": "a b"}, [("namespace", NAME)]
    yield name, {"ApplicationSourceConfig": None}, [("applicationSourceConfig", NULL)]
    where = "applicationSourceConfig.externalUrlConfig."
    for page, broken in (
        ({}, (f"{where}accessUrl", NULL)),
        ({"AccessUrl": "example.com"}, (f"{where}accessUrl", URL)),
        ({"AccessUrl": "https://" + "a" * 1000}, (f"{where}accessUrl", at_most(1000))),
        ({"AccessUrl": "https://a", "ApprovedOrigins": []}, (f"{where}approvedOrigins", at_least(1))),
        (
            {"AccessUrl": "https://a", "ApprovedOrigins": ["https://a"] * 51},
            (f"{where}approvedOrigins", at_most(50)),
        ),
    ):
        yield name, {"ApplicationSourceConfig": {"ExternalUrlConfig": page}}, [broken]
    event = (
        "Member must satisfy regular expression pattern: "
        r"^[a-zA-Z0-9\/\._\-]+::[a-zA-Z0-9\/\._\-]+(?:\*)?$"
    )
    yield name, {"Subscriptions": [{"Event": "a::b"}] * 51}, [("subscriptions", at_most(50))]
    yield name, {"Subscriptions": [{"Event": "a:b"}]}, [("subscriptions.1.member.event", event)]
    publication = {"Event": "a::b", "Schema": "{}"}
    yield name, {"Publications": [publication] * 51}, [("publications", at_most(50))]
    yield name, {"Publications": [{"Event": "a::b"}]}, [("publications.1.member.schema", NULL)]
    yield (
        name,
        {"Publications": [publication | {"Schema": "a" * 10_241}]},
        [("publications.1.member.schema", at_most(10_240))],
    )
    yield name, {"Permissions": ["a"] * 151}, [("permissions", at_most(150))]
    yield name, {"InitializationTimeout": 0}, [("initializationTimeout", at_least(1, "value"))]
    yield name, {"InitializationTimeout": 600_001}, [("initializationTimeout", at_most(600_000, "value"))]
    for member in ("Allow", "Sandbox"):
        yield name, {"IframeConfig": {member: ["a"] * 26}}, [(f"iframeConfig.{member.lower()}", at_most(25))]
    scopes = "Member must satisfy enum value set: [CROSS_CONTACTS, PER_CONTACT]"
    yield (
        name,
        {"ApplicationConfig": {"ContactHandling": {"Scope": "x"}}},
        [("applicationConfig.contactHandling.scope", scopes)],
    )


def name_of(row):
    return f"{row[0]} {row[2][0][0]} {row[2][0][1][:50]}"


@pytest.mark.parametrize(
    ("name", "change", "broken"), [pytest.param(*row, id=name_of(row)) for row in rows()]
)
def test_a_constraint_is_told(operation, violations_of, name, change, broken):
    if set(change) - set(operation(name).input_shape.members):
        pytest.skip(f"this botocore has no {', '.join(change)} of {name}")
    members = WHOLE[name] | change
    assert violations_of(name, **{key: one for key, one in members.items() if one is not None}) == broken


@pytest.mark.parametrize(
    ("name", "member", "value", "shape"),
    [
        ("CreateEventIntegration", "EventFilter", {"Source": "aws.ec2"}, "Source"),
        ("CreateDataIntegration", "SourceURI", "bucket", "SourceURI"),
        ("CreateDataIntegrationAssociation", "DestinationURI", "bucket", "DestinationURI"),
    ],
)
def test_a_pattern_is_told_as_the_installed_model_has_it_or_a_newer_one(
    client, operation, violations_of, constraint_of, name, member, value, shape
):
    operation(name)
    pattern = constraint_of(client, shape, "pattern")
    [(_, words)] = violations_of(name, **WHOLE[name] | {member: value})
    assert words == f"Member must satisfy regular expression pattern: {pattern}"


def test_a_namespace_is_as_long_as_the_installed_model_or_a_newer_one_lets_it_be(
    client, violations_of, constraint_of
):
    limit = constraint_of(client, "ApplicationNamespace", "max")
    broken = violations_of("CreateApplication", **PAGE | {"Namespace": "a" * (limit + 1)})
    assert broken == [("namespace", at_most(limit))]


def test_a_type_is_one_of_the_installed_model(client, operation, violations_of):
    if "ApplicationType" not in operation("CreateApplication").input_shape.members:
        pytest.skip("this botocore has no ApplicationType")
    kinds = client.meta.service_model.shape_for("ApplicationType").enum
    words = f"Member must satisfy enum value set: [{', '.join(kinds)}]"
    assert violations_of("CreateApplication", **PAGE, ApplicationType="x") == [("applicationType", words)]
    assert violations_of("ListApplications", ApplicationType="x") == [("applicationType", words)]


def test_a_tag_key_has_128_characters_at_most(client, operation, violations_of, event_integration):
    arn = event_integration()
    for name, members in (
        ("CreateEventIntegration", EVENT | {"Tags": {"k" * 129: ""}}),
        ("TagResource", {"resourceArn": arn, "tags": {"k" * 129: ""}}),
    ):
        [(where, words)] = violations_of(name, **members)
        assert where == "tags"
        assert words.startswith(f"Map keys must satisfy constraint: [{at_most(128)}, {at_least(1)}")
    [(where, words)] = violations_of("UntagResource", resourceArn=arn, tagKeys=["k" * 129])
    assert (where, words.startswith(f"Member must satisfy constraint: [{at_most(128)}")) == ("tagKeys", True)


@pytest.mark.parametrize(
    ("name", "member", "value", "where"),
    [
        ("GetEventIntegration", "Name", "a b", "name"),
        ("UpdateEventIntegration", "Name", "a:b", "name"),
        ("DeleteEventIntegration", "Name", "é", "name"),
        ("ListEventIntegrationAssociations", "EventIntegrationName", "%", "eventIntegrationName"),
        ("GetDataIntegration", "Identifier", " ", "identifier"),
        ("UpdateDataIntegration", "Identifier", "a" * 256, "identifier"),
        ("DeleteDataIntegration", "DataIntegrationIdentifier", " ", "dataIntegrationIdentifier"),
        ("ListDataIntegrationAssociations", "DataIntegrationIdentifier", " ", "dataIntegrationIdentifier"),
        ("GetApplication", "Arn", "nope", "arn"),
        ("UpdateApplication", "Arn", "arn:aws-cn:app-integrations:cn-north-1:1:application/a", "arn"),
        ("DeleteApplication", "Arn", "NOPE", "arn"),
        ("ListApplicationAssociations", "ApplicationId", "nope", "applicationId"),
        ("ListTagsForResource", "resourceArn", "arn:aws-cn:app-integrations:cn-north-1:1:a/b", "resourceArn"),
    ],
)
def test_what_stands_in_the_path_is_checked(operation, violations_of, name, member, value, where):
    operation(name)
    [(found, words)] = violations_of(name, **{member: value})
    assert (found, words.startswith("Member must ")) == (where, True)


def test_all_that_is_wrong_is_told_at_once(violations_of):
    broken = violations_of("CreateEventIntegration", EventBridgeBus="a b")
    assert broken == [("name", NULL), ("eventFilter", NULL), ("eventBridgeBus", NAME)]
