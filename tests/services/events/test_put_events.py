from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from eventmock.event.entry import size_of

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture
def received(events, events_backend):
    """A function that puts entries where one rule takes all, and gives the bodies that arrive."""
    events.put_rule(Name="all", EventPattern='{"source": [{"prefix": ""}]}')
    target = events_backend.target("all")

    def received(*entries):
        events.put_events(Entries=list(entries))
        return target.deliveries.bodies

    return received


def test_the_envelope_is_compact_and_in_order(events, events_backend, received, order):
    time = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    [body] = received(
        order | {"Resources": ["b", "a"], "Time": time, "Detail": '{ "z" : 1.0,\n"a": "x  y" }'}
    )
    event_id = events_backend.events[0].event_id
    assert body == (
        f'{{"version":"0","id":"{event_id}","detail-type":"order","source":"shop","account":"123456789012",'
        '"time":"2026-01-02T03:04:05Z","region":"us-east-1","resources":["b","a"],"detail":{"z":1.0,"a":"x  y"}}'
    )


@pytest.mark.parametrize(
    "detail",
    [
        r'{"a":"\u00e9\/\" b","b":1E+2,"c":12345678901234567890,"a":[]}',
        '{"text":"tab\\t and  blanks","ü":"ß"}',
        "{}",
    ],
)
def test_the_detail_keeps_its_spelling(received, order, detail):
    [body] = received(order | {"Detail": detail})
    assert body.endswith(f'"resources":[],"detail":{detail}}}')


def test_without_a_time_it_is_the_clock_s(order):
    from eventmock import mock_events

    with mock_events(start_time="2026-05-06T07:08:09Z") as backend:
        backend.client().put_events(Entries=[order])
        assert backend.events[0].event["time"] == "2026-05-06T07:08:09Z"


def test_the_answer_s_id_is_the_event_s(events, events_backend, order):
    answer = events.put_events(Entries=[order])
    assert answer["FailedEntryCount"] == 0
    assert answer["Entries"] == [{"EventId": events_backend.events[0].event["id"]}]


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (
            {"Source": None},
            "InvalidArgument",
            "Parameter Source is not valid. Reason: Source is a required argument.",
        ),
        (
            {"DetailType": ""},
            "InvalidArgument",
            "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
        ),
        (
            {"Detail": None},
            "InvalidArgument",
            "Parameter Detail is not valid. Reason: Detail is a required argument.",
        ),
        ({"Detail": "NotJSON"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": "{{}"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": "[]"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '"text"'}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"a": NaN}'}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"a": %s}' % ("[" * 5000)}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"a": ' + "[" * 5000 + "]" * 5000 + "}"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"a": %s}' % ("1" * 5000)}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"a": ' + "[" * 1000 + "]" * 1000 + "}"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"a": %s}' % ("1" * 1001)}, "MalformedDetail", "Detail is malformed."),
        ({"Source": "aws.ec2"}, "NotAuthorizedForSourceException", "Not authorized for the source."),
    ],
)
def test_a_bad_entry_fails_alone(events, events_backend, order, changes, code, message):
    bad = {name: value for name, value in (order | changes).items() if value is not None}
    answer = events.put_events(Entries=[order, bad, order])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][1] == {"ErrorCode": code, "ErrorMessage": message}
    assert [list(entry) for entry in answer["Entries"][::2]] == [["EventId"], ["EventId"]]
    assert events_backend.events[1].refused == f"{code}: {message}"
    assert events_backend.events[1].event is None
    assert events_backend.events[1].unmatched == []


def test_a_bus_that_is_in_another_region_only_is_named(events, events_backend, order):
    events_backend.client(region="eu-west-1").create_event_bus(Name="orders")
    events.put_events(Entries=[order | {"EventBusName": "orders"}])
    assert events_backend.events[0].dropped == (
        "there is no event bus 'orders' in 123456789012, us-east-1; there are default. "
        "There is a bus 'orders' in eu-west-1 of 123456789012"
    )


def test_a_source_of_aws_is_explained_to_the_tester(events, events_backend, order):
    events.put_events(Entries=[order | {"Source": "aws.shop"}])
    assert events_backend.events[0].hint == (
        "a Source that begins with 'aws.' is for AWS's own services; choose another one than 'aws.shop', "
        "or have the test send it: backend.emit(...)"
    )


def test_an_unknown_bus_swallows_the_event(events, events_backend, order):
    events.create_event_bus(Name="orders")
    answer = events.put_events(Entries=[order | {"EventBusName": "odrers"}])
    assert answer["FailedEntryCount"] == 0
    assert answer["Entries"][0]["EventId"]
    assert events_backend.events[0].dropped == (
        "there is no event bus 'odrers' in 123456789012, us-east-1; there are default, orders. Did you mean 'orders'?"
    )


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_an_unknown_bus_by_arn_swallows_it_too(events, events_backend, order, region):
    arn = f"arn:aws:events:{region}:123456789012:event-bus/nope"
    assert events.put_events(Entries=[order | {"EventBusName": arn}])["FailedEntryCount"] == 0
    assert arn in events_backend.events[0].dropped


def test_another_account_s_bus_sees_the_caller_s_account(events, events_backend, order):
    other = events_backend.client(account="222222222222")
    arn = other.create_event_bus(Name="theirs")["EventBusArn"]
    other.put_rule(Name="all", EventBusName="theirs", EventPattern='{"source": ["shop"]}')
    target = events_backend.target("all", bus="theirs", account="222222222222")
    events.put_events(Entries=[order | {"EventBusName": arn}])
    assert target.deliveries[0].event["account"] == "123456789012"
    assert target.deliveries[0].account == "222222222222"


def test_entries_are_limited_together(events, events_backend, order, error_of):
    half = '{"a":"%s"}' % ("x" * (512 * 1024))
    assert error_of(events.put_events, Entries=[order | {"Detail": half}] * 2) == (
        "ValidationException",
        "Total size of the entries in the request is over the limit.",
    )
    assert events_backend.events == []
    events_backend.quotas.put_events_bytes *= 2
    assert events.put_events(Entries=[order | {"Detail": half}] * 2)["FailedEntryCount"] == 0


def test_the_limit_is_one_mebibyte_to_the_byte(events, error_of):
    entry = {"Source": "s" * 27, "DetailType": "t" * 27}
    room = 1024 * 1024 - 54
    fits = '{"a":"%s"}' % ("x" * (room - 8))
    assert events.put_events(Entries=[entry | {"Detail": fits}])["FailedEntryCount"] == 0
    assert error_of(events.put_events, Entries=[entry | {"Detail": fits + " "}])[0] == "ValidationException"


def test_the_size_of_an_entry():
    assert size_of({}) == 0
    assert size_of({"Source": "é", "DetailType": "a", "Detail": "{}", "Resources": ["b", "cd"]}) == 8
    assert size_of({"Time": datetime(2026, 1, 1)}) == 14
    assert size_of({"EventBusName": "x" * 100, "TraceHeader": "x"}) == 0


def test_the_trace_header_of_the_entry_is_over_that_of_the_request(events, events_backend, received, order):
    def add_header(request, **_):
        request.headers["X-Amzn-Trace-Id"] = "Root=of-the-request"

    events.meta.events.register("before-sign.eventbridge.PutEvents", add_header)
    received(order, order | {"TraceHeader": "Root=of-the-entry"})
    assert [delivery.trace_header for delivery in events_backend.deliveries] == [
        "Root=of-the-request",
        "Root=of-the-entry",
    ]
    assert "Root" not in events_backend.deliveries[0].body


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        st.lists,
    )
)
def test_any_detail_arrives_as_it_was(value):
    from eventmock import mock_events

    with mock_events() as backend:
        from eventmock.services.call import Call
        from eventmock.services.events.put_events import put_events

        account = backend.state.accounts.get("123456789012", "us-east-1")
        detail = json.dumps({"value": value}, indent=2)
        put_events(Call(account, {}), {"Entries": [{"Source": "s", "DetailType": "t", "Detail": detail}]})
        assert json.dumps(backend.events[0].event["detail"]) == json.dumps({"value": value})


def test_a_name_that_is_repeated_matches_by_each_of_its_values(events, events_backend, order):
    events.put_rule(Name="r", EventPattern='{"detail": {"a": [1], "b": ["x"]}}')
    target = events_backend.target("r")
    events.put_events(Entries=[order | {"Detail": '{"a": 1, "a": 2, "b": "x"}'}])
    assert target.deliveries[0].body.endswith('"detail":{"a":1,"a":2,"b":"x"}}')


def test_rules_that_change_after_the_first_event_are_followed(events, events_backend, order):
    def matched():
        events.put_events(Entries=[order])
        return events_backend.events[-1].matched

    shop, other = '{"source": ["shop"]}', '{"source": ["other"]}'
    assert matched() == []
    events.put_rule(Name="b", EventPattern=shop)
    events.put_rule(Name="a", EventPattern=shop, State="DISABLED")
    assert matched() == ["b"]
    events.enable_rule(Name="a")
    assert matched() == ["a", "b"]
    events.put_rule(Name="b", EventPattern=other)
    assert matched() == ["a"]
    events.put_rule(Name="a", ScheduleExpression="rate(1 day)")
    assert matched() == []
    events.put_rule(Name="b", EventPattern=shop)
    events.disable_rule(Name="b")
    assert matched() == []
    events.delete_rule(Name="b")
    events.put_rule(Name="b", EventPattern=shop)
    assert matched() == ["b"]
    events.delete_rule(Name="b")
    assert matched() == []


def test_half_a_surrogate_pair_becomes_a_question_mark(received, order):
    [body] = received(
        order | {"Source": "a\ud800", "DetailType": "é\udfff", "Resources": ["\ud83d\ude00\ud800"]}
    )
    assert body.encode()
    assert '"detail-type":"é?","source":"a?"' in body


def test_a_year_has_four_digits(received, order):
    [body] = received(order | {"Time": datetime(999, 1, 1, tzinfo=UTC)})
    assert '"time":"0999-01-01T00:00:00Z"' in body


def test_an_integer_beyond_64_bits_is_delivered_as_it_is_written_and_told(
    events, events_backend, received, order
):
    [body] = received(order | {"Detail": '{"id":12345678901234567890123}'})
    assert body.endswith('"detail":{"id":12345678901234567890123}}')
    told = "the Detail holds the integer 12345678901234567890123, which is beyond 64 bits"
    assert told in events_backend.report()
    assert told in events_backend.report("html")
    assert told in str(events_backend.trace)
    assert events_backend.deliveries[0].status == "delivered"


def test_what_was_put_with_a_digit_less_is_not_told(events_backend, received, order):
    received(order | {"Detail": '{"id":1234567890123456789}'})
    assert events_backend.events[0].hint is None


def test_texts_that_many_events_share_are_stored_once(events, events_backend, order):
    for _ in range(2):
        events.put_events(Entries=[order | {"Detail": '{"state": "PAID"}'}])
    first, second = (received.envelope for received in events_backend.events)
    for name in ("source", "detail_type"):
        assert getattr(first, name) is getattr(second, name)
    [[one], [other]] = (event.shared_detail() for event in (first, second))
    assert one is other
    assert events_backend.events[0].source is first.source


def test_of_a_partners_source_it_is_said_how_a_test_sends_it(events, events_backend):
    events.put_events(Entries=[{"Source": "aws.partner/a.com/x", "DetailType": "t", "Detail": "{}"}])
    assert events_backend.events[0].hint.endswith(
        "or have the test send it: backend.partner_event_source(...)"
    )
