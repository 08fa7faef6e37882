"""What tests have tried of subscribers, as the journal of a mock shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventmock import mock_events
from eventmock.coverage.collector import Collector
from eventmock.coverage.data import read_text
from eventmock.coverage.listing import listing_of
from eventmock.coverage.missing import missing_of
from eventmock.coverage.page import page_of
from eventmock.coverage.table import table_of

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship"
FIFO_QUEUE = "arn:aws:sqs:us-east-1:123456789012:ship.fifo"
LETTERS = "arn:aws:sqs:us-east-1:123456789012:letters"
PAID = {"source": ["shop"], "detail": {"state": ["PAID", "PREPAID"]}}
SMALL = {"detail": {"n": [1]}}
GROUP_A = {"EventGroupId": ["a"]}


@pytest.fixture
def collector(backend):
    collector = Collector(Path.cwd())
    collector.watch(backend)
    collector.test = "a test"
    return collector


def filters(**by_scope):
    return {"Filters": [{"Scope": scope, "Pattern": json.dumps(one)} for scope, one in by_scope.items()]}


def read(collector):
    collector.read()
    assert not collector.errors
    return list(collector.data)


def only(collector):
    """The only subject of the data, after the journal was read."""
    [covered] = read(collector)
    return covered


def missed(covered):
    return [point.text for point in covered.missed]


def tried(covered, kind):
    """The texts of the points of a kind that were tried, in the order of the definition."""
    return [one.text for one in covered.ordered_points if one.kind == kind and one.key in covered.tried]


def test_a_subscriber_that_got_no_event_is_a_subject_of_which_nothing_was_tried(collector, subscribe):
    subscribe(FilterConfiguration=filters(DATA=SMALL))
    covered = only(collector)
    assert (covered.kind, covered.place, covered.names) == ("subscriber", "orders", {"ship"})
    assert covered.definition == {
        "FilterConfiguration": {"Filters": [{"Scope": "DATA", "Pattern": '{"detail": {"n": [1]}}'}]},
        "Type": "UNORDERED",
        "StartingPosition": "LATEST",
        "BatchConfiguration": {"MaxBatchWindowInSeconds": 0},
        "Transformer": {"Type": "RAW"},
        "State": "RUNNING",
    }
    assert missed(covered) == [
        "DATA.detail.n 1",
        "DATA.detail.n refuses",
        "sqs ship gets events",
        "sqs ship fails",
    ]
    assert not covered.tried
    assert missing_of(covered) == ["got no event"]


@pytest.mark.parametrize("members", [{}, {"FilterConfiguration": filters(DATA=SMALL)}], ids=["all", "some"])
def test_a_stopped_subscriber_says_so(collector, subscribe, members):
    subscribe(State="STOPPED", **members)
    assert missing_of(only(collector)) == ["stopped, and got no event"]


def test_events_that_match_and_are_delivered_are_counted(collector, subscribed):
    subscribed.subscribe(FilterConfiguration=filters(DATA=SMALL))
    subscribed.publish(1, 1, 2)
    covered = only(collector)
    assert covered.counts == {"matched": 2, "refused": 1, f"delivered {QUEUE}": 2}
    assert missed(covered) == ["sqs ship fails"]
    assert covered.tests == {"a test"}


def test_the_shortest_event_that_matched_is_kept_as_a_subscriber_sees_it(collector, subscribed):
    subscribed.subscribe()
    subscribed.publish(1234, 5, 678)
    event = json.loads(only(collector).event)
    assert list(event) == ["Data", "Metadata", "SystemMetadata"]
    assert event["Data"]["detail"] == {"n": 5}


def test_a_subscriber_without_filters_that_got_nothing_delivered_says_so(collector, subscribed):
    subscribed.subscribe()
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1)
    assert missing_of(only(collector)) == ["nothing delivered to: sqs ship"]


def test_a_filter_that_never_matched_implies_the_rest(collector, subscribed):
    subscribed.subscribe(FilterConfiguration=filters(DATA=SMALL))
    subscribed.publish(2)
    assert missing_of(only(collector)) == ["never matched (1 event refused)"]


def test_each_scope_has_the_points_of_its_pattern(collector, subscribed):
    subscribed.subscribe(
        FilterConfiguration=filters(
            DATA={"$or": [{"detail": {"n": [1]}}, {"source": ["x"]}]},
            METADATA={"tenant": ["blue"]},
            SYSTEM_METADATA=GROUP_A,
        )
    )
    assert [point.text for point in only(collector).ordered_points if point.where] == [
        "DATA $or branch 1 (detail.n)",
        "DATA.detail.n 1",
        "DATA.detail.n refuses",
        "DATA $or branch 2 (source)",
        'DATA.source "x"',
        "DATA.source refuses",
        'METADATA.tenant "blue"',
        "METADATA.tenant refuses",
        'SYSTEM_METADATA.EventGroupId "a"',
        "SYSTEM_METADATA.EventGroupId refuses",
    ]


def test_a_value_of_a_scope_is_tried_by_an_event_that_all_scopes_match(collector, subscribed):
    subscribed.subscribe(FilterConfiguration=filters(DATA={"detail": {"n": [1, 2]}}, SYSTEM_METADATA=GROUP_A))
    subscribed.publish(1, group="a")
    subscribed.publish(2, group="b")
    covered = only(collector)
    assert tried(covered, "value") == ["DATA.detail.n 1", 'SYSTEM_METADATA.EventGroupId "a"']
    assert "never tried: DATA.detail.n 2" in missing_of(covered)


def test_a_field_refuses_alone_if_all_other_scopes_match(collector, subscribed):
    subscribed.subscribe(FilterConfiguration=filters(DATA=SMALL, SYSTEM_METADATA=GROUP_A))
    subscribed.publish(2, group="b")
    assert tried(only(collector), "refusal") == []
    subscribed.publish(2, group="a")
    assert tried(only(collector), "refusal") == ["DATA.detail.n refuses"]
    subscribed.publish(1, group="b")
    assert tried(only(collector), "refusal") == [
        "DATA.detail.n refuses",
        "SYSTEM_METADATA.EventGroupId refuses",
    ]


def test_a_field_refuses_alone_if_the_rest_of_its_pattern_matches(collector, subscribed):
    both = {"source": ["shop"], "detail": {"n": [1]}}
    subscribed.subscribe(FilterConfiguration=filters(DATA=both))
    subscribed.publish(2, Source="x")
    assert tried(only(collector), "refusal") == []
    subscribed.publish(1, Source="x")
    assert tried(only(collector), "refusal") == ["DATA.source refuses"]
    assert "never refused only by: DATA.detail.n" in missing_of(only(collector))


def test_two_subscribers_with_one_pattern_try_their_own_refusals(collector, subscribed):
    subscribed.subscribe("one", FilterConfiguration=filters(DATA=PAID))
    subscribed.publish(1)
    first = only(collector)
    assert tried(first, "refusal") == ["DATA.detail.state refuses"]
    subscribed.subscribe("other", FilterConfiguration=filters(DATA=PAID))
    second = next(one for one in read(collector) if one is not first)
    assert tried(second, "refusal") == []
    subscribed.publish(1)
    read(collector)
    assert tried(second, "refusal") == ["DATA.detail.state refuses"]


def test_a_pattern_that_is_an_array_has_values_of_the_scope(collector, subscribed, client):
    subscribed.subscribe(FilterConfiguration=filters(DATA=["red", "blue"]))
    entries = [
        {"Data": data, "SystemMetadata": {"ContentType": "application/json"}} for data in (b'"red"', b'"x"')
    ]
    client.put_raw_events(EventBusArn=subscribed.bus, Entries=entries)
    covered = only(collector)
    assert tried(covered, "value") == ['DATA "red"']
    assert tried(covered, "refusal") == ["DATA refuses"]
    assert 'never tried: DATA "blue"' in missing_of(covered)
    page_of(collector.data)


def test_binary_data_try_no_refusal(collector, subscribed, client):
    subscribed.subscribe(FilterConfiguration=filters(DATA=SMALL))
    entry = {"Data": b"\xff", "SystemMetadata": {"ContentType": "application/octet-stream"}}
    client.put_raw_events(EventBusArn=subscribed.bus, Entries=[entry])
    covered = only(collector)
    assert covered.counts == {"refused": 1}
    assert not covered.tried


def test_a_failure_and_a_dead_letter_are_tried(collector, subscribed, backend):
    subscribed.subscribe(OnFailureConfiguration={"Arn": LETTERS}, RetryPolicy={"MaxRetryAttempts": 2})
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1)
    covered = only(collector)
    assert missed(covered) == ["sqs ship fails for good: sqs letters", "sqs ship gets events"]
    backend.clock.advance(hours=1)
    assert missed(only(collector)) == ["sqs ship gets events"]
    assert covered.counts == {"matched": 1, f"retried {QUEUE}": 2, f"dead-lettered {QUEUE}": 1}


def test_a_delivery_without_retries_is_not_counted_as_retried(collector, subscribed):
    subscribed.subscribe(RetryPolicy={"MaxRetryAttempts": 0})
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1)
    covered = only(collector)
    assert covered.counts == {"matched": 1, f"dropped {QUEUE}": 1}
    assert tried(covered, "failure") == ["sqs ship fails"]


def test_what_is_skipped_without_an_attempt_is_no_failure(collector, subscribed, client):
    subscribed.subscribe(BatchConfiguration={"MaxBatchSize": 5, "MaxBatchWindowInSeconds": 60})
    subscribed.publish(1)
    client.delete_subscriber(SubscriberArn=subscribed.arns["ship"])
    covered = only(collector)
    assert covered.counts == {"matched": 1, f"dropped {QUEUE}": 1}
    assert not covered.tried


def test_a_path_of_the_transformer_is_tried_by_an_event_that_has_a_value_there(collector, subscribed):
    expression = '{% {"n": $events.Data.detail.n, "by": $events.Data.detail.by} %}'
    subscribed.subscribe(Transformer={"Type": "JSONATA", "JsonataConfiguration": {"Expression": expression}})
    subscribed.publish(1)
    covered = only(collector)
    assert tried(covered, "input") == ["sqs ship: Transformer $events.Data.detail.n has a value"]
    assert missing_of(covered) == [
        "never failed: sqs ship",
        "no value for Transformer $events.Data.detail.by in the input of sqs ship",
    ]


def test_the_expressions_of_parameters_are_tried(collector, subscribed):
    delay = {"SqsParameters": {"DelaySeconds": "{% $events.Data.detail.n %}", "MessageGroupId": "g"}}
    subscribed.subscribe(queue=FIFO_QUEUE, Invoke=delay)
    subscribed.publish(1)
    assert tried(only(collector), "input") == [
        "sqs ship.fifo: SqsParameters.DelaySeconds $events.Data.detail.n has a value"
    ]


def test_a_call_with_several_events_is_a_point_if_the_size_is_given(collector, subscribed):
    subscribed.subscribe(BatchConfiguration={"MaxBatchSize": 2, "MaxBatchWindowInSeconds": 0})
    subscribed.publish(1)
    assert "no call with several events to: sqs ship" in missing_of(only(collector))
    subscribed.publish(1, 2)
    assert tried(only(collector), "batch") == ["sqs ship gets several events in one call"]


@pytest.mark.parametrize(
    "members", [{}, {"BatchConfiguration": {"MaxBatchSize": 1, "MaxBatchWindowInSeconds": 0}}]
)
def test_a_subscriber_of_single_events_or_of_no_given_size_has_no_batch_to_try(
    collector, subscribed, members
):
    subscribed.subscribe(**members)
    assert "batch" not in {point.kind for point in only(collector).points.values()}


ONE = {"MaxBatchSize": 1, "MaxBatchWindowInSeconds": 0}


def test_an_event_that_waits_for_another_one_of_its_group_is_a_point_of_fifo(collector, subscribed, backend):
    subscribed.subscribe(queue=FIFO_QUEUE, Type="FIFO", BatchConfiguration=ONE)
    subscribed.failing["ship"] = lambda value: ValueError() if value["detail"]["n"] == 1 else None
    subscribed.publish(1, group="a")
    subscribed.publish(2, group="b")
    assert "no event waited for another one of its group to: sqs ship.fifo" in missing_of(only(collector))
    subscribed.publish(3, group="a")
    subscribed.failing.clear()
    backend.clock.advance(hours=1)
    assert tried(only(collector), "order") == ["sqs ship.fifo: an event waits for another one of its group"]


def test_an_event_still_waits_at_the_end_of_a_test(collector, subscribed):
    subscribed.subscribe(queue=FIFO_QUEUE, Type="FIFO", BatchConfiguration=ONE)
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1, group="a")
    subscribed.publish(2, group="a")
    assert tried(only(collector), "order")


def test_an_event_after_a_failure_for_good_waits_for_nothing(collector, subscribed):
    subscribed.subscribe(
        queue=FIFO_QUEUE, Type="FIFO", BatchConfiguration=ONE, RetryPolicy={"MaxRetryAttempts": 0}
    )
    subscribed.failing["ship"] = ValueError
    subscribed.publish(1, group="a")
    subscribed.publish(2, group="a")
    assert not tried(only(collector), "order")


def test_a_replayed_event_is_a_point_of_a_subscriber_that_begins_in_the_past(collector, subscribed):
    replay = {"StartingPosition": "POINT_IN_TIME", "PointInTimeConfiguration": {"PointType": "HORIZON"}}
    subscribed.subscribe("none", FilterConfiguration=filters(DATA={"detail": {"n": [7]}}), **replay)
    subscribed.publish(1, 2)
    assert not tried(only(collector), "replay")
    subscribed.subscribe(FilterConfiguration=filters(DATA=SMALL), **replay)
    covered = next(one for one in read(collector) if one.names == {"ship"})
    assert covered.counts == {"matched": 1, f"delivered {QUEUE}": 1}
    assert tried(covered, "replay") == ["sqs ship gets a replayed event"]
    assert tried(covered, "value") == ["DATA.detail.n 1"]
    assert json.loads(covered.event)["SystemMetadata"]["aws:DeliveryType"] == "REPLAY"


def test_subscribers_that_differ_by_their_names_only_are_one_subject(collector, subscribe):
    subscribe("ship-1", FilterConfiguration=filters(DATA=SMALL))
    subscribe("ship-2", FilterConfiguration=filters(DATA=SMALL))
    assert only(collector).names == {"ship-1", "ship-2"}


def test_subscribers_with_other_filters_or_targets_are_others(collector, subscribe):
    subscribe("one", FilterConfiguration=filters(DATA=SMALL))
    subscribe("two", FilterConfiguration=filters(METADATA={"n": ["1"]}))
    subscribe("three", target=f"{QUEUE}-2", FilterConfiguration=filters(DATA=SMALL))
    assert len(read(collector)) == 3


def test_other_filters_make_another_subject(collector, subscribed):
    subscribed.subscribe(FilterConfiguration=filters(DATA=SMALL))
    subscribed.publish(1)
    subscribed.update(FilterConfiguration=filters(DATA={"detail": {"n": [2]}}))
    subscribed.publish(2)
    first, second = sorted(read(collector), key=lambda one: one.identity)
    assert [one.counts["matched"] for one in (first, second)] == [1, 1]
    assert tried(second, "value") == ["DATA.detail.n 2"]


def test_a_deleted_subscriber_counts(collector, subscribe, client):
    client.delete_subscriber(SubscriberArn=subscribe())
    assert only(collector).names == {"ship"}


def test_the_bus_of_another_account_is_the_place_by_its_arn(collector, backend, subscribed):
    other = "222222222222"
    backend.custom_buses.share(subscribed.bus, other, "AWSRAMEventBridgeEventBusV2SubscribeOnly")
    invoke = {
        "TargetArn": f"arn:aws:sqs:us-east-1:{other}:ship",
        "RoleArn": f"arn:aws:iam::{other}:role/deliver",
    }
    client = backend.client("eventbridgev2", account=other)
    client.create_subscriber(Name="ship", EventBusArn=subscribed.bus, InvokeConfiguration=invoke)
    covered = only(collector)
    assert (covered.account, covered.place) == (other, subscribed.bus)


def test_the_outputs_show_subscribers(collector, subscribed):
    subscribed.subscribe(FilterConfiguration=filters(DATA={"detail": {"n": [1, 2]}}, SYSTEM_METADATA=GROUP_A))
    subscribed.publish(1, group="a")
    read(collector)
    data = collector.data
    assert table_of(data, 110).splitlines()[:5] == [
        "Subscriber              Points  Miss  Cover  Missing",
        "-" * 110,
        "subscriber orders/ship       7     4    42%  never tried: DATA.detail.n 2",
        "                                             never refused only by: DATA.detail.n,",
        "                                               SYSTEM_METADATA.EventGroupId",
    ]
    [listed] = listing_of(data)["rules"]
    assert listed["kind"] == "subscriber"
    assert json.loads(listed["pattern"]) == {"DATA": {"detail": {"n": [1, 2]}}, "SYSTEM_METADATA": GROUP_A}
    assert listed["counts"] == {"matched": 1, "refused": 0, "fired": 0}
    assert [one["arn"] for one in listed["targets"]] == [QUEUE]
    assert "SYSTEM_METADATA" in page_of(data)
    assert read_text(data.text(), "the data").text() == data.text()


def test_halves_of_a_suite_combined_are_the_whole():
    def run(*pieces):
        collector = Collector(Path.cwd())
        for number in pieces:
            with mock_events(start_time="2027-01-01T00:00:00Z", region="us-east-1") as mock:
                collector.watch(mock)
                collector.test = f"test {number}"
                client = mock.client("eventbridgev2")
                bus = client.create_event_bus(Name="orders")["EventBusArn"]
                role = "arn:aws:iam::123456789012:role/deliver"
                client.create_subscriber(
                    Name=f"ship-{number}",
                    EventBusArn=bus,
                    InvokeConfiguration={"TargetArn": QUEUE, "RoleArn": role},
                    FilterConfiguration=filters(DATA=PAID),
                )
                entry = {"Source": "shop", "DetailType": "Order", "Detail": '{"state": "PAID"}'}
                client.put_events(EventBusArn=bus, Entries=[entry] * number)
                collector.read()
        return collector.data

    whole = run(1, 2).text()
    for order in ((1, 2), (2, 1)):
        first, second = (run(number) for number in order)
        first.combine(second)
        assert first.text() == whole
