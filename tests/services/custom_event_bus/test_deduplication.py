"""Deduplication on custom event buses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from eventmock import mock_events
from eventmock.services.custom_event_bus.deduplication import WINDOW, Deduplication

ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": '{"n": 1}'}
RAW = {"Data": b"{}", "SystemMetadata": {"ContentType": "application/json"}}
BY_CONTENT = {"DeduplicationConfiguration": {"DeduplicationType": "CONTENT_BASED"}}
PUBLISHED, DEDUPLICATED = "PUBLISHED", "DEDUPLICATED"
OTHER = "222222222222"


@pytest.fixture
def bus(create):
    return create()


@pytest.fixture
def put(client, bus):
    """A function that puts an event for each dictionary of members, and gives the results."""

    def put(*changes, arn=None, by=client, **members):
        entries = [ENTRY | change for change in changes]
        return by.put_events(EventBusArn=arn or bus, Entries=entries, **members)["Entries"]

    return put


def named(deduplication_id="once", group=None, **members):
    names = {"DeduplicationId": deduplication_id}
    return members | {"SystemMetadata": names if group is None else names | {"EventGroupId": group}}


def codes(results):
    return [result["SuccessCode"] for result in results]


class TestById:
    def test_the_second_event_is_a_duplicate_with_the_ids_of_the_first(self, backend, put):
        [first] = put(named())
        [second] = put(named(Detail="2", Source="other"))
        assert first["SuccessCode"] == PUBLISHED
        assert second == first | {"SuccessCode": DEDUPLICATED}
        assert len(backend.bus_log("orders")) == 1

    def test_inside_one_request_the_first_one_wins(self, backend, put):
        results = put(named(Detail="1"), named(Detail="2"), named("other"))
        assert codes(results) == [PUBLISHED, DEDUPLICATED, PUBLISHED]
        assert backend.bus_log("orders")[0].content["Data"]["detail"] == 1
        assert results[2]["SequenceNumber"] == "10000000000000002000"

    def test_it_does_not_count_as_failed(self, client, bus):
        answer = client.put_events(EventBusArn=bus, Entries=[ENTRY | named(), ENTRY | named()])
        assert answer["FailedEntryCount"] == 0

    def test_the_window_is_300_seconds_after_the_first(self, backend, put):
        put(named())
        backend.clock.advance(seconds=299)
        assert codes(put(named())) == [DEDUPLICATED]
        backend.clock.advance(seconds=2)
        assert codes(put(named())) == [PUBLISHED]
        backend.clock.advance(seconds=299)
        assert codes(put(named())) == [DEDUPLICATED]

    def test_groups_are_apart(self, put):
        assert codes(put(named(), named(group="a"), named(group="b"), named(group="a"), named())) == [
            PUBLISHED,
            PUBLISHED,
            PUBLISHED,
            DEDUPLICATED,
            DEDUPLICATED,
        ]

    def test_buses_are_apart(self, create, put):
        put(named())
        assert codes(put(named(), arn=create("other"))) == [PUBLISHED]

    def test_a_refused_entry_is_no_first(self, put):
        [refused, published] = put(named(Detail="{"), named())
        assert "ErrorCode" in refused
        assert published["SuccessCode"] == PUBLISHED

    def test_both_operations_share_the_ids(self, client, bus, put):
        [first] = put(named())
        raw = RAW | {"SystemMetadata": RAW["SystemMetadata"] | {"DeduplicationId": "once"}}
        [second] = client.put_raw_events(EventBusArn=bus, Entries=[raw])["Entries"]
        assert second == first | {"SuccessCode": DEDUPLICATED}

    def test_the_id_is_shown(self, backend, put):
        put(named("d-1", group="g-1"))
        [event] = backend.bus_log("orders")
        assert (event.deduplication_id, event.event_group_id) == ("d-1", "g-1")

    def test_a_duplicate_is_told_to_the_tester(self, backend, put):
        [first] = put(named())
        backend.clock.advance(seconds=7)
        put(named())
        assert f"it repeats the event {first['EventId']}, which came 7 s before" in backend.events[1].hint


class TestByContent:
    @pytest.mark.parametrize(
        "change",
        [
            {"Source": "other"},
            {"DetailType": "Other"},
            {"Detail": '{"n": 2}'},
            {"Resources": ["arn:aws:s3:::b"]},
            {"Time": datetime(2026, 1, 1, tzinfo=UTC)},
            {"SystemMetadata": {"EventGroupId": "g"}},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_all_members_count(self, put, change):
        assert codes(put({}, change, {}, change, **BY_CONTENT)) == [
            PUBLISHED,
            PUBLISHED,
            DEDUPLICATED,
            DEDUPLICATED,
        ]

    def test_the_moment_of_the_arrival_does_not_count(self, backend, put):
        put({}, **BY_CONTENT)
        backend.clock.advance(seconds=20)
        assert codes(put({}, **BY_CONTENT)) == [DEDUPLICATED]

    def test_parts_are_not_confused_with_each_other(self, put):
        assert (
            codes(
                put(
                    {"Source": "a", "DetailType": "bc"},
                    {"Source": "ab", "DetailType": "c"},
                    {"Resources": ["a", "b"]},
                    {"Resources": ["ab"]},
                    **BY_CONTENT,
                )
            )
            == [PUBLISHED] * 4
        )

    def test_an_id_of_the_entry_counts_in_its_place(self, put):
        assert codes(put(named("a"), named("b"), named("a", Detail="2"), **BY_CONTENT)) == [
            PUBLISHED,
            PUBLISHED,
            DEDUPLICATED,
        ]

    def test_ids_and_contents_do_not_meet(self, put):
        assert codes(put({}, **BY_CONTENT) + put(named()) + put({}, **BY_CONTENT)) == [
            PUBLISHED,
            PUBLISHED,
            DEDUPLICATED,
        ]

    def test_without_it_equal_events_are_two(self, put):
        assert codes(put({}, {}) + put({})) == [PUBLISHED] * 3

    def test_of_raw_events_data_metadata_and_content_type_count(self, client, bus):
        octets = {"SystemMetadata": {"ContentType": "application/octet-stream"}}
        changes = [
            {},
            {"Data": b"[]"},
            {"Metadata": {"a": "b", "c": "d"}},
            octets,
            {"Metadata": {"c": "d", "a": "b"}},
            {},
        ]
        entries = [RAW | change for change in changes]
        answer = client.put_raw_events(EventBusArn=bus, Entries=entries, **BY_CONTENT)
        assert codes(answer["Entries"]) == [PUBLISHED] * 4 + [DEDUPLICATED] * 2


class TestPart:
    def test_a_reset_forgets(self, backend, client, put):
        put(named())
        backend.reset()
        arn = client.create_event_bus(Name="orders")["EventBusArn"]
        assert codes(put(named(), arn=arn)) == [PUBLISHED]

    def test_a_snapshot_keeps(self, backend, put):
        put(named("before"))
        snapshot = backend.snapshot()
        put(named("after"))
        for _ in range(2):
            backend.restore(snapshot)
            assert codes(put(named("before"), named("after"))) == [DEDUPLICATED, PUBLISHED]

    def test_what_is_older_than_the_window_is_not_kept(self, backend, put):
        for number in range(50):
            put(named(str(number)))
            backend.clock.advance(seconds=60)
        with backend.state.lock:
            assert len(backend.state.part(Deduplication)) == 5

    def test_accounts_are_apart(self, backend, bus):
        from eventmock.services.custom_event_bus.event_bus import bus_of_arn
        from eventmock.services.custom_event_bus.publishing import arrive, publish

        state, found = backend.state, []

        def publish_of(publisher):
            received = arrive(state, bus_of_arn(state, bus), publisher=publisher)
            publish(state, received, data=b"{}", content_type="application/json", deduplication_id="once")
            found.append(received.duplicate_of is None)

        for publisher in ("123456789012", OTHER, OTHER):
            state.perform(lambda publisher=publisher: publish_of(publisher))
        assert found == [True, True, False]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 100, 299, 300, 301]),
            st.sampled_from(["a", "b"]),
            st.sampled_from([None, "g", "h"]),
            st.booleans(),
        ),
        max_size=20,
    )
)
def test_it_does_what_a_naive_model_does(steps):
    with mock_events(start_time="2027-01-01T00:00:00Z") as backend:
        client = backend.client("eventbridgev2")
        arn = client.create_event_bus(Name="orders")["EventBusArn"]
        kept = []
        for seconds, value, group, by_id in steps:
            backend.clock.advance(seconds=seconds)
            now = backend.clock.now()
            names = ({} if group is None else {"EventGroupId": group}) | (
                {"DeduplicationId": value} if by_id else {}
            )
            entry = ENTRY | {"Detail": f'"{value}"'} | ({"SystemMetadata": names} if names else {})
            members = {} if by_id else BY_CONTENT
            [result] = client.put_events(EventBusArn=arn, Entries=[entry], **members)["Entries"]
            key = group, by_id, value
            firsts = [given for time, other, given in kept if other == key and now - time < WINDOW]
            if firsts:
                assert result == firsts[-1] | {"SuccessCode": DEDUPLICATED}
            else:
                assert result["SuccessCode"] == PUBLISHED
                kept.append((now, key, result))
        assert len(backend.bus_log("orders")) == len(kept)


def test_the_window_is_that_of_the_documentation():
    assert timedelta(seconds=300) == WINDOW
