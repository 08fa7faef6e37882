from __future__ import annotations

import pytest

from eventmock import OptionError

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"


@pytest.fixture
def put(events, order):
    """A function that has an event delivered to queues of those names."""

    def put(*names):
        events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="r", Targets=[{"Id": name, "Arn": f"{QUEUE}{name}"} for name in names])
        events.put_events(Entries=[order])

    return put


def test_an_arn_comes_before_a_predicate_and_that_before_a_kind(events_backend, put):
    got = []
    events_backend.target(kind="SQS queue", function=lambda _: got.append("kind"))
    events_backend.target(
        where=lambda delivery: delivery.target_id != "c", function=lambda _: got.append("where")
    )
    events_backend.target(f"{QUEUE}a", lambda _: got.append("arn"))
    put("a", "b", "c")
    assert got == ["arn", "where", "kind"]


def test_of_several_predicates_the_newest_comes_first(events_backend, put):
    got = []
    for name in ("old", "new"):
        events_backend.target(where=lambda _: True, function=lambda _, name=name: got.append(name))
    put("a")
    assert got == ["new"]


def test_a_kind_s_deliveries(events, events_backend, put):
    target = events_backend.target(kind="SQS queue")
    put("a", "b")
    events_backend.target("r")
    events.put_events(Entries=[{"Source": "shop", "DetailType": "d", "Detail": "{}"}])
    assert [delivery.target_id for delivery in target.deliveries] == ["a", "b"] * 2


def test_a_predicate_s_deliveries(events_backend, put):
    target = events_backend.target(where=lambda delivery: delivery.target_id == "b")
    put("a", "b")
    assert [delivery.target_id for delivery in target.deliveries] == ["b"]
    assert [delivery.taken_by for delivery in events_backend.deliveries] == ["nobody", "function"]


def test_recording_is_somebody_at_the_other_end(events_backend, put):
    events_backend.target(f"{QUEUE}a")
    put("a", "b")
    assert [delivery.taken_by for delivery in events_backend.deliveries] == ["function", "nobody"]


def test_a_service_itself_is_of_no_kind(events, events_backend, order):
    target = events_backend.target(kind="SQS queue")
    service = {"Id": "t", "Arn": "arn:aws:states:us-east-1:::"}
    events_backend.add_managed_rule(
        "r", managed_by="states.amazonaws.com", event_pattern='{"source": ["shop"]}', targets=[service]
    )
    events.put_events(Entries=[order])
    assert target.deliveries == []
    [delivery] = events_backend.deliveries
    assert (delivery.status, delivery.taken_by, delivery.request) == ("delivered", "nobody", None)


def test_a_snapshot_holds_them(events_backend, put):
    got = []
    events_backend.target(kind="SQS queue", function=lambda _: got.append("old"))
    snapshot = events_backend.snapshot()
    events_backend.target(kind="SQS queue", function=lambda _: got.append("new"))
    events_backend.target(where=lambda _: True, function=lambda _: got.append("new"))
    events_backend.target(f"{QUEUE}a", lambda _: got.append("new"))
    events_backend.restore(snapshot)
    put("a")
    events_backend.reset()
    put("a")
    assert got == ["old"]


def test_a_wrong_kind_is_told(events_backend):
    with pytest.raises(OptionError, match=r"backend.target\(kind='sqs queue'\): did you mean 'SQS queue'\?"):
        events_backend.target(kind="sqs queue")


@pytest.mark.parametrize(
    "options", [{}, {"kind": "SQS queue", "where": len}, {"rule_or_arn": "r", "where": len}]
)
def test_exactly_one_way_to_name_targets_is_wanted(events_backend, options):
    with pytest.raises(OptionError, match=r"wanted one of a rule or ARN, kind=\.\.\., where=\.\.\."):
        events_backend.target(**options)


def test_nothing_arrives_at_a_log_group_whose_arn_ends_as_that_of_streams(events, events_backend, order):
    group = "arn:aws:logs:us-east-1:123456789012:log-group:orders:*"
    got = []
    events_backend.target(group, got.append)
    events_backend.target(kind="CloudWatch log group", function=got.append)
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": group}])
    events.put_events(Entries=[order])
    assert got == []
    [delivery] = events_backend.deliveries
    assert delivery.status == "dropped"
    why = "nothing ever arrives at a log group whose ARN ends in ':*': give the target the ARN without it"
    for told in (delivery.reason, events_backend.report(), str(events_backend.trace)):
        assert why in told
