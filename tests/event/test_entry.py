"""An entry is read in one place: PutEvents, `backend.explain` and the command line make the same of it."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from eventmock import mock_events
from eventmock.commands.documents import Document, WrongInput
from eventmock.commands.given_event import read_event
from eventmock.exceptions import InvalidEntry

PATTERN = {"source": ["shop", {"prefix": "aws"}], "detail": {"a": [1]}}
DETAILS = [
    "",
    "NEW",
    "[]",
    '"text"',
    "{} {}",
    '{"a": NaN}',
    '{"a": 1}',
    '{"a": 2}',
    ' {"a" :[1, 2]}\n',
    '{"a": 2, "a": 1}',
    '{"a": 1, "b": 1e309}',
    '{"a": 1, "b": 18446744073709551616123}',
    f'{{"a": 1, "b": {"9" * 1000}}}',
    f'{{"a": 1, "b": {"9" * 1001}}}',
    f'{{"a": 1, "b": {"9" * 5000}}}',
    '{"a":' * 1000 + "1" + "}" * 1000,
    '{"a":' * 1001 + "1" + "}" * 1001,
    '{"a": 1, "b": ' + "[" * 999 + "]" * 999 + "}",
    '{"a": 1, "b": ' + "[" * 1000 + "]" * 1000 + "}",
    '{"a": 1, "\\u00e9": "\\ud83d"}',
]
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "Source": st.sampled_from(["", "shop", "other", "aws.ec2", "aws", "aws."]),
        "DetailType": st.sampled_from(["", "order", "é"]),
        "Detail": st.sampled_from(DETAILS),
        "EventBusName": st.sampled_from(["default", "orders"]),
        "Resources": st.lists(st.sampled_from(["arn:a", "b"]), max_size=2),
        "Time": st.sampled_from(["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.9+01:00"]),
        "TraceHeader": st.just("Root=1-5759e988-bd862e3fe1be46a994272793"),
    },
)


def put(backend, entry):
    client = boto3.client("events", "us-east-1")
    result = client.put_events(Entries=[entry])["Entries"][0]
    if "ErrorCode" in result:
        return f"{result['ErrorCode']}: {result['ErrorMessage']}", None, None
    received = backend.events[-1]
    event = {name: value for name, value in received.event.items() if name != "id"}
    return None, event, received.matched == ["a"]


def explained(backend, entry):
    try:
        (verdict,) = backend.explain(entry)
    except InvalidEntry as refusal:
        said, *_ = str(refusal).split("\n")
        return said.removeprefix("PutEvents would refuse this entry: "), None
    return None, verdict.matched


def given_to_the_command_line(entry):
    try:
        event = read_event(Document("EVENT", json.dumps(entry))).event
    except WrongInput as refusal:
        said, *_ = str(refusal).split("\n")
        return said.removeprefix("EVENT: PutEvents would refuse this entry: "), None
    return None, {name: value for name, value in event.members.items() if name != "id"}


@pytest.fixture(scope="module")
def backend():
    with mock_events() as backend:
        client = boto3.client("events", "us-east-1")
        client.create_event_bus(Name="orders")
        for bus in ("default", "orders"):
            client.put_rule(Name="a", EventBusName=bus, EventPattern=json.dumps(PATTERN))
        yield backend


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENTRIES.filter(lambda entry: not {"Source", "DetailType", "Detail", "EventBusName"}.isdisjoint(entry)))
def test_all_who_read_an_entry_make_the_same_of_it(backend, entry):
    error, event, matched = put(backend, entry)
    assert explained(backend, entry) == (error, matched)
    said, read = given_to_the_command_line(entry)
    assert said == error
    if event is not None:
        assert read.keys() == event.keys()
        assert (read["source"], read["detail-type"], read["resources"]) == (
            event["source"],
            event["detail-type"],
            event["resources"],
        )
        if "Time" in entry:
            assert read["time"] == event["time"]


def test_a_malformed_detail_is_said_before_a_source_of_aws(backend):
    entry = {"Source": "aws.ec2", "DetailType": "order", "Detail": "NEW"}
    assert put(backend, entry)[0] == "MalformedDetail: Detail is malformed."
    assert given_to_the_command_line(entry)[0] == "MalformedDetail: Detail is malformed."


def test_explain_asks_the_bus_that_the_entry_names(backend):
    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"a": 1}', "EventBusName": "orders"}
    (verdict,) = backend.explain(entry)
    assert verdict.rule_arn.endswith("rule/orders/a")


@pytest.mark.parametrize("time", ["2026-01-31 12:00:00Z", 1769860800, datetime(2026, 1, 31, 12, tzinfo=UTC)])
def test_explain_takes_any_time_that_a_client_takes(backend, time):
    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"a": 1}', "Time": time}
    assert backend.explain(entry)[0].matched


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Detail": {"a": 1}}, "Detail held {'a': 1}, wanted JSON text"),
        ({"Source": 5}, "Source held 5, wanted text"),
        ({"Resources": "arn:a"}, "Resources held 'arn:a', wanted a list of texts"),
        ({"EventBusName": ["a"]}, "EventBusName held ['a'], wanted text"),
        ({"Time": "noon?"}, "Time held 'noon?', wanted a datetime, or what a client takes for one"),
    ],
)
def test_explain_says_what_no_client_would_send(backend, change, said):
    with pytest.raises(InvalidEntry) as caught:
        backend.explain({"Source": "shop", "DetailType": "order", "Detail": "{}"} | change)
    assert str(caught.value) == said
