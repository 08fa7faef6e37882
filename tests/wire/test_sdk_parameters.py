from __future__ import annotations

import json
from datetime import UTC, datetime
from math import ceil

import pytest
from hypothesis import given, strategies as st

from eventmock.wire.installed_services import model_of
from eventmock.wire.sdk_parameters import Misfit, parameters_of

MOMENT = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
SERVICES = [
    "dynamodb",
    "ec2",
    "ecs",
    "events",
    "kinesis",
    "lambda",
    "logs",
    "s3",
    "sagemaker",
    "scheduler",
    "ssm",
]
TOKEN = "d32c5cdd-0000-4000-8000-cf5bb8c30000"


def fitted(service, operation, /, **given):
    return parameters_of(service, operation, given, token=TOKEN)


def change(name, flip):
    """The name, with the case of its first letter changed or not."""
    return name[:1].swapcase() + name[1:] if flip else name


@st.composite
def inputs(draw, shape, depth=3):
    """A JSON value for a shape, and the parameter that it stands for."""
    kind = shape.type_name
    if kind == "structure":
        required = set(shape.required_members)
        if getattr(shape, "is_tagged_union", False):
            required, depth = {draw(st.sampled_from(sorted(shape.members)))}, 0
        names = [
            name for name in shape.members if name in required or (depth > 0 and draw(st.integers(0, 4)) == 0)
        ]
        json_value, parameter = {}, {}
        for name in names:
            spelled = change(name, draw(st.booleans()))
            json_value[spelled], parameter[name] = draw(inputs(shape.members[name], depth - 1))
        return json_value, parameter
    if kind == "list":
        items = [draw(inputs(shape.member, depth - 1)) for _ in range(_count(draw, shape, depth))]
        return [item for item, _ in items], [item for _, item in items]
    if kind == "map":
        least = int(shape.key.metadata.get("min", 1))
        items = {
            f"K{n}".ljust(least, "x"): draw(inputs(shape.value, depth - 1))
            for n in range(_count(draw, shape, depth))
        }
        return {k: v for k, (v, _) in items.items()}, {k: v for k, (_, v) in items.items()}
    if kind == "timestamp":
        return draw(st.sampled_from([MOMENT.isoformat(), "2027-01-02T03:04:05Z", MOMENT.timestamp()])), MOMENT
    if kind == "blob":
        text = draw(st.text(alphabet="aé{}", min_size=1, max_size=3))
        return text, text.encode()
    if kind == "boolean":
        return (draw(st.booleans()),) * 2
    if kind in ("integer", "long", "float", "double"):
        return (ceil(shape.metadata.get("min", 1)),) * 2
    return ("x" * max(int(shape.metadata.get("min", 1)), 1),) * 2


def _count(draw, shape, depth):
    least = int(shape.metadata.get("min", 0))
    return least if depth <= 0 else max(least, draw(st.integers(0, 2)))


@given(st.data())
def test_any_input_of_any_operation_gives_its_parameters_whatever_the_first_letters(data):
    service = data.draw(st.sampled_from(SERVICES))
    name = data.draw(st.sampled_from(model_of(service).operation_names))
    operation = model_of(service).operation_model(name)
    shape = operation.input_shape
    written, wanted = ({}, {}) if shape is None else data.draw(inputs(shape))
    got = fitted(service, name, **json.loads(json.dumps(written)))
    tokens = {
        member: TOKEN for member in operation.idempotent_members if member in got.keys() - wanted.keys()
    }
    assert got == wanted | tokens


def test_members_have_the_names_of_the_model_at_every_depth():
    given = {
        "Cluster": "c",
        "TaskDefinition": "t",
        "Overrides": {"ContainerOverrides": [{"Name": "n", "Environment": [{"Name": "N", "value": "v"}]}]},
    }
    assert fitted("ecs", "RunTask", **given) == {
        "cluster": "c",
        "taskDefinition": "t",
        "overrides": {"containerOverrides": [{"name": "n", "environment": [{"name": "N", "value": "v"}]}]},
    }


@pytest.mark.parametrize("name", ["DbInstanceIdentifier", "dbInstanceIdentifier", "DBInstanceIdentifier"])
def test_capitals_in_a_row_may_be_written_as_a_word(name):
    assert fitted("rds", "StopDBInstance", **{name: "d"}) == {"DBInstanceIdentifier": "d"}


def test_capitals_in_a_row_may_be_a_word_at_the_end_of_a_name_and_at_every_depth():
    target = {
        "Id": "1",
        "Arn": "a",
        "EcsParameters": {"TaskDefinitionArn": "t", "EnableEcsManagedTags": True},
    }
    got = fitted("events", "PutTargets", Rule="r", Targets=[target])
    assert got["Targets"][0]["EcsParameters"] == {"TaskDefinitionArn": "t", "EnableECSManagedTags": True}
    got = fitted("kinesis", "PutRecord", StreamArn="s", PartitionKey="p", Data="d")
    assert got["StreamARN"] == "s"


def test_the_keys_of_a_map_stay_as_they_are():
    item = {"id": {"s": "1"}, "Map": {"M": {"x": {"N": "1"}}}}
    got = fitted("dynamodb", "PutItem", TableName="orders", Item=item)
    assert got["Item"] == {"id": {"S": "1"}, "Map": {"M": {"x": {"N": "1"}}}}


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2027-01-02T03:04:05Z", MOMENT),
        ("2027-01-02T04:04:05+01:00", MOMENT),
        ("2027-01-02T03:04:05", MOMENT),
        ("2027-01-02", MOMENT.replace(hour=0, minute=0, second=0)),
        (MOMENT.timestamp(), MOMENT),
        (int(MOMENT.timestamp()), MOMENT),
    ],
)
def test_a_time_is_iso_8601_or_seconds(value, moment):
    entry = {"Source": "s", "DetailType": "d", "Detail": "{}", "Time": value}
    assert fitted("events", "PutEvents", Entries=[entry])["Entries"][0]["Time"] == moment


def test_a_value_with_very_many_levels_does_not_fit():
    value = {"S": "x"}
    for _ in range(5000):
        value = {"L": [value]}
    with pytest.raises(Misfit, match="more levels than botocore can check"):
        fitted("dynamodb", "PutItem", TableName="orders", Item={"id": value})


def test_a_blob_is_its_text():
    assert fitted("lambda", "Invoke", FunctionName="f", Payload="é\ud800")["Payload"] == "é?".encode()


def test_a_member_that_is_null_is_not_given():
    assert fitted("sqs", "SendMessage", QueueUrl="u", MessageBody="m", DelaySeconds=None) == {
        "QueueUrl": "u",
        "MessageBody": "m",
    }


def test_a_required_token_is_filled_in_and_an_optional_one_is_not():
    got = fitted("sagemaker", "StartPipelineExecution", PipelineName="p")
    assert got["ClientRequestToken"] == TOKEN
    assert "ClientToken" not in fitted("ec2", "RunInstances", MinCount=1, MaxCount=1)


@pytest.mark.parametrize(
    ("service", "operation", "given", "why"),
    [
        ("sqs", "SendMessage", {"QueueUrl": "u"}, 'Missing required parameter in input: "MessageBody"'),
        ("sqs", "SendMessage", {"QueueUrl": 1, "MessageBody": "m"}, "Invalid type for parameter QueueUrl"),
        ("sqs", "SendMessage", {"queueURL": "u"}, "Input has no member queueURL"),
        ("sqs", "SendMessage", {"QueueUrl": "u", "queueUrl": "u"}, "Input has QueueUrl twice"),
        (
            "rds",
            "StopDBInstance",
            {"DBInstanceIdentifier": "d", "DbInstanceIdentifier": "d"},
            "Input has DBInstanceIdentifier twice, in two spellings",
        ),
        ("rds", "StopDBInstance", {"DbinstanceIdentifier": "d"}, "Input has no member DbinstanceIdentifier"),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "f", "Payload": {"order": 7}},
            "Input.Payload is an object: the model wants a text there, such as that of its JSON",
        ),
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": "q", "MessageBody": [1]},
            "Input.MessageBody is an array: the model",
        ),
        ("events", "PutEvents", {"Entries": {}}, "Invalid type for parameter Entries"),
        ("events", "PutEvents", {"Entries": [{"Sauce": "s"}]}, r"Input\.Entries\[0\] has no member Sauce"),
        ("events", "PutEvents", {"Entries": [{"Time": "soon"}]}, r"Input\.Entries\[0\]\.Time is 'soon'"),
        ("events", "PutEvents", {"Entries": [{"Time": 1e300}]}, "wanted a time as ISO 8601, or in seconds"),
        ("events", "PutEvents", {"Entries": [{"Time": True}]}, "is true: the model wants timestamp there"),
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": "u", "MessageBody": "m", "DelaySeconds": False},
            "DelaySeconds is",
        ),
        ("iam", "DeleteAccountPasswordPolicy", {"Name": "n"}, "Input has no member Name"),
    ],
)
def test_what_does_not_fit(service, operation, given, why):
    with pytest.raises(Misfit, match=why):
        fitted(service, operation, **given)


def test_a_misfit_names_what_the_model_has_in_place_of_an_unknown_member():
    with pytest.raises(Misfit) as misfit:
        fitted("events", "PutEvents", Entries=[{"Sauce": "s"}])
    assert misfit.value.unknown == "Sauce"
    assert "Source" in misfit.value.known


def test_an_operation_without_parameters_takes_none():
    assert fitted("iam", "DeleteAccountPasswordPolicy") == {}
