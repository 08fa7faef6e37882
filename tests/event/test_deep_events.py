"""A Detail of 1,000 levels, as AWS takes it, goes through everything that reads an event, however deep the stack is."""

import json

import boto3
import pytest

from eventmock import mock_events, pattern
from eventmock.__main__ import main

LEVELS = 1000
ROLE = "arn:aws:iam::123456789012:role/r"


def detail_of(kind, levels=LEVELS):
    before, after = "{", "}"
    for level in range(levels - 1):
        is_array = kind == "arrays" or (kind == "mixed" and level % 2)
        opening, closing = ('"a":[', "]") if is_array else ('"a":{', "}")
        if before.endswith("["):
            opening = opening.removeprefix('"a":')
        before, after = before + opening, closing + after
    bottom = '"x"' if before.endswith("[") else '"a":"x","b":18446744073709551616123'
    return before + bottom + after


def nested(frames, function):
    """What a function answers that is called from so many frames below."""
    return function() if frames == 0 else nested(frames - 1, function)


def bottom_of(value):
    levels = 0
    while isinstance(value, (dict, list)):
        value = value[0] if isinstance(value, list) else value["a"]
        levels += 1
    return levels, value


@pytest.fixture(params=["objects", "arrays", "mixed"])
def detail(request):
    return detail_of(request.param)


@pytest.fixture
def entry(detail):
    return {"Source": "shop", "DetailType": "order", "Detail": detail}


@pytest.fixture(params=[0, 200])
def frames(request):
    return request.param


@pytest.fixture
def backend():
    with mock_events() as backend:
        yield backend


@pytest.fixture
def events(backend):
    return boto3.client("events", "us-east-1")


def test_one_level_more_is_refused(backend, events):
    for kind in ("objects", "arrays", "mixed"):
        entry = {"Source": "shop", "DetailType": "order", "Detail": detail_of(kind, LEVELS + 1)}
        (answer,) = events.put_events(Entries=[entry])["Entries"]
        assert answer["ErrorCode"] == "MalformedDetail"
        assert "1000 levels" in backend.events[-1].hint


def test_it_is_put_matched_shaped_and_delivered(backend, events, entry, frames):
    got = {"whole": [], "path": [], "template": []}
    for name, shape in {
        "whole": {},
        "path": {"InputPath": "$.detail"},
        "template": {
            "InputTransformer": {
                "InputPathsMap": {"d": "$.detail"},
                "InputTemplate": '{"d": <d>, "e": <aws.events.event.json>}',
            }
        },
    }.items():
        events.put_rule(Name=name, EventPattern='{"source":["shop"],"detail":{"none":[{"exists":false}]}}')
        backend.target(name, got[name].append, **shape)

    def put():
        return events.put_events(Entries=[entry])["FailedEntryCount"]

    assert nested(frames, put) == 0
    assert {delivery.status for delivery in backend.deliveries} == {"delivered"}
    ((whole,), (detail,), (shaped,)) = got.values()
    assert bottom_of(whole["detail"]) == bottom_of(detail) == bottom_of(shaped["d"]) == (LEVELS, "x")
    assert bottom_of(shaped["e"]["detail"]) == (LEVELS, "x")
    for delivery in backend.deliveries:
        assert nested(frames, lambda delivery=delivery: bottom_of(delivery.event["detail"])) == (LEVELS, "x")
        assert nested(frames, lambda delivery=delivery: delivery.json)
        assert repr(delivery)


def test_patterns_look_into_it(entry, frames):
    text = json.dumps({"source": ["shop"]})[:-1] + f', "detail": {entry["Detail"]}}}'
    compiled = pattern.compile({"source": ["shop"], "detail": {"a": {"none": [1]}}})
    assert not nested(frames, lambda: compiled.matches(text))
    assert nested(frames, lambda: str(compiled.explain(text)))
    names = min(entry["Detail"].count('"a"'), LEVELS - 2)
    keys = '{"a":' * names + '["x"]' + "}" * names
    deep = pattern.compile(f'{{"detail":{keys}}}')
    is_there = names == entry["Detail"].count('"a"')
    assert nested(frames, lambda: deep.matches(text)) is is_there
    patterns = pattern.PatternSet()
    patterns.add("deep", deep)
    assert nested(frames, lambda: patterns.matching(text)) == ["deep"] * is_there


def test_it_is_told(backend, events, entry, frames):
    events.put_rule(Name="r", EventPattern='{"source":["shop"]}')
    events.put_rule(Name="other", EventPattern='{"source":["x"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    events.put_events(Entries=[entry])

    def told():
        views = [backend.report(view) for view in ("text", "html", "mermaid")]
        return [*views, json.dumps(backend.flow()), str(backend.trace), repr(backend.events)]

    assert all(nested(frames, told))
    (verdict, _) = nested(frames, lambda: backend.explain(entry))
    assert not verdict.matched
    assert nested(frames, lambda: backend.explain(backend.events[0].event))


def test_assertions_compare_it(backend, events, entry, frames):
    events.put_rule(Name="r", EventPattern='{"source":["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    events.put_events(Entries=[entry])
    same, other = (backend.deliveries[0].event["detail"] for _ in range(2))
    nested(frames, lambda: backend.assert_delivered(rule="r", detail=same))
    nested(frames, lambda: backend.assert_delivered_once(body=backend.deliveries[0].json))
    nested(frames, lambda: backend.assert_delivered_in_order(details=[same]))
    other = pattern.read_event(backend.deliveries[0].body.replace('"x"', '"y"')).members["detail"]
    with pytest.raises(AssertionError) as caught:
        nested(frames, lambda: backend.assert_delivered(rule="r", detail=other))
    assert '"x"' in str(caught.value)
    assert nested(frames, lambda: backend.assert_not_delivered(rule="r", detail=other)) is None


def test_it_is_archived_replayed_forwarded_and_dead_lettered(backend, events, entry, frames):
    events.create_event_bus(Name="second")
    second = "arn:aws:events:us-east-1:123456789012:event-bus/second"
    source = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    events.create_archive(ArchiveName="kept", EventSourceArn=source)
    events.put_rule(Name="on", EventPattern='{"source":["shop"]}')
    events.put_targets(Rule="on", Targets=[{"Id": "1", "Arn": second, "RoleArn": ROLE}])
    events.put_rule(Name="end", EventBusName="second", EventPattern='{"source":["shop"]}')
    queue = "arn:aws:sqs:us-east-1:123456789012:dead"

    def refuse(event):
        raise RuntimeError(bottom_of(event["detail"]))

    backend.target(
        "end",
        refuse,
        bus="second",
        RetryPolicy={"MaximumRetryAttempts": 0},
        DeadLetterConfig={"Arn": queue},
    )
    nested(frames, lambda: events.put_events(Entries=[entry]))
    (letter,) = backend.dead_letters
    assert bottom_of(nested(frames, lambda: letter.json)["detail"]) == (LEVELS, "x")

    def replay():
        backend.clock.advance(hours=1)
        now = backend.clock.now()
        events.start_replay(
            ReplayName="again",
            EventSourceArn="arn:aws:events:us-east-1:123456789012:archive/kept",
            EventStartTime=now.replace(year=now.year - 1),
            EventEndTime=now,
            Destination={"Arn": source},
        )
        backend.clock.advance(hours=1)

    nested(frames, replay)
    replayed = [event for event in backend.events if event.event and "replay-name" in event.event]
    assert replayed
    assert bottom_of(replayed[0].event["detail"]) == (LEVELS, "x")


def test_the_command_line_reads_it(tmp_path, entry, frames, capsys):
    event = tmp_path / "event.json"
    event.write_text(json.dumps(entry))
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"Rules": [{"Name": "r", "EventPattern": '{"source":["shop"]}'}]}))
    for arguments in (
        ["match", '{"source":["shop"]}', str(event)],
        ["explain", str(rules), str(event), "--json"],
    ):
        assert nested(frames, lambda arguments=arguments: main(arguments)) == 0
    assert "match" in capsys.readouterr().out
