"""What is said about an event of a service, whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, strategies as st

from eventmock.aws_events import catalogue
from eventmock.aws_events.advice import (
    about_names,
    about_source,
    advice_about,
    has,
    listed,
    near_path,
    paths_of,
)
from eventmock.aws_events.catalogue import find
from eventmock.aws_events.samples import sample_event

KNOWN = [
    kind
    for source in catalogue.sources()
    for name in catalogue.detail_types(source)
    if (kind := find(source, name)).members is not None
]
STATE_CHANGE = "EC2 Instance State-change Notification"
REQUIRED = (
    "the detail has no bucket, object, reason, request-id, requester and 1 more, which AWS's schema requires; "
    "emit_sample has all members"
)


def whole(**changes):
    return sample_event(find("aws.s3", "Object Created"), {})["detail"] | changes


@pytest.mark.parametrize(
    ("source", "detail_type", "detail", "advice"),
    [
        ("aws.ec2", STATE_CHANGE, {"instance-id": "i-1", "state": "running"}, []),
        (
            "aws.ec2",
            STATE_CHANGE,
            {"instance_id": "i-1", "state": "running"},
            ["the detail has instance_id; did you mean instance-id?"],
        ),
        (
            "aws.ec2",
            STATE_CHANGE,
            {"Instance-Id": "i-1", "state": "running"},
            ["the detail has Instance-Id; did you mean instance-id?"],
        ),
        (
            "aws.s3",
            "Object Created",
            {name: value for name, value in whole(bucketName="in").items() if name != "bucket"},
            ["the detail has bucketName; did you mean bucket.name?"],
        ),
        (
            "aws.s3",
            "Object Created",
            whole(extra={"deep": 1}),
            ["the detail has extra, which AWS's schema of this event does not have"],
        ),
        ("aws.s3", "Object Created", {}, [REQUIRED]),
        (
            "aws.s3",
            "Object Created",
            whole(object=whole()["object"] | {"size": "5"}),
            ["object.size is a text, and AWS's schema has a number"],
        ),
        (
            "aws.s3",
            "Object Created",
            whole(reason=["PutObject"], requester={}),
            [
                "reason is a list, and AWS's schema has a text",
                "requester is an object, and AWS's schema has a text",
            ],
        ),
        (
            "aws.s3",
            "Object Created",
            whole(bucket={"name": True}),
            ["bucket.name is true or false, and AWS's schema has a text"],
        ),
        ("aws.s3", "Object Created", whole(reason=None), []),
        ("aws.s3", "Object Created", ["no object"], []),
        ("aws.s3", "Async Copy Completion", {"anything": 1}, []),
        ("aws.codeartifact", "CodeArtifact Package Version State Change", {"unknown": 1}, []),
        (
            "aws.states",
            "Step Functions Execution Status Change",
            {"executionArn": "arn:aws:states:us-east-1:123456789012:express:ship:1:2"},
            [
                "the detail has no output, input, name, stateMachineArn, startDate and 2 more, which AWS's schema "
                "requires; emit_sample has all members",
                "executionArn is that of an Express workflow, of which Step Functions sends no events",
            ],
        ),
        (
            "aws.iam",
            "AWS API Call via CloudTrail",
            {
                "eventVersion": "1",
                "eventTime": "t",
                "awsRegion": "r",
                "eventID": "i",
                "eventType": "AwsApiCall",
                "eventSource": "ec2.amazonaws.com",
                "requestParameters": {"any": {"thing": [1]}},
            },
            ["eventSource is ec2.amazonaws.com, and CloudTrail sends that of aws.iam with iam.amazonaws.com"],
        ),
        (
            "aws.s3",
            "Object created",
            {},
            ["eventmock knows no detail-type 'Object created' of aws.s3; did you mean 'Object Created'?"],
        ),
        (
            "aws.athena",
            "Nothing",
            {},
            ["eventmock knows no detail-type 'Nothing' of aws.athena; it knows Athena Query State Change"],
        ),
        ("aws.lambda", "Nothing", {}, ["eventmock knows no detail-type 'Nothing' of aws.lambda"]),
        (
            "aws.dynamodbb",
            "Nothing",
            {},
            ["eventmock knows no AWS service with the source 'aws.dynamodbb'; did you mean 'aws.dynamodb'?"],
        ),
        ("aws.xyzzy", "Nothing", {}, ["eventmock knows no AWS service with the source 'aws.xyzzy'"]),
        ("aws.xyzzy", "AWS Service Event via CloudTrail", {"readOnly": "x"}, None),
    ],
)
def test_each_sentence_is_about_one_thing(source, detail_type, detail, advice):
    found = advice_about(source, detail_type, "us-east-1", detail)
    if advice is None:
        assert found[-1] == "readOnly is a text, and AWS's schema has true or false"
    else:
        assert found == advice


def test_a_global_service_in_another_region_is_named_first():
    assert advice_about("aws.iam", "Nothing", "eu-west-1", {}) == [
        "aws.iam sends its events in us-east-1 only, and this one is in eu-west-1",
        "eventmock knows no detail-type 'Nothing' of aws.iam",
    ]


def test_known_names_need_no_advice():
    assert about_source("aws.s3") is None
    assert about_names("aws.s3", "Object Created") is None
    assert about_names("aws.xyzzy", "AWS API Call via CloudTrail") is None


def test_a_list_of_names_is_short():
    assert listed(["a"]) == "a"
    assert listed([*"abcdefg"]) == "a, b, c, d, e and 2 more"


def test_paths_go_through_lists():
    assert list(paths_of({"a": [{"b": 1}, 2, {"c": {"d": 1}}]})) == ["a", "a.b", "a.c", "a.c.d"]


def test_a_path_is_near_at_its_place_or_otherwise_divided():
    kinds = [find("aws.s3", "Object Created")]
    assert near_path("object.Key", kinds) == "object.key"
    assert near_path("objectKey", kinds) == "object.key"
    assert near_path("object.versionid", kinds) == "object.version-id"
    assert near_path("colour", kinds) is None


NAMED = [
    (kind, path) for kind in KNOWN if kind.is_whole for path in paths_of(sample_event(kind, {})["detail"])
]


def respelt(name, way):
    """A name as somebody might write it who does not know better."""
    if way == "snake":
        return re.sub(r"[- ]", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).lower()
    if way == "camel":
        first, *others = re.split(r"[-_ ]", name)
        return first + "".join(other.title() for other in others)
    return name.upper()


@given(st.sampled_from(NAMED), st.sampled_from(["snake", "camel", "upper"]))
def test_a_member_by_another_spelling_is_found_again(named, way):
    kind, path = named
    *around, last = path.split(".")
    detail = sample_event(kind, {})["detail"]
    place = detail
    for name in around:
        assume(isinstance(place.get(name), dict))
        place = place[name]
    other = respelt(last, way)
    assume(other not in place and other != last and last in place and "." not in other)
    wrong = ".".join([*around, other])
    assume(not has(kind, wrong))
    place[other] = place.pop(last)
    [about] = [
        note
        for note in advice_about(kind.source, kind.detail_type, "us-east-1", detail)
        if note.startswith(f"the detail has {wrong};")
    ]
    meant = about.removesuffix("?").partition("; did you mean ")[2]
    plain = re.sub(r"[-_ ]", "", meant).casefold()
    assert plain == re.sub(r"[-_ ]", "", path).casefold()
