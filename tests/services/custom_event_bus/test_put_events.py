"""PutEvents of the Custom Event Bus."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": '{"n": 1}'}
MOST = 1_048_576
OTHER = "222222222222"


@pytest.fixture
def bus(create):
    return create()


@pytest.fixture
def put(client, bus, answer_of):
    """A function that puts an event for each dictionary of members, and gives the answer."""

    def put(*changes, **members):
        entries = [ENTRY | change for change in changes or ({},)]
        return answer_of(client.put_events, EventBusArn=bus, Entries=entries, **members)

    return put


class TestResult:
    def test_it_has_three_members(self, put):
        answer = put({}, {})
        assert answer["FailedEntryCount"] == 0
        first, second = answer["Entries"]
        assert first.keys() == {"EventId", "SequenceNumber", "SuccessCode"}
        assert UUID.fullmatch(first["EventId"])
        assert first["EventId"] != second["EventId"]
        assert (first["SequenceNumber"], second["SequenceNumber"]) == (
            "10000000000000001000",
            "10000000000000002000",
        )
        assert first["SuccessCode"] == second["SuccessCode"] == "PUBLISHED"

    def test_a_refused_entry_keeps_its_place(self, put):
        answer = put({}, {"Detail": "{"}, {}, {"Source": "aws.shop"})
        assert answer["FailedEntryCount"] == 2
        assert [entry.get("SuccessCode") for entry in answer["Entries"]] == [
            "PUBLISHED",
            None,
            "PUBLISHED",
            None,
        ]
        assert answer["Entries"][1] == {
            "ErrorCode": "VALIDATION_ERROR",
            "ErrorMessage": "Detail is not valid JSON.",
        }
        assert answer["Entries"][3] == {
            "ErrorCode": "VALIDATION_ERROR",
            "ErrorMessage": "Source must not begin with 'aws.'.",
        }
        assert answer["Entries"][2]["SequenceNumber"] == "10000000000000002000"

    def test_each_bus_counts_for_itself(self, client, create, put):
        put({}, {})
        [entry] = client.put_events(EventBusArn=create("other"), Entries=[ENTRY])["Entries"]
        assert entry["SequenceNumber"] == "10000000000000001000"


class TestEnvelope:
    def test_it_has_all_members_in_order(self, backend, put):
        [result] = put({})["Entries"]
        [event] = backend.bus_log("orders")
        text = event.data.decode()
        envelope = json.loads(text)
        assert UUID.fullmatch(envelope["id"])
        assert envelope["id"] != result["EventId"] == event.id
        assert text == (
            f'{{"version":"0","id":"{envelope["id"]}","detail-type":"Order","source":"shop",'
            '"account":"123456789012","time":"2027-01-01T00:00:00Z","region":"us-east-1","resources":[],'
            '"detail":{"n":1}}'
        )

    @pytest.mark.parametrize(
        ("detail", "kept"),
        [
            ('{"a": 1.0, "b": 1e2, "a": "\\u00e9"}', '{"a":1.0,"b":1e2,"a":"\\u00e9"}'),
            ("[1, 2]", "[1,2]"),
            ('"a b"', '"a b"'),
            (" 1 ", "1"),
            ("null", "null"),
            ("true", "true"),
            (None, "{}"),
        ],
    )
    def test_the_detail_is_json_of_any_type_and_keeps_its_text(self, backend, client, bus, detail, kept):
        entry = ENTRY | {"Detail": detail}
        if detail is None:
            del entry["Detail"]
        client.put_events(EventBusArn=bus, Entries=[entry])
        [event] = backend.bus_log("orders")
        assert event.data.decode().endswith(f'"detail":{kept}}}')

    @pytest.mark.parametrize(
        ("time", "shown"),
        [
            (datetime(2026, 8, 31, 7, 23, 37, 890_000, tzinfo=UTC), "2026-08-31T07:23:37Z"),
            (datetime(2026, 8, 31, 9, 0, tzinfo=timezone(timedelta(hours=2))), "2026-08-31T07:00:00Z"),
        ],
    )
    def test_the_time_of_the_entry_is_in_whole_seconds(self, backend, put, time, shown):
        put({"Time": time})
        assert backend.events[0].event["time"] == shown
        assert backend.bus_log("orders")[0].ingestion_time == BEGIN

    def test_resources_are_kept(self, backend, put):
        put({"Resources": ["arn:aws:s3:::b", "x"]})
        assert backend.events[0].event["resources"] == ["arn:aws:s3:::b", "x"]

    def test_the_region_is_that_of_the_bus(self, backend, put):
        client = backend.client("eventbridgev2", region="eu-west-1")
        arn = client.create_event_bus(Name="orders")["EventBusArn"]
        client.put_events(EventBusArn=arn, Entries=[ENTRY])
        assert backend.events[0].event["region"] == "eu-west-1"
        assert len(backend.bus_log("orders", region="eu-west-1")) == 1


class TestEntryRefused:
    @pytest.mark.parametrize(
        ("detail", "hint"),
        [
            ("", "Expecting value"),
            ("{", "it must be JSON"),
            ("[1,", "it must be JSON"),
            ("{'n': 1}", "this is how Python writes a dictionary"),
            ("{} {}", "there is text behind its end"),
            ('1,"x":2', "Extra data"),
            ('{"n": NaN}', "NaN"),
            ("[NaN]", "NaN"),
            ("Infinity", "Infinity"),
            ("[" * 1001 + "]" * 1001, "1,?000"),
            ('{"n": ' + "1" * 1001 + "}", "1,?000 digits"),
            ("[" + "1" * 5000 + "]", "1,?000 digits"),
        ],
        ids=lambda text: text[:12] or "empty",
    )
    def test_by_a_detail_that_is_not_json(self, backend, put, detail, hint):
        [entry] = put({"Detail": detail})["Entries"]
        assert entry == {"ErrorCode": "VALIDATION_ERROR", "ErrorMessage": "Detail is not valid JSON."}
        [event] = backend.events
        assert event.refused == "VALIDATION_ERROR: Detail is not valid JSON."
        assert re.search(hint, event.hint)
        assert len(backend.bus_log("orders")) == 0

    @pytest.mark.parametrize("source", ["AWS.shop", "aws", "awsome", " aws.x"])
    def test_only_the_exact_prefix_of_aws_is_refused(self, put, source):
        assert put({"Source": source})["FailedEntryCount"] == 0

    def test_by_a_fault(self, backend, put):
        backend.faults.inject(
            "THROTTLING", operation="PutEvents", service="eventbridgev2", times=1, entry=True
        )
        answer = put({}, {})
        assert answer["FailedEntryCount"] == 1
        assert answer["Entries"][0] == {"ErrorCode": "THROTTLING", "ErrorMessage": "Rate exceeded"}
        assert backend.events[0].hint == "a fault of the test refused it, not AWS"

    def test_by_a_fault_with_a_predicate(self, backend, put):
        def is_second(entry):
            return entry["Detail"] == "2"

        backend.faults.inject("INTERNAL", operation="PutEvents", entry=is_second, message="no")
        codes = [entry.get("ErrorCode") for entry in put(*({"Detail": str(n)} for n in (1, 2, 3)))["Entries"]]
        assert codes == [None, "INTERNAL", None]


class TestRequestRefused:
    def test_by_its_size(self, backend, client, bus, error_of):
        room = MOST - len("shop") - len("Order") - len('""')
        most = ENTRY | {"Detail": f'"{"a" * room}"'}
        assert client.put_events(EventBusArn=bus, Entries=[most])["FailedEntryCount"] == 0
        code, _ = error_of(
            client.put_events, EventBusArn=bus, Entries=[most, {"Source": "s", "DetailType": "t"}]
        )
        assert code == "InvalidInputException"
        assert "the 2 entries have 1,048,578 bytes together, and 1,048,576 is the most" in str(backend.trace)
        assert len(backend.events) == 1

    def test_group_and_deduplication_id_and_time_count(self, client, bus, error_of):
        room = MOST - len("shop") - len("Order") - len('""') - len("group") - len("once") - 14 - len("r")
        ids = {"EventGroupId": "group", "DeduplicationId": "once"}
        entry = ENTRY | {"Time": BEGIN, "SystemMetadata": ids, "Resources": ["r"]}
        fits = entry | {"Detail": f'"{"a" * room}"'}
        assert client.put_events(EventBusArn=bus, Entries=[fits])["FailedEntryCount"] == 0
        too_long = entry | {"Detail": f'"{"a" * (room + 1)}"'}
        assert error_of(client.put_events, EventBusArn=bus, Entries=[too_long])[0] == "InvalidInputException"

    @pytest.mark.parametrize("number", [101, 250])
    def test_by_the_number_of_entries(self, client, bus, error_of, number):
        code, message = error_of(client.put_events, EventBusArn=bus, Entries=[ENTRY] * number)
        assert code == "InvalidInputException"
        assert "'entries' failed to satisfy constraint" in message

    def test_a_hundred_entries_are_taken(self, put):
        assert len(put(*[{}] * 100)["Entries"]) == 100

    def test_by_a_bus_that_does_not_exist(self, backend, client, bus, error_of):
        unknown = bus[:-1] + ("a" if bus[-1] != "a" else "b")
        code, message = error_of(client.put_events, EventBusArn=unknown, Entries=[ENTRY])
        assert (code, message) == ("ResourceNotFoundException", f"Event bus {unknown} does not exist.")
        assert backend.events == []

    def test_the_entries_are_checked_before_the_bus(self, client, bus, error_of):
        unknown = bus[:-1] + ("a" if bus[-1] != "a" else "b")
        large = ENTRY | {"Detail": f'"{"a" * MOST}"'}
        assert error_of(client.put_events, EventBusArn=unknown, Entries=[large])[0] == "InvalidInputException"

    def test_by_the_state_of_the_bus(self, backend, client, create, error_of):
        backend.delays.custom_event_bus = timedelta(seconds=5)
        arn = create("later")
        code, message = error_of(client.put_events, EventBusArn=arn, Entries=[ENTRY])
        assert (code, message) == (
            "InvalidStateException",
            "EventBus is in invalid state for PutEvents. Must be in one of [ACTIVE, UPDATING, UPDATE_FAILED]",
        )

    def test_by_another_account(self, backend, bus, error_of):
        other = backend.client("eventbridgev2", account=OTHER)
        assert error_of(other.put_events, EventBusArn=bus, Entries=[ENTRY]) == (
            "AccessDeniedException",
            "Access denied.",
        )

    def test_by_a_fault(self, backend, client, bus, error_of):
        backend.faults.inject(
            "ThrottlingException", operation="PutEvents", service="eventbridgev2", request=True
        )
        assert error_of(client.put_events, EventBusArn=bus, Entries=[ENTRY])[0] == "ThrottlingException"
        assert len(backend.bus_log("orders")) == 0


class TestTester:
    def test_the_trace_says_what_came(self, backend, put):
        put({})
        assert '#1 Order from shop put on "orders" of 123456789012 in us-east-1' in str(backend.trace)

    def test_a_detail_that_was_dumped_twice_is_told(self, backend, put):
        put({"Detail": json.dumps(json.dumps({"n": 1}))}, {"Detail": '"text"'})
        assert "json.dumps(...) was called twice" in backend.events[0].hint
        assert backend.events[1].hint is None

    def test_an_integer_beyond_64_bits_is_told(self, backend, put):
        put({"Detail": f'{{"n": {2**70}}}'})
        assert f"the integer {2**70}" in backend.events[0].hint

    def test_a_naive_time_is_told_once(self, backend, put, monkeypatch):
        from eventmock.values import moments

        monkeypatch.setattr(
            moments.NAIVE_MOMENTS, "_offsets", {datetime(2027, 1, 1, 9, tzinfo=UTC): timedelta(hours=9)}
        )
        put({"Time": datetime(2027, 1, 1, 9, tzinfo=UTC)}, {"Time": datetime(2027, 1, 1, 9, tzinfo=UTC)})
        assert "its Time was a naive datetime" in backend.events[0].time_hint
        assert backend.events[1].time_hint is None

    def test_a_schema_judges_the_event(self):
        schema = {"type": "object", "properties": {"n": {"type": "string"}}}
        with mock_events(start_time="2027-01-01T00:00:00Z") as backend:
            backend.schemas.add("shop", "Order", schema)
            client = backend.client("eventbridgev2")
            arn = client.create_event_bus(Name="orders")["EventBusArn"]
            with backend.schemas.expect_violation() as violations:
                answer = client.put_events(EventBusArn=arn, Entries=[ENTRY, ENTRY | {"Detail": '{"n": "1"}'}])
            assert [violation.path for violation in violations] == ["detail.n"]
            assert answer["FailedEntryCount"] == 0


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**70), 2**70)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8"), max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    st.booleans(),
)
def test_any_json_arrives_unchanged(detail, ensure_ascii):
    text = json.dumps(detail, ensure_ascii=ensure_ascii)
    with mock_events() as backend:
        client = backend.client("eventbridgev2")
        arn = client.create_event_bus(Name="orders")["EventBusArn"]
        assert client.put_events(EventBusArn=arn, Entries=[ENTRY | {"Detail": text}])["FailedEntryCount"] == 0
        assert backend.bus_log("orders")[0].content["Data"]["detail"] == detail
