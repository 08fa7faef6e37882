"""What a test reads of the events that a custom event bus keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventmock import NoSuchBus, OptionError

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": '{"n": 1}'}
OTHER = "222222222222"


@pytest.fixture
def bus(create):
    return create()


@pytest.fixture
def put(client, bus):
    """A function that puts an event."""
    return lambda **members: client.put_events(EventBusArn=bus, Entries=[ENTRY | members])["Entries"][0]


def test_it_has_the_events_the_oldest_first(backend, bus, put):
    results = [put(), put(SystemMetadata={"EventGroupId": "g", "DeduplicationId": "d"})]
    log = backend.bus_log("orders")
    assert [event.id for event in log] == [result["EventId"] for result in results]
    assert [event.sequence_number for event in log] == [result["SequenceNumber"] for result in results]
    assert (log[1].event_group_id, log[1].deduplication_id) == ("g", "d")
    assert backend.bus_log(bus) == log
    assert (log[0].ingestion_time, log[0].account) == (BEGIN, "123456789012")


def test_the_content_has_the_three_members_of_deliveries(backend, client, bus):
    client.put_raw_events(
        EventBusArn=bus,
        Entries=[
            {
                "Data": b'{"n": 1}',
                "Metadata": {"k": "v"},
                "SystemMetadata": {
                    "ContentType": "application/json",
                    "EventGroupId": "g",
                    "DeduplicationId": "d",
                },
            }
        ],
    )
    [event] = backend.bus_log("orders")
    assert event.content == {
        "Data": {"n": 1},
        "Metadata": {"k": "v"},
        "SystemMetadata": {
            "ContentType": "application/json",
            "DeduplicationId": "d",
            "EventGroupId": "g",
            "aws:EventId": event.id,
            "aws:IngestionTime": "2027-01-01T00:00:00.000Z",
            "aws:SequenceNumber": "10000000000000001000",
        },
    }


def test_a_change_of_what_was_read_changes_nothing(backend, put):
    put()
    [event] = backend.bus_log("orders")
    event.content["Data"]["detail"]["n"] = 2
    event.metadata["k"] = "v"
    event.system_metadata.clear()
    [again] = backend.bus_log("orders")
    assert again.content["Data"]["detail"] == {"n": 1}
    assert again.metadata == {}
    assert again.system_metadata["EventGroupId"] == again.event_group_id


def test_what_retention_has_ended_is_missing(backend, put):
    put()
    backend.clock.advance(hours=12)
    put()
    backend.clock.advance(hours=12)
    assert len(backend.bus_log("orders")) == 2
    backend.clock.advance(seconds=1)
    [event] = backend.bus_log("orders")
    assert event.sequence_number == "10000000000000002000"
    backend.clock.advance(days=1)
    assert backend.bus_log("orders") == []


def test_refused_entries_and_duplicates_are_missing(backend, put):
    put(Detail="{")
    put(SystemMetadata={"DeduplicationId": "d"})
    put(SystemMetadata={"DeduplicationId": "d"})
    assert len(backend.bus_log("orders")) == 1


def test_it_is_printed_as_a_table(backend, client, bus, put):
    assert str(backend.bus_log("orders")) == "event bus orders keeps no events"
    put(SystemMetadata={"EventGroupId": "g", "DeduplicationId": "d"})
    raw = {
        "Data": b"\n1",
        "SystemMetadata": {
            "ContentType": "application/json",
            "EventGroupId": "a\x1bb" * 20,
            "DeduplicationId": "d",
        },
    }
    client.put_raw_events(EventBusArn=bus, Entries=[raw])
    head, names, first, second = str(backend.bus_log("orders")).split("\n")
    assert head == "event bus orders keeps 2 events:"
    assert names.split("  ")[0] == "ingested"
    start = names.index("what")
    assert first[start:].startswith("Order from shop   g ")
    assert second.startswith("2027-01-01 00:00:00  10000000000000002000  application/json  a\\x1bba")
    assert names.index("data") == first.index('{"version"') == second.index("\\n1")
    [sliced] = backend.bus_log("orders")[:1]
    assert str(backend.bus_log("orders")[:1]).startswith("event bus orders keeps 1 event:")
    assert str(sliced).split("  ")[:3] == ["2027-01-01 00:00:00", "10000000000000001000", "Order from shop"]


class TestNoSuchBus:
    def test_a_near_name_is_told(self, backend, bus):
        with pytest.raises(NoSuchBus, match=r"custom event buses there: orders\. Did you mean 'orders'\?"):
            backend.bus_log("order")

    def test_other_places_are_told(self, backend, bus):
        with pytest.raises(
            NoSuchBus, match=f"There is one with region='us-east-1', account='{'123456789012'}'"
        ):
            backend.bus_log("orders", region="eu-west-1", account=OTHER)

    def test_a_classic_bus_is_told(self, backend):
        with pytest.raises(NoSuchBus, match=r"none\. The event bus of that name is a Classic one"):
            backend.bus_log("default")

    def test_a_wrong_value_is_told(self, backend):
        with pytest.raises(OptionError, match="wanted the name or ARN of a custom event bus"):
            backend.bus_log(None)


def test_a_bus_of_another_place(backend):
    client = backend.client("eventbridgev2", region="eu-west-1", account=OTHER)
    arn = client.create_event_bus(Name="orders")["EventBusArn"]
    client.put_events(EventBusArn=arn, Entries=[ENTRY])
    assert len(backend.bus_log("orders", region="eu-west-1", account=OTHER)) == 1
    assert len(backend.bus_log(arn)) == 1


class TestQuota:
    def test_more_events_than_the_test_allows_are_an_error_of_the_test(self, backend, put):
        backend.custom_buses.quotas.retained_events = 2
        put()
        put()
        with pytest.raises(
            OptionError, match=r"the event bus orders of 123456789012, us-east-1 keeps 2 events"
        ):
            put()
        assert len(backend.bus_log("orders")) == 2
        assert "the call broke off" in backend.events[2].refused
        backend.custom_buses.quotas.retained_events = None
        put()

    def test_what_retention_has_ended_makes_room(self, backend, put):
        backend.custom_buses.quotas.retained_events = 1
        put()
        backend.clock.advance(timedelta(days=1, seconds=1))
        put()

    @pytest.mark.parametrize("wrong", [-1, 1.5, "1", True])
    def test_it_is_a_number_or_none(self, backend, wrong):
        with pytest.raises(OptionError, match="wanted a whole number"):
            backend.custom_buses.quotas.retained_events = wrong
