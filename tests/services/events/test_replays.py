from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.eventmock(start_time="2026-01-02T03:04:05Z")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
PLACE = "arn:aws:events:us-east-1:123456789012"
ARN = f"{PLACE}:replay/r"
ARCHIVE = f"{PLACE}:archive/a"
BUS = f"{PLACE}:event-bus/orders"
DEFAULT = f"{PLACE}:event-bus/default"
LIMIT = "LimitExceededException", "The requested resource exceeds the maximum number allowed."
NO_ARCHIVE_ARN = "Parameter EventSourceArn is not valid. Reason: Must contain an archive ARN."
NO_BUS_ARN = "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN."
NO_WINDOW = "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime."
CROSS_BUS = "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted."
MINUTE = timedelta(minutes=1)
GONE = "Archive resource not found."
NOT_ACTIVE = "IllegalStatusException", "Replay r is not in a valid state for this operation."
STATES = "[STARTING, RUNNING, CANCELLING, COMPLETED, CANCELLED, FAILED]"


@pytest.fixture
def start(events):
    """A function that starts a replay of a bus's archive."""
    events.create_event_bus(Name="orders")
    events.create_archive(ArchiveName="a", EventSourceArn=BUS)

    def start(ReplayName="r", **more):  # noqa: N803 - AWS's name
        members = {"EventSourceArn": ARCHIVE, "EventStartTime": START, "EventEndTime": END}
        members |= {"Destination": {"Arn": BUS}} | more
        return events.start_replay(ReplayName=ReplayName, **members)

    return start


@pytest.fixture
def described(events, answer_of):
    """A function that describes a replay."""
    return lambda name="r": answer_of(events.describe_replay, ReplayName=name)


@pytest.fixture
def put(events, start):
    """A function that puts events on the archive's bus, each a letter at a time of the archived day."""

    def put(*letters_and_times, **more):
        for letter, time in letters_and_times:
            entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"letter": letter})}
            entry |= {"EventBusName": "orders", "Time": f"2026-01-01T{time}Z"}
            assert events.put_events(Entries=[entry | more])["FailedEntryCount"] == 0

    return put


@pytest.fixture
def rule(events, events_backend, start):
    """A function that makes a rule on the archive's bus, and gives a target of it."""

    def rule(name="all", pattern='{"source": ["shop"]}', **more):
        events.put_rule(Name=name, EventBusName="orders", EventPattern=pattern, **more)
        return events_backend.target(name, bus="orders")

    return rule


@pytest.fixture
def run(events_backend, start):
    """A function that starts a replay and lets it come to its end; the pace is the default one."""

    def run(ReplayName="r", **more):  # noqa: N803 - AWS's name
        start(ReplayName, **more)
        events_backend.clock.advance(seconds=1)

    return run


def names(client, **filters):
    return [replay["ReplayName"] for replay in client.list_replays(**filters)["Replays"]]


def letters(deliveries, replay="r"):
    """The letters of the events that a replay has delivered, in order."""
    return "".join(
        delivery.event["detail"]["letter"]
        for delivery in deliveries
        if delivery.event.get("replay-name") == replay
    )


def unknown(name):
    return "ResourceNotFoundException", f"Replay {name} does not exist."


def test_a_fault_has_one_fail(events, events_backend, start, described, rule, put):
    consumer = rule()
    put(("a", "12:00:00"))
    events_backend.faults.inject("no events can be read", state="FAILED", operation="StartReplay", times=1)
    assert start()["State"] == "STARTING"
    later = NOW + events_backend.delays.replay
    events_backend.clock.advance(seconds=1)
    answer = described()
    assert (answer["State"], answer["StateReason"]) == ("FAILED", "no events can be read")
    assert answer["ReplayEndTime"] == later
    [listed] = events.list_replays(State="FAILED")["Replays"]
    assert listed["StateReason"] == answer["StateReason"]
    assert letters(consumer.deliveries) == ""


class TestStart:
    def test_the_answer(self, start):
        answer = start(Description="d")
        del answer["ResponseMetadata"]
        assert answer == {"ReplayArn": ARN, "ReplayStartTime": NOW, "State": "STARTING"}

    def test_a_name_is_taken_once(self, start, error_of):
        start()
        assert error_of(start) == ("ResourceAlreadyExistsException", "Replay r already exists.")

    def test_a_name_differs_by_its_case(self, events, start):
        start("r")
        start("R")
        assert names(events) == ["R", "r"]

    def test_a_name_is_used_up_for_good(self, events, start, error_of):
        start()
        events.cancel_replay(ReplayName="r")
        events.delete_archive(ArchiveName="a")
        events.create_archive(ArchiveName="a", EventSourceArn=BUS)
        assert error_of(start) == ("ResourceAlreadyExistsException", "Replay r already exists.")

    @pytest.mark.parametrize(
        "arn", [BUS, f"{PLACE}:rule/a", f"{PLACE}:event-bus/archive/a", f"{PLACE}:archived/a"]
    )
    def test_its_source_is_an_archive(self, start, error_of, arn):
        assert error_of(start, EventSourceArn=arn) == ("ValidationException", NO_ARCHIVE_ARN)

    @pytest.mark.parametrize(
        "arn", [ARCHIVE, "orders", "default", BUS.replace(":events:", ":sqs:"), "arn:aws:events"]
    )
    def test_its_destination_is_a_bus(self, start, error_of, arn):
        assert error_of(start, Destination={"Arn": arn}) == ("ValidationException", NO_BUS_ARN)

    @pytest.mark.parametrize(
        ("start_time", "end_time"),
        [
            (START, START),
            (END, START),
            (START + timedelta(milliseconds=1), START + timedelta(milliseconds=999)),
        ],
    )
    def test_its_window_is_a_second_at_least(self, start, error_of, start_time, end_time):
        assert error_of(start, EventStartTime=start_time, EventEndTime=end_time) == (
            "ValidationException",
            NO_WINDOW,
        )

    @pytest.mark.parametrize(
        ("arn", "name"),
        [
            (BUS + "x", "ordersx"),
            (BUS.replace("orders", "Orders"), "Orders"),
            (BUS.replace("us-east-1", "eu-west-1"), "orders"),
            (BUS.replace("123456789012", "222222222222"), "orders"),
        ],
    )
    def test_a_destination_that_is_not_there(self, start, error_of, arn, name):
        assert error_of(start, Destination={"Arn": arn}) == (
            "ResourceNotFoundException",
            f"Event bus {name} does not exist.",
        )

    @pytest.mark.parametrize(
        ("arn", "name"),
        [
            (ARCHIVE + "x", "ax"),
            (ARCHIVE.replace("archive/a", "archive/A"), "A"),
            (ARCHIVE.replace("us-east-1", "eu-west-1"), "a"),
            (ARCHIVE.replace("123456789012", "222222222222"), "a"),
        ],
    )
    def test_an_archive_that_is_not_there(self, start, error_of, arn, name):
        assert error_of(start, EventSourceArn=arn) == (
            "ValidationException",
            f"Parameter EventSourceArn is not valid. Reason: Archive {name} does not exist.",
        )

    @pytest.mark.parametrize("arn", [DEFAULT, DEFAULT.replace("123456789012", "222222222222")])
    def test_its_destination_is_the_bus_of_the_archive(self, start, error_of, arn):
        assert error_of(start, Destination={"Arn": arn}) == ("ValidationException", CROSS_BUS)

    def test_the_checks_come_in_aws_s_order(self, events, events_backend, start, error_of):
        start("taken")
        events_backend.quotas.concurrent_replays = 1
        members = {
            "ReplayName": "taken",
            "EventSourceArn": BUS,
            "Destination": {"Arn": ARCHIVE},
            "EventStartTime": END,
            "EventEndTime": START,
        }
        archive, bus = f"{PLACE}:archive/nope", f"{PLACE}:event-bus/nope"
        for better, code, message in (
            ({}, "ValidationException", NO_ARCHIVE_ARN),
            ({"EventSourceArn": archive}, "ValidationException", NO_BUS_ARN),
            ({"Destination": {"Arn": bus}}, "ValidationException", NO_WINDOW),
            (
                {"EventStartTime": START, "EventEndTime": END},
                "ResourceNotFoundException",
                "Event bus nope does not exist.",
            ),
            (
                {"Destination": {"Arn": DEFAULT}},
                "ResourceAlreadyExistsException",
                "Replay taken already exists.",
            ),
            (
                {"ReplayName": "fresh"},
                "ValidationException",
                "Parameter EventSourceArn is not valid. Reason: Archive nope does not exist.",
            ),
            ({"EventSourceArn": ARCHIVE}, "ValidationException", CROSS_BUS),
            ({"Destination": {"Arn": BUS}}, *LIMIT),
        ):
            members |= better
            assert error_of(events.start_replay, **members) == (code, message)
            assert names(events) == ["taken"]

    def test_ten_run_at_once(self, events, start, error_of):
        for number in range(10):
            start(f"r{number}")
        assert error_of(start) == LIMIT
        events.cancel_replay(ReplayName="r0")
        start()
        assert error_of(start, ReplayName="one-more") == LIMIT

    @pytest.mark.parametrize(
        ("members", "where", "constraint"),
        [
            (
                {"ReplayName": "a b"},
                "'a b' at 'replayName'",
                r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
            ),
            (
                {"ReplayName": "x" * 65},
                f"'{'x' * 65}' at 'replayName'",
                "have length less than or equal to 64",
            ),
            (
                {"Description": "x" * 513},
                f"'{'x' * 513}' at 'description'",
                "have length less than or equal to 512",
            ),
            ({"Destination": {}}, "null at 'destination.arn'", "not be null"),
            (
                {"Destination": {"Arn": "x" * 1601}},
                f"'{'x' * 1601}' at 'destination.arn'",
                "have length less than or equal to 1600",
            ),
        ],
        ids=range(5),
    )
    def test_constraints(self, unchecked, violation_of, members, where, constraint):
        good = {"ReplayName": "r", "EventSourceArn": ARCHIVE, "EventStartTime": START, "EventEndTime": END}
        good |= {"Destination": {"Arn": BUS}}
        assert violation_of(unchecked.start_replay, **good | members) == (where, constraint)

    def test_a_source_is_named_by_an_arn(self, events, start, violation_of):
        source = events.meta.service_model.operation_model("StartReplay").input_shape.members[
            "EventSourceArn"
        ]
        pattern = source.metadata.get("pattern")
        if pattern is None:
            pytest.skip("this botocore takes any text as the source of a replay")
        expected = ("'a' at 'eventSourceArn'", f"satisfy regular expression pattern: {pattern}")
        assert violation_of(start, EventSourceArn="a") == expected
        assert violation_of(events.list_replays, EventSourceArn="a") == expected


class TestDescribe:
    def test_what_was_not_given_is_not_shown(self, start, described):
        start()
        assert described() == {
            "ReplayName": "r",
            "ReplayArn": ARN,
            "State": "STARTING",
            "EventSourceArn": ARCHIVE,
            "Destination": {"Arn": BUS},
            "EventStartTime": START,
            "EventEndTime": END,
            "ReplayStartTime": NOW,
        }

    def test_everything_given_is_shown(self, start, described):
        destination = {"Arn": BUS, "FilterArns": [f"{PLACE}:rule/orders/x", f"{PLACE}:rule/orders/y"]}
        start(Description="d", Destination=destination)
        answer = described()
        assert (answer["Description"], answer["Destination"]) == ("d", destination)

    def test_times_are_whole_seconds(self, start, described):
        start(
            EventStartTime=START + timedelta(milliseconds=999), EventEndTime=END + timedelta(milliseconds=1)
        )
        answer = described()
        assert (answer["EventStartTime"], answer["EventEndTime"]) == (START, END)

    def test_it_outlives_the_archive(self, events, start, described):
        start()
        before = described()
        events.delete_archive(ArchiveName="a")
        after = described()
        for state in ("State", "StateReason", "ReplayEndTime"):
            before.pop(state, None)
            after.pop(state, None)
        assert after == before


class TestCancel:
    def test_the_answer(self, events, start, answer_of):
        start()
        assert answer_of(events.cancel_replay, ReplayName="r") == {"ReplayArn": ARN, "State": "CANCELLING"}

    def test_it_is_described_without_an_end(self, events, start, described):
        start(Description="d")
        before = described()
        events.cancel_replay(ReplayName="r")
        assert described() == before | {"State": "CANCELLING"}

    def test_a_second_time_is_one_too_many(self, events, start, error_of):
        start()
        events.cancel_replay(ReplayName="r")
        assert error_of(events.cancel_replay, ReplayName="r") == (
            "IllegalStatusException",
            "Replay r is not in a valid state for this operation.",
        )


class TestList:
    def test_an_entry_shows_less_than_describing(self, events, start, described, answer_of):
        start(Description="d")
        shown = described()
        for name in ("ReplayArn", "Destination", "Description"):
            del shown[name]
        assert answer_of(events.list_replays) == {"Replays": [shown]}

    def test_filters(self, events, start):
        other = f"{PLACE}:archive/b"
        events.create_archive(ArchiveName="b", EventSourceArn=BUS)
        for name, archive in (("b-2", ARCHIVE), ("a", ARCHIVE), ("b-1", other)):
            start(name, EventSourceArn=archive)
        events.cancel_replay(ReplayName="a")
        assert names(events) == ["a", "b-1", "b-2"]
        assert names(events, NamePrefix="b-") == ["b-1", "b-2"]
        assert names(events, NamePrefix="-1") == names(events, NamePrefix="B") == []
        assert names(events, EventSourceArn=ARCHIVE) == ["a", "b-2"]
        assert names(events, EventSourceArn=f"{PLACE}:archive/nope") == []
        assert names(events, State="CANCELLING") == ["a"]
        assert names(events, State="COMPLETED") == []

    @pytest.mark.parametrize(
        "filters",
        [
            {"NamePrefix": "a", "State": "STARTING"},
            {"NamePrefix": "a", "EventSourceArn": ARCHIVE},
            {"State": "STARTING", "EventSourceArn": ARCHIVE},
            {"NamePrefix": "a", "State": "STARTING", "EventSourceArn": ARCHIVE},
        ],
    )
    def test_one_filter_at_most(self, events, error_of, filters):
        assert error_of(events.list_replays, **filters) == (
            "ValidationException",
            "At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or NamePrefix.",
        )

    def test_an_unknown_state(self, events, violation_of):
        assert violation_of(events.list_replays, State="GONE") == (
            "'GONE' at 'state'",
            f"satisfy enum value set: {STATES}",
        )

    def test_pages(self, start, paging):
        for name in ("c", "a", "b-1", "b-2"):
            start(name)
        paging("list_replays", "Replays", filters={"NamePrefix": "b"})


@pytest.mark.parametrize("operation", ["describe_replay", "cancel_replay"])
def test_an_unknown_replay(events, start, error_of, operation):
    start()
    for name in ("nope", "R"):
        assert error_of(getattr(events, operation), ReplayName=name) == unknown(name)


@pytest.mark.parametrize("operation", ["describe_replay", "cancel_replay"])
def test_a_name_that_cannot_be(events, violation_of, operation):
    assert violation_of(getattr(events, operation), ReplayName="a b") == (
        "'a b' at 'replayName'",
        r"satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    )


@pytest.mark.parametrize("elsewhere", [{"account": "222222222222"}, {"region": "eu-west-1"}])
def test_replays_are_those_of_an_account_in_a_region(events, events_backend, start, error_of, elsewhere):
    events_backend.quotas.concurrent_replays = 1
    start()
    other = events_backend.client(**elsewhere)
    assert names(other) == []
    assert error_of(other.describe_replay, ReplayName="r") == unknown("r")
    assert error_of(other.cancel_replay, ReplayName="r") == unknown("r")
    place = (
        f"arn:aws:events:{elsewhere.get('region', 'us-east-1')}:{elsewhere.get('account', '123456789012')}"
    )
    bus, archive = f"{place}:event-bus/default", f"{place}:archive/a"
    other.create_archive(ArchiveName="a", EventSourceArn=bus)
    window = {"EventStartTime": START, "EventEndTime": END}
    there = other.start_replay(ReplayName="r", EventSourceArn=archive, Destination={"Arn": bus}, **window)
    assert there["ReplayArn"] == f"{place}:replay/r"
    other.cancel_replay(ReplayName="r")
    assert events.describe_replay(ReplayName="r")["State"] == "STARTING"


class TestWindow:
    @pytest.mark.parametrize(
        ("window", "expected"),
        [
            (("00:00:00", "23:59:59"), "abcd"),
            (("10:00:00", "10:00:01"), "a"),
            (("10:00:00", "10:01:00"), "ab"),
            (("10:00:01", "10:01:00"), "b"),
            (("10:01:00", "10:01:01"), "c"),
            (("10:01:01", "12:00:00"), "d"),
            (("10:00:01", "10:00:59"), ""),
        ],
    )
    def test_its_start_is_in_it_and_its_end_is_not(self, put, rule, run, window, expected):
        target = rule()
        put(("a", "10:00:00"), ("b", "10:00:59"), ("c", "10:01:00"), ("d", "11:59:59"))
        since, until = (f"2026-01-01T{moment}Z" for moment in window)
        run(EventStartTime=since, EventEndTime=until)
        assert letters(target.deliveries) == expected

    def test_it_is_of_whole_seconds(self, put, rule, run):
        target = rule()
        put(("a", "09:59:59.999"), ("b", "10:00:00.999"), ("c", "10:00:01.001"))
        window = {"EventStartTime": "2026-01-01T10:00:00.900Z", "EventEndTime": "2026-01-01T10:00:01.999Z"}
        run(**window)
        assert letters(target.deliveries) == "b"

    def test_it_is_of_the_events_own_time_not_of_when_they_came(self, put, rule, run):
        target = rule()
        put(("a", "10:00:00"), Time="2020-02-29T12:00:00Z")
        put(("b", "10:00:00"), Time="2040-01-01T00:00:00Z")
        run("now", EventStartTime=NOW - MINUTE, EventEndTime=NOW + MINUTE)
        assert letters(target.deliveries, "now") == ""
        run("then", EventStartTime="2020-02-29", EventEndTime="2020-03-01")
        assert letters(target.deliveries, "then") == "a"
        run("later", EventStartTime="2040-01-01", EventEndTime="2040-01-02")
        assert letters(target.deliveries, "later") == "b"

    def test_events_that_come_after_its_beginning_are_not_replayed(self, events_backend, start, put, rule):
        events_backend.delays.replay_minute = timedelta(seconds=1)
        target = rule()
        put(("a", "10:00:00"))
        start()
        put(("b", "10:00:01"))
        events_backend.clock.advance(seconds=1)
        put(("c", "10:00:02"), ("d", "20:00:00"))
        events_backend.clock.advance(days=1)
        assert letters(target.deliveries) == "ab"


class TestOrder:
    def test_it_is_of_time_then_of_arrival(self, put, rule, run):
        target = rule()
        put(
            ("d", "10:00:30"),
            ("a", "09:00:00"),
            ("f", "12:00:00"),
            ("e", "10:00:30"),
            ("b", "10:00:00"),
            ("c", "10:00:29"),
        )
        run()
        assert letters(target.deliveries) == "abcdef"

    def test_rules_get_each_event_together(self, events_backend, put, rule, run):
        rule("one")
        rule("two")
        put(("b", "10:00:01"), ("a", "10:00:00"))
        run()
        replayed = [
            delivery.rule_name + letters([delivery])
            for delivery in events_backend.deliveries
            if letters([delivery])
        ]
        assert replayed == ["onea", "twoa", "oneb", "twob"]


class TestRules:
    def test_all_rules_that_match_get_the_events(self, put, rule, run):
        put(("a", "10:00:00"), ("b", "10:00:01"))
        targets = [rule("all"), rule("b", '{"detail": {"letter": ["b"]}}'), rule("none", '{"source": ["x"]}')]
        run()
        assert [letters(target.deliveries) for target in targets] == ["ab", "b", ""]

    def test_filters_name_the_rules_that_get_them(self, put, rule, run):
        put(("a", "10:00:00"), ("b", "10:00:01"))
        targets = [rule("one"), rule("two"), rule("b", '{"detail": {"letter": ["b"]}}')]
        filters = [f"{PLACE}:rule/orders/{name}" for name in ("b", "one", "nope")]
        run(Destination={"Arn": BUS, "FilterArns": filters})
        assert [letters(target.deliveries) for target in targets] == ["ab", "", "b"]

    def test_a_filter_that_names_no_rule_lets_nothing_through(self, put, rule, run, described):
        put(("a", "10:00:00"))
        target = rule()
        run(Destination={"Arn": BUS, "FilterArns": [f"{PLACE}:rule/all"]})
        assert letters(target.deliveries) == ""
        assert described()["State"] == "COMPLETED"

    def test_a_rule_that_is_left_out_is_not_said_to_match(self, events_backend, put, rule, run):
        put(("a", "10:00:00"))
        for name in ("one", "two"):
            rule(name)
        run(Destination={"Arn": BUS, "FilterArns": [f"{PLACE}:rule/orders/one"]})
        again = events_backend.events[1]
        assert again.matched == ["one"]
        assert not any(verdict.matched for verdict in again.unmatched)
        assert not re.search("two +no match +matches", events_backend.report())

    def test_no_filters_are_none(self, put, rule, run):
        put(("a", "10:00:00"))
        target = rule()
        run(Destination={"Arn": BUS, "FilterArns": []})
        assert letters(target.deliveries) == "a"

    @pytest.mark.parametrize("filters", [{}, {"FilterArns": [f"{PLACE}:rule/orders/off"]}])
    def test_a_disabled_rule_gets_none(self, put, rule, run, filters):
        put(("a", "10:00:00"))
        target = rule("off", State="DISABLED")
        run(Destination={"Arn": BUS, **filters})
        assert target.deliveries == []

    def test_they_match_as_they_stand_when_it_comes_to_the_event(
        self, events, events_backend, start, put, rule
    ):
        events_backend.delays.replay_minute = timedelta(seconds=1)
        target = rule()
        put(("a", "00:01:00"), ("b", "00:02:00"), ("c", "00:03:00"))
        start()
        events_backend.clock.advance(seconds=1.25)
        events.disable_rule(Name="all", EventBusName="orders")
        events_backend.clock.advance(seconds=1)
        events.enable_rule(Name="all", EventBusName="orders")
        events_backend.clock.advance(days=1)
        assert letters(target.deliveries) == "ac"

    def test_a_pattern_can_tell_a_replay(self, put, rule, run):
        live = rule("live", '{"source": ["shop"], "replay-name": [{"exists": false}]}')
        again = rule("again", '{"replay-name": ["r"]}')
        put(("a", "10:00:00"))
        run()
        assert [delivery.event.get("replay-name") for delivery in live.deliveries] == [None]
        assert [delivery.event.get("replay-name") for delivery in again.deliveries] == ["r"]

    def test_another_bus_sees_nothing(self, events, events_backend, put, run):
        events.put_rule(Name="elsewhere", EventPattern='{"source": ["shop"]}')
        target = events_backend.target("elsewhere")
        put(("a", "10:00:00"))
        run()
        assert target.deliveries == []


class TestEvent:
    def test_it_is_the_archived_one_with_another_id_and_the_replay_s_name(self, events, rule, run):
        target = rule()
        entry = {
            "Source": "shop",
            "DetailType": 'an "order"',
            "Detail": '{"b": 1.0,  "a": [1e3, "\\u00e9", {}], "b2": -0}',
            "EventBusName": "orders",
            "Time": "2026-01-01T10:00:00Z",
            "Resources": ["arn:x", "y"],
        }
        [answer] = events.put_events(Entries=[entry])["Entries"]
        run("replay.of_a-day")
        before, after = target.deliveries.bodies
        new_id = target.deliveries[1].event["id"]
        assert new_id != answer["EventId"]
        assert after == before.replace(answer["EventId"], new_id).replace(
            '"region":"us-east-1","resources"',
            '"region":"us-east-1","replay-name":"replay.of_a-day","resources"',
        )
        assert "replay-name" not in before

    def test_it_keeps_the_account_that_put_it(self, events_backend, rule, run, order):
        target = rule()
        other = events_backend.client(account="222222222222")
        other.put_events(Entries=[order | {"EventBusName": BUS, "Time": "2026-01-01T10:00:00Z"}])
        run()
        assert [delivery.event["account"] for delivery in target.deliveries] == ["222222222222"] * 2
        assert [delivery.account for delivery in target.deliveries] == ["123456789012"] * 2

    def test_its_id_is_new_in_each_replay_and_one_for_all_targets(self, events_backend, put, rule, run):
        rule("one")
        rule("two")
        put(("a", "10:00:00"), ("b", "10:00:01"))
        for name in ("r1", "r2"):
            run(name)
        ids = {}
        for delivery in events_backend.deliveries:
            key = delivery.event["detail"]["letter"], delivery.event.get("replay-name")
            ids.setdefault(key, set()).add(delivery.event["id"])
        assert [len(found) for found in ids.values()] == [1] * 6
        assert len(set.union(*ids.values())) == 6

    def test_the_record_says_where_it_came_from(self, events_backend, put, rule, run):
        rule()
        put(("a", "10:00:00"))
        run()
        live, again = events_backend.events
        assert (live.origin, again.origin) == ("PutEvents", "replay")
        assert (again.bus, again.matched, again.archived) == ("orders", ["all"], [])
        assert again.time == NOW + timedelta(milliseconds=250)
        assert again.event_id == again.deliveries[0].event["id"]

    def test_it_is_reported(self, events_backend, put, rule, run):
        put(("a", "10:00:00"))
        rule()
        run()
        assert events_backend.report().split("\n")[4:-1] == [
            f'{NOW + timedelta(milliseconds=250):%H:%M:%S}  replayed   order from shop on "orders"   2 rules',
            "            all               match      -> lambda function:orders-all-function-1   delivered",
            '            Events-Archive-a  no match   replay-name held "r", wanted it absent',
        ]

    def test_it_is_shaped_for_the_target(self, events, events_backend, put, run):
        put(("a", "10:00:00"))
        events.put_rule(Name="shaped", EventBusName="orders", EventPattern='{"source": ["shop"]}')
        queue = {"Id": "q", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}
        paths = {"name": "$.replay-name", "at": "$.time"}
        template = '{"replay": <name>, "at": <at>, "came": <aws.events.event.ingestion-time>}'
        queue["InputTransformer"] = {"InputPathsMap": paths, "InputTemplate": template}
        events.put_targets(Rule="shaped", EventBusName="orders", Targets=[queue])
        run()
        [delivery] = events_backend.deliveries
        assert delivery.json == {
            "replay": "r",
            "at": "2026-01-01T10:00:00Z",
            "came": "2026-01-02T03:04:05.250Z",
        }

    def test_it_is_archived_nowhere_again(self, events, put, run):
        events.create_archive(ArchiveName="b", EventSourceArn=BUS, EventPattern='{"source": ["shop"]}')
        put(("a", "10:00:00"), ("b", "10:00:01"))
        run("r1")
        run("r2")
        counts = {
            archive["ArchiveName"]: archive["EventCount"] for archive in events.list_archives()["Archives"]
        }
        assert counts == {"a": 2, "b": 2}

    def test_a_target_that_fails_does_not_stop_the_replay(self, events_backend, put, rule, run, described):
        rule("fails")
        events_backend.target("fails", lambda _: 1 / 0, bus="orders")
        target = rule()
        put(("a", "10:00:00"), ("b", "10:00:01"))
        run()
        assert letters(target.deliveries) == "ab"

    def test_it_hops_to_another_bus(self, events, events_backend, put, run):
        put(("a", "10:00:00"))
        other = events.create_event_bus(Name="other")["EventBusArn"]
        events.put_rule(Name="forward", EventBusName="orders", EventPattern='{"replay-name": ["r"]}')
        role = "arn:aws:iam::123456789012:role/r"
        target = {"Id": "bus", "Arn": other, "RoleArn": role}
        events.put_targets(Rule="forward", EventBusName="orders", Targets=[target])
        events.put_rule(Name="there", EventBusName="other", EventPattern='{"source": ["shop"]}')
        there = events_backend.target("there", bus="other")
        run()
        assert len(there.deliveries) == 1


class TestStates:
    @pytest.fixture(autouse=True)
    def _pace(self, events_backend):
        events_backend.delays.replay = timedelta(seconds=10)
        events_backend.delays.replay_minute = timedelta(seconds=1)

    @pytest.fixture
    def day(self, start, put):
        """A replay of the first ten minutes, of which three hold events."""
        put(("a", "00:01:00"), ("b", "00:01:59"), ("c", "00:04:30"), ("d", "00:09:07"))
        start(EventEndTime="2026-01-01T00:10:00Z")

    def test_they_follow_one_another_on_the_clock(self, events_backend, rule, day, described):
        target = rule()
        seen = []
        for second in range(23):
            answer = described()
            last = answer.get("EventLastReplayedTime", START)
            seen.append((second, answer["State"], (last - START) / MINUTE, letters(target.deliveries)))
            events_backend.clock.advance(seconds=1)
        assert [
            after for before, after in zip([(0,), *seen], seen, strict=False) if before[1:] != after[1:]
        ] == [
            (0, "STARTING", 0, ""),
            (10, "RUNNING", 0, ""),
            (11, "RUNNING", 1, "ab"),
            (14, "RUNNING", 4, "abc"),
            (19, "RUNNING", 9, "abcd"),
            (20, "COMPLETED", 9, "abcd"),
        ]

    def test_what_is_described_of_a_completed_one(self, events_backend, day, described):
        before = described()
        events_backend.clock.advance(hours=1)
        assert described() == before | {
            "State": "COMPLETED",
            "EventLastReplayedTime": START + 9 * MINUTE,
            "ReplayEndTime": NOW + timedelta(seconds=20),
        }

    def test_what_is_listed_of_a_completed_one(self, events, events_backend, day, described, answer_of):
        events_backend.clock.advance(hours=1)
        shown = described()
        for name in ("ReplayArn", "Destination"):
            del shown[name]
        assert answer_of(events.list_replays, State="COMPLETED") == {"Replays": [shown]}
        for state in ("STARTING", "RUNNING", "FAILED"):
            assert names(events, State=state) == []

    def test_the_clock_tells_what_is_to_come(self, events_backend, day):
        def pending():
            return [str(due) for due in events_backend.clock.pending]

        place = "of 123456789012, us-east-1"
        assert pending() == [f"2026-01-02 03:04:15 replay 'r' {place} begins"]
        events_backend.clock.advance(seconds=10)
        assert pending() == [f"2026-01-02 03:04:16 replay 'r' {place} comes to 2026-01-01 00:01"]
        events_backend.clock.advance(seconds=9)
        assert pending() == [f"2026-01-02 03:04:25 replay 'r' {place} ends"]

    def test_one_jump_delivers_each_minute_at_its_moment(self, events_backend, rule, day):
        target = rule()
        events_backend.clock.advance(days=1)
        moments = [(delivery.time - NOW) // timedelta(seconds=1) for delivery in target.deliveries]
        assert moments == [11, 11, 14, 19]

    def test_events_that_no_rule_matches_are_replayed_nevertheless(self, events_backend, day, described):
        events_backend.clock.advance(hours=1)
        assert described()["EventLastReplayedTime"] == START + 9 * MINUTE
        assert events_backend.deliveries == []

    def test_an_archive_that_is_empty(self, events_backend, start, described):
        start(EventEndTime="2026-01-01T00:10:00Z")
        before = described()
        events_backend.clock.advance(seconds=19)
        assert described() == before | {"State": "RUNNING"}
        events_backend.clock.advance(seconds=1)
        assert described() == before | {
            "State": "COMPLETED",
            "ReplayEndTime": NOW + timedelta(seconds=20),
        }

    def test_a_window_that_is_empty(self, events_backend, start, put, described):
        put(("a", "00:00:00"), ("b", "00:10:00"))
        start(EventStartTime="2026-01-01T00:00:01Z", EventEndTime="2026-01-01T00:10:00Z")
        events_backend.clock.advance(hours=1)
        assert described()["State"] == "COMPLETED"
        assert "EventLastReplayedTime" not in described()

    def test_without_delays_it_is_done_at_the_next_look(self, events_backend, start, put, rule, described):
        events_backend.delays.replay = events_backend.delays.replay_minute = timedelta(0)
        target = rule()
        put(("a", "00:00:00"), ("b", "23:59:59"))
        start()
        assert letters(target.deliveries) == "ab"
        assert (described()["State"], described()["ReplayEndTime"]) == ("COMPLETED", NOW)

    def test_it_may_end_beyond_the_calendar(self, events_backend, start, described):
        events_backend.delays.replay_minute = MINUTE
        start(EventStartTime="1970-01-01", EventEndTime="9999-12-31")
        events_backend.clock.advance(hours=1)
        assert described()["State"] == "RUNNING"

    def test_a_changed_delay_holds_from_the_next_minute_on(self, events_backend, day, described):
        events_backend.clock.advance(seconds=10)
        events_backend.delays.replay_minute = timedelta(0)
        events_backend.clock.advance(seconds=1)
        assert described()["ReplayEndTime"] == NOW + timedelta(seconds=11)


class TestCancelMidway:
    @pytest.fixture
    def cancelled(self, events, events_backend, start, put, rule):
        """The target of a replay that is cancelled after the first of its two events."""
        events_backend.delays.replay = timedelta(seconds=10)
        events_backend.delays.replay_minute = timedelta(seconds=1)
        target = rule()
        put(("a", "00:01:00"), ("b", "00:02:00"))
        start(EventEndTime="2026-01-01T00:10:00Z")
        events_backend.clock.advance(seconds=11)
        assert events.cancel_replay(ReplayName="r")["State"] == "CANCELLING"
        return target

    def test_nothing_more_is_replayed(self, events_backend, cancelled):
        events_backend.clock.advance(hours=1)
        assert letters(cancelled.deliveries) == "a"

    def test_it_is_cancelled_after_a_while(self, events_backend, cancelled, described):
        events_backend.clock.advance(seconds=9)
        before = described()
        assert before["State"] == "CANCELLING"
        assert before["EventLastReplayedTime"] == START + MINUTE
        assert "ReplayEndTime" not in before
        events_backend.clock.advance(hours=1)
        assert described() == before | {"State": "CANCELLED", "ReplayEndTime": NOW + timedelta(seconds=21)}

    @pytest.mark.parametrize("seconds", [0, 10])
    def test_it_is_not_cancelled_again(self, events, events_backend, cancelled, error_of, seconds):
        events_backend.clock.advance(seconds=seconds)
        assert error_of(events.cancel_replay, ReplayName="r") == NOT_ACTIVE

    def test_before_it_began_it_replays_nothing(self, events, events_backend, start, put, described):
        put(("a", "00:01:00"))
        start()
        events.cancel_replay(ReplayName="r")
        events_backend.clock.advance(hours=1)
        assert [event.origin for event in events_backend.events] == ["PutEvents"]
        assert described()["State"] == "CANCELLED"
        assert "EventLastReplayedTime" not in described()

    def test_its_beginning_does_not_undo_it(self, events, events_backend, start, put, described):
        events_backend.delays.replay = timedelta(seconds=10)
        put(("a", "00:01:00"))
        start()
        events_backend.clock.advance(seconds=5)
        events.cancel_replay(ReplayName="r")
        for state, seconds in (("CANCELLING", 5), ("CANCELLING", 5), ("CANCELLED", 5), ("CANCELLED", 0)):
            assert described()["State"] == state
            events_backend.clock.advance(seconds=seconds)
        assert [event.origin for event in events_backend.events] == ["PutEvents"]

    def test_a_target_may_cancel_it(self, events, events_backend, start, put, rule):
        target = rule()
        put(("a", "00:01:00"), ("b", "00:01:01"), ("c", "00:02:00"))
        calls = []

        def cancel(event):
            if "replay-name" in event and not calls:
                calls.append(events.cancel_replay(ReplayName="r")["State"])

        events_backend.target("all", cancel, bus="orders")
        start()
        events_backend.clock.advance(hours=1)
        assert calls == ["CANCELLING"]
        assert letters(target.deliveries) == "ab"
        assert names(events, State="CANCELLED") == ["r"]


def test_a_completed_replay_is_not_cancelled(events, run, described, error_of):
    run()
    before = described()
    assert before["State"] == "COMPLETED"
    assert error_of(events.cancel_replay, ReplayName="r") == NOT_ACTIVE
    assert described() == before


class TestFailure:
    @pytest.fixture(autouse=True)
    def _pace(self, events_backend):
        events_backend.delays.replay_minute = timedelta(seconds=1)

    @pytest.fixture
    def target(self, start, put, rule):
        """The target of a replay of two events, two seconds and four after its start."""
        target = rule()
        put(("a", "00:02:00"), ("b", "00:04:00"))
        start(EventEndTime="2026-01-01T00:10:00Z")
        return target

    @pytest.mark.parametrize(
        ("seconds", "expected", "end"), [(0, "", 0.25), (1, "", 2.25), (3, "a", 4.25), (5, "ab", 10.25)]
    )
    def test_an_archive_that_is_deleted_midway(
        self, events, events_backend, target, described, error_of, seconds, expected, end
    ):
        events_backend.clock.advance(seconds=seconds)
        events.delete_archive(ArchiveName="a")
        events_backend.clock.advance(hours=1)
        answer = described()
        assert (answer["State"], answer["StateReason"]) == ("FAILED", GONE)
        assert answer["ReplayEndTime"] == NOW + timedelta(seconds=end)
        assert ("EventLastReplayedTime" in answer) == bool(expected)
        assert letters(target.deliveries) == expected
        assert error_of(events.cancel_replay, ReplayName="r") == NOT_ACTIVE

    def test_its_reason_is_listed(self, events, events_backend, target):
        events.delete_archive(ArchiveName="a")
        events_backend.clock.advance(hours=1)
        [listed] = events.list_replays(State="FAILED")["Replays"]
        assert listed["StateReason"] == GONE

    def test_an_archive_that_is_made_anew_later_is_another(self, events, events_backend, target, described):
        events_backend.clock.advance(seconds=3)
        events.delete_archive(ArchiveName="a")
        events.create_archive(ArchiveName="a", EventSourceArn=BUS)
        events_backend.clock.advance(hours=1)
        assert (described()["State"], described()["StateReason"]) == ("FAILED", GONE)
        assert letters(target.deliveries) == "a"

    def test_an_archive_that_is_made_anew_at_once_is_another(self, events, events_backend, target, described):
        events.delete_archive(ArchiveName="a")
        events.create_archive(ArchiveName="a", EventSourceArn=BUS)
        events_backend.clock.advance(hours=1)
        assert (described()["State"], described().get("StateReason")) == ("FAILED", GONE)

    def test_a_bus_that_is_deleted_midway(self, events, events_backend, start, put, described):
        put(("a", "00:02:00"))
        start()
        events_backend.clock.advance(seconds=1)
        rule = "Events-Archive-a"
        events.remove_targets(Rule=rule, EventBusName="orders", Ids=[rule], Force=True)
        events.delete_rule(Name=rule, EventBusName="orders", Force=True)
        events.delete_event_bus(Name="orders")
        events_backend.clock.advance(hours=1)
        assert described()["State"] == "FAILED"
        assert [event.origin for event in events_backend.events] == ["PutEvents"]

    def test_an_archive_that_is_disabled_midway_is_no_failure(
        self, events, events_backend, target, described
    ):
        events_backend.clock.advance(seconds=3)
        rule = "Events-Archive-a"
        events.remove_targets(Rule=rule, EventBusName="orders", Ids=[rule], Force=True)
        events.delete_rule(Name=rule, EventBusName="orders", Force=True)
        events_backend.clock.advance(hours=1)
        assert described()["State"] == "COMPLETED"
        assert letters(target.deliveries) == "ab"


class TestConcurrency:
    @pytest.fixture
    def ten(self, events_backend, start):
        events_backend.delays.replay = timedelta(seconds=10)
        events_backend.delays.replay_minute = timedelta(seconds=1)
        for number in range(10):
            start(f"r{number}", EventEndTime=f"2026-01-01T00:{number + 10}:00Z")

    @pytest.mark.parametrize("seconds", [0, 9, 10, 19])
    def test_ten_are_active_at_once(self, events_backend, start, ten, error_of, seconds):
        events_backend.clock.advance(seconds=seconds)
        assert error_of(start) == LIMIT

    def test_one_that_is_complete_makes_room(self, events_backend, start, ten, error_of):
        events_backend.clock.advance(seconds=20)
        start()
        assert error_of(start, ReplayName="one-more") == LIMIT
        events_backend.clock.advance(seconds=1)
        start("one-more")

    def test_one_that_failed_makes_room(self, events, events_backend, start, error_of):
        events_backend.quotas.concurrent_replays = 1
        events.create_archive(ArchiveName="b", EventSourceArn=BUS)
        start("fails", EventSourceArn=f"{PLACE}:archive/b")
        assert error_of(start) == LIMIT
        events.delete_archive(ArchiveName="b")
        events_backend.clock.advance(seconds=1)
        start()

    def test_ten_replay_side_by_side(self, events_backend, put, rule, ten):
        target = rule()
        put(("a", "00:00:00"), ("b", "00:05:00"))
        events_backend.clock.advance(hours=1)
        for number in range(10):
            assert letters(target.deliveries, f"r{number}") == "ab"
        assert len({delivery.event["id"] for delivery in target.deliveries}) == 22


class TestSnapshot:
    def test_a_replay_goes_on_from_where_it_was(self, events_backend, start, put, rule, described):
        events_backend.delays.replay_minute = timedelta(seconds=1)
        target = rule()
        put(("a", "00:01:00"), ("b", "00:10:00"))
        start()
        events_backend.clock.advance(seconds=2)
        snapshot = events_backend.snapshot()
        for _ in range(2):
            events_backend.clock.advance(days=1)
            assert (described()["State"], letters(target.deliveries)) == ("COMPLETED", "ab")
            events_backend.restore(snapshot)
        events_backend.clock.advance(days=1)
        assert (described()["State"], letters(target.deliveries)) == ("COMPLETED", "ab")

    def test_a_reset_ends_it(self, events_backend, start, put):
        put(("a", "00:01:00"))
        start()
        events_backend.reset()
        events_backend.clock.advance(days=1)
        assert events_backend.events == []
        assert names(events_backend.client()) == []


class TestTheStory:
    """What trace and report say of a replay."""

    @pytest.fixture
    def told(self, events_backend):
        def told():
            return [fact.text for fact in events_backend.trace if hasattr(fact, "incident")]

        return told

    WINDOW = "the events with a Time from 2026-01-01 00:00:00 to before 2026-01-02 00:00:00"
    NAME = 'replay r of archive a on "orders"'

    def test_it_has_a_beginning_and_an_end(self, events_backend, run, put, told):
        put(("a", "12:00:00"), ("b", "13:00:00"))
        run()
        assert told() == [
            f"{self.NAME} begins: {self.WINDOW}",
            f"{self.NAME} ended, COMPLETED; it replayed 2 events",
        ]
        lines = events_backend.report().splitlines()
        assert [line[10:] for line in lines if "replay r" in line] == told()

    def test_without_an_end_it_has_not_come_to_it(self, start, put, told):
        put(("a", "12:00:00"))
        start()
        assert told() == [f"{self.NAME} begins: {self.WINDOW}"]

    def test_no_event_is_in_the_window(self, run, put, told):
        put(*((letter, "23:00:00") for letter in "abcd"), Time="2026-01-02T00:00:00Z")
        run()
        shown = ", ".join(["2026-01-02 00:00:00 (order from shop)"] * 3)
        assert told()[1] == (
            f"{self.NAME} ended, COMPLETED; it replayed nothing: the archive has 4 events, none with a Time from "
            f"2026-01-01 00:00:00 to before 2026-01-02 00:00:00: {shown} and 1 more; an event of exactly EventEndTime "
            "is not replayed; an event's own Time counts, not its arrival"
        )

    def test_the_archive_is_empty(self, events, run, told):
        run()
        assert told()[1] == (f"{self.NAME} ended, COMPLETED; it replayed nothing: the archive has no events")
        events.update_archive(ArchiveName="a", EventPattern='{"source": ["bank"]}', RetentionDays=1)
        run("s")
        assert told()[3].endswith(
            'the archive has no events (its pattern is {"source": ["bank"]} and it keeps events for 1 day)'
        )

    def test_the_filter_names_rules(self, run, rule, put, told):
        rule("late"), rule("other")
        put(("a", "12:00:00"))
        arn = f"{PLACE}:rule/orders/"
        run(Destination={"Arn": BUS, "FilterArns": [f"{arn}late"]})
        run("s", Destination={"Arn": BUS, "FilterArns": [f"{arn}lte"]})
        assert told()[0] == f"{self.NAME} begins for late: {self.WINDOW}"
        assert told()[2] == (
            f'replay s of archive a on "orders" begins for no rule (FilterArns names no rule of the bus by {arn}lte; '
            f"its rules: late and other): {self.WINDOW}"
        )

    def test_it_fails(self, events, run, start, events_backend, told):
        start()
        events.delete_archive(ArchiveName="a")
        events_backend.clock.advance(seconds=1)
        assert told()[1] == f"{self.NAME} ended, FAILED, {GONE}; it replayed nothing"
